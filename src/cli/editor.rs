//! The learner's own editor, for the file of an exercise.

use std::path::Path;
use std::process::Command;

use crate::dashboard::app::App;
use crate::dashboard::model::Role;
use crate::texts::Key as _;
use crate::texts::cli::Refusal;
use crate::texts::dashboard::task::Task;

use super::refusal::reason;
use super::terminal::Held;

/// What a shell answers when it does not find a program, or may not start it.
const NOT_STARTED: [(i32, Refusal); 2] = [(127, Refusal::NotFound), (126, Refusal::Denied)];

/// Opens the file in the learner's editor; what goes wrong is said on the screen.
///
/// Errors: the terminal does not obey.
pub(super) fn edit(app: &mut App, file: &str, held: &Held) -> std::io::Result<()> {
    let lang = app.look().lang;
    let named = |name: &str| std::env::var_os(name)?.into_string().ok();
    let mut editors = ["VISUAL", "EDITOR"].into_iter().filter_map(named);
    let Some(editor) = editors.find(|editor| !editor.trim().is_empty()) else {
        app.tell(Role::Unknown, Task::NoEditor.fill(lang, &[("file", file)]));
        return Ok(());
    };
    let ended = held.lend(|| command(&editor, file).status())?;
    let why = match ended {
        Ok(status) => match NOT_STARTED.iter().find(|(code, _)| status.code() == Some(*code)) {
            Some((_, why)) => format!("{editor}: {}", why.text(lang)),
            None => return Ok(()),
        },
        Err(why) => reason(&why, lang),
    };
    let args = [("file", file.to_owned()), ("reason", why)];
    app.tell(Role::Bad, Task::EditorFailed.fill(lang, &args));
    Ok(())
}

/// A program by its path, which may have blanks in it; else what a shell makes of the words, as
/// for git: `code --wait`, `'/opt/my editor' -n`.
fn command(editor: &str, file: &str) -> Command {
    let (program, words) = if Path::new(editor).is_file() {
        (editor, Vec::new())
    } else if cfg!(unix) {
        ("sh", vec!["-c".to_owned(), format!("{editor} \"$@\""), editor.to_owned()])
    } else {
        let mut words = editor.split_whitespace();
        (words.next().unwrap_or_default(), words.map(str::to_owned).collect())
    };
    let mut command = Command::new(program);
    command.args(words).arg(file);
    command
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn says(editor: &str) -> String {
        let output = command(editor, "a b.ron").output().expect("a shell is here");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    #[test]
    fn an_editor_may_have_words_and_quotes() {
        assert_eq!(says("echo"), "a b.ron");
        assert_eq!(says("echo --wait"), "--wait a b.ron");
        assert_eq!(says("'echo' 'x  y'"), "x  y a b.ron");
        let missing = command("no-such-editor-here", "a").output().expect("a shell is here");
        assert_eq!(missing.status.code(), Some(127));
    }
}
