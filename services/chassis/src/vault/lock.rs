//! Content that is too large for an opening, such as a file: it lies elsewhere,
//! encrypted with its subject's key, and is forgotten with it.

use super::{Subject, Vault, seal};
use crate::problem::Problem;

/// The bytes before what is encrypted.
const NONCE: usize = 24;

impl Vault {
    /// Encrypts content for a subject, bound to its place: read from another
    /// one, it is refused. 409 if the subject was forgotten.
    pub async fn lock(&self, subject: &Subject, place: &str, content: &[u8]) -> Result<Vec<u8>, Problem> {
        let name = subject.name();
        let keys = self.keys(std::slice::from_ref(&name), true).await?;
        let key = keys.get(&name).ok_or_else(super::forgotten)?;
        let nonce: [u8; NONCE] = rand::random();
        let mut locked = nonce.to_vec();
        locked.extend(seal::encrypt(key, &nonce, content, place.as_bytes()).map_err(Problem::internal)?);
        Ok(locked)
    }

    /// What was locked for a subject in this place; `None` if the subject was
    /// forgotten since.
    pub async fn unlock(
        &self,
        subject: &Subject,
        place: &str,
        locked: &[u8],
    ) -> Result<Option<Vec<u8>>, Problem> {
        let name = subject.name();
        let keys = self.keys(std::slice::from_ref(&name), false).await?;
        let Some(key) = keys.get(&name) else { return Ok(None) };
        let (nonce, sealed) = locked.split_first_chunk().ok_or(seal::Broken).map_err(Problem::internal)?;
        let content = seal::decrypt(key, nonce, sealed, place.as_bytes()).map_err(Problem::internal)?;
        Ok(Some(content))
    }
}
