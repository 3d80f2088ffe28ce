//! What a controller has asked for and not seen yet in its cache.
//!
//! The cache lags behind the API server. A ReplicaSet that has just made three pods would see
//! none of them and make three more; so it writes down what it expects and leaves its pods alone
//! until the informer has shown it all (or five minutes have passed, in case something was lost).
//!
//! Creations are counted, since a pod's name is not known before; deletions are kept by uid, since
//! the informer may tell of one deletion twice (the mark, then the end).
//!
//! Source: kubernetes/kubernetes:pkg/controller/controller_utils.go
//! (`UIDTrackingControllerExpectations`).

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{ObjectKey, Time, Uid};
use crate::kernel::Span;

/// After so long an expectation is given up.
/// Source: kubernetes/kubernetes:pkg/controller/controller_utils.go `ExpectationsTimeout`.
pub const EXPECTATIONS_TIMEOUT: Span = Span::mins(5);

/// The expectations of one controller, by the key of its objects.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    by_key: BTreeMap<ObjectKey, Expected>,
}

/// What one object expects.
#[derive(Clone, Debug, Default)]
struct Expected {
    creations: usize,
    deletions: BTreeSet<Uid>,
    since: Time,
}

impl Expectations {
    /// `count` objects will appear.
    pub fn expect_creations(&mut self, key: &ObjectKey, count: usize, now: Time) {
        let expected = Expected { creations: count, since: now, ..Expected::default() };
        self.by_key.insert(key.clone(), expected);
    }

    /// These objects will go.
    pub fn expect_deletions(
        &mut self,
        key: &ObjectKey,
        uids: impl IntoIterator<Item = Uid>,
        now: Time,
    ) {
        let deletions = uids.into_iter().collect();
        self.by_key.insert(key.clone(), Expected { creations: 0, deletions, since: now });
    }

    /// An object appeared, or will not appear after all.
    pub fn creation_observed(&mut self, key: &ObjectKey) {
        self.creations_observed(key, 1);
    }

    /// `count` objects appeared, or will not appear after all.
    pub fn creations_observed(&mut self, key: &ObjectKey, count: usize) {
        if let Some(expected) = self.by_key.get_mut(key) {
            expected.creations = expected.creations.saturating_sub(count);
        }
    }

    /// An object goes, or will not go after all.
    pub fn deletion_observed(&mut self, key: &ObjectKey, uid: Uid) {
        if let Some(expected) = self.by_key.get_mut(key) {
            expected.deletions.remove(&uid);
        }
    }

    /// Whether the cache can be believed as to this object.
    #[must_use]
    pub fn satisfied(&self, key: &ObjectKey, now: Time) -> bool {
        self.by_key.get(key).is_none_or(|expected| {
            let fulfilled = expected.creations == 0 && expected.deletions.is_empty();
            fulfilled || now.0.since(expected.since.0) > EXPECTATIONS_TIMEOUT
        })
    }

    /// The object is gone: nothing is expected of it any more.
    pub fn forget(&mut self, key: &ObjectKey) {
        self.by_key.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SimTime;

    const NOW: Time = Time(SimTime::ZERO);

    #[test]
    fn a_deletion_that_is_told_twice_counts_once() {
        let key = ObjectKey::new("default", "web");
        let mut expectations = Expectations::default();
        assert!(expectations.satisfied(&key, NOW));
        expectations.expect_deletions(&key, [Uid(1), Uid(2)], NOW);
        expectations.deletion_observed(&key, Uid(1));
        expectations.deletion_observed(&key, Uid(1));
        assert!(!expectations.satisfied(&key, NOW));
        expectations.deletion_observed(&key, Uid(2));
        assert!(expectations.satisfied(&key, NOW));
    }

    #[test]
    fn what_never_comes_is_given_up_after_five_minutes() {
        let key = ObjectKey::new("default", "web");
        let mut expectations = Expectations::default();
        expectations.expect_creations(&key, 2, NOW);
        expectations.creation_observed(&key);
        assert!(!expectations.satisfied(&key, Time(SimTime::from_secs(300))));
        assert!(expectations.satisfied(&key, Time(SimTime::from_secs(301))));
    }
}
