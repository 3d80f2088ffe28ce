//! Neden?: of what is told as a cause, each must be one, and no stranger may stand between.

mod common;

use std::sync::Arc;

use prova::api::{Kind, ObjectKey};
use prova::kernel::SimTime;
use prova::lab::{Options, Run};
use prova::observe::{Fact, FactId, Observation, chain, tell};
use prova::scenario::source::{ReadError, Sources};
use prova::scenario::{Overrides, load};

/// Two faults at once: a node that dies, and a member of etcd on another machine that freezes a
/// moment later.
const TWO_FAULTS: &str = r#"(
    title: "İki arıza",
    until: "3m",
    cluster: (nodes: [(name: "n", count: 3)]),
    apply: ["manifests/shop/frontend.yaml"],
    traffic: [(name: "müşteriler", service: "frontend", rate: constant(20), start: "45s")],
    steps: [
        (at: "60s", do: crash(node("n2"))),
        (at: "61s", do: pause(target: scheduler(1), for: "20s")),
    ],
)"#;

/// The repository's files, and one more scenario.
struct OneMore;

impl Sources for OneMore {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        if name == "scenarios/two.ron" {
            return Ok(TWO_FAULTS.to_owned());
        }
        common::Files.read(name)
    }
}

fn played(mut run: Run, secs: u64) -> Run {
    run.play_until(SimTime::from_secs(secs));
    run
}

fn run_at(name: &str, secs: u64) -> Run {
    let run = Run::new(common::plan(name), Options::default()).expect("a checked plan is built");
    played(run, secs)
}

/// What a fact says, in the words of the trace: `pod.ready default/web-1 ready=false`.
fn says(seen: &Observation, fact: &Fact) -> String {
    let told = tell(fact, &seen.directory);
    let line = |told: &prova::observe::Told| {
        let object = told.object.as_ref().map(|(kind, key)| format!("{kind} {key}"));
        let fields = told.fields.iter().map(|(name, value)| format!("{name}={value}"));
        let fields: Vec<String> = fields.collect();
        format!("{} {} {}", told.what, object.unwrap_or_default(), fields.join(" "))
    };
    told.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// Every fact whose words hold all of `words`.
fn all(seen: &Observation, words: &[&str]) -> Vec<FactId> {
    let fits = |fact: &Fact| {
        let said = says(seen, fact);
        words.iter().all(|word| said.contains(word))
    };
    let found = seen.facts.iter().filter(|(_, fact)| fits(fact)).map(|(id, _)| id);
    let found: Vec<FactId> = found.collect();
    assert!(!found.is_empty(), "no fact says {words:?}");
    found
}

/// What is told as the causes of a fact, the nearest first.
fn causes(seen: &Observation, id: FactId) -> Vec<String> {
    let facts = seen.facts.causes(id).filter_map(|cause| seen.facts.get(cause));
    facts.map(|fact| says(seen, fact)).collect()
}

/// The words of a whole chain, without its beginning's.
fn links(seen: &Observation, id: FactId) -> Vec<String> {
    let reasons = chain(&seen.facts, id).into_iter().skip(1);
    reasons.filter_map(|it| seen.facts.get(it.fact)).map(|fact| says(seen, fact)).collect()
}

#[test]
fn what_one_command_makes_is_no_chain() {
    let run = run_at("node-failure", 20);
    let seen = run.seen().expect("the run is observed");
    let mut applied = 0;
    for kind in ["Deployment", "Service"] {
        for id in all(seen, &["object.created", &format!(" {kind} default/")]) {
            if seen.facts.get(id).is_some_and(|fact| fact.at < SimTime::from_secs(5)) {
                continue; // the Service of the API server itself
            }
            let causes = causes(seen, id);
            assert!(
                matches!(causes.as_slice(), [only] if only.contains("kubectl apply")),
                "{id:?}: {causes:#?}"
            );
            applied += 1;
        }
    }
    assert_eq!(applied, 8);
}

#[test]
fn an_eviction_comes_from_the_taint_of_its_node() {
    let run = run_at("node-failure", 430);
    let seen = run.seen().expect("the run is observed");
    for id in all(seen, &["object.terminating", "Pod default/"]) {
        let links = links(seen, id);
        let [taint, node, fault] = links.as_slice() else { panic!("{links:#?}") };
        assert!(taint.contains("node.tainted Node n2") && taint.contains("NoExecute"), "{taint}");
        assert!(node.contains("node.ready Node n2 status=Unknown"), "{node}");
        assert!(fault.contains("fault  name=crash"), "{fault}");
    }
    for id in all(seen, &["TaintManagerEviction"]) {
        assert!(links(seen, id).iter().any(|link| link.contains("node.tainted")), "{id:?}");
    }
    // The pods of a silent node are not ready because of their node.
    for id in all(seen, &["pod.ready", "ready=false", "node=n2"]) {
        let causes = causes(seen, id);
        assert!(
            matches!(causes.as_slice(), [only] if only.starts_with("node.ready Node n2")),
            "{causes:#?}"
        );
    }
}

#[test]
fn every_pod_of_every_scenario_is_bound_by_the_decision_on_itself() {
    let mut count = 0;
    for name in common::scenario_names() {
        let run = run_at(&name, 60);
        let seen = run.seen().expect("the run is observed");
        let bound = seen.facts.iter().filter(|(_, fact)| says(seen, fact).contains("pod.bound"));
        for (id, _) in bound {
            let said = says(seen, seen.facts.get(id).expect("a fact"));
            let pod = said.split(' ').nth(2).expect("a pod").to_owned();
            let causes = causes(seen, id);
            let own = format!("scheduler.decision Pod {pod} ");
            assert!(
                matches!(causes.as_slice(), [only] if only.starts_with(&own)),
                "{name}: {said}: {causes:#?}"
            );
            count += 1;
        }
    }
    assert!(count > 20, "{count} pods were bound");
}

#[test]
fn a_process_dies_of_its_fault_and_nothing_comes_of_a_bookmark() {
    let run = run_at("fault-tour", 1_000);
    let seen = run.seen().expect("the run is observed");
    for (word, fault) in [("process.crashed", "name=crash"), ("process.started", "name=recover")] {
        for id in all(seen, &[word]) {
            let causes = causes(seen, id);
            assert!(matches!(causes.as_slice(), [only] if only.contains(fault)), "{causes:#?}");
        }
    }
    for (id, _) in seen.facts.iter() {
        assert!(!causes(seen, id).iter().any(|cause| cause.starts_with("bookmark")), "{id:?}");
    }
}

#[test]
fn what_a_kubelet_tells_of_a_pod_goes_on_from_that_pod() {
    for name in ["node-failure", "fault-tour"] {
        let run = run_at(name, 130);
        let seen = run.seen().expect("the run is observed");
        for id in all(seen, &["pod.ready"]) {
            let said = says(seen, seen.facts.get(id).expect("a fact"));
            let pod = said.split(' ').nth(2).expect("a pod").to_owned();
            for cause in causes(seen, id) {
                let stranger = cause.contains(" Pod ") && !cause.contains(&pod);
                assert!(!stranger, "{name}: {said}: {cause}");
            }
        }
    }
}

#[test]
fn a_lost_request_names_the_fault_of_whom_it_went_to() {
    let loaded = load(&["scenarios/two.ron"], &Overrides::default(), &OneMore);
    let plan = loaded.value.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let run = Run::new(Arc::new(plan), Options::default()).expect("a checked plan is built");
    let run = played(run, 100);
    let seen = run.seen().expect("the run is observed");
    // No rule was reached: the node that was asked is named, and its own fault.
    for id in all(seen, &["request.lost", "pod= node=n2 reason=timed-out"]) {
        let causes = causes(seen, id);
        assert!(
            matches!(causes.as_slice(), [only] if only.contains("name=crash target=node(\"n2\")")),
            "{causes:#?}"
        );
    }
    let lost = all(seen, &["request.lost"]);
    let stranger = |id: &FactId| causes(seen, *id).iter().any(|cause| cause.contains("name=pause"));
    assert!(!lost.iter().any(stranger), "the scheduler answers no request of a client");
}

#[test]
fn a_request_to_a_program_that_hangs_is_lost_to_the_hang() {
    let run = run_at("fault-tour", 135);
    let seen = run.seen().expect("the run is observed");
    for id in all(seen, &["request.lost", "reason=timed-out"]) {
        let causes = causes(seen, id);
        assert!(
            matches!(causes.as_slice(), [only] if only.contains("fault  name=hang")),
            "{causes:#?}"
        );
    }
    let known = seen.facts.newest(Kind::Service, &ObjectKey::new("default", "frontend"));
    assert!(known.is_some());
}
