//! Events for people: built, combined, limited, written.

use crate::api::misc::EventSource;
use crate::api::{EventType, ObjectReference, Str};
use crate::kernel::Ticket;
use crate::wire::Cx;
use crate::wire::api::{ApiOk, Status};

use super::apiclient::ApiClient;

/// What the client brings for the recorder.
#[derive(Clone, Debug)]
pub enum EventsInput {
    /// The answer to the write with this number.
    Answer(u64, Result<ApiOk, Status>),
    /// Its timer.
    Timer(Ticket),
}

/// How events are recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventsConfig {
    /// Who tells them.
    pub source: EventSource,
    /// Writes per second; 0 means no limit. Default: 0.
    pub qps: u32,
    /// Writes at once.
    pub burst: u32,
}

/// Records what happened to objects, as Kubernetes Events.
#[derive(Clone, Debug)]
pub struct EventRecorder {
    config: EventsConfig,
}

impl EventRecorder {
    /// A recorder.
    #[must_use]
    pub fn new(config: EventsConfig) -> Self {
        EventRecorder { config }
    }

    /// Tells that `reason` happened to `about`.
    pub fn record<T: Clone + std::fmt::Debug>(
        &mut self,
        _cx: &mut Cx<'_>,
        _client: &mut ApiClient<T>,
        _about: &ObjectReference,
        _told: Told,
    ) {
    }

    /// What the client brought as `Incoming::Events`.
    pub fn handle<T: Clone + std::fmt::Debug>(
        &mut self,
        _cx: &mut Cx<'_>,
        _client: &mut ApiClient<T>,
        _input: EventsInput,
    ) {
    }

    /// Forgets everything, as a process that died.
    pub fn crash(&mut self) {
        *self = EventRecorder::new(self.config.clone());
    }
}

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
