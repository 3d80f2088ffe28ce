//! One scenario that is open: its branches, its panes and which panels are seen.

use std::sync::Arc;

use crate::api::Kind;
use crate::cluster::BuildError;
use crate::course::attempt::FIRST_SEED;
use crate::course::shelf;
use crate::course::{Chapter, chapter};
use crate::dashboard::model::Target;
use crate::dashboard::stops::Stop;
use crate::dashboard::views::VIEWS;
use crate::kernel::SimTime;
use crate::lab::{Options, Timeline};
use crate::observe::Observation;
use crate::scenario::Plan;
use crate::scenario::splice::{moved, reads};

use super::choose::Pane;
use super::journey::Chase;
use super::travel::Pace;

/// What the host gives to open a scenario.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its name: a file's, or a short one.
    pub name: String,
    /// Its text, when it is a scenario (manifests alone have none); sessions are saved into it.
    pub text: Option<String>,
    /// Its plan.
    pub plan: Arc<Plan>,
    /// The lesson to read beside it; none finds one that plays this scenario.
    pub lesson: Option<String>,
}

/// The panels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Focus {
    /// The view.
    #[default]
    Main,
    /// The lesson.
    Lesson,
    /// The causes.
    Why,
    /// The task of an exercise.
    Task,
}

/// A future with its name.
#[derive(Debug)]
pub(super) struct Branch {
    /// What makes it differ; empty for the first one.
    pub(super) name: String,
    /// The scenario's text that plays it, without what was done by hand; none where no text does.
    pub(super) text: Option<String>,
    /// The run.
    pub(super) timeline: Timeline,
    /// A run that is not the reader's own: the scenario itself, or one that a verdict speaks of, by
    /// its case and seed. What is done there by hand opens a branch.
    pub(super) given: Option<(Option<String>, u64)>,
}

/// What the main panel compares with.
#[derive(Debug)]
pub(super) enum Other {
    /// A moment of the same branch: its name, and what was seen then.
    Moment(String, Box<Observation>),
    /// Another branch at the same moment.
    Branch(usize),
}

/// One open scenario.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) name: String,
    pub(super) lesson: Option<Chapter>,
    pub(super) branches: Vec<Branch>,
    pub(super) current: usize,
    pub(super) view: usize,
    pub(super) last_view: usize,
    pub(super) panes: Vec<Pane>,
    pub(super) lesson_pane: Pane,
    pub(super) why_pane: Pane,
    pub(super) task_pane: Pane,
    pub(super) other_pane: Pane,
    pub(super) why: Option<Target>,
    pub(super) other: Option<Other>,
    pub(super) focus: Focus,
    pub(super) pace: Pace,
    pub(super) playing: bool,
    pub(super) chase: Option<Chase>,
    /// When it was set out on.
    pub(super) left_at: SimTime,
    /// The compared branch that is on its way, and to what moment.
    pub(super) following: Option<(usize, SimTime)>,
    /// Real time that has passed and was not played yet.
    pub(super) waited: crate::kernel::Span,
    /// What plays cannot keep its pace.
    pub(super) behind: bool,
    /// The deeds were saved.
    pub(super) saved: bool,
    /// The reader was told that something would be lost.
    pub(super) warned: bool,
    /// The next key that closes something closes the scenario.
    pub(super) leaving: bool,
}

/// The short name of a scenario: `node-failure` for `scenarios/node-failure.ron`.
pub(super) fn short_name(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.strip_suffix(".ron").unwrap_or(file)
}

/// The lesson of this id, or the first that plays the scenario.
fn lesson_for(id: Option<&str>, scenario: &str) -> Option<Chapter> {
    if let Some(id) = id {
        return chapter(id)?.value;
    }
    let plays = |one: &Chapter| {
        let head = &one.head;
        !head.draft && head.scenarios.iter().any(|name| name == scenario)
    };
    let ids = shelf::chapters();
    let ids = ids.iter().filter_map(|path| path.rsplit('/').next()?.strip_suffix(".md"));
    let chapters = ids.filter_map(|id| chapter(id)?.value);
    let mut fitting: Vec<Chapter> = chapters.filter(plays).collect();
    // The chapter that says most about this scenario.
    fitting.sort_by_key(|one| {
        let about = |passage: &&crate::course::chapter::Passage| {
            passage.moment.as_ref().is_some_and(|moment| moment.scenario == scenario)
        };
        std::cmp::Reverse(one.passages.iter().filter(about).count())
    });
    fitting.into_iter().next()
}

impl Stage {
    /// Errors: the cluster cannot be built; a checked plan's can.
    pub(super) fn new(opened: Opened) -> Result<Stage, BuildError> {
        let Opened { name, text, plan, lesson } = opened;
        let timeline = Timeline::new(plan, Options::default())?;
        let lesson = lesson_for(lesson.as_deref(), short_name(&name));
        let pace = if lesson.is_some() { Pace::Facts } else { Pace::default() };
        Ok(Stage {
            name,
            lesson,
            branches: vec![Branch {
                name: String::new(),
                text,
                timeline,
                given: Some((None, FIRST_SEED)),
            }],
            current: 0,
            view: 0,
            last_view: 0,
            panes: vec![Pane::default(); VIEWS.len()],
            lesson_pane: Pane::default(),
            why_pane: Pane::default(),
            task_pane: Pane::default(),
            other_pane: Pane::default(),
            why: None,
            other: None,
            focus: Focus::Main,
            pace,
            playing: false,
            chase: None,
            left_at: SimTime::ZERO,
            following: None,
            waited: crate::kernel::Span::ZERO,
            behind: false,
            saved: false,
            warned: false,
            leaving: false,
        })
    }

    pub(super) fn timeline(&self) -> &Timeline {
        &self.branches[self.current].timeline
    }

    pub(super) fn timeline_mut(&mut self) -> &mut Timeline {
        &mut self.branches[self.current].timeline
    }

    pub(super) fn now(&self) -> SimTime {
        self.timeline().cursor().at
    }

    /// What was seen up to the cursor; a run of the dashboard is always observed.
    pub(super) fn seen(&self) -> &Observation {
        self.timeline().run().seen().expect("the dashboard observes its runs")
    }

    /// The pane that the reader is in.
    pub(super) fn pane(&mut self) -> &mut Pane {
        match self.focus {
            Focus::Main if self.other.is_some() => &mut self.other_pane,
            Focus::Main => &mut self.panes[self.view],
            Focus::Lesson => &mut self.lesson_pane,
            Focus::Why => &mut self.why_pane,
            Focus::Task => &mut self.task_pane,
        }
    }

    /// Takes the place of another run of the same exercise: the reader looks at the same view of the
    /// same moment.
    pub(super) fn succeed(&mut self, old: Stage) {
        let now = old.now();
        (self.view, self.last_view, self.pace) = (old.view, old.last_view, old.pace);
        for (pane, old) in self.panes.iter_mut().zip(&old.panes) {
            pane.filter = old.filter.clone();
        }
        // What the reader did by hand is not lost with the run it was done on.
        for branch in self.branches.iter_mut().filter(|branch| branch.given.is_some()) {
            let same = old.branches.iter().find(|other| other.given == branch.given);
            if let Some(other) = same {
                branch.timeline.take_bookmarks_of(&other.timeline);
            }
        }
        self.branches.extend(old.branches.into_iter().filter(|branch| branch.given.is_none()));
        self.go(now);
    }

    pub(super) fn show(&mut self, view: usize) {
        if view == self.view && self.focus == Focus::Main && self.other.is_none() {
            // The key of the view that is seen closes what was opened in it.
            self.panes[view].inside.clear();
            return;
        }
        if view != self.view {
            self.last_view = self.view;
        }
        self.view = view;
        self.focus = Focus::Main;
        self.other = None;
    }

    pub(super) fn show_last(&mut self) {
        let last = self.last_view;
        self.show(last);
    }

    /// `working`: beside an exercise, whose task is a panel, too.
    pub(super) fn next_panel(&mut self, working: bool) {
        self.focus = match self.focus {
            Focus::Main => Focus::Lesson,
            Focus::Lesson if self.why.is_some() => Focus::Why,
            Focus::Lesson | Focus::Why if working => Focus::Task,
            Focus::Lesson | Focus::Why | Focus::Task => Focus::Main,
        };
    }

    pub(super) fn point(&mut self, focus: Focus, stop: &Stop) -> bool {
        let before = self.focus;
        self.focus = focus;
        let pane = self.pane();
        let again = before == focus && pane.chosen.as_ref() == Some(stop);
        pane.chosen = Some(stop.clone());
        again
    }

    /// Numbers of facts and messages mean something else on another branch: what was opened or
    /// asked by them is closed.
    pub(super) fn forget_numbers(&mut self) {
        let numbered = |target: &Target| {
            matches!(target, Target::Fact(_) | Target::Message(_) | Target::Call(_))
        };
        self.other = None;
        self.why = self.why.take().filter(|target| !numbered(target));
        if self.why.is_none() && self.focus == Focus::Why {
            self.focus = Focus::Main;
        }
        self.why_pane = Pane::default();
        for pane in &mut self.panes {
            if pane.inside.iter().any(numbered) {
                let filter = std::mem::take(&mut pane.filter);
                *pane = Pane::default();
                pane.filter = filter;
            }
            pane.chosen = pane.chosen.take().filter(|stop| !stop.target().is_some_and(numbered));
        }
    }

    /// Whether this branch is another run than the scenario.
    pub(super) fn is_changed(&self) -> bool {
        let branch = &self.branches[self.current];
        !branch.timeline.journal().entries().is_empty()
            || branch.given.is_none() && branch.text != self.branches[0].text
    }

    /// The branch as a scenario's text for the file `new`; none where nothing was changed, or where
    /// no text plays it.
    pub(super) fn session(&self, new: &str) -> Option<String> {
        let text = self.branches[self.current].text.as_deref().filter(|_| self.is_changed())?;
        let told = self.timeline().journal().written_into(text)?;
        // What no reader of scenarios reads is not a session.
        moved(&told, &self.name, new).filter(|text| reads(text))
    }

    /// Whether a cluster is so big that nothing is played ahead.
    pub(super) fn is_large(&self) -> bool {
        self.timeline().run().is_large()
    }

    /// The object that a target stands for.
    pub(super) fn object_of(target: &Target) -> Option<(Kind, &crate::api::ObjectKey)> {
        match target {
            Target::Object(kind, key) => Some((*kind, key)),
            Target::Fact(_)
            | Target::Process(_)
            | Target::Message(_)
            | Target::Call(_)
            | Target::Moment(_)
            | Target::Named(_) => None,
        }
    }
}
