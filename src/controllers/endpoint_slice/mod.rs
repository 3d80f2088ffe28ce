//! EndpointSlice controller: keeps the addresses behind every Service, in slices of at most 100.
//!
//! | file | what lives there |
//! |---|---|
//! | `endpoints` | from pods to endpoints, and which Services select a pod |
//! | `packing` | from endpoints to slices, with as few writes as possible |
//! | `tracker` | what was written and not seen yet |
//!
//! A Service without endpoints keeps one empty slice. A Service without a selector, and an
//! ExternalName, is none of this controller's business. When somebody else changes a slice, the
//! Service is looked at a second later, so that many such changes cost one look.
//!
//! Soft state: what was written and not seen yet; which Services select which labels.
//!
//! Simplified: one address family; no hints for topology; no annotation with the time of the
//! change that caused a write; slices are found by their owner instead of by their labels.
//!
//! Source: kubernetes/kubernetes:pkg/controller/endpointslice/endpointslice_controller.go.

pub mod endpoints;
pub mod packing;
pub mod tracker;

use std::sync::Arc;

use crate::api::service::SERVICE_NAME_LABEL;
use crate::api::{
    EndpointSlice, Kind, Node, Object, ObjectKey, ObjectReference, Pod, Resource, Service, Str,
};
use crate::client::RetryLimit;
use crate::kernel::Span;
use crate::wire::api::{ApiCall, DeleteOptions, Part};

use super::caches::Change;
use super::config::Config;
use super::reconcile::{Answer, Controller, Plan, Queue, Said, View, answered_object, is_failure};
use super::replicaset::is_namespace_terminating;
use endpoints::Selectors;
use packing::{Changes, MANAGED_BY, MANAGED_BY_LABEL};
use tracker::Tracker;

/// Between a change of a slice by somebody else and the look at its Service.
/// Source: kubernetes/kubernetes:pkg/controller/endpointslice/endpointslice_controller.go
/// `endpointSliceChangeMinSyncDelay`.
const SLICE_CHANGE_DELAY: Span = Span::secs(1);
/// Delay after the first failure of a Service.
/// Source: same file, `defaultSyncBackOff`.
const RETRY_BASE: Span = Span::secs(1);
/// Longest delay after failures of a Service.
/// Source: same file, `maxSyncBackOff`.
const RETRY_MAX: Span = Span::secs(1000);

const FAILED_TO_UPDATE: Str = arcstr::literal!("FailedToUpdateEndpointSlices");

/// The EndpointSlice controller.
#[derive(Clone, Debug, Default)]
pub struct EndpointSliceController {
    selectors: Selectors,
    tracker: Tracker,
}

/// The calls under way, in their order: slices are made, changed, and deleted.
#[derive(Clone, Debug)]
pub struct Writing {
    service: ObjectReference,
    /// How many are made or changed.
    written: usize,
    /// Those that are deleted.
    deleted: Vec<Arc<EndpointSlice>>,
    /// Whether the work must be repeated even if all goes well.
    again: bool,
}

impl Controller for EndpointSliceController {
    type Key = ObjectKey;
    type Progress = Writing;

    const NAME: &'static str = "endpointslice-controller";
    const EVENT_SOURCE: &'static str = "endpoint-slice-controller";
    const KINDS: &'static [Kind] = &[Kind::Service, Kind::Pod, Kind::EndpointSlice];
    /// Source: kubernetes/kubernetes:pkg/controller/endpointslice/endpointslice_controller.go.
    const MAX_RETRIES: Option<u32> = Some(15);

    fn new(_config: &Config) -> Self {
        EndpointSliceController::default()
    }

    fn workers(config: &Config) -> u32 {
        config.concurrent_service_endpoint_syncs
    }

    fn retry_limit() -> RetryLimit {
        RetryLimit { base: RETRY_BASE, max: RETRY_MAX, ..RetryLimit::default() }
    }

    fn observe(&mut self, view: &View<'_>, change: &Change, queue: &mut Queue<'_, ObjectKey>) {
        if let Some((old, new)) = change.of::<Pod>() {
            self.pod_changed(view, (old, new), queue);
        } else if let Some((old, new)) = change.of::<Service>() {
            self.selectors.change(old.map(Arc::as_ref), new.map(Arc::as_ref));
            queue.add(change.key());
        } else if let Some((_, new)) = change.of::<EndpointSlice>() {
            self.slice_changed(view, change, new.is_none(), queue);
        }
    }

    fn reconcile(&mut self, view: &View<'_>, key: &ObjectKey) -> Plan<Writing> {
        let Some(service) = view.caches.get::<Service>(key) else {
            self.tracker.forget(key);
            return Plan::done();
        };
        if !endpoints::selects(service) {
            return Plan::done();
        }
        let existing: Vec<Arc<EndpointSlice>> = view
            .caches
            .controlled_by::<EndpointSlice>(service.metadata.uid)
            .filter(|slice| !slice.metadata.is_terminating())
            .filter(|slice| slice.metadata.labels.get(&MANAGED_BY_LABEL) == Some(&MANAGED_BY))
            .cloned()
            .collect();
        if self.tracker.is_stale(key, existing.iter().map(Arc::as_ref)) {
            return Plan::retry();
        }
        let selector = &service.spec.selector;
        let pods = view.caches.pods_with(&key.namespace, |labels| labels.contains_all(selector));
        let node_of = |name: &Str| {
            view.caches.get::<Node>(&ObjectKey { namespace: Str::new(), name: name.clone() })
        };
        let wanted = endpoints::wanted(service, pods, node_of);
        let again = wanted.misses_node;
        let max = usize::try_from(view.config.max_endpoints_per_slice).unwrap_or(1);
        let changes = packing::changes(service, &existing, wanted, max);
        write(service, changes, again)
    }

    fn resume(
        &mut self,
        _view: &View<'_>,
        key: &ObjectKey,
        progress: Writing,
        answers: Vec<Answer>,
    ) -> Plan<Writing> {
        let (written, deleted) = answers.split_at(progress.written.min(answers.len()));
        for slice in written.iter().filter_map(answered_object).filter_map(EndpointSlice::of) {
            self.tracker.wrote(key, slice);
        }
        for (slice, answer) in progress.deleted.iter().zip(deleted) {
            if !is_failure(answer) {
                self.tracker.deleted(key, slice);
            }
        }
        let failed = |answer: &&Answer| is_failure(answer);
        let failures = answers.iter().filter(failed).filter_map(|answer| answer.as_ref().err());
        // Nothing can be made in a namespace that is being deleted, and nothing need be.
        let Some(status) = failures.into_iter().find(|status| !is_namespace_terminating(status))
        else {
            return if progress.again { Plan::retry() } else { Plan::done() };
        };
        let why = &status.message;
        let message = format!("Error updating Endpoint Slices for Service {key}: {why}");
        let event = Said::warning(progress.service, FAILED_TO_UPDATE, message);
        Plan::retry().saying(vec![event])
    }
}

impl EndpointSliceController {
    fn pod_changed(
        &self,
        view: &View<'_>,
        (old, new): (Option<&Arc<Pod>>, Option<&Arc<Pod>>),
        queue: &mut Queue<'_, ObjectKey>,
    ) {
        let delay = view.config.endpointslice_updates_batch_period;
        let relabelled = match (old, new) {
            (Some(old), Some(new)) => old.metadata.labels != new.metadata.labels,
            (Some(_) | None, _) => false,
        };
        if !relabelled && !endpoints::differ(old.map(Arc::as_ref), new.map(Arc::as_ref)) {
            return;
        }
        for pod in [new, old.filter(|_| relabelled || new.is_none())].into_iter().flatten() {
            let meta = &pod.metadata;
            for service in self.selectors.selecting(&meta.namespace, &meta.labels) {
                queue.add_after(service, delay);
            }
        }
    }

    /// A slice changed: unless that is the echo of this controller's own write, its Service is
    /// looked at.
    fn slice_changed(
        &mut self,
        view: &View<'_>,
        change: &Change,
        gone: bool,
        queue: &mut Queue<'_, ObjectKey>,
    ) {
        let Some(slice) = EndpointSlice::of(change.object()) else { return };
        let labels = &slice.metadata.labels;
        let Some(name) = labels.get(&SERVICE_NAME_LABEL) else { return };
        if labels.get(&MANAGED_BY_LABEL) != Some(&MANAGED_BY) {
            return;
        }
        let namespace = slice.metadata.namespace.clone();
        let service = ObjectKey { namespace, name: name.clone() };
        let surprise = if gone {
            self.tracker.gone(&service, slice)
        } else {
            self.tracker.surprises(&service, slice)
        };
        if surprise {
            let delay = SLICE_CHANGE_DELAY.max(view.config.endpointslice_updates_batch_period);
            queue.add_after(service, delay);
        }
    }
}

/// The calls that bring the slices of a Service about.
fn write(service: &Service, changes: Changes, again: bool) -> Plan<Writing> {
    let object = |slice: EndpointSlice| Object::EndpointSlice(Arc::new(slice));
    let mut calls = Vec::new();
    // A Service that is being deleted gets no new slices.
    if !service.metadata.is_terminating() {
        calls.extend(changes.create.into_iter().map(|new| ApiCall::Create { object: object(new) }));
    }
    let update = |slice| ApiCall::Update { object: object(slice), part: Part::Main };
    calls.extend(changes.update.into_iter().map(update));
    let written = calls.len();
    calls.extend(changes.delete.iter().map(|slice| ApiCall::Delete {
        kind: Kind::EndpointSlice,
        key: slice.key(),
        options: DeleteOptions::default(),
    }));
    let service = ObjectReference::to(Kind::Service, &service.metadata);
    Plan::then(calls, Writing { service, written, deleted: changes.delete, again })
}

#[cfg(test)]
mod tests;
