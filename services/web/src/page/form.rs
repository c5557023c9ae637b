use maud::{Markup, html};
use uuid::Uuid;

use crate::components::Button;

/// A form that posts to a page, with the key of its command.
pub fn form(action: &str, body: Markup) -> Markup {
    html! {
        form method="post" action=(action) novalidate {
            (key())
            (body)
        }
    }
}

/// The hidden field that makes a command the same however often it is sent.
pub fn key() -> Markup {
    html! { input type="hidden" name="_key" value=(Uuid::now_v7()); }
}

/// A form of one button.
pub fn confirm(action: &str, button: Button) -> Markup {
    form(action, html! { (button.prevent_double_click()) })
}
