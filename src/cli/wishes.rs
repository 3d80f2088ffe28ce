//! What a person wants of the program: the commands with everything that was said to them.

use clap_complete::Shell;

use crate::scenario::Overrides;

use super::book::Task;
use super::screen::Look;

/// What the command line wants.
#[derive(Debug)]
pub(super) struct Words {
    /// What to do.
    pub(super) command: Command,
    /// How it shall look.
    pub(super) look: Look,
}

/// A command with its wishes.
#[derive(Debug)]
pub(super) enum Command {
    /// `run`, and `prova` alone.
    Run(RunWishes),
    /// `replay`.
    Replay(ReplayWishes),
    /// `sweep`.
    Sweep(SweepWishes),
    /// `explain`.
    Explain(ExplainWishes),
    /// `dashboard`, and `prova` alone on a terminal.
    Dashboard(DashboardWishes),
    /// `frame`.
    Frame(FrameWishes),
    /// `new`.
    New(NewWishes),
    /// `learn`.
    Learn(LearnWishes),
    /// `quiz`.
    Quiz(QuizWishes),
    /// `check`.
    Check(CheckWishes),
    /// `book`.
    Book(BookWishes),
    /// `completions`.
    Completions(Shell),
}

/// Wishes of `run`.
#[derive(Clone, Debug, Default)]
pub(super) struct RunWishes {
    /// Names as given.
    pub(super) files: Vec<String>,
    /// What is said in place of the files.
    pub(super) overrides: Overrides,
    /// Where to write the trace.
    pub(super) trace: Option<String>,
    /// Where to write the recording.
    pub(super) record: Option<String>,
    /// JSON instead of a story.
    pub(super) json: bool,
}

/// Wishes of `dashboard`.
#[derive(Clone, Debug, Default)]
pub(super) struct DashboardWishes {
    /// Names as given; none opens the list of lessons.
    pub(super) files: Vec<String>,
    /// What is said in place of the files.
    pub(super) overrides: Overrides,
    /// The moment to begin at, as written.
    pub(super) at: Option<String>,
    /// The theme's name.
    pub(super) theme: Option<String>,
    /// Signs of ASCII only.
    pub(super) ascii: bool,
    /// Whether the mouse is listened to.
    pub(super) mouse: bool,
    /// The chapter to read beside it.
    pub(super) lesson: Option<String>,
    /// Columns and rows, where there is no terminal to ask.
    pub(super) size: Option<(u16, u16)>,
}

/// The form of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Picture {
    /// Letters.
    #[default]
    Text,
    /// Letters with colours.
    Ansi,
    /// A picture.
    Svg,
    /// Sentences.
    Plain,
}

/// Wishes of `frame`.
#[derive(Clone, Debug)]
pub(super) struct FrameWishes {
    /// What is opened, and how it looks.
    pub(super) open: DashboardWishes,
    /// Keys to press, as written.
    pub(super) keys: Option<String>,
    /// The form.
    pub(super) form: Picture,
}

/// Wishes of `new`.
#[derive(Clone, Debug)]
pub(super) struct NewWishes {
    /// The file to write.
    pub(super) file: String,
    /// From the last session instead of the template.
    pub(super) from_session: bool,
}

/// Wishes of `replay`.
#[derive(Clone, Debug)]
pub(super) struct ReplayWishes {
    /// The recording.
    pub(super) file: String,
    /// JSON.
    pub(super) json: bool,
}

/// Wishes of `sweep`.
#[derive(Clone, Debug)]
pub(super) struct SweepWishes {
    /// Names as given.
    pub(super) files: Vec<String>,
    /// What is said in place of the files.
    pub(super) overrides: Overrides,
    /// `1..1000`, as written.
    pub(super) seeds: String,
    /// Names of quantities.
    pub(super) measures: Vec<String>,
    /// How many threads; none means all cores.
    pub(super) threads: Option<usize>,
    /// The form of the result.
    pub(super) form: Form,
}

/// The form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// For people.
    Text,
    /// JSON.
    Json,
    /// CSV.
    Csv,
}

/// Wishes of `explain`.
#[derive(Clone, Debug)]
pub(super) struct ExplainWishes {
    /// A file or a code.
    pub(super) what: String,
    /// The object.
    pub(super) object: Option<String>,
    /// The moment, as written.
    pub(super) at: Option<String>,
    /// What is said in place of the file.
    pub(super) overrides: Overrides,
    /// JSON.
    pub(super) json: bool,
}

/// Wishes of `book`.
#[derive(Clone, Copy, Debug)]
pub(super) struct BookWishes {
    /// What is to be done.
    pub(super) task: Task,
    /// Where it is served.
    pub(super) port: u16,
}

/// Wishes of `learn`.
#[derive(Clone, Debug, Default)]
pub(super) struct LearnWishes {
    /// The exercise; none means the next one.
    pub(super) id: Option<String>,
    /// Show all of them.
    pub(super) list: bool,
    /// Hold the exercises against what an exercise must do.
    pub(super) verify: bool,
    /// Seeds of the verification.
    pub(super) seeds: Option<u64>,
    /// One hint more.
    pub(super) hint: bool,
    /// Show the solution.
    pub(super) solution: bool,
    /// Begin again.
    pub(super) reset: bool,
    /// Leave it out.
    pub(super) skip: bool,
    /// Judge once and end.
    pub(super) once: bool,
    /// Lines instead of a whole screen.
    pub(super) lines: bool,
    /// Put the progress together again.
    pub(super) repair: bool,
    /// How the screen shall look.
    pub(super) open: DashboardWishes,
}

/// Wishes of `quiz`.
#[derive(Clone, Debug, Default)]
pub(super) struct QuizWishes {
    /// The chapter, by number or name; none shows the list.
    pub(super) chapter: Option<String>,
}

/// Wishes of `check`.
#[derive(Clone, Debug)]
pub(super) struct CheckWishes {
    /// Names as given.
    pub(super) files: Vec<String>,
    /// JSON.
    pub(super) json: bool,
}
