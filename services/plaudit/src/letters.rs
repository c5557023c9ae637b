//! How mail leaves, and how notify asks the services that know names.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use plaudit_chassis::http::{AskWithin, WITHIN, WithinSecret};
use plaudit_chassis::mail::Outbox;
use plaudit_notify::{NotifySettings, Peers};
use plaudit_servers::Secrets;
use serde_json::Value;
use tower::ServiceExt;

use crate::Failure;
use crate::installation::public_url;

/// The name of the secret that services ask each other with.
pub const WITHIN_SECRET: &str = "notify";

/// What it is told by where it isn't in a data folder: 32 bytes, URL-safe
/// base64.
pub const NOTIFY_SECRET: &str = "PLAUDIT_NOTIFY_SECRET";

/// Names the folder that mail stays in without a mail server.
pub const MAIL_FOLDER: &str = "PLAUDIT_MAIL_FOLDER";

/// What says by which server mail leaves, and from whom.
pub const SMTP: [&str; 2] = ["PLAUDIT_SMTP_URL", "PLAUDIT_MAIL_FROM"];

/// The services that are asked within the installation.
pub const ASKED: [&str; 2] = ["accounts", "submissions"];

/// The most bytes of an answer.
const MOST: usize = 16 << 20;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How mail leaves: by PLAUDIT_SMTP_URL from PLAUDIT_MAIL_FROM; without them
/// it stays in this folder, for `/dev/mail`.
pub fn outbox(folder: PathBuf) -> Result<Outbox, Failure> {
    let [url, from] = SMTP.map(std::env::var);
    match url {
        Err(_) => Ok(Outbox::in_folder(folder)),
        Ok(url) => {
            let from = from.map_err(|_| "set PLAUDIT_MAIL_FROM to the address that mail comes from")?;
            Ok(Outbox::smtp(&url, &from)?)
        }
    }
}

/// The same for a service by itself, whose folder PLAUDIT_MAIL_FOLDER names.
pub fn outbox_apart() -> Result<Outbox, Failure> {
    let folder = std::env::var_os(MAIL_FOLDER);
    match (folder, std::env::var_os(SMTP[0])) {
        (None, None) => {
            Err(format!("set PLAUDIT_SMTP_URL, or {MAIL_FOLDER} to a folder that mail stays in").into())
        }
        (folder, _) => outbox(folder.unwrap_or_default().into()),
    }
}

/// Where mail stays in a data folder.
pub fn mail_folder(data: &Path) -> PathBuf {
    data.join("mail")
}

/// A data folder's secret.
pub fn within_secret(secrets: &Secrets) -> Result<WithinSecret, Failure> {
    Ok(WithinSecret(secrets.secret(WITHIN_SECRET)?))
}

/// The secret as the environment tells it.
pub fn text(secret: &WithinSecret) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(secret.0)
}

/// Notify in the same process as those it asks.
pub fn settings(listen: &str, data: &Path, peers: Peers) -> Result<NotifySettings, Failure> {
    Ok(NotifySettings { public_url: public_url(listen)?.into(), outbox: outbox(mail_folder(data))?, peers })
}

/// For tools, at which nobody is asked and nothing sent.
pub fn nobody() -> NotifySettings {
    let peers = Peers { accounts: no_one(), submissions: no_one() };
    NotifySettings { public_url: String::new(), outbox: Outbox::in_memory(), peers }
}

fn no_one() -> AskWithin {
    Arc::new(|_, _| Box::pin(std::future::ready(Err("nobody is asked".to_owned()))))
}

/// A service of this process, once it has started.
#[derive(Clone, Default)]
pub struct Here(Arc<OnceLock<Router>>);

impl Here {
    /// It has started.
    pub fn is(&self, router: Router) {
        // Each is started once: the slot is empty.
        let _ = self.0.set(router);
    }

    /// Asks it.
    pub fn ask(&self, secret: &WithinSecret) -> AskWithin {
        let (slot, secret) = (self.0.clone(), secret.clone());
        Arc::new(move |path, body| {
            let (slot, secret) = (slot.clone(), secret.clone());
            Box::pin(async move {
                let router = slot.get().ok_or("it has not started yet")?;
                ask_here(secret.admits(router.clone()), &secret, path, &body).await
            })
        })
    }
}

async fn ask_here(router: Router, secret: &WithinSecret, path: &str, body: &Value) -> Result<Value, String> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(WITHIN, secret.header())
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .map_err(|error| error.to_string())?;
    let Ok(answer) = router.oneshot(request).await;
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), MOST).await.map_err(|error| error.to_string())?;
    read(status.is_success(), status.as_u16(), &bytes)
}

/// Asks a service elsewhere.
pub fn ask_there(base: &str, secret: &WithinSecret) -> AskWithin {
    // The secret goes to this address and to no other.
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let client = client.build().unwrap_or_default();
    let (base, secret) = (base.trim_end_matches('/').to_owned(), secret.clone());
    Arc::new(move |path, body| {
        let request = client.post(format!("{base}{path}")).timeout(PATIENCE);
        let request = request
            .header(WITHIN, secret.header())
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
        Box::pin(async move {
            let answer = request.send().await.map_err(|error| error.without_url().to_string())?;
            let status = answer.status();
            let bytes = answer.bytes().await.map_err(|error| error.without_url().to_string())?;
            read(status.is_success(), status.as_u16(), &bytes)
        })
    })
}

/// What it said. A refusal may repeat what was asked: only its status is told.
fn read(success: bool, status: u16, body: &[u8]) -> Result<Value, String> {
    if !success {
        return Err(format!("it answered with {status}"));
    }
    serde_json::from_slice(body).map_err(|_| "its answer is no JSON".to_owned())
}
