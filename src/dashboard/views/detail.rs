//! One object: state, labels, owner, conditions, what it owns, its Events, and itself as JSON.

use crate::api::Condition;
use crate::api::ConditionStatus;
use crate::api::Event;
use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Time;
use crate::dashboard::model::{Block, Page, Role, Table, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::tell::form;
use crate::tell::sentence;
use crate::tell::state;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::ObjectWords as W;

use super::parts::{age, column, pod_state, row};
use super::tables;

/// The page of one object.
pub(super) fn page(scene: &Scene<'_>, kind: Kind, key: &ObjectKey) -> Page {
    let title = Text::new(Role::Strong, sentence::object(kind, key));
    let mut blocks = Vec::new();
    match scene.seen.model.get(kind, key) {
        Some(object) => {
            blocks.push(Block::Pairs(pairs(scene, object)));
            blocks.extend(owner(scene, object));
            blocks.extend(owned(scene, kind, object));
            blocks.extend(conditions(scene, object));
            blocks.extend(events(scene, kind, key));
            blocks.extend(raw(scene, object));
        }
        None => {
            let text = Text::state(Role::Unknown, W::Gone.text(scene.lang), scene.ascii);
            blocks.push(Block::Prose(vec![text]));
            blocks.extend(events(scene, kind, key));
        }
    }
    Page { title, blocks }
}

fn pairs(scene: &Scene<'_>, object: &Object) -> Vec<(String, Text)> {
    let (lang, meta) = (scene.lang, object.meta());
    let mut pairs = Vec::new();
    if let Object::Pod(pod) = object {
        let (role, word) = pod_state(pod, &scene.seen.model);
        let label = W::Status.text(lang).to_owned();
        pairs.push((label, Text::state(role, word, scene.ascii)));
    }
    let rows = state::rows(object, lang);
    pairs.extend(rows.into_iter().map(|(label, value)| (label.to_owned(), Text::plain(value))));
    let mut put =
        |key: W, value: String| pairs.push((key.text(lang).to_owned(), Text::plain(value)));
    if !meta.labels.is_empty() {
        let labels: Vec<String> =
            meta.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        put(W::Labels, labels.join(", "));
    }
    put(W::Age, age(meta.creation_timestamp.map(|Time(at)| at), scene));
    put(W::Uid, meta.uid.to_string());
    if let Some((at, revision)) = scene.seen.model.changed(object.kind(), &meta.key()) {
        put(W::Revision, revision.to_string());
        put(W::LastChange, form::moment(lang, at));
    }
    pairs
}

/// The controlling owner, to open.
fn owner(scene: &Scene<'_>, object: &Object) -> Option<Block> {
    let meta = object.meta();
    let owner = meta.controller()?;
    let key = ObjectKey::new(meta.namespace.clone(), owner.name.clone());
    let name = Text::plain(sentence::object(owner.kind, &key));
    let columns = vec![column(W::Owner.text(scene.lang), Tier::Small, 20, 1)];
    let rows = vec![row(Target::Object(owner.kind, key), vec![name])];
    Some(Block::Table(Table { columns, rows, empty: String::new() }))
}

/// The objects that this one controls (a node: its pods), to open.
fn owned(scene: &Scene<'_>, kind: Kind, object: &Object) -> Vec<Block> {
    let model = &scene.seen.model;
    let below = match kind {
        Kind::Deployment => Kind::ReplicaSet,
        Kind::ReplicaSet | Kind::Node => Kind::Pod,
        Kind::Service => Kind::EndpointSlice,
        Kind::Namespace
        | Kind::Pod
        | Kind::EndpointSlice
        | Kind::Lease
        | Kind::Event
        | Kind::ConfigMap
        | Kind::Secret
        | Kind::HorizontalPodAutoscaler => return Vec::new(),
    };
    let uid = object.meta().uid;
    let mine = |other: &&Object| {
        if let Object::Pod(pod) = other
            && kind == Kind::Node
        {
            return pod.spec.node_name == object.meta().name;
        }
        other.meta().controller().is_some_and(|owner| owner.uid == uid)
    };
    let rows: Vec<_> =
        model.all(below).filter(mine).map(|other| tables::row_of(scene, other)).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let title = format!("{}: {}", W::Owned.text(scene.lang), below.name());
    let columns = tables::columns(scene, below);
    let table = Table { columns, rows, empty: String::new() };
    vec![Block::Heading(Text::new(Role::Title, title)), Block::Table(table)]
}

fn conditions_of(object: &Object) -> &[Condition] {
    match object {
        Object::Pod(it) => &it.status.conditions.0,
        Object::Node(it) => &it.status.conditions.0,
        Object::Deployment(it) => &it.status.conditions.0,
        Object::ReplicaSet(it) => &it.status.conditions.0,
        Object::HorizontalPodAutoscaler(it) => &it.status.conditions.0,
        Object::Namespace(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_) => &[],
    }
}

fn conditions(scene: &Scene<'_>, object: &Object) -> Vec<Block> {
    let all = conditions_of(object);
    if all.is_empty() {
        return Vec::new();
    }
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Condition), Tier::Small, 16, 0),
        column(word(W::Status), Tier::Small, 7, 0),
        column(word(W::Since), Tier::Normal, 6, 0),
        column(word(W::Reason), Tier::Small, 12, 1),
        column(word(W::Message), Tier::Wide, 12, 2),
    ];
    let rows = all.iter().map(|it| {
        let role = match it.status {
            ConditionStatus::True => Role::Plain,
            ConditionStatus::False => Role::Warning,
            ConditionStatus::Unknown => Role::Unknown,
        };
        let cells = vec![
            Text::plain(it.kind.as_str()),
            Text::new(role, format!("{:?}", it.status)),
            Text::plain(age(it.last_transition_time.map(|Time(at)| at), scene)),
            Text::plain(it.reason.as_str()),
            Text::plain(it.message.as_str()),
        ];
        crate::dashboard::model::Row { target: None, cells, now: false }
    });
    let table = Table { columns, rows: rows.collect(), empty: String::new() };
    vec![Block::Heading(Text::new(Role::Title, word(W::Conditions))), Block::Table(table)]
}

fn events(scene: &Scene<'_>, kind: Kind, key: &ObjectKey) -> Vec<Block> {
    let about =
        scene.seen.model.of::<Event>().filter(|event| {
            event.involved_object.kind == kind && event.involved_object.key() == *key
        });
    let mut about: Vec<&Event> = about.collect();
    about.sort_by_key(|event| event.last_timestamp);
    let rows: Vec<_> = about
        .into_iter()
        .map(|event| tables::row_of(scene, &Object::Event(event.clone().into())))
        .collect();
    if kind == Kind::Event {
        return Vec::new();
    }
    let empty = W::NoEvents.text(scene.lang).to_owned();
    let table = Table { columns: tables::columns(scene, Kind::Event), rows, empty };
    vec![Block::Heading(Text::new(Role::Title, W::Events.text(scene.lang))), Block::Table(table)]
}

/// The object as Kubernetes' JSON, a paragraph a line.
fn raw(scene: &Scene<'_>, object: &Object) -> Vec<Block> {
    let Ok(json) = serde_json::to_string_pretty(&object.to_json()) else { return Vec::new() };
    let lines = json.lines().map(|line| Text::new(Role::Faint, line)).collect();
    vec![Block::Heading(Text::new(Role::Title, W::Raw.text(scene.lang))), Block::Prose(lines)]
}
