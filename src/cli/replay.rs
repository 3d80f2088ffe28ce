//! `prova replay`: plays a recorded run again and points at the first difference.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::lab::{Checkpoint, Difference, Run, first_difference};
use crate::observe::{FactId, Observation, trace_lines};
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;
use crate::texts::verdict::Replays;

use super::exit::Exit;
use super::form;
use super::play::{Reader, play};
use super::recording::Recording;
use super::refusal::reason;
use super::screen::{Paint, Screen};
use super::sources::Shelf;
use super::stage::{begin, load_named};
use super::wishes::ReplayWishes;

/// Reads along: compares every event and keeps every digest.
struct Comparer {
    events: bool,
    waiting: VecDeque<String>,
    /// The first event that differs: as recorded, as found.
    differs: Option<(Option<String>, Option<String>)>,
    found: Vec<Checkpoint>,
}

impl Reader for Comparer {
    fn fact(&mut self, id: FactId, seen: &Observation) {
        if !self.events || self.differs.is_some() {
            return;
        }
        for line in trace_lines(&seen.facts, id, &seen.directory) {
            let recorded = self.waiting.pop_front();
            if recorded.as_ref() != Some(&line) {
                self.differs = Some((recorded, Some(line)));
                return;
            }
        }
    }

    fn mark(&mut self, _run: &Run, checkpoint: &Checkpoint) {
        self.found.push(checkpoint.clone());
    }
}

/// Plays again and compares.
pub(super) fn replay(wishes: &ReplayWishes, screen: &mut Screen) -> Exit {
    let lang = screen.lang;
    let recording = match read(&wishes.file, lang) {
        Ok(recording) => recording,
        Err((text, exit)) => {
            screen.complain(&format!("{}: {text}", Talk::Error.text(lang)));
            return exit;
        }
    };
    let header = &recording.header;
    let shelf = Shelf::sealed(header.texts.clone());
    let loaded = load_named(header.files.clone(), &header.overrides(), shelf, wishes.json, screen);
    let mut run = match loaded.and_then(|staged| begin(&staged, screen)) {
        Ok(run) => run,
        Err(exit) => return exit,
    };
    let mut comparer = Comparer {
        events: header.events,
        waiting: recording.events.iter().cloned().collect(),
        differs: None,
        found: Vec::new(),
    };
    play(&mut run, None, &mut [&mut comparer]);
    if comparer.events && comparer.differs.is_none() && !comparer.waiting.is_empty() {
        comparer.differs = Some((comparer.waiting.pop_front(), None));
    }
    let difference = first_difference(&recording.checkpoints, &comparer.found);
    let same = difference.is_none() && comparer.differs.is_none();
    if wishes.json {
        screen.line(&to_json(&recording, difference.as_ref(), &comparer).to_string());
    } else if same {
        told_same(&run, &comparer, screen);
    } else {
        told_different(&recording, difference.as_ref(), &comparer, screen);
    }
    if same { Exit::Fine } else { Exit::Differs }
}

fn read(file: &str, lang: Lang) -> Result<Recording, (String, Exit)> {
    let bytes = if file == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    let bytes = bytes.map_err(|why| {
        let args = [("file", file.to_owned()), ("reason", reason(&why, lang))];
        let missing = why.kind() == std::io::ErrorKind::NotFound;
        let key = if missing { Talk::FileNotFound } else { Talk::FileUnreadable };
        (key.fill(lang, &args), Exit::Files)
    })?;
    Recording::read(&String::from_utf8_lossy(&bytes), lang).map_err(|reason| {
        let args = [("file", file.to_owned()), ("reason", reason)];
        (Talk::NoRecording.fill(lang, &args), Exit::Files)
    })
}

fn at(nanos: u64) -> SimTime {
    SimTime::ZERO + Span::nanos(nanos)
}

fn told_same(run: &Run, comparer: &Comparer, screen: &mut Screen) {
    let lang = screen.lang;
    let args = [
        ("count", comparer.found.len().to_string()),
        ("end", form::moment(lang, run.now())),
        ("digest", run.sim().digest().to_string()),
    ];
    let sign = screen.mark(true);
    screen.wrapped(&format!("{sign} "), &Replays::Same.fill(lang, &args), Paint::Plain, 2);
}

fn told_different(
    recording: &Recording,
    found: Option<&Difference>,
    comparer: &Comparer,
    screen: &mut Screen,
) {
    let lang = screen.lang;
    let sign = screen.mark(false);
    screen.wrapped(&format!("{sign} "), Replays::Differs.text(lang), Paint::Bad, 2);
    if let Some(found) = found {
        let args = [
            ("after", form::moment(lang, at(found.after_ns))),
            ("at", form::moment(lang, at(found.at_ns))),
        ];
        screen.wrapped("  ", &Replays::Between.fill(lang, &args), Paint::Plain, 4);
        for (label, mark) in [(Replays::Recorded, &found.recorded), (Replays::Found, &found.found)]
        {
            let args =
                [("digest", mark.digest.clone()), ("delivered", form::count(lang, mark.delivered))];
            let text = format!("{}: {}", label.text(lang), Replays::Checkpoint.fill(lang, &args));
            screen.wrapped("    ", &text, Paint::Plain, 6);
        }
    }
    if let Some((recorded, now)) = &comparer.differs {
        screen.wrapped("  ", Replays::FirstLine.text(lang), Paint::Plain, 4);
        for (label, line) in [(Replays::Recorded, recorded), (Replays::Found, now)] {
            let line = line.as_deref().unwrap_or(Replays::Missing.text(lang));
            screen.wrapped("    ", &format!("{}: {line}", label.text(lang)), Paint::Plain, 6);
        }
    }
    let (recorded, now) = (recording.header.version.as_str(), env!("CARGO_PKG_VERSION"));
    if recorded != now {
        let args = [("recorded", recorded), ("now", now)];
        screen.complain(&Replays::OtherVersion.fill(lang, &args));
    }
}

fn to_json(recording: &Recording, difference: Option<&Difference>, comparer: &Comparer) -> Value {
    let first = difference.map(|found| {
        json!({
            "after_ns": found.after_ns, "at_ns": found.at_ns,
            "recorded": found.recorded, "found": found.found,
        })
    });
    let event = comparer
        .differs
        .as_ref()
        .map(|(recorded, found)| json!({"recorded": recorded, "found": found}));
    json!({
        "schema": "prova.replay/1",
        "same": difference.is_none() && comparer.differs.is_none(),
        "checkpoints": recording.checkpoints.len(),
        "difference": first,
        "event": event,
    })
}
