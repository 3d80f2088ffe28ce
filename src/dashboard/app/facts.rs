//! Ways to facts: the next interesting one, and those that a filter lets through.

use crate::dashboard::model::{Role, Target};
use crate::dashboard::scene::Filter;
use crate::dashboard::stops::Stop;
use crate::lab::{Goal, Moment};
use crate::observe::Observation;
use crate::observe::{FactId, tell};
use crate::tell::sentence::one_sentence;
use crate::texts::Lang;
use crate::texts::dashboard::screen::Say;

use super::App;
use super::journey::{Bite, Chase, Said};
use super::stage::Stage;
use super::travel::{count, interesting, matters};

/// What it costs to tell a fact, in steps.
const TELLING: u64 = 5;
/// In a large cluster so many facts are looked through at a time.
const PAGE: u32 = 4_000;

/// The next fact that a filter lets through.
#[derive(Debug)]
pub(super) struct Match {
    filter: Filter,
    lang: Lang,
    /// The first fact that was not looked at.
    next: u32,
    home: Moment,
    found: Option<FactId>,
}

/// Which facts are wanted.
#[derive(Debug)]
enum Wanted {
    /// These; facts before the number were not looked at yet.
    These(Vec<FactId>, u32),
    /// Those that a filter lets through.
    Fits(Filter, Lang),
}

/// A fact before this moment.
#[derive(Debug)]
pub(super) struct Before {
    wanted: Wanted,
    /// Facts from this number on are out.
    below: u32,
    home: Moment,
    going: Option<FactId>,
}

fn fits(seen: &Observation, id: FactId, filter: &Filter, lang: Lang) -> bool {
    let Some(fact) = seen.facts.get(id) else { return false };
    let told = tell(fact, &seen.directory);
    told.iter().any(|one| filter.lets_through(&one_sentence(one, lang).1))
}

impl Stage {
    /// Facts that are looked through at a time: in a small cluster all of them.
    pub(super) fn fact_page(&self) -> u32 {
        if self.is_large() { PAGE } else { u32::MAX }
    }

    /// To the interesting fact before the last one.
    pub(super) fn previous_fact(&mut self) {
        self.stop();
        let (home, below) = (self.timeline().cursor(), count(self.seen().facts.len()));
        let from = below.saturating_sub(self.fact_page());
        let wanted = Wanted::These(interesting(self.seen(), from, below), from);
        self.set_out(Chase::Before(Box::new(Before { wanted, below, home, going: None })));
    }

    pub(super) fn bite_to_fact(&mut self, steps: u64) -> Bite {
        // What is known was looked through before.
        self.timeline_mut().go_to_frontier();
        let mut left = steps;
        while left > 0 {
            let told = count(self.seen().facts.len());
            if !self.timeline_mut().forward() {
                self.stop();
                return Bite::saying(Role::Warning, Say::NoMoreFacts);
            }
            let (seen, all) = (self.seen(), count(self.seen().facts.len()));
            let speaks = |id: u32| {
                let fact = seen.facts.get(FactId(id));
                fact.is_some_and(|fact| matters(&tell(fact, &seen.directory)))
            };
            if (told..all).any(speaks) && !interesting(seen, told, all).is_empty() {
                return Bite::over(None);
            }
            left = left.saturating_sub(1 + TELLING * u64::from(all - told));
        }
        Bite::More
    }

    pub(super) fn bite_to_match(&mut self, one: &mut Match, steps: u64) -> Bite {
        let mut left = steps;
        loop {
            if let Some(id) = one.found {
                if !self.timeline_mut().go_on(Goal::Fact(id), left) {
                    return Bite::More;
                }
                self.choose_fact(id);
                return Bite::over(None);
            }
            let known = self.known_seen();
            let all = count(known.facts.len());
            while one.found.is_none() && one.next < all && left > 0 {
                let id = FactId(one.next);
                one.found = fits(known, id, &one.filter, one.lang).then_some(id);
                one.next += 1;
                left = left.saturating_sub(TELLING);
            }
            if one.found.is_some() {
                continue;
            }
            if left == 0 {
                return Bite::More;
            }
            self.timeline_mut().go_to_frontier();
            if !self.timeline_mut().forward() {
                let said = Said::Key(Role::Unknown, Say::NoMatch);
                return Bite::Then(Chase::To(Goal::Back(one.home), Some(said)));
            }
            left -= 1;
        }
    }

    pub(super) fn bite_before(&mut self, one: &mut Before, steps: u64) -> Bite {
        let mut left = steps;
        loop {
            if let Some(id) = one.going {
                if !self.timeline_mut().go_on(Goal::Fact(id), left) {
                    return Bite::More;
                }
                if self.timeline().cursor().step < one.home.step {
                    if matches!(one.wanted, Wanted::Fits(..)) {
                        self.choose_fact(id);
                    }
                    return Bite::over(None);
                }
                // It belongs to the very step on which the reader stood.
                one.below = id.0;
                left /= 2;
            }
            one.going = self.candidate(one, &mut left);
            if one.going.is_none() && one.below == 0 {
                return Bite::Then(match one.wanted {
                    Wanted::These(..) => Chase::To(Goal::Step(0), None),
                    Wanted::Fits(..) => {
                        let said = Said::Key(Role::Unknown, Say::NoMatch);
                        Chase::To(Goal::Back(one.home), Some(said))
                    }
                });
            }
            if left == 0 {
                return Bite::More;
            }
        }
    }

    /// The last wanted fact of those that are not out; none when too much was to be looked at.
    fn candidate(&self, one: &mut Before, left: &mut u64) -> Option<FactId> {
        let known = self.known_seen();
        while one.below > 0 && *left > 0 {
            let last = FactId(one.below - 1);
            match &mut one.wanted {
                Wanted::Fits(filter, lang) => {
                    if fits(known, last, filter, *lang) {
                        return Some(last);
                    }
                    one.below -= 1;
                    *left = left.saturating_sub(TELLING);
                }
                Wanted::These(these, from) => {
                    if let Some(id) = these.iter().rev().find(|id| **id <= last) {
                        return Some(*id);
                    }
                    one.below = *from;
                    *from = from.saturating_sub(self.fact_page());
                    *these = interesting(known, *from, one.below);
                    *left /= 2;
                }
            }
        }
        None
    }

    fn choose_fact(&mut self, id: FactId) {
        self.pane().chosen = Some(Stop::On(Target::Fact(id)));
    }
}

impl App {
    /// The next or previous fact whose sentence the filter lets through.
    pub(super) fn match_on(&mut self, on: bool) {
        let lang = self.look.lang;
        let Some(stage) = &mut self.stage else { return };
        stage.stop();
        let filter = stage.pane().filter.clone();
        if filter.text.trim().is_empty() {
            self.tell(Role::Unknown, self.words().text(Say::FilterFirst));
            return;
        }
        let (home, next) = (stage.timeline().cursor(), count(stage.seen().facts.len()));
        let told = stage.set_out(if on {
            Chase::Match(Box::new(Match { filter, lang, next, home, found: None }))
        } else {
            let wanted = Wanted::Fits(filter, lang);
            Chase::Before(Box::new(Before { wanted, below: next, home, going: None }))
        });
        self.hear(told);
    }
}
