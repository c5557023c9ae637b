//! What somebody has answered, with ways to change it.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods, heading};

/// A list of keys and values.
#[derive(Debug, Clone, Default)]
pub struct SummaryList {
    rows: Vec<Row>,
    card: Option<SummaryCard>,
    extra: Extra,
}

/// One key with its value.
#[derive(Debug, Clone)]
pub struct Row {
    key: Content,
    value: Content,
    actions: Vec<Action>,
    extra: Extra,
}

#[derive(Debug, Clone)]
struct Action {
    text: Content,
    href: String,
    hidden: String,
}

impl Row {
    /// A row.
    pub fn new(key: impl Into<Content>, value: impl Into<Content>) -> Self {
        Self { key: key.into(), value: value.into(), actions: Vec::new(), extra: Extra::default() }
    }

    /// A link at the row's end. The hidden text tells screen readers what it changes.
    pub fn action(
        mut self,
        text: impl Into<Content>,
        href: impl Into<String>,
        hidden: impl Into<String>,
    ) -> Self {
        self.actions.push(Action { text: text.into(), href: href.into(), hidden: hidden.into() });
        self
    }

    /// Adds classes, separated by spaces.
    pub fn class(mut self, classes: &str) -> Self {
        self.extra.class(classes);
        self
    }
}

/// A frame around a summary list, with a title and actions for the whole.
#[derive(Debug, Clone)]
pub struct SummaryCard {
    title: Content,
    heading_level: u8,
    actions: Vec<Action>,
    extra: Extra,
}

impl SummaryCard {
    /// A card with this title, which also ends the hidden text of every link in it.
    pub fn new(title: impl Into<Content>) -> Self {
        Self { title: title.into(), heading_level: 2, actions: Vec::new(), extra: Extra::default() }
    }

    /// The title's heading level; 2 unless told otherwise.
    pub fn heading_level(mut self, level: u8) -> Self {
        self.heading_level = level;
        self
    }

    /// A link at the card's top; the card's title follows as hidden text.
    pub fn action(mut self, text: impl Into<Content>, href: impl Into<String>) -> Self {
        self.actions.push(Action { text: text.into(), href: href.into(), hidden: String::new() });
        self
    }

    extra_methods!();
}

impl SummaryList {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a row.
    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    /// Adds several rows.
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// Without lines between the rows.
    pub fn no_border(self) -> Self {
        self.class("govuk-summary-list--no-border")
    }

    /// Puts the list into a card.
    pub fn card(mut self, card: SummaryCard) -> Self {
        self.card = Some(card);
        self
    }

    extra_methods!();

    fn list(&self) -> Markup {
        let any_actions = self.rows.iter().any(|row| !row.actions.is_empty());
        let title = self.card.as_ref().map(|card| &card.title);
        Element::classed("dl", "govuk-summary-list").extra(&self.extra).body(html! {
            @for row in &self.rows { (one_row(row, any_actions, title)) }
        })
    }
}

fn one_row(row: &Row, any_actions: bool, card_title: Option<&Content>) -> Markup {
    Element::classed("div", "govuk-summary-list__row")
        .class_if(any_actions && row.actions.is_empty(), "govuk-summary-list__row--no-actions")
        .extra(&row.extra)
        .body(html! {
            dt class="govuk-summary-list__key" { (row.key.markup()) }
            dd class="govuk-summary-list__value" { (row.value.markup()) }
            @if !row.actions.is_empty() {
                dd class="govuk-summary-list__actions" {
                    @if let [action] = row.actions.as_slice() { (link(action, card_title)) }
                    @else {
                        ul class="govuk-summary-list__actions-list" {
                            @for action in &row.actions {
                                li class="govuk-summary-list__actions-list-item" {
                                    (link(action, card_title))
                                }
                            }
                        }
                    }
                }
            }
        })
}

fn link(action: &Action, card_title: Option<&Content>) -> Markup {
    let card_title = card_title.filter(|title| !title.is_empty());
    html! {
        a class="govuk-link" href=(action.href) {
            (action.text.markup())
            @if !action.hidden.is_empty() || card_title.is_some() {
                span class="govuk-visually-hidden" {
                    @if !action.hidden.is_empty() { " " (action.hidden) }
                    @if let Some(title) = card_title { " (" (title.markup()) ")" }
                }
            }
        }
    }
}

fn card_head(card: &SummaryCard) -> Markup {
    html! {
        @if !card.title.is_empty() {
            (heading(card.heading_level).class("govuk-summary-card__title").body(card.title.markup()))
        }
        @match card.actions.as_slice() {
            [] => {},
            [action] => div class="govuk-summary-card__actions" { (link(action, Some(&card.title))) },
            actions => ul class="govuk-summary-card__actions" {
                @for action in actions {
                    li class="govuk-summary-card__action" { (link(action, Some(&card.title))) }
                }
            },
        }
    }
}

impl Render for SummaryList {
    fn render(&self) -> Markup {
        let Some(card) = &self.card else { return self.list() };
        Element::classed("div", "govuk-summary-card").extra(&card.extra).body(html! {
            div class="govuk-summary-card__title-wrapper" { (card_head(card)) }
            div class="govuk-summary-card__content" { (self.list()) }
        })
    }
}
