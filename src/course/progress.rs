//! What the learner has done, as text: readable, mergeable, and fields of later versions stay.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::scenario::Loaded;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::source::{Place, SourceFile};
use crate::scenario::tree::{Entry, Node, Value};
use crate::texts::diagnostics::course as codes;

use super::answer::Answer;
use super::judge::{Verdict, Work};
use super::read::Reading;

/// The version of the file.
pub const VERSION: i128 = 1;

/// The fields of a record.
pub(super) const FIELDS: [&str; 6] =
    ["state", "attempts", "hint", "prediction", "seeds", "solved_by"];

/// How far an exercise is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Not begun.
    #[default]
    New,
    /// Tried, not yet solved.
    Tried,
    /// Solved.
    Done,
    /// Skipped.
    Skipped,
}

impl State {
    const ALL: [State; 4] = [State::New, State::Tried, State::Done, State::Skipped];

    /// The word in the file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            State::New => "new",
            State::Tried => "tried",
            State::Done => "done",
            State::Skipped => "skipped",
        }
    }
}

/// What is known about one exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// How far it is.
    pub state: State,
    /// How often a file was judged.
    pub attempts: u64,
    /// The rung of the hint that was shown last.
    pub hint: u64,
    /// The last prediction, by question.
    pub prediction: BTreeMap<String, String>,
    /// How many further seeds passed.
    pub seeds: u64,
    /// The fingerprint of the file that solved it.
    pub solved_by: String,
    /// Fields of other versions, as they stood.
    pub rest: Vec<(String, String)>,
}

impl Record {
    /// Takes from another record of the same exercise what this one lacks: how far it is, how much
    /// was tried, how much help was taken. Nothing that is known is forgotten.
    pub fn take_what_it_lacks(&mut self, other: Record) {
        // Whoever tried may have skipped it later, or the other way round: what is known stands.
        let far = |state: State| match state {
            State::New => 0,
            State::Tried | State::Skipped => 1,
            State::Done => 2,
        };
        if far(other.state) > far(self.state) {
            self.state = other.state;
            (self.seeds, self.solved_by) = (other.seeds, other.solved_by);
        }
        self.attempts = self.attempts.max(other.attempts);
        self.hint = self.hint.max(other.hint);
        if self.prediction.is_empty() {
            self.prediction = other.prediction;
        }
        take_rest(&mut self.rest, &other.rest);
    }
}

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// By the ids of exercises.
    pub exercises: BTreeMap<String, Record>,
    /// Fields of other versions, as they stood.
    pub rest: Vec<(String, String)>,
}

impl Progress {
    /// The record of an exercise, begun if there is none.
    pub fn of(&mut self, id: &str) -> &mut Record {
        self.exercises.entry(id.to_owned()).or_default()
    }

    /// Takes what the known record of an exercise lacks; whether there was anything.
    pub fn take_better(&mut self, id: &str, record: Record) -> bool {
        let known = self.exercises.get(id).cloned().unwrap_or_default();
        let mut better = known.clone();
        better.take_what_it_lacks(record);
        let changed = better != known;
        if changed {
            self.exercises.insert(id.to_owned(), better);
        }
        changed
    }

    /// Takes fields of other versions, unless there is one of that name.
    pub fn take_rest(&mut self, rest: &[(String, String)]) {
        take_rest(&mut self.rest, rest);
    }

    /// One more save was judged: its prediction, and whether it counts as an attempt.
    pub fn tried(&mut self, id: &str, work: &Work, verdict: &Verdict) {
        let record = self.of(id);
        if let Work::Answers(answers) = work {
            let given = answers.iter().filter(|(_, one)| **one != Answer::Hole);
            record.prediction = given.map(|(name, one)| (name.clone(), one.shown())).collect();
        }
        // Who has not answered everything yet has not tried yet.
        if verdict.open.is_empty() {
            record.attempts += 1;
            if record.state != State::Done {
                record.state = State::Tried;
            }
        }
    }

    /// Solved by this text, which so many further seeds passed.
    pub fn solved(&mut self, id: &str, text: &str, seeds: u64) {
        let record = self.of(id);
        record.state = State::Done;
        record.seeds = seeds;
        record.solved_by = fingerprint(text);
    }

    /// One rung of the hint more, of so many; gives the rung.
    pub fn next_hint(&mut self, id: &str, all: usize) -> usize {
        let record = self.of(id);
        let rung = (usize::try_from(record.hint).unwrap_or(all) + 1).min(all);
        record.hint = u64::try_from(rung).unwrap_or(0);
        rung
    }

    /// How far an exercise is.
    #[must_use]
    pub fn state(&self, id: &str) -> State {
        self.exercises.get(id).map_or(State::New, |record| record.state)
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Writing to a String cannot fail; the results are dropped on purpose here.
        let mut out = format!("(\n    version: {VERSION},\n");
        for (key, value) in &self.rest {
            let _ = writeln!(out, "    {key}: {value},");
        }
        out.push_str("    exercises: {\n");
        for (id, record) in &self.exercises {
            let _ = writeln!(out, "        {}: (", quoted(id));
            let _ = writeln!(out, "            state: {},", record.state.word());
            let _ = writeln!(out, "            attempts: {},", record.attempts);
            let _ = writeln!(out, "            hint: {},", record.hint);
            let pairs = record.prediction.iter();
            let pairs: Vec<String> =
                pairs.map(|(name, value)| format!("{}: {}", quoted(name), quoted(value))).collect();
            let _ = writeln!(out, "            prediction: {{{}}},", pairs.join(", "));
            let _ = writeln!(out, "            seeds: {},", record.seeds);
            let _ = writeln!(out, "            solved_by: {},", quoted(&record.solved_by));
            for (key, value) in &record.rest {
                let _ = writeln!(out, "            {key}: {value},");
            }
            out.push_str("        ),\n");
        }
        out.push_str("    },\n)\n");
        out
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Reads the file; what cannot be read is told, never guessed.
#[must_use]
pub fn parse(name: &str, text: &str) -> Loaded<Progress> {
    let mut reading = Reading::default();
    let id = reading.add(name, text);
    let tree = reading.tree(id);
    let file = reading.files.get(id).cloned();
    let progress = tree.zip(file).and_then(|(tree, file)| {
        let known = whole(&tree, &file);
        if known.is_none() {
            let place = Place { file: id, span: tree.span };
            reading.found.push(Diagnostic::error(&codes::BAD_PROGRESS, place).arg("file", name));
        }
        known
    });
    reading.done(progress)
}

fn whole(tree: &Node, file: &SourceFile) -> Option<Progress> {
    if !matches!(tree.value, Value::Fields(..)) {
        return None;
    }
    tree.get("version").and_then(Node::int)?;
    let mut progress = Progress::default();
    for entry in tree.entries() {
        match entry.key.as_str() {
            "version" => {}
            "exercises" => {
                for one in entry.value.entries() {
                    progress.exercises.insert(one.key.clone(), record(&one.value, file)?);
                }
            }
            other => progress.rest.push((other.to_owned(), kept(&entry.value, file))),
        }
    }
    Some(progress)
}

/// The text of a value, as it stands.
pub(super) fn kept(node: &Node, file: &SourceFile) -> String {
    file.slice(node.span).to_owned()
}

fn record(node: &Node, file: &SourceFile) -> Option<Record> {
    let mut record = Record::default();
    node.entries().iter().try_for_each(|entry| field(&mut record, entry, file))?;
    Some(record)
}

/// Takes one field into a record; none when its value cannot be one.
pub(super) fn field(record: &mut Record, entry: &Entry, file: &SourceFile) -> Option<()> {
    let value = &entry.value;
    let number = || value.int().and_then(|number| u64::try_from(number).ok());
    match entry.key.as_str() {
        "state" => {
            let Value::Word(word) = &value.value else { return None };
            record.state = State::ALL.into_iter().find(|state| state.word() == word)?;
        }
        "attempts" => record.attempts = number()?,
        "hint" => record.hint = number()?,
        "seeds" => record.seeds = number()?,
        "solved_by" => record.solved_by = value.text()?.to_owned(),
        "prediction" => {
            for pair in value.entries() {
                let said = pair.value.text()?.to_owned();
                record.prediction.insert(pair.key.clone(), said);
            }
        }
        other => record.rest.push((other.to_owned(), kept(value, file))),
    }
    Some(())
}

/// The fingerprint of a text (FNV-1a), to know a solution again.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

fn take_rest(known: &mut Vec<(String, String)>, rest: &[(String, String)]) {
    for (key, value) in rest {
        if known.iter().all(|(name, _)| name != key) {
            known.push((key.clone(), value.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_later_fields_stay() {
        let mut progress = Progress::default();
        let record = progress.of("14-a");
        record.state = State::Done;
        record.attempts = 3;
        record.prediction.insert("an".to_owned(), "tırnak \" ve \\".to_owned());
        let text = progress.to_text();
        assert_eq!(parse("p", &text).value, Some(progress));
        let later = text
            .replace("hint: 0,", "hint: 0, mood: (good: [1, 2]),")
            .replace("version: 1,", "version: 2, school: \"ODTÜ\",");
        let again = parse("p", &later).value.map(|one| one.to_text()).unwrap_or_default();
        assert!(again.contains("mood: (good: [1, 2]),") && again.contains("school: \"ODTÜ\","));
    }

    #[test]
    fn of_two_records_nothing_is_forgotten_and_what_is_known_stands() {
        let of = |state, attempts, hint| Record { state, attempts, hint, ..Record::default() };
        let mut progress = Progress::default();
        assert!(!progress.take_better("a", Record::default()), "an empty record says nothing");
        assert!(progress.take_better("a", of(State::Tried, 2, 4)));
        assert!(!progress.take_better("a", of(State::Skipped, 0, 0)), "it was tried since");
        let mut done = of(State::Done, 1, 0);
        (done.seeds, done.solved_by) = (20, "abc".to_owned());
        done.rest.push(("mood".to_owned(), "good".to_owned()));
        assert!(progress.take_better("a", done.clone()));
        assert!(!progress.take_better("a", done), "twice is once");
        let record = progress.of("a").clone();
        assert_eq!((record.state, record.attempts, record.hint), (State::Done, 2, 4));
        assert_eq!((record.seeds, record.solved_by.as_str(), record.rest.len()), (20, "abc", 1));
        assert!(progress.take_better("a", of(State::Tried, 9, 0)));
        let record = progress.of("a");
        assert_eq!((record.state, record.attempts, record.seeds), (State::Done, 9, 20));
        *progress.of("b") = of(State::Skipped, 0, 0);
        assert!(progress.take_better("b", of(State::Tried, 3, 0)));
        assert_eq!((progress.state("b"), progress.of("b").attempts), (State::Skipped, 3));
    }

    #[test]
    fn a_broken_file_is_told() {
        for text in
            ["", "(", "[1]", "(exercises: {})", "(version: 1, exercises: {\"a\": (state: x)})"]
        {
            assert!(parse("p", text).value.is_none(), "{text}");
            assert!(parse("p", text).has_errors(), "{text}");
        }
    }
}
