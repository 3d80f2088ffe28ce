//! Which versions of a Service's slices this controller has written, so that it never packs from
//! a cache that does not show its own last writes, and does not start at their echo.
//!
//! Source: kubernetes/endpointslice:util/endpointslice_tracker.go.

use std::collections::BTreeMap;

use crate::api::{EndpointSlice, ObjectKey, Uid};

/// What is expected of one slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The cache shows at least this version.
    Version(u64),
    /// The cache no longer shows it.
    Gone,
}

/// The slices that were written, by Service.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    services: BTreeMap<ObjectKey, BTreeMap<Uid, Expected>>,
}

impl Tracker {
    /// A slice was written and is now as shown.
    pub fn wrote(&mut self, service: &ObjectKey, slice: &EndpointSlice) {
        let version = Expected::Version(slice.metadata.resource_version);
        self.services.entry(service.clone()).or_default().insert(slice.metadata.uid, version);
    }

    /// A slice was deleted.
    pub fn deleted(&mut self, service: &ObjectKey, slice: &EndpointSlice) {
        let slices = self.services.entry(service.clone()).or_default();
        slices.insert(slice.metadata.uid, Expected::Gone);
    }

    /// Whether these slices, all that the cache has of the Service, are older than what was
    /// written.
    pub fn is_stale<'a>(
        &self,
        service: &ObjectKey,
        slices: impl Iterator<Item = &'a EndpointSlice>,
    ) -> bool {
        let Some(expected) = self.services.get(service) else { return false };
        let shown: BTreeMap<Uid, u64> =
            slices.map(|slice| (slice.metadata.uid, slice.metadata.resource_version)).collect();
        expected.iter().any(|(uid, expected)| match (expected, shown.get(uid)) {
            (Expected::Version(version), shown) => shown.is_none_or(|shown| shown < version),
            (Expected::Gone, shown) => shown.is_some(),
        })
    }

    /// Whether the cache shows something that this controller did not write.
    #[must_use]
    pub fn surprises(&self, service: &ObjectKey, slice: &EndpointSlice) -> bool {
        match self.services.get(service).and_then(|slices| slices.get(&slice.metadata.uid)) {
            Some(Expected::Version(version)) => slice.metadata.resource_version > *version,
            Some(Expected::Gone) => false,
            None => true,
        }
    }

    /// The cache no longer shows a slice; whether that was not this controller's doing.
    pub fn gone(&mut self, service: &ObjectKey, slice: &EndpointSlice) -> bool {
        let known = self.services.get_mut(service);
        let expected = known.and_then(|slices| slices.remove(&slice.metadata.uid));
        expected.is_some_and(|expected| expected != Expected::Gone)
    }

    /// The Service is gone.
    pub fn forget(&mut self, service: &ObjectKey) {
        self.services.remove(service);
    }
}
