//! Genel with more nodes than fit as boxes: a box for each zone, with counts by state.
//!
//! It adds up nodes, never pods, however many there are: a key must be answered within a frame.

use std::collections::BTreeMap;

use crate::api::Node;
use crate::api::Str;
use crate::dashboard::model::{Cell, Group, Machine, Role, Target, Text};
use crate::dashboard::scene::Scene;
use crate::observe::{Alike, Asked};
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::MapWords;

use super::bars;
use super::parts::{States, count_states, node_state};

/// The zones as boxes.
pub(super) fn group(scene: &Scene<'_>, zones: &BTreeMap<Str, Vec<&Node>>) -> Group {
    let machines = zones.iter().map(|(zone, nodes)| machine(scene, zone, nodes)).collect();
    Group { title: Text::new(Role::Title, MapWords::Nodes.text(scene.lang)), machines }
}

/// A zone with what runs there.
fn machine(scene: &Scene<'_>, zone: &str, nodes: &[&Node]) -> Machine {
    let tally = scene.seen.model.tally();
    let (mut pods, mut asked) = (States::new(), Asked::default());
    let mut states = States::new();
    for node in nodes {
        let (role, word) = node_state(node);
        *states.entry((role, word)).or_default() += 1;
        let name = &node.metadata.name;
        let here = tally.on(name);
        count_states(&mut pods, name, here, role == Role::Good);
        asked = asked.and(Alike::asked(here));
    }
    let notes = states.iter().map(|((role, word), count)| {
        let args = [("count", count.to_string()), ("state", (*word).to_owned())];
        Text::state(*role, MapWords::NodesIn.fill(scene.lang, &args), scene.ascii)
    });
    let name = if zone.is_empty() { MapWords::Nodes.text(scene.lang) } else { zone };
    let args = [("zone", name.to_owned()), ("count", nodes.len().to_string())];
    Machine {
        target: Some(Target::Named(format!("zone/{zone}"))),
        title: Text::new(Role::Strong, MapWords::NodeCount.fill(scene.lang, &args)),
        notes: notes.collect(),
        bars: bars::bars(nodes, asked, scene.lang),
        cells: cells(&pods),
    }
}

/// A cell for each state of these pods, with how many are in it.
pub(super) fn cells(states: &States<'_>) -> Vec<Cell> {
    let cell = |((role, word), count): (&(Role, &str), &usize)| Cell {
        target: Some(Target::Named("kind/Pod".to_owned())),
        role: *role,
        name: (*word).to_owned(),
        word: count.to_string(),
    };
    states.iter().map(cell).collect()
}
