//! A reader's own keys, as a file says them. With one error in it none of its keys hold: half of
//! them would be a keyboard that nobody has in mind.
//!
//! ```text
//! ( version: 1, keys: { "sonraki olay": ["ö"], "play": ["p", "Space"], "neden?": ["F"] } )
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::scenario::Loaded;
use crate::scenario::diagnostic::{Arg, Diagnostic, Diagnostics};
use crate::scenario::ron;
use crate::scenario::source::{FileId, Files, Place, Span};
use crate::scenario::suggest::nearest;
use crate::scenario::tree::Node;
use crate::scenario::tree::de::{self, Cx};
use crate::scenario::tree::spanned::Spanned;
use crate::texts::diagnostics::{Label, keys as codes, ron as ron_codes};
use crate::texts::{Pair, fold};

use super::bindings::{BINDINGS, Command, row_named, row_names};
use super::keymap::{Keymap, view_of};
use super::keys::{Key, Press, named, names};
use super::views::VIEWS;

/// The version of the file that this program reads.
pub const VERSION: u32 = 1;

/// Keys that answer every question; they stay where they are.
const STAY: &[(Command, Key)] = &[
    (Command::In, Key::Enter),
    (Command::Out, Key::Esc),
    (Command::Up, Key::Up),
    (Command::Down, Key::Down),
];
/// Commands that lead on where nothing else does.
const REACHED: &[Command] = &[Command::Palette, Command::Quit];
/// With Control these end, suspend, or arrive as Tab and Enter.
const OF_THE_TERMINAL: &[char] = &['c', 'z', 'i', 'm'];

/// The file as it is written.
#[derive(Deserialize)]
struct File {
    #[serde(default = "first_version")]
    version: Spanned<u32>,
    #[serde(default)]
    keys: BTreeMap<String, Vec<Spanned<String>>>,
}

fn first_version() -> Spanned<u32> {
    Spanned::bare(VERSION)
}

/// Reads the file.
#[must_use]
pub fn parse(name: &str, text: &str) -> Loaded<Keymap> {
    let mut files = Files::new();
    let id = files.add(name, text);
    let mut reading = Reading { id, found: Diagnostics::new(), rows: Vec::new() };
    if let Some(file) = files.get(id)
        && let Some(tree) = ron::read(file, id, &mut reading.found)
    {
        let mut cx = Cx::new(file, id);
        let own: Option<File> = de::read(&tree, "keys", &mut cx);
        reading.whole(&tree, own, std::mem::take(&mut cx.found));
    }
    let broken = reading.found.has_errors();
    let rows = reading.rows.into_iter();
    let keys = rows.fold(Keymap::default(), |map, row| {
        map.with(row.command, row.keys.into_iter().map(|(press, _)| press).collect())
    });
    let value = (!broken).then_some(keys);
    Loaded { value, files, diagnostics: reading.found.into_sorted() }
}

/// A reading under way.
struct Reading {
    id: FileId,
    found: Diagnostics,
    rows: Vec<Row>,
}

/// A command with the keys it gets.
struct Row {
    command: Command,
    name: Pair,
    at: Span,
    keys: Vec<(Press, Span)>,
}

impl Reading {
    fn tell(&mut self, found: Diagnostic) {
        self.found.push(found);
    }

    fn place(&self, span: Span) -> Place {
        Place { file: self.id, span }
    }

    fn whole(&mut self, tree: &Node, own: Option<File>, shape: Diagnostics) {
        let version = own.as_ref().map_or_else(first_version, |own| own.version.clone());
        if version.value != VERSION {
            // What else is in it cannot be judged.
            let place = self.place(version.span);
            let newer = Diagnostic::error(&codes::KEYS_VERSION, place);
            let newer = newer.arg("found", version.value.to_string());
            self.tell(newer.arg("known", VERSION.to_string()));
            return;
        }
        self.found.extend(shape);
        let Some(own) = own else { return };
        for entry in tree.get("keys").map_or(&[][..], Node::entries) {
            if let Some(keys) = own.keys.get(&entry.key) {
                self.row(&entry.key, (entry.key_span, entry.value.span), keys);
            }
        }
        self.conflicts();
    }

    /// One command and its keys.
    fn row(&mut self, name: &str, (at, list): (Span, Span), keys: &[Spanned<String>]) {
        let Some(row) = row_named(name) else {
            self.no_command(name, at);
            return;
        };
        if let Some(first) = self.rows.iter().find(|other| other.command == row.command) {
            let again = Diagnostic::error(&ron_codes::RON_DUPLICATE, self.place(at));
            let first = self.place(first.at);
            self.tell(again.arg("key", name).also(first, Label::FirstHere));
            return;
        }
        let mut known: Vec<(Press, Span)> = Vec::new();
        let mut sound = true;
        for key in keys {
            match self.key(key) {
                // Twice the same key is one; i and ı are.
                Some(press) if known.iter().any(|(other, _)| *other == press) => {}
                Some(press) => known.push((press, key.span)),
                None => sound = false,
            }
        }
        let stays = STAY.iter().find(|(command, _)| *command == row.command);
        let stays = stays.map(|(_, key)| Press::of(*key));
        let gone = stays.filter(|key| known.iter().all(|(press, _)| press != key));
        if let Some(key) = gone.filter(|_| sound) {
            self.stays(key, row.name, list);
        }
        if keys.is_empty() && REACHED.contains(&row.command) {
            let none = Diagnostic::error(&codes::NO_KEY_LEFT, self.place(list));
            self.tell(none.arg("command", Arg::Words(row.name)));
        }
        self.rows.push(Row { command: row.command, name: row.name, at, keys: known });
    }

    fn no_command(&mut self, name: &str, at: Span) {
        let wanted = fold(name.trim());
        let is = |name: &Pair| fold(name.tr) == wanted || fold(name.en) == wanted;
        match VIEWS.iter().position(|view| is(&view.name)) {
            Some(view) => self.of_view(view, at),
            None => {
                let unknown = Diagnostic::error(&codes::NO_SUCH_COMMAND, self.place(at));
                self.tell(unknown.arg("name", name).suggest(nearest(name, row_names())));
            }
        }
    }

    /// A key that can be given to a command.
    fn key(&mut self, written: &Spanned<String>) -> Option<Press> {
        let (word, place) = (written.value.as_str(), self.place(written.span));
        let Some(press) = named(word).map(Press::plain) else {
            let unknown = Diagnostic::error(&codes::NO_SUCH_KEY, place).arg("name", word);
            self.tell(unknown.suggest(nearest(word, names())));
            return None;
        };
        if let Some(view) = view_of(press) {
            self.of_view(view, written.span);
            return None;
        }
        if OF_THE_TERMINAL.iter().any(|letter| press == Press::ctrl(*letter)) {
            let kept = Diagnostic::error(&codes::TERMINAL_KEEPS_KEY, place);
            self.tell(kept.arg("key", press.to_string()));
            return None;
        }
        Some(press)
    }

    fn of_view(&mut self, view: usize, at: Span) {
        let Some(view) = VIEWS.get(view) else { return };
        let kept = Diagnostic::error(&codes::VIEW_KEEPS_DIGIT, self.place(at));
        let kept = kept.arg("key", view.digit.to_string());
        self.tell(kept.arg("view", Arg::Words(view.name)));
    }

    fn stays(&mut self, key: Press, command: Pair, at: Span) {
        let stays = Diagnostic::error(&codes::KEY_STAYS, self.place(at));
        let stays = stays.arg("key", key.to_string());
        self.tell(stays.arg("command", Arg::Words(command)));
    }

    /// Keys that would mean two things: of two commands of the file, or of one that it leaves alone.
    fn conflicts(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        for (number, row) in rows.iter().enumerate() {
            for (press, at) in &row.keys {
                let holds = |other: &&Row| other.keys.iter().any(|(key, _)| key == press);
                let owner = rows[..number].iter().find(holds).map(|other| (other.name, other.at));
                let alone = |command| rows.iter().all(|row| row.command != command);
                let untouched = BINDINGS
                    .iter()
                    .find(|one| one.keys.contains(press) && alone(one.command))
                    .map(|one| (one.command, one.name));
                match (owner, untouched) {
                    (Some((owner, first)), _) => {
                        self.taken((*press, row.name, owner), *at, Some(first));
                    }
                    (None, Some((command, owner))) if stay(command, *press) => {
                        self.stays(*press, owner, *at);
                    }
                    (None, Some((_, owner))) => self.taken((*press, row.name, owner), *at, None),
                    (None, None) => {}
                }
            }
        }
        self.rows = rows;
    }

    fn taken(
        &mut self,
        (press, command, owner): (Press, Pair, Pair),
        at: Span,
        first: Option<Span>,
    ) {
        let taken = Diagnostic::error(&codes::KEY_TAKEN, self.place(at));
        let taken = taken.arg("key", press.to_string()).arg("command", Arg::Words(command));
        let taken = taken.arg("owner", Arg::Words(owner));
        let first = self.place(first.unwrap_or_default());
        self.tell(taken.also_if(first, Label::OtherHere));
    }
}

/// Whether a key of a command cannot be taken from it.
fn stay(command: Command, press: Press) -> bool {
    STAY.iter().any(|(one, key)| *one == command && press == Press::of(*key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::render::all_to_text;
    use crate::texts::Lang;

    fn own(keys: &str) -> Loaded<Keymap> {
        parse("tuslar.ron", &format!("(version: 1, keys: {{{keys}}})"))
    }

    fn codes_of(loaded: &Loaded<Keymap>) -> Vec<&'static str> {
        loaded.diagnostics.iter().map(|found| found.code.code).collect()
    }

    #[test]
    fn commands_are_named_in_either_language_or_as_on_the_bar() {
        let loaded = own(r#""SONRAKİ olay": ["ö", "⇧→"], "play": ["p", "Space"], "neden?": ["F"],
            "save": ["ctrl-s"], "fark": []"#);
        assert_eq!(codes_of(&loaded), [""; 0]);
        let keys = loaded.value.expect("a map");
        let letter = |letter| keys.command_of(Press::letter(letter));
        assert_eq!(letter('ö'), Some(Command::NextFact));
        assert_eq!((letter('p'), letter(' ')), (Some(Command::Play), Some(Command::Play)));
        assert_eq!((letter('F'), letter('w'), letter('f')), (Some(Command::Why), None, None));
        assert_eq!(keys.command_of(Press::ctrl('s')), Some(Command::Save));
        assert_eq!(letter('g'), Some(Command::Goto), "what is not named stays");
    }

    #[test]
    fn a_file_may_say_little_and_swap_keys() {
        for text in ["(version: 1)", "()", "(version: 1, keys: {},)"] {
            assert_eq!(parse("t", text).value, Some(Keymap::default()), "{text}");
        }
        let swapped = own(r#""why": ["f"], "compare": ["w"]"#).value.expect("a map");
        assert_eq!(swapped.command_of(Press::letter('w')), Some(Command::Compare));
    }

    #[test]
    fn the_same_key_twice_is_one() {
        let keys = own(r#""oynat": ["i", "ı", "İ", "p", "p"]"#).value.expect("a map");
        assert_eq!(keys.keys(Command::Play).len(), 2);
    }

    #[test]
    fn every_slip_has_its_code_and_none_of_the_keys_hold_then() {
        let rows = [
            (r#""oynatt": ["p"]"#, "P0901"),
            (r#""oynat": ["Spcae"]"#, "P0902"),
            (r#""oynat": ["⇧Enter"]"#, "P0902"),
            (r#""oynat": ["g"]"#, "P0903"),
            (r#""oynat": ["p"], "neden": ["p"]"#, "P0903"),
            (r#""hızlan": ["ı"], "yavaşla": ["İ"]"#, "P0903"),
            (r#""oynat": ["3"]"#, "P0904"),
            (r#""Raft": ["x"]"#, "P0904"),
            (r#""aç": ["o"]"#, "P0905"),
            (r#""oynat": ["Esc"]"#, "P0905"),
            (r#""yukarı": []"#, "P0905"),
            (r#""komutlar": []"#, "P0906"),
            (r#""quit": []"#, "P0906"),
            (r#""oynat": ["^C"]"#, "P0907"),
            (r#""oynat": ["p"], "play": ["p"]"#, "P0160"),
            (r#""oynat": "p""#, "P0202"),
        ];
        for (keys, code) in rows {
            let loaded = own(keys);
            assert_eq!((codes_of(&loaded), loaded.value), (vec![code], None), "{keys}");
        }
        for (text, code) in [
            ("(version: 2, tus: [])", "P0908"),
            ("(version: 1, key: {})", "P0201"),
            ("(1, {\"oynat\": [\"p\"]})", "P0202"),
            ("(version: 1, keys: {\"oynat\": [\"p\"])", "P0151"),
        ] {
            let loaded = parse("t", text);
            assert!(codes_of(&loaded).contains(&code) && loaded.value.is_none(), "{text}");
        }
    }

    #[test]
    fn a_slip_is_told_with_its_place_and_a_way_out() {
        let shown = |keys: &str, lang| {
            let loaded = own(keys);
            all_to_text(&loaded.diagnostics, &loaded.files, lang)
        };
        let said = shown("\n  \"sonraki oaly\": [\"ö\"]", Lang::Tr);
        for part in ["hata[P0901]", "tuslar.ron:2:3", "^^^^", "`sonraki olay`"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        let said = shown("\"play\": [\"g\"]", Lang::En);
        for part in ["`g` would belong to two commands: `play` and `goto`", "`[]` for none"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        let said = shown("\"oynat\": [\"p\"],\n\"neden\": [\"p\"]", Lang::Tr);
        assert!(said.contains("tuslar.ron:2:11") && said.contains("ötekisi burada"), "{said}");
        assert!(shown("\"oynat\": [\"Spcae\"]", Lang::Tr).contains("`Space`"));
    }
}
