//! Laws that must hold at every step, checked against a history kept outside the actors.
//!
//! Raft: at most one leader per term; a leader never cuts its own log; equal (index, term) means
//! equal entries and equal predecessors; a new leader has every committed entry; nobody applies
//! another entry at an index than the first one did; commit and apply never go back in a life;
//! one vote per term, over restarts too. Cluster: pods on a node never ask for more than it has;
//! an object's identity never changes under its name without a deletion; no pod changes its node.
//!
//! Source: Ongaro & Ousterhout, "In Search of an Understandable Consensus Algorithm", figure 3.

use std::collections::BTreeMap;

use crate::api::Kind;
use crate::api::Object;
use crate::api::Pod;
use crate::api::Resource;
use crate::api::Str;
use crate::api::reasons;
use crate::kernel::EventId;
use crate::kernel::Noted;
use crate::kernel::SimTime;
use crate::kernel::SortedMap;
use crate::wire::Note;
use crate::wire::note::{RaftNote, RaftRole};

use super::model::{Change, Model};

/// A law that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Its name, as in the header of this file.
    pub law: &'static str,
    /// When.
    pub at: SimTime,
    /// While which event was handled.
    pub event: EventId,
    /// What was seen.
    pub seen: String,
}

/// The ghost history and what broke so far.
#[derive(Clone, Debug, Default)]
pub struct Invariants {
    violations: Vec<Violation>,
    leaders: BTreeMap<u64, u64>,
    votes: BTreeMap<(u64, u64), u64>,
    roles: BTreeMap<u64, (u64, RaftRole)>,
    /// The logs, as members wrote them: index to term.
    logs: BTreeMap<u64, SortedMap<u64, u64>>,
    /// Decided entries: index to term.
    committed: SortedMap<u64, u64>,
    commit_of: BTreeMap<u64, u64>,
    /// What the pods on each node ask for: processors [m], memory \[bytes\], pods.
    asked: BTreeMap<Str, [i64; 3]>,
}

impl Invariants {
    /// What broke so far, in order.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// A note was taken.
    pub(super) fn note(&mut self, noted: &Noted<Note>) {
        if let Note::Raft(raft) = &noted.note {
            self.raft(noted, raft);
        }
    }

    fn raft(&mut self, noted: &Noted<Note>, note: &RaftNote) {
        match note {
            RaftNote::Role { member, term, role, .. } => self.role(noted, *member, *term, *role),
            RaftNote::Voted { member, term, candidate } => {
                let before = self.votes.insert((*member, *term), *candidate);
                if let Some(before) = before.filter(|before| before != candidate) {
                    self.broken("one vote per term", noted, || {
                        format!("member {member} voted for {before} and {candidate} in term {term}")
                    });
                }
            }
            RaftNote::Appended { member, entries, truncated_from } => {
                self.appended(noted, *member, entries, *truncated_from);
            }
            RaftNote::Committed { member, index, term } => {
                self.committed(noted, *member, *index, *term);
            }
            RaftNote::AppliedEntry { member, index, term } => {
                let decided = self.committed.get(index).copied();
                if decided.is_some_and(|decided| decided != *term) {
                    self.broken("state machine safety", noted, || {
                        format!("member {member} applied term {term} at {index}, decided was {decided:?}")
                    });
                }
            }
            RaftNote::Restored { member, index, term } => {
                let log = self.logs.entry(*member).or_default();
                while log.first_key().is_some_and(|known| known <= index) {
                    log.pop_first();
                }
                log.insert(*index, *term);
            }
            RaftNote::Persisted { .. } => {}
        }
    }

    fn role(&mut self, noted: &Noted<Note>, member: u64, term: u64, role: RaftRole) {
        self.roles.insert(member, (term, role));
        if role != RaftRole::Leader {
            return;
        }
        let other = *self.leaders.entry(term).or_insert(member);
        if other != member {
            self.broken("election safety", noted, || {
                format!("members {other} and {member} both lead term {term}")
            });
        }
        let log = self.logs.get(&member);
        let lowest = log.and_then(|log| log.first_key().copied()).unwrap_or(0);
        let missing = self.committed.from(&lowest).find(|(index, term)| {
            log.and_then(|log| log.get(index)).is_none_or(|own| own != *term)
        });
        if let Some((index, of)) = missing.map(|(index, term)| (*index, *term)) {
            self.broken("leader completeness", noted, || {
                format!("leader {member} of term {term} lacks entry {index} of term {of}")
            });
        }
    }

    fn appended(
        &mut self,
        noted: &Noted<Note>,
        member: u64,
        entries: &[(u64, u64)],
        truncated_from: Option<u64>,
    ) {
        let leads = matches!(self.roles.get(&member), Some((_, RaftRole::Leader)));
        let log = self.logs.entry(member).or_default();
        let cut = truncated_from.map(|from| cut_off(log, from)).unwrap_or_default();
        for (index, term) in entries {
            log.insert(*index, *term);
        }
        // Kept short: what every member has decided long ago is compared no more.
        while log.len() > 20_000 {
            log.pop_first();
        }
        if leads && !cut.is_empty() {
            self.broken("leader append-only", noted, || format!("leader {member} cut its log"));
        }
        let decided = cut.iter().find(|(index, term)| self.committed.get(index) == Some(term));
        if let Some((index, _)) = decided.copied() {
            self.broken("committed entries stay", noted, || {
                format!("member {member} cut the decided entry {index}")
            });
        }
    }

    fn committed(&mut self, noted: &Noted<Note>, member: u64, index: u64, term: u64) {
        let before = self.commit_of.insert(member, index).unwrap_or(0);
        let log = self.logs.get(&member);
        let fresh: Vec<(u64, u64)> = log
            .map(|log| {
                let fresh = log.from(&(before + 1)).take_while(|(at, _)| **at <= index);
                fresh.map(|(at, term)| (*at, *term)).collect()
            })
            .unwrap_or_default();
        for (at, of) in fresh.into_iter().chain([(index, term)]) {
            let decided = self.committed.get(&at).copied().unwrap_or(of);
            self.committed.insert(at, decided);
            if decided != of {
                self.broken("state machine safety", noted, || {
                    format!("member {member} decided term {of} at {at}, others term {decided}")
                });
            }
        }
        while self.committed.len() > 20_000 {
            self.committed.pop_first();
        }
    }

    /// An object changed.
    pub(super) fn change(&mut self, at: SimTime, change: &Change, model: &Model) {
        if change.kind == Kind::Pod {
            let pod = |object: &Option<Object>| object.as_ref().and_then(Pod::of).cloned();
            self.pod(at, change, (pod(&change.old), pod(&change.new)), model);
        }
    }

    fn pod(
        &mut self,
        at: SimTime,
        change: &Change,
        (old, new): (Option<std::sync::Arc<Pod>>, Option<std::sync::Arc<Pod>>),
        model: &Model,
    ) {
        let placed =
            |pod: &std::sync::Arc<Pod>| !pod.spec.node_name.is_empty() && !pod.is_terminal();
        if let (Some(old), Some(new)) = (&old, &new) {
            if old.metadata.uid != new.metadata.uid {
                self.broken_at("identity", at, || format!("{} has a new uid", change.key));
            }
            if !old.spec.node_name.is_empty() && old.spec.node_name != new.spec.node_name {
                self.broken_at("a pod never moves", at, || format!("{} moved", change.key));
            }
        }
        let was = old.as_ref().is_some_and(placed);
        let is = new.as_ref().is_some_and(placed);
        if was == is {
            return;
        }
        let Some(pod) = new.as_ref().filter(|_| is).or(old.as_ref()) else { return };
        let sign = if is { 1 } else { -1 };
        let node = pod.spec.node_name.clone();
        let asked = self.asked.entry(node.clone()).or_default();
        for (sum, part) in asked.iter_mut().zip(requests(pod)) {
            *sum += sign * part;
        }
        let asked = *asked;
        if is {
            self.check_capacity(at, &node, asked, model);
        }
    }

    fn check_capacity(&mut self, at: SimTime, node: &Str, asked: [i64; 3], model: &Model) {
        let key = crate::api::ObjectKey::new("", node.clone());
        let Some(Object::Node(object)) = model.get(Kind::Node, &key) else { return };
        let allocatable = &object.status.allocatable;
        let have = [
            allocatable.get(&reasons::CPU).map_or(0, crate::api::Quantity::milli_value),
            allocatable.get(&reasons::MEMORY).map_or(0, crate::api::Quantity::value),
            allocatable.get(&reasons::PODS).map_or(0, crate::api::Quantity::value),
        ];
        if asked.iter().zip(have).any(|(asked, have)| *asked > have) {
            self.broken_at("no overcommitment", at, || {
                format!("{node}: asked for {asked:?} of {have:?} (CPU m, memory, pods)")
            });
        }
    }

    fn broken(&mut self, law: &'static str, noted: &Noted<Note>, seen: impl FnOnce() -> String) {
        self.violations.push(Violation { law, at: noted.at, event: noted.event, seen: seen() });
    }

    fn broken_at(&mut self, law: &'static str, at: SimTime, seen: impl FnOnce() -> String) {
        self.violations.push(Violation { law, at, event: EventId::NONE, seen: seen() });
    }
}

/// Takes everything from an index on out of a log.
fn cut_off(log: &mut SortedMap<u64, u64>, from: u64) -> Vec<(u64, u64)> {
    let cut: Vec<(u64, u64)> = log.from(&from).map(|(index, term)| (*index, *term)).collect();
    for (index, _) in &cut {
        log.remove(index);
    }
    cut
}

/// What a pod asks for: processors [m], memory \[bytes\], one pod. An independent, plain sum, so
/// that an error in the scheduler's own arithmetic would show.
fn requests(pod: &Pod) -> [i64; 3] {
    let of = |container: &crate::api::Container| {
        let requests = &container.resources.requests;
        [
            requests.get(&reasons::CPU).map_or(0, crate::api::Quantity::milli_value),
            requests.get(&reasons::MEMORY).map_or(0, crate::api::Quantity::value),
        ]
    };
    let mut sum = [0i64; 2];
    for container in pod.spec.containers.iter() {
        let part = of(container);
        sum = [sum[0] + part[0], sum[1] + part[1]];
    }
    [sum[0], sum[1], 1]
}
