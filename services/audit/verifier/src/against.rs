//! Whether two files stand for the same log: a log that shows different events to different people is found by
//! comparing what they were shown.

use crate::event::Place;
use crate::log::tree::{Hash, Tree};
use crate::report::parameters;
use crate::sentences;

/// What a file stands for: its checkpoints, and a receipt's event.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Which log.
    pub origin: String,
    /// Size and root of each checkpoint.
    pub points: Vec<(u64, Hash)>,
    /// A receipt's event: its place in the log, its leaf hash, and its place in its service.
    pub leaf: Option<(u64, Hash, Place)>,
}

/// Compares another file's checkpoints with the events of this one, as they come.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// By rising size.
    points: Vec<(u64, Hash)>,
    leaf: Option<(u64, Hash, Place)>,
    at: usize,
    differs: Option<u64>,
    compared: Option<u64>,
    leaf_differs: Option<Place>,
}

impl Watch {
    /// Of what the other file stands for.
    pub fn of(other: &Seen) -> Self {
        let mut points = other.points.clone();
        points.sort_unstable();
        Self { points, leaf: other.leaf, ..Self::default() }
    }

    pub(crate) fn leaf(&mut self, index: u64, leaf: &Hash, at: Place) {
        if self.leaf.is_some_and(|(of, said, _)| of == index && said != *leaf) {
            self.leaf_differs.get_or_insert(at);
        }
    }

    pub(crate) fn compare(&mut self, tree: &Tree) {
        while let Some((size, root)) = self.points.get(self.at).filter(|(size, _)| *size <= tree.size()) {
            self.at += 1;
            if *size == tree.size() {
                self.compared = Some(*size);
                if tree.root() != *root {
                    self.differs.get_or_insert(*size);
                }
            }
        }
    }
}

/// What comparing two files found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One log.
    Same,
    /// Two logs under one name.
    Split,
    /// It can't be shown.
    Unshown,
}

/// What comparing two files found, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// In a word.
    pub verdict: Verdict,
    /// For people.
    pub sentence: String,
}

/// Compares two files: what each stands for, and how the other's events compared with that.
pub fn compare(one: &Seen, other: &Seen, of_one: &Watch, of_other: &Watch) -> Compared {
    let said =
        |verdict, name, parameters| Compared { verdict, sentence: sentences::against(name, &parameters) };
    let origin = &one.origin;
    if one.origin != other.origin {
        return said(Verdict::Unshown, "unrelated", parameters! { origin, other: other.origin });
    }
    let mut roots: Vec<_> = one.points.iter().chain(&other.points).collect();
    roots.sort_unstable();
    let split = roots.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1);
    if let Some(pair) = split {
        return said(Verdict::Split, "split_root", parameters! { origin, size: pair[0].0 });
    }
    if let Some(size) = of_one.differs.into_iter().chain(of_other.differs).min() {
        return said(Verdict::Split, "split_tree", parameters! { origin, size });
    }
    if let Some(at) = of_one.leaf_differs.or(of_other.leaf_differs) {
        return said(Verdict::Split, "split_event", parameters! { at });
    }
    let shared = roots.windows(2).any(|pair| pair[0] == pair[1]);
    if !shared && of_one.compared.is_none() && of_other.compared.is_none() {
        return said(Verdict::Unshown, "unshown", Vec::new());
    }
    let last = |seen: &Seen| seen.points.iter().map(|(size, _)| *size).max().unwrap_or_default();
    let (size, larger) = (last(one).min(last(other)), last(one).max(last(other)));
    said(Verdict::Same, "same", parameters! { origin, size, larger })
}
