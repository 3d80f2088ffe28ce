//! stdout and stderr: colour, width, closed pipes.
//!
//! A reader that goes away (`prova | head`) is no error: what follows is not written, and whoever
//! plays a run may ask [`Screen::closed`] and stop.

use std::io::{BufWriter, IsTerminal as _, Stdout, Write as _};

use unicode_width::UnicodeWidthStr as _;

use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::verdict::Verdict;

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How things shall look.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// When to use colour.
    pub(super) colour: Colour,
    /// Words instead of signs.
    pub(super) plain: bool,
    /// Only the result.
    pub(super) quiet: bool,
    /// Nothing is summed up.
    pub(super) verbose: bool,
}

/// A way of painting words; colour never carries a meaning alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// As it is.
    Plain,
    /// All is well.
    Good,
    /// Take care.
    Warning,
    /// Broken.
    Bad,
    /// Of less weight.
    Dim,
    /// A heading.
    Bold,
}

impl Paint {
    /// The ANSI code. Blue, orange and red differ for every kind of colour blindness.
    fn code(self) -> &'static str {
        match self {
            Paint::Plain => "",
            Paint::Good => "94",
            Paint::Warning => "33",
            Paint::Bad => "1;91",
            Paint::Dim => "2",
            Paint::Bold => "1",
        }
    }
}

/// stdout, with everything that is known about it.
#[derive(Debug)]
pub(super) struct Screen {
    /// The language.
    pub(super) lang: Lang,
    /// How things shall look.
    pub(super) look: Look,
    out: BufWriter<Stdout>,
    colour: bool,
    width: Option<usize>,
    closed: bool,
}

impl Screen {
    /// stdout as it is now.
    pub(super) fn new(lang: Lang, look: Look) -> Self {
        let out = std::io::stdout();
        let terminal = out.is_terminal();
        let colour = match look.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !no_colour(),
        };
        let columns = terminal_size::terminal_size_of(&out);
        let width = columns.map(|(columns, _)| usize::from(columns.0)).filter(|_| terminal);
        let colour = colour && !look.plain;
        Screen { lang, look, out: BufWriter::new(out), colour, width, closed: false }
    }

    /// Nobody reads any more.
    pub(super) fn closed(&self) -> bool {
        self.closed
    }

    /// Writes as it is.
    pub(super) fn write(&mut self, text: &str) {
        if !self.closed && self.out.write_all(text.as_bytes()).is_err() {
            self.closed = true;
        }
    }

    /// Writes a line.
    pub(super) fn line(&mut self, text: &str) {
        self.write(text);
        self.write("\n");
    }

    /// Writes a line, folded at the terminal's width with `hang` columns before what follows.
    pub(super) fn wrapped(&mut self, head: &str, text: &str, paint: Paint, hang: usize) {
        let room = self.width.map_or(usize::MAX, |width| width.saturating_sub(hang).max(20));
        let mut first = true;
        for part in fold(text, room) {
            let painted = self.painted(&part, paint);
            let lead = if first { head.to_owned() } else { " ".repeat(hang) };
            self.line(&format!("{lead}{painted}"));
            first = false;
        }
    }

    /// The mark of something that held or did not: a sign, or a word in plain output.
    pub(super) fn mark(&self, held: bool) -> String {
        let (sign, word, paint) = if held {
            ("✔", Verdict::Held, Paint::Good)
        } else {
            ("✖", Verdict::NotHeld, Paint::Bad)
        };
        let text = if self.look.plain { word.text(self.lang) } else { sign };
        self.painted(text, paint)
    }

    /// What was written goes out now.
    pub(super) fn flush(&mut self) {
        if !self.closed && self.out.flush().is_err() {
            self.closed = true;
        }
    }

    /// Painted, if there is colour.
    pub(super) fn painted(&self, text: &str, paint: Paint) -> String {
        if self.colour && paint != Paint::Plain && !text.is_empty() {
            format!("\u{1b}[{}m{text}\u{1b}[0m", paint.code())
        } else {
            text.to_owned()
        }
    }

    /// A word for people, on stderr, unless it shall be quiet.
    pub(super) fn talk(&mut self, text: &str) {
        if !self.look.quiet {
            self.flush();
            whisper(text);
        }
    }

    /// Something went wrong: on stderr, always.
    pub(super) fn complain(&mut self, text: &str) {
        self.flush();
        whisper(text);
    }
}

/// A line on stderr; a closed stderr is nobody's problem.
pub(super) fn whisper(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
}

/// Whether the environment wants no colour.
pub(super) fn no_colour() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Breaks a text between words so that no line is wider than `room` columns.
fn fold(text: &str, room: usize) -> Vec<String> {
    if text.width() <= room {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.width() + 1 + word.width() <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_between_words_and_lose_none() {
        let text = "bir iki üç dört beş altı yedi sekiz dokuz on";
        let lines = fold(text, 12);
        assert!(lines.iter().all(|line| line.width() <= 12), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(fold("kısa", 80), ["kısa"]);
    }
}
