//! Cut or slow networks become what they were.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::tree::spanned::Spanned;

/// `heal` ends every partition and slow link; `heal("name")` ends the one of that name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Heal {
    /// Which one; without it, all.
    #[serde(default)]
    pub name: Option<Spanned<String>>,
}

impl Act for Heal {
    fn check(&self, check: &mut Check<'_>) {
        if let Some(name) = &self.name {
            check.fault_name(name);
        }
    }

    fn effect(&self) -> Effect {
        let whom = self.name.as_ref().map_or(String::new(), |name| name.value.clone());
        Effect::Ends { what: "partition", whom }
    }
}
