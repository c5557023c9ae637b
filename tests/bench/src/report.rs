//! What was measured.

use serde_json::{Map, Value};

/// Figures by section; rates are in commands or events a second.
#[derive(Default)]
pub struct Report {
    sections: Map<String, Value>,
}

impl Report {
    /// Notes a section's figures and prints them; those of a section that is
    /// there are added to it.
    pub fn note(&mut self, section: &str, figures: Value) {
        println!("{section:<12} {figures}");
        self.add(section, figures);
    }

    /// The same, but prints nothing: for the file alone.
    pub fn add(&mut self, section: &str, figures: Value) {
        match (self.sections.get_mut(section), figures) {
            (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
            (_, figures) => drop(self.sections.insert(section.to_owned(), figures)),
        }
    }

    /// Writes the file.
    pub fn finish(self) -> std::io::Result<()> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench.json");
        std::fs::write(path, serde_json::to_vec_pretty(&Value::Object(self.sections))?)?;
        println!("written to target/bench.json");
        Ok(())
    }
}

/// A rate without digits that mean nothing.
pub fn rate(many: usize, seconds: f64) -> f64 {
    (many as f64 / seconds).round()
}

/// With so many digits after the point.
pub fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}
