//! The dashboard's state, and what keys and time do to it.
//!
//! The host (a terminal loop, a test, a line reader) gives presses and passing time, asks for a
//! [`Screen`](super::screen::Screen) when something changed, and carries out the [`Effect`]s. The
//! state opens no file and reads no clock: texts come from the shelf of the course or from the
//! host, time comes in as spans.
//!
//! | file | what lives there |
//! |---|---|
//! | `stage` | one scenario that is open: branches, panes, panels |
//! | `travel` | moving in time: playing, stepping |
//! | `journey` `facts` | what is being gone to, in bites; facts among it |
//! | `choose` | moving on a page, in and out |
//! | `ask` | the overlay: one line of input and a list to choose from |
//! | `answer` | what is done with what was asked |
//! | `palette` | the lists of commands: palette and help; the keys that hold |
//! | `goto` | a place in time in a person's words |
//! | `branch` | forks and comparisons |
//! | `deeds` `names` | what can be done to what is chosen; whether its names are there |
//! | `home` | the list of lessons and scenarios |
//! | `sitting` `questions` `violation` | an exercise at work; its answers; from its verdict to the run |
//! | `view` | from the state to a screen |

mod answer;
mod ask;
mod branch;
mod choose;
mod deeds;
mod facts;
mod goto;
mod home;
mod journey;
mod names;
mod palette;
mod questions;
mod sitting;
mod stage;
mod travel;
mod view;
mod violation;

use crate::course::Progress;
use crate::kernel::Span;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::dashboard::screen::Say;
use crate::texts::dashboard::task::Task;

use super::bindings::Command;
use super::keymap::Keymap;
use super::keys::{Key, Press};
use super::model::{Role, Text};
use super::stops::Stop;
use super::theme::{THEMES, Theme};

pub use sitting::News;
pub use stage::{Focus, Opened};

use ask::Overlay;
use choose::Pane;
use sitting::Sitting;
use stage::Stage;

/// How the screen shall look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The language.
    pub lang: Lang,
    /// Signs of ASCII only.
    pub ascii: bool,
    /// The theme.
    pub theme: &'static Theme,
    /// Columns and rows.
    pub size: (u16, u16),
}

impl Default for Look {
    fn default() -> Self {
        Look { lang: Lang::default(), ascii: false, theme: &THEMES[0], size: (80, 24) }
    }
}

/// Something that the host must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// End.
    Quit,
    /// Lay out the files of this exercise, watch the learner's, and tell what becomes of it.
    Sit(String),
    /// The learner's file is to be as at the start again; what the learner had is kept.
    Again,
    /// Open this file in the learner's editor.
    Edit(String),
    /// Write the progress of this exercise.
    Progress(String),
    /// Put an answer into the learner's file, as it is now.
    Answer {
        /// The file.
        file: String,
        /// The question.
        name: String,
        /// The answer, as the file writes it.
        value: String,
    },
    /// Write a text to a file that does not exist yet, and say how it went.
    Save {
        /// The file.
        name: String,
        /// The text.
        text: String,
    },
}

/// The dashboard.
#[derive(Debug)]
pub struct App {
    look: Look,
    keys: Keymap,
    progress: Progress,
    /// Lessons and scenarios, and where the reader stands among them.
    home: Pane,
    stage: Option<Box<Stage>>,
    /// The exercise that is open; its runs stand on the stage.
    sitting: Option<Box<Sitting>>,
    overlay: Option<Overlay>,
    notice: Option<Text>,
    effects: Vec<Effect>,
    /// How many scenarios were opened.
    opened: usize,
    cache: view::Cache,
}

impl App {
    /// The list of lessons and scenarios.
    #[must_use]
    pub fn new(look: Look, progress: Progress) -> App {
        App {
            look,
            keys: Keymap::default(),
            progress,
            home: Pane::default(),
            stage: None,
            sitting: None,
            overlay: None,
            notice: None,
            effects: Vec::new(),
            opened: 0,
            cache: view::Cache::default(),
        }
    }

    /// Opens a scenario; gives the reason when its cluster cannot be built.
    ///
    /// Errors: the cluster cannot be built, in a sentence.
    pub fn open(&mut self, opened: Opened) -> Result<(), String> {
        let stage = Stage::new(opened).map_err(|why| why.to_string())?;
        self.stage = Some(Box::new(stage));
        self.sitting = None;
        self.opened += 1;
        self.overlay = None;
        self.cache = view::Cache::default();
        Ok(())
    }

    /// Goes where a person's words lead: `55s`, a bookmark, `ilk NodeNotReady`. The journey itself
    /// takes [`App::tick`]s.
    ///
    /// Errors: a sentence about what is wrong with the words.
    pub fn go(&mut self, words: &str) -> Result<(), String> {
        self.go_to_words(words)?;
        self.finish_search()
    }

    /// How it looks.
    #[must_use]
    pub fn look(&self) -> Look {
        self.look
    }

    /// Columns and rows are others now.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.look.size = (columns, rows);
    }

    /// Whether the host has something to do.
    #[must_use]
    pub fn wants(&self) -> bool {
        !self.effects.is_empty()
    }

    /// What the host must do, once each.
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// A word for the reader, until the next key.
    pub fn tell(&mut self, role: Role, text: impl Into<String>) {
        let text = text.into();
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        self.notice = Some(Text::state(role, first.trim(), self.look.ascii));
    }

    /// What tells two states of a session apart: which scenario and branch, and how much was done by
    /// hand; none where nothing was.
    #[must_use]
    pub fn done(&self) -> Option<[usize; 3]> {
        let stage = self.stage.as_ref().filter(|stage| stage.is_changed())?;
        Some([self.opened, stage.current, stage.timeline().journal().entries().len()])
    }

    /// The session was written.
    pub fn saved(&mut self) {
        if let Some(stage) = &mut self.stage {
            stage.saved = true;
        }
    }

    /// A run plays.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.stage.as_ref().is_some_and(|stage| stage.playing)
    }

    /// The fingerprint of the run at the cursor, for tests and for telling runs apart.
    #[must_use]
    pub fn digest(&self) -> Option<crate::kernel::Digest> {
        self.stage.as_ref().map(|stage| stage.timeline().run().sim().digest())
    }

    /// What was said last is said no more.
    pub fn hush(&mut self) {
        self.notice = None;
    }

    /// Something runs: time shall pass soon again, whether or not a key comes.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.stage.as_ref().is_some_and(|stage| stage.is_busy())
    }

    /// The reader waits for a moment that is being played to.
    #[must_use]
    pub fn is_chasing(&self) -> bool {
        self.stage.as_ref().is_some_and(|stage| stage.is_chasing())
    }

    /// The branch that is stood on as a scenario's text for a file called `new`; none where nothing
    /// was changed.
    #[must_use]
    pub fn session(&self, new: &str) -> Option<String> {
        self.stage.as_ref().and_then(|stage| stage.session(new))
    }

    /// Whether what plays cannot keep its pace: the machine has no time to lose.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.stage.as_ref().is_some_and(|stage| stage.is_behind())
    }

    /// Real time passed. True when the screen changed.
    pub fn tick(&mut self, passed: Span) -> bool {
        self.leave_seeds();
        let Some(stage) = &mut self.stage else { return false };
        let told = stage.tick(passed);
        self.hear(told)
    }

    /// A key was pressed.
    pub fn press(&mut self, press: Press) {
        self.notice = None;
        if press.ctrl && press.key == Key::Letter('c') {
            self.effects.push(Effect::Quit);
            return;
        }
        if self.overlay.is_some() {
            self.press_in_overlay(press);
            return;
        }
        let command = self.keys.command_of(press);
        let closes = [Some(Command::Out), Some(Command::Lessons), Some(Command::In)];
        if let Some(stage) = self.stage.as_mut().filter(|_| !closes.contains(&command)) {
            stage.leaving = false;
            stage.warned = false;
        }
        match command {
            Some(command) => self.command(command),
            None => self.tell(Role::Unknown, self.words().text(Say::UnknownKey)),
        }
    }

    /// Text was pasted: it goes into the open line, or nowhere.
    pub fn paste(&mut self, text: &str) {
        for letter in text.chars().filter(|letter| !letter.is_control()) {
            if self.overlay.is_some() {
                self.press_in_overlay(Press::letter(letter));
            }
        }
    }

    /// Does what a command says.
    pub fn command(&mut self, command: Command) {
        let lang = self.look.lang;
        match command {
            Command::Quit => self.effects.push(Effect::Quit),
            Command::Help => self.ask_help(),
            Command::Palette => self.ask_palette(),
            Command::Theme => {
                self.look.theme = self.look.theme.next();
                let name = self.look.theme.name.template(lang);
                self.tell(Role::Accent, Say::ThemeIs.fill(lang, &[("name", name)]));
            }
            Command::Ascii => self.look.ascii = !self.look.ascii,
            Command::Language => {
                self.look.lang = match lang {
                    Lang::Tr => Lang::En,
                    Lang::En => Lang::Tr,
                };
            }
            Command::Up => self.step_lines(-1),
            Command::Down => self.step_lines(1),
            Command::Details if self.is_in_task() => self.answer_again(),
            Command::In | Command::Details => self.go_in(),
            Command::Hint if self.sitting.is_some() => self.next_hint(),
            Command::Hint => self.hint(),
            Command::Exercises => self.ask_exercises(),
            Command::Edit => self.edit(),
            Command::Again => self.ask_again(),
            Command::Solution => self.show_solution(),
            Command::Skip => self.skip(),
            Command::Goto if self.is_in_task() => {
                self.go_to_meant();
            }
            Command::Why if self.is_in_task() => self.why_meant(),
            Command::Compare if self.is_in_task() => self.compare_with_passing(),
            Command::Out if self.is_in_task() => self.leave_task(),
            Command::Play
            | Command::Forward
            | Command::Back
            | Command::NextFact
            | Command::PreviousFact
            | Command::Later
            | Command::Earlier
            | Command::Begin
            | Command::End
            | Command::Faster
            | Command::Slower
            | Command::Goto
            | Command::Out
            | Command::View(_)
            | Command::LastView
            | Command::Panel
            | Command::Filter
            | Command::NextMatch
            | Command::PreviousMatch
            | Command::Mark
            | Command::Marks
            | Command::Why
            | Command::Compare
            | Command::Fork
            | Command::Branches
            | Command::Raw
            | Command::Menu
            | Command::Lessons
            | Command::Seeds
            | Command::Save => self.stage_command(command),
        }
    }

    /// What needs an open scenario.
    fn stage_command(&mut self, command: Command) {
        let lang = self.look.lang;
        let working = self.sitting.is_some();
        let Some(stage) = &mut self.stage else {
            let none = if working { Task::NoRunNow.text(lang) } else { Say::OpenFirst.text(lang) };
            self.tell(Role::Unknown, none);
            return;
        };
        match command {
            Command::Play => self.play(),
            Command::Forward => stage.forward(),
            Command::Back => stage.back(),
            Command::NextFact => stage.next_fact(),
            Command::PreviousFact => stage.previous_fact(),
            Command::Later => stage.go_by(10),
            Command::Earlier => stage.go_by(-10),
            Command::Begin => stage.go_begin(),
            Command::End => stage.go_end(),
            Command::Faster => stage.change_pace(1),
            Command::Slower => stage.change_pace(-1),
            Command::View(view) => stage.show(view),
            Command::LastView => stage.show_last(),
            Command::Panel => stage.next_panel(self.sitting.is_some()),
            Command::NextMatch => self.match_on(true),
            Command::PreviousMatch => self.match_on(false),
            Command::Out => self.go_out(),
            Command::Lessons => self.close(),
            Command::Why => self.why(),
            Command::Raw => self.raw(),
            Command::Goto => self.ask_goto(),
            Command::Filter => self.ask_filter(),
            Command::Mark => self.ask_mark(),
            Command::Marks => self.ask_marks(),
            Command::Compare => self.ask_compare(),
            Command::Fork => self.ask_fork(),
            Command::Branches => self.ask_branches(),
            Command::Menu => self.ask_menu(),
            Command::Seeds => self.ask_seeds(),
            Command::Save => self.ask_save(),
            Command::Quit
            | Command::Help
            | Command::Palette
            | Command::Theme
            | Command::Ascii
            | Command::Language
            | Command::Up
            | Command::Down
            | Command::In
            | Command::Details
            | Command::Hint
            | Command::Exercises
            | Command::Edit
            | Command::Again
            | Command::Solution
            | Command::Skip => {}
        }
    }

    /// Back to the list of lessons; what would be lost is said first.
    fn close(&mut self) {
        if self.warned() {
            return;
        }
        self.stage = None;
        self.sitting = None;
        self.cache = view::Cache::default();
    }

    /// What would be lost is said once, before it is.
    fn warned(&mut self) -> bool {
        let unsaved = |stage: &&mut Box<Stage>| stage.is_changed() && !stage.saved && !stage.warned;
        let Some(stage) = self.stage.as_mut().filter(unsaved) else { return false };
        stage.warned = true;
        self.tell(Role::Warning, self.words().text(Say::Unsaved));
        true
    }

    /// Stands on a line, without opening it.
    pub fn stand(&mut self, focus: Focus, stop: &Stop) {
        match (&mut self.stage, &self.overlay) {
            (_, Some(_)) => self.point_in_overlay(stop),
            (Some(stage), None) => {
                stage.point(focus, stop);
            }
            (None, None) => self.lone_pane().chosen = Some(stop.clone()),
        }
    }

    /// Stands on what was pointed at; pointed at again, it opens.
    pub fn point(&mut self, focus: Focus, stop: &Stop) {
        if self.overlay.is_some() {
            self.point_in_overlay(stop);
            return;
        }
        let again = match &mut self.stage {
            Some(stage) => stage.point(focus, stop),
            None => {
                let pane = self.lone_pane();
                let again = pane.chosen.as_ref() == Some(stop);
                pane.chosen = Some(stop.clone());
                again
            }
        };
        if again {
            self.go_in();
        }
    }

    /// A share (0 to 10,000) of the timeline was pointed at.
    pub fn scrub(&mut self, share: u64) {
        if let Some(stage) = &mut self.stage {
            stage.go_share(share);
        }
    }
}
