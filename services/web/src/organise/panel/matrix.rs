//! Who marks what, and what stands between judges and pitches.

use maud::{Markup, html};

use super::{A_PAGE, Seen};
use crate::organise::seen::{Matrix, MatrixRow, Seat};

/// A row a pitch, a column a judge.
pub fn table(seen: &Seen, matrix: &Matrix) -> Markup {
    if matrix.pitches.is_empty() {
        return html! {};
    }
    let seats: Vec<&Seat> = seen.sitting().collect();
    html! {
        h2.govuk-heading-m { "Who marks what" }
        div.plaudit-scroll tabindex="0" role="region" aria-label="Who marks what" {
            table.plaudit-matrix {
                caption { "Pitches and judges" }
                thead {
                    tr {
                        th scope="col" { "Pitch" }
                        th scope="col" { "Judges" }
                        @for seat in &seats { th scope="col" { (seen.names.member(seat.member)) } }
                    }
                }
                tbody { @for row in &matrix.pitches { (pitch(seen, row, &seats)) } }
                tfoot {
                    tr {
                        th scope="row" { "Pitches in all" }
                        td {}
                        @for seat in &seats { td { (seat.assigned) } }
                    }
                }
            }
        }
        @if let Some(next) = &matrix.next {
            p.govuk-body {
                a.govuk-link href={ (seen.at()) "?after=" (url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>()) } {
                    "The next " (A_PAGE) " pitches"
                }
            }
        }
    }
}

fn pitch(seen: &Seen, row: &MatrixRow, seats: &[&Seat]) -> Markup {
    let short = row.needed.is_some_and(|needed| row.judges.len() < needed);
    html! {
        tr {
            th scope="row" { (seen.title(row.pitch)) }
            td class=[short.then_some("plaudit-matrix__short")] {
                (row.judges.len()) @if let Some(needed) = row.needed { " of " (needed) }
                @if short { span.govuk-visually-hidden { ", too few" } }
            }
            @for seat in seats {
                @let marks = row.judges.contains(&seat.judge);
                td class=[marks.then_some("plaudit-matrix__marks")] { (cell(row, seat, marks)) }
            }
        }
    }
}

/// In words: colour alone says nothing.
fn cell(row: &MatrixRow, seat: &Seat, marks: bool) -> &'static str {
    let barred = row.barred.iter().find(|barred| barred.judge == seat.judge);
    match (marks, barred.map(|barred| barred.because.as_str())) {
        (_, Some("stand_aside")) => "stands aside",
        (_, Some("team_or_conflict")) => "own team or conflict",
        (false, Some("known")) => "knows them",
        (true, Some("allowed" | "known")) => "marks; knows them",
        (false, Some("allowed")) => "knows them; may judge",
        (true, _) => "marks",
        (false, _) => "–",
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::organise::seen::Barred;

    #[test]
    fn every_cell_says_in_words_what_stands() {
        let judge = Uuid::from_u128(1);
        let seat = Seat {
            judge,
            member: Uuid::nil(),
            office: "judge".to_owned(),
            independent: false,
            cap: 0,
            status: "accepted".to_owned(),
            declared: true,
            assigned: 0,
            interests: None,
            connections: Vec::new(),
        };
        for (because, marks, said) in [
            (None, true, "marks"),
            (None, false, "–"),
            (Some("known"), false, "knows them"),
            (Some("allowed"), true, "marks; knows them"),
            (Some("allowed"), false, "knows them; may judge"),
            (Some("stand_aside"), false, "stands aside"),
            (Some("team_or_conflict"), false, "own team or conflict"),
        ] {
            let barred = because.map(|because| Barred { judge, because: because.to_owned() });
            let row = MatrixRow {
                pitch: Uuid::nil(),
                judges: Vec::new(),
                needed: Some(1),
                barred: barred.into_iter().collect(),
            };
            assert_eq!(cell(&row, &seat, marks), said, "{because:?} {marks}");
        }
    }
}
