//! Which fault silences which process or program, and whether it is over.
//!
//! Only faults that make somebody silent count: a crash, a freeze, a cut of the network, a program
//! that hangs, is slow or says that it is not ready. They send no message, so no cause id leads
//! from them to what they bring about.

use std::collections::BTreeMap;

use crate::api::ObjectKey;
use crate::cluster::{Directory, Role};
use crate::kernel::SimTime;
use crate::kernel::Slot;

use super::facts::FactId;

/// The newest fault that silenced each process and the program of each pod.
#[derive(Clone, Debug, Default)]
pub(super) struct Harms {
    on: BTreeMap<Slot, Harm>,
    pods: BTreeMap<ObjectKey, Harm>,
}

/// A fault.
#[derive(Clone, Copy, Debug)]
struct Harm {
    fact: FactId,
    /// Whether it lies in the network, so that a healing without a name may end it.
    cut: bool,
    ended: Option<SimTime>,
}

impl Harms {
    /// The plan did something to these processes, or to the programs of these pods.
    ///
    /// Simplified: which cut a healing ends is not noted; it ends all of them here, so that at
    /// worst a loss has no cause told.
    pub(super) fn note(
        &mut self,
        (fact, at): (FactId, SimTime),
        name: &str,
        actors: &[Slot],
        pods: &[ObjectKey],
    ) {
        match name {
            "heal" if !pods.is_empty() => pods.iter().for_each(|pod| self.restarted(pod, at)),
            "hang" | "slow_app" | "not_ready" => {
                let harm = Harm { fact, cut: false, ended: None };
                self.pods.extend(pods.iter().map(|pod| (pod.clone(), harm)));
            }
            "crash" | "pause" | "partition" => {
                let harm = Harm { fact, cut: name == "partition", ended: None };
                self.on.extend(actors.iter().map(|slot| (*slot, harm)));
            }
            "heal" if actors.is_empty() => {
                let open = self.on.values_mut().filter(|harm| harm.cut && harm.ended.is_none());
                open.for_each(|harm| harm.ended = Some(at));
            }
            "recover" | "resume" | "heal" => {
                for slot in actors {
                    if let Some(harm) = self.on.get_mut(slot).filter(|harm| !harm.cut) {
                        harm.ended.get_or_insert(at);
                    }
                }
            }
            _ => {}
        }
    }

    /// The program of a pod begins anew: it is as it was.
    pub(super) fn restarted(&mut self, pod: &ObjectKey, at: SimTime) {
        if let Some(harm) = self.pods.get_mut(pod) {
            harm.ended.get_or_insert(at);
        }
    }

    /// The fault in a pod's program at some time after `since`.
    pub(super) fn of_pod(&self, pod: &ObjectKey, since: SimTime) -> Option<FactId> {
        self.pods.get(pod).and_then(|harm| harm.since(since))
    }

    /// The fault that made a process silent at some time after `since`.
    pub(super) fn after(&self, slot: Slot, since: SimTime) -> Option<FactId> {
        self.on.get(&slot).and_then(|harm| harm.since(since))
    }

    /// The newest fault that made a node silent: its machine, its kubelet or its runtime.
    pub(super) fn of_node(&self, name: &str, directory: &Directory) -> Option<FactId> {
        let slots = &directory.machine(name)?.slots;
        let speaks = |slot: &&Slot| {
            matches!(directory.role(**slot), Some(Role::Kubelet(_) | Role::Runtime(_)))
        };
        slots.iter().filter(speaks).filter_map(|slot| Some(self.on.get(slot)?.fact)).max()
    }
}

impl Harm {
    /// Its fact, unless it was over before `since`.
    fn since(&self, since: SimTime) -> Option<FactId> {
        self.ended.is_none_or(|ended| ended >= since).then_some(self.fact)
    }
}

/// The slot that answers for the pods of a node.
pub(super) fn runtime_of(name: &str, directory: &Directory) -> Option<Slot> {
    let slots = &directory.machine(name)?.slots;
    slots.iter().copied().find(|slot| matches!(directory.role(*slot), Some(Role::Runtime(_))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_that_is_over_explains_nothing_later() {
        let mut harms = Harms::default();
        let (one, two) = (Slot(7), Slot(8));
        let at = SimTime::from_secs;
        harms.note((FactId(1), at(10)), "crash", &[one], &[]);
        harms.note((FactId(2), at(10)), "partition", &[two], &[]);
        harms.note((FactId(3), at(12)), "slow_disk", &[one], &[]);
        assert_eq!(harms.after(one, at(100)), Some(FactId(1)));
        harms.note((FactId(4), at(20)), "recover", &[one], &[]);
        assert_eq!(harms.after(one, at(19)), Some(FactId(1)));
        assert_eq!(harms.after(one, at(21)), None);
        harms.note((FactId(5), at(30)), "recover", &[two], &[]);
        assert_eq!(harms.after(two, at(40)), Some(FactId(2)), "a cut outlasts a restart");
        harms.note((FactId(6), at(50)), "heal", &[], &[]);
        assert_eq!(harms.after(two, at(51)), None);
        assert_eq!(harms.after(Slot(9), at(0)), None);
    }

    #[test]
    fn a_program_is_well_after_its_restart() {
        let mut harms = Harms::default();
        let (pod, at) = (ObjectKey::new("default", "web"), SimTime::from_secs);
        harms.note((FactId(1), at(10)), "hang", &[], std::slice::from_ref(&pod));
        assert_eq!(harms.of_pod(&pod, at(90)), Some(FactId(1)));
        harms.restarted(&pod, at(40));
        assert_eq!(harms.of_pod(&pod, at(39)), Some(FactId(1)));
        assert_eq!(harms.of_pod(&pod, at(41)), None);
    }
}
