//! Events for people: built, kept few, written one after the other.
//!
//! Telling is never in the way: a component tells and goes on. What is told is correlated
//! (`correlate`), waits in a queue of bounded length, and is written through the component's own
//! API client under a limit of its own. When the queue is full, an event is dropped, as upstream.
//! Source: kubernetes/client-go:tools/record/event.go.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::api::meta::EPOCH_UNIX_SECS;
use crate::api::misc::EventSource;
use crate::api::reasons::NS_DEFAULT;
use crate::api::{Event, EventType, Kind, ObjectMeta, ObjectReference, Resource, Str, Time};
use crate::kernel::{EventId, Purpose, Shared, SimTime, Span, Ticket};
use crate::wire::Cx;
use crate::wire::Note;
use crate::wire::api::{ApiCall, ApiOk, ClientTimer, Patch, Status, StatusReason};

use super::alarm::Alarm;
use super::apiclient::{ApiClient, Origin};
use super::config::CallOptions;
use super::correlate::{CorrelateConfig, Correlated, Correlator};
use super::ratelimit::TokenBucket;

/// What the client brings for the recorder.
#[derive(Clone, Debug)]
pub enum EventsInput {
    /// The answer to the write with this number.
    Answer(u64, Result<ApiOk, Status>),
    /// Its timer.
    Timer(Ticket),
}

impl EventsInput {
    /// Which of a client's recorders it is for; a timer may be for any of them.
    #[must_use]
    pub const fn lane(&self) -> Option<u64> {
        match self {
            EventsInput::Answer(number, _) => Some(*number >> LANE_BITS),
            EventsInput::Timer(_) => None,
        }
    }
}

/// Writes are numbered below the lane.
const LANE_BITS: u32 = 48;

/// What is told: type, reason, message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Good or worrying.
    pub kind: EventType,
    /// A word for programs.
    pub reason: Str,
    /// A sentence for people.
    pub message: Str,
}

impl Told {
    /// As planned.
    pub fn normal(reason: impl Into<Str>, message: impl Into<Str>) -> Self {
        Told { kind: EventType::Normal, reason: reason.into(), message: message.into() }
    }

    /// Worth a look.
    pub fn warning(reason: impl Into<Str>, message: impl Into<Str>) -> Self {
        Told { kind: EventType::Warning, reason: reason.into(), message: message.into() }
    }
}

/// How events are recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventsConfig {
    /// Who tells them.
    pub source: EventSource,
    /// Writes per second; 0 means no limit. Default: 5 (client-go's; the kubelet's
    /// `event-qps` is 50).
    pub qps: u32,
    /// Writes at once. Default: 10 (the kubelet's `event-burst` is 100).
    pub burst: u32,
    /// Writes under way at once. Default: 1; the scheduler, which uses the newer recorder of
    /// `tools/events`, has no such limit.
    pub in_flight_max: usize,
    /// Events that wait; more are dropped. Default: 1000 (`maxQueuedEvents`).
    pub queue_max: usize,
    /// How often a write is tried. Default: 12 (`maxTriesPerEvent`).
    pub tries_max: u32,
    /// Between two tries; the first pause is a random part of it. Default: 10 s
    /// (`defaultSleepDuration`).
    pub retry_pause: Span,
    /// How they are kept few.
    pub correlate: CorrelateConfig,
}

impl EventsConfig {
    /// The defaults, for a component (on a host, for a kubelet).
    #[must_use]
    pub fn new(component: impl Into<Str>, host: impl Into<Str>) -> Self {
        EventsConfig {
            source: EventSource { component: component.into(), host: host.into() },
            qps: 5,
            burst: 10,
            in_flight_max: 1,
            queue_max: 1000,
            tries_max: 12,
            retry_pause: Span::secs(10),
            correlate: CorrelateConfig::default(),
        }
    }

    /// With another limit of writes.
    #[must_use]
    pub const fn limited_to(mut self, qps: u32, burst: u32, in_flight_max: usize) -> Self {
        self.qps = qps;
        self.burst = burst;
        self.in_flight_max = in_flight_max;
        self
    }
}

/// One write, until it is done or given up.
#[derive(Clone, Debug)]
struct Write {
    event: Arc<Event>,
    /// What was handled when it was told.
    because: EventId,
    tries: u32,
    /// Whether the Event has to be made although its count is more than one.
    anew: bool,
}

/// Records what happened to objects, as Kubernetes Events.
#[derive(Clone, Debug)]
pub struct EventRecorder {
    config: EventsConfig,
    correlator: Shared<Correlator>,
    bucket: TokenBucket,
    queue: VecDeque<Write>,
    in_flight: BTreeMap<u64, Write>,
    /// Writes that failed and are tried again then; each keeps its place in flight.
    asleep: Vec<(SimTime, Write)>,
    alarm: Alarm,
    written: u64,
    /// The number in the last name, so that names differ.
    last_number: u64,
    dropped: u64,
}

impl EventRecorder {
    /// A recorder.
    #[must_use]
    pub fn new(config: EventsConfig) -> Self {
        EventRecorder {
            correlator: Shared::new(Correlator::new(config.correlate)),
            bucket: TokenBucket::new(config.qps, config.burst),
            config,
            queue: VecDeque::new(),
            in_flight: BTreeMap::new(),
            asleep: Vec::new(),
            alarm: Alarm::default(),
            written: 0,
            last_number: 0,
            dropped: 0,
        }
    }

    /// One of several recorders on one client, each with its own lane: an answer is for the lane
    /// in [`EventsInput::lane`], a timer is shown to all of them. Default: 0.
    #[must_use]
    pub const fn in_lane(mut self, lane: u8) -> Self {
        self.written = (lane as u64) << LANE_BITS;
        self
    }

    /// Tells that something happened to `about`.
    pub fn record<T: Clone + std::fmt::Debug>(
        &mut self,
        cx: &mut Cx<'_>,
        client: &mut ApiClient<T>,
        about: &ObjectReference,
        told: Told,
    ) {
        if self.queue.len() >= self.config.queue_max {
            self.dropped += 1;
            return;
        }
        let now = cx.now();
        let Some(correlated) = self.correlator.correlate(about, &told, now) else { return };
        let event = Arc::new(self.event(cx, about, told, correlated));
        let because = cx.event();
        self.queue.push_back(Write { event, because, tries: 0, anew: false });
        self.pump(cx, client);
    }

    /// What the client brought as `Incoming::Events`.
    pub fn handle<T: Clone + std::fmt::Debug>(
        &mut self,
        cx: &mut Cx<'_>,
        client: &mut ApiClient<T>,
        input: EventsInput,
    ) {
        match input {
            EventsInput::Answer(number, result) => {
                if let Some(write) = self.in_flight.remove(&number) {
                    self.answer(cx, write, result);
                }
            }
            EventsInput::Timer(ticket) => {
                if self.alarm.rings(ticket) {
                    self.wake(cx.now());
                }
            }
        }
        self.pump(cx, client);
    }

    /// How many events were dropped because the queue was full.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How many events are not written yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.queue.len() + self.in_flight.len() + self.asleep.len()
    }

    /// Forgets everything, as a process that died.
    pub fn crash(&mut self) {
        self.correlator.clear();
        self.bucket = TokenBucket::new(self.config.qps, self.config.burst);
        self.queue.clear();
        self.in_flight.clear();
        self.asleep.clear();
        self.alarm.stop();
    }

    /// Builds the Event.
    fn event(
        &mut self,
        cx: &mut Cx<'_>,
        about: &ObjectReference,
        told: Told,
        correlated: Correlated,
    ) -> Event {
        let Correlated { message, count, first, name, key } = correlated;
        let name = name.unwrap_or_else(|| {
            let name = self.name(cx, about);
            self.correlator.named(key, name.clone());
            name
        });
        let namespace =
            if about.namespace.is_empty() { NS_DEFAULT } else { about.namespace.clone() };
        Event {
            metadata: ObjectMeta::named(namespace, name),
            involved_object: about.clone(),
            reason: told.reason,
            message,
            kind: told.kind,
            count,
            first_timestamp: Some(whole_seconds(first)),
            last_timestamp: Some(whole_seconds(cx.now())),
            source: self.config.source.clone(),
        }
    }

    /// The object's name, a dot, and the moment in hexadecimal nanoseconds.
    ///
    /// Within one instant, which is common here and not upstream, numbers are counted on, and
    /// different components begin at different ones.
    fn name(&mut self, cx: &mut Cx<'_>, about: &ObjectReference) -> Str {
        let moment = EPOCH_UNIX_SECS * 1_000_000_000 + cx.now().as_nanos();
        let own = moment.wrapping_add(u64::from(cx.me().0));
        self.last_number = own.max(self.last_number + 1);
        Str::from(format!("{}.{:x}", about.name, self.last_number))
    }

    /// Writes what may be written.
    fn pump<T: Clone + std::fmt::Debug>(&mut self, cx: &mut Cx<'_>, client: &mut ApiClient<T>) {
        let now = cx.now();
        while !self.queue.is_empty() && self.has_room() && self.bucket.try_take(now) {
            if let Some(write) = self.queue.pop_front() {
                self.write(cx, client, write);
            }
        }
        let token =
            (!self.queue.is_empty() && self.has_room()).then(|| now + self.bucket.wait(now));
        let awake = self.asleep.iter().map(|(at, _)| *at).min();
        let wrap = client.wrap();
        let at = token.into_iter().chain(awake).min();
        self.alarm.set_if(cx, at, |ticket| wrap(ClientTimer::Events(ticket)));
    }

    fn has_room(&self) -> bool {
        self.in_flight.len() + self.asleep.len() < self.config.in_flight_max
    }

    fn write<T: Clone + std::fmt::Debug>(
        &mut self,
        cx: &mut Cx<'_>,
        client: &mut ApiClient<T>,
        write: Write,
    ) {
        self.written += 1;
        let (event, because) = (&write.event, write.because);
        if because != cx.event() {
            cx.note_in_detail(|| Note::Because(because));
        }
        let call = if event.count > 1 && !write.anew {
            let patch = Box::new(Patch::Merge(changes(event)));
            ApiCall::Patch { kind: Kind::Event, key: event.key(), patch }
        } else {
            ApiCall::Create { object: Arc::clone(event).into_object() }
        };
        let options = CallOptions { timeout: None, unlimited: true };
        self.in_flight.insert(self.written, write);
        client.call_as(cx, Origin::Event(self.written), call, options);
    }

    /// A write succeeded, is pointless, or is tried again: an Event that has expired is made
    /// anew, a lost connection is waited for, a refusal is final.
    fn answer(&mut self, cx: &mut Cx<'_>, mut write: Write, result: Result<ApiOk, Status>) {
        let Err(status) = result else { return };
        let patched = write.event.count > 1 && !write.anew;
        if status.reason == StatusReason::NotFound && patched {
            write.anew = true;
            self.queue.push_front(write);
            return;
        }
        write.tries += 1;
        if status.reason == StatusReason::ConnectionLost && write.tries < self.config.tries_max {
            let mut pause = self.config.retry_pause;
            if write.tries == 1 {
                let chance = cx.chance(Purpose::named("client.events"));
                pause = Span::nanos(chance.below(pause.as_nanos()));
            }
            self.asleep.push((cx.now() + pause, write));
        }
    }

    /// Puts writes whose pause is over before all others.
    fn wake(&mut self, now: SimTime) {
        let queue = &mut self.queue;
        self.asleep.retain(|(at, write)| {
            let due = *at <= now;
            if due {
                queue.push_front(write.clone());
            }
            !due
        });
    }
}

/// What changes in an Event that is told again.
fn changes(event: &Event) -> serde_json::Value {
    serde_json::json!({
        "count": event.count,
        "message": event.message.as_str(),
        "lastTimestamp": event.last_timestamp,
    })
}

/// Event times are whole seconds in the API.
fn whole_seconds(at: SimTime) -> Time {
    Time(SimTime::from_secs(at.as_secs()))
}

#[cfg(test)]
mod tests;
