//! clap's complaints in our words, in the reader's language.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;

use super::exit::Exit;
use super::screen::{Look, Screen, whisper};
use super::sources::built_in_names;

/// Shows what clap wants to say: help on stdout, a complaint on stderr.
pub(super) fn complain(error: &clap::Error, words: &[String], lang: Lang) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let mut screen = Screen::new(lang, Look::default());
        screen.write(&error.to_string());
        screen.flush();
        return Exit::Fine;
    }
    let mut lines = vec![format!("{}: {}", Talk::Error.text(lang), sentence(error, lang))];
    lines.extend(hints(error, lang));
    let command = command(words).map(|name| format!("{name} ")).unwrap_or_default();
    lines.push(format!("  {}", Talk::SeeHelp.fill(lang, &[("command", command)])));
    whisper(&lines.join("\n"));
    Exit::Usage
}

/// The command that was meant, if it is one.
fn command(words: &[String]) -> Option<&String> {
    let known = |word: &&String| {
        let tree = super::tree::tree(Lang::Tr);
        tree.get_subcommands().any(|sub| {
            sub.get_name() == word.as_str() || sub.get_all_aliases().any(|a| a == word.as_str())
        })
    };
    words.iter().skip(1).find(known)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "clap may add kinds at any time; those without words of their own get the general one"
)]
fn sentence(error: &clap::Error, lang: Lang) -> String {
    let of = |kind: ContextKind| one(error, kind).unwrap_or_default();
    let (option, word) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::UnknownArgument => Talk::UnknownArgument.fill(lang, &[("word", option)]),
        ErrorKind::InvalidSubcommand => {
            Talk::UnknownCommand.fill(lang, &[("word", of(ContextKind::InvalidSubcommand))])
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if !word.is_empty() => {
            Talk::BadValue.fill(lang, &[("option", option), ("word", word)])
        }
        ErrorKind::MissingRequiredArgument | ErrorKind::InvalidValue => {
            Talk::Missing.fill(lang, &[("word", option)])
        }
        ErrorKind::ArgumentConflict => {
            let other = of(ContextKind::PriorArg);
            if other == option {
                return Talk::Twice.fill(lang, &[("option", option)]);
            }
            Talk::Conflict.fill(lang, &[("word", option), ("other", other)])
        }
        _ => Talk::BadUsage.text(lang).to_owned(),
    }
}

/// Words that were perhaps meant, and the command for a file that stands alone.
fn hints(error: &clap::Error, lang: Lang) -> Vec<String> {
    let mut hints = Vec::new();
    let near =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let names: Vec<String> = near.into_iter().flat_map(|kind| all(error, kind)).collect();
    if !names.is_empty() {
        let line = Talk::DidYouMean.fill(lang, &[("names", names.join(", "))]);
        hints.push(format!("  {line}"));
    }
    if let Some(word) = one(error, ContextKind::InvalidSubcommand)
        && (built_in_names().any(|name| name == word)
            || word.contains('.')
            || word.contains('/')
            || std::path::Path::new(&word).exists())
    {
        hints.push(format!("  {}", Talk::RunFile.fill(lang, &[("word", word)])));
    }
    hints
}

fn one(error: &clap::Error, kind: ContextKind) -> Option<String> {
    let words = all(error, kind);
    (!words.is_empty()).then(|| words.join(", "))
}

fn all(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.clone(),
        _ => Vec::new(),
    }
}
