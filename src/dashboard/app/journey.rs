//! What is being gone to, in bites: a place in time, a fact, a condition, a bookmark.
//!
//! A key sets out and takes the first bite at once, which in a small cluster is the whole way;
//! passing time takes the others. Esc and Space leave a journey wherever it is: the reader stands
//! where the run stands.

use crate::dashboard::model::{Role, Target};
use crate::kernel::{SimTime, Span};
use crate::lab::{Found, Goal, Mark, Moment, Scout, Search, SeedLine, Strip};
use crate::observe::Observation;
use crate::texts::Lang;
use crate::texts::dashboard::screen::Say;
use crate::texts::fold;

use super::App;
use super::facts::{Before, Match};
use super::goto::{self, Place};
use super::stage::{Other, Stage};
use super::travel::BITE;

/// Steps that a key may take at once in a small cluster: more than lies between two checkpoints of a
/// run of a million steps, and less than anybody waits for.
const AT_ONCE: u64 = 10 * BITE;
/// Up to so many nodes a cluster is small: there so many steps take less than a frame or two.
const FEW_NODES: usize = 20;

/// What is being gone to.
#[derive(Debug)]
pub(super) enum Chase {
    /// A place in time, and what is said there.
    To(Goal, Option<Said>),
    /// The next interesting fact, where nothing was played yet.
    Fact,
    /// The next fact that a filter lets through.
    Match(Box<Match>),
    /// A fact before this moment.
    Before(Box<Before>),
    /// A moment at which something begins to hold.
    Condition(Box<Search>),
    /// A bookmark that waits for something to be true.
    Bookmark(Box<Ahead>),
    /// Another moment to compare with; the reader stays.
    Moment(Box<Scout>, String),
    /// The answers of many seeds; the reader stays.
    Seeds(Box<Strip>, String),
}

/// What is said to the reader.
#[derive(Clone, Debug)]
pub(super) enum Said {
    /// A sentence that may tell the moment.
    Key(Role, Say),
    /// Ready words.
    Text(Role, String),
}

/// What came of passing time.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// The screen is another.
    pub(super) moved: bool,
    /// Something is to be said.
    pub(super) said: Option<Said>,
    /// The answers of many seeds, and what they were asked.
    pub(super) seeds: Option<(Vec<SeedLine>, String)>,
}

/// What came of a bite.
pub(super) enum Bite {
    /// The way goes on.
    More,
    /// The way is over.
    Over(Told),
    /// Another way follows.
    Then(Chase),
}

impl Bite {
    pub(super) fn saying(role: Role, say: Say) -> Bite {
        Bite::over(Some(Said::Key(role, say)))
    }

    pub(super) fn over(said: Option<Said>) -> Bite {
        Bite::Over(Told { said, ..Told::default() })
    }
}

/// A bookmark that waits for something to be true.
#[derive(Debug)]
pub(super) struct Ahead {
    words: String,
    chosen: Option<Target>,
    lang: Lang,
    home: Moment,
}

impl Stage {
    /// How much a key may do at once.
    pub(super) fn first_bite(&self) -> u64 {
        let nodes = self.timeline().run().plan().cluster.nodes.len();
        if nodes > FEW_NODES { self.bite() } else { AT_ONCE }
    }

    /// Sets out, and takes the first bite.
    pub(super) fn set_out(&mut self, chase: Chase) -> Told {
        self.left_at = self.now();
        self.chase = Some(chase);
        self.go_on(self.first_bite())
    }

    /// Sets out to a place in time.
    pub(super) fn set_out_to(&mut self, goal: Goal) {
        self.set_out(Chase::To(goal, None));
    }

    /// One bite more.
    pub(super) fn go_on(&mut self, steps: u64) -> Told {
        while let Some(mut chase) = self.chase.take() {
            match self.take_bite(&mut chase, steps) {
                Bite::More => {
                    self.chase = Some(chase);
                    break;
                }
                Bite::Then(next) => self.chase = Some(next),
                Bite::Over(told) => {
                    self.arrive();
                    return Told { moved: true, ..told };
                }
            }
        }
        Told { moved: true, ..Told::default() }
    }

    fn take_bite(&mut self, chase: &mut Chase, steps: u64) -> Bite {
        match chase {
            Chase::To(goal, said) => {
                if self.timeline_mut().go_on(*goal, steps) {
                    Bite::over(said.take())
                } else {
                    Bite::More
                }
            }
            Chase::Fact => self.bite_to_fact(steps),
            Chase::Match(one) => self.bite_to_match(one, steps),
            Chase::Before(one) => self.bite_before(one, steps),
            Chase::Condition(search) => match self.timeline_mut().search_on(search, steps) {
                Found::NotYet => Bite::More,
                Found::At(_) => Bite::saying(Role::Mark, Say::NowAt),
                Found::Nothing => Bite::saying(Role::Bad, Say::NeverHolds),
            },
            Chase::Bookmark(ahead) => self.bite_to_bookmark(ahead, steps),
            Chase::Moment(scout, name) => {
                if !scout.go_on(steps) {
                    return Bite::More;
                }
                if let Some(seen) = scout.run().seen() {
                    let other = Other::Moment(std::mem::take(name), Box::new(seen.clone()));
                    self.compare_with(other);
                }
                Bite::over(None)
            }
            Chase::Seeds(strip, words) => match strip.go_on(steps) {
                Ok(None) => Bite::More,
                Ok(Some(lines)) => {
                    let seeds = Some((lines, std::mem::take(words)));
                    Bite::Over(Told { seeds, ..Told::default() })
                }
                Err(why) => Bite::over(Some(Said::Text(Role::Bad, why.to_string()))),
            },
        }
    }

    fn bite_to_bookmark(&mut self, ahead: &Ahead, steps: u64) -> Bite {
        if !self.is_large() {
            // A small cluster is played ahead to its end; that is known then, and nobody moves.
            let more = self.timeline_mut().explore(steps);
            return if more { Bite::More } else { self.named(ahead, true).unwrap_or(Bite::More) };
        }
        for _ in 0..steps {
            let timeline = self.timeline_mut();
            timeline.go_to_frontier();
            let reached = timeline.run().bookmarks().len();
            let ended = !timeline.forward();
            if ended {
                timeline.seek(timeline.end());
            }
            if timeline.run().bookmarks().len() == reached && !ended {
                continue;
            }
            if let Some(bite) = self.named(ahead, ended) {
                return bite;
            }
        }
        Bite::More
    }

    /// The way to the bookmark; none when it may still come.
    fn named(&self, ahead: &Ahead, ended: bool) -> Option<Bite> {
        let marks = self.marks();
        let place = goto::place(&ahead.words, &marks, ahead.chosen.as_ref(), ahead.lang);
        match place {
            Ok(place) if ended || !self.awaits(&ahead.words, &marks, false) => {
                Some(Bite::Then(self.way_to(place)))
            }
            Err(why) if ended => {
                let said = Some(Said::Text(Role::Bad, why));
                Some(Bite::Then(Chase::To(Goal::Back(ahead.home), said)))
            }
            Ok(_) | Err(_) => None,
        }
    }

    /// Whether the words may be the name of a bookmark that was not reached yet: its whole name,
    /// or how it begins where they mean nothing else.
    fn awaits(&self, words: &str, marks: &[Mark], senseless: bool) -> bool {
        let wanted = fold(words.trim());
        let timeline = self.timeline();
        let known = marks.iter().any(|mark| fold(&mark.name) == wanted);
        let reached = timeline.known().bookmarks();
        let names = timeline.known().plan().bookmarks.iter().enumerate();
        let mut ahead = names.filter(|(number, _)| !reached.contains_key(number));
        let named = ahead.any(|(_, bookmark)| {
            let name = fold(&bookmark.name.value);
            name == wanted && !known || senseless && name.starts_with(&wanted)
        });
        named && !wanted.is_empty() && !timeline.is_explored()
    }

    fn way_to(&self, place: Place) -> Chase {
        let said = Some(Said::Key(Role::Mark, Say::NowAt));
        let timeline = self.timeline();
        match place {
            Place::Time(at) => Chase::To(Goal::Time(at), said.filter(|_| self.knows(at))),
            Place::Step(step) => Chase::To(Goal::Step(step), said),
            Place::First(it) => Chase::Condition(Box::new(timeline.begin_search(&it, true))),
            Place::Last(it) => Chase::Condition(Box::new(timeline.begin_search(&it, false))),
        }
    }

    /// What was seen up to the furthest moment that was played.
    pub(super) fn known_seen(&self) -> &Observation {
        self.timeline().known().seen().expect("the dashboard observes its runs")
    }

    /// The other branch that is compared with goes on to where the reader stands; true when it is
    /// there.
    pub(super) fn follow(&mut self, steps: u64) -> bool {
        let Some((number, now)) = self.lags() else {
            self.following = None;
            return true;
        };
        self.following = Some((number, now));
        let there = self.branches[number].timeline.go_on(Goal::Time(now), steps);
        if there {
            self.following = None;
        }
        there
    }

    /// The branch that must follow, and to what moment.
    pub(super) fn lags(&self) -> Option<(usize, SimTime)> {
        let Some(Other::Branch(number)) = self.other else { return None };
        let at = self.branches.get(number)?.timeline.cursor().at;
        let now = self.now();
        (at != now || self.following == Some((number, now))).then_some((number, now))
    }
}

impl App {
    /// Goes where a person's words lead.
    ///
    /// Errors: a sentence about what is wrong with the words.
    pub(super) fn go_to_words(&mut self, words: &str) -> Result<(), String> {
        let lang = self.look.lang;
        let chosen = self.chosen();
        let Some(stage) = &mut self.stage else { return Ok(()) };
        let marks = stage.marks();
        let place = goto::place(words, &marks, chosen.as_ref(), lang);
        let chase = if stage.awaits(words, &marks, place.is_err()) {
            let (words, home) = (words.to_owned(), stage.timeline().cursor());
            Chase::Bookmark(Box::new(Ahead { words, chosen, lang, home }))
        } else {
            stage.way_to(place?)
        };
        stage.stop();
        let told = stage.set_out(chase);
        self.hear_or_fail(told)
    }

    /// A search for words of the command line is finished: whoever begins there wants to know when
    /// there is no such moment.
    ///
    /// Errors: there is none.
    pub(super) fn finish_search(&mut self) -> Result<(), String> {
        while let Some(stage) = self.stage.as_mut().filter(|stage| stage.is_searching()) {
            let told = stage.tick(Span::ZERO);
            self.hear_or_fail(told)?;
        }
        Ok(())
    }

    /// Errors: what was told is bad.
    fn hear_or_fail(&mut self, told: Told) -> Result<(), String> {
        match &told.said {
            Some(said @ (Said::Key(Role::Bad, _) | Said::Text(Role::Bad, _))) => {
                Err(self.words_of(said).1)
            }
            Some(_) | None => {
                self.hear(told);
                Ok(())
            }
        }
    }

    fn words_of(&self, said: &Said) -> (Role, String) {
        match said {
            Said::Text(role, text) => (*role, text.clone()),
            Said::Key(role, say) => {
                let at = self.now_words();
                (*role, self.words().fill(*say, &[("at", at)]))
            }
        }
    }

    /// What came of a way, for the reader; true when the screen is another.
    pub(super) fn hear(&mut self, told: Told) -> bool {
        if let Some(said) = &told.said {
            let (role, text) = self.words_of(said);
            self.tell(role, text);
        }
        if let Some((lines, words)) = told.seeds {
            self.show_seeds(&lines, &words);
        }
        told.moved || told.said.is_some()
    }

    /// Whoever asks something else while the seeds are asked gives them up.
    pub(super) fn leave_seeds(&mut self) {
        let asks = |stage: &&mut Box<Stage>| matches!(stage.chase, Some(Chase::Seeds(..)));
        if self.overlay.is_some() && self.stage.as_mut().filter(asks).is_some() {
            self.leave_way();
        }
    }

    /// Stops what plays or is on its way; false when nothing is.
    pub(super) fn leave_way(&mut self) -> bool {
        let Some(stage) = &mut self.stage else { return false };
        let (played, chased) = (stage.playing, stage.chase.is_some());
        stage.stop();
        if chased {
            let (role, text) = self.words_of(&Said::Key(Role::Warning, Say::StoppedHere));
            self.tell(role, text);
        }
        played || chased
    }

    /// Plays, or stops.
    pub(super) fn play(&mut self) {
        if !self.leave_way()
            && let Some(stage) = &mut self.stage
        {
            stage.play();
        }
    }
}
