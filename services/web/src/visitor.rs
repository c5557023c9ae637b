//! Whoever looks at a page: their session, what they have just written, and
//! what the next page tells them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent::{decoded, encoded};

use crate::WebConfig;
use crate::api::Api;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page;

/// Holds the session's secret. The prefix makes browsers insist on HTTPS (or
/// this machine), on this host alone, and on every path.
const SESSION: &str = "__Host-plaudit";
/// Where what was written lies, for a minute: the next page is no older.
const WRITTEN: &str = "__Host-plaudit-written";
/// What the next page says first.
const NOTICE: &str = "__Host-plaudit-notice";

/// A visitor and this request of theirs. Cheap to clone.
#[derive(Clone)]
pub struct Visitor {
    /// The API, asked as this visitor.
    pub api: Api,
    /// Where they are, with the query.
    pub path: String,
    method: Method,
    notice: Option<String>,
    signed_in: bool,
    /// A module of ours asks, not a person.
    wants_json: bool,
    kept: Arc<Mutex<Kept>>,
}

/// What happens during the request.
#[derive(Default)]
struct Kept {
    fields: Fields,
    /// Cookies to set: name, value and life in seconds; without a value, to drop.
    cookies: BTreeMap<String, Option<(String, Option<u32>)>>,
}

/// How long a session's cookie lives: as long as the session.
const A_MONTH: u32 = 30 * 24 * 60 * 60;
const A_MINUTE: u32 = 60;

impl Visitor {
    fn of(config: &WebConfig, request: &Request) -> Self {
        let cookies = Cookies::of(request.headers());
        let session = cookies.get(SESSION).map(str::to_owned);
        let received = request.headers().get("plaudit-received-at").cloned();
        let agent = request.headers().get(header::USER_AGENT).cloned();
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Self {
            signed_in: session.is_some(),
            api: Api::new(config.api.clone(), session, received, agent, cookies.get(WRITTEN)),
            path,
            wants_json: request.headers().get(header::ACCEPT).is_some_and(|kind| kind == "application/json"),
            method: request.method().clone(),
            notice: cookies.get(NOTICE).map(decoded).filter(|notice| !notice.is_empty()),
            kept: Arc::default(),
        }
    }

    /// Whether they come with a session; it may have ended since.
    pub fn is_signed_in(&self) -> bool {
        self.signed_in
    }

    /// What the page before asked to be said here.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// 401 unless they come with a session.
    pub fn signed_in(&self) -> Result<(), Failure> {
        if self.signed_in { Ok(()) } else { Err(Failure::signed_out()) }
    }

    /// Goes on to another page of ours.
    pub fn to(&self, path: &str) -> Response {
        (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
    }

    /// Goes on to another page, which says this first.
    pub fn to_saying(&self, path: &str, notice: &str) -> Response {
        self.set(NOTICE, &encoded(notice), Some(A_MINUTE));
        self.to(path)
    }

    /// They are signed in from now on.
    pub fn enter(&self, session_token: &str) {
        self.set(SESSION, session_token, Some(A_MONTH));
    }

    /// They are no longer.
    pub fn leave(&self) {
        for name in [SESSION, WRITTEN] {
            self.change(name, None);
        }
    }

    /// Sets a cookie that only this host and no script reads. `life` is in
    /// seconds; without it, until the browser closes. The value must be made
    /// of characters that a cookie can have.
    pub fn set(&self, name: &str, value: &str, life: Option<u32>) {
        self.change(name, Some((value.to_owned(), life)));
    }

    /// Drops a cookie.
    pub fn drop_cookie(&self, name: &str) {
        self.change(name, None);
    }

    fn change(&self, name: &str, to: Option<(String, Option<u32>)>) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).cookies.insert(name.to_owned(), to);
    }

    /// Remembers a form, in case the answer is not the form again.
    pub fn keep(&self, fields: &Fields) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).fields = fields.clone();
    }

    fn fields(&self) -> Fields {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).fields.clone()
    }

    fn set_cookies(&self, answer: &mut HeaderMap) {
        if let Some(written) = self.api.written() {
            self.set(WRITTEN, &written, Some(A_MINUTE));
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, value) in &kept.cookies {
            let (value, life) = match value {
                Some((value, Some(life))) => (value.as_str(), format!("; Max-Age={life}")),
                Some((value, None)) => (value.as_str(), String::new()),
                None => ("", "; Max-Age=0".to_owned()),
            };
            let cookie = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{life}");
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                answer.append(header::SET_COOKIE, cookie);
            }
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get().cloned().ok_or_else(|| Failure::Broken("a page without a visitor".to_owned()))
    }
}

/// Another cookie of ours, by its name.
pub struct Cookies(BTreeMap<String, String>);

impl Cookies {
    /// What a browser sent.
    pub fn of(headers: &HeaderMap) -> Self {
        let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = sent.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Cookies {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self::of(&parts.headers))
    }
}

/// Makes the visitor, and of what went wrong a page for them.
pub async fn visit(State(config): State<WebConfig>, mut request: Request, next: Next) -> Response {
    let visitor = Visitor::of(&config, &request);
    request.extensions_mut().insert(visitor.clone());
    let mut answer = match cut_off(request.headers()).or_else(|| odd(request.uri().path())) {
        Some(failure) => failure.into_response(),
        None => next.run(request).await,
    };
    if let Some(failure) = answer.extensions_mut().remove::<Failure>() {
        answer = if visitor.wants_json {
            failure.to_json()
        } else {
            page::failed(&visitor, failure, &visitor.method, &visitor.fields())
        };
    }
    // What the router refuses by itself, such as an id that is none.
    if answer.status().is_client_error() && says(&answer, b"text/plain") {
        let failure = refused_by_the_router(answer.status());
        answer = page::failed(&visitor, failure, &visitor.method, &visitor.fields());
    }
    let shown = answer.status() != StatusCode::SEE_OTHER && says(&answer, b"text/html");
    if visitor.notice.is_some() && shown {
        visitor.drop_cookie(NOTICE);
    }
    visitor.set_cookies(answer.headers_mut());
    answer
}

/// The edge takes no more than this for a page, and says so in place of a body
/// that is larger.
const MOST: &str = "25 MB";
const TOO_LARGE: &str = "plaudit-too-large";

fn cut_off(headers: &HeaderMap) -> Option<Failure> {
    headers.contains_key(TOO_LARGE).then(|| Failure::too_large(MOST))
}

fn refused_by_the_router(status: StatusCode) -> Failure {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::too_large(MOST),
        _ => Failure::not_found("page"),
    }
}

/// Ids and the rulebook's slugs need no escapes. What has some, or leads back
/// up, would be another path to the API than it was here.
fn odd(path: &str) -> Option<Failure> {
    let is_odd = path.contains(['%', '\\']) || path.split('/').any(|part| part == "." || part == "..");
    is_odd.then(|| Failure::not_found("page"))
}

fn says(answer: &Response, kind: &[u8]) -> bool {
    answer.headers().get(header::CONTENT_TYPE).is_some_and(|said| said.as_bytes().starts_with(kind))
}

/// Text in a cookie.
mod percent {
    pub fn encoded(text: &str) -> String {
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
    }

    pub fn decoded(text: &str) -> String {
        let whole = format!("x={text}");
        url::form_urlencoded::parse(whole.as_bytes()).map(|(_, value)| value.into_owned()).collect()
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn text_comes_back() {
            for text in ["", "The call is open; 3 = three & more", "“Plaudit” – ünïcode"] {
                assert_eq!(super::decoded(&super::encoded(text)), text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_not_called_missing() {
        let refused = refused_by_the_router(StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(refused.to_string().contains("25 MB at most"), "{refused}");
        assert_eq!(refused_by_the_router(StatusCode::BAD_REQUEST).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn a_body_that_the_edge_did_not_take_is_too_large() {
        let mut headers = HeaderMap::new();
        assert!(cut_off(&headers).is_none());
        headers.insert(TOO_LARGE, HeaderValue::from_static("1"));
        assert_eq!(cut_off(&headers).map(|failure| failure.status()), Some(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
