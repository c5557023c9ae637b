//! What somebody writes before it is sealed: in no event, and encrypted at
//! rest like an opening.

use super::{Subject, Vault, seal};
use crate::problem::Problem;

/// Keeps what is concealed apart from every opening.
const DOMAIN: &str = "plaudit/private/v1";

impl Vault {
    /// Encrypts content for its subject's key, bound to `place`, the name of
    /// where it is kept: it can't be read anywhere else.
    ///
    /// # Errors
    /// 409 if the subject was forgotten.
    pub async fn conceal(
        &self,
        subject: impl Into<Subject>,
        place: &str,
        content: &[u8],
    ) -> Result<Vec<u8>, Problem> {
        let subject = subject.into().name();
        let keys = self.keys(std::slice::from_ref(&subject), true).await?;
        let key = keys.get(&subject).ok_or_else(super::forgotten)?;
        seal::encrypt(key, content, bound(place).as_bytes()).map_err(Problem::internal)
    }

    /// Reads what was concealed of one subject at these places, with one look
    /// for its key; nothing once the subject was forgotten. Whether the caller
    /// may see it is the caller's to decide, before.
    pub async fn reveal<'a>(
        &self,
        subject: impl Into<Subject>,
        concealed: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Vec<Vec<u8>>, Problem> {
        let subject = subject.into().name();
        let keys = self.keys(std::slice::from_ref(&subject), false).await?;
        let Some(key) = keys.get(&subject) else { return Ok(Vec::new()) };
        let contents = concealed
            .into_iter()
            .map(|(place, concealed)| seal::decrypt(key, concealed, bound(place).as_bytes()));
        contents.collect::<Result<_, _>>().map_err(Problem::internal)
    }
}

fn bound(place: &str) -> String {
    format!("{DOMAIN}\n{place}")
}
