//! What is known of the readers of some letters while they are written, and
//! which of the letters are not to be sent after all.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use plaudit_chassis::Service;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::facts::{self, Programme};
use crate::letter::{Due, Kind, TOO_OLD};
use crate::peers::{Called, Person};
use crate::words::{self, Kept, Wording};

/// For as long as letters are written, and no longer.
pub struct Known {
    people: HashMap<MemberId, Person>,
    called: HashMap<ProgrammeId, Called>,
    programmes: HashMap<ProgrammeId, Programme>,
    wordings: HashMap<(ProgrammeId, Kind), Kept>,
    /// Who wants only what taking part needs.
    declines: HashSet<MemberId>,
    /// Who was or will be told what their place is.
    told_more: HashSet<MemberId>,
}

const DECLINES: &str = "select member from choices where member = any($1) and not optional";
const TOLD_MORE: &str = "select distinct member from letters where member = any($1) and kind = any($2)";

impl Known {
    /// With what notify itself knows.
    pub async fn read(
        service: &Service,
        people: HashMap<MemberId, Person>,
        called: HashMap<ProgrammeId, Called>,
        members: &[MemberId],
        programmes: &[ProgrammeId],
    ) -> Result<Self, StoreError> {
        let wordings = words::of_programmes(service, programmes).await?;
        let ids: Vec<Uuid> = members.iter().map(|member| member.0).collect();
        let client = service.pool().get().await?;
        let says_more = Kind::SAYS_MORE.map(Kind::name);
        let declines = client.query(DECLINES, &[&ids]).await?;
        let told_more = client.query(TOLD_MORE, &[&ids, &says_more.as_slice()]).await?;
        let members = |rows: Vec<Row>| rows.iter().map(|row| MemberId(row.get(0))).collect();
        Ok(Self {
            people,
            called,
            programmes: facts::many(service, programmes).await?,
            wordings,
            declines: members(declines),
            told_more: members(told_more),
        })
    }

    /// The address that a letter goes to, or why it goes nowhere.
    pub fn reader(&self, letter: &Due, now: Timestamp) -> Result<&str, &'static str> {
        let person = self.people.get(&letter.member).ok_or("forgotten")?;
        let programme = self.programmes.get(&letter.programme);
        let cancelled = programme.is_some_and(|programme| programme.cancelled);
        if cancelled && !letter.kind.outlives_cancelling() {
            return Err("cancelled");
        }
        if letter.ends.is_some_and(|ends| ends <= now) || letter.made + TOO_OLD < now {
            return Err("too-late");
        }
        if letter.kind.reminds() && !self.drafts(letter) {
            return Err("no-draft");
        }
        if letter.kind.gives_way() && self.told_more.contains(&letter.member) {
            return Err("said-otherwise");
        }
        if letter.kind.is_optional() && self.declines.contains(&letter.member) {
            return Err("not-wanted");
        }
        person.address.as_deref().ok_or("no-address")
    }

    /// Whether the reader still has a draft, and the deadline still is that one.
    fn drafts(&self, letter: &Due) -> bool {
        let called = self.called.get(&letter.programme);
        let programme = self.programmes.get(&letter.programme);
        called.is_some_and(|called| called.drafting.contains(&letter.member))
            && programme.is_some_and(|known| !known.closed && known.deadline_ms == letter.about.at_ms)
    }

    /// How the reader is called; may be empty.
    pub fn name(&self, letter: &Due) -> &str {
        self.people.get(&letter.member).map_or("", |person| &person.name)
    }

    /// What the programme is called.
    pub fn title(&self, letter: &Due) -> Option<&str> {
        self.called.get(&letter.programme)?.title.as_deref()
    }

    pub fn time_zone(&self, letter: &Due) -> &str {
        self.programmes.get(&letter.programme).map_or("UTC", |programme| &programme.time_zone)
    }

    pub fn wording(&self, letter: &Due) -> Wording {
        let own = self.wordings.get(&(letter.programme, letter.kind));
        own.map_or_else(|| words::default(letter.kind), |kept| kept.wording.clone())
    }
}
