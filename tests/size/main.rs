//! As many as there can be: 3,000 pitches, three scorecards each, 60 judges.
//! `make large` plays that; without PLAUDIT_LARGE it is the same in small.
#![allow(clippy::unwrap_used)]

mod crowd;

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use plaudit_tests::people::{Answer, Person};
use plaudit_tests::program::Program;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crowd::Crowd;

/// The most bytes that an event may have.
const MOST_BYTES: usize = 60_000;
/// From the second key to the result.
const RESULT_WITHIN: Duration = Duration::from_secs(60);
/// Requests at once.
const AT_ONCE: usize = 16;
const JUDGES_A_PITCH: usize = 3;

struct Prize {
    crowd: Crowd,
    programme: String,
    started: Instant,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_programme_of_the_greatest_size_has_its_result_within_a_minute() {
    let (pitches, judges) = if std::env::var_os("PLAUDIT_LARGE").is_some() { (3000, 60) } else { (60, 6) };
    let program = Program::start(&[]);
    let crowd = Crowd::of(&program, pitches, judges);
    let drafted = crowd.ada.does("submissions/programmes", json!({ "title": "The greatest" })).await;
    let prize = Prize { crowd, programme: drafted.id(), started: Instant::now() };
    prize.call().await;
    let entered = prize.enter().await;
    prize.screen(&entered).await;
    prize.seat().await;
    let handed_in = prize.mark().await;
    assert_eq!(handed_in, pitches * JUDGES_A_PITCH);
    let took = prize.result(pitches).await;
    let (events, largest) = largest(&program);
    program.is_sound();
    prize.told("live equals rebuilt");
    println!(
        "{pitches} pitches, {judges} judges, {handed_in} scorecards: {events} events, \
         the largest of {largest} bytes; the result {took:?} after the second key"
    );
    assert!(largest <= MOST_BYTES, "an event has {largest} bytes");
    assert!(took <= RESULT_WITHIN, "the result took {took:?}");
}

impl Prize {
    /// Says how long it has been, for whoever looks on.
    fn told(&self, what: &str) {
        println!("{:>8.1} s: {what}", self.started.elapsed().as_secs_f32());
    }

    fn of(&self, service: &str, rest: &str) -> String {
        format!("{service}/programmes/{}{rest}", self.programme)
    }

    async fn ada(&self, service: &str, rest: &str, body: Value) -> Answer {
        self.crowd.ada.does(&self.of(service, rest), body).await
    }

    async fn two(&self, service: &str, rest: &str) {
        self.ada(service, rest, json!({})).await;
        self.crowd.ben.does(&self.of(service, &format!("{rest}/confirmation")), json!({})).await;
    }

    async fn invite(&self, email: &str) -> String {
        let invited = self.ada("accounts", "/invitations", json!({ "email": email })).await;
        invited.body["member"].as_str().unwrap().to_owned()
    }

    async fn call(&self) {
        let ben = self.invite(&self.crowd.ben.email).await;
        self.ada("submissions", "/roles", json!({ "member": ben, "role": "organiser" })).await;
        self.crowd.ada.puts(&self.of("submissions", "/rulebook"), rulebook()).await;
        self.two("submissions", "/call/opening").await;
        self.told("the call is open");
    }

    async fn enter(&self) -> Vec<String> {
        let invited = every(&self.crowd.entrants, async |one: &Person| {
            self.crowd
                .ada
                .alone()
                .does(&self.of("accounts", "/invitations"), json!({ "email": one.email }))
                .await
        });
        for invited in invited.await {
            let invitee = json!({ "member": invited.body["member"] });
            self.ada("submissions", "/call/invitees", invitee).await;
        }
        self.told("everybody is invited");
        let entered = every(&self.crowd.entrants, async |one: &Person| {
            one.alone().does(&self.of("submissions", "/pitches"), entry(&one.email)).await
        });
        let entered: Vec<String> = entered.await.iter().map(Answer::id).collect();
        self.two("submissions", "/call/closing").await;
        self.told("everybody has entered");
        entered
    }

    async fn screen(&self, pitches: &[String]) {
        let screened = every(pitches, async |pitch: &String| {
            let path = self.of("submissions", &format!("/pitches/{pitch}/screening"));
            self.crowd.ada.alone().does(&path, json!({ "outcome": "eligible" })).await
        });
        screened.await;
        self.ada("submissions", "/screening/completion", json!({})).await;
        self.told("all are eligible");
    }

    async fn seat(&self) {
        let panel = "/rounds/final/panel";
        self.ada("panels", panel, json!({})).await;
        for judge in &self.crowd.judges {
            let member = self.invite(&judge.email).await;
            self.ada("panels", &format!("{panel}/judges"), json!({ "member": member })).await;
        }
        let declared = every(&self.crowd.judges, async |one: &Person| {
            let path = |rest: &str| self.of("panels", &format!("{panel}/{rest}"));
            one.does(&path("acceptance"), json!({ "confidentiality": true })).await;
            one.does(&path("declaration"), json!({ "none_for_the_rest": true })).await
        });
        declared.await;
        self.told("all judges have declared");
        self.ada("panels", &format!("{panel}/assignments"), json!({})).await;
        self.told("the plan is made");
        self.ada("panels", &format!("{panel}/readiness"), json!({})).await;
        self.ada("scoring", "/rounds/final/opening", json!({})).await;
        self.told("the round is open");
    }

    /// Every judge marks what is theirs; how many scorecards that were.
    async fn mark(&self) -> usize {
        let cards = self.of("scoring", "/rounds/final/scorecards");
        let mut own = Vec::new();
        for one in &self.crowd.judges {
            let listed = one.reads(&format!("{cards}?limit=1000")).await;
            let items = listed.body["items"].as_array().unwrap_or_else(|| panic!("{listed:?}"));
            own.extend(items.iter().map(|card| (one.clone(), card["pitch"].as_str().unwrap().to_owned())));
        }
        let sealed = every(&own, async |(one, pitch): &(Person, String)| {
            let mark = |salt: usize| (pitch.bytes().map(usize::from).sum::<usize>() * salt % 41) as f32 / 4.0;
            let marks = json!({ "impact": mark(7).to_string(), "team": mark(11).to_string() });
            let comment = "Clear, and worth doing. Say more about who pays.";
            let body = json!({ "marks": marks, "comment_to_entrant": comment });
            one.alone().does(&format!("{cards}/{pitch}/seal"), body).await
        });
        let sealed = sealed.await.len();
        self.told("all scorecards are in");
        sealed
    }

    /// From the second key to the result, which has every pitch.
    async fn result(&self, pitches: usize) -> Duration {
        self.ada("scoring", "/rounds/final/lock", json!({})).await;
        self.ada("scoring", "/rounds/final/unsealing", json!({})).await;
        let turned = Instant::now();
        let confirm = self.of("scoring", "/rounds/final/unsealing/confirmation");
        self.crowd.ben.does(&confirm, json!({})).await;
        self.told("the second key is turned");
        let (mut path, mut ranked) = (self.of("scoring", "/rounds/final/result?limit=1000"), 0);
        let first = path.clone();
        let mut took = None;
        loop {
            let page = self.crowd.ada.reads(&path).await;
            if page.status != StatusCode::OK {
                assert!(turned.elapsed() < 5 * RESULT_WITHIN, "no result: {page:?}");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
            took.get_or_insert_with(|| turned.elapsed());
            ranked += page.body["items"].as_array().unwrap().len();
            match page.body["next"].as_str() {
                Some(next) => path = format!("{first}&after={}", next.replace('\u{1f}', "%1F")),
                None => break,
            }
        }
        self.told("the result is read");
        assert_eq!(ranked, pitches);
        took.unwrap()
    }
}

/// The same for everybody, some at once; the answers in their order.
async fn every<T>(all: &[T], act: impl AsyncFn(&T) -> Answer) -> Vec<Answer> {
    futures_util::stream::iter(all.iter().map(|one| act(one))).buffered(AT_ONCE).collect().await
}

/// How many events there are, and the bytes of the largest.
fn largest(program: &Program) -> (usize, usize) {
    let events = program.tool_says(&["events"]);
    let sizes = events.lines().map(|line| line.split_once('\t').unwrap().1.len());
    (sizes.clone().count(), sizes.max().unwrap())
}

fn rulebook() -> Value {
    let rulebook = json!({
        "call": "invited",
        "deadline": "2099-01-01T12:00:00Z",
        "time_zone": "Europe/London",
        "languages": ["en-GB"],
        "form": [{ "id": "what", "required": true, "most_characters": 5000 }],
        "rounds": [{
            "id": "final",
            "kind": "desk",
            "end": "marks_only",
            "judges_per_pitch": JUDGES_A_PITCH,
            "quorum": JUDGES_A_PITCH,
            "tally": {
                "scale": { "min": "0", "max": "10", "step": "0.25" },
                "criteria": [{ "id": "impact", "weight": "2" }, { "id": "team", "weight": "1" }],
                "aggregation": "mean",
                "least_marks": 1,
                "ties": [{ "criterion": "impact" }, "most_first_places", "higher_median"],
            },
        }],
        "prizes": [{ "id": "first", "rank": 1, "amount": { "minor": 200_000, "currency": "GBP" } }],
        "pot": { "minor": 200_000, "currency": "GBP" },
        "marks": "public",
        "days_to_accept": 14,
        "days_kept": 365,
    });
    json!({ "rulebook": rulebook, "prose": "The best of very many." })
}

fn entry(who: &str) -> Value {
    let what = "A co-op that lends tools, and people who know how to use them. ".repeat(20);
    json!({ "title": format!("The tools of {who}"), "team_name": who, "answers": { "what": what }, "accept_rules": true })
}
