//! A small stage for etcd alone: some members, one client, clean links.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use prova::etcd::{EtcdConfig, Member};
use prova::kernel::{
    Cx, Dist, Event, LinkSpec, Links, Noted, Observer, Sim, SimTime, SiteId, Slot, Span, Start,
    World,
};
use prova::raft::Role;
use prova::wire::apiserver::ApiServerIn;
use prova::wire::etcd::{EtcdIn, EtcdReply, EtcdRequest, EtcdResult, WatchRequest, WatchResponse};
use prova::wire::{Msg, Note};

/// Members, and a client that may talk to any of them.
#[derive(Clone)]
pub(crate) struct Theatre {
    pub(crate) members: Vec<Member>,
    /// The member that the client talks to next.
    target: Slot,
    /// How often it has spoken.
    spoken: u64,
    answers: BTreeMap<u64, (SimTime, EtcdResult)>,
    stream: VecDeque<Arc<WatchResponse>>,
}

impl Theatre {
    fn client(&self) -> Slot {
        Slot(u32::try_from(self.members.len()).expect("few members"))
    }
}

impl World for Theatre {
    type Msg = Msg;
    type Note = Note;

    fn deliver(&mut self, cx: &mut Cx<'_, Msg, Note>, event: Event<Msg>) {
        let to = event.to.slot;
        let is_client = to == self.client();
        if let Msg::Etcd(message) = event.msg {
            if is_client {
                // What the test wishes to say; the client says it.
                cx.stream(self.target, message);
                self.spoken += 1;
            } else {
                self.members[to.index()].handle(cx, event.from.slot, message);
            }
        } else if let Msg::ApiServer(ApiServerIn::Etcd(reply)) = event.msg {
            match reply {
                EtcdReply::Response { id, result } => {
                    self.answers.insert(id, (cx.now(), *result));
                }
                EtcdReply::Watch(response) => self.stream.push_back(response),
                EtcdReply::Refused => {}
            }
        }
    }

    fn start(&mut self, cx: &mut Cx<'_, Msg, Note>, slot: Slot, start: Start) {
        if let Some(member) = self.members.get_mut(slot.index()) {
            member.start(cx, start);
        }
    }

    fn crash(&mut self, slot: Slot) {
        if let Some(member) = self.members.get_mut(slot.index()) {
            member.crash();
        }
    }

    fn refused(&mut self, cx: &mut Cx<'_, Msg, Note>, event: &Event<Msg>) {
        if matches!(event.msg, Msg::Etcd(EtcdIn::Peer(_))) {
            cx.stream(event.from.slot, EtcdIn::PeerRefused);
        }
    }
}

/// The stage.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) sim: Sim<Theatre>,
    sites: Vec<SiteId>,
    next: u64,
}

/// Keeps nothing but may look at every note.
struct Listener<'a>(&'a mut dyn FnMut(&Noted<Note>));

impl Observer<Theatre> for Listener<'_> {
    fn before(&mut self, _event: &Event<Msg>) {}
    fn after(&mut self, _world: &Theatre, notes: &mut Vec<Noted<Note>>) {
        notes.drain(..).for_each(|note| (self.0)(&note));
    }
}

impl Stage {
    /// Members on hosts that are half a millisecond apart, with disks that all take 3 ms.
    pub(crate) fn new(members: usize, config: EtcdConfig, seed: u64) -> Self {
        let config = EtcdConfig { fsync: Dist::Constant(Span::millis(3)), ..config };
        let count = u32::try_from(members).expect("few members");
        let peers: Arc<[Slot]> = (0..count).map(Slot).collect();
        let mut links = Links::default();
        let zone = links.add_site(None);
        let cable = LinkSpec::clean(Span::micros(250), Span::ZERO);
        let sites: Vec<SiteId> =
            (0..=members).map(|_| links.add_site(Some((zone, cable)))).collect();
        for (slot, site) in (0..).zip(&sites) {
            links.place(Slot(slot), *site);
        }
        let theatre = Theatre {
            members: (0..members)
                .map(|place| Member::new(config.clone(), peers.clone(), place))
                .collect(),
            target: Slot(0),
            spoken: 0,
            answers: BTreeMap::new(),
            stream: VecDeque::new(),
        };
        let mut sim = Sim::new(theatre, members + 1, links, seed);
        sim.observe(prova::kernel::Detail::Full);
        sim.boot();
        Stage { sim, sites, next: 0 }
    }

    pub(crate) fn member(&self, place: usize) -> &Member {
        &self.sim.world().members[place]
    }

    /// The place of the leader with the highest term, if any member that is up leads.
    pub(crate) fn leader(&self) -> Option<usize> {
        let leads = |place: &usize| self.member(*place).node().role() == Role::Leader;
        let places = 0..self.sim.world().members.len();
        places.filter(leads).max_by_key(|place| self.member(*place).node().term())
    }

    /// Plays until there is a leader that has applied something of its own term.
    pub(crate) fn settle(&mut self) {
        for _ in 0..600 {
            self.run(Span::millis(50), &mut |_| {});
            let ready = |place: usize| self.member(place).store().lessor().is_primary();
            if self.leader().is_some_and(ready) {
                self.run(Span::millis(250), &mut |_| {});
                return;
            }
        }
    }

    pub(crate) fn run(&mut self, span: Span, hear: &mut dyn FnMut(&Noted<Note>)) {
        let until = self.sim.now() + span;
        self.sim.run_until(until, &mut Listener(hear));
    }

    /// Says something to a member.
    fn tell(&mut self, place: usize, message: EtcdIn) {
        self.sim.world_mut().target = Slot(u32::try_from(place).expect("few members"));
        let client = self.sim.world().client();
        self.sim.inject(client, message);
        // The client must have spoken before the next word has another target.
        let spoken = self.sim.world().spoken;
        while self.sim.world().spoken == spoken {
            self.sim.step(&mut Listener(&mut |_| {}));
        }
    }

    /// Asks a member, and gives the number of the question.
    pub(crate) fn ask(&mut self, place: usize, request: EtcdRequest) -> u64 {
        self.next += 1;
        let id = self.next;
        self.tell(place, EtcdIn::Client { id, request: Box::new(request) });
        id
    }

    /// Speaks on the watch stream of a member.
    pub(crate) fn watch(&mut self, place: usize, request: WatchRequest) {
        self.tell(place, EtcdIn::Watch(Box::new(request)));
    }

    /// The answer to a question, and when it came.
    pub(crate) fn answer(&mut self, id: u64) -> Option<(SimTime, EtcdResult)> {
        self.sim.world_mut().answers.remove(&id)
    }

    /// Asks, and waits for the answer; tells how long that took.
    pub(crate) fn call(&mut self, place: usize, request: EtcdRequest) -> (Span, EtcdResult) {
        let asked = self.sim.now();
        let id = self.ask(place, request);
        loop {
            if let Some((at, result)) = self.answer(id) {
                return (at.since(asked), result);
            }
            assert!(self.sim.now().since(asked) < Span::secs(60), "a member answers in the end");
            self.sim.step(&mut Listener(&mut |_| {}));
        }
    }

    /// What has arrived on the watch stream.
    pub(crate) fn heard(&mut self) -> Vec<Arc<WatchResponse>> {
        self.sim.world_mut().stream.drain(..).collect()
    }

    /// Cuts some members off from all others; the client still reaches everybody.
    pub(crate) fn cut(&mut self, places: &[usize]) {
        let members = self.sim.world().members.len();
        let here: Vec<SiteId> = places.iter().map(|place| self.sites[*place]).collect();
        let there: Vec<SiteId> = (0..members)
            .filter(|place| !places.contains(place))
            .map(|place| self.sites[place])
            .collect();
        self.sim.links_mut().cut(&here, &there, true);
    }

    /// Joins everybody again.
    pub(crate) fn heal(&mut self) {
        self.sim.links_mut().heal_all();
    }
}
