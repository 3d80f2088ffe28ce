//! Genel with more nodes than fit as boxes: a box for each zone, with counts by state.
//!
//! One pass over all pods, however many there are: a key must be answered within a frame.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::api::Node;
use crate::api::Pod;
use crate::api::Str;
use crate::dashboard::model::{Cell, Group, Machine, Role, Target, Text};
use crate::dashboard::scene::Scene;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::MapWords;

use super::bars::{self, Asked};
use super::map::ByNode;
use super::parts::{node_state, pod_state, pod_state_where};

/// How many pods are in which state.
type States = BTreeMap<(Role, Cow<'static, str>), usize>;

/// A zone with what runs there.
struct Zone<'a> {
    name: Str,
    nodes: &'a [&'a Node],
    states: States,
    asked: Asked,
}

/// The cluster by zones.
pub(super) struct Crowd<'a> {
    zones: Vec<Zone<'a>>,
    /// The pods that are on none of these nodes, by node.
    pub(super) rest: ByNode<'a>,
    /// How many pods run, wherever they are.
    pub(super) running: usize,
}

impl<'a> Crowd<'a> {
    /// Counts all pods.
    pub(super) fn of(scene: &Scene<'a>, zones: &'a BTreeMap<Str, Vec<&'a Node>>) -> Crowd<'a> {
        let mut places: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
        let mut all = Vec::new();
        for (place, (name, nodes)) in zones.iter().enumerate() {
            for node in nodes {
                let heard = node_state(node).0 == Role::Good;
                places.insert(&node.metadata.name, (place, heard));
            }
            let (states, asked) = (States::new(), Asked::default());
            all.push(Zone { name: name.clone(), nodes, states, asked });
        }
        let mut crowd = Crowd { zones: all, rest: ByNode::new(), running: 0 };
        let mut last = None;
        for pod in scene.seen.model.of::<Pod>() {
            let Some((place, heard)) = places.get(pod.spec.node_name.as_str()) else {
                let (role, _) = pod_state(pod, &scene.seen.model);
                crowd.running += usize::from(role == Role::Good);
                crowd.rest.entry(pod.spec.node_name.clone()).or_default().push(pod);
                continue;
            };
            let zone = &mut crowd.zones[*place];
            let (role, word) = pod_state_where(pod, *heard);
            crowd.running += usize::from(role == Role::Good);
            *zone.states.entry((role, word)).or_default() += 1;
            // Pods of one owner stand together, come of one template and ask for the same.
            let owner = pod.metadata.owner_references.first().map(|owner| owner.uid);
            let asked = match last {
                Some((known, asked)) if known == owner && owner.is_some() && !pod.is_terminal() => {
                    asked
                }
                _ => Asked::of(pod),
            };
            last = (!pod.is_terminal()).then_some((owner, asked));
            zone.asked = zone.asked.and(asked);
        }
        crowd
    }

    /// The zones as boxes.
    pub(super) fn group(&self, scene: &Scene<'_>) -> Group {
        let machines = self.zones.iter().map(|zone| zone.machine(scene)).collect();
        Group { title: Text::new(Role::Title, MapWords::Nodes.text(scene.lang)), machines }
    }
}

impl Zone<'_> {
    fn machine(&self, scene: &Scene<'_>) -> Machine {
        let mut states: BTreeMap<(Role, &str), usize> = BTreeMap::new();
        for node in self.nodes {
            *states.entry(node_state(node)).or_default() += 1;
        }
        let notes = states.iter().map(|((role, word), count)| {
            let args = [("count", count.to_string()), ("state", (*word).to_owned())];
            let text = MapWords::NodesIn.fill(scene.lang, &args);
            Text::state(*role, text, scene.ascii)
        });
        let zone = self.name.as_str();
        let name = if zone.is_empty() { MapWords::Nodes.text(scene.lang) } else { zone };
        let args = [("zone", name.to_owned()), ("count", self.nodes.len().to_string())];
        let title = MapWords::NodeCount.fill(scene.lang, &args);
        Machine {
            target: Some(Target::Named(format!("zone/{zone}"))),
            title: Text::new(Role::Strong, title),
            notes: notes.collect(),
            bars: bars::of(self.nodes, self.asked, scene.lang),
            cells: cells(&self.states),
        }
    }
}

/// A cell for each state of these pods, with how many are in it.
pub(super) fn counts<'p>(scene: &Scene<'_>, pods: impl Iterator<Item = &'p Pod>) -> Vec<Cell> {
    let mut states = States::new();
    for pod in pods {
        let (role, word) = pod_state(pod, &scene.seen.model);
        *states.entry((role, word.into())).or_default() += 1;
    }
    cells(&states)
}

fn cells(states: &States) -> Vec<Cell> {
    let cell = |((role, word), count): (&(Role, Cow<'static, str>), &usize)| Cell {
        target: Some(Target::Named("kind/Pod".to_owned())),
        role: *role,
        name: word.to_string(),
        word: count.to_string(),
    };
    states.iter().map(cell).collect()
}
