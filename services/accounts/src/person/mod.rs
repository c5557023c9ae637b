//! People: a name and, if there is one, an address. Tables, never events.

mod everything;
mod leave;
mod make;

use jiff::Timestamp;
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Problem, Service};
use serde::Serialize;
use tokio_postgres::Row;
use uuid::Uuid;

pub use everything::{Everything, everything};
pub use leave::{begin_to_leave, finish_leaving, leaving};
pub use make::{NewPerson, Provided, create};

use crate::row;

/// Somebody.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Person {
    /// Known to accounts alone.
    pub id: Uuid,
    /// As they want to be called; empty until they said so.
    pub name: String,
    /// In lower case.
    pub email: Option<String>,
    /// When they first came.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl Person {
    fn of(row: &Row) -> Self {
        Self {
            id: row.get("person"),
            name: row.get("name"),
            email: row.get("email"),
            created_at: row::time_of(row, "created_at"),
        }
    }
}

const FIND: &str = "select person, name, email, created_at from people where person = $1 and not leaving";
const RENAME: &str = "update people set name = $2 where person = $1 and not leaving \
     returning person, name, email, created_at";

/// Somebody by their id, unless they left.
pub async fn find(service: &Service, person: Uuid) -> Result<Option<Person>, StoreError> {
    let client = service.pool().get().await?;
    Ok(client.query_opt(FIND, &[&person]).await?.as_ref().map(Person::of))
}

/// Gives somebody the name that they want.
pub async fn rename(service: &Service, person: Uuid, name: &str) -> Result<Option<Person>, StoreError> {
    let client = service.pool().get().await?;
    Ok(client.query_opt(RENAME, &[&person, &name]).await?.as_ref().map(Person::of))
}

/// The longest address that mail can have (RFC 5321).
const LONGEST_EMAIL: usize = 254;
const LONGEST_NAME: usize = 200;

/// An address as it is kept: trimmed, in lower case. Whether it exists, the
/// code that is sent there finds out.
pub fn email(text: &str) -> Result<String, Problem> {
    let email = text.trim().to_lowercase();
    let whole = email
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    let plain = email.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>,;\"\\()[]".contains(c));
    if whole && plain && email.len() <= LONGEST_EMAIL {
        Ok(email)
    } else {
        Err(Problem::field("email", "this is not an email address, such as ada@example.org"))
    }
}

/// A name as it is kept.
pub fn name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    if name.chars().count() > LONGEST_NAME {
        return Err(Problem::field("name", format!("at most {LONGEST_NAME} characters")));
    }
    if name.chars().any(char::is_control) {
        return Err(Problem::field("name", "one line, without control characters"));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{email, name};

    #[test]
    fn an_address_is_kept_in_lower_case() {
        assert_eq!(email(" Ada.Lovelace@Example.ORG ").unwrap(), "ada.lovelace@example.org");
    }

    #[test]
    fn what_could_become_a_second_recipient_or_header_is_no_address() {
        let wrong = ["", "ada", "@b", "a@", "a@b@c", "a b@c", "a@b\nBcc: x@y", "a@b,c@d", "<a@b>", "a@b\0"];
        for text in wrong {
            assert!(email(text).is_err(), "{text:?}");
        }
        assert!(email(&format!("{}@b.c", "a".repeat(260))).is_err());
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(name(" Zoë 王 ").unwrap(), "Zoë 王");
        assert!(name("a\nb").is_err());
        assert!(name(&"x".repeat(201)).is_err());
    }
}
