//! Moving on a page: up and down, in and out, and what is chosen.

use crate::dashboard::model::{Block, Page, Role, Target};
use crate::dashboard::scene::Filter;
use crate::dashboard::stops::{Stop, first_stop, stops};
use crate::texts::Key as _;
use crate::texts::dashboard::screen::Say;
use crate::texts::dashboard::views_a::ObjectWords;

use super::App;
use super::ask::Ask;
use super::stage::{Focus, Stage};

/// Where the reader is in a panel.
#[derive(Clone, Debug, Default)]
pub(super) struct Pane {
    /// What was opened, the outermost first.
    pub(super) inside: Vec<Target>,
    /// The line; none before the reader moves.
    pub(super) chosen: Option<Stop>,
    /// The lines on which the outer pages were left.
    left: Vec<Option<Stop>>,
    /// What is let through.
    pub(super) filter: Filter,
}

impl Pane {
    /// The line the reader stands on.
    pub(super) fn stop(&self, page: &Page) -> Option<Stop> {
        let there = |stop: &&Stop| stops(page).contains(*stop);
        self.chosen.as_ref().filter(there).cloned().or_else(|| first_stop(page))
    }

    fn open(&mut self, target: Target) {
        if self.inside.last() == Some(&target) {
            return;
        }
        self.left.push(self.chosen.take());
        self.inside.push(target);
    }

    fn close(&mut self) -> bool {
        let closed = self.inside.pop().is_some();
        if closed {
            self.chosen = self.left.pop().flatten();
        }
        closed
    }
}

impl App {
    /// So many lines down, or up.
    pub(super) fn step_lines(&mut self, by: i64) {
        let page = self.focused_page();
        let all = stops(&page);
        let pane = match (&mut self.stage, &mut self.sitting) {
            (Some(stage), _) => stage.pane(),
            (None, Some(sitting)) => &mut sitting.pane,
            (None, None) => &mut self.home,
        };
        let here = pane.stop(&page).and_then(|stop| all.iter().position(|one| *one == stop));
        let Some(here) = here else { return };
        let moved = i64::try_from(here).unwrap_or(0).saturating_add(by).max(0);
        let place = usize::try_from(moved).unwrap_or(0).min(all.len().saturating_sub(1));
        pane.chosen = all.get(place).cloned();
    }

    /// The pane of the only panel while no run is open.
    pub(super) fn lone_pane(&mut self) -> &mut Pane {
        match &mut self.sitting {
            Some(sitting) => &mut sitting.pane,
            None => &mut self.home,
        }
    }

    /// The keys go to the task of an exercise.
    pub(super) fn is_in_task(&self) -> bool {
        let focus = self.stage.as_ref().map(|stage| stage.focus);
        self.sitting.is_some() && focus.is_none_or(|focus| focus == Focus::Task)
    }

    /// What the reader stands on.
    pub(super) fn chosen(&mut self) -> Option<Target> {
        let page = self.focused_page();
        let stop = match &mut self.stage {
            Some(stage) => stage.pane().stop(&page),
            None => self.lone_pane().stop(&page),
        };
        stop.and_then(|stop| stop.target().cloned())
    }

    pub(super) fn go_in(&mut self) {
        let Some(target) = self.chosen() else {
            self.tell(Role::Unknown, Say::NothingChosen.text(self.look.lang));
            return;
        };
        if self.is_in_task() {
            self.go_in_task(&target);
            return;
        }
        let Some(stage) = &mut self.stage else {
            self.open_named(&target);
            return;
        };
        match (stage.focus, target) {
            (_, Target::Moment(at)) => stage.go(at),
            (Focus::Lesson, Target::Named(name)) => self.open_passage(&name),
            (Focus::Why, Target::Fact(id)) => stage.go_fact(id),
            (Focus::Main, target) if stage.other.is_some() => {
                stage.other = None;
                stage.pane().open(target);
            }
            (Focus::Main, target) => {
                stage.panes[stage.view].open(target);
            }
            (Focus::Lesson | Focus::Why | Focus::Task, target) => {
                stage.focus = Focus::Main;
                stage.other = None;
                stage.panes[stage.view].open(target);
            }
        }
    }

    /// Out of an exercise: to the list, after a second press.
    pub(super) fn leave_task(&mut self) {
        if self.leave_way() {
            return;
        }
        let lang = self.look.lang;
        match &mut self.stage {
            Some(stage) if !stage.leaving => {
                stage.leaving = true;
                self.tell(Role::Unknown, Say::LeaveHow.text(lang));
            }
            Some(_) | None => self.close(),
        }
    }

    pub(super) fn go_out(&mut self) {
        if self.leave_way() {
            return;
        }
        let Some(stage) = &mut self.stage else { return };
        match stage.focus {
            Focus::Why => {
                stage.why = None;
                stage.focus = Focus::Main;
            }
            Focus::Lesson | Focus::Task => stage.focus = Focus::Main,
            Focus::Main if stage.other.take().is_some() => {}
            Focus::Main => {
                let pane = stage.pane();
                if pane.close() {
                    return;
                }
                if !pane.filter.text.is_empty() {
                    pane.filter = Filter::default();
                } else if self.sitting.is_some() {
                    stage.focus = Focus::Task;
                } else if stage.leaving {
                    self.close();
                } else {
                    // The place in time would be lost by one key too many.
                    stage.leaving = true;
                    self.tell(Role::Unknown, Say::LeaveHow.text(self.look.lang));
                }
            }
        }
    }

    /// Asks for the causes of what is chosen.
    pub(super) fn why(&mut self) {
        let target = self.chosen();
        let lang = self.look.lang;
        let Some(stage) = &mut self.stage else { return };
        // On the inside of something, the thing itself is asked about when no line is.
        let target = target.or_else(|| stage.pane().inside.last().cloned());
        match target {
            Some(target) => {
                stage.why = Some(target);
                stage.why_pane = Pane::default();
                stage.focus = Focus::Why;
            }
            None => self.tell(Role::Unknown, Say::NothingChosen.text(lang)),
        }
    }

    /// Opens the chosen object where its raw form begins.
    pub(super) fn raw(&mut self) {
        let chosen = self.chosen();
        let lang = self.look.lang;
        let Some(stage) = &mut self.stage else { return };
        let chosen = chosen.or_else(|| stage.pane().inside.last().cloned());
        let object = chosen.filter(|target| Stage::object_of(target).is_some());
        let Some(object) = object else {
            self.tell(Role::Unknown, Say::NoObject.text(lang));
            return;
        };
        stage.focus = Focus::Main;
        stage.other = None;
        stage.panes[stage.view].open(object);
        let page = self.focused_page();
        let raw = page.blocks.iter().position(|block| match block {
            Block::Heading(text) => text.letters() == ObjectWords::Raw.text(lang),
            Block::Prose(_)
            | Block::Pairs(_)
            | Block::Table(_)
            | Block::Map(_)
            | Block::Lanes(_)
            | Block::Series(_)
            | Block::Chain(_)
            | Block::Passages(_) => false,
        });
        if let (Some(raw), Some(stage)) = (raw, &mut self.stage) {
            stage.pane().chosen = Some(Stop::Line(raw, 0));
        }
    }

    /// What this screen shows, and what to try.
    pub(super) fn hint(&mut self) {
        let lang = self.look.lang;
        let key = match &self.stage {
            None => Say::HintHome,
            Some(stage) if stage.other.is_some() => Say::HintCompare,
            Some(stage) => match stage.focus {
                Focus::Lesson => Say::HintLesson,
                Focus::Why | Focus::Task => Say::HintWhy,
                Focus::Main => hint_of(crate::dashboard::views::VIEWS[stage.view].id),
            },
        };
        self.show_text(Ask::Text, Say::HintTitle.text(lang), &self.words().text(key));
    }
}

fn hint_of(view: &str) -> Say {
    match view {
        "map" => Say::HintMap,
        "objects" => Say::HintObjects,
        "events" => Say::HintEvents,
        "messages" => Say::HintMessages,
        "raft" => Say::HintRaft,
        "scheduler" => Say::HintScheduler,
        "net" => Say::HintNet,
        "request" => Say::HintRequest,
        _ => Say::HintMetrics,
    }
}
