use maud::{DOCTYPE, Markup, html};

use super::nav::{self, Tab};
use crate::api::Programme;
use crate::assets::address;
use crate::components::SkipLink;
use crate::words::next_of;

/// A whole document.
pub struct Layout<'a> {
    pub title: &'a str,
    pub failed: bool,
    pub programme: Option<(&'a Programme, Tab)>,
    pub signed_in: bool,
    pub path: &'a str,
    pub scripts: &'a [&'static str],
    pub styles: &'a [&'static str],
    pub wide: bool,
    pub back: Option<Markup>,
    pub banner: Option<Markup>,
    pub main: Markup,
}

impl Layout<'_> {
    pub fn markup(self) -> Markup {
        let of = self.programme.map(|(programme, _)| programme.name());
        let width = if self.wide { "plaudit-wide" } else { "govuk-width-container" };
        html! {
            (DOCTYPE)
            html.govuk-template lang="en-GB" {
                head {
                    meta charset="utf-8";
                    title {
                        @if self.failed { "Error: " }
                        (self.title)
                        @if let Some(of) = of { @if of != self.title { " – " (of) } }
                        " – Plaudit"
                    }
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                    meta name="color-scheme" content="light dark";
                    meta name="theme-color" content="#3c1240";
                    link rel="icon" href=(address("icon.svg")) type="image/svg+xml";
                    link rel="preload" href=(address("bricolage.woff2")) as="font" type="font/woff2" crossorigin;
                    link rel="stylesheet" href=(address("govuk.css"));
                    link rel="stylesheet" href=(address("plaudit.css"));
                    @for style in self.styles { link rel="stylesheet" href=(address(style)); }
                    script type="module" src=(address("plaudit.mjs")) {}
                    @for script in self.scripts { script type="module" src=(address(script)) {} }
                }
                body.govuk-template__body {
                    (SkipLink::new("main"))
                    (masthead(self.signed_in, self.path))
                    @if let Some((programme, tab)) = self.programme { (nav::of(programme, tab, self.signed_in)) }
                    @if let Some(back) = &self.back { nav aria-label="Back" class=(width) { (back) } }
                    main #main {
                        @if let Some(banner) = &self.banner { (banner) }
                        div class={ (width) " govuk-main-wrapper" } { (self.main) }
                    }
                    (footer())
                }
            }
        }
    }
}

fn masthead(signed_in: bool, path: &str) -> Markup {
    html! {
        header.plaudit-masthead {
            div.govuk-width-container.plaudit-masthead__line {
                a.plaudit-masthead__home href="/" { (mark()) span { "Plaudit" } }
                nav aria-label="Your account" {
                    ul.plaudit-masthead__links {
                        @if signed_in {
                            li { a href="/home" { "Your programmes" } }
                            li { a href="/account" { "Account" } }
                        } @else if !path.starts_with("/sign-in") {
                            li { a href={ "/sign-in?next=" (next_of(path)) } { "Sign in" } }
                        }
                    }
                }
            }
        }
    }
}

/// Rays from a clap.
fn mark() -> Markup {
    html! {
        svg.plaudit-mark viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false" {
            path d="M6 25a10 10 0 0 1 20 0z" fill="currentColor" {}
            path d="M16 3v7M5.5 7.5l4.6 5M26.5 7.5l-4.6 5M1.5 17l5.6 2.2M30.5 17l-5.6 2.2"
                stroke="currentColor" stroke-width="3" stroke-linecap="round" fill="none" {}
        }
    }
}

fn footer() -> Markup {
    html! {
        footer.plaudit-footer {
            div.govuk-width-container {
                ul.plaudit-footer__links {
                    li { a href="/programmes" { "Programmes" } }
                    li { a href="/verify" { "Check a file" } }
                    li { a href="/accessibility" { "Accessibility" } }
                    li { a href="/privacy" { "Privacy" } }
                }
                p { "Plaudit runs prizes so that anyone can check them." }
            }
        }
    }
}
