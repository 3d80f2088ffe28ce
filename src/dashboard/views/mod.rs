//! The views: one file each, and their list.
//!
//! To add one: write its file with a function from a [`Scene`] to a [`Page`], and add a line to
//! [`VIEWS`].
//!
//! | file | what lives there |
//! |---|---|
//! | `map` | Genel: the cluster as boxes |
//! | `crowd` | the map of more nodes than fit as boxes |
//! | `bars` | requests against capacities |
//! | `process` | a process as a cell, and its page |
//! | `objects` | Nesne: kinds, and the objects of a kind |
//! | `tables` | kubectl's columns of each kind |
//! | `detail` | one object |
//! | `events` | Olay: the log, and one fact |
//! | `messages` | Mesaj: messages between lanes, and one message |
//! | `raft` | Raft: etcd's members and their logs |
//! | `scheduler` | Zamanlayıcı: decisions and their tables |
//! | `net` | Ağ: Services, endpoints, rules, requests |
//! | `request` | İstek: calls, and the stages of one |
//! | `metrics` | Metrik: figures, and quantities over time |
//! | `history` | quantities over time, from the facts |
//! | `why` | Neden?: the chain of causes |
//! | `compare` | Fark: what differs between two moments or branches |
//! | `parts` | what several views need |

mod bars;
mod compare;
mod crowd;
mod detail;
mod events;
mod fields;
mod history;
mod map;
mod messages;
mod metrics;
mod net;
mod objects;
mod parts;
mod process;
mod raft;
mod request;
mod scheduler;
mod tables;
mod why;

pub use compare::compare_page;
pub use why::why;

use crate::texts::Pair;
use crate::texts::dashboard::views_a;
use crate::texts::dashboard::views_b;

use super::model::Page;
use super::scene::Scene;

/// A view: its name, its key and how its page is made.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The digit that opens it.
    pub digit: char,
    /// Its name for programs and for `--keys`: `map`, `objects`.
    pub id: &'static str,
    /// Its name on screen.
    pub name: Pair,
    /// Its page.
    pub page: fn(&Scene<'_>) -> Page,
}

/// All views, in the order of their digits.
pub const VIEWS: &[View] = &[
    View { digit: '1', id: "map", name: views_a::MAP, page: map::page },
    View { digit: '2', id: "objects", name: views_a::OBJECTS, page: objects::page },
    View { digit: '3', id: "events", name: views_a::EVENTS, page: events::page },
    View { digit: '4', id: "messages", name: views_b::MESSAGES, page: messages::page },
    View { digit: '5', id: "raft", name: views_b::RAFT, page: raft::page },
    View { digit: '6', id: "scheduler", name: views_b::SCHEDULER, page: scheduler::page },
    View { digit: '7', id: "net", name: views_a::NET, page: net::page },
    View { digit: '8', id: "request", name: views_b::REQUEST, page: request::page },
    View { digit: '9', id: "metrics", name: views_a::METRICS, page: metrics::page },
];

/// The digit of a view, by its digit, its id or its name in either language.
#[must_use]
pub fn digit_of(word: &str) -> Option<char> {
    let wanted = crate::texts::fold(word);
    let named = |view: &&View| {
        wanted == view.digit.to_string()
            || [view.id, view.name.tr, view.name.en]
                .iter()
                .any(|name| crate::texts::fold(name) == wanted)
    };
    VIEWS.iter().find(named).map(|view| view.digit)
}
