//! The lists of commands: the palette, and the help that is the table of keys itself.

use crate::dashboard::bindings::{BINDINGS, Command};
use crate::dashboard::model::{Role, Text};
use crate::dashboard::views::VIEWS;
use crate::texts::Lang;
use crate::texts::dashboard::screen::Say;
use crate::texts::fold;

use super::App;
use super::answer::Doing;
use super::ask::{Ask, Item};

impl App {
    pub(super) fn ask_palette(&mut self) {
        let items = commands(self.look.lang, |name, other, keys| {
            // The name in the other language is found, too.
            let about = Text::plain("").and(Role::Key, keys).and(Role::Faint, format!("  {other}"));
            [Text::plain(name), about]
        });
        self.ask(Ask::Palette, Say::PaletteTitle, Some(Say::PaletteLabel), items);
        self.explain(Say::PaletteHow);
    }

    pub(super) fn ask_help(&mut self) {
        let lang = self.look.lang;
        let mut items = Vec::new();
        for row in BINDINGS.iter().filter(|row| !row.keys.is_empty()) {
            let about = Text::plain(row.help.template(lang));
            let keys = Text::new(Role::Key, row.shown);
            items.push(Item::new(keys, about, Doing::Command(row.command)));
        }
        for (place, view) in VIEWS.iter().enumerate() {
            let keys = Text::new(Role::Key, view.digit.to_string());
            let about = Text::plain(view.name.template(lang));
            items.push(Item::new(keys, about, Doing::Command(Command::View(place))));
        }
        self.ask(Ask::Help, Say::HelpTitle, Some(Say::NarrowLabel), items);
    }
}

/// The command of this name, in either language.
pub(super) fn named(line: &str) -> Option<Command> {
    let wanted = fold(line.trim());
    let is = |name: &crate::texts::Pair| fold(name.tr) == wanted || fold(name.en) == wanted;
    let view = VIEWS.iter().position(|view| is(&view.name)).map(Command::View);
    let row = BINDINGS.iter().find(|row| is(&row.name)).map(|row| row.command);
    row.or(view)
}

fn commands(lang: Lang, words: impl Fn(&str, &str, &str) -> [Text; 2]) -> Vec<Item> {
    let other = match lang {
        Lang::Tr => Lang::En,
        Lang::En => Lang::Tr,
    };
    let views = VIEWS.iter().enumerate().map(|(place, view)| {
        let digit = view.digit.to_string();
        let words = words(view.name.template(lang), view.name.template(other), &digit);
        Item { words, doing: Doing::Command(Command::View(place)) }
    });
    let rows = BINDINGS.iter().map(|row| {
        let words = words(row.name.template(lang), row.name.template(other), row.shown);
        Item { words, doing: Doing::Command(row.command) }
    });
    rows.chain(views).collect()
}
