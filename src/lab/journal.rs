//! What a reader did by hand, so that a session can be told again as a scenario.

use crate::kernel::SimTime;
use crate::scenario::splice::with_entry;

/// One deed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it takes effect.
    pub at: SimTime,
    /// What, in the scenario's words: `crash(node("n2"))`.
    pub words: String,
}

/// All deeds, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    entries: Vec<Entry>,
}

impl Journal {
    pub(super) fn add(&mut self, entry: Entry) {
        let place = self.entries.partition_point(|known| known.at <= entry.at);
        self.entries.insert(place, entry);
    }

    /// Forgets what was done at a moment.
    pub(super) fn forget(&mut self, at: SimTime) {
        self.entries.retain(|entry| entry.at != at);
    }

    /// The deeds.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether something was done at this moment.
    #[must_use]
    pub fn holds(&self, at: SimTime) -> bool {
        self.entries.iter().any(|entry| entry.at == at)
    }

    /// A scenario's text with the deeds at the end of its steps; none when it is no scenario.
    #[must_use]
    pub fn written_into(&self, scenario: &str) -> Option<String> {
        self.entries.iter().try_fold(scenario.to_owned(), |text, Entry { at, words }| {
            with_entry(&text, "steps", &format!("(at: \"{}ns\", do: {words})", at.as_nanos()))
        })
    }
}
