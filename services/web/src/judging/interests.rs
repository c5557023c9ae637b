//! What a judge declares, once, before they read anything.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::desk::Desk;
use super::seen::{Reading, SeatStatus};
use crate::api::Done;
use crate::components::{Button, Errors, Textarea, WarningText};
use crate::failure::{Failure, Problem};
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::visitor::Visitor;

/// Fields of a team are called by this and the pitch.
const CONNECTION: &str = "connection.";
const NATURE: &str = "nature.";

pub async fn show(
    visitor: Visitor,
    Path((programme, round)): Path<(Uuid, String)>,
) -> Result<Response, Failure> {
    let desk = Desk::open(&visitor, programme, &round).await?;
    if desk.seat.status != SeatStatus::Accepted || desk.seat.declared {
        return Ok(visitor.to(&desk.page("")));
    }
    let teams = teams(&visitor, &desk).await?;
    Ok(page(&visitor, &desk, &teams, &Fields::default(), &Errors::new()))
}

/// The teams of the list; in an anonymous round nobody is named.
async fn teams(visitor: &Visitor, desk: &Desk) -> Result<Vec<Reading>, Failure> {
    if desk.anonymous {
        return Ok(Vec::new());
    }
    let mut teams: Vec<Reading> =
        visitor.api.list(&format!("submissions/programmes/{}/pitches?names=true", desk.programme.id)).await?;
    teams.retain(|team| team.title.is_some() || team.team_name.is_some());
    teams.sort_by_cached_key(|team| (team.team_name.clone().unwrap_or_default().to_lowercase(), team.id));
    Ok(teams)
}

pub async fn declare(
    visitor: Visitor,
    Path((programme, round)): Path<(Uuid, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let desk = Desk::open(&visitor, programme, &round).await?;
    let connections = connections(&fields);
    let interests = Some(fields.text("interests")).filter(|words| !words.is_empty());
    let body = json!({
        "interests": interests,
        "connections": connections.iter().map(Connected::body).collect::<Vec<_>>(),
        "none_for_the_rest": true,
    });
    match visitor.api.post::<Done>(&desk.of_panel("/declaration"), fields.key(), &body).await {
        Ok(_) => Ok(visitor.to_saying(&desk.page(""), "Your interests are declared.")),
        Err(failure) => {
            let errors = errors(&failure.for_the_form()?, &connections);
            let teams = teams(&visitor, &desk).await?;
            Ok(page(&visitor, &desk, &teams, &fields, &errors))
        }
    }
}

/// A connection as the form says it.
struct Connected<'a> {
    pitch: &'a str,
    kind: &'a str,
    nature: &'a str,
}

impl Connected<'_> {
    fn body(&self) -> Value {
        let nature = Some(self.nature).filter(|nature| !nature.is_empty());
        json!({ "pitch": self.pitch, "connection": self.kind, "nature": nature })
    }
}

fn connections(fields: &Fields) -> Vec<Connected<'_>> {
    let said =
        fields.under(CONNECTION).filter(|(pitch, kind)| *kind != "none" && pitch.parse::<Uuid>().is_ok());
    said.map(|(pitch, kind)| Connected { pitch, kind, nature: fields.text(&format!("{NATURE}{pitch}")) })
        .collect()
}

/// The API counts connections; the form knows them by pitch.
fn errors(problem: &Problem, connections: &[Connected<'_>]) -> Errors {
    let mut errors = Errors::new();
    for (field, message) in problem.to_errors().iter() {
        let place = field.and_then(|field| {
            let number: String =
                field.strip_prefix("connections")?.chars().filter(char::is_ascii_digit).collect();
            let connection = connections.get(number.parse::<usize>().ok()?)?;
            let part = if field.ends_with("nature") { NATURE } else { CONNECTION };
            Some(format!("{part}{}", connection.pitch))
        });
        match (place, field) {
            (Some(place), _) => errors.push(place, message),
            (None, Some("interests")) => errors.push("interests", message),
            (None, _) => errors.push_general(message),
        }
    }
    errors
}

fn page(visitor: &Visitor, desk: &Desk, teams: &[Reading], typed: &Fields, errors: &Errors) -> Response {
    let interests = Textarea::new("interests", "Your interests")
        .hint("For the organisers alone: work, boards, memberships, money, family, anything that somebody could ask about. Leave it empty if there is nothing.")
        .rows(3)
        .value(typed.raw("interests"))
        .errors(errors);
    let button =
        if teams.is_empty() { "Declare my interests" } else { "Declare, no connection to all the others" };
    let body = html! {
        p.govuk-body-l { "You do this once, before you read anything. It protects you as much as the prize." }
        (form(&desk.page("/interests"), html! {
            (interests)
            @if desk.anonymous { (anonymous()) } @else { (list(teams, typed, errors)) }
            (WarningText::new("Where you stand aside, you neither read nor mark that pitch. That is final. A connection that you find later you can still declare then."))
            (Button::new(button).prevent_double_click())
        }))
    };
    Page::new("Declare your interests")
        .of(&desk.programme, Tab::Judging)
        .back(desk.page(""), desk.name())
        .errors(errors)
        .style("judging.css")
        .script("interests.mjs")
        .show(visitor, body)
}

fn anonymous() -> Markup {
    html! {
        h2.govuk-heading-m { "The teams" }
        p.govuk-body { "In this round you are not told whose a pitch is. The organisers compare your interests with the teams and keep from you what you should not judge, so be generous with what you list. If you recognise a team while you read, stand aside from its score sheet." }
    }
}

fn list(teams: &[Reading], typed: &Fields, errors: &Errors) -> Markup {
    html! {
        h2.govuk-heading-m { "The teams" }
        @if teams.is_empty() {
            p.govuk-body { "The list of teams is not known yet. If you declare now, it is about all of them." }
        } @else {
            p.govuk-body { "Change only those that you know. Everything else stays at “no connection”." }
            div #team-search hidden {
                label.govuk-label for="search" { "Find a team" }
                input.govuk-input.govuk-input--width-20 #search type="search" autocomplete="off";
                p.govuk-hint #search-count role="status" {}
            }
        }
        ul.plaudit-teams { @for team in teams { (one(team, typed, errors)) } }
    }
}

fn one(team: &Reading, typed: &Fields, errors: &Errors) -> Markup {
    let (connection, nature) = (format!("{CONNECTION}{}", team.id), format!("{NATURE}{}", team.id));
    let chosen = Some(typed.text(&connection)).filter(|chosen| !chosen.is_empty()).unwrap_or("none");
    let error = errors.get(&nature).or_else(|| errors.get(&connection));
    let (hint, wrong) = (format!("{nature}-hint"), format!("{nature}-error"));
    let said_by = error.map_or_else(|| hint.clone(), |_| format!("{hint} {wrong}"));
    html! {
        li.plaudit-team data-connected[chosen != "none"] {
            fieldset.govuk-fieldset {
                legend.plaudit-team__name {
                    strong { (team.team_name.as_deref().unwrap_or("A team without a name")) }
                    @if let Some(title) = &team.title { " " span.plaudit-quiet { (title) } }
                }
                div.plaudit-team__choices {
                    @for (at, (value, label)) in CHOICES.iter().enumerate() {
                        label.plaudit-choice {
                            input #(choice_id(&connection, at)) type="radio" name=(connection) value=(value) checked[*value == chosen];
                            span { (label) }
                        }
                    }
                }
                div.plaudit-team__nature {
                    label.govuk-label for=(nature) { "How do you know them?" }
                    div.govuk-hint #(hint) { "Needed if you know them. An organiser decides whether you may mark; only organisers read it." }
                    @if let Some(error) = error { p.govuk-error-message #(wrong) { span.govuk-visually-hidden { "Error:" } " " (error) } }
                    textarea.govuk-textarea.govuk-textarea--error[error.is_some()] #(nature) name=(nature) rows="2" aria-describedby=(said_by) { "\n" (typed.raw(&nature)) }
                }
            }
        }
    }
}

/// What a judge may say of a team.
const CHOICES: [(&str, &str); 3] = [
    ("none", "No connection"),
    ("known", "I know them but can judge fairly"),
    ("stand_aside", "I stand aside"),
];

fn choice_id(connection: &str, at: usize) -> String {
    if at == 0 { connection.to_owned() } else { format!("{connection}-{}", at + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_sent() {
        let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sent = format!(
            "connection.{first}=none&nature.{first}=x&connection.{second}=known&nature.{second}=+a+cousin+&connection.no=known"
        );
        let fields = Fields::parse(sent.as_bytes());
        let connections = connections(&fields);
        assert_eq!(connections.len(), 1);
        assert_eq!(
            connections[0].body(),
            json!({ "pitch": second.to_string(), "connection": "known", "nature": "a cousin" })
        );
    }
}
