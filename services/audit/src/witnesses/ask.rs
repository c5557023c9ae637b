//! One question to one witness, by <https://c2sp.org/tlog-witness>.

use std::time::Duration;

use plaudit_verifier::log::checkpoint::{Checkpoint, CheckpointError};
use plaudit_verifier::log::cosignature;
use plaudit_verifier::log::note::{NoteError, SignatureError, SignatureLine, signature_lines};
use plaudit_verifier::log::witness_request::AddCheckpoint;
use reqwest::{Client, Response, StatusCode, redirect};

use super::policy::Asked;

/// How long a witness may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most bytes of an answer that are read.
const MAX_ANSWER: usize = 64 * 1024;

/// Why a witness has not cosigned.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// It can't be reached, or doesn't answer.
    #[error("it can't be reached: {0}")]
    Away(#[from] reqwest::Error),
    /// It has cosigned this many leaves last, not what was said.
    #[error("it has cosigned {size} leaves last")]
    OldSize { size: u64 },
    /// It answers with another status than it should.
    #[error("it answers {status}: {text}")]
    Refused { status: StatusCode, text: String },
    /// Its answer goes on for too long.
    #[error("its answer is longer than {MAX_ANSWER} bytes")]
    Long,
    /// Its answer isn't signature lines.
    #[error("its answer can't be read: {0}")]
    Lines(#[from] NoteError),
    /// What was sent is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Its cosignature is false.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// No line of its answer is by its key.
    #[error("its answer has no cosignature by its key")]
    Unsigned,
}

/// Who asks: directly, and nobody else than whom the policy names.
pub fn client() -> Result<Client, reqwest::Error> {
    Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(PATIENCE).build()
}

/// Asks a witness to cosign, and checks its cosignature. Lines by others than
/// this witness are passed over.
pub async fn ask(http: &Client, witness: &Asked, request: &AddCheckpoint) -> Result<SignatureLine, AskError> {
    let checkpoint = Checkpoint::parse(request.note().text())?;
    let answer = http.post(witness.url.clone()).body(request.to_string()).send().await?;
    let status = answer.status();
    let text = read(answer).await?;
    match status {
        StatusCode::OK => {}
        StatusCode::CONFLICT => {
            let size = text.strip_suffix('\n').and_then(|size| size.parse().ok());
            let text = "a 409 without a size".to_owned();
            return Err(size.map_or(AskError::Refused { status, text }, |size| AskError::OldSize { size }));
        }
        status => {
            let text = text.lines().next().unwrap_or_default().chars().take(200).collect();
            return Err(AskError::Refused { status, text });
        }
    }
    let line = signature_lines(&text)?.into_iter().find(|line| witness.key.is_named_by(line));
    let line = line.ok_or(AskError::Unsigned)?;
    cosignature::verify(&witness.key, &checkpoint, &line)?;
    Ok(line)
}

async fn read(mut answer: Response) -> Result<String, AskError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(AskError::Long);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
