//! Orders the active queue: higher priority first, then who has waited longer.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/queuesort.

use std::cmp::Reverse;

use crate::api::{Pod, Uid};
use crate::kernel::SimTime;

/// A place in the active queue; the least comes first. The running number keeps pods that came at
/// the same instant in the order in which they came.
pub type SortKey = (Reverse<i32>, SimTime, u64, Uid);

/// The place of a pod that has waited since `since`.
#[must_use]
pub fn sort_key(pod: &Pod, since: SimTime, number: u64) -> SortKey {
    (Reverse(pod.spec.priority), since, number, pod.metadata.uid)
}
