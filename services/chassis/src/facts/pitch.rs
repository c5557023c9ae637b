//! What is known of a pitch.

use plaudit_proto::intake::v1::fact_taken::Fact;
use plaudit_proto::submissions::v1::Screening;
use serde::{Deserialize, Serialize};

use super::id;
use crate::id::MemberId;

/// A pitch's team and its standing, as far as taken in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PitchFacts {
    team: Vec<MemberId>,
    submissions: u32,
    screened: Option<bool>,
    left: bool,
}

impl PitchFacts {
    /// Everyone in the team; the first is the one who entered.
    pub fn team(&self) -> &[MemberId] {
        &self.team
    }

    /// Whether the member is one of the team.
    pub fn is_by(&self, member: MemberId) -> bool {
        self.team.contains(&member)
    }

    /// Whether it was ever submitted.
    pub fn submitted(&self) -> bool {
        self.submissions > 0
    }

    /// Whether it goes forward: found eligible, and still there.
    pub fn eligible(&self) -> bool {
        self.screened == Some(true) && !self.left
    }

    /// Whether it was withdrawn or disqualified.
    pub fn left(&self) -> bool {
        self.left
    }

    pub(super) fn learn(&mut self, fact: Fact, _actor: &str) {
        match fact {
            Fact::PitchSubmitted(submitted) => {
                self.team = submitted.team.iter().map(|member| id(member)).collect();
                self.submissions = submitted.submission;
            }
            Fact::PitchScreened(screened) => {
                self.screened = Some(screened.outcome() == Screening::Eligible);
            }
            Fact::PitchWithdrawn(_) | Fact::PitchDisqualified(_) => self.left = true,
            _ => {}
        }
    }
}
