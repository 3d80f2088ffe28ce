//! The terminal of the dashboard: entered, left, and left in good order whatever happens.
//!
//! Raw mode, the alternate screen, the mouse and pasted text are switched on together and off
//! together: at the end, on a panic (before its words are printed), on SIGTERM, and while the
//! program is suspended.

use std::io::{Stdout, Write as _, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, KeyCode,
    KeyEvent, KeyModifiers,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};

use crate::dashboard::keys::{Key, Press};

/// Whether the terminal is ours: what a panic must give back.
static OURS: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours.
#[derive(Debug)]
pub(super) struct Held {
    mouse: bool,
}

impl Held {
    /// Takes the terminal.
    ///
    /// Errors: it is none, or it does not obey.
    pub(super) fn take(mouse: bool) -> std::io::Result<Held> {
        let held = Held { mouse };
        held.enter()?;
        Ok(held)
    }

    fn enter(&self) -> std::io::Result<()> {
        enable_raw_mode()?;
        OURS.store(true, Ordering::SeqCst);
        let mut out: Stdout = stdout();
        execute!(out, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
        if self.mouse {
            execute!(out, EnableMouseCapture)?;
        }
        Ok(())
    }

    /// Gives the terminal back, lets the shell go on, and takes it again when woken.
    ///
    /// Errors: it does not obey.
    #[cfg(unix)]
    pub(super) fn suspend(&self) -> std::io::Result<()> {
        give_back();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.enter()
    }

    /// Gives the terminal to another program while `use_it` runs.
    ///
    /// Errors: the terminal does not obey.
    pub(super) fn lend<T>(&self, use_it: impl FnOnce() -> T) -> std::io::Result<T> {
        give_back();
        let given = use_it();
        self.enter()?;
        Ok(given)
    }

    /// There is nothing to suspend to.
    #[cfg(not(unix))]
    pub(super) fn suspend(&self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back, if it is ours; what cannot be switched off any more is left.
pub(super) fn give_back() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _ = execute!(
        out,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
    let _ = out.flush();
}

/// A key of the terminal as a key of the dashboard; none for keys it does not know.
pub(super) fn press(event: KeyEvent) -> Option<Press> {
    let key = match event.code {
        KeyCode::Char(letter) => Key::Letter(letter),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab | KeyCode::BackTab => Key::Tab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Insert
        | KeyCode::F(_)
        | KeyCode::Null
        | KeyCode::CapsLock
        | KeyCode::ScrollLock
        | KeyCode::NumLock
        | KeyCode::PrintScreen
        | KeyCode::Pause
        | KeyCode::Menu
        | KeyCode::KeypadBegin
        | KeyCode::Media(_)
        | KeyCode::Modifier(_) => return None,
    };
    // With AltGr some terminals report Control and Alt together: the letter alone is meant.
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL) && !alt;
    let shift = event.modifiers.contains(KeyModifiers::SHIFT);
    let shift = shift && !matches!(key, Key::Letter(_) | Key::Tab);
    Some(Press { key, shift, ctrl })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_terminal_are_keys_of_the_dashboard() {
        let event = |code, modifiers| press(KeyEvent::new(code, modifiers));
        assert_eq!(event(KeyCode::Char('B'), KeyModifiers::SHIFT), Some(Press::letter('B')));
        assert_eq!(event(KeyCode::Right, KeyModifiers::SHIFT), Some(Press::shift(Key::Right)));
        assert_eq!(event(KeyCode::Char('p'), KeyModifiers::CONTROL), Some(Press::ctrl('p')));
        let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
        assert_eq!(event(KeyCode::Char('<'), alt_gr), Some(Press::letter('<')));
        assert_eq!(event(KeyCode::F(1), KeyModifiers::NONE), None);
    }
}
