//! Lists as files, page by page: no file is ever whole in memory.

use std::collections::VecDeque;

use axum::body::{Body, Bytes};
use serde_json::Value;

use super::kinds::{Column, List};
use crate::api::{Api, Listed};
use crate::failure::Failure;
use crate::results::csv;
use crate::results::names::{Names, maybe};

/// Lists that are read one after the other, each page by page.
struct Reading {
    api: Api,
    lists: VecDeque<List>,
    after: Option<String>,
}

impl Reading {
    /// The next page that has something, with its list's round; `None` at the
    /// end. A list that is not there, or not for this reader, is empty.
    async fn next(&mut self) -> Result<Option<(String, Vec<Value>)>, Failure> {
        while let Some((round, path)) = self.lists.front().cloned() {
            let after = self.after.take().map(|after| {
                let after: String = url::form_urlencoded::byte_serialize(after.as_bytes()).collect();
                format!("&after={after}")
            });
            let path = format!("{path}?limit=1000{}", after.unwrap_or_default());
            let page = maybe(self.api.get::<Listed<Value>>(&path).await)?;
            let (items, next) = page.map_or_else(Default::default, |page| (page.items, page.next));
            self.after = next;
            if self.after.is_none() {
                self.lists.pop_front();
            }
            if !items.is_empty() {
                return Ok(Some((round, items)));
            }
        }
        Ok(None)
    }
}

type Written = Result<Vec<u8>, Failure>;

/// Pieces made of each page. The first is made before anything is sent, so
/// that what goes wrong at once is a page of its own.
async fn pieces(
    api: Api,
    lists: Vec<List>,
    begin: Vec<u8>,
    end: Vec<u8>,
    mut make: impl FnMut(&str, Vec<Value>) -> Written + Send + 'static,
) -> Result<Body, Failure> {
    let mut reading = Reading { api, lists: lists.into(), after: None };
    let mut first = begin;
    let is_over = match reading.next().await? {
        Some((round, items)) => {
            first.extend(make(&round, items)?);
            false
        }
        None => true,
    };
    let state = (reading, make, Some(first), is_over, end);
    let rest =
        futures_util::stream::try_unfold(state, |(mut reading, mut make, first, is_over, end)| async move {
            if let Some(first) = first {
                return Ok(Some((Bytes::from(first), (reading, make, None, is_over, end))));
            }
            if is_over {
                let last = (!end.is_empty()).then(|| Bytes::from(end));
                return Ok(last.map(|last| (last, (reading, make, None, true, Vec::new()))));
            }
            let piece = match reading.next().await.map_err(broken)? {
                Some((round, items)) => (Bytes::from(make(&round, items).map_err(broken)?), false),
                None => (Bytes::new(), true),
            };
            Ok::<_, std::io::Error>(Some((piece.0, (reading, make, None, piece.1, end))))
        });
    Ok(Body::from_stream(rest))
}

/// The file is cut short, and whoever downloads it is told so.
fn broken(failure: Failure) -> std::io::Error {
    tracing::warn!(status = %failure.status(), "a file could not be written to its end");
    std::io::Error::other("a list could not be read to its end")
}

/// As CSV with these columns.
pub async fn as_csv(api: Api, lists: Vec<List>, columns: Vec<Column>, names: Names) -> Result<Body, Failure> {
    let head = csv::rows([columns.iter().map(|(head, _)| head.clone()).collect::<Vec<_>>()])?;
    let make = move |round: &str, items: Vec<Value>| {
        let rows = items.iter().map(|item| {
            columns.iter().map(|(_, making)| making.cell(item, round, &names)).collect::<Vec<_>>()
        });
        csv::rows(rows)
    };
    pieces(api, lists, head, Vec::new(), make).await
}

/// As a JSON array of the API's own entries, each with its round where there
/// are several lists.
pub async fn as_json(api: Api, lists: Vec<List>) -> Result<Body, Failure> {
    let mut is_first = true;
    let make = move |round: &str, items: Vec<Value>| {
        let mut bytes = Vec::new();
        for mut item in items {
            if !round.is_empty()
                && let Some(fields) = item.as_object_mut()
            {
                fields.insert("round".to_owned(), round.into());
            }
            without_secrets(&mut item);
            bytes.extend_from_slice(if std::mem::take(&mut is_first) { b"\n" } else { b",\n" });
            serde_json::to_writer(&mut bytes, &item).map_err(|error| Failure::Broken(error.to_string()))?;
        }
        Ok(bytes)
    };
    pieces(api, lists, b"[".to_vec(), b"\n]\n".to_vec(), make).await
}

/// A judge who also organises is shown their own marks and words: they stay
/// out of a file that is passed around.
fn without_secrets(item: &mut Value) {
    let Some(fields) = item.as_object_mut() else { return };
    for secret in
        ["marks", "comment_to_panel", "comment_to_entrant", "interests", "connections", "receipt", "payee"]
    {
        fields.remove(secret);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::{Arc, OnceLock};

    use axum::extract::RawQuery;
    use axum::routing::get;
    use axum::{Json, Router};
    use serde_json::json;

    use super::*;
    use crate::api::Way;

    /// A list of three entries in two pages, and none at all elsewhere.
    fn api() -> Api {
        let list = get(|RawQuery(query): RawQuery| async move {
            let second = query.unwrap_or_default().contains("after=b%2F1");
            let (items, next) = if second {
                (json!([{"n": 3}]), None)
            } else {
                (json!([{"n": 1, "marks": {"a": "9"}}, {"n": "=2"}]), Some("b/1"))
            };
            Json(json!({ "items": items, "next": next }))
        });
        let here = OnceLock::new();
        here.set(Router::new().route("/api/list", list)).unwrap();
        Api::new(Way::Here(Arc::new(here)), None, None, None, None)
    }

    async fn text(body: Body) -> String {
        String::from_utf8(axum::body::to_bytes(body, 10_000).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn every_page_of_a_list_is_in_its_file() {
        let lists = || vec![("final".to_owned(), "list".to_owned())];
        let written = text(as_json(api(), lists()).await.unwrap()).await;
        let read: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(
            read,
            json!([{"n": 1, "round": "final"}, {"n": "=2", "round": "final"}, {"n": 3, "round": "final"}])
        );
        let column = ("n".to_owned(), super::super::kinds::Making::Cell(super::super::kinds::Cell::As("/n")));
        let written = text(as_csv(api(), lists(), vec![column], Names::default()).await.unwrap()).await;
        assert_eq!(written, "n\r\n1\r\n'=2\r\n3\r\n");
    }

    #[tokio::test]
    async fn a_list_that_is_not_there_yet_is_an_empty_file() {
        // The router has no such path, and says so without a problem of ours.
        let empty = as_json(api(), Vec::new()).await.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text(empty).await).unwrap(), json!([]));
    }
}
