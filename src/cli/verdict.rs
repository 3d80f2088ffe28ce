//! The end of a run for people: what held, what did not and why, what it cost.

use unicode_width::UnicodeWidthStr as _;

use crate::api::Kind;
use crate::kernel::Span;
use crate::lab::{Finding, Outcome, Report, Run};
use crate::observe::Observation;
use crate::scenario::Plan;
use crate::scenario::expect::{Demand as _, Expectation};
use crate::texts::Key as _;
use crate::texts::cli::Talk;
use crate::texts::verdict::Verdict;

use super::exit::Exit;
use super::screen::{Paint, Screen};
use super::stage::{Staged, again};
use super::{demands, form, report, sights};

/// Columns of the labels.
const LABEL: usize = 20;
/// So many pods that are not ready are named.
const PODS_MAX: usize = 5;

/// What a run is about, before it begins.
pub(super) fn opening(staged: &Staged, seed: u64, screen: &mut Screen) {
    let (lang, plan) = (screen.lang, &staged.plan);
    let title = Verdict::Scenario.fill(lang, &[("title", plan.title.as_str())]);
    screen.wrapped("", &title, Paint::Bold, 0);
    let args = [
        ("version", plan.cluster.kubernetes.clone()),
        ("planes", plan.cluster.control_planes.to_string()),
        ("etcd", plan.cluster.etcd.to_string()),
        ("nodes", plan.cluster.nodes.len().to_string()),
        ("seed", seed.to_string()),
    ];
    screen.wrapped("", &Verdict::Stage.fill(lang, &args), Paint::Dim, 0);
    for line in plan.notes.trim().lines() {
        let lead = if line.trim().is_empty() { "" } else { "  " };
        let hang = if line.trim().starts_with(['*', '-']) { 4 } else { 2 };
        screen.wrapped(lead, line.trim(), Paint::Plain, hang);
    }
    if !staged.remarks.is_empty() {
        screen.line(&screen.painted(Talk::Remarks.text(lang), Paint::Dim));
        for remark in &staged.remarks {
            screen.wrapped("  · ", remark, Paint::Dim, 4);
        }
    }
    screen.line("");
}

/// The verdict block.
pub(super) fn closing(staged: &Staged, run: &Run, end: &Report, screen: &mut Screen) {
    let plan = &staged.plan;
    headline(end, screen);
    let expectations = plan.expect.iter().map(|expectation| &expectation.value);
    for (expectation, outcome) in expectations.zip(&end.outcomes) {
        judged(expectation, outcome, (staged, run), screen);
    }
    for violation in &end.violations {
        let text = format!("{}: {}", violation.law, violation.seen);
        let sign = screen.mark(false);
        screen.wrapped(&format!("  {sign} "), &text, Paint::Bad, 4);
    }
    if screen.look.quiet {
        row(screen, Verdict::Digest.text(screen.lang), &end.digest.to_string());
        return;
    }
    if let Some(seen) = run.seen() {
        unready(seen, screen);
        counts(seen, end, screen);
    }
    bookmarks(plan, end, screen);
    let command = again(&staged.names, &staged.overrides, end.seed);
    screen.line("");
    row(screen, Verdict::Digest.text(screen.lang), &end.digest.to_string());
    row(screen, Verdict::Again.text(screen.lang), &command);
    if report::exit_of(end) == Exit::Bug {
        let hint = Talk::BugHint.fill(screen.lang, &[("command", command)]);
        screen.complain(&format!("{}\n{hint}", Talk::BugTitle.text(screen.lang)));
    }
}

fn headline(end: &Report, screen: &mut Screen) {
    let lang = screen.lang;
    let all = end.outcomes.len();
    let broken = end.outcomes.iter().filter(|outcome| outcome.is_broken()).count();
    let args = [
        ("held", (all - broken).to_string()),
        ("all", all.to_string()),
        ("broken", broken.to_string()),
        ("count", end.violations.len().to_string()),
    ];
    let (key, paint) = if !end.violations.is_empty() {
        (Verdict::Broken, Paint::Bad)
    } else if all == 0 {
        (Verdict::Nothing, Paint::Bold)
    } else if broken == 0 {
        (Verdict::Passed, Paint::Good)
    } else {
        (Verdict::Failed, Paint::Bad)
    };
    if !screen.look.quiet {
        screen.line("");
    }
    let text = key.fill(lang, &args);
    screen.line(&screen.painted(&text, paint));
}

fn judged(
    expectation: &Expectation,
    outcome: &Outcome,
    (_, run): (&Staged, &Run),
    screen: &mut Screen,
) {
    let lang = screen.lang;
    let title = demands::title(expectation, lang);
    match outcome {
        Outcome::Held(at) => {
            let sign = screen.mark(true);
            let at = at.map(|at| format!(" ({})", form::moment(lang, at))).unwrap_or_default();
            screen.wrapped(&format!("  {sign} "), &format!("{title}{at}"), Paint::Plain, 4);
        }
        Outcome::Broken(finding) => {
            let sign = screen.mark(false);
            screen.wrapped(&format!("  {sign} "), &title, Paint::Bad, 4);
            broken(expectation, finding, run, screen);
        }
    }
}

/// Expected, seen, why.
fn broken(expectation: &Expectation, finding: &Finding, run: &Run, screen: &mut Screen) {
    let lang = screen.lang;
    if !expectation.note().is_empty() {
        detail(screen, Verdict::Expected.text(lang), &demands::sentence(expectation, lang));
    }
    let what = sights::sentence(&finding.seen, lang);
    let args = [("seen", what), ("at", form::moment(lang, finding.at))];
    detail(screen, Verdict::Seen.text(lang), &Verdict::SeenAt.fill(lang, &args));
    let Some(seen) = run.seen() else { return };
    let cause = report::nearest_cause(expectation, (finding.at, finding.about.as_ref()), seen);
    if let Some((at, text)) = cause.and_then(|id| report::sentence(id, seen, lang)) {
        let args = [("at", form::moment(lang, at)), ("cause", text)];
        detail(screen, Verdict::Cause.text(lang), &Verdict::CauseAt.fill(lang, &args));
    }
}

fn detail(screen: &mut Screen, label: &str, text: &str) {
    let head = format!("      {}: ", padded(label, 15));
    screen.wrapped(&head, text, Paint::Plain, 8 + 15);
}

fn row(screen: &mut Screen, label: &str, text: &str) {
    let head = format!("  {} ", screen.painted(&padded(label, LABEL), Paint::Dim));
    let hang = 3 + LABEL.max(label.width());
    screen.wrapped(&head, text, Paint::Plain, hang);
}

fn padded(label: &str, width: usize) -> String {
    format!("{label}{}", " ".repeat(width.saturating_sub(label.width())))
}

fn heading(screen: &mut Screen, text: &str) {
    screen.line(&screen.painted(text, Paint::Bold));
}

/// Pods that are not ready at the end, with what their status says.
fn unready(seen: &Observation, screen: &mut Screen) {
    let lang = screen.lang;
    let unready: Vec<&crate::api::Pod> = seen
        .model
        .of::<crate::api::Pod>()
        .filter(|pod| !pod.is_ready() && !pod.is_terminal())
        .collect();
    if unready.is_empty() {
        return;
    }
    let text = format!("{} ({})", Verdict::NotReady.text(lang), unready.len());
    heading(screen, &text);
    for pod in unready.iter().take(PODS_MAX) {
        let why = super::state::why_not_ready(pod);
        let name = super::state::name(Kind::Pod, &pod.metadata.key());
        let lead = if screen.look.plain { "  " } else { "  ○ " };
        screen.wrapped(lead, &format!("{name}: {why}"), Paint::Plain, 4);
    }
    if unready.len() > PODS_MAX {
        screen.line("  …");
    }
}

fn counts(seen: &Observation, end: &Report, screen: &mut Screen) {
    let lang = screen.lang;
    let number = |number: u64| form::count(lang, number);
    heading(screen, Verdict::Counts.text(lang));
    row(screen, Verdict::VirtualTime.text(lang), &form::moment(lang, end.end));
    row(screen, Verdict::Delivered.text(lang), &number(end.delivered));
    let (now, ready) = report::pods(seen);
    let of = |counts: &std::collections::BTreeMap<Kind, u64>| {
        counts.get(&Kind::Pod).copied().unwrap_or(0)
    };
    let args = [
        ("created", number(of(&seen.metrics.created))),
        ("deleted", number(of(&seen.metrics.deleted))),
        ("ready", number(ready as u64)),
        ("now", number(now as u64)),
    ];
    row(screen, Verdict::Pods.text(lang), &Verdict::PodsText.fill(lang, &args));
    let leaderless: Span = report::leaderless(seen);
    let args = [
        ("revisions", number(u64::try_from(seen.model.revision()).unwrap_or(0))),
        ("elections", number(seen.metrics.elections)),
        ("leaderless", form::span(lang, leaderless)),
    ];
    row(screen, Verdict::Writes.text(lang), &Verdict::WritesText.fill(lang, &args));
    for (service, counts) in &seen.metrics.requests {
        let share = form::percent(lang, counts.availability());
        let args = [
            ("served", number(counts.served)),
            ("lost", number(counts.lost())),
            ("percent", Verdict::Percent.fill(lang, &[("number", share)])),
        ];
        let label = Verdict::Requests.fill(lang, &[("service", service.name.as_str())]);
        row(screen, &label, &Verdict::RequestsText.fill(lang, &args));
    }
}

fn bookmarks(plan: &Plan, end: &Report, screen: &mut Screen) {
    let lang = screen.lang;
    if plan.bookmarks.is_empty() {
        return;
    }
    heading(screen, Verdict::Bookmarks.text(lang));
    for (number, mark) in plan.bookmarks.iter().enumerate() {
        let at = end.bookmarks.get(&number).map(|at| form::moment(lang, *at));
        let at = at.unwrap_or_else(|| Verdict::NotReached.text(lang).to_owned());
        row(screen, &mark.name.value, &format!("{at:>11}  {}", mark.note));
    }
}
