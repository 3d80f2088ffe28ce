//! Changes of a part of an object, whatever its version.
//!
//! Simplified: the components' strategic merge patches and server-side applies are typed changes
//! here (see `wire::api::Patch`); people's patches are JSON merge patches.

use std::sync::Arc;

use serde_json::Value;

use crate::api::{Condition, Labels, Node, Object, OwnerReference, Str, Taint, Uid};
use crate::wire::api::{Part, Patch, Status};

use super::super::status::{bad_request, wrong_uid};
use super::update::{complete, no_such_resource, update};
use super::{Env, Outcome, strategy};

/// What a patch comes to.
///
/// Errors: `Conflict` when an identity is given and is not the stored one; `Invalid`.
pub(super) fn patch(env: &Env<'_>, current: &Object, patch: &Patch) -> Result<Outcome, Status> {
    let mut next = current.clone();
    let part = match patch {
        Patch::Merge(json) => return merge_patch(env, current, json),
        Patch::Status(wanted) => {
            check_uid(current, wanted.meta().uid)?;
            if wanted.kind() != current.kind() {
                return Err(bad_request("the object provided is unrecognized"));
            }
            take_status(&mut next, current, wanted);
            Part::Status
        }
        Patch::Conditions(conditions) => {
            merge_conditions(&mut next, conditions).ok_or_else(no_such_resource)?;
            Part::Status
        }
        Patch::NominatedNode(node) => {
            let Object::Pod(pod) = &mut next else { return Err(no_such_resource()) };
            Arc::make_mut(pod).status.nominated_node_name = node.clone();
            Part::Status
        }
        Patch::Taints { add, remove } => {
            taint(node_mut(&mut next)?, add, remove);
            Part::Main
        }
        Patch::Unschedulable(unschedulable) => {
            node_mut(&mut next)?.spec.unschedulable = *unschedulable;
            Part::Main
        }
        Patch::Labels(changes) => {
            let meta = next.meta_mut();
            meta.labels = relabel(&meta.labels, changes);
            Part::Main
        }
        Patch::Annotations(changes) => {
            let meta = next.meta_mut();
            meta.annotations = relabel(&meta.annotations, changes);
            Part::Main
        }
        Patch::Scale(replicas) => {
            if !strategy::set_replicas(&mut next, *replicas) {
                return Err(no_such_resource());
            }
            Part::Scale
        }
        Patch::Owner { owner, adopt, uid } => {
            check_uid(current, *uid)?;
            own(&mut next, owner, *adopt);
            Part::Main
        }
        Patch::RemoveFinalizers(done) => {
            remove_finalizers(&mut next, done);
            Part::Finalize
        }
    };
    complete(env, current, next, part)
}

fn check_uid(current: &Object, uid: Uid) -> Result<(), Status> {
    let meta = current.meta();
    if uid.is_unset() || uid == meta.uid {
        return Ok(());
    }
    Err(wrong_uid(current.kind(), &meta.name, (uid, meta.uid)))
}

fn node_mut(object: &mut Object) -> Result<&mut Node, Status> {
    if let Object::Node(node) = object { Ok(Arc::make_mut(node)) } else { Err(no_such_resource()) }
}

/// Takes over the status of `wanted`; conditions that it does not name stay.
fn take_status(next: &mut Object, current: &Object, wanted: &Object) {
    strategy::keep_status(next, wanted);
    if let (Object::Namespace(next), Object::Namespace(current)) = (&mut *next, current) {
        Arc::make_mut(next).spec = current.spec.clone();
    }
    let Some(known) = conditions_of(current) else { return };
    if let Some(conditions) = conditions_mut(next) {
        let newer = std::mem::take(conditions);
        *conditions = known.to_vec();
        merge_into(conditions, &newer);
    }
}

fn merge_conditions(next: &mut Object, newer: &[Condition]) -> Option<()> {
    merge_into(conditions_mut(next)?, newer);
    Some(())
}

fn merge_into(conditions: &mut Vec<Condition>, newer: &[Condition]) {
    for condition in newer {
        match conditions.iter_mut().find(|known| known.kind == condition.kind) {
            Some(known) => known.clone_from(condition),
            None => conditions.push(condition.clone()),
        }
    }
}

fn conditions_of(object: &Object) -> Option<&[Condition]> {
    match object {
        Object::Pod(pod) => Some(&pod.status.conditions.0),
        Object::Node(node) => Some(&node.status.conditions.0),
        Object::Deployment(deployment) => Some(&deployment.status.conditions.0),
        Object::ReplicaSet(set) => Some(&set.status.conditions.0),
        Object::HorizontalPodAutoscaler(scaler) => Some(&scaler.status.conditions.0),
        Object::Namespace(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_) => None,
    }
}

fn conditions_mut(object: &mut Object) -> Option<&mut Vec<Condition>> {
    match object {
        Object::Pod(pod) => Some(&mut Arc::make_mut(pod).status.conditions.0),
        Object::Node(node) => Some(&mut Arc::make_mut(node).status.conditions.0),
        Object::Deployment(it) => Some(&mut Arc::make_mut(it).status.conditions.0),
        Object::ReplicaSet(set) => Some(&mut Arc::make_mut(set).status.conditions.0),
        Object::HorizontalPodAutoscaler(it) => Some(&mut Arc::make_mut(it).status.conditions.0),
        Object::Namespace(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_) => None,
    }
}

fn taint(node: &mut Node, add: &[Taint], remove: &[Taint]) {
    let same = |one: &Taint, two: &Taint| one.key == two.key && one.effect == two.effect;
    let taints = &mut node.spec.taints;
    taints.retain(|known| !remove.iter().any(|gone| same(known, gone)));
    for new in add {
        match taints.iter_mut().find(|known| same(known, new)) {
            Some(known) => known.clone_from(new),
            None => taints.push(new.clone()),
        }
    }
}

fn relabel(labels: &Labels, changes: &[(Str, Option<Str>)]) -> Labels {
    changes.iter().fold(labels.clone(), |labels, (key, value)| match value {
        Some(value) => labels.with(key.clone(), value.clone()),
        None => labels.without(key),
    })
}

fn own(object: &mut Object, owner: &OwnerReference, adopt: bool) {
    let owners = &mut object.meta_mut().owner_references;
    owners.retain(|known| known.uid != owner.uid);
    if adopt {
        owners.push(owner.clone());
    }
}

fn remove_finalizers(object: &mut Object, done: &[Str]) {
    object.meta_mut().finalizers.retain(|known| !done.contains(known));
    if let Object::Namespace(namespace) = object {
        Arc::make_mut(namespace).spec.finalizers.retain(|known| !done.contains(known));
    }
}

/// RFC 7386, then as an update that states what the patch states.
fn merge_patch(env: &Env<'_>, current: &Object, patch: &Value) -> Result<Outcome, Status> {
    let mut json = current.to_json();
    merge(&mut json, patch);
    let next = Object::from_json(current.kind(), json)
        .map_err(|error| bad_request(format!("the patch does not fit: {error}")))?;
    update(env, current, &next, Part::Main)
}

/// Objects are merged key by key, a null removes, anything else replaces.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(fields) = target.as_object_mut() else { return };
    for (key, change) in changes {
        if change.is_null() {
            fields.remove(key);
        } else {
            merge(fields.entry(key.clone()).or_insert(Value::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::config::Config;
    use super::*;
    use crate::api::{ConfigMap, ObjectMeta, TaintEffect};
    use crate::kernel::{Purpose, SimTime, Slot, Stream};
    use serde_json::json;

    fn patched(object: &Object, change: &Patch) -> Result<Outcome, Status> {
        let config = Config::default();
        let mut chance = Stream::new(1, Slot(1), Purpose::named("uid"));
        let now = SimTime::from_secs(100);
        patch(&Env { config: &config, now, chance: &mut chance }, object, change)
    }

    fn put(outcome: Result<Outcome, Status>) -> Object {
        match outcome {
            Ok(Outcome::Put(object)) => object,
            other => panic!("no write: {other:?}"),
        }
    }

    #[test]
    fn a_merge_patch_follows_its_rfc() {
        // The table of RFC 7386, appendix A, as far as the root is an object.
        let check = |mut target: Value, patch: Value, want: Value| {
            merge(&mut target, &patch);
            assert_eq!(target, want);
        };
        check(json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"}));
        check(json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"}));
        check(json!({"a": "b"}), json!({"a": null}), json!({}));
        check(json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"}));
        check(
            json!({"a": {"b": "c"}}),
            json!({"a": {"b": "d", "c": null}}),
            json!({"a": {"b": "d"}}),
        );
        check(json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}}));
        check(json!(["a", "b"]), json!({"a": "b"}), json!({"a": "b"}));
    }

    #[test]
    fn a_person_changes_one_field() {
        let metadata = ObjectMeta::named("default", "settings");
        let map: Object = ConfigMap { metadata, ..ConfigMap::default() }.into();
        let next = put(patched(&map, &Patch::Merge(json!({"data": {"colour": "red"}}))));
        assert_eq!(next.to_json()["data"], json!({"colour": "red"}));
        let same = patched(&next, &Patch::Merge(json!({"data": {"colour": "red"}})));
        assert!(matches!(same, Ok(Outcome::Unchanged)));
    }

    #[test]
    fn taints_are_known_by_key_and_effect() {
        let metadata = ObjectMeta::named("", "n1");
        let node: Object = Node { metadata, ..Node::default() }.into();
        let taint = Taint { key: "k".into(), effect: TaintEffect::NoExecute, ..Taint::default() };
        let add = Patch::Taints { add: vec![taint.clone()], remove: vec![] };
        let tainted = put(patched(&node, &add));
        assert!(matches!(patched(&tainted, &add), Ok(Outcome::Unchanged)));
        let clean = put(patched(&tainted, &Patch::Taints { add: vec![], remove: vec![taint] }));
        assert!(matches!(clean, Object::Node(node) if node.spec.taints.is_empty()));
    }

    #[test]
    fn the_last_finalizer_takes_a_deleted_object_along() {
        let mut metadata = ObjectMeta::named("default", "settings");
        metadata.finalizers = vec!["example.com/a".into(), "example.com/b".into()];
        metadata.deletion_timestamp = Some(Default::default());
        metadata.deletion_grace_period_seconds = Some(0);
        let map: Object = ConfigMap { metadata, ..ConfigMap::default() }.into();
        let one = put(patched(&map, &Patch::RemoveFinalizers(vec!["example.com/a".into()])));
        let last = patched(&one, &Patch::RemoveFinalizers(vec!["example.com/b".into()]));
        assert!(matches!(last, Ok(Outcome::Delete(_))));
    }
}
