//! What stands in an `exercise.ron`.

use serde::Deserialize;

use crate::scenario::Loaded;
use crate::scenario::expect::Expectation;
use crate::scenario::expect::count::Events;
use crate::scenario::expect::predicate::Predicate;
use crate::scenario::file::Step;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

use super::{prose, read, shelf};

/// What the learner does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Kind {
    /// Predicts what a run will show.
    T,
    /// Finds something out.
    B,
    /// Repairs a scenario.
    O,
    /// Makes something happen.
    Y,
}

impl Kind {
    /// Whether the learner edits an answer and no scenario.
    #[must_use]
    pub fn answers(self) -> bool {
        matches!(self, Kind::T | Kind::B)
    }

    /// The name of the file that the learner edits.
    #[must_use]
    pub fn file(self) -> &'static str {
        if self.answers() { "answer.ron" } else { "scenario.ron" }
    }
}

/// A part of a scenario that must stay as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What happens.
    Steps,
    /// The manifests.
    Apply,
    /// The clients.
    Traffic,
    /// The machines.
    Nodes,
    /// The programs.
    Images,
    /// The network.
    Links,
    /// The flags.
    Settings,
    /// How many control planes.
    ControlPlanes,
    /// How many etcd members.
    Etcd,
    /// The end of the run.
    Until,
    /// The seed.
    Seed,
}

impl Part {
    /// The word that a file uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Part::Steps => "steps",
            Part::Apply => "apply",
            Part::Traffic => "traffic",
            Part::Nodes => "nodes",
            Part::Images => "images",
            Part::Links => "links",
            Part::Settings => "settings",
            Part::ControlPlanes => "control_planes",
            Part::Etcd => "etcd",
            Part::Until => "until",
            Part::Seed => "seed",
        }
    }
}

/// An exercise.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Exercise {
    /// Its id, which is the name of its folder.
    pub id: String,
    /// The id of its chapter.
    pub chapter: String,
    /// Its title.
    pub title: String,
    /// What the learner does.
    pub kind: Kind,
    /// How long it takes \[minutes\]. Default: 10.
    #[serde(default = "ten")]
    pub minutes: u32,
    /// The four rungs of the hint.
    pub hints: Vec<String>,
    /// Parts of the scenario that must stay.
    #[serde(default)]
    pub keep: Vec<Part>,
    /// Further runs.
    #[serde(default)]
    pub cases: Vec<Case>,
    /// What must hold.
    #[serde(default)]
    pub checks: Vec<CheckLine>,
    /// The scenario that the questions are about.
    #[serde(default)]
    pub scenario: Option<String>,
    /// The questions.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// Errors that many make.
    #[serde(default)]
    pub misconceptions: Vec<Misconception>,
}

fn ten() -> u32 {
    10
}

/// A further run: the learner's scenario with some steps more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// What happens besides.
    pub steps: Vec<Step>,
}

/// Something that must hold.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CheckLine {
    /// Its name. Default: its number, from 1.
    #[serde(default)]
    pub name: Option<String>,
    /// The case in whose run it must hold. Default: the plain run.
    #[serde(default)]
    pub case: Option<String>,
    /// What.
    pub that: Expectation,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Question {
    /// Its name in the answer.
    pub name: String,
    /// What is asked.
    pub ask: String,
    /// The unit of the answer. Default: none.
    #[serde(default)]
    pub unit: String,
    /// Where the truth comes from.
    pub is: Truth,
    /// How far off an answer may be. Default: not at all.
    #[serde(default)]
    pub tolerance: Tolerance,
}

/// Where the truth of a question comes from.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub enum Truth {
    /// Seconds until something first holds.
    First(First),
    /// A measure of the run.
    Measure(String),
    /// A number of events.
    Count(Counted),
    /// A word.
    Text(Worded),
    /// An order.
    Order(Ordered),
}

/// The first moment at which something holds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct First {
    /// What.
    pub that: Predicate,
    /// From when. Default: the beginning.
    #[serde(default)]
    pub from: Spanned<Duration>,
    /// The moment from which the seconds count. Default: `from`.
    #[serde(default)]
    pub since: Option<Duration>,
}

/// How many events there are.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Counted {
    /// Which.
    pub of: Events,
    /// From when. Default: the beginning.
    #[serde(default)]
    pub from: Spanned<Duration>,
    /// Until when. Default: the end.
    #[serde(default)]
    pub until: Option<Spanned<Duration>>,
}

/// A word, and what proves it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Worded {
    /// The word.
    pub is: String,
    /// What must hold in the run, or the exercise itself is wrong.
    #[serde(default)]
    pub proof: Vec<Expectation>,
}

/// Words in an order, and what proves it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Ordered {
    /// The right order.
    pub is: Vec<String>,
    /// What must hold in the run, or the exercise itself is wrong.
    #[serde(default)]
    pub proof: Vec<Expectation>,
}

/// How far off an answer may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub enum Tolerance {
    /// Not at all.
    #[default]
    Exact,
    /// By a time.
    Within(Duration),
    /// By a share of the truth \[%\].
    Percent(f64),
    /// By a number.
    Number(f64),
}

/// An error that many make.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Misconception {
    /// Its name.
    pub name: String,
    /// A file that makes it.
    pub sample: String,
    /// What to tell the learner.
    pub note: String,
    /// How it is known; every line must fit. Default: any failure.
    #[serde(default)]
    pub when: Vec<When>,
}

/// One sign of a misconception.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct When {
    /// This check, question or `keep.…` failed.
    pub failed: Option<String>,
    /// The answer to this question lies in the range, or is the text.
    pub answer: Option<String>,
    /// The value of this setting lies in the range \[s for times\].
    pub setting: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// Lower bound.
    pub from: Option<f64>,
    /// Upper bound.
    pub to: Option<f64>,
}

impl Exercise {
    /// The name of a check: its own, or its number.
    #[must_use]
    pub fn check_name(&self, number: usize) -> String {
        let own = self.checks.get(number).and_then(|check| check.name.clone());
        own.unwrap_or_else(|| (number + 1).to_string())
    }

    /// The file that the learner edits, from the folder where Prova was started.
    #[must_use]
    pub fn desk_file(&self) -> String {
        format!("{}/{}/{}", shelf::DESK, self.id, self.kind.file())
    }

    /// The task as blocks of text.
    #[must_use]
    pub fn blocks(&self) -> Vec<prose::Block> {
        // In Turkish `60.` is an ordinal; no task is a numbered list.
        let lines = self.text().lines().map(|line| {
            let begun = line.trim_start_matches(['-', '*', ' ']);
            let lead = &line[..line.len() - begun.len()];
            match begun.split_once(". ") {
                Some((number, rest)) if number.chars().all(|one| one.is_ascii_digit()) => {
                    format!("{lead}{number}\\. {rest}\n")
                }
                Some(_) | None => format!("{line}\n"),
            }
        });
        prose::blocks(&lines.collect::<String>())
    }

    /// The task.
    #[must_use]
    pub fn text(&self) -> &'static str {
        shelf::text(&shelf::path_of(&self.id, "text.md")).unwrap_or_default()
    }
}

/// Reads an `exercise.ron`.
#[must_use]
pub fn parse(name: &str, text: &str) -> Loaded<Exercise> {
    read::one(name, text, "exercise")
}

/// An exercise that travels with the program; none when there is no such id.
#[must_use]
pub fn exercise(id: &str) -> Option<Loaded<Exercise>> {
    let path = shelf::path_of(id, "exercise.ron");
    Some(parse(&path, shelf::text(&path)?))
}
