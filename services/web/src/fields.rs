//! What a form sent.

use axum::extract::{FromRequest, Request};

use crate::failure::Failure;
use crate::visitor::Visitor;

/// The fields of a form, in their order. A field may come more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(String, String)>);

/// More than the longest pitch; `Failure::too_large` says it in words.
const MOST: usize = 2 * 1024 * 1024;

impl Fields {
    /// A field without spaces around it; empty if it did not come.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// A field as it was typed.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether a field came and is not empty: a box was ticked, a button pressed.
    pub fn has(&self, name: &str) -> bool {
        !self.raw(name).is_empty()
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Fields whose name begins so, without that beginning: of `answers.`,
    /// `answers.pitch` as `pitch`.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    /// The key that the form was made with: the command's, however often it comes.
    pub fn key(&self) -> &str {
        self.text("_key")
    }

    /// The version that the form was made from.
    pub fn version(&self) -> Option<u64> {
        self.text("_version").parse().ok()
    }

    /// Of `name=value&…`. Browsers end lines with two characters, which count
    /// as one everywhere else.
    pub fn parse(body: &[u8]) -> Self {
        let fields = url::form_urlencoded::parse(body);
        Self(fields.map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n"))).collect())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let visitor = request.extensions().get::<Visitor>().cloned();
        let body = axum::body::to_bytes(request.into_body(), MOST).await;
        let body = body.map_err(|_| Failure::too_large("2 MB"))?;
        let fields = Self::parse(&body);
        if let Some(visitor) = visitor {
            visitor.keep(&fields);
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_by_name_by_beginning_and_in_order() {
        let fields = Fields::parse(b"title=+Meshwick+&answers.pitch=a%0D%0Ab&answers.money=&yes=1&yes=2");
        assert_eq!(fields.text("title"), "Meshwick");
        assert_eq!(fields.under("answers.").collect::<Vec<_>>(), [("pitch", "a\nb"), ("money", "")]);
        assert_eq!(fields.all("yes").collect::<Vec<_>>(), ["1", "2"]);
        assert!(fields.has("yes") && !fields.has("answers.money") && !fields.has("none"));
        assert_eq!(fields.version(), None);
    }
}
