//! The end of a run, in numbers: what both the verdict and `--json` are made from.

use serde_json::{Value, json};

use crate::api::Kind;
use crate::api::Pod;
use crate::kernel::Span;
use crate::lab::{Outcome, Report, Run};
use crate::observe::Observation;
use crate::scenario::expect::{Demand as _, Expectation};
use crate::texts::Lang;

use super::demands;
use super::exit::Exit;
use super::stage::{Staged, again};
pub(super) use crate::tell::cause::{nearest_cause, sentence};

/// The version of the JSON.
const SCHEMA: &str = "prova.report/1";

/// The exit code of a finished run.
pub(super) fn exit_of(report: &Report) -> Exit {
    if !report.violations.is_empty() {
        Exit::Bug
    } else if report.passed() {
        Exit::Fine
    } else {
        Exit::Failed
    }
}

/// Pods at the end: all that are there, and those that are ready.
pub(super) fn pods(seen: &Observation) -> (usize, usize) {
    let ready = seen.model.of::<Pod>().filter(|pod| pod.is_ready()).count();
    (seen.model.count(Kind::Pod), ready)
}

/// How long etcd was without a leader, in all.
pub(super) fn leaderless(seen: &Observation) -> Span {
    seen.metrics.leaderless.iter().map(|(_, span)| *span).sum()
}

/// The whole report for programs.
pub(super) fn to_json(staged: &Staged, run: &Run, report: &Report, lang: Lang) -> Value {
    let plan = &staged.plan;
    let verdict = match exit_of(report) {
        Exit::Fine => "passed",
        Exit::Bug => "broken",
        Exit::Failed | Exit::Usage | Exit::Invalid | Exit::Differs | Exit::Files => "failed",
    };
    let violations: Vec<Value> = report
        .violations
        .iter()
        .map(|one| json!({"law": one.law, "at_ns": one.at.as_nanos(), "seen": one.seen}))
        .collect();
    let bookmarks: Vec<Value> = plan
        .bookmarks
        .iter()
        .enumerate()
        .map(|(number, mark)| {
            let at = report.bookmarks.get(&number).map(|at| at.as_nanos());
            json!({"name": mark.name.value, "note": mark.note, "at_ns": at})
        })
        .collect();
    let mut value = json!({
        "schema": SCHEMA,
        "title": plan.title,
        "files": staged.names,
        "seed": report.seed,
        "kubernetes": plan.cluster.kubernetes,
        "nodes": plan.cluster.nodes.len(),
        "end_ns": report.end.as_nanos(),
        "verdict": verdict,
        "digest": report.digest.to_string(),
        "events_delivered": report.delivered,
        "expectations": expectations(plan, run, report, lang),
        "violations": violations,
        "bookmarks": bookmarks,
        "remarks": staged.remarks,
        "again": again(&staged.names, &staged.overrides, report.seed),
    });
    if let Some(seen) = run.seen() {
        value["counts"] = counts(seen);
        value["requests"] = requests(seen);
        value["not_ready"] = not_ready(seen);
    }
    value
}

fn expectations(plan: &crate::scenario::Plan, run: &Run, report: &Report, lang: Lang) -> Value {
    let one = |(expectation, outcome): (&Expectation, &Outcome)| {
        let mut value = json!({
            "kind": expectation.word(),
            "note": expectation.note(),
            "expected": demands::sentence(expectation, lang),
            "held": !outcome.is_broken(),
        });
        match outcome {
            Outcome::Held(at) => value["at_ns"] = json!(at.map(|at| at.as_nanos())),
            Outcome::Broken(finding) => {
                value["at_ns"] = json!(finding.at.as_nanos());
                value["seen"] = json!(finding.seen);
                let cause = run.seen().and_then(|seen| {
                    let id =
                        nearest_cause(expectation, (finding.at, finding.about.as_ref()), seen)?;
                    let (at, text) = sentence(id, seen, lang)?;
                    Some(json!({"fact": id.0, "at_ns": at.as_nanos(), "text": text}))
                });
                value["cause"] = json!(cause);
            }
        }
        value
    };
    plan.expect
        .iter()
        .map(|expectation| &expectation.value)
        .zip(&report.outcomes)
        .map(one)
        .collect()
}

fn counts(seen: &Observation) -> Value {
    let (now, ready) = pods(seen);
    let of = |counts: &std::collections::BTreeMap<Kind, u64>| {
        counts.get(&Kind::Pod).copied().unwrap_or(0)
    };
    let events: u64 = seen.metrics.events.values().sum();
    json!({
        "pods": now, "pods_ready": ready,
        "pods_created": of(&seen.metrics.created), "pods_deleted": of(&seen.metrics.deleted),
        "kubernetes_events": events, "revisions": seen.model.revision(),
        "elections": seen.metrics.elections, "leaderless_ns": leaderless(seen).as_nanos(),
        "facts": seen.facts.len(),
    })
}

fn requests(seen: &Observation) -> Value {
    let (served, lost) = seen.metrics.all_requests();
    let services: Vec<Value> = seen
        .metrics
        .requests
        .iter()
        .map(|(service, counts)| {
            let p99 = counts.latency.percentile(99).map(Span::as_nanos);
            json!({
                "service": service.to_string(), "served": counts.served, "lost": counts.lost(),
                "availability": counts.availability() as f64 / 100_000.0, "p99_ns": p99,
            })
        })
        .collect();
    json!({"served": served, "lost": lost, "services": services})
}

fn not_ready(seen: &Observation) -> Value {
    let unready = seen.model.of::<Pod>().filter(|pod| !pod.is_ready() && !pod.is_terminal());
    unready.map(|pod| json!({"pod": pod.metadata.key().to_string(), "phase": format!("{:?}", pod.status.phase)})).collect()
}
