//! `prova frame`: a screen of the dashboard without a terminal, as text, with colours, as SVG, or as
//! sentences.

use crate::dashboard::app::App;
use crate::dashboard::frame::{ansi, cells, svg, text};
use crate::dashboard::keys::line_of_keys;
use crate::dashboard::plain::numbered;
use crate::kernel::Span;

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
    settle(&mut app);
    app.hush();
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
