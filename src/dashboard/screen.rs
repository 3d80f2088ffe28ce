//! A whole screen in meaning: top line, tabs, panels, timeline strip, key bar, overlay.
//!
//! Cells, sentences and pictures are drawn from it, so all of them say the same.

use std::sync::Arc;

use crate::kernel::SimTime;
use crate::lab::MarkKind;
use crate::texts::Lang;

use super::app::Focus;
use super::model::{Page, Text, Tier};
use super::stops::Stop;

/// A screen.
#[derive(Clone, Debug)]
pub struct Screen {
    /// The language.
    pub lang: Lang,
    /// Signs of ASCII only.
    pub ascii: bool,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Scenario, time, pace.
    pub top: Text,
    /// The views with their keys; the one that is seen is marked.
    pub tabs: Vec<Tab>,
    /// The panels, from left to right; never empty.
    pub panels: Vec<Panel>,
    /// The timeline, where a scenario is open.
    pub strip: Option<Strip>,
    /// The keys that matter here, the most important first.
    pub bar: Vec<Hint>,
    /// What stands last on a bar that has no room for all.
    pub more: Hint,
    /// What lies over the panels.
    pub overlay: Option<Over>,
    /// A word about what just happened.
    pub notice: Option<Text>,
}

/// A view's key and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// The key.
    pub key: char,
    /// The name.
    pub name: String,
    /// It is the one that is seen.
    pub here: bool,
}

/// A panel.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Which.
    pub focus: Focus,
    /// Its name and what it is about.
    pub title: Text,
    /// What it says.
    pub page: Arc<Page>,
    /// The line that the reader stands on.
    pub chosen: Option<Stop>,
    /// The keys go to it.
    pub active: bool,
}

/// The timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    /// Where the reader stands.
    pub now: SimTime,
    /// How far was played.
    pub known: SimTime,
    /// The end.
    pub end: SimTime,
    /// Marks in the order of time.
    pub marks: Vec<StripMark>,
}

/// A mark on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripMark {
    /// When.
    pub at: SimTime,
    /// What it stands for.
    pub kind: MarkKind,
    /// Its name.
    pub name: String,
}

/// A key and its word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The key as people read it.
    pub key: String,
    /// The key as it is said where lines are typed: a letter, if it has one.
    pub said: String,
    /// What it does.
    pub word: String,
}

/// What lies over the panels.
#[derive(Clone, Debug)]
pub struct Over {
    /// What it is.
    pub title: String,
    /// The line of input: what stands before it, and what was typed.
    pub input: Option<(String, String)>,
    /// The list or the text.
    pub page: Page,
    /// The line that is chosen.
    pub chosen: Option<Stop>,
}

/// The tier of a size.
#[must_use]
pub fn tier((columns, rows): (u16, u16)) -> Tier {
    if columns >= 160 && rows >= 45 {
        Tier::Huge
    } else if columns >= 120 && rows >= 30 {
        Tier::Wide
    } else if columns >= 80 && rows >= 20 {
        Tier::Normal
    } else {
        Tier::Small
    }
}

/// How many panels a screen of this tier shows.
#[must_use]
pub fn panels(tier: Tier) -> usize {
    match tier {
        Tier::Small | Tier::Normal => 1,
        Tier::Wide => 2,
        Tier::Huge => 3,
    }
}

/// The tier of the view's own panel, which on wide screens shares the room with others.
#[must_use]
pub fn page_tier(size: (u16, u16)) -> Tier {
    let tier = tier(size);
    match tier {
        Tier::Small | Tier::Normal => tier,
        Tier::Wide => tier.min(of_width(size.0 / 5 * 3)),
        Tier::Huge => tier.min(of_width(size.0 / 2)),
    }
}

/// The tier of a panel's width.
#[must_use]
pub fn of_width(columns: u16) -> Tier {
    match columns {
        0..60 => Tier::Small,
        60..100 => Tier::Normal,
        100..150 => Tier::Wide,
        _ => Tier::Huge,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_tiers() {
        let all = [(60, 16), (80, 24), (120, 36), (160, 45), (159, 60), (200, 10)];
        let tiers = all.map(tier);
        assert_eq!(
            tiers,
            [Tier::Small, Tier::Normal, Tier::Wide, Tier::Huge, Tier::Wide, Tier::Small]
        );
    }
}
