//! A storm over etcd: clients write while members crash, pause, lose each other and their disks
//! slow down. Raft's invariants are read from the members' notes, and afterwards everybody must
//! come together: one leader, equal stores, and every acknowledged write in place.

mod etcd_stage;

use std::collections::{BTreeMap, BTreeSet};

use prova::etcd::{EtcdConfig, Member};
use prova::kernel::{ActorState, Dist, Noted, Slot, Span};
use prova::wire::Note;
use prova::wire::etcd::{
    EtcdRequest, EtcdResponse, KeyRange, LeaseGrantRequest, PutRequest, RangeRequest, Revision,
    WatchCreate, WatchRequest,
};
use prova::wire::note::{RaftNote, RaftRole};

use etcd_stage::Stage;

/// A small generator, so that a storm is a number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % sides
    }

    fn place(&mut self, count: usize) -> usize {
        usize::try_from(self.roll(count as u64)).expect("few members")
    }
}

/// What the notes have told so far.
#[derive(Default)]
struct Ghost {
    leaders: BTreeMap<u64, u64>,
    applied: BTreeMap<u64, u64>,
    revisions: BTreeMap<Revision, String>,
    terms: BTreeMap<u64, u64>,
    snapshots: usize,
}

impl Ghost {
    fn hear(&mut self, noted: &Noted<Note>) {
        if let Note::Raft(RaftNote::Role { member, term, role, .. }) = &noted.note {
            let before = self.terms.insert(*member, *term).unwrap_or(0);
            assert!(before <= *term, "member {member} went back from term {before} to {term}");
            if *role == RaftRole::Leader {
                let first = *self.leaders.entry(*term).or_insert(*member);
                assert_eq!(first, *member, "two leaders in term {term}");
            }
        } else if let Note::Raft(RaftNote::AppliedEntry { index, term, .. }) = &noted.note {
            let first = *self.applied.entry(*index).or_insert(*term);
            assert_eq!(first, *term, "two different entries applied at {index}");
        } else if let Note::Raft(RaftNote::Restored { .. }) = &noted.note {
            self.snapshots += 1;
        } else if let Note::Applied(applied) = &noted.note {
            let changes = format!("{:?}", applied.changes);
            let first = self.revisions.entry(applied.revision).or_insert_with(|| changes.clone());
            assert_eq!(*first, changes, "revision {} differs", applied.revision);
        }
    }
}

/// One storm: the stage, what was asked, what was acknowledged.
struct Storm {
    stage: Stage,
    dice: Dice,
    ghost: Ghost,
    open: BTreeMap<u64, (String, Revision)>,
    acknowledged: BTreeMap<String, Revision>,
    asked: u64,
    /// The member that the watcher is at, and what it has seen.
    watched: usize,
    /// Whether that member has died, and the watch with it.
    deaf: bool,
    seen: BTreeSet<Revision>,
}

impl Storm {
    fn new(members: usize, seed: u64) -> Self {
        let config = EtcdConfig {
            snapshot_count: 40,
            snapshot_catch_up_entries: 10,
            pre_vote: !seed.is_multiple_of(4),
            ..EtcdConfig::default()
        };
        let mut stage = Stage::new(members, config, seed);
        stage.settle();
        let mut storm = Storm {
            stage,
            dice: Dice(seed),
            ghost: Ghost::default(),
            open: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            asked: 0,
            watched: 0,
            deaf: false,
            seen: BTreeSet::new(),
        };
        storm.open_watch();
        storm
    }

    /// Watches everything that the watcher has not seen yet.
    fn open_watch(&mut self) {
        let start_revision = self.seen.last().map_or(1, |last| last + 1);
        let wish = WatchCreate { start_revision, ..WatchCreate::new(KeyRange::from_key("\0")) };
        self.stage.watch(self.watched, WatchRequest::Create(wish));
    }

    /// What a watcher hears is in order, comes once, and a revision is never split.
    fn check_watch(&mut self) {
        for response in self.stage.heard() {
            assert!(!response.canceled, "nothing is compacted here");
            let revisions: BTreeSet<Revision> =
                response.events.iter().map(|event| event.kv.mod_revision).collect();
            for revision in revisions {
                let last = self.seen.last().copied().unwrap_or(0);
                assert!(revision > last, "revision {revision} came after {last}");
                self.seen.insert(revision);
            }
        }
        let slot = Slot(u32::try_from(self.watched).expect("few members"));
        self.deaf |= self.stage.sim.state(slot) == ActorState::Crashed;
        if self.deaf {
            let running = |place: &usize| {
                let slot = Slot(u32::try_from(*place).expect("few members"));
                self.stage.sim.state(slot) == ActorState::Running
            };
            if let Some(place) = (0..self.stage.sim.world().members.len()).find(running) {
                self.watched = place;
                self.deaf = false;
                self.open_watch();
            }
        }
    }

    fn run(&mut self, span: Span) {
        let ghost = &mut self.ghost;
        self.stage.run(span, &mut |noted| ghost.hear(noted));
        self.check_watch();
        for id in self.open.keys().copied().collect::<Vec<_>>() {
            let Some((_, result)) = self.stage.answer(id) else { continue };
            let Some((key, floor)) = self.open.remove(&id) else { continue };
            match result {
                Ok(EtcdResponse::Put(put)) => {
                    assert!(put.header.revision > floor, "a write got an old revision");
                    self.acknowledged.insert(key, put.header.revision);
                }
                Ok(EtcdResponse::Range(range)) => {
                    assert!(range.header.revision >= floor, "a linearizable read was stale");
                }
                Ok(_) | Err(_) => {}
            }
        }
    }

    /// Somebody asks something; the answer may not be older than what is acknowledged now.
    fn ask(&mut self) {
        let members = self.stage.sim.world().members.len();
        let place = self.dice.place(members);
        let floor = self.acknowledged.values().copied().max().unwrap_or(0);
        self.asked += 1;
        let key = format!("k{:05}", self.asked);
        let request = match self.dice.roll(8) {
            0 | 1 => EtcdRequest::Range(RangeRequest::new(KeyRange::prefix("k"))),
            2 => EtcdRequest::LeaseGrant(LeaseGrantRequest { ttl: 5, id: 0 }),
            _ => EtcdRequest::Put(PutRequest::new(key.as_str(), "v")),
        };
        let id = self.stage.ask(place, request);
        self.open.insert(id, (key, floor));
    }

    fn slot(&mut self) -> Slot {
        let members = self.stage.sim.world().members.len();
        Slot(u32::try_from(self.dice.place(members)).expect("few members"))
    }

    fn strike(&mut self) {
        let members = self.stage.sim.world().members.len();
        let slot = self.slot();
        match self.dice.roll(10) {
            0 | 1 => self.stage.sim.crash(slot),
            2..=4 => {
                for index in 0..members {
                    let slot = Slot(u32::try_from(index).expect("few members"));
                    self.stage.sim.restart(slot);
                    self.stage.sim.resume(slot);
                }
            }
            5 => self.stage.sim.pause(slot),
            6 => self.stage.cut(&[slot.index()]),
            7 | 8 => self.stage.heal(),
            _ => {
                let span = Span::millis(1 + self.dice.roll(60));
                let member = &mut self.stage.sim.world_mut().members[slot.index()];
                member.disk_mut().set_fsync(Dist::Constant(span));
            }
        }
    }

    /// The faults end; within half a minute everybody must agree.
    fn calm(&mut self) {
        self.stage.heal();
        for index in 0..self.stage.sim.world().members.len() {
            let slot = Slot(u32::try_from(index).expect("few members"));
            self.stage.sim.restart(slot);
            self.stage.sim.resume(slot);
            assert_eq!(self.stage.sim.state(slot), ActorState::Running);
            let disk = self.stage.sim.world_mut().members[index].disk_mut();
            disk.set_fsync(Dist::Constant(Span::millis(3)));
        }
        self.run(Span::secs(30));
        assert!(self.stage.leader().is_some(), "a healthy cluster has a leader");
        let (_, last) = self.stage.call(0, EtcdRequest::Put(PutRequest::new("last", "v")));
        assert!(last.is_ok(), "a healthy cluster takes a write: {last:?}");
        self.run(Span::secs(1));
        let members = &self.stage.sim.world().members;
        let hash = |member: &Member| member.store().hash_kv(0).map(|hash| hash.hash);
        for member in members {
            assert_eq!(member.waiting(), 0, "every request is answered in the end");
            assert_eq!(hash(member), hash(&members[0]), "all stores are equal");
        }
        let missed: Vec<_> =
            self.ghost.revisions.keys().filter(|r| !self.seen.contains(r)).collect();
        assert!(missed.is_empty(), "the watcher missed {missed:?}");
        for (key, revision) in &self.acknowledged {
            let found = members[0].store().get(key).map(|kv| kv.mod_revision);
            assert_eq!(found, Some(*revision), "{key} was acknowledged and is lost");
        }
    }
}

fn storm(members: usize, seed: u64) -> (u64, usize, usize) {
    let mut storm = Storm::new(members, seed);
    for _ in 0..150 {
        for _ in 0..storm.dice.roll(4) {
            storm.ask();
        }
        if storm.dice.roll(4) == 0 {
            storm.strike();
        }
        let span = Span::millis(1 + storm.dice.roll(400));
        storm.run(span);
    }
    storm.calm();
    (storm.stage.sim.digest().value(), storm.acknowledged.len(), storm.ghost.snapshots)
}

#[test]
fn storms_over_three_and_five_members_lose_nothing() {
    let mut writes = 0;
    let mut snapshots = 0;
    for seed in 1..=40 {
        let members = if seed % 2 == 0 { 5 } else { 3 };
        let (_, written, restored) = storm(members, seed);
        writes += written;
        snapshots += restored;
    }
    assert!(writes > 1_500, "the storms are no dead calm: {writes} writes");
    assert!(snapshots > 5, "members that lag get snapshots: {snapshots}");
}

#[test]
fn a_storm_is_the_same_storm_again() {
    assert_eq!(storm(3, 7), storm(3, 7));
    assert_ne!(storm(3, 7).0, storm(3, 8).0);
}
