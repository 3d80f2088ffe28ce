//! Predictions beside outcomes.

use std::sync::Arc;

use crate::kernel::SimTime;
use crate::lab::{Outcome, Run, event_fits, measure};
use crate::scenario::expect::Expectation;
use crate::scenario::expect::count::Events;
use crate::scenario::expect::eventually::Eventually;
use crate::scenario::plan::Plan;
use crate::scenario::source::Sources as _;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::{Overrides, load};
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::course::Course;
use crate::texts::decimal;

use super::answer::{Answer, Answers};
use super::exercise::{Counted, Exercise, Kind, Question, Tolerance, Truth};
use super::judge::{Line, Verdict, begin};
use super::{read, shelf};

/// Judges answers; nothing is run while one is missing.
pub(super) fn judge(exercise: &Exercise, answers: &Answers, lang: Lang) -> Result<Verdict, String> {
    let hole = |question: &&Question| {
        answers.get(&question.name).is_none_or(|answer| *answer == Answer::Hole)
    };
    let open: Vec<&Question> = exercise.questions.iter().filter(hole).collect();
    if !open.is_empty() {
        let open = open.into_iter().map(|question| question.name.clone()).collect();
        return Ok(Verdict { open, ..Verdict::default() });
    }
    let truths = truths(exercise)?;
    let lines = exercise.questions.iter().zip(truths).map(|(question, truth)| {
        let answer = answers.get(&question.name).cloned().unwrap_or(Answer::Hole);
        let line = line(question, (&answer, &truth), lang);
        // Who is to find something out is not told what; who has placed a bet is.
        if exercise.kind == Kind::B && !line.held { unsolved(line, lang) } else { line }
    });
    Ok(Verdict { lines: lines.collect(), ..Verdict::default() })
}

fn line(question: &Question, (answer, truth): (&Answer, &Found), lang: Lang) -> Line {
    let held = fits(answer, &truth.value, question.tolerance);
    let with_unit = |one: &Answer| {
        let number = match one {
            Answer::Number(number) => decimal(lang, &trimmed(*number)),
            Answer::Hole | Answer::Text(_) | Answer::List(_) => one.shown(),
        };
        format!("{number} {}", question.unit).trim().to_owned()
    };
    let sides = (with_unit(answer), with_unit(&truth.value));
    let args = [("predicted", sides.0.as_str()), ("outcome", sides.1.as_str())];
    Line {
        name: question.name.clone(),
        demand: question.ask.clone(),
        held,
        at: truth.at,
        seen: Course::Sides.fill(lang, &args),
        object: None,
        cause: None,
        fact: None,
        case: None,
        sides: Some(sides),
    }
}

/// The line of a wrong answer to what can still be found.
fn unsolved(line: Line, lang: Lang) -> Line {
    let given = line.sides.map(|(given, _)| given).unwrap_or_default();
    let seen = Course::NotYet.fill(lang, &[("answer", given.as_str())]);
    Line { at: None, seen, sides: Some((given, String::new())), ..line }
}

fn trimmed(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Whether an answer is near enough.
fn fits(answer: &Answer, truth: &Answer, tolerance: Tolerance) -> bool {
    let (Answer::Number(answer), Answer::Number(truth)) = (answer, truth) else {
        return answer.is(&truth.shown());
    };
    let room = match tolerance {
        Tolerance::Exact => 0.000_001,
        Tolerance::Within(span) => span.0.as_secs_f64(),
        Tolerance::Percent(share) => truth.abs() * share / 100.0,
        Tolerance::Number(room) => room,
    };
    (answer - truth).abs() <= room + 0.000_001
}

/// A truth, and the moment it belongs to.
struct Found {
    value: Answer,
    at: Option<SimTime>,
}

/// The path of the scenario that the questions are about.
pub(super) fn path(exercise: &Exercise) -> String {
    let named = exercise.scenario.as_deref().unwrap_or("stage.ron");
    let own = shelf::path_of(&exercise.id, named);
    if shelf::Shelf.read(&own).is_ok() {
        own
    } else {
        format!("scenarios/{}.ron", named.trim_end_matches(".ron"))
    }
}

/// The plan that the questions are about.
pub(super) fn plan(exercise: &Exercise) -> Result<Plan, String> {
    let path = path(exercise);
    let loaded = load(&[&path], &Overrides::default(), &shelf::Shelf);
    let wrong = read::errors(&loaded, Lang::En);
    loaded.value.ok_or(wrong)
}

/// The truth of every question, from one run.
fn truths(exercise: &Exercise) -> Result<Vec<Found>, String> {
    let mut plan = plan(exercise)?;
    let mut expect: Vec<(usize, Expectation)> = Vec::new();
    for (number, question) in exercise.questions.iter().enumerate() {
        expect.extend(demands(&question.is).into_iter().map(|one| (number, one)));
    }
    plan.expect = expect.iter().map(|(_, one)| Spanned::bare(one.clone())).collect();
    let mut run = begin(Arc::new(plan), None)?;
    let report = run.finish();
    let of = |number: usize| {
        let own = expect.iter().zip(&report.outcomes);
        own.filter(move |((whose, _), _)| *whose == number).map(|(_, outcome)| outcome)
    };
    let mut found = Vec::new();
    for (number, question) in exercise.questions.iter().enumerate() {
        let outcomes: Vec<&Outcome> = of(number).collect();
        if let Some(Outcome::Broken(broken)) = outcomes.iter().find(|one| one.is_broken()) {
            let name = &question.name;
            return Err(format!("{}: {name}: {} ({})", exercise.id, broken.seen, broken.at));
        }
        let value = truth(&question.is, outcomes.first().copied(), &run);
        found.push(value.ok_or_else(|| format!("{}: {}", exercise.id, question.name))?);
    }
    Ok(found)
}

/// What must hold for a truth to be one.
pub(super) fn demands(truth: &Truth) -> Vec<Expectation> {
    match truth {
        Truth::First(first) => vec![Expectation::Eventually(Eventually {
            that: first.that.clone(),
            from: first.from.clone(),
            within: None,
            note: String::new(),
        })],
        Truth::Text(worded) => worded.proof.clone(),
        Truth::Order(ordered) => ordered.proof.clone(),
        Truth::Measure(_) | Truth::Count(_) => Vec::new(),
    }
}

fn truth(truth: &Truth, outcome: Option<&Outcome>, run: &Run) -> Option<Found> {
    let bare = |value: Answer| Some(Found { value, at: None });
    match truth {
        Truth::First(first) => {
            let Some(Outcome::Held(Some(at))) = outcome else { return None };
            let since = SimTime::ZERO + first.since.map_or(first.from.value.0, |since| since.0);
            let value = Answer::Number(at.since(since).as_secs_f64());
            Some(Found { value, at: Some(*at) })
        }
        Truth::Measure(name) => {
            let measure = measure(name)?;
            let value = *measure.of(run).first()? as f64;
            bare(Answer::Number(if measure.unit == "ms" { value / 1000.0 } else { value }))
        }
        Truth::Count(counted) => bare(Answer::Number(count(counted, run)? as f64)),
        Truth::Text(worded) => bare(Answer::Text(worded.is.clone())),
        Truth::Order(ordered) => bare(Answer::List(ordered.is.clone())),
    }
}

fn count(counted: &Counted, run: &Run) -> Option<u64> {
    let Events::Event(filter) = &counted.of;
    let until = counted.until.as_ref().map(|until| SimTime::ZERO + until.value.0);
    let (from, until) = (SimTime::ZERO + counted.from.value.0, until.unwrap_or(SimTime::MAX));
    let seen = run.seen()?;
    Some(seen.metrics.events_between(from, until, |event| event_fits(filter, event)))
}
