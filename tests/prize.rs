//! A prize in large: as many pitches and judges as wanted, played by the API.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::crowd::Crowd;
use crate::people::{Answer, Person};
use crate::program::Program;

/// From the second key to the result.
pub const RESULT_WITHIN: Duration = Duration::from_secs(60);
/// Requests at once.
const AT_ONCE: usize = 16;
/// How many judges mark a pitch.
pub const JUDGES_A_PITCH: usize = 3;

/// A programme, and everybody in it.
pub struct Prize {
    /// Who plays.
    pub crowd: Crowd,
    /// Its id.
    pub programme: String,
    /// What each entrant entered.
    pub pitches: Vec<String>,
    /// Where each entry lies among the events of submissions.
    positions: Vec<String>,
    started: Instant,
}

/// What came of it.
pub struct Won {
    /// The pitch that won, or any while none has.
    pub pitch: String,
    /// Its award, once there is one.
    pub award: Option<String>,
    /// The support that comes with it.
    pub support: Option<String>,
}

impl Won {
    /// Where a page is in this programme; none where it has no such thing.
    ///
    /// # Panics
    /// Where a part of a path is unknown: say here what stands for it.
    pub fn address(&self, prize: &Prize, path: &str) -> Option<String> {
        let filled: Option<Vec<&str>> = path.split('/').map(|part| self.part(prize, path, part)).collect();
        filled.map(|parts| parts.join("/"))
    }

    fn part<'a>(&'a self, prize: &'a Prize, path: &str, part: &'a str) -> Option<&'a str> {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            return Some(part);
        };
        match name {
            "id" | "programme" => Some(&prize.programme),
            "pitch" => Some(&self.pitch),
            "award" => self.award.as_deref(),
            "support" => self.support.as_deref(),
            "round" => Some("final"),
            "question" => Some("what"),
            "kind" => Some("result"),
            "position" => {
                let at = prize.pitches.iter().position(|pitch| *pitch == self.pitch)?;
                Some(&prize.positions[at])
            }
            "step" if path.contains("/setup/") => Some("prize"),
            "step" if path.contains("/awards/") => Some("approval"),
            "step" => Some("acceptance"),
            "hash" | "name" | "draft" | "attachment" | "file" => None,
            name => panic!("{path}: of what {{{name}}}?"),
        }
    }
}

impl Prize {
    /// Everything until every scorecard is in, before the round is locked.
    pub async fn marked(program: &Program, name: &str, entrants: usize, judges: usize) -> Self {
        let crowd = Crowd::of(program, name, entrants, judges);
        let drafted = crowd.ada.does("submissions/programmes", json!({ "title": name })).await;
        let (programme, started) = (drafted.id(), Instant::now());
        let mut prize = Self { crowd, programme, pitches: Vec::new(), positions: Vec::new(), started };
        prize.call().await;
        (prize.pitches, prize.positions) = prize.enter().await;
        prize.screen().await;
        prize.seat().await;
        assert_eq!(prize.mark().await, entrants * JUDGES_A_PITCH);
        prize
    }

    /// Says how long it has been, for whoever looks on.
    pub fn told(&self, what: &str) {
        println!("{:>8.1} s: {what}", self.started.elapsed().as_secs_f32());
    }

    /// A path of the programme's.
    pub fn of(&self, service: &str, rest: &str) -> String {
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

    async fn enter(&self) -> (Vec<String>, Vec<String>) {
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
        let entered =
            entered.await.into_iter().map(|made| (made.id(), made.body["position"].to_string())).unzip();
        self.two("submissions", "/call/closing").await;
        self.told("everybody has entered");
        entered
    }

    async fn screen(&self) {
        let screened = every(&self.pitches, async |pitch: &String| {
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

    /// What there is while nobody has won.
    pub fn running(&self) -> Won {
        Won { pitch: self.pitches[0].clone(), award: None, support: None }
    }

    /// Opens the marks. How long it took from the second key to the result,
    /// which has every pitch, and who won.
    pub async fn result(&self) -> (Duration, String) {
        self.ada("scoring", "/rounds/final/lock", json!({})).await;
        self.ada("scoring", "/rounds/final/unsealing", json!({})).await;
        let turned = Instant::now();
        let confirm = self.of("scoring", "/rounds/final/unsealing/confirmation");
        self.crowd.ben.does(&confirm, json!({})).await;
        self.told("the second key is turned");
        let first = self.of("scoring", "/rounds/final/result?limit=1000");
        let mut page = self.until(&first).await;
        let took = turned.elapsed();
        let mut ranked = Vec::new();
        loop {
            ranked.extend(page.body["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page.body["next"].as_str() else { break };
            page = self.until(&format!("{first}&after={next}")).await;
        }
        self.told("the result is read");
        assert_eq!(ranked.len(), self.pitches.len());
        let winner = ranked.iter().find(|one| one["rank"] == 1).unwrap();
        (took, winner["pitch"].as_str().unwrap().to_owned())
    }

    /// What follows by itself is there.
    async fn until(&self, path: &str) -> Answer {
        let asked = Instant::now();
        loop {
            let page = self.crowd.ada.reads(path).await;
            if page.status == StatusCode::OK {
                return page;
            }
            assert!(asked.elapsed() < 5 * RESULT_WITHIN, "not there: {page:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The winner gets the prize: approved, announced, accepted, with a payee,
    /// an agreement and some support.
    pub async fn award(&self, winner: String) -> Won {
        self.until(&self.of("awards", "/rounds/final/ranking")).await;
        let made = json!({ "round": "final", "prize": "first", "pitch": &winner });
        let award = self.ada("awards", "/awards", made).await.id();
        let of = |rest: &str| self.of("awards", &format!("/awards/{award}{rest}"));
        let Crowd { ada, ben, .. } = &self.crowd;
        let team = self.entrant(&winner);
        ben.does(&of("/approval"), json!({})).await;
        self.ada("awards", "/announcement", json!({})).await;
        team.does(&of("/acceptance"), json!({})).await;
        let payee = json!({ "name": "The team", "account": "73920184", "sort_code": "00-00-00" });
        team.does(&of("/payout/payee"), payee).await;
        ben.does(&of("/payout/payee/check"), json!({})).await;
        ada.does(&of("/payout/agreement"), json!({ "agreement": "It is spent on tools." })).await;
        let pledge = json!({ "what": "Time in a workshop", "quarters": 12, "unit": "hour", "award": award });
        let support = ben.does(&self.of("awards", "/support"), pledge).await.id();
        Won { pitch: winner, award: Some(award), support: Some(support) }
    }

    /// Whose pitch it is.
    pub fn entrant(&self, pitch: &str) -> &Person {
        let at = self.pitches.iter().position(|known| known == pitch).unwrap();
        &self.crowd.entrants[at]
    }

    /// A judge who marked it.
    pub async fn judge(&self, pitch: &str) -> &Person {
        for judge in &self.crowd.judges {
            let path = self.of("scoring", &format!("/rounds/final/scorecards/{pitch}"));
            if judge.reads(&path).await.status == StatusCode::OK {
                return judge;
            }
        }
        panic!("nobody marked {pitch}")
    }
}

/// The same for everybody, some at once; the answers in their order.
async fn every<T>(all: &[T], act: impl AsyncFn(&T) -> Answer) -> Vec<Answer> {
    futures_util::stream::iter(all.iter().map(|one| act(one))).buffered(AT_ONCE).collect().await
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
