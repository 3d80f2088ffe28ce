//! Zamanlayıcı: the scheduler's last decisions, and the table behind one of them.

use std::cmp::Reverse;

use crate::api::{Kind, ObjectKey};
use crate::cluster::Group;
use crate::cluster::Role as Seat;
use crate::dashboard::model::{Block, Column, Link, Page, Role, Row, Table, Target};
use crate::dashboard::model::{Text, Tier};
use crate::dashboard::scene::Scene;
use crate::observe::{Fact, FactId, What};
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::views_b::SchedulerWords as W;
use crate::wire::Note;
use crate::wire::note::{DecisionNote, NodeScore};

use super::detail;
use super::events;
use super::parts::{column, first_said, is_alive, number, numbers, row, shown};
use super::process;

/// The most nodes of a table; the best and the first ones.
const NODES_MAX: usize = 40;

/// The page.
pub(super) fn page(scene: &Scene<'_>) -> Page {
    match scene.inside {
        Some(Target::Object(kind, key)) => detail::page(scene, *kind, key),
        Some(Target::Process(slot)) => process::page(scene, *slot),
        Some(Target::Fact(id)) => match decision(scene, *id) {
            Some((fact, note)) => one(scene, fact, note),
            None => events::page(scene),
        },
        Some(Target::Message(_) | Target::Call(_) | Target::Moment(_) | Target::Named(_))
        | None => all(scene),
    }
}

/// The decision that a fact tells.
fn decision<'a>(scene: &Scene<'a>, id: FactId) -> Option<(&'a Fact, &'a DecisionNote)> {
    let fact = scene.seen.facts.get(id)?;
    match &fact.what {
        What::Noted(Note::Decision(note)) => Some((fact, note)),
        What::Noted(_) | What::Changed(_) => None,
    }
}

/// The last decisions that fit the filter, the newest first.
fn decisions<'a>(scene: &Scene<'a>, most: usize) -> Vec<(FactId, &'a Fact, &'a DecisionNote)> {
    let count = u32::try_from(scene.seen.facts.len()).unwrap_or(u32::MAX);
    let decided = (0..count).rev().map(FactId).filter_map(|id| {
        let (fact, note) = decision(scene, id)?;
        let node = note.node.as_deref().unwrap_or(W::NoPlace.text(scene.lang));
        let letters = format!("{} {node} {}", shown(&note.pod), note.message);
        scene.filter.lets_through(&letters).then_some((id, fact, note))
    });
    decided.take(most).collect()
}

fn all(scene: &Scene<'_>) -> Page {
    let most = match scene.tier {
        Tier::Small => 4,
        Tier::Normal => 6,
        Tier::Wide => 10,
        Tier::Huge => 14,
    };
    let decisions = decisions(scene, most);
    let heading = |text: String| Block::Heading(Text::new(Role::Title, text));
    let mut blocks = vec![Block::Pairs(queue(scene))];
    blocks.push(heading(W::Decisions.text(scene.lang).to_owned()));
    blocks.push(list(scene, &decisions));
    if let Some((_, _, note)) = decisions.first() {
        let args = [("pod", shown(&note.pod))];
        blocks.push(heading(W::DecisionOn.fill(scene.lang, &args)));
        blocks.extend(table_of(scene, note));
    }
    Page { title: Text::default(), blocks }
}

/// Who schedules, and what waits for it.
fn queue(scene: &Scene<'_>) -> Vec<(String, Text)> {
    let word = |key: W| key.text(scene.lang).to_owned();
    let world = scene.run.sim().world();
    let leader = world.leader(Group::Scheduler, |slot| is_alive(scene, slot));
    let Some(slot) = leader else {
        let text = Text::state(Role::Bad, word(W::NoLeader), scene.ascii);
        return vec![(word(W::Leads), text)];
    };
    let name = scene.seen.directory.name(slot);
    let mut pairs = vec![(word(W::Leads), Text::state(Role::Leader, name, scene.ascii))];
    if let Some(Seat::Scheduler(number)) = scene.seen.directory.role(slot)
        && let Some([active, backoff, parked, tried]) = world.scheduler_queue(number)
    {
        let args = [
            ("active", active.to_string()),
            ("tried", tried.to_string()),
            ("backoff", backoff.to_string()),
            ("parked", parked.to_string()),
        ];
        pairs.push((word(W::Queue), Text::plain(W::QueueText.fill(scene.lang, &args))));
    }
    pairs
}

fn list(scene: &Scene<'_>, decisions: &[(FactId, &Fact, &DecisionNote)]) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Time), Tier::Small, 10, 0),
        column(word(W::Pod), Tier::Small, 16, 1),
        column(word(W::Outcome), Tier::Small, 12, 0),
        numbers(word(W::Filtered), Tier::Small, 6),
        numbers(word(W::Scored), Tier::Small, 9),
    ];
    let rows = decisions.iter().enumerate().map(|(place, (id, fact, note))| {
        let cells = vec![
            Text::new(Role::Faint, form::moment(scene.lang, fact.at)),
            Text::plain(shown(&note.pod)),
            match &note.node {
                Some(node) => Text::state(Role::Good, node, scene.ascii),
                None => Text::state(Role::Bad, word(W::NoPlace), scene.ascii),
            },
            number(note.filtered.len()),
            number(note.scored.len()),
        ];
        Row { now: place == 0, ..row(Target::Fact(*id), cells) }
    });
    let empty = if scene.filter.text.is_empty() {
        word(W::NoDecisions).to_owned()
    } else {
        W::NothingFits.fill(scene.lang, &[("filter", scene.filter.text.as_str())])
    };
    Block::Table(Table { columns, rows: rows.collect(), empty })
}

/// One decision.
fn one(scene: &Scene<'_>, fact: &Fact, note: &DecisionNote) -> Page {
    let pod = Link {
        target: Some(Target::Object(Kind::Pod, note.pod.clone())),
        depth: 0,
        at: form::moment(scene.lang, fact.at),
        text: first_said(fact, scene),
    };
    let mut blocks = vec![Block::Chain(vec![pod])];
    blocks.extend(table_of(scene, note));
    let title = W::DecisionOn.fill(scene.lang, &[("pod", shown(&note.pod))]);
    Page { title: Text::new(Role::Strong, title), blocks }
}

/// What happened to a node in a decision.
enum Fate<'a> {
    /// It was weighed; the last says whether it won.
    Scored(&'a NodeScore, bool),
    /// It was the only one left.
    OnlyOne(&'a str),
    /// A plugin ruled it out, with a reason.
    Out(&'a str, &'a str, &'a str),
}

/// The nodes of a decision: the winner, the others by their totals, those ruled out.
fn fates(note: &DecisionNote) -> Vec<Fate<'_>> {
    let wins = |node: &str| note.node.as_deref() == Some(node);
    let mut scored: Vec<&NodeScore> = note.scored.iter().collect();
    scored.sort_by_key(|it| (Reverse((wins(&it.node), it.total)), it.node.clone()));
    let mut fates: Vec<Fate<'_>> = Vec::new();
    if let Some(node) = note.node.as_deref()
        && !scored.iter().any(|it| it.node == node)
    {
        fates.push(Fate::OnlyOne(node));
    }
    fates.extend(scored.into_iter().map(|it| Fate::Scored(it, wins(&it.node))));
    let out = note.filtered.iter();
    fates.extend(out.map(|(node, plugin, reason)| Fate::Out(node, plugin, reason)));
    fates
}

/// The table of a decision, the scheduler's message and how to read them.
fn table_of(scene: &Scene<'_>, note: &DecisionNote) -> Vec<Block> {
    let fates = fates(note);
    let plugins: Vec<&'static str> = note
        .scored
        .first()
        .map(|it| it.plugins.iter().map(|(name, _)| *name).collect())
        .unwrap_or_default();
    let columns = columns(scene, &plugins);
    let width = columns.len();
    let mut rows: Vec<Row> =
        fates.iter().take(NODES_MAX).map(|fate| node_row(scene, fate, &plugins)).collect();
    if fates.len() > NODES_MAX {
        let args = [("count", form::count(scene.lang, (fates.len() - NODES_MAX) as u64))];
        let mut cells = vec![Text::new(Role::Faint, W::More.fill(scene.lang, &args))];
        cells.resize(width, Text::default());
        rows.push(Row { target: None, cells, now: false });
    }
    let empty = W::NoNodes.text(scene.lang).to_owned();
    let mut prose = Vec::new();
    if !note.message.is_empty() {
        prose.push(Text::state(Role::Bad, &note.message, scene.ascii));
    }
    prose.push(Text::new(Role::Faint, W::HowToRead.text(scene.lang)));
    vec![Block::Table(Table { columns, rows, empty }), Block::Prose(prose)]
}

/// Whether each plugin has a column of its own.
fn is_wide(scene: &Scene<'_>) -> bool {
    scene.tier >= Tier::Wide
}

fn columns(scene: &Scene<'_>, plugins: &[&'static str]) -> Vec<Column> {
    let word = |key: W| key.text(scene.lang);
    let mut columns = vec![
        column(word(W::Node), Tier::Small, 6, 0),
        column(word(W::Verdict), Tier::Small, 9, 0),
        numbers(word(W::Total), Tier::Small, 6),
    ];
    if is_wide(scene) {
        columns.extend(plugins.iter().map(|plugin| numbers(short(plugin), Tier::Wide, 5)));
        columns.push(column(word(W::Why), Tier::Small, 20, 1));
    } else {
        columns.push(column(word(W::Scores), Tier::Small, 24, 1));
    }
    columns
}

/// A plugin's name as it fits over a column; the code name without what all have in common.
fn short(plugin: &str) -> &str {
    match plugin {
        "NodeResourcesFit" => "Fit",
        "NodeResourcesBalancedAllocation" => "Balanced",
        "PodTopologySpread" => "Spread",
        "TaintToleration" => "Taint",
        "ImageLocality" => "Image",
        other => other,
    }
}

fn node_row(scene: &Scene<'_>, fate: &Fate<'_>, plugins: &[&'static str]) -> Row {
    let state = |role: Role, key: W| Text::state(role, key.text(scene.lang), scene.ascii);
    let (node, verdict, total, scores, why) = match fate {
        Fate::Scored(it, wins) => {
            let verdict = match wins {
                true => state(Role::Leader, W::Chosen),
                false => state(Role::Good, W::Suitable),
            };
            let why = if is_wide(scene) { String::new() } else { spelled(&it.plugins) };
            (it.node.as_str(), verdict, it.total.to_string(), it.plugins.as_slice(), why)
        }
        Fate::OnlyOne(node) => {
            let why = W::OnlyOne.text(scene.lang).to_owned();
            (*node, state(Role::Leader, W::Chosen), "-".to_owned(), [].as_slice(), why)
        }
        Fate::Out(node, plugin, reason) => {
            let why = format!("{plugin}: {reason}");
            (*node, state(Role::Bad, W::Out), "-".to_owned(), [].as_slice(), why)
        }
    };
    let mut cells = vec![Text::new(Role::Strong, node), verdict, Text::plain(total)];
    if is_wide(scene) {
        let score = |plugin: &&'static str| scores.iter().find(|(name, _)| name == plugin);
        cells.extend(plugins.iter().map(|plugin| {
            let score = score(plugin).map_or_else(|| "-".to_owned(), |(_, it)| it.to_string());
            Text::plain(score)
        }));
    }
    cells.push(Text::plain(why));
    let target = Target::Object(Kind::Node, ObjectKey::new("", node));
    let now = matches!(fate, Fate::Scored(_, true) | Fate::OnlyOne(_));
    Row { now, ..row(target, cells) }
}

/// The scores in a line: `Fit 92 + Taint 300`; plugins that gave nothing are left out.
fn spelled(scores: &[(&'static str, i64)]) -> String {
    let given = scores.iter().filter(|(_, score)| *score != 0);
    let words: Vec<String> =
        given.map(|(plugin, score)| format!("{} {score}", short(plugin))).collect();
    if words.is_empty() { "0".to_owned() } else { words.join(" + ") }
}
