//! A forger with the log's key: takes real events, changes them, rebuilds the tree and signs it.

use std::collections::{BTreeMap, HashSet};

use plaudit_verifier::bundle::{Audience, Bundle, Opening, Receipt, write_bundle, write_receipt};
use plaudit_verifier::event::{Event, Hash32, Place};
use plaudit_verifier::id::Id;
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::cosignature;
use plaudit_verifier::log::note::{KeyKind, Note, Signer};
use plaudit_verifier::log::proof::Proof;
use plaudit_verifier::log::tree::{Leaves, inclusion_proof, leaf_hash};

pub const MADE: &str = "2026-11-23T12:00:00Z";

/// The programmes that the fixtures hold: the sample and the small panels of `examples/`; and one with nearly all that
/// can happen (a call closed by its deadline, a pitch reopened, another withdrawn, a second look, known teams, standing
/// aside, late recusals, an abstention, a prize declined, a payment that failed).
pub const FIXTURES: [(&str, &str); 5] = [
    ("the-den", include_str!("../data/the-den.events")),
    ("median", include_str!("../data/median.events")),
    ("shared-first", include_str!("../data/shared-first.events")),
    ("trimmed", include_str!("../data/trimmed.events")),
    ("eventful", include_str!("../data/eventful.events")),
];

/// The same with marks that the rulebook does not publish.
pub const UNPUBLISHED: &str = include_str!("../data/unpublished.events");

#[derive(Clone)]
pub struct Forge {
    pub programme: String,
    pub origin: String,
    /// Place and text of each.
    pub events: Vec<(String, String)>,
    pub openings: Vec<Opening>,
    /// The sizes at which checkpoints were signed, besides the last.
    pub sizes: Vec<usize>,
    pub seed: [u8; 32],
    /// Cosign with the witness of the policy; with one that it does not know.
    pub witnessed: bool,
    pub unknown: bool,
}

impl Forge {
    pub fn of(fixture: &str) -> Self {
        Self::from_lines(FIXTURES.iter().find(|(name, _)| *name == fixture).unwrap().1)
    }

    pub fn from_lines(lines: &str) -> Self {
        let event = |line: &str| {
            let (place, text) = line.split_once('\t').unwrap();
            (place.to_owned(), text.to_owned())
        };
        let events: Vec<_> = lines.lines().map(event).collect();
        let from = events[0].1.find("\"programme\":\"").unwrap() + 13;
        let programme = events[0].1[from..from + 36].to_owned();
        let origin = format!("prizes.example.org/log/{programme}");
        let sizes = vec![events.len() / 3, events.len() / 2];
        Self {
            programme,
            origin,
            events,
            openings: Vec::new(),
            sizes,
            seed: [7; 32],
            witnessed: true,
            unknown: false,
        }
    }

    /// Only the first few events.
    pub fn first(fixture: &str, many: usize) -> Self {
        let mut forge = Self::of(fixture);
        forge.events.truncate(many);
        forge.sizes = vec![many / 2];
        forge
    }

    /// Where the nth event of a type is.
    pub fn nth(&self, kind: &str, nth: usize) -> usize {
        let kind = format!(".v1.{kind}\"");
        let of_kind = self.events.iter().enumerate().filter(|(_, (_, text))| text.contains(&kind));
        of_kind.map(|(at, _)| at).nth(nth).unwrap_or_else(|| panic!("no {kind}"))
    }

    /// Changes words of one event.
    pub fn change(&mut self, at: usize, from: &str, to: &str) {
        let text = &mut self.events[at].1;
        assert!(text.contains(from), "{text} has no {from}");
        *text = text.replacen(from, to, 1);
    }

    /// Changes words wherever they stand: what a careful forger does.
    pub fn change_all(&mut self, from: &str, to: &str) {
        for (_, text) in &mut self.events {
            *text = text.replace(from, to);
        }
    }

    /// What stands behind a name in an event, up to the next quotation mark.
    pub fn value(&self, at: usize, name: &str) -> String {
        let text = &self.events[at].1;
        let from = text.find(&format!("\"{name}\":\"")).unwrap() + name.len() + 4;
        text[from..].split('"').next().unwrap().to_owned()
    }

    /// Leaves an event out, and closes the gap in its history as well as a forger can.
    pub fn drop_event(&mut self, at: usize) {
        let (place, text) = self.events.remove(at);
        let service = place.split('/').next().unwrap().to_owned();
        let subject = between(&text, "\"subject\":\"", "\"").to_owned();
        let version: u64 = between(&text, "\"version\":", ",").parse().unwrap();
        for (other, text) in &mut self.events {
            let same = other.starts_with(&service) && text.contains(&format!("\"subject\":\"{subject}\""));
            let of: u64 = between(text, "\"version\":", ",").parse().unwrap();
            if same && of > version {
                *text = text.replacen(&format!("\"version\":{of},"), &format!("\"version\":{},", of - 1), 1);
            }
        }
    }

    /// Puts an event in after another one of its service, as the next of a history.
    pub fn slip_in(&mut self, after: usize, text: &str) {
        let (place, _) = &self.events[after];
        let (service, position) = place.split_once('/').unwrap();
        let service = service.to_owned();
        let free: u64 = position.parse::<u64>().unwrap() + 1;
        let subject = format!("\"subject\":\"{}\"", between(text, "\"subject\":\"", "\""));
        let versions =
            self.events.iter().filter(|(place, text)| place.starts_with(&service) && text.contains(&subject));
        let next = versions.count() as u64 + 1;
        let of: u64 = between(text, "\"version\":", ",").parse().unwrap();
        let text = text.replacen(&format!("\"version\":{of},"), &format!("\"version\":{next},"), 1);
        self.shift(&service, free);
        self.events.insert(after + 1, (format!("{service}/{free}"), text));
    }

    /// Makes room at a position of a service: whatever names a later one names the next.
    fn shift(&mut self, service: &str, from: u64) {
        for (place, text) in &mut self.events {
            let (of, position) = place.split_once('/').unwrap();
            let position: u64 = position.parse().unwrap();
            if of == service && position >= from {
                *place = format!("{service}/{}", position + 1);
            }
            for name in ["\"cause\":\"", "\"basis\":\""] {
                let Some(start) = text.find(name).map(|at| at + name.len()) else { continue };
                let end = start + text[start..].find('"').unwrap();
                let places: Vec<String> = text[start..end]
                    .split(',')
                    .map(|place| {
                        let (of, position) = place.split_once('/').unwrap();
                        let position: u64 = position.parse().unwrap();
                        let later = of == service && position >= from;
                        format!("{of}/{}", position + u64::from(later))
                    })
                    .collect();
                text.replace_range(start..end, &places.join(","));
            }
        }
    }

    /// Makes a seal of ours in place of one that stands in the events, so that we can open it.
    pub fn reseal(&mut self, at: usize, name: &str, field: &str, content: &[u8]) {
        let before = self.value(at, name);
        let stream = between(&self.events[at].1, "\"subject\":\"", "\"").to_owned();
        let salt: [u8; 32] = std::array::from_fn(|i| i as u8 ^ at as u8);
        let commitment = Hash32(commit(&salt, &stream, field, content));
        self.change_all(&before, &commitment.to_string());
        self.openings.push(Opening { commitment, salt: Hash32(salt), content: content.to_vec() });
    }

    fn log(&self) -> Signer {
        Signer::new(&self.origin, KeyKind::Ed25519, &self.seed).unwrap()
    }

    fn witness(name: &str) -> Signer {
        Signer::new(name, KeyKind::CosignatureV1, &[9; 32]).unwrap()
    }

    pub fn policy(&self) -> String {
        let log = Signer::new(&self.origin, KeyKind::Ed25519, &[7; 32]).unwrap();
        let witness = Self::witness("witness.example.org/one");
        format!("log {}\nwitness one {}\nquorum one\n", log.verifier_key(), witness.verifier_key())
    }

    pub fn leaves(&self) -> Leaves {
        self.events.iter().map(|(_, text)| leaf_hash(text.as_bytes())).collect()
    }

    pub fn checkpoint(&self, size: usize) -> Note {
        let leaves: Leaves =
            self.events.iter().take(size).map(|(_, text)| leaf_hash(text.as_bytes())).collect();
        let checkpoint = Checkpoint::new(&self.origin, size as u64, leaves.root()).unwrap();
        let mut note = checkpoint.sign(&self.log()).unwrap();
        let mut cosign = |name: &str| {
            note.add(cosignature::sign(&Self::witness(name), &checkpoint, 1_795_435_200).unwrap()).unwrap();
        };
        if self.witnessed {
            cosign("witness.example.org/one");
        }
        if self.unknown {
            cosign("witness.example.org/unknown");
        }
        note
    }

    pub fn bundle(&self) -> Vec<u8> {
        let sizes = self.sizes.iter().copied().chain([self.events.len()]);
        self.bundle_with(sizes.map(|size| self.checkpoint(size).to_string()).collect())
    }

    pub fn bundle_with(&self, checkpoints: Vec<String>) -> Vec<u8> {
        let opened: Vec<Hash32> = self.openings.iter().map(|opening| opening.commitment).collect();
        let bundle = Bundle {
            programme: Id::read(&self.programme).unwrap(),
            made: MADE.to_owned(),
            audience: if opened.is_empty() { Audience::Public } else { Audience::Auditors },
            before: None,
            policy: self.policy(),
            checkpoints,
            events: self.events.len() as u64,
            openings: self.openings.clone(),
            withheld: self.withheld(&opened),
        };
        let mut file = Vec::new();
        let events = self.events.iter().map(|(place, text)| (place.clone(), text.clone().into_bytes()));
        write_bundle(bundle, events, |bytes| {
            file.extend_from_slice(bytes);
            Ok::<(), std::convert::Infallible>(())
        })
        .unwrap();
        file
    }

    /// What stays closed: all seals but those that are opened here or were revealed.
    fn withheld(&self, opened: &[Hash32]) -> BTreeMap<String, u64> {
        let unsealed = self.events.iter().filter(|(_, text)| text.contains("ScorecardUnsealed\""));
        // A forged one may reveal nothing.
        let revealed: HashSet<&str> = unsealed
            .filter_map(|(_, text)| text.split("\"commitment\":\"").nth(1)?.split('"').next())
            .collect();
        let mut withheld = BTreeMap::new();
        for (place, text) in &self.events {
            let Some(event) = Event::read(0, Place::read(place).unwrap(), text) else { continue };
            event.seals(|seal| {
                let shown = opened.contains(&seal.commitment)
                    || revealed.contains(&seal.commitment.to_string().as_str());
                if !shown {
                    *withheld.entry(seal.field.to_owned()).or_default() += 1;
                }
            });
        }
        withheld
    }

    pub fn receipt(&self, at: usize) -> Receipt {
        let leaves = self.leaves();
        let size = self.events.len() as u64;
        let hashes = inclusion_proof(&leaves, at as u64, size).unwrap();
        let proof = Proof::new(at as u64, hashes, self.checkpoint(self.events.len())).unwrap();
        let (place, text) = self.events[at].clone();
        Receipt {
            programme: Id::read(&self.programme).unwrap(),
            made: MADE.to_owned(),
            policy: self.policy(),
            event: (place, text.into_bytes()),
            openings: self.openings.clone(),
            proof: proof.to_string(),
        }
    }

    pub fn receipt_file(&self, at: usize) -> Vec<u8> {
        write_receipt(self.receipt(at))
    }
}

pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let from = text.find(before).unwrap() + before.len();
    text[from..].split(after).next().unwrap()
}

/// The seal, written again.
pub fn commit(salt: &[u8; 32], stream: &str, field: &str, content: &[u8]) -> [u8; 32] {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(salt).unwrap();
    mac.update(b"plaudit/seal/v1");
    for part in [stream.as_bytes(), field.as_bytes(), content] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
