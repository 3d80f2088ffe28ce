//! A small stage for API servers: members of etcd, servers, the balancer, some clients.

use std::collections::VecDeque;
use std::sync::Arc;

use prova::api::Object;
use prova::apiserver::{ApiServer, Balancer, BalancerConfig, Config};
use prova::etcd::{EtcdConfig, Member};
use prova::kernel::{
    Cx, Dist, Event, LinkSpec, Links, Noted, Observer, Sim, SiteId, Slot, Span, Start, World,
};
use prova::wire::api::{
    ApiCall, ApiOk, ApiReply, ApiRequest, Scope, Status, WatchChange, WatchEvent, WatchStart,
};
use prova::wire::apiserver::ApiServerIn;
use prova::wire::balancer::BalancerIn;
use prova::wire::etcd::{EtcdIn, EtcdReply};
use prova::wire::{Msg, Note};

/// How many clients there are.
const CLIENTS: usize = 3;

/// All actors. Slots: members, then servers, then the balancer, then clients.
#[derive(Clone)]
pub(crate) struct Theatre {
    pub(crate) members: Vec<Member>,
    pub(crate) servers: Vec<ApiServer>,
    pub(crate) balancer: Balancer,
    /// The actor that each client talks to next.
    targets: Vec<Slot>,
    /// What each client has got, with the sender.
    pub(crate) mail: Vec<VecDeque<(Slot, ApiReply)>>,
}

impl Theatre {
    fn first_server(&self) -> usize {
        self.members.len()
    }

    fn balancer_place(&self) -> usize {
        self.members.len() + self.servers.len()
    }

    pub(crate) fn server_slot(&self, place: usize) -> Slot {
        slot(self.first_server() + place)
    }

    pub(crate) fn balancer_slot(&self) -> Slot {
        slot(self.balancer_place())
    }

    pub(crate) fn client_slot(&self, place: usize) -> Slot {
        slot(self.balancer_place() + 1 + place)
    }
}

fn slot(place: usize) -> Slot {
    Slot(u32::try_from(place).expect("few actors"))
}

impl World for Theatre {
    type Msg = Msg;
    type Note = Note;

    fn deliver(&mut self, cx: &mut Cx<'_, Msg, Note>, event: Event<Msg>) {
        let (place, from) = (event.to.slot.index(), event.from.slot);
        let (servers, balancer) = (self.first_server(), self.balancer_place());
        if place > balancer {
            let client = place - balancer - 1;
            if let Msg::Api(reply) = event.msg {
                self.mail[client].push_back((from, reply));
            } else {
                // What the test wishes to say; the client says it.
                cx.stream(self.targets[client], event.msg);
            }
        } else if let Msg::Etcd(message) = event.msg {
            self.members[place].handle(cx, from, message);
        } else if let Msg::ApiServer(message) = event.msg {
            self.servers[place - servers].handle(cx, from, message);
        } else if let Msg::Balancer(message) = event.msg {
            self.balancer.handle(cx, from, message);
        }
    }

    fn start(&mut self, cx: &mut Cx<'_, Msg, Note>, slot: Slot, start: Start) {
        let (place, servers) = (slot.index(), self.first_server());
        if let Some(member) = self.members.get_mut(place) {
            member.start(cx, start);
        } else if let Some(server) = self.servers.get_mut(place - servers) {
            server.start(cx, start);
        } else if place == self.balancer_place() {
            self.balancer.start(cx, start);
        }
    }

    fn crash(&mut self, slot: Slot) {
        let (place, servers) = (slot.index(), self.first_server());
        if let Some(member) = self.members.get_mut(place) {
            member.crash();
        } else if let Some(server) = self.servers.get_mut(place - servers) {
            server.crash();
        }
    }

    /// The network of the dead process's host answers.
    fn refused(&mut self, cx: &mut Cx<'_, Msg, Note>, event: &Event<Msg>) {
        let (from, dead) = (event.from.slot, event.to.slot);
        let answer: Msg = match &event.msg {
            Msg::Etcd(EtcdIn::Client { .. } | EtcdIn::Watch(_)) => {
                ApiServerIn::Etcd(EtcdReply::Refused).into()
            }
            Msg::Etcd(_) => EtcdIn::PeerRefused.into(),
            Msg::ApiServer(ApiServerIn::Healthz) => BalancerIn::Refused(dead).into(),
            Msg::ApiServer(ApiServerIn::Etcd(_) | ApiServerIn::Timer(_)) => return,
            Msg::ApiServer(_) => Msg::Api(ApiReply::Refused(dead)),
            Msg::Api(_) => ApiServerIn::Refused(dead).into(),
            _ => return,
        };
        cx.stream(from, answer);
    }
}

/// Keeps the notes that a test wants to look at.
#[derive(Default)]
pub(crate) struct Ears(pub(crate) Vec<Noted<Note>>);

impl Observer<Theatre> for Ears {
    fn before(&mut self, _event: &Event<Msg>) {}
    fn after(&mut self, _world: &Theatre, notes: &mut Vec<Noted<Note>>) {
        let calls = |noted: &Noted<Note>| matches!(noted.note, Note::Call(_));
        self.0.extend(notes.drain(..).filter(calls));
    }
}

/// The stage.
pub(crate) struct Stage {
    pub(crate) sim: Sim<Theatre>,
    pub(crate) ears: Ears,
    pub(crate) sites: Vec<SiteId>,
    next_call: u64,
}

impl Stage {
    /// So many members and servers, clean links, disks that take 3 ms.
    pub(crate) fn new(members: usize, servers: usize, config: &Config) -> Self {
        let etcd = EtcdConfig { fsync: Dist::Constant(Span::millis(3)), ..EtcdConfig::default() };
        let peers: Arc<[Slot]> = (0..members).map(slot).collect();
        let server_slots: Vec<Slot> = (0..servers).map(|place| slot(members + place)).collect();
        // Each server prefers a member of its own.
        let order = |place: usize| {
            (0..members).map(|step| peers[(place + step) % members]).collect::<Vec<_>>()
        };
        let theatre = Theatre {
            members: (0..members)
                .map(|place| Member::new(etcd.clone(), peers.clone(), place))
                .collect(),
            servers: (0..servers)
                .map(|place| ApiServer::new(config.clone(), order(place)))
                .collect(),
            balancer: Balancer::new(BalancerConfig::default(), &server_slots),
            targets: vec![Slot::OUTSIDE; CLIENTS],
            mail: vec![VecDeque::new(); CLIENTS],
        };
        let actors = members + servers + 1 + CLIENTS;
        let mut links = Links::default();
        let zone = links.add_site(None);
        let cable = LinkSpec::clean(Span::micros(250), Span::ZERO);
        let sites: Vec<SiteId> = (0..actors).map(|_| links.add_site(Some((zone, cable)))).collect();
        for (place, site) in sites.iter().enumerate() {
            links.place(slot(place), *site);
        }
        let mut sim = Sim::new(theatre, actors, links, 1);
        sim.observe(prova::kernel::Detail::Full);
        sim.boot();
        Stage { sim, ears: Ears::default(), sites, next_call: 1 }
    }

    /// Plays until every server is healthy.
    pub(crate) fn settle(&mut self) {
        for _ in 0..400 {
            self.run(Span::millis(50));
            if self.sim.world().servers.iter().all(prova::apiserver::ApiServer::is_ready) {
                return self.run(Span::secs(1));
            }
        }
        panic!("the servers become healthy");
    }

    pub(crate) fn run(&mut self, span: Span) {
        let until = self.sim.now() + span;
        self.sim.run_until(until, &mut self.ears);
    }

    /// Plays on while a client keeps its connection to the first server alive.
    pub(crate) fn stay(&mut self, client: usize, span: Span) {
        let (end, server) = (self.sim.now() + span, self.sim.world().server_slot(0));
        while self.sim.now() < end {
            self.say(client, server, ApiServerIn::Ping);
            self.run(Span::mins(1).min(end.since(self.sim.now())));
        }
    }

    /// A client says something to an actor.
    pub(crate) fn say(&mut self, client: usize, to: Slot, msg: impl Into<Msg>) {
        let speaker = self.sim.world().client_slot(client);
        self.sim.world_mut().targets[client] = to;
        self.sim.inject(speaker, msg);
        self.run(Span::ZERO);
    }

    /// A client connects to a server.
    pub(crate) fn open(&mut self, client: usize, server: usize) {
        let to = self.sim.world().server_slot(server);
        self.say(client, to, ApiServerIn::Open);
        let opened = self.wait(client, |_, reply| matches!(reply, ApiReply::Opened).then_some(()));
        assert!(opened.is_some(), "a server opens a connection");
    }

    /// Sends a call; its number.
    pub(crate) fn send(
        &mut self,
        (client, server): (usize, usize),
        user: &str,
        call: ApiCall,
    ) -> u64 {
        let id = self.next_call;
        self.next_call += 1;
        let to = self.sim.world().server_slot(server);
        let request = ApiRequest { id, user: user.into(), call };
        self.say(client, to, ApiServerIn::Request(Box::new(request)));
        id
    }

    /// Sends a call and waits up to a minute for its answer.
    pub(crate) fn call(
        &mut self,
        (client, server): (usize, usize),
        user: &str,
        call: ApiCall,
    ) -> Option<Result<ApiOk, Status>> {
        let id = self.send((client, server), user, call);
        self.wait(client, |_, reply| match reply {
            ApiReply::Response(response) if response.id == id => Some(response.result.clone()),
            _ => None,
        })
    }

    /// Plays until the client has got what `want` recognises; takes it out.
    pub(crate) fn wait<T>(
        &mut self,
        client: usize,
        want: impl Fn(Slot, &ApiReply) -> Option<T>,
    ) -> Option<T> {
        let end = self.sim.now() + Span::secs(70);
        while self.sim.now() < end {
            let mail = &mut self.sim.world_mut().mail[client];
            let found = mail
                .iter()
                .enumerate()
                .find_map(|(place, (from, reply))| want(*from, reply).map(|it| (place, it)));
            if let Some((place, it)) = found {
                mail.remove(place);
                return Some(it);
            }
            if !self.sim.step(&mut self.ears) {
                return None;
            }
        }
        None
    }

    /// A client watches.
    pub(crate) fn watch(
        &mut self,
        (client, server): (usize, usize),
        user: &str,
        (watch, kind, from): (u32, prova::api::Kind, u64),
        scope: Scope,
    ) {
        let to = self.sim.world().server_slot(server);
        let start = WatchStart { watch, user: user.into(), kind, scope, from };
        self.say(client, to, ApiServerIn::Watch(Box::new(start)));
        self.run(Span::millis(20));
    }

    /// What a client has heard on its watches.
    pub(crate) fn heard(&mut self, client: usize) -> Vec<WatchEvent> {
        let mail = &mut self.sim.world_mut().mail[client];
        let all = std::mem::take(mail);
        let mut heard = Vec::new();
        for (from, reply) in all {
            if let ApiReply::Watch(event) = reply {
                heard.push(event)
            } else {
                mail.push_back((from, reply))
            }
        }
        heard
    }
}

/// One change in a line.
pub(crate) fn describe(change: &WatchChange) -> String {
    let object = |word: &str, object: &Object| {
        let meta = object.meta();
        format!("{word} {} {} v={}", object.kind(), object.key(), meta.resource_version)
    };
    match change {
        WatchChange::Added(it) => object("ADDED", it),
        WatchChange::Modified(it) => object("MODIFIED", it),
        WatchChange::Deleted(it) => object("DELETED", it),
        WatchChange::Bookmark(version) => format!("BOOKMARK v={version}"),
        WatchChange::Expired => "EXPIRED".to_owned(),
        WatchChange::Closed => "CLOSED".to_owned(),
    }
}
