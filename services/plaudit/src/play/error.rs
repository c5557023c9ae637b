use std::path::PathBuf;

use super::scenario::ScenarioError;

/// Why nothing can be played.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// A folder is not as it should be.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The people can't be read.
    #[error("{}: {what}", file.display())]
    People {
        /// The file at fault.
        file: PathBuf,
        /// A sentence for a person.
        what: String,
    },
    /// The lines can't be written.
    #[error("the result can't be written: {0}")]
    Out(std::io::Error),
    /// Nothing can be asked.
    #[error("no HTTP client can be made: {0}")]
    Http(#[from] reqwest::Error),
}
