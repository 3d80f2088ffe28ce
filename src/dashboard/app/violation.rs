//! From a verdict to the run: a violation is a moment to go to, to ask about, and to hold against a
//! seed that passes.

use crate::api::{Kind, ObjectKey};
use crate::course::attempt::FIRST_SEED;
use crate::course::judge::Line;
use crate::dashboard::model::{Role, Target};
use crate::dashboard::screen::StripMark;
use crate::dashboard::stops::Stop;
use crate::dashboard::task::{Place, Standing};
use crate::kernel::SimTime;
use crate::lab::{Change, MarkKind};
use crate::observe::explain;
use crate::scenario::values::ObjectRef;
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::task::Task as Say;

use super::App;
use super::choose::Pane;
use super::stage::{Branch, Focus};

/// The object of a name like `deployment/web`; none for a pattern.
fn object_of(name: &str) -> Option<(Kind, ObjectKey)> {
    let of = name.parse::<ObjectRef>().ok().filter(|of| !of.is_pattern())?;
    Some((of.kind, ObjectKey::new(of.namespace.as_str(), of.name.as_str())))
}

impl App {
    /// The line that is meant: the chosen one, else the first that failed; with its seed.
    pub(super) fn meant(&self) -> Option<(u64, Line)> {
        // The first line of the page is not meant unless the reader, or the verdict, chose it.
        let pane = self.stage.as_ref().map(|stage| &stage.task_pane);
        let pane = pane.or_else(|| self.sitting.as_ref().map(|sitting| &sitting.pane));
        let chosen = pane.and_then(|pane| pane.chosen.as_ref()?.target().cloned());
        let sitting = self.sitting.as_ref()?;
        let Standing::Judged(attempt) = &sitting.standing else { return None };
        let lines = &attempt.verdict.lines;
        let broken = sitting.seeds.broken.as_ref();
        match chosen.as_ref().and_then(Place::of) {
            Some(Place::Line(number)) => Some((FIRST_SEED, lines.get(number)?.clone())),
            Some(Place::Seed(number)) => {
                let (seed, lines) = broken?;
                Some((*seed, lines.get(number)?.clone()))
            }
            Some(Place::Question(_) | Place::Exercise(_)) | None => {
                let first = lines.iter().find(|line| !line.held).map(|line| (FIRST_SEED, line));
                let on_seed = || {
                    let (seed, lines) = broken?;
                    Some((*seed, lines.iter().find(|line| !line.held)?))
                };
                first.or_else(on_seed).map(|(seed, line)| (seed, line.clone()))
            }
        }
    }

    /// No line is meant: all held, or there is no verdict.
    fn tell_nothing_meant(&mut self) {
        let passed = self.stage.is_some() && !self.is_unanswered();
        let say = if passed { Say::NothingBroken } else { Say::NoRunNow };
        self.tell(Role::Unknown, say.text(self.look.lang));
    }

    /// `g` in the task: to the moment of the line that is meant; none when there is no such moment,
    /// which is said.
    pub(super) fn go_to_meant(&mut self) -> Option<(SimTime, Line)> {
        let lang = self.look.lang;
        let Some((seed, line)) = self.meant() else {
            self.tell_nothing_meant();
            return None;
        };
        let Some(at) = line.at else {
            self.tell(Role::Unknown, Say::NoViolation.text(lang));
            return None;
        };
        if self.stage.is_none() {
            self.tell(Role::Unknown, Say::NoRunNow.text(lang));
            return None;
        }
        if !self.stand_on_run(line.case.as_deref(), seed) {
            return None;
        }
        if let Some(stage) = &mut self.stage {
            stage.go(at);
            stage.focus = Focus::Main;
            // `w` there asks about what the verdict speaks of.
            let object = line.object.as_deref().and_then(object_of);
            let view = stage.view;
            if let (Some((kind, key)), true) = (object, stage.panes[view].inside.is_empty()) {
                stage.panes[view].chosen = Some(Stop::On(Target::Object(kind, key)));
            }
        }
        let seen = if line.sides.is_some() || line.held { &line.demand } else { &line.seen };
        let args = [("at", form::moment(lang, at)), ("seen", seen.clone())];
        self.tell(Role::Mark, Say::WentTo.fill(lang, &args));
        Some((at, line))
    }

    /// Stands on the branch of a case with a seed; one that is not there yet is forked. False when
    /// it cannot be, which is said.
    fn stand_on_run(&mut self, case: Option<&str>, seed: u64) -> bool {
        let lang = self.look.lang;
        if let Some(known) = self.run_of(case, seed) {
            self.stand_on(known);
            return true;
        }
        let base = self.run_of(case, FIRST_SEED);
        let (Some(base), Some(stage)) = (base, &mut self.stage) else {
            self.tell(Role::Unknown, Say::NoRunNow.text(lang));
            return false;
        };
        let name = Say::SeedBranch.fill(lang, &[("seed", seed.to_string())]);
        let name = case.map_or(name.clone(), |case| format!("{case}, {name}"));
        let before = std::mem::replace(&mut stage.current, base);
        let forked = self.fork(name, Change::Seed(seed));
        let Some(stage) = &mut self.stage else { return false };
        match forked {
            Ok(()) => {
                stage.branches[stage.current].given = Some((case.map(str::to_owned), seed));
                true
            }
            Err(why) => {
                stage.current = before;
                self.tell(Role::Bad, why);
                false
            }
        }
    }

    /// The branch of a case's run on a seed.
    fn run_of(&self, case: Option<&str>, seed: u64) -> Option<usize> {
        let stage = self.stage.as_ref()?;
        let fits = |branch: &Branch| {
            let given = branch.given.as_ref();
            given.is_some_and(|(of, its)| of.as_deref() == case && *its == seed)
        };
        stage.branches.iter().position(fits)
    }

    /// `w` in the task: the causes of the line that is meant.
    pub(super) fn why_meant(&mut self) {
        let Some((at, line)) = self.go_to_meant() else { return };
        let Some(stage) = &mut self.stage else { return };
        // What happened to the object leads to the cause; the cause alone says less.
        let object = line.object.as_deref().and_then(object_of);
        // In a large cluster the moment is still being gone to.
        let known = stage.timeline().known().seen().unwrap_or(stage.seen());
        let told = object.filter(|(kind, key)| explain(&known.facts, *kind, key, at).len() > 1);
        let object = told.map(|(kind, key)| Target::Object(kind, key));
        if let Some(asked) = object.or(line.fact.map(Target::Fact)) {
            stage.why = Some(asked);
            stage.why_pane = Pane::default();
            stage.focus = Focus::Why;
        }
    }

    /// The violations in the run that is seen, as marks of the timeline.
    pub(super) fn violations(&self) -> Vec<StripMark> {
        let (Some(sitting), Some(stage)) = (&self.sitting, &self.stage) else { return Vec::new() };
        let Standing::Judged(attempt) = &sitting.standing else { return Vec::new() };
        let lines = attempt.verdict.lines.iter();
        let here = lines.filter(|line| {
            !line.held && self.run_of(line.case.as_deref(), FIRST_SEED) == Some(stage.current)
        });
        let mark = |line: &Line| {
            let name = Say::Mark.fill(self.look.lang, &[("name", line.demand.as_str())]);
            Some(StripMark { at: line.at?, kind: MarkKind::Own, name })
        };
        here.filter(|line| line.sides.is_none()).filter_map(mark).collect()
    }

    /// `f` in the task: the run of the line that is meant beside the same on a seed that passes.
    pub(super) fn compare_with_passing(&mut self) {
        let lang = self.look.lang;
        let Some((seed, line)) = self.meant() else {
            self.tell_nothing_meant();
            return;
        };
        let Some(sitting) = &self.sitting else { return };
        if sitting.exercise.kind.answers() {
            self.tell(Role::Unknown, Say::OneSeed.text(lang));
            return;
        }
        let Standing::Judged(attempt) = &sitting.standing else { return };
        let passing = if attempt.verdict.passed() {
            Some(FIRST_SEED)
        } else {
            sitting.seeds.passed.first().copied()
        };
        let passing = passing.filter(|passing| *passing != seed);
        let Some(passing) = passing else {
            let waits = !sitting.seeds.is_done() && attempt.wants_seeds();
            let say = if waits { Say::SeedsWait } else { Say::NoPassing };
            self.tell(Role::Unknown, say.text(lang));
            return;
        };
        let Some(now) = self.stage.as_ref().map(|stage| stage.now()) else { return };
        let case = line.case.as_deref();
        if !self.stand_on_run(case, passing) {
            return;
        }
        let other = self.stage.as_ref().map_or(0, |stage| stage.current);
        if !self.stand_on_run(case, seed) {
            return;
        }
        self.compare_with_branch(other);
        if let Some(stage) = &mut self.stage {
            stage.go(line.at.unwrap_or(now));
        }
    }
}
