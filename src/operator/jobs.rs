//! Each command's program: which call comes first, and what an answer leads to.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::api::Deployment;
use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Pod;
use crate::api::ReplicaSet;
use crate::api::Resource;
use crate::api::Str;
use crate::api::Time;
use crate::api::reasons::{ANNOTATION_REVISION, LABEL_POD_TEMPLATE_HASH};
use crate::kernel::SimTime;
use crate::wire::api::{
    ApiCall, ApiOk, DeleteOptions, FieldSelector, Part, Patch, Scope, Status, StatusReason,
};
use crate::wire::operator::Command;

/// What a job does next.
#[derive(Clone, Debug)]
pub(super) enum Next {
    /// Make this call now.
    Call(ApiCall),
    /// Make this call after a while.
    CallLater(ApiCall),
    /// Finished, with what the terminal shows.
    Done(Result<Str, Str>),
}

/// A command under way.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// The command line.
    pub(super) text: Str,
    stage: Stage,
}

/// Where a command stands.
#[derive(Clone, Debug)]
enum Stage {
    /// One call, and done.
    Single,
    /// Apply: looking whether the first object is there.
    ApplyLook { rest: VecDeque<Object>, done: usize },
    /// Apply: creating or changing the first object.
    ApplyWrite { rest: VecDeque<Object>, done: usize },
    /// A Deployment is read, to be changed and written back.
    Edit { key: ObjectKey, edit: Edit },
    /// A Deployment is written back; a conflict begins again.
    EditWrite { key: ObjectKey, edit: Edit },
    /// Undo: the ReplicaSets are read.
    History { key: ObjectKey, revision: i64, deployment: Arc<Deployment> },
    /// Drain: the node is cordoned.
    Cordoned { node: Str },
    /// Drain: the pods are listed.
    Draining { node: Str },
    /// Drain: the pods are evicted one by one.
    Evicting { node: Str, rest: VecDeque<(ObjectKey, crate::api::Uid)> },
}

/// A change of a Deployment that has to be read first.
#[derive(Clone, Debug)]
enum Edit {
    Image { container: Str, image: Str },
    Undo { revision: i64 },
    Pause(bool),
    Restart,
}

/// The annotation that `kubectl rollout restart` sets on the template.
const RESTARTED_AT: Str = arcstr::literal!("kubectl.kubernetes.io/restartedAt");

impl Job {
    /// Begins a command.
    pub(super) fn begin(command: Command, text: Str) -> (Job, Next) {
        let (stage, next) = Stage::begin(command);
        (Job { text, stage }, next)
    }

    /// Goes on with the answer to the last call, or retries it when the answer allows.
    pub(super) fn answered(&mut self, result: Result<ApiOk, Status>, now: SimTime) -> Next {
        let stage = std::mem::replace(&mut self.stage, Stage::Single);
        let (stage, next) = stage.answered(result, now);
        self.stage = stage;
        next
    }
}

impl Stage {
    fn begin(command: Command) -> (Stage, Next) {
        let edit = |key: ObjectKey, edit: Edit| {
            let next = Next::Call(ApiCall::Get { kind: Kind::Deployment, key: key.clone() });
            (Stage::Edit { key, edit }, next)
        };
        match command {
            Command::Apply(objects) => apply(objects.into(), 0),
            Command::Delete { kind, key, grace_period_seconds } => {
                let options = DeleteOptions { grace_period_seconds, ..DeleteOptions::default() };
                single(ApiCall::Delete { kind, key, options })
            }
            Command::Scale { kind, key, replicas } => patch(kind, key, Patch::Scale(replicas)),
            Command::SetImage { deployment, container, image } => {
                edit(deployment, Edit::Image { container, image })
            }
            Command::RolloutUndo { deployment, revision } => {
                edit(deployment, Edit::Undo { revision })
            }
            Command::RolloutPause { deployment, paused } => edit(deployment, Edit::Pause(paused)),
            Command::RolloutRestart { deployment } => edit(deployment, Edit::Restart),
            Command::Cordon { node, unschedulable } => {
                patch(Kind::Node, ObjectKey::new("", node), Patch::Unschedulable(unschedulable))
            }
            Command::Drain { node } => {
                let key = ObjectKey::new("", node.clone());
                let (_, next) = patch(Kind::Node, key, Patch::Unschedulable(true));
                (Stage::Cordoned { node }, next)
            }
            Command::Taint { node, taint, on } => {
                let (add, remove) = if on { (vec![taint], vec![]) } else { (vec![], vec![taint]) };
                patch(Kind::Node, ObjectKey::new("", node), Patch::Taints { add, remove })
            }
            Command::Label { kind, key, label, value } => {
                patch(kind, key, Patch::Labels(vec![(label, value)]))
            }
        }
    }

    fn answered(self, result: Result<ApiOk, Status>, now: SimTime) -> (Stage, Next) {
        match self {
            Stage::Single => done(result.map(|_| Str::from("ok"))),
            Stage::ApplyLook { rest, done } => looked(rest, done, result),
            Stage::ApplyWrite { mut rest, done: count } => match result {
                Ok(_) => {
                    rest.pop_front();
                    apply(rest, count + 1)
                }
                // Somebody was first: look again.
                Err(status) if status.reason == StatusReason::AlreadyExists => apply(rest, count),
                Err(status) => done(Err(status)),
            },
            Stage::Edit { key, edit } => match read_deployment(result) {
                Ok(deployment) => edited(key, edit, deployment, now),
                Err(status) => done(Err(status)),
            },
            Stage::EditWrite { key, edit } => match result {
                Err(status) if status.reason == StatusReason::Conflict => {
                    let next =
                        Next::Call(ApiCall::Get { kind: Kind::Deployment, key: key.clone() });
                    (Stage::Edit { key, edit }, next)
                }
                other => done(other.map(|_| Str::from("ok"))),
            },
            Stage::History { key, revision, deployment } => match result {
                Ok(ApiOk::List { items, .. }) => undo(key, revision, &deployment, &items),
                Ok(ApiOk::Object(_) | ApiOk::Done) => done(Ok(Str::new())),
                Err(status) => done(Err(status)),
            },
            Stage::Cordoned { node } => match result {
                Ok(_) => list_pods(node, Next::Call),
                Err(status) => done(Err(status)),
            },
            Stage::Draining { node } => match result {
                Ok(ApiOk::List { items, .. }) => evictions(node, &items),
                Ok(ApiOk::Object(_) | ApiOk::Done) => done(Ok(Str::new())),
                Err(status) => done(Err(status)),
            },
            // A pod that is gone already is what was wanted.
            Stage::Evicting { node, rest } => evict(node, rest),
        }
    }
}

fn done(result: Result<Str, Status>) -> (Stage, Next) {
    (Stage::Single, Next::Done(result.map_err(|status| status.message)))
}

fn single(call: ApiCall) -> (Stage, Next) {
    (Stage::Single, Next::Call(call))
}

fn patch(kind: Kind, key: ObjectKey, patch: Patch) -> (Stage, Next) {
    single(ApiCall::Patch { kind, key, patch: Box::new(patch) })
}

/// Looks whether the first of `rest` is there.
fn apply(rest: VecDeque<Object>, count: usize) -> (Stage, Next) {
    match rest.front() {
        None => done(Ok(format!("{count} applied").into())),
        Some(object) => {
            let call = ApiCall::Get { kind: object.kind(), key: namespaced(object).key() };
            (Stage::ApplyLook { rest, done: count }, Next::Call(call))
        }
    }
}

/// Creates what is missing, changes what is there.
///
/// Simplified: kubectl compares three versions (the last applied one too), so it can remove
/// fields; here what the manifest leaves out stays as it is.
fn looked(rest: VecDeque<Object>, count: usize, result: Result<ApiOk, Status>) -> (Stage, Next) {
    let Some(object) = rest.front().map(namespaced) else { return done(Ok(Str::new())) };
    let call = match result {
        Ok(_) => {
            let mut json = object.to_json();
            if let Some(map) = json.as_object_mut() {
                map.remove("status");
            }
            let (kind, key) = (object.kind(), object.key());
            ApiCall::Patch { kind, key, patch: Box::new(Patch::Merge(json)) }
        }
        Err(status) if status.reason == StatusReason::NotFound => ApiCall::Create { object },
        Err(status) => return done(Err(status)),
    };
    (Stage::ApplyWrite { rest, done: count }, Next::Call(call))
}

/// The object with the namespace that kubectl would give it.
fn namespaced(object: &Object) -> Object {
    let mut object = object.clone();
    if object.kind().is_namespaced() && object.meta().namespace.is_empty() {
        object.meta_mut().namespace = crate::api::reasons::NS_DEFAULT;
    }
    object
}

fn read_deployment(result: Result<ApiOk, Status>) -> Result<Arc<Deployment>, Status> {
    let missing =
        || Status { reason: StatusReason::NotFound, message: "no such deployment".into() };
    match result? {
        ApiOk::Object(object) => Deployment::of(&object).cloned().ok_or_else(missing),
        ApiOk::List { .. } | ApiOk::Done => Err(missing()),
    }
}

fn edited(key: ObjectKey, edit: Edit, old: Arc<Deployment>, now: SimTime) -> (Stage, Next) {
    let mut new = Deployment::clone(&old);
    match &edit {
        Edit::Image { container, image } => {
            let mut containers = new.spec.template.spec.containers.to_vec();
            let chosen =
                containers.iter_mut().filter(|c| container.is_empty() || c.name == *container);
            let changed = chosen.map(|c| c.image = image.clone()).count();
            if changed == 0 {
                let message = format!("error: unable to find container named {container:?}");
                return (Stage::Single, Next::Done(Err(message.into())));
            }
            new.spec.template.spec.containers = containers.into();
        }
        Edit::Undo { revision } => {
            let namespace = Some(key.namespace.clone());
            let scope = Scope { namespace, ..Scope::default() };
            let next = Next::Call(ApiCall::List { kind: Kind::ReplicaSet, scope });
            return (Stage::History { key, revision: *revision, deployment: old }, next);
        }
        Edit::Pause(paused) => new.spec.paused = *paused,
        Edit::Restart => {
            let template = &mut new.spec.template.metadata;
            template.annotations = template.annotations.with(RESTARTED_AT, Time(now).rfc3339());
        }
    }
    write_back(key, edit, new)
}

fn write_back(key: ObjectKey, edit: Edit, new: Deployment) -> (Stage, Next) {
    let call = ApiCall::Update { object: new.into(), part: Part::Main };
    (Stage::EditWrite { key, edit }, Next::Call(call))
}

/// Takes the template of the wanted revision (or of the newest one that is not the present one).
///
/// Source: kubernetes/kubectl:pkg/polymorphichelpers/rollback.go.
fn undo(
    key: ObjectKey,
    revision: i64,
    deployment: &Arc<Deployment>,
    sets: &[Object],
) -> (Stage, Next) {
    let number = |set: &ReplicaSet| -> i64 {
        let text = set.metadata.annotations.get(&ANNOTATION_REVISION);
        text.and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    let own = |set: &&Arc<ReplicaSet>| {
        set.metadata.controller().is_some_and(|owner| owner.uid == deployment.metadata.uid)
    };
    let mut sets: Vec<&Arc<ReplicaSet>> =
        sets.iter().filter_map(ReplicaSet::of).filter(own).collect();
    sets.sort_by_key(|set| std::cmp::Reverse(number(set)));
    let chosen =
        if revision == 0 { sets.get(1) } else { sets.iter().find(|set| number(set) == revision) };
    let Some(chosen) = chosen else {
        let message = if revision == 0 {
            Str::from("error: no rollout history found for deployment")
        } else {
            format!("error: unable to find specified revision {revision} in history").into()
        };
        return (Stage::Single, Next::Done(Err(message)));
    };
    let mut new = Deployment::clone(deployment);
    new.spec.template = chosen.spec.template.clone();
    let labels = &new.spec.template.metadata.labels;
    new.spec.template.metadata.labels = labels.without(&LABEL_POD_TEMPLATE_HASH);
    write_back(key, Edit::Undo { revision }, new)
}

fn list_pods(node: Str, when: fn(ApiCall) -> Next) -> (Stage, Next) {
    let field = Some(FieldSelector::NodeName(node.clone()));
    let call = ApiCall::List { kind: Kind::Pod, scope: Scope { field, ..Scope::default() } };
    (Stage::Draining { node }, when(call))
}

/// Evicts every pod that is not going yet; done when there is none at all.
///
/// Simplified: an eviction is a deletion; disruption budgets follow with the Eviction API.
fn evictions(node: Str, pods: &[Object]) -> (Stage, Next) {
    let pods: Vec<&Arc<Pod>> =
        pods.iter().filter_map(Pod::of).filter(|pod| !pod.is_terminal()).collect();
    if pods.is_empty() {
        return done(Ok(format!("node/{node} drained").into()));
    }
    let staying = pods.iter().filter(|pod| !pod.metadata.is_terminating());
    let rest = staying.map(|pod| (pod.key(), pod.metadata.uid)).collect();
    evict(node, rest)
}

fn evict(node: Str, mut rest: VecDeque<(ObjectKey, crate::api::Uid)>) -> (Stage, Next) {
    match rest.pop_front() {
        None => list_pods(node, Next::CallLater),
        Some((key, uid)) => {
            let options = DeleteOptions { uid: Some(uid), ..DeleteOptions::default() };
            let call = ApiCall::Delete { kind: Kind::Pod, key, options };
            (Stage::Evicting { node, rest }, Next::Call(call))
        }
    }
}
