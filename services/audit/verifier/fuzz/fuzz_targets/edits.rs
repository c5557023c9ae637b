//! Changes of a real programme's events, as arbitrary bytes say: what a forger can do, many times over.

use std::ops::Range;

use crate::forge::Forge;

/// Between these the words of an event stand.
const MARKS: &[char] = &['"', ',', ':', '{', '}', '[', ']'];

/// Makes as many changes as the bytes have.
pub fn edit(forge: &mut Forge, bytes: &[u8]) {
    let mut bytes = bytes.iter().copied();
    while let Some(kind) = bytes.next() {
        let many = forge.events.len();
        let mut event = || {
            let two = [bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default()];
            usize::from(u16::from_be_bytes(two)) % many
        };
        let (at, other) = (event(), event());
        match kind % 6 {
            0 if many > 1 => drop(forge.events.remove(at)),
            1 => forge.events.swap(at, other),
            2 => forge.events.insert(other, forge.events[at].clone()),
            3 => forge.events.truncate(at + 1),
            4 => {
                let nth = usize::from(bytes.next().unwrap_or_default());
                let from = usize::from(bytes.next().unwrap_or_default());
                let of = &forge.events[other].1;
                let new = of[word(of, from)].to_owned();
                replace(&mut forge.events[at].1, nth, &new);
            }
            _ => {
                let nth = usize::from(bytes.next().unwrap_or_default());
                let length = usize::from(bytes.next().unwrap_or_default() % 32);
                let new: Vec<u8> = bytes.by_ref().take(length).collect();
                let new = String::from_utf8_lossy(&new).replace('\n', " ");
                replace(&mut forge.events[at].1, nth, &new);
            }
        }
    }
}

fn replace(text: &mut String, nth: usize, new: &str) {
    text.replace_range(word(text, nth), new);
}

/// Where a word stands; nowhere in a text without any.
fn word(text: &str, nth: usize) -> Range<usize> {
    let mut from = 0;
    let words = text.split(MARKS).map(|word| {
        let start = from;
        from += word.len() + 1;
        start..start + word.len()
    });
    let words: Vec<Range<usize>> = words.filter(|word| !word.is_empty()).collect();
    words.get(nth % words.len().max(1)).cloned().unwrap_or_default()
}
