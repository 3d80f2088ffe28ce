//! The member actor: it drives Raft with the kernel's timers, a disk and a store.
//!
//! ```text
//!   clients ──▶ requests ──▶ raft::Node ──▶ ready: disk (fsync), peers ──▶ apply: store ──▶ watches
//!                  │  reads ──▶ ReadIndex ─────────────┘                       │
//!                  ◀───────────────────────── answers ─────────────────────────┘
//! ```
//! Only the [`Disk`] and the store's file survive a crash; everything else is forgotten, waiting
//! clients included.
//!
//! Simplified: applying takes no time of its own; members are known from the start and for ever;
//! a connection that broke is noticed only by silence, so the error "possibly due to connection
//! lost" is never given. Raft ids are 1, 2, 3 …, not hashes.
//!
//! Source: etcd-io/etcd:server/etcdserver/server.go, raft.go, v3_server.go.

mod apply;
mod forward;
mod operate;
mod peers;
mod reads;
mod requests;

use std::sync::Arc;

use crate::etcd::config::EtcdConfig;
use crate::etcd::disk::Disk;
use crate::etcd::store::Store;
use crate::etcd::watch::{Outgoing, PROGRESS_REPORT_INTERVAL, WatchHub};
use crate::kernel::{Dist, Purpose, SimTime, Slot, Span, Start};
use crate::raft::{Node, NodeId, Role, VoterSet};
use crate::wire::Cx;
use crate::wire::apiserver::ApiServerIn;
use crate::wire::etcd::{
    Command, EtcdIn, EtcdReply, EtcdResult, EtcdTimer, Image, PeerMessage, WatchRequest,
};

use forward::Forwards;
use reads::Reads;
use requests::Requests;

/// The randomised election time-outs.
const ELECTION: Purpose = Purpose::named("etcd.election");
/// The durations of fsyncs.
const FSYNC: Purpose = Purpose::named("etcd.fsync");
/// When a member's ticks fall.
const PHASE: Purpose = Purpose::named("etcd.phase");

/// One member of an etcd cluster.
#[derive(Debug, Clone)]
pub struct Member {
    config: EtcdConfig,
    id: NodeId,
    /// Where the members live; Raft id 1 comes first.
    peers: Arc<[Slot]>,
    disk: Disk,
    store: Store,
    node: Node<Arc<Command>, Image>,
    requests: Requests,
    reads: Reads,
    forwards: Forwards,
    hub: WatchHub<Slot>,
    /// What clients said before the member was ready to serve; nothing is kept afterwards.
    lobby: Option<Vec<(Slot, EtcdIn)>>,
    /// The leader that was known when anybody last looked.
    leader: Option<NodeId>,
    /// When this member last became leader.
    lead_since: SimTime,
    /// Whether the timer that looks for ended leases runs.
    lease_timer: bool,
}

impl Member {
    /// A new member, the `place`-th (from 0) of those that live at `peers`.
    ///
    /// Panics when `place` is not one of them or the settings contradict each other.
    #[must_use]
    pub fn new(config: EtcdConfig, peers: Arc<[Slot]>, place: usize) -> Self {
        assert!(place < peers.len(), "a member is one of the members");
        let id = NodeId(place as u64 + 1);
        let voters = VoterSet::new((1..=peers.len() as u64).map(NodeId));
        let disk = Disk::new(voters, config.fsync);
        let store = Store::new(config.store);
        let node = boot(&config, id, &disk);
        Member {
            id,
            peers,
            disk,
            store,
            node,
            requests: Requests::default(),
            reads: Reads::default(),
            forwards: Forwards::default(),
            hub: WatchHub::default(),
            lobby: Some(Vec::new()),
            leader: None,
            lead_since: SimTime::ZERO,
            lease_timer: false,
            config,
        }
    }

    /// The process starts, at first or again.
    pub fn start(&mut self, cx: &mut Cx<'_>, start: Start) {
        if start == Start::Restart {
            self.crash();
        }
        self.requests.begin(self.id, cx.now());
        let interval = self.config.heartbeat_interval;
        let phase = Dist::Uniform { low: Span::ZERO, high: interval };
        let phase = phase.draw(cx.chance(PHASE));
        cx.after(phase, timer(EtcdTimer::Tick));
        cx.after(PROGRESS_REPORT_INTERVAL, timer(EtcdTimer::WatchProgress));
        cx.after(self.config.wait_cluster_ready_timeout, timer(EtcdTimer::ServeAnyway));
        self.advance_first_ticks(cx);
        self.begin_batch(cx);
        self.drive(cx);
    }

    /// The process dies: what is not on the disk is forgotten.
    pub fn crash(&mut self) {
        self.disk.crash();
        self.store.lessor_mut().demote();
        self.node = boot(&self.config, self.id, &self.disk);
        self.requests = Requests::default();
        self.reads = Reads::default();
        self.forwards = Forwards::default();
        self.hub = WatchHub::default();
        self.lobby = Some(Vec::new());
        self.leader = None;
        self.lease_timer = false;
    }

    /// Handles one message.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, message: EtcdIn) {
        if let Some(lobby) = &mut self.lobby
            && matches!(message, EtcdIn::Client { .. } | EtcdIn::Watch(_))
        {
            return lobby.push((from, message));
        }
        self.take(cx, from, message);
        self.drive(cx);
    }

    fn take(&mut self, cx: &mut Cx<'_>, from: Slot, message: EtcdIn) {
        match message {
            EtcdIn::Client { id, request } => self.request(cx, (from, id), *request),
            EtcdIn::Watch(request) => self.watch(cx, from, *request),
            EtcdIn::Peer(message) => self.node.step(*message),
            EtcdIn::Forward { id, request } => self.answer_forward(cx, (from, id), &request),
            EtcdIn::Forwarded { id, result } => self.take_forwarded(cx, id, *result),
            EtcdIn::PeerRefused => self.peer_refused(from),
            EtcdIn::Timer(timer) => self.ring(cx, timer),
        }
    }

    /// Lets the clients in that came too early.
    ///
    /// A member that starts first makes itself known to its cluster, which takes a leader and a
    /// majority; until then its clients wait.
    /// Simplified: it reads (ReadIndex) where the real one writes its name and addresses.
    /// Source: etcd-io/etcd:server/embed/serve.go, `serve`; server/etcdserver/server.go,
    /// `publishV3`.
    fn serve(&mut self, cx: &mut Cx<'_>) {
        for (from, message) in self.lobby.take().unwrap_or_default() {
            self.take(cx, from, message);
        }
    }

    fn ring(&mut self, cx: &mut Cx<'_>, ring: EtcdTimer) {
        match ring {
            EtcdTimer::Tick => {
                cx.after(self.config.heartbeat_interval, timer(EtcdTimer::Tick));
                self.tick(cx);
                self.send_forwards(cx);
            }
            EtcdTimer::Synced => self.synced(cx),
            EtcdTimer::Requests => self.expire_requests(cx),
            EtcdTimer::ReadRetry(number) => self.retry_read(cx, number),
            EtcdTimer::Leases => self.end_leases(cx),
            EtcdTimer::WatchProgress => {
                cx.after(PROGRESS_REPORT_INTERVAL, timer(EtcdTimer::WatchProgress));
                let out = self.hub.report_progress(&self.store);
                send_watch(cx, &mut self.hub, out);
            }
            EtcdTimer::ServeAnyway => self.serve(cx),
            EtcdTimer::Snapshot(to) => self.snapshot_overdue(NodeId(to)),
        }
    }

    fn tick(&mut self, cx: &mut Cx<'_>) {
        self.node.tick(|bound| {
            let drawn = cx.chance(ELECTION).below(u64::from(bound));
            u32::try_from(drawn).expect("a draw is below its bound")
        });
    }

    /// A member that starts need not wait its whole first time-out: the leader, if there is one,
    /// speaks within a tick, and two are left to hear it. A lone member waits for nobody.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/server.go, `adjustTicks`.
    fn advance_first_ticks(&mut self, cx: &mut Cx<'_>) {
        if self.config.initial_election_tick_advance {
            let left = if self.peers.len() == 1 { 1 } else { 2 };
            for _ in left..self.config.election_ticks() {
                self.tick(cx);
            }
        }
    }

    fn watch(&mut self, cx: &mut Cx<'_>, client: Slot, request: WatchRequest) {
        let out = match request {
            WatchRequest::Create(wish) => self.hub.create(&self.store, client, wish),
            WatchRequest::Cancel(id) => self.hub.cancel(&self.store, client, id),
            WatchRequest::Progress => self.hub.progress(&self.store, client),
            WatchRequest::CloseStream => {
                self.hub.close(client);
                Vec::new()
            }
        };
        send_watch(cx, &mut self.hub, out);
    }

    /// Answers a client, in the name of this member.
    fn reply(&self, cx: &mut Cx<'_>, (client, id): (Slot, u64), mut result: EtcdResult) {
        if let Ok(response) = &mut result {
            let header = response.header_mut();
            header.member_id = self.id.0;
            header.raft_term = self.node.term();
        }
        let reply = EtcdReply::Response { id, result: Box::new(result) };
        cx.stream(client, ApiServerIn::Etcd(reply));
    }

    fn is_leader(&self) -> bool {
        self.node.role() == Role::Leader
    }

    /// The Raft id of the member that lives at `slot`.
    fn peer_at(&self, slot: Slot) -> Option<NodeId> {
        let place = self.peers.iter().position(|peer| *peer == slot)?;
        Some(NodeId(place as u64 + 1))
    }

    /// Where the member with a Raft id lives.
    fn slot_of(&self, id: NodeId) -> Option<Slot> {
        let place = usize::try_from(id.0.checked_sub(1)?).ok()?;
        self.peers.get(place).copied()
    }
}

/// What one may look at.
impl Member {
    /// Its Raft id.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// Its Raft node.
    #[must_use]
    pub fn node(&self) -> &Node<Arc<Command>, Image> {
        &self.node
    }

    /// Its store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Its disk.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Its disk, for the faults that strike it.
    pub fn disk_mut(&mut self) -> &mut Disk {
        &mut self.disk
    }

    /// Its settings.
    #[must_use]
    pub fn config(&self) -> &EtcdConfig {
        &self.config
    }

    /// How many requests wait for an answer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.requests.waiting() + self.reads.waiting() + self.forwards.waiting()
    }
}

fn boot(config: &EtcdConfig, id: NodeId, disk: &Disk) -> Node<Arc<Command>, Image> {
    Node::restart(config.raft(id), disk.log(), disk.consistent_index())
        .expect("the settings agree and the disk was written in order")
}

fn timer(timer: EtcdTimer) -> EtcdIn {
    EtcdIn::Timer(timer)
}

/// Sends what the hub hands out, each response with its place on its stream. Who speaks on a
/// stream that this life of the member does not know is refused, as TCP's reset would do it.
fn send_watch(cx: &mut Cx<'_>, hub: &mut WatchHub<Slot>, out: Outgoing<Slot>) {
    for (client, mut response) in out {
        let reply = match hub.next_place(client) {
            Some(place) => {
                Arc::make_mut(&mut response).place = place;
                EtcdReply::Watch(response)
            }
            None => EtcdReply::Refused,
        };
        cx.stream(client, ApiServerIn::Etcd(reply));
    }
}

fn peer(message: PeerMessage) -> EtcdIn {
    EtcdIn::Peer(Box::new(message))
}
