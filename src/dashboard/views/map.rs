//! Genel: the cluster as a map: control plane, nodes by zone, pods as cells.
//!
//! What stands here is what the cluster believes (the committed truth), with one exception: a
//! machine that is off says so, since the reader knows more than Kubernetes does.

use std::collections::BTreeMap;

use crate::api::Kind;
use crate::api::Node;
use crate::api::ObjectKey;
use crate::api::Pod;
use crate::api::Resource as _;
use crate::api::Str;
use crate::api::reasons;
use crate::cluster::Machine as Host;
use crate::cluster::Role as Seat;
use crate::dashboard::model::{Block, Cell, Group, Machine, Map, Page, Role, Target, Text};
use crate::dashboard::scene::Scene;
use crate::kernel::ActorState;
use crate::observe::Alike;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::MapWords;

use super::bars;
use super::crowd;
use super::detail;
use super::parts::{States, all_states, count_states, node_state, pod_state, shown};
use super::process;

/// With more nodes than this a zone is one box.
const BOXES_MAX: usize = 30;

/// The page.
pub(super) fn page(scene: &Scene<'_>) -> Page {
    match scene.inside {
        Some(Target::Object(kind, key)) => detail::page(scene, *kind, key),
        Some(Target::Process(slot)) => process::page(scene, *slot),
        Some(Target::Named(name)) => match name.strip_prefix("zone/") {
            Some(zone) => whole(scene, Some(zone)),
            None => whole(scene, None),
        },
        Some(Target::Fact(_) | Target::Message(_) | Target::Call(_) | Target::Moment(_)) | None => {
            whole(scene, None)
        }
    }
}

/// The whole cluster, or one zone of it.
fn whole(scene: &Scene<'_>, only: Option<&str>) -> Page {
    let zones = zones(scene);
    let nodes: usize = zones.values().map(Vec::len).sum();
    let crowd = nodes > BOXES_MAX && only.is_none();
    let mut groups = Vec::new();
    if only.is_none() {
        groups.extend(control_plane(scene));
    }
    if crowd {
        groups.push(crowd::group(scene, &zones));
    } else {
        let named = zones.len() > 1;
        let wanted = zones.iter().filter(|(zone, _)| only.is_none_or(|only| only == zone.as_str()));
        groups.extend(wanted.map(|(zone, nodes)| {
            let title = if named {
                MapWords::Zone.fill(scene.lang, &[("zone", zone.as_str())])
            } else {
                MapWords::Nodes.text(scene.lang).to_owned()
            };
            let machines = nodes.iter().map(|node| node_box(scene, node)).collect();
            Group { title: Text::new(Role::Title, title), machines }
        }));
    }
    groups.extend(waiting(scene).filter(|_| only.is_none()));
    let blocks = if groups.is_empty() {
        vec![Block::Prose(vec![Text::plain(MapWords::Nothing.text(scene.lang))])]
    } else {
        vec![Block::Map(Map { groups })]
    };
    Page { title: Text::plain(summary(scene)), blocks }
}

fn summary(scene: &Scene<'_>) -> String {
    let model = &scene.seen.model;
    let ready = model.of::<Node>().filter(|node| node_state(node).0 == Role::Good).count();
    let states = all_states(model).into_iter();
    let running: usize =
        states.filter(|((role, _), _)| *role == Role::Good).map(|(_, count)| count).sum();
    let args = [
        ("ready", ready.to_string()),
        ("nodes", model.count(Kind::Node).to_string()),
        ("running", running.to_string()),
        ("pods", model.count(Kind::Pod).to_string()),
    ];
    MapWords::Summary.fill(scene.lang, &args)
}

/// The worker nodes by zone; nodes of the control plane stand in its band.
fn zones<'a>(scene: &Scene<'a>) -> BTreeMap<Str, Vec<&'a Node>> {
    let mut zones: BTreeMap<Str, Vec<&Node>> = BTreeMap::new();
    for node in scene.seen.model.of::<Node>() {
        let host = scene.seen.directory.machine(&node.metadata.name);
        if host.is_some_and(|host| is_control_plane(scene, host)) {
            continue;
        }
        let zone = node.metadata.labels.get(&reasons::LABEL_ZONE).cloned().unwrap_or_default();
        zones.entry(zone).or_default().push(node);
    }
    zones
}

fn is_control_plane(scene: &Scene<'_>, host: &Host) -> bool {
    host.slots.iter().any(|slot| {
        let seat = scene.seen.directory.role(*slot);
        seat.is_some_and(process::is_control_plane)
    })
}

fn control_plane(scene: &Scene<'_>) -> Option<Group> {
    let hosts = scene.seen.directory.machines().iter();
    let machines: Vec<Machine> = hosts
        .filter(|host| is_control_plane(scene, host))
        .map(|host| control_box(scene, host))
        .collect();
    let title = Text::new(Role::Title, MapWords::ControlPlane.text(scene.lang));
    (!machines.is_empty()).then_some(Group { title, machines })
}

fn control_box(scene: &Scene<'_>, host: &Host) -> Machine {
    let mut cells: Vec<Cell> = host
        .slots
        .iter()
        .filter(|slot| scene.seen.directory.role(**slot).is_some_and(process::is_control_plane))
        .map(|slot| process::cell(scene, *slot))
        .collect();
    cells.extend(pods(scene, &host.name));
    let key = ObjectKey::new("", host.name.clone());
    let node = scene.seen.model.get(Kind::Node, &key).and_then(Node::of);
    let title = Text::new(Role::Strong, host.name.as_str());
    match node {
        Some(node) => {
            let (role, word) = node_state(node);
            let title = title.and(Role::Plain, " ").and(role, signed(scene, role, word));
            let notes = notes(scene, node, host);
            let target = Some(Target::Object(Kind::Node, key));
            Machine { target, title, notes, bars: Vec::new(), cells }
        }
        None => Machine {
            target: host.slots.first().map(|slot| Target::Process(*slot)),
            title,
            notes: faults(scene, host),
            bars: Vec::new(),
            cells,
        },
    }
}

/// A sign and its word.
fn signed(scene: &Scene<'_>, role: Role, word: &str) -> String {
    Text::state(role, word, scene.ascii).letters()
}

fn node_box(scene: &Scene<'_>, node: &Node) -> Machine {
    let name = &node.metadata.name;
    let (role, word) = node_state(node);
    let title = Text::new(Role::Strong, name.as_str())
        .and(Role::Plain, " ")
        .and(role, signed(scene, role, word));
    let notes = match scene.seen.directory.machine(name) {
        Some(host) => notes(scene, node, host),
        None => Vec::new(),
    };
    let asked = Alike::asked(scene.seen.model.tally().on(name));
    Machine {
        target: Some(Target::Object(Kind::Node, node.metadata.key())),
        title,
        notes,
        bars: bars::bars(&[node], asked, scene.lang),
        cells: pods(scene, name),
    }
}

/// Taints, cordon, and what is broken below Kubernetes.
fn notes(scene: &Scene<'_>, node: &Node, host: &Host) -> Vec<Text> {
    let mut notes = faults(scene, host);
    if node.spec.unschedulable {
        let text = MapWords::Cordoned.text(scene.lang);
        notes.push(Text::state(Role::Warning, text, scene.ascii));
    }
    let planned = reasons::TAINT_CONTROL_PLANE;
    let cordon = "node.kubernetes.io/unschedulable";
    let taints = node.spec.taints.iter();
    notes.extend(taints.filter(|taint| taint.key != planned && taint.key != cordon).map(|taint| {
        let text = format!("{}:{}", taint.key, taint.effect.name());
        Text::state(Role::Warning, text, scene.ascii)
    }));
    notes
}

/// What the reader knows and the cluster may not know yet.
fn faults(scene: &Scene<'_>, host: &Host) -> Vec<Text> {
    let sim = scene.run.sim();
    let directory = &scene.seen.directory;
    let machine =
        host.slots.iter().find(|slot| matches!(directory.role(**slot), Some(Seat::Runtime(_))));
    let bad = |text: String| Text::state(Role::Bad, text, scene.ascii);
    match machine.map(|slot| sim.state(*slot)) {
        Some(ActorState::Crashed) => return vec![bad(MapWords::Off.text(scene.lang).to_owned())],
        Some(ActorState::Paused) => {
            return vec![bad(MapWords::Frozen.text(scene.lang).to_owned())];
        }
        Some(ActorState::Running) | None => {}
    }
    let processes = host
        .slots
        .iter()
        .filter(|slot| matches!(directory.role(**slot), Some(Seat::Kubelet(_) | Seat::Proxy(_))));
    let told = processes.filter_map(|slot| {
        let key = match sim.state(*slot) {
            ActorState::Running => return None,
            ActorState::Paused => MapWords::ProcessPaused,
            ActorState::Crashed => MapWords::ProcessDown,
        };
        Some(bad(key.fill(scene.lang, &[("process", directory.name(*slot))])))
    });
    told.collect()
}

fn pods(scene: &Scene<'_>, node: &Str) -> Vec<Cell> {
    scene.seen.model.pods_on(node).map(|pod| pod_cell(scene, pod)).collect()
}

fn pod_cell(scene: &Scene<'_>, pod: &Pod) -> Cell {
    let (role, word) = pod_state(pod, &scene.seen.model);
    let key = pod.metadata.key();
    Cell { name: shown(&key), target: Some(Target::Object(Kind::Pod, key)), role, word }
}

/// Pods that wait for a node; many are counted.
fn waiting(scene: &Scene<'_>) -> Option<Group> {
    let all = scene.seen.model.tally().on("");
    let count: usize = all.iter().map(|alike| alike.pods).sum();
    if count == 0 {
        return None;
    }
    let args = [("count", count.to_string())];
    let cells = if count > 4 * BOXES_MAX {
        let mut states = States::new();
        count_states(&mut states, "", all, false);
        crowd::cells(&states)
    } else {
        pods(scene, &Str::default())
    };
    let machine = Machine {
        target: None,
        title: Text::plain(MapWords::WithoutNode.fill(scene.lang, &args)),
        notes: Vec::new(),
        bars: Vec::new(),
        cells,
    };
    let title = Text::new(Role::Title, MapWords::Waiting.text(scene.lang));
    Some(Group { title, machines: vec![machine] })
}
