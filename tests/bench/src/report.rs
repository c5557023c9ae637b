//! What was measured.

use serde_json::{Map, Value, json};

/// Figures by section and name; rates are in commands or events a second.
#[derive(Default)]
pub struct Report {
    sections: Map<String, Value>,
}

impl Report {
    /// Notes a figure and prints it.
    pub fn note(&mut self, section: &str, name: &str, value: Value) {
        println!("{section:<12} {name:<28} {value}");
        let section = self.sections.entry(section).or_insert_with(|| json!({}));
        section[name] = value;
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
pub fn rate(many: usize, seconds: f64) -> Value {
    json!((many as f64 / seconds).round())
}
