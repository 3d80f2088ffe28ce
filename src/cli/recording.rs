//! The file that `--trace` and `--record` write: one JSON object a line.
//!
//! ```json
//! {"prova":"recording","v":1,"version":"0.1.0","files":["a.ron"],"seed":1,"set":[],"texts":{…}}
//! {"v":1,"n":0,"t_ns":…,"what":"raft.role",…}
//! {"checkpoint":{"t_ns":10000000000,"delivered":9120,"digest":"…"}}
//! ```
//!
//! The header carries the texts, so a recording replays where the files are not. A recording has
//! no lines of events; a trace has.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::lab::{Checkpoint, Run};
use crate::observe::{FactId, Observation, trace_lines};
use crate::scenario::Overrides;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;

use super::play::Reader;
use super::stage::Staged;

/// The version of the form.
const VERSION: u32 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    /// Always `recording`.
    prova: String,
    /// The version of the form.
    v: u32,
    /// The version of Prova.
    pub(super) version: String,
    /// The names that were loaded.
    pub(super) files: Vec<String>,
    /// The seed.
    pub(super) seed: u64,
    /// `--nodes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nodes: Option<u32>,
    /// `--until`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<String>,
    /// `--set`.
    #[serde(default)]
    pub(super) set: Vec<String>,
    /// Whether lines of events follow.
    #[serde(default)]
    pub(super) events: bool,
    /// Every text that was read.
    pub(super) texts: BTreeMap<String, String>,
}

impl Header {
    /// The header for a run that is about to be played.
    pub(super) fn of(staged: &Staged, seed: u64, events: bool) -> Self {
        Header {
            prova: "recording".to_owned(),
            v: VERSION,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            files: staged.names.clone(),
            seed,
            nodes: staged.overrides.nodes,
            until: staged.overrides.until.clone(),
            set: staged.overrides.settings.clone(),
            events,
            texts: staged.shelf.read_so_far(),
        }
    }

    /// What stood in place of the files' words.
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            seed: Some(self.seed),
            until: self.until.clone(),
            nodes: self.nodes,
            settings: self.set.clone(),
        }
    }
}

/// A recording, read.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    /// The first line.
    pub(super) header: Header,
    /// The lines of events, as written.
    pub(super) events: Vec<String>,
    /// The digests.
    pub(super) checkpoints: Vec<Checkpoint>,
}

#[derive(Deserialize)]
struct Mark {
    checkpoint: Checkpoint,
}

impl Recording {
    /// Reads the text of a recording.
    ///
    /// Errors: a sentence that says why it is none.
    pub(super) fn read(text: &str, lang: Lang) -> Result<Self, String> {
        let mut lines = text.lines().zip(1u64..).filter(|(line, _)| !line.trim().is_empty());
        let first = lines.next().map(|(line, _)| line).unwrap_or_default();
        let header: Header = match serde_json::from_str(first) {
            Ok(header) => header,
            Err(_) => return Err(newer(first, lang)),
        };
        if header.v != VERSION || header.prova != "recording" {
            return Err(newer(first, lang));
        }
        let mut recording = Recording { header, events: Vec::new(), checkpoints: Vec::new() };
        for (line, number) in lines {
            if line.starts_with("{\"checkpoint\"") {
                let mark: Result<Mark, _> = serde_json::from_str(line);
                let bad = |_| Talk::BadLine.fill(lang, &[("line", number.to_string())]);
                recording.checkpoints.push(mark.map_err(bad)?.checkpoint);
            } else if line.starts_with('{') {
                recording.events.push(line.to_owned());
            } else {
                return Err(Talk::BadLine.fill(lang, &[("line", number.to_string())]));
            }
        }
        if recording.checkpoints.is_empty() {
            return Err(Talk::NoCheckpoints.text(lang).to_owned());
        }
        Ok(recording)
    }
}

/// Why a first line is no header: perhaps because it is a later Prova's.
fn newer(line: &str, lang: Lang) -> String {
    let value: Option<serde_json::Value> = serde_json::from_str(line).ok();
    let version =
        value.as_ref().filter(|value| value["prova"] == "recording").map(|value| &value["v"]);
    match version.and_then(serde_json::Value::as_u64).filter(|found| *found != u64::from(VERSION)) {
        Some(found) => {
            let args = [("found", found.to_string()), ("known", VERSION.to_string())];
            Talk::NewerRecording.fill(lang, &args)
        }
        None => Talk::NoHeader.text(lang).to_owned(),
    }
}

/// Writes a recording while the run plays.
pub(super) struct Writer {
    out: BufWriter<Box<dyn Write>>,
    events: bool,
    failed: Option<std::io::Error>,
}

impl Writer {
    /// Opens `path` (`-` is stdout) and writes the header.
    ///
    /// Errors: the file cannot be made.
    pub(super) fn open(path: &str, header: &Header) -> std::io::Result<Self> {
        let out: Box<dyn Write> = if path == "-" {
            Box::new(std::io::stdout())
        } else {
            Box::new(std::fs::File::create(path)?)
        };
        let mut writer = Writer { out: BufWriter::new(out), events: header.events, failed: None };
        writer.line(&json!(header).to_string());
        Ok(writer)
    }

    /// Everything is on its way.
    ///
    /// Errors: why not everything could be written.
    pub(super) fn close(mut self) -> std::io::Result<()> {
        let flushed = self.out.flush();
        self.failed.map_or(flushed, Err)
    }

    fn line(&mut self, text: &str) {
        if self.failed.is_none()
            && let Err(why) = writeln!(self.out, "{text}")
        {
            self.failed = Some(why);
        }
    }
}

impl Reader for Writer {
    fn fact(&mut self, id: FactId, seen: &Observation) {
        if self.events {
            for line in trace_lines(&seen.facts, id, &seen.directory) {
                self.line(&line);
            }
        }
    }

    fn mark(&mut self, _run: &Run, checkpoint: &Checkpoint) {
        self.line(&json!({ "checkpoint": checkpoint }).to_string());
    }

    fn enough(&self) -> bool {
        self.failed.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_recording_says_why() {
        let wrong = [
            ("", "ilk satırda başlık yok"),
            ("apiVersion: v1", "ilk satırda başlık yok"),
            (
                r#"{"prova":"recording","v":9}"#,
                "kayıt biçiminin sürümü 9; bu Prova 1 sürümünü okur",
            ),
        ];
        for (text, why) in wrong {
            assert_eq!(Recording::read(text, Lang::Tr).map(|_| ()), Err(why.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_broken_line_is_named_by_its_number() {
        let header = r#"{"prova":"recording","v":1,"version":"0","files":[],"seed":1,"texts":{}}"#;
        let text = format!("{header}\n\nnonsense\n");
        assert_eq!(
            Recording::read(&text, Lang::En).map(|_| ()),
            Err("line 3 cannot be read".into())
        );
        let text = format!("{header}\n{{\"checkpoint\":{{}}}}\n");
        assert_eq!(
            Recording::read(&text, Lang::En).map(|_| ()),
            Err("line 2 cannot be read".into())
        );
        assert!(Recording::read(header, Lang::En).is_err());
    }
}
