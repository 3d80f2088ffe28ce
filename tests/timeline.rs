//! Seeking equals playing: however a state is reached, it is the same state.

use std::sync::Arc;

use proptest::prelude::*;

use prova::kernel::{SimTime, Span};
use prova::lab::{Change, Found, Goal, Options, Run, Timeline, compare};
use prova::observe::FactId;
use prova::scenario::load::predicate;
use prova::scenario::source::{ReadError, Sources};
use prova::scenario::{Overrides, Plan, action, load};
use prova::texts::Lang;

struct Disk(Vec<(String, String)>);

impl Sources for Disk {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        if let Some((_, text)) = self.0.iter().find(|(known, _)| known == name) {
            return Ok(text.clone());
        }
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(root.join(name)).map_err(|_| ReadError::NotFound)
    }
}

fn plan_of(file: &str, texts: Vec<(String, String)>) -> Arc<Plan> {
    let loaded = load(&[file], &Overrides::default(), &Disk(texts));
    Arc::new(loaded.value.unwrap_or_else(|| panic!("{file}: {:?}", loaded.diagnostics)))
}

fn plan(name: &str) -> Arc<Plan> {
    plan_of(&format!("scenarios/{name}.ron"), Vec::new())
}

/// Everything that tells two states apart.
fn state(run: &Run) -> (u64, String, u64, usize, Vec<(usize, SimTime)>) {
    let facts = run.seen().map_or(0, |seen| seen.facts.len());
    let bookmarks = run.bookmarks().iter().map(|(number, at)| (*number, *at)).collect();
    let sim = run.sim();
    (run.steps(), sim.digest().to_string(), sim.delivered(), facts, bookmarks)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_state_is_the_same_by_playing_by_seeking_and_by_its_number(
        seconds in 1u64..150, detour in 0u64..170, explored in any::<bool>(),
    ) {
        let plan = plan("leader-election");
        let at = SimTime::ZERO + Span::secs(seconds);
        let mut played = Run::new(plan.clone(), Options::default()).unwrap();
        played.play_until(at);
        let mut timeline = Timeline::new(plan, Options::default()).unwrap();
        if explored {
            timeline.explore_all();
        }
        timeline.seek(SimTime::ZERO + Span::secs(detour));
        timeline.seek(at);
        prop_assert_eq!(state(timeline.run()), state(&played));
        let here = timeline.cursor();
        timeline.seek_step(here.step / 2);
        timeline.seek_step(here.step);
        prop_assert_eq!(state(timeline.run()), state(&played));
        prop_assert!(timeline.back());
        prop_assert_eq!(timeline.cursor().step, here.step - 1);
        prop_assert!(timeline.forward());
        prop_assert_eq!(state(timeline.run()), state(&played));
    }

    #[test]
    fn a_journey_in_bites_ends_where_the_direct_one_ends(
        seconds in 1u64..150, detour in 0u64..170_000, explored in any::<bool>(), bite in 1u64..3_000,
    ) {
        let plan = plan("leader-election");
        let mut direct = Timeline::new(plan.clone(), Options::default()).unwrap();
        direct.seek(at(seconds));
        let there = direct.cursor();
        let mut timeline = Timeline::new(plan, Options::default()).unwrap();
        if explored {
            timeline.explore_all();
        }
        // A moment at which nothing happens: the cursor has waited for it.
        timeline.seek(SimTime::ZERO + Span::nanos(detour * 1_000_003));
        let home = (timeline.cursor(), state(timeline.run()));
        journey(&mut timeline, Goal::Time(at(seconds)), bite);
        prop_assert_eq!((timeline.cursor(), state(timeline.run())), (there, state(direct.run())));
        journey(&mut timeline, Goal::Step(there.step / 2), bite);
        direct.seek_step(there.step / 2);
        prop_assert_eq!(timeline.cursor(), direct.cursor());
        prop_assert_eq!(state(timeline.run()), state(direct.run()));
        // Back to the detour, whose time may lie beyond its last step.
        journey(&mut timeline, Goal::Back(home.0), bite);
        prop_assert_eq!((timeline.cursor(), state(timeline.run())), home);
    }
}

/// A whole journey in bites of so many steps; every bite but the last may do only so much.
fn journey(timeline: &mut Timeline, goal: Goal, bite: u64) {
    let mut before = timeline.cursor();
    for round in 0.. {
        let there = timeline.go_on(goal, bite);
        let here = timeline.cursor();
        // The first bite may begin at a checkpoint.
        assert!(round == 0 || here.step <= before.step + 2 * bite, "a bite of {bite} is too big");
        if there {
            return;
        }
        before = here;
    }
}

#[test]
fn a_journey_that_is_left_half_way_stands_in_a_state_of_the_run() {
    let plan = plan("leader-election");
    let end = plan.until;
    let mut whole = Timeline::new(plan.clone(), Options::default()).unwrap();
    whole.seek(end);
    let mut timeline = Timeline::new(plan.clone(), Options::default()).unwrap();
    timeline.seek(at(100));
    timeline.seek(at(10));
    assert!(!timeline.go_on(Goal::Time(at(90)), 500), "one bite is not enough");
    let from = timeline.cursor().step;
    for _ in 0..3 {
        assert!(!timeline.go_on(Goal::Time(at(90)), 500), "three bites are not enough");
    }
    let half = timeline.cursor();
    assert_eq!(half.step, from + 1_500);
    assert!(timeline.frontier().at >= at(100), "what was known stays known");
    let mut played = Timeline::new(plan, Options::default()).unwrap();
    played.seek_step(half.step);
    assert_eq!(state(timeline.run()), state(played.run()));
    // From there every key works as ever.
    assert!(timeline.back() && timeline.forward());
    assert_eq!(state(timeline.run()), state(played.run()));
    timeline.seek(end);
    assert_eq!(state(timeline.run()), state(whole.run()));
}

#[test]
fn a_fact_is_gone_to_from_before_and_from_behind() {
    let mut timeline = Timeline::new(plan("node-failure"), Options::default()).unwrap();
    timeline.seek(at(60));
    let id = timeline.next_fact(|_, _| true).unwrap();
    let wanted = (timeline.cursor(), state(timeline.run()));
    for from in [at(5), at(60), at(120)] {
        timeline.seek(from);
        journey(&mut timeline, Goal::Fact(FactId(id.0)), 700);
        assert_eq!((timeline.cursor(), state(timeline.run())), wanted);
    }
}

#[test]
fn a_search_in_bites_finds_what_the_direct_one_finds_or_goes_home() {
    let mut timeline = Timeline::new(plan("node-failure"), Options::default()).unwrap();
    let lost = predicate("event(reason: \"NodeNotReady\")", Lang::Tr).expect("a condition");
    let never = predicate("event(reason: \"Nonsense\")", Lang::Tr).expect("a condition");
    for first in [true, false] {
        timeline.seek(at(30));
        let direct = if first { timeline.first(&lost) } else { timeline.last(&lost) };
        let wanted = state(timeline.run());
        timeline.seek(at(30));
        let mut search = timeline.begin_search(&lost, first);
        let mut bites = 0;
        let found = loop {
            bites += 1;
            match timeline.search_on(&mut search, 2_000) {
                Found::NotYet => {}
                Found::At(moment) => break Some(moment),
                Found::Nothing => break None,
            }
        };
        assert!(found.is_some() && found == direct && bites > 3, "{found:?} {direct:?} {bites}");
        assert_eq!(state(timeline.run()), wanted);
    }
    timeline.seek(at(30));
    let home = (timeline.cursor(), state(timeline.run()));
    assert_eq!(timeline.first(&never), None);
    assert_eq!((timeline.cursor(), state(timeline.run())), home);
}

#[test]
fn a_scout_sees_another_moment_and_the_cursor_stays() {
    let mut timeline = Timeline::new(plan("leader-election"), Options::default()).unwrap();
    timeline.seek(at(80));
    timeline.seek(at(40));
    let home = (timeline.cursor(), state(timeline.run()));
    let end = timeline.end();
    for to in [SimTime::ZERO, at(20), at(60), at(120), end] {
        let mut scout = timeline.scout(to);
        while !scout.go_on(900) {}
        let mut played = timeline.clone();
        played.seek(to);
        assert_eq!(state(scout.run()), state(played.run()), "{to:?}");
        assert_eq!((timeline.cursor(), state(timeline.run())), home);
    }
}

#[test]
fn the_end_of_a_timeline_is_the_end_of_a_run() {
    let plan = plan("node-failure");
    let report = Run::new(plan.clone(), Options::default()).unwrap().finish();
    let mut timeline = Timeline::new(plan.clone(), Options::default()).unwrap();
    timeline.explore_all();
    timeline.seek(SimTime::ZERO + Span::secs(70));
    timeline.seek(plan.until);
    let found = timeline.run().report();
    assert_eq!(found.digest, report.digest);
    assert_eq!(found.outcomes.len(), report.outcomes.len());
    assert!(found.passed() && report.passed());
    assert_eq!(found.bookmarks, report.bookmarks);
}

#[test]
fn a_fork_with_no_change_is_the_original_and_another_toleration_is_not() {
    let plan = plan("node-failure");
    let mut timeline = Timeline::new(plan, Options::default()).unwrap();
    let late = SimTime::ZERO + Span::secs(200);
    timeline.seek(late);
    let mut same = timeline.fork(Change::Nothing).unwrap();
    let mut other = timeline
        .fork(Change::Setting(
            "kube-apiserver.default-unreachable-toleration-seconds".to_owned(),
            "30".to_owned(),
        ))
        .unwrap();
    for one in [&mut timeline, &mut same, &mut other] {
        one.seek(SimTime::ZERO + Span::secs(300));
    }
    assert_eq!(state(timeline.run()), state(same.run()));
    let differences = compare(timeline.run().seen().unwrap(), other.run().seen().unwrap());
    assert!(!differences.is_empty(), "replacements are there by then in the other future");
}

#[test]
fn a_session_saved_as_a_scenario_is_the_same_run() {
    let file = "scenarios/first-pod.ron";
    let plan = plan_of(file, Vec::new());
    let mut timeline = Timeline::new(plan.clone(), Options::default()).unwrap();
    timeline.seek(SimTime::ZERO + Span::secs(15));
    let words = "crash(kubelet(\"n1\"))";
    timeline.act(action(words, Lang::Tr).expect("real words"), words);
    timeline.seek(plan.until);
    let done = state(timeline.run());
    let text = std::fs::read_to_string(file).unwrap();
    let saved = timeline.journal().written_into(&text).unwrap();
    let again = plan_of(file, vec![(file.to_owned(), saved)]);
    let mut run = Run::new(again, Options::default()).unwrap();
    run.play_until(plan.until);
    assert_eq!(state(&run), done);
    let mut untouched = Run::new(plan.clone(), Options::default()).unwrap();
    untouched.play_until(plan.until);
    assert_ne!(state(&untouched).1, done.1);
}

/// Does something at the cursor, in the scenario's words.
fn act(timeline: &mut Timeline, words: &str) {
    timeline.act(action(words, Lang::Tr).expect("real words"), words);
}

fn at(seconds: u64) -> SimTime {
    SimTime::ZERO + Span::secs(seconds)
}

#[test]
fn a_deed_is_met_again_from_every_earlier_moment() {
    let mut timeline = Timeline::new(plan("first-pod"), Options::default()).unwrap();
    timeline.explore_all();
    timeline.seek(at(15));
    act(&mut timeline, "crash(kubelet(\"n1\"))");
    timeline.seek(at(20));
    let played = state(timeline.run());
    timeline.seek(at(10));
    timeline.seek(at(20));
    assert_eq!(state(timeline.run()), played, "by seeking");
    timeline.seek(at(10));
    while timeline.cursor().step < played.0 && timeline.forward() {}
    assert_eq!(state(timeline.run()), played, "by steps");
    timeline.seek(at(12));
    act(&mut timeline, "crash(runtime(\"n2\"))");
    assert_eq!(timeline.journal().entries().len(), 2, "a later deed stays planned");
    let fork = timeline.fork(Change::Seed(7)).unwrap();
    assert_eq!(fork.journal(), timeline.journal());
}

#[test]
fn deeds_of_one_instant_keep_their_order_in_the_saved_scenario() {
    let file = "scenarios/first-pod.ron";
    let plan = plan_of(file, Vec::new());
    let mut timeline = Timeline::new(plan.clone(), Options::default()).unwrap();
    timeline.seek(at(15));
    // Its end falls on the very nanosecond of the next deed.
    act(&mut timeline, "crash(target: kubelet(\"n1\"), for: \"5s\")");
    timeline.seek(at(20));
    act(&mut timeline, "crash(kubelet(\"n1\"))");
    timeline.seek(plan.until);
    let text = std::fs::read_to_string(file).unwrap();
    let saved = timeline.journal().written_into(&text).unwrap();
    let again = plan_of(file, vec![(file.to_owned(), saved)]);
    let mut run = Run::new(again, Options::default()).unwrap();
    run.play_until(plan.until);
    assert_eq!(state(&run), state(timeline.run()));
}

#[test]
fn facts_are_stops_forward_and_back() {
    let mut timeline = Timeline::new(plan("node-failure"), Options::default()).unwrap();
    timeline.seek(SimTime::ZERO + Span::secs(100));
    let first = timeline.next_fact(|_, _| true).unwrap();
    let here = timeline.cursor();
    let second = timeline.next_fact(|_, _| true).unwrap();
    assert!(second > first && timeline.cursor() >= here);
    timeline.previous_fact(|_, _| true).unwrap();
    assert!(timeline.cursor() <= here);
}
