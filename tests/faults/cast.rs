//! The people: two organisers, and entrants who also pledge support.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use plaudit_tests::people::{Person, Seen};
use plaudit_tests::program::Program;
use serde_json::{Value, json};
use uuid::Uuid;

/// How many entrants there are. Several callers share one, and so want to
/// change the same pitches at the same time.
const ENTRANTS: usize = 6;

/// Somebody, with a seat in the programme that is under load.
#[derive(Clone)]
pub struct Player {
    pub person: Person,
    /// A session's.
    pub token: String,
    /// As events name them.
    pub actor: String,
    /// The pitches that they have entered.
    pub pitches: Arc<Mutex<Vec<Uuid>>>,
}

/// Everybody, and what they have in common.
#[derive(Clone)]
pub struct Cast {
    /// The programme that is under load.
    pub programme: String,
    pub organisers: Vec<Player>,
    pub entrants: Vec<Player>,
    /// A member who is made a helper, and no longer, and again.
    pub helper: String,
    /// Whether they are one just now.
    pub helping: Arc<AtomicBool>,
}

impl Cast {
    /// Signs everybody in and opens a programme for them.
    pub async fn gather(program: &Program) -> Self {
        let mut people = Vec::new();
        let organisers = ["rhiannon", "kofi"].map(str::to_owned);
        let entrants = (1..=ENTRANTS).map(|number| format!("entrant-{number}"));
        for name in organisers.into_iter().chain(entrants) {
            people.push(sign_in(program, &format!("{name}@faults.example.org")).await);
        }
        let persons: Vec<&Person> = people.iter().map(|(person, _)| person).collect();
        let programme = open_call(&persons, "2100-01-01T00:00:00Z").await;
        let invitations = format!("accounts/programmes/{programme}/invitations");
        let invited = persons[0].does(&invitations, json!({ "email": "helper@faults.example.org" })).await;
        let helper = invited.body["member"].as_str().unwrap().to_owned();
        let mut players = Vec::new();
        for (person, token) in &people {
            let me = person.reads(&format!("accounts/programmes/{programme}/me")).await;
            players.push(Player {
                person: person.clone(),
                token: token.clone(),
                actor: format!("member/{}", me.body["member"].as_str().unwrap()),
                pitches: Arc::default(),
            });
        }
        let entrants = players.split_off(2);
        Self { programme, organisers: players, entrants, helper, helping: Arc::default() }
    }

    pub fn everybody(&self) -> impl Iterator<Item = &Player> {
        self.organisers.iter().chain(&self.entrants)
    }

    /// A second programme, whose deadline comes soon and closes it by itself;
    /// two entrants have finished drafts for it, a third has not. Answers it
    /// and the drafts that will enter.
    pub async fn call_with_drafts(&self, deadline: jiff::Timestamp) -> (String, Vec<String>) {
        let people: Vec<&Person> = self.everybody().map(|player| &player.person).collect();
        let programme = open_call(&people, &deadline.to_string()).await;
        let drafts = format!("submissions/programmes/{programme}/drafts");
        let mut entering = Vec::new();
        for (number, entrant) in self.entrants.iter().take(3).enumerate() {
            let begun = entrant.person.does(&drafts, json!({})).await;
            let content =
                if number < 2 { entry("A draft that enters itself") } else { json!({ "title": "Not yet" }) };
            let begun_at = begun.etag.clone().unwrap();
            let path = format!("{drafts}/{}", begun.id());
            entrant.person.with_header("if-match", &begun_at).puts(&path, content).await;
            entering.extend((number < 2).then(|| begun.id()));
        }
        (programme, entering)
    }
}

/// An entry that the rulebook takes.
pub fn entry(title: &str) -> Value {
    json!({
        "title": title,
        "team_name": "Whoever comes",
        "gate": { "young": true },
        "answers": { "pitch": "It will still be there." },
        "accept_rules": true,
    })
}

/// Signs in by the code that the program would have mailed.
async fn sign_in(program: &Program, email: &str) -> (Person, String) {
    let anyone = Person::anyone(program.url(), &Seen::default());
    let asked = anyone.attempts("accounts/sign-in", json!({ "email": email })).await;
    let challenge = asked.body["challenge"].as_str().unwrap_or_else(|| panic!("{asked:?}"));
    let mails = reqwest::get(format!("{}/dev/mail", program.url())).await.unwrap().bytes().await.unwrap();
    let mails: Value = serde_json::from_slice(&mails).unwrap();
    let mail = mails["items"].as_array().unwrap().iter().find(|mail| mail["to"] == email).unwrap();
    let words = mail["text"].as_str().unwrap().split_whitespace();
    let code = words.into_iter().find(|word| word.len() == 6 && word.parse::<u32>().is_ok()).unwrap();
    let signed_in = anyone.attempts(&format!("accounts/sign-in/{challenge}"), json!({ "code": code })).await;
    let token =
        signed_in.body["session_token"].as_str().unwrap_or_else(|| panic!("{signed_in:?}")).to_owned();
    (Person::with_token(program.url(), &Seen::default(), email, &token), token)
}

/// A programme whose call anybody may answer; the first two organise it.
async fn open_call(people: &[&Person], deadline: &str) -> String {
    let (first, second) = (people[0], people[1]);
    let drafted = first.does("submissions/programmes", json!({ "title": "Whatever fails" })).await;
    let programme = drafted.id();
    let submissions = format!("submissions/programmes/{programme}");
    let invitations = format!("accounts/programmes/{programme}/invitations");
    let invited = first.does(&invitations, json!({ "email": second.email })).await;
    let role = json!({ "member": invited.body["member"], "role": "organiser" });
    first.does(&format!("{submissions}/roles"), role).await;
    first.puts(&format!("{submissions}/rulebook"), rulebook(deadline)).await;
    first.does(&format!("{submissions}/call/opening"), json!({})).await;
    second.does(&format!("{submissions}/call/opening/confirmation"), json!({})).await;
    programme
}

fn rulebook(deadline: &str) -> Value {
    json!({
        "prose": "Pitch. Whoever is best wins.",
        "rulebook": {
            "call": "open",
            "deadline": deadline,
            "time_zone": "Europe/London",
            "languages": ["en-GB"],
            "gate": [{ "id": "young" }],
            "form": [{ "id": "pitch", "required": true, "most_characters": 500 }],
            "rounds": [{
                "id": "final",
                "kind": "desk",
                "end": "marks_only",
                "quorum": 1,
                "tally": {
                    "scale": { "min": "0", "max": "10", "step": "1" },
                    "criteria": [{ "id": "idea", "weight": "1" }],
                    "aggregation": "mean",
                    "least_marks": 1,
                },
            }],
            "prizes": [{ "id": "first", "rank": 1, "amount": { "minor": 200_000, "currency": "GBP" } }],
            "pot": { "minor": 200_000, "currency": "GBP" },
            "marks": "public",
            "days_to_accept": 14,
            "days_kept": 365,
        },
    })
}
