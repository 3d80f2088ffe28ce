//! Lost requests as stories with a beginning and an end.

use std::collections::BTreeMap;

use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::observe::Told;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::narration::Narration;

use super::page::{Line, Page, Place};
use crate::tell::sentence::{field, lost_words};
use crate::tell::{Tone, form};

/// Lost requests stopped when none was lost for so long.
const SERVED_AGAIN: Span = Span::secs(5);
/// Losses that return sooner than this are told together.
const RELAPSE: Span = Span::secs(60);

/// Requests that are being lost.
#[derive(Clone, Debug)]
struct Losing {
    from: SimTime,
    last: SimTime,
    count: u64,
    /// For losses that return: the place of their one line, and how often they returned.
    again: Option<(Place, u64)>,
    /// Whether its end was told.
    over: bool,
}

/// The Services that lose requests.
pub(super) struct Losses {
    lang: Lang,
    losing: BTreeMap<String, Losing>,
}

impl Losses {
    /// Nothing is lost yet.
    pub(super) fn new(lang: Lang) -> Self {
        Losses { lang, losing: BTreeMap::new() }
    }

    /// One more request is lost.
    pub(super) fn lost(&mut self, page: &mut Page, at: SimTime, (told, service): (&Told, String)) {
        if let Some(losing) = self.losing.get_mut(&service) {
            if losing.over {
                // The story was told to its end, but it goes on: one line for all that follows.
                *losing = Losing { again: Some((page.keep(), 0)), ..Losing::new(at) };
            }
            if at.since(losing.last) > SERVED_AGAIN || losing.count == 0 {
                losing.again = losing.again.map(|(place, times)| (place, times + 1));
            }
            losing.last = at;
            losing.count += 1;
            return;
        }
        let why = lost_words(field(told, "reason"), self.lang).to_owned();
        let args = [("service", service.clone()), ("why", why)];
        let text = Narration::RequestsLost.fill(self.lang, &args);
        page.put(Line { at, tone: Tone::Bad, text, note: String::new() });
        self.losing.insert(service, Losing { count: 1, ..Losing::new(at) });
    }

    /// Ends every story that has been quiet for long enough before `now`.
    pub(super) fn settle(&mut self, page: &mut Page, now: SimTime) {
        let lang = self.lang;
        let end = now == SimTime::MAX;
        for (service, losing) in &mut self.losing {
            let quiet = now.since(losing.last);
            if losing.over || !end && quiet <= losing.patience() {
                continue;
            }
            losing.over = true;
            let args = [
                ("service", service.clone()),
                ("count", form::count(lang, losing.count)),
                ("from", form::moment(lang, losing.from)),
                ("to", form::moment(lang, losing.last)),
                ("times", losing.again.map_or(1, |(_, times)| times).to_string()),
            ];
            let line = |at, tone, key: Narration| Line {
                at,
                tone,
                text: key.fill(lang, &args),
                note: String::new(),
            };
            match losing.again {
                Some((place, _)) => {
                    let again = line(losing.from, Tone::Warning, Narration::RequestsLostAgain);
                    page.fill(place, Some(again));
                }
                None if end => page.put(line(losing.last, Tone::Bad, Narration::RequestsStillLost)),
                None => {
                    let at = losing.last + SERVED_AGAIN;
                    page.put(line(at, Tone::Good, Narration::RequestsServed));
                }
            }
        }
        self.losing.retain(|_, losing| !losing.over || now.since(losing.last) <= RELAPSE);
    }
}

impl Losing {
    fn new(at: SimTime) -> Self {
        Losing { from: at, last: at, count: 0, again: None, over: false }
    }

    /// How long it must be quiet until the story is over.
    fn patience(&self) -> Span {
        if self.again.is_some() { RELAPSE } else { SERVED_AGAIN }
    }
}
