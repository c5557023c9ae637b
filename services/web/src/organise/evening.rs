//! The small evening's two buttons: one person finishes the scoring, a second
//! confirms the winners. Each page lists every event inside, and stops at
//! whatever is out of order.

use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::facts::{Facts, Marking, RoundFacts};
use super::known::{Names, me, organised};
use super::seen::{Award, Place};
use crate::api::{Listed, Pitch, Programme, Role};
use crate::components::{Button, Errors, InsetText, Table, Tag};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, confirm};
use crate::visitor::Visitor;
use crate::words::{count, money};

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/organise/finish-scoring", get(finish_page).post(finish))
        .route("/programmes/{programme}/organise/confirm-winners", get(winners_page).post(winners))
}

/// How long the second person waits for the result.
const PATIENCE: u32 = 20;
const A_MOMENT: Duration = Duration::from_millis(250);

/// What is out of order, in words. Any of it stops the short way; the long way
/// is open, where each step is looked at by itself.
pub fn irregularities(round: &RoundFacts) -> Vec<String> {
    let Some(marking) = &round.marking else { return vec!["The marking has not been opened.".to_owned()] };
    let progress = &marking.progress;
    let mut found = Vec::new();
    let mut note = |number: usize, one: &str, more: &str| {
        if number > 0 {
            found.push(format!("{}.", count(number, one, more)));
        }
    };
    note(progress.missing, "score sheet is missing", "score sheets are missing");
    note(progress.abstained, "score sheet has no marks", "score sheets have no marks");
    note(
        progress.set_aside,
        "score sheet is not counted, because its judge stands aside",
        "score sheets are not counted, because their judges stand aside",
    );
    note(
        progress.late_facts,
        "thing was said after the marking was locked",
        "things were said after the marking was locked",
    );
    let short = round.panel.as_ref().map_or(0, |panel| panel.counts.short.len());
    note(short, "pitch has too few judges", "pitches have too few judges");
    if !matches!(marking.phase.as_str(), "open" | "locked" | "unsealed") {
        found.push("The marking is not open.".to_owned());
    }
    found
}

/// What would not be one winner a prize.
fn ties(places: &[Place]) -> Vec<String> {
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

/// The programme, and its only round.
async fn evening(visitor: &Visitor, id: Uuid) -> Result<(Programme, Facts, RoundFacts, Marking), Failure> {
    let programme = organised(visitor, id).await?;
    let facts = Facts::gather(visitor, &programme, Timestamp::now()).await?;
    if !facts.is_evening() {
        return Err(Failure::not_found("page"));
    }
    let round = facts.rounds.first().cloned().unwrap_or_default();
    let marking = round.marking.clone().unwrap_or_default();
    Ok((programme, facts, round, marking))
}

async fn finish_page(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let (programme, _, round, marking) = evening(&visitor, id).await?;
    Ok(finishing(&visitor, &programme, &round, &marking, &Errors::new()))
}

/// Locks, and proposes to open the marks. Sent again, it goes on where it stopped.
async fn finish(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let (programme, _, round, marking) = evening(&visitor, id).await?;
    let here = format!("/programmes/{id}/organise/finish-scoring");
    if !irregularities(&round).is_empty() {
        return Ok(finishing(&visitor, &programme, &round, &marking, &Errors::new()));
    }
    let at = format!("scoring/programmes/{id}/rounds/{}", round.id);
    let post = async |path: &str| -> Result<(), Failure> {
        let _: Value = visitor
            .api
            .post(&format!("{at}/{path}"), &format!("{}/{path}", fields.key()), &json!({}))
            .await?;
        Ok(())
    };
    let mut done = if marking.phase == "open" { post("lock").await } else { Ok(()) };
    if done.is_ok() {
        // What came in between the look and the lock stops it here.
        let (_, _, round, _) = evening(&visitor, id).await?;
        if !irregularities(&round).is_empty() {
            return Ok(visitor.to(&here));
        }
        done = post("unsealing").await;
    }
    match done {
        Ok(()) => Ok(visitor.to_saying(
            &format!("/programmes/{id}/organise"),
            "Scoring is finished. Now a second person confirms the winners.",
        )),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            let (programme, _, round, marking) = evening(&visitor, id).await?;
            Ok(finishing(&visitor, &programme, &round, &marking, &errors))
        }
    }
}

/// Each event, and whether it has happened.
fn steps(steps: &[(bool, &str)]) -> Markup {
    html! {
        ol.plaudit-steps {
            @for (done, what) in steps {
                li { (if *done { Tag::new("Done").green() } else { Tag::new("To come").grey() }) span { (what) } }
            }
        }
    }
}

fn stopped(found: &[String], programme: &Programme, round: &RoundFacts) -> Markup {
    html! {
        (InsetText::new(html! {
            p.govuk-body { strong { "This needs a closer look first." } }
            ul.govuk-list.govuk-list--bullet { @for what in found { li { (what) } } }
        }))
        p.govuk-body {
            "Go on step by step: "
            a.govuk-link href={ "/programmes/" (programme.id) "/organise/rounds/" (round.id) } { "the marking" } ", "
            a.govuk-link href={ "/programmes/" (programme.id) "/organise/panel/" (round.id) } { "the panel" } " and "
            a.govuk-link href={ "/programmes/" (programme.id) "/organise/awards" } { "the awards" } "."
        }
    }
}

fn finishing(
    visitor: &Visitor,
    programme: &Programme,
    round: &RoundFacts,
    marking: &Marking,
    errors: &Errors,
) -> Response {
    let at = format!("/programmes/{}/organise", programme.id);
    let found = irregularities(round);
    let locked = marking.phase != "open";
    let proposed = marking.progress.unsealing_proposed_by;
    let in_all = format!("All {} score sheets are in", marking.progress.expected);
    let body = html! {
        p.govuk-body-l { "One press, and a second person can confirm the winners." }
        (steps(&[
            (marking.progress.missing == 0 && marking.progress.expected > 0, in_all.as_str()),
            (locked, "The marking is locked: no mark changes any more"),
            (proposed.is_some() || marking.phase == "unsealed", "You propose to open the marks"),
            (marking.phase == "unsealed", "A second person confirms, and the result follows by itself"),
        ]))
        @if !found.is_empty() { (stopped(&found, programme, round)) }
        @else if marking.phase == "unsealed" || proposed.is_some() {
            p.govuk-body { a.govuk-link href={ (at) "/confirm-winners" } { "Go on to the winners" } }
        } @else if programme.you_are(Role::Organiser) {
            (confirm(&format!("{at}/finish-scoring"), Button::new("Finish scoring")))
        } @else { p.govuk-body { "An organiser finishes the scoring; then you confirm the winners." } }
    };
    Page::new("Finish scoring")
        .of(programme, Tab::Organise)
        .back(at, "What needs doing")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}

/// What is known once the marks are open.
struct Outcome {
    places: Vec<Place>,
    awards: Vec<Award>,
    pitches: Vec<Pitch>,
    names: Names,
}

async fn outcome(visitor: &Visitor, id: Uuid, round: &str) -> Result<Outcome, Failure> {
    let ranking = format!("awards/programmes/{id}/rounds/{round}/ranking?limit=1000");
    let awards = format!("awards/programmes/{id}/awards?limit=1000");
    let pitches = format!("submissions/programmes/{id}/pitches?limit=1000");
    let (places, awards, pitches, names) = tokio::try_join!(
        ranking_of(visitor, &ranking),
        visitor.api.find::<Listed<Award>>(&awards),
        visitor.api.find::<Listed<Pitch>>(&pitches),
        Names::of(visitor, id)
    )?;
    Ok(Outcome {
        places,
        awards: awards.map(|page| page.items).unwrap_or_default(),
        pitches: pitches.map(|page| page.items).unwrap_or_default(),
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

async fn winners_page(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let (programme, _, round, marking) = evening(&visitor, id).await?;
    let outcome = outcome(&visitor, id, &round.id).await?;
    Ok(confirming(&visitor, &programme, &round, &marking, &outcome, &Errors::new()))
}

async fn winners(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
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

/// Approves what others proposed.
async fn approve(
    visitor: &Visitor,
    id: Uuid,
    round: &RoundFacts,
    own: Uuid,
    fields: &Fields,
) -> Result<&'static str, Failure> {
    let outcome = outcome(visitor, id, &round.id).await?;
    for award in
        outcome.awards.iter().filter(|award| award.status == "proposed" && award.proposed_by != Some(own))
    {
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
                    p.govuk-body { strong { (outcome.names.name(by)) } " has finished the scoring. All " (marking.progress.expected) " score sheets are in, and nothing is out of order." }
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
    let title = |id: Uuid| {
        let known = outcome.pitches.iter().find(|pitch| pitch.id == id);
        known.and_then(|pitch| pitch.title.clone()).unwrap_or_else(|| "A pitch".to_owned())
    };
    let mut table = Table::new().caption("The result").head(["Rank", "Pitch", "Wins"]);
    for place in &outcome.places {
        let rank = place.rank.map_or("–".to_owned(), |rank| rank.to_string());
        let wins: Vec<String> = place.wins.iter().map(|win| money(&win.amount)).collect();
        table = table.row([rank, title(place.pitch), wins.join(", ")]);
    }
    html! { div.plaudit-scroll tabindex="0" role="region" aria-label="The result" { (table) } }
}

fn awarding(programme: &Programme, round: &RoundFacts, outcome: &Outcome, at: &str) -> Markup {
    let own = me(programme);
    let found = ties(&outcome.places);
    let proposed: Vec<&Award> = outcome.awards.iter().filter(|award| award.status == "proposed").collect();
    let theirs = proposed.iter().filter(|award| award.proposed_by != Some(own)).count();
    html! {
        @if !found.is_empty() { (stopped(&found, programme, round)) }
        @else if outcome.awards.is_empty() {
            @if programme.you_are(Role::Organiser) { (button(at, "propose", "Propose these awards")) }
            @else { p.govuk-body { "An organiser proposes the awards; then you approve them." } }
        } @else if theirs > 0 {
            (button(at, "approve", "Confirm winners"))
        } @else if !proposed.is_empty() {
            p.govuk-body { (Tag::new("Waiting for a second person").yellow()) " You proposed the awards, so another person approves them." }
        } @else {
            p.govuk-body { "The awards are approved. " a.govuk-link href={ (at) "/announcement" } { "Announce the winners" } "." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organise::facts::PanelFacts;
    use crate::organise::seen::{Counts, Progress, Short, Win};

    fn round(change: impl FnOnce(&mut RoundFacts)) -> RoundFacts {
        let progress = Progress { expected: 9, sealed: 9, ..Progress::default() };
        let mut round = RoundFacts {
            panel: Some(PanelFacts { state: "ready".to_owned(), counts: Counts::default() }),
            marking: Some(Marking { phase: "open".to_owned(), progress, declared: false }),
            ..RoundFacts::default()
        };
        change(&mut round);
        round
    }

    #[test]
    fn whatever_is_out_of_order_stops_the_short_way() {
        assert!(irregularities(&round(|_| {})).is_empty());
        let progress = |change: fn(&mut Progress)| {
            round(move |round| change(&mut round.marking.as_mut().expect("set above").progress))
        };
        for found in [
            progress(|progress| progress.missing = 1),
            progress(|progress| progress.abstained = 1),
            progress(|progress| progress.set_aside = 1),
            progress(|progress| progress.late_facts = 1),
            round(|round| round.marking = None),
            round(|round| {
                let short = Short { pitch: Uuid::nil(), judges: 1, needed: 2 };
                round.panel = Some(PanelFacts {
                    state: "ready".to_owned(),
                    counts: Counts { short: vec![short], ..Counts::default() },
                });
            }),
            round(|round| round.marking = Some(Marking { phase: "voided".to_owned(), ..Marking::default() })),
        ] {
            assert!(!irregularities(&found).is_empty(), "{found:?}");
        }
    }

    #[test]
    fn a_shared_prize_or_none_needs_a_closer_look() {
        let place = |rank: Option<u32>, shared_by: u32, wins: bool| Place {
            pitch: Uuid::nil(),
            rank,
            shared_by,
            wins: if wins {
                let amount = crate::api::Money { minor: 1, currency: "GBP".to_owned() };
                vec![Win { prize: "first".to_owned(), amount }]
            } else {
                Vec::new()
            },
        };
        assert!(
            ties(&[place(Some(1), 1, true), place(Some(2), 2, false), place(Some(2), 2, false)]).is_empty()
        );
        for places in [
            vec![place(Some(1), 2, true), place(Some(1), 2, true)],
            vec![place(Some(1), 1, true), place(None, 1, false)],
            vec![place(Some(1), 1, false)],
        ] {
            assert!(!ties(&places).is_empty(), "{places:?}");
        }
    }
}
