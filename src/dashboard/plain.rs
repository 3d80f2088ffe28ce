//! A screen as numbered sentences: for screen readers, pipes and logs.
//!
//! It is the same screen: every page that is seen is said, whole. A number chooses what its
//! sentence speaks of.

use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::screen::Say;

use super::model::Page;
use super::screen::Screen;
use super::speak::speak;
use super::stops::{Stop, stops};

/// The sentences of a screen.
#[must_use]
pub fn sentences(screen: &Screen) -> Vec<String> {
    let lang = screen.lang;
    let mut said = vec![tidy(&screen.top.letters())];
    if let Some(notice) = &screen.notice {
        said.push(tidy(&notice.letters()));
    }
    if let Some(over) = &screen.overlay {
        said.push(format!("{}:", over.title));
        if let Some((label, typed)) = &over.input {
            said.push(format!("{label}: {typed}"));
        }
        said.extend(speak(&over.page, lang).into_iter().skip(1));
        return said;
    }
    for panel in &screen.panels {
        said.push(format!("{}:", tidy(&panel.title.letters())));
        let own = speak(&panel.page, lang);
        let title = tidy(&panel.page.title.letters());
        said.extend(own.into_iter().filter(|sentence| *sentence != title));
    }
    if let Some(strip) = &screen.strip {
        let end = form::moment(lang, strip.end);
        let args = [("now", form::moment(lang, strip.now)), ("end", end)];
        said.push(Say::SpokenStrip.fill(lang, &args));
        for mark in &strip.marks {
            let args = [("at", form::moment(lang, mark.at)), ("name", mark.name.clone())];
            said.push(Say::SpokenMark.fill(lang, &args));
        }
    }
    said
}

/// The same, numbered from 1.
#[must_use]
pub fn numbered(screen: &Screen) -> Vec<String> {
    let all = sentences(screen).into_iter().enumerate();
    all.map(|(place, sentence)| format!("{}. {sentence}", place + 1)).collect()
}

/// The lines of the page that can be chosen, with their words: what `--plain` lists for `seç`.
#[must_use]
pub fn choices(page: &Page) -> Vec<Stop> {
    stops(page).into_iter().filter(|stop| stop.target().is_some()).collect()
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
