//! What a handler can reach: the moment, its own address, sending, timers, chance, notes.
//!
//! Nothing else is reachable, so a handler cannot touch another actor, a clock or a file.

use super::actor::{ActorId, Event, EventId, KernelNote, LostWhy, Message, Noted, Slot};
use super::chance::{Chance, Purpose, Stream};
use super::digest::Digest;
use super::links::{Links, Passage};
use super::queue::Queue;
use super::sim::ActorState;
use super::time::{SimTime, Span};

/// Everything of a run but the actors' own state.
#[derive(Clone, Debug)]
pub struct Core<M, N> {
    pub(super) now: SimTime,
    pub(super) queue: Queue<Event<M>>,
    pub(super) last_id: u64,
    pub(super) chance: Chance,
    pub(super) links: Links,
    pub(super) lives: Vec<Living<M>>,
    pub(super) digest: Digest,
    pub(super) delivered: u64,
    pub(super) notes: Vec<Noted<N>>,
    pub(super) detail: Detail,
}

/// How much the observers want to know. It changes nothing of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Nobody observes.
    #[default]
    Nothing,
    /// What a verdict needs: enough for a cluster of thousands of nodes.
    Brief,
    /// Everything.
    Full,
}

/// The engine's view of one actor.
#[derive(Clone, Debug)]
pub(super) struct Living<M> {
    pub(super) life: u32,
    pub(super) state: ActorState,
    /// Deliveries that wait for the end of a pause.
    pub(super) held: Vec<Event<M>>,
}

/// The hands of a handler while it handles one event.
#[derive(Debug)]
pub struct Cx<'a, M, N> {
    pub(super) core: &'a mut Core<M, N>,
    pub(super) me: ActorId,
    pub(super) event: EventId,
}

impl<M: Message, N: From<KernelNote>> Cx<'_, M, N> {
    /// The moment.
    #[inline]
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.core.now
    }

    /// The address of the actor that is handling.
    #[inline]
    #[must_use]
    pub fn me(&self) -> Slot {
        self.me.slot
    }

    /// The event that is being handled: the cause of everything sent now.
    #[inline]
    #[must_use]
    pub fn event(&self) -> EventId {
        self.event
    }

    /// Sends a datagram: it may be lost, doubled and overtaken, as the links say.
    pub fn send(&mut self, to: Slot, msg: impl Into<M>) {
        let passage = self.core.links.datagram(&mut self.core.chance, self.me.slot, to);
        self.dispatch(to, msg.into(), passage);
    }

    /// Sends on the ordered connection to `to`: only a partition loses it.
    pub fn stream(&mut self, to: Slot, msg: impl Into<M>) {
        let pair = (self.me.slot, to);
        let passage = self.core.links.stream(&mut self.core.chance, self.core.now, pair);
        self.dispatch(to, msg.into(), passage);
    }

    /// Sends to oneself after `span`, without any link: a timer.
    pub fn after(&mut self, span: Span, msg: impl Into<M>) {
        let at = self.core.now + span;
        self.core.push(at, self.event, (self.me, self.me), msg.into());
    }

    /// Sends to a process on the same host after `span`, without any link: a local hand-over.
    pub fn hand_over(&mut self, to: Slot, span: Span, msg: impl Into<M>) {
        let at = self.core.now + span;
        let to = self.core.address(to);
        self.core.push(at, self.event, (self.me, to), msg.into());
    }

    /// The random stream of this actor for `purpose`.
    pub fn chance(&mut self, purpose: Purpose) -> &mut Stream {
        self.core.chance.stream(self.me.slot, purpose)
    }

    /// Tells the observers a fact; the note is not even made when nobody observes.
    #[inline]
    pub fn note(&mut self, note: impl FnOnce() -> N) {
        if self.core.detail != Detail::Nothing {
            let noted =
                Noted { at: self.core.now, event: self.event, actor: self.me.slot, note: note() };
            self.core.notes.push(noted);
        }
    }

    /// Tells the observers a fact that is large or frequent: only those who want full detail.
    #[inline]
    pub fn note_in_detail(&mut self, note: impl FnOnce() -> N) {
        if self.core.detail == Detail::Full {
            self.note(note);
        }
    }

    /// Whether `slot` is up (neither crashed nor paused). Only the routing room may ask: a
    /// component learns of another's death by silence.
    #[must_use]
    pub fn is_up(&self, slot: Slot) -> bool {
        self.core.state(slot) == ActorState::Running
    }

    fn dispatch(&mut self, to: Slot, msg: M, passage: Passage) {
        let pair = (self.me, self.core.address(to));
        let now = self.core.now;
        match passage {
            Passage::Arrives(delay) => self.core.push(now + delay, self.event, pair, msg),
            Passage::Twice(first, second) => {
                self.core.push(now + first, self.event, pair, msg.clone());
                self.core.push(now + second, self.event, pair, msg);
            }
            Passage::Cut => self.core.lose(self.event, pair, LostWhy::Cut),
            Passage::Lost => self.core.lose(self.event, pair, LostWhy::Lossy),
        }
    }
}

impl<M: Message, N: From<KernelNote>> Core<M, N> {
    pub(super) fn push(
        &mut self,
        at: SimTime,
        cause: EventId,
        (from, to): (ActorId, ActorId),
        msg: M,
    ) {
        self.last_id += 1;
        let event = Event { at, id: EventId(self.last_id), cause, from, to, msg };
        self.queue.push(at, event);
    }

    /// A message that never gets into the queue still has a number, so that it can be named.
    fn lose(&mut self, cause: EventId, (from, to): (ActorId, ActorId), why: LostWhy) {
        self.last_id += 1;
        self.digest.fold(self.last_id);
        let event = EventId(self.last_id);
        self.kernel_note(cause, KernelNote::Lost { event, from: from.slot, to: to.slot, why });
    }

    /// Tells the observers a fact about the engine itself.
    pub(super) fn kernel_note(&mut self, event: EventId, note: KernelNote) {
        if self.detail != Detail::Nothing {
            self.notes.push(Noted { at: self.now, event, actor: Slot::OUTSIDE, note: note.into() });
        }
    }

    /// The address of whoever lives at `slot` now.
    pub(super) fn address(&self, slot: Slot) -> ActorId {
        let life = self.lives.get(slot.index()).map_or(0, |living| living.life);
        ActorId { slot, life }
    }

    pub(super) fn state(&self, slot: Slot) -> ActorState {
        self.lives.get(slot.index()).map_or(ActorState::Running, |living| living.state)
    }

    /// Makes room for `slot`.
    pub(super) fn living(&mut self, slot: Slot) -> &mut Living<M> {
        assert!(slot != Slot::OUTSIDE, "the outside does not live on the stage");
        while self.lives.len() <= slot.index() {
            let born = Living { life: 0, state: ActorState::Running, held: Vec::new() };
            self.lives.push(born);
        }
        &mut self.lives[slot.index()]
    }
}
