//! One container: its life, its work, its queue, what it uses.
//!
//! Work is a fluid: each request adds its CPU time to what lies before the process, and the CPU
//! limit says how fast that drains. So a request is worked on at once while there is room, waits
//! when there is none, and CPU use is what was drained.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::api::reasons;
use crate::api::{Container, Uid};
use crate::kernel::{SimTime, Slot, Span, Timer};
use crate::wire::cri::{ContainerIndex, ProbeKind, ProbeOutcome, RunState, SandboxId};
use crate::wire::runtime::AppModel;

/// A container.
#[derive(Clone, Debug)]
pub(super) struct Process {
    pub(super) pod: Uid,
    pub(super) sandbox: SandboxId,
    pub(super) index: ContainerIndex,
    pub(super) attempt: u32,
    pub(super) model: Arc<AppModel>,
    pub(super) state: RunState,
    /// Rings when the process ends.
    pub(super) exit: Timer,
    /// When and how it will end, as far as that is decided.
    pub(super) end: Option<End>,
    /// It got SIGTERM and takes no new connections.
    pub(super) terminating: bool,
    pub(super) hangs: bool,
    pub(super) memory: u64,
    memory_limit: u64,
    /// Rings when the next request is done.
    pub(super) done: Timer,
    pub(super) queue: VecDeque<Request>,
    work: Work,
}

/// How a process ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) at: SimTime,
    pub(super) code: i32,
    pub(super) oom: bool,
}

/// A request that is being worked on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) client: Slot,
    pub(super) number: u64,
    pub(super) done_at: SimTime,
}

/// CPU time: what was asked for and what is drained.
#[derive(Clone, Debug)]
struct Work {
    /// How fast work drains [thousandths of a CPU].
    capacity: u64,
    /// When everything that was asked for is done.
    busy_until: SimTime,
    /// CPU time of all requests so far.
    asked: Span,
    /// Burnt besides requests [thousandths of a CPU], since `besides_since`.
    besides: u64,
    besides_since: SimTime,
    /// CPU time burnt besides requests up to `besides_since`.
    besides_used: Span,
    /// What was told at the last measurement.
    told: Span,
    told_at: SimTime,
}

/// More requests than this do not fit into a process; the next ones get no answer.
/// Simplified: the length of listen(2)'s backlog and of the application's own queues.
const QUEUE_MAX: usize = 10_000;

impl Process {
    /// A container that was made and not started.
    pub(super) fn new(
        (pod, sandbox, index): (Uid, SandboxId, ContainerIndex),
        attempt: u32,
        model: Arc<AppModel>,
        (spec, machine_milli): (&Container, u64),
    ) -> Self {
        let limit = |name: &str| spec.resources.limits.get(name);
        let capacity = limit(&reasons::CPU).and_then(|cpu| u64::try_from(cpu.milli_value()).ok());
        let memory_limit =
            limit(&reasons::MEMORY).and_then(|bytes| u64::try_from(bytes.value()).ok());
        let memory = model.memory;
        let besides = model.idle_cpu_milli;
        Process {
            pod,
            sandbox,
            index,
            attempt,
            model,
            state: RunState::Created,
            exit: Timer::default(),
            end: None,
            terminating: false,
            hangs: false,
            memory,
            memory_limit: memory_limit.filter(|limit| *limit > 0).unwrap_or(u64::MAX),
            done: Timer::default(),
            queue: VecDeque::new(),
            work: Work {
                capacity: capacity.filter(|milli| *milli > 0).unwrap_or(machine_milli).max(1),
                busy_until: SimTime::ZERO,
                asked: Span::ZERO,
                besides,
                besides_since: SimTime::ZERO,
                besides_used: Span::ZERO,
                told: Span::ZERO,
                told_at: SimTime::ZERO,
            },
        }
    }

    pub(super) const fn is_running(&self) -> bool {
        matches!(self.state, RunState::Running { .. })
    }

    /// The process starts at `since`.
    pub(super) fn run(&mut self, since: SimTime) {
        self.state = RunState::Running { since };
        self.work.besides_since = since;
        self.work.told_at = since;
    }

    /// Since when it runs, if it runs.
    pub(super) const fn since(&self) -> Option<SimTime> {
        if let RunState::Running { since } = self.state { Some(since) } else { None }
    }

    /// Whether it takes connections at `now`.
    pub(super) fn listens(&self, now: SimTime) -> bool {
        let after = self.model.listens_after;
        !self.terminating && self.since().is_some_and(|since| now >= since + after)
    }

    /// Whether it uses more memory than it may.
    pub(super) const fn is_out_of_memory(&self) -> bool {
        self.memory > self.memory_limit
    }

    /// Burns `milli` thousandths of a CPU besides requests from `now` on.
    pub(super) fn burn(&mut self, now: SimTime, milli: u64) {
        self.work.besides_used = self.work.besides_up_to(now);
        self.work.besides_since = now;
        self.work.besides = milli + self.model.idle_cpu_milli;
    }

    /// Takes a request on; none when it will never be answered.
    pub(super) fn take(
        &mut self,
        now: SimTime,
        (client, number): (Slot, u64),
        slow: Span,
    ) -> Option<SimTime> {
        if self.hangs || self.queue.len() >= QUEUE_MAX {
            return None;
        }
        let worked = self.work.take(now, self.model.cpu_per_request);
        let done_at = worked + self.model.wait_per_request + slow;
        // Answers leave in order; a connection that got faster again waits for those before it.
        let done_at = self.queue.back().map_or(done_at, |last| done_at.max(last.done_at));
        self.queue.push_back(Request { client, number, done_at });
        Some(done_at)
    }

    /// What a probe gets, and after what time.
    pub(super) fn probe(
        &self,
        now: SimTime,
        (probe, timeout): (ProbeKind, Span),
        (slow, not_ready): (Span, bool),
    ) -> (Span, ProbeOutcome) {
        let Some(since) = self.since().filter(|since| now >= *since) else {
            return (Span::ZERO, ProbeOutcome::Refused);
        };
        if self.hangs {
            return (timeout, ProbeOutcome::TimedOut);
        }
        // A process that got SIGTERM still answers probes of its life, but is not ready.
        if now < since + self.model.listens_after
            || self.terminating && probe == ProbeKind::Readiness
        {
            return (Span::ZERO, ProbeOutcome::Refused);
        }
        let waits = self.work.busy_until.since(now) + slow;
        if waits > timeout {
            return (timeout, ProbeOutcome::TimedOut);
        }
        let is_ready = now >= since + self.model.ready_after;
        let good = match probe {
            ProbeKind::Liveness => true,
            ProbeKind::Startup => is_ready,
            ProbeKind::Readiness => is_ready && !not_ready,
        };
        (waits, if good { ProbeOutcome::Success } else { ProbeOutcome::Unhealthy })
    }

    /// CPU use since the last measurement: `(time used, time passed)`.
    pub(super) fn measure(&mut self, now: SimTime) -> (Span, Span) {
        let used = self.work.used(now);
        let sample = (used.saturating_sub(self.work.told), now.since(self.work.told_at));
        (self.work.told, self.work.told_at) = (used, now);
        sample
    }
}

impl Work {
    /// How fast requests drain: what the limit leaves beside other work, at least a twentieth.
    fn pace(&self) -> u64 {
        self.capacity.saturating_sub(self.besides).max(self.capacity / 20).max(1)
    }

    /// Adds `cost` of CPU time; when it will be done.
    fn take(&mut self, now: SimTime, cost: Span) -> SimTime {
        let pace = self.pace();
        self.busy_until = self.busy_until.max(now) + cost.scaled(1000, pace);
        self.asked += cost;
        // One request is worked on by one thread, so it never takes less than its own CPU time.
        self.busy_until.max(now + cost.scaled(1000, pace.min(1000)))
    }

    /// CPU time burnt besides requests up to `now`, but never more than the limit allows.
    fn besides_up_to(&self, now: SimTime) -> Span {
        let rate = self.besides.min(self.capacity);
        self.besides_used + now.since(self.besides_since).scaled(rate, 1000)
    }

    /// All CPU time used up to `now`.
    fn used(&self, now: SimTime) -> Span {
        let ahead = self.busy_until.since(now).scaled(self.pace(), 1000);
        self.asked.saturating_sub(ahead) + self.besides_up_to(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Quantity;

    fn process(limit_milli: i64) -> Process {
        let mut spec = Container::default();
        spec.resources.limits.insert(reasons::CPU, Quantity::from_milli(limit_milli));
        let model = AppModel {
            cpu_per_request: Span::millis(10),
            idle_cpu_milli: 0,
            ..AppModel::default()
        };
        let place = (Uid(1), SandboxId(1), ContainerIndex(0));
        let mut process = Process::new(place, 0, Arc::new(model), (&spec, 4000));
        process.run(SimTime::ZERO);
        process
    }

    /// Gives `process` a request every `gap` for a second.
    fn load(process: &mut Process, gap: Span) {
        let mut now = SimTime::from_secs(2);
        while now < SimTime::from_secs(3) {
            process.take(now, (Slot(9), 0), Span::ZERO);
            now += gap;
        }
    }

    #[test]
    fn cpu_use_follows_from_the_requests_served() {
        let mut process = process(1000);
        process.measure(SimTime::from_secs(2));
        load(&mut process, Span::millis(20)); // 50 requests of 10 ms
        let (used, passed) = process.measure(SimTime::from_secs(3));
        assert_eq!((used, passed), (Span::millis(500), Span::secs(1)));
    }

    #[test]
    fn requests_wait_when_the_cpu_limit_is_reached() {
        let mut process = process(100); // 10 requests per second at most
        process.measure(SimTime::from_secs(2));
        load(&mut process, Span::millis(50)); // 20 per second
        let now = SimTime::from_secs(3);
        let (used, _) = process.measure(now);
        assert_eq!(used, Span::millis(100));
        let last = process.queue.back().expect("it was given requests");
        assert!(last.done_at > now + Span::millis(900), "{:?}", last.done_at);
        let probe =
            process.probe(now, (ProbeKind::Liveness, Span::millis(500)), (Span::ZERO, false));
        assert_eq!(probe.1, ProbeOutcome::TimedOut);
    }

    #[test]
    fn a_process_listens_then_is_ready() {
        let process = process(1000);
        let ask = |at, probe| {
            let asked = (probe, Span::secs(1));
            process.probe(SimTime::ZERO + Span::millis(at), asked, (Span::ZERO, false)).1
        };
        assert_eq!(ask(499, ProbeKind::Liveness), ProbeOutcome::Refused);
        assert_eq!(ask(500, ProbeKind::Liveness), ProbeOutcome::Success);
        assert_eq!(ask(999, ProbeKind::Readiness), ProbeOutcome::Unhealthy);
        assert_eq!(ask(1000, ProbeKind::Readiness), ProbeOutcome::Success);
    }
}
