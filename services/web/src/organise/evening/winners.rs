//! A second person confirms the winners.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{evening, irregularities, steps, stopped};
use crate::api::{Listed, Pitch, Programme, Role};
use crate::components::{Button, Errors, Table, Tag};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::organise::facts::{Marking, RoundFacts};
use crate::organise::known::{me, titles};
use crate::organise::seen::{Award, Place};
use crate::page::{Page, Tab, confirm, form};
use crate::results::names::Names;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{count, money};

/// How long the second person waits for the result.
const PATIENCE: u32 = 20;
const A_MOMENT: Duration = Duration::from_millis(250);

/// What would not be one winner a prize.
pub(super) fn ties(places: &[Place]) -> Vec<String> {
    let winning = places.iter().filter(|place| !place.wins.is_empty());
    let shared = winning.filter(|place| place.shared_by > 1).count();
    let unranked = places.iter().filter(|place| place.rank.is_none()).count();
    let mut found = Vec::new();
    if shared > 0 {
        found.push(format!("{} share a prize.", count(shared, "pitch", "pitches")));
    }
    if unranked > 0 {
        found.push(format!("{} no rank.", count(unranked, "pitch has", "pitches have")));
    }
    if places.iter().all(|place| place.wins.is_empty()) {
        found.push("Nobody wins a prize.".to_owned());
    }
    found
}

/// What is proposed though the ranking doesn't give it: whoever confirms here
/// sees the ranking alone.
pub(super) fn departures(places: &[Place], awards: &[Award]) -> Option<String> {
    let given = |award: &Award| {
        let place = places.iter().find(|place| place.pitch == award.pitch);
        place.is_some_and(|place| place.wins.iter().any(|win| win.prize == award.prize))
    };
    let departing = awards.iter().filter(|award| award.status == "proposed" && !given(award)).count();
    (departing > 0).then(|| {
        format!(
            "{} that the ranking does not give.",
            count(departing, "award is proposed", "awards are proposed")
        )
    })
}

/// What is known once the marks are open.
struct Outcome {
    places: Vec<Place>,
    awards: Vec<Award>,
    titles: HashMap<Uuid, String>,
    names: Names,
}

impl Outcome {
    /// Whatever stops the short way.
    fn irregular(&self) -> Vec<String> {
        let departures = departures(&self.places, &self.awards);
        ties(&self.places).into_iter().chain(departures).collect()
    }

    /// What others proposed, and waits for this member.
    fn waiting_for(&self, own: Uuid) -> Vec<&Award> {
        let theirs = |award: &&Award| award.status == "proposed" && award.proposed_by != Some(own);
        self.awards.iter().filter(theirs).collect()
    }
}

async fn outcome(visitor: &Visitor, id: Uuid, round: &str) -> Result<Outcome, Failure> {
    let ranking = format!("awards/programmes/{id}/rounds/{round}/ranking?limit=1000");
    let awards = format!("awards/programmes/{id}/awards?limit=1000");
    let pitches = format!("submissions/programmes/{id}/pitches?names=true&limit=1000");
    let (places, awards, pitches, names) = together!(
        ranking_of(visitor, &ranking),
        visitor.api.find::<Listed<Award>>(&awards),
        visitor.api.find::<Listed<Pitch>>(&pitches),
        Names::of_members(&visitor.api, id)
    )?;
    Ok(Outcome {
        places,
        awards: awards.map(|page| page.items).unwrap_or_default(),
        titles: titles(pitches.iter().flat_map(|page| &page.items)),
        names,
    })
}

/// Empty while there is no result.
async fn ranking_of(visitor: &Visitor, path: &str) -> Result<Vec<Place>, Failure> {
    match visitor.api.get::<Listed<Place>>(path).await {
        Ok(page) => Ok(page.items),
        Err(failure) if matches!(failure.status().as_u16(), 403 | 404 | 409) => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

pub async fn page(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let (programme, _, round, marking) = evening(&visitor, id).await?;
    let outcome = outcome(&visitor, id, &round.id).await?;
    Ok(confirming(&visitor, &programme, &round, &marking, &outcome, &Errors::new()))
}

pub async fn winners(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let (programme, _, round, marking) = evening(&visitor, id).await?;
    let here = format!("/programmes/{id}/organise/confirm-winners");
    let result = match fields.text("act") {
        "open" => open_marks(&visitor, id, &round, &fields).await,
        "propose" => propose(&visitor, id, &round, &fields).await,
        _ => approve(&visitor, id, &round, me(&programme), &fields).await,
    };
    match result {
        Ok(says) => Ok(visitor.to_saying(&here, says)),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            let outcome = outcome(&visitor, id, &round.id).await?;
            Ok(confirming(&visitor, &programme, &round, &marking, &outcome, &errors))
        }
    }
}

/// Confirms the opening, and waits a little for the result.
async fn open_marks(
    visitor: &Visitor,
    id: Uuid,
    round: &RoundFacts,
    fields: &Fields,
) -> Result<&'static str, Failure> {
    let path = format!("scoring/programmes/{id}/rounds/{}/unsealing/confirmation", round.id);
    let _: Value = visitor.api.post(&path, fields.key(), &json!({})).await?;
    let ranking = format!("awards/programmes/{id}/rounds/{}/ranking?limit=1", round.id);
    for _ in 0..PATIENCE {
        if !ranking_of(visitor, &ranking).await?.is_empty() {
            return Ok("The marks are open. This is the result.");
        }
        tokio::time::sleep(A_MOMENT).await;
    }
    Ok("The marks are open. The result is being worked out.")
}

/// Proposes for each prize whom the ranking gives it to.
async fn propose(
    visitor: &Visitor,
    id: Uuid,
    round: &RoundFacts,
    fields: &Fields,
) -> Result<&'static str, Failure> {
    let outcome = outcome(visitor, id, &round.id).await?;
    if !ties(&outcome.places).is_empty() {
        return Ok("This needs a closer look first.");
    }
    for place in &outcome.places {
        for win in &place.wins {
            let there = |award: &Award| award.pitch == place.pitch && award.prize == win.prize;
            if outcome.awards.iter().any(there) {
                continue;
            }
            let body = json!({ "round": round.id, "prize": win.prize, "pitch": place.pitch });
            let key = format!("{}/{}", fields.key(), win.prize);
            let _: Value = visitor.api.post(&format!("awards/programmes/{id}/awards"), &key, &body).await?;
        }
    }
    Ok("Proposed. Another person must approve it.")
}

/// Approves what others proposed, and the page has shown: nothing that came
/// since.
async fn approve(
    visitor: &Visitor,
    id: Uuid,
    round: &RoundFacts,
    own: Uuid,
    fields: &Fields,
) -> Result<&'static str, Failure> {
    let outcome = outcome(visitor, id, &round.id).await?;
    if !outcome.irregular().is_empty() {
        return Ok("This needs a closer look first.");
    }
    let seen: Vec<Uuid> = fields.all("award").filter_map(|id| id.parse().ok()).collect();
    for award in outcome.waiting_for(own).into_iter().filter(|award| seen.contains(&award.id)) {
        let path = format!("awards/programmes/{id}/awards/{}/approval", award.id);
        let _: Value = visitor.api.post(&path, &format!("{}/{}", fields.key(), award.id), &json!({})).await?;
    }
    Ok("Approved. The winners can be announced.")
}

fn confirming(
    visitor: &Visitor,
    programme: &Programme,
    round: &RoundFacts,
    marking: &Marking,
    outcome: &Outcome,
    errors: &Errors,
) -> Response {
    let at = format!("/programmes/{}/organise", programme.id);
    let awards = &outcome.awards;
    let approved = awards.iter().any(|award| !matches!(award.status.as_str(), "proposed" | "refused"));
    let body = html! {
        (steps(&[
            (marking.progress.unsealing_proposed_by.is_some() || marking.phase == "unsealed", "The scoring is finished, and somebody proposes to open the marks"),
            (marking.phase == "unsealed", "A second person opens the marks"),
            (!outcome.places.is_empty(), "The result follows by itself, by the rules"),
            (!awards.is_empty(), "One person proposes the awards that the rules give"),
            (approved, "Another approves them"),
        ]))
        @if marking.phase != "unsealed" { (opening(programme, round, marking, outcome, &at)) }
        @else if outcome.places.is_empty() {
            p.govuk-body { "The result is being worked out. Load this page again in a moment." }
        } @else {
            (ranking(outcome))
            (awarding(programme, round, outcome, &at))
        }
    };
    Page::new("Confirm winners")
        .of(programme, Tab::Organise)
        .back(at, "What needs doing")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}

fn opening(
    programme: &Programme,
    round: &RoundFacts,
    marking: &Marking,
    outcome: &Outcome,
    at: &str,
) -> Markup {
    let found = irregularities(round);
    html! {
        @if !found.is_empty() { (stopped(&found, programme, round)) }
        @else {
            @match marking.progress.unsealing_proposed_by {
                None => { p.govuk-body { "First somebody " a.govuk-link href={ (at) "/finish-scoring" } { "finishes the scoring" } "." } }
                Some(by) if by == me(programme) => { p.govuk-body { (Tag::new("Waiting for a second person").yellow()) " You finished the scoring, so another organiser or an approver confirms." } }
                Some(by) => {
                    p.govuk-body { strong { (outcome.names.member(by)) } " has finished the scoring. All " (marking.progress.expected) " score sheets are in, and nothing is out of order." }
                    (button(at, "open", "Confirm: open the marks"))
                }
            }
        }
    }
}

fn button(at: &str, act: &str, text: &str) -> Markup {
    confirm(&format!("{at}/confirm-winners"), Button::new(text).name("act").value(act))
}

fn ranking(outcome: &Outcome) -> Markup {
    let title = |id: Uuid| outcome.titles.get(&id).map_or("A pitch", String::as_str).to_owned();
    let mut table = Table::new().caption("The result").head(["Rank", "Pitch", "Wins"]);
    for place in &outcome.places {
        let rank = place.rank.map_or("–".to_owned(), |rank| rank.to_string());
        let wins: Vec<String> = place.wins.iter().map(|win| money(&win.amount)).collect();
        table = table.row([rank, title(place.pitch), wins.join(", ")]);
    }
    html! { div.plaudit-scroll tabindex="0" role="region" aria-label="The result" { (table) } }
}

fn awarding(programme: &Programme, round: &RoundFacts, outcome: &Outcome, at: &str) -> Markup {
    let found = outcome.irregular();
    let theirs = outcome.waiting_for(me(programme));
    html! {
        @if !found.is_empty() { (stopped(&found, programme, round)) }
        @else if outcome.awards.is_empty() {
            @if programme.you_are(Role::Organiser) { (button(at, "propose", "Propose these awards")) }
            @else { p.govuk-body { "An organiser proposes the awards; then you approve them." } }
        } @else if !theirs.is_empty() {
            (form(&format!("{at}/confirm-winners"), html! {
                @for award in &theirs { input type="hidden" name="award" value=(award.id); }
                (Button::new("Confirm winners").name("act").value("approve").prevent_double_click())
            }))
        } @else if outcome.awards.iter().any(|award| award.status == "proposed") {
            p.govuk-body { (Tag::new("Waiting for a second person").yellow()) " You proposed the awards, so another person approves them." }
        } @else {
            p.govuk-body { "The awards are approved. " a.govuk-link href={ (at) "/announcement" } { "Announce the winners" } "." }
        }
    }
}
