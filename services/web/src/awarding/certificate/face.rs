//! Faces in a PDF: which has a letter, how wide it is, and only the letters
//! that are used.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;
use ttf_parser::Face as Font;

const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// One face, and the letters that are used of it.
pub struct Face {
    name: &'static str,
    bytes: &'static [u8],
    font: Font<'static>,
    used: GlyphRemapper,
    /// By the number in the file: what it says.
    letters: BTreeMap<u16, char>,
    widths: BTreeMap<u16, f32>,
}

impl Face {
    /// A face of ours; `None` if the file is no face.
    pub fn of(name: &'static str, bytes: &'static [u8]) -> Option<Self> {
        let font = Font::parse(bytes, 0).ok()?;
        let (letters, widths) = (BTreeMap::new(), BTreeMap::new());
        Some(Self { name, bytes, font, used: GlyphRemapper::new(), letters, widths })
    }

    /// Whether it has a letter.
    pub fn has(&self, letter: char) -> bool {
        self.font.glyph_index(letter).is_some()
    }

    /// How wide a letter is, in thousandths of its size.
    pub fn width(&self, letter: char) -> f32 {
        let advance = self.font.glyph_index(letter).and_then(|glyph| self.font.glyph_hor_advance(glyph));
        self.scaled(advance.unwrap_or_default())
    }

    /// The number of a letter in the file.
    pub fn code(&mut self, letter: char) -> u16 {
        let glyph = self.font.glyph_index(letter).map_or(0, |glyph| glyph.0);
        let code = self.used.remap(glyph);
        self.letters.insert(code, letter);
        self.widths.insert(code, self.width(letter));
        code
    }

    /// Its name in the page's resources.
    pub fn name(&self) -> Name<'static> {
        Name(self.name.as_bytes())
    }

    fn scaled(&self, units: impl Into<f32>) -> f32 {
        units.into() * 1000.0 / f32::from(self.font.units_per_em())
    }

    /// Writes it with the letters that were used, from this object on; five
    /// objects in all, the first of which is the font.
    pub fn write(&self, pdf: &mut Pdf, first: i32) -> Option<()> {
        let [font, cid, descriptor, file, cmap] = std::array::from_fn(|at| Ref::new(first + at as i32));
        let program = subsetter::subset(self.bytes, 0, &self.used).ok()?;
        // Six letters mark a face that has only some of its letters.
        let base = format!("PLAUDI+{}", self.name);
        let base = Name(base.as_bytes());
        pdf.type0_font(font)
            .base_font(base)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);
        let mut written = pdf.cid_font(cid);
        written.subtype(CidFontType::Type2).base_font(base).system_info(SYSTEM).font_descriptor(descriptor);
        written.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = written.widths();
        for (code, width) in &self.widths {
            widths.same(*code, *code, *width);
        }
        widths.finish();
        written.finish();
        self.describe(pdf, descriptor, file, base);
        let squeezed = squeezed(&program)?;
        pdf.stream(file, &squeezed).filter(Filter::FlateDecode);
        let mut says = UnicodeCmap::new(Name(b"Letters"), SYSTEM);
        for (code, letter) in &self.letters {
            says.pair(*code, *letter);
        }
        pdf.cmap(cmap, &says.finish());
        Some(())
    }

    fn describe(&self, pdf: &mut Pdf, descriptor: Ref, file: Ref, base: Name) {
        let bounds = self.font.global_bounding_box();
        let [left, bottom, right, top] = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max];
        pdf.font_descriptor(descriptor)
            .name(base)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(self.scaled(left), self.scaled(bottom), self.scaled(right), self.scaled(top)))
            .italic_angle(0.0)
            .ascent(self.scaled(self.font.ascender()))
            .descent(self.scaled(self.font.descender()))
            .cap_height(self.scaled(self.font.capital_height().unwrap_or_else(|| self.font.ascender())))
            .stem_v(80.0)
            .font_file2(file);
    }
}

fn squeezed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(bytes).ok()?;
    zlib.finish().ok()
}
