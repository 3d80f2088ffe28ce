//! Namespace controller: empties a namespace that is being deleted, and lets it go when it is empty.
//!
//! One look: read the namespace afresh, list every kind in it, delete what is there, list again;
//! nothing left → take the finalizer `kubernetes` off; something left → look again later (pods
//! take their grace period).
//!
//! Soft state: none.
//!
//! Simplified: upstream deletes a whole kind of a namespace in one call; here object by object.
//! Source: kubernetes/kubernetes:pkg/controller/namespace/{namespace_controller.go,
//! deletion/namespaced_resources_deleter.go}.

use crate::api::{Kind, Namespace, Object, ObjectKey, Str};
use crate::client::RetryLimit;
use crate::kernel::Span;
use crate::wire::api::{ApiCall, ApiOk, DeleteOptions, Part, Scope};

use super::caches::Change;
use super::config::Config;
use super::reconcile::{Answer, Controller, Plan, Queue, View, answered_object, is_failure};

/// How long it waits after a deletion was asked for, so that every API server knows of it.
/// Source: kubernetes/kubernetes:pkg/controller/namespace/namespace_controller.go
/// `namespaceDeletionGracePeriod`.
pub const NAMESPACE_DELETION_GRACE_PERIOD: Span = Span::secs(5);
/// The finalizer of every namespace.
/// Source: kubernetes/api:core/v1/types.go `FinalizerKubernetes`.
pub const FINALIZER_KUBERNETES: Str = arcstr::literal!("kubernetes");
/// Longest wait between two failed looks.
/// Source: kubernetes/kubernetes:pkg/controller/namespace/namespace_controller.go.
const RETRY_MAX: Span = Span::secs(60);

/// The namespace controller.
#[derive(Clone, Debug)]
pub struct NamespaceController;

/// What the calls under way are for.
#[derive(Clone, Debug)]
pub enum Doing {
    /// The namespace is read afresh.
    Fresh,
    /// Everything in it is listed.
    List(Object),
    /// Everything in it is deleted.
    Delete(Object),
    /// What is left is listed.
    Count(Object),
}

impl Controller for NamespaceController {
    type Key = ObjectKey;
    type Progress = Doing;

    const NAME: &'static str = "namespace-controller";
    const KINDS: &'static [Kind] = &[Kind::Namespace];

    fn new(_config: &Config) -> Self {
        NamespaceController
    }

    fn workers(config: &Config) -> u32 {
        config.concurrent_namespace_syncs
    }

    fn retry_limit() -> RetryLimit {
        RetryLimit { max: RETRY_MAX, qps: 0, ..RetryLimit::default() }
    }

    fn observe(&mut self, _view: &View<'_>, change: &Change, queue: &mut Queue<'_, ObjectKey>) {
        if change.new.as_ref().is_some_and(|namespace| namespace.meta().is_terminating()) {
            queue.add_after(change.key(), NAMESPACE_DELETION_GRACE_PERIOD);
        }
    }

    fn reconcile(&mut self, view: &View<'_>, key: &ObjectKey) -> Plan<Doing> {
        let cached = view.caches.get::<Namespace>(key);
        if !cached.is_some_and(|namespace| namespace.metadata.is_terminating()) {
            return Plan::done();
        }
        let call = ApiCall::Get { kind: Kind::Namespace, key: key.clone() };
        Plan::then(vec![call], Doing::Fresh)
    }

    fn resume(
        &mut self,
        _view: &View<'_>,
        key: &ObjectKey,
        progress: Doing,
        answers: Vec<Answer>,
    ) -> Plan<Doing> {
        if answers.iter().any(is_failure) {
            return Plan::retry();
        }
        match progress {
            Doing::Fresh => match answers.first().and_then(answered_object) {
                Some(object) if is_unfinished(object) => {
                    Plan::then(lists(&key.name), Doing::List(object.clone()))
                }
                Some(_) | None => Plan::done(),
            },
            Doing::List(namespace) => {
                let calls = found(&answers).map(delete).collect();
                Plan::then(calls, Doing::Delete(namespace))
            }
            Doing::Delete(namespace) => Plan::then(lists(&key.name), Doing::Count(namespace)),
            Doing::Count(namespace) => count(&namespace, &answers),
        }
    }
}

fn is_unfinished(object: &Object) -> bool {
    let namespace = object.as_kind::<Namespace>();
    namespace.is_some_and(|namespace| {
        namespace.metadata.is_terminating()
            && namespace.spec.finalizers.contains(&FINALIZER_KUBERNETES)
    })
}

/// Lists every kind of object in a namespace.
fn lists(namespace: &Str) -> Vec<ApiCall> {
    let scope = Scope { namespace: Some(namespace.clone()), ..Scope::default() };
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.is_namespaced());
    kinds.map(|kind| ApiCall::List { kind, scope: scope.clone() }).collect()
}

fn found(answers: &[Answer]) -> impl Iterator<Item = &Object> {
    answers.iter().flat_map(|answer| match answer {
        Ok(ApiOk::List { items, .. }) => &items[..],
        Ok(ApiOk::Object(_) | ApiOk::Done) | Err(_) => &[],
    })
}

fn delete(object: &Object) -> ApiCall {
    let options = DeleteOptions { uid: Some(object.meta().uid), ..DeleteOptions::default() };
    ApiCall::Delete { kind: object.kind(), key: object.key(), options }
}

/// Nothing left: the namespace may go. Else: look again after half of the longest grace period.
fn count(namespace: &Object, answers: &[Answer]) -> Plan<Doing> {
    let grace = |object: &Object| {
        let seconds = object.meta().deletion_grace_period_seconds.unwrap_or(0);
        u64::try_from(seconds).unwrap_or(0)
    };
    if let Some(longest) = found(answers).map(grace).max() {
        return Plan::done_until(Span::secs(longest / 2 + 1));
    }
    let Some(namespace) = namespace.as_kind::<Namespace>() else { return Plan::done() };
    let mut finished = Namespace::clone(namespace);
    finished.spec.finalizers.retain(|finalizer| *finalizer != FINALIZER_KUBERNETES);
    Plan::last(vec![ApiCall::Update { object: finished.into(), part: Part::Finalize }])
}

#[cfg(test)]
mod tests {
    use super::super::rig::{Rig, replica_set};
    use super::*;
    use crate::api::{ConfigMap, ObjectMeta, Pod, ReplicaSet, Time};

    #[test]
    fn a_namespace_is_emptied_and_then_goes() {
        let mut rig = Rig::of::<NamespaceController>();
        let mut namespace = Namespace::default();
        namespace.metadata.name = "default".into();
        namespace.spec.finalizers.push(FINALIZER_KUBERNETES);
        rig.create(namespace);
        rig.create(replica_set("web", 1));
        rig.create(ConfigMap { metadata: ObjectMeta::named("default", "c"), ..Default::default() });
        rig.create(ConfigMap { metadata: ObjectMeta::named("other", "c"), ..Default::default() });
        let mut pod = Pod { metadata: ObjectMeta::named("default", "p"), ..Pod::default() };
        pod.spec.node_name = "n1".into();
        let pod = rig.create(pod);
        let now = Time(rig.now);
        rig.change::<Namespace>(&ObjectKey::new("", "default"), |namespace| {
            namespace.metadata.deletion_timestamp = Some(now);
        });
        rig.pass(Span::secs(4));
        assert_eq!(rig.take_writes(), [""; 0]);
        rig.pass(Span::secs(2));
        // The pod takes its time; the rest is gone.
        assert_eq!((rig.all::<ReplicaSet>().len(), rig.all::<ConfigMap>().len()), (0, 1));
        assert_eq!((rig.all::<Pod>().len(), rig.all::<Namespace>().len()), (1, 1));
        rig.remove(Kind::Pod, &pod.key());
        rig.pass(Span::secs(16));
        assert!(rig.all::<Namespace>().is_empty());
    }
}
