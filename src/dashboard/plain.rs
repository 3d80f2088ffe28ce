//! A screen as numbered sentences: for screen readers, pipes and logs.
//!
//! It is the same screen: every page that is seen is said, whole. A number chooses what its
//! sentence speaks of.

use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::screen::Say;

use super::app::Focus;
use super::screen::Screen;
use super::speak::{Spoken, spoken};
use super::stops::Stop;

/// The sentences of a screen.
#[must_use]
pub fn sentences(screen: &Screen) -> Vec<String> {
    all(screen).into_iter().map(|spoken| spoken.text).collect()
}

/// The same, numbered from 1.
#[must_use]
pub fn numbered(screen: &Screen) -> Vec<String> {
    let over = screen.overlay.as_ref().and_then(|over| over.chosen.as_ref());
    let chosen = match (&screen.overlay, over) {
        (Some(_), chosen) => chosen,
        (None, _) => {
            screen.panels.iter().find(|panel| panel.active).and_then(|it| it.chosen.as_ref())
        }
    };
    let all = all(screen).into_iter().enumerate();
    all.map(|(place, said)| {
        let here = said.stop.is_some() && said.stop.as_ref() == chosen;
        let here =
            if here { format!("{}: ", Say::SpokenHere.text(screen.lang)) } else { String::new() };
        format!("{}. {here}{}", place + 1, said.text)
    })
    .collect()
}

/// What can be pressed: the views with their keys, and the keys of the bar. It is said once, not
/// with every screen.
#[must_use]
pub fn keys(screen: &Screen) -> String {
    let views: Vec<String> =
        screen.tabs.iter().map(|tab| format!("{} {}", tab.key, tab.name)).collect();
    let keys: Vec<String> =
        screen.bar.iter().map(|hint| format!("{} {}", hint.said, hint.word)).collect();
    let mut said = Vec::new();
    if !views.is_empty() {
        said.push(Say::SpokenViews.fill(screen.lang, &[("views", views.join(", "))]));
    }
    if !keys.is_empty() {
        said.push(Say::SpokenKeys.fill(screen.lang, &[("keys", keys.join(", "))]));
    }
    said.join(" ")
}

/// What the n-th sentence, from 1, speaks of: its panel and line, if it can be chosen.
#[must_use]
pub fn choice(screen: &Screen, number: usize) -> Option<(Focus, Stop)> {
    let said = all(screen);
    let spoken = said.get(number.checked_sub(1)?)?;
    spoken.stop.clone().map(|stop| (spoken.focus, stop))
}

/// A sentence of a screen.
struct Said {
    text: String,
    focus: Focus,
    stop: Option<Stop>,
}

fn all(screen: &Screen) -> Vec<Said> {
    let lang = screen.lang;
    let plain = |text: String| Said { text, focus: Focus::Main, stop: None };
    let mut said = vec![plain(tidy(&screen.top.letters()))];
    said.extend(screen.notice.iter().map(|notice| plain(tidy(&notice.letters()))));
    let on = |focus: Focus| move |Spoken { text, stop }: Spoken| Said { text, focus, stop };
    if let Some(over) = &screen.overlay {
        said.push(plain(format!("{}:", over.title)));
        said.extend(over.input.iter().map(|(label, typed)| plain(format!("{label}: {typed}"))));
        said.extend(spoken(&over.page, lang).into_iter().skip(1).map(on(Focus::Main)));
        return said;
    }
    for panel in &screen.panels {
        said.push(plain(format!("{}:", tidy(&panel.title.letters()))));
        let title = tidy(&panel.page.title.letters());
        let own = spoken(&panel.page, lang).into_iter().filter(|one| one.text != title);
        said.extend(own.map(on(panel.focus)));
    }
    if let Some(strip) = &screen.strip {
        let end = form::moment(lang, strip.end);
        let args = [("now", form::moment(lang, strip.now)), ("end", end)];
        said.push(plain(Say::SpokenStrip.fill(lang, &args)));
        for mark in &strip.marks {
            let args = [("at", form::moment(lang, mark.at)), ("name", mark.name.clone())];
            let key = if mark.at > strip.known { Say::SpokenAhead } else { Say::SpokenMark };
            said.push(plain(key.fill(lang, &args)));
        }
    }
    said
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
