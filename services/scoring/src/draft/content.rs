//! What a draft says.

use std::collections::BTreeMap;

use plaudit_chassis::{FieldError, Problem};
use plaudit_tally::Rules;
use serde::{Deserialize, Serialize};

use crate::scorecard::MOST_IN_A_COMMENT;

/// The most characters of a mark that is still being typed.
const MOST_IN_A_MARK: usize = 20;

/// A scorecard in the making. Nothing in it need be complete, or right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DraftContent {
    /// By the id of the criterion, as it was typed: to 20 characters.
    pub marks: BTreeMap<String, String>,
    /// To 10,000 characters.
    pub comment_to_panel: String,
    /// To 10,000 characters.
    pub comment_to_entrant: String,
}

impl DraftContent {
    /// 422 for what no page of ours would save: criteria that aren't the
    /// round's, and more than there is room for.
    pub fn check(&self, rules: &Rules) -> Result<(), Problem> {
        let known = |id: &str| rules.criteria.iter().any(|criterion| criterion.id == id);
        let mut errors = Vec::new();
        for (criterion, mark) in &self.marks {
            let detail = if !known(criterion) {
                "This is not one of this round's criteria; leave it out.".to_owned()
            } else if mark.chars().count() > MOST_IN_A_MARK {
                format!("Write at most {MOST_IN_A_MARK} characters.")
            } else {
                continue;
            };
            errors.push(FieldError { field: format!("marks.{criterion}"), detail });
        }
        let comments =
            [("comment_to_panel", &self.comment_to_panel), ("comment_to_entrant", &self.comment_to_entrant)];
        for (field, _) in comments.iter().filter(|(_, words)| words.chars().count() > MOST_IN_A_COMMENT) {
            let detail = format!("Write at most {MOST_IN_A_COMMENT} characters.");
            errors.push(FieldError { field: (*field).to_owned(), detail });
        }
        match errors.first() {
            None => Ok(()),
            Some(first) => Err(Problem::field(first.field.clone(), first.detail.clone()).with(errors)),
        }
    }

    /// How many criteria have something in them.
    pub fn marked(&self) -> u32 {
        self.marks.values().filter(|mark| !mark.trim().is_empty()).count() as u32
    }

    /// Whether there are words for anybody.
    pub fn comments(&self) -> bool {
        [&self.comment_to_panel, &self.comment_to_entrant].iter().any(|words| !words.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn draft(marks: &[(&str, &str)], comment: &str) -> DraftContent {
        DraftContent {
            marks: marks.iter().map(|(id, mark)| ((*id).to_owned(), (*mark).to_owned())).collect(),
            comment_to_panel: comment.to_owned(),
            comment_to_entrant: String::new(),
        }
    }

    fn rules() -> Rules {
        serde_json::from_str(
            r#"{"scale":{"min":"0","max":"10","step":"0.5"},"criteria":[{"id":"impact","weight":"2"}],
                "aggregation":"mean","normalisation":"none","ties":[],"least_marks":1}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_draft_may_be_wrong_but_not_about_another_round_or_endless() {
        for fine in [draft(&[], ""), draft(&[("impact", "7.")], ""), draft(&[("impact", "ten?")], "é")] {
            assert!(fine.check(&rules()).is_ok(), "{fine:?}");
        }
        let long = "x".repeat(21);
        for wrong in [
            draft(&[("team", "7")], ""),
            draft(&[("impact", &long)], ""),
            draft(&[], &"é".repeat(MOST_IN_A_COMMENT + 1)),
        ] {
            assert_eq!(wrong.check(&rules()).unwrap_err().status().as_u16(), 422);
        }
    }

    #[test]
    fn what_is_blank_is_not_begun() {
        let blank = draft(&[("impact", " ")], "\n");
        assert_eq!((blank.marked(), blank.comments()), (0, false));
        let begun = draft(&[("impact", "7")], "well");
        assert_eq!((begun.marked(), begun.comments()), (1, true));
    }
}
