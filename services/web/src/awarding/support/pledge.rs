//! Pledging: anybody who is signed in can promise something.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use super::amount;
use crate::api::{Done, Programme};
use crate::components::{Button, Errors, Select, SelectItem, Textarea};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::results::names::{Names, visible};
use crate::results::shapes::Award;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::Wording;

pub async fn pledge(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    page(&visitor, id, &Errors::default(), &Fields::default()).await
}

async fn page(visitor: &Visitor, id: Uuid, errors: &Errors, typed: &Fields) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let (at, awards) = (format!("submissions/programmes/{id}"), format!("awards/programmes/{id}/awards"));
    let (programme, names, awards) =
        together!(visitor.api.get::<Programme>(&at), Names::of_pitches(&visitor.api, id), async {
            visible(visitor.api.list::<Award>(&awards).await)
        },)?;
    let wording = Wording::of(&programme);
    let body = html! {
        p.govuk-body-l { "A desk, an introduction, three hours of legal help: at an evening like this, that is often the larger prize." }
        p.govuk-body { "The winner sees what you pledge, and says when it has come. The organisers see it too." }
        (form_for(&format!("/programmes/{id}/pledge"), &awards, &names, &wording, typed, errors))
    };
    let page = Page::new("Pledge support").of(&programme, Tab::About).errors(errors).style("awards.css");
    Ok(page.back(format!("/programmes/{id}"), "About").show(visitor, body))
}

/// The form of a pledge.
pub fn form_for(
    action: &str,
    awards: &[Award],
    names: &Names,
    wording: &Wording,
    typed: &Fields,
    errors: &Errors,
) -> Markup {
    let winners = awards.iter().filter(|award| award.wins()).map(|award| {
        let prize = wording.says(&award.prize);
        let says = names
            .team(award.pitch)
            .map_or_else(|| format!("The winner of {prize}"), |team| format!("{team}, {prize}"));
        SelectItem::new(award.id, says)
    });
    let anybody = std::iter::once(SelectItem::new("", "Whoever the organisers choose".to_owned()));
    form(
        action,
        html! {
            (Textarea::new("what", "What you offer").rows(3).most_characters(2000).value(typed.text("what")).errors(errors))
            (amount::fields(typed, errors))
            (Select::new("award", "For whom", anybody.chain(winners)).value(typed.text("award")).errors(errors))
            (Button::new("Pledge it").prevent_double_click())
        },
    )
}

pub async fn send(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    match make(&visitor, id, &fields).await? {
        None => Ok(visitor.to_saying(
            &format!("/programmes/{id}"),
            "Thank you. Your pledge is in, and the organisers will be in touch.",
        )),
        Some(errors) => page(&visitor, id, &errors, &fields).await,
    }
}

/// Makes a pledge; what is wrong with it, if it can't be.
pub async fn make(visitor: &Visitor, id: Uuid, fields: &Fields) -> Result<Option<Errors>, Failure> {
    let mut errors = Errors::default();
    if fields.text("what").is_empty() {
        errors.push("what", "Say what you offer");
    }
    let quarters = amount::read(fields, &mut errors);
    if !errors.is_empty() {
        return Ok(Some(errors));
    }
    let mut body = json!({ "what": fields.text("what"), "quarters": quarters, "unit": fields.text("unit") });
    if fields.has("award") {
        body["award"] = fields.text("award").into();
    }
    let path = format!("awards/programmes/{id}/support");
    match visitor.api.post::<Done>(&path, fields.key(), &body).await {
        Ok(_) => Ok(None),
        Err(failure) => {
            let mut errors = Errors::default();
            for (field, says) in failure.for_the_form()?.to_errors().iter() {
                match field {
                    Some("quarters") => errors.push("amount", says),
                    Some(field) => errors.push(field, says),
                    None => errors.push_general(says),
                }
            }
            Ok(Some(errors))
        }
    }
}
