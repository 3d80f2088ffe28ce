//! Journeys: in a large cluster keys live on while the run is on its way, in a small one a key is
//! answered at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use prova::course::Progress;
use prova::dashboard::app::{App, Look, Opened};
use prova::dashboard::keys::{Key, Press, line_of_keys};
use prova::kernel::{Digest, SimTime, Span};
use prova::lab::{Options, Run, Timeline};
use prova::scenario::source::Texts;
use prova::scenario::{Overrides, Plan, load};

use crate::stage::{keys, open, screen_text, settle};

/// More nodes than anything is played ahead for; little happens to them.
fn large() -> (Arc<Plan>, App) {
    let text = "(title: \"büyük\", until: \"30s\", cluster: (nodes: [(name: \"n\", count: 501)]))";
    let loaded = load(&["b.ron"], &Overrides::default(), &Texts::new().with("b.ron", text));
    let plan = Arc::new(loaded.value.expect("a scenario"));
    let (name, text) = ("b.ron".to_owned(), Some(text.to_owned()));
    let mut app = App::new(Look { size: (160, 24), ..Look::default() }, Progress::default());
    app.open(Opened { name, text, plan: plan.clone(), lesson: None }).expect("a checked plan");
    (plan, app)
}

/// Keys, and no time passes.
fn only_keys(app: &mut App, line: &str) {
    line_of_keys(line).into_iter().for_each(|press| app.press(press));
}

/// The number of steps in the top line.
fn step(app: &mut App) -> u64 {
    let top = app.screen().top.letters();
    let after = top.split("adım ").nth(1).expect("a step");
    let number = after.split("  ").next().expect("a number");
    number.replace('.', "").parse().expect("digits")
}

fn notice(app: &mut App) -> String {
    app.screen().notice.map(|notice| notice.letters()).unwrap_or_default()
}

fn digest_at(plan: &Arc<Plan>, step: u64) -> Digest {
    let mut timeline = Timeline::new(plan.clone(), Options::default()).expect("a run");
    timeline.seek_step(step);
    timeline.run().sim().digest()
}

#[test]
fn every_long_way_in_a_large_cluster_can_be_left_and_ends_where_it_should() {
    let (plan, mut app) = large();
    app.press(Press::of(Key::End));
    assert!(app.is_chasing() && app.screen().top.letters().contains("gidiyor"));
    app.tick(Span::ZERO);
    // Views and questions work on the way.
    only_keys(&mut app, "2 ? esc");
    app.press(Press::of(Key::Esc));
    assert!(!app.is_chasing(), "it is left");
    assert!(notice(&mut app).contains("Yarıda durduruldu"), "{}", notice(&mut app));
    let half = step(&mut app);
    assert!(half > 0 && app.digest() == Some(digest_at(&plan, half)), "{half}");
    keys(&mut app, "end");
    let end = Run::new(plan.clone(), Options::default()).expect("a run").finish().digest;
    assert_eq!(app.digest(), Some(end));
    let last = step(&mut app);
    assert!(last > 30_000, "{last} steps are no long way");
    // Back by one step and to a step: from the beginning, there are no checkpoints.
    for (line, wanted) in [("left", last - 1), ("g 20000 enter", 20_000), ("home", 0)] {
        only_keys(&mut app, line);
        assert_eq!(app.is_chasing(), wanted > 0, "{line}");
        settle(&mut app);
        assert_eq!(step(&mut app), wanted, "{line}");
        assert_eq!(app.digest(), Some(digest_at(&plan, wanted)), "{line}");
    }
    // The end is known: going there needs no playing at all.
    only_keys(&mut app, "end");
    assert!(!app.is_chasing());
    assert_eq!(app.digest(), Some(end));
}

#[test]
fn a_search_in_a_large_cluster_is_gone_in_bites() {
    let (plan, mut app) = large();
    let mut timeline = Timeline::new(plan, Options::default()).expect("a run");
    timeline.seek(SimTime::ZERO + Span::secs(5));
    let words = "condition(of: \"node/n400\", kind: \"Ready\", is: True)";
    let ready = prova::scenario::load::predicate(words, prova::texts::Lang::Tr).expect("a word");
    keys(&mut app, "g 5s enter");
    only_keys(&mut app, "g ilk space Ready=True space node/n400 enter");
    assert!(app.is_chasing());
    settle(&mut app);
    let found = timeline.first(&ready).expect("it becomes ready");
    assert_eq!(step(&mut app), found.step);
    assert!(notice(&mut app).contains("şimdi"), "{}", notice(&mut app));
    // What never holds leads back to where the search began.
    keys(&mut app, "g ilk space Nonsense enter");
    assert_eq!(step(&mut app), found.step);
    assert!(notice(&mut app).contains("hiç doğru olmuyor"), "{}", notice(&mut app));
}

#[test]
fn a_branch_of_a_large_cluster_is_played_to_the_present_and_compared_on_its_way() {
    let (plan, mut app) = large();
    keys(&mut app, "end");
    only_keys(&mut app, ": tohum space 7 enter");
    assert!(app.is_chasing() && notice(&mut app).contains("2. dal"), "{}", notice(&mut app));
    settle(&mut app);
    let options = Options { seed: Some(7), ..Options::default() };
    let other = Run::new(plan, options).expect("a run").finish().digest;
    assert_eq!(app.digest(), Some(other));
    // Both go to the middle; the first branch follows in bites.
    keys(&mut app, "g 20s enter");
    only_keys(&mut app, "f enter");
    assert!(app.is_chasing() && screen_text(&mut app).contains("gidiyor"));
    app.press(Press::of(Key::Esc));
    assert!(!app.is_chasing(), "the comparison is closed");
    keys(&mut app, "f enter");
    assert!(!app.is_chasing() && screen_text(&mut app).contains("Fark"));
}

#[test]
fn in_a_small_cluster_a_key_is_answered_at_once() {
    let mut app = open("node-failure", Look::default());
    keys(&mut app, "end");
    let mut seen = BTreeMap::new();
    for line in ["home", "g 300s enter", "left", "g 110s enter", "shift+left", "g 5000 enter"] {
        only_keys(&mut app, line);
        assert!(!app.is_chasing(), "{line}");
        seen.insert(app.digest().map(|digest| digest.to_string()), line);
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
}
