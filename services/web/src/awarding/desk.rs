//! What an organiser's or approver's pages about awards begin with.

use uuid::Uuid;

use crate::api::{Programme, Role};
use crate::failure::Failure;
use crate::organise::known::holds_a_key;
use crate::results::names::{Names, visible};
use crate::results::shapes::Award;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::Wording;

/// A programme with its names and awards, for those who decide.
pub struct Desk {
    pub programme: Programme,
    pub wording: Wording,
    pub names: Names,
    pub awards: Vec<Award>,
}

impl Desk {
    /// 401 for who isn't signed in, 403 for whoever holds no key.
    pub async fn of(visitor: &Visitor, id: Uuid) -> Result<Self, Failure> {
        let desk = Self::for_whoever_asks(visitor, id).await?;
        holds_a_key(&desk.programme)?;
        Ok(desk)
    }

    /// As far as the reader may know of it: a page about one thing in it looks
    /// for that first, and asks for a key then.
    pub async fn for_whoever_asks(visitor: &Visitor, id: Uuid) -> Result<Self, Failure> {
        visitor.signed_in()?;
        let at = format!("submissions/programmes/{id}");
        let awards = format!("awards/programmes/{id}/awards");
        let (programme, names, awards) =
            together!(visitor.api.get::<Programme>(&at), Names::of(&visitor.api, id), async {
                visible(visitor.api.list::<Award>(&awards).await)
            },)?;
        let wording = Wording::of(&programme);
        Ok(Self { programme, wording, names, awards })
    }

    /// `/programmes/<id>/organise` and what follows.
    pub fn organise(&self, rest: &str) -> String {
        format!("/programmes/{}/organise{rest}", self.programme.id)
    }

    /// Whether the reader is this member.
    pub fn is_you(&self, member: Option<Uuid>) -> bool {
        member.is_some() && self.programme.you.as_ref().map(|you| you.member) == member
    }

    /// Whether the reader runs the programme, and not only holds a key.
    pub fn organises(&self) -> bool {
        self.programme.you_are(Role::Organiser)
    }

    /// The programme's time zone.
    pub fn zone(&self) -> &str {
        self.programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str())
    }

    /// A member's name; for the reader's own, “you”.
    pub fn who(&self, member: Option<Uuid>) -> &str {
        match member {
            _ if self.is_you(member) => "you",
            Some(member) => self.names.member(member),
            None => "somebody",
        }
    }
}
