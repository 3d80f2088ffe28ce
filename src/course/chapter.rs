//! A chapter of the book: its head, and passages tied to moments of runs.

use serde::Deserialize;

use crate::scenario::Loaded;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::source::{Place, Span};
use crate::texts::diagnostics::course as codes;

use super::prose::{self, Block};
use super::read::Reading;
use super::shelf;

/// What opens the head of a chapter.
const OPEN: &str = "<!-- ders";
/// What closes it.
const CLOSE: &str = "-->";

/// The head of a chapter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Head {
    /// Its id, which is the name of its file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How long it takes \[minutes\].
    pub minutes: u32,
    /// Ids of what it teaches.
    #[serde(default)]
    pub covers: Vec<String>,
    /// Ids of what it corrects.
    #[serde(default)]
    pub fixes: Vec<String>,
    /// The scenarios it plays.
    #[serde(default)]
    pub scenarios: Vec<String>,
    /// Ids of chapters to read before.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Ids of its exercises.
    #[serde(default)]
    pub exercises: Vec<String>,
    /// Only its goals are written yet.
    #[serde(default)]
    pub draft: bool,
}

/// A moment of a scenario's run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The scenario.
    pub scenario: String,
    /// Its bookmark.
    pub bookmark: String,
}

/// Some paragraphs, tied to a moment or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The moment.
    pub moment: Option<Moment>,
    /// The text.
    pub blocks: Vec<Block>,
}

/// A chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its head.
    pub head: Head,
    /// Its passages in their order.
    pub passages: Vec<Passage>,
}

pub use super::prose::Block as ProseBlock;

/// Reads a chapter; every error stands at its line and column.
#[must_use]
pub fn parse(name: &str, text: &str) -> Loaded<Chapter> {
    let mut reading = Reading::default();
    let Some((from, to)) = head_of(text) else {
        let file = reading.add(name, text);
        let place = Place { file, span: Span::new(0, 0) };
        reading.found.push(Diagnostic::error(&codes::NO_HEAD, place).arg("file", name));
        return reading.done(None);
    };
    // Everything but the head becomes blanks, so that its places are those of the file.
    let blank = |part: &str| -> String {
        part.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
    };
    let masked = format!("{}{}{}", blank(&text[..from]), &text[from..to], blank(&text[to..]));
    let id = reading.add(name, &masked);
    let head: Option<Head> = reading.value(id, "ders");
    let body = to + text[to..].find(CLOSE).map_or(0, |at| at + CLOSE.len());
    let whole = reading.add(name, text);
    let (passages, wrong) = passages(&text[body..], body);
    for span in wrong {
        let place = Place { file: whole, span };
        let found = text[span.start..span.end].to_owned();
        reading.found.push(Diagnostic::error(&codes::BAD_MOMENT, place).arg("found", found));
    }
    reading.done(head.map(|head| Chapter { head, passages }))
}

/// Where the RON of the head stands.
fn head_of(text: &str) -> Option<(usize, usize)> {
    let from = text.find(OPEN)? + OPEN.len();
    let to = from + text[from..].find(CLOSE)?;
    Some((from, to))
}

/// The passages of a body, and the directives that make no sense.
fn passages(body: &str, offset: usize) -> (Vec<Passage>, Vec<Span>) {
    let (mut passages, mut wrong) = (Vec::new(), Vec::new());
    let (mut moment, mut text, mut fenced, mut at) = (None, String::new(), false, offset);
    let mut flush = |moment: &Option<Moment>, text: &mut String| {
        let blocks = prose::blocks(&std::mem::take(text));
        if !blocks.is_empty() {
            passages.push(Passage { moment: moment.clone(), blocks });
        }
    };
    for line in body.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            fenced = !fenced;
        }
        if !fenced && trimmed.starts_with("{{#an ") {
            flush(&moment, &mut text);
            moment = moment_of(trimmed);
            if moment.is_none() {
                wrong.push(Span::new(at, at + line.trim_end().len()));
            }
        } else {
            if !fenced && moment.is_some() && trimmed.starts_with('#') {
                flush(&moment, &mut text);
                moment = None;
            }
            text.push_str(line);
        }
        at += line.len();
    }
    flush(&moment, &mut text);
    (passages, wrong)
}

/// `{{#an SCENARIO "BOOKMARK"}}`.
fn moment_of(line: &str) -> Option<Moment> {
    let inner = line.strip_prefix("{{#an ")?.strip_suffix("}}")?.trim();
    let (scenario, bookmark) = inner.split_once(char::is_whitespace)?;
    let bookmark = bookmark.trim().trim_matches('"');
    let fine = !scenario.is_empty() && !bookmark.is_empty();
    fine.then(|| Moment { scenario: scenario.to_owned(), bookmark: bookmark.to_owned() })
}

/// A chapter that travels with the program.
#[must_use]
pub fn chapter(id: &str) -> Option<Loaded<Chapter>> {
    let path = format!("book/src/{id}.md");
    Some(parse(&path, shelf::text(&path)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<!-- ders\n( id: \"14-x\", title: \"Arıza\", minutes: 45 )\n-->\n# Arıza\nGiriş *metni*.\n\n{{#an node-failure \"çökme\"}}\nElektrik {{#iddia node-failure: a}}kesildi{{/iddia}}.\n\n- bir\n- iki\n\n## Sonra\n{{#sinama 14-1}}\nSon.\n";

    #[test]
    fn passages_are_tied_to_moments_until_the_next_heading() {
        let loaded = parse("14-x.md", TEXT);
        assert_eq!(loaded.diagnostics, []);
        let chapter = loaded.value.expect("a chapter");
        let moments: Vec<Option<&str>> = chapter
            .passages
            .iter()
            .map(|one| one.moment.as_ref().map(|moment| moment.bookmark.as_str()))
            .collect();
        assert_eq!(moments, [None, Some("çökme"), None]);
        assert_eq!(chapter.passages[1].blocks[0], Block::Text("Elektrik kesildi.".to_owned()));
        assert_eq!(chapter.passages[1].blocks[2], Block::Item("iki".to_owned()));
        assert_eq!(chapter.passages[2].blocks[1], Block::Quiz("14-1".to_owned()));
    }

    #[test]
    fn errors_stand_at_their_line() {
        let wrong = TEXT.replace("minutes", "minuts").replace("\"çökme\"}}", "}}");
        let loaded = parse("14-x.md", &wrong);
        let lines: Vec<usize> = loaded
            .diagnostics
            .iter()
            .filter_map(|one| Some((one, loaded.files.get(one.place.file)?)))
            .map(|(one, file)| file.position(one.place.span.start).line)
            .collect();
        assert!(lines.contains(&2) && lines.contains(&7), "{lines:?}");
        assert!(parse("x.md", "# Yok").has_errors());
    }
}
