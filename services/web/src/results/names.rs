//! What pitches and people are called, as far as the reader may know.

use std::collections::BTreeMap;

use serde::Deserialize;
use uuid::Uuid;

use crate::api::{Api, Member};
use crate::failure::Failure;
use crate::together::together;

/// What pitches and people are called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pitches: BTreeMap<Uuid, Called>,
    members: BTreeMap<Uuid, Member>,
}

/// What a pitch is called.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Called {
    /// Its title.
    pub title: Option<String>,
    /// Its team.
    pub team_name: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    /// The list of names that are public calls it so.
    #[serde(alias = "pitch")]
    id: Uuid,
    #[serde(flatten)]
    called: Called,
}

impl Names {
    /// Asks for all that the reader may know.
    pub async fn of(api: &Api, programme: Uuid) -> Result<Self, Failure> {
        let (pitches, members) =
            together!(Self::of_pitches(api, programme), Self::of_members(api, programme))?;
        Ok(Self { pitches: pitches.pitches, members: members.members })
    }

    /// People alone.
    pub async fn of_members(api: &Api, programme: Uuid) -> Result<Self, Failure> {
        let members = visible(api.list::<Member>(&format!("accounts/programmes/{programme}/members")).await)?;
        let members = members.into_iter().map(|member| (member.member, member)).collect();
        Ok(Self { pitches: BTreeMap::new(), members })
    }

    /// Pitches alone: those that the reader may see, and those whose names
    /// everybody may know.
    pub async fn of_pitches(api: &Api, programme: Uuid) -> Result<Self, Failure> {
        let (own, public) = (
            format!("submissions/programmes/{programme}/pitches?names=true"),
            format!("submissions/programmes/{programme}/names"),
        );
        let (own, public) = together!(async { visible(api.list::<Entry>(&own).await) }, async {
            visible(api.list::<Entry>(&public).await)
        },)?;
        let entries = own.into_iter().chain(public).map(|entry| (entry.id, entry.called));
        Ok(Self { pitches: entries.collect(), members: BTreeMap::new() })
    }

    /// What a pitch and its team are called, if the reader may know.
    pub fn called(&self, pitch: Uuid) -> Option<&Called> {
        self.pitches.get(&pitch).filter(|called| called.title.is_some() || called.team_name.is_some())
    }

    /// A team's name, or whatever else tells it from others.
    pub fn team(&self, pitch: Uuid) -> Option<&str> {
        self.called(pitch).and_then(|called| called.team_name.as_deref().or(called.title.as_deref()))
    }

    /// A team, or a pitch that is not named.
    pub fn team_or_pitch(&self, pitch: Uuid) -> &str {
        self.team(pitch).unwrap_or("a pitch that is not named here")
    }

    /// A member's name, or the address that was invited, if the reader may
    /// know it.
    pub fn known(&self, member: Uuid) -> Option<&str> {
        self.members.get(&member).map(named_as)
    }

    /// A member's name, or “Somebody”.
    pub fn member(&self, member: Uuid) -> &str {
        self.known(member).unwrap_or("Somebody")
    }

    /// Whether they have been here at all.
    pub fn has_joined(&self, member: Uuid) -> bool {
        self.members.get(&member).is_none_or(|member| member.state == "joined")
    }

    /// Everybody, by their names.
    pub fn by_name(&self) -> Vec<(Uuid, &str)> {
        let mut all: Vec<_> = self.members().map(|member| (member, self.member(member))).collect();
        all.sort_by_key(|(_, name)| name.to_lowercase());
        all
    }

    /// Everybody whose name is known.
    pub fn members(&self) -> impl Iterator<Item = Uuid> {
        self.members.keys().copied()
    }

    /// Every pitch that the reader may see.
    pub fn pitches(&self) -> impl Iterator<Item = Uuid> {
        self.pitches.keys().copied()
    }

    #[cfg(test)]
    pub fn for_tests(pitches: &[(Uuid, &str, &str)], members: &[(Uuid, &str)]) -> Self {
        let member = |member, name: &str| Member {
            member,
            name: name.to_owned(),
            email: None,
            state: "joined".to_owned(),
        };
        let called = |title: &str, team: &str| Called {
            title: Some(title.to_owned()),
            team_name: Some(team.to_owned()),
        };
        Self {
            pitches: pitches.iter().map(|(id, title, team)| (*id, called(title, team))).collect(),
            members: members.iter().map(|(id, name)| (*id, member(*id, name))).collect(),
        }
    }
}

fn named_as(member: &Member) -> &str {
    if member.name.is_empty() { member.email.as_deref().unwrap_or("Somebody") } else { &member.name }
}

/// A list that may not be for this reader: then it is empty.
pub fn visible<T>(list: Result<Vec<T>, Failure>) -> Result<Vec<T>, Failure> {
    match list {
        Err(failure) if matches!(failure.status().as_u16(), 401 | 403 | 404 | 405) => Ok(Vec::new()),
        list => list,
    }
}

/// Something that may not be for this reader, or that this installation does
/// not have.
pub fn maybe<T>(found: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(failure) if matches!(failure.status().as_u16(), 401 | 403 | 404 | 405) => Ok(None),
        Err(failure) => Err(failure),
    }
}
