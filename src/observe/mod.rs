//! Seeing without touching: what happened, why, how much, and whether the laws held.
//!
//! An [`Observation`] is fed by the kernel with every delivery and every note. It changes nothing
//! of the play, so a run with observers and one without have the same digest.
//!
//! | file | what lives there |
//! |---|---|
//! | `model` | the committed truth: all objects at the last revision, as etcd decided them |
//! | `tally` | its pods by node and state, kept up with every change |
//! | `facts` `notable` `web` | notable facts, and which caused which |
//! | `calls` | which messages begin and end a call |
//! | `harm` | which fault silences whom |
//! | `story` | what a fact says, in words for programs and named values |
//! | `tape` | the last messages and API calls, one by one |
//! | `trace` | facts as JSON lines |
//! | `metrics` | counts and durations: requests, leaderless time, recovery |
//! | `invariants` | laws of Raft and of the cluster, checked at every step |
//! | `why` | chains of causes in answer to "why is this so?" |
//!
//! Causes: every event names the event that sent it. Most events are not notable, so each one
//! inherits the nearest notable fact from its cause. Three ways would lead to a stranger, and are
//! cut: a watch message takes the fact of the revision it carries, since etcd batches writes; the
//! answer to a call goes on from whatever the call was made for, so that what one command makes
//! does not look like a chain; and work that waited in a queue goes on from what brought it there
//! ([`Note::Because`]), not from whatever set the timer.
//!
//! Floor: 5
//! Imports: kernel, api, wire, cluster, raft

mod calls;
mod facts;
mod harm;
mod invariants;
mod metrics;
mod model;
mod notable;
mod story;
mod tally;
mod tape;
mod trace;
mod web;
mod why;

pub use facts::{Fact, FactId, Facts, What};
pub use invariants::{Invariants, Violation};
pub use metrics::{Latency, Metrics, RequestCounts};
pub use model::{Change, Model};
pub use story::{Told, lost_name, role_name, tell};
pub use tally::{Alike, Asked, Health, PodState, Tally};
pub use tape::{Call, Delivery, Tape};
pub use trace::{TRACE_SCHEMA, trace_lines};
pub use why::{Reason, chain, explain};

use crate::cluster::Cluster;
use crate::cluster::Directory;
use crate::cluster::Role;
use crate::kernel::Detail;
use crate::kernel::Event;
use crate::kernel::KernelNote;
use crate::kernel::Noted;
use crate::kernel::Observer;
use crate::kernel::SimTime;
use crate::kernel::Slot;
use crate::wire::Msg;
use crate::wire::Note;
use crate::wire::note::RaftNote;

/// Everything that is observed of one run; a value, like the run itself.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Who is who.
    pub directory: Directory,
    /// The committed truth.
    pub model: Model,
    /// What happened, and why.
    pub facts: Facts,
    /// How much.
    pub metrics: Metrics,
    /// Whether the laws held.
    pub invariants: Invariants,
    /// The last messages and calls, one by one.
    pub tape: Tape,
    /// Notes that may have changed the answer to a question.
    changes: u64,
}

impl Observation {
    /// Nothing has been seen yet. Without full detail, Events and Leases are counted but not kept,
    /// and the story leaves out what happens to single pods.
    #[must_use]
    pub fn new(directory: Directory, detail: Detail) -> Self {
        let brief = detail != Detail::Full;
        Observation {
            directory,
            model: Model::new(brief),
            facts: Facts::new(brief),
            metrics: Metrics::new(brief),
            invariants: Invariants::default(),
            tape: Tape::new(brief),
            changes: 0,
        }
    }

    /// A process died: whatever it led, nobody leads, though nobody says so yet.
    fn crashed(&mut self, at: SimTime, slot: Slot) {
        let host = self.directory.machine_of(slot).map(|machine| machine.name.clone());
        let host = host.unwrap_or_default();
        match self.directory.role(slot) {
            // Members are numbered from 1, as etcd's Raft wants it.
            Some(Role::Etcd(number)) => self.metrics.leader_lost(at, u64::from(number) + 1),
            Some(Role::Scheduler(_)) => self.metrics.holder_lost(&host, "kube-scheduler"),
            Some(Role::Controllers(_)) => {
                self.metrics.holder_lost(&host, "kube-controller-manager");
            }
            Some(
                Role::Operator
                | Role::Balancer
                | Role::Metrics
                | Role::ApiServer(_)
                | Role::Kubelet(_)
                | Role::Runtime(_)
                | Role::Proxy(_)
                | Role::Traffic(_),
            )
            | None => {}
        }
    }

    /// Grows with everything that may change the answer to a question.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Takes one note in.
    fn take(&mut self, noted: &Noted<Note>) {
        self.invariants.note(noted);
        self.metrics.note(noted);
        self.tape.note(noted);
        self.changes += u64::from(matters(&noted.note));
        if let Note::Kernel(KernelNote::Crashed(slot)) = &noted.note {
            self.crashed(noted.at, *slot);
        }
        if let Note::Applied(applied) = &noted.note {
            for change in self.model.apply(noted.at, applied) {
                self.invariants.change(noted.at, &change, &self.model);
                self.metrics.change(noted.at, &change);
                self.facts.change(noted, &change, &self.directory);
            }
        } else {
            self.facts.note(noted, &self.directory);
        }
    }
}

impl Observer<Cluster> for Observation {
    fn before(&mut self, event: &Event<Msg>) {
        self.facts.delivery(event);
        self.tape.before(event);
    }

    fn after(&mut self, _world: &Cluster, notes: &mut Vec<Noted<Note>>) {
        for noted in notes.iter() {
            self.take(noted);
        }
        notes.clear();
    }
}

/// Whether a note may change what is true: calls and most of Raft's steps do not.
fn matters(note: &Note) -> bool {
    match note {
        Note::Raft(raft) => matches!(raft, RaftNote::Role { .. }),
        Note::Applied(_)
        | Note::Kernel(_)
        | Note::Leading { .. }
        | Note::Fault { .. }
        | Note::Request(_) => true,
        Note::Call(_)
        | Note::Decision(_)
        | Note::Rules { .. }
        | Note::Operator { .. }
        | Note::Bookmark(_)
        | Note::Because(_) => false,
    }
}
