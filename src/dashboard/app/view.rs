//! From the state to a screen.

use std::sync::Arc;

use crate::dashboard::bindings::{BINDINGS, Command, binding_of};
use crate::dashboard::lesson::{lesson_page, notes_page};
use crate::dashboard::model::{Block, Page, Role, Target, Text, Tier};
use crate::dashboard::scene::{Filter, Scene};
use crate::dashboard::screen::{Hint, Over, Panel, Screen, Strip, StripMark, Tab, page_tier, tier};
use crate::dashboard::views::{VIEWS, compare_page, why};
use crate::lab::compare;
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::keys;
use crate::texts::dashboard::screen::Say;
use crate::texts::dashboard::task::Task as Exercise;
use crate::texts::dashboard::views_a;
use crate::texts::{Lang, Pair};

use super::App;
use super::ask::Overlay;
use super::choose::Pane;
use super::goto::mark_name;
use super::stage::{Focus, Other, Stage, short_name};

/// Pages that were made for this version of the state.
#[derive(Debug, Default)]
pub(super) struct Cache {
    pages: Vec<(Focus, PageKey, Arc<Page>)>,
}

/// What a page depends on.
#[derive(Clone, Debug, PartialEq)]
struct PageKey {
    branch: usize,
    step: u64,
    at: u64,
    /// What was played ahead, for pages that look there.
    known: u64,
    view: usize,
    inside: Option<Target>,
    filter: Filter,
    chosen: Option<Target>,
    /// With what the page compares: its name, and where that stands.
    comparing: Option<(String, u64)>,
    look: (crate::texts::Lang, bool, (u16, u16)),
}

impl App {
    /// The screen as it is now.
    pub fn screen(&mut self) -> Screen {
        self.follow();
        let look = self.look;
        let panels = self.panels();
        let overlay = self.overlay.as_ref().map(|overlay| self.over(overlay));
        Screen {
            lang: look.lang,
            ascii: look.ascii,
            size: look.size,
            top: self.top(),
            tabs: self.tabs(),
            panels,
            strip: self.stage.as_ref().map(|stage| {
                let mut strip = strip(stage, look.lang);
                strip.marks.extend(self.violations());
                strip.marks.sort_by_key(|mark| mark.at);
                strip
            }),
            bar: self.bar(),
            more: self.more(),
            overlay,
            notice: self.notice.clone(),
        }
    }

    fn over(&self, overlay: &Overlay) -> Over {
        let empty = Say::NothingFits.fill(self.look.lang, &[("word", overlay.typed.as_str())]);
        let (page, chosen) = overlay.page(&empty);
        let input = overlay.label.clone().map(|label| (label, overlay.typed.clone()));
        Over { title: overlay.title.clone(), input, page, chosen }
    }

    fn top(&self) -> Text {
        let lang = self.look.lang;
        let Some(stage) = &self.stage else {
            let say = match &self.sitting {
                Some(_) => self.why_no_run().text(lang),
                None => Say::HomeTop.text(lang),
            };
            return Text::new(Role::Title, say);
        };
        let run = stage.timeline().run();
        let (key, role) = if stage.is_chasing() {
            (Say::StateChasing, Role::Warning)
        } else if stage.playing {
            (Say::StatePlays, Role::Good)
        } else {
            (Say::StateStands, Role::Waiting)
        };
        let pace = match stage.pace.hundredths() {
            None => Say::PaceFacts.text(lang).to_owned(),
            Some(hundredths) if hundredths < 100 => {
                format!("{}×", crate::texts::decimal(lang, &format!("0.{:02}", hundredths)))
            }
            Some(hundredths) => format!("{}×", hundredths / 100),
        };
        let args = [
            ("at", form::moment(lang, stage.now())),
            ("end", form::short(lang, stage.timeline().end().since(crate::kernel::SimTime::ZERO))),
        ];
        let step = form::count(lang, run.steps());
        let seed = run.sim().seed().to_string();
        let mut top = Text::state(role, format!("{} {pace}", key.text(lang)), self.look.ascii)
            .and(Role::Plain, "  ")
            .and(Role::Strong, Say::TopTime.fill(lang, &args))
            .and(Role::Faint, format!("  {}  ", Say::TopStep.fill(lang, &[("step", step)])))
            .and(Role::Title, run.plan().title.as_str())
            .and(Role::Faint, format!("  {}", Say::TopSeed.fill(lang, &[("seed", seed)])));
        if stage.branches.len() > 1 {
            top = top.and(Role::Mark, format!("  {}", self.branch_name(stage.current)));
        }
        top
    }

    fn tabs(&self) -> Vec<Tab> {
        let Some(stage) = &self.stage else { return Vec::new() };
        let tab = |(place, view): (usize, &crate::dashboard::views::View)| Tab {
            key: view.digit,
            name: view.name.template(self.look.lang).to_owned(),
            here: place == stage.view,
        };
        VIEWS.iter().enumerate().map(tab).collect()
    }

    /// The keys that matter, the most important first.
    fn bar(&self) -> Vec<Hint> {
        if self.overlay.is_none() && self.is_in_task() {
            return self.task_bar();
        }
        if let Some(overlay) = &self.overlay {
            let mut keys = vec![("Enter", Say::BarTake), ("Esc", Say::BarBack)];
            if overlay.ask.is_text() {
                keys = vec![("↑↓", Say::BarRead), ("Esc", Say::BarClose)];
            } else if !overlay.items.is_empty() {
                keys.insert(0, ("↑↓", Say::BarChoose));
            }
            return keys.into_iter().map(|(key, word)| self.fixed(key, word)).collect();
        }
        let home = [
            Command::In,
            Command::Exercises,
            Command::Palette,
            Command::Hint,
            Command::Help,
            Command::Quit,
        ];
        match &self.stage {
            None => {
                let rest = home.into_iter().filter_map(|command| self.key_of(command, None));
                std::iter::once(self.fixed("↑↓", Say::BarChoose)).chain(rest).collect()
            }
            Some(_) => BINDINGS.iter().filter_map(|row| self.key_of(row.command, None)).collect(),
        }
    }

    /// A key that nobody can give away, and its word.
    fn fixed(&self, key: &str, word: Say) -> Hint {
        let signs = if self.look.ascii && key == "↑↓" { "^v" } else { key };
        let word = word.text(self.look.lang).to_owned();
        Hint { key: signs.to_owned(), said: key.to_owned(), word }
    }

    /// A command's keys and its word on the bar, or another one; none where it has neither.
    fn key_of(&self, command: Command, word: Option<Pair>) -> Option<Hint> {
        let word = word.or(binding_of(command)?.bar)?.template(self.look.lang).to_owned();
        let shown = |ascii: bool| self.keys.on_bar(command, ascii);
        Some(Hint { key: shown(self.look.ascii)?, said: shown(true)?, word })
    }

    /// The way to all keys.
    fn more(&self) -> Hint {
        let shown = |ascii: bool| {
            let key = self.keys.on_bar(Command::Help, ascii);
            key.unwrap_or_else(|| self.words().key(Command::Help))
        };
        let word = keys::MORE_BAR.template(self.look.lang).to_owned();
        Hint { key: shown(self.look.ascii), said: shown(true), word }
    }

    /// The keys of the task panel.
    fn task_bar(&self) -> Vec<Hint> {
        let broken = self.stage.is_some() && self.meant().is_some();
        let mut own = Vec::new();
        // Only keys that lead somewhere here.
        if self.is_unanswered() {
            own.push((Command::In, Some(keys::ANSWER_BAR)));
        } else if broken && self.has_answers() {
            own.push((Command::Details, Some(keys::ANSWER_BAR)));
            own.push((Command::Goto, Some(keys::VIOLATION_BAR)));
        } else if broken {
            own.push((Command::Goto, Some(keys::VIOLATION_BAR)));
            own.push((Command::Why, None));
            own.push((Command::Compare, None));
        }
        own.extend([(Command::Hint, None), (Command::Edit, Some(keys::EDIT_BAR))]);
        own.push((Command::Exercises, None));
        if self.is_done() {
            own.push((Command::Solution, Some(keys::SOLUTION_BAR)));
        }
        let rest = [Command::Panel, Command::Again, Command::Palette, Command::Quit];
        own.extend(
            rest.map(|command| (command, (command == Command::Again).then_some(keys::AGAIN_BAR))),
        );
        own.into_iter().filter_map(|(command, word)| self.key_of(command, word)).collect()
    }

    /// The page that the keys go to.
    pub(super) fn focused_page(&mut self) -> Arc<Page> {
        let alone = if self.sitting.is_some() { Focus::Task } else { Focus::Main };
        let focus = self.stage.as_ref().map_or(alone, |stage| stage.focus);
        self.page(focus)
    }

    fn panels(&mut self) -> Vec<Panel> {
        let focus = self.stage.as_ref().map(|stage| stage.focus);
        let working = self.sitting.is_some();
        let Some(focus) = focus else {
            let alone = if working { Focus::Task } else { Focus::Main };
            return vec![self.panel(alone)];
        };
        let comparing = self.stage.as_ref().is_some_and(|stage| stage.other.is_some());
        let shown = match tier(self.look.size) {
            // Two values and a reason want the whole width.
            _ if comparing && focus == Focus::Main => vec![Focus::Main],
            Tier::Small | Tier::Normal => vec![focus],
            Tier::Wide if working && matches!(focus, Focus::Main | Focus::Task) => {
                vec![Focus::Task, Focus::Main]
            }
            Tier::Huge if working => {
                let asked = self.stage.as_ref().is_some_and(|stage| stage.why.is_some());
                let reads = focus == Focus::Lesson || focus == Focus::Task && !asked;
                let side = if reads { Focus::Lesson } else { Focus::Why };
                vec![Focus::Task, Focus::Main, side]
            }
            Tier::Wide => {
                let side = match focus {
                    Focus::Main => {
                        let asked = self.stage.as_ref().is_some_and(|stage| stage.why.is_some());
                        if asked { Focus::Why } else { Focus::Lesson }
                    }
                    Focus::Lesson | Focus::Why | Focus::Task => focus,
                };
                vec![Focus::Main, side]
            }
            Tier::Huge => vec![Focus::Main, Focus::Lesson, Focus::Why],
        };
        shown.into_iter().map(|focus| self.panel(focus)).collect()
    }

    fn panel(&mut self, focus: Focus) -> Panel {
        let lang = self.look.lang;
        let page = self.page(focus);
        let (name, pane, active) = match &self.stage {
            None if focus == Focus::Task => {
                let pane = self.sitting.as_ref().map_or(&self.home, |sitting| &sitting.pane);
                (Exercise::Name.text(lang), pane, true)
            }
            None => (Say::HomePanel.text(lang), &self.home, true),
            Some(stage) => {
                let (name, pane) = match focus {
                    Focus::Main if stage.other.is_some() => {
                        (views_a::COMPARE.template(lang), &stage.other_pane)
                    }
                    Focus::Main => {
                        (VIEWS[stage.view].name.template(lang), &stage.panes[stage.view])
                    }
                    Focus::Lesson => (Say::LessonName.text(lang), &stage.lesson_pane),
                    Focus::Why => (views_a::WHY.template(lang), &stage.why_pane),
                    Focus::Task => (Exercise::Name.text(lang), &stage.task_pane),
                };
                (name, pane, stage.focus == focus)
            }
        };
        let mut title = Text::new(Role::Title, name);
        if (self.stage.is_some() || focus == Focus::Task) && !page.title.letters().is_empty() {
            title = title.and(Role::Faint, "  ");
            title.0.extend(page.title.0.iter().cloned());
        }
        if !pane.filter.text.is_empty() {
            let args = [("text", pane.filter.text.as_str())];
            title = title.and(Role::Accent, format!("  {}", Say::Filtered.fill(lang, &args)));
        }
        Panel { focus, title, chosen: pane.stop(&page), page, active }
    }

    /// A panel's page; made anew only when something that it depends on changed.
    fn page(&mut self, focus: Focus) -> Arc<Page> {
        // What the task says is told by the host; it is never long.
        if focus == Focus::Task {
            return Arc::new(self.task_page());
        }
        let Some(key) = self.page_key(focus) else { return Arc::new(self.home_page()) };
        let known = self.cache.pages.iter().find(|(of, old, _)| *of == focus && *old == key);
        if let Some((_, _, page)) = known {
            return page.clone();
        }
        let page = Arc::new(self.build(focus));
        self.cache.pages.retain(|(of, _, _)| *of != focus);
        self.cache.pages.push((focus, key, page.clone()));
        page
    }

    fn page_key(&self, focus: Focus) -> Option<PageKey> {
        let stage = self.stage.as_deref()?;
        let pane = pane_of(stage, focus);
        let cursor = stage.timeline().cursor();
        let why = match focus {
            Focus::Why => self.asked(stage),
            Focus::Main | Focus::Lesson | Focus::Task => None,
        };
        // The lesson knows which bookmarks were reached ahead; the message view lights the choice.
        let known = if focus == Focus::Lesson { stage.marks().len() } else { 0 };
        let lights = focus == Focus::Main && VIEWS[stage.view].id == "messages";
        let chosen = pane.chosen.as_ref().and_then(|stop| stop.target().cloned());
        Some(PageKey {
            branch: stage.current,
            step: cursor.step,
            at: cursor.at.as_nanos(),
            known: u64::try_from(known).unwrap_or(u64::MAX),
            view: stage.view,
            inside: pane.inside.last().cloned().or(why),
            filter: pane.filter.clone(),
            chosen: chosen.filter(|_| lights),
            comparing: match (&stage.other, focus) {
                (Some(Other::Branch(number)), Focus::Main) => {
                    let step = stage.branches.get(*number).map(|one| one.timeline.cursor().step);
                    Some((number.to_string(), step.unwrap_or(0)))
                }
                (Some(Other::Moment(name, _)), Focus::Main) => Some((name.clone(), 0)),
                (Some(_), Focus::Lesson | Focus::Why | Focus::Task) | (None, _) => None,
            },
            look: (self.look.lang, self.look.ascii, self.look.size),
        })
    }

    fn build(&self, focus: Focus) -> Page {
        let Some(stage) = self.stage.as_deref() else { return self.home_page() };
        let lang = self.look.lang;
        let pane = pane_of(stage, focus);
        let chosen = pane.chosen.as_ref().and_then(|stop| stop.target());
        let run = stage.timeline().run();
        let seen = stage.seen();
        let scene = Scene {
            run,
            seen,
            known: stage.timeline().known().seen().unwrap_or(seen),
            lang,
            ascii: self.look.ascii,
            tier: page_tier(self.look.size),
            chosen,
            inside: pane.inside.last(),
            filter: &pane.filter,
        };
        match focus {
            Focus::Task => self.task_page(),
            Focus::Main => match &stage.other {
                Some(other) => self.differences(stage, other, &scene),
                None => (VIEWS[stage.view].page)(&scene),
            },
            Focus::Why => match self.asked(stage) {
                Some(target) => why(&scene, &target),
                None => notes_page("", &self.words().text(Say::WhyEmpty), lang),
            },
            Focus::Lesson => match &stage.lesson {
                Some(lesson) => {
                    let marks = stage.marks();
                    let name = short_name(&stage.name);
                    let mut page = lesson_page(lesson, name, &marks, stage.now(), self.words());
                    if stage.current > 0 {
                        let text = Text::state(
                            Role::Warning,
                            Say::LessonOther.text(lang),
                            self.look.ascii,
                        );
                        page.blocks.insert(0, Block::Prose(vec![text]));
                    }
                    page
                }
                None => notes_page(&run.plan().title, &run.plan().notes, lang),
            },
        }
    }

    /// What the causes are asked of; where their panel is always seen, of what is chosen.
    fn asked(&self, stage: &Stage) -> Option<Target> {
        let chosen = || {
            let pane = pane_of(stage, Focus::Main);
            pane.chosen.as_ref().and_then(|stop| stop.target().cloned())
        };
        let always = tier(self.look.size) == Tier::Huge;
        stage.why.clone().or_else(|| if always { chosen() } else { None })
    }

    fn differences(&self, stage: &Stage, other: &Other, scene: &Scene<'_>) -> Page {
        let here = form::moment(self.look.lang, stage.now());
        match other {
            Other::Moment(name, then) => {
                let found = compare(then, scene.seen);
                compare_page(scene, (name, &here), &found)
            }
            Other::Branch(number) => {
                let theirs = stage.branches.get(*number).and_then(|one| one.timeline.run().seen());
                let found = theirs.map(|theirs| compare(theirs, scene.seen)).unwrap_or_default();
                let (left, right) = (self.branch_name(*number), self.branch_name(stage.current));
                compare_page(scene, (&left, &right), &found)
            }
        }
    }
}

fn pane_of(stage: &Stage, focus: Focus) -> &Pane {
    match focus {
        Focus::Main if stage.other.is_some() => &stage.other_pane,
        Focus::Main => &stage.panes[stage.view],
        Focus::Lesson => &stage.lesson_pane,
        Focus::Why => &stage.why_pane,
        Focus::Task => &stage.task_pane,
    }
}

fn strip(stage: &Stage, lang: Lang) -> Strip {
    let marks = stage.marks().into_iter().map(|mark| StripMark {
        at: mark.at,
        kind: mark.kind,
        name: if mark.note.is_empty() || mark.kind != crate::lab::MarkKind::Step {
            mark_name(&mark, lang).to_owned()
        } else {
            mark.note
        },
    });
    Strip {
        now: stage.now(),
        known: stage.timeline().frontier().at,
        end: stage.timeline().end(),
        marks: marks.collect(),
    }
}
