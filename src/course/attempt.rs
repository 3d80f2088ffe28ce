//! One save of the learner's file: the verdict, and the runs that it was given on.
//!
//! The runs can be opened in the dashboard: they have the seed and the steps of the judge's own, so
//! the moment of a violation is the same moment there.

use std::sync::Arc;

use crate::scenario::plan::Plan;
use crate::texts::Lang;

use super::exercise::{Exercise, Kind};
use super::judge::{self, Line, Verdict, Work};
use super::questions;

/// The seed on which a repair is judged first.
pub const FIRST_SEED: u64 = 1;
/// Further seeds that a solution must pass: no lucky passes.
pub const MORE_SEEDS: std::ops::RangeInclusive<u64> = 2..=21;

/// A run that a verdict speaks of.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The case; none is the plain run.
    pub case: Option<String>,
    /// The file that it comes from: the learner's, or one that travels with the program.
    pub file: String,
    /// What is played.
    pub plan: Arc<Plan>,
}

/// What became of one save.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The learner's file, read.
    pub work: Work,
    /// The verdict.
    pub verdict: Verdict,
    /// The runs that can be looked at, the plain one first; none while a prediction is missing.
    pub runs: Vec<Stretch>,
}

impl Attempt {
    /// Whether further seeds say something: not of answers, and not of a file whose difficulty is
    /// gone, which every seed would pass.
    #[must_use]
    pub fn wants_seeds(&self) -> bool {
        let gone = |line: &Line| !line.held && line.name.starts_with("keep.");
        matches!(self.work, Work::Scenario(_)) && !self.verdict.lines.iter().any(gone)
    }
}

/// The seed of the first verdict: questions are about their scenario's own seed.
#[must_use]
pub fn first_seed(exercise: &Exercise) -> Option<u64> {
    (!exercise.kind.answers()).then_some(FIRST_SEED)
}

/// Judges what the learner wrote.
///
/// Errors: why no run could be made, a mistake of the exercise.
pub fn attempt(exercise: &Exercise, work: Work, lang: Lang) -> Result<Attempt, String> {
    let verdict = judge::judge(exercise, &work, first_seed(exercise), lang)?;
    let runs = match &work {
        // Who has not predicted yet does not see the outcome.
        Work::Answers(_) if exercise.kind == Kind::T && !verdict.open.is_empty() => Vec::new(),
        Work::Answers(_) => {
            let (file, plan) = (questions::path(exercise), questions::plan(exercise)?);
            vec![Stretch { case: None, file, plan: Arc::new(plan) }]
        }
        Work::Scenario(both) => stretches(exercise, &both.0),
    };
    Ok(Attempt { work, verdict, runs })
}

/// The plain run and every case, as the judge plays them: some bookmarks depend on what is judged.
fn stretches(exercise: &Exercise, plan: &Plan) -> Vec<Stretch> {
    let cases = exercise.cases.iter().map(|case| Some(case.name.clone()));
    let stretch = |case: Option<String>| {
        let mut plan = judge::staged(exercise, plan, case.as_deref());
        plan.seed = FIRST_SEED;
        Stretch { case, file: exercise.desk_file(), plan: Arc::new(plan) }
    };
    std::iter::once(None).chain(cases).map(stretch).collect()
}

/// The lines of a repair on another seed.
///
/// Errors: as [`attempt`].
pub fn on_seed(
    exercise: &Exercise,
    work: &Work,
    seed: u64,
    lang: Lang,
) -> Result<Vec<Line>, String> {
    let Work::Scenario(both) = work else { return Ok(Vec::new()) };
    judge::checked(exercise, &both.0, Some(seed), lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::{exercise, judge::shelved};
    use crate::lab::{Options, Timeline};
    use crate::tell::cause;

    fn tried(id: &str, file: &str) -> Attempt {
        let exercise = exercise(id).and_then(|loaded| loaded.value).expect("an exercise");
        let work = shelved(&exercise, file).value.expect("its file is read");
        attempt(&exercise, work, Lang::Tr).expect("it is judged")
    }

    #[test]
    fn a_violation_can_be_gone_to_in_the_run_of_its_case() {
        let tried = tried("14-b-alarmi-kisalt", "yanlis-cok-kisa.ron");
        let line = tried.verdict.lines.iter().find(|line| line.name == "tahliye");
        let line = line.expect("the check of the case");
        assert!(!line.held);
        let (at, fact) = (line.at.expect("a moment"), line.fact.expect("a cause"));
        let stretch = tried.runs.iter().find(|run| run.case == line.case).expect("its run");
        assert_eq!(stretch.case.as_deref(), Some("dalgalanma"));
        let mut timeline =
            Timeline::new(stretch.plan.clone(), Options::default()).expect("it is built");
        timeline.seek(at);
        let seen = timeline.run().seen().expect("observed");
        let evicted = seen.facts.iter().filter(|(_, fact)| fact.at == at).any(|(_, fact)| {
            crate::observe::tell(fact, &seen.directory)
                .iter()
                .any(|told| format!("{told:?}").contains("TaintManagerEviction"))
        });
        assert!(evicted, "the violation is seen at its moment");
        assert_eq!(
            cause::sentence(fact, seen, Lang::Tr),
            line.cause,
            "the cause is the same there"
        );
    }

    #[test]
    fn who_has_not_predicted_sees_no_run() {
        assert!(tried("14-a-dugum-zaman-cizgisi", "start.ron").runs.is_empty());
        assert_eq!(tried("14-a-dugum-zaman-cizgisi", "solution.ron").runs.len(), 1);
    }
}
