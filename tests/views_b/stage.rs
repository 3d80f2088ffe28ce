//! What the tests of the inner views share: runs, choices, and ways to look into a page.

use std::sync::Arc;

use prova::dashboard::model::{Block, Lanes, Page, Row, Table, Target, Text, Tier};
use prova::dashboard::scene::{Filter, Scene};
use prova::dashboard::speak::speak;
use prova::dashboard::views::VIEWS;
use prova::kernel::{SimTime, Span};
use prova::lab::{Options, Run};
use prova::observe::{Call, Delivery};
use prova::scenario::source::Texts;
use prova::scenario::{Overrides, load};
use prova::texts::Lang;

use super::common;

pub(crate) fn run_at(name: &str, at: SimTime) -> Run {
    let mut run = Run::new(common::plan(name), Options::default()).expect("a checked plan");
    run.play_until(at);
    run
}

/// A run of three members of etcd in which `steps` happen.
pub(crate) fn run_of(settings: &str, steps: &str) -> Run {
    let text = format!(
        r#"(title: "t", until: "3m", cluster: (control_planes: 3, etcd: 3,
            nodes: [(name: "n", count: 1)], settings: {{{settings}}}), steps: [{steps}])"#
    );
    let loaded = load(&["t.ron"], &Overrides::default(), &Texts::new().with("t.ron", text));
    let found = format!("{:?}", loaded.diagnostics);
    Run::new(Arc::new(loaded.value.expect(&found)), Options::default()).expect("a checked plan")
}

pub(crate) fn millis(millis: u64) -> SimTime {
    SimTime::ZERO + Span::millis(millis)
}

pub(crate) fn secs(secs: u64) -> SimTime {
    SimTime::from_secs(secs)
}

/// What the reader chose.
#[derive(Clone, Default)]
pub(crate) struct Choice {
    pub(crate) inside: Option<Target>,
    pub(crate) chosen: Option<Target>,
    pub(crate) filter: Filter,
    pub(crate) lang: Lang,
    pub(crate) tier: Tier,
    pub(crate) ascii: bool,
}

pub(crate) fn page(run: &Run, id: &str, choice: &Choice) -> Page {
    let view = VIEWS.iter().find(|view| view.id == id).expect("a view of that name");
    let seen = run.seen().expect("the run is observed");
    (view.page)(&Scene {
        run,
        seen,
        known: seen,
        lang: choice.lang,
        ascii: choice.ascii,
        tier: choice.tier,
        chosen: choice.chosen.as_ref(),
        inside: choice.inside.as_ref(),
        filter: &choice.filter,
    })
}

pub(crate) fn letters(page: &Page, lang: Lang) -> String {
    speak(page, lang).join("\n")
}

#[track_caller]
pub(crate) fn says(page: &Page, wanted: &[&str]) {
    let text = letters(page, Lang::Tr);
    for one in wanted {
        assert!(text.contains(one), "{one} is missing:\n{text}");
    }
}

pub(crate) fn normal() -> Choice {
    Choice { tier: Tier::Normal, ..Choice::default() }
}

pub(crate) fn inside(target: Target) -> Choice {
    Choice { inside: Some(target), ..normal() }
}

pub(crate) fn filtered(text: &str) -> Choice {
    Choice { filter: Filter { text: text.to_owned() }, ..normal() }
}

pub(crate) fn tables(page: &Page) -> Vec<&Table> {
    let tables = page.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Heading(_)
        | Block::Prose(_)
        | Block::Pairs(_)
        | Block::Map(_)
        | Block::Lanes(_)
        | Block::Series(_)
        | Block::Chain(_)
        | Block::Passages(_) => None,
    });
    tables.collect()
}

pub(crate) fn lanes(page: &Page) -> &Lanes {
    let lanes = page.blocks.iter().find_map(|block| match block {
        Block::Lanes(lanes) => Some(lanes),
        Block::Heading(_)
        | Block::Prose(_)
        | Block::Pairs(_)
        | Block::Table(_)
        | Block::Map(_)
        | Block::Series(_)
        | Block::Chain(_)
        | Block::Passages(_) => None,
    });
    lanes.expect("a picture of messages")
}

pub(crate) fn cells(row: &Row) -> Vec<String> {
    row.cells.iter().map(Text::letters).collect()
}

/// The rows of the table with this first heading.
#[track_caller]
pub(crate) fn rows<'p>(page: &'p Page, head: &str) -> Vec<&'p Row> {
    let table = tables(page).into_iter().find(|table| table.columns[0].head == head);
    table.unwrap_or_else(|| panic!("a table of {head}")).rows.iter().collect()
}

pub(crate) fn deliveries(run: &Run) -> Vec<&Delivery> {
    run.seen().expect("the run is observed").tape.deliveries().collect()
}

pub(crate) fn calls(run: &Run) -> Vec<&Call> {
    run.seen().expect("the run is observed").tape.calls().collect()
}
