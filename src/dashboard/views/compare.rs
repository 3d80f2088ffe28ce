//! Fark: what differs between two moments or two branches, and why.

use crate::api::Time;
use crate::dashboard::model::{Block, Page, Role, Row, Table, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::lab::{FieldDifference as Difference, ObjectDifference};
use crate::tell::form;
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::WhyWords as W;

use super::parts::{column, first_said};

/// The page of `differences` between the side called `left` and the one called `right`.
///
/// The scene is the right side's: the reasons are facts that it has seen.
#[must_use]
pub fn compare_page(
    scene: &Scene<'_>,
    (left, right): (&str, &str),
    differences: &[ObjectDifference],
) -> Page {
    let shown: Vec<&ObjectDifference> = differences.iter().filter(|it| fits(scene, it)).collect();
    let args = [
        ("left", left.to_owned()),
        ("right", right.to_owned()),
        ("count", form::count(scene.lang, shown.len() as u64)),
    ];
    let title = Text::plain(W::Between.fill(scene.lang, &args));
    let of = |wanted: fn(&Difference) -> bool| -> Vec<&ObjectDifference> {
        shown.iter().copied().filter(|it| wanted(&it.difference)).collect()
    };
    let mut blocks = Vec::new();
    let added = of(|what| matches!(what, Difference::Added));
    let removed = of(|what| matches!(what, Difference::Removed));
    let changed = of(|what| matches!(what, Difference::Changed(_)));
    blocks.extend(names(scene, W::Added, Role::Added, &added));
    blocks.extend(names(scene, W::Removed, Role::Removed, &removed));
    blocks.extend(fields(scene, &changed));
    if blocks.is_empty() {
        blocks.push(Block::Prose(vec![Text::plain(W::Same.text(scene.lang))]));
    }
    Page { title, blocks }
}

/// Whether the filter lets an object through: by its name, or by a field that differs.
fn fits(scene: &Scene<'_>, it: &ObjectDifference) -> bool {
    let mut letters = sentence::object(it.kind, &it.key);
    if let Difference::Changed(fields) = &it.difference {
        for (path, old, new) in fields {
            letters.push_str(&format!(" {path} {old} {new}"));
        }
    }
    scene.filter.lets_through(&letters)
}

fn heading(scene: &Scene<'_>, key: W) -> Block {
    Block::Heading(Text::new(Role::Title, key.text(scene.lang)))
}

/// Objects that are on one side only.
fn names(scene: &Scene<'_>, key: W, role: Role, which: &[&ObjectDifference]) -> Vec<Block> {
    if which.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        column(W::Object.text(scene.lang), Tier::Small, 20, 1),
        column(W::Because.text(scene.lang), Tier::Normal, 20, 1),
    ];
    let rows = which.iter().map(|it| Row {
        target: Some(Target::Object(it.kind, it.key.clone())),
        cells: vec![
            Text::state(role, sentence::object(it.kind, &it.key), scene.ascii),
            because(scene, it),
        ],
        now: false,
    });
    let table = Table { columns, rows: rows.collect(), empty: String::new() };
    vec![heading(scene, key), Block::Table(table)]
}

/// Objects that are on both sides: each with its reason on one line, which has the whole width, and
/// below it a row for each field that differs.
fn fields(scene: &Scene<'_>, which: &[&ObjectDifference]) -> Vec<Block> {
    if which.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![heading(scene, W::Changed)];
    for it in which {
        let Difference::Changed(fields) = &it.difference else { continue };
        blocks.push(changed(scene, it));
        let columns = vec![
            column(&format!("  {}", W::Field.text(scene.lang)), Tier::Small, 20, 0),
            column(W::Old.text(scene.lang), Tier::Small, 8, 1),
            column(W::New.text(scene.lang), Tier::Small, 8, 1),
        ];
        let rows = fields.iter().map(|(path, old, new)| Row {
            target: Some(Target::Object(it.kind, it.key.clone())),
            cells: vec![
                Text::plain(format!("  {path}")),
                Text::new(Role::Removed, value(scene, old)),
                Text::new(Role::Added, value(scene, new)),
            ],
            now: false,
        });
        blocks.push(Block::Table(Table { columns, rows: rows.collect(), empty: String::new() }));
    }
    blocks
}

/// The line of an object that changed. It needs no head: a name and a reason speak for themselves.
fn changed(scene: &Scene<'_>, it: &ObjectDifference) -> Block {
    let name = sentence::object(it.kind, &it.key);
    let row = Row {
        target: Some(Target::Object(it.kind, it.key.clone())),
        cells: vec![Text::state(Role::Changed, name, scene.ascii), because(scene, it)],
        now: false,
    };
    let columns = vec![column("", Tier::Small, 20, 1), column("", Tier::Small, 30, 1)];
    Block::Table(Table { columns, rows: vec![row], empty: String::new() })
}

/// A value; what is a timestamp is told as virtual time, as everything else is.
fn value(scene: &Scene<'_>, text: &str) -> String {
    Time::parse(text).map_or_else(|| text.to_owned(), |time| form::moment(scene.lang, time.0))
}

/// The newest fact about the object: when, and what.
fn because(scene: &Scene<'_>, it: &ObjectDifference) -> Text {
    let facts = &scene.seen.facts;
    let fact = it.why.and_then(|id| facts.get(id)).filter(|fact| fact.is_about(it.kind, &it.key));
    let Some(fact) = fact else { return Text::default() };
    let at = format!("{} ", form::moment(scene.lang, fact.at));
    let mut text = Text::new(Role::Faint, at);
    text.0.extend(first_said(fact, scene).0);
    text
}
