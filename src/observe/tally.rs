//! How many pods stand how on which node, and what they ask for, kept up with every change.
//!
//! With 150,000 pods nobody counts at every look; whoever wants a sum adds up nodes and states.

use std::borrow::Cow;

use crate::api::ObjectKey;
use crate::api::Pod;
use crate::api::PodPhase;
use crate::api::Quantity;
use crate::api::Str;
use crate::api::pod::RestartPolicy;
use crate::api::pod_status::ContainerStatus;
use crate::kernel::SortedMap;

/// How good a pod's state is, by what is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// It does, or did, what it should.
    Good,
    /// On its way up or down.
    Starting,
    /// Without a node.
    Waiting,
    /// It failed, or a container keeps it from running.
    Bad,
    /// Nobody can tell.
    Unknown,
}

/// How a pod stands, by its own status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PodState {
    /// How good that is.
    pub health: Health,
    /// Kubectl's word.
    pub word: Cow<'static, str>,
    /// Whether it has ended for good.
    pub ended: bool,
    /// Whether its Ready condition holds.
    pub ready: bool,
}

impl PodState {
    /// What the pod's own status tells.
    #[must_use]
    pub fn of(pod: &Pod) -> PodState {
        let ready = pod.is_ready();
        let (health, word) = told(pod, ready);
        PodState { health, word, ended: pod.is_terminal(), ready }
    }
}

fn told(pod: &Pod, ready: bool) -> (Health, Cow<'static, str>) {
    if pod.metadata.is_terminating() {
        return (Health::Starting, "Terminating".into());
    }
    let status = &pod.status;
    match status.phase {
        PodPhase::Succeeded => return (Health::Good, "Completed".into()),
        PodPhase::Failed if status.reason.is_empty() => return (Health::Bad, "Error".into()),
        PodPhase::Failed => return (Health::Bad, status.reason.to_string().into()),
        PodPhase::Unknown => return (Health::Unknown, "Unknown".into()),
        PodPhase::Pending | PodPhase::Running => {}
    }
    if pod.spec.node_name.is_empty() {
        return (Health::Waiting, "Pending".into());
    }
    let containers = status.init_container_statuses.iter().chain(&status.container_statuses);
    if let Some(found) = containers.filter_map(trouble).next() {
        return found;
    }
    if status.phase == PodPhase::Pending {
        return (Health::Starting, "ContainerCreating".into());
    }
    (if ready { Health::Good } else { Health::Starting }, "Running".into())
}

/// What a container that does not run makes of its pod.
fn trouble(container: &ContainerStatus) -> Option<(Health, Cow<'static, str>)> {
    if let Some(waiting) = &container.state.waiting {
        return Some(match waiting.reason.as_str() {
            "" | "ContainerCreating" => (Health::Starting, "ContainerCreating".into()),
            "PodInitializing" => (Health::Starting, "PodInitializing".into()),
            other => (Health::Bad, other.to_owned().into()),
        });
    }
    let ended = container.state.terminated.as_ref().filter(|ended| ended.exit_code != 0)?;
    Some((Health::Bad, ended.reason.to_string().into()))
}

/// What some pods ask for together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Processors. Unit: thousandths.
    pub cpu: i64,
    /// Memory. Unit: bytes.
    pub memory: i64,
    /// Pods that have not ended.
    pub pods: i64,
}

impl Asked {
    /// What one pod asks for; nothing once it has ended.
    #[must_use]
    pub fn of(pod: &Pod) -> Asked {
        if pod.is_terminal() {
            return Asked::default();
        }
        Asked { cpu: request(pod, "cpu"), memory: request(pod, "memory"), pods: 1 }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Asked) -> Asked {
        Asked {
            cpu: self.cpu + other.cpu,
            memory: self.memory + other.memory,
            pods: self.pods + other.pods,
        }
    }

    /// The rest without some of them.
    fn without(self, other: Asked) -> Asked {
        let less = Asked { cpu: -other.cpu, memory: -other.memory, pods: -other.pods };
        self.and(less)
    }
}

/// What a pod asks for: the sum of what runs together, at least what an init container needs.
///
/// Simplified: an init container's need is not raised by the sidecars before it.
fn request(pod: &Pod, name: &str) -> i64 {
    let value = if name == "cpu" { Quantity::milli_value } else { Quantity::value };
    let amount =
        |container: &crate::api::Container| container.resources.requests.get(name).map_or(0, value);
    let stays = |container: &&crate::api::Container| {
        container.restart_policy == Some(RestartPolicy::Always)
    };
    let init = &pod.spec.init_containers;
    let together: i64 = pod.spec.containers.iter().map(amount).sum();
    let sidecars: i64 = init.iter().filter(stays).map(amount).sum();
    let first = init.iter().filter(|it| !stays(it)).map(amount).max().unwrap_or(0);
    (together + sidecars).max(first) + pod.spec.overhead.get(name).map_or(0, value)
}

/// The pods of one node that are in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// Their state.
    pub state: PodState,
    /// How many.
    pub pods: usize,
    /// What they ask for together.
    pub asked: Asked,
}

impl Alike {
    /// What all of these ask for together.
    #[must_use]
    pub fn asked(all: &[Alike]) -> Asked {
        all.iter().map(|alike| alike.asked).fold(Asked::default(), Asked::and)
    }
}

/// All pods by node and state. A node without pods has no entry; pods without a node stand under
/// the empty name.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    nodes: SortedMap<Str, Vec<Alike>>,
    /// Which pods each node has; only touched when a pod comes, goes or is bound.
    places: SortedMap<(Str, ObjectKey), ()>,
}

impl Tally {
    /// Takes in that a pod came, changed or went.
    pub(super) fn change(&mut self, old: Option<&Pod>, new: Option<&Pod>) {
        let moved = match (old, new) {
            (Some(old), Some(new)) => old.spec.node_name != new.spec.node_name,
            (Some(_), None) | (None, Some(_)) => true,
            (None, None) => false,
        };
        let counted = |pod: &Pod| (PodState::of(pod), Asked::of(pod));
        let (was, is) = (old.map(counted), new.map(counted));
        if !moved && was == is {
            return;
        }
        if let (Some(pod), Some((state, asked))) = (old, was) {
            if moved {
                self.places.remove(&(pod.spec.node_name.clone(), pod.metadata.key()));
            }
            self.take(&pod.spec.node_name, &state, asked);
        }
        if let (Some(pod), Some((state, asked))) = (new, is) {
            if moved {
                self.places.insert((pod.spec.node_name.clone(), pod.metadata.key()), ());
            }
            self.add(&pod.spec.node_name, state, asked);
        }
    }

    fn add(&mut self, node: &Str, state: PodState, asked: Asked) {
        let Some(alike) = self.nodes.get_mut(node) else {
            self.nodes.insert(node.clone(), vec![Alike { state, pods: 1, asked }]);
            return;
        };
        match alike.binary_search_by(|known| known.state.cmp(&state)) {
            Ok(place) => {
                let known = &mut alike[place];
                known.pods += 1;
                known.asked = known.asked.and(asked);
            }
            Err(place) => alike.insert(place, Alike { state, pods: 1, asked }),
        }
    }

    fn take(&mut self, node: &Str, state: &PodState, asked: Asked) {
        let Some(alike) = self.nodes.get_mut(node) else { return };
        let Ok(place) = alike.binary_search_by(|known| known.state.cmp(state)) else { return };
        let known = &mut alike[place];
        known.pods -= 1;
        known.asked = known.asked.without(asked);
        if known.pods == 0 {
            alike.remove(place);
        }
        if alike.is_empty() {
            self.nodes.remove(node);
        }
    }

    /// The nodes that have pods, sorted by name, with their pods by state.
    pub fn nodes(&self) -> impl Iterator<Item = (&Str, &[Alike])> {
        self.nodes.iter().map(|(node, alike)| (node, alike.as_slice()))
    }

    /// The pods of one node by state; of the empty name, those without a node.
    #[must_use]
    pub fn on(&self, node: &str) -> &[Alike] {
        self.nodes.get(node).map_or(&[], Vec::as_slice)
    }

    /// The keys of the pods of one node, sorted; of the empty name, those without a node.
    pub fn keys_on(&self, node: &Str) -> impl Iterator<Item = &ObjectKey> {
        let from = (node.clone(), ObjectKey::default());
        let node = node.clone();
        self.places
            .from(&from)
            .map(|(place, ())| place)
            .take_while(move |(found, _)| *found == node)
            .map(|(_, key)| key)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::api::Condition;
    use crate::api::ConditionStatus;
    use crate::api::Container;
    use crate::api::Time;
    use crate::api::pod_status::ContainerStateWaiting;
    use crate::api::reasons;
    use crate::kernel::SimTime;

    const PHASES: [PodPhase; 5] = [
        PodPhase::Pending,
        PodPhase::Running,
        PodPhase::Succeeded,
        PodPhase::Failed,
        PodPhase::Unknown,
    ];

    /// A pod of a few possible ones.
    fn pod(name: u8, (node, phase, how): (u8, usize, u8)) -> Pod {
        let mut pod = Pod::default();
        pod.metadata.name = format!("pod-{name}").into();
        if node > 0 {
            pod.spec.node_name = format!("node-{node}").into();
        }
        pod.status.phase = PHASES[phase];
        match how {
            0 => pod.metadata.deletion_timestamp = Some(Time(SimTime::ZERO)),
            1 => pod.status.reason = "Evicted".into(),
            2 => pod.status.container_statuses = vec![waits("CrashLoopBackOff")],
            3 => pod.status.container_statuses = vec![waits("")],
            _ => {
                let ready = Condition {
                    kind: reasons::READY,
                    status: ConditionStatus::True,
                    last_transition_time: None,
                    last_heartbeat_time: None,
                    reason: Str::default(),
                    message: Str::default(),
                };
                pod.status.conditions.set(ready, Time(SimTime::ZERO));
            }
        }
        let mut container = Container::default();
        let cpu = Quantity::from_milli(i64::from(name % 3));
        container.resources.requests.insert(reasons::CPU, cpu);
        pod.spec.containers = vec![container].into();
        pod
    }

    fn waits(reason: &'static str) -> ContainerStatus {
        let mut status = ContainerStatus::default();
        let waiting = ContainerStateWaiting { reason: reason.into(), ..Default::default() };
        status.state.waiting = Some(waiting);
        status
    }

    type Counted = BTreeMap<(Str, PodState), (usize, [i64; 3])>;

    fn told_by(tally: &Tally) -> Counted {
        let mut told = Counted::new();
        for (node, all) in tally.nodes() {
            assert!(!all.is_empty(), "a node without pods has no entry");
            for Alike { state, pods, asked } in all {
                let sums = (*pods, [asked.cpu, asked.memory, asked.pods]);
                told.insert((node.clone(), state.clone()), sums);
            }
        }
        told
    }

    fn counted(pods: &BTreeMap<u8, Pod>) -> Counted {
        let mut counted = Counted::new();
        for pod in pods.values() {
            let key = (pod.spec.node_name.clone(), PodState::of(pod));
            let (count, sum) = counted.entry(key).or_default();
            let asked = Asked::of(pod);
            *count += 1;
            *sum = [sum[0] + asked.cpu, sum[1] + asked.memory, sum[2] + asked.pods];
        }
        counted
    }

    proptest! {
        #[test]
        fn it_equals_a_count_over_all_pods(
            steps in prop::collection::vec((0..40u8, 0..3u8, (0..4u8, 0..5usize, 0..6u8)), 0..300),
        ) {
            let (mut tally, mut pods) = (Tally::default(), BTreeMap::new());
            for (name, what, how) in steps {
                let new = (what > 0).then(|| pod(name, how));
                let old = match &new {
                    Some(new) => pods.insert(name, new.clone()),
                    None => pods.remove(&name),
                };
                tally.change(old.as_ref(), new.as_ref());
            }
            prop_assert_eq!(told_by(&tally), counted(&pods));
            for node in ["", "node-1", "node-2", "node-3"] {
                let here = pods.values().filter(|pod| pod.spec.node_name == node);
                let mut wanted: Vec<ObjectKey> = here.map(|pod| pod.metadata.key()).collect();
                wanted.sort();
                let keys: Vec<ObjectKey> = tally.keys_on(&node.into()).cloned().collect();
                prop_assert_eq!(keys, wanted);
            }
        }
    }
}
