//! Brings two ways of writing the same HTML to one form, for comparing them.

/// One line a token: tags with sorted classes and attributes, texts with their entities resolved. Space
/// between elements is layout and falls away, but not inside of and next to visually hidden texts, where
/// screen readers hear it.
pub fn normalised(html: &str) -> String {
    let mut tokens = Vec::new();
    let mut rest = html.trim();
    while !rest.is_empty() {
        let (token, after) = match rest.strip_prefix('<') {
            Some(inside) => {
                let end = tag_end(inside);
                (Token::Tag(tag(&inside[..end])), &inside[end + 1..])
            }
            None => {
                let end = rest.find('<').unwrap_or(rest.len());
                (Token::Text(decoded(&rest[..end])), &rest[end..])
            }
        };
        tokens.push(token);
        rest = after;
    }
    lines(&tokens).join("\n")
}

enum Token {
    Tag(String),
    Text(String),
}

const HIDDEN: &str = "<span class=\"govuk-visually-hidden\"";

/// The texts' spaces depend on the tags around them.
fn lines(tokens: &[Token]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut inside_hidden = false;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Tag(tag) => {
                inside_hidden = tag.starts_with(HIDDEN);
                lines.push(tag.clone());
            }
            Token::Text(text) if lines.last().is_some_and(|tag| tag.starts_with("<textarea")) => {
                lines.push(format!("{text:?}"));
            }
            Token::Text(text) if text.trim().is_empty() => {}
            Token::Text(text) => {
                let after_hidden =
                    at >= 3 && matches!(&tokens[at - 3], Token::Tag(tag) if tag.starts_with(HIDDEN));
                let before_hidden =
                    matches!(tokens.get(at + 1), Some(Token::Tag(tag)) if tag.starts_with(HIDDEN));
                lines.push(spaced(text, inside_hidden || after_hidden, inside_hidden || before_hidden));
            }
        }
    }
    lines
}

fn spaced(text: &str, keeps_start: bool, keeps_end: bool) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let start = if keeps_start && text.starts_with(char::is_whitespace) { " " } else { "" };
    let end = if keeps_end && text.ends_with(char::is_whitespace) { " " } else { "" };
    format!("{start}{words}{end}|")
}

/// The end of a tag, past any `>` in its attributes' values.
fn tag_end(inside: &str) -> usize {
    let mut quoted = false;
    let end = inside.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '>' && !quoted
    });
    end.unwrap_or_else(|| panic!("a tag without end: <{inside}")).0
}

fn tag(inside: &str) -> String {
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let mut attributes = attributes(inside[end..].trim());
    attributes.sort();
    let written = attributes.iter().map(|(name, value)| format!(" {name}={value:?}"));
    format!("<{}{}>", &inside[..end], written.collect::<String>())
}

fn attributes(mut rest: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let close = quoted.find('"').unwrap_or_else(|| panic!("an open quotation: {quoted}"));
            value = decoded(&quoted[..close]);
            rest = quoted[close + 1..].trim_start();
        }
        if name == "class" {
            let mut classes: Vec<&str> = value.split_whitespace().collect();
            classes.sort_unstable();
            value = classes.join(" ");
        }
        found.push((name, value));
    }
    found
}

fn decoded(text: &str) -> String {
    let named =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&ctdot;", "⋯"), ("&amp;", "&")];
    named.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[test]
fn layout_and_order_make_no_difference() {
    let one = "<a  class=\"b a\" href=\"/?x=1&amp;y=2\">\n  Go &amp; see\n</a>";
    assert_eq!(normalised(one), normalised("<a href=\"/?x=1&y=2\" class=\"a b\">Go & see</a>"));
}

#[test]
fn words_attributes_classes_and_heard_spaces_make_one() {
    let base = normalised("<p class=\"a\" id=\"x\">Go<span class=\"govuk-visually-hidden\"> on</span></p>");
    for other in [
        "<p class=\"a\" id=\"x\">Stay<span class=\"govuk-visually-hidden\"> on</span></p>",
        "<p class=\"b\" id=\"x\">Go<span class=\"govuk-visually-hidden\"> on</span></p>",
        "<p class=\"a\">Go<span class=\"govuk-visually-hidden\"> on</span></p>",
        "<p class=\"a\" id=\"x\">Go<span class=\"govuk-visually-hidden\">on</span></p>",
        "<p class=\"a\" id=\"x\">Go <span class=\"govuk-visually-hidden\"> on</span></p>",
        "<div class=\"a\" id=\"x\">Go<span class=\"govuk-visually-hidden\"> on</span></div>",
    ] {
        assert_ne!(base, normalised(other), "{other}");
    }
}
