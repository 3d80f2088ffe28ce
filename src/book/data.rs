//! Data of the book: corrections of the notes, and quizzes.

use serde::Deserialize;

/// A correction of the notes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Correction {
    /// The row of table B.
    pub id: String,
    /// Which note says so.
    #[serde(default)]
    pub source: String,
    /// What the note says.
    pub claim: String,
    /// `Y` wrong, `E` outdated, `K` imprecise, `B` missing.
    #[serde(default)]
    pub verdict: String,
    /// What is true.
    pub truth: String,
    /// Where it is written.
    #[serde(default, rename = "ref")]
    pub reference: String,
    /// The scenario that shows it.
    #[serde(default)]
    pub scenario: String,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Question {
    /// Its name: `14-1`.
    pub id: String,
    /// What is asked.
    pub ask: String,
    /// How it is answered.
    pub kind: Answer,
    /// Why the answer is the answer.
    pub why: String,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub enum Answer {
    /// One or several of these.
    Choice {
        /// What can be chosen.
        options: Vec<Choice>,
    },
    /// These, in this order.
    Order(Vec<String>),
    /// A number.
    Number {
        /// The right one.
        is: f64,
        /// How far beside it is still right.
        tolerance: f64,
        /// Its unit.
        unit: String,
    },
    /// One of these words.
    Short(Vec<String>),
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Choice {
    /// What it says.
    pub text: String,
    /// Whether it is right.
    #[serde(default)]
    pub right: bool,
    /// Which misconception stands behind it, or why it is right.
    #[serde(default)]
    pub note: String,
}
