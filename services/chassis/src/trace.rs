//! W3C trace context: the header that ties a request to its events and to
//! whatever follows from them, through NATS too.

use axum::http::HeaderMap;

tokio::task_local! {
    static CURRENT: TraceParent;
}

/// A `traceparent`, version 00.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceParent(String);

impl TraceParent {
    /// The caller's, or a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get("traceparent")
            .and_then(|value| value.to_str().ok())
            .filter(|text| well_formed(text))
            .map_or_else(Self::random, |text| Self(text.to_owned()))
    }

    /// A new trace.
    pub fn random() -> Self {
        let (trace, span): (u128, u64) = (rand::random(), rand::random());
        Self(format!("00-{:032x}-{:016x}-01", trace.max(1), span.max(1)))
    }

    /// The one that this task works for, or a new one.
    pub fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_else(|_| Self::random())
    }

    /// Runs a future as work for this trace.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// The 32 hexadecimal digits of the trace.
    pub fn trace_id(&self) -> String {
        self.0.split('-').nth(1).unwrap_or_default().to_owned()
    }

    /// As the header has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn well_formed(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let hex = |part: &str, len: usize| {
        part.len() == len && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    matches!(parts[..], ["00", trace, span, flags]
        if hex(trace, 32) && hex(span, 16) && hex(flags, 2)
            && trace.bytes().any(|b| b != b'0') && span.bytes().any(|b| b != b'0'))
}
