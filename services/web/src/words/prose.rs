use maud::{Markup, PreEscaped};
use pulldown_cmark::{Event, Options, Parser, html::push_html};

/// Somebody's Markdown as HTML. Tags in it are shown as they were typed,
/// pictures from elsewhere are not loaded, and links lead only to the web or
/// to mail.
pub fn prose(text: &str) -> Markup {
    use pulldown_cmark::{Tag, TagEnd};
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Html(tag) | Event::InlineHtml(tag) => Some(Event::Text(tag)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let goes = ["https://", "http://", "mailto:", "/"].iter().any(|way| dest_url.starts_with(way));
            let dest_url = if goes { dest_url } else { "#".into() };
            Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        // The page's own heading is above.
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Some(Event::Start(Tag::Heading { level: lower(level), id, classes, attrs }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(lower(level)))),
        other => Some(other),
    });
    let mut html = String::with_capacity(text.len() * 3 / 2);
    html.push_str("<div class=\"plaudit-prose\">");
    push_html(&mut html, events);
    html.push_str("</div>");
    PreEscaped(html)
}

fn lower(level: pulldown_cmark::HeadingLevel) -> pulldown_cmark::HeadingLevel {
    use pulldown_cmark::HeadingLevel::{H2, H3, H4};
    match level as usize {
        1 | 2 => H2,
        3 => H3,
        _ => H4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_is_carried_out() {
        for text in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "[x](javascript:alert(1))",
            "![x](https://elsewhere.example/p.png)",
            "<a href='javascript:x'>y</a>",
        ] {
            let html = prose(text).0;
            for tag in ["<script", "<img", "javascript:alert(1)\"", "<a href='"] {
                assert!(!html.contains(tag), "{html}");
            }
        }
    }

    #[test]
    fn headings_come_after_the_pages_own() {
        assert!(prose("# The prize\n\nTwo *thousand* pounds.").0.contains("<h2>The prize</h2>"));
    }
}
