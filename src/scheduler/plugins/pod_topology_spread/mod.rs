//! Spreads pods evenly over zones, hosts, or whatever a node label tells apart.
//!
//! `DoNotSchedule` constraints rule nodes out (`filter`), `ScheduleAnyway` ones only count in the
//! score (`score`). A pod without constraints of its own that belongs to a Service or a ReplicaSet
//! gets the system's two defaults.
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/podtopologyspread.

mod constraint;
mod filter;
mod score;

pub use filter::{Counts, FilterState};
pub use score::ScoreState;

use crate::api::Str;
use crate::api::reasons::{LABEL_HOSTNAME, LABEL_ZONE};

/// A hard constraint is broken.
pub const NO_MATCH: &str = "node(s) didn't match pod topology spread constraints";
/// The node lacks a topology key of a hard constraint.
pub const NO_LABEL: &str =
    "node(s) didn't match pod topology spread constraints (missing required label)";

/// The plugin.
#[derive(Clone, Debug)]
pub struct PodTopologySpread {
    /// Constraints of pods that have none: `(topology key, maxSkew)`, all `ScheduleAnyway`.
    ///
    /// Default: hostname 3, zone 5.
    pub default_constraints: Vec<(Str, i32)>,
    /// Whether the defaults are the system's own: then a node without a zone label still counts
    /// for the spreading over hosts.
    pub system_defaulted: bool,
}

impl Default for PodTopologySpread {
    /// Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/podtopologyspread/plugin.go
    /// `systemDefaultConstraints`.
    fn default() -> Self {
        PodTopologySpread {
            default_constraints: vec![(LABEL_HOSTNAME, 3), (LABEL_ZONE, 5)],
            system_defaulted: true,
        }
    }
}
