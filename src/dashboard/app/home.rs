//! The list of lessons and scenarios: where Prova opens.

use std::sync::Arc;

use crate::course::State;
use crate::course::chapter;
use crate::course::shelf;
use crate::course::shelf::Shelf;
use crate::dashboard::model::{Block, Column, Page, Role, Row, Table, Target, Text, Tier};
use crate::kernel::SimTime;
use crate::scenario::Overrides;
use crate::scenario::diagnostic::Severity;
use crate::scenario::load;
use crate::scenario::render;
use crate::texts::Key as _;
use crate::texts::dashboard::screen::Say;

use super::App;
use super::stage::{Focus, Opened};

/// The lesson that is chosen when Prova opens: the first question everybody has.
const FIRST: &str = "14-ariza-gunu";

impl App {
    /// What can be opened.
    pub(super) fn home_page(&self) -> Page {
        let lang = self.look.lang;
        let say = |key: Say| key.text(lang).to_owned();
        let heading = |key: Say| Block::Heading(Text::new(Role::Title, key.text(lang)));
        let column = |head: Say, from: Tier, least: u16, share: u16| Column {
            head: say(head),
            from,
            least,
            share,
            right: false,
        };
        let lessons = Table {
            columns: vec![
                column(Say::HomeLesson, Tier::Small, 24, 1),
                column(Say::HomeScenario, Tier::Normal, 16, 0),
                column(Say::HomeExercises, Tier::Small, 10, 0),
                column(Say::HomeMinutes, Tier::Wide, 6, 0),
            ],
            rows: self.lesson_rows(),
            empty: String::new(),
        };
        let scenarios = Table {
            columns: vec![
                column(Say::HomeName, Tier::Small, 20, 0),
                column(Say::HomeTitle, Tier::Small, 20, 1),
            ],
            rows: scenario_rows(),
            empty: String::new(),
        };
        let intro = self.words().text(Say::HomeIntro);
        Page {
            title: Text::plain(say(Say::HomeTop)),
            blocks: vec![
                Block::Prose(vec![Text::plain(intro)]),
                heading(Say::HomeLessons),
                Block::Table(lessons),
                heading(Say::HomeScenarios),
                Block::Table(scenarios),
                Block::Prose(vec![Text::new(Role::Faint, self.drafts())]),
            ],
        }
    }

    /// The chapters of which only the goals are written yet.
    fn drafts(&self) -> String {
        let heads = shelf::chapters();
        let heads = heads.iter().filter_map(|path| path.rsplit('/').next()?.strip_suffix(".md"));
        let heads = heads.filter_map(|id| chapter(id)?.value).map(|chapter| chapter.head);
        let titles: Vec<String> =
            heads.filter(|head| head.draft).map(|head| numbered(&head.id, &head.title)).collect();
        Say::HomeDrafts.fill(self.look.lang, &[("chapters", titles.join(" · "))])
    }

    fn lesson_rows(&self) -> Vec<Row> {
        let ids = shelf::chapters();
        let ids = ids.iter().filter_map(|path| path.rsplit('/').next()?.strip_suffix(".md"));
        let rows = ids.filter_map(|id| {
            let head = chapter(id)?.value?.head;
            if head.draft {
                return None;
            }
            let title = numbered(id, &head.title);
            let done = head.exercises.iter().filter(|id| self.progress.state(id) == State::Done);
            let (done, all) = (done.count(), head.exercises.len());
            let role = if done == all { Role::Good } else { Role::Waiting };
            let exercises = match all {
                0 => Text::default(),
                _ => Text::state(role, format!("{done}/{all}"), self.look.ascii),
            };
            let cells = vec![
                Text::plain(title),
                Text::new(Role::Faint, head.scenarios.first().cloned().unwrap_or_default()),
                exercises,
                Text::plain(head.minutes.to_string()),
            ];
            let target = Target::Named(format!("lesson/{id}"));
            Some(Row { target: Some(target), cells, now: id == FIRST })
        });
        rows.collect()
    }

    /// Opens what a line of the list names.
    pub(super) fn open_named(&mut self, target: &Target) {
        let Target::Named(name) = target else { return };
        if let Some(id) = name.strip_prefix("lesson/") {
            let head = chapter(id).and_then(|loaded| loaded.value).map(|chapter| chapter.head);
            let scenario = head.and_then(|head| head.scenarios.first().cloned());
            if let Some(scenario) = scenario {
                self.open_shelf(&scenario, Some(id));
            }
        } else if let Some(scenario) = name.strip_prefix("scenario/") {
            self.open_shelf(scenario, None);
        }
    }

    /// Opens a scenario that travels with the program.
    fn open_shelf(&mut self, scenario: &str, lesson: Option<&str>) {
        let lang = self.look.lang;
        let name = format!("scenarios/{scenario}.ron");
        let loaded = load(&[&name], &Overrides::default(), &Shelf);
        let text = shelf::text(&name).map(str::to_owned);
        match loaded.value {
            Some(plan) => {
                let lesson = lesson.map(str::to_owned);
                let opened = Opened { name, text, plan: Arc::new(plan), lesson };
                if let Err(why) = self.open(opened) {
                    self.tell(Role::Bad, why);
                }
            }
            None => {
                let errors =
                    loaded.diagnostics.iter().filter(|one| one.severity == Severity::Error);
                let all: Vec<_> = errors.cloned().collect();
                self.tell(Role::Bad, render::all_to_text(&all, &loaded.files, lang));
            }
        }
    }

    /// Opens the scenario of a passage that speaks of another one, at its moment.
    pub(super) fn open_passage(&mut self, name: &str) {
        let Some((scenario, bookmark)) =
            name.strip_prefix("passage/").and_then(|rest| rest.split_once('/'))
        else {
            return;
        };
        let lesson = self.stage.as_ref().and_then(|stage| stage.lesson.as_ref());
        let lesson = lesson.map(|lesson| lesson.head.id.clone());
        if self.warned() {
            return;
        }
        self.open_shelf(scenario, lesson.as_deref());
        if let Some(stage) = &mut self.stage {
            stage.focus = Focus::Lesson;
            // A bookmark that waits for something to be true is known once it was played.
            let marks = stage.marks();
            let known = marks.iter().find(|mark| mark.name == bookmark).map(|mark| mark.at);
            match known {
                Some(at) => stage.go(at),
                None => {
                    stage.timeline_mut().explore_all();
                    let marks = stage.marks();
                    let at = marks.iter().find(|mark| mark.name == bookmark);
                    let at = at.map_or(SimTime::ZERO, |mark| mark.at);
                    stage.go(at);
                }
            }
        }
    }
}

/// `14  Arıza Günü`.
fn numbered(id: &str, title: &str) -> String {
    let number = id.split('-').next().unwrap_or_default().trim_start_matches('0');
    format!("{number:>2}  {title}")
}

fn scenario_rows() -> Vec<Row> {
    let rows = shelf::scenarios().into_iter().map(|(name, title)| Row {
        target: Some(Target::Named(format!("scenario/{name}"))),
        cells: vec![Text::plain(name), Text::plain(title)],
        now: false,
    });
    rows.collect()
}
