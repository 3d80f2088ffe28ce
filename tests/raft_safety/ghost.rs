//! The ghost history and the invariants that it checks after every step.
//!
//! Numbers in the messages: 1 election safety, 2 leader append-only, 3 log matching, 4 leader
//! completeness, 5 state machine safety, 6 a commit is durable, 7 nothing goes back.

use std::collections::BTreeMap;

use prova::raft::{Fact, Index, NodeId, Ready, Role, Storage, Term};

use super::{Image, World};

/// What really happened, remembered outside the nodes.
#[derive(Default)]
pub(super) struct Ghost {
    pub(super) leaders: BTreeMap<Term, NodeId>,
    pub(super) votes: BTreeMap<(NodeId, Term), NodeId>,
    pub(super) entries: BTreeMap<(Index, Term), (Option<u64>, Term)>,
    /// index -> (term of the entry, term in which it was first seen committed)
    pub(super) committed: BTreeMap<Index, (Term, Term)>,
    pub(super) applied: BTreeMap<Index, (Term, Option<u64>)>,
    pub(super) reads: BTreeMap<u64, Index>,
}

impl World {
    pub(super) fn check_facts(&mut self, at: usize, ready: &Ready<u64, Image>) {
        for fact in &ready.facts {
            match *fact {
                Fact::BecameRole { role, term } => {
                    self.members[at].role = role;
                    if role == Role::Leader {
                        self.check_leader(at, term);
                    }
                }
                Fact::Truncated { .. } | Fact::Restored { .. } => {
                    let leads = self.members[at].role == Role::Leader;
                    assert!(!leads, "2 a leader only appends to its log");
                }
                Fact::Appended { first, last, .. } => self.check_appended(at, first, last),
                Fact::Committed { to } => self.check_committed(at, to),
                Fact::LeaderChanged { .. } | Fact::Voted { .. } => {}
            }
        }
    }

    pub(super) fn check_leader(&mut self, at: usize, term: Term) {
        let id = NodeId(at as u64 + 1);
        let first = *self.ghost.leaders.entry(term).or_insert(id);
        assert_eq!(first, id, "1 election safety in term {term}");
        self.ghost.vote(id, term, id);
        let Some(node) = &self.members[at].node else { return };
        for (index, (entry_term, seen_in)) in &self.ghost.committed {
            if *seen_in < term && *index >= node.first_index() {
                let own = node.term_at(*index);
                assert_eq!(own, Some(*entry_term), "4 leader completeness at {index}");
            }
        }
    }

    pub(super) fn check_appended(&mut self, at: usize, first: Index, last: Index) {
        let Some(node) = &self.members[at].node else { return };
        for entry in node.entries().filter(|entry| (first..=last).contains(&entry.index)) {
            let before = node.term_at(entry.index - 1).unwrap_or(0);
            let seen = (entry.data().copied(), before);
            let known = self.ghost.entries.entry((entry.index, entry.term)).or_insert(seen);
            assert_eq!(*known, seen, "3 log matching at {} of term {}", entry.index, entry.term);
        }
    }

    pub(super) fn check_committed(&mut self, at: usize, to: Index) {
        let Some(node) = &self.members[at].node else { return };
        let now = node.term();
        let from = self.ghost.committed.keys().next_back().copied().unwrap_or(0) + 1;
        let new: Vec<(Index, Term)> =
            (from..=to).filter_map(|index| Some((index, node.term_at(index)?))).collect();
        for (index, term) in new {
            let copies = self.members.iter().filter(|m| holds(&m.disk, index, term)).count();
            assert!(copies > self.members.len() / 2, "6 {index} is committed on {copies} disks");
            self.ghost.committed.insert(index, (term, now));
        }
    }

    pub(super) fn check_marks(&mut self, at: usize) {
        let member = &mut self.members[at];
        let Some(node) = &member.node else { return };
        assert!(node.commit() >= member.commit, "7 the commit index never falls in one life");
        member.commit = node.commit();
        assert!(node.applied_index() <= node.commit() && node.commit() <= node.last().index);
        if let Some((term, _)) = self.ghost.committed.get(&node.commit()) {
            assert_eq!(node.term_at(node.commit()), Some(*term), "a commit is the same for all");
        }
    }

    pub(super) fn check_reads(&self, ready: &Ready<u64, Image>) {
        for read in &ready.reads {
            let floor = self.ghost.reads[&read.context.0];
            assert!(read.index >= floor, "a read would miss what was committed before it");
        }
    }
}

impl Ghost {
    pub(super) fn vote(&mut self, voter: NodeId, term: Term, candidate: NodeId) {
        let first = *self.votes.entry((voter, term)).or_insert(candidate);
        assert_eq!(first, candidate, "7 {voter} votes twice in term {term}");
    }
}

fn holds(disk: &Storage<u64, Image>, index: Index, term: Term) -> bool {
    let snapshot = disk.snapshot().map_or(0, |snapshot| snapshot.position.index);
    let entry = disk.entries().iter().rev().find(|entry| entry.index <= index);
    index <= snapshot || entry.is_some_and(|entry| entry.index == index && entry.term == term)
}
