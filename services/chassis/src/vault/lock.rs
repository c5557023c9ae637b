//! Content that is too large for an opening, such as a file: it lies elsewhere,
//! encrypted with its subject's key, and is forgotten with it.

use super::{Subject, Vault, seal};
use crate::problem::Problem;

impl Vault {
    /// Encrypts content for a subject, bound to its place: read from another
    /// one, it is refused. 409 if the subject was forgotten.
    pub async fn lock(&self, subject: &Subject, place: &str, content: &[u8]) -> Result<Vec<u8>, Problem> {
        let name = subject.name();
        let keys = self.keys(std::slice::from_ref(&name), true).await?;
        let key = keys.get(&name).ok_or_else(super::forgotten)?;
        seal::encrypt(key, content, place.as_bytes()).map_err(Problem::internal)
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
        seal::decrypt(key, locked, place.as_bytes()).map(Some).map_err(Problem::internal)
    }
}
