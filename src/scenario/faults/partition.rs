//! The network between two groups is cut, both ways or one way.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `partition(a: [node("n1")], b: [control_plane(1)])`: messages between the two sides are lost.
///
/// With `one_way`, only those from `a` to `b` are: the cruellest kind of partition, because the
/// sides disagree about each other.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Partition {
    /// One side.
    pub a: Vec<Spanned<Target>>,
    /// The other side.
    pub b: Vec<Spanned<Target>>,
    /// Only messages from `a` to `b` are lost.
    #[serde(default)]
    pub one_way: bool,
    /// A name by which `heal` can end this one alone.
    #[serde(default)]
    pub name: Option<Spanned<String>>,
    /// How long it lasts; without it, until a step ends it.
    #[serde(default, rename = "for")]
    pub lasting: Option<Duration>,
}

impl Act for Partition {
    fn check(&self, check: &mut Check<'_>) {
        for target in self.a.iter().chain(&self.b) {
            check.target(target);
        }
        for side in [&self.a, &self.b] {
            if side.is_empty() {
                check.empty_side();
            }
        }
        for target in &self.b {
            let twin = self.a.iter().find(|other| other.value == target.value);
            if let Some(twin) = twin {
                check.on_both_sides(target, twin.span);
            }
        }
    }

    fn effect(&self) -> Effect {
        let whom = self.name.as_ref().map_or(String::new(), |name| name.value.clone());
        Effect::Begins { what: "partition", whom, lasting: self.lasting }
    }
}
