use std::collections::{BTreeMap, BTreeSet};

use plaudit_chassis::id::{AwardId, JudgeId, MemberId, PitchId, RoundId};
use plaudit_proto::v1::Role;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Something that is known of.
pub trait Fact: Serialize + DeserializeOwned + Default {
    /// Of what kind.
    const NOUN: &'static str;
}

macro_rules! nouns {
    ($($name:ident = $noun:literal;)*) => {$(
        impl Fact for $name {
            const NOUN: &'static str = $noun;
        }
    )*};
}

nouns! {
    Programme = "programme";
    Pitch = "pitch";
    Panel = "panel";
    Judge = "judge";
    Round = "round";
    Scorecard = "scorecard";
    Award = "award";
    Support = "support";
}

/// A programme: who runs it, and its deadline.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Programme {
    pub roles: BTreeMap<MemberId, BTreeSet<i32>>,
    pub walls: BTreeSet<(MemberId, PitchId)>,
    pub time_zone: String,
    /// As the rulebook or the last move says, in milliseconds.
    pub deadline_ms: Option<i64>,
    pub closed: bool,
    pub cancelled: bool,
}

impl Programme {
    pub fn is_organiser(&self, member: MemberId) -> bool {
        self.roles.get(&member).is_some_and(|roles| roles.contains(&Role::Organiser.into()))
    }

    /// The organisers between whom and a pitch there is no wall.
    pub fn organisers(&self, pitch: Option<PitchId>) -> Vec<MemberId> {
        let all = self.roles.keys().copied().filter(|member| self.is_organiser(*member));
        all.filter(|member| pitch.is_none_or(|pitch| !self.walls.contains(&(*member, pitch)))).collect()
    }

    /// The pitches that a wall stands before for this member.
    pub fn walls_of(&self, member: MemberId) -> impl Iterator<Item = PitchId> {
        self.walls.iter().filter(move |(who, _)| *who == member).map(|(_, pitch)| *pitch)
    }
}

/// A pitch: its team, and whether it is still there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pitch {
    pub team: Vec<MemberId>,
    pub left: bool,
    /// Who asked the last question.
    pub asked_by: Option<MemberId>,
}

/// A panel.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Panel {
    /// Its assignments are made.
    pub assigned: bool,
}

/// A seat on a panel.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Judge {
    pub panel: RoundId,
    pub member: MemberId,
    /// Declined, or stood down.
    pub gone: bool,
    pub assigned: BTreeSet<PitchId>,
}

/// A round.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Round {
    /// Nothing is handed in any more.
    pub over: bool,
}

/// A scorecard: never a mark.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Scorecard {
    pub round: RoundId,
    pub judge: JudgeId,
    pub pitch: PitchId,
    /// Neither handed in nor abstained.
    pub missing: bool,
}

/// An award.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Award {
    pub pitch: PitchId,
}

/// A pledge of support.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Support {
    pub award: Option<AwardId>,
    pub pitch: Option<PitchId>,
}
