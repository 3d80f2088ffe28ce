//! The line mode of `prova learn`: every save is judged, and a letter or a word and Enter do the
//! rest. For plain terminals, screen readers and pipes.
//!
//! What can be typed stands in one table; the help and the answer to anything else come from it.

use std::io::BufRead as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::course::exercise::Exercise;
use crate::course::progress::{Progress, State};
use crate::course::shelf;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::course::Course;
use crate::texts::fold;
use crate::texts::learn::Learn;

use super::exit::Exit;
use super::learn::{self, Asked};
use super::screen::{Paint, Screen};
use super::{desk, watch};

/// How often the learner's file is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// One hint more.
    Hint,
    /// The task again.
    Task,
    /// The verdict again.
    Verdict,
    /// All exercises.
    List,
    /// The next open exercise.
    Next,
    /// The start again.
    Reset,
    /// The solution.
    Solution,
    /// What can be typed.
    Help,
    /// The end.
    Quit,
}

/// Something that can be typed.
struct Command {
    deed: Deed,
    /// Its letters, the one that is shown first.
    letters: &'static [&'static str],
    /// Its word; the words of both languages are understood.
    word: Learn,
    /// What it does.
    help: Learn,
}

const fn command(
    deed: Deed,
    letters: &'static [&'static str],
    word: Learn,
    help: Learn,
) -> Command {
    Command { deed, letters, word, help }
}

/// Everything that can be typed, in the order of the help.
const COMMANDS: [Command; 9] = [
    command(Deed::Hint, &["h"], Learn::HintWord, Learn::HintHelp),
    command(Deed::Task, &["t", "g"], Learn::TaskWord, Learn::TaskHelp),
    command(Deed::Verdict, &["v"], Learn::VerdictWord, Learn::VerdictHelp),
    command(Deed::Next, &["n"], Learn::NextWord, Learn::NextHelp),
    command(Deed::List, &["l"], Learn::ListWord, Learn::ListHelp),
    command(Deed::Solution, &["s"], Learn::SolutionWord, Learn::SolutionHelp),
    command(Deed::Reset, &["r"], Learn::ResetWord, Learn::ResetHelp),
    command(Deed::Help, &["?"], Learn::HelpWord, Learn::HelpHelp),
    command(Deed::Quit, &["q"], Learn::QuitWord, Learn::QuitHelp),
];

/// What a line means; an empty one asks for the verdict.
fn meant(line: &str) -> Option<Deed> {
    let said = fold(line.trim());
    if said.is_empty() {
        return Some(Deed::Verdict);
    }
    let is = |word: Learn| [Lang::Tr, Lang::En].iter().any(|lang| fold(word.text(*lang)) == said);
    let fits = |one: &&Command| one.letters.contains(&said.as_str()) || is(one.word);
    COMMANDS.iter().find(fits).map(|one| one.deed)
}

/// The exercise that comes next: the first open one behind this, or else before it.
fn next_open(id: &str, progress: &Progress) -> Option<&'static str> {
    let ids = shelf::exercise_ids();
    let behind = ids.iter().position(|one| *one == id).map_or(0, |at| at + 1);
    let round = ids.iter().cycle().skip(behind).take(ids.len());
    let open = |one: &&str| !matches!(progress.state(one), State::Done | State::Skipped);
    round.copied().filter(|one| *one != id).find(open)
}

/// An exercise that is worked on line by line.
pub(super) struct Sitting<'p> {
    exercise: Exercise,
    progress: &'p mut Progress,
    /// The save that was judged last.
    judged: Option<watch::Mark>,
    exit: Exit,
    /// Who types is a person: to look in and leave is no failure.
    person: bool,
    /// The line before asked to begin again: once more, and it is done.
    sure: bool,
}

impl<'p> Sitting<'p> {
    /// Lays the exercise out, shows its task and judges what lies there.
    ///
    /// Errors: a file does not obey, or the exercise itself is wrong; after the complaint.
    pub(super) fn begin(
        exercise: Exercise,
        progress: &'p mut Progress,
        person: bool,
        screen: &mut Screen,
    ) -> Result<Sitting<'p>, Exit> {
        let (judged, exit, sure) = (None, Exit::Fine, false);
        let mut sitting = Sitting { exercise, progress, judged, exit, person, sure };
        sitting.open(screen)?;
        Ok(sitting)
    }

    /// Reads lines and watches the file until the learner quits or the input ends; gives what
    /// became of the last verdict.
    ///
    /// Errors: as [`begin`](Sitting::begin).
    pub(super) fn listen(
        mut self,
        lines: &Receiver<String>,
        screen: &mut Screen,
    ) -> Result<Exit, Exit> {
        screen.wrapped("", Course::Watching.text(screen.lang), Paint::Plain, 2);
        let mut ended = false;
        while !ended {
            screen.flush();
            if screen.closed() {
                return Ok(self.exit);
            }
            match lines.recv_timeout(LOOK_EVERY) {
                Ok(line) => {
                    ended = self.obey(&line, screen)?;
                }
                Err(RecvTimeoutError::Disconnected) => ended = true,
                Err(RecvTimeoutError::Timeout) => {}
            }
            // A save just before the end is judged, too.
            let now = watch::modified(&self.exercise.desk_file());
            // While an editor replaces the file there is none for a moment.
            if now.is_some() && now != self.judged {
                screen.line("");
                self.judge(screen)?;
            }
        }
        screen.flush();
        Ok(self.exit)
    }

    /// Does what a line asks for; true when it asks for the end.
    fn obey(&mut self, line: &str, screen: &mut Screen) -> Result<bool, Exit> {
        let sure = std::mem::take(&mut self.sure);
        let Some(deed) = meant(line) else {
            let can = COMMANDS.iter().filter_map(|one| {
                Some(format!("{} {}", one.letters.first()?, one.word.text(screen.lang)))
            });
            let args = [("commands", can.collect::<Vec<String>>().join(" · "))];
            screen.complain(&Learn::NotKnown.fill(screen.lang, &args));
            return Ok(false);
        };
        match deed {
            Deed::Hint => {
                learn::hint(&self.exercise, self.progress, screen)?;
            }
            Deed::Task => learn::task(&self.exercise, screen),
            Deed::Verdict => self.judge(screen)?,
            Deed::List => learn::list(self.progress, screen),
            Deed::Next => self.next(screen)?,
            Deed::Reset if sure => self.reset(screen)?,
            Deed::Reset => {
                self.sure = true;
                let args = [("file", self.exercise.desk_file())];
                screen.wrapped("", &Learn::Sure.fill(screen.lang, &args), Paint::Plain, 2);
            }
            Deed::Solution => {
                learn::solution(&self.exercise, self.progress, screen);
            }
            Deed::Help => help(screen),
            Deed::Quit => return Ok(true),
        }
        Ok(false)
    }

    fn open(&mut self, screen: &mut Screen) -> Result<(), Exit> {
        desk::lay_out(&self.exercise).map_err(|it| it.told(screen))?;
        learn::task(&self.exercise, screen);
        // Who has just come has not tried yet.
        self.judged = watch::modified(&self.exercise.desk_file());
        self.judge(screen)?;
        if self.person {
            self.exit = Exit::Fine;
        }
        Ok(())
    }

    fn judge(&mut self, screen: &mut Screen) -> Result<(), Exit> {
        let now = watch::modified(&self.exercise.desk_file());
        // To ask twice about one save is no second attempt.
        let asked = Asked { counts: now != self.judged, lines: true };
        self.judged = now;
        self.exit = learn::judged(&self.exercise, self.progress, asked, screen)?;
        if self.exit == Exit::Fine {
            let text = match next_open(&self.exercise.id, self.progress) {
                Some(id) => Learn::NextOffer.fill(screen.lang, &[("id", id)]),
                None => Course::AllDone.text(screen.lang).to_owned(),
            };
            screen.line(&text);
        }
        Ok(())
    }

    fn next(&mut self, screen: &mut Screen) -> Result<(), Exit> {
        let Some(id) = next_open(&self.exercise.id, self.progress) else {
            let open = self.progress.state(&self.exercise.id) != State::Done;
            let text = if open {
                Learn::NoOther.text(screen.lang)
            } else {
                Course::AllDone.text(screen.lang)
            };
            screen.line(text);
            return Ok(());
        };
        self.exercise = learn::open(id, screen)?;
        screen.line("");
        self.open(screen)
    }

    fn reset(&mut self, screen: &mut Screen) -> Result<(), Exit> {
        learn::reset(&self.exercise, screen)?;
        // The start is no attempt; it is judged when it is saved or asked about.
        self.judged = watch::modified(&self.exercise.desk_file());
        Ok(())
    }
}

/// Every command with its letters, its word and what it does.
fn help(screen: &mut Screen) {
    let lang = screen.lang;
    for one in &COMMANDS {
        let head = format!("  {:<6}{:<10}", one.letters.join(", "), one.word.text(lang));
        screen.wrapped(&head, one.help.text(lang), Paint::Plain, 18);
    }
}

/// The lines that are typed or come through a pipe.
#[expect(
    clippy::disallowed_methods,
    reason = "a face may wait for a person on a thread of its own"
)]
pub(super) fn stdin() -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        // Letters of another code page make an unknown line, and do not end the input.
        for line in std::io::stdin().lock().split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_and_the_words_of_both_languages_mean_the_same() {
        let rows: [(&[&str], Deed); 9] = [
            (&["h", "H", "ipucu", "İPUCU", "hint"], Deed::Hint),
            (&["t", "g", "görev", "gorev", "GÖREV", "task"], Deed::Task),
            (&["v", "", "  ", "\r", "denetle", "verdict"], Deed::Verdict),
            (&["n", "sıradaki", "siradaki", "SIRADAKİ", "next"], Deed::Next),
            (&["l", "liste", "LİSTE", "list"], Deed::List),
            (&["s", "çözüm", "cozum", "solution"], Deed::Solution),
            (&["r", "baştan", "reset"], Deed::Reset),
            (&["?", "yardım", "YARDIM", "help"], Deed::Help),
            (&["q", " Q \r", "çık", "cik", "quit"], Deed::Quit),
        ];
        for (lines, deed) in rows {
            for line in lines {
                assert_eq!(meant(line), Some(deed), "{line:?}");
            }
        }
        for line in ["x", "hh", "ipucu ver", "\u{1b}[A", "\u{fffd}"] {
            assert_eq!(meant(line), None, "{line:?}");
        }
    }

    #[test]
    fn no_two_commands_share_a_letter_or_a_word() {
        let mut all: Vec<String> = Vec::new();
        for one in &COMMANDS {
            all.extend(one.letters.iter().map(|letter| (*letter).to_owned()));
            // A word may be spelt alike in both languages.
            let mut words = [Lang::Tr, Lang::En].map(|lang| fold(one.word.text(lang))).to_vec();
            words.dedup();
            all.extend(words);
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "{all:?}");
    }

    #[test]
    fn the_next_one_is_open_and_another_and_lies_behind_before_it_lies_before() {
        let ids = shelf::exercise_ids();
        let mut progress = Progress::default();
        assert_eq!(next_open(ids[0], &progress), Some(ids[1]));
        assert_eq!(next_open(ids[ids.len() - 1], &progress), Some(ids[0]));
        progress.of(ids[1]).state = State::Skipped;
        progress.of(ids[2]).state = State::Tried;
        assert_eq!(next_open(ids[0], &progress), Some(ids[2]));
        for id in &ids[1..] {
            progress.of(id).state = State::Done;
        }
        assert_eq!(next_open(ids[0], &progress), None, "the one that is open is no other");
        assert_eq!(next_open(ids[3], &progress), Some(ids[0]));
    }
}
