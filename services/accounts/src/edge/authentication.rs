//! Who asks: a person, by the bearer that they send.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use jiff::Timestamp;
use plaudit_chassis::Problem;
use plaudit_chassis::store::StoreError;
use tokio_postgres::Row;
use uuid::Uuid;

use super::Edge;
use crate::row;
use crate::scope::Scope;
use crate::secret::{self, Hash, Kind};
use crate::session::{self, Way};
use crate::token;

/// A person, and how they came.
#[derive(Clone, Debug)]
pub struct Identity {
    pub person: Uuid,
    /// The session's or the API token's.
    pub session: Uuid,
    pub kind: Kind,
    /// An API token's; a session may do anything.
    pub scopes: Vec<Scope>,
    /// When the session began or the token was made.
    pub since: Timestamp,
    /// When the session ends.
    pub until: Option<Timestamp>,
    /// How the session began, and when its person proved last who they are.
    proven: Option<(Way, Timestamp)>,
}

const SESSION: &str = "select s.person, s.session as id, s.signed_in as since, s.expires_at, s.signed_in_by, s.confirmed_at from sessions s \
     where s.token = $1";
const TOKEN: &str = "select t.person, t.id, t.created_at as since, t.scopes from tokens t where t.token = $1";

impl Identity {
    fn of(row: &Row, kind: Kind) -> Self {
        let since = row::time_of(row, "since");
        let bare = Self {
            person: row.get("person"),
            session: row.get("id"),
            kind,
            scopes: Vec::new(),
            since,
            until: None,
            proven: None,
        };
        match kind {
            Kind::Session => {
                let way = Way::named(row.get("signed_in_by"));
                let proven = Some((way, row::time_of(row, "confirmed_at")));
                Self { until: Some(row::time_of(row, "expires_at")), proven, ..bare }
            }
            Kind::Token => Self { scopes: token::scopes(&row.get::<_, Vec<String>>("scopes")), ..bare },
        }
    }

    /// Until when the session's second key is held, if it is now.
    pub fn second_key_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.proven.and_then(|(_, at)| session::second_key_until(at, now))
    }

    /// Whether they hold the second key: by a proof of a moment ago, or as a
    /// token that was made for it.
    pub fn second_key(&self, now: Timestamp) -> bool {
        match self.kind {
            Kind::Session => self.second_key_until(now).is_some(),
            Kind::Token => self.scopes.contains(&Scope::SecondKey),
        }
    }

    /// 403 unless they came in a way that reaches this far.
    pub fn reaches(&self, scope: Scope) -> Result<(), Problem> {
        if self.kind == Kind::Session || self.scopes.contains(&scope) {
            return Ok(());
        }
        Err(Problem::forbidden(format!(
            "This API token was not made for that: it lacks the scope '{}'.",
            scope.name()
        )))
    }

    /// 403 unless they came in a way that may do this in a programme.
    pub fn may(&self, method: &Method) -> Result<(), Problem> {
        self.reaches(if reads(method) { Scope::Read } else { Scope::Write })
    }

    /// How they signed in, as services are told.
    pub fn signed_in_by(&self) -> &'static str {
        self.proven.map_or("api-token", |(way, _)| way.name())
    }
}

/// Whether a method changes nothing.
pub fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

impl Edge {
    /// Who sends these headers; `None` is the public. A bearer that is not
    /// good is never taken for the public: the client must know.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Option<Arc<Identity>>, Problem> {
        let Some(sent) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
        let bearer = sent.to_str().ok().and_then(bearer).ok_or_else(|| {
            Problem::unauthorised("The Authorization header must be 'Bearer' and a session or API token.")
        })?;
        let identity = match Kind::of(bearer) {
            Some(kind) => self.identity(kind, secret::hash(bearer)).await?,
            None => None,
        };
        let now = self.0.service.clock().now();
        identity.filter(|identity| identity.until.is_none_or(|until| now < until)).map(Some).ok_or_else(
            || Problem::unauthorised("This session or token is not known, or has ended. Sign in again."),
        )
    }

    async fn identity(&self, kind: Kind, hash: Hash) -> Result<Option<Arc<Identity>>, StoreError> {
        if let Some(known) = self.0.identities.get(&hash) {
            return Ok(Some(known));
        }
        let client = self.0.service.pool().get().await?;
        let statement = client.prepare_cached(if kind == Kind::Session { SESSION } else { TOKEN }).await?;
        let row = client.query_opt(&statement, &[&hash.as_slice()]).await?;
        let found = row.map(|row| Arc::new(Identity::of(&row, kind)));
        if let Some(identity) = &found {
            self.0.identities.put(hash, identity.clone());
        }
        Ok(found)
    }

    /// Looks a session up again: what is known of it has changed.
    pub fn changed(&self, session: Uuid) {
        self.0.identities.drop_if(|_, identity| identity.session == session);
    }

    /// Believes a bearer no longer.
    pub fn ended(&self, hash: &[u8]) {
        self.0.identities.drop_if(|key, _| key == hash);
    }
}

/// The scheme's name has no case (RFC 9110).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, bearer) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| bearer.trim())
}

/// The person who asks about their own account.
pub struct Me(pub Arc<Identity>);

impl FromRequestParts<Edge> for Me {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Problem> {
        let identity = edge.authenticate(&parts.headers).await?;
        let identity =
            identity.ok_or_else(|| Problem::unauthorised("Sign in first: this is about your account."))?;
        identity.reaches(Scope::Account)?;
        Ok(Self(identity))
    }
}

/// The same, in a session: not by a program's token.
pub struct MySession(pub Arc<Identity>);

impl FromRequestParts<Edge> for MySession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Problem> {
        let Me(identity) = Me::from_request_parts(parts, edge).await?;
        if identity.kind == Kind::Session {
            return Ok(Self(identity));
        }
        let detail = "This is for a person who has signed in: an API token can't do it.";
        Err(Problem::new(StatusCode::FORBIDDEN, "session-needed", detail))
    }
}

impl MySession {
    /// The second key, for what would open other ways in.
    pub fn second_key(&self, now: Timestamp) -> Result<(), Problem> {
        if self.0.second_key(now) { Ok(()) } else { Err(Problem::second_key_needed()) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn came(kind: Kind, scopes: &[Scope]) -> Identity {
        let (person, session) = (Uuid::nil(), Uuid::nil());
        let since = Timestamp::UNIX_EPOCH;
        Identity { person, session, kind, scopes: scopes.to_vec(), since, until: None, proven: None }
    }

    #[test]
    fn a_token_reaches_as_far_as_its_scopes_and_a_session_everywhere() {
        for scope in Scope::ALL {
            assert!(came(Kind::Session, &[]).reaches(scope).is_ok());
            for other in Scope::ALL {
                assert_eq!(came(Kind::Token, &[scope]).reaches(other).is_ok(), scope == other);
            }
        }
        assert!(came(Kind::Token, &[Scope::Read]).may(&Method::GET).is_ok());
        assert!(came(Kind::Token, &[Scope::Read]).may(&Method::POST).is_err());
        assert!(came(Kind::Token, &[Scope::Write]).may(&Method::HEAD).is_err());
    }

    #[test]
    fn the_schemes_name_has_no_case() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc"), Some("abc"));
        assert_eq!(bearer("Basic abc"), None);
        assert_eq!(bearer("abc"), None);
    }
}
