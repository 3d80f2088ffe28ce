//! Lines of pieces, each with a role and with what it stands for; wrapping, padding, cutting.

use unicode_width::UnicodeWidthStr as _;

use crate::dashboard::model::{Role, Text};
use crate::dashboard::stops::Stop;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bit {
    pub(super) text: String,
    pub(super) role: Role,
    /// What it stands for, where only a part of the line does.
    pub(super) stop: Option<Stop>,
}

/// A line of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) bits: Vec<Bit>,
    /// What the whole line stands for.
    pub(super) stop: Option<Stop>,
    /// It is the head of the table below it.
    pub(super) head: bool,
    /// It is text to read: standing on it marks its edge only.
    pub(super) read: bool,
    /// The number of its block.
    pub(super) block: usize,
}

/// How wide a text is on a screen.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

impl Line {
    pub(super) fn of(text: &Text) -> Line {
        let mut line = Line::default();
        line.text(text);
        line
    }

    pub(super) fn put(&mut self, role: Role, text: impl Into<String>) {
        self.bits.push(Bit { text: text.into(), role, stop: None });
    }

    pub(super) fn text(&mut self, text: &Text) {
        for piece in &text.0 {
            self.put(piece.role, piece.text.as_str());
        }
    }

    pub(super) fn with(mut self, stop: Option<Stop>) -> Line {
        self.stop = stop;
        self
    }

    pub(super) fn width(&self) -> usize {
        self.bits.iter().map(|bit| width(&bit.text)).sum()
    }

    /// Blanks up to a column.
    pub(super) fn pad(&mut self, column: usize) {
        let here = self.width();
        if here < column {
            self.put(Role::Plain, " ".repeat(column - here));
        }
    }

    /// Whether it, or a piece of it, stands for this.
    pub(super) fn holds(&self, stop: &Stop) -> bool {
        self.stop.as_ref() == Some(stop)
            || self.bits.iter().any(|bit| bit.stop.as_ref() == Some(stop))
    }
}

/// A text cut to a width, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    for letter in text.chars() {
        let mut next = out.clone();
        next.push(letter);
        if width(&next) + 1 > room {
            break;
        }
        out = next;
    }
    if room > 0 {
        out.push('…');
    }
    out
}

/// A text with its roles, cut to a width.
pub(super) fn cut_text(text: &Text, room: usize) -> Text {
    let mut out = Text::default();
    let mut left = room;
    for piece in &text.0 {
        let piece_width = width(&piece.text);
        if piece_width <= left {
            out = out.and(piece.role, piece.text.as_str());
            left -= piece_width;
        } else {
            return out.and(piece.role, cut(&piece.text, left));
        }
    }
    out
}

/// A text broken between words into lines of at most `room` columns; a word that is too long is
/// broken, so nothing is lost.
pub(super) fn wrap(text: &Text, room: usize) -> Vec<Text> {
    let room = room.max(8);
    let mut lines = vec![Text::default()];
    let mut used = 0;
    let mut gap = String::new();
    for piece in &text.0 {
        for (blank, word) in words(&piece.text) {
            gap.push_str(blank);
            let needs = width(&gap) + width(word);
            if used + needs > room && used > 0 && !word.is_empty() {
                lines.push(Text::default());
                used = 0;
                gap.clear();
            }
            for part in parts(word, room) {
                if used > 0 && used + width(&gap) + width(part) > room {
                    lines.push(Text::default());
                    used = 0;
                    gap.clear();
                }
                let line = lines.last_mut().expect("there is always a line");
                *line = std::mem::take(line).and(piece.role, format!("{gap}{part}"));
                used += width(&gap) + width(part);
                gap.clear();
            }
        }
    }
    lines
}

/// Blanks and the word behind them.
fn words(text: &str) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let blank = rest.len() - rest.trim_start_matches(' ').len();
        let tail = &rest[blank..];
        let end = tail.find(' ').unwrap_or(tail.len());
        out.push((&rest[..blank], &tail[..end]));
        rest = &tail[end..];
    }
    out
}

/// A word in parts that fit.
fn parts(word: &str, room: usize) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = word;
    while width(rest) > room {
        let mut end = 0;
        for (place, letter) in rest.char_indices() {
            let next = place + letter.len_utf8();
            if width(&rest[..next]) > room {
                break;
            }
            end = next;
        }
        if end == 0 {
            break;
        }
        out.push(&rest[..end]);
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        out.push(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cut_text_says_that_something_is_missing() {
        assert_eq!(cut("düğümler", 8), "düğümler");
        assert_eq!(cut("düğümler", 5), "düğü…");
        assert_eq!(cut("x", 0), "");
    }

    proptest! {
        #[test]
        fn wrapping_loses_no_letter_and_keeps_the_width(
            words in proptest::collection::vec("[a-zğüşıöç●]{1,30}", 0..20),
            room in 8_usize..50,
        ) {
            let text = Text::plain(words.join(" ")).and(Role::Bad, " son");
            let lines = wrap(&text, room);
            for line in &lines {
                prop_assert!(width(&line.letters()) <= room);
            }
            let all: String = lines.iter().map(Text::letters).collect();
            let plain = |text: &str| text.replace(' ', "");
            prop_assert_eq!(plain(&all), plain(&text.letters()));
        }
    }
}
