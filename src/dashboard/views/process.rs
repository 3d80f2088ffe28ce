//! A process of the simulation: as a cell of the map, and its own page.

use crate::cluster::Group;
use crate::cluster::Role as Seat;
use crate::dashboard::model::{Block, Cell, Link, Page, Role, Target, Text};
use crate::dashboard::scene::Scene;
use crate::kernel::ActorState;
use crate::kernel::Slot;
use crate::raft::Role as RaftRole;
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::MapWords;

use super::parts::{first_said, is_alive};

/// The newest facts of a process that its page tells.
const FACTS_MAX: usize = 30;

/// Whether a process belongs to the control plane.
pub(super) const fn is_control_plane(seat: Seat) -> bool {
    match seat {
        Seat::ApiServer(_) | Seat::Etcd(_) | Seat::Scheduler(_) | Seat::Controllers(_) => true,
        Seat::Operator
        | Seat::Balancer
        | Seat::Metrics
        | Seat::Kubelet(_)
        | Seat::Runtime(_)
        | Seat::Proxy(_)
        | Seat::Traffic(_) => false,
    }
}

/// A process as a cell.
pub(super) fn cell(scene: &Scene<'_>, slot: Slot) -> Cell {
    let (role, word) = state(scene, slot);
    let name = scene.seen.directory.name(slot).to_string();
    Cell { target: Some(Target::Process(slot)), role, name, word }
}

/// How a process stands, and the word for it.
pub(super) fn state(scene: &Scene<'_>, slot: Slot) -> (Role, String) {
    let word = |key: MapWords| key.text(scene.lang).to_owned();
    match scene.run.sim().state(slot) {
        ActorState::Crashed => return (Role::Bad, word(MapWords::Crashed)),
        ActorState::Paused => return (Role::Bad, word(MapWords::Paused)),
        ActorState::Running => {}
    }
    let world = scene.run.sim().world();
    let leads = |group: Group| world.leader(group, |slot| is_alive(scene, slot)) == Some(slot);
    match scene.seen.directory.role(slot) {
        Some(Seat::Etcd(number)) => etcd(scene, number),
        Some(Seat::Scheduler(_)) if leads(Group::Scheduler) => {
            (Role::Leader, word(MapWords::Leader))
        }
        Some(Seat::Controllers(_)) if leads(Group::Controllers) => {
            (Role::Leader, word(MapWords::Leader))
        }
        Some(Seat::Scheduler(_) | Seat::Controllers(_)) => {
            (Role::Follower, word(MapWords::Standby))
        }
        Some(
            Seat::Operator
            | Seat::Balancer
            | Seat::Metrics
            | Seat::ApiServer(_)
            | Seat::Kubelet(_)
            | Seat::Runtime(_)
            | Seat::Proxy(_)
            | Seat::Traffic(_),
        )
        | None => (Role::Good, word(MapWords::Works)),
    }
}

fn etcd(scene: &Scene<'_>, number: u32) -> (Role, String) {
    let member = usize::try_from(number).ok();
    let Some(member) = member.and_then(|number| scene.run.sim().world().etcd_member(number)) else {
        return (Role::Unknown, String::new());
    };
    let (role, key) = match member.node().role() {
        RaftRole::Leader => (Role::Leader, MapWords::Leader),
        RaftRole::Candidate | RaftRole::PreCandidate => (Role::Candidate, MapWords::Candidate),
        RaftRole::Follower => (Role::Follower, MapWords::Follower),
    };
    let args =
        [("role", key.text(scene.lang).to_owned()), ("term", member.node().term().to_string())];
    (role, MapWords::Term.fill(scene.lang, &args))
}

/// A process' own page: how it stands and what it did last.
pub(super) fn page(scene: &Scene<'_>, slot: Slot) -> Page {
    let directory = &scene.seen.directory;
    let (role, word) = state(scene, slot);
    let label = |key: MapWords| key.text(scene.lang).to_owned();
    let mut pairs = vec![
        (label(MapWords::Process), Text::plain(directory.name(slot).as_str())),
        (label(MapWords::State), Text::state(role, word, scene.ascii)),
    ];
    if let Some(host) = directory.machine_of(slot) {
        pairs.push((label(MapWords::Machine), Text::plain(host.name.as_str())));
    }
    let facts = &scene.seen.facts;
    let mut links: Vec<Link> = facts
        .iter()
        .filter(|(_, fact)| fact.actor == slot)
        .map(|(id, fact)| Link {
            target: Some(Target::Fact(id)),
            depth: 0,
            at: form::moment(scene.lang, fact.at),
            text: first_said(fact, scene),
        })
        .collect();
    let skip = links.len().saturating_sub(FACTS_MAX);
    let links: Vec<Link> = links.drain(skip..).rev().collect();
    let mut blocks = vec![Block::Pairs(pairs)];
    if !links.is_empty() {
        blocks.push(Block::Chain(links));
    }
    Page { title: Text::new(Role::Strong, directory.name(slot).as_str()), blocks }
}
