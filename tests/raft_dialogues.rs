//! Raft, told as dialogues: `tests/dialogues/raft/*.txt`.
//!
//! The partner is a handful of nodes with disks and a list of messages under way. Nothing
//! happens by itself: every tick, delivery and fsync is a command, so each file is a story that
//! can be read from top to bottom. Jitter is 0 unless `jitter` sets it, so a node campaigns after
//! exactly the election time-out.

#![expect(clippy::disallowed_methods, reason = "PROVA_REWRITE asks for new answers")]

mod dialogue;

#[path = "raft_dialogues/words.rs"]
mod words;

use std::collections::VecDeque;
use std::fmt::Write as _;

use prova::raft::{
    Config, Entry, HardState, Message, Node, NodeId, Payload, ReadContext, Ready, Role, Storage,
    VoterSet, Write,
};

use words::{describe, describe_entry, describe_fact, position, text};

type Packet = Message<String, String>;

/// What `ready` has handed out and `persist` has not finished.
struct Pending {
    number: u64,
    write: Option<Write<String, String>>,
    promises: Vec<Packet>,
}

struct Member {
    node: Option<Node<String, String>>,
    disk: Storage<String, String>,
    pending: VecDeque<Pending>,
    applied: Vec<String>,
    jitter: u32,
    alone: bool,
}

#[derive(Default)]
struct Group {
    members: Vec<Member>,
    config: Option<Config>,
    network: Vec<Packet>,
    out: String,
}

/// The words of a command: plain ones, and `name=value`.
struct Words<'a>(Vec<&'a str>);

impl Words<'_> {
    fn plain(&self, place: usize) -> Option<&str> {
        self.0.iter().filter(|word| !word.contains('=')).nth(place).copied()
    }

    fn named<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        let of = |word: &&str| {
            word.split_once('=').filter(|(key, _)| *key == name).map(|p| p.1.to_owned())
        };
        self.0.iter().find_map(of).and_then(|value| value.parse().ok())
    }

    fn number(&self, place: usize) -> Option<u64> {
        self.plain(place).and_then(|word| word.parse().ok())
    }
}

#[test]
fn every_dialogue_goes_as_written() {
    dialogue::hold("raft", Group::default, |group, command| group.answer(command));
}

impl Group {
    fn answer(&mut self, command: &str) -> String {
        let words = Words(command.split_whitespace().collect());
        self.out.clear();
        self.obey(&words)
            .unwrap_or_else(|| self.out.push_str("? this command is not understood\n"));
        std::mem::take(&mut self.out)
    }

    fn obey(&mut self, words: &Words<'_>) -> Option<()> {
        let id = words.number(1);
        match words.plain(0)? {
            "add-nodes" => self.add(id?, words),
            "jitter" => self.member(id?)?.jitter = u32::try_from(words.number(2)?).ok()?,
            "tick" => self.tick(id?, words.named("times").unwrap_or(1))?,
            "tick-election" => {
                let ticks = self.config.as_ref()?.election_tick;
                self.tick(id?, ticks)?;
            }
            "campaign" => self.node(id?)?.campaign(),
            "propose" => {
                let data = words.plain(2)?.to_owned();
                let outcome = self.node(id?)?.propose(data);
                writeln!(self.out, "{outcome:?}").ok()?;
            }
            "read-index" => {
                let outcome = self.node(id?)?.read_index(ReadContext(words.number(2)?));
                writeln!(self.out, "{outcome:?}").ok()?;
            }
            "transfer-leader" => self.node(id?)?.transfer_leader(NodeId(words.number(2)?)),
            "forget-leader" => self.node(id?)?.forget_leader(),
            "report-unreachable" => {
                self.node(id?)?.report_unreachable(NodeId(words.number(2)?));
            }
            "report-snapshot" => {
                let delivered = words.plain(3)? == "ok";
                self.node(id?)?.report_snapshot(NodeId(words.number(2)?), delivered);
            }
            "compact" => self.compact(id?, words.number(2)?)?,
            "ready" => self.ready(id?)?,
            "persist" => self.persist(id?)?,
            "process" => self.process(id?)?,
            "deliver" => self.deliver(words)?,
            "drop" => self.lose(words),
            "messages" => self.show_network()?,
            "isolate" => self.member(id?)?.alone = true,
            "join" => self.member(id?)?.alone = false,
            "stabilize" => self.stabilize(words)?,
            // The same, without a word about it.
            "settle" => {
                self.stabilize(words)?;
                self.out.clear();
            }
            "crash" => self.crash(id?)?,
            "write-log" => self.write_log(id?, words)?,
            "restart" => self.restart(id?)?,
            "raft-state" => self.show_states()?,
            "raft-log" => self.show_log(id?)?,
            "status" => self.show_progress(id?)?,
            "applied" => {
                let applied = self.member(id?)?.applied.join(" ");
                writeln!(self.out, "{applied}").ok()?;
            }
            _ => return None,
        }
        Some(())
    }

    fn add(&mut self, count: u64, words: &Words<'_>) {
        let mut config = Config::new(NodeId(1));
        config.pre_vote = words.named("pre-vote").unwrap_or(config.pre_vote);
        config.check_quorum = words.named("check-quorum").unwrap_or(config.check_quorum);
        config.max_inflight_msgs = words.named("inflight").unwrap_or(config.max_inflight_msgs);
        config.max_size_per_msg = words.named("size").unwrap_or(config.max_size_per_msg);
        let voters = VoterSet::new((1..=count).map(NodeId));
        for id in 1..=count {
            let disk = Storage::new(voters.clone());
            let config = Config { id: NodeId(id), ..config.clone() };
            let node = Node::start(config, &disk).ok();
            self.members.push(Member {
                node,
                disk,
                pending: VecDeque::new(),
                applied: Vec::new(),
                jitter: 0,
                alone: false,
            });
        }
        self.config = Some(config);
    }

    fn member(&mut self, id: u64) -> Option<&mut Member> {
        self.members.get_mut(usize::try_from(id.checked_sub(1)?).ok()?)
    }

    fn node(&mut self, id: u64) -> Option<&mut Node<String, String>> {
        self.member(id)?.node.as_mut()
    }

    fn tick(&mut self, id: u64, times: u32) -> Option<()> {
        let jitter = self.member(id)?.jitter;
        let node = self.node(id)?;
        (0..times).for_each(|_| node.tick(|_| jitter));
        Some(())
    }

    /// Takes what the node hands out; writes and promises wait for `persist`.
    fn ready(&mut self, id: u64) -> Option<()> {
        let node = self.node(id)?;
        if !node.has_ready() {
            return Some(());
        }
        let ready = node.ready();
        self.show_ready(id, &ready);
        self.post(ready.messages);
        let member = self.member(id)?;
        for entry in &ready.committed {
            member.applied.push(text(entry));
        }
        if let (Some(last), Some(node)) = (ready.committed.last(), &mut member.node) {
            node.applied(last.index);
        }
        if ready.write.is_some() || !ready.messages_after_write.is_empty() {
            member.pending.push_back(Pending {
                number: ready.number,
                write: ready.write,
                promises: ready.messages_after_write,
            });
        }
        Some(())
    }

    /// The disk finishes the oldest write.
    fn persist(&mut self, id: u64) -> Option<()> {
        let member = self.member(id)?;
        let Some(pending) = member.pending.pop_front() else { return Some(()) };
        let node = member.node.as_mut()?;
        if let Some(write) = &pending.write {
            member.disk.save(write);
        }
        node.persisted(pending.number);
        if let Some(snapshot) = pending.write.and_then(|write| write.snapshot) {
            member.applied = vec![snapshot.data];
            node.applied(snapshot.position.index);
        }
        self.post(pending.promises);
        Some(())
    }

    /// `ready` and `persist` until the node has nothing more to say.
    fn process(&mut self, id: u64) -> Option<()> {
        loop {
            let member = self.member(id)?;
            let idle = member.node.as_ref().is_none_or(|node| !node.has_ready());
            if idle && member.pending.is_empty() {
                return Some(());
            }
            self.ready(id)?;
            while !self.member(id)?.pending.is_empty() {
                self.persist(id)?;
            }
        }
    }

    fn post(&mut self, messages: Vec<Packet>) {
        for message in messages {
            let mut alone = |id: NodeId| self.member(id.0).is_none_or(|member| member.alone);
            if !(alone(message.from) || alone(message.to)) {
                self.network.push(message);
            }
        }
    }

    /// The messages that a command means: `to=`, `from=`, `type=`; all if it names nothing.
    fn select(&mut self, words: &Words<'_>) -> Vec<Packet> {
        let (to, from) = (words.named("to"), words.named("from"));
        let name: Option<String> = words.named("type");
        let means = |message: &Packet| {
            to.is_none_or(|to| message.to == NodeId(to))
                && from.is_none_or(|from| message.from == NodeId(from))
                && name.as_ref().is_none_or(|name| message.body.name() == name)
        };
        let (meant, others) = std::mem::take(&mut self.network).into_iter().partition(means);
        self.network = others;
        meant
    }

    fn deliver(&mut self, words: &Words<'_>) -> Option<()> {
        let keep: bool = words.named("keep").unwrap_or(false);
        for message in self.select(words) {
            writeln!(self.out, "{}", describe(&message)).ok()?;
            if keep {
                self.network.push(message.clone());
            }
            if let Some(node) = self.node(message.to.0) {
                node.step(message);
            }
        }
        Some(())
    }

    fn lose(&mut self, words: &Words<'_>) {
        for message in self.select(words) {
            let line = describe(&message);
            self.out.push_str(&format!("lost: {line}\n"));
        }
    }

    /// Processes and delivers until nothing moves any more; numbers limit it to some members.
    fn stabilize(&mut self, words: &Words<'_>) -> Option<()> {
        let named: Vec<u64> = (1..).map_while(|place| words.number(place)).collect();
        let all = 1..=self.members.len() as u64;
        let ids: Vec<u64> = if named.is_empty() { all.collect() } else { named };
        loop {
            let before = self.out.len();
            for id in &ids {
                if self.node(*id).is_some() {
                    self.process(*id)?;
                }
            }
            let (inside, others) = std::mem::take(&mut self.network)
                .into_iter()
                .partition(|m: &Packet| ids.contains(&m.to.0));
            self.network = others;
            let inside: Vec<Packet> = inside;
            for message in &inside {
                if let Some(node) = self.node(message.to.0) {
                    node.step(message.clone());
                }
            }
            if inside.is_empty() && self.out.len() == before {
                return Some(());
            }
        }
    }

    fn crash(&mut self, id: u64) -> Option<()> {
        let member = self.member(id)?;
        member.node = None;
        member.pending.clear();
        Some(())
    }

    /// Gives a member a log with entries of the named terms, as if it came back with that disk.
    fn write_log(&mut self, id: u64, words: &Words<'_>) -> Option<()> {
        let terms: Vec<u64> = (2..).map_while(|place| words.number(place)).collect();
        let entries = (1..)
            .zip(&terms)
            .map(|(index, term)| Entry { term: *term, index, payload: Payload::Empty })
            .collect();
        let hard_state =
            HardState { term: words.named("term")?, vote: None, commit: words.named("commit")? };
        let write = Write {
            number: 0,
            hard_state: Some(hard_state),
            snapshot: None,
            entries,
            must_sync: true,
        };
        self.crash(id)?;
        self.member(id)?.disk.save(&write);
        self.restart(id)
    }

    fn restart(&mut self, id: u64) -> Option<()> {
        let config = Config { id: NodeId(id), ..self.config.clone()? };
        let member = self.member(id)?;
        member.applied =
            member.disk.snapshot().map(|snapshot| snapshot.data.clone()).into_iter().collect();
        member.node = Some(Node::start(config, &member.disk).ok()?);
        Some(())
    }

    fn compact(&mut self, id: u64, index: u64) -> Option<()> {
        let member = self.member(id)?;
        let image = member.applied.join("+");
        let node = member.node.as_mut()?;
        let applied = node.applied_index();
        if let Some(snapshot) = node.create_snapshot(applied, image) {
            member.disk.save_snapshot(snapshot.clone());
        }
        node.compact(index);
        member.disk.compact(index);
        let first = node.first_index();
        writeln!(self.out, "first index {first}").ok()
    }

    fn show_ready(&mut self, id: u64, ready: &Ready<String, String>) {
        let mut line = |text: String| self.out.push_str(&format!("{id}: {text}\n"));
        ready.facts.iter().for_each(|fact| line(describe_fact(*fact)));
        if let Some(write) = &ready.write {
            let mut parts = Vec::new();
            if let Some(hard) = write.hard_state {
                let vote = hard.vote.map_or(0, |vote| vote.0);
                parts.push(format!("term={} vote={vote} commit={}", hard.term, hard.commit));
            }
            if let Some(snapshot) = &write.snapshot {
                parts.push(format!("snapshot at {}", position(snapshot.position)));
            }
            if !write.entries.is_empty() {
                let entries: Vec<String> = write.entries.iter().map(describe_entry).collect();
                parts.push(format!("entries [{}]", entries.join(", ")));
            }
            let sync = if write.must_sync { "fsync" } else { "no fsync" };
            line(format!("writes ({sync}): {}", parts.join("; ")));
        }
        ready.messages.iter().for_each(|message| line(format!("sends {}", describe(message))));
        for message in &ready.messages_after_write {
            line(format!("after the write sends {}", describe(message)));
        }
        if !ready.committed.is_empty() {
            let entries: Vec<String> = ready.committed.iter().map(describe_entry).collect();
            line(format!("applies [{}]", entries.join(", ")));
        }
        for read in &ready.reads {
            line(format!("read {} may be answered at index {}", read.context.0, read.index));
        }
    }

    fn show_network(&mut self) -> Option<()> {
        for message in &self.network {
            writeln!(self.out, "{}", describe(message)).ok()?;
        }
        Some(())
    }

    fn show_states(&mut self) -> Option<()> {
        for (id, member) in (1..).zip(&self.members) {
            let Some(node) = &member.node else {
                writeln!(self.out, "{id}: down").ok()?;
                continue;
            };
            let leader = node.leader().map_or(0, |leader| leader.0);
            writeln!(
                self.out,
                "{id}: {} term={} leader={leader} commit={} last={} elapsed={}",
                node.role().name(),
                node.term(),
                node.commit(),
                position(node.last()),
                node.election_elapsed(),
            )
            .ok()?;
        }
        Some(())
    }

    fn show_log(&mut self, id: u64) -> Option<()> {
        let node = self.member(id)?.node.as_ref()?;
        let mut lines = format!("commit={} applied={}\n", node.commit(), node.applied_index());
        if let Some(snapshot) = node.snapshot() {
            writeln!(lines, "snapshot at {}: {}", position(snapshot.position), snapshot.data)
                .ok()?;
        }
        for entry in node.entries() {
            writeln!(lines, "{}", describe_entry(entry)).ok()?;
        }
        self.out.push_str(&lines);
        Some(())
    }

    fn show_progress(&mut self, id: u64) -> Option<()> {
        let node = self.member(id)?.node.as_ref()?;
        let mut lines = String::new();
        if node.role() != Role::Leader {
            lines.push_str("not the leader\n");
        }
        for (peer, progress) in node.progress() {
            let state = progress.state.name();
            write!(lines, "{peer}: {state} match={} next={}", progress.matched, progress.next)
                .ok()?;
            if progress.is_paused() {
                lines.push_str(" paused");
            }
            if !progress.recent_active {
                lines.push_str(" inactive");
            }
            if progress.inflight() > 0 {
                write!(lines, " inflight={}", progress.inflight()).ok()?;
            }
            lines.push('\n');
        }
        self.out.push_str(&lines);
        Some(())
    }
}
