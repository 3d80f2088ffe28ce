//! What the keys do: one table, from which the key bar, the help, the palette and the test come.
//! A reader may give commands other keys ([`super::keymap`]); the table stays as it is.
//!
//! On a Turkish keyboard `[ ] { } \ | ~ # @` need AltGr: nothing stands on them alone. A key means
//! the same in every view.

use crate::texts::Pair;
use crate::texts::dashboard::keys as words;
use crate::texts::fold;

use super::keys::{Key, Press};

/// Something that a key or the palette does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Command {
    /// Plays, or stops.
    Play,
    /// One step on.
    Forward,
    /// One step back.
    Back,
    /// To the next interesting fact.
    NextFact,
    /// To the interesting fact before.
    PreviousFact,
    /// Ten seconds on.
    Later,
    /// Ten seconds back.
    Earlier,
    /// To the beginning.
    Begin,
    /// To the end.
    End,
    /// Faster.
    Faster,
    /// Slower.
    Slower,
    /// Asks where to go.
    Goto,
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// Opens what is chosen.
    In,
    /// Closes what is open.
    Out,
    /// Shows a view, by its place in the list of views.
    View(usize),
    /// The view before.
    LastView,
    /// The next panel.
    Panel,
    /// Asks for any command.
    Palette,
    /// Asks for a filter.
    Filter,
    /// To the next fact that the filter lets through.
    NextMatch,
    /// To the one before.
    PreviousMatch,
    /// Sets a bookmark.
    Mark,
    /// Lists the bookmarks.
    Marks,
    /// Asks for the causes of what is chosen.
    Why,
    /// Compares.
    Compare,
    /// Forks the future.
    Fork,
    /// Lists the branches.
    Branches,
    /// Opens what is chosen.
    Details,
    /// Opens it at its raw form.
    Raw,
    /// Lists what can be done to what is chosen.
    Menu,
    /// Says what to do here.
    Hint,
    /// Shows all keys.
    Help,
    /// Lists the exercises.
    Exercises,
    /// Opens the learner's file in an editor.
    Edit,
    /// Begins the exercise again.
    Again,
    /// Shows the solution of an exercise that is done.
    Solution,
    /// Leaves the exercise out.
    Skip,
    /// Opens the list of lessons and scenarios.
    Lessons,
    /// One question over many seeds.
    Seeds,
    /// Writes the session as a scenario.
    Save,
    /// The next theme.
    Theme,
    /// Signs of ASCII, or not.
    Ascii,
    /// The other language.
    Language,
    /// Leaves.
    Quit,
}

/// A command with its keys and words.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What it does.
    pub command: Command,
    /// Its keys, until a reader gives it others; none makes it a word of the palette only.
    pub keys: &'static [Press],
    /// Its name in the palette.
    pub name: Pair,
    /// What it does, in a sentence.
    pub help: Pair,
    /// Its word on the key bar, if it stands there.
    pub bar: Option<Pair>,
}

const fn bind(
    command: Command,
    keys: &'static [Press],
    (name, help): (Pair, Pair),
    bar: Option<Pair>,
) -> Binding {
    Binding { command, keys, name, help, bar }
}

const fn key(key: Key) -> Press {
    Press::of(key)
}

const fn letter(letter: char) -> Press {
    Press::letter(letter)
}

/// Every command but the views, in the order of the help page and of the key bar.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bind(Command::Play, &[letter(' ')], words::PLAY, Some(words::PLAY_BAR)),
    bind(Command::Forward, &[key(Key::Right), letter('.')], words::FORWARD, Some(words::STEP_BAR)),
    bind(Command::Back, &[key(Key::Left), letter(',')], words::BACK, None),
    bind(Command::NextFact, &[Press::shift(Key::Right), letter('>')], words::NEXT_FACT, Some(words::FACT_BAR)),
    bind(Command::PreviousFact, &[Press::shift(Key::Left), letter('<')], words::PREVIOUS_FACT, None),
    bind(Command::Goto, &[letter('g')], words::GOTO, Some(words::GOTO_BAR)),
    bind(Command::Why, &[letter('w')], words::WHY, Some(words::WHY_BAR)),
    bind(Command::Fork, &[letter('c')], words::FORK, Some(words::FORK_BAR)),
    bind(Command::Compare, &[letter('f')], words::COMPARE, Some(words::COMPARE_BAR)),
    bind(Command::Menu, &[letter('m')], words::MENU, Some(words::MENU_BAR)),
    bind(Command::Panel, &[key(Key::Tab)], words::PANEL, Some(words::PANEL_BAR)),
    bind(Command::Up, &[key(Key::Up), letter('k')], words::UP, None),
    bind(Command::Down, &[key(Key::Down), letter('j')], words::DOWN, None),
    bind(Command::In, &[key(Key::Enter)], words::IN, Some(words::IN_BAR)),
    bind(Command::Out, &[key(Key::Esc)], words::OUT, Some(words::OUT_BAR)),
    bind(Command::Filter, &[letter('/')], words::FILTER, Some(words::FILTER_BAR)),
    bind(Command::Marks, &[letter('B')], words::MARKS, Some(words::MARKS_BAR)),
    bind(Command::Mark, &[letter('b')], words::MARK, None),
    bind(Command::Later, &[key(Key::PageDown)], words::LATER, None),
    bind(Command::Earlier, &[key(Key::PageUp)], words::EARLIER, None),
    bind(Command::Begin, &[key(Key::Home)], words::BEGIN, None),
    bind(Command::End, &[key(Key::End)], words::END, None),
    bind(Command::Faster, &[letter('+')], words::FASTER, None),
    bind(Command::Slower, &[letter('-')], words::SLOWER, None),
    bind(Command::NextMatch, &[letter('n')], words::NEXT_MATCH, None),
    bind(Command::PreviousMatch, &[letter('N')], words::PREVIOUS_MATCH, None),
    bind(Command::Details, &[letter('d')], words::DETAILS, None),
    bind(Command::Raw, &[letter('y')], words::RAW, None),
    bind(Command::LastView, &[letter('0')], words::LAST_VIEW, None),
    bind(Command::Palette, &[letter(':'), Press::ctrl('p')], words::PALETTE, Some(words::PALETTE_BAR)),
    bind(Command::Branches, &[letter('v')], words::BRANCHES, None),
    bind(Command::Seeds, &[], words::SEEDS, None),
    bind(Command::Save, &[], words::SAVE, None),
    bind(Command::Lessons, &[], words::LESSONS, None),
    bind(Command::Theme, &[], words::THEME, None),
    bind(Command::Ascii, &[], words::ASCII, None),
    bind(Command::Language, &[], words::LANGUAGE, None),
    bind(Command::Hint, &[letter('h')], words::HINT, Some(words::HINT_BAR)),
    bind(Command::Exercises, &[letter('l')], words::EXERCISES, Some(words::EXERCISES_BAR)),
    bind(Command::Edit, &[letter('e')], words::EDIT, None),
    bind(Command::Again, &[letter('r')], words::AGAIN, None),
    bind(Command::Solution, &[letter('s')], words::SOLUTION, None),
    bind(Command::Skip, &[], words::SKIP, None),
    bind(Command::Help, &[letter('?')], words::HELP, None),
    bind(Command::Quit, &[letter('q')], words::QUIT, Some(words::QUIT_BAR)),
];

/// The row of a command; a view has none.
#[must_use]
pub fn binding_of(command: Command) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| binding.command == command)
}

/// The row of this name, in either language: the palette's, or else the word on the bar.
#[must_use]
pub fn row_named(word: &str) -> Option<&'static Binding> {
    let wanted = fold(word.trim());
    let is = |name: &Pair| fold(name.tr) == wanted || fold(name.en) == wanted;
    let by_name = BINDINGS.iter().find(|row| is(&row.name));
    by_name.or_else(|| BINDINGS.iter().find(|row| row.bar.as_ref().is_some_and(is)))
}

/// The names of all rows in both languages, for who mistyped one.
pub fn row_names() -> impl Iterator<Item = &'static str> {
    BINDINGS.iter().flat_map(|row| [row.name.tr, row.name.en])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::keymap::Keymap;
    use crate::dashboard::views::VIEWS;
    use std::collections::BTreeSet;

    /// Signs that a Turkish Q or F keyboard gives with AltGr only.
    const ALT_GR: &str = "[]{}\\|~#@€`";

    #[test]
    fn no_two_commands_share_a_key_and_none_needs_alt_gr() {
        let mut taken: BTreeSet<Press> = VIEWS.iter().map(|view| letter(view.digit)).collect();
        assert_eq!(taken.len(), VIEWS.len());
        for binding in BINDINGS {
            for press in binding.keys {
                assert_eq!(press.plain(), *press, "{:?}: i is one key", binding.command);
                assert!(taken.insert(*press), "{press:?} has two meanings");
                assert_eq!(Keymap::default().command_of(*press), Some(binding.command));
            }
            let without = |press: &&Press| {
                let Key::Letter(sign) = press.key else { return true };
                !ALT_GR.contains(sign)
            };
            let reachable = binding.keys.iter().any(|press| without(&press));
            assert!(binding.keys.is_empty() || reachable, "{:?} needs AltGr", binding.command);
        }
    }

    #[test]
    fn every_command_has_one_row_with_words_in_both_languages() {
        let commands: BTreeSet<Command> = BINDINGS.iter().map(|row| row.command).collect();
        assert_eq!(commands.len(), BINDINGS.len());
        let mut names = BTreeSet::new();
        for row in BINDINGS {
            let label = format!("{:?}", row.command);
            crate::texts::assert_pair(&label, row.name);
            crate::texts::assert_pair(&label, row.help);
            row.bar.iter().for_each(|bar| crate::texts::assert_pair(&label, *bar));
            assert!(names.insert(row.name.tr), "{}", row.name.tr);
            let bar = row.bar.map_or(0, |bar| bar.tr.chars().count().max(bar.en.chars().count()));
            assert!(bar <= 12, "{label}: too long for the bar");
        }
    }

    #[test]
    fn every_name_finds_its_own_row() {
        for row in BINDINGS {
            for name in [Some(row.name), row.bar].into_iter().flatten() {
                for word in [name.tr.to_uppercase(), name.en.to_owned()] {
                    let found = row_named(&word).map(|row| row.command);
                    assert_eq!(found, Some(row.command), "{word}");
                }
            }
        }
    }
}
