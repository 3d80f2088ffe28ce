//! etcd, told as dialogues: `tests/dialogues/etcd/*.txt`.
//!
//! The partner is a cluster on the virtual clock, with half-millisecond links and disks that take
//! 3 ms. Members are called by number, or `leader`, `follower1`, `follower2` as they are at that
//! moment. `ask …` does not wait for the answer; `run` tells which answers have come.

#![expect(clippy::disallowed_methods, reason = "PROVA_REWRITE asks for new answers")]

mod dialogue;
mod etcd_stage;

#[path = "etcd_dialogues/words.rs"]
mod words;

use std::fmt::Write as _;

use prova::etcd::EtcdConfig;
use prova::kernel::{Dist, SimTime, Slot, Span};
use prova::wire::Note;
use prova::wire::etcd::{
    CompactRequest, DeleteRangeRequest, EtcdRequest, KeyRange, LeaseGrantRequest, LeaseId,
    LeaseTimeToLiveRequest, PutRequest, RangeRequest, WatchCreate, WatchRequest,
};

use etcd_stage::Stage;
use words::{answer_text, note_text, watch_text};

/// A cluster, once the dialogue has made one.
#[derive(Default)]
struct Play {
    stage: Option<Stage>,
    /// Questions without an answer so far: number, when, the command.
    open: Vec<(u64, SimTime, String)>,
    /// The members as they were called when names were last given.
    names: Vec<(String, usize)>,
}

#[test]
fn every_dialogue_goes_as_written() {
    dialogue::hold("etcd", Play::default, |play, command| {
        play.obey(command).unwrap_or_else(|| "? this command is not understood\n".to_owned())
    });
}

impl Play {
    fn obey(&mut self, command: &str) -> Option<String> {
        let words: Vec<&str> = command.split_whitespace().collect();
        let mut out = String::new();
        match *words.first()? {
            "cluster" => out = self.cluster(&words)?,
            "run" => out = self.run(words.get(1)?.parse().ok()?, words.contains(&"raft"))?,
            "ask" => self.ask(&words[1..], command)?,
            "status" => out = self.status()?,
            "names" => out = self.give_names()?,
            "crash" => {
                let slot = self.slot(words.get(1)?)?;
                self.stage.as_mut()?.sim.crash(slot);
            }
            "restart" => {
                let slot = self.slot(words.get(1)?)?;
                self.stage.as_mut()?.sim.restart(slot);
            }
            "pause" => {
                let slot = self.slot(words.get(1)?)?;
                self.stage.as_mut()?.sim.pause(slot);
            }
            "resume" => {
                let slot = self.slot(words.get(1)?)?;
                self.stage.as_mut()?.sim.resume(slot);
            }
            "cut" => {
                let places: Option<Vec<usize>> =
                    words[1..].iter().map(|name| self.place(name)).collect();
                let places = places?;
                self.stage.as_mut()?.cut(&places);
            }
            "heal" => self.stage.as_mut()?.heal(),
            "slow-disk" => {
                let (place, span) = (self.place(words.get(1)?)?, words.get(2)?.parse().ok()?);
                let member = &mut self.stage.as_mut()?.sim.world_mut().members[place];
                member.disk_mut().set_fsync(Dist::Constant(span));
            }
            "watch" => self.watch(&words)?,
            _ => {
                let (place, request) = self.request(&words)?;
                let (took, result) = self.stage.as_mut()?.call(place, request);
                writeln!(out, "after {}: {}", took, answer_text(&result)).ok()?;
            }
        }
        Some(out)
    }

    fn cluster(&mut self, words: &[&str]) -> Option<String> {
        let named =
            |name: &str| words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        let mut config = EtcdConfig::default();
        for setting in prova::etcd::SETTINGS {
            if let Some(value) = named(setting.name) {
                (setting.set)(&mut config, value).ok()?;
            }
        }
        if let Some(entries) = named("catch-up") {
            config.snapshot_catch_up_entries = entries.parse().ok()?;
        }
        let seed = named("seed").map_or(Some(1), |seed| seed.parse().ok())?;
        let mut stage = Stage::new(words.get(1)?.parse().ok()?, config, seed);
        stage.settle();
        self.stage = Some(stage);
        self.give_names()
    }

    /// Names the members by their roles at this moment.
    fn give_names(&mut self) -> Option<String> {
        let stage = self.stage.as_ref()?;
        let members = stage.sim.world().members.len();
        let leader = stage.leader();
        let followers = (0..members).filter(|place| Some(*place) != leader);
        let names = (1..).map(|number| format!("follower{number}")).zip(followers);
        self.names = leader.map(|place| ("leader".to_owned(), place)).into_iter().collect();
        self.names.extend(names);
        let text: Vec<String> =
            self.names.iter().map(|(name, place)| format!("{name} is {}", place + 1)).collect();
        Some(format!("{}\n", text.join(", ")))
    }

    fn place(&self, name: &str) -> Option<usize> {
        if let Ok(number) = name.parse::<usize>() {
            return number.checked_sub(1);
        }
        self.names.iter().find(|(known, _)| known == name).map(|(_, place)| *place)
    }

    fn slot(&self, name: &str) -> Option<Slot> {
        Some(Slot(u32::try_from(self.place(name)?).ok()?))
    }

    /// `put MEMBER KEY VALUE [lease=ID]` and the like.
    fn request(&self, words: &[&str]) -> Option<(usize, EtcdRequest)> {
        let place = self.place(words.get(1)?)?;
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let number = |at: usize| word(at).parse::<i64>().ok();
        let has = |option: &str| words.contains(&option);
        let range =
            if has("prefix") { KeyRange::prefix(word(2)) } else { KeyRange::single(word(2)) };
        let request = match *words.first()? {
            "put" => {
                let lease = words.iter().find_map(|word| word.strip_prefix("lease="));
                let lease: LeaseId = lease.map_or(Some(0), |id| id.parse().ok())?;
                EtcdRequest::Put(PutRequest { lease, ..PutRequest::new(word(2), word(3)) })
            }
            "get" => {
                let serializable = has("serializable");
                EtcdRequest::Range(RangeRequest { serializable, ..RangeRequest::new(range) })
            }
            "del" => EtcdRequest::DeleteRange(DeleteRangeRequest::new(range)),
            "compact" => {
                EtcdRequest::Compact(CompactRequest { revision: number(2)?, physical: false })
            }
            "grant" => {
                EtcdRequest::LeaseGrant(LeaseGrantRequest { ttl: number(2)?, id: number(3)? })
            }
            "revoke" => EtcdRequest::LeaseRevoke(number(2)?),
            "keepalive" => EtcdRequest::LeaseKeepAlive(number(2)?),
            "ttl" => {
                let id = number(2)?;
                EtcdRequest::LeaseTimeToLive(LeaseTimeToLiveRequest { id, keys: true })
            }
            "hash" => EtcdRequest::HashKv(0),
            "move-leader" => EtcdRequest::MoveLeader(self.place(word(2))? as u64 + 1),
            _ => return None,
        };
        Some((place, request))
    }

    fn ask(&mut self, words: &[&str], command: &str) -> Option<()> {
        let (place, request) = self.request(words)?;
        let stage = self.stage.as_mut()?;
        let asked = stage.sim.now();
        let id = stage.ask(place, request);
        self.open.push((id, asked, command.trim_start_matches("ask ").to_owned()));
        Some(())
    }

    fn watch(&mut self, words: &[&str]) -> Option<()> {
        let place = self.place(words.get(1)?)?;
        let range = KeyRange::prefix(*words.get(2)?);
        let from = words.iter().find_map(|word| word.strip_prefix("from="));
        let start_revision = from.map_or(Some(0), |revision| revision.parse().ok())?;
        let wish = WatchCreate { start_revision, ..WatchCreate::new(range) };
        self.stage.as_mut()?.watch(place, WatchRequest::Create(wish));
        Some(())
    }

    /// Lets time pass, and tells what was answered, watched and, if wished, what Raft did.
    fn run(&mut self, span: Span, raft: bool) -> Option<String> {
        let stage = self.stage.as_mut()?;
        let begin = stage.sim.now();
        let mut lines: Vec<(SimTime, String)> = Vec::new();
        stage.run(span, &mut |noted| {
            if let (true, Note::Raft(note)) = (raft, &noted.note)
                && let Some(text) = note_text(note)
            {
                lines.push((noted.at, text));
            }
        });
        let mut still_open = Vec::new();
        for (id, asked, command) in std::mem::take(&mut self.open) {
            if let Some((at, result)) = stage.answer(id) {
                let took = at.since(asked);
                let text = format!("`{command}` after {took}: {}", answer_text(&result));
                lines.push((at, text));
            } else {
                still_open.push((id, asked, command));
            }
        }
        self.open = still_open;
        lines.sort_by_key(|(at, _)| *at);
        let mut out = String::new();
        for (at, text) in lines {
            writeln!(out, "+{} {text}", at.since(begin)).ok()?;
        }
        for response in stage.heard() {
            writeln!(out, "watch: {}", watch_text(&response)).ok()?;
        }
        Some(out)
    }

    fn status(&self) -> Option<String> {
        let stage = self.stage.as_ref()?;
        let mut out = String::new();
        for (place, member) in stage.sim.world().members.iter().enumerate() {
            let node = member.node();
            let slot = Slot(u32::try_from(place).ok()?);
            writeln!(
                out,
                "{}: {:?} {} term={} leader={} commit={} applied={} revision={} log from {}",
                place + 1,
                stage.sim.state(slot),
                node.role().name(),
                node.term(),
                node.leader().map_or(0, |leader| leader.0),
                node.commit(),
                node.applied_index(),
                member.store().revision(),
                node.first_index(),
            )
            .ok()?;
        }
        Some(out)
    }
}
