//! The mood of a line: it gives sign, word and colour.

use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::narration::Mood;

/// The mood of a line: it gives sign and colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// Neither good nor bad.
    Neutral,
    /// Less important.
    Faint,
    /// Take care.
    Warning,
    /// Broken.
    Bad,
    /// A person does something.
    Act,
    /// A bookmark.
    Mark,
    /// A leader was found.
    Lead,
}

impl Tone {
    /// The sign before the line.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Tone::Good => "●",
            Tone::Neutral => "○",
            Tone::Faint => "·",
            Tone::Warning => "▲",
            Tone::Bad => "✖",
            Tone::Act => "❯",
            Tone::Mark => "◆",
            Tone::Lead => "★",
        }
    }

    /// Whether something went wrong.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        matches!(self, Tone::Warning | Tone::Bad)
    }

    /// The mood in a word, for plain output.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Tone::Good => Mood::Good,
            Tone::Neutral | Tone::Faint => Mood::Neutral,
            Tone::Warning => Mood::Warning,
            Tone::Bad => Mood::Bad,
            Tone::Act => Mood::Act,
            Tone::Mark => Mood::Mark,
            Tone::Lead => Mood::Lead,
        }
        .text(lang)
    }
}
