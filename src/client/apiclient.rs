//! The API client of a component: calls with tags, watches for informers, one connection.

use std::collections::{BTreeMap, VecDeque};

use crate::api::{Resource, Str};
use crate::kernel::{SimTime, Slot};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::api::{
    ApiCall, ApiOk, ApiReply, ApiRequest, CallId, ClientTimer, Status, StatusReason,
};
use crate::wire::apiserver::ApiServerIn;

use super::alarm::Alarm;
use super::config::{CallOptions, ClientConfig};
use super::connection::{Connection, Turn};
use super::events::EventsInput;
use super::informer::{Feed, Informer, InformerId};
use super::leader::LeaderInput;
use super::ratelimit::TokenBucket;
use super::reflector::{Numbers, Reflector};

mod watching;

/// What came of messages and timers; a component takes them one by one from [`ApiClient::next`].
#[derive(Clone, Debug)]
pub enum Incoming<T> {
    /// The answer to a call, with the tag it was made with.
    Answer {
        /// The component's own tag.
        tag: T,
        /// What came of it; `ConnectionLost` when nobody knows (a write may have happened).
        result: Result<ApiOk, Status>,
    },
    /// News for an informer: hand it to [`Informer::apply`].
    Feed(InformerId, Feed),
    /// For the component's [`super::LeaderElector`].
    Leader(LeaderInput),
    /// For the component's [`super::EventRecorder`].
    Events(EventsInput),
}

/// Who made a call.
#[derive(Clone, Debug)]
pub(super) enum Origin<T> {
    /// The component.
    Caller(T),
    /// A reflector.
    List(InformerId),
    /// The leader elector.
    Leader,
    /// The event recorder; its own number.
    Event(u64),
}

/// A call that was sent.
#[derive(Clone, Debug)]
struct Pending<T> {
    origin: Origin<T>,
    deadline: SimTime,
}

/// A call that could not be sent yet.
#[derive(Clone, Debug)]
struct Waiting<T> {
    origin: Origin<T>,
    call: ApiCall,
    options: CallOptions,
}

/// The API client of one component.
///
/// `T` tells the component's calls apart. All outcomes, immediate or late, arrive through
/// [`ApiClient::next`] after a call of [`ApiClient::handle`] or [`ApiClient::timer`]; nothing
/// else produces any.
#[derive(Clone, Debug)]
pub struct ApiClient<T> {
    config: ClientConfig,
    wrap: fn(ClientTimer) -> Msg,
    connection: Connection,
    numbers: Numbers,
    pending: BTreeMap<CallId, Pending<T>>,
    limited: VecDeque<Waiting<T>>,
    unlimited: VecDeque<Waiting<T>>,
    bucket: TokenBucket,
    reflectors: Vec<Reflector>,
    incoming: VecDeque<Incoming<T>>,
    send: Alarm,
    health: Alarm,
}

impl<T: Clone + std::fmt::Debug> ApiClient<T> {
    /// A client that reaches the API servers through `balancer`; `wrap` makes a message to the
    /// component itself of a timer of the client.
    #[must_use]
    pub fn new(config: ClientConfig, balancer: Slot, wrap: fn(ClientTimer) -> Msg) -> Self {
        ApiClient {
            connection: Connection::new(&config, balancer, wrap),
            bucket: TokenBucket::new(config.qps, config.burst),
            config,
            wrap,
            numbers: Numbers::default(),
            pending: BTreeMap::new(),
            limited: VecDeque::new(),
            unlimited: VecDeque::new(),
            reflectors: Vec::new(),
            incoming: VecDeque::new(),
            send: Alarm::default(),
            health: Alarm::default(),
        }
    }

    /// Connects. Call it in the component's `start`, at the boot and at each restart.
    pub fn start(&mut self, cx: &mut Cx<'_>) {
        self.connection.dial(cx, &self.config);
    }

    /// Forgets everything a process forgets when it dies; informers have to be announced again.
    pub fn crash(&mut self) {
        self.connection.crash();
        self.bucket = TokenBucket::new(self.config.qps, self.config.burst);
        self.pending.clear();
        self.limited.clear();
        self.unlimited.clear();
        for reflector in &mut self.reflectors {
            reflector.retire();
        }
        self.incoming.clear();
        self.send.stop();
        self.health.stop();
    }

    /// Keeps `informer` up to date from now on: lists, watches, and starts again as needed.
    pub fn inform<R: Resource>(&mut self, cx: &mut Cx<'_>, informer: &Informer<R>) {
        let what = (R::KIND, informer.scope().clone());
        let mut reflector = Reflector::new(informer.id(), what, &self.config);
        reflector.resync = informer.resync_period();
        let place = match self.place(informer.id()) {
            Some(place) => {
                reflector.succeed(&self.reflectors[place]);
                self.reflectors[place] = reflector;
                place
            }
            None => {
                self.reflectors.push(reflector);
                self.reflectors.len() - 1
            }
        };
        self.arm_resync(cx, place);
        if self.connection.server().is_some() {
            self.ask(cx, place);
        }
    }

    /// Makes a call under the client's limit; the answer comes back with `tag`.
    pub fn call(&mut self, cx: &mut Cx<'_>, tag: T, call: ApiCall) {
        self.call_with(cx, tag, call, CallOptions::default());
    }

    /// Makes a call in another way than usual.
    pub fn call_with(&mut self, cx: &mut Cx<'_>, tag: T, call: ApiCall, options: CallOptions) {
        self.call_as(cx, Origin::Caller(tag), call, options);
    }

    /// Makes a call for `origin`.
    pub(super) fn call_as(
        &mut self,
        cx: &mut Cx<'_>,
        origin: Origin<T>,
        call: ApiCall,
        options: CallOptions,
    ) {
        let waiting = Waiting { origin, call, options };
        if options.unlimited {
            self.unlimited.push_back(waiting);
        } else {
            self.limited.push_back(waiting);
        }
        self.pump(cx);
    }

    /// Gives the connection up and makes a new one, as a kubelet does after failed heart-beats.
    ///
    /// Calls without an answer fail with `ConnectionLost`.
    pub fn reconnect(&mut self, cx: &mut Cx<'_>) {
        if self.connection.server().is_some() {
            self.lose(cx);
        }
    }

    /// The API server that serves this client, when there is one.
    #[must_use]
    pub const fn server(&self) -> Option<Slot> {
        self.connection.server()
    }

    /// How many calls have no answer yet.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.pending.len() + self.limited.len() + self.unlimited.len()
    }

    /// As whom the client calls.
    #[must_use]
    pub const fn user(&self) -> &Str {
        &self.config.user
    }

    /// The next outcome; none when there is no more for now.
    #[expect(clippy::should_implement_trait, reason = "a queue that is drained, not an iterator")]
    pub fn next(&mut self) -> Option<Incoming<T>> {
        self.incoming.pop_front()
    }

    /// A message from the API server, the balancer or the network. Drain [`ApiClient::next`] after.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, reply: ApiReply) {
        let current = self.connection.server() == Some(from);
        let turn = self.connection.receive(cx, (from, &reply), &self.config);
        match reply {
            ApiReply::Response(response) if current => {
                if let Some(pending) = self.pending.remove(&response.id) {
                    self.answer(cx, pending.origin, response.result);
                }
            }
            ApiReply::Watch(event) if current => self.watch_event(cx, event),
            ApiReply::Response(_)
            | ApiReply::Watch(_)
            | ApiReply::Opened
            | ApiReply::Pong(_)
            | ApiReply::Connected(_)
            | ApiReply::Refused(_) => {}
        }
        self.turn(cx, turn);
    }

    /// A timer of the client. Drain [`ApiClient::next`] after.
    pub fn timer(&mut self, cx: &mut Cx<'_>, timer: ClientTimer) {
        match timer {
            ClientTimer::Send(ticket) => {
                if self.send.rings(ticket) {
                    self.pump(cx);
                }
            }
            ClientTimer::Health(ticket) => {
                if self.health.rings(ticket) {
                    self.look(cx);
                }
            }
            ClientTimer::Connect(ticket) => {
                let turn = self.connection.timer(cx, ticket, &self.config);
                self.turn(cx, turn);
            }
            ClientTimer::Relist(informer, ticket) => self.relist(cx, InformerId(informer), ticket),
            ClientTimer::Resync(informer, ticket) => self.resync(cx, InformerId(informer), ticket),
            ClientTimer::Leader(ticket) => {
                self.incoming.push_back(Incoming::Leader(LeaderInput::Timer(ticket)));
            }
            ClientTimer::Events(ticket) => {
                self.incoming.push_back(Incoming::Events(EventsInput::Timer(ticket)));
            }
        }
    }

    /// The message for a timer of the client's helpers.
    pub(super) fn wrap(&self) -> fn(ClientTimer) -> Msg {
        self.wrap
    }

    fn turn(&mut self, cx: &mut Cx<'_>, turn: Turn) {
        match turn {
            Turn::None => {}
            Turn::Opened => {
                self.pump(cx);
                for place in 0..self.reflectors.len() {
                    if !self.reflectors[place].is_retired() {
                        self.ask(cx, place);
                    }
                }
            }
            Turn::Failed => {
                let unsent: Vec<Waiting<T>> =
                    self.unlimited.drain(..).chain(self.limited.drain(..)).collect();
                for waiting in unsent {
                    self.answer(cx, waiting.origin, Err(lost("no API server can be reached")));
                }
            }
            Turn::Lost => self.lose(cx),
        }
    }

    /// The connection is broken: what was under way is lost, and a new one is made.
    fn lose(&mut self, cx: &mut Cx<'_>) {
        self.connection.give_up(cx, &self.config);
        for reflector in &mut self.reflectors {
            reflector.disconnected();
        }
        let is_list = |waiting: &Waiting<T>| matches!(waiting.origin, Origin::List(_));
        self.limited.retain(|waiting| !is_list(waiting));
        for (_, pending) in std::mem::take(&mut self.pending) {
            self.answer(cx, pending.origin, Err(lost("the connection broke")));
        }
    }

    /// Sends what may be sent.
    fn pump(&mut self, cx: &mut Cx<'_>) {
        if self.connection.server().is_none() {
            return;
        }
        while let Some(waiting) = self.unlimited.pop_front() {
            self.transmit(cx, waiting);
        }
        let now = cx.now();
        while !self.limited.is_empty() && self.bucket.try_take(now) {
            if let Some(waiting) = self.limited.pop_front() {
                self.transmit(cx, waiting);
            }
        }
        if !self.limited.is_empty() {
            let (at, wrap) = (now + self.bucket.wait(now), self.wrap);
            self.send.set(cx, at, |ticket| wrap(ClientTimer::Send(ticket)));
        }
    }

    fn transmit(&mut self, cx: &mut Cx<'_>, waiting: Waiting<T>) {
        let Waiting { origin, call, options } = waiting;
        let id = self.numbers.next_call();
        if !self.is_listening() {
            self.connection.begin_to_listen(cx.now());
        }
        let request = ApiRequest { id, user: self.config.user.clone(), call };
        self.connection.send(cx, ApiServerIn::Request(Box::new(request)));
        let deadline = cx.now() + options.timeout.unwrap_or(self.config.timeout);
        self.pending.insert(id, Pending { origin, deadline });
        let look = self.connection.look_at(&self.config);
        self.arm_health(cx, deadline.min(look));
    }

    /// An answer, for whoever made the call.
    fn answer(&mut self, cx: &mut Cx<'_>, origin: Origin<T>, result: Result<ApiOk, Status>) {
        let incoming = match origin {
            Origin::Caller(tag) => Incoming::Answer { tag, result },
            Origin::List(informer) => return self.listed(cx, informer, result),
            Origin::Leader => Incoming::Leader(LeaderInput::Answer(result)),
            Origin::Event(number) => Incoming::Events(EventsInput::Answer(number, result)),
        };
        self.incoming.push_back(incoming);
    }

    /// Whether anything is expected on the connection, so that its silence means something.
    fn is_listening(&self) -> bool {
        !self.pending.is_empty() || self.reflectors.iter().any(Reflector::is_watching)
    }

    fn arm_health(&mut self, cx: &mut Cx<'_>, at: SimTime) {
        let wrap = self.wrap;
        self.health.set(cx, at, |ticket| wrap(ClientTimer::Health(ticket)));
    }

    /// Ends calls that took too long, looks whether the connection lives.
    fn look(&mut self, cx: &mut Cx<'_>) {
        let now = cx.now();
        let late: Vec<CallId> = self
            .pending
            .iter()
            .filter(|(_, pending)| pending.deadline <= now)
            .map(|(id, _)| *id)
            .collect();
        for id in late {
            if let Some(pending) = self.pending.remove(&id) {
                self.answer(cx, pending.origin, Err(lost("no answer in time")));
            }
        }
        if self.is_listening() {
            let turn = self.connection.look(cx, &self.config);
            self.turn(cx, turn);
        }
        self.look_again(cx);
    }

    fn look_again(&mut self, cx: &mut Cx<'_>) {
        let deadline = self.pending.values().map(|pending| pending.deadline).min();
        let open = self.connection.server().is_some() && self.is_listening();
        let look = open.then(|| self.connection.look_at(&self.config));
        if let Some(at) = deadline.into_iter().chain(look).min() {
            self.arm_health(cx, at);
        }
    }
}

/// Nobody knows what became of a call.
fn lost(why: &'static str) -> Status {
    Status { reason: StatusReason::ConnectionLost, message: Str::from(why) }
}
