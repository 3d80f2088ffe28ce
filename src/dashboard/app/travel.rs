//! Moving in time: playing, stepping, and chasing moments that were not played yet.
//!
//! What is known is sought at once. What is not known is played in bites, so that the screen and
//! the keys live on while a big cluster runs; between keys the rest of a small scenario is played
//! ahead, which makes every later journey short.

use crate::dashboard::stops::Stop;
use crate::kernel::{SimTime, Span};
use crate::lab::Mark;
use crate::observe::{Fact, FactId, tell};
use crate::tell::Tone;
use crate::tell::sentence::one_sentence;
use crate::texts::Lang;
use crate::texts::dashboard::screen::Say;

use super::App;
use super::stage::{Focus, Stage};

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
                    let new = (told..all).filter_map(|id| u32::try_from(id).ok()).map(FactId);
                    if new.into_iter().any(|id| self.is_interesting(id)) {
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

    /// While the lesson is read, playing stops where it has something to say.
    fn stops_at(&self, to: SimTime) -> Option<SimTime> {
        if self.focus != Focus::Lesson {
            return None;
        }
        let now = self.now();
        let marks = self.timeline().marks();
        marks.iter().map(|mark| mark.at).find(|at| *at > now && *at <= to)
    }

    /// To the next interesting fact, for a run that plays from fact to fact.
    fn leap(&mut self) {
        self.seek_fact();
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
        let all = u32::try_from(known.facts.len()).unwrap_or(u32::MAX);
        let here = u32::try_from(here).unwrap_or(u32::MAX);
        let ahead = (here..all).map(FactId);
        let found = ahead.into_iter().find_map(|id| {
            let fact = known.facts.get(id)?;
            is_interesting(fact, known).then_some((id, fact.at))
        });
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

    fn is_interesting(&self, id: FactId) -> bool {
        let seen = self.seen();
        seen.facts.get(id).is_some_and(|fact| is_interesting(fact, seen))
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
        let directory = stage.seen().directory.clone();
        let found = stage
            .timeline_mut()
            .previous_fact(|_, fact| told_interesting(fact, &tell(fact, &directory)));
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
            self.tell(Role::Unknown, Say::NoMatch.text(lang));
        }
    }
}

/// Whether somebody who wants to be told what matters wants to be told this.
pub(super) fn is_interesting(fact: &Fact, seen: &crate::observe::Observation) -> bool {
    told_interesting(fact, &tell(fact, &seen.directory))
}

fn told_interesting(_: &Fact, told: &[crate::observe::Told]) -> bool {
    told.iter().any(|one| {
        let (tone, _) = one_sentence(one, Lang::En);
        match tone {
            Tone::Warning | Tone::Bad | Tone::Act | Tone::Mark | Tone::Lead => true,
            Tone::Good => one.what.starts_with("node.") || one.what.starts_with("process."),
            Tone::Neutral | Tone::Faint => false,
        }
    })
}
