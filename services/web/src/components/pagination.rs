//! The ways to a long list's other pages.

use maud::{Markup, PreEscaped, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// Links to the pages before and after, and to numbered pages.
#[derive(Debug, Clone)]
pub struct Pagination {
    landmark: String,
    previous: Option<Step>,
    next: Option<Step>,
    pages: Vec<Page>,
    extra: Extra,
}

#[derive(Debug, Clone)]
struct Step {
    href: String,
    text: Content,
    label: Option<String>,
}

#[derive(Debug, Clone)]
enum Page {
    Link { number: String, href: String, current: bool },
    Ellipsis,
}

impl Default for Pagination {
    fn default() -> Self {
        Self {
            landmark: "Pagination".to_owned(),
            previous: None,
            next: None,
            pages: Vec::new(),
            extra: Extra::default(),
        }
    }
}

impl Pagination {
    /// No links yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What screen readers call it, where a page has two.
    pub fn landmark(mut self, label: impl Into<String>) -> Self {
        self.landmark = label.into();
        self
    }

    /// The page before.
    pub fn previous(self, href: impl Into<String>) -> Self {
        self.previous_called(href, "", None)
    }

    /// The page after.
    pub fn next(self, href: impl Into<String>) -> Self {
        self.next_called(href, "", None)
    }

    /// The page before, in other words than "Previous page" (which an empty text stands for), and where
    /// there are no numbered pages perhaps with its title.
    pub fn previous_called(
        mut self,
        href: impl Into<String>,
        text: impl Into<Content>,
        title: Option<&str>,
    ) -> Self {
        self.previous = Some(Step::new(href.into(), text.into(), title));
        self
    }

    /// The page after, in other words than "Next page" (which an empty text stands for), and where there are
    /// no numbered pages perhaps with its title.
    pub fn next_called(
        mut self,
        href: impl Into<String>,
        text: impl Into<Content>,
        title: Option<&str>,
    ) -> Self {
        self.next = Some(Step::new(href.into(), text.into(), title));
        self
    }

    /// A numbered page.
    pub fn page(mut self, number: impl ToString, href: impl Into<String>) -> Self {
        self.pages.push(Page::Link { number: number.to_string(), href: href.into(), current: false });
        self
    }

    /// The numbered page that is shown.
    pub fn current(mut self, number: impl ToString, href: impl Into<String>) -> Self {
        self.pages.push(Page::Link { number: number.to_string(), href: href.into(), current: true });
        self
    }

    /// Pages left out.
    pub fn ellipsis(mut self) -> Self {
        self.pages.push(Page::Ellipsis);
        self
    }

    extra_methods!();

    /// Without numbered pages the links stand one above the other.
    fn is_block(&self) -> bool {
        self.pages.is_empty() && (self.previous.is_some() || self.next.is_some())
    }

    fn step(&self, step: &Step, direction: &Direction) -> Markup {
        let block = self.is_block();
        let title = Element::classed("span", "govuk-pagination__link-title")
            .class_if(block && step.label.is_none(), "govuk-pagination__link-title--decorated")
            .body(html! {
                @if step.text.is_empty() {
                    (direction.word) span class="govuk-visually-hidden" { " page" }
                } @else { (step.text.markup()) }
            });
        let icon_first = block || direction.rel == "prev";
        html! {
            div class={ "govuk-pagination__" (direction.rel) } {
                a class="govuk-link govuk-pagination__link" href=(step.href) rel=(direction.rel) {
                    @if icon_first { (icon(direction)) " " }
                    (title)
                    @if let Some(label) = step.label.as_ref().filter(|_| block) {
                        span class="govuk-visually-hidden" { ":" } " "
                        span class="govuk-pagination__link-label" { (label) }
                    }
                    @if !icon_first { " " (icon(direction)) }
                }
            }
        }
    }
}

impl Step {
    fn new(href: String, text: Content, label: Option<&str>) -> Self {
        Self { href, text, label: label.map(str::to_owned) }
    }
}

struct Direction {
    rel: &'static str,
    word: &'static str,
    path: &'static str,
}

const PREVIOUS: Direction = Direction {
    rel: "prev",
    word: "Previous",
    path: "m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-\
           4.293-1.414-1.414z",
};

const NEXT: Direction = Direction {
    rel: "next",
    word: "Next",
    path: "m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 \
           6.7441-6.4062-6.7246-6.7266z",
};

fn icon(direction: &Direction) -> Markup {
    html! {
        svg class={ "govuk-pagination__icon govuk-pagination__icon--" (direction.rel) }
            xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false"
            viewBox="0 0 15 13" {
            path d=(direction.path) {}
        }
    }
}

fn one_page(page: &Page) -> Markup {
    match page {
        Page::Ellipsis => html! {
            li class="govuk-pagination__item govuk-pagination__item--ellipsis" { (PreEscaped("&ctdot;")) }
        },
        Page::Link { number, href, current } => Element::classed("li", "govuk-pagination__item")
            .class_if(*current, "govuk-pagination__item--current")
            .body(html! {
                a class="govuk-link govuk-pagination__link" href=(href) aria-label={ "Page " (number) }
                    aria-current=[current.then_some("page")] { (number) }
            }),
    }
}

impl Render for Pagination {
    fn render(&self) -> Markup {
        Element::classed("nav", "govuk-pagination")
            .class_if(self.is_block(), "govuk-pagination--block")
            .attr("aria-label", &self.landmark)
            .extra(&self.extra)
            .body(html! {
                @if let Some(step) = &self.previous { (self.step(step, &PREVIOUS)) }
                @if !self.pages.is_empty() {
                    ul class="govuk-pagination__list" { @for page in &self.pages { (one_page(page)) } }
                }
                @if let Some(step) = &self.next { (self.step(step, &NEXT)) }
            })
    }
}
