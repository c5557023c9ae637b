//! Saving one part of a draft without overwriting anybody: what was typed goes
//! over what the form was made from, and over nothing else.

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::draft::{Content, Draft, api_path};
use super::part::Part;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visitor::Visitor;

/// What became of it.
#[derive(Debug)]
pub enum Outcome {
    /// It is saved, in this version, with this content.
    Saved(u64, Content),
    /// It came after the last instant, and was kept as this.
    Late(u64, Content, Failure),
    /// Something else was saved there since the form was made.
    Moved(Box<Draft>),
}

/// What to do with a form, given what is saved now.
#[derive(Debug, PartialEq)]
enum Step {
    /// The very same is saved.
    Nothing,
    /// Somebody saved something else.
    Ask,
    /// Save this.
    Write(Content),
}

/// A form says what it was made from: the draft's version, and the mark of the
/// part; also the marks of what it has sent itself since without hearing
/// whether it arrived. If only other parts have changed, nobody is overwritten.
fn step(part: &Part, fields: &Fields, now: &Draft) -> Step {
    let mut content = now.content.clone();
    part.write(fields, &mut content);
    if part.read(&content) == part.read(&now.content) {
        return Step::Nothing;
    }
    let mark = part.mark(&now.content);
    let stands = fields.version() == Some(now.version) || fields.all("_was").any(|was| was == mark);
    if stands { Step::Write(content) } else { Step::Ask }
}

/// How often others may be quicker.
const TRIES: usize = 5;

#[derive(Deserialize)]
struct Done {
    version: u64,
}

/// Saves what a form sent of this part.
pub async fn save(
    visitor: &Visitor,
    programme: Uuid,
    draft: Uuid,
    part: &Part,
    fields: &Fields,
) -> Result<Outcome, Failure> {
    let path = api_path(programme, draft);
    for _ in 0..TRIES {
        let now: Draft = visitor.api.get(&path).await?;
        let content = match step(part, fields, &now) {
            Step::Nothing if now.late && now.reopened(Timestamp::now()).is_none() => {
                return Ok(Outcome::Late(now.version, now.content, late()));
            }
            Step::Nothing => return Ok(Outcome::Saved(now.version, now.content)),
            Step::Ask => return Ok(Outcome::Moved(Box::new(now))),
            Step::Write(content) => content,
        };
        // Another version is another command: the rest of the draft may differ.
        let key = format!("{}/{}", fields.key(), now.version);
        let sent = visitor.api.send(Method::PUT, &path, &key, Some(now.version), &content).await;
        match sent {
            Ok(Done { version }) => return Ok(Outcome::Saved(version, content)),
            Err(failure) if failure.status() == StatusCode::PRECONDITION_FAILED => {}
            // Keeping it made a version, too.
            Err(failure) if failure.code() == "late-kept" => {
                return Ok(Outcome::Late(now.version + 1, content, failure));
            }
            Err(failure) => return Err(failure),
        }
    }
    Err(Failure::refused(
        StatusCode::CONFLICT,
        "busy",
        "Others in your team are saving just now. Try again in a moment.",
    ))
}

/// As the API says it when it has kept something.
fn late() -> Failure {
    Failure::refused(StatusCode::CONFLICT, "late-kept", "This arrived too late. What you wrote is kept.")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn draft(version: u64, pitch: &str, money: &str) -> Draft {
        serde_json::from_value(serde_json::json!({
            "id": Uuid::nil(), "version": version, "saved_at": "2026-11-23T12:00:00Z",
            "content": {
                "title": "Meshwick", "team_name": "", "gate": {"young": true}, "accept_rules": true,
                "answers": {"pitch": pitch, "money": money}, "team": null, "enter_at_deadline": true,
                "something_new": [1, 2],
            },
        }))
        .unwrap()
    }

    fn pitch() -> Part {
        Part::Question("pitch".to_owned())
    }

    fn form(made_from: &Draft, text: &str) -> Fields {
        let was = pitch().mark(&made_from.content);
        Fields(vec![
            ("_version".to_owned(), made_from.version.to_string()),
            ("_was".to_owned(), was),
            ("answers.pitch".to_owned(), text.to_owned()),
        ])
    }

    #[test]
    fn one_answer_is_changed_and_everything_else_stays() {
        let now = draft(3, "a", "b");
        let Step::Write(content) = step(&pitch(), &form(&now, "a, and more"), &now) else { panic!() };
        assert_eq!(content.answers["pitch"], "a, and more");
        assert_eq!(content.answers["money"], "b");
        assert_eq!(content.rest, now.content.rest);
        assert!(content.gate["young"] && content.accept_rules && content.enter_at_deadline);
    }

    #[test]
    fn what_others_wrote_elsewhere_is_no_reason_to_ask() {
        let (before, now) = (draft(3, "a", "b"), draft(4, "a", "written by Kofi"));
        let Step::Write(content) = step(&pitch(), &form(&before, "mine"), &now) else { panic!() };
        assert_eq!(content.answers["money"], "written by Kofi");
        assert_eq!(content.answers["pitch"], "mine");
    }

    #[test]
    fn what_others_wrote_here_is_never_overwritten() {
        let (before, now) = (draft(3, "a", "b"), draft(4, "written by Kofi", "b"));
        assert_eq!(step(&pitch(), &form(&before, "mine"), &now), Step::Ask);
        // Also where they emptied it, and where a form says nothing of where it comes from.
        assert_eq!(step(&pitch(), &form(&before, "mine"), &draft(4, "", "b")), Step::Ask);
        let bare = Fields(vec![("answers.pitch".to_owned(), "mine".to_owned())]);
        assert_eq!(step(&pitch(), &bare, &now), Step::Ask);
    }

    #[test]
    fn what_came_late_is_built_upon() {
        let mut shown = serde_json::json!({
            "id": Uuid::nil(), "version": 5, "saved_at": "2026-11-23T12:00:00Z", "content": {},
            "late": { "by": Uuid::nil(), "received_at": "2026-11-23T12:00:01Z" },
        });
        shown["late"]["content"] = serde_json::to_value(draft(1, "late", "b").content).unwrap();
        let now: Draft = serde_json::from_value(shown).unwrap();
        assert!(now.late && now.saved_at.to_string().ends_with(":01Z"));
        let Step::Write(content) = step(&pitch(), &form(&now, "late, and more"), &now) else { panic!() };
        assert_eq!(content.answers["money"], "b");
    }

    #[test]
    fn a_form_that_comes_twice_is_saved_once() {
        let (before, now) = (draft(3, "a", "b"), draft(4, "mine", "b"));
        assert_eq!(step(&pitch(), &form(&before, "mine"), &now), Step::Nothing);
    }

    #[test]
    fn what_it_sent_itself_and_heard_nothing_of_is_not_somebody_elses() {
        let (before, now) = (draft(3, "a", "b"), draft(4, "mine", "b"));
        let mut fields = form(&before, "mine, and more");
        fields.0.push(("_was".to_owned(), pitch().mark(&now.content)));
        assert!(matches!(step(&pitch(), &fields, &now), Step::Write(_)));
    }

    #[test]
    fn the_module_in_the_browser_makes_the_same_mark() {
        assert_eq!(pitch().mark(&draft(1, "Käse\n", "").content), "f9df2ec0ec8ec3ea0338a5eb");
    }

    #[test]
    fn marks_tell_parts_and_contents_apart() {
        let one = draft(1, "a", "b").content;
        assert_eq!(pitch().mark(&one), pitch().mark(&draft(9, "a", "other").content));
        assert_ne!(pitch().mark(&one), pitch().mark(&draft(1, "a ", "b").content));
        assert_ne!(Part::Names.mark(&one), Part::Rules.mark(&one));
    }

    #[test]
    fn a_box_that_is_not_ticked_says_no() {
        let mut content = draft(1, "", "").content;
        Part::Rules.write(&Fields(vec![("enter_at_deadline".to_owned(), "no".to_owned())]), &mut content);
        assert!(!content.accept_rules && !content.enter_at_deadline);
        Part::Rules.write(&Fields(vec![("accept_rules".to_owned(), "yes".to_owned())]), &mut content);
        assert!(content.accept_rules && content.enter_at_deadline);
    }
}
