//! Questions with known answers, after a chapter.

use serde::Deserialize;

use crate::scenario::Loaded;
use crate::texts::fold;

use super::{read, shelf};

/// One question.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Quiz {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub ask: String,
    /// How it is answered.
    pub kind: QuizKind,
    /// Why the right answer is right.
    pub why: String,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub enum QuizKind {
    /// One or several of some options.
    Choice(Choice),
    /// The right order.
    Order(Vec<String>),
    /// A number.
    Number(Number),
    /// A word; any of these.
    Short(Vec<String>),
}

/// Options to choose from.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Choice {
    /// The options.
    pub options: Vec<Opt>,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Opt {
    /// Its words.
    pub text: String,
    /// Whether it is right.
    #[serde(default)]
    pub right: bool,
    /// What to tell whoever chose it.
    #[serde(default)]
    pub note: String,
}

/// A number, more or less.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Number {
    /// The right one.
    pub is: f64,
    /// How far off an answer may be.
    #[serde(default)]
    pub tolerance: f64,
    /// The unit.
    #[serde(default)]
    pub unit: String,
}

impl QuizKind {
    /// Whether an answer is right: numbers of options from 1, words, or a number, parted by commas.
    #[must_use]
    pub fn is_right(&self, answer: &str) -> bool {
        let parts: Vec<String> = answer.split(',').map(|part| fold(part.trim())).collect();
        match self {
            QuizKind::Choice(choice) => {
                let right = choice.options.iter().enumerate().filter(|(_, one)| one.right);
                let right: Vec<String> = right.map(|(at, _)| (at + 1).to_string()).collect();
                let mut given = parts;
                given.sort_unstable();
                given == right
            }
            QuizKind::Order(words) => {
                // A step of an order may hold a comma itself.
                let steps = words.iter().flat_map(|word| word.split(','));
                steps.map(|part| fold(part.trim())).collect::<Vec<_>>() == parts
            }
            QuizKind::Number(number) => {
                let given = answer.trim().replace(',', ".").parse::<f64>();
                given.is_ok_and(|given| (given - number.is).abs() <= number.tolerance + 1e-9)
            }
            QuizKind::Short(accepted) => {
                accepted.iter().any(|word| fold(word.trim()) == fold(answer.trim()))
            }
        }
    }
}

/// Reads a quiz file.
#[must_use]
pub fn parse(name: &str, text: &str) -> Loaded<Vec<Quiz>> {
    read::one(name, text, "quiz")
}

/// The questions of a chapter, by the number at the beginning of its id.
#[must_use]
pub fn of_chapter(id: &str) -> Option<Loaded<Vec<Quiz>>> {
    let number = id.split('-').next().unwrap_or(id);
    let path = format!("book/quizzes/{number}.ron");
    Some(parse(&path, shelf::text(&path)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_question_is_read_and_judged() {
        let text = r#"[
            (id: "a", ask: "?", kind: Choice(options: [(text: "x", right: true, note: ""), (text: "y", right: false, note: "n")]), why: "w"),
            (id: "b", ask: "?", kind: Order(["leke", "tahliye"]), why: "w"),
            (id: "c", ask: "?", kind: Number(is: 50.0, tolerance: 5.0, unit: "s"), why: "w"),
            (id: "d", ask: "?", kind: Short(["yeter çoğunluk", "quorum"]), why: "w"),
        ]"#;
        let loaded = parse("q.ron", text);
        assert_eq!(loaded.diagnostics, []);
        let all = loaded.value.unwrap_or_default();
        let right = ["1", "Leke, tahliye", "46,5", "QUORUM"];
        let wrong = ["2", "tahliye, leke", "40", "lider"];
        for ((quiz, right), wrong) in all.iter().zip(right).zip(wrong) {
            assert!(quiz.kind.is_right(right) && !quiz.kind.is_right(wrong), "{}", quiz.id);
        }
    }
}
