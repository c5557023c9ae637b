use maud::{Markup, html};

use super::behind;
use crate::components::{Cell, Table};
use crate::words::count;

/// A ranking.
#[derive(Clone, Debug)]
pub struct Column {
    /// Whose: as declared, or without somebody.
    pub label: String,
    /// A rank a pitch; `None`: unranked.
    pub ranks: Vec<Option<u32>>,
}

/// In pixels: the chart keeps its size and scrolls where there is no room.
const NAMES: usize = 190;
const WIDE: usize = 112;
const HIGH: usize = 46;
const HEAD: usize = 66;
/// Radius of a rank.
const RADIUS: usize = 16;
/// So many letters fit in a line of a column's head, and of a pitch's name.
const HEAD_LETTERS: usize = 12;
const NAME_LETTERS: usize = 17;
/// So many lines a column's head has.
const HEAD_LINES: usize = 3;
/// So many colours and strokes there are.
const COLOURS: usize = 6;
const STROKES: usize = 4;

/// How ranks move from one ranking to the next: a line a pitch. Pitches that
/// share a rank lie one below the other, those without a rank at the end.
pub fn rank_flow(pitches: &[String], columns: &[Column]) -> Markup {
    if pitches.is_empty() || columns.is_empty() {
        return html! { p.govuk-body { "There is nothing to show yet." } };
    }
    let slots: Vec<Vec<usize>> = columns.iter().map(|column| slots(pitches.len(), column)).collect();
    let says = format!(
        "The ranks of {} in {}: {}.",
        count(pitches.len(), "pitch", "pitches"),
        count(columns.len(), "ranking", "rankings"),
        columns.iter().map(|column| column.label.as_str()).collect::<Vec<_>>().join(", ")
    );
    let (width, height) = (NAMES + columns.len() * WIDE, HEAD + pitches.len() * HIGH);
    html! {
        figure.plaudit-chart {
            figcaption.govuk-hint { "Each line is a pitch, each number its rank there. Where lines cross, the order changes." }
            div.plaudit-scroll tabindex="0" role="region" aria-label="Ranks" {
                svg.plaudit-flow width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } role="img" aria-label=(says) {
                    @for (at, column) in columns.iter().enumerate() { (head(at, &column.label)) }
                    @for pitch in 0..pitches.len() { (line(pitch, &slots)) }
                    @for (pitch, name) in pitches.iter().enumerate() { (points(pitch, name, columns, &slots)) }
                }
            }
            (behind(table(pitches, columns)))
        }
    }
}

/// Each pitch's place from the top, so that no two lie on each other.
fn slots(pitches: usize, column: &Column) -> Vec<usize> {
    let rank = |pitch: usize| column.ranks.get(pitch).copied().flatten().unwrap_or(u32::MAX);
    let mut order: Vec<usize> = (0..pitches).collect();
    order.sort_by_key(|pitch| (rank(*pitch), *pitch));
    let mut slots = vec![0; pitches];
    for (slot, pitch) in order.into_iter().enumerate() {
        slots[pitch] = slot;
    }
    slots
}

fn x(column: usize) -> usize {
    NAMES + column * WIDE + WIDE / 2
}

fn y(slot: usize) -> usize {
    HEAD + slot * HIGH + HIGH / 2
}

fn head(at: usize, label: &str) -> Markup {
    html! {
        text.plaudit-flow__head x=(x(at)) y="14" text-anchor="middle" {
            @for (number, line) in lines(label).iter().enumerate() {
                tspan x=(x(at)) dy=(if number == 0 { 0 } else { 17 }) { (line) }
            }
        }
    }
}

/// A label in a few short lines; what does not fit is in the table.
fn lines(label: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < HEAD_LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(short(word, HEAD_LETTERS)),
        }
    }
    if lines.len() > HEAD_LINES {
        lines.truncate(HEAD_LINES);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

fn short(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    text.chars().take(letters - 1).chain(['…']).collect()
}

fn line(pitch: usize, slots: &[Vec<usize>]) -> Markup {
    let mut path = format!("M{} {}", x(0), y(slots[0][pitch]));
    for (at, pair) in slots.windows(2).enumerate() {
        let (from, to) = (y(pair[0][pitch]), y(pair[1][pitch]));
        let half = x(at) + WIDE / 2;
        path.push_str(&format!("C{half} {from} {half} {to} {} {to}", x(at + 1)));
    }
    html! {
        path class={ "plaudit-flow__line plaudit-flow__colour-" (pitch % COLOURS) " plaudit-flow__stroke-" (pitch / COLOURS % STROKES) } d=(path) {}
    }
}

fn points(pitch: usize, name: &str, columns: &[Column], slots: &[Vec<usize>]) -> Markup {
    html! {
        text.plaudit-flow__name x=(NAMES - 8) y=(y(slots[0][pitch]) + 5) text-anchor="end" {
            title { (name) }
            (short(name, NAME_LETTERS))
        }
        @for (at, column) in columns.iter().enumerate() {
            @let middle = y(slots[at][pitch]);
            circle class={ "plaudit-flow__point plaudit-flow__colour-" (pitch % COLOURS) } cx=(x(at)) cy=(middle) r=(RADIUS) {}
            text.plaudit-flow__rank x=(x(at)) y=(middle + 5) text-anchor="middle" { (rank(column, pitch)) }
        }
    }
}

/// “2”, “2=” where it is shared, “–” without one.
fn rank(column: &Column, pitch: usize) -> String {
    let Some(rank) = column.ranks.get(pitch).copied().flatten() else { return "–".to_owned() };
    let shared = column.ranks.iter().filter(|other| **other == Some(rank)).count() > 1;
    if shared { format!("{rank}=") } else { rank.to_string() }
}

fn table(pitches: &[String], columns: &[Column]) -> Table {
    let head = std::iter::once(Cell::new("Pitch"));
    let head = head.chain(columns.iter().map(|column| Cell::numeric(column.label.as_str())));
    let table = Table::new().caption("Ranks").head(head).first_cell_is_header();
    pitches.iter().enumerate().fold(table, |table, (pitch, name)| {
        let ranks = columns.iter().map(|column| Cell::numeric(rank(column, pitch)));
        table.row(std::iter::once(Cell::new(name.as_str())).chain(ranks))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(label: &str, ranks: &[u32]) -> Column {
        let ranks = ranks.iter().map(|rank| Some(*rank).filter(|rank| *rank > 0)).collect();
        Column { label: label.into(), ranks }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn ties_and_the_unranked_never_lie_on_each_other() {
        let tied = column("As declared", &[0, 1, 1, 3]);
        assert_eq!(slots(4, &tied), [3, 0, 1, 2]);
        assert_eq!((0..4).map(|pitch| rank(&tied, pitch)).collect::<Vec<_>>(), ["–", "1=", "1=", "3"]);
        assert_eq!(slots(3, &column("too short", &[2])), [0, 1, 2]);
    }

    #[test]
    fn every_name_and_label_is_there() {
        let pitches = names(&["Meshwick", "Encore Commons & Friends of the Box Office"]);
        let columns = [
            column("As declared", &[1, 2]),
            column("Without Marguerite Oyelaran-Featherstonehaugh", &[2, 1]),
        ];
        let shown = rank_flow(&pitches, &columns).0;
        assert!(
            shown.contains("Meshwick") && shown.contains("Encore Commons &amp; Friends of the Box Office")
        );
        assert!(
            shown.contains("Without Marguerite Oyelaran-Featherstonehaugh") && shown.contains("role=\"img\"")
        );
    }

    #[test]
    fn any_size_is_drawn() {
        let one = rank_flow(&names(&["Only"]), &[column("As declared", &[1])]).0;
        assert!(one.contains("Only") && !one.contains("NaN"));
        let columns: Vec<Column> =
            (0..61).map(|number| column(&format!("Without {number}"), &[1, 2])).collect();
        assert_eq!(rank_flow(&names(&["a", "b"]), &columns).0.matches("<circle").count(), 122);
        assert!(
            !rank_flow(&[], &columns).0.contains("<svg")
                && !rank_flow(&names(&["a"]), &[]).0.contains("<svg")
        );
    }

    #[test]
    fn heads_fit_their_columns() {
        assert_eq!(lines("Without Sunita Blythe"), ["Without", "Sunita", "Blythe"]);
        assert_eq!(lines("As declared"), ["As declared"].map(str::to_owned)[..].to_vec());
        assert_eq!(
            lines("a b Wolfeschlegelstein c d e f g h i j k l m n o p q"),
            ["a b", "Wolfeschleg…", "c d e f g h…"]
        );
    }
}
