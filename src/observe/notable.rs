//! What is worth telling: a heartbeat is not.

use crate::api::ConditionStatus;
use crate::api::Kind;
use crate::api::Node;
use crate::api::Object;
use crate::api::Pod;
use crate::api::PodPhase;
use crate::api::reasons;
use crate::kernel::KernelNote;
use crate::wire::Note;
use crate::wire::note::RaftNote;

use super::facts::{Fact, What};
use super::model::Change;

/// Whether a note is worth telling.
pub(super) fn is_notable(note: &Note) -> bool {
    match note {
        Note::Kernel(kernel) => {
            !matches!(kernel, KernelNote::Lost { .. } | KernelNote::Held { .. })
        }
        Note::Raft(raft) => matches!(raft, RaftNote::Role { .. }),
        Note::Request(request) => request.lost.is_some(),
        Note::Call(_) | Note::Applied(_) | Note::Because(_) => false,
        Note::Decision(_)
        | Note::Leading { .. }
        | Note::Rules { .. }
        | Note::Operator { .. }
        | Note::Fault { .. }
        | Note::Bookmark(_) => true,
    }
}

/// Whether a change of an object is worth telling: a heartbeat is not.
pub(super) fn matters(change: &Change) -> bool {
    let (Some(old), Some(new)) = (&change.old, &change.new) else {
        return change.kind != Kind::Lease;
    };
    match (old, new) {
        (Object::Pod(old), Object::Pod(new)) => {
            old.status.phase != new.status.phase
                || old.is_ready() != new.is_ready()
                || old.spec.node_name != new.spec.node_name
                || old.metadata.is_terminating() != new.metadata.is_terminating()
                || restarts(old) != restarts(new)
                || old.status.phase == PodPhase::Pending
                    && old.status.conditions != new.status.conditions
        }
        (Object::Node(old), Object::Node(new)) => {
            old.spec != new.spec
                || old.status.conditions.status(&reasons::READY)
                    != new.status.conditions.status(&reasons::READY)
        }
        (Object::Lease(old), Object::Lease(new)) => {
            old.spec.holder_identity != new.spec.holder_identity
        }
        _ => true,
    }
}

/// Whether a container of a pod was started again.
pub(super) fn restarted(change: &Change) -> bool {
    let (Some(Object::Pod(old)), Some(Object::Pod(new))) = (&change.old, &change.new) else {
        return false;
    };
    restarts(new) > restarts(old)
}

/// Whether a node says so of itself, and is heard.
pub(super) fn is_ready(node: &Node) -> bool {
    node.status.conditions.status(&reasons::READY) == Some(ConditionStatus::True)
}

fn restarts(pod: &Pod) -> i32 {
    pod.status.container_statuses.iter().map(|status| status.restart_count).sum()
}

impl Fact {
    /// Whether it tells of a pod that is gone, going or not ready.
    pub(super) fn is_of_failing_pod(&self) -> bool {
        let What::Changed(change) = &self.what else { return false };
        !matches!(&change.new, Some(Object::Pod(pod))
            if pod.is_ready() && !pod.metadata.is_terminating())
    }

    /// Whether it tells of a node that is not ready.
    pub(super) fn is_of_silent_node(&self) -> bool {
        let What::Changed(change) = &self.what else { return false };
        matches!(&change.new, Some(Object::Node(node)) if !is_ready(node))
    }

    /// The node of the pod that it tells of.
    pub(super) fn node(&self) -> Option<&str> {
        let What::Changed(change) = &self.what else { return None };
        let Some(Object::Pod(pod)) = change.either() else { return None };
        Some(&pod.spec.node_name).filter(|node| !node.is_empty()).map(|node| node.as_str())
    }
}
