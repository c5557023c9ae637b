//! The load: callers who ask, note what they are told, and repeat with its
//! key whatever nobody answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::cast::{Cast, Player, entry};
use crate::ledger::{Answered, Asked, CutOff, Fate, Ledger};

/// Callers who enter, replace and pledge.
const ENTERING: usize = 18;
/// Callers who invite; the first of them also gives and takes back a role.
const ORGANISING: usize = 2;

/// The longest pause between an answer and the next command.
const THINKING: u64 = 30;
/// How long after a try without an answer it is made again.
const AGAIN: Duration = Duration::from_millis(100);
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// When a caller stops believing that there will ever be an answer.
const NEVER: Duration = Duration::from_secs(120);

/// Callers at work.
pub struct Load {
    enough: Arc<AtomicBool>,
    callers: JoinSet<()>,
}

impl Load {
    /// Sets everybody to work. With several addresses, callers begin at
    /// different ones, and a command without an answer is repeated at the
    /// next.
    pub fn start(cast: &Cast, ledger: &Ledger, addresses: &[String], seed: u64) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let mut callers = JoinSet::new();
        let line = Line { client: client(), addresses: addresses.to_vec(), ledger: ledger.clone() };
        for number in 0..ENTERING + ORGANISING {
            let (player, work) = match number.checked_sub(ENTERING) {
                None => (&cast.entrants[number % cast.entrants.len()], Work::Entering),
                Some(0) => (&cast.organisers[0], Work::Organising { roles: true }),
                Some(other) => (&cast.organisers[other], Work::Organising { roles: false }),
            };
            let caller = Caller {
                cast: cast.clone(),
                player: player.clone(),
                work,
                rng: StdRng::seed_from_u64(seed.wrapping_add(number as u64)),
                line: line.clone(),
                at: AtomicUsize::new(number),
            };
            callers.spawn(caller.call(enough.clone()));
        }
        Self { enough, callers }
    }

    /// Lets everybody finish: what was not answered is repeated until it is.
    pub async fn stop(mut self) {
        self.enough.store(true, Ordering::Relaxed);
        while let Some(caller) = self.callers.join_next().await {
            caller.unwrap();
        }
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().timeout(PATIENCE).build().unwrap()
}

/// Where commands are sent, and noted.
#[derive(Clone)]
struct Line {
    client: reqwest::Client,
    addresses: Vec<String>,
    ledger: Ledger,
}

#[derive(Clone, Copy)]
enum Work {
    Entering,
    Organising { roles: bool },
}

struct Caller {
    cast: Cast,
    player: Player,
    work: Work,
    rng: StdRng,
    line: Line,
    /// Which address is asked.
    at: AtomicUsize,
}

impl Caller {
    async fn call(mut self, enough: Arc<AtomicBool>) {
        while !enough.load(Ordering::Relaxed) {
            let asked = match self.work {
                Work::Entering => self.enter_or_pledge(),
                Work::Organising { roles } => self.organise(roles),
            };
            let fresh = asked.path.ends_with("/pitches");
            let number = self.line.ledger.note(asked.clone());
            let fate = self.until_answered(number, &asked).await;
            if let Fate::Answered(answered) = &fate
                && fresh
            {
                self.player.pitches.lock().unwrap().push(answered.id);
            }
            self.line.ledger.settle(number, fate);
            let pause = Duration::from_millis(self.rng.random_range(0..THINKING));
            tokio::time::sleep(pause).await;
        }
    }

    fn enter_or_pledge(&mut self) -> Asked {
        let title = format!("Number {}", self.rng.random_range(0..1_000_000));
        let latest = self.player.pitches.lock().unwrap().last().copied();
        match (self.rng.random_range(0..10), latest) {
            (0..5, _) => {
                let quarters = self.rng.random_range(1..40);
                self.asks("awards", "support", json!({ "what": title, "quarters": quarters, "unit": "hour" }))
            }
            (5..8, Some(pitch)) => {
                self.asks("submissions", &format!("pitches/{pitch}/submissions"), entry(&title))
            }
            _ => self.asks("submissions", "pitches", entry(&title)),
        }
    }

    fn organise(&mut self, roles: bool) -> Asked {
        if roles && self.rng.random_range(0..4) == 0 {
            let role = json!({ "member": self.cast.helper, "role": "helper" });
            // One caller alone does this, each time after it was answered.
            return match self.cast.helping.fetch_xor(true, Ordering::Relaxed) {
                true => self.asks("submissions", "roles/revocation", role),
                false => self.asks("submissions", "roles", role),
            };
        }
        let email = format!("{}@guests.example.org", Uuid::from_u128(self.rng.random()));
        self.asks("accounts", "invitations", json!({ "email": email }))
    }

    fn asks(&mut self, service: &'static str, what: &str, body: Value) -> Asked {
        Asked {
            key: Uuid::from_u128(self.rng.random()).to_string(),
            service,
            path: format!("{service}/programmes/{}/{what}", self.cast.programme),
            body: body.to_string(),
            actor: self.player.actor.clone(),
        }
    }

    async fn until_answered(&self, number: usize, asked: &Asked) -> Fate {
        let began = Instant::now();
        while began.elapsed() < NEVER {
            let at = self.at.load(Ordering::Relaxed) % self.line.addresses.len();
            let sent = Timestamp::now();
            match say(&self.line.client, &self.line.addresses[at], &self.player.token, asked).await {
                Heard::Settled(fate) => return fate,
                Heard::Nothing => {
                    self.line.ledger.cut_off(number, CutOff { sent, noticed: Timestamp::now() });
                }
                Heard::Later => {}
            }
            self.at.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(AGAIN).await;
        }
        Fate::Open
    }
}

/// What a caller hears.
pub enum Heard {
    /// An answer that stands.
    Settled(Fate),
    /// Not now: it was not sent, or whoever took it said so.
    Later,
    /// Nothing, though it was sent: done or not.
    Nothing,
}

/// Says a command once.
pub async fn say(client: &reqwest::Client, address: &str, token: &str, asked: &Asked) -> Heard {
    let request = client
        .post(format!("{address}/api/{}", asked.path))
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", &asked.key)
        .header("content-type", "application/json")
        .body(asked.body.clone());
    let heard = async {
        let answer = request.send().await?;
        let status = answer.status();
        Ok((status, answer.bytes().await?))
    };
    match heard.await {
        Ok((status, body)) => heard_as(status, &body),
        Err(error) => nothing_heard(&error),
    }
}

fn nothing_heard(error: &reqwest::Error) -> Heard {
    if error.is_connect() { Heard::Later } else { Heard::Nothing }
}

fn heard_as(status: StatusCode, body: &[u8]) -> Heard {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let id = said["id"].as_str().or(said["member"].as_str()).and_then(|id| id.parse().ok());
    let too_many = said["type"].as_str().is_some_and(|kind| kind.ends_with("too-many-at-once"));
    match id {
        Some(id) if status.is_success() => Heard::Settled(Fate::Answered(Answered {
            status: status.as_u16(),
            id,
            version: said["version"].as_u64(),
            position: said["position"].as_u64(),
        })),
        _ if status == StatusCode::SERVICE_UNAVAILABLE || too_many => Heard::Later,
        _ => Heard::Settled(Fate::Refused(format!("{status}: {said}"))),
    }
}
