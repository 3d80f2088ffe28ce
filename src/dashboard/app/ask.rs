//! The overlay: a line of input and a list to choose from, or a text to read.
//!
//! What is typed narrows the list; Enter takes the chosen line, or what was typed where the
//! question wants a text of its own.

use crate::dashboard::bindings::Command;
use crate::dashboard::keys::{Key, Press};
use crate::dashboard::model::{Block, Column, Page, Role, Row, Table, Target, Text, Tier};
use crate::dashboard::stops::Stop;
use crate::kernel::SimTime;
use crate::lab::MarkKind;
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::screen::Say;
use crate::texts::fold;

use super::App;
use super::answer::Doing;
use super::goto::mark_name;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Any command.
    Palette,
    /// The keys; Enter does what the line says.
    Help,
    /// A text to read.
    Text,
    /// The rungs of an exercise's hint; the key that opened it shows one more.
    Hint,
    /// Where to go.
    Goto,
    /// What is let through.
    Filter,
    /// What to do to something.
    Menu,
    /// An action in the scenario's words.
    Deed,
    /// A bookmark's name.
    Mark,
    /// A bookmark to go to.
    Marks,
    /// What shall be otherwise in another future.
    Fork,
    /// Which flag shall have another value.
    Settings,
    /// The value of this flag.
    Setting(String),
    /// Another seed.
    Seed,
    /// What to compare with.
    Compare,
    /// Which branch to stand on.
    Branches,
    /// What is asked of many seeds.
    Seeds,
    /// Where to write the session.
    Save,
    /// Which exercise.
    Exercises,
    /// Whether to begin it again.
    Again,
    /// The answer to the question of this name.
    Answer(String),
}

impl Ask {
    /// Whether it is read only.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Ask::Text | Ask::Hint)
    }

    /// Whether what was typed is itself an answer.
    fn takes_text(&self) -> bool {
        match self {
            Ask::Goto
            | Ask::Filter
            | Ask::Deed
            | Ask::Mark
            | Ask::Setting(_)
            | Ask::Seed
            | Ask::Seeds
            | Ask::Save
            | Ask::Answer(_)
            | Ask::Palette => true,
            Ask::Help
            | Ask::Text
            | Ask::Hint
            | Ask::Menu
            | Ask::Marks
            | Ask::Fork
            | Ask::Settings
            | Ask::Compare
            | Ask::Exercises
            | Ask::Again
            | Ask::Branches => false,
        }
    }
}

/// Lines that a page of a list skips.
const PAGE: usize = 10;

/// A line to choose.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What stands on it: key or name, and what it means.
    pub(super) words: [Text; 2],
    /// What is done when it is taken.
    pub(super) doing: Doing,
}

impl Item {
    pub(super) fn new(name: Text, about: Text, doing: Doing) -> Item {
        Item { words: [name, about], doing }
    }

    fn letters(&self) -> String {
        fold(&format!("{} {}", self.words[0].letters(), self.words[1].letters()))
    }
}

/// The overlay.
#[derive(Clone, Debug)]
pub(super) struct Overlay {
    pub(super) ask: Ask,
    pub(super) title: String,
    /// What stands before the line of input; none where nothing is typed.
    pub(super) label: Option<String>,
    pub(super) typed: String,
    pub(super) items: Vec<Item>,
    /// The chosen one of those that fit; none before the reader moves.
    pub(super) chosen: Option<usize>,
    /// A text above the list.
    pub(super) text: Vec<Text>,
    /// The filter as it was, for who leaves the question.
    pub(super) before: String,
}

impl Overlay {
    /// The items that fit what was typed, with their numbers.
    pub(super) fn fitting(&self) -> Vec<(usize, &Item)> {
        let words: Vec<String> = self.typed.split_whitespace().map(fold).collect();
        // A free text does not empty the list of suggestions with every further word of it.
        let words = if self.ask == Ask::Filter { Vec::new() } else { words };
        let fits = |item: &Item| {
            let letters = item.letters();
            words.iter().all(|word| letters.contains(word.as_str()))
        };
        self.items.iter().enumerate().filter(|(_, item)| fits(item)).collect()
    }

    /// The chosen item.
    pub(super) fn item(&self) -> Option<&Item> {
        self.items.get(self.number()?)
    }

    /// In the palette the first fitting command is meant, even when nothing was chosen.
    fn only_names(&self) -> bool {
        self.ask == Ask::Palette || self.ask == Ask::Goto && self.typed.is_empty()
    }

    /// The number of the item that is chosen, for the page.
    fn number(&self) -> Option<usize> {
        let fitting = self.fitting();
        let place = match self.chosen {
            Some(place) => place.min(fitting.len().saturating_sub(1)),
            None if self.ask.takes_text() && !self.only_names() => return None,
            None => 0,
        };
        fitting.get(place).map(|(number, _)| *number)
    }

    /// What is seen of it.
    pub(super) fn page(&self, empty: &str) -> (Page, Option<Stop>) {
        let mut blocks = Vec::new();
        if !self.text.is_empty() {
            blocks.push(Block::Prose(self.text.clone()));
        }
        let fitting = self.fitting();
        if !self.items.is_empty() {
            let rows = fitting.iter().map(|(number, item)| Row {
                target: Some(target(*number)),
                cells: item.words.to_vec(),
                now: false,
            });
            let column = |share: u16| Column {
                head: String::new(),
                from: Tier::Small,
                least: 8,
                share,
                right: false,
            };
            let (columns, rows) = (vec![column(0), column(1)], rows.collect());
            blocks.push(Block::Table(Table { columns, rows, empty: empty.to_owned() }));
        }
        let page = Page { title: Text::new(Role::Title, self.title.as_str()), blocks };
        let chosen = if self.ask.is_text() {
            Some(Stop::Line(0, self.chosen.unwrap_or(0)))
        } else {
            self.number().map(|number| Stop::On(target(number)))
        };
        (page, chosen)
    }
}

fn target(number: usize) -> Target {
    Target::Named(format!("item/{number}"))
}

impl App {
    /// Opens an overlay with a list.
    pub(super) fn ask(&mut self, ask: Ask, title: Say, label: Option<Say>, items: Vec<Item>) {
        let lang = self.look.lang;
        let label = label.map(|label| label.text(lang));
        self.ask_titled(ask, title.text(lang), label, items);
    }

    /// The same with words that stand in no table of this room, or that name what is asked about.
    pub(super) fn ask_titled(
        &mut self,
        ask: Ask,
        title: &str,
        label: Option<&str>,
        items: Vec<Item>,
    ) {
        self.overlay = Some(Overlay {
            ask,
            title: title.to_owned(),
            label: label.map(str::to_owned),
            typed: String::new(),
            items,
            chosen: None,
            text: Vec::new(),
            before: String::new(),
        });
    }

    /// Opens a text to read.
    pub(super) fn show_text(&mut self, ask: Ask, title: &str, text: &str) {
        self.ask_titled(ask, title, None, Vec::new());
        if let Some(overlay) = &mut self.overlay {
            overlay.text = text.lines().map(Text::plain).collect();
        }
    }

    pub(super) fn press_in_overlay(&mut self, press: Press) {
        let Some(overlay) = &mut self.overlay else { return };
        let count =
            if overlay.ask.is_text() { overlay.text.len() } else { overlay.fitting().len() };
        match press.key {
            Key::Esc => self.leave(),
            Key::Enter => self.take(),
            Key::Up | Key::Down if count > 0 => {
                let here = overlay.chosen;
                overlay.chosen = Some(match (press.key == Key::Down, here) {
                    (true, None) if overlay.ask.takes_text() && !overlay.only_names() => 0,
                    (true, None) => 1.min(count - 1),
                    (true, Some(place)) => (place + 1).min(count - 1),
                    (false, None) => 0,
                    (false, Some(place)) => place.saturating_sub(1),
                });
            }
            Key::PageDown | Key::PageUp | Key::Home | Key::End if count > 0 => {
                let here = overlay.chosen.unwrap_or(0);
                overlay.chosen = Some(if press.key == Key::PageDown {
                    (here + PAGE).min(count - 1)
                } else if press.key == Key::PageUp {
                    here.saturating_sub(PAGE)
                } else if press.key == Key::End {
                    count - 1
                } else {
                    0
                });
            }
            Key::Backspace => {
                overlay.typed.pop();
                overlay.chosen = None;
                self.filter_lives();
            }
            Key::Letter(_)
            | Key::Tab
            | Key::Delete
            | Key::Up
            | Key::Down
            | Key::Left
            | Key::Right
            | Key::PageUp
            | Key::PageDown
            | Key::Home
            | Key::End => self.type_into(press),
        }
    }

    /// Leaves the question; a filter is as it was before.
    fn leave(&mut self) {
        let Some(overlay) = self.overlay.take() else { return };
        if let (Ask::Filter, Some(stage)) = (&overlay.ask, &mut self.stage) {
            stage.pane().filter.text = overlay.before;
        }
    }

    fn type_into(&mut self, press: Press) {
        let Some(overlay) = &mut self.overlay else { return };
        let (typed, labelled) = (press.typed(), overlay.label.is_some());
        if let Some(letter) = typed.filter(|_| labelled) {
            overlay.typed.push(letter);
            overlay.chosen = None;
            self.filter_lives();
            return;
        }
        let (hints, empty) = (overlay.ask == Ask::Hint, overlay.items.is_empty());
        // What is not typed is read with the keys of every list.
        match self.keys.command_of(press) {
            Some(Command::Down) if press.key != Key::Down => {
                self.press_in_overlay(Press::of(Key::Down));
            }
            Some(Command::Up) if press.key != Key::Up => {
                self.press_in_overlay(Press::of(Key::Up));
            }
            // One rung more, without closing the last one first.
            Some(Command::Hint) if hints => self.next_hint(),
            Some(Command::In) => self.take(),
            Some(Command::Out) => self.leave(),
            Some(Command::Quit) if !labelled => self.leave(),
            Some(_) | None if typed.is_some() && empty => self.overlay = None,
            Some(_) | None => {}
        }
    }

    /// A filter works while it is typed.
    fn filter_lives(&mut self) {
        let Some(overlay) = &self.overlay else { return };
        if overlay.ask == Ask::Filter {
            let text = overlay.typed.clone();
            if let Some(stage) = &mut self.stage {
                stage.pane().filter.text = text;
            }
        }
    }

    pub(super) fn point_in_overlay(&mut self, stop: &Stop) {
        let Some(overlay) = &mut self.overlay else { return };
        let place =
            overlay.fitting().iter().position(|(number, _)| Stop::On(target(*number)) == *stop);
        if let Some(place) = place {
            let again = overlay.chosen == Some(place);
            overlay.chosen = Some(place);
            if again {
                self.take();
            }
        }
    }

    /// The line of input, filled.
    pub(super) fn prefill(&mut self, typed: impl Into<String>) {
        if let Some(overlay) = &mut self.overlay {
            overlay.typed = typed.into();
        }
    }

    pub(super) fn ask_filter(&mut self) {
        let Some(stage) = &mut self.stage else { return };
        let text = stage.pane().filter.text.clone();
        self.ask(Ask::Filter, Say::FilterTitle, Some(Say::FilterLabel), Vec::new());
        if let Some(overlay) = &mut self.overlay {
            overlay.before.clone_from(&text);
        }
        self.prefill(text);
        self.explain(Say::FilterHow);
    }

    /// A sentence above the list.
    pub(super) fn explain(&mut self, say: Say) {
        let text = self.words().text(say);
        if let Some(overlay) = &mut self.overlay {
            overlay.text = text.lines().map(|line| Text::new(Role::Faint, line)).collect();
        }
    }

    pub(super) fn ask_goto(&mut self) {
        let items = self.moments();
        self.ask(Ask::Goto, Say::GotoTitle, Some(Say::GotoLabel), items);
        self.explain(Say::GotoHow);
    }

    pub(super) fn ask_mark(&mut self) {
        self.ask(Ask::Mark, Say::MarkTitle, Some(Say::MarkLabel), Vec::new());
    }

    pub(super) fn ask_marks(&mut self) {
        let items = self.moments();
        self.ask(Ask::Marks, Say::MarksTitle, Some(Say::NarrowLabel), items);
    }

    /// The marks of the timeline, as lines to choose.
    fn moments(&self) -> Vec<Item> {
        let (lang, ascii) = (self.look.lang, self.look.ascii);
        let Some(stage) = &self.stage else { return Vec::new() };
        let marks = stage.marks();
        let item = |mark: &crate::lab::Mark| {
            let role = match mark.kind {
                MarkKind::Step => Role::Warning,
                MarkKind::Bookmark | MarkKind::Own => Role::Mark,
                MarkKind::Done => Role::Act,
            };
            let about = Text::state(role, mark_name(mark, lang), ascii)
                .and(Role::Faint, if mark.note.is_empty() { "" } else { "  " })
                .and(Role::Plain, mark.note.as_str());
            Item::new(Text::plain(form::moment(lang, mark.at)), about, Doing::Go(mark.at))
        };
        marks.iter().map(item).collect()
    }

    pub(super) fn ask_save(&mut self) {
        let lang = self.look.lang;
        let Some(stage) = &self.stage else { return };
        if !stage.is_changed() {
            self.tell(Role::Unknown, self.words().text(Say::NothingToSave));
            return;
        }
        if stage.branches[stage.current].text.is_none() {
            self.tell(Role::Unknown, Say::NoScenarioText.text(lang));
            return;
        }
        let name = format!("{}-oturum.ron", super::stage::short_name(&stage.name));
        self.ask(Ask::Save, Say::SaveTitle, Some(Say::SaveLabel), Vec::new());
        self.prefill(name);
    }

    pub(super) fn ask_seeds(&mut self) {
        if self.stage.as_ref().is_some_and(|stage| stage.is_large()) {
            self.tell(Role::Unknown, Say::TooLargeForSeeds.text(self.look.lang));
            return;
        }
        self.ask(Ask::Seeds, Say::SeedsTitle, Some(Say::SeedsLabel), Vec::new());
        self.explain(Say::SeedsHow);
    }

    /// The moment of the cursor in words.
    pub(super) fn now_words(&self) -> String {
        let now = self.stage.as_ref().map_or(SimTime::ZERO, |stage| stage.now());
        form::moment(self.look.lang, now)
    }
}
