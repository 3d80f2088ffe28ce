//! Whether a pod that the API server gave to this node can run on it.
//!
//! The scheduler decided with what it knew; the kubelet looks once more, because two schedulers,
//! a static placement or a changed node can make that wrong.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/lifecycle/predicate.go.

use crate::api::pod::{Affinity, NodeSelectorTerm};
use crate::api::{Node, Pod, PodSpec, ResourceList, Str, TaintEffect, Toleration, reasons};

use super::phase::is_sidecar;

/// What a pod asks of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// Thousandths of a CPU.
    pub cpu_milli: i64,
    /// Bytes.
    pub memory: i64,
    /// Pods: 1.
    pub pods: i64,
}

/// Why a pod was turned away: a word and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// `OutOfcpu`, `NodeAffinity`, …
    pub reason: Str,
    /// In a sentence.
    pub message: Str,
}

impl Requests {
    /// What one pod asks for: its containers and sidecars together, or what an init container
    /// needs beside the sidecars that already run, whichever is more; and the overhead.
    ///
    /// Source: kubernetes/component-helpers:resource/helpers.go `PodRequests`.
    #[must_use]
    pub fn of(spec: &PodSpec) -> Self {
        let mut beside = Requests::default();
        let mut most_init = Requests::default();
        for container in &*spec.init_containers {
            let own = Requests::listed(&container.resources.requests);
            if is_sidecar(container) {
                beside = beside.plus(own);
                most_init = most_init.max(beside);
            } else {
                most_init = most_init.max(beside.plus(own));
            }
        }
        let of_containers = spec.containers.iter().map(|own| &own.resources.requests);
        let all = of_containers.fold(beside, |sum, list| sum.plus(Requests::listed(list)));
        let mut requests = all.max(most_init).plus(Requests::listed(&spec.overhead));
        requests.pods = 1;
        requests
    }

    fn listed(list: &ResourceList) -> Self {
        Requests {
            cpu_milli: list.get(&reasons::CPU).map_or(0, |amount| amount.milli_value()),
            memory: list.get(&reasons::MEMORY).map_or(0, |amount| amount.value()),
            pods: 0,
        }
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Requests) -> Self {
        Requests {
            cpu_milli: self.cpu_milli.saturating_add(other.cpu_milli),
            memory: self.memory.saturating_add(other.memory),
            pods: self.pods.saturating_add(other.pods),
        }
    }

    fn max(self, other: Requests) -> Self {
        Requests {
            cpu_milli: self.cpu_milli.max(other.cpu_milli),
            memory: self.memory.max(other.memory),
            pods: self.pods.max(other.pods),
        }
    }
}

/// Turns a pod away that cannot run on `node`, where other pods ask for `used` already.
///
/// Errors: the first reason found, resources first, then the choice of nodes, then taints that
/// drive pods away.
pub fn admit(pod: &Pod, node: &Node, used: Requests) -> Result<(), Rejection> {
    let wants = Requests::of(&pod.spec);
    fits(wants, &node.status.allocatable, used)?;
    if !chooses(&pod.spec, node) {
        let why = "node(s) didn't match Pod's node affinity/selector";
        return Err(predicate("NodeAffinity", why));
    }
    let drives_away = |taint: &&crate::api::Taint| {
        taint.effect == TaintEffect::NoExecute
            && !pod.spec.tolerations.iter().any(|own| tolerates(own, taint))
    };
    match node.spec.taints.iter().find(drives_away) {
        Some(_) => {
            Err(predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate"))
        }
        None => Ok(()),
    }
}

fn predicate(name: &'static str, why: &str) -> Rejection {
    let message = format!("Predicate {name} failed: {why}");
    Rejection { reason: Str::from(name), message: Str::from(message) }
}

fn fits(wants: Requests, allocatable: &ResourceList, used: Requests) -> Result<(), Rejection> {
    let amount = |name: &str| allocatable.get(name);
    let cpu = amount(&reasons::CPU).map_or(0, |cpu| cpu.milli_value());
    let memory = amount(&reasons::MEMORY).map_or(0, |memory| memory.value());
    let pods = amount(&reasons::PODS).map_or(i64::MAX, |pods| pods.value());
    let rows = [
        (reasons::PODS, wants.pods, used.pods, pods),
        (reasons::CPU, wants.cpu_milli, used.cpu_milli, cpu),
        (reasons::MEMORY, wants.memory, used.memory, memory),
    ];
    for (name, wanted, used, capacity) in rows {
        if wanted > 0 && wanted > capacity - used {
            let message = format!(
                "Node didn't have enough resource: {name}, requested: {wanted}, used: {used}, capacity: {capacity}"
            );
            let reason = Str::from(format!("OutOf{name}"));
            return Err(Rejection { reason, message: Str::from(message) });
        }
    }
    Ok(())
}

/// Whether the pod's node selector and required node affinity choose this node.
fn chooses(spec: &PodSpec, node: &Node) -> bool {
    let labels = &node.metadata.labels;
    let affinity = spec.affinity.as_deref();
    let affinity = affinity.and_then(|Affinity { node_affinity, .. }| node_affinity.as_ref());
    let required =
        affinity.and_then(|own| own.required_during_scheduling_ignored_during_execution.as_ref());
    labels.contains_all(&spec.node_selector)
        && required.is_none_or(|selector| {
            selector.node_selector_terms.iter().any(|term| term_chooses(term, node))
        })
}

fn term_chooses(term: &NodeSelectorTerm, node: &Node) -> bool {
    let empty = term.match_expressions.is_empty() && term.match_fields.is_empty();
    let name = Some(node.metadata.name.as_str());
    !empty
        && term.match_expressions.iter().all(|own| own.matches(&node.metadata.labels))
        && term.match_fields.iter().all(|own| own.key == "metadata.name" && own.matches_value(name))
}

/// Source: kubernetes/api:core/v1/toleration.go `ToleratesTaint`.
fn tolerates(toleration: &Toleration, taint: &crate::api::Taint) -> bool {
    let exists = toleration.operator == "Exists";
    toleration.effect.is_none_or(|effect| effect == taint.effect)
        && (toleration.key.is_empty() || toleration.key == taint.key)
        && (exists || toleration.value == taint.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Container, Labels, Quantity, Taint};

    fn container(cpu_milli: i64) -> Container {
        let mut container = Container::default();
        container.resources.requests.insert(reasons::CPU, Quantity::from_milli(cpu_milli));
        container
    }

    fn node() -> Node {
        let mut node = Node::default();
        node.metadata.labels = Labels::default().with("disk", "ssd");
        node.status.allocatable.insert(reasons::CPU, Quantity::from_milli(1000));
        node
    }

    fn pod(cpu_milli: i64) -> Pod {
        let mut pod = Pod::default();
        pod.spec.containers = vec![container(cpu_milli)].into();
        pod
    }

    #[test]
    fn a_pod_that_does_not_fit_is_turned_away_as_upstream_words_it() {
        let used = Requests { cpu_milli: 600, ..Requests::default() };
        assert_eq!(admit(&pod(400), &node(), used), Ok(()));
        let rejection = admit(&pod(500), &node(), used).expect_err("it does not fit");
        assert_eq!(rejection.reason, "OutOfcpu");
        let words =
            "Node didn't have enough resource: cpu, requested: 500, used: 600, capacity: 1000";
        assert_eq!(rejection.message, words);
    }

    #[test]
    fn selectors_and_taints_turn_away_too() {
        let mut choosy = pod(1);
        choosy.spec.node_selector = Labels::default().with("disk", "hdd");
        let none = Requests::default();
        let reason = |pod: &Pod, node: &Node| admit(pod, node, none).map_err(|why| why.reason);
        assert_eq!(reason(&choosy, &node()), Err("NodeAffinity".into()));
        let mut tainted = node();
        let taint = Taint { key: "k".into(), effect: TaintEffect::NoExecute, ..Taint::default() };
        tainted.spec.taints.push(taint);
        assert_eq!(reason(&pod(1), &tainted), Err("TaintToleration".into()));
        let mut patient = pod(1);
        let exists = Toleration { operator: "Exists".into(), ..Toleration::default() };
        patient.spec.tolerations = vec![exists].into();
        assert_eq!(reason(&patient, &tainted), Ok(()));
    }

    #[test]
    fn an_init_container_counts_beside_the_sidecars_before_it() {
        let sidecar = Container {
            restart_policy: Some(crate::api::pod::RestartPolicy::Always),
            ..container(100)
        };
        let mut pod = pod(200);
        pod.spec.init_containers = vec![sidecar, container(500)].into();
        assert_eq!(Requests::of(&pod.spec).cpu_milli, 600);
    }
}
