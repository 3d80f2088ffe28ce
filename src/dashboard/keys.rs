//! Keys as the dashboard knows them: no terminal's and no browser's.
//!
//! On a Turkish keyboard `i` and `ı` are two keys, and Shift gives `İ` and `I`. Nobody shall have
//! to think of that: the four are one key here. What a person types into a line stays as typed.

use std::fmt;

use crate::texts::fold;

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A letter, a digit, a sign; a blank is the space bar.
    Letter(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// The letter before goes.
    Backspace,
    /// The letter behind goes.
    Delete,
    /// ↑
    Up,
    /// ↓
    Down,
    /// ←
    Left,
    /// →
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the beginning.
    Home,
    /// To the end.
    End,
}

/// A key with what was held down with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Press {
    /// The key.
    pub key: Key,
    /// Shift, where the key does not say so itself (`B` does).
    pub shift: bool,
    /// Control.
    pub ctrl: bool,
}

impl Press {
    /// A key alone.
    #[must_use]
    pub const fn of(key: Key) -> Press {
        Press { key, shift: false, ctrl: false }
    }

    /// A letter alone.
    #[must_use]
    pub const fn letter(letter: char) -> Press {
        Press::of(Key::Letter(letter))
    }

    /// A key with Shift.
    #[must_use]
    pub const fn shift(key: Key) -> Press {
        Press { key, shift: true, ctrl: false }
    }

    /// A letter with Control.
    #[must_use]
    pub const fn ctrl(letter: char) -> Press {
        Press { key: Key::Letter(letter), shift: false, ctrl: true }
    }

    /// The press by which bindings are found: the four letters i are one, a letter says itself
    /// whether it is a capital.
    #[must_use]
    pub fn plain(self) -> Press {
        let Key::Letter(letter) = self.key else { return self };
        let letter = match letter {
            'I' | 'İ' | 'ı' => 'i',
            other if self.ctrl => other.to_ascii_lowercase(),
            other => other,
        };
        Press { key: Key::Letter(letter), shift: false, ctrl: self.ctrl }
    }

    /// The letter that this press types into a line, if it types one.
    #[must_use]
    pub fn typed(self) -> Option<char> {
        let Key::Letter(letter) = self.key else { return None };
        (!self.ctrl).then_some(letter)
    }
}

/// The names of keys that no single letter shows: first as the program writes one, then as people
/// may, too.
const NAMES: &[(&str, Key)] = &[
    ("Space", Key::Letter(' ')),
    ("boşluk", Key::Letter(' ')),
    ("Enter", Key::Enter),
    ("Esc", Key::Esc),
    ("Tab", Key::Tab),
    ("Backspace", Key::Backspace),
    ("Delete", Key::Delete),
    ("↑", Key::Up),
    ("up", Key::Up),
    ("yukarı", Key::Up),
    ("↓", Key::Down),
    ("down", Key::Down),
    ("aşağı", Key::Down),
    ("←", Key::Left),
    ("left", Key::Left),
    ("sol", Key::Left),
    ("→", Key::Right),
    ("right", Key::Right),
    ("sağ", Key::Right),
    ("PgUp", Key::PageUp),
    ("PgDn", Key::PageDown),
    ("Home", Key::Home),
    ("End", Key::End),
];

/// How Shift is written before a key.
const SHIFT: &[&str] = &["⇧", "shift+", "shift-"];
/// How Control is.
const CTRL: &[&str] = &["^", "ctrl+", "ctrl-"];

/// A press as people read it: `Space`, `⇧→`, `^P`.
impl fmt::Display for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.ctrl { CTRL[0] } else { "" })?;
        f.write_str(if self.shift { SHIFT[0] } else { "" })?;
        match (NAMES.iter().find(|(_, key)| *key == self.key), self.key) {
            (Some((name, _)), _) => f.write_str(name),
            (None, Key::Letter(letter)) if self.ctrl => {
                write!(f, "{}", letter.to_ascii_uppercase())
            }
            (None, Key::Letter(letter)) => write!(f, "{letter}"),
            (None, other) => write!(f, "{other:?}"),
        }
    }
}

/// Every name that a key can have besides its letter, for who mistyped one.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// The one key that is written so: `p`, `Space`, `⇧→`, `shift+right`, `^P`, `ctrl-p`.
///
/// None where no key has that name, and where no terminal tells it from another (`⇧Enter`).
#[must_use]
pub fn named(word: &str) -> Option<Press> {
    let (mut rest, mut shift, mut ctrl) = (word, false, false);
    loop {
        if let Some(key) = behind(rest, SHIFT) {
            (rest, shift) = (key, true);
        } else if let Some(key) = behind(rest, CTRL) {
            (rest, ctrl) = (key, true);
        } else {
            break;
        }
    }
    let folded = fold(rest);
    let key = match NAMES.iter().find(|(name, _)| fold(name) == folded) {
        Some((_, key)) => *key,
        None => Key::Letter(only(rest.chars())?),
    };
    match key {
        Key::Letter(letter) if letter.is_control() => None,
        Key::Letter(letter) if ctrl => (letter.is_ascii_alphabetic() && !shift)
            .then(|| Press::ctrl(letter.to_ascii_lowercase())),
        Key::Letter(letter) if shift => {
            only(letter.to_uppercase()).filter(|capital| capital.is_uppercase()).map(Press::letter)
        }
        Key::Letter(_) | Key::Enter | Key::Esc | Key::Tab | Key::Backspace => {
            (!shift && !ctrl).then_some(Press::of(key))
        }
        Key::Delete
        | Key::Up
        | Key::Down
        | Key::Left
        | Key::Right
        | Key::PageUp
        | Key::PageDown
        | Key::Home
        | Key::End => Some(Press { key, shift, ctrl }),
    }
}

/// What stands behind one of these signs; a sign that stands alone is a key itself.
fn behind<'w>(word: &'w str, leads: &[&str]) -> Option<&'w str> {
    leads.iter().find_map(|lead| {
        let (before, rest) = word.split_at_checked(lead.len())?;
        (before.eq_ignore_ascii_case(lead) && !rest.is_empty()).then_some(rest)
    })
}

fn only(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

/// Keys as a person writes them: `5 f`, `g 60s enter`, `shift+right`, `ctrl+p`.
///
/// A word that names no key is typed letter by letter.
#[must_use]
pub fn line_of_keys(line: &str) -> Vec<Press> {
    line.split_whitespace().flat_map(word).collect()
}

fn word(word: &str) -> Vec<Press> {
    match named(word) {
        Some(press) => vec![press],
        None => word.chars().map(Press::letter).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_letters_i_are_one_key() {
        for letter in ['i', 'I', 'ı', 'İ'] {
            assert_eq!(Press::letter(letter).plain(), Press::letter('i'));
            assert_eq!(Press::letter(letter).typed(), Some(letter));
        }
        assert_ne!(Press::letter('B').plain(), Press::letter('b').plain());
    }

    #[test]
    fn keys_are_written_by_name_and_the_rest_is_typed() {
        let line = "5 shift+right ctrl+p boşluk 60s Enter";
        let letters = "60s".chars().map(Press::letter);
        let mut wanted = vec![Press::letter('5'), Press::shift(Key::Right), Press::ctrl('p')];
        wanted.push(Press::letter(' '));
        wanted.extend(letters);
        wanted.push(Press::of(Key::Enter));
        assert_eq!(line_of_keys(line), wanted);
    }

    #[test]
    fn a_key_is_read_as_it_is_shown() {
        let arrow = Press { key: Key::Up, shift: true, ctrl: true };
        let keys = NAMES.iter().map(|(_, key)| Press::of(*key));
        let others = ['p', 'Ö', '^', '-', '+'].map(Press::letter).into_iter();
        for press in keys.chain(others).chain([Press::ctrl('p'), Press::shift(Key::Right), arrow]) {
            assert_eq!(named(&press.to_string()), Some(press), "{press}");
        }
        assert_eq!(Press::letter(' ').to_string(), "Space");
        assert_eq!(Press::ctrl('p').to_string(), "^P");
    }

    #[test]
    fn a_key_has_many_spellings_and_a_wrong_one_is_none() {
        let rows = [
            ("ctrl-P", Some(Press::ctrl('p'))),
            ("Shift+sağ", Some(Press::shift(Key::Right))),
            ("⇧b", Some(Press::letter('B'))),
            ("SPACE", Some(Press::letter(' '))),
            ("⇧Enter", None),
            ("⇧.", None),
            ("^ş", None),
            ("spce", None),
            ("\t", None),
            ("", None),
        ];
        for (word, press) in rows {
            assert_eq!(named(word), press, "{word}");
        }
    }
}
