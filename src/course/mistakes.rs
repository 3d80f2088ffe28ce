//! Errors that many make, known by what failed and what was answered.

use crate::scenario::settings;
use crate::scenario::values::Duration;

use super::answer::Answer;
use super::exercise::{Exercise, Misconception, When};
use super::judge::{Verdict, Work};

/// The first misconception that a failure shows.
pub(super) fn told<'e>(
    exercise: &'e Exercise,
    work: &Work,
    verdict: &Verdict,
) -> Option<&'e Misconception> {
    let fits = |one: &&Misconception| one.when.iter().all(|when| sign(when, work, verdict));
    exercise.misconceptions.iter().find(fits)
}

fn sign(when: &When, work: &Work, verdict: &Verdict) -> bool {
    let failed = when
        .failed
        .as_ref()
        .is_none_or(|name| verdict.lines.iter().any(|line| !line.held && line.name == *name));
    let answered = when.answer.as_ref().is_none_or(|name| match work {
        Work::Answers(answers) => answers.get(name).is_some_and(|answer| says(when, answer)),
        Work::Scenario(_) => false,
    });
    let set = when.setting.as_ref().is_none_or(|name| match work {
        Work::Scenario(both) => value(name, both.0.cluster.settings.iter()).is_some_and(|value| {
            let number = number(&value).map(Answer::Number);
            says(when, &number.unwrap_or(Answer::Text(value)))
        }),
        Work::Answers(_) => false,
    });
    failed && answered && set
}

/// Whether a value lies in the range, or is the text.
fn says(when: &When, answer: &Answer) -> bool {
    let text = when.text.as_ref().is_none_or(|text| answer.is(text));
    let bounded = when.from.is_some() || when.to.is_some();
    let inside = match answer {
        Answer::Number(number) => {
            when.from.is_none_or(|from| *number >= from) && when.to.is_none_or(|to| *number <= to)
        }
        Answer::Hole | Answer::Text(_) | Answer::List(_) => !bounded,
    };
    text && inside
}

/// The value of a setting: as changed, or its default.
fn value<'a>(
    name: &str,
    changed: impl Iterator<Item = (&'a String, &'a String)>,
) -> Option<String> {
    let known = settings::find(name).ok()?;
    let full = known.full_name();
    let mut changed = changed;
    let own = changed.find(|(name, _)| **name == full).map(|(_, value)| value.clone());
    Some(own.unwrap_or(known.default))
}

fn number(text: &str) -> Option<f64> {
    let plain = text.parse::<f64>().ok();
    plain.or_else(|| text.parse::<Duration>().ok().map(|span| span.0.as_secs_f64()))
}
