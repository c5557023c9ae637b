//! What needs doing between the check of the pitches and the last payment.

use super::List;
use crate::organise::facts::{Facts, Marking, RoundFacts};
use crate::words::count;

impl List<'_> {
    pub(super) fn screened(&mut self) {
        let rounds = &self.facts.rounds;
        for round in rounds {
            self.round(round);
        }
        self.proposals();
        if !rounds.is_empty()
            && rounds.iter().all(|round| round.marking.as_ref().is_some_and(|one| one.declared))
        {
            self.awards();
        }
        self.auditors();
    }

    fn round(&mut self, round: &RoundFacts) {
        let at = format!("/organise/panel/{}", round.id);
        let Some(panel) = &round.panel else {
            return self.organisers(format!("Call a panel together: {}", round.name), at);
        };
        let marking = round.marking.as_ref().filter(|one| !matches!(one.phase.as_str(), "waiting" | "ready"));
        if let Some(marking) = marking {
            return self.marking(round, marking);
        }
        self.seats(round, panel, &at);
        let undeclared = panel.counts.accepted.saturating_sub(panel.counts.declared);
        if undeclared > 0 {
            self.others(
                format!(
                    "{} not said yet whom they know: {}",
                    count(undeclared, "judge has", "judges have"),
                    round.name
                ),
                &at,
            );
        }
        if panel.counts.declared < round.quorum {
            return;
        }
        match panel.state.as_str() {
            "convened" if panel.counts.invited == 0 && undeclared == 0 => {
                self.organisers(format!("Give the pitches to the judges: {}", round.name), at);
            }
            "assigned" if panel.counts.short.is_empty() => {
                self.organisers(format!("Say that the panel is ready: {}", round.name), at);
            }
            "assigned" => {
                let short = count(panel.counts.short.len(), "pitch has", "pitches have");
                self.organisers(format!("{short} too few judges: ask or move one: {}", round.name), at);
            }
            "ready" => self.organisers(
                format!("Open the marking: {}", round.name),
                format!("/organise/rounds/{}", round.id),
            ),
            _ => {}
        }
    }

    fn marking(&mut self, round: &RoundFacts, marking: &Marking) {
        let at = format!("/organise/rounds/{}", round.id);
        let progress = &marking.progress;
        match marking.phase.as_str() {
            "open" if progress.missing > 0 => {
                let of = progress.expected.saturating_sub(progress.missing);
                self.others(format!("{of} of {} score sheets are in: {}", progress.expected, round.name), at);
            }
            "open" if self.is_evening(round) => self.organisers("Finish scoring", "/organise/finish-scoring"),
            "open" => {
                self.organisers(format!("Every score sheet is in: lock the marking: {}", round.name), at)
            }
            "locked" if self.is_evening(round) => self.two(
                progress.unsealing_proposed_by,
                "Finish scoring",
                "Confirm winners",
                if progress.unsealing_proposed_by.is_some() {
                    "/organise/confirm-winners"
                } else {
                    "/organise/finish-scoring"
                },
            ),
            "locked" => self.two(
                progress.unsealing_proposed_by,
                &format!("Propose to open the marks: {}", round.name),
                &format!("Confirm that the marks are opened: {}", round.name),
                &at,
            ),
            "unsealed" if !marking.declared => self.others("The result is being worked out", at),
            "voided" => self.others(format!("This round does not count: {}", round.name), at),
            _ => {}
        }
    }

    fn is_evening(&self, round: &RoundFacts) -> bool {
        self.facts.is_evening() && round.den
    }

    fn awards(&mut self) {
        let awards = &self.facts.awards;
        let waiting = awards.proposed_by.iter().filter(|by| **by != self.facts.me).count();
        let own = awards.proposed_by.len() - waiting;
        if waiting > 0 {
            self.yours(format!("Approve {}", count(waiting, "award", "awards")), "/organise/awards");
        }
        if own > 0 {
            self.others(
                format!(
                    "Another person must approve {}",
                    count(own, "award that you proposed", "awards that you proposed")
                ),
                "/organise/awards",
            );
        }
        let live = awards.proposed_by.len() + awards.approved + awards.announced + awards.accepted;
        if live == 0 {
            let at = if self.facts.is_evening() { "/organise/confirm-winners" } else { "/organise/awards" };
            self.organisers("Look at the result and propose the awards", at);
        } else if awards.again > 0 && awards.proposed_by.is_empty() {
            self.organisers("A prize came back: see who is next", "/organise/awards");
        }
        if awards.approved > 0 && awards.proposed_by.is_empty() {
            self.organisers("Announce the winners", "/organise/announcement");
        }
        if awards.announced > 0 {
            self.others(
                format!("{} yet to accept", count(awards.announced, "winner has", "winners have")),
                "/organise/awards",
            );
        }
        if awards.accepted > awards.paid {
            self.organisers(
                format!("Pay {}", count(awards.accepted - awards.paid, "prize", "prizes")),
                "/organise/awards",
            );
        }
    }
}

impl Facts {
    /// One den to which everybody was asked: one person finishes the scoring,
    /// and a second confirms the winners.
    pub fn is_evening(&self) -> bool {
        self.invited_call && matches!(self.rounds.as_slice(), [only] if only.den)
    }
}
