//! A moment of a scenario as a figure: the dashboard's page in sentences.
//!
//! Simplified: a picture of the screen shall stand beside the sentences once the dashboard has a
//! renderer; the sentences are its text equivalent then.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::dashboard::model::Tier;
use crate::dashboard::scene::{Filter, Scene};
use crate::dashboard::speak::speak;
use crate::dashboard::views::VIEWS;
use crate::kernel::SimTime;
use crate::lab::{MarkKind, Options, Timeline};
use crate::scenario::Overrides;
use crate::scenario::load;
use crate::scenario::source::Sources;
use crate::scenario::values::Duration;
use crate::tell::form;
use crate::texts::Lang;

use super::page::escape;

/// Most sentences of a figure: what lies beyond is for the program, not for a page.
const SENTENCES_MAX: usize = 24;

/// The figure as HTML; none when the scenario, the moment or the view is not there.
#[must_use]
pub fn figure(file: &str, at: &str, view: &str, sources: &dyn Sources) -> Option<String> {
    let lang = Lang::Tr;
    let view = VIEWS.iter().find(|known| known.id == view)?;
    let plan = Arc::new(load(&[file], &Overrides::default(), sources).value?);
    let mut timeline = Timeline::new(plan, Options::default()).ok()?;
    timeline.explore_all();
    let moment = moment(&timeline, at)?;
    timeline.seek(moment);
    let seen = timeline.run().seen()?;
    let page = (view.page)(&Scene {
        run: timeline.run(),
        seen,
        known: timeline.known().seen()?,
        lang,
        ascii: false,
        tier: Tier::Normal,
        chosen: None,
        inside: None,
        filter: &Filter::default(),
    });
    let said = speak(&page, lang);
    let name = view.name.template(lang);
    let mut out = format!(
        "<p class=\"kare-an\"><strong>{name}</strong>, {}</p><ol>",
        form::moment(lang, moment)
    );
    for sentence in said.iter().take(SENTENCES_MAX) {
        // Writing to a String cannot fail.
        let _ = write!(out, "<li>{}</li>", escape(sentence));
    }
    out.push_str("</ol>");
    if said.len() > SENTENCES_MAX {
        let _ = write!(out, "<p>… ve {} satır daha</p>", said.len() - SENTENCES_MAX);
    }
    Some(out)
}

/// A bookmark's moment, or the moment of a time such as `55s`.
fn moment(timeline: &Timeline, at: &str) -> Option<SimTime> {
    let named = timeline.marks().into_iter();
    let mut named = named.filter(|mark| mark.kind == MarkKind::Bookmark && mark.name == at);
    let at_time = || at.parse::<Duration>().ok().map(|span| SimTime::ZERO + span.0);
    named.next().map(|mark| mark.at).or_else(at_time)
}
