//! What the scheduler does when pods and nodes come, change and go.
//!
//! A pod is in one of three situations: it waits for a node (the queue's), it is on a node (the
//! snapshot's), or it is no concern of this scheduler.
//! Source: kubernetes/kubernetes:pkg/scheduler/eventhandlers.go.

use std::sync::Arc;

use crate::api::{Node, Pod};
use crate::kernel::SimTime;

use super::actor::Scheduler;
use super::config::NAME;
use super::events::ClusterEvent;
use super::node_info::PodInfo;

/// Whose concern a pod is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Situation {
    /// It needs a node from this scheduler.
    Waits,
    /// It is on a node.
    Placed,
    /// It has ended, or another scheduler is in charge.
    NoConcern,
}

fn situation(pod: &Pod) -> Situation {
    if pod.is_terminal() {
        Situation::NoConcern
    } else if !pod.spec.node_name.is_empty() {
        Situation::Placed
    } else if pod.spec.scheduler_name == NAME {
        Situation::Waits
    } else {
        Situation::NoConcern
    }
}

impl Scheduler {
    /// A pod came, changed or went.
    pub(super) fn on_pod(&mut self, old: Option<Arc<Pod>>, new: Option<Arc<Pod>>, now: SimTime) {
        if let (Some(before), Some(after)) = (&old, &new)
            && before.metadata.uid != after.metadata.uid
        {
            // Another pod of the same name: the first one went unseen.
            self.on_pod(old, None, now);
            self.on_pod(None, new, now);
            return;
        }
        let was = old.as_deref().map_or(Situation::NoConcern, situation);
        let is = new.as_deref().map_or(Situation::NoConcern, situation);
        let Some(uid) = new.as_ref().or(old.as_ref()).map(|pod| pod.metadata.uid) else { return };
        if was == Situation::Waits && is != Situation::Waits {
            self.queue.remove(uid);
        }
        match (is, new) {
            (Situation::Waits, Some(pod)) => {
                // An assumed pod only looks as if it waited: its binding is on the way.
                if !self.snapshot.is_assumed(uid) {
                    self.queue.add(Arc::new(PodInfo::of(pod)), now);
                }
            }
            (Situation::Placed, Some(pod)) => self.pod_is_placed(old, pod, was, now),
            (Situation::Waits | Situation::Placed | Situation::NoConcern, _) => {
                if was == Situation::Placed {
                    self.pod_left(uid, now);
                }
            }
        }
    }

    fn pod_is_placed(
        &mut self,
        old: Option<Arc<Pod>>,
        new: Arc<Pod>,
        was: Situation,
        now: SimTime,
    ) {
        self.snapshot.set_pod(Arc::clone(&new));
        let event = match old {
            Some(old) if was == Situation::Placed => {
                let (before, after) = (&old.metadata, &new.metadata);
                let same = before.labels == after.labels
                    && before.is_terminating() == after.is_terminating();
                (!same).then_some(ClusterEvent::PodChanged { old, new })
            }
            Some(_) | None => Some(ClusterEvent::PodAdded(new)),
        };
        if let Some(event) = event {
            self.queue.on_event(&event, &self.profile, now);
        }
    }

    /// A pod is on no node any more; its place may be what others wait for.
    pub(super) fn pod_left(&mut self, uid: crate::api::Uid, now: SimTime) {
        let info = self.snapshot.pod(uid).cloned();
        if self.snapshot.remove_pod(uid)
            && let Some(info) = info
        {
            self.queue.on_event(&ClusterEvent::PodDeleted(info), &self.profile, now);
        }
    }

    /// A node came, changed or went.
    pub(super) fn on_node(&mut self, old: Option<Arc<Node>>, new: Option<Arc<Node>>, now: SimTime) {
        let event = match (old, new) {
            (Some(old), Some(new)) => {
                self.snapshot.set_node(Arc::clone(&new));
                ClusterEvent::of_node_update(&old, &new)
            }
            (None, Some(new)) => {
                self.snapshot.set_node(Arc::clone(&new));
                Some(ClusterEvent::Node { old: None, new })
            }
            (Some(old), None) => {
                self.snapshot.remove_node(&old.metadata.name);
                Some(ClusterEvent::NodeDeleted(old))
            }
            (None, None) => None,
        };
        if let Some(event) = event {
            self.queue.on_event(&event, &self.profile, now);
        }
    }
}
