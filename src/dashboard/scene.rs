//! What a view may look at: the world at the cursor, and what the reader chose.

use crate::lab::Run;
use crate::observe::Observation;
use crate::texts::{Lang, fold};

use super::model::{Target, Tier};

/// What a view may look at; it can change nothing of it.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The run at the cursor: its plan, its actors.
    pub run: &'a Run,
    /// What was seen up to the cursor.
    pub seen: &'a Observation,
    /// What was seen up to the furthest moment that was played, for what needs the future
    /// (the timeline, "how does it go on?").
    pub known: &'a Observation,
    /// The language.
    pub lang: Lang,
    /// Letters and signs of ASCII only.
    pub ascii: bool,
    /// The size of the screen.
    pub tier: Tier,
    /// The line that is chosen in this view.
    pub chosen: Option<&'a Target>,
    /// What was opened with Enter: the view shows the inside of this.
    pub inside: Option<&'a Target>,
    /// What is let through.
    pub filter: &'a Filter,
}

/// A filter of lines: words that must (or, with `!`, must not) be in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// As it was typed; empty lets everything through.
    pub text: String,
}

impl Filter {
    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether a line with these letters is let through.
    ///
    /// All words must be found, in any order; `!word` must not be found. Case and Turkish letters
    /// do not matter.
    #[must_use]
    pub fn lets_through(&self, line: &str) -> bool {
        let line = fold(line);
        self.text.split_whitespace().all(|word| match word.strip_prefix('!') {
            Some("") => true,
            Some(unwanted) => !line.contains(&fold(unwanted)),
            None => line.contains(&fold(word)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_wants_all_words_and_none_of_the_unwanted() {
        let filter = Filter { text: "düğüm !n3".to_owned() };
        assert!(filter.lets_through("n2 adlı DÜĞÜM"));
        assert!(!filter.lets_through("n3 adlı düğüm"));
        assert!(!filter.lets_through("pod web-1"));
        assert!(Filter::default().lets_through("anything"));
    }
}
