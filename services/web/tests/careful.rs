//! What pages keep to themselves: in logs, on the way to the API, and on the
//! reader's device.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, Uri};
use axum::response::Response;
use plaudit_web::{Way, WebConfig};
use tower::ServiceExt;

const ID: &str = "0193e4a2-0000-8000-8000-000000000001";

/// What was asked, or written.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    fn all(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The pages, and the paths that they ask an API for which answers all alike.
fn pages(answer: StatusCode, said: &'static str) -> (Router, Heard) {
    let heard = Heard::default();
    let asked = heard.clone();
    let api = Router::new().fallback(move |uri: Uri| {
        io::Write::write_all(&mut asked.clone(), format!("{uri} ").as_bytes()).unwrap();
        std::future::ready((answer, said))
    });
    let here = OnceLock::new();
    here.set(api).unwrap();
    (plaudit_web::router(WebConfig { api: Way::Here(Arc::new(here)) }), heard)
}

async fn send(pages: &Router, method: &str, path: &str, body: &'static str) -> Response {
    let request = Request::builder().method(method).uri(path).header("cookie", "__Host-plaudit=s");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    pages.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

#[tokio::test]
async fn neither_codes_nor_what_somebody_wrote_get_into_a_log() {
    let log = Heard::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || written.clone());
    let _until_the_end = tracing::subscriber::set_default(subscriber.finish());

    // Of what is not understood, serde would repeat the word.
    let (pages, _) =
        pages(StatusCode::OK, r#"{"name": {}, "email": "somebody@else.example", "items": "private"}"#);
    for path in ["/account/name?next=hidden", "/account/tokens?code=hidden"] {
        assert_eq!(send(&pages, "GET", path, "").await.status(), StatusCode::BAD_GATEWAY, "{path}");
    }
    let log = log.all();
    assert!(log.contains("path=\"/account/name\"") && log.contains("/account/tokens"), "{log}");
    assert!(!log.contains("hidden") && !log.contains("private"), "{log}");
}

#[tokio::test]
async fn no_path_says_something_else_to_the_api_than_to_the_pages() {
    let (pages, heard) = pages(StatusCode::NOT_FOUND, r#"{"type": "/problems/not-found", "status": 404}"#);
    let panel = format!("/programmes/{ID}/organise/panel");
    send(&pages, "POST", &format!("{panel}/den"), "act=convene").await;
    assert!(heard.all().contains("/rounds/den/"), "{}", heard.all());
    let before = heard.all();
    for round in ["den%2Fpanel", "den%3Fa", "%2e%2e", "..", ".", "den%23", "den%5C"] {
        let answer = send(&pages, "POST", &format!("{panel}/{round}"), "act=convene").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{round}");
        let page = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        assert!(String::from_utf8_lossy(&page).contains("Page not found"), "{round}");
    }
    assert_eq!(heard.all(), before, "nothing was asked");
}

#[tokio::test]
async fn whoever_leaves_leaves_nothing_on_the_device() {
    let (pages, _) = pages(StatusCode::NO_CONTENT, "");
    let answer = send(&pages, "POST", "/account/leave", "sure=yes").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["clear-site-data"], "\"storage\"");
    let cookies: Vec<_> =
        answer.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap()).collect();
    assert!(
        cookies.iter().any(|set| set.starts_with("__Host-plaudit=;") && set.contains("Max-Age=0")),
        "{cookies:?}"
    );
    for set in cookies {
        assert!(set.ends_with("; Max-Age=0") || set.contains("Max-Age=60"), "{set}");
        assert!(set.contains("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{set}");
    }
}
