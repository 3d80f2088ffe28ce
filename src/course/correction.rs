//! Corrections of the notes: what they say, and what is true.

use serde::Deserialize;

use crate::scenario::Loaded;

use super::read;

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
    /// In what way it is not right.
    pub verdict: Verdict,
    /// What is true.
    pub truth: String,
    /// Where it is written.
    #[serde(default, rename = "ref")]
    pub reference: String,
    /// The scenario that shows it; empty when none does.
    #[serde(default)]
    pub scenario: String,
}

/// In what way a note is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Verdict {
    /// It is wrong.
    #[serde(rename = "Y")]
    Wrong,
    /// It was right once.
    #[serde(rename = "E")]
    Outdated,
    /// It is not exact.
    #[serde(rename = "K")]
    Imprecise,
    /// Something is missing.
    #[serde(rename = "B")]
    Missing,
}

/// Reads the file of the corrections.
#[must_use]
pub fn parse(name: &str, text: &str) -> Loaded<Vec<Correction>> {
    read::one(name, text, "corrections")
}
