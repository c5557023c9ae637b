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
        let nonce: [u8; 24] = rand::random();
        let mut concealed = nonce.to_vec();
        let sealed = seal::encrypt(key, &nonce, content, bound(place).as_bytes());
        concealed.extend(sealed.map_err(Problem::internal)?);
        Ok(concealed)
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
        let contents = concealed.into_iter().map(|(place, concealed)| {
            let (nonce, sealed) = concealed.split_at_checked(24).ok_or(seal::Broken)?;
            let nonce: [u8; 24] = nonce.try_into().map_err(|_| seal::Broken)?;
            seal::decrypt(key, &nonce, sealed, bound(place).as_bytes())
        });
        contents.collect::<Result<_, _>>().map_err(Problem::internal)
    }
}

fn bound(place: &str) -> String {
    format!("{DOMAIN}\n{place}")
}
