//! The commands and options: English verbs with Turkish names beside them, help in both languages.

use clap::{Arg, ArgAction, value_parser};
use clap_complete::Shell;

use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::book::BookTalk;
use crate::texts::cli::Help;

use super::sources;

/// The whole tree of commands.
pub(super) fn tree(lang: Lang) -> clap::Command {
    let scenarios: Vec<String> = sources::built_in_names().collect();
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
fn look_args(lang: Lang) -> [Arg; 4] {
    let [theme, ascii] = theme_args(lang);
    [
        option(lang, ("at", "an"), "55s", Help::FrameAt),
        theme,
        ascii,
        option(lang, ("lesson", "ders"), "BÖLÜM", Help::Lesson),
    ]
}

fn theme_args(lang: Lang) -> [Arg; 2] {
    [option(lang, ("theme", "tema"), "AD", Help::Theme), flag(lang, "ascii", None, Help::Ascii)]
}

fn mouse_arg(lang: Lang) -> Arg {
    option(lang, ("mouse", "fare"), "acik|kapali", Help::Mouse)
        .value_parser(["on", "off", "acik", "kapali"])
        .hide_possible_values(true)
}

fn dashboard_command(lang: Lang) -> clap::Command {
    sub(lang, ("dashboard", "pano"), Help::Dashboard, "[DOSYA…]")
        .arg(positional(lang, "files", "DOSYA", Help::DashboardFiles).num_args(1..))
        .args(override_args(lang))
        .args(look_args(lang))
        .arg(mouse_arg(lang))
}

fn frame_command(lang: Lang) -> clap::Command {
    let form = option(lang, ("form", "bicim"), "text|ansi|svg|plain", Help::FrameForm)
        .value_parser(["text", "metin", "ansi", "svg", "plain", "duz"])
        .hide_possible_values(true);
    sub(lang, ("frame", "kare"), Help::Frame, "[DOSYA…]")
        .arg(positional(lang, "files", "DOSYA", Help::Files).num_args(1..))
        .args(override_args(lang))
        .args(look_args(lang))
        .arg(option(lang, ("size", "boyut"), "80x24", Help::FrameSize))
        .arg(option(lang, ("view", "gorunum"), "5", Help::FrameView))
        .arg(option(lang, ("keys", "tuslar"), "\"5 f\"", Help::FrameKeys).allow_hyphen_values(true))
        .arg(form)
}

fn new_command(lang: Lang) -> clap::Command {
    sub(lang, ("new", "yeni"), Help::New, "DOSYA")
        .arg(positional(lang, "file", "DOSYA", Help::NewFile).required(true))
        .arg(flag(lang, "from-session", Some("oturumdan"), Help::FromSession))
}

fn learn_command(lang: Lang) -> clap::Command {
    let wishes = ["list", "verify", "hint", "solution", "reset", "skip", "once", "repair"];
    sub(lang, ("learn", "ogren"), Help::Learn, "[ALIŞTIRMA]")
        .arg(positional(lang, "id", "ALIŞTIRMA", Help::LearnId))
        .arg(flag(lang, "list", Some("liste"), Help::LearnList))
        .arg(flag(lang, "hint", Some("ipucu"), Help::LearnHint))
        .arg(flag(lang, "solution", Some("cozum"), Help::LearnSolution))
        .arg(flag(lang, "reset", Some("bastan"), Help::LearnReset))
        .arg(flag(lang, "skip", Some("atla"), Help::LearnSkip))
        .arg(flag(lang, "once", Some("bir-kez"), Help::LearnOnce))
        .arg(flag(lang, "line", Some("satir"), Help::LearnLine))
        .arg(flag(lang, "repair", Some("onar"), Help::LearnRepair).conflicts_with("id"))
        .arg(flag(lang, "verify", Some("sina"), Help::LearnVerify))
        .arg(number(lang, ("seeds", "tohumlar"), Help::LearnSeeds).requires("verify"))
        .args(theme_args(lang))
        .arg(mouse_arg(lang))
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
