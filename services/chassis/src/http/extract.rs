//! What a handler gets of a request. Each refusal is a problem+json.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::body::parse;
use crate::id::{MemberId, ProgrammeId, uuid_from};
use crate::problem::Problem;
use crate::scope::{Actor, Ask};
use crate::service::Service;
use crate::token::Claims;
use crate::vault::mac;

/// The member who asks, as the edge's token says, in the programme of the path.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The programme.
    pub programme: ProgrammeId,
    /// Who, in it.
    pub member: MemberId,
    /// The rest of what the token says.
    pub claims: Claims,
}

impl Caller {
    /// The second key: 403 unless they have proven within the last minutes who
    /// they are. For acts that a stolen session must not be enough for.
    pub fn second_key(&self) -> Result<(), Problem> {
        if self.claims.second_key { Ok(()) } else { Err(Problem::second_key_needed()) }
    }
}

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        caller(parts, service)?
            .ok_or_else(|| Problem::unauthorised("Sign in first: this is not for the public."))
    }
}

fn caller(parts: &Parts, service: &Service) -> Result<Option<Caller>, Problem> {
    let Some(header) = parts.headers.get("authorization") else { return Ok(None) };
    let token = header
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| Problem::unauthorised("The Authorization header is not a bearer token."))?;
    let claims = service
        .verifier()
        .verify(service.name(), token)
        .map_err(|error| Problem::unauthorised(error.to_string()))?;
    if let Some(named) = programme_in(parts.uri.path())
        && named != claims.programme
    {
        return Err(Problem::forbidden("The token is for another programme."));
    }
    Ok(Some(Caller { programme: claims.programme, member: claims.member, claims }))
}

/// The programme that a path names: `/programmes/<id>…`.
fn programme_in(path: &str) -> Option<ProgrammeId> {
    let mut parts = path.split('/').skip_while(|part| *part != "programmes").skip(1);
    parts.next()?.parse().ok()
}

/// Whoever asks, the public included.
#[derive(Clone, Debug)]
pub struct Anyone(pub Option<Caller>);

impl Anyone {
    /// The member, if it is one.
    pub fn member(&self) -> Option<MemberId> {
        self.0.as_ref().map(|caller| caller.member)
    }
}

impl FromRequestParts<Service> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        caller(parts, service).map(Self)
    }
}

/// A command that needs no body.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A write: who, with which key, and what.
pub struct Command<T> {
    /// How the command is known again.
    pub ask: Ask,
    /// Who.
    pub caller: Caller,
    /// What.
    pub body: T,
}

impl<T> FromRequest<Service> for Command<T>
where
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        let Upload { ask, caller, bytes } = Upload::from_request(request, service).await?;
        Ok(Self { ask, caller, body: parse(&bytes)? })
    }
}

/// A write whose body is bytes as they are, such as a part of a file.
pub struct Upload {
    /// How the command is known again.
    pub ask: Ask,
    /// Who.
    pub caller: Caller,
    /// What.
    pub bytes: Bytes,
}

impl FromRequest<Service> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let caller = caller(&parts, service)?
            .ok_or_else(|| Problem::unauthorised("Sign in first: only members change anything."))?;
        let key = key(&parts)?;
        let if_match = if_match(&parts)?;
        let bytes =
            Bytes::from_request(Request::from_parts(parts.clone(), body), service).await.map_err(|_| {
                let why = "The body is larger than what is taken here.";
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", why)
            })?;
        let secret = service.command_secret();
        let route = format!("{} {}", parts.method, parts.uri.path());
        let member = caller.member.0;
        let command = mac(secret, &[member.as_bytes(), route.as_bytes(), key.as_bytes()]);
        let ask = Ask {
            command: uuid_from(&command),
            mac: Some(mac(secret, &[b"body", &bytes])),
            programme: caller.programme,
            actor: Actor::Member(caller.member),
            on_behalf: None,
            received_at: caller.claims.received_at,
            if_match,
            cause: None,
        };
        Ok(Self { ask, caller, bytes })
    }
}

fn key(parts: &Parts) -> Result<String, Problem> {
    let key = parts.headers.get("idempotency-key").ok_or_else(|| {
        Problem::bad_request(
            "key-missing",
            "Send an Idempotency-Key header: a text of your own, new for each new command and the same when you repeat one.",
        )
    })?;
    let key = key.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > 255 {
        return Err(Problem::bad_request(
            "key-malformed",
            "The Idempotency-Key must have 1 to 255 visible ASCII characters.",
        ));
    }
    Ok(key.to_owned())
}

fn if_match(parts: &Parts) -> Result<Option<u64>, Problem> {
    let Some(header) = parts.headers.get("if-match") else { return Ok(None) };
    let version =
        header.to_str().ok().map(|text| text.trim().trim_matches('"')).and_then(|text| text.parse().ok());
    version.map(Some).ok_or_else(|| {
        Problem::bad_request(
            "if-match-malformed",
            "If-Match must be a version as an ETag gave it, such as \"3\".",
        )
    })
}

/// Whether a part of an address is text once its `%41` are read: UTF-8 without
/// U+0000. Readers that go on from here put in substitutes.
fn is_text(encoded: &str) -> bool {
    let mut parts = encoded.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        // Without two digits it is as it is written.
        bytes.push(digits.unwrap_or(b'%'));
        bytes.extend(&part.as_bytes()[if digits.is_some() { 2 } else { 0 }..]);
    }
    !bytes.contains(&0) && std::str::from_utf8(&bytes).is_ok()
}

/// Like axum's, but what doesn't fit is a 404: there is no such thing here.
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if !is_text(parts.uri.path()) {
            return Err(Problem::not_found("thing"));
        }
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|path| Self(path.0))
            .map_err(|_| Problem::not_found("thing"))
    }
}

/// Like axum's, with a problem for what can't be read.
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if !parts.uri.query().is_none_or(is_text) {
            let detail = "The query must be UTF-8 without the character U+0000.";
            return Err(Problem::bad_request("query-malformed", detail));
        }
        axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|query| Self(query.0))
            .map_err(|error| Problem::bad_request("query-malformed", error.body_text()))
    }
}

#[cfg(test)]
mod tests {
    use super::is_text;

    #[test]
    fn an_address_is_text() {
        for text in ["", "/a/b", "after=a%1Fb", "%C3%A9", "100%", "%zz", "%2"] {
            assert!(is_text(text), "{text}");
        }
        for other in ["%00", "a%00b", "%FF", "%C3", "%ED%A0%80"] {
            assert!(!is_text(other), "{other}");
        }
    }
}
