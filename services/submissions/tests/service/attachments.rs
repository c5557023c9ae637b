//! The files that come with a pitch.

use std::path::Path;
use std::time::Duration;

use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_chassis::vault;
use plaudit_proto::panels::v1::DeclarationConfirmed;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::panels::{assigned, happened, sits};
use crate::stand::{ADA, BEN, ENTRANT, OTHER, Stand, entry};

const JUDGE: MemberId = MemberId(Uuid::from_u128(20));
const PART: usize = 64 << 10;

/// A text that nothing else says, of so many bytes.
fn text(length: usize) -> Vec<u8> {
    b"Bees for everybody, and nobody else's. ".iter().copied().cycle().take(length).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn open(files: u32) -> Stand {
    opened(Stand::start().await, files).await
}

pub async fn opened(stand: Stand, files: u32) -> Stand {
    stand.open(|rulebook| rulebook["most_attachments"] = json!(files)).await;
    stand
}

/// A complete draft's path.
pub async fn draft(stand: &Stand) -> String {
    let begun = stand.send(ENTRANT, "POST /drafts", Value::Null).await.done();
    let path = format!("/drafts/{}", begun["id"].as_str().unwrap());
    let headers = [("idempotency-key", path.as_str()), ("if-match", "\"1\"")];
    stand.request(Some(ENTRANT), &format!("PUT {path}"), &headers, entry("Bees")).await.done();
    path
}

/// Everything in a folder, joined.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        found.extend(if path.is_dir() { bytes_in(&path) } else { std::fs::read(path).unwrap() });
    }
    found
}

fn says(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

/// Arrives in parts, the first of them twice.
async fn arrives(stand: &Stand, files: &str, whole: &[u8]) -> String {
    let announced = json!({ "name": "Our plan.html", "size": whole.len(), "sha256": sha256(whole) });
    let begun = stand.send(ENTRANT, &format!("POST {files}"), announced).await.done();
    let file = format!("{files}/{}", begun["id"].as_str().unwrap());
    let part = |offset: usize| format!("PATCH {file}?offset={offset}");
    assert_eq!(stand.upload(ENTRANT, &part(7), whole[7..].to_vec()).await.refused(409), ["offset-differs"]);
    assert_eq!(stand.upload(ENTRANT, &part(0), whole[..9].to_vec()).await.refused(422), ["part-too-small"]);
    for _ in 0..2 {
        let arrived = stand.upload(ENTRANT, &part(0), whole[..PART].to_vec()).await.done();
        assert_eq!(arrived["received"], PART);
    }
    let completion = format!("POST {file}/completion");
    assert_eq!(stand.send(ENTRANT, &completion, Value::Null).await.refused(409), ["attachment-unfinished"]);
    stand.upload(OTHER, &part(PART), whole[PART..].to_vec()).await.refused(404);
    assert_eq!(stand.read(ENTRANT, &file).await.done()["received"], PART, "where to go on");
    stand.upload(ENTRANT, &part(PART), whole[PART..].to_vec()).await.done();
    let complete = stand.send(ENTRANT, &completion, Value::Null).await.done();
    assert_eq!((&complete["type"], &complete["name"]), (&json!("text"), &json!("Our plan.html.txt")));
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_arrive_in_parts_are_sealed_and_go_with_the_pitch() {
    let stand = open(2).await;
    come_and_go(&stand, async || bytes_in(&stand.files)).await;
}

/// From the announcement to the forgetting, wherever the bytes lie.
pub async fn come_and_go(stand: &Stand, lying: impl AsyncFn() -> Vec<u8>) {
    let path = draft(stand).await;
    let files = format!("{path}/attachments");
    let whole = text(2 * PART + 1000);
    let file = arrives(stand, &files, &whole).await;
    let (status, _, own) = stand.download(ENTRANT, &format!("{file}/content")).await;
    assert_eq!((status.as_u16(), own == whole), (200, true));
    assert!(!says(&lying().await, b"nobody else's"), "at rest it says nothing");

    let entered = stand.send(ENTRANT, &format!("POST {path}/submission"), Value::Null).await.done();
    let pitch = format!("/pitches/{}", entered["id"].as_str().unwrap());
    let shown = stand.read(BEN, &pitch).await.done();
    assert_eq!(shown["attachments"][0]["sha256"], sha256(&whole));
    sealed(&stand.read(ENTRANT, &pitch).await.done());
    let id = shown["attachments"][0]["id"].as_str().unwrap().to_owned();
    downloads(stand, &pitch, &id, &whole).await;

    // Replaced with another file, the first is not the pitch's any more.
    assert_eq!(stand.send(ENTRANT, &format!("DELETE {file}"), Value::Null).await.status.as_u16(), 204);
    let pdf = stand.upload(ENTRANT, &format!("PUT {files}?name=B%C3%BCcher"), b"%PDF-1.7 ...".to_vec()).await;
    assert_eq!(pdf.done()["name"], "Bücher.pdf");
    stand.send(ENTRANT, &format!("POST {pitch}/submissions"), entry("More bees")).await.done();
    // Reading waits until the list knows of it; a download does not.
    let shown = stand.read(BEN, &pitch).await.done();
    let (status, ..) = stand.download(BEN, &format!("{pitch}/attachments/{id}")).await;
    assert_eq!(status.as_u16(), 404);
    assert_eq!((&shown["attachments"][0]["type"], &shown["attachments"][1]), (&json!("pdf"), &Value::Null));
    stand.same_when_rebuilt().await;

    // What was forgotten is gone, the file that was taken off with it.
    stand.send(ADA, "POST /cancellation", json!({ "reason": "too_few_pitches" })).await.done();
    assert!(!lying().await.is_empty());
    let forget = json!({ "what": { "pitch": entered["id"] }, "reason": "person_asked" });
    stand.send(ADA, "POST /forgetting", forget).await.done();
    for _ in 0..1200 {
        if lying().await.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never deleted: {:?}", stand.service().health());
}

/// The receipt's seal opens to the list.
fn sealed(own: &Value) {
    use base64::Engine as _;
    let receipt = &own["receipt"];
    let seal = &receipt["seals"][3];
    assert_eq!(seal["field"], "PitchSubmitted.attachments");
    let salt = base64::prelude::BASE64_STANDARD.decode(seal["salt"].as_str().unwrap()).unwrap();
    let (stream, content) = (receipt["stream"].as_str().unwrap(), seal["content"].as_str().unwrap());
    let made =
        vault::commit(&salt.try_into().unwrap(), stream, "PitchSubmitted.attachments", content.as_bytes());
    let written: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(seal["commitment"], written);
    let list: Value = serde_json::from_str(content).unwrap();
    assert_eq!(list, own["attachments"]);
}

async fn downloads(stand: &Stand, pitch: &str, id: &str, whole: &[u8]) {
    let path = format!("{pitch}/attachments/{id}");
    let (status, headers, bytes) = stand.download(BEN, &path).await;
    assert_eq!((status.as_u16(), bytes == whole), (200, true));
    for (name, value) in [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("content-length", &whole.len().to_string()),
        (
            "content-disposition",
            "attachment; filename=\"Our plan.html.txt\"; filename*=UTF-8''Our%20plan.html.txt",
        ),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    assert_eq!(stand.download(OTHER, &path).await.0.as_u16(), 404);
    let nobodys = format!("{pitch}/attachments/{}", Uuid::new_v4());
    assert_eq!(stand.download(BEN, &nobodys).await.0.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_taken_is_refused_clearly() {
    let stand = open(1).await;
    let path = draft(&stand).await;
    let files = format!("{path}/attachments");
    let put = |name: &str| format!("PUT {files}?name={name}");
    let announce = format!("POST {files}");
    let program = stand.upload(ENTRANT, &put("plan.pdf"), b"MZ\x90\0".to_vec()).await;
    assert_eq!(program.refused(422), ["type-not-taken"]);
    let large = stand.upload(ENTRANT, &put("plan.pdf"), vec![b'a'; (20 << 20) + 1]).await;
    assert_eq!(large.refused(413), ["too-large"]);
    for (body, field) in [
        (json!({ "name": "a.txt", "size": (20 << 20) + 1 }), "size"),
        (json!({ "name": "a.txt", "size": 0 }), "size"),
        (json!({ "name": "../a.txt", "size": 9 }), "name"),
        (json!({ "name": " ", "size": 9 }), "name"),
        (json!({ "name": "a.txt", "size": 9, "sha256": "12" }), "sha256"),
    ] {
        assert_eq!(stand.send(ENTRANT, &announce, body).await.refused(422), [field]);
    }
    // Other bytes than announced.
    let other = json!({ "name": "a.txt", "size": 5, "sha256": sha256(b"other") });
    let file = stand.send(ENTRANT, &announce, other).await.done();
    let file = format!("{files}/{}", file["id"].as_str().unwrap());
    let longer = stand.upload(ENTRANT, &format!("PATCH {file}?offset=0"), b"words!".to_vec()).await;
    assert_eq!(longer.refused(422), ["more-than-announced"]);
    stand.upload(ENTRANT, &format!("PATCH {file}?offset=0"), b"words".to_vec()).await.done();
    let completion = stand.send(ENTRANT, &format!("POST {file}/completion"), Value::Null).await;
    assert_eq!(completion.refused(422), ["digest-differs"]);

    // What was refused takes no place.
    let whole = stand.upload(ENTRANT, &put("a.txt"), vec![b'a'; 2 * PART]).await.done();
    assert_eq!(whole["size"], 2 * PART);
    let more = json!({ "name": "b.txt", "size": 5 });
    assert_eq!(stand.send(ENTRANT, &announce, more).await.refused(409), ["too-many-attachments"]);
    stand.pass(jiff::SignedDuration::from_mins(11));
    assert_eq!(
        stand.upload(ENTRANT, &put("b.txt"), b"late".to_vec()).await.refused(409),
        ["too-many-attachments"]
    );
    let off = format!("DELETE {files}/{}", whole["id"].as_str().unwrap());
    assert_eq!(stand.send(ENTRANT, &off, Value::Null).await.refused(409), ["too-late"]);

    let none = open(0).await;
    let files = format!("{}/attachments", draft(&none).await);
    let refused = none.upload(ENTRANT, &format!("PUT {files}?name=a.txt"), b"words".to_vec()).await;
    assert_eq!(refused.refused(409), ["no-attachments-taken"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_of_files_tell_nothing_in_an_anonymous_round() {
    let stand = Stand::start().await;
    stand
        .open(|rulebook| {
            rulebook["most_attachments"] = json!(2);
            rulebook["rounds"][0]["anonymous"] = json!(true);
            rulebook["rounds"][0]["kind"] = json!("desk");
        })
        .await;
    let path = draft(&stand).await;
    let put = |name: &str| format!("PUT {path}/attachments?name={name}");
    stand.upload(ENTRANT, &put("The%20Hive's%20plan.pdf"), b"%PDF-1.7".to_vec()).await.done();
    // Complete, it enters by itself with its file.
    stand.pass(jiff::SignedDuration::from_mins(11));
    stand.reaches("closed").await;
    let pitch = PitchId(path.rsplit('/').next().unwrap().parse().unwrap());
    let fine = json!({ "outcome": "eligible" });
    stand.send(ADA, &format!("POST /pitches/{pitch}/screening"), fine).await.done();
    sits(&stand, JUDGE).await;
    assigned(&stand, JUDGE, pitch).await;
    let head = plaudit_chassis::store::head(stand.panels.service.pool()).await.unwrap();
    assert!(stand.service().reaches("panels", head, Duration::from_secs(10)).await);
    let file = format!("/pitches/{pitch}/attachments");
    let organisers = stand.read(BEN, &format!("/pitches/{pitch}")).await.done();
    let id = organisers["attachments"][0]["id"].as_str().unwrap();
    assert_eq!(stand.download(JUDGE, &format!("{file}/{id}")).await.0.as_u16(), 404, "not declared yet");

    happened(&stand, JUDGE, DeclarationConfirmed { pitches: 1, ..Default::default() }).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let seen = stand.read(JUDGE, &format!("/pitches/{pitch}")).await.done();
    assert_eq!(seen["attachments"][0]["name"], "attachment 1.pdf");
    let (status, headers, bytes) = stand.download(JUDGE, &format!("{file}/{id}")).await;
    assert_eq!((status.as_u16(), bytes.as_slice()), (200, b"%PDF-1.7".as_slice()));
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert!(disposition.contains("attachment 1.pdf") && !disposition.contains("Hive"), "{disposition}");
}
