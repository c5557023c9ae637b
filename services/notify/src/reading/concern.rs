//! Whom an event concerns.

use deadpool_postgres::Transaction;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::event::{NotOurs, Recorded};
use plaudit_chassis::facts::id;
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_chassis::store::StoreError;
use uuid::Uuid;

use crate::facts::{Award, Pitch, Programme, Shelf};
use crate::letter::{About, Kind, New};
use crate::mailing::Mailing;

/// What a batch of events has made known, and who is to hear of it.
pub struct Concerned {
    pub shelf: Shelf,
    pub letters: Vec<New>,
    pub mailings: Vec<Mailing>,
}

/// How long an invitation waits for another that says what it is to.
const GIVES_WAY_FOR: SignedDuration = SignedDuration::from_mins(2);

impl Concerned {
    /// Takes in one event.
    pub async fn learn(&mut self, transaction: &Transaction<'_>, event: &Recorded) -> Result<(), StoreError> {
        match event.envelope.source.as_str() {
            "submissions" => self.entering(transaction, event).await,
            "panels" => self.panels(transaction, event).await,
            "scoring" => self.scoring(transaction, event).await,
            "awards" => self.awards(transaction, event).await,
            "accounts" => self.accounts(transaction, event).await,
            _ => Ok(()),
        }
    }

    async fn accounts(&mut self, transaction: &Transaction<'_>, event: &Recorded) -> Result<(), StoreError> {
        let member = MemberId(event.envelope.stream.id());
        match event.envelope.type_name.as_str() {
            "plaudit.accounts.v1.MemberInvited" => {
                self.write(event, [member], Kind::MemberInvited, About::default());
                let waits = self.letters.last_mut();
                waits.into_iter().for_each(|letter| letter.due += GIVES_WAY_FOR);
            }
            "plaudit.accounts.v1.MemberForgotten" => {
                self.letters.retain(|letter| letter.member != member);
                let drop = "update letters set state = 'dropped', why = 'forgotten', settled_ms = $2 \
                     where member = $1 and state = 'waiting'";
                let at = event.envelope.time.as_millisecond();
                transaction.execute(drop, &[&member.0, &at]).await?;
                transaction.execute("delete from choices where member = $1", &[&member.0]).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// A letter to each of these.
    pub fn write(
        &mut self,
        event: &Recorded,
        to: impl IntoIterator<Item = MemberId>,
        kind: Kind,
        about: About,
    ) {
        self.write_once(event, event.envelope.id, to, kind, about);
    }

    /// The same, once for what the occasion stands for.
    pub fn write_once(
        &mut self,
        event: &Recorded,
        occasion: Uuid,
        to: impl IntoIterator<Item = MemberId>,
        kind: Kind,
        about: About,
    ) {
        let letters = to.into_iter().map(|member| New {
            programme: event.envelope.programme,
            occasion,
            member,
            kind,
            about: about.clone(),
            discreet: false,
            due: event.envelope.time,
            ends: None,
        });
        self.letters.extend(letters);
    }

    /// A letter to many, or later.
    pub fn mail(&mut self, event: &Recorded, kind: Kind, due: Timestamp, about: About) {
        let (occasion, programme) = (event.envelope.id, event.envelope.programme);
        self.mailings.push(Mailing { occasion, kind, programme, about, due });
    }

    pub async fn programme(
        &mut self,
        transaction: &Transaction<'_>,
        event: &Recorded,
    ) -> Result<Programme, StoreError> {
        self.shelf.get(transaction, event.envelope.programme.0).await
    }

    pub fn keep_programme(&mut self, event: &Recorded, programme: &Programme) -> Result<(), StoreError> {
        let id = event.envelope.programme;
        self.shelf.put(id, id.0, programme)
    }

    /// Everyone of the team that an award is for, and its pitch.
    pub async fn winners(
        &mut self,
        transaction: &Transaction<'_>,
        award: Uuid,
    ) -> Result<(PitchId, Vec<MemberId>), StoreError> {
        let award: Award = self.shelf.get(transaction, award).await?;
        Ok((award.pitch, self.team(transaction, award.pitch).await?))
    }

    pub async fn team(
        &mut self,
        transaction: &Transaction<'_>,
        pitch: PitchId,
    ) -> Result<Vec<MemberId>, StoreError> {
        Ok(self.shelf.get::<Pitch>(transaction, pitch.0).await?.team)
    }
}

/// The member who did it, if it was one.
pub fn actor(event: &Recorded) -> Option<MemberId> {
    event.envelope.actor.strip_prefix("member/").map(id)
}

pub fn unreadable(error: NotOurs) -> StoreError {
    StoreError::Unreadable(error.to_string())
}
