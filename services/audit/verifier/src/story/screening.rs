//! Check `screening`: every pitch that was in was decided on, and the eligible ones are those that went forward.

use super::ledger::digest_of_lines;
use super::world::{Decided, Standing, World};
use crate::event::{Data, Event, PitchScreened, Place, ScreeningCompleted};
use crate::report::{Checked, Findings, Outcome, parameters};

/// See the module.
#[derive(Debug)]
pub struct Screening {
    findings: Findings,
    completed: Option<(Place, [usize; 3])>,
    assigned: bool,
}

impl Default for Screening {
    fn default() -> Self {
        Self { findings: Findings::of("screening"), completed: None, assigned: false }
    }
}

impl Screening {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        match &event.data {
            Data::PitchScreened(screened) => self.screened(event, screened, world),
            Data::ScreeningCompleted(completed) => self.completed(event, completed, world),
            Data::AssignmentsCompleted(_) => self.assigned = true,
            Data::AssignmentMade(made)
                if !world.pitches.get(&made.pitch).is_some_and(|pitch| pitch.forward) =>
            {
                self.findings.wrong("forward", event.at, parameters! {});
            }
            _ => {}
        }
    }

    /// A refusal is looked at again once, by somebody else; nothing else is.
    fn screened(&mut self, event: &Event<'_>, screened: &PitchScreened, world: &World) {
        let right = world.pitches.get(&event.id()).is_some_and(|pitch| match pitch.standing {
            Standing::Undecided => !screened.again,
            Standing::Ineligible => screened.again && !pitch.looked_again && pitch.screened_by != screened.by,
            Standing::Eligible | Standing::Withdrawn | Standing::Disqualified => false,
        });
        if !right {
            self.findings.wrong("again", event.at, parameters! {});
        }
    }

    fn completed(&mut self, event: &Event<'_>, completed: &ScreeningCompleted, world: &World) {
        let mut pitches: Vec<_> = world.pitches.iter().collect();
        pitches.sort_by_key(|(_, pitch)| pitch.first);
        let of = |decided| pitches.iter().filter(move |(_, pitch)| pitch.decided() == decided);
        for (_, pitch) in of(Decided::NotYet) {
            self.findings.wrong("undecided", event.at, parameters! { pitch: pitch.first });
        }
        let (eligible, found) = (of(Decided::Eligible).count(), of(Decided::Refused).count());
        if (completed.eligible as usize, completed.refused as usize) != (eligible, found) {
            let (said, refused) = (completed.eligible, completed.refused);
            self.findings.wrong("counts", event.at, parameters! { said, refused, eligible, found });
        }
        let digest = digest_of_lines(of(Decided::Eligible).map(|(id, _)| id.to_string()).collect());
        if completed.digest.is_none_or(|said| said.0 != digest) {
            self.findings.wrong("digest", event.at, parameters! {});
        }
        self.completed = Some((event.at, [eligible, found, of(Decided::Left).count()]));
    }

    /// The outcome.
    pub fn finish(mut self, world: &World) -> Checked {
        let mut forgotten: Vec<Place> = world
            .pitches
            .values()
            .filter(|pitch| self.assigned && pitch.completed && !pitch.left() && !pitch.assigned)
            .map(|pitch| pitch.first)
            .collect();
        forgotten.sort_unstable();
        for pitch in forgotten {
            self.findings.wrong_somewhere("left_out", &[pitch], parameters! { pitch });
        }
        let Some((at, [eligible, refused, left])) = self.completed else {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        };
        self.findings.or(Outcome::Holds, "decided", parameters! { eligible, refused, left }, [at])
    }
}
