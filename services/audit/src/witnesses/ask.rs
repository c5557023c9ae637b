//! One question to one witness, by <https://c2sp.org/tlog-witness>.

use std::error::Error;
use std::time::Duration;

use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use plaudit_chassis::https;
use plaudit_verifier::log::checkpoint::{Checkpoint, CheckpointError};
use plaudit_verifier::log::cosignature;
use plaudit_verifier::log::note::{NoteError, SignatureError, SignatureLine, signature_lines};
use plaudit_verifier::log::witness_request::AddCheckpoint;

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
    Away(String),
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

/// Who asks: directly, nobody else than whom the policy names.
pub use plaudit_chassis::https::Client;

/// A client for these witnesses.
pub fn client(asked: &[Asked]) -> Client {
    https::client(asked.iter().any(|witness| witness.url.scheme_str() == Some("https")))
}

/// Asks a witness to cosign, and checks its cosignature. Lines by others than
/// this witness are passed over.
pub async fn ask(http: &Client, witness: &Asked, request: &AddCheckpoint) -> Result<SignatureLine, AskError> {
    let checkpoint = Checkpoint::parse(request.note().text())?;
    let answered = tokio::time::timeout(PATIENCE, post(http, witness, request.to_string())).await;
    let took_too_long = |_| AskError::Away(format!("no answer in {} seconds", PATIENCE.as_secs()));
    let (status, text) = answered.map_err(took_too_long)??;
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

/// Status and text of the answer.
async fn post(http: &Client, witness: &Asked, body: String) -> Result<(StatusCode, String), AskError> {
    let request = Request::post(witness.url.clone()).body(Full::from(body)).map_err(|error| away(&error))?;
    let answer = http.request(request).await.map_err(|error| away(&error))?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), MAX_ANSWER).collect().await;
    let body = body.map_err(|error| match error.is::<LengthLimitError>() {
        true => AskError::Long,
        false => away(error.as_ref()),
    })?;
    Ok((status, String::from_utf8_lossy(&body.to_bytes()).into_owned()))
}

/// An error with its causes: which of them says what is wrong differs.
fn away(error: &(dyn Error + 'static)) -> AskError {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    AskError::Away(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}
