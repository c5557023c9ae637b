//! How things are said on pages: money, times, reasons, and the rulebook's own
//! words.

mod money;
mod prose;
mod quarters;
mod reasons;
mod returned;
mod size;
mod time;
mod wording;

pub use money::money;
pub use prose::prose;
pub use quarters::{amount, in_wholes, quarters};
pub use reasons::reason;
pub use returned::{REASONS_TO_RETURN, returned};
pub use size::size;
pub use time::{day, duration, instant, lateness, when};
pub use wording::Wording;

use crate::api::Phase;

/// An address of ours for `?next=`; anything else becomes the first page.
pub fn next_of(path: &str) -> String {
    url::form_urlencoded::byte_serialize(ours(path).as_bytes()).collect()
}

/// A path of ours, so that a link from elsewhere can't lead further.
pub fn ours(path: &str) -> &str {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_path = plain && path.starts_with('/') && !path.starts_with("//");
    if is_path { path } else { "/" }
}

/// “1 pitch”, “3 pitches”.
pub fn count(number: usize, one: &str, more: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {more}") }
}

/// How far a programme is, for people. From the announcement to the last
/// payment nothing is judged any more, though it goes on.
pub fn phase(phase: Option<Phase>, announced: bool) -> &'static str {
    match phase {
        Some(Phase::Screened) if announced => "The winners are announced",
        Some(Phase::Published) => "The rules are public",
        Some(Phase::Open) => "Open for pitches",
        Some(Phase::Closed) => "Closed: pitches are being checked",
        Some(Phase::Screened) => "Being judged",
        Some(Phase::Concluded) => "Over",
        Some(Phase::Cancelled) => "Called off",
        Some(Phase::Drafted) | None => "Being prepared",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_being_judged_once_the_winners_are_announced() {
        assert_eq!(phase(Some(Phase::Screened), false), "Being judged");
        assert_eq!(phase(Some(Phase::Screened), true), "The winners are announced");
        assert_eq!(phase(Some(Phase::Concluded), true), "Over");
    }

    #[test]
    fn only_our_own_paths_come_next() {
        for (path, goes) in [
            ("/programmes/1?a=b", "/programmes/1?a=b"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\tb", "/"),
            ("/ü", "/"),
            ("", "/"),
        ] {
            assert_eq!(ours(path), goes);
        }
        assert_eq!(next_of("/a?b=c"), "%2Fa%3Fb%3Dc");
    }
}
