//! What files there are, where each comes from, and its columns.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use crate::api::{Money, Role};
use crate::awarding::desk::Desk;
use crate::results::names::Names;
use crate::words::in_wholes;

/// A kind of file.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    pub title: &'static str,
    pub says: &'static str,
    /// The API's list: after `/api/`, `{p}` being the programme and `{r}` a
    /// round; one list a round then.
    list: &'static str,
    columns: &'static [(&'static str, Cell)],
}

/// How a cell is made of an entry; the text is a JSON pointer into it.
#[derive(Clone, Copy)]
pub enum Cell {
    /// Which round the list is of.
    Round,
    /// As it stands.
    As(&'static str),
    /// The title of the pitch whose id this is.
    Title(&'static str),
    /// Its team.
    Team(&'static str),
    /// The name of the member whose id this is.
    Member(&'static str),
    /// A figure of money in whole units, such as pounds.
    Amount(&'static str),
    /// Quarters as a decimal.
    Quarters(&'static str),
    /// Every entry of a list, by its field.
    Each(&'static str, &'static str),
}

/// A column: its head, and how its cells are made.
pub type Column = (String, Making);

/// Of the tables above, or an answer of a pitch.
pub enum Making {
    Cell(Cell),
    Answer(String),
    /// What a member may do, by their id.
    Roles(BTreeMap<Uuid, String>),
}

/// A list to be read: the round that it is of, and where it is.
pub type List = (String, String);

use Cell::{Amount, As, Each, Member, Quarters, Round, Team, Title};

/// All files.
pub const KINDS: [Kind; 10] = [
    Kind {
        name: "pitches",
        title: "Pitches",
        says: "Every pitch with its team and answers",
        list: "submissions/programmes/{p}/pitches",
        columns: &[
            ("pitch", As("/id")),
            ("title", As("/title")),
            ("team", As("/team_name")),
            ("stands", As("/progress/standing")),
            ("version", As("/progress/submission")),
            ("arrived", As("/progress/received_at")),
        ],
    },
    Kind {
        name: "screening",
        title: "Screening",
        says: "What was decided about each pitch, by whom and why",
        list: "submissions/programmes/{p}/pitches",
        columns: &[
            ("pitch", As("/id")),
            ("title", As("/title")),
            ("team", As("/team_name")),
            ("stands", As("/progress/standing")),
            ("outcome", As("/progress/screening/outcome")),
            ("reason", As("/progress/screening/reason")),
            ("words", As("/progress/screening/words")),
            ("second look", As("/progress/screening/again")),
            ("by", Member("/progress/screening/by")),
            ("question", As("/progress/question")),
            ("answer", As("/progress/answer")),
        ],
    },
    Kind {
        name: "panel",
        title: "Panel",
        says: "Judges, their offices, whether they accepted and declared",
        list: "panels/programmes/{p}/rounds/{r}/panel/judges",
        columns: &[
            ("round", Round),
            ("judge", Member("/member")),
            ("seat", As("/judge")),
            ("office", As("/office")),
            ("independent", As("/independent")),
            ("most pitches", As("/cap")),
            ("stands", As("/status")),
            ("declared", As("/declared")),
            ("assigned", As("/assigned")),
        ],
    },
    Kind {
        name: "assignments",
        title: "Assignments",
        says: "Who judges what",
        list: "panels/programmes/{p}/rounds/{r}/panel/assignments",
        columns: &[
            ("round", Round),
            ("title", Title("/pitch")),
            ("team", Team("/pitch")),
            ("judge", Member("/member")),
            ("since", As("/made_at")),
            ("pitch", As("/pitch")),
            ("seat", As("/judge")),
        ],
    },
    Kind {
        name: "progress",
        title: "Progress of the scoring",
        says: "Which score sheets are in; no marks",
        list: "scoring/programmes/{p}/rounds/{r}/scorecards",
        columns: &[
            ("round", Round),
            ("title", Title("/pitch")),
            ("team", Team("/pitch")),
            ("stands", As("/status")),
            ("times handed in", As("/sealing")),
            ("reason", As("/reason")),
            ("pitch", As("/pitch")),
            ("seat", As("/judge")),
        ],
    },
    Kind {
        name: "results",
        title: "Results",
        says: "Ranks and totals, once a result is declared",
        list: "scoring/programmes/{p}/rounds/{r}/result",
        columns: &[
            ("round", Round),
            ("rank", As("/rank")),
            ("shared by", As("/shared_by")),
            ("title", Title("/pitch")),
            ("team", Team("/pitch")),
            ("total", As("/total")),
            ("score sheets", As("/scorecards")),
            ("running order", As("/order")),
            ("pitch", As("/pitch")),
        ],
    },
    Kind {
        name: "awards",
        title: "Awards",
        says: "Who gets what, who decided it, and when",
        list: "awards/programmes/{p}/awards",
        columns: &[
            ("prize", As("/prize")),
            ("title", Title("/pitch")),
            ("team", Team("/pitch")),
            ("amount", Amount("/amount")),
            ("currency", As("/amount/currency")),
            ("rank", As("/rank")),
            ("departs because", As("/departure")),
            ("stands", As("/status")),
            ("proposed by", Member("/proposed_by")),
            ("proposed", As("/proposed_at")),
            ("approved by", Member("/approved_by")),
            ("approved", As("/approved_at")),
            ("announced", As("/announced_at")),
            ("answer by", As("/accept_by")),
            ("answered", As("/answered_at")),
            ("award", As("/id")),
        ],
    },
    Kind {
        name: "payments",
        title: "Payments",
        says: "How far each payment is; no bank details",
        list: "awards/programmes/{p}/awards",
        columns: &[
            ("award", As("/id")),
            ("prize", As("/prize")),
            ("team", Team("/pitch")),
            ("amount", Amount("/amount")),
            ("currency", As("/amount/currency")),
            ("award stands", As("/status")),
            ("payment", As("/payout")),
        ],
    },
    Kind {
        name: "support",
        title: "Business support",
        says: "What was pledged, delivered and confirmed, and what is owed",
        list: "awards/programmes/{p}/support",
        columns: &[
            ("what", As("/what")),
            ("by", Member("/by")),
            ("for", Team("/pitch")),
            ("stands", As("/status")),
            ("unit", As("/unit")),
            ("pledged", Quarters("/quarters")),
            ("owed", Quarters("/owed")),
            ("planned for", Each("/scheduled", "at")),
            ("evidence", Each("/deliveries", "evidence")),
            ("pledge", As("/id")),
        ],
    },
    Kind {
        name: "members",
        title: "People",
        says: "Names and roles",
        list: "accounts/programmes/{p}/members",
        columns: &[("name", As("/name")), ("stands", As("/state")), ("member", As("/member"))],
    },
];

/// Where a kind's entries are.
pub fn lists(kind: &Kind, desk: &Desk) -> Vec<List> {
    let path = kind.list.replace("{p}", &desk.programme.id.to_string());
    if !path.contains("{r}") {
        return vec![(String::new(), path)];
    }
    let rounds = desk.programme.rulebook.iter().flat_map(|rulebook| &rulebook.rounds);
    rounds.map(|round| (round.id.clone(), path.replace("{r}", &round.id))).collect()
}

/// A kind's columns; pitches have one for each question of the form.
pub fn columns(kind: &Kind, desk: &Desk) -> Vec<Column> {
    let mut columns: Vec<Column> =
        kind.columns.iter().map(|(head, cell)| ((*head).to_owned(), Making::Cell(*cell))).collect();
    if kind.name == "pitches" {
        let questions = desk.programme.rulebook.iter().flat_map(|rulebook| &rulebook.form);
        columns.extend(
            questions.map(|question| (desk.wording.says(&question.id), Making::Answer(question.id.clone()))),
        );
    }
    if kind.name == "members" {
        columns.insert(1, ("roles".to_owned(), Making::Roles(roles(desk))));
    }
    columns
}

fn roles(desk: &Desk) -> BTreeMap<Uuid, String> {
    let called = |role: &Role| match role {
        Role::Organiser => "organiser",
        Role::Approver => "approver",
        Role::Helper => "helper",
        Role::Teller => "teller",
    };
    let people = desk.programme.people.iter().flat_map(|people| &people.roles);
    people.map(|of| (of.member, of.roles.iter().map(called).collect::<Vec<_>>().join("; "))).collect()
}

impl Making {
    /// The cell of an entry.
    pub fn cell(&self, entry: &Value, round: &str, names: &Names) -> String {
        match self {
            Self::Answer(id) => plain(entry.get("answers").and_then(|answers| answers.get(id))),
            Self::Roles(roles) => {
                let member =
                    entry.get("member").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
                member.and_then(|member| roles.get(&member)).cloned().unwrap_or_default()
            }
            Self::Cell(cell) => cell.of(entry, round, names),
        }
    }
}

impl Cell {
    fn of(self, entry: &Value, round: &str, names: &Names) -> String {
        let id = |at: &str| entry.pointer(at).and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
        let called = |at: &str| id(at).and_then(|pitch| names.called(pitch)).cloned().unwrap_or_default();
        match self {
            Round => round.to_owned(),
            As(at) => plain(entry.pointer(at)),
            Title(at) => called(at).title.unwrap_or_default(),
            Team(at) => called(at).team_name.unwrap_or_default(),
            Member(at) => id(at).and_then(|member| names.known(member)).unwrap_or_default().to_owned(),
            Amount(at) => entry.pointer(at).map(amount).unwrap_or_default(),
            Quarters(at) => entry.pointer(at).and_then(Value::as_u64).map(in_wholes).unwrap_or_default(),
            Each(at, field) => {
                let entries = entry.pointer(at).and_then(Value::as_array).into_iter().flatten();
                let texts = entries.map(|entry| plain(entry.get(field)));
                texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
            }
        }
    }
}

fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(other) => other.to_string(),
    }
}

/// Money as a spreadsheet adds it up: no sign, no thousands.
fn amount(value: &Value) -> String {
    let Ok(money) = serde_json::from_value::<Money>(value.clone()) else { return String::new() };
    let written = crate::words::money(&money);
    written.chars().filter(|letter| letter.is_ascii_digit() || matches!(letter, '.' | '-')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_what_a_spreadsheet_can_use() {
        let entry = serde_json::json!({
            "amount": {"minor": 1_234_550, "currency": "GBP"}, "quarters": 10, "rank": 1, "no": null, "declared": true,
            "deliveries": [{"evidence": "a day"}, {"evidence": null}, {"evidence": "an afternoon"}],
            "pitch": "37baa408-f0a3-4365-9747-7620987c4442",
        });
        let pitch = Uuid::from_u128(0x37baa408_f0a3_4365_9747_7620987c4442);
        let names = Names::for_tests(&[(pitch, "The rota", "Handover")], &[]);
        for (cell, text) in [
            (Amount("/amount"), "12345.50"),
            (As("/amount/currency"), "GBP"),
            (Quarters("/quarters"), "2.5"),
            (As("/rank"), "1"),
            (As("/no"), ""),
            (As("/missing/entirely"), ""),
            (As("/declared"), "yes"),
            (Each("/deliveries", "evidence"), "a day; an afternoon"),
            (Team("/pitch"), "Handover"),
            (Title("/pitch"), "The rota"),
            (Member("/pitch"), ""),
            (Round, "final"),
        ] {
            assert_eq!(cell.of(&entry, "final", &names), text);
        }
    }

    #[test]
    fn no_file_asks_for_accounts_or_marks() {
        for kind in KINDS {
            assert!(!kind.list.contains("payout"), "{}", kind.name);
            for (head, cell) in kind.columns {
                if let As(at) = cell {
                    assert!(
                        !at.contains("marks") && !at.contains("account") && !at.contains("comment"),
                        "{head}"
                    );
                }
            }
        }
    }
}
