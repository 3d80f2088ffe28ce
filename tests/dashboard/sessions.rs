//! Sessions of runs that no file tells: without a step, of manifests alone, with words of the
//! command line. What is saved plays the same.

use std::sync::Arc;

use prova::course::Progress;
use prova::dashboard::app::{App, Look, Opened};
use prova::kernel::Digest;
use prova::lab::{Options, Run};
use prova::scenario::source::{Sources as _, Texts};
use prova::scenario::written::{Written, written};
use prova::scenario::{Overrides, Plan, load};

use crate::common;
use crate::stage::{digest_of, keys, open};

const SHOP: &str = "scenarios/manifests/shop/frontend.yaml";

fn digest(plan: Plan) -> Digest {
    Run::new(Arc::new(plan), Options::default()).expect("a run").finish().digest
}

/// What the command line named, as the program opens it.
fn named(names: &[&str], overrides: &Overrides) -> (Plan, Written) {
    let loaded = load(names, overrides, &common::Files);
    let plan = loaded.value.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let written = written(names, overrides, &plan, &common::Files).expect("a text that plays it");
    (plan, written)
}

fn opened(plan: Plan, Written { name, text }: Written) -> App {
    let mut app = App::new(Look::default(), Progress::default());
    let (plan, text) = (Arc::new(plan), Some(text));
    app.open(Opened { name, text, plan, lesson: None }).expect("a checked plan is built");
    app
}

/// The session that is saved now plays what the reader saw at the end.
fn check_saved(app: &mut App, what: &str) -> String {
    keys(app, "end");
    let text = app.session("benim.ron").unwrap_or_else(|| panic!("{what} is not saved"));
    assert_eq!(Some(digest_of(&text)), app.digest(), "{what}: {text}");
    text
}

#[test]
fn a_branch_without_a_step_is_saved() {
    let whole = common::Files.read("scenarios/reconcile.ron").expect("a scenario");
    let steps = common::plan("reconcile").steps.len();
    let mut seen = std::collections::BTreeSet::new();
    for number in 0..steps {
        let mut app = open("reconcile", Look::default());
        keys(&mut app, "c");
        keys(&mut app, &"down ".repeat(2 + number));
        keys(&mut app, "enter");
        let text = check_saved(&mut app, "a branch without a step");
        assert!(text.lines().count() < whole.lines().count(), "{text}");
        seen.insert(app.digest().map(|digest| digest.to_string()));
    }
    assert_eq!(seen.len(), steps, "each is another run");
    // Of a flag, without a step, with a deed, without that deed.
    let mut app = open("node-failure", Look::default());
    keys(
        &mut app,
        ": ayar space default-unreachable-toleration-seconds=30 enter c down down enter",
    );
    let before = check_saved(&mut app, "a flag and no step");
    keys(&mut app, "g 30s enter : eylem space crash(node(\"n1\")) enter");
    let done = check_saved(&mut app, "a deed besides");
    assert!(done.contains("crash(node(\"n1\"))") && !before.contains("crash(node(\"n1\"))"));
    let deeds = common::plan("node-failure").steps.len() - 1;
    keys(&mut app, "c");
    keys(&mut app, &"down ".repeat(2 + deeds));
    keys(&mut app, "enter");
    assert_eq!(check_saved(&mut app, "the deed left out"), before);
}

#[test]
fn manifests_alone_and_words_of_the_command_line_are_saved() {
    let set = vec!["kube-controller-manager.node-monitor-grace-period=20s".to_owned()];
    let all = Overrides {
        seed: Some(3),
        until: Some("90s".to_owned()),
        nodes: Some(4),
        settings: set.clone(),
    };
    let short = Overrides { until: Some("90s".to_owned()), ..Overrides::default() };
    let flag = Overrides { settings: set, ..Overrides::default() };
    let cases: [(&[&str], &Overrides); 6] = [
        // It ends before its last steps.
        (&["scenarios/reconcile.ron"], &short),
        (&[SHOP], &short),
        (&[SHOP], &all),
        (&["scenarios/first-pod.ron"], &all),
        (&["scenarios/leader-election.ron"], &flag),
        (&["scenarios/first-pod.ron", SHOP], &Overrides::default()),
    ];
    for (names, overrides) in cases {
        let (plan, written) = named(names, overrides);
        let text = written.text.clone();
        let mut app = opened(plan.clone(), written);
        assert_eq!(app.session("benim.ron"), None, "nothing was done: {text}");
        keys(&mut app, "g 15s enter : eylem space crash(target:node(\"n1\"),for:\"20s\") enter");
        check_saved(&mut app, &format!("{names:?} {overrides:?}"));
        assert_ne!(app.digest(), Some(digest(plan)), "the deed is another run");
    }
}

#[test]
fn a_text_that_plays_something_else_is_not_given_out() {
    let names = ["scenarios/leader-election.ron"];
    let flag = Overrides { nodes: Some(2), ..Overrides::default() };
    let (_, written_well) = named(&names, &flag);
    assert!(written_well.text.contains("count: 2"), "{}", written_well.text);
    // Held against another plan than its own.
    let other = Plan::clone(&common::plan("leader-election"));
    assert_eq!(written(&names, &flag, &other, &common::Files), None);
    // A manifest that came through a pipe stands in the text itself.
    let pipe = common::Files.read(SHOP).expect("a manifest");
    let texts = Texts::new().with("stdin.yaml", pipe);
    let loaded = load(&["stdin.yaml"], &Overrides::default(), &texts).value.expect("a plan");
    let piped = written(&["stdin.yaml"], &Overrides::default(), &loaded, &texts).expect("a text");
    let again = load(&[&piped.name], &Overrides::default(), &|name: &str| {
        if name == piped.name { Ok(piped.text.clone()) } else { texts.read(name) }
    });
    assert_eq!(again.value.expect("a plan").objects, loaded.objects);
}
