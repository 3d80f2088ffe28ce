//! What the tests of the dashboard share: an open scenario, keys, and the screen as text.

use std::collections::BTreeMap;

use prova::api::Kind;
use prova::course::Progress;
use prova::dashboard::app::{App, Look, Opened};
use prova::dashboard::frame::{cells, text};
use prova::dashboard::keys::line_of_keys;
use prova::dashboard::model::{Block, Page, Target};
use prova::dashboard::stops::Stop;
use prova::kernel::{Digest, Span};
use prova::lab::{Options, Run};
use prova::scenario::source::{ReadError, Sources};
use prova::scenario::{Overrides, load};
use prova::texts::Lang;

use crate::common;

/// The English look.
pub(crate) struct English;

impl English {
    pub(crate) fn look() -> Look {
        Look { lang: Lang::En, ..Look::default() }
    }
}

/// The dashboard with a scenario open.
pub(crate) fn open(name: &str, look: Look) -> App {
    let mut app = App::new(look, Progress::default());
    let file = format!("scenarios/{name}.ron");
    let text = common::Files.read(&file).ok();
    let plan = common::plan(name);
    app.open(Opened { name: file, text, plan, lesson: None }).expect("a checked plan is built");
    app
}

/// Keys, one after the other; journeys end before the next key.
pub(crate) fn keys(app: &mut App, line: &str) {
    for press in line_of_keys(line) {
        app.press(press);
        settle(app);
    }
}

/// Every journey ends.
pub(crate) fn settle(app: &mut App) {
    while app.is_chasing() {
        app.tick(Span::ZERO);
    }
}

/// The screen's letters.
pub(crate) fn screen_text(app: &mut App) -> String {
    let theme = app.look().theme;
    text(&cells(&app.screen(), theme))
}

/// The pod that was created last, as a stop; the page need not show it.
pub(crate) fn newest_pod(app: &mut App) -> Stop {
    use prova::dashboard::keys::{Key, Press};
    // The list of pods is opened, as a reader would.
    let kinds = app.screen();
    let row = Target::Named("kind/Pod".to_owned());
    app.point(kinds.panels[0].focus, &Stop::On(row));
    app.press(Press::of(Key::Enter));
    let seen = app.screen();
    let page = &seen.panels[0].page;
    let is_database = |target: &&Target| {
        let Target::Object(Kind::Pod, key) = target else { return false };
        key.name.starts_with("database")
    };
    let mut pods = page.targets().into_iter().filter(is_database);
    let newest = pods.next_back().expect("a pod of the database");
    Stop::On(newest.clone())
}

/// The digest of a scenario's text, played from its own place.
pub(crate) fn digest_of(scenario: &str) -> Digest {
    struct Here(BTreeMap<String, String>);
    impl Sources for Here {
        fn read(&self, name: &str) -> Result<String, ReadError> {
            self.0.get(name).cloned().map_or_else(|| common::Files.read(name), Ok)
        }
    }
    let texts = BTreeMap::from([("benim.ron".to_owned(), scenario.to_owned())]);
    let loaded = load(&["benim.ron"], &Overrides::default(), &Here(texts));
    let found: Vec<String> = loaded.diagnostics.iter().map(|one| format!("{one:?}")).collect();
    let plan = loaded.value.unwrap_or_else(|| panic!("{}\n{scenario}", found.join("\n")));
    Run::new(std::sync::Arc::new(plan), Options::default()).expect("a run").finish().digest
}

/// The heads of all tables of a page.
pub(crate) fn heads(page: &Page) -> String {
    let tables = page
        .blocks
        .iter()
        .filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    let heads = tables.flat_map(|table| &table.columns).map(|column| column.head.as_str());
    heads.collect::<Vec<_>>().join(" ")
}

/// Whether something on the screen is a word (not a frame, a bar, a part of one that was cut or
/// broken).
pub(crate) fn is_word(word: &str) -> bool {
    word.chars().all(|letter| letter.is_alphanumeric() || "-./:=".contains(letter))
        && !word.ends_with('-')
}
