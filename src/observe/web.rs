//! Which fact caused which: the edges between facts, cheap to clone.
//!
//! Every edge lies in two chains, that of its cause and that of its consequence, as in
//! `petgraph`'s adjacency lists; but the lists are shared between clones.

use crate::kernel::Chunks;

use super::facts::FactId;

/// No edge.
const NONE: u32 = u32::MAX;

/// The end of an edge at which the cause stands.
const CAUSE: usize = 0;
/// The end at which the consequence stands.
const CONSEQUENCE: usize = 1;

/// One edge: the fact at either end, and the next edge at that fact's same end.
#[derive(Clone, Copy, Debug)]
struct Edge {
    facts: [u32; 2],
    next: [u32; 2],
}

/// The edges between facts; there is at most one from a fact to another.
#[derive(Clone, Debug, Default)]
pub(super) struct Web {
    /// Of each fact, the first edge in which it is the cause, and the first in which it is the
    /// consequence.
    first: Chunks<[u32; 2]>,
    edges: Chunks<Edge>,
}

impl Web {
    /// One more fact, tied to nothing.
    pub(super) fn add(&mut self) {
        self.first.push([NONE; 2]);
    }

    /// What caused a fact, the newest tie first.
    pub(super) fn causes(&self, id: FactId) -> impl Iterator<Item = FactId> {
        self.chain(id, CONSEQUENCE).map(|(_, edge)| FactId(edge.facts[CAUSE]))
    }

    /// What a fact caused, the newest tie first.
    pub(super) fn consequences(&self, id: FactId) -> impl Iterator<Item = FactId> {
        self.chain(id, CAUSE).map(|(_, edge)| FactId(edge.facts[CONSEQUENCE]))
    }

    /// Ties a cause to its consequence, unless they are tied.
    pub(super) fn tie(&mut self, cause: FactId, consequence: FactId) {
        if self.causes(consequence).any(|known| known == cause) {
            return;
        }
        let number = u32::try_from(self.edges.len()).unwrap_or(NONE);
        let next = [self.first_of(cause, CAUSE), self.first_of(consequence, CONSEQUENCE)];
        self.edges.push(Edge { facts: [cause.0, consequence.0], next });
        self.lead(cause, CAUSE, number);
        self.lead(consequence, CONSEQUENCE, number);
    }

    /// Unties the two; the edge's place stays empty.
    pub(super) fn untie(&mut self, cause: FactId, consequence: FactId) {
        self.unchain(cause, CAUSE, consequence);
        self.unchain(consequence, CONSEQUENCE, cause);
    }

    /// Takes the edge that leads to `other` out of the chain at one end of a fact.
    fn unchain(&mut self, id: FactId, end: usize, other: FactId) {
        let mut before = None;
        let found = self.chain(id, end).find(|(number, edge)| {
            let found = edge.facts[1 - end] == other.0;
            if !found {
                before = Some(*number);
            }
            found
        });
        let Some((_, edge)) = found else { return };
        match before {
            None => self.lead(id, end, edge.next[end]),
            Some(before) => {
                if let Some(before) = self.edges.get_mut(before as usize) {
                    before.next[end] = edge.next[end];
                }
            }
        }
    }

    /// The edges at one end of which a fact stands, with their numbers.
    fn chain(&self, id: FactId, end: usize) -> impl Iterator<Item = (u32, Edge)> {
        let mut next = self.first_of(id, end);
        std::iter::from_fn(move || {
            let number = next;
            let edge = *self.edges.get(number as usize)?;
            next = edge.next[end];
            Some((number, edge))
        })
    }

    fn first_of(&self, id: FactId, end: usize) -> u32 {
        self.first.get(id.0 as usize).map_or(NONE, |first| first[end])
    }

    /// Lets the chain at one end of a fact begin with an edge.
    fn lead(&mut self, id: FactId, end: usize, edge: u32) {
        if let Some(first) = self.first.get_mut(id.0 as usize) {
            first[end] = edge;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set_of_pairs(steps in prop::collection::vec((any::<bool>(), 0u32..12, 0u32..12), 0..200)) {
            let mut web = Web::default();
            (0..12).for_each(|_| web.add());
            let mut model = BTreeSet::new();
            for (tie, cause, consequence) in steps {
                let (from, to) = (FactId(cause), FactId(consequence));
                if tie {
                    web.tie(from, to);
                    model.insert((cause, consequence));
                } else {
                    web.untie(from, to);
                    model.remove(&(cause, consequence));
                }
            }
            for id in 0..12 {
                let mut causes: Vec<u32> = web.causes(FactId(id)).map(|fact| fact.0).collect();
                causes.sort_unstable();
                let want: Vec<u32> =
                    model.iter().filter(|(_, to)| *to == id).map(|(from, _)| *from).collect();
                prop_assert_eq!(causes, want);
                let mut effects: Vec<u32> =
                    web.consequences(FactId(id)).map(|fact| fact.0).collect();
                effects.sort_unstable();
                let want: Vec<u32> =
                    model.iter().filter(|(from, _)| *from == id).map(|(_, to)| *to).collect();
                prop_assert_eq!(effects, want);
            }
        }
    }
}
