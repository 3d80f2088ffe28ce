//! The loop: earliest event out, clock forward, digest on, deliver. And life and death.

use super::actor::{ActorId, Event, EventId, KernelNote, LostWhy, Message, Noted, Slot};
use super::chance::Chance;
use super::cx::{Core, Cx, Detail, Living};
use super::digest::Digest;
use super::links::Links;
use super::queue::Queue;
use super::time::{SimTime, Span};

/// What plays on the stage: all actors and the routing between them.
pub trait World: Clone {
    /// The closed sum of all messages.
    type Msg: Message;
    /// The closed sum of all facts for observers.
    type Note: Clone + std::fmt::Debug + From<KernelNote>;

    /// Hands `event` to the actor it is for.
    fn deliver(&mut self, cx: &mut Cx<'_, Self::Msg, Self::Note>, event: Event<Self::Msg>);

    /// An actor begins a life: at the start of the run, or after a crash.
    fn start(&mut self, cx: &mut Cx<'_, Self::Msg, Self::Note>, slot: Slot, start: Start);

    /// An actor crashed: forget its volatile state. `slot` handles nothing until it restarts.
    fn crash(&mut self, slot: Slot);

    /// A message found its receiver dead: the world may answer as the host's network would.
    fn refused(&mut self, cx: &mut Cx<'_, Self::Msg, Self::Note>, event: &Event<Self::Msg>);
}

/// Why an actor begins a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The run begins.
    Boot,
    /// It crashed before; only what it keeps on disk is left.
    Restart,
}

/// Whether an actor can handle events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorState {
    /// It handles events.
    Running,
    /// Its events wait (a process under SIGSTOP, a machine that hangs).
    Paused,
    /// It is dead; its events are dropped.
    Crashed,
}

/// Somebody who watches deliveries; it sees, and cannot touch.
pub trait Observer<W: World> {
    /// Called before an event is handled.
    fn before(&mut self, event: &Event<W::Msg>);
    /// Called after it was handled, with the notes that were taken meanwhile.
    fn after(&mut self, world: &W, notes: &mut Vec<Noted<W::Note>>);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl<W: World> Observer<W> for Quiet {
    fn before(&mut self, _event: &Event<W::Msg>) {}
    fn after(&mut self, _world: &W, notes: &mut Vec<Noted<W::Note>>) {
        notes.clear();
    }
}

/// A whole run at one moment; a clone is a checkpoint.
#[derive(Clone, Debug)]
pub struct Sim<W: World> {
    core: Core<W::Msg, W::Note>,
    world: W,
}

impl<W: World> Sim<W> {
    /// A run of `world` with `actors` slots, all alive, nothing started yet.
    #[must_use]
    pub fn new(world: W, actors: usize, links: Links, seed: u64) -> Self {
        let born = || Living { life: 0, state: ActorState::Running, held: Vec::new() };
        let core = Core {
            now: SimTime::ZERO,
            queue: Queue::new(),
            last_id: 0,
            chance: Chance::new(seed),
            links,
            lives: (0..actors).map(|_| born()).collect(),
            digest: Digest::default(),
            delivered: 0,
            notes: Vec::new(),
            detail: Detail::Nothing,
        };
        Sim { core, world }
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.core.now
    }

    /// The actors, to look at.
    #[must_use]
    pub fn world(&self) -> &W {
        &self.world
    }

    /// The actors, for tests and for builders that finish the stage before the start.
    pub fn world_mut(&mut self) -> &mut W {
        &mut self.world
    }

    /// The network; faults change it.
    pub fn links_mut(&mut self) -> &mut Links {
        &mut self.core.links
    }

    /// The network, to look at.
    #[must_use]
    pub fn links(&self) -> &Links {
        &self.core.links
    }

    /// The fingerprint of everything that was delivered so far.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.core.digest
    }

    /// How many events were delivered so far.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.core.delivered
    }

    /// How many events are pending.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.core.queue.len()
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.core.chance.seed()
    }

    /// When the next event is due.
    #[must_use]
    pub fn next_at(&self) -> Option<SimTime> {
        self.core.queue.next_at()
    }

    /// The number of the last event that was sent.
    #[must_use]
    pub fn last_event(&self) -> EventId {
        EventId(self.core.last_id)
    }

    /// Which notes are taken; it changes nothing else.
    pub fn observe(&mut self, detail: Detail) {
        self.core.detail = detail;
    }

    /// The state of an actor.
    #[must_use]
    pub fn state(&self, slot: Slot) -> ActorState {
        self.core.state(slot)
    }

    /// Starts every actor, in the order of the slots.
    pub fn boot(&mut self) {
        for index in 0..self.core.lives.len() {
            let slot = Slot(u32::try_from(index).expect("fewer than 2^32 actors"));
            self.begin(slot, EventId::NONE, Start::Boot);
        }
    }

    /// Delivers the next event; false when nothing is pending.
    pub fn step(&mut self, observer: &mut impl Observer<W>) -> bool {
        let Some((at, event)) = self.core.queue.pop() else { return false };
        self.core.now = at;
        self.deliver(event, observer);
        true
    }

    /// Plays everything that is due up to `until`, then sets the clock there.
    pub fn run_until(&mut self, until: SimTime, observer: &mut impl Observer<W>) {
        while self.core.queue.next_at().is_some_and(|at| at <= until) {
            self.step(observer);
        }
        self.advance_to(until);
    }

    /// Moves the clock to `at` when nothing is due before it.
    pub fn advance_to(&mut self, at: SimTime) {
        let free = self.core.queue.next_at().is_none_or(|next| next >= at);
        if free && at > self.core.now {
            self.core.now = at;
        }
    }

    /// A message from outside, due at once. It is part of the run: it has a number and is
    /// in the digest.
    pub fn inject(&mut self, to: Slot, msg: impl Into<W::Msg>) -> EventId {
        self.inject_because(EventId::NONE, to, msg)
    }

    /// The same for a message that follows from an intervention.
    pub fn inject_because(&mut self, cause: EventId, to: Slot, msg: impl Into<W::Msg>) -> EventId {
        let outside = ActorId { slot: Slot::OUTSIDE, life: 0 };
        let to = self.core.address(to);
        self.core.push(self.core.now, cause, (outside, to), msg.into());
        EventId(self.core.last_id)
    }

    /// Kills an actor: its volatile state is gone, its pending messages are dropped.
    pub fn crash(&mut self, slot: Slot) {
        let event = self.intervene(slot, 1);
        let living = self.core.living(slot);
        if living.state == ActorState::Crashed {
            return;
        }
        living.state = ActorState::Crashed;
        living.life += 1;
        living.held.clear();
        self.world.crash(slot);
        self.core.kernel_note(event, KernelNote::Crashed(slot));
    }

    /// Begins a new life of a crashed actor.
    pub fn restart(&mut self, slot: Slot) {
        let event = self.intervene(slot, 2);
        if self.core.state(slot) != ActorState::Crashed {
            return;
        }
        self.core.living(slot).state = ActorState::Running;
        self.core.kernel_note(event, KernelNote::Restarted(slot));
        self.begin(slot, event, Start::Restart);
    }

    /// Stops an actor without killing it: what arrives meanwhile waits.
    pub fn pause(&mut self, slot: Slot) {
        let event = self.intervene(slot, 3);
        let living = self.core.living(slot);
        if living.state == ActorState::Running {
            living.state = ActorState::Paused;
            self.core.kernel_note(event, KernelNote::Paused(slot));
        }
    }

    /// Lets a paused actor go on; what waited is delivered now, in its old order.
    pub fn resume(&mut self, slot: Slot) {
        let event = self.intervene(slot, 4);
        if self.core.state(slot) != ActorState::Paused {
            return;
        }
        let now = self.core.now;
        let living = self.core.living(slot);
        living.state = ActorState::Running;
        let held = std::mem::take(&mut living.held);
        for mut waited in held {
            waited.at = now;
            self.core.queue.push(now, waited);
        }
        self.core.kernel_note(event, KernelNote::Resumed(slot));
    }

    /// Numbers an intervention from outside, so that its consequences can name it as their cause.
    pub fn intervene(&mut self, slot: Slot, kind: u64) -> EventId {
        self.core.last_id += 1;
        self.core.digest.fold(self.core.now.as_nanos());
        self.core.digest.fold(u64::from(slot.0) << 8 | kind);
        EventId(self.core.last_id)
    }

    /// Takes a note from outside (the plan's faults, a bookmark).
    pub fn note(&mut self, event: EventId, note: W::Note) {
        if self.core.detail != Detail::Nothing {
            let at = self.core.now;
            self.core.notes.push(Noted { at, event, actor: Slot::OUTSIDE, note });
        }
    }

    /// Hands the notes taken so far to `observer`.
    pub fn flush(&mut self, observer: &mut impl Observer<W>) {
        observer.after(&self.world, &mut self.core.notes);
    }

    fn begin(&mut self, slot: Slot, event: EventId, start: Start) {
        let me = self.core.address(slot);
        let mut cx = Cx { core: &mut self.core, me, event };
        self.world.start(&mut cx, slot, start);
    }

    fn deliver(&mut self, event: Event<W::Msg>, observer: &mut impl Observer<W>) {
        let to = event.to;
        let living = self.core.living(to.slot);
        if living.state == ActorState::Paused && living.life == to.life {
            let id = event.id;
            living.held.push(event);
            self.core.kernel_note(id, KernelNote::Held { event: id, to: to.slot });
            return;
        }
        let alive = living.state == ActorState::Running && living.life == to.life;
        self.core.delivered += 1;
        self.fold(&event, alive);
        observer.before(&event);
        if alive {
            let mut cx = Cx { core: &mut self.core, me: to, event: event.id };
            self.world.deliver(&mut cx, event);
        } else {
            self.drop_at_the_dead(&event);
        }
        if self.core.detail != Detail::Nothing {
            observer.after(&self.world, &mut self.core.notes);
        }
    }

    fn drop_at_the_dead(&mut self, event: &Event<W::Msg>) {
        if event.from == event.to {
            return; // a timer of an old life: nobody sent it, nobody misses it
        }
        let lost = KernelNote::Lost {
            event: event.id,
            from: event.from.slot,
            to: event.to.slot,
            why: LostWhy::Dead,
        };
        self.core.kernel_note(event.id, lost);
        let mut cx = Cx { core: &mut self.core, me: event.to, event: event.id };
        self.world.refused(&mut cx, event);
    }

    fn fold(&mut self, event: &Event<W::Msg>, alive: bool) {
        let digest = &mut self.core.digest;
        digest.fold(event.at.as_nanos());
        digest.fold(event.id.0 << 1 | u64::from(alive));
        digest.fold(u64::from(event.from.slot.0) << 32 | u64::from(event.to.slot.0));
        event.msg.digest(digest);
    }
}

impl<W: World> Sim<W> {
    /// Plays for `span`, unobserved; for tests and benchmarks.
    pub fn run_for(&mut self, span: Span) {
        let until = self.core.now + span;
        self.run_until(until, &mut Quiet);
    }
}
