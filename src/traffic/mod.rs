//! Clients that call Services, so that availability is measured per request and not guessed.
//!
//! A client calls at a rate that may change over time, whether the answers come or not (people
//! do not wait for each other). It stands on a node, or outside before a balancer that spreads
//! connections over the nodes; the rules of that node decide which pod answers.
//!
//! Floor: 3
//! Imports: kernel, api, wire

mod config;
mod stats;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::api::{ObjectKey, Str};
use crate::kernel::{Dist, Purpose, SimTime, Slot, Span, Start, Ticket, Timer};
use crate::wire::Cx;
use crate::wire::note::{Note, RequestLost, RequestNote};
use crate::wire::runtime::{Dial, RuntimeIn};
use crate::wire::traffic::{RateCurve, TrafficIn, TrafficTimer};

pub use config::{Config, SETTINGS};
pub use stats::Stats;

/// When requests come.
const ARRIVALS: Purpose = Purpose::named("arrivals");
/// Which node an outside balancer chooses.
const BALANCE: Purpose = Purpose::named("balance");

/// One request, in thousandths of a request per second times nanoseconds.
const ONE_REQUEST: u64 = 1_000_000_000_000;
/// The rate is looked at least this often.
const LOOK: Span = Span::secs(1);

/// A client and whom it calls.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its name.
    pub name: Str,
    /// The Service.
    pub service: ObjectKey,
    /// Which port of it; 0 means the first.
    pub port: i32,
    /// How often.
    pub curve: RateCurve,
    /// From where.
    pub origin: Origin,
}

/// Where a client stands.
#[derive(Clone, Debug)]
pub enum Origin {
    /// On this machine.
    Machine(Slot),
    /// Outside, before a balancer that takes any of these machines.
    Outside(Arc<[Slot]>),
}

/// The actor.
#[derive(Clone, Debug)]
pub struct Traffic {
    config: Arc<Config>,
    client: Client,
    /// When the present curve began.
    began: SimTime,
    /// What is missing to the next request.
    missing: u64,
    looked: SimTime,
    rate: u64,
    arrival: Timer,
    timeout: Timer,
    next: u64,
    /// Requests without an end, oldest first; numbers run without gaps.
    pending: VecDeque<Request>,
    /// Machines that did not react, and until when the balancer leaves them aside.
    aside: BTreeMap<Slot, SimTime>,
    stats: Stats,
}

/// A request.
#[derive(Clone, Debug)]
struct Request {
    number: u64,
    sent: SimTime,
    machine: Slot,
    pod: Option<ObjectKey>,
    over: bool,
}

impl Traffic {
    /// A client that begins to call at the start of the run.
    #[must_use]
    pub fn new(config: Arc<Config>, client: Client) -> Self {
        Traffic {
            config,
            client,
            began: SimTime::ZERO,
            missing: 0,
            looked: SimTime::ZERO,
            rate: 0,
            arrival: Timer::default(),
            timeout: Timer::default(),
            next: 0,
            pending: VecDeque::new(),
            aside: BTreeMap::new(),
            stats: Stats::default(),
        }
    }

    /// Begins to call.
    pub fn start(&mut self, cx: &mut Cx<'_>, _start: Start) {
        self.began = cx.now();
        self.missing = self.distance(cx);
        self.look(cx);
    }

    /// Handles one message.
    pub fn handle(&mut self, cx: &mut Cx<'_>, _from: Slot, msg: TrafficIn) {
        match msg {
            TrafficIn::Routed { request, pod } => {
                self.reacted(request);
                if let Some(known) = self.request(request) {
                    known.pod = Some(*pod);
                }
            }
            TrafficIn::Served { request } => self.end(cx, request, None),
            TrafficIn::Refused { request, why } => {
                self.reacted(request);
                self.end(cx, request, Some(why));
            }
            TrafficIn::SetRate(curve) => {
                self.client.curve = *curve;
                self.pass(cx.now());
                self.began = cx.now();
                self.look(cx);
            }
            TrafficIn::Timer(TrafficTimer::Arrival(ticket)) => self.arrival_due(cx, ticket),
            TrafficIn::Timer(TrafficTimer::Timeout(ticket)) => self.timeout_due(cx, ticket),
        }
    }

    /// The client dies; what it counted is known.
    pub fn crash(&mut self) {
        self.pending.clear();
        self.aside.clear();
        (self.arrival, self.timeout) = (Timer::default(), Timer::default());
        self.rate = 0;
    }

    /// What it counted so far.
    #[must_use]
    pub const fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Who it is and whom it calls.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// The distance to the next request.
    fn distance(&self, cx: &mut Cx<'_>) -> u64 {
        if self.client.curve.even {
            return ONE_REQUEST;
        }
        let mean = Span::nanos(ONE_REQUEST);
        Dist::Exponential { mean }.draw(cx.chance(ARRIVALS)).as_nanos().max(1)
    }

    /// Takes off what passed at the present rate.
    fn pass(&mut self, now: SimTime) {
        let passed = u128::from(now.since(self.looked).as_nanos()) * u128::from(self.rate);
        self.missing = self.missing.saturating_sub(u64::try_from(passed).unwrap_or(u64::MAX));
        self.looked = now;
    }

    /// Looks at the rate, and when the next request would come at it.
    fn look(&mut self, cx: &mut Cx<'_>) {
        let now = cx.now();
        self.looked = now;
        self.rate = self.client.curve.at(now.since(self.began));
        let wait = match self.rate {
            0 => LOOK,
            rate => Span::nanos(self.missing.div_ceil(rate)).min(LOOK),
        };
        self.arrival.arm(cx, wait, |ticket| TrafficIn::Timer(TrafficTimer::Arrival(ticket)).into());
    }

    fn arrival_due(&mut self, cx: &mut Cx<'_>, ticket: Ticket) {
        if !self.arrival.rings(ticket) {
            return;
        }
        self.pass(cx.now());
        if self.missing == 0 {
            self.missing = self.distance(cx);
            self.send(cx);
        }
        self.look(cx);
    }

    fn send(&mut self, cx: &mut Cx<'_>) {
        let (number, sent) = (self.next, cx.now());
        self.next += 1;
        self.stats.sent += 1;
        let found = self.machine(cx);
        let machine = found.unwrap_or(Slot::OUTSIDE);
        self.pending.push_back(Request { number, sent, machine, pod: None, over: false });
        if found.is_none() {
            return self.end(cx, number, Some(RequestLost::NoEndpoint));
        }
        if !self.timeout.armed() {
            self.arm_timeout(cx, self.config.request_timeout);
        }
        let dial = Dial {
            client: cx.me(),
            request: number,
            service: self.client.service.clone(),
            port: self.client.port,
        };
        cx.send(machine, RuntimeIn::Dial(Box::new(dial)));
    }

    /// The machine whose rules decide; none when there is none.
    ///
    /// Simplified: an outside balancer finds out about dead nodes by requests that get no
    /// reaction, instead of health checks of its own; a node that was left aside gets a single
    /// request per interval, until it reacts to one.
    fn machine(&mut self, cx: &mut Cx<'_>) -> Option<Slot> {
        let now = cx.now();
        let machines = match &self.client.origin {
            Origin::Machine(machine) => return Some(*machine),
            Origin::Outside(machines) => machines,
        };
        let first = cx.chance(BALANCE).index(machines.len());
        let mut circle = machines[first..].iter().chain(&machines[..first]).copied();
        let found =
            circle.find(|machine| self.aside.get(machine).is_none_or(|until| *until <= now));
        let chosen = found.or_else(|| machines.get(first).copied())?;
        if let Some(until) = self.aside.get_mut(&chosen) {
            *until = now + self.config.node_aside;
        }
        Some(chosen)
    }

    /// The machine of a request lives: it takes its full share again.
    fn reacted(&mut self, number: u64) {
        if let Some(machine) = self.request(number).map(|request| request.machine) {
            self.aside.remove(&machine);
        }
    }

    fn request(&mut self, number: u64) -> Option<&mut Request> {
        let first = self.pending.front()?.number;
        let place = usize::try_from(number.checked_sub(first)?).ok()?;
        self.pending.get_mut(place)
    }

    /// A request has ended: served, or lost.
    fn end(&mut self, cx: &mut Cx<'_>, number: u64, lost: Option<RequestLost>) {
        let now = cx.now();
        let Some(request) = self.request(number).filter(|request| !request.over) else { return };
        request.over = true;
        let took = now.since(request.sent);
        let asked = Some(request.machine).filter(|machine| *machine != Slot::OUTSIDE);
        let pod = request.pod.take();
        match lost {
            None => self.stats.serve(took),
            Some(why) => self.stats.lose(why),
        }
        cx.note(|| {
            Note::Request(Box::new(RequestNote {
                client: self.client.name.clone(),
                service: self.client.service.clone(),
                pod,
                asked,
                took,
                lost,
            }))
        });
        while self.pending.front().is_some_and(|first| first.over) {
            self.pending.pop_front();
        }
    }

    fn arm_timeout(&mut self, cx: &mut Cx<'_>, wait: Span) {
        self.timeout.arm(cx, wait, |ticket| TrafficIn::Timer(TrafficTimer::Timeout(ticket)).into());
    }

    fn timeout_due(&mut self, cx: &mut Cx<'_>, ticket: Ticket) {
        if !self.timeout.rings(ticket) {
            return;
        }
        let now = cx.now();
        let patience = self.config.request_timeout;
        while let Some(first) = self.pending.front() {
            let deadline = first.sent + patience;
            if deadline > now {
                self.arm_timeout(cx, deadline.since(now));
                return;
            }
            let (number, machine, reacted) = (first.number, first.machine, first.pod.is_some());
            if !reacted {
                self.aside.insert(machine, now + self.config.node_aside);
            }
            self.end(cx, number, Some(RequestLost::TimedOut));
        }
    }
}
