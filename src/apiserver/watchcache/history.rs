//! The recent changes of one kind, oldest first, within bounds of number and age.

use crate::api::Object;
use crate::kernel::{Chunks, SimTime, Span};

/// Fewest changes kept. Source: kubernetes/apiserver:pkg/storage/cacher/watch_cache.go.
const CAPACITY_MIN: usize = 100;
/// Most changes kept. Source: as above.
const CAPACITY_MAX: usize = 102_400;
/// Changes younger than this make the history grow, older ones let it shrink. Source: as above.
const FRESH: Span = Span::secs(75);

/// One change of one object.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The revision of the change.
    pub(crate) version: u64,
    /// The object before; when it was deleted, with the version of the deletion.
    pub(crate) old: Option<Object>,
    /// The object after; none when it was deleted.
    pub(crate) new: Option<Object>,
}

/// The recent changes.
#[derive(Clone, Debug)]
pub(crate) struct History {
    changes: Chunks<(SimTime, Change)>,
    capacity: usize,
    floor: u64,
}

impl Default for History {
    fn default() -> Self {
        History { changes: Chunks::default(), capacity: CAPACITY_MIN, floor: 0 }
    }
}

impl History {
    /// Nothing is known of what was before `version`.
    pub(crate) fn restart(&mut self, version: u64) {
        *self = History { floor: version, ..History::default() };
    }

    /// Changes after this version are all here.
    pub(crate) const fn floor(&self) -> u64 {
        self.floor
    }

    /// Adds a change; forgets the oldest ones when there is no room.
    pub(crate) fn push(&mut self, change: Change, now: SimTime) {
        if self.changes.len() >= self.capacity {
            self.resize(now);
        }
        while self.changes.len() >= self.capacity {
            if let Some((_, oldest)) = self.changes.first() {
                self.floor = oldest.version;
            }
            self.changes.drop_first();
        }
        self.changes.push((now, change));
    }

    /// Twice the room while even the oldest change is fresh; half of it when the last quarter
    /// of the changes already took longer.
    fn resize(&mut self, now: SimTime) {
        let is_fresh =
            |place: usize| self.changes.get(place).is_some_and(|(at, _)| now.since(*at) < FRESH);
        if is_fresh(0) {
            self.capacity = (self.capacity * 2).min(CAPACITY_MAX);
        } else if !is_fresh(self.capacity - self.capacity / 4) {
            self.capacity = (self.capacity / 2).max(CAPACITY_MIN);
        }
    }

    /// All changes after `version`, oldest first.
    pub(crate) fn after(&self, version: u64) -> impl Iterator<Item = &Change> {
        let start = self.changes.partition_point(|(_, change)| change.version <= version);
        self.changes.from(start).map(|(_, change)| change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: u64, apart: Span) -> History {
        let mut history = History::default();
        history.restart(10);
        for n in 0..count {
            let now = SimTime::ZERO + apart * n;
            history.push(Change { version: 11 + n, old: None, new: None }, now);
        }
        history
    }

    #[test]
    fn fresh_changes_make_room_for_themselves() {
        let history = filled(1_000, Span::millis(1));
        assert_eq!((history.floor(), history.after(10).count()), (10, 1_000));
        assert_eq!(history.after(1_000).count(), 10);
    }

    #[test]
    fn old_changes_are_forgotten_and_the_floor_rises() {
        let history = filled(1_000, Span::secs(10));
        assert_eq!((history.floor(), history.after(0).count()), (910, 100));
    }

    #[test]
    fn there_is_an_upper_bound() {
        let history = filled(200_000, Span::nanos(1));
        assert_eq!(history.after(0).count(), CAPACITY_MAX);
    }

    #[test]
    fn room_that_is_not_needed_is_given_back() {
        let mut history = filled(400, Span::millis(1));
        for n in 0..500 {
            let now = SimTime::from_secs(1_000 + 10 * n);
            history.push(Change { version: 1_000 + n, old: None, new: None }, now);
        }
        assert_eq!(history.after(0).count(), CAPACITY_MIN);
    }
}
