//! A round's panel: who judges, whom they know, and who marks what.

mod acts;
mod matrix;

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::known::{organised, titles};
use super::seen::{Matrix, Panel, Seat};
use crate::api::{self, Listed, Phase, Pitch, Programme, Role};
use crate::components::{Button, Checkboxes, Choice, Errors, Input, InsetText, Radios, Table, Tag};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::results::names::Names;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{Wording, count};

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/organise/panel/{round}", get(show).post(acts::act))
        .route("/programmes/{programme}/organise/panel/{round}/changes", get(changes).post(acts::change))
}

/// How many pitches of the matrix a page shows.
const A_PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
struct Asked {
    after: Option<String>,
}

/// All that the panel's pages show.
struct Seen {
    programme: Programme,
    round: api::Round,
    name: String,
    names: Names,
    /// Absent before it is convened.
    panel: Option<Panel>,
    seats: Vec<Seat>,
    pitches: Vec<Pitch>,
    titles: HashMap<Uuid, String>,
}

impl Seen {
    async fn of(visitor: &Visitor, id: Uuid, round: &str) -> Result<Self, Failure> {
        let panel = format!("panels/programmes/{id}/rounds/{round}/panel");
        let judges = format!("{panel}/judges?limit=1000");
        let pitches = format!("submissions/programmes/{id}/pitches?names=true&limit=1000");
        let (programme, names, panel, seats, pitches) = together!(
            organised(visitor, id),
            Names::of_members(&visitor.api, id),
            visitor.api.find::<Panel>(&panel),
            visitor.api.find::<Listed<Seat>>(&judges),
            visitor.api.find::<Listed<Pitch>>(&pitches),
        )?;
        let known = programme.round(round).cloned().ok_or_else(|| Failure::not_found("round"))?;
        let name = Wording::of(&programme).says(round);
        let pitches = pitches.map(|page| page.items).unwrap_or_default();
        Ok(Self {
            round: known,
            name,
            names,
            panel,
            seats: seats.map(|page| page.items).unwrap_or_default(),
            titles: titles(&pitches),
            pitches,
            programme,
        })
    }

    fn at(&self) -> String {
        format!("/programmes/{}/organise/panel/{}", self.programme.id, self.round.id)
    }

    fn organiser(&self) -> bool {
        self.programme.you_are(Role::Organiser)
    }

    fn title(&self, pitch: Uuid) -> &str {
        self.titles.get(&pitch).map_or("A pitch", String::as_str)
    }

    /// The judges who sit, or may yet.
    fn sitting(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|seat| matches!(seat.status.as_str(), "invited" | "accepted"))
    }

    fn page(&self, visitor: &Visitor, title: &str, errors: &Errors, body: Markup) -> Response {
        let (back, text) = if title == self.panel_title() {
            (format!("/programmes/{}/organise", self.programme.id), "What needs doing".to_owned())
        } else {
            (self.at(), self.panel_title())
        };
        let page = Page::new(title)
            .of(&self.programme, Tab::Organise)
            .back(back, text)
            .errors(errors)
            .style("organise.css");
        // A matrix of many judges needs the room.
        let page = if self.seats.len() > 6 { page.wide() } else { page };
        page.show(visitor, body)
    }

    fn panel_title(&self) -> String {
        format!("The panel: {}", self.name)
    }
}

async fn show(
    visitor: Visitor,
    Path((id, round)): Path<(Uuid, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (seen, matrix) =
        together!(Seen::of(&visitor, id, &round), matrix_of(&visitor, id, &round, asked.after.as_deref()))?;
    Ok(overview(&visitor, &seen, matrix.as_ref(), &Fields::default(), &Errors::new()))
}

/// Who marks what, from a pitch on; none where it is not for this visitor.
async fn matrix_of(
    visitor: &Visitor,
    id: Uuid,
    round: &str,
    after: Option<&str>,
) -> Result<Option<Matrix>, Failure> {
    let after: String = after
        .map(|after| {
            format!("&after={}", url::form_urlencoded::byte_serialize(after.as_bytes()).collect::<String>())
        })
        .unwrap_or_default();
    let path = format!("panels/programmes/{id}/rounds/{round}/panel/matrix?limit={A_PAGE}{after}");
    visitor.api.find(&path).await
}

async fn changes(visitor: Visitor, Path((id, round)): Path<(Uuid, String)>) -> Result<Response, Failure> {
    let seen = Seen::of(&visitor, id, &round).await?;
    Ok(acts::changes_page(&visitor, &seen, &Fields::default(), &Errors::new()))
}

fn overview(
    visitor: &Visitor,
    seen: &Seen,
    matrix: Option<&Matrix>,
    fields: &Fields,
    errors: &Errors,
) -> Response {
    let at = seen.at();
    let body = html! {
        (rules(&seen.round))
        @match &seen.panel {
            None => {
                @if seen.organiser() {
                    p.govuk-body { "Nobody is asked yet. Call the panel together, then invite judges; they can answer long before there is anything to mark." }
                    (form(&at, html! { (Button::new("Call the panel together").name("act").value("convene").prevent_double_click()) }))
                } @else { p.govuk-body { "An organiser must call the panel together first." } }
            }
            Some(panel) => {
                (known(seen))
                (next_step(seen, panel))
                (judges(seen))
                @if seen.organiser() { (ask(&at, fields, errors)) }
                @if let Some(matrix) = matrix { (matrix::table(seen, matrix)) }
                @if seen.organiser() && !seen.seats.is_empty() {
                    p.govuk-body { a.govuk-link href={ (at) "/changes" } { "Move a pitch to another judge, note that somebody stands aside, or end a seat" } }
                }
            }
        }
    };
    seen.page(visitor, &seen.panel_title(), errors, body)
}

fn rules(round: &api::Round) -> Markup {
    let each = match round.judges_per_pitch {
        0 => "Every judge marks every pitch".to_owned(),
        judges => format!("{} mark each pitch", count(judges as usize, "judge", "judges")),
    };
    html! {
        p.govuk-body {
            "By the rules: at least " (count(round.quorum as usize, "judge", "judges"))
            @if round.independent_judge_needed { ", one of them independent" }
            ". " (each) "."
            @if round.anonymous { " Judges don’t see whose a pitch is." }
        }
    }
}

/// The one thing that comes next, with its button.
fn next_step(seen: &Seen, panel: &Panel) -> Markup {
    let counts = panel.counts.clone().unwrap_or_default();
    let screened = seen.programme.phase >= Some(Phase::Screened);
    let ready = counts.declared >= seen.round.quorum as usize;
    let button = |act: &str, text: &str| {
        form(&seen.at(), html! { (Button::new(text).name("act").value(act).prevent_double_click()) })
    };
    html! {
        @match panel.state.as_str() {
            "ready" => (InsetText::new(html! {
                "The panel is ready. " a.govuk-link href={ "/programmes/" (seen.programme.id) "/organise/rounds/" (seen.round.id) } { "Go to the marking" } "."
            })),
            "assigned" => {
                @for short in &counts.short {
                    p.govuk-body { (Tag::new("Too few judges").red()) " " (seen.title(short.pitch)) ": " (short.judges) " of " (short.needed) }
                }
                @if seen.organiser() { (button("ready", "Say that the panel is ready")) }
            }
            _ if !screened => { p.govuk-body { "Pitches are given to judges once it is fixed which go forward." } }
            _ if !ready => {
                p.govuk-body { (counts.accepted) " of " (count(seen.round.quorum as usize, "judge", "judges")) " have accepted, and " (counts.declared) " have said whom they know." }
            }
            _ => {
                @if counts.accepted > counts.declared {
                    p.govuk-body { (count(counts.accepted - counts.declared, "judge has", "judges have")) " not said yet whom they know. They get no pitches if you go on without them." }
                }
                @if seen.organiser() { (button("assign", "Give the pitches to the judges")) }
            }
        }
    }
}

fn office(seat: &Seat) -> &'static str {
    match seat.office.as_str() {
        "chair" => "Chair",
        "deputy" => "Deputy",
        _ => "Judge",
    }
}

fn state(seat: &Seat) -> Tag {
    match (seat.status.as_str(), seat.declared) {
        ("invited", _) => Tag::new("Asked").blue(),
        ("accepted", false) => Tag::new("Accepted; has yet to say whom they know").yellow(),
        ("accepted", true) => Tag::new("Ready").green(),
        ("declined", _) => Tag::new("Declined").grey(),
        _ => Tag::new("Has left").grey(),
    }
}

fn judges(seen: &Seen) -> Markup {
    let mut table = Table::new()
        .caption(count(seen.sitting().count(), "judge", "judges"))
        .head(["Judge", "Office", "Independent", "How far", "Pitches", "At most"])
        .first_cell_is_header();
    for seat in &seen.seats {
        let cap = if seat.cap == 0 { "No limit".to_owned() } else { seat.cap.to_string() };
        table = table.row([
            html! { (seen.names.member(seat.member)) },
            html! { (office(seat)) },
            html! { (if seat.independent { "Yes" } else { "No" }) },
            html! { (state(seat)) },
            html! { (seat.assigned) },
            html! { (cap) },
        ]);
    }
    html! {
        @if !seen.seats.is_empty() { div.plaudit-scroll tabindex="0" role="region" aria-label="Judges" { (table) } }
        @for seat in seen.sitting() {
            @if let Some(interests) = &seat.interests {
                p.govuk-body { strong { (seen.names.member(seat.member)) } " lists as interests: " (interests) }
            }
        }
    }
}

/// Connections that wait for an organiser's leave.
fn known(seen: &Seen) -> Markup {
    let waiting: Vec<_> = seen
        .sitting()
        .flat_map(|seat| seat.connections.iter().map(move |connection| (seat, connection)))
        .filter(|(_, connection)| connection.connection == "known" && !connection.allowed)
        .collect();
    html! {
        @if !waiting.is_empty() {
            h2.govuk-heading-m { "They know a team: may they judge it?" }
            @for (seat, connection) in waiting {
                p.govuk-body {
                    strong { (seen.names.member(seat.member)) } " knows the team of " strong { (seen.title(connection.pitch)) } "."
                    @if let Some(nature) = &connection.nature { " “" (nature) "”" }
                }
                @if seen.organiser() {
                    form.plaudit-line method="post" action=(seen.at()) {
                        (crate::page::key())
                        input type="hidden" name="member" value=(seat.member);
                        input type="hidden" name="pitch" value=(connection.pitch);
                        (Button::new("Allow it: they may judge").secondary().name("act").value("allow"))
                        (Button::new("No: they stand aside").secondary().name("act").value("aside"))
                    }
                }
            }
        }
    }
}

fn ask(at: &str, fields: &Fields, errors: &Errors) -> Markup {
    html! {
        h2.govuk-heading-m { "Ask a judge" }
        (form(at, html! {
            div.plaudit-two {
                div {
                    (Input::new("name", "Name").value(fields.raw("name")).errors(errors).width(20))
                    (Input::new("email", "Email address").kind("email").autocomplete("off").spellcheck(false).value(fields.raw("email")).errors(errors))
                }
                div {
                    (Radios::new("office", "Office").inline()
                        .item(Choice::new("judge", "Judge")).item(Choice::new("chair", "Chair")).item(Choice::new("deputy", "Deputy"))
                        .value(if fields.has("office") { fields.raw("office") } else { "judge" }).errors(errors))
                    (Checkboxes::bare("independent").item(Choice::new("yes", "Independent of us and of the sponsors").checked(fields.has("independent"))))
                    (Input::new("cap", "At most how many pitches? (optional)").inputmode("numeric").width(3).value(fields.raw("cap")).errors(errors))
                }
            }
            (Button::new("Ask them onto the panel").name("act").value("ask").prevent_double_click())
        }))
    }
}
