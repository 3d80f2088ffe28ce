//! The runners, one file per file of cases. A new one is a module, a line in [`RUNNERS`], and, once
//! every case passes, a line in [`COMPLETE`].

pub(crate) mod case;
mod etcd_semantics;
mod hpa;
mod labels;
mod node_affinity;
mod node_lifecycle;
mod probes_restart;
mod quantity;
mod replicaset_ranking;
mod rolling_update;
mod scheduler_fit;
mod scheduler_score_resources;
mod stage;
mod taints;
mod topology_spread;

use case::Case;

/// Runs one case: `Err` says what differed.
pub(crate) type Runner = fn(&Case) -> Result<(), String>;

/// Which runner knows which file.
pub(crate) const RUNNERS: &[(&str, Runner)] = &[
    ("etcd/semantics", etcd_semantics::run),
    ("k8s/hpa", hpa::run),
    ("k8s/labels", labels::run),
    ("k8s/node_affinity", node_affinity::run),
    ("k8s/node_lifecycle", node_lifecycle::run),
    ("k8s/probes_restart", probes_restart::run),
    ("k8s/quantity", quantity::run),
    ("k8s/scheduler_fit", scheduler_fit::run),
    ("k8s/scheduler_score_resources", scheduler_score_resources::run),
    ("k8s/taints", taints::run),
    ("k8s/topology_spread", topology_spread::run),
    ("k8s/replicaset_ranking", replicaset_ranking::run),
    ("k8s/rolling_update", rolling_update::run),
];

/// Files of which every case must pass, apart from the kinds in [`NOT_YET`].
pub(crate) const COMPLETE: &[&str] = &[
    "etcd/semantics",
    "k8s/hpa",
    "k8s/labels",
    "k8s/node_affinity",
    "k8s/node_lifecycle",
    "k8s/probes_restart",
    "k8s/quantity",
    "k8s/scheduler_fit",
    "k8s/scheduler_score_resources",
    "k8s/taints",
    "k8s/topology_spread",
    "k8s/replicaset_ranking",
    "k8s/rolling_update",
];

/// Kinds of cases whose subject does not exist yet: they count as failed, but do not fail the run.
pub(crate) const NOT_YET: &[(&str, &str)] = &[];

/// Cases that contradict what they were taken from: they count as failed, but do not fail the run.
///
/// `labels-088`: upstream's row forbids the order (y, x), which the sorted answer (x, y) indeed is
/// not; the case lists the two as (x, y), the order of upstream's answer.
pub(crate) const DISPUTED: &[&str] = &["labels-088"];
