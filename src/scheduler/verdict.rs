//! Why a node does not suit a pod, and how that is told.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write;
use std::sync::Arc;

use crate::api::Str;

use super::framework::PluginId;

/// Why a plugin refuses a node. Not yet a text: 5,000 refusals are usually two or three texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A fixed sentence.
    Plain(&'static str),
    /// A sentence made for the occasion.
    Text(Str),
    /// A taint without a matching toleration.
    Untolerated {
        /// The taint's key.
        key: Str,
        /// The taint's value.
        value: Str,
    },
    /// Resources that are short; each is a reason of its own.
    Insufficient(Shortage),
}

/// Which resources are short.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shortage {
    /// No room for one pod more.
    pub pods: bool,
    /// CPU.
    pub cpu: bool,
    /// Memory.
    pub memory: bool,
    /// Ephemeral storage.
    pub ephemeral_storage: bool,
    /// Anything else, by name.
    pub scalar: Option<Arc<[Str]>>,
}

impl Shortage {
    /// Whether nothing is short.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        !(self.pods || self.cpu || self.memory || self.ephemeral_storage) && self.scalar.is_none()
    }
}

impl Reason {
    /// The sentences, as Kubernetes words them.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        match self {
            Reason::Plain(text) => vec![(*text).to_owned()],
            Reason::Text(text) => vec![text.to_string()],
            Reason::Untolerated { key, value } => {
                vec![format!("node(s) had untolerated taint {{{key}: {value}}}")]
            }
            Reason::Insufficient(short) => {
                let mut texts = Vec::new();
                let named = [
                    (short.pods, "Too many pods"),
                    (short.cpu, "Insufficient cpu"),
                    (short.memory, "Insufficient memory"),
                    (short.ephemeral_storage, "Insufficient ephemeral-storage"),
                ];
                texts
                    .extend(named.iter().filter(|(is, _)| *is).map(|(_, text)| (*text).to_owned()));
                let scalar = short.scalar.iter().flat_map(|names| names.iter());
                texts.extend(scalar.map(|name| format!("Insufficient {name}")));
                texts
            }
        }
    }
}

/// A node that a plugin refuses for a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Which plugin.
    pub plugin: PluginId,
    /// Whether evicting other pods could help (`Unschedulable`); if not, it is
    /// `UnschedulableAndUnresolvable`.
    pub resolvable: bool,
    /// Why.
    pub reason: Reason,
}

impl Rejection {
    /// A refusal that evicting other pods could undo.
    #[must_use]
    pub const fn unschedulable(plugin: PluginId, reason: Reason) -> Self {
        Rejection { plugin, resolvable: true, reason }
    }

    /// A refusal that stands, whoever is evicted.
    #[must_use]
    pub const fn unresolvable(plugin: PluginId, reason: Reason) -> Self {
        Rejection { plugin, resolvable: false, reason }
    }

    /// The status code, as upstream names it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        if self.resolvable { "Unschedulable" } else { "UnschedulableAndUnresolvable" }
    }
}

/// Why no node suits a pod: the FailedScheduling message.
///
/// Source: kubernetes/kubernetes:pkg/scheduler/framework/types.go `FitError.Error`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FitError {
    /// How many nodes there are.
    pub nodes: usize,
    /// What PreFilter said, when it ended the search.
    pub pre_filter: String,
    /// How many nodes each sentence is true of.
    pub reasons: BTreeMap<String, usize>,
    /// What PostFilter (preemption) said.
    pub post_filter: String,
}

impl FitError {
    /// Counts a reason in for `nodes` nodes.
    pub fn count(&mut self, reason: &Reason, nodes: usize) {
        for text in reason.texts() {
            *self.reasons.entry(text).or_insert(0) += nodes;
        }
    }
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0/{} nodes are available:", self.nodes)?;
        if !self.pre_filter.is_empty() {
            write!(f, " {}.", self.pre_filter)?;
        } else if !self.reasons.is_empty() {
            let mut counted: Vec<String> =
                self.reasons.iter().map(|(text, nodes)| format!("{nodes} {text}")).collect();
            // Sorted as texts, so "10 …" stands before "2 …": upstream does the same.
            counted.sort();
            write!(f, " {}.", counted.join(", "))?;
        }
        if !self.post_filter.is_empty() {
            f.write_char(' ')?;
            f.write_str(&self.post_filter)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_and_sorted_as_texts() {
        let mut error = FitError { nodes: 13, ..FitError::default() };
        error.count(&Reason::Plain("node(s) were unschedulable"), 2);
        let short = Shortage { cpu: true, memory: true, ..Shortage::default() };
        error.count(&Reason::Insufficient(short), 10);
        let taint = Reason::Untolerated { key: "k".into(), value: "v".into() };
        error.count(&taint, 1);
        assert_eq!(
            error.to_string(),
            "0/13 nodes are available: 1 node(s) had untolerated taint {k: v}, \
             10 Insufficient cpu, 10 Insufficient memory, 2 node(s) were unschedulable."
        );
    }
}
