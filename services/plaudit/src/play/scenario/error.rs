use std::path::{Path, PathBuf};

/// Why a folder can't be played.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}", file.display())]
pub struct ScenarioError {
    /// The file at fault.
    pub file: PathBuf,
    /// A sentence for a person.
    pub what: String,
}

impl ScenarioError {
    pub(super) fn new(folder: &Path, file: &str, what: impl ToString) -> Self {
        Self { file: folder.join(file), what: what.to_string() }
    }
}
