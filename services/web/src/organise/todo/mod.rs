//! What needs doing today: decided from the facts alone.

mod judged;
#[cfg(test)]
mod tests;

use super::facts::{Facts, PanelFacts, RoundFacts};
use crate::api::Phase;
use crate::words::count;

/// Something to do, or to wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// What, as an order or as what is waited for.
    pub what: String,
    /// Where, below the programme's path; empty if it is only waited for.
    pub at: String,
    /// Whose turn it is.
    pub turn: Turn,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// The reader's.
    Yours,
    /// Another person's, or time's.
    Others,
}

/// The list in the making.
struct List<'a> {
    facts: &'a Facts,
    todos: Vec<Todo>,
}

/// What needs doing, the reader's own turns first.
pub fn todos(facts: &Facts) -> Vec<Todo> {
    let mut list = List { facts, todos: Vec::new() };
    match facts.phase {
        None | Some(Phase::Drafted) => list.drafted(),
        Some(Phase::Published) => list.published(),
        Some(Phase::Open) => list.open(),
        Some(Phase::Closed) => list.closed(),
        Some(Phase::Screened) => list.screened(),
        Some(Phase::Concluded | Phase::Cancelled) => {}
    }
    list.todos.sort_by_key(|todo| todo.turn);
    list.todos
}

impl List<'_> {
    fn yours(&mut self, what: impl Into<String>, at: impl Into<String>) {
        self.todos.push(Todo { what: what.into(), at: at.into(), turn: Turn::Yours });
    }

    fn others(&mut self, what: impl Into<String>, at: impl Into<String>) {
        self.todos.push(Todo { what: what.into(), at: at.into(), turn: Turn::Others });
    }

    /// What only organisers do; an approver is told who must.
    fn organisers(&mut self, what: impl Into<String>, at: impl Into<String>) {
        if self.facts.organiser {
            self.yours(what, at);
        } else {
            self.others(format!("An organiser’s turn: {}", lower(&what.into())), String::new());
        }
    }

    /// What one proposes and another confirms.
    fn two(&mut self, proposed_by: Option<uuid::Uuid>, propose: &str, confirm: &str, at: &str) {
        match proposed_by {
            None => self.organisers(propose, at),
            Some(by) if by == self.facts.me => {
                self.others(
                    format!("You have proposed this; another person must confirm it: {}", lower(confirm)),
                    at,
                );
            }
            Some(_) => self.yours(confirm, at),
        }
    }

    fn second_person(&mut self) -> bool {
        if self.facts.signing < 2 {
            self.organisers("Ask a second person in: two sign whatever decides", "/organise/setup/people");
            return false;
        }
        true
    }

    fn drafted(&mut self) {
        self.organisers("Check the rules and publish them", "/organise/setup");
        self.second_person();
    }

    fn published(&mut self) {
        if self.second_person() {
            self.two(
                self.facts.opening_proposed_by,
                "Propose to open the call",
                "Confirm that the call opens",
                "/organise/call",
            );
        }
        if self.facts.invited_call && self.facts.asked == 0 {
            self.organisers("Invite those who may enter", "/organise/call");
        }
        self.auditors();
    }

    fn open(&mut self) {
        if self.facts.deadline_passed {
            self.others("The deadline has passed: the call closes by itself in a moment", "/organise/call");
            if self.facts.late > 0 {
                let came = count(self.facts.late, "form came", "forms came");
                self.others(format!("{came} after the deadline"), "/organise/pitches#late");
            }
        } else if self.facts.invited_call {
            match (self.facts.asked, self.facts.unanswered) {
                (0, _) => self.organisers("Invite those who may enter", "/organise/call"),
                (_, 0) => self.two(
                    self.facts.closing_proposed_by,
                    "Everybody has answered: propose to close the call early",
                    "Confirm that the call closes",
                    "/organise/call",
                ),
                (_, missing) => self.others(
                    format!(
                        "{} not entered or declined yet",
                        count(missing, "person who was invited has", "people who were invited have")
                    ),
                    "/organise/call",
                ),
            }
        } else {
            self.others("Pitches come in until the deadline", "/organise/pitches");
        }
        self.proposals();
        self.panels();
        self.auditors();
    }

    fn closed(&mut self) {
        let pitches = &self.facts.pitches;
        let undecided = pitches.undecided;
        if undecided > 0 {
            let more = if pitches.more { "at least " } else { "" };
            self.organisers(
                format!("Check {more}{}", count(undecided, "pitch", "pitches")),
                "/organise/screening",
            );
        }
        if pitches.queried > 0 {
            self.others(
                format!(
                    "{} asked something and has not answered yet",
                    count(pitches.queried, "team was", "teams were")
                ),
                "/organise/screening",
            );
        }
        if undecided == 0 && pitches.queried == 0 && !pitches.more {
            if pitches.eligible > 0 {
                self.organisers("Complete the check: say which pitches go forward", "/organise/screening");
            } else if pitches.all() > 0 {
                self.organisers(
                    "No pitch may go forward: look again at one, or call the programme off",
                    "/organise/screening",
                );
            } else {
                self.organisers(
                    "Nobody has entered: call the programme off, or reopen for somebody who was late",
                    "/organise/call",
                );
            }
        }
        self.late();
        self.proposals();
        self.panels();
        self.auditors();
    }

    /// Whether one of them may be handed in after all, two people say before it
    /// is fixed which pitches go forward.
    fn late(&mut self) {
        let late = self.facts.late;
        if late > 0 {
            let came = count(late, "form came after the deadline", "forms came after the deadline");
            let see = if late == 1 { "see whether to reopen it" } else { "see whether to reopen one" };
            self.organisers(format!("{came}: {see}"), "/organise/pitches#late");
        }
    }

    /// Judges can be asked long before there is anything to judge.
    fn panels(&mut self) {
        for round in &self.facts.rounds {
            let at = format!("/organise/panel/{}", round.id);
            match &round.panel {
                None => self.organisers(format!("Call a panel together: {}", round.name), at),
                Some(panel) => self.seats(round, panel, &at),
            }
        }
    }

    fn seats(&mut self, round: &RoundFacts, panel: &PanelFacts, at: &str) {
        let counts = &panel.counts;
        let coming = counts.invited + counts.accepted;
        if coming < round.quorum {
            self.organisers(
                format!("Ask {}: {}", count(round.quorum - coming, "more judge", "more judges"), round.name),
                at,
            );
        } else if counts.invited > 0 {
            self.others(
                format!(
                    "{} not answered yet: {}",
                    count(counts.invited, "judge has", "judges have"),
                    round.name
                ),
                at,
            );
        }
    }

    fn proposals(&mut self) {
        let waiting = self.facts.pitches.proposals.iter().filter(|by| **by != self.facts.me).count();
        let own = self.facts.pitches.proposals.len() - waiting;
        if waiting > 0 {
            self.yours(
                format!("Confirm or leave {} about a pitch", count(waiting, "proposal", "proposals")),
                "/organise/pitches?show=proposals",
            );
        }
        if own > 0 {
            self.others(
                format!(
                    "Another person must confirm {} of yours about a pitch",
                    count(own, "proposal", "proposals")
                ),
                "/organise/pitches?show=proposals",
            );
        }
    }

    fn auditors(&mut self) {
        if let Some(by) = self.facts.auditor_proposed_by {
            self.two(Some(by), "", "Confirm an auditor", "/organise/people");
        }
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default() + letters.as_str()
}
