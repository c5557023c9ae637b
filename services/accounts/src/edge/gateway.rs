//! The way from the public address to a service.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use jiff::Timestamp;
use plaudit_chassis::Problem;
use plaudit_chassis::http::MOST_BYTES;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::token::Claims;
use plaudit_chassis::trace::TraceParent;

use super::authentication::{Identity, reads};
use super::path::{self, About, Route};
use super::upstream::Question;
use super::{Edge, body, creating, not_with_this_method, served};
use crate::scope::Scope;

/// What services get of a request's headers. Nothing else passes, and least of
/// all the bearer.
const PASSED_ON: [HeaderName; 8] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("plaudit-position"),
    HeaderName::from_static("tracestate"),
];

/// Answers `/api/{service}/…` by asking the service.
pub async fn gateway(State(edge): State<Edge>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let route = path::read(parts.uri.path()).ok_or_else(|| Problem::not_found("page"))?;
    let (service, upstream) =
        edge.0.upstreams.get_key_value(route.service).ok_or_else(|| Problem::not_found("service"))?;
    if !served(&parts.method) {
        return Err(not_with_this_method());
    }
    let most = route.most_bytes(&parts.method);
    let (identity, arrived) = if most > MOST_BYTES {
        // Nobody's files are waited for.
        let identity = edge.authenticate(&parts.headers).await?;
        identity.as_ref().ok_or_else(not_signed_in)?.may(&parts.method)?;
        (identity, edge.read(&parts.headers, body, body::file(most)).await?)
    } else {
        // At the same time: a look into the database is not to make anybody late.
        let arrives = edge.read(&parts.headers, body, body::API);
        tokio::try_join!(edge.authenticate(&parts.headers), arrives)?
    };
    let received_at = edge.received_at(&parts.headers, arrived.at);
    let admitted = match &identity {
        Some(identity) => edge.admit(identity, &route, &parts, received_at).await?,
        None if reads(&parts.method) => Admitted::Public,
        None => return Err(not_signed_in()),
    };
    let question = Question {
        path: with_query(&route, &parts),
        headers: passed_on(&parts.headers, &admitted)?,
        method: parts.method,
        body: arrived.bytes,
    };
    let trace = question.headers.get("traceparent").and_then(|trace| trace.to_str().ok()).unwrap_or_default();
    tracing::debug!(service, method = %question.method, trace, "passing on");
    let answer = upstream.ask(&edge.0.client, question).await?;
    if let Admitted::Founder { founding, .. } = admitted {
        edge.founded(founding, answer.status()).await;
    }
    Ok(answer)
}

/// Answers `/log/<programme>/…`, where a programme's log is known to be: the
/// same as `/api/audit/programmes/<programme>/log/…`.
pub async fn log(edge: State<Edge>, mut request: Request) -> Result<Response, Problem> {
    let uri = request.uri();
    let rest = uri.path().strip_prefix("/log/").unwrap_or_default().trim_end_matches('/');
    let (programme, rest) = match rest.split_once('/') {
        Some((programme, rest)) => (programme, format!("/{rest}")),
        None => (rest, String::new()),
    };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = format!("/api/audit/programmes/{programme}/log{rest}{query}");
    *request.uri_mut() = path.parse().map_err(|_| Problem::not_found("page"))?;
    gateway(edge, request).await
}

/// How somebody comes to a service.
pub enum Admitted {
    /// Without a name.
    Public,
    /// As a member, with this token.
    Member(String),
    /// As the member who makes the programme.
    Founder { token: String, founding: creating::Founding },
}

impl Edge {
    async fn admit(
        &self,
        identity: &Identity,
        route: &Route<'_>,
        parts: &Parts,
        received_at: Timestamp,
    ) -> Result<Admitted, Problem> {
        identity.may(&parts.method)?;
        match route.about {
            About::Programme(programme) => {
                let member = self.member(programme, identity.person).await?;
                self.token(identity, route, programme, member, received_at).map(Admitted::Member)
            }
            About::Programmes if creating::is_founding(route, &parts.method) => {
                let founding = self.founding(identity, &parts.headers).await?;
                let (programme, member) = (founding.programme, founding.seat.member);
                let token = self.token(identity, route, programme, member, received_at)?;
                Ok(Admitted::Founder { token, founding })
            }
            About::Programmes | About::Description => Ok(Admitted::Public),
        }
    }

    fn token(
        &self,
        identity: &Identity,
        route: &Route<'_>,
        programme: ProgrammeId,
        member: MemberId,
        received_at: Timestamp,
    ) -> Result<String, Problem> {
        let claims = Claims {
            audience: route.service.to_owned(),
            programme,
            member,
            session: identity.session,
            scopes: identity.scopes.iter().copied().map(Scope::name).map(str::to_owned).collect(),
            signed_in_by: identity.signed_in_by().to_owned(),
            signed_in_at: identity.since,
            received_at,
            second_key: identity.second_key(self.0.service.clock().now()),
        };
        self.0.minter.mint(&claims).map_err(Problem::internal)
    }
}

fn not_signed_in() -> Problem {
    Problem::unauthorised("Sign in first: only members change anything.")
}

fn with_query(route: &Route<'_>, parts: &Parts) -> String {
    match parts.uri.query() {
        Some(query) => format!("{}?{query}", route.path),
        None => route.path.to_owned(),
    }
}

fn passed_on(sent: &HeaderMap, admitted: &Admitted) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::with_capacity(PASSED_ON.len() + 2);
    for name in &PASSED_ON {
        for value in sent.get_all(name) {
            headers.append(name, value.clone());
        }
    }
    let trace = HeaderValue::from_str(TraceParent::of(sent).as_str()).map_err(Problem::internal)?;
    headers.insert("traceparent", trace);
    if let Admitted::Member(token) | Admitted::Founder { token, .. } = admitted {
        let bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(Problem::internal)?;
        headers.insert(header::AUTHORIZATION, bearer);
    }
    Ok(headers)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_persons_bearer_and_strange_headers_stay_outside() {
        let mut sent = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer plaudit_s_secret"),
            ("cookie", "a=b"),
            ("x-forwarded-for", "10.0.0.1"),
            ("host", "plaudit.example"),
            ("idempotency-key", "k"),
            ("if-match", "\"1\""),
            ("plaudit-position", "scoring/1"),
            ("content-type", "application/json"),
        ] {
            sent.insert(name, value.parse().unwrap());
        }
        let public = passed_on(&sent, &Admitted::Public).unwrap();
        let mut names: Vec<&str> = public.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-type", "idempotency-key", "if-match", "plaudit-position", "traceparent"]);
        let member = passed_on(&sent, &Admitted::Member("v4.public.x".to_owned())).unwrap();
        assert_eq!(member.get_all("authorization").iter().collect::<Vec<_>>(), ["Bearer v4.public.x"]);
    }
}
