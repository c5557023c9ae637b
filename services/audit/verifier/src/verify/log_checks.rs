//! Checks `signature`, `tree`, `growth` and `witnesses`: what the log and those who watch it have signed.

use crate::bundle::Before;
use crate::id::Id;
use crate::log::checkpoint::Checkpoint;
use crate::log::note::{Note, SignatureError};
use crate::log::policy::{CheckError, Policy};
use crate::log::tree::{EMPTY_ROOT, Hash, Tree};
use crate::report::{Checked, Findings, Outcome, parameters};
use crate::sentences;

/// What signatures and checkpoints say.
#[derive(Debug)]
pub(super) struct LogChecks {
    signature: Findings,
    pub growth: Findings,
    witnesses: Findings,
    pub origin: String,
    /// Size and root of each checkpoint, by rising size.
    pub points: Vec<(u64, Hash)>,
    /// How many of them have been compared with the events.
    compared: usize,
    /// How the last one compared.
    last_fits: Option<bool>,
    before_fits: Option<bool>,
    quorum: bool,
    cosigned: Vec<String>,
}

impl Default for LogChecks {
    fn default() -> Self {
        Self {
            signature: Findings::of("signature"),
            growth: Findings::of("growth"),
            witnesses: Findings::of("witnesses"),
            origin: String::new(),
            points: Vec::new(),
            compared: 0,
            last_fits: None,
            before_fits: None,
            quorum: false,
            cosigned: Vec::new(),
        }
    }
}

impl LogChecks {
    pub fn signed(&mut self, checkpoint: &Checkpoint, note: &Note, policy: Option<&Policy>, programme: Id) {
        let (size, origin) = (checkpoint.size(), checkpoint.origin().to_owned());
        let wrong = |findings: &mut Findings, reason| {
            findings.wrong_somewhere(reason, &[], parameters! { size, origin });
        };
        let of_programme = origin.ends_with(&format!("/{programme}"));
        let logs = policy.map(Policy::logs).unwrap_or_default();
        let mut of_log = logs.iter().filter(|log| log.key().name() == origin).peekable();
        if !of_programme {
            wrong(&mut self.signature, "programme");
        } else if of_log.peek().is_none() {
            wrong(&mut self.signature, "origin");
        } else if !of_log.any(|log| Checkpoint::open(note, log.key()).is_ok()) {
            wrong(&mut self.signature, "signature");
        }
        let checked = policy.map(|policy| policy.check(note));
        let known = |name: &str, policy: &Policy| {
            policy.witnesses().iter().any(|witness| witness.key().name() == name)
        };
        match checked {
            Some(Ok(verdict)) => {
                for line in &verdict.unknown {
                    let name = line.name();
                    self.witnesses.wrong_somewhere("unknown", &[], parameters! { size, name });
                }
                self.quorum = verdict.quorum_reached;
                self.cosigned = verdict.witnesses().into_iter().map(str::to_owned).collect();
            }
            Some(Err(CheckError::Signature(SignatureError::Invalid { name })))
                if policy.is_some_and(|policy| known(&name, policy)) =>
            {
                self.witnesses.wrong_somewhere("false", &[], parameters! { size, name });
                self.quorum = false;
                self.cosigned = Vec::new();
            }
            _ => {
                self.quorum = false;
                self.cosigned = Vec::new();
            }
        }
    }

    /// Compares the checkpoints of the tree's size with it.
    pub fn compare(&mut self, tree: &Tree, before: Option<&Before>) {
        let size = tree.size();
        let root = |tree: &Tree| if tree.size() == 0 { EMPTY_ROOT } else { tree.root() };
        if let Some(before) = before.filter(|before| before.size == size) {
            self.before_fits = Some(before.root == root(tree));
        }
        while let Some((of, said)) = self.points.get(self.compared).filter(|(of, _)| *of <= size) {
            let fits = *of == size && *said == root(tree);
            self.compared += 1;
            let is_last = self.compared == self.points.len() && *of > 0;
            if is_last {
                self.last_fits = Some(fits);
            } else if !fits {
                self.growth.wrong_somewhere("root", &[], parameters! { size: of });
            }
        }
    }

    pub fn tree(&self, events: u64) -> Checked {
        let mut findings = Findings::of("tree");
        let size = self.points.last().map_or(0, |(size, _)| *size);
        if size != events {
            findings.wrong_somewhere("size", &[], parameters! { size, n: events });
        } else if self.last_fits == Some(false) {
            findings.wrong_somewhere("root", &[], parameters! {});
        }
        findings.or(Outcome::Holds, "same", parameters! { n: events }, [])
    }

    /// Growth, signature and witnesses.
    pub fn finish(
        mut self,
        events: u64,
        before: Option<&Before>,
        asked: bool,
        signed: sentences::Parameters,
    ) -> (Checked, Checked, Checked) {
        let n = self.points.len();
        let last = n.saturating_sub(1);
        for (size, _) in self.points.iter().take(last).skip(self.compared).filter(|(size, _)| *size > events)
        {
            self.growth.wrong_somewhere("root", &[], parameters! { size });
        }
        if !self.quorum {
            let n = self.cosigned.len();
            self.witnesses.wrong_somewhere("quorum", &[], parameters! { n });
        }
        let growth = match (before, self.before_fits) {
            (None, _) => self.growth.or(Outcome::Holds, "grew", parameters! { n }, []),
            (Some(before), fits) => {
                let (origin, size) = (&before.origin, before.size);
                let parameters = parameters! { n, origin, size };
                if fits == Some(false) {
                    self.growth.wrong_somewhere("before", &[], parameters.clone());
                }
                let shown = fits.is_some();
                let (outcome, reason) =
                    if shown { (Outcome::Holds, "again") } else { (Outcome::Hidden, "before") };
                self.growth.or(outcome, reason, parameters, [])
            }
        };
        let signature = self.signature.or(Outcome::Holds, "signed", signed, []);
        let names = self.cosigned.join(", ");
        let reason = if asked { "quorum" } else { "none" };
        let n = self.cosigned.len();
        let witnesses = self.witnesses.or(Outcome::Holds, reason, parameters! { n, names }, []);
        (growth, signature, witnesses)
    }
}
