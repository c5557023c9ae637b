//! The rulebook's own words. In the contracts a question, a criterion or a
//! prize is only an id; what it says is in the prose, whose hash is in the
//! event: a line of its own, `id: what it says`, and what follows up to the
//! next empty line explains it. Whatever is not such a line is the text around.

use crate::api::{Programme, Rulebook};

/// What each part of a rulebook says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    said: Vec<Said>,
    /// What is no question, criterion or prize: Markdown.
    pub about: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    id: String,
    says: String,
    explained: String,
}

impl Wording {
    /// Of a programme; empty before there is a rulebook.
    pub fn of(programme: &Programme) -> Self {
        match (&programme.rulebook, &programme.prose) {
            (Some(rulebook), Some(prose)) => Self::read(prose, &ids(rulebook)),
            _ => Self::default(),
        }
    }

    /// Finds what a prose says of these ids.
    fn read(prose: &str, ids: &[&str]) -> Self {
        let mut wording = Self::default();
        let mut around = Vec::new();
        for paragraph in prose.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            match said(paragraph, ids) {
                Some(said) => wording.said.push(said),
                None => around.push(paragraph),
            }
        }
        // The title is shown where the page has it.
        around.retain(|paragraph| !paragraph.starts_with("# "));
        wording.about = around.join("\n\n");
        wording
    }

    /// What a part says; without words, its id in other letters.
    pub fn says(&self, id: &str) -> String {
        match self.said.iter().find(|said| said.id == id) {
            Some(said) => said.says.clone(),
            None => humanised(id),
        }
    }

    /// What explains a part; empty if nothing does.
    pub fn explained(&self, id: &str) -> &str {
        self.said.iter().find(|said| said.id == id).map_or("", |said| said.explained.as_str())
    }

    /// A criterion's name: some write its weight behind it, which pages show
    /// by themselves.
    pub fn criterion(&self, id: &str) -> String {
        let says = self.says(id);
        match says.rsplit_once(", weight ") {
            Some((name, weight)) if weight.parse::<f64>().is_ok() => name.to_owned(),
            _ => says,
        }
    }

    /// The prose for a rulebook's words: what [`Wording::of`] reads back.
    pub fn write(title: &str, about: &str, parts: &[(String, String, String)]) -> String {
        let mut paragraphs = vec![format!("# {}", line(title)), tidy(about)];
        paragraphs.extend(parts.iter().map(|(id, says, explained)| {
            let explained = tidy(explained).replace("\n\n", "\n");
            let end = if explained.is_empty() { String::new() } else { format!("\n{explained}") };
            format!("{id}: {}{end}", line(says))
        }));
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs.join("\n\n")
    }
}

fn ids(rulebook: &Rulebook) -> Vec<&str> {
    let criteria = rulebook.rounds.iter().flat_map(|round| &round.tally.criteria);
    let ids = rulebook.gate.iter().map(|gate| &gate.id);
    let ids = ids.chain(rulebook.form.iter().map(|question| &question.id));
    let ids = ids.chain(criteria.map(|criterion| &criterion.id));
    let ids = ids.chain(rulebook.rounds.iter().map(|round| &round.id));
    ids.chain(rulebook.prizes.iter().map(|prize| &prize.id)).map(String::as_str).collect()
}

fn said(paragraph: &str, ids: &[&str]) -> Option<Said> {
    let (first, explained) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
    let (id, says) = first.split_once(": ")?;
    let known = ids.contains(&id);
    known.then(|| Said {
        id: id.to_owned(),
        says: says.trim().to_owned(),
        explained: explained.trim().to_owned(),
    })
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn humanised(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let part = |id: &str, says: &str, more: &str| (id.to_owned(), says.to_owned(), more.to_owned());
        let parts = [
            part("co-op", "Is it a co-operative?", ""),
            part("plan", "A plan: one that pays its way", "Think of the next\r\n\r\nthree years."),
        ];
        let prose = Wording::write("The  Den", "For young co-operatives.\r\n\r\n\r\nThree of them.", &parts);
        let wording = Wording::read(&prose, &["co-op", "plan"]);
        assert_eq!(wording.says("co-op"), "Is it a co-operative?");
        assert_eq!(wording.says("plan"), "A plan: one that pays its way");
        assert_eq!(wording.explained("plan"), "Think of the next\nthree years.");
        assert_eq!(wording.about, "For young co-operatives.\n\nThree of them.");
    }

    #[test]
    fn what_has_no_words_is_called_by_its_id() {
        let wording = Wording::read("people: The people, weight 2\n\nNote: nothing.", &["people"]);
        assert_eq!(wording.criterion("people"), "The people");
        assert_eq!(wording.says("first-prize"), "First prize");
        assert_eq!(wording.about, "Note: nothing.");
    }
}
