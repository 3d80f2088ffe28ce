//! Facts that belong together become one line.
//!
//! Each group (the pods of a workload that became ready, the nodes whose rules were written) grows
//! until nothing was added for a moment, or for too long altogether; then it is told as one line
//! at the moment at which it began.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Kind;
use crate::api::ObjectKey;
use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::observe::Observation;
use crate::observe::Told;
use crate::scenario::Plan;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::narration::Narration;

use super::group::{Group, Grown};
use super::losses::Losses;
use super::page::{Line, Page};
use crate::tell::Tone;
use crate::tell::sentence::{field, object, one_sentence, workload_of};

/// A group is finished when nothing was added for so long.
const QUIET: Span = Span::millis(2_500);
/// … or when it has grown for so long.
const LONGEST: Span = Span::secs(20);
/// How often groups are looked at.
const LOOK_EVERY: Span = Span::millis(200);
/// An Event that returns sooner than this is no news.
const NEWS_AFTER: Span = Span::secs(60);
/// From so many objects on, workloads are told together.
const LARGE: usize = 120;
/// Before this moment the cluster boots: its own nodes and leaders are one line.
const BOOT: SimTime = SimTime::from_secs(5);

/// What is remembered of a pod: the model may be ahead of the story.
#[derive(Clone, Debug, Default)]
struct PodMemo {
    owner: String,
    node: String,
    /// It was ready once.
    ready: bool,
    /// Its deletion was told; what follows from it is no news.
    leaving: bool,
}

/// Folds facts into lines.
pub(super) struct Folder {
    lang: Lang,
    booted: Option<String>,
    notes: Vec<(SimTime, String)>,
    bookmarks: BTreeMap<String, String>,
    groups: BTreeMap<Group, Grown>,
    losses: Losses,
    /// Nodes that were ready once, and taints that were told.
    ready_nodes: BTreeSet<String>,
    pods: BTreeMap<ObjectKey, PodMemo>,
    taints: BTreeSet<(String, String)>,
    /// Deployments with a new template: only their progress is of interest.
    rolling: BTreeSet<String>,
    /// Scheduling troubles that were told: a repetition is no news.
    told: BTreeSet<(String, String)>,
    /// Ready endpoints in the rules of each node, by Service.
    rules: BTreeMap<(String, String), String>,
    /// When each kind of Event was seen last.
    events: BTreeMap<(String, String), SimTime>,
    /// So many workloads that they are told together.
    large: bool,
    looked: SimTime,
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
            pods: BTreeMap::new(),
            taints: BTreeSet::new(),
            rolling: BTreeSet::new(),
            told: BTreeSet::new(),
            rules: BTreeMap::new(),
            events: BTreeMap::new(),
            large: plan.objects.len() > LARGE,
            looked: SimTime::ZERO,
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
            "endpoints.ready" | "proxy.rules" => self.service(page, at, told),
            "request.lost" => self.losses.lost(page, at, (told, named)),
            "event" => self.event(page, at, told, seen),
            _ => self.pod(page, at, told, seen),
        }
    }

    /// The whole cluster is too large to tell of each workload.
    pub(super) fn is_large(&self) -> bool {
        self.large
    }

    /// A Service has other endpoints, or a node's rules know it.
    fn service(&mut self, page: &mut Page, at: SimTime, told: &Told) {
        // While the cluster boots, rules for its own Service are written.
        if self.large || self.booted.is_some() {
            return;
        }
        if told.what == "endpoints.ready" {
            let (from, to) = (field(told, "from").to_owned(), field(told, "to").to_owned());
            let group = Group::Endpoints(field(told, "service").to_owned());
            if from != to || self.groups.contains_key(&group) {
                self.change(page, at, group, (from, to));
            }
            return;
        }
        let service = told.object.as_ref().map(|(_, key)| key.name.to_string()).unwrap_or_default();
        let node = field(told, "node").to_owned();
        let endpoints = field(told, "endpoints").to_owned();
        let before = self.rules.insert((node.clone(), service.clone()), endpoints.clone());
        if before.unwrap_or_else(|| "0".to_owned()) == endpoints {
            return;
        }
        let group = Group::Endpoints(service.clone());
        if self.groups.contains_key(&group) {
            self.add(page, at, group, (node.clone(), node));
        } else {
            self.add(page, at, Group::Rules, (format!("{node} {service}"), node));
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

    /// What is known of a pod, brought up to date by this fact.
    fn memo(&mut self, key: &ObjectKey, told: &Told, seen: &Observation) -> PodMemo {
        let large = self.large.then(|| Narration::AllWorkloads.text(self.lang).to_owned());
        let memo = self.pods.entry(key.clone()).or_insert_with(|| {
            let owner = || workload_of(Kind::Pod, key, told.field("owner"), seen);
            PodMemo { owner: large.unwrap_or_else(owner), ..PodMemo::default() }
        });
        if let Some(node) = told.field("node").filter(|node| !node.is_empty()) {
            node.clone_into(&mut memo.node);
        }
        memo.ready |= told.what == "pod.ready" && field(told, "ready") == "true";
        let before = memo.clone();
        memo.leaving |= told.what == "object.terminating";
        if told.what == "object.deleted" {
            self.pods.remove(key);
        }
        before
    }

    fn pod(&mut self, page: &mut Page, at: SimTime, told: &Told, seen: &Observation) {
        let Some((Kind::Pod, key)) = &told.object else { return };
        let PodMemo { owner, node, leaving, .. } = self.memo(key, told, seen);
        if leaving {
            return;
        }
        let group = match told.what {
            "object.created" => Group::Created(owner),
            "pod.ready" if field(told, "ready") == "true" => Group::Ready(owner),
            "pod.ready" => Group::Unready(owner),
            "object.terminating" => Group::Terminating(owner),
            "object.deleted" => Group::Deleted(owner),
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
        let memo = (*kind == Kind::Pod).then(|| self.memo(key, told, seen));
        // A probe that fails before the first success is how every pod begins, and after SIGTERM
        // how it ends.
        let routine = memo.as_ref().is_some_and(|memo| !memo.ready || memo.leaving);
        let warning = field(told, "type") == "Warning"
            && !SAID_ELSEWHERE.contains(&reason)
            && !(routine && reason == "Unhealthy");
        if !warning && !TURNS.contains(&reason) {
            return;
        }
        let owner = memo.map_or_else(|| object(*kind, key), |memo| memo.owner);
        // "Readiness probe failed": how exactly may differ from time to time.
        let words = field(told, "message").split(':').next().unwrap_or_default();
        let news = (owner.clone(), format!("{reason} {words}"));
        let last = self.events.insert(news, at).filter(|_| warning);
        if last.is_some_and(|last| at > last + QUIET && at.since(last) < NEWS_AFTER) {
            return;
        }
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
        if now.since(self.looked) < LOOK_EVERY {
            return;
        }
        self.looked = now;
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
