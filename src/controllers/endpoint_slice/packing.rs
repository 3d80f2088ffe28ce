//! How endpoints are packed into slices: with as few writes as possible.
//!
//! Every write of a slice goes to every node's proxy, so slices are not balanced. Slices that must
//! change anyway are filled first, the fullest of them first; what is left goes into one slice
//! that has just room enough, or into new ones.
//!
//! Simplified: where upstream takes endpoints in the random order of a hash map, they go in the
//! order of their addresses.
//!
//! Source: kubernetes/endpointslice:reconciler.go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::api::service::{Endpoint, EndpointPort, SERVICE_NAME_LABEL};
use crate::api::{EndpointSlice, Kind, Labels, ObjectMeta, OwnerReference, Service, Str};

use super::endpoints::{Group, Wanted, id};

/// The label that says who manages a slice, and its value for this controller.
/// Source: kubernetes/api:discovery/v1/well_known_labels.go `LabelManagedBy`.
pub const MANAGED_BY_LABEL: Str = arcstr::literal!("endpointslice.kubernetes.io/managed-by");
/// This controller's name in that label.
pub const MANAGED_BY: Str = arcstr::literal!("endpointslice-controller.k8s.io");
/// The label on a slice of a headless Service.
const HEADLESS_LABEL: Str = arcstr::literal!("service.kubernetes.io/headless");
const IPV4: Str = arcstr::literal!("IPv4");

/// What must be written so that the slices say what is wanted.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// New slices, without names.
    pub create: Vec<EndpointSlice>,
    /// Slices with other contents.
    pub update: Vec<EndpointSlice>,
    /// Slices that are not needed.
    pub delete: Vec<Arc<EndpointSlice>>,
}

/// Compares the slices of `service` with what is wanted; `max` endpoints go into a slice.
#[must_use]
pub fn changes(
    service: &Service,
    existing: &[Arc<EndpointSlice>],
    wanted: Wanted,
    max: usize,
) -> Changes {
    let mut by_ports: BTreeMap<Vec<EndpointPort>, Vec<Arc<EndpointSlice>>> = BTreeMap::new();
    for slice in existing {
        let mut ports = slice.ports.clone();
        ports.sort();
        by_ports.entry(ports).or_default().push(slice.clone());
    }
    let labels = labels(service);
    let mut changes = Changes::default();
    for (ports, group) in wanted.groups {
        let slices = by_ports.remove(&ports).unwrap_or_default();
        let empty = || new_slice(service, &labels, &ports);
        let mut packing = Packing::new(slices, max);
        packing.keep(group, &labels);
        packing.fill_changed();
        packing.place_rest(&empty);
        packing.finish(&mut changes);
    }
    changes.delete.extend(by_ports.into_values().flatten());
    if existing.len() == changes.delete.len() && changes.create.is_empty() {
        keep_placeholder(&mut changes, new_slice(service, &labels, &[]));
    }
    reuse(changes)
}

/// A Service without endpoints keeps one empty slice.
fn keep_placeholder(changes: &mut Changes, placeholder: EndpointSlice) {
    let is_placeholder = |slice: &EndpointSlice| {
        slice.endpoints.is_empty()
            && slice.ports.is_empty()
            && slice.metadata.labels == placeholder.metadata.labels
    };
    if let [slice] = &changes.delete[..]
        && is_placeholder(slice)
    {
        changes.delete.clear();
    } else {
        changes.create.push(placeholder);
    }
}

/// A slice that would be deleted takes the contents of one that would be made.
fn reuse(mut changes: Changes) -> Changes {
    let mut left = Vec::new();
    for slice in std::mem::take(&mut changes.delete) {
        match changes.create.pop() {
            Some(new) => {
                let mut metadata = slice.metadata.clone();
                metadata.labels = new.metadata.labels.clone();
                changes.update.push(EndpointSlice { metadata, ..new });
            }
            None => left.push(slice),
        }
    }
    changes.delete = left;
    changes
}

/// The labels of a Service's slices: its own, and three that say what they are.
fn labels(service: &Service) -> Labels {
    let mut labels = service
        .metadata
        .labels
        .without(&HEADLESS_LABEL)
        .with(SERVICE_NAME_LABEL, service.metadata.name.clone())
        .with(MANAGED_BY_LABEL, MANAGED_BY);
    if service.spec.is_headless() {
        labels = labels.with(HEADLESS_LABEL, Str::new());
    }
    labels
}

fn new_slice(service: &Service, labels: &Labels, ports: &[EndpointPort]) -> EndpointSlice {
    let owner = OwnerReference {
        kind: Kind::Service,
        name: service.metadata.name.clone(),
        uid: service.metadata.uid,
        controller: true,
        block_owner_deletion: true,
    };
    let metadata = ObjectMeta {
        generate_name: format!("{}-", service.metadata.name).into(),
        namespace: service.metadata.namespace.clone(),
        labels: labels.clone(),
        owner_references: vec![owner],
        ..ObjectMeta::default()
    };
    EndpointSlice { metadata, address_type: IPV4, endpoints: Vec::new(), ports: ports.to_vec() }
}

/// The slices of one list of ports while they are packed.
struct Packing {
    max: usize,
    /// Each slice and what it is to contain; none while it is as it was.
    slices: Vec<(Arc<EndpointSlice>, Option<EndpointSlice>)>,
    /// Slices in which nothing is left, by place.
    emptied: BTreeSet<usize>,
    created: Vec<EndpointSlice>,
    /// Endpoints without a slice.
    rest: Group,
}

impl Packing {
    fn new(slices: Vec<Arc<EndpointSlice>>, max: usize) -> Self {
        let slices = slices.into_iter().map(|slice| (slice, None)).collect();
        let (emptied, created) = (BTreeSet::new(), Vec::new());
        Packing { max: max.max(1), slices, emptied, created, rest: Group::new() }
    }

    /// Endpoints that are still wanted stay where they are, renewed where they differ.
    fn keep(&mut self, mut wanted: Group, labels: &Labels) {
        for (place, (slice, changed)) in self.slices.iter_mut().enumerate() {
            let mut kept: Vec<Endpoint> = Vec::with_capacity(slice.endpoints.len());
            let mut renewed = false;
            for endpoint in &slice.endpoints {
                if let Some(wanted) = wanted.remove(&id(endpoint)) {
                    renewed |= wanted != *endpoint;
                    kept.push(wanted);
                }
            }
            let lost = kept.len() != slice.endpoints.len();
            if lost && kept.is_empty() {
                self.emptied.insert(place);
            } else if lost || renewed || slice.metadata.labels != *labels {
                let mut new = EndpointSlice::clone(slice);
                new.endpoints = kept;
                new.metadata.labels = labels.clone();
                *changed = Some(new);
            }
        }
        self.rest = wanted;
    }

    /// Slices that change anyway are filled, the fullest first.
    fn fill_changed(&mut self) {
        let mut changed: Vec<&mut EndpointSlice> =
            self.slices.iter_mut().filter_map(|(_, changed)| changed.as_mut()).collect();
        changed.sort_by_key(|slice| std::cmp::Reverse(slice.endpoints.len()));
        for slice in changed {
            fill(slice, &mut self.rest, self.max);
        }
    }

    /// What is left goes into the one slice that it fills best, or into new ones.
    fn place_rest(&mut self, empty: &dyn Fn() -> EndpointSlice) {
        while !self.rest.is_empty() {
            let size = self.rest.len();
            if size < self.max
                && let Some(place) = self.best_fit(size)
            {
                let (slice, changed) = &mut self.slices[place];
                let slice = changed.insert(EndpointSlice::clone(slice));
                fill(slice, &mut self.rest, self.max);
            } else {
                let mut slice = empty();
                fill(&mut slice, &mut self.rest, self.max);
                self.created.push(slice);
            }
        }
    }

    /// The unchanged slice that comes closest to full when `size` endpoints are added.
    fn best_fit(&self, size: usize) -> Option<usize> {
        let unchanged = self
            .slices
            .iter()
            .enumerate()
            .filter(|(place, (_, changed))| changed.is_none() && !self.emptied.contains(place));
        unchanged
            .filter_map(|(place, (slice, _))| {
                let left = self.max.checked_sub(size + slice.endpoints.len())?;
                Some((left, place))
            })
            .min()
            .map(|(_, place)| place)
    }

    fn finish(self, changes: &mut Changes) {
        for (place, (slice, changed)) in self.slices.into_iter().enumerate() {
            if self.emptied.contains(&place) {
                changes.delete.push(slice);
            } else if let Some(changed) = changed {
                changes.update.push(changed);
            }
        }
        changes.create.extend(self.created);
    }
}

/// Moves endpoints from `rest` into `slice` until one of them is empty or full.
fn fill(slice: &mut EndpointSlice, rest: &mut Group, max: usize) {
    while slice.endpoints.len() < max
        && let Some((_, endpoint)) = rest.pop_first()
    {
        slice.endpoints.push(endpoint);
    }
}
