//! The sentences that both verifiers print, from `sentences.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The file itself.
pub const JSON: &str = include_str!("../sentences.json");

static SENTENCES: LazyLock<Sentences> = LazyLock::new(|| {
    serde_json::from_str(JSON).expect("a test reads the same file, which is part of the program")
});

type Texts = BTreeMap<String, String>;

/// What stands in the file.
#[derive(Debug, Deserialize)]
pub struct Sentences {
    common: Texts,
    checks: Vec<CheckTexts>,
    what: Texts,
    wanted: Texts,
    milestones: Texts,
    units: Texts,
    against: Texts,
    outcomes: Texts,
}

/// One check's.
#[derive(Debug, Deserialize)]
struct CheckTexts {
    check: String,
    title: String,
    holds: Texts,
    fails: Texts,
    hidden: Texts,
}

/// Parameters of a sentence by their names.
pub type Parameters = Vec<(&'static str, String)>;

/// The checks in their order: name and title.
pub fn checks() -> impl Iterator<Item = (&'static str, &'static str)> {
    SENTENCES.checks.iter().map(|check| (check.check.as_str(), check.title.as_str()))
}

/// The sentence of a check's outcome for a reason.
pub(crate) fn sentence(check: &str, outcome: &str, reason: &str, parameters: &Parameters) -> String {
    let texts = SENTENCES.checks.iter().find(|texts| texts.check == check);
    let texts = texts.map(|texts| match outcome {
        "holds" => &texts.holds,
        "fails" => &texts.fails,
        _ => &texts.hidden,
    });
    let text = texts.and_then(|texts| texts.get(reason)).or_else(|| SENTENCES.common.get(reason));
    debug_assert!(text.is_some(), "no sentence for {check}, {outcome}, {reason}");
    fill(text.map(String::as_str).unwrap_or(reason), parameters)
}

/// A sentence that several checks share.
pub(crate) fn common(name: &str, parameters: &Parameters) -> String {
    fill(named(&SENTENCES.common, name), parameters)
}

/// A sentence about two files.
pub(crate) fn against(name: &str, parameters: &Parameters) -> String {
    fill(named(&SENTENCES.against, name), parameters)
}

/// What a decision by two people did.
pub(crate) fn what(event: &str) -> String {
    named(&SENTENCES.what, event).to_owned()
}

/// An amount of support.
pub(crate) fn unit(name: &str, parameters: &Parameters) -> String {
    fill(named(&SENTENCES.units, name), parameters)
}

/// What a line of a file should have been.
pub(crate) fn wanted(line: &str) -> String {
    named(&SENTENCES.wanted, line).to_owned()
}

/// A milestone.
pub(crate) fn milestone(name: &str) -> String {
    named(&SENTENCES.milestones, name).to_owned()
}

/// The word for an outcome.
pub(crate) fn outcome(name: &str) -> &'static str {
    SENTENCES.outcomes.get(name).map_or("", String::as_str)
}

fn named<'a>(texts: &'a Texts, name: &'a str) -> &'a str {
    texts.get(name).map_or(name, String::as_str)
}

/// Puts parameters in: `{n}` as it is, `{n|event|events}` with the word that its number needs.
fn fill(text: &str, parameters: &Parameters) -> String {
    let mut filled = String::with_capacity(text.len() + 40);
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((inside, after)) = inside.split_once('}') else { break };
        let mut parts = inside.split('|');
        let name = parts.next().unwrap_or_default();
        let value = parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        debug_assert!(value.is_some(), "{text}: no {name}");
        let value = value.unwrap_or("?");
        filled.push_str(value);
        if let (Some(one), Some(many)) = (parts.next(), parts.next()) {
            filled.push(' ');
            filled.push_str(if value == "1" { one } else { many });
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read_and_numbers_choose_their_words() {
        assert_eq!(checks().count(), 26);
        let text = "{n|event|events} of {who}.";
        let with = |n: &str| vec![("n", n.to_owned()), ("who", "you".to_owned())];
        assert_eq!(fill(text, &with("1")), "1 event of you.");
        assert_eq!(fill(text, &with("0")), "0 events of you.");
    }
}
