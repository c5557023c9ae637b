//! Lines of text and drawings on a page of PDF.

use pdf_writer::{Content, Str};
use qrcode::{Color, EcLevel, QrCode};

use super::face::Face;

/// A colour.
#[derive(Clone, Copy)]
pub struct Ink(pub u8, pub u8, pub u8);

pub const PLUM: Ink = Ink(0x3c, 0x12, 0x40);
pub const RAY: Ink = Ink(0x4a, 0x1c, 0x4f);
pub const MARIGOLD: Ink = Ink(0xff, 0xb9, 0x2e);
pub const PAPER: Ink = Ink(0xff, 0xfa, 0xf3);
pub const SOFT: Ink = Ink(0xee, 0xdc, 0xec);

/// A page in the making. Lengths are points, from the lower left.
pub struct Drawing {
    pub content: Content,
    /// Of headings, then those that stand in for them.
    pub strong: Vec<usize>,
    /// Of everything else.
    pub plain: Vec<usize>,
    pub faces: Vec<Face>,
}

impl Drawing {
    /// Fills what comes next.
    pub fn ink(&mut self, Ink(red, green, blue): Ink) {
        let [red, green, blue] = [red, green, blue].map(|part| f32::from(part) / 255.0);
        self.content.set_fill_rgb(red, green, blue);
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.content.rect(x, y, width, height);
        self.content.fill_nonzero();
    }

    /// A filled shape of straight lines.
    pub fn shape(&mut self, corners: &[(f32, f32)]) {
        for (at, (x, y)) in corners.iter().enumerate() {
            if at == 0 {
                self.content.move_to(*x, *y)
            } else {
                self.content.line_to(*x, *y)
            };
        }
        self.content.close_path();
        self.content.fill_nonzero();
    }

    fn kind(&self, strong: bool) -> &[usize] {
        if strong { &self.strong } else { &self.plain }
    }

    fn face_of(&self, strong: bool, letter: char) -> Option<usize> {
        self.kind(strong).iter().copied().find(|face| self.faces[*face].has(letter))
    }

    /// How wide a text is at a size.
    pub fn width(&self, text: &str, strong: bool, size: f32) -> f32 {
        let widths =
            text.chars().filter_map(|letter| Some(self.faces[self.face_of(strong, letter)?].width(letter)));
        widths.sum::<f32>() * size / 1000.0
    }

    /// The largest size, from one down, at which a text is no wider than this.
    pub fn fitting(&self, text: &str, strong: bool, size: f32, widest: f32) -> f32 {
        size * (widest / self.width(text, strong, size).max(1.0)).min(1.0)
    }

    /// Writes a line from a point on.
    pub fn text(&mut self, text: &str, strong: bool, size: f32, x: f32, y: f32) {
        let mut runs: Vec<(usize, Vec<u8>)> = Vec::new();
        for letter in text.chars() {
            let Some(face) = self.face_of(strong, letter) else { continue };
            let code = self.faces[face].code(letter).to_be_bytes();
            match runs.last_mut() {
                Some((last, codes)) if *last == face => codes.extend(code),
                _ => runs.push((face, code.to_vec())),
            }
        }
        self.content.begin_text();
        self.content.set_text_matrix([1.0, 0.0, 0.0, 1.0, x, y]);
        for (face, codes) in runs {
            self.content.set_font(self.faces[face].name(), size);
            self.content.show(Str(&codes));
        }
        self.content.end_text();
    }

    /// Writes a line around a middle.
    pub fn centred(&mut self, text: &str, strong: bool, size: f32, middle: f32, y: f32) {
        let width = self.width(text, strong, size);
        self.text(text, strong, size, middle - width / 2.0, y);
    }

    /// A text in lines no wider than this.
    pub fn lines(&self, text: &str, strong: bool, size: f32, widest: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let last = lines.last_mut().filter(|last| !last.is_empty());
            match last {
                Some(last) if self.width(&format!("{last} {word}"), strong, size) <= widest => {
                    last.push(' ');
                    last.push_str(word);
                }
                Some(_) => lines.push(word.to_owned()),
                None => lines = vec![word.to_owned()],
            }
        }
        lines
    }

    /// A QR code on its own ground, with the margin that readers need;
    /// `None` if the text is too long for one.
    pub fn qr(&mut self, text: &str, x: f32, y: f32, side: f32) -> Option<()> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let (width, margin) = (code.width(), 4);
        let module = side / (width + 2 * margin) as f32;
        self.ink(PAPER);
        self.rectangle(x, y, side, side);
        self.ink(PLUM);
        for (row, colours) in code.to_colors().chunks(width).enumerate() {
            let mut column = 0;
            for run in colours.chunk_by(|one, next| one == next) {
                if run.first() == Some(&Color::Dark) {
                    let top = (width + 2 * margin - margin - row - 1) as f32;
                    self.content.rect(
                        x + (margin + column) as f32 * module,
                        y + top * module,
                        run.len() as f32 * module,
                        module,
                    );
                }
                column += run.len();
            }
        }
        self.content.fill_nonzero();
        Some(())
    }
}
