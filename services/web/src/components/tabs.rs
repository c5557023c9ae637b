//! Things of which people look at one at a time.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// Tabs with their panels; without the script, all panels one after another.
#[derive(Debug, Clone)]
pub struct Tabs {
    title: Content,
    tabs: Vec<(String, Content, Content)>,
    extra: Extra,
}

impl Default for Tabs {
    fn default() -> Self {
        Self { title: "Contents".into(), tabs: Vec::new(), extra: Extra::default() }
    }
}

impl Tabs {
    /// No tabs yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The heading that is shown without the script; "Contents" unless told otherwise.
    pub fn title(mut self, title: impl Into<Content>) -> Self {
        self.title = title.into();
        self
    }

    /// Adds a tab. The script looks panels up by CSS selectors, so anything but letters, digits, `_` and `-`
    /// in the id becomes `-`, and an id that begins with a digit gets `tab-` before it.
    pub fn tab(mut self, id: &str, label: impl Into<Content>, panel: impl Into<Content>) -> Self {
        self.tabs.push((selectable(id), label.into(), panel.into()));
        self
    }

    extra_methods!();
}

fn selectable(id: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let slug: String = id.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
    if slug.starts_with(|c: char| c.is_ascii_alphabetic()) { slug } else { format!("tab-{slug}") }
}

impl Render for Tabs {
    fn render(&self) -> Markup {
        let module =
            Element::classed("div", "govuk-tabs").extra(&self.extra).attr("data-module", "govuk-tabs");
        module.body(html! {
            h2 class="govuk-tabs__title" { (self.title.markup()) }
            @if !self.tabs.is_empty() {
                ul class="govuk-tabs__list" {
                    @for (at, (id, label, _)) in self.tabs.iter().enumerate() {
                        (Element::classed("li", "govuk-tabs__list-item")
                            .class_if(at == 0, "govuk-tabs__list-item--selected")
                            .body(html! { a class="govuk-tabs__tab" href={ "#" (id) } { (label.markup()) } }))
                    }
                }
                @for (at, (id, _, panel)) in self.tabs.iter().enumerate() {
                    (Element::classed("div", "govuk-tabs__panel")
                        .class_if(at > 0, "govuk-tabs__panel--hidden")
                        .attr("id", id)
                        .body(panel.markup()))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::selectable;

    #[test]
    fn ids_are_fit_for_selectors() {
        assert_eq!(selectable("round.1 final"), "round-1-final");
        assert_eq!(selectable("2026"), "tab-2026");
    }
}
