//! The end of an object: at once, with grace, or when its finalizers are done.
//!
//! Source: kubernetes/apiserver:pkg/registry/rest/delete.go, pkg/registry/generic/registry/store.go;
//! kubernetes/kubernetes:pkg/registry/core/{pod/strategy.go,namespace/storage/storage.go}.

use std::sync::Arc;

use crate::api::misc::NamespacePhase;
use crate::api::{Object, ObjectMeta, Pod, Str, Time};
use crate::kernel::Span;
use crate::wire::api::{DeleteOptions, Propagation, Status};

use super::super::status::wrong_uid;
use super::update::namespace_finalizers;
use super::{Env, Outcome};

/// The finalizer of a foreground deletion: dependents go first.
const FOREGROUND: Str = arcstr::literal!("foregroundDeletion");
/// The finalizer of an orphaning deletion: dependents lose this owner first.
const ORPHAN: Str = arcstr::literal!("orphan");

/// What a deletion comes to.
///
/// Errors: `Conflict` when the identity is not the stored one.
/// Simplified: upstream writes the shortened grace of 0 before it removes a pod, which watchers
/// see as one change more.
pub(super) fn delete(
    env: &Env<'_>,
    current: &Object,
    options: &DeleteOptions,
) -> Result<Outcome, Status> {
    let meta = current.meta();
    if let Some(uid) = options.uid
        && uid != meta.uid
    {
        return Err(wrong_uid(current.kind(), &meta.name, (uid, meta.uid)));
    }
    let mut next = current.clone();
    let grace = match &next {
        Object::Pod(pod) => pod_grace(pod, options),
        Object::Namespace(_)
        | Object::Node(_)
        | Object::ReplicaSet(_)
        | Object::Deployment(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_)
        | Object::HorizontalPodAutoscaler(_) => 0,
    };
    if meta.is_terminating() && grace > 0 && !shortens(meta, grace) {
        return Ok(Outcome::Unchanged);
    }
    if !meta.is_terminating() {
        add_finalizers(next.meta_mut(), options.propagation);
    }
    let waits = !next.meta().finalizers.is_empty() || !namespace_finalizers(&next).is_empty();
    if grace == 0 && !waits {
        return Ok(Outcome::Delete(next));
    }
    mark(&mut next, env, grace);
    if next == *current { Ok(Outcome::Unchanged) } else { Ok(Outcome::Put(next)) }
}

/// The grace that this deletion leaves a pod \[s\].
///
/// A pod without a node, or one that has ended, needs none.
fn pod_grace(pod: &Pod, options: &DeleteOptions) -> i64 {
    if pod.spec.node_name.is_empty() || pod.is_terminal() {
        return 0;
    }
    let pending = pod.metadata.deletion_grace_period_seconds;
    let wanted = options.grace_period_seconds.or(pending);
    let grace = wanted.unwrap_or(pod.spec.termination_grace_period_seconds);
    // A negative grace is read as the shortest one. Source: pod strategy.
    if grace < 0 { 1 } else { grace }
}

/// Whether a deletion that is under way would end sooner.
fn shortens(meta: &ObjectMeta, grace: i64) -> bool {
    meta.deletion_grace_period_seconds.is_some_and(|pending| grace < pending)
}

fn add_finalizers(meta: &mut ObjectMeta, propagation: Propagation) {
    let (wanted, other) = match propagation {
        Propagation::Foreground => (Some(FOREGROUND), Some(ORPHAN)),
        Propagation::Orphan => (Some(ORPHAN), Some(FOREGROUND)),
        Propagation::Background => (None, None),
    };
    meta.finalizers.retain(|known| {
        let dropped =
            propagation == Propagation::Background && (*known == FOREGROUND || *known == ORPHAN);
        !dropped && Some(known) != other.as_ref()
    });
    if let Some(wanted) = wanted
        && !meta.finalizers.contains(&wanted)
    {
        meta.finalizers.push(wanted);
    }
}

/// Marks the object as being deleted.
fn mark(object: &mut Object, env: &Env<'_>, grace: i64) {
    let meta = object.meta_mut();
    let begun = match (meta.deletion_timestamp, meta.deletion_grace_period_seconds) {
        (Some(until), Some(pending)) => until.0.saturating_sub(span(pending)),
        _ => env.now,
    };
    if meta.deletion_timestamp.is_none() && meta.generation > 0 {
        meta.generation += 1;
    }
    if meta.deletion_timestamp.is_none() || shortens(meta, grace) {
        let Time(until) = super::seconds(begun + span(grace));
        meta.deletion_timestamp = Some(Time(until));
        meta.deletion_grace_period_seconds = Some(grace);
    }
    if let Object::Namespace(namespace) = object {
        Arc::make_mut(namespace).status.phase = NamespacePhase::Terminating;
    }
}

fn span(seconds: i64) -> Span {
    Span::secs(u64::try_from(seconds).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::super::config::Config;
    use super::*;
    use crate::api::{Deployment, Namespace};
    use crate::kernel::{Purpose, SimTime, Slot, Stream};

    fn deleted(object: &Object, options: &DeleteOptions) -> Outcome {
        let config = Config::default();
        let mut chance = Stream::new(1, Slot(1), Purpose::named("uid"));
        let now = SimTime::from_secs(100);
        let env = Env { config: &config, now, chance: &mut chance };
        delete(&env, object, options).expect("no precondition")
    }

    fn put(outcome: Outcome) -> Object {
        match outcome {
            Outcome::Put(object) => object,
            other @ (Outcome::Delete(_) | Outcome::Unchanged) => panic!("no write: {other:?}"),
        }
    }

    fn running() -> Pod {
        let mut pod = Pod { metadata: ObjectMeta::named("default", "web"), ..Pod::default() };
        pod.spec.node_name = "n1".into();
        pod
    }

    #[test]
    fn a_running_pod_gets_its_grace_and_goes_when_the_kubelet_says_so() {
        let first = put(deleted(&running().into(), &DeleteOptions::default()));
        let meta = first.meta();
        assert_eq!(meta.deletion_timestamp.map(|time| time.0), Some(SimTime::from_secs(130)));
        assert_eq!(meta.deletion_grace_period_seconds, Some(30));
        assert!(matches!(deleted(&first, &DeleteOptions::default()), Outcome::Unchanged));
        let at_once = DeleteOptions { grace_period_seconds: Some(0), ..Default::default() };
        assert!(matches!(deleted(&first, &at_once), Outcome::Delete(_)));
    }

    #[test]
    fn a_deletion_can_be_hastened_but_not_delayed() {
        let first = put(deleted(&running().into(), &DeleteOptions::default()));
        let with = |seconds| DeleteOptions {
            grace_period_seconds: Some(seconds),
            ..DeleteOptions::default()
        };
        assert!(matches!(deleted(&first, &with(60)), Outcome::Unchanged));
        let sooner = put(deleted(&first, &with(10)));
        let until = sooner.meta().deletion_timestamp.map(|time| time.0);
        assert_eq!(until, Some(SimTime::from_secs(110)));
    }

    #[test]
    fn a_pod_without_a_node_goes_at_once() {
        let pod = Pod { metadata: ObjectMeta::named("default", "web"), ..Pod::default() };
        assert!(matches!(deleted(&pod.into(), &DeleteOptions::default()), Outcome::Delete(_)));
    }

    #[test]
    fn finalizers_keep_an_object_until_they_are_done() {
        let metadata = ObjectMeta::named("default", "web");
        let deployment: Object = Deployment { metadata, ..Deployment::default() }.into();
        assert!(matches!(deleted(&deployment, &DeleteOptions::default()), Outcome::Delete(_)));
        let foreground =
            DeleteOptions { propagation: Propagation::Foreground, ..DeleteOptions::default() };
        let kept = put(deleted(&deployment, &foreground));
        assert_eq!(kept.meta().finalizers, [FOREGROUND]);
        assert!(kept.meta().is_terminating());
        assert!(matches!(deleted(&kept, &foreground), Outcome::Unchanged));
    }

    #[test]
    fn a_namespace_is_terminating_until_it_is_empty() {
        let mut namespace = Namespace::default();
        namespace.spec.finalizers.push("kubernetes".into());
        let kept = put(deleted(&namespace.into(), &DeleteOptions::default()));
        assert!(matches!(
            &kept,
            Object::Namespace(kept) if kept.status.phase == NamespacePhase::Terminating
        ));
        assert!(!super::super::update::is_finished(&kept));
    }
}
