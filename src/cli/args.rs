//! What a person said on the command line, read into wishes; `tree` knows the words.

use clap::ArgMatches;
use clap_complete::Shell;

use crate::scenario::Overrides;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;

use super::book::Task;
use super::complain::complain;
use super::exit::Exit;
use super::screen::{Colour, Look, Screen};
use super::sources;
use super::tree::tree;
use super::wishes::*;

/// The words of the command line; what is not UTF-8 is shown with replacement letters.
pub(super) fn words() -> Vec<String> {
    std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect()
}

/// The language, before anything else can be said: the option, then the environment, then Turkish.
pub(super) fn language(words: &[String]) -> Lang {
    let mut said = None;
    for (place, word) in words.iter().enumerate() {
        for option in ["--lang", "--dil"] {
            if word == option {
                said = words.get(place + 1).map(String::as_str).or(said);
            } else if let Some(value) =
                word.strip_prefix(option).and_then(|rest| rest.strip_prefix('='))
            {
                said = Some(value);
            }
        }
    }
    let environment = std::env::var_os("PROVA_LANG").and_then(|value| value.into_string().ok());
    said.and_then(Lang::from_code)
        .or_else(|| environment.as_deref().and_then(Lang::from_code))
        .unwrap_or_default()
}

/// Reads the command line.
///
/// Errors: the exit code, after help was shown or a complaint was made.
pub(super) fn read(words: &[String], lang: Lang) -> Result<Words, Exit> {
    let tree = tree(lang);
    let matches = match tree.try_get_matches_from(words) {
        Ok(matches) => matches,
        Err(error) => return Err(complain(&error, words, lang)),
    };
    let (command, own) = match matches.subcommand() {
        None if on_terminal(&matches) => (Command::Dashboard(dashboard_wishes(&matches)), &matches),
        None => (Command::Run(default_run()), &matches),
        Some(("dashboard", own)) => (Command::Dashboard(dashboard_wishes(own)), own),
        Some(("frame", own)) => (Command::Frame(frame_wishes(own, lang)?), own),
        Some(("new", own)) => {
            let file = text(own, "file").unwrap_or_default();
            (Command::New(NewWishes { file, from_session: own.get_flag("from-session") }), own)
        }
        Some(("run", own)) => (Command::Run(run_wishes(own)), own),
        Some(("replay", own)) => {
            let file = text(own, "file").unwrap_or_default();
            (Command::Replay(ReplayWishes { file, json: own.get_flag("json") }), own)
        }
        Some(("sweep", own)) => (Command::Sweep(sweep_wishes(own)), own),
        Some(("explain", own)) => (Command::Explain(explain_wishes(own)), own),
        Some(("learn", own)) => (Command::Learn(learn_wishes(own)), own),
        Some(("quiz", own)) => (Command::Quiz(QuizWishes { chapter: text(own, "chapter") }), own),
        Some(("check", own)) => {
            let wishes = CheckWishes { files: texts(own, "files"), json: own.get_flag("json") };
            (Command::Check(wishes), own)
        }
        Some(("book", own)) => (Command::Book(book_wishes(own)), own),
        Some((_, own)) => {
            let shell = own.get_one::<Shell>("shell").copied().unwrap_or(Shell::Bash);
            (Command::Completions(shell), own)
        }
    };
    Ok(Words { command, look: look(own) })
}

/// Whether a person sits before it: then `prova` alone opens the dashboard.
fn on_terminal(own: &ArgMatches) -> bool {
    use std::io::IsTerminal as _;
    let plain = own.get_flag("plain") || own.get_flag("quiet");
    !plain && std::io::stdout().is_terminal() && std::io::stdin().is_terminal()
}

fn default_run() -> RunWishes {
    RunWishes { files: vec![sources::DEFAULT.to_owned()], ..RunWishes::default() }
}

fn run_wishes(own: &ArgMatches) -> RunWishes {
    let mut files = texts(own, "files");
    if files.is_empty() {
        files.push(sources::DEFAULT.to_owned());
    }
    let (trace, record) = (text(own, "trace"), text(own, "record"));
    RunWishes { files, overrides: overrides(own), trace, record, json: own.get_flag("json") }
}

fn sweep_wishes(own: &ArgMatches) -> SweepWishes {
    let form = if own.get_flag("csv") {
        Form::Csv
    } else if own.get_flag("json") {
        Form::Json
    } else {
        Form::Text
    };
    SweepWishes {
        files: texts(own, "files"),
        overrides: overrides(own),
        seeds: text(own, "seeds").unwrap_or_else(|| "1..20".to_owned()),
        measures: texts(own, "measure"),
        threads: own.get_one::<u64>("threads").and_then(|count| usize::try_from(*count).ok()),
        form,
    }
}

fn explain_wishes(own: &ArgMatches) -> ExplainWishes {
    ExplainWishes {
        what: text(own, "what").unwrap_or_default(),
        object: text(own, "object"),
        at: text(own, "at"),
        overrides: overrides(own),
        json: own.get_flag("json"),
    }
}

fn dashboard_wishes(own: &ArgMatches) -> DashboardWishes {
    let flag = |name: &str| own.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or(false);
    DashboardWishes {
        files: texts(own, "files"),
        overrides: overrides(own),
        at: text(own, "at"),
        theme: text(own, "theme"),
        ascii: flag("ascii"),
        mouse: !matches!(text(own, "mouse").as_deref(), Some("off" | "kapali")),
        lesson: text(own, "lesson"),
        size: None,
    }
}

/// Errors: a size that is none, after the complaint.
fn frame_wishes(own: &ArgMatches, lang: Lang) -> Result<FrameWishes, Exit> {
    let mut open = dashboard_wishes(own);
    if open.files.is_empty() {
        open.files.push(sources::DEFAULT.to_owned());
    }
    if let Some(word) = text(own, "size") {
        let size = size_of(&word).ok_or_else(|| {
            let text = Talk::BadSize.fill(lang, &[("word", word.as_str())]);
            super::screen::whisper(&format!("{}: {text}", Talk::Error.text(lang)));
            Exit::Usage
        })?;
        open.size = Some(size);
    }
    let form = match text(own, "form").as_deref() {
        Some("ansi") => Picture::Ansi,
        Some("svg") => Picture::Svg,
        Some("plain" | "duz") => Picture::Plain,
        _ => Picture::Text,
    };
    let mut keys = text(own, "keys").unwrap_or_default();
    if let Some(view) = text(own, "view") {
        let digit = crate::dashboard::views::digit_of(&view).ok_or_else(|| {
            let names: Vec<&str> =
                crate::dashboard::views::VIEWS.iter().map(|one| one.id).collect();
            let args = [("option", "--view".to_owned()), ("word", view.clone())];
            let more = Talk::DidYouMean.fill(lang, &[("names", names.join(", "))]);
            let text = format!("{}\n  {more}", Talk::BadValue.fill(lang, &args));
            super::screen::whisper(&format!("{}: {text}", Talk::Error.text(lang)));
            Exit::Usage
        })?;
        keys = format!("{digit} {keys}");
    }
    Ok(FrameWishes { open, keys: Some(keys), form })
}

/// `80x24`.
fn size_of(word: &str) -> Option<(u16, u16)> {
    let (columns, rows) = word.split_once(['x', '×'])?;
    let (columns, rows) = (columns.parse().ok()?, rows.parse().ok()?);
    ((20..=400).contains(&columns) && (5..=200).contains(&rows)).then_some((columns, rows))
}

fn book_wishes(own: &ArgMatches) -> BookWishes {
    let task = match text(own, "task").as_deref() {
        Some("build" | "kur") => Task::Build,
        Some("serve" | "sun") => Task::Serve,
        _ => Task::Check,
    };
    BookWishes { task, port: own.get_one::<u16>("port").copied().unwrap_or(3000) }
}

fn learn_wishes(own: &ArgMatches) -> LearnWishes {
    LearnWishes {
        id: text(own, "id"),
        list: own.get_flag("list"),
        verify: own.get_flag("verify"),
        seeds: own.get_one::<u64>("seeds").copied(),
        hint: own.get_flag("hint"),
        solution: own.get_flag("solution"),
        reset: own.get_flag("reset"),
        skip: own.get_flag("skip"),
        once: own.get_flag("once"),
        lines: own.get_flag("line"),
        repair: own.get_flag("repair"),
        open: dashboard_wishes(own),
    }
}

fn overrides(own: &ArgMatches) -> Overrides {
    let number = |name: &str| own.try_get_one::<u64>(name).ok().flatten().copied();
    Overrides {
        seed: number("seed"),
        until: text(own, "until"),
        nodes: number("nodes").map(|count| u32::try_from(count).unwrap_or(u32::MAX)),
        settings: texts(own, "set"),
    }
}

fn look(own: &ArgMatches) -> Look {
    let flag = |name: &str| own.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or(false);
    let colour = match text(own, "color").as_deref() {
        Some("always" | "her-zaman") => Colour::Always,
        Some("never" | "asla") => Colour::Never,
        _ => Colour::Auto,
    };
    Look { colour, plain: flag("plain"), quiet: flag("quiet"), verbose: flag("verbose") }
}

fn text(own: &ArgMatches, name: &str) -> Option<String> {
    own.try_get_one::<String>(name).ok().flatten().cloned()
}

fn texts(own: &ArgMatches, name: &str) -> Vec<String> {
    let found = own.try_get_many::<String>(name).ok().flatten();
    found.map(|values| values.cloned().collect()).unwrap_or_default()
}

/// Writes the completion script of a shell.
pub(super) fn completions(shell: Shell, lang: Lang, screen: &mut Screen) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut tree(lang), "prova", &mut script);
    screen.write(&String::from_utf8_lossy(&script));
    Exit::Fine
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_tree_is_sound_in_both_languages() {
        tree(Lang::Tr).debug_assert();
        tree(Lang::En).debug_assert();
    }

    #[test]
    fn turkish_and_english_words_mean_the_same() {
        let english =
            read(&words("prova run a.ron --seed 7 --until 3m --set x=1 --plain"), Lang::Tr);
        let turkish =
            read(&words("prova calistir a.ron --tohum 7 --bitis 3m --ayar x=1 --duz"), Lang::Tr);
        assert_eq!(format!("{english:?}"), format!("{turkish:?}"));
        assert!(format!("{english:?}").contains("seed: Some(7)"));
    }

    #[test]
    fn the_last_language_said_counts() {
        assert_eq!(language(&words("prova --lang en run x")), Lang::En);
        assert_eq!(language(&words("prova run x --dil=en --lang=tr")), Lang::Tr);
    }

    #[test]
    fn nothing_said_plays_the_default_scenario() {
        let read = read(&words("prova"), Lang::Tr);
        assert!(
            matches!(read, Ok(Words { command: Command::Run(wishes), .. }) if wishes.files == ["node-failure"])
        );
    }
}
