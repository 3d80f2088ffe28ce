//! Olay: what happened up to the cursor, the newest last; and the page of one fact.

use crate::dashboard::model::{Block, Link, Page, Role, Row, Table, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::kernel::Slot;
use crate::observe::{Fact, FactId};
use crate::tell::form;
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::LogWords;

use super::detail;
use super::fields::fields;
use super::parts::{column, first_said, said, told};
use super::process;
use super::why;

/// The most rows; who wants older ones goes back in time.
const ROWS_MAX: usize = 500;

/// The page.
pub(super) fn page(scene: &Scene<'_>) -> Page {
    match scene.inside {
        Some(Target::Object(kind, key)) => detail::page(scene, *kind, key),
        Some(Target::Process(slot)) => process::page(scene, *slot),
        Some(Target::Fact(id)) => one(scene, *id),
        Some(Target::Message(_) | Target::Call(_) | Target::Moment(_) | Target::Named(_))
        | None => log(scene),
    }
}

fn log(scene: &Scene<'_>) -> Page {
    let facts = &scene.seen.facts;
    let word = |key: LogWords| key.text(scene.lang);
    let mut rows: Vec<Row> = Vec::new();
    let mut next = u32::try_from(facts.len()).unwrap_or(u32::MAX);
    while let Some(number) = next.checked_sub(1) {
        next = number;
        let id = FactId(number);
        if let Some(fact) = facts.get(id) {
            rows.extend(rows_of(scene, id, fact).into_iter().rev());
        }
        if rows.len() >= ROWS_MAX {
            break;
        }
    }
    rows.reverse();
    if let Some(newest) = rows.last_mut() {
        newest.now = true;
    }
    let args = [
        ("shown", form::count(scene.lang, rows.len() as u64)),
        ("all", form::count(scene.lang, facts.len() as u64)),
    ];
    let empty = if facts.is_empty() {
        word(LogWords::Empty).to_owned()
    } else {
        LogWords::NothingFits.fill(scene.lang, &[("filter", scene.filter.text.as_str())])
    };
    let columns = vec![
        column(word(LogWords::Time), Tier::Small, 10, 0),
        column(word(LogWords::What), Tier::Small, 30, 1),
    ];
    Page {
        title: Text::new(Role::Faint, LogWords::Shown.fill(scene.lang, &args)),
        blocks: vec![Block::Table(Table { columns, rows, empty })],
    }
}

/// The lines of a fact that the filter lets through.
fn rows_of(scene: &Scene<'_>, id: FactId, fact: &Fact) -> Vec<Row> {
    let told = told(fact, scene);
    let lines = told.iter().filter_map(|told| {
        let text = said(told, scene);
        let object = told
            .object
            .as_ref()
            .map(|(kind, key)| sentence::object(*kind, key))
            .unwrap_or_default();
        let letters = format!("{} {object} {}", text.letters(), told.what);
        scene.filter.lets_through(&letters).then(|| Row {
            target: Some(Target::Fact(id)),
            cells: vec![Text::new(Role::Faint, form::moment(scene.lang, fact.at)), text],
            now: false,
        })
    });
    lines.collect()
}

/// One fact: what it says in full, its causes and what came of it.
fn one(scene: &Scene<'_>, id: FactId) -> Page {
    let facts = &scene.seen.facts;
    let word = |key: LogWords| key.text(scene.lang);
    let Some(fact) = facts.get(id) else {
        let text = Text::state(Role::Unknown, word(LogWords::Unknown), scene.ascii);
        return Page { title: Text::default(), blocks: vec![Block::Prose(vec![text])] };
    };
    let told = told(fact, scene);
    let name = scene.seen.directory.name(fact.actor);
    let actor = if fact.actor == Slot::OUTSIDE { word(LogWords::Outside) } else { name.as_str() };
    let mut pairs = vec![
        (word(LogWords::At).to_owned(), Text::plain(form::moment(scene.lang, fact.at))),
        (word(LogWords::Actor).to_owned(), Text::plain(actor)),
        (word(LogWords::Event).to_owned(), Text::plain(fact.event.0.to_string())),
    ];
    for (kind, key) in told.iter().filter_map(|told| told.object.as_ref()).take(1) {
        let name = sentence::object(*kind, key);
        pairs.push((word(LogWords::About).to_owned(), Text::plain(name)));
    }
    for told in &told {
        let fields = fields(told, scene.lang).into_iter();
        pairs.extend(fields.map(|(name, value)| (name, Text::plain(value))));
    }
    let sentences = told.iter().map(|told| said(told, scene)).collect();
    let heading = |key: LogWords| Block::Heading(Text::new(Role::Title, word(key)));
    let mut blocks = vec![Block::Prose(sentences), Block::Pairs(pairs)];
    blocks.push(heading(LogWords::Causes));
    blocks.push(why::of_fact(scene, id));
    blocks.push(heading(LogWords::Consequences));
    let links: Vec<Link> = facts
        .consequences(id)
        .filter_map(|next| facts.get(next).map(|fact| (next, fact)))
        .map(|(next, fact)| Link {
            target: Some(Target::Fact(next)),
            depth: 0,
            at: form::moment(scene.lang, fact.at),
            text: first_said(fact, scene),
        })
        .collect();
    blocks.push(if links.is_empty() {
        Block::Prose(vec![Text::new(Role::Faint, word(LogWords::NoConsequences))])
    } else {
        Block::Chain(links)
    });
    Page { title: Text::plain(form::moment(scene.lang, fact.at)), blocks }
}
