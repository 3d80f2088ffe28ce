//! The plugins, one file each.

pub mod default_binder;
pub mod image_locality;
pub mod node_affinity;
pub mod node_name;
pub mod node_ports;
pub mod node_resources_balanced_allocation;
pub mod node_resources_fit;
pub mod node_unschedulable;
pub mod pod_topology_spread;
pub mod priority_sort;
pub mod resource_score;
pub mod taint_toleration;

/// The whole part of a float that is small, as Go's `int64(x)` takes it.
#[expect(clippy::cast_possible_truncation, reason = "cutting the fraction off is the purpose")]
pub(crate) fn whole(value: f64) -> i64 {
    value as i64
}

/// An amount as a float, for ratios; amounts beyond 2^53 lose digits there, as upstream's do.
#[expect(clippy::cast_precision_loss, reason = "a ratio needs no more digits")]
pub(crate) fn float(amount: i64) -> f64 {
    amount as f64
}
