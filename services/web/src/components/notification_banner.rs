//! News that isn't part of the page's own content.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods, heading};

/// A banner: "Important", or with `success` "Success", which takes the focus.
#[derive(Debug, Clone)]
pub struct NotificationBanner {
    body: Content,
    success: bool,
    title: Content,
    title_id: String,
    heading_level: u8,
    role: Option<&'static str>,
    takes_focus: Option<bool>,
    extra: Extra,
}

impl NotificationBanner {
    /// A banner with one line.
    pub fn new(text: impl Into<Content>) -> Self {
        let text: Content = text.into();
        Self::holding(html! { p class="govuk-notification-banner__heading" { (text.markup()) } })
    }

    /// A banner with content of its own: headings of class `govuk-notification-banner__heading`, links of
    /// class `govuk-notification-banner__link`, paragraphs.
    pub fn holding(body: impl Into<Content>) -> Self {
        Self {
            body: body.into(),
            success: false,
            title: Content::default(),
            title_id: "govuk-notification-banner-title".to_owned(),
            heading_level: 2,
            role: None,
            takes_focus: None,
            extra: Extra::default(),
        }
    }

    /// Says that something worked.
    pub fn success(mut self) -> Self {
        self.success = true;
        self
    }

    /// A title other than "Important" or "Success".
    pub fn title(mut self, title: impl Into<Content>) -> Self {
        self.title = title.into();
        self
    }

    /// The title's id, where a page has two banners.
    pub fn title_id(mut self, id: impl Into<String>) -> Self {
        self.title_id = id.into();
        self
    }

    /// The title's heading level; 2 unless told otherwise.
    pub fn heading_level(mut self, level: u8) -> Self {
        self.heading_level = level;
        self
    }

    /// A role other than `region`, or `alert` with success.
    pub fn role(mut self, role: &'static str) -> Self {
        self.role = Some(role);
        self
    }

    /// Whether a banner that is an alert takes the focus when the page opens; it does unless told otherwise.
    pub fn takes_focus(mut self, takes_focus: bool) -> Self {
        self.takes_focus = Some(takes_focus);
        self
    }

    extra_methods!();
}

impl Render for NotificationBanner {
    fn render(&self) -> Markup {
        let (role, title) = if self.success { ("alert", "Success") } else { ("region", "Important") };
        let title = if self.title.is_empty() { Content::from(title) } else { self.title.clone() };
        Element::classed("div", "govuk-notification-banner")
            .class_if(self.success, "govuk-notification-banner--success")
            .attr("role", self.role.unwrap_or(role))
            .attr("aria-labelledby", &self.title_id)
            .attr("data-module", "govuk-notification-banner")
            .maybe("data-disable-auto-focus", self.takes_focus.map(|takes| !takes))
            .extra(&self.extra)
            .body(html! {
                div class="govuk-notification-banner__header" {
                    (heading(self.heading_level)
                        .class("govuk-notification-banner__title")
                        .attr("id", &self.title_id)
                        .body(title.markup()))
                }
                div class="govuk-notification-banner__content" { (self.body.markup()) }
            })
    }
}
