//! The narrator: facts become a timeline for people.
//!
//! Without `--verbose`, routine is folded (three pods of one Deployment that become ready within
//! a moment are one line) and what only repeats another line is left out. With it, every fact is
//! a line.
//!
//! | file | what lives there |
//! |---|---|
//! | `page` | lines in the order of time, though some are still growing |
//! | `fold` | which facts are told, and which belong together |
//! | `group` | groups that grow, and the one line that each becomes |
//! | `losses` | lost requests as stories with a beginning and an end |

mod fold;
mod group;
mod losses;
mod page;

use crate::kernel::SimTime;
use crate::lab::{Checkpoint, Run};
use crate::observe::{FactId, Observation, What, tell};
use crate::scenario::Plan;
use crate::tell::Tone;
use crate::tell::sentence::one_sentence;
use crate::wire::Note;

use super::form;
use super::play::Reader;
use super::screen::{Paint, Screen};

use fold::Folder;
use page::{Line, Page};

/// The colour of a mood.
fn paint(tone: Tone) -> Paint {
    match tone {
        Tone::Good | Tone::Lead => Paint::Good,
        Tone::Neutral => Paint::Plain,
        Tone::Faint => Paint::Dim,
        Tone::Warning => Paint::Warning,
        Tone::Bad => Paint::Bad,
        Tone::Act | Tone::Mark => Paint::Bold,
    }
}

/// Tells a run on a screen.
pub(super) struct Narrator<'s> {
    screen: &'s mut Screen,
    page: Page,
    folder: Folder,
}

impl<'s> Narrator<'s> {
    /// A narrator of a run of `plan`.
    pub(super) fn new(screen: &'s mut Screen, plan: &Plan) -> Self {
        let folder = Folder::new(screen.lang, plan);
        Narrator { screen, page: Page::default(), folder }
    }

    /// Everything that still grows is finished.
    pub(super) fn finish(&mut self) {
        self.folder.settle(&mut self.page, SimTime::MAX);
        self.print();
    }

    fn print(&mut self) {
        for line in self.page.take_finished() {
            show(self.screen, &line);
        }
    }
}

impl Reader for Narrator<'_> {
    fn fact(&mut self, id: FactId, seen: &Observation) {
        let Some(fact) = seen.facts.get(id) else { return };
        let of_rules = matches!(&fact.what, What::Noted(Note::Rules { .. }));
        if of_rules && self.folder.is_large() && !self.screen.look.verbose {
            return;
        }
        for told in tell(fact, &seen.directory) {
            if self.screen.look.verbose {
                let (tone, text) = one_sentence(&told, self.screen.lang);
                let text = match &fact.what {
                    // Whoever applies a change first says so; who asked for it is another matter.
                    What::Changed(_) => text,
                    What::Noted(_) => format!("{}: {text}", seen.directory.name(fact.actor)),
                };
                self.page.put(Line { at: fact.at, tone, text, note: String::new() });
            } else {
                self.folder.settle(&mut self.page, fact.at);
                self.folder.take(&mut self.page, fact.at, &told, seen);
            }
        }
    }

    fn mark(&mut self, run: &Run, _checkpoint: &Checkpoint) {
        self.folder.settle(&mut self.page, run.now());
        self.print();
        self.screen.flush();
    }

    fn enough(&self) -> bool {
        self.screen.closed()
    }
}

/// One line of the timeline: stamp, sign, sentence, and a note below it.
pub(super) fn show(screen: &mut Screen, line: &Line) {
    let lang = screen.lang;
    if screen.look.plain {
        let at = form::moment(lang, line.at);
        screen.line(&format!("{at} {}: {}", line.tone.word(lang), line.text));
        if !line.note.is_empty() {
            screen.line(&format!("  {}", line.note));
        }
        return;
    }
    let stamp = screen.painted(&form::stamp(lang, line.at), Paint::Dim);
    let sign = screen.painted(line.tone.sign(), paint(line.tone));
    let head = format!("{stamp} {sign} ");
    let hang = form::stamp(lang, line.at).chars().count() + 3;
    screen.wrapped(&head, &line.text, paint(line.tone), hang);
    if !line.note.is_empty() {
        screen.wrapped(&" ".repeat(hang), &line.note, Paint::Dim, hang);
    }
}
