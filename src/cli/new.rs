//! `prova new`: a commented scenario to begin with, or the last session as a scenario.

use crate::scenario::TEMPLATE;
use crate::scenario::splice::moved;
use crate::texts::Key as _;
use crate::texts::cli::Talk;

use super::dashboard::SESSION;
use super::desk;
use super::exit::Exit;
use super::refusal::reason;
use super::screen::Screen;
use super::wishes::NewWishes;

/// Writes a scenario; a file that is there is never written over.
pub(super) fn new(wishes: &NewWishes, screen: &mut Screen) -> Exit {
    let lang = screen.lang;
    if wishes.from_session && wishes.file.split('/').any(|part| part == "..") {
        let text = Talk::NoFolderAbove.text(lang);
        screen.complain(&format!("{}: {text}", Talk::Error.text(lang)));
        return Exit::Usage;
    }
    let text = if wishes.from_session {
        let kept = std::fs::read_to_string(SESSION).ok();
        match kept.and_then(|text| moved(&text, SESSION, &wishes.file)) {
            Some(text) => text,
            None => {
                let text = Talk::NoSession.fill(lang, &[("file", SESSION)]);
                screen.complain(&format!("{}: {text}", Talk::Error.text(lang)));
                return Exit::Files;
            }
        }
    } else {
        TEMPLATE.to_owned()
    };
    match desk::write_new(&wishes.file, &text) {
        Ok(()) => {
            screen.line(&Talk::Wrote.fill(lang, &[("file", wishes.file.as_str())]));
            screen.talk(&Talk::RunIt.fill(lang, &[("file", wishes.file.as_str())]));
            Exit::Fine
        }
        Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = Talk::FileThere.fill(lang, &[("file", wishes.file.as_str())]);
            screen.complain(&format!("{}: {text}", Talk::Error.text(lang)));
            Exit::Files
        }
        Err(why) => {
            let args = [("file", wishes.file.clone()), ("reason", reason(&why, lang))];
            let text = Talk::FileUnwritable.fill(lang, &args);
            screen.complain(&format!("{}: {text}", Talk::Error.text(lang)));
            Exit::Files
        }
    }
}
