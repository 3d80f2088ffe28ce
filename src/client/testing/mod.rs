//! A small stage for tests: a balancer, API servers over one shared store, and components.
//!
//! The servers keep the protocol (connections, watches with places, tallies, 410) and leave out
//! everything else: no admission, no etcd, no processing time. Tests of other rooms may use it
//! for a component alone: `Stage::new(servers, component, reply)`.

use std::collections::BTreeMap;

use crate::kernel::{
    Event, LinkSpec, Links, Noted, Observer, Sim, SiteId, Slot, Span, Start, World,
};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::Note;
use crate::wire::api::ApiReply;
use crate::wire::apiserver::{ApiServerIn, ApiServerTimer};
use crate::wire::balancer::BalancerIn;

mod server;
mod store;

pub use server::FakeServer;
pub use store::Store;

/// A component under test.
pub trait Component: Clone + std::fmt::Debug {
    /// Begins a life.
    fn start(&mut self, cx: &mut Cx<'_>, start: Start);
    /// Handles a message.
    fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: Msg);
    /// Forgets what a process forgets.
    fn crash(&mut self);
}

/// Slot of the balancer.
pub const BALANCER: Slot = Slot(0);

/// Everything on stage: balancer, servers, components, in this order of slots.
#[derive(Clone, Debug)]
pub struct Stage<C> {
    /// What all servers share, as they would share etcd.
    pub store: Store,
    /// The servers.
    pub servers: Vec<FakeServer>,
    /// The components.
    pub components: Vec<C>,
    /// How a reply is wrapped for a component.
    reply: fn(ApiReply) -> Msg,
    /// Servers the balancer takes for healthy.
    pub healthy: Vec<bool>,
    next: usize,
}

impl<C: Component> Stage<C> {
    /// A run with so many API servers and these components, each on a site of its own, 1 ms
    /// from each other; not booted yet.
    pub fn run(servers: usize, components: Vec<C>, reply: fn(ApiReply) -> Msg) -> Sim<Stage<C>> {
        let actors = 1 + servers + components.len();
        let mut links = Links::default();
        let root = links.add_site(None);
        for slot in 0..actors {
            let link = LinkSpec::clean(Span::micros(500), Span::ZERO);
            let site = links.add_site(Some((root, link)));
            links.place(Slot(u32::try_from(slot).unwrap()), site);
        }
        let stage = Stage {
            store: Store::default(),
            servers: (0..servers).map(|_| FakeServer::default()).collect(),
            components,
            reply,
            healthy: vec![true; servers],
            next: 0,
        };
        let mut sim = Sim::new(stage, actors, links, 7);
        sim.boot();
        sim
    }

    /// The slot of a server.
    #[must_use]
    pub fn server(index: usize) -> Slot {
        Slot(u32::try_from(1 + index).unwrap())
    }

    /// The slot of a component.
    #[must_use]
    pub fn component(&self, index: usize) -> Slot {
        Slot(u32::try_from(1 + self.servers.len() + index).unwrap())
    }

    fn refuse(&self, cx: &mut Cx<'_>, to: Slot, dead: Slot) {
        if to != Slot::OUTSIDE && to.index() > self.servers.len() {
            cx.stream(to, ApiReply::Refused(dead));
        }
    }

    fn balance(&mut self, cx: &mut Cx<'_>, from: Slot) {
        let count = self.servers.len();
        let next = self.next;
        let found = (0..count).map(|n| (next + n) % count).find(|n| self.healthy[*n]);
        self.next = found.map_or(next, |found| found + 1);
        cx.stream(from, ApiReply::Connected(found.map(Stage::<C>::server)));
    }
}

impl<C: Component> World for Stage<C> {
    type Msg = Msg;
    type Note = Note;

    fn deliver(&mut self, cx: &mut Cx<'_>, event: Event<Msg>) {
        let (me, from) = (event.to.slot.index(), event.from.slot);
        if let Some(component) = me.checked_sub(1 + self.servers.len()) {
            let msg = event.msg;
            let msg = if let Msg::Api(reply) = msg { (self.reply)(reply) } else { msg };
            self.components[component].handle(cx, from, msg);
        } else if let Msg::ApiServer(msg) = event.msg {
            if self.servers[me - 1].handle(cx, (from, msg), &mut self.store) {
                tell_servers(cx, self.servers.len());
            }
        } else if matches!(event.msg, Msg::Balancer(BalancerIn::Connect)) {
            self.balance(cx, from);
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>, slot: Slot, start: Start) {
        let first = 1 + self.servers.len();
        if slot.index() >= first {
            self.components[slot.index() - first].start(cx, start);
        } else if slot.index() > 0 {
            self.servers[slot.index() - 1] = FakeServer::caught_up(&self.store);
        }
    }

    fn crash(&mut self, slot: Slot) {
        let first = 1 + self.servers.len();
        if slot.index() >= first {
            self.components[slot.index() - first].crash();
        } else if slot.index() > 0 {
            self.servers[slot.index() - 1] = FakeServer::default();
        }
    }

    fn refused(&mut self, cx: &mut Cx<'_>, event: &Event<Msg>) {
        self.refuse(cx, event.from.slot, event.to.slot);
    }
}

/// Something was written: every server looks at the store.
fn tell_servers(cx: &mut Cx<'_>, servers: usize) {
    for index in 0..servers {
        let slot = Slot(u32::try_from(1 + index).unwrap());
        cx.hand_over(slot, Span::ZERO, ApiServerIn::Timer(ApiServerTimer::Housekeeping));
    }
}

/// Writes into the store from outside and lets the servers know.
pub fn write<C: Component>(sim: &mut Sim<Stage<C>>, change: impl FnOnce(&mut Store)) {
    change(&mut sim.world_mut().store);
    for index in 0..sim.world().servers.len() {
        let look = ApiServerIn::Timer(ApiServerTimer::Housekeeping);
        sim.inject(Stage::<C>::server(index), look);
    }
}

/// Cuts a component off from balancer and servers, both ways.
pub fn cut_off<C: Component>(sim: &mut Sim<Stage<C>>, component: usize) {
    let slot = sim.world().component(component);
    let servers = sim.world().servers.len();
    let links = sim.links_mut();
    let there: Vec<SiteId> =
        (0..=servers).map(|n| links.site_of(Slot(u32::try_from(n).unwrap()))).collect();
    let here = links.site_of(slot);
    links.cut(&[here], &there, true);
}

/// How often each label was delivered; for tests that count messages.
#[derive(Clone, Debug, Default)]
pub struct Counts(pub BTreeMap<&'static str, usize>);

impl<C: Component> Observer<Stage<C>> for Counts {
    fn before(&mut self, event: &Event<Msg>) {
        *self.0.entry(event.msg.label()).or_default() += 1;
    }

    fn after(&mut self, _: &Stage<C>, notes: &mut Vec<Noted<Note>>) {
        notes.clear();
    }
}
