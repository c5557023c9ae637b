//! What every page has around it.

mod failed;
mod form;
mod layout;
mod nav;
mod remark;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

pub use failed::failed;
pub use form::{confirm, form, key};
pub use nav::Tab;
pub use remark::remark;

use crate::api::Programme;
use crate::components::{BackLink, ErrorSummary, Errors, NotificationBanner};
use crate::visitor::Visitor;

/// A page in the making.
pub struct Page<'a> {
    title: String,
    programme: Option<(&'a Programme, Tab)>,
    back: Option<(String, String)>,
    errors: Option<&'a Errors>,
    scripts: Vec<&'static str>,
    styles: Vec<&'static str>,
    wide: bool,
    plain: bool,
    banner: Option<Markup>,
    status: StatusCode,
}

impl<'a> Page<'a> {
    /// A page of this name, which is also its main heading unless the body
    /// brings its own ([`Page::bare`]).
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            programme: None,
            back: None,
            errors: None,
            scripts: Vec::new(),
            styles: Vec::new(),
            wide: false,
            plain: false,
            banner: None,
            status: StatusCode::OK,
        }
    }

    /// A page about a programme, in one of its sections.
    pub fn of(mut self, programme: &'a Programme, tab: Tab) -> Self {
        self.programme = Some((programme, tab));
        self
    }

    /// The way back, above everything else.
    pub fn back(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.back = Some((href.into(), text.into()));
        self
    }

    /// What is wrong with the form on it; the answer says so too (422).
    pub fn errors(mut self, errors: &'a Errors) -> Self {
        if !errors.is_empty() {
            self.errors = Some(errors);
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }

    /// A module of ours that makes it more comfortable.
    pub fn script(mut self, name: &'static str) -> Self {
        self.scripts.push(name);
        self
    }

    /// A style that only some pages need.
    pub fn style(mut self, name: &'static str) -> Self {
        self.styles.push(name);
        self
    }

    /// As wide as the window allows, for tables and score sheets.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The body has the main heading itself.
    pub fn bare(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Across the whole width, above everything else; with the main heading.
    pub fn banner(mut self, banner: Markup) -> Self {
        self.banner = Some(banner);
        self.bare()
    }

    /// Another status than 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The whole page.
    pub fn show(self, visitor: &Visitor, body: Markup) -> Response {
        let main = html! {
            @if let Some(notice) = visitor.notice() { (NotificationBanner::new(notice).success()) }
            @if let Some(errors) = self.errors { (ErrorSummary::of(errors)) }
            @if !self.plain { h1.govuk-heading-l { (self.title) } }
            (body)
        };
        let back = self
            .back
            .as_ref()
            .map(|(href, text)| html! { (BackLink::new(href.as_str()).text(text.as_str())) });
        let page = layout::Layout {
            title: &self.title,
            failed: self.errors.is_some(),
            programme: self.programme,
            signed_in: visitor.is_signed_in(),
            path: &visitor.path,
            scripts: &self.scripts,
            styles: &self.styles,
            wide: self.wide,
            back,
            banner: self.banner,
            main,
        };
        (self.status, page.markup()).into_response()
    }
}
