//! Keys as the dashboard knows them: no terminal's and no browser's.
//!
//! On a Turkish keyboard `i` and `ı` are two keys, and Shift gives `İ` and `I`. Nobody shall have
//! to think of that: the four are one key here. What a person types into a line stays as typed.

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
        match self.key {
            Key::Letter(letter) if !self.ctrl => Some(letter),
            Key::Letter(_)
            | Key::Enter
            | Key::Esc
            | Key::Tab
            | Key::Backspace
            | Key::Delete
            | Key::Up
            | Key::Down
            | Key::Left
            | Key::Right
            | Key::PageUp
            | Key::PageDown
            | Key::Home
            | Key::End => None,
        }
    }
}

/// Names of keys in a line of keys.
const NAMES: &[(&str, Key)] = &[
    ("space", Key::Letter(' ')),
    ("bosluk", Key::Letter(' ')),
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("up", Key::Up),
    ("yukari", Key::Up),
    ("down", Key::Down),
    ("asagi", Key::Down),
    ("left", Key::Left),
    ("sol", Key::Left),
    ("right", Key::Right),
    ("sag", Key::Right),
    ("pgup", Key::PageUp),
    ("pgdn", Key::PageDown),
    ("home", Key::Home),
    ("end", Key::End),
];

/// Keys as a person writes them: `5 f`, `g 60s enter`, `shift+right`, `ctrl+p`.
///
/// A word that names no key is typed letter by letter.
#[must_use]
pub fn line_of_keys(line: &str) -> Vec<Press> {
    line.split_whitespace().flat_map(word).collect()
}

fn word(word: &str) -> Vec<Press> {
    let folded = crate::texts::fold(word);
    let (mut rest, mut shift, mut ctrl) = (folded.as_str(), false, false);
    while let Some((held, key)) = rest.split_once('+').filter(|(_, key)| !key.is_empty()) {
        match held {
            "shift" => shift = true,
            "ctrl" => ctrl = true,
            _ => break,
        }
        rest = key;
    }
    if let Some((_, key)) = NAMES.iter().find(|(name, _)| *name == rest) {
        return vec![Press { key: *key, shift, ctrl }];
    }
    let mut letters = rest.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if ctrl => vec![Press::ctrl(letter)],
        _ => word.chars().map(Press::letter).collect(),
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
}
