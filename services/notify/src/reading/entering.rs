//! From the invitation to the call's end.

use deadpool_postgres::Transaction;
use jiff::SignedDuration;
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::id;
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_chassis::store::StoreError;
use plaudit_proto::Timestamp as ProtoTimestamp;
use plaudit_proto::submissions::v1::{
    CallClosed, CallOpened, DeadlineMoved, EntrantInvited, OrganiserConflictDeclared, PitchDisqualified,
    PitchQueried, PitchSubmitted, PitchWithdrawn, ProgrammeCancelled, ProgrammeDrafted, QueryAnswered,
    RoleGranted, RoleRevoked, RulebookAmended, RulebookPublished,
};

use super::concern::{Concerned, actor, unreadable};
use crate::facts::{Pitch, Programme};
use crate::letter::{About, Kind};

plaudit_chassis::events! {
    /// What submissions says that somebody is to hear of.
    enum Said {
        "plaudit.submissions.v1" {
            ProgrammeDrafted, RoleGranted, RoleRevoked, OrganiserConflictDeclared, RulebookPublished,
            RulebookAmended, CallOpened, EntrantInvited, DeadlineMoved, CallClosed, ProgrammeCancelled,
            PitchSubmitted, PitchWithdrawn, PitchDisqualified, PitchQueried, QueryAnswered,
        }
    }
}

/// How long before the deadline those who have drafts are reminded.
const REMINDERS: [(Kind, SignedDuration); 2] = [
    (Kind::ReminderDay, SignedDuration::from_hours(24)),
    (Kind::ReminderHour, SignedDuration::from_hours(1)),
];

impl Concerned {
    pub async fn entering(
        &mut self,
        transaction: &Transaction<'_>,
        event: &Recorded,
    ) -> Result<(), StoreError> {
        let Some(said) = event.is::<Said>().map_err(unreadable)? else { return Ok(()) };
        if event.envelope.stream.noun() == "pitch" {
            return self.about_pitch(transaction, event, said).await;
        }
        let mut programme = self.programme(transaction, event).await?;
        match said {
            // Its author is the first organiser.
            Said::ProgrammeDrafted(_) => actor(event).into_iter().for_each(|author| {
                programme.roles.entry(author).or_default().insert(plaudit_proto::v1::Role::Organiser.into());
            }),
            Said::RoleGranted(granted) => self.granted(event, &mut programme, &granted),
            Said::RoleRevoked(revoked) => {
                if let Some(held) = programme.roles.get_mut(&id(&revoked.member)) {
                    held.remove(&revoked.role);
                }
            }
            Said::OrganiserConflictDeclared(declared) => {
                programme.walls.insert((id(&declared.member), id(&declared.pitch)));
            }
            Said::RulebookPublished(published) => {
                let rulebook = published.rulebook.unwrap_or_default();
                programme.deadline_ms = Some(from_proto(&rulebook.deadline).as_millisecond());
                programme.time_zone = rulebook.time_zone;
            }
            Said::RulebookAmended(_) => {
                self.mail(event, Kind::RulebookAmended, event.envelope.time, About::default());
            }
            Said::CallOpened(opened) => self.due_at(event, &mut programme, &opened.deadline),
            Said::DeadlineMoved(moved) => {
                self.due_at(event, &mut programme, &moved.deadline);
                let about = About { at_ms: programme.deadline_ms, ..About::default() };
                self.mail(event, Kind::DeadlineMoved, event.envelope.time, about);
            }
            Said::EntrantInvited(invited) => {
                let about = About { at_ms: programme.deadline_ms, ..About::default() };
                self.write(event, [id(&invited.member)], Kind::EntrantInvited, about);
            }
            Said::CallClosed(_) => programme.closed = true,
            Said::ProgrammeCancelled(_) => programme.cancelled = true,
            _ => {}
        }
        self.keep_programme(event, &programme)
    }

    fn granted(&mut self, event: &Recorded, programme: &mut Programme, granted: &RoleGranted) {
        let member: MemberId = id(&granted.member);
        programme.roles.entry(member).or_default().insert(granted.role);
        if actor(event) != Some(member) {
            let word = granted.role().as_str_name().trim_start_matches("ROLE_").to_lowercase();
            let about = About { word: Some(word), ..About::default() };
            self.write(event, [member], Kind::RoleGranted, about);
        }
    }

    /// There is a deadline: reminders before it, unless it is too near.
    fn due_at(&mut self, event: &Recorded, programme: &mut Programme, at: &Option<ProtoTimestamp>) {
        let deadline = from_proto(at);
        programme.deadline_ms = Some(deadline.as_millisecond());
        for (kind, before) in REMINDERS {
            let due = deadline - before;
            if due > event.envelope.time {
                let about = About { at_ms: programme.deadline_ms, ..About::default() };
                self.mail(event, kind, due, about);
            }
        }
    }

    async fn about_pitch(
        &mut self,
        transaction: &Transaction<'_>,
        event: &Recorded,
        said: Said,
    ) -> Result<(), StoreError> {
        let (programme, own) = (event.envelope.programme, PitchId(event.envelope.stream.id()));
        let mut pitch: Pitch = self.shelf.get(transaction, own.0).await?;
        let about = About { pitch: Some(own), ..About::default() };
        match said {
            Said::PitchSubmitted(submitted) => {
                pitch.team = submitted.team.iter().map(|member| id(member)).collect();
                self.write(event, pitch.team.clone(), Kind::Receipt, receipt(about, &submitted));
            }
            Said::PitchWithdrawn(_) | Said::PitchDisqualified(_) => pitch.left = true,
            Said::PitchQueried(_) => {
                pitch.asked_by = actor(event);
                self.write(event, pitch.team.clone(), Kind::Query, about);
            }
            Said::QueryAnswered(_) => {
                // Whoever asked may no longer run it, or stand aside now.
                let runs: Programme = self.shelf.get(transaction, programme.0).await?;
                let may_know = runs.organisers(Some(own));
                let asked = pitch.asked_by.filter(|member| may_know.contains(member));
                let to = asked.map_or(may_know, |asked| vec![asked]);
                self.write(event, to, Kind::Answer, about);
            }
            _ => {}
        }
        self.shelf.put(programme, own.0, &pitch)
    }
}

/// What a receipt says.
fn receipt(about: About, submitted: &PitchSubmitted) -> About {
    let hex: String = submitted.answers.iter().map(|byte| format!("{byte:02x}")).collect();
    About {
        at_ms: Some(from_proto(&submitted.received_at).as_millisecond()),
        number: Some(submitted.submission),
        commitment: Some(hex),
        ..about
    }
}
