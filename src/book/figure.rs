//! A moment of a scenario as a figure: the dashboard's screen as a picture, its sentences beside it.
//!
//! The picture is there twice, for light and for dark pages; the style sheet shows one of them, and
//! what it hides is not spoken either.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::dashboard::app::{App, Look, Opened};
use crate::dashboard::frame::svg_inline;
use crate::dashboard::keys::{Key, Press};
use crate::dashboard::plain::sentences;
use crate::dashboard::screen::Screen;
use crate::dashboard::theme::Theme;
use crate::dashboard::views::{VIEWS, View};
use crate::kernel::Span;
use crate::scenario::Overrides;
use crate::scenario::load;
use crate::scenario::source::Sources;
use crate::texts::{Lang, fold};

use super::page::escape;

/// Columns and rows of a picture: as wide as any terminal, a little higher, so that the whole of a
/// Raft group is seen.
const SIZE: (u16, u16) = (80, 28);
/// The theme of light pages and that of dark ones, with the class that the style sheet knows.
const THEMES: [(&str, &str); 2] = [("açık", "acik"), ("koyu", "koyu")];

/// The name of the view among a directive's arguments.
#[must_use]
pub fn view_of(args: &[String]) -> &str {
    let named = |name: &str| args.iter().find_map(|word| word.strip_prefix(name));
    named("görünüm=").or_else(|| named("gorunum=")).unwrap_or("map")
}

/// The view of that name.
#[must_use]
pub fn view_named(name: &str) -> Option<&'static View> {
    VIEWS.iter().find(|known| known.id == name)
}

/// The figure as HTML; none when the scenario, the moment or the view is not there.
#[must_use]
pub fn figure(file: &str, at: &str, view: &str, sources: &dyn Sources) -> Option<String> {
    let view = view_named(view)?;
    let screen = seen(file, at, view, sources)?;
    let name = view.name.template(Lang::Tr);
    let title = format!("Gösterge panelinde {name} görünümü, an: {at}");
    let mut out = String::from(
        "<div class=\"kare-resim\" tabindex=\"0\" role=\"group\" aria-label=\"Gösterge paneli\">\n",
    );
    for (theme, class) in THEMES {
        let id = format!("{}-{class}", slug(&[file, at, view.id]));
        let picture = svg_inline(&screen, Theme::named(theme)?, &id, &title);
        // Writing to a String cannot fail.
        let _ = writeln!(out, "<div class=\"kare-{class}\">{picture}</div>");
    }
    out.push_str("</div>\n<details><summary>Bu resmin metni</summary><ol>");
    for sentence in sentences(&screen) {
        let _ = write!(out, "<li>{}</li>", escape(&sentence));
    }
    out.push_str("</ol></details>");
    Some(out)
}

/// The screen of the dashboard at a moment: a bookmark's name, or a time such as `55s`.
fn seen(file: &str, at: &str, view: &View, sources: &dyn Sources) -> Option<Screen> {
    let plan = Arc::new(load(&[file], &Overrides::default(), sources).value?);
    let theme = Theme::named(THEMES[0].0)?;
    let look = Look { lang: Lang::Tr, ascii: false, theme, size: SIZE };
    let mut app = App::new(look, crate::course::Progress::default());
    let name = file.trim_start_matches("scenarios/").trim_end_matches(".ron").to_owned();
    app.open(Opened { name, text: None, plan, lesson: None }).ok()?;
    app.press(Press::letter('g'));
    app.paste(at);
    app.press(Press::of(Key::Enter));
    while app.is_chasing() {
        app.tick(Span::ZERO);
    }
    // The line of input stays open when there is no such moment.
    if app.screen().overlay.is_some() {
        return None;
    }
    app.press(Press::letter(view.digit));
    app.hush();
    Some(app.screen())
}

/// A name that can be an `id`.
fn slug(parts: &[&str]) -> String {
    let letters = parts.iter().map(|part| fold(part)).collect::<Vec<_>>().join("-");
    letters.replace(|sign: char| !sign.is_ascii_alphanumeric(), "-")
}
