//! What an author is told about an exercise: does it do what an exercise must?

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr as _;

use crate::scenario::diagnostic::Severity;
use crate::scenario::expect::Expectation;
use crate::scenario::expect::count::Count;
use crate::scenario::file::Step;
use crate::scenario::{Besides, Loaded, findings};
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::course::Course;

use super::attempt::first_seed;
use super::exercise::{self, Exercise, Truth};
use super::judge::{self, Work, judge, more_seeds};
use super::{questions, read, shelf};

/// Rungs of a hint.
const HINTS: usize = 4;
/// Most lines of a task.
const LINES_MAX: usize = 12;
/// Most columns of a task.
const COLUMNS_MAX: usize = 80;

/// Everything that is wrong with the exercises, each with its id in front; empty when all is well.
#[must_use]
pub fn verify(ids: &[&str], seeds: u64, lang: Lang) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for id in ids {
        let Some(loaded) = exercise::exercise(id) else {
            wrong.push(format!("{id}: {}", Course::NoExercise.fill(lang, &[("id", *id)])));
            continue;
        };
        let Some(exercise) = &loaded.value else {
            wrong.push(format!("{id}: {}", read::errors(&loaded, lang).trim_end()));
            continue;
        };
        let demands = format!("{:?}{:?}{:?}", exercise.checks, exercise.cases, exercise.questions);
        if let Some(other) = seen.insert(demands, id) {
            wrong.push(format!("{id}: {}", Course::SameChecks.fill(lang, &[("other", other)])));
        }
        wrong
            .extend(one(exercise, id, seeds, lang).into_iter().map(|text| format!("{id}: {text}")));
    }
    wrong
}

fn one(exercise: &Exercise, id: &str, seeds: u64, lang: Lang) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut demand = |held: bool, text: String| {
        if !held {
            wrong.push(text);
        }
    };
    demand(exercise.id == id, Course::WrongId.fill(lang, &[("id", exercise.id.as_str())]));
    demand(exercise.hints.len() == HINTS, Course::FourHints.text(lang).to_owned());
    let text = exercise.text();
    let fits = text.lines().count() <= LINES_MAX
        && text.lines().all(|line| line.width() <= COLUMNS_MAX)
        && !text.trim().is_empty();
    demand(fits, Course::LongText.text(lang).to_owned());
    let empty = exercise.checks.is_empty() && exercise.questions.is_empty();
    demand(!empty, Course::NoChecks.text(lang).to_owned());
    let known = |name: &Option<String>| {
        name.as_ref().is_none_or(|name| exercise.cases.iter().any(|case| case.name == *name))
    };
    let cases = exercise.checks.iter().all(|check| known(&check.case));
    demand(cases, Course::UnknownCase.text(lang).to_owned());
    wrong.extend(names(exercise, lang));
    wrong.extend(start(exercise, lang));
    wrong.extend(solution(exercise, seeds, lang));
    for mistake in &exercise.misconceptions {
        let told = passes(exercise, &mistake.sample, lang).map(|verdict| verdict.note);
        let args = [("sample", mistake.sample.as_str()), ("name", mistake.name.as_str())];
        match told {
            Ok(Some((name, _))) if name == mistake.name => {}
            Ok(_) => wrong.push(Course::NoNote.fill(lang, &args)),
            Err(why) => wrong.push(why),
        }
    }
    wrong
}

/// Names and windows in the checks and questions that the scenario does not know.
fn names(exercise: &Exercise, lang: Lang) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut hold = |file: &str, steps: &[Step], expect: &[Expectation]| {
        let found = findings(file, Besides { steps, expect }, &shelf::Shelf);
        for one in found.iter().filter(|one| one.severity == Severity::Error) {
            let args = [("file", file.to_owned()), ("what", one.message(lang))];
            wrong.push(Course::NotInScenario.fill(lang, &args));
        }
    };
    if exercise.kind.answers() {
        let truths = exercise.questions.iter().map(|question| &question.is);
        let expect: Vec<Expectation> = truths
            .flat_map(|truth| questions::demands(truth).into_iter().chain(counted(truth)))
            .collect();
        hold(&questions::path(exercise), &[], &expect);
        return wrong;
    }
    let plain = (None, &[][..]);
    let cases = exercise.cases.iter().map(|case| (Some(&case.name), case.steps.as_slice()));
    for (case, steps) in std::iter::once(plain).chain(cases) {
        let own = exercise.checks.iter().filter(|check| check.case.as_ref() == case);
        let expect: Vec<Expectation> = own.map(|check| check.that.clone()).collect();
        hold(&shelf::path_of(&exercise.id, "solution.ron"), steps, &expect);
    }
    wrong
}

/// The events that a question counts, as an expectation that always holds.
fn counted(truth: &Truth) -> Option<Expectation> {
    let Truth::Count(counted) = truth else { return None };
    Some(Expectation::Count(Count {
        of: counted.of.clone(),
        at_least: Some(0),
        at_most: None,
        exactly: None,
        from: counted.from.clone(),
        until: counted.until.clone(),
        note: String::new(),
    }))
}

/// The verdict on a file of the exercise.
fn passes(exercise: &Exercise, file: &str, lang: Lang) -> Result<judge::Verdict, String> {
    judge(exercise, &loaded(exercise, file, lang)?, first_seed(exercise), lang)
}

fn loaded(exercise: &Exercise, file: &str, lang: Lang) -> Result<Work, String> {
    let loaded: Loaded<Work> = judge::shelved(exercise, file);
    let wrong = read::errors(&loaded, lang);
    loaded.value.ok_or(wrong)
}

fn start(exercise: &Exercise, lang: Lang) -> Option<String> {
    match passes(exercise, "start.ron", lang) {
        Ok(verdict) if !verdict.passed() => None,
        Ok(_) => Some(Course::StartPasses.text(lang).to_owned()),
        Err(why) => Some(why),
    }
}

fn solution(exercise: &Exercise, seeds: u64, lang: Lang) -> Vec<String> {
    let work = match loaded(exercise, "solution.ron", lang) {
        Ok(work) => work,
        Err(why) => return vec![why],
    };
    let mut wrong = Vec::new();
    match judge(exercise, &work, first_seed(exercise), lang) {
        Ok(verdict) if verdict.passed() => {}
        Ok(verdict) => {
            for line in verdict.lines.iter().filter(|line| !line.held) {
                let args = [("demand", line.demand.as_str()), ("seen", line.seen.as_str())];
                wrong.push(Course::SolutionFails.fill(lang, &args));
            }
            let open = verdict.open.join(", ");
            if !open.is_empty() {
                wrong.push(Course::Open.fill(lang, &[("names", open)]));
            }
        }
        Err(why) => wrong.push(why),
    }
    if !wrong.is_empty() {
        return wrong;
    }
    match more_seeds(exercise, &work, 1..=seeds) {
        Ok((_, None)) => {}
        Ok((_, Some(seed))) => {
            wrong.push(Course::SeedFails.fill(lang, &[("seed", seed.to_string())]));
        }
        Err(why) => wrong.push(why),
    }
    wrong.extend(without_difficulty(exercise, &work, lang));
    wrong
}

/// Whoever deletes the steps has solved nothing.
fn without_difficulty(exercise: &Exercise, work: &Work, lang: Lang) -> Option<String> {
    let Work::Scenario(both) = work else { return None };
    if both.1.steps.is_empty() {
        return None;
    }
    let mut bare = both.clone();
    bare.0.steps.clear();
    bare.1.steps.clear();
    match judge(exercise, &Work::Scenario(bare), Some(1), lang) {
        Ok(verdict) if !verdict.passed() => None,
        Ok(_) => Some(Course::DifficultyGone.text(lang).to_owned()),
        Err(why) => Some(why),
    }
}

/// Every exercise that travels with the program.
#[must_use]
pub fn verify_all(seeds: u64, lang: Lang) -> Vec<String> {
    verify(&shelf::exercise_ids(), seeds, lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tree::spanned::Spanned;

    fn known(id: &str) -> Exercise {
        exercise::exercise(id).and_then(|loaded| loaded.value).expect("an exercise of the shelf")
    }

    #[test]
    fn a_name_in_a_check_that_the_scenario_does_not_have_is_reported() {
        let mut shop = known("17-c-cogunluksuz-magaza");
        assert_eq!(names(&shop, Lang::Tr), Vec::<String>::new());
        for check in &mut shop.checks {
            if let Expectation::Requests(requests) = &mut check.that {
                requests.traffic = Some(Spanned::bare("musteriler".to_owned()));
            }
        }
        let wrong = names(&shop, Lang::Tr);
        assert!(matches!(wrong.as_slice(), [one] if one.contains("musteriler")), "{wrong:?}");
    }

    #[test]
    fn a_name_in_a_question_or_a_case_is_held_against_the_scenario_too() {
        let mut failure = known("14-a-dugum-zaman-cizgisi");
        failure.scenario = Some("first-cluster".to_owned());
        let wrong = names(&failure, Lang::Tr);
        assert!(wrong.iter().any(|one| one.contains("frontend")), "{wrong:?}");
        let mut alarm = known("14-b-alarmi-kisalt");
        let other = known("12-c-bolunmeyi-kur");
        alarm.cases.clone_from(&other.cases);
        assert!(
            !names(&alarm, Lang::Tr).is_empty(),
            "one etcd member only, the case strikes three"
        );
    }
}
