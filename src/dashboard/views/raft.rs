//! Raft: the members of etcd, their logs, what the leader knows of them, and a candidate's votes.

use std::ops::RangeInclusive;

use crate::cluster::Role as Seat;
use crate::dashboard::model::{Block, Page, Role, Row, Table, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::kernel::{ActorState, Slot, Span};
use crate::raft::{Index, NodeId, Position, Progress, ProgressState, Role as RaftRole, Term};
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::views_b::RaftWords as W;

use super::detail;
use super::events;
use super::parts::{column, number, numbers, row};
use super::process;

/// The width of the election clock \[cells\].
const CLOCK: u32 = 6;

/// The page.
pub(super) fn page(scene: &Scene<'_>) -> Page {
    match scene.inside {
        Some(Target::Object(kind, key)) => detail::page(scene, *kind, key),
        Some(Target::Process(slot)) => process::page(scene, *slot),
        Some(Target::Fact(_)) => events::page(scene),
        Some(Target::Message(_) | Target::Call(_) | Target::Moment(_) | Target::Named(_))
        | None => all(scene),
    }
}

/// A member, as it stands at the cursor.
struct One {
    slot: Slot,
    id: NodeId,
    name: String,
    state: ActorState,
    role: RaftRole,
    term: Term,
    vote: Option<NodeId>,
    elapsed: u32,
    timeout: Option<u32>,
    last: Position,
    first: Index,
    commit: Index,
    applied: Index,
    stable: Index,
    /// The terms of the window of the log that is shown.
    terms: Vec<Option<Term>>,
    progress: Vec<(NodeId, Progress)>,
    votes: Vec<(NodeId, bool)>,
    majority: usize,
}

impl One {
    const fn runs(&self) -> bool {
        matches!(self.state, ActorState::Running)
    }

    const fn believes_to_lead(&self) -> bool {
        matches!(self.role, RaftRole::Leader) && !matches!(self.state, ActorState::Crashed)
    }
}

/// The last indexes of the longest log.
fn window(scene: &Scene<'_>) -> RangeInclusive<Index> {
    let shown = match scene.tier {
        Tier::Small => 6,
        Tier::Normal => 8,
        Tier::Wide | Tier::Huge => 12,
    };
    let world = scene.run.sim().world();
    let last = world.etcd().map(|member| member.node().last().index).max().unwrap_or(0);
    last.saturating_sub(shown - 1).max(1)..=last
}

fn members(scene: &Scene<'_>) -> Vec<One> {
    let sim = scene.run.sim();
    let directory = &scene.seen.directory;
    let of = |(number, place): (u32, usize)| {
        let node = sim.world().etcd_member(place)?.node();
        let slot = directory.slot(Seat::Etcd(number));
        Some(One {
            slot,
            id: node.id(),
            name: directory.name(slot).to_string(),
            state: sim.state(slot),
            role: node.role(),
            term: node.term(),
            vote: node.vote(),
            elapsed: node.election_elapsed(),
            timeout: node.election_timeout(),
            last: node.last(),
            first: node.first_index(),
            commit: node.commit(),
            applied: node.applied_index(),
            stable: node.stable_index(),
            terms: window(scene).map(|index| node.term_at(index)).collect(),
            progress: node.progress().to_vec(),
            votes: node.votes().to_vec(),
            majority: node.voters().majority(),
        })
    };
    (0..).zip(0..sim.world().etcd().len()).filter_map(of).collect()
}

/// The member that leads: in the highest term, and not yet overtaken by a majority.
fn leader(members: &[One]) -> Option<&One> {
    let leads = members.iter().filter(|one| one.believes_to_lead());
    let newest = leads.max_by_key(|one| one.term)?;
    let later = members.iter().filter(|one| one.term > newest.term).count();
    (newest.runs() && later < newest.majority).then_some(newest)
}

fn name_of(members: &[One], id: NodeId) -> String {
    let found = members.iter().find(|one| one.id == id);
    found.map_or_else(|| id.to_string(), |one| one.name.clone())
}

fn all(scene: &Scene<'_>) -> Page {
    let members = members(scene);
    let leader = leader(&members);
    let heading = |text: String| Block::Heading(Text::new(Role::Title, text));
    let title = match leader {
        Some(one) => {
            let args = [("leader", one.name.clone()), ("term", one.term.to_string())];
            Text::state(Role::Leader, W::Title.fill(scene.lang, &args), scene.ascii)
        }
        None => Text::state(Role::Bad, W::NoLeader.text(scene.lang), scene.ascii),
    };
    let mut blocks = vec![member_table(scene, &members, leader)];
    for one in &members {
        let asks = matches!(one.role, RaftRole::Candidate | RaftRole::PreCandidate);
        if asks && one.runs() {
            blocks.push(heading(votes_heading(scene, one)));
            blocks.push(votes_table(scene, &members, one));
        }
    }
    if let Some(one) = leader {
        blocks.push(heading(W::Progress.fill(scene.lang, &[("leader", one.name.clone())])));
        blocks.push(progress_table(scene, &members, one));
    }
    blocks.push(heading(W::Log.text(scene.lang).to_owned()));
    blocks.push(log_table(scene, &members, leader));
    blocks.push(Block::Pairs(pairs(scene, &members)));
    let prose = Text::new(Role::Faint, W::HowToRead.text(scene.lang));
    blocks.push(Block::Prose(vec![prose]));
    Page { title, blocks }
}

fn member_table(scene: &Scene<'_>, members: &[One], leader: Option<&One>) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Member), Tier::Small, 6, 1),
        column(word(W::State), Tier::Small, 11, 0),
        numbers(word(W::Term), Tier::Small, 4),
        column(word(W::Vote), Tier::Normal, 6, 0),
        column(word(W::Clock), Tier::Small, 14, 0),
        numbers(word(W::Last), Tier::Small, 8),
        numbers(word(W::Commit), Tier::Small, 5),
        numbers(word(W::Applied), Tier::Wide, 5),
        numbers(word(W::Stable), Tier::Wide, 5),
    ];
    let rows = members.iter().map(|one| {
        let vote = one.vote.map_or_else(|| "-".to_owned(), |id| name_of(members, id));
        let args = [("index", one.last.index.to_string()), ("term", one.last.term.to_string())];
        let cells = vec![
            Text::new(Role::Strong, one.name.as_str()),
            state(scene, one, leader),
            number(one.term),
            Text::plain(vote),
            clock(scene, one),
            Text::plain(W::LastText.fill(scene.lang, &args)),
            number(one.commit),
            number(one.applied),
            number(one.stable),
        ];
        let now = leader.is_some_and(|leader| leader.id == one.id);
        Row { now, ..row(Target::Process(one.slot), cells) }
    });
    Block::Table(Table { columns, rows: rows.collect(), empty: word(W::NoMembers).to_owned() })
}

/// How a member stands; of those that believe to lead, at most one does.
fn state(scene: &Scene<'_>, one: &One, leader: Option<&One>) -> Text {
    let (role, key) = match (one.state, one.role) {
        (ActorState::Crashed, _) => (Role::Bad, W::Crashed),
        (ActorState::Paused, RaftRole::Leader) => (Role::Bad, W::PausedLeader),
        (ActorState::Paused, RaftRole::Follower | RaftRole::PreCandidate | RaftRole::Candidate) => {
            (Role::Bad, W::Paused)
        }
        (ActorState::Running, RaftRole::Leader) => {
            let leads = leader.is_some_and(|leader| leader.id == one.id);
            if leads { (Role::Leader, W::Leader) } else { (Role::Warning, W::OldLeader) }
        }
        (ActorState::Running, RaftRole::Candidate) => (Role::Candidate, W::Candidate),
        (ActorState::Running, RaftRole::PreCandidate) => (Role::Candidate, W::PreCandidate),
        (ActorState::Running, RaftRole::Follower) => (Role::Follower, W::Follower),
    };
    Text::state(role, key.text(scene.lang), scene.ascii)
}

/// The election clock: `██░░░░ 3/13 tik`, where there is little room without its unit. A leader has none, and that of the dead stands still.
fn clock(scene: &Scene<'_>, one: &One) -> Text {
    if !one.runs() || matches!(one.role, RaftRole::Leader) {
        return Text::new(Role::Faint, "-");
    }
    let (full, empty) = if scene.ascii { ("#", ".") } else { ("█", "░") };
    let timeout = one.timeout.map_or_else(|| "?".to_owned(), |timeout| timeout.to_string());
    let share = one.timeout.filter(|timeout| *timeout > 0);
    let cells = share.map_or(0, |timeout| one.elapsed.min(timeout) * CLOCK / timeout);
    let bar: String = (0..CLOCK).map(|cell| if cell < cells { full } else { empty }).collect();
    let args = [("elapsed", one.elapsed.to_string()), ("timeout", timeout)];
    let key = if scene.tier == Tier::Small { W::TicksShort } else { W::Ticks };
    Text::new(Role::Accent, bar).and(Role::Plain, format!(" {}", key.fill(scene.lang, &args)))
}

fn votes_heading(scene: &Scene<'_>, one: &One) -> String {
    let key = if one.role == RaftRole::Candidate { W::Votes } else { W::PreVotes };
    let granted = one.votes.iter().filter(|(_, granted)| *granted).count();
    let args = [
        ("member", one.name.clone()),
        ("count", granted.to_string()),
        ("majority", one.majority.to_string()),
        ("term", one.term.to_string()),
    ];
    key.fill(scene.lang, &args)
}

fn votes_table(scene: &Scene<'_>, members: &[One], candidate: &One) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Member), Tier::Small, 6, 0),
        column(word(W::Answer), Tier::Small, 12, 1),
    ];
    let rows = members.iter().map(|one| {
        let answer = candidate.votes.iter().find(|(id, _)| *id == one.id);
        let (role, key) = match answer {
            Some((_, true)) => (Role::Good, W::Granted),
            Some((_, false)) => (Role::Bad, W::Refused),
            None => (Role::Waiting, W::Awaited),
        };
        let answer = Text::state(role, word(key), scene.ascii);
        row(Target::Process(one.slot), vec![Text::plain(one.name.as_str()), answer])
    });
    Block::Table(Table { columns, rows: rows.collect(), empty: String::new() })
}

fn progress_table(scene: &Scene<'_>, members: &[One], leader: &One) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Member), Tier::Small, 6, 1),
        column(word(W::Mode), Tier::Small, 14, 0),
        numbers(word(W::Match), Tier::Small, 5),
        numbers(word(W::Next), Tier::Small, 5),
        numbers(word(W::Behind), Tier::Small, 6),
        numbers(word(W::Inflight), Tier::Wide, 5),
        column(word(W::Heard), Tier::Small, 10, 0),
    ];
    let rows = leader.progress.iter().map(|(id, progress)| {
        let (role, key) = match (*id == leader.id, progress.recent_active) {
            (true, _) => (Role::Leader, W::Itself),
            (false, true) => (Role::Good, W::Active),
            (false, false) => (Role::Bad, W::Silent),
        };
        // While it probes, the leader does not know how far the member is.
        let behind = match (progress.state, leader.last.index.saturating_sub(progress.matched)) {
            (ProgressState::Probe, _) => Text::new(Role::Unknown, "?"),
            (ProgressState::Replicate | ProgressState::Snapshot { .. }, 0) => number(0),
            (ProgressState::Replicate | ProgressState::Snapshot { .. }, behind) => {
                Text::new(Role::Warning, behind.to_string())
            }
        };
        let cells = vec![
            Text::plain(name_of(members, *id)),
            Text::plain(progress.state.name()),
            number(progress.matched),
            number(progress.next),
            behind,
            number(progress.inflight()),
            Text::state(role, word(key), scene.ascii),
        ];
        let slot = members.iter().find(|one| one.id == *id).map(|one| one.slot);
        Row { target: slot.map(Target::Process), cells, now: false }
    });
    Block::Table(Table { columns, rows: rows.collect(), empty: String::new() })
}

fn log_table(scene: &Scene<'_>, members: &[One], leader: Option<&One>) -> Block {
    let mut columns = vec![numbers(W::Index.text(scene.lang), Tier::Small, 5)];
    columns.extend(members.iter().map(|one| column(&one.name, Tier::Small, 12, 1)));
    let window = window(scene);
    let last = *window.end();
    let rows = window.enumerate().map(|(place, index)| {
        let right = leader.and_then(|one| one.terms.get(place).copied().flatten());
        let mut cells = vec![number(index)];
        cells.extend(members.iter().map(|one| {
            let term = one.terms.get(place).copied().flatten();
            let differs = right.is_some() && term.is_some() && term != right;
            entry(scene, one, (index, term), differs)
        }));
        Row { target: None, cells, now: index == last }
    });
    let rows = if last == 0 { Vec::new() } else { rows.collect() };
    let empty = W::NoEntries.text(scene.lang).to_owned();
    Block::Table(Table { columns, rows, empty })
}

/// An entry of a member's log, as far as that member knows: `3 ✔ işlendi`.
fn entry(scene: &Scene<'_>, one: &One, at: (Index, Option<Term>), differs: bool) -> Text {
    let (index, term) = at;
    let check = if scene.ascii { "+" } else { "✔" };
    let sign = |role: Role| role.sign(scene.ascii).unwrap_or_default();
    let Some(term) = term else {
        return if index < one.first {
            Text::new(Role::Faint, format!("- {}", W::EntryCompacted.text(scene.lang)))
        } else {
            Text::new(Role::Faint, format!("- {}", W::EntryMissing.text(scene.lang)))
        };
    };
    let (role, sign, key) = if differs {
        (Role::Warning, sign(Role::Warning), W::EntryOther)
    } else if index <= one.applied {
        (Role::Good, check, W::EntryApplied)
    } else if index <= one.commit {
        (Role::Good, check, W::EntryCommitted)
    } else if index <= one.stable {
        (Role::Waiting, sign(Role::Waiting), W::EntryStable)
    } else {
        (Role::Starting, sign(Role::Starting), W::EntryVolatile)
    };
    let role = if one.runs() { role } else { Role::Faint };
    Text::plain(format!("{term} ")).and(role, format!("{sign} {}", key.text(scene.lang)))
}

/// The quorum, and how long there was no leader.
fn pairs(scene: &Scene<'_>, members: &[One]) -> Vec<(String, Text)> {
    let (lang, metrics) = (scene.lang, &scene.seen.metrics);
    let majority = members.first().map_or(0, |one| one.majority);
    let alive = members.iter().filter(|one| one.runs()).count();
    let args = [
        ("voters", members.len().to_string()),
        ("majority", majority.to_string()),
        ("alive", alive.to_string()),
    ];
    let quorum = W::MajorityText.fill(lang, &args);
    let quorum = if alive < majority {
        let text = W::MajorityLost.fill(lang, &[("text", quorum)]);
        Text::state(Role::Bad, text, scene.ascii)
    } else {
        Text::state(Role::Good, quorum, scene.ascii)
    };
    let mut pairs = vec![(W::Majority, quorum)];
    if let Some(since) = metrics.leaderless_since {
        let span = form::span(lang, scene.run.now().since(since));
        let args = [("at", form::moment(lang, since)), ("span", span)];
        let text = W::LeaderlessFor.fill(lang, &args);
        pairs.push((W::NoLeader, Text::state(Role::Bad, text, scene.ascii)));
    }
    let total: u64 = metrics.leaderless.iter().map(|(_, span)| span.as_nanos()).sum();
    let args = [
        ("total", form::span(lang, Span::nanos(total))),
        ("count", metrics.leaderless.len().to_string()),
    ];
    pairs.push((W::LeaderlessTotal, Text::plain(W::LeaderlessText.fill(lang, &args))));
    pairs.push((W::Elections, number(metrics.elections)));
    pairs.into_iter().map(|(key, text)| (key.text(lang).to_owned(), text)).collect()
}
