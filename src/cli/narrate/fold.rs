//! Facts that belong together become one line.
//!
//! Each group (the pods of a workload that became ready, the nodes whose rules were written) grows
//! until nothing was added for a moment, or for too long altogether; then it is told as one line
//! at the moment at which it began.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Kind;
use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::observe::Observation;
use crate::observe::Told;
use crate::scenario::Plan;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::narration::Narration;

use super::page::{Line, Page, Place};
use super::sentence::{field, lost_words, object, one_sentence, pod, workload_of};
use super::{Tone, form};

/// A group is finished when nothing was added for so long.
const QUIET: Span = Span::millis(2_500);
/// … or when it has grown for so long.
const LONGEST: Span = Span::secs(20);
/// Lost requests stopped when none was lost for so long.
const SERVED_AGAIN: Span = Span::secs(5);
/// Losses that return sooner than this are told together.
const RELAPSE: Span = Span::secs(60);
/// A line says when its last member came if it came so much later than the first.
const SPREAD: Span = Span::secs(1);
/// So many names of nodes stand in a line; the others are counted.
const NAMES_MAX: usize = 4;
/// Before this moment the cluster boots: its own nodes and leaders are one line.
const BOOT: SimTime = SimTime::from_secs(5);

/// What a group is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
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
struct Grown {
    place: Place,
    began: SimTime,
    last: SimTime,
    /// Members: name, and something about it (a node, a number).
    members: BTreeMap<String, String>,
    /// The first and the last of two values.
    from: String,
    to: String,
}

/// Requests that are being lost.
#[derive(Clone, Debug)]
struct Losing {
    from: SimTime,
    last: SimTime,
    count: u64,
    /// For losses that return: the place of their one line, and how often they returned.
    again: Option<(Place, u64)>,
    /// Whether its end was told.
    over: bool,
}

/// Folds facts into lines.
pub(super) struct Folder {
    lang: Lang,
    booted: Option<String>,
    notes: Vec<(SimTime, String)>,
    bookmarks: BTreeMap<String, String>,
    groups: BTreeMap<Group, Grown>,
    losing: BTreeMap<String, Losing>,
    /// Nodes and pods that were ready once, and taints that were told.
    ready_nodes: BTreeSet<String>,
    ready_pods: BTreeSet<String>,
    taints: BTreeSet<(String, String)>,
    /// Deployments with a new template: only their progress is of interest.
    rolling: BTreeSet<String>,
    /// Scheduling troubles that were told: a repetition is no news.
    told: BTreeSet<(String, String)>,
}

impl Folder {
    /// A folder for runs of `plan`.
    pub(super) fn new(lang: Lang, plan: &Plan) -> Self {
        let counts = [
            ("planes", plan.cluster.control_planes.to_string()),
            ("etcd", plan.cluster.etcd.to_string()),
            ("nodes", plan.cluster.nodes.len().to_string()),
        ];
        let marks = plan.bookmarks.iter().map(|mark| (mark.name.value.clone(), mark.note.clone()));
        Folder {
            lang,
            booted: Some(Narration::Booted.fill(lang, &counts)),
            notes: plan.steps.iter().map(|step| (step.at, step.note.clone())).collect(),
            bookmarks: marks.collect(),
            groups: BTreeMap::new(),
            losing: BTreeMap::new(),
            ready_nodes: BTreeSet::new(),
            ready_pods: BTreeSet::new(),
            taints: BTreeSet::new(),
            rolling: BTreeSet::new(),
            told: BTreeSet::new(),
        }
    }

    /// Takes one fact.
    pub(super) fn take(&mut self, page: &mut Page, at: SimTime, told: &Told, seen: &Observation) {
        let named = told.object.as_ref().map(|(_, key)| key.name.to_string()).unwrap_or_default();
        match told.what {
            "fault" | "kubectl" | "bookmark" => self.act(page, at, told),
            "node.ready" => self.node_ready(page, at, (told, named)),
            "node.tainted" | "node.untainted" => self.taint(page, at, (told, named)),
            "node.cordoned" | "deployment.template" => {
                if told.what == "deployment.template" {
                    self.rolling.insert(named);
                }
                self.tell(page, at, told);
            }
            "raft.role" if matches!(field(told, "role"), "leader" | "candidate") => {
                self.leader(page, at, told)
            }
            "lease.leader" => self.leader(page, at, told),
            "object.scaled"
                if told.object.as_ref().is_some_and(|(kind, _)| *kind == Kind::Deployment) =>
            {
                self.tell(page, at, told);
            }
            "deployment.progress" if self.rolling.contains(&named) => self.progress(page, at, told),
            "endpoints.ready" => {
                let (from, to) = (field(told, "from").to_owned(), field(told, "to").to_owned());
                let group = Group::Endpoints(field(told, "service").to_owned());
                if from == to && !self.groups.contains_key(&group) {
                    return;
                }
                self.change(page, at, group, (from, to));
            }
            "proxy.rules" => {
                let service = told.object.as_ref().map(|(_, key)| key.name.to_string());
                let node = field(told, "node").to_owned();
                self.add(
                    page,
                    at,
                    Group::Rules,
                    (format!("{node} {}", service.unwrap_or_default()), node),
                );
            }
            "request.lost" => self.lost(page, at, (told, named)),
            "event" => self.event(page, at, told, seen),
            _ => self.pod(page, at, told, seen),
        }
    }

    /// What a person or the plan did, with the note of the plan.
    fn act(&mut self, page: &mut Page, at: SimTime, told: &Told) {
        if told.what == "kubectl" && told.field("answer").is_some() {
            return;
        }
        let (tone, text) = one_sentence(told, self.lang);
        let note = if told.what == "bookmark" {
            self.bookmarks.get(field(told, "name")).cloned().unwrap_or_default()
        } else {
            let found = self.notes.iter().position(|(when, note)| *when == at && !note.is_empty());
            found.map(|place| self.notes.remove(place).1).unwrap_or_default()
        };
        page.put(Line { at, tone, text, note });
    }

    fn tell(&self, page: &mut Page, at: SimTime, told: &Told) {
        let (tone, text) = one_sentence(told, self.lang);
        page.put(Line { at, tone, text, note: String::new() });
    }

    fn leader(&mut self, page: &mut Page, at: SimTime, told: &Told) {
        if at > BOOT {
            self.tell(page, at, told);
        }
    }

    fn node_ready(&mut self, page: &mut Page, at: SimTime, (told, node): (&Told, String)) {
        if self.ready_nodes.contains(&node) {
            self.tell(page, at, told);
        } else if field(told, "status") == "True" {
            self.joined(page, at, node);
        }
    }

    /// Taints of a node that has not been ready yet belong to its birth.
    fn taint(&mut self, page: &mut Page, at: SimTime, (told, node): (&Told, String)) {
        if told.what == "node.untainted" && !self.ready_nodes.contains(&node) {
            self.joined(page, at, node);
            return;
        }
        let mark = (node, field(told, "taints").to_owned());
        let news = if told.what == "node.tainted" {
            self.ready_nodes.contains(&mark.0) && self.taints.insert(mark)
        } else {
            self.taints.remove(&mark)
        };
        if news {
            self.tell(page, at, told);
        }
    }

    /// A node takes pods for the first time.
    fn joined(&mut self, page: &mut Page, at: SimTime, node: String) {
        self.ready_nodes.insert(node.clone());
        if let Some(booted) = self.booted.take() {
            page.put(Line { at, tone: Tone::Neutral, text: booted, note: String::new() });
        }
        self.add(page, at, Group::Nodes, (node, String::new()));
    }

    fn progress(&mut self, page: &mut Page, at: SimTime, told: &Told) {
        let Some((kind, key)) = &told.object else { return };
        let (_, text) = one_sentence(told, self.lang);
        self.change(page, at, Group::Rollout(object(*kind, key)), (text.clone(), text));
        let done =
            ["updated", "available"].iter().all(|name| field(told, name) == field(told, "wanted"));
        if done {
            self.rolling.remove(key.name.as_str());
        }
    }

    fn pod(&mut self, page: &mut Page, at: SimTime, told: &Told, seen: &Observation) {
        let Some((Kind::Pod, key)) = &told.object else { return };
        let owner = workload_of(Kind::Pod, key, told.field("owner"), seen);
        let node = match told.field("node") {
            Some(node) => node.to_owned(),
            None => pod(key, seen).map(|pod| pod.spec.node_name.to_string()).unwrap_or_default(),
        };
        let group = match told.what {
            "object.created" => Group::Created(owner),
            "pod.ready" if field(told, "ready") == "true" => {
                self.ready_pods.insert(key.name.to_string());
                Group::Ready(owner)
            }
            "pod.ready" => Group::Unready(owner),
            "object.terminating" => Group::Terminating(owner),
            "object.deleted" => Group::Deleted(workload_name(&key.name)),
            "pod.restarted" => Group::Restarted(owner),
            "pod.phase" if matches!(field(told, "to"), "Failed" | "Succeeded") => {
                Group::Ended(owner, field(told, "to").to_owned())
            }
            "pod.unschedulable" => {
                let message = field(told, "message").to_owned();
                if !self.told.insert((key.name.to_string(), message.clone())) {
                    return;
                }
                Group::Unschedulable(owner, message)
            }
            _ => return,
        };
        self.add(page, at, group, (key.name.to_string(), node));
    }

    fn event(&mut self, page: &mut Page, at: SimTime, told: &Told, seen: &Observation) {
        // What these say is told by the object itself.
        const SAID_ELSEWHERE: &[&str] = &["FailedScheduling", "NodeNotReady", "BackOff"];
        // These are no warnings, but turning points.
        const TURNS: &[&str] =
            &["TaintManagerEviction", "SuccessfulRescale", "Preempted", "Evicted"];
        let Some((kind, key)) = &told.object else { return };
        let reason = field(told, "reason");
        // A probe that fails before the first success is how every pod begins.
        let beginning = reason == "Unhealthy" && !self.ready_pods.contains(key.name.as_str());
        let warning =
            field(told, "type") == "Warning" && !SAID_ELSEWHERE.contains(&reason) && !beginning;
        if !warning && !TURNS.contains(&reason) {
            return;
        }
        let owner = if *kind == Kind::Pod {
            workload_of(*kind, key, None, seen)
        } else {
            object(*kind, key)
        };
        if reason == "TaintManagerEviction" {
            self.add(page, at, Group::Evicted, (owner, String::new()));
            return;
        }
        let tone = if warning { "Warning" } else { "" };
        let group = Group::Event(owner, reason.to_owned(), tone.to_owned());
        self.add(page, at, group, (key.name.to_string(), field(told, "message").to_owned()));
    }

    fn lost(&mut self, page: &mut Page, at: SimTime, (told, service): (&Told, String)) {
        if let Some(losing) = self.losing.get_mut(&service) {
            if losing.over {
                // The story was told to its end, but it goes on: one line for all that follows.
                *losing = Losing { again: Some((page.keep(), 0)), ..Losing::new(at) };
            }
            if at.since(losing.last) > SERVED_AGAIN || losing.count == 0 {
                losing.again = losing.again.map(|(place, times)| (place, times + 1));
            }
            losing.last = at;
            losing.count += 1;
            return;
        }
        let why = lost_words(field(told, "reason"), self.lang).to_owned();
        let args = [("service", service.clone()), ("why", why)];
        let text = Narration::RequestsLost.fill(self.lang, &args);
        page.put(Line { at, tone: Tone::Bad, text, note: String::new() });
        self.losing.insert(service, Losing { count: 1, ..Losing::new(at) });
    }

    fn add(&mut self, page: &mut Page, at: SimTime, group: Group, (name, about): (String, String)) {
        self.grow(page, at, group).members.insert(name, about);
    }

    fn change(&mut self, page: &mut Page, at: SimTime, group: Group, (from, to): (String, String)) {
        let grown = self.grow(page, at, group);
        if grown.from.is_empty() {
            grown.from = from;
        }
        grown.to = to;
    }

    fn grow(&mut self, page: &mut Page, at: SimTime, group: Group) -> &mut Grown {
        let grown = self.groups.entry(group).or_insert_with(|| Grown {
            place: page.keep(),
            began: at,
            last: at,
            members: BTreeMap::new(),
            from: String::new(),
            to: String::new(),
        });
        grown.last = at;
        grown
    }

    /// Finishes every group that has not grown for a while before `now`.
    pub(super) fn settle(&mut self, page: &mut Page, now: SimTime) {
        let over =
            |grown: &Grown| now.since(grown.last) > QUIET || now.since(grown.began) > LONGEST;
        let done: Vec<Group> = self
            .groups
            .iter()
            .filter(|(_, grown)| over(grown))
            .map(|(group, _)| group.clone())
            .collect();
        for group in done {
            if let Some(grown) = self.groups.remove(&group) {
                let line = line(self.lang, &group, &grown);
                page.fill(grown.place, line);
            }
        }
        self.settle_losses(page, now);
    }

    fn settle_losses(&mut self, page: &mut Page, now: SimTime) {
        let lang = self.lang;
        let end = now == SimTime::MAX;
        for (service, losing) in &mut self.losing {
            let quiet = now.since(losing.last);
            if losing.over || !end && quiet <= losing.patience() {
                continue;
            }
            losing.over = true;
            let args = [
                ("service", service.clone()),
                ("count", form::count(lang, losing.count)),
                ("from", form::moment(lang, losing.from)),
                ("to", form::moment(lang, losing.last)),
                ("times", losing.again.map_or(1, |(_, times)| times).to_string()),
            ];
            let line = |at, tone, key: Narration| Line {
                at,
                tone,
                text: key.fill(lang, &args),
                note: String::new(),
            };
            match losing.again {
                Some((place, _)) => {
                    let again = line(losing.from, Tone::Warning, Narration::RequestsLostAgain);
                    page.fill(place, Some(again));
                }
                None if end => page.put(line(losing.last, Tone::Bad, Narration::RequestsStillLost)),
                None => {
                    let at = losing.last + SERVED_AGAIN;
                    page.put(line(at, Tone::Good, Narration::RequestsServed));
                }
            }
        }
        self.losing.retain(|_, losing| !losing.over || now.since(losing.last) <= RELAPSE);
    }
}

impl Losing {
    fn new(at: SimTime) -> Self {
        Losing { from: at, last: at, count: 0, again: None, over: false }
    }

    /// How long it must be quiet until the story is over.
    fn patience(&self) -> Span {
        if self.again.is_some() { RELAPSE } else { SERVED_AGAIN }
    }
}

/// The name of the workload in a pod's name, when the pod is no longer there to be asked.
fn workload_name(pod: &str) -> String {
    let mut parts: Vec<&str> = pod.split('-').collect();
    let made =
        |part: &&str| part.len() >= 5 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    while parts.len() > 1
        && parts.last().is_some_and(|part| made(part) && (part.len() == 5 || part.len() >= 8))
    {
        parts.pop();
    }
    parts.join("-")
}

/// The line of a finished group; none when nothing changed in the end.
fn line(lang: Lang, group: &Group, grown: &Grown) -> Option<Line> {
    let (tone, text) = match group {
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
    };
    Some(Line { at: grown.began, tone, text, note: String::new() })
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
    Some((tone, Narration::EndpointsChanged.fill(lang, &args)))
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
    fn the_workload_of_a_gone_pod_is_read_from_its_name() {
        assert_eq!(workload_name("frontend-5d4f7c9b8d-x7k2p"), "frontend");
        assert_eq!(workload_name("ilk-pod"), "ilk-pod");
        assert_eq!(workload_name("redis-cart-76b9545755-2x9fq"), "redis-cart");
    }

    #[test]
    fn long_lists_are_counted() {
        let all = ["n1", "n2", "n3", "n4", "n5", "n6"];
        assert_eq!(names(Lang::Tr, all.into_iter()), "n1, n2, n3, n4 ve 2 tane daha");
        assert_eq!(names(Lang::Tr, all.into_iter().take(2)), "n1, n2");
    }
}
