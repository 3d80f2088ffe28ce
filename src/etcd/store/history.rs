//! The changes of the store in the order they happened: what a watch from the past is fed from.
//!
//! The log is cut into chunks behind `Arc`s. A full chunk never changes again, so a clone of the
//! world shares it, and compaction drops whole chunks at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::wire::etcd::{KeyValue, Revision};

/// How many changes a chunk holds. Unit: changes.
const CHUNK: usize = 256;

/// Every change from some revision on, ordered by revision, then by operation.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    chunks: VecDeque<Arc<Vec<Arc<KeyValue>>>>,
}

impl History {
    /// Adds a change. Its revision is the newest one or the next.
    pub(super) fn push(&mut self, kv: Arc<KeyValue>) {
        match self.chunks.back_mut() {
            Some(chunk) if chunk.len() < CHUNK => Arc::make_mut(chunk).push(kv),
            Some(_) | None => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(kv);
                self.chunks.push_back(Arc::new(chunk));
            }
        }
    }

    /// The changes at `revision` and later that are still there.
    pub(super) fn since(&self, revision: Revision) -> impl Iterator<Item = &Arc<KeyValue>> {
        let ends_before = |chunk: &Arc<Vec<Arc<KeyValue>>>| {
            chunk.last().is_none_or(|kv| kv.mod_revision < revision)
        };
        let first = self.chunks.partition_point(ends_before);
        let skip = self
            .chunks
            .get(first)
            .map_or(0, |chunk| chunk.partition_point(|kv| kv.mod_revision < revision));
        self.chunks.range(first..).flat_map(|chunk| chunk.iter()).skip(skip)
    }

    /// Forgets changes below `revision`, as far as whole chunks of them go. What is left below it
    /// is never asked for again, because no watch may start there.
    pub(super) fn compact(&mut self, revision: Revision) {
        while self
            .chunks
            .front()
            .is_some_and(|chunk| chunk.last().is_none_or(|kv| kv.mod_revision < revision))
        {
            self.chunks.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(revision: Revision) -> Arc<KeyValue> {
        Arc::new(KeyValue::tombstone("k".into(), revision))
    }

    #[test]
    fn since_finds_the_first_change_of_a_revision_in_any_chunk() {
        let mut history = History::default();
        for revision in 2..1002 {
            history.push(change(revision));
            history.push(change(revision));
        }
        for revision in [2, 3, 129, 130, 131, 500, 1001] {
            let found: Vec<_> = history.since(revision).map(|kv| kv.mod_revision).collect();
            assert_eq!(found.first(), Some(&revision));
            assert_eq!(found.len() as i64, 2 * (1002 - revision));
        }
        assert_eq!(history.since(1002).count(), 0);
    }

    #[test]
    fn compaction_keeps_everything_from_its_revision_on() {
        let mut history = History::default();
        (2..2000).for_each(|revision| history.push(change(revision)));
        history.compact(1500);
        assert_eq!(history.since(1500).count(), 500);
        assert!(history.chunks.len() <= 3, "whole chunks below the floor are gone");
    }
}
