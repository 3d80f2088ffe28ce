//! `prova frame`: a screen of the dashboard without a terminal, as text, with colours, as SVG, or as
//! sentences.

use crate::dashboard::app::App;
use crate::dashboard::frame::{ansi, cells, svg, text};
use crate::dashboard::keys::{Key, Press, line_of_keys};
use crate::dashboard::plain::numbered;
use crate::kernel::Span;
use crate::texts::Key as _;
use crate::texts::cli::Talk;

use super::dashboard::begin;
use super::exit::Exit;
use super::screen::Screen;
use super::wishes::{FrameWishes, Picture};

/// Draws one frame.
pub(super) fn frame(wishes: &FrameWishes, screen: &mut Screen) -> Exit {
    let mut app = match begin(&wishes.open, screen) {
        Ok(app) => app,
        Err(exit) => return exit,
    };
    let settle = |app: &mut App| {
        while app.is_chasing() {
            app.tick(Span::ZERO);
        }
    };
    if let Some(at) = &wishes.at {
        app.press(Press::letter('g'));
        app.paste(at);
        app.press(Press::of(Key::Enter));
        settle(&mut app);
        let seen = app.screen();
        if seen.overlay.is_some() {
            let told = seen.notice.map(|notice| notice.letters()).unwrap_or_default();
            screen.complain(&format!("{}: {told}", Talk::Error.text(screen.lang)));
            return Exit::Usage;
        }
        app.hush();
    }
    for press in line_of_keys(wishes.keys.as_deref().unwrap_or_default()) {
        app.press(press);
        settle(&mut app);
    }
    let seen = app.screen();
    let theme = app.look().theme;
    match wishes.form {
        Picture::Text => screen.write(&text(&cells(&seen, theme))),
        Picture::Ansi => screen.write(&ansi(&cells(&seen, theme))),
        Picture::Svg => screen.write(&svg(&seen, theme)),
        Picture::Plain => numbered(&seen).iter().for_each(|sentence| screen.line(sentence)),
    }
    Exit::Fine
}
