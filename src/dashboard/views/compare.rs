//! Fark: what differs between two moments or two branches, and why.

use crate::api::Kind;
use crate::api::ObjectKey;
use crate::dashboard::model::{Block, Page, Role, Row, Table, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::observe::FactId;
use crate::tell::form;
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::WhyWords as W;

use super::parts::{column, first_said};

/// An object that stands differently on the two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub key: ObjectKey,
    /// What differs.
    pub what: Alteration,
    /// The newest fact about it that the scene has seen.
    pub because: Option<FactId>,
}

/// What differs in one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alteration {
    /// It is there on the right side only.
    Added,
    /// It is there on the left side only.
    Removed,
    /// Fields differ: path, left value, right value.
    Changed(Vec<(String, String, String)>),
}

/// The page of `differences` between the side called `left` and the one called `right`.
#[must_use]
pub fn compare_page(
    scene: &Scene<'_>,
    (left, right): (&str, &str),
    differences: &[Difference],
) -> Page {
    let shown: Vec<&Difference> = differences.iter().filter(|it| fits(scene, it)).collect();
    let args = [
        ("left", left.to_owned()),
        ("right", right.to_owned()),
        ("count", form::count(scene.lang, shown.len() as u64)),
    ];
    let title = Text::plain(W::Between.fill(scene.lang, &args));
    let of = |wanted: fn(&Alteration) -> bool| -> Vec<&Difference> {
        shown.iter().copied().filter(|it| wanted(&it.what)).collect()
    };
    let mut blocks = Vec::new();
    let added = of(|what| matches!(what, Alteration::Added));
    let removed = of(|what| matches!(what, Alteration::Removed));
    let changed = of(|what| matches!(what, Alteration::Changed(_)));
    blocks.extend(names(scene, W::Added, Role::Added, &added));
    blocks.extend(names(scene, W::Removed, Role::Removed, &removed));
    blocks.extend(fields(scene, &changed));
    if blocks.is_empty() {
        blocks.push(Block::Prose(vec![Text::plain(W::Same.text(scene.lang))]));
    }
    Page { title, blocks }
}

/// Whether the filter lets an object through: by its name, or by a field that differs.
fn fits(scene: &Scene<'_>, it: &Difference) -> bool {
    let mut letters = sentence::object(it.kind, &it.key);
    if let Alteration::Changed(fields) = &it.what {
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
fn names(scene: &Scene<'_>, key: W, role: Role, which: &[&Difference]) -> Vec<Block> {
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

/// Objects that are on both sides, a row for each field that differs.
fn fields(scene: &Scene<'_>, which: &[&Difference]) -> Vec<Block> {
    if which.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        column(W::Object.text(scene.lang), Tier::Small, 16, 1),
        column(W::Field.text(scene.lang), Tier::Small, 16, 1),
        column(W::Old.text(scene.lang), Tier::Small, 8, 1),
        column(W::New.text(scene.lang), Tier::Small, 8, 1),
        column(W::Because.text(scene.lang), Tier::Wide, 20, 2),
    ];
    let mut rows = Vec::new();
    for it in which {
        let Alteration::Changed(fields) = &it.what else { continue };
        for (place, (path, old, new)) in fields.iter().enumerate() {
            let first = place == 0;
            let name = sentence::object(it.kind, &it.key);
            let name = Text::state(Role::Changed, name, scene.ascii);
            let reason = if first { because(scene, it) } else { Text::default() };
            rows.push(Row {
                target: Some(Target::Object(it.kind, it.key.clone())),
                cells: vec![
                    if first { name } else { Text::default() },
                    Text::plain(path.as_str()),
                    Text::new(Role::Removed, old.as_str()),
                    Text::new(Role::Added, new.as_str()),
                    reason,
                ],
                now: false,
            });
        }
    }
    let table = Table { columns, rows, empty: String::new() };
    vec![heading(scene, W::Changed), Block::Table(table)]
}

/// The newest fact about the object: when, and what.
fn because(scene: &Scene<'_>, it: &Difference) -> Text {
    let facts = &scene.seen.facts;
    let Some(fact) = it.because.and_then(|id| facts.get(id)) else { return Text::default() };
    let at = format!("{} ", form::moment(scene.lang, fact.at));
    let mut text = Text::new(Role::Faint, at);
    text.0.extend(first_said(fact, scene).0);
    text
}
