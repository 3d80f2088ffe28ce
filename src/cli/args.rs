//! The commands and options: English verbs with Turkish names beside them, help in both languages.

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use clap_complete::Shell;

use crate::scenario::Overrides;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::book::BookTalk;
use crate::texts::cli::{Help, Talk};

use super::book::Task;
use super::complain::complain;
use super::exit::Exit;
use super::screen::{Colour, Look, Screen};
use super::sources;
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
        None if on_terminal(&matches) => {
            (Command::Dashboard(dashboard_wishes(&matches)), &matches)
        }
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
            let names: Vec<&str> = crate::dashboard::views::VIEWS.iter().map(|one| one.id).collect();
            let args = [("option", "--view".to_owned()), ("word", view.clone())];
            let more = Talk::DidYouMean.fill(lang, &[("names", names.join(", "))]);
            let text = format!("{}\n  {more}", Talk::BadValue.fill(lang, &args));
            super::screen::whisper(&format!("{}: {text}", Talk::Error.text(lang)));
            Exit::Usage
        })?;
        keys = format!("{digit} {keys}");
    }
    Ok(FrameWishes { open, at: text(own, "at"), keys: Some(keys), form })
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

/// The whole tree of commands.
pub(super) fn tree(lang: Lang) -> clap::Command {
    let scenarios: Vec<&str> = sources::built_in_names().collect();
    let after = Help::Examples.fill(lang, &[("scenarios", scenarios.join(", "))]);
    let parts = |name: &'static str, words: &str| usage(lang, name, words);
    clap::Command::new("prova")
        .version(env!("CARGO_PKG_VERSION"))
        .about(Help::About.text(lang))
        .after_help(after)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_help_heading(Help::Commands.text(lang))
        .next_help_heading(Help::Options.text(lang))
        .help_template(template(lang))
        .override_usage(parts("prova", &format!("[{}]", Help::Command.text(lang))))
        .args(common(lang))
        .arg(version_flag(lang))
        .subcommand(run_command(lang))
        .subcommand(replay_command(lang))
        .subcommand(sweep_command(lang))
        .subcommand(explain_command(lang))
        .subcommand(dashboard_command(lang))
        .subcommand(frame_command(lang))
        .subcommand(new_command(lang))
        .subcommand(learn_command(lang))
        .subcommand(quiz_command(lang))
        .subcommand(check_command(lang))
        .subcommand(book_command(lang))
        .subcommand(completions_command(lang))
}

fn usage(lang: Lang, name: &str, words: &str) -> String {
    format!("{name} {words} [{}]", Help::OptionsWord.text(lang))
}

fn template(lang: Lang) -> String {
    format!("{{about}}\n\n{} {{usage}}\n\n{{all-args}}{{after-help}}", Help::Usage.text(lang))
}

fn sub(
    lang: Lang,
    (name, turkish): (&'static str, &'static str),
    about: Help,
    words: &str,
) -> clap::Command {
    let alias = Help::Alias.fill(lang, &[("alias", turkish)]);
    clap::Command::new(name)
        .alias(turkish)
        .about(format!("{} ({alias})", about.text(lang)))
        .disable_help_flag(true)
        .next_help_heading(Help::Options.text(lang))
        .help_template(template(lang))
        .override_usage(usage(lang, &format!("prova {name}"), words))
        .args(common(lang))
}

fn described(lang: Lang, help: Help, turkish: Option<&'static str>) -> String {
    match turkish {
        Some(name) => {
            let alias = Help::Alias.fill(lang, &[("alias", format!("--{name}"))]);
            format!("{} ({alias})", help.text(lang))
        }
        None => help.text(lang).to_owned(),
    }
}

/// A switch.
fn flag(lang: Lang, name: &'static str, turkish: Option<&'static str>, help: Help) -> Arg {
    let arg = Arg::new(name).long(name).action(ArgAction::SetTrue);
    arg.aliases(turkish).help(described(lang, help, turkish))
}

/// An option with a value.
fn option(
    lang: Lang,
    (name, turkish): (&'static str, &'static str),
    value: &'static str,
    help: Help,
) -> Arg {
    let arg = Arg::new(name).long(name).alias(turkish).value_name(value);
    arg.help(described(lang, help, Some(turkish)))
}

fn number(lang: Lang, names: (&'static str, &'static str), help: Help) -> Arg {
    option(lang, names, "N", help).value_parser(value_parser!(u64))
}

fn many(lang: Lang, names: (&'static str, &'static str), value: &'static str, help: Help) -> Arg {
    option(lang, names, value, help).action(ArgAction::Append)
}

fn positional(lang: Lang, name: &'static str, value: &'static str, help: Help) -> Arg {
    Arg::new(name).value_name(value).help(help.text(lang)).help_heading(Help::Arguments.text(lang))
}

/// What every command understands.
fn common(lang: Lang) -> [Arg; 6] {
    let colours = ["otomatik", "auto", "her-zaman", "always", "asla", "never"];
    [
        option(lang, ("lang", "dil"), "tr|en", Help::Lang)
            .value_parser(["tr", "en"])
            .hide_possible_values(true),
        option(lang, ("color", "renk"), "…", Help::Color)
            .value_parser(colours)
            .hide_possible_values(true),
        flag(lang, "quiet", Some("sessiz"), Help::Quiet).short('q'),
        flag(lang, "verbose", Some("ayrinti"), Help::Verbose).short('v'),
        flag(lang, "plain", Some("duz"), Help::Plain),
        Arg::new("help")
            .short('h')
            .long("help")
            .alias("yardim")
            .action(ArgAction::Help)
            .help(Help::ShowHelp.text(lang)),
    ]
}

fn version_flag(lang: Lang) -> Arg {
    let arg = Arg::new("version").short('V').long("version").alias("surum");
    arg.action(ArgAction::Version).help(Help::ShowVersion.text(lang))
}

/// What may be said in place of a scenario's own words.
fn override_args(lang: Lang) -> [Arg; 4] {
    [
        number(lang, ("seed", "tohum"), Help::Seed),
        number(lang, ("nodes", "dugum"), Help::Nodes),
        option(lang, ("until", "bitis"), "10m", Help::Until),
        many(lang, ("set", "ayar"), "AD=DEĞER", Help::Set),
    ]
}

fn run_command(lang: Lang) -> clap::Command {
    sub(lang, ("run", "calistir"), Help::Run, "DOSYA…")
        .arg(positional(lang, "files", "DOSYA", Help::Files).num_args(1..))
        .args(override_args(lang))
        .arg(option(lang, ("trace", "iz"), "DOSYA", Help::Trace))
        .arg(option(lang, ("record", "kayit"), "DOSYA", Help::Record))
        .arg(flag(lang, "json", None, Help::Json))
}

fn replay_command(lang: Lang) -> clap::Command {
    sub(lang, ("replay", "oynat"), Help::Replay, "DOSYA")
        .arg(positional(lang, "file", "DOSYA", Help::Recording).required(true))
        .arg(flag(lang, "json", None, Help::Json))
}

fn sweep_command(lang: Lang) -> clap::Command {
    let names: Vec<&str> = crate::lab::MEASURES.iter().map(|measure| measure.name).collect();
    sub(lang, ("sweep", "tara"), Help::Sweep, "DOSYA")
        .after_help(Help::Measures.fill(lang, &[("names", names.join(", "))]))
        .arg(positional(lang, "files", "DOSYA", Help::Files).num_args(1..).required(true))
        .arg(option(lang, ("seeds", "tohumlar"), "1..1000", Help::Seeds))
        .arg(many(lang, ("measure", "olcu"), "AD", Help::Measure))
        .args(override_args(lang))
        .arg(number(lang, ("threads", "iplik"), Help::Threads))
        .arg(flag(lang, "json", None, Help::Json))
        .arg(flag(lang, "csv", None, Help::Csv).conflicts_with("json"))
}

fn explain_command(lang: Lang) -> clap::Command {
    sub(lang, ("explain", "acikla"), Help::Explain, "DOSYA --at 2m NESNE | P0201")
        .arg(positional(lang, "what", "DOSYA", Help::ExplainWhat).required(true))
        .arg(positional(lang, "object", "NESNE", Help::ExplainObject))
        .arg(option(lang, ("at", "an"), "2m30s", Help::At))
        .args(override_args(lang))
        .arg(flag(lang, "json", None, Help::Json))
}

/// How the dashboard looks.
fn look_args(lang: Lang) -> [Arg; 3] {
    [
        option(lang, ("theme", "tema"), "AD", Help::Theme),
        flag(lang, "ascii", None, Help::Ascii),
        option(lang, ("lesson", "ders"), "BÖLÜM", Help::Lesson),
    ]
}

fn dashboard_command(lang: Lang) -> clap::Command {
    let mouse = option(lang, ("mouse", "fare"), "acik|kapali", Help::Mouse)
        .value_parser(["on", "off", "acik", "kapali"])
        .hide_possible_values(true);
    sub(lang, ("dashboard", "pano"), Help::Dashboard, "[DOSYA…]")
        .arg(positional(lang, "files", "DOSYA", Help::DashboardFiles).num_args(1..))
        .args(override_args(lang))
        .args(look_args(lang))
        .arg(mouse)
}

fn frame_command(lang: Lang) -> clap::Command {
    let form = option(lang, ("form", "bicim"), "text|ansi|svg|plain", Help::FrameForm)
        .value_parser(["text", "metin", "ansi", "svg", "plain", "duz"])
        .hide_possible_values(true);
    sub(lang, ("frame", "kare"), Help::Frame, "[DOSYA…]")
        .arg(positional(lang, "files", "DOSYA", Help::Files).num_args(1..))
        .args(override_args(lang))
        .args(look_args(lang))
        .arg(option(lang, ("at", "an"), "55s", Help::FrameAt))
        .arg(option(lang, ("size", "boyut"), "80x24", Help::FrameSize))
        .arg(option(lang, ("view", "gorunum"), "5", Help::FrameView))
        .arg(option(lang, ("keys", "tuslar"), "\"5 f\"", Help::FrameKeys))
        .arg(form)
}

fn new_command(lang: Lang) -> clap::Command {
    sub(lang, ("new", "yeni"), Help::New, "DOSYA")
        .arg(positional(lang, "file", "DOSYA", Help::NewFile).required(true))
        .arg(flag(lang, "from-session", Some("oturumdan"), Help::FromSession))
}

fn learn_command(lang: Lang) -> clap::Command {
    let wishes = ["list", "verify", "hint", "solution", "reset", "skip", "once"];
    sub(lang, ("learn", "ogren"), Help::Learn, "[ALIŞTIRMA]")
        .arg(positional(lang, "id", "ALIŞTIRMA", Help::LearnId))
        .arg(flag(lang, "list", Some("liste"), Help::LearnList))
        .arg(flag(lang, "hint", Some("ipucu"), Help::LearnHint))
        .arg(flag(lang, "solution", Some("cozum"), Help::LearnSolution))
        .arg(flag(lang, "reset", Some("bastan"), Help::LearnReset))
        .arg(flag(lang, "skip", Some("atla"), Help::LearnSkip))
        .arg(flag(lang, "once", Some("bir-kez"), Help::LearnOnce))
        .arg(flag(lang, "verify", Some("sina"), Help::LearnVerify))
        .arg(number(lang, ("seeds", "tohumlar"), Help::LearnSeeds).requires("verify"))
        .group(clap::ArgGroup::new("wish").args(wishes))
}

fn quiz_command(lang: Lang) -> clap::Command {
    sub(lang, ("quiz", "sinama"), Help::Quiz, "[BÖLÜM]").arg(positional(
        lang,
        "chapter",
        "BÖLÜM",
        Help::QuizChapter,
    ))
}

fn check_command(lang: Lang) -> clap::Command {
    sub(lang, ("check", "denetle"), Help::Check, "DOSYA…")
        .arg(positional(lang, "files", "DOSYA", Help::Files).num_args(1..).required(true))
        .arg(flag(lang, "json", None, Help::Json))
}

fn book_command(lang: Lang) -> clap::Command {
    let alias = Help::Alias.fill(lang, &[("alias", "kitap")]);
    let task = Arg::new("task").value_name("check|build|serve").help(BookTalk::Task.text(lang));
    let tasks = ["check", "denetle", "build", "kur", "serve", "sun"];
    let port = Arg::new("port").long("port").value_name("N");
    sub(lang, ("book", "kitap"), Help::Check, "check|build|serve")
        .about(format!("{} ({alias})", BookTalk::Help.text(lang)))
        .arg(task.value_parser(tasks).hide_possible_values(true))
        .arg(port.value_parser(value_parser!(u16)).help(BookTalk::Port.text(lang)))
}

fn completions_command(lang: Lang) -> clap::Command {
    let shell = positional(lang, "shell", "KABUK", Help::Shell).required(true);
    sub(lang, ("completions", "tamamla"), Help::Completions, "KABUK")
        .arg(shell.value_parser(value_parser!(Shell)).hide_possible_values(true))
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
