//! The expectations, as they are written:
//!
//! ```text
//! POST /awards/programmes/{programme}/awards        a route; {pitch=other}: of another thing than usual
//!     {"pitch": "$pitch"}                           its body; $name: something of the play
//!     amy ben            ........YYYY               these roles, a sign a phase
//!     others             -                          all that aren't named; the same in every phase
//! ```
//!
//! | sign | what is answered | status |
//! |---|---|---|
//! | `Y` | yes: a reading is shown, a writing would be done | 200, 412 |
//! | `n` | theirs to do, but not now | 409 |
//! | `x` | theirs to do, but in other words | 422 |
//! | `2` | not by the person who proposed it | 403 |
//! | `-` | they may know of it, but not do it | 403 |
//! | `.` | there is no such thing, or not for them to know | 404 |
//! | `?` | sign in first | 401 |
//! | `o` | it is over | 410 |
//! | `D` | yes, and it is done each time: it does no harm | 2xx |
//! | `E` | yes: it is done once, at the end | 2xx |

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::cast::ROLES;
use crate::phases::PHASES;
use crate::routes::Route;

const FILES: [(&str, &str); 7] = [
    ("submissions.txt", include_str!("expectations/submissions.txt")),
    ("panels.txt", include_str!("expectations/panels.txt")),
    ("scoring.txt", include_str!("expectations/scoring.txt")),
    ("awards.txt", include_str!("expectations/awards.txt")),
    ("accounts.txt", include_str!("expectations/accounts.txt")),
    ("audit.txt", include_str!("expectations/audit.txt")),
    ("notify.txt", include_str!("expectations/notify.txt")),
];

/// What takes a session, a device or another provider, and everybody here has a
/// token: accounts' own tests do it.
const DONE_ELSEWHERE: [&str; 9] = [
    "DELETE /accounts/me/passkeys/{id}",
    "POST /accounts/me/passkeys",
    "POST /accounts/me/passkeys/begin",
    "POST /accounts/me/second-key",
    "POST /accounts/me/second-key/passkey",
    "POST /accounts/me/second-key/passkey/{challenge}",
    "POST /accounts/me/second-key/{challenge}",
    "POST /accounts/sign-in/oidc",
    "POST /accounts/sign-in/oidc/{challenge}",
];

/// A role's signs, one a phase.
pub type Signs = Vec<char>;

/// A heading with what each role may expect.
pub struct Block {
    pub heading: String,
    pub body: Option<Value>,
    /// Where it is written.
    pub place: String,
    pub signs: BTreeMap<&'static str, Signs>,
}

/// What everybody may expect of one route, asked in one way.
pub struct Row {
    pub route: Route,
    pub body: Option<Value>,
    pub place: String,
    pub signs: BTreeMap<&'static str, Signs>,
}

pub struct Table {
    pub rows: Vec<Row>,
}

impl Table {
    pub fn read() -> Self {
        let blocks = FILES.into_iter().flat_map(|(file, text)| blocks(file, text, "Ynx2-.?oDE"));
        let rows = blocks.map(|Block { heading, body, place, signs }| Row {
            route: Route::read(&heading),
            body,
            place,
            signs,
        });
        Self { rows: rows.collect() }
    }

    /// Neither a route without a row nor a row without a route.
    pub fn is_of(&self, described: &BTreeSet<String>) {
        let written: BTreeSet<String> = self.rows.iter().map(|row| row.route.name()).collect();
        let missing: Vec<_> = described.difference(&written).collect();
        assert!(missing.is_empty(), "served, but not in the table: {missing:#?}");
        let gone: Vec<_> = written.difference(described).collect();
        assert!(gone.is_empty(), "in the table, but not served: {gone:#?}");
    }

    /// A route that nobody ever could use would prove nothing by refusing:
    /// each is open to somebody in some phase, or the play itself used it.
    pub fn is_possible_for_somebody(&self, used: &BTreeSet<String>) {
        let is_open = |row: &&Row| row.signs.values().flatten().any(|sign| "YDExo".contains(*sign));
        let open: BTreeSet<String> = self.rows.iter().filter(is_open).map(|row| row.route.name()).collect();
        let all = self.rows.iter().map(|row| row.route.name());
        let never: BTreeSet<String> =
            all.filter(|name| !open.contains(name) && !used.contains(name)).collect();
        let elsewhere = DONE_ELSEWHERE.map(str::to_owned).into();
        assert_eq!(never, elsewhere, "what nobody ever could");
    }
}

/// Reads blocks, every role of which has a known sign for every phase.
pub fn blocks(file: &str, text: &str, known: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let place = format!("{file}:{number}");
        let written = line.trim();
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        if !line.starts_with(' ') {
            let heading = written.to_owned();
            blocks.push(Block { heading, body: None, place, signs: BTreeMap::new() });
            continue;
        }
        let block = blocks.last_mut().unwrap_or_else(|| panic!("{place}: of what?"));
        if written.starts_with(['{', '"']) {
            block.body =
                Some(serde_json::from_str(written).unwrap_or_else(|error| panic!("{place}: {error}")));
            continue;
        }
        let (roles, signs) = written.rsplit_once(' ').unwrap_or_else(|| panic!("{place}: who, or what?"));
        let signs = signs_of(signs, known).unwrap_or_else(|| panic!("{place}: {signs} is no row of signs"));
        block.expect(roles.split_whitespace(), &signs, &place);
    }
    for block in &blocks {
        let forgotten: Vec<_> = ROLES.iter().filter(|role| !block.signs.contains_key(*role)).collect();
        assert!(forgotten.is_empty(), "{}: nothing is said of {forgotten:?}", block.place);
    }
    blocks
}

fn signs_of(written: &str, known: &str) -> Option<Signs> {
    let signs: Signs = written.chars().collect();
    let signs = if signs.len() == 1 { signs.repeat(PHASES.len()) } else { signs };
    (signs.len() == PHASES.len() && signs.iter().all(|sign| known.contains(*sign))).then_some(signs)
}

impl Block {
    fn expect<'a>(&mut self, roles: impl Iterator<Item = &'a str>, signs: &Signs, place: &str) {
        for role in roles {
            // The public and the token that only reads are never meant by the way.
            let meant: Vec<&str> = match role {
                "others" => ROLES
                    .into_iter()
                    .filter(|role| !self.signs.contains_key(role) && !["public", "reader"].contains(role))
                    .collect(),
                role => vec![role],
            };
            for role in meant {
                let role = ROLES.into_iter().find(|known| *known == role);
                let role = role.unwrap_or_else(|| panic!("{place}: nobody has such a role"));
                assert!(self.signs.insert(role, signs.clone()).is_none(), "{place}: {role} twice");
            }
        }
    }
}
