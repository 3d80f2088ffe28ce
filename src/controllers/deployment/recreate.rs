//! The strategy `Recreate`: every old pod ends before the first new one starts.
//!
//! Source: kubernetes/kubernetes:pkg/controller/deployment/recreate.go.

use std::sync::Arc;

use crate::api::{Pod, ReplicaSet};

use super::scale::Resize;
use super::util::{active, actual_replica_count};

/// Every old ReplicaSet goes to nothing.
#[must_use]
pub fn scale_down_old(old: &[Arc<ReplicaSet>]) -> Vec<Resize> {
    active(old).iter().filter_map(|rs| Resize::of(rs, 0)).collect()
}

/// Whether old pods still run: counted ones, or such as have not ended (a pod that is being
/// deleted still runs, though its ReplicaSet no longer counts it).
pub fn old_pods_running<'a>(
    old: &[Arc<ReplicaSet>],
    mut pods: impl Iterator<Item = &'a Arc<Pod>>,
) -> bool {
    actual_replica_count(old) > 0 || pods.any(|pod| !pod.is_terminal())
}
