//! Everything that an installation keeps or says, as heaps of bytes.

use plaudit_tests::program::Program;
use serde_json::Value;
use tokio_postgres::NoTls;

pub const SERVICES: [&str; 7] = ["submissions", "panels", "scoring", "awards", "accounts", "audit", "notify"];

/// Bytes, and where they lie.
#[derive(Debug)]
pub struct Heap {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Events as they are printed, NATS's messages and its files, every row of
/// every table, and what the program and its two servers have logged.
pub async fn all(program: &Program) -> Vec<Heap> {
    let mut heaps = vec![heap("events", program.tool_says(&["events"]).into_bytes())];
    for service in SERVICES {
        heaps.push(messages(program, service).await);
    }
    heaps.extend(tables(program).await);
    heaps.push(heap("NATS's files", files(&program.folder().join("nats/jetstream"))));
    heaps.push(heap("the programmes' logs", files(&program.folder().join("audit"))));
    heaps.extend(logs(program));
    heaps
}

/// What the program and its two servers have logged.
pub fn logs(program: &Program) -> Vec<Heap> {
    let log = |name: &str| std::fs::read(program.folder().join(name)).unwrap();
    vec![
        heap("the log", program.logged().into_bytes()),
        heap("PostgreSQL's log", log("postgres.log")),
        heap("NATS's log", log("nats.log")),
    ]
}

/// What a heap holds.
pub fn named<'a>(heaps: &'a [Heap], name: &str) -> &'a [u8] {
    let found = heaps.iter().find(|heap| heap.name == name);
    &found.unwrap_or_else(|| panic!("there is no {name}")).bytes
}

/// A file that somebody was given.
pub fn heap(name: impl Into<String>, bytes: Vec<u8>) -> Heap {
    Heap { name: name.into(), bytes }
}

fn addresses(program: &Program, service: &str) -> Value {
    let text = std::fs::read(program.folder().join("installation.json")).unwrap();
    let installation: Value = serde_json::from_slice(&text).unwrap();
    installation["services"][service].clone()
}

/// Subject, headers and content of every message of a service's stream.
async fn messages(program: &Program, service: &str) -> Heap {
    let url = addresses(program, service)["nats_url"].as_str().unwrap().to_owned();
    let (user, rest) = url.trim_start_matches("nats://").split_once(':').unwrap();
    let (password, server) = rest.split_once('@').unwrap();
    let options = async_nats::ConnectOptions::with_user_and_password(user.to_owned(), password.to_owned());
    let options = options.custom_inbox_prefix(format!("_INBOX_{service}"));
    let context = async_nats::jetstream::new(options.connect(server).await.unwrap());
    let name = format!("PLAUDIT_{}", service.to_uppercase());
    let stream = context.get_stream(&name).await.unwrap();
    let last = stream.get_info().await.unwrap().state.last_sequence;
    let mut bytes = Vec::new();
    for sequence in 1..=last {
        let message = stream.get_raw_message(sequence).await.unwrap();
        bytes.extend(format!("{}\n{:?}\n", message.subject, message.headers).into_bytes());
        bytes.extend(&message.payload[..]);
        bytes.push(b'\n');
    }
    heap(format!("stream {name}"), bytes)
}

/// Every row of every table, of the services' databases and of those of their
/// keys; bytes in it also as the bytes that they are.
pub async fn tables(program: &Program) -> Vec<Heap> {
    let mut heaps = Vec::new();
    for service in SERVICES {
        let addresses = addresses(program, service);
        for (url, database) in
            [("database_url", service.to_owned()), ("keys_url", format!("{service}'s keys"))]
        {
            let url = addresses[url].as_str().unwrap();
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(connection);
            let tables = "select table_name::text from information_schema.tables \
                 where table_schema = 'public' and table_type = 'BASE TABLE' order by 1";
            for table in client.query(tables, &[]).await.unwrap() {
                let table: String = table.get(0);
                let rows = client
                    .query(&format!("select t::text from \"{table}\" t order by 1"), &[])
                    .await
                    .unwrap();
                let text: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
                heaps.push(heap(format!("table {database}.{table}"), with_bytes(&text.join("\n"))));
            }
        }
    }
    heaps
}

/// PostgreSQL writes bytes as `\x` and hexadecimal digits.
fn with_bytes(text: &str) -> Vec<u8> {
    let mut heap = text.as_bytes().to_vec();
    for after in text.split("\\x").skip(1) {
        let digits: Vec<u8> = after.bytes().take_while(u8::is_ascii_hexdigit).collect();
        heap.push(b'\n');
        heap.extend(
            digits
                .chunks_exact(2)
                .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()),
        );
    }
    heap
}

fn files(folder: &std::path::Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // NATS may have finished with a file in this moment.
        bytes.extend(if path.is_dir() { files(&path) } else { std::fs::read(&path).unwrap_or_default() });
    }
    bytes
}

#[test]
fn bytes_in_rows_are_read_as_bytes() {
    let heap = with_bytes(r#"(1,"\\x616263",x)"#);
    assert!(heap.windows(3).any(|three| three == b"abc"));
}
