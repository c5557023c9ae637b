//! Strings that nobody else would write, and how they look where somebody
//! tried to hide them.

use std::collections::BTreeMap;
use std::sync::Mutex;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};

use crate::heaps::Heap;

/// Something private.
#[derive(Clone, Debug)]
pub struct Marker {
    /// What it was planted in.
    pub what: String,
    /// What is looked for: the part that is the same however it is quoted.
    core: String,
    /// Where it may lie as it is: the tables of whoever has to know it.
    homes: &'static [&'static str],
}

/// Everything that was planted.
#[derive(Default)]
pub struct Markers(Mutex<Vec<Marker>>);

impl Markers {
    /// A text for a private field, with letters that are written in many ways.
    pub fn text(&self, what: &str) -> String {
        self.text_at_home(what, &[])
    }

    /// One that some tables hold as it is.
    pub fn text_at_home(&self, what: &str, homes: &'static [&'static str]) -> String {
        let core = fresh();
        self.keep(what, &core, homes);
        format!("Zoë & {core} <王>")
    }

    /// An address.
    pub fn email(&self, what: &str, homes: &'static [&'static str]) -> String {
        let core = fresh();
        self.keep(what, &core, homes);
        format!("{core}@example.org")
    }

    /// Something that was given and is as private: it is looked for as it is.
    pub fn exactly(&self, what: &str, text: &str) {
        self.keep(what, text, &[]);
    }

    fn keep(&self, what: &str, core: &str, homes: &'static [&'static str]) {
        let marker = Marker { what: what.to_owned(), core: core.to_owned(), homes };
        self.0.lock().unwrap().push(marker);
    }

    /// Whether a text holds one of them.
    pub fn are_in(&self, text: &str) -> bool {
        self.0.lock().unwrap().iter().any(|marker| text.contains(&marker.core))
    }

    /// Where those that were planted in something like this lie, whether they
    /// may or not.
    pub fn found(&self, heaps: &[Heap], of: impl Fn(&Marker) -> bool) -> BTreeMap<String, Vec<String>> {
        let markers: Vec<Marker> =
            self.0.lock().unwrap().iter().filter(|marker| of(marker)).cloned().collect();
        let forms: Vec<(usize, Vec<u8>)> = markers
            .iter()
            .enumerate()
            .flat_map(|(at, marker)| forms(&marker.core).into_iter().map(move |form| (at, form)))
            .collect();
        let search = AhoCorasick::new(forms.iter().map(|(_, form)| form)).unwrap();
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for heap in heaps {
            for hit in search.find_overlapping_iter(&heap.bytes) {
                let marker = &markers[forms[hit.pattern().as_usize()].0];
                let places = found.entry(marker.what.clone()).or_default();
                if !places.contains(&heap.name) {
                    places.push(heap.name.clone());
                }
            }
        }
        found
    }

    /// What lies where it may not.
    pub fn astray(&self, heaps: &[Heap]) -> Vec<String> {
        let all = self.0.lock().unwrap().clone();
        let mut astray = Vec::new();
        for (what, places) in self.found(heaps, |_| true) {
            let homes: Vec<&str> = all
                .iter()
                .filter(|marker| marker.what == what)
                .flat_map(|marker| marker.homes.to_vec())
                .collect();
            let strange = places.iter().filter(|place| !homes.contains(&place.as_str()));
            astray.extend(strange.map(|place| format!("{what} is in {place}")));
        }
        astray
    }
}

/// 80 random bits in letters and digits: lower case, for an address has no other.
fn fresh() -> String {
    format!("mk{}", &uuid::Uuid::new_v4().simple().to_string()[..20])
}

/// A text as it is, in hexadecimal, with every byte percent-encoded, and in
/// base64 at each of the three places where it can begin.
fn forms(core: &str) -> Vec<Vec<u8>> {
    let bytes = core.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    let mut forms = vec![core.to_owned(), hex.to_uppercase(), hex, percent.to_lowercase(), percent];
    for before in 0..3 {
        let padded: Vec<u8> = std::iter::repeat_n(0, before).chain(bytes.iter().copied()).collect();
        // What neighbours have no part in: whole groups of six bits.
        let (from, to) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
        // So few would be found everywhere.
        if to - from >= 8 {
            forms.push(BASE64_STANDARD.encode(&padded)[from..to].to_owned());
            forms.push(BASE64_URL_SAFE.encode(&padded)[from..to].to_owned());
        }
    }
    forms.sort();
    forms.dedup();
    forms.into_iter().map(String::into_bytes).collect()
}

#[test]
fn a_marker_is_found_however_it_is_written() {
    let markers = Markers::default();
    let text = markers.text("a title");
    let json = serde_json::json!({ "title": text }).to_string();
    let percent: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let hex: String = json.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut heaps = vec![text.clone(), json, percent, hex];
    for before in 0..4 {
        heaps.push(BASE64_STANDARD.encode("x".repeat(before) + &text + "yz"));
        heaps.push(BASE64_URL_SAFE.encode("x".repeat(before) + &text));
    }
    for bytes in heaps.into_iter().map(String::into_bytes) {
        let heap = Heap { name: "here".to_owned(), bytes };
        assert_eq!(markers.astray(std::slice::from_ref(&heap)), ["a title is in here"], "{heap:?}");
    }
    let other = Heap { name: "here".to_owned(), bytes: Markers::default().text("another").into_bytes() };
    assert!(markers.astray(&[other]).is_empty());
}

#[test]
fn a_marker_may_lie_at_home() {
    let markers = Markers::default();
    let email = markers.email("an address", &["table accounts.people"]);
    let at = |name: &str| Heap { name: name.to_owned(), bytes: email.clone().into_bytes() };
    assert!(markers.astray(&[at("table accounts.people")]).is_empty());
    assert_eq!(markers.astray(&[at("table accounts.keys")]).len(), 1);
}
