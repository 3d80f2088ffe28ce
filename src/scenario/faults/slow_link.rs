//! The way between two places becomes slow or lossy.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::{Duration, Ratio};

/// `slow_link(a: zone("a"), b: zone("b"), latency: "80ms", loss: 0.01)`: on top of what the link
/// does anyway.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SlowLink {
    /// One end.
    pub a: Spanned<Target>,
    /// The other end.
    pub b: Spanned<Target>,
    /// Further delay, one way. Default: none.
    #[serde(default)]
    pub latency: Duration,
    /// Further delay by chance, at most. Default: none.
    #[serde(default)]
    pub jitter: Duration,
    /// Share of messages that are lost. Default: none.
    #[serde(default)]
    pub loss: Ratio,
    /// Share of messages that arrive twice. Default: none.
    #[serde(default)]
    pub duplicate: Ratio,
    /// Share of messages that overtake others. Default: none.
    #[serde(default)]
    pub reorder: Ratio,
    /// A name by which `heal` can end this one alone.
    #[serde(default)]
    pub name: Option<Spanned<String>>,
    /// How long it lasts; without it, until a step ends it.
    #[serde(default, rename = "for")]
    pub lasting: Option<Duration>,
}

impl Act for SlowLink {
    fn check(&self, check: &mut Check<'_>) {
        check.target(&self.a);
        check.target(&self.b);
        let nothing = self.latency == Duration::default()
            && self.jitter == Duration::default()
            && [self.loss, self.duplicate, self.reorder] == [Ratio::default(); 3];
        if nothing {
            check.does_nothing("latency, jitter, loss, duplicate, reorder");
        }
    }

    fn effect(&self) -> Effect {
        let whom = self.name.as_ref().map_or(String::new(), |name| name.value.clone());
        Effect::Begins { what: "partition", whom, lasting: self.lasting }
    }
}
