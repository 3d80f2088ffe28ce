//! Raft's safety under random faults: a ghost history outside the nodes checks every step.
//!
//! Each case is a short string of bytes, read as a script of faults and requests, so that a
//! failure shrinks to a short script. After the script the faults stop, and the cluster must
//! elect a leader, commit a new entry and converge.

use std::collections::VecDeque;

use proptest::prelude::*;
use prova::raft::{
    Body, Config, Data, Entry, Index, Message, Node, NodeId, Payload, ReadContext, Role, Storage,
    VoteKind, VoterSet, Write,
};

#[path = "raft_safety/ghost.rs"]
mod ghost;

use ghost::Ghost;

/// A state machine that remembers everything in one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Image {
    index: Index,
    hash: u64,
}

impl Image {
    fn apply(&mut self, entry: &Entry<u64>) {
        assert_eq!(entry.index, self.index + 1, "entries are applied in order, once");
        self.index = entry.index;
        let data = entry.data().copied().unwrap_or(0);
        self.hash = self.hash.rotate_left(7).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ data;
    }
}

type Packet = Message<u64, Image>;

/// One write under way, with the promises that wait for it.
struct Pending {
    number: u64,
    write: Option<Write<u64, Image>>,
    promises: Vec<Packet>,
}

struct Member {
    node: Option<Node<u64, Image>>,
    disk: Storage<u64, Image>,
    pending: VecDeque<Pending>,
    image: Image,
    role: Role,
    commit: Index,
    cut: bool,
}

struct World {
    config: Config,
    members: Vec<Member>,
    network: Vec<Packet>,
    ghost: Ghost,
    next: u64,
}

impl Member {
    fn describe(&self) -> String {
        let Some(node) = &self.node else { return "down".to_owned() };
        let marks = (node.commit(), node.applied_index(), node.stable_index(), node.last());
        let peers: Vec<String> = node
            .progress()
            .iter()
            .map(|(id, p)| format!("{id}: {} {}", p.state.name(), p.matched))
            .collect();
        format!("{:?} term {} {marks:?} {:?} {peers:?}", node.role(), node.term(), self.image)
    }
}

fn place(id: NodeId) -> usize {
    usize::try_from(id.0 - 1).expect("few members")
}

impl World {
    fn new(count: u64, config: Config) -> Self {
        let voters = VoterSet::new((1..=count).map(NodeId));
        let members = (1..=count)
            .map(|id| {
                let disk = Storage::new(voters.clone());
                let config = Config { id: NodeId(id), ..config.clone() };
                Member {
                    node: Some(Node::start(config, &disk).expect("an empty disk")),
                    disk,
                    pending: VecDeque::new(),
                    image: Image::default(),
                    role: Role::Follower,
                    commit: 0,
                    cut: false,
                }
            })
            .collect();
        Self { config, members, network: Vec::new(), ghost: Ghost::default(), next: 0 }
    }

    fn with(&mut self, at: usize, call: impl FnOnce(&mut Node<u64, Image>)) {
        if let Some(node) = &mut self.members[at].node {
            call(node);
            self.pump(at);
        }
    }

    /// Takes everything the node hands out, as a caller with a slow disk would.
    fn pump(&mut self, at: usize) {
        while let Some(node) = self.members[at].node.as_mut().filter(|node| node.has_ready()) {
            let ready = node.ready();
            self.check_facts(at, &ready);
            self.check_reads(&ready);
            self.send(at, ready.messages);
            let member = &mut self.members[at];
            if ready.write.is_some() || !ready.messages_after_write.is_empty() {
                member.pending.push_back(Pending {
                    number: ready.number,
                    write: ready.write,
                    promises: ready.messages_after_write,
                });
            }
            self.apply(at, &ready.committed);
        }
        self.check_marks(at);
    }

    fn apply(&mut self, at: usize, entries: &[Entry<u64>]) {
        for entry in entries {
            let seen = (entry.term, entry.data().copied());
            let before = self.ghost.applied.entry(entry.index).or_insert(seen);
            assert_eq!(*before, seen, "5 state machine safety at index {}", entry.index);
            let durable = self.members[at].disk.last_index() >= entry.index;
            assert!(durable, "an entry is applied only from the own disk");
            self.members[at].image.apply(entry);
        }
        let index = self.members[at].image.index;
        if let Some(node) = &mut self.members[at].node {
            node.applied(index.max(node.applied_index()));
        }
    }

    /// One write of one member becomes durable.
    fn persist(&mut self, at: usize) {
        let member = &mut self.members[at];
        let Some(pending) = member.pending.pop_front() else { return };
        if let Some(write) = &pending.write {
            member.disk.save(write);
            if let Some(snapshot) = &write.snapshot {
                member.image = snapshot.data;
            }
        }
        let index = member.image.index;
        if let Some(node) = &mut member.node {
            node.persisted(pending.number);
            node.applied(index);
        }
        self.send(at, pending.promises);
        self.pump(at);
    }

    fn send(&mut self, at: usize, messages: Vec<Packet>) {
        for message in messages {
            if let Body::VoteResponse { kind: VoteKind::Vote, granted: true } = message.body {
                self.ghost.vote(message.from, message.term, message.to);
            }
            if self.members[at].cut || self.members[place(message.to)].cut {
                self.report(&message, false);
            } else {
                self.network.push(message);
            }
        }
    }

    fn deliver(&mut self, message: Packet) {
        let at = place(message.to);
        self.report(&message, self.members[at].node.is_some());
        self.with(at, |node| node.step(message));
    }

    /// The transport tells the sender of a snapshot how its sending ended, as etcd's does.
    fn report(&mut self, message: &Packet, delivered: bool) {
        if let (Body::Snapshot(_), Some(node)) =
            (&message.body, &mut self.members[place(message.from)].node)
        {
            node.report_snapshot(message.to, delivered);
        }
    }

    fn crash(&mut self, at: usize, landed: usize) {
        let member = &mut self.members[at];
        member.node = None;
        member.role = Role::Follower;
        // Some of the writes under way reached the disk, but nobody was told.
        for pending in member.pending.drain(..).take(landed) {
            if let Some(write) = &pending.write {
                member.disk.save(write);
            }
        }
    }

    fn restart(&mut self, at: usize) {
        let id = NodeId(at as u64 + 1);
        let config = Config { id, ..self.config.clone() };
        let member = &mut self.members[at];
        if member.node.is_none() {
            let node = Node::start(config, &member.disk).expect("a disk that was saved in order");
            assert!(node.term() >= member.disk.hard_state().term, "7 terms survive");
            member.image = member.disk.snapshot().map_or(Image::default(), |s| s.data);
            member.commit = node.commit();
            member.node = Some(node);
            self.pump(at);
        }
    }

    fn compact(&mut self, at: usize, keep: Index) {
        let member = &mut self.members[at];
        let image = member.image;
        let Some(node) = &mut member.node else { return };
        if let Some(snapshot) = node.create_snapshot(image.index, image) {
            member.disk.save_snapshot(snapshot.clone());
            node.compact(image.index.saturating_sub(keep));
            member.disk.compact(image.index.saturating_sub(keep));
        }
    }

    fn read(&mut self, at: usize) {
        self.next += 1;
        let context = self.next;
        let floor = self.ghost.committed.keys().next_back().copied().unwrap_or(0);
        self.ghost.reads.insert(context, floor);
        self.with(at, |node| {
            let _refused_without_leader = node.read_index(ReadContext(context));
        });
    }

    fn propose(&mut self, at: usize) {
        self.next += 1;
        let data = self.next;
        self.with(at, |node| {
            let _dropped_without_leader = node.propose(data);
        });
    }

    /// Delivers everything there is and lets every disk finish, for a few rounds.
    fn flow(&mut self, rounds: usize) {
        for _ in 0..rounds {
            for message in std::mem::take(&mut self.network) {
                self.deliver(message);
            }
            for at in 0..self.members.len() {
                while !self.members[at].pending.is_empty() {
                    self.persist(at);
                }
            }
        }
    }

    /// One step of the script.
    fn act(&mut self, [verb, who, what]: [u8; 3]) {
        let at = usize::from(who) % self.members.len();
        let other = usize::from(what) % self.members.len();
        let packet = (!self.network.is_empty())
            .then(|| (usize::from(who) * 256 + usize::from(what)) % self.network.len().max(1));
        match verb % 32 {
            0 | 1 => self.tick(at, what % 8, u32::from(what)),
            2..=5 => self.elect(at, what, who >> 3),
            6..=8 => {
                if let Some(place) = packet {
                    let message = self.network.swap_remove(place);
                    self.deliver(message);
                }
            }
            9 => {
                if let Some(place) = packet {
                    let message = self.network[place].clone();
                    self.deliver(message);
                }
            }
            10 => {
                if let Some(place) = packet {
                    self.lose(place);
                }
            }
            11..=15 => self.propose(at),
            16 | 17 => self.persist(at),
            18 => self.crash(at, usize::from(what % 4)),
            19 | 20 => {
                let down = |at: &usize| self.members[*at].node.is_none();
                if let Some(at) = (0..self.members.len()).find(down) {
                    self.restart(at);
                }
            }
            21 => self.members[at].cut = true,
            22 | 23 => self.members.iter_mut().for_each(|member| member.cut = false),
            24 => self.compact(at, Index::from(what % 3)),
            25 => self.read(at),
            26 => self.with(at, |node| node.transfer_leader(NodeId(other as u64 + 1))),
            27..=30 => self.flow_among(who, what >> 3, usize::from(what % 4)),
            _ => self.flow(usize::from(what % 6)),
        }
    }

    /// The members of the mask lose patience with their leader, and one of them stands up.
    fn elect(&mut self, at: usize, mask: u8, slow: u8) {
        for voter in (0..self.members.len()).filter(|voter| mask >> voter & 1 == 1) {
            self.tick(voter, 10, 9);
        }
        self.tick(at, 10, 0);
        self.flow_among(mask | 1 << at, slow, 4);
    }

    /// Like `flow`, but only among the members of `mask`; what others send is lost.
    ///
    /// The disks of the members in `slow` do not answer meanwhile.
    fn flow_among(&mut self, mask: u8, slow: u8, rounds: usize) {
        let inside = |at: usize| mask >> at & 1 == 1;
        let fast = |at: &usize| (mask & !slow) >> at & 1 == 1;
        for _ in 0..rounds {
            for message in std::mem::take(&mut self.network) {
                if inside(place(message.from)) && inside(place(message.to)) {
                    self.deliver(message);
                } else {
                    self.report(&message, false);
                }
            }
            for at in (0..self.members.len()).filter(fast) {
                while !self.members[at].pending.is_empty() {
                    self.persist(at);
                }
            }
        }
    }

    fn lose(&mut self, place_in_network: usize) {
        let message = self.network.swap_remove(place_in_network);
        self.report(&message, false);
        self.with(place(message.from), |node| node.report_unreachable(message.to));
    }

    fn tick(&mut self, at: usize, count: u8, seed: u32) {
        for _ in 0..count {
            self.with(at, |node| node.tick(|bound| seed % bound));
        }
    }

    /// The faults stop: the cluster has to come back.
    fn heal(&mut self) {
        for at in 0..self.members.len() {
            self.members[at].cut = false;
            self.restart(at);
        }
        let mut seed = 12_345_u32;
        for round in 0..600 {
            for at in 0..self.members.len() {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                self.tick(at, 1, seed >> 8);
            }
            self.flow(3);
            let leads = |m: &Member| m.node.as_ref().is_some_and(|n| n.role() == Role::Leader);
            if round % 20 == 19 && self.members.iter().filter(|m| leads(m)).count() == 1 {
                let leader = self.members.iter().position(leads).unwrap_or(0);
                self.propose(leader);
                let goal = self.members[leader].node.as_ref().map_or(0, |n| n.last().index);
                self.flow(6);
                if self.converged(goal) {
                    return;
                }
            }
        }
        let states: Vec<String> = self.members.iter().map(Member::describe).collect();
        panic!("16 no leader and no convergence after the faults stopped: {states:#?}");
    }

    fn converged(&self, goal: Index) -> bool {
        let first = self.members[0].image;
        first.index >= goal && self.members.iter().all(|member| member.image == first)
    }
}

fn run(count: u64, (pre_vote, check_quorum): (bool, bool), script: &[[u8; 3]]) {
    let config = Config {
        pre_vote,
        check_quorum,
        max_inflight_msgs: 3,
        max_size_per_msg: 2 * 7_u64.size(),
        ..Config::new(NodeId(1))
    };
    let mut world = World::new(count, config);
    for step in script {
        world.act(*step);
    }
    world.heal();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn three_members_stay_safe_and_come_back(
        switches in any::<(bool, bool)>(),
        script in proptest::collection::vec(any::<[u8; 3]>(), 0..700),
    ) {
        run(3, switches, &script);
    }

    #[test]
    fn five_members_stay_safe_and_come_back(
        switches in any::<(bool, bool)>(),
        script in proptest::collection::vec(any::<[u8; 3]>(), 0..900),
    ) {
        run(5, switches, &script);
    }
}

#[test]
fn the_ghost_is_not_asleep() {
    // The scripts are worth something only if they lead to elections, commits and snapshots.
    let mut world = World::new(3, Config::new(NodeId(1)));
    world.tick(0, 20, 0);
    world.flow(6);
    world.propose(0);
    world.flow(6);
    assert_eq!(world.ghost.leaders.len(), 1);
    assert_eq!(world.ghost.committed.len(), 2);
    world.crash(2, 0);
    world.propose(0);
    world.flow(6);
    world.compact(0, 0);
    world.restart(2);
    world.tick(0, 1, 0);
    world.flow(8);
    assert_eq!(world.members[2].image, world.members[0].image);
    assert!(matches!(world.members[0].node.as_ref().map(|node| node.entries().count()), Some(0)));
    let empty: Payload<u64> = Payload::Empty;
    assert_ne!(empty, Payload::Normal(0));
}
