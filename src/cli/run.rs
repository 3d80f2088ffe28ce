//! `prova run`: plays a scenario or manifests and judges.

#![expect(
    clippy::disallowed_types,
    reason = "how long a run took in real time is of interest to people"
)]

use std::time::Instant;

use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::lab::Run;
use crate::texts::Key as _;
use crate::texts::cli::Talk;

use super::exit::Exit;
use super::narrate::Narrator;
use super::play::{Reader, play};
use super::recording::{Header, Writer};
use super::refusal::reason;
use super::screen::Screen;
use super::stage::{Staged, begin, load_given};
use super::wishes::RunWishes;
use super::{form, report, verdict};

/// Plays, tells, judges.
pub(super) fn run(wishes: &RunWishes, screen: &mut Screen) -> Exit {
    let staged = match load_given(&wishes.files, &wishes.overrides, wishes.json, screen) {
        Ok(staged) => staged,
        Err(exit) => return exit,
    };
    let mut run = match begin(&staged, screen) {
        Ok(run) => run,
        Err(exit) => return exit,
    };
    let mut writers = Vec::new();
    for (path, events) in [(&wishes.trace, true), (&wishes.record, false)] {
        let Some(path) = path else { continue };
        let header = Header::of(&staged, run.sim().seed(), events);
        match Writer::open(path, &header) {
            Ok(writer) => writers.push((path.clone(), writer)),
            Err(why) => return unwritable(path, &why, screen),
        }
    }
    let started = Instant::now();
    tell(&staged, &mut run, wishes, &mut writers, screen);
    let end = run.report();
    if wishes.json {
        let value = report::to_json(&staged, &run, &end, screen.lang);
        screen.line(&value.to_string());
    } else if !screen.closed() {
        verdict::closing(&staged, &run, &end, screen);
    }
    for (path, writer) in writers {
        if let Err(why) = writer.close() {
            return unwritable(&path, &why, screen);
        }
        screen.talk(&Talk::Wrote.fill(screen.lang, &[("file", path)]));
    }
    took(
        &run,
        Span::nanos(u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX)),
        screen,
    );
    if screen.closed() && run.now() < run.plan().until { Exit::Fine } else { report::exit_of(&end) }
}

/// Plays with the readers that were wished for.
fn tell(
    staged: &Staged,
    run: &mut Run,
    wishes: &RunWishes,
    writers: &mut [(String, Writer)],
    screen: &mut Screen,
) {
    let story = !wishes.json && !screen.look.quiet;
    if story {
        verdict::opening(staged, run.sim().seed(), screen);
    }
    let mut readers: Vec<&mut dyn Reader> = Vec::new();
    for (_, writer) in writers.iter_mut() {
        readers.push(writer);
    }
    if story {
        let mut narrator = Narrator::new(screen, &staged.plan);
        readers.push(&mut narrator);
        play(run, None, &mut readers);
        narrator.finish();
    } else {
        play(run, None, &mut readers);
    }
}

fn took(run: &Run, real: Span, screen: &mut Screen) {
    let lang = screen.lang;
    let simulated = form::span(lang, run.now().since(SimTime::ZERO));
    let args = [("virtual", simulated), ("real", form::span(lang, real))];
    screen.talk(&Talk::Took.fill(lang, &args));
}

fn unwritable(path: &str, why: &std::io::Error, screen: &mut Screen) -> Exit {
    let args = [("file", path.to_owned()), ("reason", reason(why, screen.lang))];
    let text = Talk::FileUnwritable.fill(screen.lang, &args);
    screen.complain(&format!("{}: {text}", Talk::Error.text(screen.lang)));
    Exit::Files
}
