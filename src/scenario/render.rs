//! Shows diagnostics: as lines for people, as JSON for editors and scripts.
//!
//! The lines are plain text without colour or box drawing, so that a screen reader, a log and a
//! golden file see the same thing; a face may paint them.

use std::fmt::Write as _;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthChar as _;

use crate::scenario::diagnostic::{Diagnostic, Severity};
use crate::scenario::source::{Files, Place, Position, SourceFile};
use crate::texts::diagnostics::Frame;
use crate::texts::{Key as _, Lang};

/// A tab in an excerpt reaches to the next multiple of this many columns.
const TAB: usize = 4;
/// An excerpt shows at most this many columns of a line.
const EXCERPT: usize = 120;
/// When a line is cut, this many columns before the caret stay.
const BEFORE_CARET: usize = 60;

/// The diagnostic as a block of lines, ending with a line break.
///
/// ```text
/// hata[P0201]: `Deployment.spec` içinde `replcas` adlı bir alan yok
///   --> shop.yaml:7:3
///    |
///  7 |   replcas: 3
///    |   ^^^^^^^
///    = öneri: `replicas`
/// ```
pub fn to_text(found: &Diagnostic, files: &Files, lang: Lang) -> String {
    let mut out = String::new();
    let severity = severity_word(found.severity, lang);
    let message = one_line(&found.message(lang));
    let words = found.words(lang);
    // Writing to a String cannot fail; the results are dropped on purpose in this file.
    let _ = writeln!(out, "{severity}[{}]: {message}", found.code.code);
    let margin = margin(found, files);
    excerpt(&mut out, files, found.place, ("-->", '^', None), margin);
    for related in &found.related {
        let label = related.label.fill(lang, &words);
        excerpt(&mut out, files, related.place, (":::", '-', Some(&label)), margin);
    }
    if !found.suggestions.is_empty() {
        let suggestions = found.suggestions.iter().map(|word| one_line(word));
        let words: Vec<String> = suggestions.map(|word| format!("`{word}`")).collect();
        let word = Frame::Suggestion.text(lang);
        let _ = writeln!(out, "{:margin$} = {word}: {}", "", words.join(", "));
    }
    if let Some(help) = found.code.help {
        let text = one_line(&help.fill(lang, &words));
        let _ = writeln!(out, "{:margin$} = {}: {text}", "", Frame::Help.text(lang));
    }
    out
}

/// Place and message on one line, for where there is room for no more: `1:7: …`.
pub fn in_one_line(found: &Diagnostic, files: &Files, lang: Lang) -> String {
    let message = one_line(&found.message(lang));
    let place = files.get(found.place.file).map(|file| file.position(found.place.span.start));
    let place = place.map_or_else(String::new, |at| format!("{}:{}: ", at.line, at.column));
    format!("{place}{message} ({})", found.code.code)
}

/// All diagnostics as text, a blank line between them, and a last line that counts them.
pub fn all_to_text(found: &[Diagnostic], files: &Files, lang: Lang) -> String {
    let mut blocks: Vec<String> = found.iter().map(|one| to_text(one, files, lang)).collect();
    if !found.is_empty() {
        blocks.push(format!("{}\n", summary(found, lang)));
    }
    blocks.join("\n")
}

/// "2 hata, 1 uyarı": how many of each severity there are; empty when there is nothing.
pub fn summary(found: &[Diagnostic], lang: Lang) -> String {
    let words = [
        (Severity::Error, Frame::OneError, Frame::Errors),
        (Severity::Warning, Frame::OneWarning, Frame::Warnings),
        (Severity::Note, Frame::OneNote, Frame::Notes),
    ];
    let mut parts = Vec::new();
    for (severity, one, many) in words {
        match found.iter().filter(|one| one.severity == severity).count() {
            0 => {}
            1 => parts.push(one.text(lang).to_owned()),
            count => parts.push(many.fill(lang, &[("count", count.to_string())])),
        }
    }
    parts.join(", ")
}

/// The diagnostic as one JSON object with stable English keys.
///
/// `line`, `column`, `end_line`, `end_column` count from 1, columns in characters; `start` and
/// `end` are bytes.
pub fn to_json(found: &Diagnostic, files: &Files, lang: Lang) -> Value {
    let words = found.words(lang);
    let related: Vec<Value> = found
        .related
        .iter()
        .map(|related| {
            let mut value = place_json(files, related.place);
            value["message"] = json!(related.label.fill(lang, &words));
            value
        })
        .collect();
    let mut value = place_json(files, found.place);
    value["schema"] = json!("prova.diagnostic/1");
    value["code"] = json!(found.code.code);
    value["severity"] = json!(severity_key(found.severity));
    value["message"] = json!(found.message(lang));
    value["help"] = json!(found.code.help.map(|help| help.fill(lang, &words)));
    value["suggestions"] = json!(found.suggestions);
    value["related"] = Value::Array(related);
    value
}

fn place_json(files: &Files, place: Place) -> Value {
    let Some(file) = files.get(place.file) else { return json!({}) };
    let start = file.position(place.span.start);
    let end = file.position(place.span.end);
    json!({
        "file": file.name,
        "line": start.line, "column": start.column,
        "end_line": end.line, "end_column": end.column,
        "start": place.span.start, "end": place.span.end,
    })
}

fn severity_word(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Error => Frame::Error,
        Severity::Warning => Frame::Warning,
        Severity::Note => Frame::Note,
    }
    .text(lang)
}

fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Room for the largest line number that the block shows.
fn margin(found: &Diagnostic, files: &Files) -> usize {
    let places = std::iter::once(found.place).chain(found.related.iter().map(|one| one.place));
    let lines = places.filter_map(|place| Some(files.get(place.file)?.position(place.span.start)));
    let longest = lines.map(|position| position.line.to_string().len()).max();
    longest.unwrap_or(1).max(2)
}

/// Arrow line, source line, caret line.
fn excerpt(
    out: &mut String,
    files: &Files,
    place: Place,
    (arrow, mark, label): (&str, char, Option<&str>),
    margin: usize,
) {
    let Some(file) = files.get(place.file) else { return };
    let start = file.position(place.span.start);
    let name = one_line(&file.name);
    let _ = writeln!(out, "{:margin$}{arrow} {name}:{}:{}", "", start.line, start.column);
    let (shown, indent, length) = window(file, place, start);
    let _ = writeln!(out, "{:margin$} |", "");
    let _ = writeln!(out, "{:>margin$} | {shown}", start.line);
    let marks: String = std::iter::repeat_n(mark, length).collect();
    let label = label.map_or(String::new(), |label| format!(" {}", one_line(label)));
    let _ = writeln!(out, "{:margin$} | {:indent$}{marks}{label}", "", "");
}

/// The part of the line to show, the column of the caret in it and how many carets.
fn window(file: &SourceFile, place: Place, start: Position) -> (String, usize, usize) {
    let line = file.line(start.line);
    let line_start = file.line_start(start.line);
    let from = place.span.start.saturating_sub(line_start);
    let to = place.span.end.saturating_sub(line_start).max(from);
    let mut cells: Vec<(String, usize)> = Vec::new();
    let (mut column, mut indent, mut end) = (0, None, None);
    for (at, letter) in line.char_indices() {
        if at >= from {
            indent.get_or_insert(column);
        }
        if at >= to {
            end.get_or_insert(column);
        }
        let (cell, width) = show(letter, column);
        column += width;
        cells.push((cell, width));
    }
    let indent = indent.unwrap_or(column);
    let length = end.unwrap_or(column).saturating_sub(indent).max(1);
    let cut = if column > EXCERPT { indent.saturating_sub(BEFORE_CARET) } else { 0 };
    let (mut shown, mut at, mut skipped) = (String::new(), 0, 0);
    for (cell, width) in cells {
        if at < cut {
            skipped = at + width;
        } else if at + width <= cut + EXCERPT {
            shown.push_str(&cell);
        }
        at += width;
    }
    (shown.trim_end().to_owned(), indent - skipped.min(indent), length.min(EXCERPT - BEFORE_CARET))
}

/// How one letter is shown at `column`, and how many columns it takes.
fn show(letter: char, column: usize) -> (String, usize) {
    if letter == '\t' {
        let width = TAB - column % TAB;
        return (" ".repeat(width), width);
    }
    match letter.width() {
        Some(width) if !is_hidden(letter) => (letter.to_string(), width),
        _ => ("\u{fffd}".to_owned(), 1),
    }
}

/// Letters that would change how the rest of the line looks (direction marks and the like).
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

/// A value may hold line breaks or control letters; a message is one line.
fn one_line(text: &str) -> String {
    let bad = |letter: char| letter.is_control() || is_hidden(letter);
    if !text.contains(bad) {
        return text.to_owned();
    }
    text.chars().map(|letter| if bad(letter) { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::source::Span;
    use crate::texts::diagnostics::{Label, shape};

    fn sample(text: &str, word: &str) -> (Diagnostic, Files) {
        let mut files = Files::new();
        let file = files.add("a.yaml", text);
        let start = text.find(word).unwrap_or(0);
        let place = Place { file, span: Span::new(start, start + word.len()) };
        let found = Diagnostic::error(&shape::UNKNOWN_FIELD, place)
            .arg("field", word)
            .arg("owner", "Pod.spec");
        (found, files)
    }

    #[test]
    fn the_caret_stands_under_the_word_even_after_tabs_and_turkish_letters() {
        let (found, files) = sample("a: 1\n\tağaç: {şş: 1, kök: 2}\n", "kök");
        let found = found.suggest(["tek".to_owned()]);
        let text = to_text(&found, &files, Lang::Tr);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "  --> a.yaml:2:16");
        assert_eq!(lines[3], " 2 |     ağaç: {şş: 1, kök: 2}");
        assert_eq!(lines[4], "   |                   ^^^");
        assert!(lines[5].ends_with("`tek`"), "{text}");
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_caret() {
        let long = format!("{}kök{}", "x".repeat(400), "y".repeat(400));
        let (found, files) = sample(&long, "kök");
        let text = to_text(&found, &files, Lang::En);
        assert!(text.lines().all(|line| line.chars().count() < 140), "{text}");
        let line = text.lines().nth(3).unwrap_or_default().find("kök");
        let caret = text.lines().nth(4).unwrap_or_default().find('^');
        assert_eq!(line, caret);
    }

    #[test]
    fn control_letters_never_reach_the_terminal() {
        let (found, files) = sample("a: \u{1b}[31mkök\u{202e}", "kök");
        let found = found.also(Place::default(), Label::FirstHere);
        let text = to_text(&found, &files, Lang::Tr);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    }

    #[test]
    fn json_has_stable_keys_and_counts_from_one() {
        let (found, files) = sample("ğ: {kök: 2}\n", "kök");
        let value = to_json(&found, &files, Lang::En);
        assert_eq!(value["line"], 1);
        assert_eq!(value["column"], 5);
        assert_eq!(value["end_column"], 8);
        assert_eq!(value["code"], "P0201");
        assert_eq!(value["severity"], "error");
    }

    #[test]
    fn the_summary_counts_by_severity() {
        let (found, _) = sample("kök", "kök");
        let warning = Diagnostic { severity: Severity::Warning, ..found.clone() };
        let all = [found.clone(), warning, found];
        assert_eq!(summary(&all, Lang::Tr), "2 hata, 1 uyarı");
        assert_eq!(summary(&all, Lang::En), "2 errors, 1 warning");
    }
}
