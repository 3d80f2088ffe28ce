//! The learner's file against its exercise: runs, sentences, causes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use rayon::prelude::*;

use crate::kernel::SimTime;
use crate::lab::{Finding, Options, Outcome, Run};
use crate::observe::FactId;
use crate::scenario::expect::{Demand as _, Expectation};
use crate::scenario::file::Scenario;
use crate::scenario::plan::{Plan, PlannedStep};
use crate::scenario::source::Sources;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::{Loaded, Overrides, load};
use crate::tell::{cause, demands, form, sentence, sights};
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::course::Course;

use super::answer::{self, Answers};
use super::exercise::{Exercise, Part};
use super::questions;
use super::read::Reading;
use super::shelf;

/// The learner's file, read.
#[derive(Clone, Debug)]
pub enum Work {
    /// A scenario: its plan, and the words as they stand.
    Scenario(Box<(Plan, Scenario)>),
    /// Answers.
    Answers(Answers),
}

/// One line of a verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The name of the check or question, or `keep.…`.
    pub name: String,
    /// What was demanded or asked.
    pub demand: String,
    /// Whether it held.
    pub held: bool,
    /// The moment that matters: of the violation, or at which it was met.
    pub at: Option<SimTime>,
    /// What was seen instead; for a question, the outcome beside the prediction.
    pub seen: String,
    /// The object that it is about.
    pub object: Option<String>,
    /// The nearest cause and its moment.
    pub cause: Option<(SimTime, String)>,
    /// The fact in the run that is the nearest cause.
    pub fact: Option<FactId>,
    /// The case in whose run it was judged; none is the plain run.
    pub case: Option<String>,
    /// For a question: prediction and outcome.
    pub sides: Option<(String, String)>,
}

/// What became of the learner's file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Questions without an answer; while there are any, nothing is run.
    pub open: Vec<String>,
    /// Every check or question, and every part that is not as it was.
    pub lines: Vec<Line>,
    /// The note of the misconception that the failure shows.
    pub note: Option<(String, String)>,
}

impl Verdict {
    /// Whether all is well.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.open.is_empty() && self.lines.iter().all(|line| line.held) && !self.lines.is_empty()
    }
}

/// Reads the learner's file.
#[must_use]
pub fn work(exercise: &Exercise, name: &str, sources: &dyn Sources) -> Loaded<Work> {
    if exercise.kind.answers() {
        let Loaded { value, files, diagnostics } = answer::load(name, sources);
        return Loaded { value: value.map(Work::Answers), files, diagnostics };
    }
    let Loaded { value, files, diagnostics } = load(&[name], &Overrides::default(), sources);
    let mut reading = Reading::default();
    let words = reading.fetch(name, sources).and_then(|id| reading.value(id, "scenario"));
    let both = value.zip(words).map(|both| Work::Scenario(Box::new(both)));
    Loaded { value: both, files, diagnostics }
}

/// The file of an exercise as it travels with the program, read.
#[must_use]
pub fn shelved(exercise: &Exercise, file: &str) -> Loaded<Work> {
    work(exercise, &shelf::path_of(&exercise.id, file), &shelf::Shelf)
}

/// Judges one seed; none means the scenario's own.
///
/// Errors: why no run could be made, a mistake of the exercise.
pub fn judge(
    exercise: &Exercise,
    work: &Work,
    seed: Option<u64>,
    lang: Lang,
) -> Result<Verdict, String> {
    let mut verdict = match work {
        Work::Answers(answers) => questions::judge(exercise, answers, lang)?,
        Work::Scenario(both) => {
            let mut lines = kept(exercise, &both.1, lang);
            lines.extend(checked(exercise, &both.0, seed, lang)?);
            Verdict { lines, ..Verdict::default() }
        }
    };
    if !verdict.passed() && verdict.open.is_empty() {
        let told = super::mistakes::told(exercise, work, &verdict);
        verdict.note = told.map(|one| (one.name.clone(), one.note.clone()));
    }
    Ok(verdict)
}

/// How many of the seeds pass, and the first that does not. Answers have one seed only.
///
/// Errors: as [`judge`].
pub fn more_seeds(
    exercise: &Exercise,
    work: &Work,
    seeds: RangeInclusive<u64>,
) -> Result<(u64, Option<u64>), String> {
    let Work::Scenario(both) = work else { return Ok((0, None)) };
    let one = |seed: u64| {
        let lines = checked(exercise, &both.0, Some(seed), Lang::En)?;
        Ok((seed, lines.iter().all(|line| line.held)))
    };
    let seeds: Vec<u64> = seeds.collect();
    let results: Result<Vec<(u64, bool)>, String> = seeds.into_par_iter().map(one).collect();
    let results = results?;
    let passed = results.iter().filter(|(_, passed)| *passed).count() as u64;
    Ok((passed, results.iter().find(|(_, passed)| !passed).map(|(seed, _)| *seed)))
}

/// Parts that had to stay and did not.
fn kept(exercise: &Exercise, learner: &Scenario, lang: Lang) -> Vec<Line> {
    let start = shelved(exercise, "start.ron").value;
    let Some(Work::Scenario(start)) = start else { return Vec::new() };
    let changed = exercise.keep.iter().filter(|part| !same(**part, &start.1, learner));
    let line = |part: &Part| Line {
        name: format!("keep.{}", part.word()),
        demand: Course::Kept.fill(lang, &[("part", part.word())]),
        held: false,
        at: None,
        seen: Course::Changed.text(lang).to_owned(),
        object: None,
        cause: None,
        fact: None,
        case: None,
        sides: None,
    };
    changed.map(line).collect()
}

fn same(part: Part, a: &Scenario, b: &Scenario) -> bool {
    match part {
        Part::Steps => {
            let bare = |one: &Scenario| -> Vec<_> {
                let steps = one.steps.iter();
                steps.map(|step| (step.at.clone(), step.action.clone())).collect()
            };
            bare(a) == bare(b)
        }
        Part::Apply => a.apply == b.apply,
        Part::Traffic => a.traffic == b.traffic,
        Part::Nodes => a.cluster.nodes == b.cluster.nodes,
        Part::Images => a.cluster.images == b.cluster.images,
        Part::Links => a.cluster.links == b.cluster.links,
        Part::Settings => a.cluster.settings == b.cluster.settings,
        Part::ControlPlanes => a.cluster.control_planes == b.cluster.control_planes,
        Part::Etcd => a.cluster.etcd == b.cluster.etcd,
        Part::Until => a.until == b.until,
        Part::Seed => a.seed == b.seed,
    }
}

/// The plan of a case: the learner's with the steps of the case and the checks of the exercise.
pub(super) fn staged(exercise: &Exercise, plan: &Plan, case: Option<&str>) -> Plan {
    let mut plan = plan.clone();
    let wanted = exercise.checks.iter().filter(|check| check.case.as_deref() == case);
    plan.expect = wanted.map(|check| Spanned::bare(check.that.clone())).collect();
    let more = exercise.cases.iter().filter(|one| Some(one.name.as_str()) == case);
    for step in more.flat_map(|one| &one.steps) {
        plan.steps.push(PlannedStep {
            at: SimTime::ZERO + step.at.value.0,
            action: step.action.clone(),
            objects: Vec::new(),
            note: step.note.clone(),
        });
    }
    plan.steps.sort_by_key(|step| step.at);
    plan
}

/// Every check in the order of the exercise.
pub(super) fn checked(
    exercise: &Exercise,
    plan: &Plan,
    seed: Option<u64>,
    lang: Lang,
) -> Result<Vec<Line>, String> {
    let mut lines = BTreeMap::new();
    let mut cases: Vec<Option<&str>> = vec![None];
    cases.extend(exercise.cases.iter().map(|case| Some(case.name.as_str())));
    for case in cases {
        let numbers = exercise.checks.iter().enumerate();
        let numbers = numbers.filter(|(_, check)| check.case.as_deref() == case);
        let numbers: Vec<usize> = numbers.map(|(number, _)| number).collect();
        if numbers.is_empty() {
            continue;
        }
        let mut run = begin(Arc::new(staged(exercise, plan, case)), seed)?;
        let report = run.finish();
        for (number, outcome) in numbers.into_iter().zip(&report.outcomes) {
            let check = &exercise.checks[number];
            let line = line(exercise.check_name(number), &check.that, (outcome, &run), lang);
            lines.insert(number, Line { case: case.map(str::to_owned), ..line });
        }
    }
    Ok(lines.into_values().collect())
}

/// Begins a run.
pub(super) fn begin(plan: Arc<Plan>, seed: Option<u64>) -> Result<Run, String> {
    Run::new(plan, Options { seed, observe: true }).map_err(|why| why.to_string())
}

/// A judged expectation as a line.
pub(super) fn line(
    name: String,
    that: &Expectation,
    (outcome, run): (&Outcome, &Run),
    lang: Lang,
) -> Line {
    let note = that.note();
    let demand = if note.is_empty() { demands::sentence(that, lang) } else { note.to_owned() };
    let object = demands::object_of(that).map(ToString::to_string);
    let empty = Line {
        name,
        demand,
        held: true,
        at: None,
        seen: String::new(),
        object,
        cause: None,
        fact: None,
        case: None,
        sides: None,
    };
    match outcome {
        Outcome::Held(at) => Line { at: *at, ..empty },
        Outcome::Broken(finding) => {
            let Finding { at, seen, about } = finding;
            let fact =
                run.seen().and_then(|seen| cause::nearest_cause(that, (*at, about.as_ref()), seen));
            let about = about.as_ref().map(|(kind, key)| sentence::object(*kind, key));
            let told = run.seen().zip(fact);
            let cause = told.and_then(|(seen, fact)| cause::sentence(fact, seen, lang));
            let seen = sights::sentence(seen, lang);
            let object = about.or_else(|| empty.object.clone());
            Line { held: false, at: Some(*at), seen, object, cause, fact, ..empty }
        }
    }
}

/// A moment, as a language writes it.
#[must_use]
pub fn moment(at: SimTime, lang: Lang) -> String {
    form::moment(lang, at)
}
