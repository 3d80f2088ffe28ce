//! Who is on stage and what passes between them: addresses, lives, events, timers.
//!
//! Death is a number: an actor's address is its slot, and every crash gives the slot a new
//! *life*. A message carries the life it was sent to; when that life is over, the message is
//! dropped. So nobody ever has to search the queue for messages of the dead.

use std::fmt;

use super::Cx;
use super::digest::Digest;
use super::time::{SimTime, Span};

/// The place of an actor on the stage; it stays the same over crashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

impl Slot {
    /// The outside: scenario steps, faults, the person at the keyboard.
    pub const OUTSIDE: Slot = Slot(u32::MAX);

    /// The slot as an index into a table of actors.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One life of one actor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorId {
    /// Which actor.
    pub slot: Slot,
    /// Which of its lives; the first is 0, every crash adds one.
    pub life: u32,
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.slot.0, self.life)
    }
}

/// The number of an event: its place in the order of sending.
///
/// It doubles as the name of a cause. Range: 1 ..; 0 means "nothing caused this".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u64);

impl EventId {
    /// No event: the beginning of a run.
    pub const NONE: EventId = EventId(0);
}

/// A message on its way, or a timer that will ring.
///
/// `(at, id)` is a total order: within one instant, first sent is first served.
#[derive(Clone, Debug)]
pub struct Event<M> {
    /// When it is delivered.
    pub at: SimTime,
    /// Its number.
    pub id: EventId,
    /// The event whose handling sent it.
    pub cause: EventId,
    /// Who sent it.
    pub from: ActorId,
    /// Whom it is for, in which life.
    pub to: ActorId,
    /// What it says.
    pub msg: M,
}

/// What a message must offer to the engine.
pub trait Message: Clone + fmt::Debug {
    /// Folds everything into `digest` that tells this message from another.
    fn digest(&self, digest: &mut Digest);
}

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostWhy {
    /// The life it was sent to is over.
    Dead,
    /// A partition lies between the two sites.
    Cut,
    /// The link lost it.
    Lossy,
}

/// What the engine itself tells the observers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelNote {
    /// A message was lost on the way or found nobody.
    Lost {
        /// The lost event.
        event: EventId,
        /// Who sent it.
        from: Slot,
        /// Whom it was for.
        to: Slot,
        /// Why.
        why: LostWhy,
    },
    /// A message waits because its receiver is paused.
    Held {
        /// The waiting event.
        event: EventId,
        /// The paused receiver.
        to: Slot,
    },
    /// An actor crashed; its volatile state is gone.
    Crashed(Slot),
    /// A crashed actor began a new life.
    Restarted(Slot),
    /// An actor stopped handling events, but keeps its state.
    Paused(Slot),
    /// A paused actor goes on.
    Resumed(Slot),
}

/// A fact for the observers, with its moment and its cause.
#[derive(Clone, Debug)]
pub struct Noted<N> {
    /// When it was noted.
    pub at: SimTime,
    /// The event that was being handled.
    pub event: EventId,
    /// The actor that noted it.
    pub actor: Slot,
    /// The fact.
    pub note: N,
}

/// The number on a timer; only the newest ticket of a [`Timer`] counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u32);

/// A timer that can be moved or stopped.
///
/// Arming sends a message to oneself that carries a ticket; when it arrives,
/// [`Timer::rings`] says whether the ticket is still the newest. Old ones are ignored, so the
/// queue never has to be searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timer {
    ticket: u32,
    armed: bool,
}

impl Timer {
    /// Rings after `span`; an earlier arming is forgotten.
    pub fn arm<M: Message, N: From<KernelNote>>(
        &mut self,
        cx: &mut Cx<'_, M, N>,
        span: Span,
        msg: impl FnOnce(Ticket) -> M,
    ) {
        self.ticket = self.ticket.wrapping_add(1);
        self.armed = true;
        cx.after(span, msg(Ticket(self.ticket)));
    }

    /// Forgets the arming, if there is one.
    pub fn stop(&mut self) {
        self.ticket = self.ticket.wrapping_add(1);
        self.armed = false;
    }

    /// Whether the timer is running.
    #[must_use]
    pub const fn armed(&self) -> bool {
        self.armed
    }

    /// Whether `ticket` is the newest one; the timer then is no longer armed.
    pub fn rings(&mut self, ticket: Ticket) -> bool {
        let rings = self.armed && self.ticket == ticket.0;
        if rings {
            self.armed = false;
        }
        rings
    }
}
