//! Moving in time: playing, stepping, and chasing moments that were not played yet.
//!
//! What is known is sought at once. What is not known is played in bites, so that the screen and
//! the keys live on while a big cluster runs; between keys the rest of a small scenario is played
//! ahead, which makes every later journey short.

use std::collections::BTreeMap;

use crate::dashboard::stops::Stop;
use crate::kernel::{SimTime, Span};
use crate::lab::{Mark, MarkKind};
use crate::observe::Observation;
use crate::observe::{Fact, FactId, Told as Sentence, tell};
use crate::tell::Tone;
use crate::tell::sentence::one_sentence;
use crate::texts::Lang;
use crate::texts::dashboard::screen::Say;

use super::App;
use super::stage::Stage;

/// Steps of one bite: some milliseconds of work.
const BITE: u64 = 4_000;
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

/// What is being played to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chase {
    /// A time.
    Until(SimTime),
    /// The next interesting fact.
    Fact,
}

/// What came of passing time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    /// The screen is another.
    pub(super) moved: bool,
    /// Something is to be said.
    pub(super) say: Option<Say>,
}

impl Stage {
    pub(super) fn is_chasing(&self) -> bool {
        self.chase.is_some()
    }

    pub(super) fn is_busy(&self) -> bool {
        self.playing || self.is_chasing() || self.explores()
    }

    /// Whether there is something left to play ahead.
    fn explores(&self) -> bool {
        !self.is_large() && !self.timeline().is_explored()
    }

    /// Real time passed.
    pub(super) fn tick(&mut self, passed: Span) -> Told {
        match self.chase {
            Some(chase) => self.chase_on(chase),
            None if self.playing => self.play_on(passed),
            None => {
                let ahead = self.explores();
                if ahead {
                    self.timeline_mut().explore(BITE);
                }
                Told { moved: ahead, say: None }
            }
        }
    }

    fn chase_on(&mut self, chase: Chase) -> Told {
        let moved = true;
        match chase {
            Chase::Until(at) => {
                if self.timeline_mut().play_towards(at, BITE) {
                    self.chase = None;
                }
                Told { moved, say: None }
            }
            Chase::Fact => {
                for _ in 0..BITE {
                    let told = self.seen().facts.len();
                    if !self.timeline_mut().forward() {
                        self.stop();
                        return Told { moved, say: Some(Say::NoMoreFacts) };
                    }
                    let all = self.seen().facts.len();
                    if all > told && !interesting(self.seen(), count(told), count(all)).is_empty() {
                        self.chase = None;
                        break;
                    }
                }
                Told { moved, say: None }
            }
        }
    }

    fn play_on(&mut self, passed: Span) -> Told {
        self.waited += passed;
        let end = self.timeline().end();
        let Some(hundredths) = self.pace.hundredths() else {
            if self.waited < FACT_EVERY {
                return Told::default();
            }
            self.waited = Span::ZERO;
            self.leap();
            return Told { moved: true, say: None };
        };
        let virtual_nanos = self.waited.as_nanos().saturating_mul(hundredths) / 100;
        self.waited = Span::ZERO;
        let mut to = (self.now() + Span::nanos(virtual_nanos)).min(end);
        if let Some(mark) = self.stops_at(to) {
            to = mark;
            self.playing = false;
        }
        self.timeline_mut().play_towards(to, 4 * BITE);
        if self.now() >= end {
            self.playing = false;
            return Told { moved: true, say: Some(Say::AtTheEnd) };
        }
        Told { moved: true, say: None }
    }

    /// Beside a lesson, playing stops at bookmarks: there it has something to say.
    fn stops_at(&self, to: SimTime) -> Option<SimTime> {
        self.lesson.as_ref()?;
        let now = self.now();
        let marks = self.timeline().marks();
        let told = marks.iter().filter(|mark| mark.kind == MarkKind::Bookmark);
        told.map(|mark| mark.at).find(|at| *at > now && *at <= to)
    }

    /// To the next interesting fact, for a run that plays from fact to fact.
    fn leap(&mut self) {
        let before = self.now();
        self.seek_fact();
        let marks = self.timeline().marks();
        let now = self.now();
        let is_told =
            |mark: &Mark| mark.kind == MarkKind::Bookmark && mark.at > before && mark.at <= now;
        if self.lesson.is_some() && marks.iter().any(is_told) {
            self.playing = false;
        }
        if self.chase.is_none() && self.now() >= self.timeline().end() {
            self.playing = false;
        }
    }

    pub(super) fn stop(&mut self) {
        self.playing = false;
        self.chase = None;
        self.waited = Span::ZERO;
    }

    pub(super) fn play(&mut self) {
        if self.playing || self.is_chasing() {
            self.stop();
            return;
        }
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
        self.timeline_mut().back();
    }

    pub(super) fn next_fact(&mut self) {
        self.stop();
        self.seek_fact();
    }

    /// Sought where it is known, chased where it is not.
    fn seek_fact(&mut self) {
        let here = self.seen().facts.len();
        let known = self.timeline().known().seen().expect("the dashboard observes its runs");
        let (here, all) = (count(here), count(known.facts.len()));
        let first = interesting(known, here, all).into_iter().next();
        let found = first.and_then(|id| Some((id, known.facts.get(id)?.at)));
        match found {
            Some((wanted, at)) => {
                let before = SimTime::ZERO + Span::nanos(at.as_nanos().saturating_sub(1));
                if before > self.now() {
                    self.timeline_mut().seek(before);
                }
                self.timeline_mut().next_fact(|id, _| id >= wanted);
            }
            None if self.timeline().is_explored() => self.go_end(),
            None => self.chase = Some(Chase::Fact),
        }
    }

    pub(super) fn go(&mut self, at: SimTime) {
        self.stop();
        let at = at.min(self.timeline().end());
        if at <= self.timeline().frontier().at || !self.is_large() && self.timeline().is_explored()
        {
            self.timeline_mut().seek(at);
        } else {
            self.chase = Some(Chase::Until(at));
        }
    }

    /// To where a fact has just happened.
    pub(super) fn go_fact(&mut self, wanted: FactId) {
        let known = self.timeline().known().seen();
        let Some(at) = known.and_then(|seen| seen.facts.get(wanted)).map(|fact| fact.at) else {
            return;
        };
        self.stop();
        let before = at.as_nanos().saturating_sub(1);
        self.timeline_mut().seek(SimTime::ZERO + Span::nanos(before));
        let told = u32::try_from(self.seen().facts.len()).unwrap_or(u32::MAX);
        if told <= wanted.0 {
            self.timeline_mut().next_fact(|id, _| id >= wanted);
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
        self.timeline_mut().seek_step(0);
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

impl App {
    /// The interesting fact before the last one.
    pub(super) fn previous_fact(&mut self) {
        let Some(stage) = &mut self.stage else { return };
        stage.stop();
        let here = count(stage.seen().facts.len());
        let wanted = interesting(stage.seen(), 0, here);
        let found = stage.timeline_mut().previous_fact(|id, _| wanted.binary_search(&id).is_ok());
        if found.is_none() {
            stage.go_begin();
        }
    }

    /// The next or previous fact whose sentence the filter lets through.
    pub(super) fn match_on(&mut self, on: bool) {
        use crate::dashboard::model::Role;
        use crate::texts::Key as _;
        let lang = self.look.lang;
        let Some(stage) = &mut self.stage else { return };
        stage.stop();
        let filter = stage.pane().filter.clone();
        if filter.text.trim().is_empty() {
            self.tell(Role::Unknown, Say::FilterFirst.text(lang));
            return;
        }
        let directory = stage.seen().directory.clone();
        let fits = move |_: FactId, fact: &Fact| {
            let told = tell(fact, &directory);
            told.iter().any(|one| filter.lets_through(&one_sentence(one, lang).1))
        };
        let timeline = stage.timeline_mut();
        let before = timeline.cursor();
        let found = if on { timeline.next_fact(fits) } else { timeline.previous_fact(fits) };
        if let Some(id) = found {
            let place = crate::dashboard::model::Target::Fact(id);
            stage.pane().chosen = Some(Stop::On(place));
        } else {
            stage.timeline_mut().seek_step(before.step);
            stage.timeline_mut().seek(before.at);
            self.tell(Role::Unknown, Say::NoMatch.text(lang));
        }
    }
}

/// Facts before the first one that is looked at which may belong to the same streak.
const CONTEXT: u32 = 400;
/// Losses with less than this between them are one streak.
const STREAK: Span = Span::secs(10);

/// The facts of `from..to` that somebody wants to be told who wants to be told what matters. Of a
/// streak of lost requests that is the first.
fn interesting(seen: &Observation, from: u32, to: u32) -> Vec<FactId> {
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

fn matters(told: &[Sentence]) -> bool {
    told.iter().any(|one| {
        let (tone, _) = one_sentence(one, Lang::En);
        match tone {
            Tone::Warning | Tone::Bad | Tone::Act | Tone::Mark | Tone::Lead => true,
            Tone::Good => one.what.starts_with("node.") || one.what.starts_with("process."),
            Tone::Neutral | Tone::Faint => false,
        }
    })
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
