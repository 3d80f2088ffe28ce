//! The controller manager: everything that watches what is and changes it into what is wanted.
//!
//! One process with many controllers; each is one file (or folder) and knows nothing of the
//! others. They meet only in objects: the Deployment controller writes a ReplicaSet, the
//! ReplicaSet controller sees it and writes pods. Of several managers one works, the holder of the
//! Lease `kube-system/kube-controller-manager`; a manager that loses it ends at once and is
//! started again with an empty memory.
//!
//! | file | what lives there |
//! |---|---|
//! | `reconcile` | what a controller is, and the list of all of them |
//! | `runner` | the frame around one: queue, workers, limit of calls |
//! | `caches` | what all of them know |
//! | `causes` | why keys wait, for the observers |
//! | `config` | the flags |
//! | `claim` `expectations` | what several controllers need |
//! | `deployment` `replicaset` `garbage_collector` `pod_gc` `namespace` `node_lifecycle` `taint_eviction` `endpoint_slice` `hpa` | controllers |
//!
//! Floor: 3
//! Imports: kernel, api, wire, client

pub mod caches;
pub mod causes;
pub mod claim;
mod config;
pub mod deployment;
pub mod endpoint_slice;
pub mod expectations;
pub mod garbage_collector;
pub mod hpa;
pub mod namespace;
pub mod node_lifecycle;
pub mod pod_gc;
pub mod reconcile;
pub mod replicaset;
#[cfg(test)]
mod rig;
pub mod runner;
pub mod taint_eviction;

use std::sync::Arc;

use crate::api::reasons::NS_KUBE_SYSTEM;
use crate::api::{ObjectKey, Str, Time};
use crate::client::{
    Alarm, ApiClient, CallOptions, ClientConfig, EventRecorder, EventsConfig, Incoming,
    LeaderConfig, LeaderElector, Leadership, Told,
};
use crate::kernel::{EventId, Slot, Span, Start, Ticket, Timer};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::Note;
use crate::wire::api::ClientTimer;
use crate::wire::controllers::{ControllersIn, ControllersTimer};
use crate::wire::metrics::{MetricsIn, Usage};

use caches::{Caches, Change};
pub use config::{Config, SETTINGS};
use reconcile::{Answer, CONTROLLERS, Question, Said, View};
use runner::{Place, Run, SYNC_TIME};

/// The Lease that the working manager holds.
const LEASE: Str = arcstr::literal!("kube-controller-manager");
/// As whom the manager calls. Simplified: upstream's controllers each have a service account.
const USER: Str = arcstr::literal!("system:kube-controller-manager");
/// How long until a manager that ended itself is started again.
///
/// Simplified: the kubelet starts the static pod's container again when it next looks, and later
/// and later when that happens often.
const RESTART_TIME: Span = Span::secs(2);

/// Which call: the controller, and its worker and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag {
    controller: u8,
    place: Place,
}

/// The controller manager's process.
#[derive(Clone, Debug)]
pub struct ControllerManager {
    config: Config,
    client: ApiClient<Tag>,
    elector: LeaderElector,
    /// One for each controller, since each tells its Events in its own name.
    recorders: Vec<EventRecorder>,
    caches: Caches,
    runners: Vec<Box<dyn Run>>,
    ticks: Vec<Timer>,
    wake: Alarm,
    restart: Timer,
    works: bool,
    metrics: Option<Slot>,
}

impl ControllerManager {
    /// A manager that reaches the API servers through `balancer`. `identity` tells it from the
    /// other candidates; upstream: the host's name and a random number.
    #[must_use]
    pub fn new(config: Config, balancer: Slot, identity: Str) -> Self {
        let limits = (config.kube_api_qps, config.kube_api_burst);
        let client = ClientConfig::new(USER).limited_to(limits.0, limits.1);
        let lease = LeaderConfig {
            lease: ObjectKey { namespace: NS_KUBE_SYSTEM, name: LEASE },
            identity,
            lease_duration: config.leader_elect_lease_duration,
            renew_deadline: config.leader_elect_renew_deadline,
            retry_period: config.leader_elect_retry_period,
        };
        let runners: Vec<Box<dyn Run>> =
            CONTROLLERS.iter().map(|entry| (entry.make)(&config)).collect();
        let recorder = |(source, lane): (&'static str, u8)| {
            let events = EventsConfig::new(source, Str::new());
            EventRecorder::new(events.limited_to(limits.0, limits.1, 1)).in_lane(lane)
        };
        let sources = runners.iter().map(|runner| runner.event_source());
        ControllerManager {
            client: ApiClient::new(client, balancer, wrap),
            elector: LeaderElector::new(lease),
            recorders: sources.zip(0..).map(recorder).collect(),
            caches: Caches::new(),
            runners,
            ticks: vec![Timer::default(); CONTROLLERS.len()],
            wake: Alarm::default(),
            restart: Timer::default(),
            works: false,
            metrics: None,
            config,
        }
    }

    /// Asks this metrics server what pods use; without one, nothing can be scaled by its load.
    #[must_use]
    pub fn with_metrics(mut self, server: Option<Slot>) -> Self {
        self.metrics = server;
        self
    }

    /// Begins: connects, and fights for the Lease.
    pub fn start(&mut self, cx: &mut Cx<'_>, _start: Start) {
        self.client.start(cx);
        if self.config.leader_elect {
            self.elector.start(cx, &mut self.client);
        } else {
            self.caches.inform(cx, &mut self.client);
        }
        self.drain(cx);
    }

    /// Forgets everything: a controller manager keeps nothing on disk.
    pub fn crash(&mut self) {
        self.client.crash();
        self.elector.crash();
        self.recorders.iter_mut().for_each(EventRecorder::crash);
        self.caches.crash();
        self.runners = CONTROLLERS.iter().map(|entry| (entry.make)(&self.config)).collect();
        self.ticks.iter_mut().for_each(Timer::stop);
        self.wake.stop();
        self.restart.stop();
        self.works = false;
    }

    /// A message or a timer.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: ControllersIn) {
        match msg {
            ControllersIn::Api(reply) => self.client.handle(cx, from, reply),
            ControllersIn::Client(timer) => self.client.timer(cx, timer),
            ControllersIn::Metrics(usage) => self.measured(cx, &usage),
            ControllersIn::Timer(timer) => self.timer(cx, timer),
        }
        self.drain(cx);
    }

    /// Whether this manager holds the Lease.
    #[must_use]
    pub const fn is_leader(&self) -> bool {
        self.elector.is_leader()
    }

    /// Whether its caches are filled and its controllers work.
    #[must_use]
    pub const fn works(&self) -> bool {
        self.works
    }

    /// What it knows.
    #[must_use]
    pub const fn caches(&self) -> &Caches {
        &self.caches
    }

    /// Each controller's name, how many keys wait, and how many are worked on.
    pub fn loads(&self) -> impl Iterator<Item = (&'static str, (usize, usize))> {
        self.runners.iter().map(|runner| (runner.name(), runner.load()))
    }

    fn timer(&mut self, cx: &mut Cx<'_>, timer: ControllersTimer) {
        match timer {
            ControllersTimer::Work { controller, worker } => {
                self.because(cx, usize::from(controller), worker);
                self.run(cx, usize::from(controller), |runner, view| runner.work(view, worker));
                self.pump(cx, usize::from(controller));
            }
            ControllersTimer::Tick { controller, ticket } => {
                self.tick(cx, usize::from(controller), ticket);
            }
            ControllersTimer::Wake(ticket) => {
                if self.wake.rings(ticket) {
                    (0..self.runners.len()).for_each(|controller| self.pump(cx, controller));
                }
            }
            ControllersTimer::Restart(ticket) => {
                if self.restart.rings(ticket) {
                    self.start(cx, Start::Restart);
                }
            }
        }
    }

    /// Takes what the client brought.
    fn drain(&mut self, cx: &mut Cx<'_>) {
        while let Some(incoming) = self.client.next() {
            match incoming {
                Incoming::Answer { tag, result } => self.answered(cx, tag, result),
                Incoming::Feed(id, feed) => {
                    let works = self.works;
                    let (config, runners) = (&self.config, &mut self.runners);
                    let (now, event) = (Time(cx.now()), cx.event());
                    let mut cares = 0u64;
                    self.caches.apply(id, feed, &mut |caches, change| {
                        if works {
                            cares |= show(runners, &View { now, event, caches, config }, change);
                        }
                    });
                    if works {
                        self.pump_each(cx, cares);
                    } else if self.caches.have_synced() {
                        self.begin_to_work(cx);
                    }
                }
                Incoming::Leader(input) => match self.elector.handle(cx, &mut self.client, input) {
                    Leadership::Unchanged => {}
                    Leadership::Won => self.won(cx),
                    Leadership::Lost => self.lost(cx),
                },
                Incoming::Events(input) => {
                    for (recorder, lane) in self.recorders.iter_mut().zip(0..) {
                        if input.lane().is_none_or(|of| of == lane) {
                            recorder.handle(cx, &mut self.client, input.clone());
                        }
                    }
                }
            }
        }
    }

    fn won(&mut self, cx: &mut Cx<'_>) {
        self.caches.inform(cx, &mut self.client);
    }

    /// The process ends and is started again.
    fn lost(&mut self, cx: &mut Cx<'_>) {
        self.crash();
        self.restart.arm(cx, RESTART_TIME, |ticket| own(ControllersTimer::Restart(ticket)));
    }

    /// The caches are filled: every object is shown to the controllers, and they begin.
    fn begin_to_work(&mut self, cx: &mut Cx<'_>) {
        self.works = true;
        let (now, event) = (Time(cx.now()), cx.event());
        let view = View { now, event, caches: &self.caches, config: &self.config };
        let runners = &mut self.runners;
        self.caches.each(&mut |change| {
            show(runners, &view, change);
        });
        for controller in 0..self.runners.len() {
            self.arm_tick(cx, controller);
            self.pump(cx, controller);
        }
    }

    fn arm_tick(&mut self, cx: &mut Cx<'_>, controller: usize) {
        let Some(period) = self.runners[controller].period(&self.config) else { return };
        let number = number(controller);
        self.ticks[controller]
            .arm(cx, period, |ticket| own(ControllersTimer::Tick { controller: number, ticket }));
    }

    fn tick(&mut self, cx: &mut Cx<'_>, controller: usize, ticket: Ticket) {
        if !self.ticks.get_mut(controller).is_some_and(|timer| timer.rings(ticket)) {
            return;
        }
        // A look around follows from nothing but the time.
        cx.note_in_detail(|| Note::Because(EventId::NONE));
        self.run(cx, controller, |runner, view| {
            runner.tick(view);
            Vec::new()
        });
        self.arm_tick(cx, controller);
        self.pump(cx, controller);
    }

    fn answered(&mut self, cx: &mut Cx<'_>, tag: Tag, answer: Answer) {
        let controller = usize::from(tag.controller);
        self.run(cx, controller, |runner, view| runner.answer(view, tag.place, answer));
        self.pump(cx, controller);
    }

    /// Lets one controller do something and records the Events it tells.
    fn run(
        &mut self,
        cx: &mut Cx<'_>,
        controller: usize,
        act: impl FnOnce(&mut Box<dyn Run>, &View<'_>) -> Vec<Said>,
    ) {
        let (now, event) = (Time(cx.now()), cx.event());
        let view = View { now, event, caches: &self.caches, config: &self.config };
        let Some(runner) = self.runners.get_mut(controller) else { return };
        let events = act(runner, &view);
        for Question { id, pods } in runner.questions() {
            match self.metrics {
                Some(server) => cx.stream(server, MetricsIn::Query { id, pods }),
                None => runner.told(&view, id, None),
            }
        }
        for said in events {
            let told = Told { kind: said.kind, reason: said.reason, message: said.message };
            self.recorders[controller].record(cx, &mut self.client, &said.about, told);
        }
    }

    /// The metrics server answered whoever asked.
    fn measured(&mut self, cx: &mut Cx<'_>, usage: &Arc<Usage>) {
        let (now, event) = (Time(cx.now()), cx.event());
        let view = View { now, event, caches: &self.caches, config: &self.config };
        for runner in &mut self.runners {
            runner.told(&view, usage.id, Some(usage));
        }
        (0..self.runners.len()).for_each(|controller| self.pump(cx, controller));
    }

    /// Tells the observers why a worker works.
    fn because(&self, cx: &mut Cx<'_>, controller: usize, worker: u16) {
        if let Some(cause) = self.runners.get(controller).and_then(|it| it.cause(worker)) {
            cx.note_in_detail(|| Note::Because(cause));
        }
    }

    fn pump_each(&mut self, cx: &mut Cx<'_>, cares: u64) {
        for controller in 0..self.runners.len() {
            if cares & 1 << controller != 0 {
                self.pump(cx, controller);
            }
        }
    }

    /// Hands keys to free workers, sends the calls that may be sent, and sets the alarm.
    fn pump(&mut self, cx: &mut Cx<'_>, controller: usize) {
        let now = cx.now();
        let place_in_list = number(controller);
        let runner = &mut self.runners[controller];
        while let Some(worker) = runner.take(now) {
            cx.after(SYNC_TIME, own(ControllersTimer::Work { controller: place_in_list, worker }));
        }
        while let Some((place, call)) = runner.send(now) {
            if let Some(cause) = runner.cause(place.worker) {
                cx.note_in_detail(|| Note::Because(cause));
            }
            let tag = Tag { controller: place_in_list, place };
            // The controller's own limit has let it pass already.
            let options = CallOptions { unlimited: true, ..CallOptions::default() };
            self.client.call_with(cx, tag, call, options);
        }
        let due = runner.next_due(now);
        self.wake.set_if(cx, due, |ticket| own(ControllersTimer::Wake(ticket)));
    }
}

/// Shows a change to every controller; a bit for each that cares for its kind.
fn show(runners: &mut [Box<dyn Run>], view: &View<'_>, change: &Change) -> u64 {
    let mut cares = 0;
    for (place, runner) in runners.iter_mut().enumerate() {
        cares |= u64::from(runner.observe(view, change)) << place;
    }
    cares
}

fn wrap(timer: ClientTimer) -> Msg {
    ControllersIn::Client(timer).into()
}

fn own(timer: ControllersTimer) -> Msg {
    ControllersIn::Timer(timer).into()
}

/// A controller's place in the list, as messages carry it.
fn number(controller: usize) -> u8 {
    u8::try_from(controller).expect("there are fewer than 64 controllers")
}
