//! Who votes, and what a majority of them agrees on.
//!
//! Knows nothing of roles or logs: it counts. A joint configuration will be a second list in
//! [`VoterSet`]; then `committed` becomes the minimum of both lists and `tally` needs both, and
//! nothing outside this file changes.

use super::entry::{Index, NodeId};

/// The members whose votes and acknowledgements count, in ascending order.
///
/// Simplified: one majority; upstream also has the outgoing half of a joint configuration and
/// learners (etcd-io/raft:quorum/joint.go, tracker/tracker.go).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VoterSet {
    ids: Vec<NodeId>,
}

/// How a vote stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tally {
    /// A majority said yes.
    Won,
    /// A majority of yes has become impossible.
    Lost,
    /// Neither yet.
    Pending,
}

impl VoterSet {
    /// Sorts the members and drops repetitions.
    pub fn new(ids: impl IntoIterator<Item = NodeId>) -> Self {
        let mut ids: Vec<NodeId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Self { ids }
    }

    /// Lists the voters in ascending order.
    pub fn ids(&self) -> &[NodeId] {
        &self.ids
    }

    /// Tells whether `id` votes.
    pub fn contains(&self, id: NodeId) -> bool {
        self.ids.binary_search(&id).is_ok()
    }

    /// Tells whether `id` is alone, so that its own word is a majority.
    pub fn is_only(&self, id: NodeId) -> bool {
        self.ids == [id]
    }

    /// The number of voters that make a majority.
    pub fn majority(&self) -> usize {
        self.ids.len() / 2 + 1
    }

    /// Finds the highest index that a majority has acknowledged.
    ///
    /// `acked` gives the acknowledged index of each voter. An empty set acknowledges nothing.
    /// The loop is quadratic on purpose: for five voters it beats sorting, and allocates nothing.
    pub fn committed(&self, acked: impl Fn(NodeId) -> Index) -> Index {
        let majority = self.majority();
        let reaches = |index| self.ids.iter().filter(|id| acked(**id) >= index).count() >= majority;
        self.ids.iter().map(|id| acked(*id)).filter(|index| reaches(*index)).max().unwrap_or(0)
    }

    /// Counts votes; `vote` gives each voter's answer, `None` while it is missing.
    pub fn tally(&self, vote: impl Fn(NodeId) -> Option<bool>) -> Tally {
        let yes = self.ids.iter().filter(|id| vote(**id) == Some(true)).count();
        let missing = self.ids.iter().filter(|id| vote(**id).is_none()).count();
        if yes >= self.majority() {
            Tally::Won
        } else if yes + missing >= self.majority() {
            Tally::Pending
        } else {
            Tally::Lost
        }
    }
}

/// The answers a candidate has collected, each voter's first one only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Votes {
    answers: Vec<(NodeId, bool)>,
}

impl Votes {
    /// Notes an answer; a voter that answers twice is heard once.
    pub fn record(&mut self, voter: NodeId, granted: bool) {
        if self.get(voter).is_none() {
            self.answers.push((voter, granted));
        }
    }

    /// Gives the answer of one voter.
    pub fn get(&self, voter: NodeId) -> Option<bool> {
        self.answers.iter().find(|(id, _)| *id == voter).map(|(_, granted)| *granted)
    }

    /// Lists the answers in the order of their arrival.
    pub fn answers(&self) -> &[(NodeId, bool)] {
        &self.answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voters(count: u64) -> VoterSet {
        VoterSet::new((1..=count).map(NodeId))
    }

    #[test]
    fn the_committed_index_is_the_best_that_a_majority_reached() {
        let rows: [(&[Index], Index); 7] = [
            (&[7], 7),
            (&[3, 9], 3),
            (&[1, 2, 3], 2),
            (&[5, 0, 5], 5),
            (&[4, 4, 1, 9], 4),
            (&[0, 0, 8, 9, 10], 8),
            (&[1, 2, 3, 4, 5, 6, 7], 4),
        ];
        for (acked, expect) in rows {
            let set = voters(u64::try_from(acked.len()).unwrap());
            let of = |id: NodeId| acked[usize::try_from(id.0).unwrap() - 1];
            assert_eq!(set.committed(of), expect, "{acked:?}");
        }
        assert_eq!(VoterSet::default().committed(|_| 9), 0);
    }

    #[test]
    fn a_vote_is_lost_as_soon_as_it_cannot_be_won() {
        let rows: [(&[Option<bool>], Tally); 6] = [
            (&[Some(true), None, None], Tally::Pending),
            (&[Some(true), None, Some(true)], Tally::Won),
            (&[Some(false), None, Some(false)], Tally::Lost),
            (&[Some(true), Some(false), None], Tally::Pending),
            (&[Some(true), Some(false), None, Some(false)], Tally::Lost),
            (&[Some(true), Some(true), None, Some(true), None], Tally::Won),
        ];
        for (answers, expect) in rows {
            let set = voters(u64::try_from(answers.len()).unwrap());
            let of = |id: NodeId| answers[usize::try_from(id.0).unwrap() - 1];
            assert_eq!(set.tally(of), expect, "{answers:?}");
        }
    }

    #[test]
    fn a_second_answer_of_the_same_voter_changes_nothing() {
        let mut votes = Votes::default();
        votes.record(NodeId(2), false);
        votes.record(NodeId(2), true);
        assert_eq!(votes.answers(), [(NodeId(2), false)]);
    }
}
