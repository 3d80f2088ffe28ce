//! What a pod asks for and what a node has, in whole numbers.
//!
//! CPU is counted in thousandths, memory and ephemeral storage in bytes, everything else in units.
//! Requests are added up once per pod, never inside a loop over nodes.

use crate::api::pod::{Container, RestartPolicy};
use crate::api::reasons;
use crate::api::{PodSpec, Quantity, ResourceList, Str};

/// What a container without a CPU request counts for in scores \[millicores\].
/// Source: kubernetes/kubernetes:pkg/scheduler/util/pod_resources.go `DefaultMilliCPURequest`.
pub const DEFAULT_MILLI_CPU_REQUEST: i64 = 100;

/// What a container without a memory request counts for in scores \[bytes\]: 200 MiB.
/// Source: kubernetes/kubernetes:pkg/scheduler/util/pod_resources.go `DefaultMemoryRequest`.
pub const DEFAULT_MEMORY_REQUEST: i64 = 200 * 1024 * 1024;

/// Amounts of resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    /// CPU \[millicores\].
    pub milli_cpu: i64,
    /// Memory \[bytes\].
    pub memory: i64,
    /// Ephemeral storage \[bytes\].
    pub ephemeral_storage: i64,
    /// Huge pages, devices, anything a cluster invents: sorted by name, mostly empty.
    pub scalar: Vec<(Str, i64)>,
}

impl Resources {
    /// The amounts in a list; names that the scheduler does not count are left out.
    #[must_use]
    pub fn of(list: &ResourceList) -> Self {
        let mut amounts = Resources::default();
        for (name, quantity) in list {
            amounts.set(name, quantity);
        }
        amounts
    }

    fn set(&mut self, name: &Str, quantity: &Quantity) {
        match name.as_str() {
            "cpu" => self.milli_cpu = quantity.milli_value(),
            "memory" => self.memory = quantity.value(),
            "ephemeral-storage" => self.ephemeral_storage = quantity.value(),
            other if is_scalar(other) => *self.scalar_mut(name) = quantity.value(),
            _ => {}
        }
    }

    fn scalar_mut(&mut self, name: &Str) -> &mut i64 {
        let place = match self.scalar.binary_search_by(|(known, _)| known.cmp(name)) {
            Ok(place) => place,
            Err(place) => {
                self.scalar.insert(place, (name.clone(), 0));
                place
            }
        };
        &mut self.scalar[place].1
    }

    /// The amount of a scalar resource; none when it is not there.
    #[must_use]
    pub fn scalar(&self, name: &str) -> Option<i64> {
        self.scalar.iter().find(|(known, _)| known == name).map(|(_, amount)| *amount)
    }

    /// The amount of any resource, by name.
    #[must_use]
    pub fn amount(&self, name: &str) -> i64 {
        match name {
            "cpu" => self.milli_cpu,
            "memory" => self.memory,
            "ephemeral-storage" => self.ephemeral_storage,
            other => self.scalar(other).unwrap_or(0),
        }
    }

    /// Adds `other`.
    pub fn add(&mut self, other: &Resources) {
        self.milli_cpu += other.milli_cpu;
        self.memory += other.memory;
        self.ephemeral_storage += other.ephemeral_storage;
        for (name, amount) in &other.scalar {
            *self.scalar_mut(name) += amount;
        }
    }

    /// Takes `other` away again.
    pub fn subtract(&mut self, other: &Resources) {
        self.milli_cpu -= other.milli_cpu;
        self.memory -= other.memory;
        self.ephemeral_storage -= other.ephemeral_storage;
        for (name, amount) in &other.scalar {
            *self.scalar_mut(name) -= amount;
        }
    }

    /// Raises every amount to at least that of `other`.
    fn raise(&mut self, other: &Resources) {
        self.milli_cpu = self.milli_cpu.max(other.milli_cpu);
        self.memory = self.memory.max(other.memory);
        self.ephemeral_storage = self.ephemeral_storage.max(other.ephemeral_storage);
        for (name, amount) in &other.scalar {
            let mine = self.scalar_mut(name);
            *mine = (*mine).max(*amount);
        }
    }
}

/// What one pod asks for, in both countings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodRequests {
    /// What it really asks for: decides whether it fits.
    pub requested: Resources,
    /// CPU for scores, where a container without a request counts as 100 m \[millicores\].
    pub non_zero_milli_cpu: i64,
    /// Memory for scores, where a container without a request counts as 200 MiB \[bytes\].
    pub non_zero_memory: i64,
}

impl PodRequests {
    /// The requests of a pod.
    ///
    /// Containers run together, so they add up; init containers run one after the other, so only
    /// the greatest counts, each together with the sidecars started before it; sidecars
    /// (`restartPolicy: Always`) stay and add up; the overhead comes on top.
    /// Simplified: a resize in progress (in-place scaling) is not looked at.
    /// Source: k8s.io/component-helpers/resource `PodRequests`.
    #[must_use]
    pub fn of(spec: &PodSpec) -> Self {
        let plain = sum_up(spec, Resources::of);
        let counted = |list: &ResourceList| {
            let mut amounts = Resources::default();
            let known = |name: &Str| list.get(name);
            amounts.milli_cpu =
                known(&reasons::CPU).map_or(DEFAULT_MILLI_CPU_REQUEST, Quantity::milli_value);
            amounts.memory =
                known(&reasons::MEMORY).map_or(DEFAULT_MEMORY_REQUEST, Quantity::value);
            amounts
        };
        let non_zero = sum_up(spec, counted);
        PodRequests {
            requested: plain,
            non_zero_milli_cpu: non_zero.milli_cpu,
            non_zero_memory: non_zero.memory,
        }
    }

    /// Whether nothing at all is asked for (quality of service: best effort).
    #[must_use]
    pub fn is_best_effort(&self) -> bool {
        let asked = &self.requested;
        asked.milli_cpu == 0
            && asked.memory == 0
            && asked.ephemeral_storage == 0
            && asked.scalar.iter().all(|(_, amount)| *amount == 0)
    }
}

fn sum_up(spec: &PodSpec, read: impl Fn(&ResourceList) -> Resources) -> Resources {
    let of = |container: &Container| read(&container.resources.requests);
    let mut running = Resources::default();
    for container in spec.containers.iter() {
        running.add(&of(container));
    }
    let mut sidecars = Resources::default();
    let mut starting = Resources::default();
    for container in spec.init_containers.iter() {
        let mut now = of(container);
        if container.restart_policy == Some(RestartPolicy::Always) {
            running.add(&now);
            sidecars.add(&now);
            starting.raise(&sidecars);
        } else {
            now.add(&sidecars);
            starting.raise(&now);
        }
    }
    running.raise(&starting);
    if !spec.overhead.is_empty() {
        running.add(&Resources::of(&spec.overhead));
    }
    running
}

/// Whether the scheduler counts a resource of this name in units.
///
/// Source: kubernetes/kubernetes:pkg/scheduler/util/utils.go `IsScalarResourceName`.
#[must_use]
pub fn is_scalar(name: &str) -> bool {
    is_extended(name)
        || name.starts_with("hugepages-")
        || name.contains("kubernetes.io/")
        || name.starts_with("attachable-volumes-")
}

/// Whether the name is one that a cluster invented: it has a domain that is not Kubernetes' own.
///
/// Source: kubernetes/kubernetes:pkg/apis/core/v1/helper `IsExtendedResourceName`.
#[must_use]
pub fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/") && !name.starts_with("requests.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::pod::ResourceRequirements;

    fn container(cpu: i64, restart: Option<RestartPolicy>) -> Container {
        let requests = [(reasons::CPU, Quantity::from_milli(cpu))].into();
        let resources = ResourceRequirements { requests, ..ResourceRequirements::default() };
        Container { resources, restart_policy: restart, ..Container::default() }
    }

    #[test]
    fn sidecars_stay_and_init_containers_pass() {
        let always = Some(RestartPolicy::Always);
        let spec = PodSpec {
            init_containers: [container(100, always), container(500, None), container(50, always)]
                .into(),
            containers: [container(200, None)].into(),
            overhead: [(reasons::CPU, Quantity::from_milli(7))].into(),
            ..PodSpec::default()
        };
        // While the plain init container runs: 100 + 500; afterwards: 200 + 100 + 50.
        assert_eq!(PodRequests::of(&spec).requested.milli_cpu, 607);
    }

    #[test]
    fn a_missing_request_counts_in_scores_and_an_explicit_zero_does_not() {
        let silent = PodSpec { containers: [Container::default()].into(), ..PodSpec::default() };
        let requests = PodRequests::of(&silent);
        assert_eq!(requests.non_zero_milli_cpu, DEFAULT_MILLI_CPU_REQUEST);
        assert_eq!(requests.non_zero_memory, DEFAULT_MEMORY_REQUEST);
        assert!(requests.is_best_effort());
        let zero = PodSpec { containers: [container(0, None)].into(), ..PodSpec::default() };
        assert_eq!(PodRequests::of(&zero).non_zero_milli_cpu, 0);
    }

    #[test]
    fn names_tell_what_is_counted() {
        for (name, scalar, extended) in [
            ("nvidia.com/gpu", true, true),
            ("hugepages-2Mi", true, false),
            ("kubernetes.io/something", true, false),
            ("subdomain.kubernetes.io/something", true, false),
            ("cpu", false, false),
            ("bananas", false, false),
        ] {
            assert_eq!((is_scalar(name), is_extended(name)), (scalar, extended), "{name}");
        }
    }
}
