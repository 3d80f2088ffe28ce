//! Nesne: kinds with counts, the objects of a kind as kubectl lists them, one object in detail.

use std::str::FromStr as _;

use crate::api::Kind;
use crate::api::Node;
use crate::dashboard::model::{Block, Page, Role, Row, Table, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::ObjectWords;

use super::detail;
use super::parts::{States, all_states, column, node_state, numbers, row};
use super::process;
use super::tables;

/// The most rows of a list; who looks for one object among thousands filters.
const ROWS_MAX: usize = 500;

/// The page.
pub(super) fn page(scene: &Scene<'_>) -> Page {
    match scene.inside {
        Some(Target::Object(kind, key)) => detail::page(scene, *kind, key),
        Some(Target::Process(slot)) => process::page(scene, *slot),
        Some(Target::Named(name)) => {
            let kind = name.strip_prefix("kind/").and_then(|kind| Kind::from_str(kind).ok());
            kind.map_or_else(|| kinds(scene), |kind| list(scene, kind))
        }
        Some(Target::Fact(_) | Target::Message(_) | Target::Call(_) | Target::Moment(_)) | None => {
            kinds(scene)
        }
    }
}

/// All kinds that have objects.
fn kinds(scene: &Scene<'_>) -> Page {
    let word = |key: ObjectWords| key.text(scene.lang);
    let columns = vec![
        column(word(ObjectWords::Kind), Tier::Small, 14, 0),
        numbers(word(ObjectWords::Count), Tier::Small, 5),
        column(word(ObjectWords::Summary), Tier::Small, 20, 1),
    ];
    let model = &scene.seen.model;
    let there = Kind::ALL.into_iter().map(|kind| (kind, model.count(kind)));
    let rows = there
        .filter(|(kind, count)| *count > 0 && scene.filter.lets_through(kind.name()))
        .map(|(kind, count)| {
            let target = Target::Named(format!("kind/{kind}"));
            let count = form::count(scene.lang, count as u64);
            let name = Text::new(Role::Strong, kind.name());
            row(target, vec![name, Text::plain(count), states(scene, kind)])
        });
    let rows = rows.collect();
    let empty = word(ObjectWords::NoObjects).to_owned();
    let table = Block::Table(Table { columns, rows, empty });
    Page { title: Text::default(), blocks: vec![table] }
}

/// How the objects of a kind stand, by states.
fn states(scene: &Scene<'_>, kind: Kind) -> Text {
    let model = &scene.seen.model;
    let mut states = States::new();
    if kind == Kind::Pod {
        states = all_states(model);
    }
    if kind == Kind::Node {
        for node in model.of::<Node>() {
            *states.entry(node_state(node)).or_default() += 1;
        }
    }
    states.into_iter().fold(Text::default(), |text, ((role, word), count)| {
        let gap = if text.0.is_empty() { "" } else { "  " };
        let state = Text::state(role, format!("{count} {word}"), scene.ascii).letters();
        text.and(Role::Plain, gap).and(role, state)
    })
}

/// The objects of one kind.
fn list(scene: &Scene<'_>, kind: Kind) -> Page {
    let model = &scene.seen.model;
    let rows = model.all(kind).map(|object| tables::row_of(scene, object));
    let (rows, all) = if scene.filter.is_empty() {
        (rows.take(ROWS_MAX).collect(), model.count(kind))
    } else {
        filtered(scene, rows)
    };
    let empty = ObjectWords::Empty.text(scene.lang).to_owned();
    let title = Text::new(Role::Strong, kind.name()).and(Role::Faint, format!(" ({all})"));
    let table = Table { columns: tables::columns(scene, kind), rows, empty };
    let mut blocks = vec![Block::Table(table)];
    if all > ROWS_MAX {
        let args = [("count", form::count(scene.lang, (all - ROWS_MAX) as u64))];
        let more = Text::new(Role::Faint, ObjectWords::More.fill(scene.lang, &args));
        blocks.push(Block::Prose(vec![more]));
    }
    Page { title, blocks }
}

/// The first rows that the filter lets through, and how many there are.
fn filtered(scene: &Scene<'_>, rows: impl Iterator<Item = Row>) -> (Vec<Row>, usize) {
    let (mut kept, mut all) = (Vec::new(), 0);
    for row in rows {
        let letters: Vec<String> = row.cells.iter().map(Text::letters).collect();
        if scene.filter.lets_through(&letters.join(" ")) {
            all += 1;
            kept.extend((all <= ROWS_MAX).then_some(row));
        }
    }
    (kept, all)
}
