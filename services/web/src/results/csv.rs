//! Tables as files that open in a spreadsheet, and that a spreadsheet can't be
//! tricked by.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;

/// Rows as CSV (RFC 4180).
pub fn rows<R, C>(rows: R) -> Result<Vec<u8>, Failure>
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = String>,
{
    let mut writer =
        csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        let cells = row.into_iter().map(|cell| harmless(&cell));
        writer.write_record(cells).map_err(|error| Failure::Broken(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| Failure::Broken(error.to_string()))
}

/// A spreadsheet takes a cell that begins with one of these for a formula, and
/// carries it out; an apostrophe before it makes it text. Numbers stay numbers.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && !is_number(cell);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, rest].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// An answer that browsers keep as a file of this name.
pub fn file(name: &str, kind: &'static str, body: impl IntoResponse) -> Response {
    let mut answer = body.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = format!("attachment; filename=\"{}\"", plain(name));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    answer
}

/// A file's name in letters that every system takes.
pub fn plain(name: &str) -> String {
    let plain =
        name.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' });
    plain
        .collect::<String>()
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
        .to_lowercase()
}

pub const CSV: &str = "text/csv; charset=utf-8";
pub const JSON: &str = "application/json";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (typed, written) in [
            ("=SUM(A1)", "'=SUM(A1)"),
            ("+44 20", "'+44 20"),
            ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
            ("@team", "'@team"),
            ("\t=1", "'\t=1"),
            ("-", "'-"),
            ("-2.50", "-2.50"),
            ("84.51", "84.51"),
            ("20/3", "20/3"),
            ("", ""),
            ("Ünïcödé = good", "Ünïcödé = good"),
        ] {
            assert_eq!(harmless(typed), written);
        }
    }

    #[test]
    fn commas_quotes_and_lines_stay_in_their_cell() {
        let bytes =
            rows([vec!["a,b".to_owned(), "\"c\"".to_owned()], vec!["=d\ne".to_owned(), String::new()]])
                .unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "\"a,b\",\"\"\"c\"\"\"\r\n\"'=d\ne\",\r\n");
    }

    #[test]
    fn file_names_are_plain() {
        assert_eq!(plain("The Den: a prize – results.CSV"), "the-den-a-prize-results.csv");
        assert_eq!(plain("\"; x=\"\r\n"), "x");
    }
}
