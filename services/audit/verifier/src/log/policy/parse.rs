//! Reading policy files, a line at a time.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        encoding::decimal,
        note::{KeyKind, VerifierKey},
    },
    Group, Log, Member, Policy, PolicyError, Problem, Witness,
};

impl Policy {
    /// Reads a policy file.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        let text = str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            PolicyError { line, problem: Problem::NotUtf8 }
        })?;
        let mut draft = Draft::default();
        let mut line = 0;
        for text in text.split_inclusive('\n') {
            line += 1;
            draft.read(text).map_err(|problem| PolicyError { line, problem })?;
        }
        match draft.quorum {
            Some(quorum) => Ok(Self { quorum, ..draft.policy }),
            None => Err(PolicyError { line: line.max(1), problem: Problem::NoQuorum }),
        }
    }
}

/// What the lines so far have said.
struct Draft {
    policy: Policy,
    names: HashMap<String, Member>,
    in_groups: HashSet<Member>,
    quorum: Option<Option<Member>>,
}

impl Default for Draft {
    fn default() -> Self {
        let policy = Policy { logs: Vec::new(), witnesses: Vec::new(), groups: Vec::new(), quorum: None };
        Self { policy, names: HashMap::new(), in_groups: HashSet::new(), quorum: None }
    }
}

impl Draft {
    fn read(&mut self, line: &str) -> Result<(), Problem> {
        let line = line.strip_suffix('\n').ok_or(Problem::Unended)?;
        let forbidden = |character: char| character.is_ascii_control() && character != '\t';
        if let Some(character) = line.chars().find(|character| forbidden(*character)) {
            return Err(Problem::ControlCharacter { character });
        }
        let items: Vec<&str> = line.split([' ', '\t']).filter(|item| !item.is_empty()).collect();
        match items.split_first() {
            None => Ok(()),
            Some((word, _)) if word.starts_with('#') => Ok(()),
            Some((&"log", items)) => self.log(items),
            Some((&"witness", items)) => self.witness(items),
            Some((&"group", items)) => self.group(items),
            Some((&"quorum", items)) => self.quorum(items),
            Some((word, _)) => Err(Problem::Word { word: (*word).to_owned() }),
        }
    }

    fn log(&mut self, items: &[&str]) -> Result<(), Problem> {
        let ([key], url) = with_url(items).ok_or(Problem::Form { form: "log <key> [<url>]" })?;
        let key = self.key(key, KeyKind::Ed25519)?;
        self.policy.logs.push(Log { key, url });
        Ok(())
    }

    fn witness(&mut self, items: &[&str]) -> Result<(), Problem> {
        let form = "witness <name> <key> [<url>]";
        let ([name, key], url) = with_url(items).ok_or(Problem::Form { form })?;
        let key = self.key(key, KeyKind::CosignatureV1)?;
        self.define(name, Member::Witness(self.policy.witnesses.len()))?;
        self.policy.witnesses.push(Witness { name: name.to_owned(), key, url });
        Ok(())
    }

    fn group(&mut self, items: &[&str]) -> Result<(), Problem> {
        let [name, threshold, members @ ..] = items else { return Err(Self::GROUP) };
        if members.is_empty() {
            return Err(Self::GROUP);
        }
        let threshold = parse_threshold(threshold, members.len())?;
        // Looked up before the group is defined: it can't be its own member.
        let members = members.iter().map(|name| self.member(name)).collect::<Result<Vec<_>, _>>()?;
        self.define(name, Member::Group(self.policy.groups.len()))?;
        self.policy.groups.push(Group { name: (*name).to_owned(), threshold, members });
        Ok(())
    }

    const GROUP: Problem = Problem::Form { form: "group <name> all|any|<number> <member>..." };

    fn quorum(&mut self, items: &[&str]) -> Result<(), Problem> {
        let [name] = items else { return Err(Problem::Form { form: "quorum <name>|none" }) };
        if self.quorum.is_some() {
            return Err(Problem::QuorumTwice);
        }
        self.quorum = Some(if *name == "none" { None } else { Some(self.defined(name)?) });
        Ok(())
    }

    /// Reads a key of the kind its line needs, one that no earlier line has.
    fn key(&self, text: &str, needed: KeyKind) -> Result<VerifierKey, Problem> {
        let key = VerifierKey::parse(text)?;
        if key.kind() != needed {
            return Err(Problem::Kind { needed, found: key.kind() });
        }
        let logs = self.policy.logs.iter().map(|log| &log.key);
        for earlier in logs.chain(self.policy.witnesses.iter().map(|witness| &witness.key)) {
            let name = || key.name().to_owned();
            if earlier.kind() == needed && earlier.public_key() == key.public_key() {
                return Err(Problem::KeyTwice { name: name() });
            }
            if earlier.name() == key.name() && earlier.id() == key.id() {
                return Err(Problem::KeyAmbiguous { name: name() });
            }
        }
        Ok(key)
    }

    fn define(&mut self, name: &str, member: Member) -> Result<(), Problem> {
        if name == "none" {
            return Err(Problem::NamedNone);
        }
        match self.names.insert(name.to_owned(), member) {
            None => Ok(()),
            Some(_) => Err(Problem::NameTaken { name: name.to_owned() }),
        }
    }

    fn defined(&self, name: &str) -> Result<Member, Problem> {
        self.names.get(name).copied().ok_or_else(|| Problem::NameUnknown { name: name.to_owned() })
    }

    /// A group's member, which must not be in another group, nor twice in this one.
    fn member(&mut self, name: &str) -> Result<Member, Problem> {
        let member = self.defined(name)?;
        if self.in_groups.insert(member) {
            Ok(member)
        } else {
            Err(Problem::InTwoGroups { name: name.to_owned() })
        }
    }
}

/// As many items as a line needs, and perhaps one more.
fn with_url<'a, const N: usize>(items: &[&'a str]) -> Option<([&'a str; N], Option<String>)> {
    let (needed, rest) = items.split_first_chunk::<N>()?;
    match rest {
        [] => Some((*needed, None)),
        [url] => Some((*needed, Some((*url).to_owned()))),
        _ => None,
    }
}

fn parse_threshold(text: &str, members: usize) -> Result<usize, Problem> {
    let threshold = match text {
        "all" => Some(members),
        "any" => Some(1),
        number => decimal(number).and_then(|number| usize::try_from(number).ok()),
    };
    threshold
        .filter(|threshold| (1..=members).contains(threshold))
        .ok_or_else(|| Problem::Threshold { threshold: text.to_owned(), members })
}
