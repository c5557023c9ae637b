//! A bucket that speaks S3, asked by the house's own client.

use std::pin::Pin;
use std::time::Duration;

use axum::http::Uri;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody,
    HttpService,
};
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use plaudit_chassis::http::MOST_PART;
use plaudit_chassis::https::{self, Client};

use super::ObjectsError;

/// A bucket of Amazon's, or of anybody who speaks S3. Has a secret: never
/// printed.
#[derive(Clone)]
pub struct Bucket {
    pub name: String,
    /// Such as `https://s3.example.org`; absent: Amazon's.
    pub endpoint: Option<String>,
    pub region: String,
    pub key_id: String,
    /// Signs every request, and is part of none.
    pub secret: String,
}

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most bytes of an answer: a part with its encryption, or a page of a
/// thousand names.
const MOST: usize = MOST_PART + (1 << 20);

/// Soon given up: whoever waits sends the same request again.
fn again() -> RetryConfig {
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(1),
        base: 2.,
    };
    RetryConfig { backoff, max_retries: 3, retry_timeout: Duration::from_secs(5) }
}

/// Makes ready to ask; nobody is asked yet.
pub(super) fn open(bucket: Bucket) -> Result<AmazonS3, ObjectsError> {
    let Bucket { name, endpoint, region, key_id, secret } = bucket;
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(name)
        .with_region(region)
        .with_access_key_id(key_id)
        .with_secret_access_key(secret)
        .with_retry(again())
        // Not everybody who speaks S3 deletes many at once.
        .with_disable_bulk_delete(true);
    let mut behind_tls = true;
    if let Some(endpoint) = endpoint {
        behind_tls = is_behind_tls(&endpoint).ok_or_else(|| ObjectsError::Endpoint(endpoint.clone()))?;
        // Without TLS nobody learns more than the names of objects: what they
        // hold is encrypted, and the secret is never sent.
        builder = builder.with_endpoint(endpoint.trim_end_matches('/')).with_allow_http(!behind_tls);
    }
    Ok(builder.with_http_connector(House(https::client(behind_tls))).build()?)
}

fn is_behind_tls(endpoint: &str) -> Option<bool> {
    let uri: Uri = endpoint.parse().ok()?;
    uri.host().filter(|host| !host.is_empty())?;
    let plain = uri.path() == "/" && uri.query().is_none() && !uri.authority()?.as_str().contains('@');
    match uri.scheme_str() {
        Some("https") if plain => Some(true),
        Some("http") if plain => Some(false),
        _ => None,
    }
}

/// The client that also asks witnesses and providers: no second TLS, and
/// nobody is followed elsewhere.
#[derive(Clone, Debug)]
struct House(Client);

impl HttpConnector for House {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

type Answered<'a> = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'a>>;

impl HttpService for House {
    // As `async_trait` writes it.
    fn call<'life0, 'async_trait>(&'life0 self, request: HttpRequest) -> Answered<'async_trait>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            let answer = tokio::time::timeout(PATIENCE, ask(&self.0, request)).await;
            answer.unwrap_or_else(|late| Err(HttpError::new(HttpErrorKind::Timeout, late)))
        })
    }
}

/// The answer is read at once, within the same time: it is small.
async fn ask(client: &Client, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let answer = client.request(axum::http::Request::from_parts(head, Full::new(body))).await;
    let (head, body) = answer.map_err(|error| away(error.is_connect(), &error))?.into_parts();
    let body: Bytes = match Limited::new(body, MOST).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Err(HttpError::new_boxed(HttpErrorKind::Interrupted, error)),
    };
    Ok(HttpResponse::from_parts(head, HttpResponseBody::from(body)))
}

fn away(never_reached: bool, mut why: &dyn std::error::Error) -> HttpError {
    let kind = if never_reached { HttpErrorKind::Connect } else { HttpErrorKind::Interrupted };
    // Only the innermost says why.
    while let Some(source) = why.source() {
        why = source;
    }
    HttpError::new_boxed(kind, why.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::is_behind_tls;

    #[test]
    fn an_endpoint_is_a_scheme_and_a_host() {
        for (endpoint, behind_tls) in [
            ("https://s3.example.org", Some(true)),
            ("http://minio:9000/", Some(false)),
            ("minio:9000", None),
            ("ftp://s3.example.org", None),
            ("https://s3.example.org/bucket", None),
            ("https://key:secret@s3.example.org", None),
            ("https://", None),
        ] {
            assert_eq!(is_behind_tls(endpoint), behind_tls, "{endpoint}");
        }
    }
}
