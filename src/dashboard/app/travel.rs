//! Moving in time: playing, stepping, and where the keys lead.
//!
//! Every way is gone in bites (see `journey`), so that the screen and the keys live on while a big
//! cluster runs; between keys the rest of a small scenario is played ahead, which makes every later
//! way short.

use std::collections::BTreeMap;

use crate::dashboard::model::Role;
use crate::kernel::{SimTime, Span};
use crate::lab::{Goal, Mark, MarkKind};
use crate::observe::Observation;
use crate::observe::{FactId, Told as Sentence, tell};
use crate::tell::Tone;
use crate::tell::sentence::one_sentence;
use crate::texts::Lang;
use crate::texts::dashboard::screen::Say;

use super::journey::{Chase, Said, Told};
use super::stage::Stage;

/// Steps of one bite: some milliseconds of work.
pub(super) const BITE: u64 = 4_000;
/// The same in a large cluster, where a step costs several times as much: mostly one to six
/// milliseconds at 5,000 nodes (`cargo bench --bench dashboard`), which leaves the frame to the page.
const BITE_LARGE: u64 = 500;
/// In the pace of facts, one comes every so often of real time.
const FACT_EVERY: Span = Span::millis(1_500);
/// Paces in virtual hundredths of a second per real second.
const PACES: &[u64] = &[10, 100, 500, 1_000, 3_000, 6_000, 30_000, 60_000];

/// How fast a run plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// One interesting fact after the other: waiting bores nobody.
    Facts,
    /// By the place in the list of paces.
    Seconds(usize),
}

impl Default for Pace {
    fn default() -> Self {
        Pace::Seconds(2)
    }
}

impl Pace {
    /// Virtual hundredths of a second per real second.
    pub(super) fn hundredths(self) -> Option<u64> {
        match self {
            Pace::Facts => None,
            Pace::Seconds(place) => PACES.get(place).copied(),
        }
    }
}

impl Stage {
    pub(super) fn is_chasing(&self) -> bool {
        self.chase.is_some() || self.lags().is_some()
    }

    /// Whether a moment is looked for that may not be there.
    pub(super) fn is_searching(&self) -> bool {
        matches!(self.chase, Some(Chase::Condition(_) | Chase::Bookmark(_)))
    }

    pub(super) fn is_busy(&self) -> bool {
        self.playing || self.is_chasing() || self.explores()
    }

    /// Whether there is something left to play ahead.
    fn explores(&self) -> bool {
        !self.is_large() && !self.timeline().is_explored()
    }

    /// Steps of one bite.
    pub(super) fn bite(&self) -> u64 {
        if self.is_large() { BITE_LARGE } else { BITE }
    }

    /// Whether the last bite of what plays was too small for its pace.
    pub(super) fn is_behind(&self) -> bool {
        self.playing && self.behind
    }

    /// Real time passed.
    pub(super) fn tick(&mut self, passed: Span) -> Told {
        if self.chase.is_some() {
            return self.go_on(self.bite());
        }
        let moved = true;
        if self.lags().is_some() {
            // What is compared keeps step.
            self.follow(self.bite());
        } else if self.playing {
            return self.play_on(passed);
        } else if self.explores() {
            let steps = self.bite();
            self.timeline_mut().explore(steps);
        } else {
            return Told::default();
        }
        Told { moved, ..Told::default() }
    }

    fn play_on(&mut self, passed: Span) -> Told {
        self.waited += passed;
        self.behind = false;
        let end = self.timeline().end();
        let Some(hundredths) = self.pace.hundredths() else {
            if self.waited < FACT_EVERY {
                return Told::default();
            }
            self.waited = Span::ZERO;
            self.seek_fact();
            return Told { moved: true, ..Told::default() };
        };
        let virtual_nanos = self.waited.as_nanos().saturating_mul(hundredths) / 100;
        self.waited = Span::ZERO;
        let mut to = (self.now() + Span::nanos(virtual_nanos)).min(end);
        if let Some(mark) = self.stops_at(to) {
            to = mark;
            self.playing = false;
        }
        let steps = if self.is_large() { BITE_LARGE } else { 4 * BITE };
        let there = self.timeline_mut().go_on(Goal::Time(to), steps);
        self.behind = !there;
        if !there && !self.playing {
            // It stops at the very bookmark.
            self.chase = Some(Chase::To(Goal::Time(to), None));
        }
        let mut told = Told { moved: true, ..Told::default() };
        if there && self.now() >= end {
            self.playing = false;
            told.said = Some(Said::Key(Role::Warning, Say::AtTheEnd));
        }
        told
    }

    /// Beside a lesson, playing stops at bookmarks: there it has something to say.
    fn stops_at(&self, to: SimTime) -> Option<SimTime> {
        self.lesson.as_ref()?;
        let now = self.now();
        let marks = self.timeline().marks();
        let told = marks.iter().filter(|mark| mark.kind == MarkKind::Bookmark);
        told.map(|mark| mark.at).find(|at| *at > now && *at <= to)
    }

    /// A way is over; a run that plays from fact to fact stops where its lesson has something to
    /// say, and at the end.
    pub(super) fn arrive(&mut self) {
        if !self.playing {
            return;
        }
        let (before, now) = (self.left_at, self.now());
        let is_told =
            |mark: &Mark| mark.kind == MarkKind::Bookmark && mark.at > before && mark.at <= now;
        if self.lesson.is_some() && self.timeline().marks().iter().any(is_told) {
            self.playing = false;
        }
        if now >= self.timeline().end() {
            self.playing = false;
        }
    }

    pub(super) fn stop(&mut self) {
        self.playing = false;
        self.chase = None;
        self.waited = Span::ZERO;
    }

    pub(super) fn play(&mut self) {
        if self.now() >= self.timeline().end() {
            self.timeline_mut().seek(SimTime::ZERO);
        }
        self.playing = true;
        // The first fact comes at once: whoever presses play sees that something plays.
        self.waited = if self.pace == Pace::Facts { FACT_EVERY } else { Span::ZERO };
    }

    pub(super) fn forward(&mut self) {
        self.stop();
        self.timeline_mut().forward();
    }

    pub(super) fn back(&mut self) {
        self.stop();
        if let Some(step) = self.timeline().cursor().step.checked_sub(1) {
            self.set_out_to(Goal::Step(step));
        }
    }

    pub(super) fn next_fact(&mut self) {
        self.stop();
        self.seek_fact();
    }

    /// Sought among what is known, chased beyond it.
    fn seek_fact(&mut self) {
        let known = self.known_seen();
        let (mut from, all) = (count(self.seen().facts.len()), count(known.facts.len()));
        let mut wanted = None;
        while wanted.is_none() && from < all {
            let to = from.saturating_add(self.fact_page()).min(all);
            wanted = interesting(known, from, to).into_iter().next();
            from = to;
        }
        match wanted {
            Some(wanted) => self.set_out_to(Goal::Fact(wanted)),
            None if self.timeline().is_explored() => self.go_end(),
            None => {
                self.left_at = self.now();
                self.chase = Some(Chase::Fact);
            }
        }
    }

    /// Whether a moment lies in what was played.
    pub(super) fn knows(&self, at: SimTime) -> bool {
        at <= self.timeline().frontier().at || !self.is_large() && self.timeline().is_explored()
    }

    pub(super) fn go(&mut self, at: SimTime) {
        self.stop();
        self.set_out_to(Goal::Time(at));
    }

    /// To where a fact has just happened.
    pub(super) fn go_fact(&mut self, wanted: FactId) {
        if self.known_seen().facts.get(wanted).is_some() {
            self.stop();
            self.set_out_to(Goal::Fact(wanted));
        }
    }

    /// Seconds on or back.
    pub(super) fn go_by(&mut self, seconds: i64) {
        let span = Span::secs(seconds.unsigned_abs());
        let now = self.now();
        let at = if seconds < 0 {
            SimTime::ZERO + Span::nanos(now.as_nanos().saturating_sub(span.as_nanos()))
        } else {
            now + span
        };
        self.go(at);
    }

    pub(super) fn go_begin(&mut self) {
        self.stop();
        self.set_out_to(Goal::Step(0));
    }

    pub(super) fn go_end(&mut self) {
        let end = self.timeline().end();
        self.go(end);
    }

    /// To a share of the whole, of 10,000.
    pub(super) fn go_share(&mut self, share: u64) {
        let end = self.timeline().end().as_nanos();
        let nanos = u128::from(end) * u128::from(share.min(10_000)) / 10_000;
        self.go(SimTime::ZERO + Span::nanos(u64::try_from(nanos).unwrap_or(end)));
    }

    pub(super) fn change_pace(&mut self, by: i64) {
        self.waited = Span::ZERO;
        self.pace = match (self.pace, by > 0) {
            (Pace::Facts, true) => Pace::Seconds(0),
            (Pace::Facts, false) | (Pace::Seconds(0), false) => Pace::Facts,
            (Pace::Seconds(place), true) => Pace::Seconds((place + 1).min(PACES.len() - 1)),
            (Pace::Seconds(place), false) => Pace::Seconds(place - 1),
        };
    }

    /// Every mark of the current branch.
    pub(super) fn marks(&self) -> Vec<Mark> {
        self.timeline().marks()
    }
}

/// Facts before the first one that is looked at which may belong to the same streak.
const CONTEXT: u32 = 400;
/// Losses with less than this between them are one streak.
const STREAK: Span = Span::secs(10);

/// The facts of `from..to` that somebody wants to be told who wants to be told what matters. Of a
/// streak of lost requests that is the first.
pub(super) fn interesting(seen: &Observation, from: u32, to: u32) -> Vec<FactId> {
    let mut lost: BTreeMap<String, SimTime> = BTreeMap::new();
    let mut found = Vec::new();
    for id in (from.saturating_sub(CONTEXT)..to).map(FactId) {
        let Some(fact) = seen.facts.get(id) else { continue };
        let told = tell(fact, &seen.directory);
        let in_streak = told.iter().any(|one| {
            if one.what != "request.lost" {
                return false;
            }
            let client = one.field("client").unwrap_or_default().to_owned();
            let before = lost.insert(client, fact.at);
            before.is_some_and(|before| fact.at.since(before) < STREAK)
        });
        if id.0 >= from && !in_streak && matters(&told) {
            found.push(id);
        }
    }
    found
}

pub(super) fn matters(told: &[Sentence]) -> bool {
    told.iter().any(|one| {
        let (tone, _) = one_sentence(one, Lang::En);
        match tone {
            Tone::Warning | Tone::Bad | Tone::Act | Tone::Mark | Tone::Lead => true,
            Tone::Good => one.what.starts_with("node.") || one.what.starts_with("process."),
            Tone::Neutral | Tone::Faint => false,
        }
    })
}

pub(super) fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
