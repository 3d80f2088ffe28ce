//! What a reader did by hand, so that a session can be told again as a scenario.

use std::fmt::Write as _;

use crate::kernel::SimTime;

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
        self.entries.retain(|known| known.at < entry.at);
        self.entries.push(entry);
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

    /// The deeds as steps of a scenario, a line each.
    #[must_use]
    pub fn steps(&self) -> String {
        let mut out = String::new();
        for Entry { at, words } in &self.entries {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "        (at: \"{}ns\", do: {words}),", at.as_nanos());
        }
        out
    }

    /// A scenario's text with the deeds among its steps.
    #[must_use]
    pub fn written_into(&self, scenario: &str) -> String {
        let steps = self.steps();
        if steps.is_empty() {
            return scenario.to_owned();
        }
        if let Some(list) = scenario.find("steps: [") {
            let after = list + "steps: [".len();
            return format!("{}\n{steps}{}", &scenario[..after], &scenario[after..]);
        }
        let Some(end) = scenario.rfind(')') else { return scenario.to_owned() };
        let body = scenario[..end].trim_end();
        let comma = if body.ends_with(',') { "" } else { "," };
        format!("{body}{comma}\n    steps: [\n{steps}    ],\n)\n")
    }
}
