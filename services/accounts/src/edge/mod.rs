//! The edge: the one public address. It finds out who asks, as which member
//! of which programme, and tells the service in a token of a minute's life;
//! the service never learns the person, the public never reaches a service.

mod account;
mod asking;
mod auditing;
mod authentication;
mod body;
mod cache;
mod creating;
mod dev_mail;
mod gateway;
mod headers;
mod health;
mod limits;
mod oidc;
mod pages;
mod passkeys;
mod path;
mod programmes;
mod receipts;
mod seats;
mod second_key;
mod sessions;
mod sign_in;
mod tick;
mod tokens;
mod upstream;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use axum::{Json, Router};
use jiff::Timestamp;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::token::Minter;
use plaudit_chassis::{Problem, Service};
use tower_http::catch_panic::CatchPanicLayer;
use url::Url;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use webauthn_rs::Webauthn;

pub use upstream::Upstream;

use crate::mail::Outbox;
use crate::membership::Seat;
use crate::person;
use crate::provider::Provider;
use crate::secret::Hash;
use authentication::Identity;
use body::Room;
use cache::Cache;
use headers::Careful;
use limits::Limits;

/// What the edge needs.
pub struct EdgeConfig {
    /// Where each service is, accounts itself among them.
    pub upstreams: BTreeMap<&'static str, Upstream>,
    /// Signs what services are told.
    pub minter: Minter,
    /// Accounts.
    pub service: Service,
    /// Where the pages are, which get whatever is not the API's; without them
    /// that is not found.
    pub pages: Option<Upstream>,
    /// Takes the codes.
    pub mail: Outbox,
    /// The address that people know the installation by.
    pub public: Url,
    /// Where people may sign in instead.
    pub provider: Option<Provider>,
    /// What else is answered there, with paths of its own.
    pub beside: Router,
}

impl EdgeConfig {
    /// Without pages, without another provider, and without a mail server: codes
    /// are read at `/dev/mail`.
    pub fn new(
        upstreams: BTreeMap<&'static str, Upstream>,
        minter: Minter,
        service: Service,
        public: Url,
    ) -> Self {
        let (mail, beside) = (Outbox::in_memory(), Router::new());
        Self { upstreams, minter, service, pages: None, mail, public, provider: None, beside }
    }
}

/// The edge, as its handlers know it.
#[derive(Clone)]
struct Edge(Arc<Inner>);

struct Inner {
    upstreams: BTreeMap<&'static str, Upstream>,
    minter: Minter,
    service: Service,
    pages: Option<Upstream>,
    mail: Outbox,
    room: Room,
    client: reqwest::Client,
    identities: Cache<Hash, Arc<Identity>>,
    seats: Cache<(ProgrammeId, Uuid), Seat>,
    public: Url,
    passkeys: Option<Webauthn>,
    provider: Option<Provider>,
    limits: Limits,
}

/// How long a thing may be believed that another copy of the edge may have
/// ended since.
const BELIEVED: Duration = Duration::from_secs(5);
const REMEMBERED: usize = 20_000;

/// Bytes of large requests that are read at the same time.
const ROOM: usize = 256 << 20;

impl Edge {
    fn new(config: EdgeConfig) -> Self {
        Self(Arc::new(Inner {
            upstreams: config.upstreams,
            minter: config.minter,
            service: config.service,
            pages: config.pages,
            mail: config.mail,
            room: Room::new(ROOM),
            client: upstream::client(),
            identities: Cache::new(BELIEVED, REMEMBERED),
            seats: Cache::new(BELIEVED, REMEMBERED),
            passkeys: passkeys::webauthn(&config.public),
            public: config.public,
            provider: config.provider,
            limits: Limits::new(),
        }))
    }

    fn now(&self) -> Timestamp {
        self.0.service.clock().now()
    }
}

/// Everything that the public address answers. It must be served with the
/// peers' addresses (`into_make_service_with_connect_info::<SocketAddr>()`):
/// without them nobody counts as sitting at the machine.
pub fn router(mut config: EdgeConfig) -> Router {
    let beside = std::mem::take(&mut config.beside);
    let edge = Edge::new(config);
    account::finish_what_was_left(&edge);
    let (people, _) = people().split_for_parts();
    let description = Arc::new(openapi());
    Router::new()
        .nest("/api/accounts", people)
        .route("/api/accounts/openapi.json", get(move || std::future::ready(Json((*description).clone()))))
        .route("/api/{service}/{*rest}", any(gateway::gateway))
        .route("/log/{programme}", any(gateway::log))
        .route("/log/{programme}/{*rest}", any(gateway::log))
        .route("/dev/mail", get(dev_mail::mail))
        .route("/livez", get(|| std::future::ready("alive")))
        .route("/readyz", get(health::ready))
        .merge(beside.with_state(()))
        .fallback(pages::pages)
        .method_not_allowed_fallback(|| std::future::ready(not_with_this_method()))
        .layer(axum::middleware::from_fn(tick::keep_refusals))
        .layer(axum::middleware::map_response_with_state(Careful::of(&edge.0.public), headers::careful))
        .layer(CatchPanicLayer::custom(|_| Problem::internal("the edge panicked").into_response()))
        .with_state(edge)
}

/// The description of all that is answered under `/api/accounts`: what people
/// do, and what members do.
pub fn openapi() -> OpenApi {
    let (_, mut people) = people().split_for_parts();
    let (_, members) = crate::api::api().split_for_parts();
    people.merge(members);
    plaudit_chassis::http::describe(&mut people, "accounts");
    people
}

fn people() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(sign_in::ways, sign_in::ask))
        .routes(routes!(sign_in::answer))
        .routes(routes!(passkeys::ask))
        .routes(routes!(passkeys::answer))
        .routes(routes!(oidc::ask))
        .routes(routes!(oidc::answer))
        .routes(routes!(account::me, account::rename, account::leave))
        .routes(routes!(account::everything))
        .routes(routes!(programmes::list))
        .routes(routes!(second_key::ask))
        .routes(routes!(second_key::answer))
        .routes(routes!(passkeys::ask_second_key))
        .routes(routes!(passkeys::answer_second_key))
        .routes(routes!(passkeys::begin))
        .routes(routes!(passkeys::add, passkeys::list))
        .routes(routes!(passkeys::delete))
        .routes(routes!(receipts::receipt))
        .routes(routes!(auditing::bundle))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(tokens::make, tokens::list))
        .routes(routes!(tokens::revoke))
}

fn served(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method)
}

fn not_with_this_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "This can be read or written, but not with this method.",
    )
}

/// What the person said, or 401 if they left in this moment.
fn still_here<T>(found: Option<T>) -> Result<T, Problem> {
    found.ok_or_else(|| Problem::unauthorised("This account was deleted."))
}

/// A name from a body; it must say something.
fn needed_name(text: &str) -> Result<String, Problem> {
    let name = person::name(text)?;
    if name.is_empty() {
        return Err(Problem::field("name", "must not be empty"));
    }
    Ok(name)
}
