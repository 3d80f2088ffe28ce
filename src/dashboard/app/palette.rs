//! The lists of commands: the palette, and the help that is the table of keys itself, with the keys
//! that a reader gave to commands.

use crate::dashboard::bindings::{BINDINGS, Command};
use crate::dashboard::keymap::{Keymap, Words};
use crate::dashboard::model::{Role, Text};
use crate::dashboard::views::VIEWS;
use crate::texts::Lang;
use crate::texts::dashboard::screen::Say;
use crate::texts::fold;

use super::App;
use super::answer::Doing;
use super::ask::{Ask, Item};
use super::view::Cache;

impl App {
    /// Which key does what.
    #[must_use]
    pub fn keys(&self) -> &Keymap {
        &self.keys
    }

    /// The keys are others from now on.
    pub fn set_keys(&mut self, keys: Keymap) {
        self.keys = keys;
        self.cache = Cache::default();
    }

    /// The reader's language and keys, for texts that name a key.
    #[must_use]
    pub fn words(&self) -> Words<'_> {
        Words { lang: self.look.lang, keys: &self.keys }
    }

    pub(super) fn ask_palette(&mut self) {
        let items = commands(self.words(), |name, other, keys| {
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
        for row in BINDINGS.iter().filter(|row| !self.keys.keys(row.command).is_empty()) {
            let about = Text::plain(row.help.template(lang));
            let keys = Text::new(Role::Key, self.keys.shown(row.command));
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

fn commands(
    Words { lang, keys }: Words<'_>,
    words: impl Fn(&str, &str, &str) -> [Text; 2],
) -> Vec<Item> {
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
        let shown = keys.shown(row.command);
        let words = words(row.name.template(lang), row.name.template(other), &shown);
        Item { words, doing: Doing::Command(row.command) }
    });
    rows.chain(views).collect()
}
