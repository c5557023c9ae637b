//! The page: A4 across, plum and marigold, the team's name as large as it goes.

use std::f32::consts::PI;

use pdf_writer::{Content, Finish, Pdf, Rect, Ref, TextStr};

use super::drawing::{Drawing, MARIGOLD, PAPER, PLUM, RAY, SOFT};
use super::face::Face;

const BRICOLAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/bricolage-700.ttf"));
const NOTO_BOLD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/noto-700.ttf"));
const NOTO: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/noto-400.ttf"));

const WIDTH: f32 = 841.89;
const HEIGHT: f32 = 595.28;
const MIDDLE: f32 = WIDTH / 2.0;
const WIDEST: f32 = WIDTH - 130.0;

/// What is on a certificate. What is empty is left out.
pub struct Certificate {
    pub programme: String,
    pub prize: String,
    pub worth: String,
    pub team: String,
    pub title: String,
    pub date: String,
    /// Where the proof is.
    pub proof: String,
}

impl Certificate {
    /// One page of PDF; the first letter that none of the faces has, if there
    /// is one.
    pub fn pdf(&self) -> Result<Vec<u8>, char> {
        let faces = [("Bricolage", BRICOLAGE), ("NotoBold", NOTO_BOLD), ("Noto", NOTO)];
        let faces: Vec<Face> = faces.into_iter().filter_map(|(name, bytes)| Face::of(name, bytes)).collect();
        let clean = |text: &str| written(text, &faces);
        let [programme, prize, team, title] =
            [&self.programme, &self.prize, &self.team, &self.title].map(|text| clean(text));
        let (programme, prize, team, title) = (programme?, prize?, team?, title?);
        let mut page = Drawing { content: Content::new(), strong: vec![0, 1], plain: vec![2, 1], faces };
        ground(&mut page);
        self.words(&mut page, &programme, &prize, &team, &title);
        self.foot(&mut page);
        Ok(document(page, &format!("{team}: {prize}, {programme}")))
    }

    fn words(&self, page: &mut Drawing, programme: &str, prize: &str, team: &str, title: &str) {
        page.ink(MARIGOLD);
        page.centred("Certificate", true, 26.0, MIDDLE, 492.0);
        let lines = fitted(page, team);
        let size = lines.1;
        page.ink(PAPER);
        let mut y = 408.0 - (size - 60.0).max(0.0) / 3.0 + (lines.0.len() as f32 - 1.0) * size * 0.52;
        for line in &lines.0 {
            page.centred(line, true, size, MIDDLE, y);
            y -= size * 1.04;
        }
        y += size * 1.04 - 38.0;
        page.ink(SOFT);
        for line in page.lines(title, false, 18.0, WIDEST).iter().filter(|line| !line.is_empty()).take(2) {
            page.centred(line, false, 18.0, MIDDLE, y);
            y -= 24.0;
        }
        y = y.min(330.0) - 22.0;
        page.ink(MARIGOLD);
        page.rectangle(MIDDLE - 36.0, y + 18.0, 72.0, 3.0);
        page.ink(PAPER);
        let won = format!("won “{prize}” of");
        page.centred(&won, false, page.fitting(&won, false, 18.0, WIDEST), MIDDLE, y - 14.0);
        let size = page.fitting(programme, true, 26.0, WIDEST);
        page.centred(programme, true, size, MIDDLE, y - 48.0);
        page.ink(MARIGOLD);
        page.centred(&self.worth, true, 22.0, MIDDLE, y - 82.0);
    }

    fn foot(&self, page: &mut Drawing) {
        page.ink(PAPER);
        page.text("Plaudit", true, 24.0, 98.0, 58.0);
        page.text(&self.date, false, 14.0, 64.0, 96.0);
        mark(page, 64.0, 56.0, 0.8);
        let side = 96.0;
        let left = WIDTH - 64.0 - side;
        if page.qr(&self.proof, left, 52.0, side).is_some() {
            page.ink(SOFT);
            for (line, y) in [("How it came about,", 104.0), ("and how to check it", 88.0)] {
                let width = page.width(line, false, 12.0);
                page.text(line, false, 12.0, left - 14.0 - width, y);
            }
            let size = page.fitting(&self.proof, false, 8.0, 330.0);
            let width = page.width(&self.proof, false, size);
            page.text(&self.proof, false, size, left - 14.0 - width, 58.0);
        }
    }
}

/// The name in one line or two, as large as it goes.
fn fitted(page: &Drawing, team: &str) -> (Vec<String>, f32) {
    let size = page.fitting(team, true, 84.0, WIDEST);
    if size >= 46.0 || !team.contains(' ') {
        return (vec![team.to_owned()], size);
    }
    let half = page.width(team, true, 10.0) * 0.62;
    let lines = page.lines(team, true, 10.0, half);
    let sizes = lines.iter().map(|line| page.fitting(line, true, 52.0, WIDEST));
    let size = sizes.fold(52.0_f32, f32::min).min(150.0 / lines.len() as f32);
    (lines, size)
}

/// Plum, rays from below, and a marigold frame.
fn ground(page: &mut Drawing) {
    page.ink(PLUM);
    page.rectangle(-4.0, -4.0, WIDTH + 8.0, HEIGHT + 8.0);
    page.ink(RAY);
    for ray in 0..9 {
        let from = PI * (ray as f32 + 0.25) / 9.0;
        let to = from + PI / 18.0;
        let far = |angle: f32| (MIDDLE + 1000.0 * angle.cos(), -40.0 + 1000.0 * angle.sin());
        page.shape(&[(MIDDLE, -40.0), far(from), far(to)]);
    }
    page.ink(MARIGOLD);
    for (x, y, width, height) in [
        (28.0, 28.0, WIDTH - 56.0, 4.0),
        (28.0, HEIGHT - 32.0, WIDTH - 56.0, 4.0),
        (28.0, 28.0, 4.0, HEIGHT - 56.0),
        (WIDTH - 32.0, 28.0, 4.0, HEIGHT - 56.0),
    ] {
        page.rectangle(x, y, width, height);
    }
}

/// The logotype's clap, as on every page, in points from its lower left.
fn mark(page: &mut Drawing, x: f32, y: f32, scale: f32) {
    let at = |from: f32, up: f32| (x + from * scale, y + (27.0 - up) * scale);
    page.ink(MARIGOLD);
    let bowl = (0..=16).map(|step| {
        let angle = PI * step as f32 / 16.0;
        at(16.0 + 10.0 * angle.cos(), 25.0 - 10.0 * angle.sin())
    });
    page.shape(&bowl.collect::<Vec<_>>());
    for (from, to) in [
        ((16.0, 3.0), (16.0, 10.0)),
        ((5.5, 7.5), (10.1, 12.5)),
        ((26.5, 7.5), (21.9, 12.5)),
        ((1.5, 17.0), (7.1, 19.2)),
        ((30.5, 17.0), (24.9, 19.2)),
    ] {
        let (dx, dy): (f32, f32) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy);
        let (across, along) = (-dy / length * 1.5, dx / length * 1.5);
        page.shape(&[
            at(from.0 + across, from.1 + along),
            at(to.0 + across, to.1 + along),
            at(to.0 - across, to.1 - along),
            at(from.0 - across, from.1 - along),
        ]);
    }
}

/// A text as it can be written: pictures among letters are left out. `Err` is
/// a letter that would be wrong, because the faces lack it or because its
/// script needs more than one letter after the other.
fn written(text: &str, faces: &[Face]) -> Result<String, char> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut kept = String::with_capacity(line.len());
    for letter in line.chars() {
        let is_picture = matches!(letter, '\u{200d}' | '\u{2190}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
        let is_simple = matches!(letter, ' '..='\u{58f}' | '\u{1e00}'..='\u{218f}' | '\u{2c60}'..='\u{2c7f}' | '\u{a640}'..='\u{a7ff}');
        if is_simple && faces.iter().any(|face| face.has(letter)) {
            kept.push(letter);
        } else if !is_picture {
            return Err(letter);
        }
    }
    Ok(kept.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn document(page: Drawing, title: &str) -> Vec<u8> {
    let [catalog, pages, leaf, content, about] = std::array::from_fn(|at| Ref::new(1 + at as i32));
    let mut pdf = Pdf::new();
    let mut root = pdf.catalog(catalog);
    root.pages(pages).lang(TextStr("en-GB"));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    pdf.pages(pages).kids([leaf]).count(1);
    pdf.document_info(about).title(TextStr(title)).creator(TextStr("Plaudit"));
    let first = |at: usize| 10 + 5 * at as i32;
    let mut written = pdf.page(leaf);
    written.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(pages).contents(content);
    let mut resources = written.resources();
    let mut fonts = resources.fonts();
    for (at, face) in page.faces.iter().enumerate() {
        fonts.pair(face.name(), Ref::new(first(at)));
    }
    fonts.finish();
    resources.finish();
    written.finish();
    for (at, face) in page.faces.iter().enumerate() {
        // A face of ours can be cut down: the tests do it with all of them.
        let _ = face.write(&mut pdf, first(at));
    }
    pdf.stream(content, &page.content.finish());
    pdf.finish()
}

#[cfg(test)]
mod tests;
