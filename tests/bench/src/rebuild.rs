//! A million scoring events into a read model anew, beside stock replay and
//! a bare COPY of the same bytes.

use std::time::Instant;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::SinkExt;
use plaudit_chassis::Service;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, RoundId, ScorecardId};
use plaudit_servers::Servers;
use serde_json::json;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::report::{Report, rate, rounded};
use crate::stand::{Failure, settings};
use crate::stock;

const EVENTS: usize = 1_000_000;
const STOCK_EVENTS: i64 = 50_000;

pub async fn run(servers: &Servers, report: &mut Report) -> Result<(), Failure> {
    let mut module = plaudit_scoring::module();
    module.read_models.retain(|model| model.name() == "scorecards");
    assert_eq!(module.read_models.len(), 1, "the read model that is measured");
    let scoring = Service::at_rest(module, settings(servers, "scoring")?).await?;
    let (client, connection) = tokio_postgres::connect(servers.database_url("scoring")?, NoTls).await?;
    tokio::spawn(connection);
    let log = million();
    fill(&client, &log).await?;
    client.batch_execute("create unlogged table copied (position bigint, bytes bytea)").await?;
    let copied = Instant::now();
    copy(&client, "copy copied (position, bytes) from stdin binary", &log, false).await?;
    let copied = copied.elapsed().as_secs_f64();
    client.batch_execute("drop table copied; analyze events").await?;
    let started = Instant::now();
    let rebuilt = scoring.rebuild().await?;
    let ours = started.elapsed().as_secs_f64();
    assert_eq!(rebuilt[0].events, EVENTS as u64, "{rebuilt:?}");
    let stock = stock_replay(servers).await?;
    report.note(
        "rebuild",
        json!({
            "plaudit": rate(EVENTS, ours), "copy": rate(EVENTS, copied), "postgres_es": stock.round(),
            "plaudit / postgres_es": rounded(EVENTS as f64 / ours / stock, 1),
            "events": EVENTS, "postgres_es events": STOCK_EVENTS, "rows": rebuilt[0].rows,
        }),
    );
    Ok(())
}

async fn stock_replay(servers: &Servers) -> Result<f64, Failure> {
    let pool = stock::pool(servers).await?;
    sqlx::query(
        "delete from events where aggregate_id not in \
         (select aggregate_id from events order by aggregate_id limit $1)",
    )
    .bind(STOCK_EVENTS)
    .execute(&pool)
    .await?;
    let events: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&pool).await?;
    let started = Instant::now();
    stock::replay(pool.clone()).await?;
    let seconds = started.elapsed().as_secs_f64();
    let rows: i64 = sqlx::query_scalar("select count(*) from rows_of_members").fetch_one(&pool).await?;
    assert!(rows > 0 && rows <= events, "stock replayed nothing");
    Ok(events as f64 / seconds)
}

struct Line {
    stream: String,
    version: i64,
    kind: &'static str,
    bytes: Vec<u8>,
}

const PROGRAMME: ProgrammeId = ProgrammeId(Uuid::from_u128(7));

/// Half a million scorecards, each expected and sealed.
fn million() -> Vec<Line> {
    let round = RoundId::of(PROGRAMME, "final");
    let mut lines = Vec::with_capacity(EVENTS);
    for number in 0..(EVENTS / 2) as u128 {
        let judge = MemberId(Uuid::from_u128(1_000 + number % 60));
        let pitch = PitchId(Uuid::from_u128(1_000_000 + number / 60));
        let scorecard = ScorecardId::of(JudgeId::of(round, judge), pitch).stream().to_string();
        let expected = json!({ "round": round.0, "pitch": pitch.0, "judge": judge.0 });
        let seal = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        let sealed = json!({ "sealing": 1, "marks": seal, "commentToPanel": seal, "round": round.0,
            "receivedAt": "2026-11-23T10:00:00.123Z" });
        for (version, kind, data) in [
            (1, "plaudit.scoring.v1.ScorecardExpected", expected),
            (2, "plaudit.scoring.v1.ScorecardSealed", sealed),
        ] {
            let bytes = json!({ "specversion": "1.0", "id": Uuid::new_v4(), "source": "scoring", "type": kind,
                "subject": scorecard, "time": "2026-11-23T10:00:00.123Z", "version": version,
                "programme": PROGRAMME.0, "actor": format!("member/{judge}"), "command": Uuid::new_v4(),
                "nonce": "MDEyMzQ1Njc4OWFiY2RlZg", "basis": "panels/123,submissions/456", "data": data });
            lines.push(Line {
                stream: scorecard.clone(),
                version,
                kind,
                bytes: bytes.to_string().into_bytes(),
            });
        }
    }
    lines
}

async fn fill(client: &Client, log: &[Line]) -> Result<(), Failure> {
    let statement = "copy events (position, bytes, stream, version, type, programme) from stdin binary";
    copy(client, statement, log, true).await?;
    client.execute("update head set position = $1", &[&(log.len() as i64)]).await?;
    Ok(())
}

async fn copy(client: &Client, statement: &str, log: &[Line], whole: bool) -> Result<(), Failure> {
    let sink = client.copy_in::<_, Bytes>(statement).await?;
    futures_util::pin_mut!(sink);
    let mut buffer = BytesMut::new();
    buffer.put_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
    for (position, line) in (1_i64..).zip(log) {
        buffer.put_i16(if whole { 6 } else { 2 });
        field(&mut buffer, &position.to_be_bytes());
        field(&mut buffer, &line.bytes);
        if whole {
            field(&mut buffer, line.stream.as_bytes());
            field(&mut buffer, &line.version.to_be_bytes());
            field(&mut buffer, line.kind.as_bytes());
            field(&mut buffer, PROGRAMME.0.as_bytes());
        }
        if buffer.len() > 1 << 19 {
            sink.send(buffer.split().freeze()).await?;
        }
    }
    buffer.put_i16(-1);
    sink.send(buffer.freeze()).await?;
    sink.finish().await?;
    Ok(())
}

fn field(buffer: &mut BytesMut, bytes: &[u8]) {
    buffer.put_i32(bytes.len() as i32);
    buffer.put_slice(bytes);
}
