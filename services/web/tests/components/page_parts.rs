//! Fixtures' options as our components that aren't fields.

use maud::{Markup, PreEscaped, Render, html};
use plaudit_web::components::{
    Accordion, BackLink, Breadcrumbs, Button, Content, Details, ErrorSummary, Errors, InsetText,
    NavigationItem, NotificationBanner, Pagination, Panel, ServiceNavigation, SkipLink, Tabs, WarningText,
};
use serde_json::Value;

use crate::options::{
    constant, content, content_of, extras, flag, items, number, print, set, string, truthy,
};

pub fn button(options: &Value) -> Markup {
    let mut text = content(options);
    if truthy(&options["isStartButton"]) && truthy(&options["html"]) {
        text = html! { span { (text.markup()) } }.into();
    }
    let mut button = Button::new(text);
    set!(button.href, string(options, "href"));
    set!(button.name, string(options, "name"));
    set!(button.value, string(options, "value"));
    set!(button.kind, constant(options, "type"));
    flag!(button.start, options, "isStartButton");
    flag!(button.disabled, options, "disabled");
    flag!(button.prevent_double_click, options, "preventDoubleClick");
    if let Some(id) = string(options, "id") {
        button = button.attr("id", id);
    }
    extras!(button, options);
    button.render()
}

pub fn error_summary(options: &Value) -> Markup {
    let mut errors = Errors::new();
    for error in items(options, "errorList") {
        match string(error, "href") {
            Some(href) => errors.push(href.trim_start_matches('#'), print(&error["text"])),
            None => errors.push_general(print(&error["text"])),
        }
    }
    let mut summary = ErrorSummary::of(&errors)
        .title(content_of(options, "titleHtml", "titleText"))
        .description(content_of(options, "descriptionHtml", "descriptionText"));
    set!(summary.takes_focus, options["disableAutoFocus"].as_bool().map(|disabled| !disabled));
    extras!(summary, options);
    summary.render()
}

pub fn notification_banner(options: &Value) -> Markup {
    let mut banner = match string(options, "html") {
        Some(html) => NotificationBanner::holding(PreEscaped(html)),
        None => NotificationBanner::new(content(options)),
    };
    if options["type"] == "success" {
        banner = banner.success();
    }
    banner = banner.title(content_of(options, "titleHtml", "titleText"));
    set!(banner.title_id, string(options, "titleId"));
    set!(banner.heading_level, string(options, "titleHeadingLevel").and_then(|level| level.parse().ok()));
    set!(banner.role, constant(options, "role"));
    set!(banner.takes_focus, options["disableAutoFocus"].as_bool().map(|disabled| !disabled));
    extras!(banner, options);
    banner.render()
}

fn panel_action(options: &Value) -> Markup {
    let href = string(options, "href");
    let classes = string(options, "classes").unwrap_or_default();
    let kind = constant(options, "type");
    if let (Some(href), true) = (&href, kind != Some("button")) {
        let text = print(&options["text"]);
        return html! { a class={ "govuk-link govuk-link--inverse " (classes) } href=(href) { (text) } };
    }
    let mut button = Button::new(print(&options["text"])).inverse().kind(kind.unwrap_or("button"));
    set!(button.href, href);
    extras!(button, options);
    button.render()
}

pub fn panel(options: &Value) -> Markup {
    let mut panel = Panel::new(content_of(options, "titleHtml", "titleText")).body(content(options));
    set!(panel.heading_level, number(options, "headingLevel"));
    let interruption = "govuk-panel--interruption";
    if string(options, "classes").is_some_and(|classes| classes.contains(interruption)) {
        let actions: Vec<Markup> = items(&options["actions"], "items").map(panel_action).collect();
        panel = panel.interruption(html! { @for action in actions { (action) } });
    }
    let mut options = options.clone();
    if let Some(classes) = string(&options, "classes") {
        options["classes"] = classes.replace(interruption, "").into();
    }
    extras!(panel, &options);
    panel.render()
}

pub fn details(options: &Value) -> Markup {
    let mut details = Details::new(content_of(options, "summaryHtml", "summaryText"), content(options));
    flag!(details.open, options, "open");
    if let Some(id) = string(options, "id") {
        details = details.attr("id", id);
    }
    extras!(details, options);
    details.render()
}

pub fn inset_text(options: &Value) -> Markup {
    let mut inset = InsetText::new(content(options));
    if let Some(id) = string(options, "id") {
        inset = inset.attr("id", id);
    }
    extras!(inset, options);
    inset.render()
}

pub fn warning_text(options: &Value) -> Markup {
    let mut warning = WarningText::new(content(options));
    set!(warning.spoken, string(options, "iconFallbackText"));
    extras!(warning, options);
    warning.render()
}

fn panel_body(options: &Value) -> Content {
    match (string(options, "html"), string(options, "text")) {
        (Some(html), _) => PreEscaped(html).into(),
        (None, Some(text)) => html! { p class="govuk-body" { (text) } }.into(),
        (None, None) => Content::default(),
    }
}

pub fn tabs(options: &Value) -> Markup {
    let mut tabs = Tabs::new();
    set!(tabs.title, string(options, "title"));
    for (item, number) in items(options, "items").zip(1..) {
        let id = string(item, "id").unwrap_or_else(|| format!("{}-{number}", print(&options["idPrefix"])));
        tabs = tabs.tab(&id, print(&item["label"]), panel_body(&item["panel"]));
    }
    if let Some(id) = string(options, "id") {
        tabs = tabs.attr("id", id);
    }
    extras!(tabs, options);
    tabs.render()
}

pub fn accordion(options: &Value) -> Markup {
    let mut accordion = Accordion::new(print(&options["id"]));
    set!(accordion.heading_level, string(options, "headingLevel").and_then(|level| level.parse().ok()));
    for item in items(options, "items") {
        accordion = accordion.section(content(&item["heading"]), panel_body(&item["content"]));
        accordion = accordion.summary(content(&item["summary"]));
        flag!(accordion.expanded, item, "expanded");
    }
    if options["rememberExpanded"] == false {
        accordion = accordion.forget();
    }
    extras!(accordion, options);
    accordion.render()
}

pub fn pagination(options: &Value) -> Markup {
    let mut pages = Pagination::new();
    set!(pages.landmark, string(options, "landmarkLabel"));
    if let Some(href) = string(&options["previous"], "href") {
        pages = pages.previous_called(
            href,
            content(&options["previous"]),
            options["previous"]["labelText"].as_str(),
        );
    }
    if let Some(href) = string(&options["next"], "href") {
        pages = pages.next_called(href, content(&options["next"]), options["next"]["labelText"].as_str());
    }
    for item in items(options, "items") {
        let (number, href) = (print(&item["number"]), print(&item["href"]));
        pages = match (truthy(&item["ellipsis"]), truthy(&item["current"])) {
            (true, _) => pages.ellipsis(),
            (false, true) => pages.current(number, href),
            (false, false) => pages.page(number, href),
        };
    }
    extras!(pages, options);
    pages.render()
}

pub fn breadcrumbs(options: &Value) -> Markup {
    let mut breadcrumbs = Breadcrumbs::new();
    for item in items(options, "items") {
        breadcrumbs = match string(item, "href") {
            Some(href) => breadcrumbs.link(content(item), href),
            None => breadcrumbs.here(content(item)),
        };
    }
    flag!(breadcrumbs.collapse_on_mobile, options, "collapseOnMobile");
    set!(breadcrumbs.label, string(options, "labelText"));
    extras!(breadcrumbs, options);
    breadcrumbs.render()
}

pub fn back_link(options: &Value) -> Markup {
    let mut link = BackLink::new(string(options, "href").unwrap_or_else(|| "#".to_owned()));
    if truthy(&options["html"]) || truthy(&options["text"]) {
        link = link.text(content(options));
    }
    extras!(link, options);
    link.render()
}

pub fn skip_link(options: &Value) -> Markup {
    let href = string(options, "href").unwrap_or_else(|| "#content".to_owned());
    let mut link = SkipLink::new(href.trim_start_matches('#')).text(content(options));
    extras!(link, options);
    link.render()
}

fn navigation_item(options: &Value) -> NavigationItem {
    let mut item = match string(options, "href") {
        Some(href) => NavigationItem::link(content(options), href),
        None => NavigationItem::text(content(options)),
    };
    flag!(item.active, options, "active");
    flag!(item.current, options, "current");
    item
}

pub fn service_navigation(options: &Value) -> Markup {
    let mut bar = ServiceNavigation::new().items(items(options, "navigation").map(navigation_item));
    if let Some(name) = string(options, "serviceName") {
        bar = bar.service(name, options["serviceUrl"].as_str());
    }
    set!(bar.id, string(options, "navigationId"));
    set!(bar.label, string(options, "navigationLabel"));
    set!(bar.menu_text, string(options, "menuButtonText"));
    set!(bar.collapses, options["collapseNavigationOnMobile"].as_bool());
    let slots = &options["slots"];
    set!(bar.start, string(slots, "start").map(PreEscaped));
    set!(bar.navigation_start, string(slots, "navigationStart").map(PreEscaped));
    set!(bar.navigation_end, string(slots, "navigationEnd").map(PreEscaped));
    if slots["end"]["align"] == "inline" {
        set!(bar.end_inline, string(&slots["end"], "html").map(PreEscaped));
    } else {
        set!(bar.end, slots["end"].as_str().map(PreEscaped));
        set!(bar.end, string(&slots["end"], "html").map(PreEscaped));
    }
    extras!(bar, options);
    bar.render()
}
