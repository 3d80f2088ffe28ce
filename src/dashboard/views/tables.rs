//! The columns in which kubectl lists each kind, and an object's row in them.

use crate::api::ConfigMap;
use crate::api::Deployment;
use crate::api::EndpointSlice;
use crate::api::Event;
use crate::api::EventType;
use crate::api::HorizontalPodAutoscaler;
use crate::api::Kind;
use crate::api::Lease;
use crate::api::Node;
use crate::api::Object;
use crate::api::Pod;
use crate::api::ReplicaSet;
use crate::api::Secret;
use crate::api::Service;
use crate::api::Time;
use crate::dashboard::model::{Column, Role, Row, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::ObjectWords as W;

use super::parts::{
    age, column, node_state, number, numbers, pod_state, ready_containers, restarts, row, shown,
};

/// A kind's columns.
pub(super) fn columns(scene: &Scene<'_>, kind: Kind) -> Vec<Column> {
    let words = |key: W, from: Tier, least: u16| column(key.text(scene.lang), from, least, 0);
    let count = |key: W, from: Tier| numbers(key.text(scene.lang), from, 5);
    let mut columns = vec![column(W::Name.text(scene.lang), Tier::Small, 12, 2)];
    columns.extend(match kind {
        Kind::Pod => vec![
            words(W::Ready, Tier::Small, 5),
            words(W::Status, Tier::Small, 12),
            count(W::Restarts, Tier::Wide),
            words(W::Node, Tier::Small, 6),
            words(W::Address, Tier::Wide, 12),
        ],
        Kind::Deployment => vec![
            words(W::Ready, Tier::Small, 5),
            count(W::UpToDate, Tier::Small),
            count(W::Available, Tier::Small),
        ],
        Kind::ReplicaSet => vec![
            count(W::Desired, Tier::Small),
            count(W::Current, Tier::Small),
            count(W::Ready, Tier::Small),
        ],
        Kind::Service => vec![
            words(W::Type, Tier::Normal, 9),
            words(W::ClusterIp, Tier::Small, 12),
            words(W::Ports, Tier::Normal, 8),
        ],
        Kind::EndpointSlice => vec![
            words(W::Ports, Tier::Normal, 5),
            column(W::Endpoints.text(scene.lang), Tier::Small, 16, 2),
        ],
        Kind::Node => vec![
            words(W::Status, Tier::Small, 10),
            words(W::Roles, Tier::Normal, 8),
            words(W::Version, Tier::Wide, 8),
        ],
        Kind::HorizontalPodAutoscaler => vec![
            words(W::Reference, Tier::Normal, 12),
            words(W::Targets, Tier::Small, 9),
            count(W::Least, Tier::Normal),
            count(W::Most, Tier::Normal),
            count(W::Replicas, Tier::Small),
        ],
        Kind::Lease => {
            vec![words(W::Holder, Tier::Small, 12), words(W::Renewed, Tier::Small, 6)]
        }
        Kind::ConfigMap | Kind::Secret => vec![count(W::Data, Tier::Small)],
        Kind::Namespace => vec![words(W::Status, Tier::Small, 10)],
        Kind::Event => vec![
            words(W::LastSeen, Tier::Small, 6),
            words(W::Reason, Tier::Small, 12),
            column(W::Message.text(scene.lang), Tier::Small, 16, 4),
        ],
    });
    if kind != Kind::Event {
        columns.push(words(W::Age, Tier::Normal, 5));
    }
    columns
}

/// An object's row.
pub(super) fn row_of(scene: &Scene<'_>, object: &Object) -> Row {
    let meta = object.meta();
    let name = match object {
        Object::Event(event) => {
            sentence::object(event.involved_object.kind, &event.involved_object.key())
        }
        Object::Namespace(_)
        | Object::Node(_)
        | Object::Pod(_)
        | Object::ReplicaSet(_)
        | Object::Deployment(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::ConfigMap(_)
        | Object::Secret(_)
        | Object::HorizontalPodAutoscaler(_) => shown(&meta.key()),
    };
    let mut cells = vec![Text::new(Role::Strong, name)];
    cells.extend(cells_of(scene, object));
    if object.kind() != Kind::Event {
        cells.push(Text::plain(age(meta.creation_timestamp.map(|Time(at)| at), scene)));
    }
    row(Target::Object(object.kind(), meta.key()), cells)
}

fn cells_of(scene: &Scene<'_>, object: &Object) -> Vec<Text> {
    match object {
        Object::Pod(pod) => pod_cells(scene, pod),
        Object::Node(node) => node_cells(scene, node),
        Object::Deployment(it) => deployment(it),
        Object::ReplicaSet(it) => replica_set(it),
        Object::Service(it) => service(it),
        Object::EndpointSlice(it) => slice(it),
        Object::HorizontalPodAutoscaler(it) => autoscaler(it),
        Object::Lease(it) => lease(scene, it),
        Object::ConfigMap(it) => vec![config_map(it)],
        Object::Secret(it) => vec![secret(it)],
        Object::Namespace(it) => vec![Text::plain(format!("{:?}", it.status.phase))],
        Object::Event(it) => event(scene, it),
    }
}

fn pod_cells(scene: &Scene<'_>, pod: &Pod) -> Vec<Text> {
    let (role, word) = pod_state(pod, &scene.seen.model);
    let or_none = |text: &str| Text::plain(if text.is_empty() { "-" } else { text });
    vec![
        Text::plain(ready_containers(pod)),
        Text::state(role, word, scene.ascii),
        number(restarts(pod)),
        or_none(&pod.spec.node_name),
        or_none(&pod.status.pod_ip),
    ]
}

fn node_cells(scene: &Scene<'_>, node: &Node) -> Vec<Text> {
    let (role, word) = node_state(node);
    let mut status = Text::state(role, word, scene.ascii);
    if node.spec.unschedulable {
        status = status.and(Role::Warning, ",SchedulingDisabled");
    }
    let prefix = "node-role.kubernetes.io/";
    let labels = node.metadata.labels.iter();
    let roles: Vec<&str> = labels.filter_map(|(key, _)| key.strip_prefix(prefix)).collect();
    let roles = if roles.is_empty() { "-".to_owned() } else { roles.join(",") };
    let version = node.status.node_info.kubelet_version.as_str();
    vec![status, Text::plain(roles), Text::plain(version)]
}

fn deployment(it: &Deployment) -> Vec<Text> {
    let status = &it.status;
    let role = if status.ready_replicas < it.spec.replicas { Role::Warning } else { Role::Plain };
    vec![
        Text::new(role, format!("{}/{}", status.ready_replicas, it.spec.replicas)),
        number(status.updated_replicas),
        number(status.available_replicas),
    ]
}

fn replica_set(it: &ReplicaSet) -> Vec<Text> {
    vec![number(it.spec.replicas), number(it.status.replicas), number(it.status.ready_replicas)]
}

fn service(it: &Service) -> Vec<Text> {
    let ports: Vec<String> = it
        .spec
        .ports
        .iter()
        .map(|port| {
            let protocol = if port.protocol.is_empty() { "TCP" } else { port.protocol.as_str() };
            format!("{}/{protocol}", port.port)
        })
        .collect();
    vec![
        Text::plain(format!("{:?}", it.spec.kind)),
        Text::plain(it.spec.cluster_ip.as_str()),
        Text::plain(ports.join(",")),
    ]
}

fn slice(it: &EndpointSlice) -> Vec<Text> {
    let ports: Vec<String> = it.ports.iter().map(|port| port.port.to_string()).collect();
    let ends = it.endpoints.iter().fold(Text::default(), |text, end| {
        let gap = if text.0.is_empty() { "" } else { "," };
        let role = if end.conditions.ready { Role::Plain } else { Role::Faint };
        let address = end.addresses.first().map_or("-", |address| address.as_str());
        let shown = if end.conditions.ready { address.to_owned() } else { format!("({address})") };
        text.and(Role::Plain, gap).and(role, shown)
    });
    vec![Text::plain(ports.join(",")), ends]
}

fn autoscaler(it: &HorizontalPodAutoscaler) -> Vec<Text> {
    let target = &it.spec.scale_target_ref;
    let wanted = it.spec.metrics.iter().find_map(|metric| {
        metric.resource.as_ref().and_then(|resource| resource.target.average_utilization)
    });
    let percent = |number: Option<i32>| number.map_or("?".to_owned(), |it| format!("{it}%"));
    vec![
        Text::plain(format!("{}/{}", target.kind, target.name)),
        Text::plain(format!("{}/{}", percent(it.status.current_utilization), percent(wanted))),
        number(it.spec.min_replicas),
        number(it.spec.max_replicas),
        number(it.status.current_replicas),
    ]
}

fn lease(scene: &Scene<'_>, it: &Lease) -> Vec<Text> {
    let renewed = age(it.spec.renew_time.map(|Time(at)| at), scene);
    vec![Text::plain(it.spec.holder_identity.as_str()), Text::plain(renewed)]
}

fn config_map(it: &ConfigMap) -> Text {
    number(it.data.len())
}

fn secret(it: &Secret) -> Text {
    number(it.data.len())
}

fn event(scene: &Scene<'_>, it: &Event) -> Vec<Text> {
    let reason = match it.kind {
        EventType::Normal => Text::plain(it.reason.as_str()),
        EventType::Warning => Text::state(Role::Warning, it.reason.as_str(), scene.ascii),
    };
    let mut message = Text::plain(it.message.as_str());
    if it.count > 1 {
        let times = W::Times.fill(scene.lang, &[("count", it.count.to_string())]);
        message = message.and(Role::Faint, format!(" ({times})"));
    }
    let seen = it.last_timestamp.or(it.metadata.creation_timestamp).map(|Time(at)| at);
    vec![Text::plain(age(seen, scene)), reason, message]
}
