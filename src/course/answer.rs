//! The learner's answers: names with numbers, texts or lists, some of them still holes.

use std::collections::BTreeMap;

use crate::scenario::Loaded;
use crate::scenario::source::Sources;
use crate::scenario::tree::{Node, Value};
use crate::scenario::values::Duration;
use crate::texts::fold;

use super::read::Reading;

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Nothing yet.
    Hole,
    /// A number; times in seconds.
    Number(f64),
    /// A word.
    Text(String),
    /// Words in an order.
    List(Vec<String>),
}

impl Answer {
    /// As it is shown.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Answer::Hole => "?".to_owned(),
            Answer::Number(number) => number.to_string(),
            Answer::Text(text) => text.clone(),
            Answer::List(words) => words.join(", "),
        }
    }

    /// Whether it is this text, however it is spelt.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        fold(self.shown().trim()) == fold(text.trim())
    }
}

/// All answers by the names of their questions.
pub type Answers = BTreeMap<String, Answer>;

/// Reads an answer file.
#[must_use]
pub fn load(name: &str, sources: &dyn Sources) -> Loaded<Answers> {
    let mut reading = Reading::default();
    let tree = reading.fetch(name, sources).and_then(|id| reading.tree(id));
    let answers = tree.map(|tree| {
        tree.entries().iter().map(|entry| (entry.key.clone(), answer(&entry.value))).collect()
    });
    reading.done(answers)
}

#[expect(clippy::cast_precision_loss, reason = "answers of people are small numbers")]
fn answer(node: &Node) -> Answer {
    match &node.value {
        Value::Int(number) => Answer::Number(*number as f64),
        Value::Float(number) => Answer::Number(*number),
        Value::Bool(value) => Answer::Text(value.to_string()),
        Value::Str(text) => word(text),
        Value::Word(text) if text == "None" => Answer::Hole,
        Value::Word(text) => Answer::Text(text.clone()),
        Value::Seq(items) | Value::Tuple(None, items) => list(items),
        Value::Tuple(Some(_), items) => items.first().map_or(Answer::Hole, answer),
        Value::Null | Value::Map(_) | Value::Fields(..) => Answer::Hole,
    }
}

fn word(text: &str) -> Answer {
    let text = text.trim();
    if text.is_empty() || text == "?" {
        return Answer::Hole;
    }
    let starts = text.starts_with(|letter: char| letter.is_ascii_digit());
    match text.parse::<Duration>() {
        Ok(span) if starts => Answer::Number(span.0.as_secs_f64()),
        Ok(_) | Err(_) => Answer::Text(text.to_owned()),
    }
}

fn list(items: &[Node]) -> Answer {
    let words: Vec<Answer> = items.iter().map(answer).collect();
    if words.is_empty() || words.contains(&Answer::Hole) {
        return Answer::Hole;
    }
    Answer::List(words.iter().map(Answer::shown).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::source::Texts;

    #[test]
    fn answers_are_numbers_times_words_and_lists() {
        let text =
            "(a: 50, b: \"1m\", c: \"n2\", d: None, e: \"?\", f: [\"x\", \"y\"], g: [\"?\"])";
        let sources = Texts::new().with("a.ron", text);
        let answers = load("a.ron", &sources).value.unwrap_or_default();
        let shown: Vec<String> = answers.values().map(Answer::shown).collect();
        assert_eq!(shown, ["50", "60", "n2", "?", "?", "x, y", "?"]);
    }
}
