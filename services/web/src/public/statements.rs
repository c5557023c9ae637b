//! What Plaudit says of itself.

use axum::response::Response;
use maud::html;

use crate::page::Page;
use crate::visitor::Visitor;

pub async fn accessibility(visitor: Visitor) -> Response {
    let body = html! {
        p.govuk-body-l { "Everybody should be able to enter, judge and run a prize here." }
        p.govuk-body { "You can use every page with a keyboard, without JavaScript, on a narrow screen, in a light or a dark theme, and with a screen reader. Nothing depends on colour alone, and nothing moves unless you want it to." }
        p.govuk-body { "We check every page against WCAG 2.2 at level AA with a machine each time the software changes. A machine does not find everything, and we have not yet tested with people who use assistive technology every day." }
        p.govuk-body { "If something is in your way, tell those who run the programme: they can take your pitch, your marks or your vote in another form, and the record says openly that somebody helped." }
    };
    Page::new("Accessibility").show(&visitor, body)
}

pub async fn privacy(visitor: Visitor) -> Response {
    let body = html! {
        p.govuk-body-l { "What must be provable is kept for ever. What is private can be forgotten." }
        p.govuk-body { "The record of a programme says that something happened, when, and under which number. It never holds a name, an address, a pitch, a mark that the rules keep private, or a bank detail: of those it keeps only a sealed fingerprint, which tells nothing once the original is deleted." }
        p.govuk-body { "Each programme's rules say who is responsible for it and after how many days what is private is deleted. You can see everything that is held about you in your account, download it, and delete it." }
        h2.govuk-heading-m { "Cookies" }
        p.govuk-body { "We set a cookie when you sign in, and for a few minutes while you do something that takes more than one page. None of them follows you anywhere, so there is nothing to consent to." }
        h2.govuk-heading-m { "On your own device" }
        p.govuk-body { "What you are writing is also kept in your browser until we have it, so that nothing is lost. Sign out on a computer that you share." }
    };
    Page::new("Privacy").show(&visitor, body)
}
