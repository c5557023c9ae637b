//! The marks on a scorecard, and the bytes of them that are sealed.

use std::collections::BTreeMap;

use plaudit_proto::scoring::v1::Mark;
use plaudit_tally::Decimal;

/// One mark a criterion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet(pub BTreeMap<String, Decimal>);

/// Bytes that are no sheet: they were not sealed by this service.
#[derive(Debug, thiserror::Error)]
#[error("sealed marks can't be read")]
pub struct NotASheet;

impl Sheet {
    /// What is sealed: a line `criterion=mark` each, sorted by criterion, each
    /// ended by a line feed, the marks without trailing zeros.
    pub fn bytes(&self) -> Vec<u8> {
        let lines = self.0.iter().map(|(criterion, mark)| format!("{criterion}={mark}\n"));
        lines.collect::<String>().into_bytes()
    }

    /// Reads what [`Sheet::bytes`] wrote.
    pub fn read(bytes: &[u8]) -> Result<Self, NotASheet> {
        let text = std::str::from_utf8(bytes).map_err(|_| NotASheet)?;
        let lines = text.lines().map(|line| {
            let (criterion, mark) = line.split_once('=').ok_or(NotASheet)?;
            Ok((criterion.to_owned(), mark.parse().map_err(|_| NotASheet)?))
        });
        lines.collect::<Result<_, NotASheet>>().map(Self)
    }

    /// As an event reveals it.
    pub fn revealed(&self) -> Vec<Mark> {
        let marks = self.0.iter();
        marks.map(|(criterion, mark)| Mark { criterion: criterion.clone(), mark: mark.to_string() }).collect()
    }

    /// As an API shows it.
    pub fn shown(&self) -> BTreeMap<String, String> {
        let marks = self.0.iter();
        marks.map(|(criterion, mark)| (criterion.clone(), mark.to_string())).collect()
    }
}
