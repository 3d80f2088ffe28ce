//! Groups of facts that grow, and the one line that each becomes.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::narration::Narration;

use super::page::{Line, Place};
use crate::tell::{Tone, form};

/// A line says when its last member came if it came so much later than the first.
const SPREAD: Span = Span::secs(1);
/// So many names of nodes stand in a line; the others are counted.
const NAMES_MAX: usize = 4;

/// What a group is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Nodes,
    Created(String),
    Ready(String),
    Unready(String),
    Terminating(String),
    Deleted(String),
    Restarted(String),
    Ended(String, String),
    Unschedulable(String, String),
    Rollout(String),
    Endpoints(String),
    Rules,
    Evicted,
    Event(String, String, String),
}

/// A group that grows.
#[derive(Clone, Debug)]
pub(super) struct Grown {
    pub(super) place: Place,
    pub(super) began: SimTime,
    pub(super) last: SimTime,
    /// Members: name, and something about it (a node, a number).
    pub(super) members: BTreeMap<String, String>,
    /// The first and the last of two values.
    pub(super) from: String,
    pub(super) to: String,
}

impl Grown {
    /// A group that begins.
    pub(super) fn new(place: Place, at: SimTime) -> Self {
        Grown {
            place,
            began: at,
            last: at,
            members: BTreeMap::new(),
            from: String::new(),
            to: String::new(),
        }
    }

    /// The line of the finished group; none when nothing changed in the end.
    pub(super) fn line(&self, lang: Lang, group: &Group) -> Option<Line> {
        let (tone, text) = words(lang, group, self)?;
        Some(Line { at: self.began, tone, text, note: String::new() })
    }
}

fn words(lang: Lang, group: &Group, grown: &Grown) -> Option<(Tone, String)> {
    Some(match group {
        Group::Rollout(_) => (Tone::Neutral, grown.to.clone()),
        Group::Endpoints(service) => endpoints(lang, service, grown)?,
        Group::Nodes => nodes(lang, grown),
        Group::Rules => rules(lang, grown),
        Group::Evicted => {
            let workloads = names(lang, grown.members.keys().map(String::as_str));
            (Tone::Warning, Narration::Evicted.fill(lang, &[("workloads", workloads)]))
        }
        Group::Event(owner, reason, kind) => event_line(lang, (owner, reason), kind, grown),
        Group::Created(owner) => pods(lang, (Tone::Neutral, Narration::PodsCreated), owner, grown),
        Group::Ready(owner) => pods(lang, (Tone::Good, Narration::PodsReady), owner, grown),
        Group::Unready(owner) => pods(lang, (Tone::Warning, Narration::PodsUnready), owner, grown),
        Group::Terminating(owner) => {
            pods(lang, (Tone::Neutral, Narration::PodsTerminating), owner, grown)
        }
        Group::Deleted(owner) => pods(lang, (Tone::Neutral, Narration::PodsDeleted), owner, grown),
        Group::Restarted(owner) => {
            pods(lang, (Tone::Warning, Narration::PodsRestarted), owner, grown)
        }
        Group::Ended(owner, phase) => {
            let tone = if phase == "Failed" { Tone::Bad } else { Tone::Neutral };
            let args = [
                ("workload", owner.clone()),
                ("count", grown.members.len().to_string()),
                ("phase", phase.clone()),
            ];
            (tone, Narration::PodsFailed.fill(lang, &args))
        }
        Group::Unschedulable(owner, message) => {
            let count = grown.members.len().to_string();
            let args =
                [("workload", owner.clone()), ("count", count), ("message", message.clone())];
            (Tone::Warning, Narration::PodsUnschedulable.fill(lang, &args))
        }
    })
}

fn pods(lang: Lang, (tone, key): (Tone, Narration), owner: &str, grown: &Grown) -> (Tone, String) {
    let nodes: BTreeSet<&str> =
        grown.members.values().map(String::as_str).filter(|node| !node.is_empty()).collect();
    let nodes = if nodes.is_empty() {
        Narration::NoNode.text(lang).to_owned()
    } else {
        names(lang, nodes.into_iter())
    };
    let args = [
        ("workload", owner.to_owned()),
        ("count", grown.members.len().to_string()),
        ("nodes", nodes),
    ];
    let text = key.fill(lang, &args);
    if grown.members.len() == 1 || grown.last.since(grown.began) < SPREAD {
        return (tone, text);
    }
    let args = [("text", text), ("at", form::moment(lang, grown.last))];
    (tone, Narration::LastAt.fill(lang, &args))
}

fn endpoints(lang: Lang, service: &str, grown: &Grown) -> Option<(Tone, String)> {
    if grown.from == grown.to {
        return None;
    }
    let number = |text: &str| text.parse::<u64>().unwrap_or(0);
    let tone = if number(&grown.to) < number(&grown.from) { Tone::Warning } else { Tone::Good };
    let args =
        [("service", service.to_owned()), ("from", grown.from.clone()), ("to", grown.to.clone())];
    let text = Narration::EndpointsChanged.fill(lang, &args);
    if grown.members.is_empty() {
        return Some((tone, text));
    }
    let args = [("text", text), ("count", grown.members.len().to_string())];
    Some((tone, Narration::WithRules.fill(lang, &args)))
}

fn nodes(lang: Lang, grown: &Grown) -> (Tone, String) {
    let list = names(lang, grown.members.keys().map(String::as_str));
    if grown.members.len() == 1 {
        return (Tone::Good, Narration::NodeReady.fill(lang, &[("node", list)]));
    }
    let args = [("count", grown.members.len().to_string()), ("names", list)];
    (Tone::Good, Narration::NodesReady.fill(lang, &args))
}

fn rules(lang: Lang, grown: &Grown) -> (Tone, String) {
    let nodes: BTreeSet<&String> = grown.members.values().collect();
    let services: BTreeSet<&str> =
        grown.members.keys().filter_map(|member| Some(member.split_once(' ')?.1)).collect();
    let args =
        [("count", nodes.len().to_string()), ("services", names(lang, services.into_iter()))];
    (Tone::Faint, Narration::ProxyRules.fill(lang, &args))
}

fn event_line(
    lang: Lang,
    (owner, reason): (&str, &str),
    kind: &str,
    grown: &Grown,
) -> (Tone, String) {
    let tone = if kind == "Warning" { Tone::Warning } else { Tone::Neutral };
    let message = grown.members.values().next().cloned().unwrap_or_default();
    let args = [
        ("object", owner.to_owned()),
        ("reason", reason.to_owned()),
        ("count", grown.members.len().to_string()),
        ("message", message),
    ];
    let key = if grown.members.len() == 1 { Narration::EventTold } else { Narration::EventMany };
    (tone, key.fill(lang, &args))
}

/// A few names, and how many more there are.
fn names<'n>(lang: Lang, all: impl Iterator<Item = &'n str>) -> String {
    let all: Vec<&str> = all.collect();
    let shown = all.iter().take(NAMES_MAX).copied().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(NAMES_MAX) {
        0 => shown,
        more => {
            format!("{shown} {}", Narration::AndMore.fill(lang, &[("count", more.to_string())]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_counted() {
        let all = ["n1", "n2", "n3", "n4", "n5", "n6"];
        assert_eq!(names(Lang::Tr, all.into_iter()), "n1, n2, n3, n4 ve 2 tane daha");
        assert_eq!(names(Lang::Tr, all.into_iter().take(2)), "n1, n2");
    }
}
