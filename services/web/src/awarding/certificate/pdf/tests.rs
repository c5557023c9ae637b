#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use super::*;

const PROOF: &str = "https://prizes.example.org/programmes/d08e0092-fe15-8c1e-b1d2-2c9a7b1a7e78/results";

fn certificate(team: &str) -> Certificate {
    Certificate {
        programme: "The Den: a prize for co-operative technology".to_owned(),
        prize: "First prize".to_owned(),
        worth: "£2,000 and business support".to_owned(),
        team: team.to_owned(),
        title: "The rota that carers own".to_owned(),
        date: "27 November 2026".to_owned(),
        proof: PROOF.to_owned(),
    }
}

/// What lies between two marks, each time.
fn between<'a>(text: &'a str, from: &'a str, to: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(from).skip(1).filter_map(move |rest| rest.split_once(to).map(|(inside, _)| inside))
}

/// The one stream that draws.
fn content(text: &str) -> &str {
    between(text, ">>\nstream\n", "\nendstream").find(|stream| stream.contains("\nBT\n")).unwrap()
}

/// A page's text, read as a reader of PDF does: codes by the face that is set,
/// and what each face says of its codes.
fn read(pdf: &[u8]) -> String {
    let text: String = pdf.iter().map(|byte| char::from(*byte)).collect();
    let maps: Vec<BTreeMap<u16, char>> = between(&text, "begincmap", "endcmap").map(letters).collect();
    let page = content(&text);
    let mut said = String::new();
    let mut face = 0;
    for line in page.lines() {
        if let Some(set) = line.strip_suffix(" Tf") {
            let names = ["/Bricolage ", "/NotoBold ", "/Noto "];
            face = names.iter().position(|name| set.starts_with(name)).unwrap();
        } else if let Some(shown) = line.strip_suffix(" Tj") {
            said.extend(codes(shown).iter().map(|code| maps[face][code]));
        } else if line == "ET" {
            said.push('\n');
        }
    }
    said
}

fn letters(map: &str) -> BTreeMap<u16, char> {
    let lines = between(map, "beginbfchar", "endbfchar").flat_map(str::lines);
    let singles = lines.filter_map(|line| {
        let (code, letter) = line.trim().strip_prefix('<')?.strip_suffix('>')?.split_once("> <")?;
        Some((u16::from_str_radix(code, 16).ok()?, char::from_u32(u32::from_str_radix(letter, 16).ok()?)?))
    });
    let mut all: BTreeMap<u16, char> = singles.collect();
    for line in between(map, "beginbfrange", "endbfrange").flat_map(str::lines) {
        let parts: Vec<u32> =
            between(line, "<", ">").filter_map(|part| u32::from_str_radix(part, 16).ok()).collect();
        if let [from, to, letter] = parts[..] {
            all.extend((from..=to).map(|code| (code as u16, char::from_u32(letter + code - from).unwrap())));
        }
    }
    all
}

/// The codes of a string: its bytes, some of them after a `\` or by their
/// number in three octal digits.
fn codes(shown: &str) -> Vec<u16> {
    let inside = shown.strip_prefix('(').unwrap().strip_suffix(')').unwrap();
    let mut bytes = Vec::new();
    let mut rest = inside;
    while let Some(letter) = rest.chars().next() {
        let mut taken = letter.len_utf8();
        let mut byte = letter as u32;
        if letter == '\\' {
            let code = rest.get(1..4).and_then(|digits| u32::from_str_radix(digits, 8).ok());
            let escaped = rest[1..].chars().next().unwrap();
            taken = if code.is_some() { 4 } else { 2 };
            byte = code.unwrap_or(match escaped {
                'n' => 10,
                'r' => 13,
                't' => 9,
                'b' => 8,
                'f' => 12,
                other => other as u32,
            });
        }
        bytes.push(u8::try_from(byte).unwrap());
        rest = &rest[taken..];
    }
    bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

#[test]
fn names_come_out_whatever_latin_greek_or_cyrillic_they_are_in() {
    for team in ["Ünïcödé Łódź", "Handover", "Ένωση 7", "Кооператив «Хлеб»", "Gwŷr ỳ Môr", "Ðịnh"]
    {
        let said = read(&certificate(team).pdf().unwrap());
        assert!(said.lines().any(|line| line == team), "{team}: {said}");
        assert!(said.contains("won “First prize” of") && said.contains("£2,000 and business support"));
        assert!(said.contains("27 November 2026") && said.contains(PROOF));
    }
}

#[test]
fn a_long_name_keeps_all_its_words() {
    let team =
        "The Federation of Tanner House Tenants, Carers and Neighbours for Broadband that the Street Owns";
    let said = read(&certificate(team).pdf().unwrap()).replace('\n', " ");
    assert!(said.contains(team), "{said}");
}

#[test]
fn what_would_come_out_wrong_is_refused_and_pictures_are_left_out() {
    assert_eq!(certificate("共同").pdf().unwrap_err(), '共');
    assert_eq!(certificate("تعاونية").pdf().unwrap_err(), 'ت');
    assert_eq!(certificate("सहकारी").pdf().unwrap_err(), 'स');
    assert!(read(&certificate("Rockets 🚀 Co-op ❤️").pdf().unwrap()).contains("Rockets Co-op\n"));
}

#[test]
fn the_file_says_where_its_parts_lie() {
    let pdf = certificate("Handover").pdf().unwrap();
    let text: String = pdf.iter().map(|byte| char::from(*byte)).collect();
    assert!(text.starts_with("%PDF-1.7") && text.trim_end().ends_with("%%EOF"));
    let at: usize = between(&text, "startxref\n", "\n").next().unwrap().parse().unwrap();
    assert!(pdf[at..].starts_with(b"xref"));
    let table = String::from_utf8_lossy(&pdf[at..]).into_owned();
    for (number, line) in table.lines().skip(2).take_while(|line| !line.starts_with("trailer")).enumerate() {
        if line.ends_with("n") || line.ends_with("n ") {
            let place: usize = line[..10].parse().unwrap();
            assert!(pdf[place..].starts_with(format!("{number} 0 obj").as_bytes()), "{line}");
        }
    }
    assert!(pdf.len() < 60_000, "{}", pdf.len());
}

/// The code as a reader's camera sees it: its rectangles, drawn.
#[test]
fn the_code_leads_to_the_proof() {
    let pdf = certificate("Handover").pdf().unwrap();
    let text: String = pdf.iter().map(|byte| char::from(*byte)).collect();
    let page = content(&text);
    let rectangles: Vec<[f32; 4]> = page.lines().filter_map(rectangle).collect();
    let ground = rectangles
        .iter()
        .rposition(|[_, _, width, height]| (width - 96.0).abs() < 0.01 && (height - 96.0).abs() < 0.01);
    let [left, bottom, ..] = rectangles[ground.unwrap()];
    let modules = &rectangles[ground.unwrap() + 1..];
    const SIDE: usize = 288;
    let dark = |x: usize, y: usize| {
        let (x, y) = (left + (x as f32 + 0.5) / 3.0, bottom + 96.0 - (y as f32 + 0.5) / 3.0);
        modules.iter().any(|[from, low, width, height]| {
            (*from..from + width).contains(&x) && (*low..low + height).contains(&y)
        })
    };
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(SIDE, SIDE, |x, y| if dark(x, y) { 0 } else { 255 });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    assert_eq!(grids[0].decode().unwrap().1, PROOF);
}

fn rectangle(line: &str) -> Option<[f32; 4]> {
    let numbers: Vec<f32> =
        line.strip_suffix(" re")?.split(' ').filter_map(|part| part.parse().ok()).collect();
    numbers.try_into().ok()
}
