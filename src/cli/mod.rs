//! The command line: words in, a story, a verdict and an exit code out.
//!
//! The only room that knows a terminal, files and the environment. Results go to stdout, talk to
//! stderr; nothing here decides anything of a run.
//!
//! | file | what lives there |
//! |---|---|
//! | `tree` `args` | the commands and options, with their Turkish names; what was said |
//! | `wishes` | what the commands are asked for |
//! | `complain` | clap's complaints in our words |
//! | `exit` | the exit codes |
//! | `screen` | stdout and stderr: colour, width, closed pipes |
//! | `refusal` | why the system refused something, in words |
//! | `sources` | files, stdin, folders, the built-in scenarios |
//! | `stage` | loading a plan and beginning its run |
//! | `play` | plays a run mark by mark and lets readers look |
//! | `narrate` | the story of a run on a screen, routine folded |
//! | `verdict`, `report` | the end of a run, for people and for programs |
//! | `recording` | the file that `--trace` and `--record` write |
//! | `learn` `desk` `watch` `editor` | the exercises; the learner's files; the one that is watched and judged; its editor |
//! | `lines` `repair` | the exercises line by line; the progress put together again |
//! | `dashboard` `terminal` `plain` | the dashboard's loop; its terminal; its sentences |
//! | `frame` `new` | one screen of it as a picture; a scenario to begin with |
//! | `quiz` | the questions of a chapter |
//! | `run` `replay` `sweep` `explain` `check` `book` | the commands |
//!
//! Floor: 7
//! Imports: kernel, book, api, wire, scenario, observe, lab, tell, course, texts, dashboard

mod args;
mod book;
mod check;
mod complain;
mod dashboard;
mod desk;
mod editor;
mod exit;
mod explain;
mod frame;
mod learn;
mod lines;
mod narrate;
mod new;
mod plain;
mod play;
mod quiz;
mod recording;
mod refusal;
mod repair;
mod replay;
mod report;
mod run;
mod screen;
mod sources;
mod stage;
mod sweep;
mod terminal;
mod tree;
mod verdict;
mod watch;
mod wishes;

use std::process::ExitCode;

use crate::tell::{demands, form, sights, state};
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;

use exit::Exit;
use screen::Screen;
use wishes::{Command, Words};

/// Where bugs are reported.
const BUGS: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// Reads the command line, does what it says, gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let words: Vec<String> = args::words();
    let lang = args::language(&words);
    announce_bugs(lang);
    let done = std::panic::catch_unwind(|| begin(&words, lang));
    done.unwrap_or(Exit::Bug).into()
}

/// A broken invariant of ours ends with a request to report it, not with a bare backtrace.
fn announce_bugs(lang: Lang) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // The words must be seen where the shell is, not on a screen that is about to vanish.
        terminal::give_back();
        before(info);
        let hint = Talk::BugReport.fill(lang, &[("url", BUGS)]);
        screen::whisper(&format!("{}\n{hint}", Talk::BugTitle.text(lang)));
    }));
}

fn begin(words: &[String], lang: Lang) -> Exit {
    let Words { command, look } = match args::read(words, lang) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let mut screen = Screen::new(lang, look);
    let exit = match command {
        Command::Run(wishes) => run::run(&wishes, &mut screen),
        Command::Replay(wishes) => replay::replay(&wishes, &mut screen),
        Command::Sweep(wishes) => sweep::sweep(&wishes, &mut screen),
        Command::Explain(wishes) => explain::explain(&wishes, &mut screen),
        Command::Dashboard(wishes) => dashboard::dashboard(&wishes, &mut screen),
        Command::Frame(wishes) => frame::frame(&wishes, &mut screen),
        Command::New(wishes) => new::new(&wishes, &mut screen),
        Command::Learn(wishes) => learn::learn(&wishes, &mut screen),
        Command::Quiz(wishes) => quiz::quiz(&wishes, &mut screen),
        Command::Check(wishes) => check::check(&wishes, &mut screen),
        Command::Book(wishes) => book::book(&wishes, &mut screen),
        Command::Completions(shell) => args::completions(shell, lang, &mut screen),
    };
    screen.flush();
    exit
}
