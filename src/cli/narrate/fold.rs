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

use super::Tone;
use super::group::{Group, Grown};
use super::losses::Losses;
use super::page::{Line, Page};
use super::sentence::{field, object, one_sentence, pod, workload_of};

/// A group is finished when nothing was added for so long.
const QUIET: Span = Span::millis(2_500);
/// … or when it has grown for so long.
const LONGEST: Span = Span::secs(20);
/// Before this moment the cluster boots: its own nodes and leaders are one line.
const BOOT: SimTime = SimTime::from_secs(5);

/// Folds facts into lines.
pub(super) struct Folder {
    lang: Lang,
    booted: Option<String>,
    notes: Vec<(SimTime, String)>,
    bookmarks: BTreeMap<String, String>,
    groups: BTreeMap<Group, Grown>,
    losses: Losses,
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
            losses: Losses::new(lang),
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
            "request.lost" => self.losses.lost(page, at, (told, named)),
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
        let grown = self.groups.entry(group).or_insert_with(|| Grown::new(page.keep(), at));
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
                let line = grown.line(self.lang, &group);
                page.fill(grown.place, line);
            }
        }
        self.losses.settle(page, now);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workload_of_a_gone_pod_is_read_from_its_name() {
        assert_eq!(workload_name("frontend-5d4f7c9b8d-x7k2p"), "frontend");
        assert_eq!(workload_name("ilk-pod"), "ilk-pod");
        assert_eq!(workload_name("redis-cart-76b9545755-2x9fq"), "redis-cart");
    }
}
