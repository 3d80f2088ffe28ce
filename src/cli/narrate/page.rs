//! Lines in the order of time, though some are still growing.
//!
//! A folded line bears the moment at which it began, and later lines must not overtake it: the
//! page gives lines away only up to the first one that is not finished.

use std::collections::VecDeque;

use crate::kernel::SimTime;

use crate::tell::Tone;

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Line {
    /// When.
    pub(in crate::cli) at: SimTime,
    /// Its mood.
    pub(in crate::cli) tone: Tone,
    /// The sentence.
    pub(in crate::cli) text: String,
    /// What the scenario's author says about it.
    pub(in crate::cli) note: String,
}

/// The number of a place that is kept for a growing line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u64);

#[derive(Clone, Debug)]
enum Entry {
    /// Still growing.
    Kept,
    /// Finished.
    Done(Line),
    /// Nothing came of it.
    Dropped,
}

/// The lines that are not shown yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    first: u64,
    entries: VecDeque<Entry>,
}

impl Page {
    /// Puts a finished line at the end.
    pub(super) fn put(&mut self, line: Line) {
        self.entries.push_back(Entry::Done(line));
    }

    /// Keeps a place at the end for a line that grows.
    pub(super) fn keep(&mut self) -> Place {
        self.entries.push_back(Entry::Kept);
        Place(self.first + self.entries.len() as u64 - 1)
    }

    /// The line of a place is finished; none: nothing came of it.
    pub(super) fn fill(&mut self, place: Place, line: Option<Line>) {
        let index = usize::try_from(place.0 - self.first).unwrap_or(usize::MAX);
        if let Some(entry) = self.entries.get_mut(index) {
            *entry = line.map_or(Entry::Dropped, Entry::Done);
        }
    }

    /// Every line up to the first one that still grows.
    pub(super) fn take_finished(&mut self) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(entry) = self.entries.pop_front() {
            match entry {
                Entry::Kept => {
                    self.entries.push_front(Entry::Kept);
                    break;
                }
                Entry::Done(line) => lines.push(line),
                Entry::Dropped => {}
            }
            self.first += 1;
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line { at: SimTime::ZERO, tone: Tone::Neutral, text: text.to_owned(), note: String::new() }
    }

    #[test]
    fn no_line_overtakes_one_that_grows() {
        let mut page = Page::default();
        page.put(line("a"));
        let place = page.keep();
        let other = page.keep();
        page.put(line("c"));
        assert_eq!(page.take_finished(), [line("a")]);
        page.fill(other, None);
        assert!(page.take_finished().is_empty());
        page.fill(place, Some(line("b")));
        assert_eq!(page.take_finished(), [line("b"), line("c")]);
    }
}
