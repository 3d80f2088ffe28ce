//! The keys as they are now: those of the table, or others that a reader gave to commands.
//!
//! Whatever shows a key asks here. A text that names one has a hole for it, `{key_why}`, called
//! after the command's English name; only [`Words`] fills such a hole.

use std::collections::BTreeMap;

use crate::texts::{Key as TextKey, Lang, Pair, fill, holes};

use super::bindings::{BINDINGS, Command, binding_of};
use super::keys::{Key, Press};
use super::views::VIEWS;

/// What the hole of a key begins with.
const HOLE: &str = "key_";

/// Which key does what. The default is the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    /// The keys of commands that have others than those of the table.
    own: BTreeMap<Command, Vec<Press>>,
}

impl Keymap {
    /// With these keys for a command, in place of those it has.
    #[must_use]
    pub fn with(mut self, command: Command, keys: Vec<Press>) -> Keymap {
        self.own.insert(command, keys.into_iter().map(Press::plain).collect());
        self
    }

    /// The keys of a command; a view has none here, its digit is fixed.
    #[must_use]
    pub fn keys(&self, command: Command) -> &[Press] {
        match self.own.get(&command) {
            Some(keys) => keys,
            None => binding_of(command).map_or(&[], |row| row.keys),
        }
    }

    /// What a press does.
    #[must_use]
    pub fn command_of(&self, press: Press) -> Option<Command> {
        let press = press.plain();
        let holds = |command: &Command| self.keys(*command).contains(&press);
        let view = view_of(press).map(Command::View);
        view.or_else(|| BINDINGS.iter().map(|row| row.command).find(holds))
    }

    /// All keys of a command as people read them; empty where it has none.
    #[must_use]
    pub fn shown(&self, command: Command) -> String {
        let keys: Vec<String> = self.keys(command).iter().map(Press::to_string).collect();
        keys.join(" ")
    }

    /// The key of a command that people hear of first, in letters of ASCII where it has such a one;
    /// none where it has no key.
    #[must_use]
    pub fn first(&self, command: Command, ascii: bool) -> Option<Press> {
        let keys = self.keys(command);
        let plain = keys.iter().find(|key| ascii && key.to_string().is_ascii());
        plain.or_else(|| keys.first()).copied()
    }

    /// The keys of a command as the bar shows them: both ways of a step in one place. None where
    /// it has no key.
    #[must_use]
    pub fn on_bar(&self, command: Command, ascii: bool) -> Option<String> {
        let on = self.first(command, ascii)?;
        let steps = [(Command::Forward, Command::Back), (Command::NextFact, Command::PreviousFact)];
        let back = steps.into_iter().find(|(on, _)| *on == command);
        let Some(back) = back.and_then(|(_, back)| self.first(back, ascii)) else {
            return Some(on.to_string());
        };
        let arrows = back.key == Key::Left && on == Press { key: Key::Right, ..back };
        Some(if arrows { format!("{back}→") } else { format!("{back} {on}") })
    }
}

/// The view that a press opens, by its place in the list of views.
#[must_use]
pub fn view_of(press: Press) -> Option<usize> {
    VIEWS.iter().position(|view| Press::letter(view.digit) == press)
}

/// The words of a reader: a language, and the keys that are spoken of.
#[derive(Clone, Copy, Debug)]
pub struct Words<'k> {
    /// The language.
    pub lang: Lang,
    /// The keys.
    pub keys: &'k Keymap,
}

impl Words<'_> {
    /// A text without other holes than those of keys.
    #[must_use]
    pub fn text(self, text: impl TextKey) -> String {
        self.fill::<&str>(text, &[])
    }

    /// A text with its holes filled.
    #[must_use]
    pub fn fill<V: AsRef<str>>(self, text: impl TextKey, args: &[(&str, V)]) -> String {
        let template = text.pair().template(self.lang);
        let keys = holes(template).into_iter();
        let keys: Vec<(&str, String)> =
            keys.filter_map(|hole| Some((hole, self.key(spoken_of(hole)?)))).collect();
        let args = args.iter().map(|(name, value)| (*name, value.as_ref()));
        let all: Vec<(&str, &str)> =
            keys.iter().map(|(hole, key)| (*hole, key.as_str())).chain(args).collect();
        fill(template, &all)
    }

    /// How a command is reached: by its first key, or by its name in the palette.
    #[must_use]
    pub fn key(self, command: Command) -> String {
        let first = |command| self.keys.first(command, false).map(|key| key.to_string());
        let by_name = || {
            let name = binding_of(command).map_or("", |row| row.name.template(self.lang));
            format!("{} {name}", first(Command::Palette).unwrap_or_default())
        };
        first(command).unwrap_or_else(by_name)
    }
}

/// The command that a hole is called after.
fn spoken_of(hole: &str) -> Option<Command> {
    let name = hole.strip_prefix(HOLE)?;
    let is = |Pair { en, .. }: &Pair| en.replace(' ', "_") == name;
    BINDINGS.iter().find(|row| is(&row.name)).map(|row| row.command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::keys::named;
    use crate::texts::cli::Talk;
    use crate::texts::dashboard::screen::Say;
    use crate::texts::dashboard::task::Task;

    fn map(command: Command, keys: &[&str]) -> Keymap {
        Keymap::default().with(command, keys.iter().filter_map(|key| named(key)).collect())
    }

    #[test]
    fn other_keys_stand_in_place_of_those_of_the_table() {
        let keys = map(Command::Why, &["F", "⇧→"]);
        assert_eq!(keys.command_of(Press::letter('F')), Some(Command::Why));
        assert_eq!(keys.command_of(Press::letter('w')), None);
        assert_eq!(keys.command_of(Press::letter('g')), Some(Command::Goto));
        assert_eq!(keys.shown(Command::Why), "F ⇧→");
        assert_eq!(keys.on_bar(Command::Why, false).as_deref(), Some("F"));
        let keys = map(Command::Why, &["ı"]);
        assert_eq!(keys.command_of(Press::letter('İ')), Some(Command::Why));
    }

    #[test]
    fn the_bar_shows_both_ways_of_a_step_in_one_place() {
        let rows: [(Keymap, [&str; 2]); 4] = [
            (Keymap::default(), ["←→", ", ."]),
            (map(Command::Forward, &["ö", "→"]), ["← ö", ", ö"]),
            (map(Command::Back, &[]), ["→", "."]),
            (map(Command::Forward, &["^→"]), ["← ^→", ", ^→"]),
        ];
        for (keys, [signs, ascii]) in rows {
            assert_eq!(keys.on_bar(Command::Forward, false).as_deref(), Some(signs));
            assert_eq!(keys.on_bar(Command::Forward, true).as_deref(), Some(ascii));
        }
        let keys = Keymap::default();
        assert_eq!(keys.on_bar(Command::NextFact, false).as_deref(), Some("⇧←→"));
        assert_eq!(keys.on_bar(Command::Save, false), None);
    }

    #[test]
    fn texts_name_the_keys_as_they_are() {
        let keys = map(Command::Help, &["ö"]).with(Command::Save, vec![Press::ctrl('s')]);
        let words = Words { lang: Lang::Tr, keys: &keys };
        assert!(words.text(Say::UnknownKey).contains("; ö bütün"));
        assert!(words.text(Say::Unsaved).contains("(^S)"));
        let words = Words { keys: &Keymap::default(), ..words };
        assert!(words.text(Say::UnknownKey).contains("; ? bütün"));
        assert!(words.text(Say::Unsaved).contains("(: kaydet)"), "without a key by its name");
        let forked = words.fill(Say::Forked, &[("number", "2"), ("name", "{key_help}")]);
        assert!(forked.starts_with("2. dal açıldı: {key_help}. v dalları"), "{forked}");
    }

    #[test]
    fn every_key_that_a_text_names_belongs_to_a_command() {
        fn check<K: TextKey>() {
            let texts = K::ALL.iter().flat_map(|key| holes(key.pair().tr));
            for hole in texts.filter(|hole| hole.starts_with(HOLE)) {
                assert!(spoken_of(hole).is_some(), "{hole}");
            }
        }
        check::<Say>();
        check::<Task>();
        check::<Talk>();
    }
}
