//! The frame around one controller: its queue, its workers, its limit of calls.
//!
//! A worker takes a key, thinks for [`SYNC_TIME`], makes the calls of the plan and keeps the key
//! until every answer is in. Meanwhile the same key can be added to the queue, but nobody else
//! takes it.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::sync::Arc;

use crate::client::{TokenBucket, WorkQueue};
use crate::kernel::{EventId, SimTime, Span};
use crate::wire::api::ApiCall;
use crate::wire::metrics::Usage;

use super::caches::Change;
use super::causes::Causes;
use super::config::Config;
use super::reconcile::{Answer, Controller, Next, Plan, Question, Queue, Said, View, is_failure};

/// How long a worker reads its caches and thinks before it acts.
///
/// Simplified: one typical time for all controllers and all sizes.
pub const SYNC_TIME: Span = Span::millis(1);

/// One line of the list of controllers.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The controller's name.
    pub name: &'static str,
    /// Makes it.
    pub make: fn(&Config) -> Box<dyn Run>,
}

/// What the manager does with a controller, whatever its keys are.
pub trait Run: Debug + Send + Sync {
    /// A copy of it, with all its state.
    fn boxed(&self) -> Box<dyn Run>;
    /// Its name.
    fn name(&self) -> &'static str;
    /// The `source.component` of its Events.
    fn event_source(&self) -> &'static str;
    /// How often its turn comes without any change.
    fn period(&self, config: &Config) -> Option<Span>;
    /// Something changed; whether the controller cares for that kind.
    fn observe(&mut self, view: &View<'_>, change: &Change) -> bool;
    /// Its period is over.
    fn tick(&mut self, view: &View<'_>);
    /// Lets the next free worker take a key; the worker's number.
    fn take(&mut self, now: SimTime) -> Option<u16>;
    /// The event because of which the worker works.
    fn cause(&self, worker: u16) -> Option<EventId>;
    /// The worker has thought.
    fn work(&mut self, view: &View<'_>, worker: u16) -> Vec<Said>;
    /// An answer to a call of a worker came; what is to be recorded when it was the last one.
    fn answer(&mut self, view: &View<'_>, place: Place, answer: Answer) -> Vec<Said>;
    /// What it wants to ask the metrics server since the last time.
    fn questions(&mut self) -> Vec<Question>;
    /// The metrics server answered; none: there is no metrics server.
    fn told(&mut self, view: &View<'_>, id: u64, usage: Option<&Arc<Usage>>);
    /// The next call that the limit lets pass.
    fn send(&mut self, now: SimTime) -> Option<(Place, ApiCall)>;
    /// When a delayed key is due or a waiting call may go.
    fn next_due(&self, now: SimTime) -> Option<SimTime>;
    /// Keys that wait, and workers that work.
    fn load(&self) -> (usize, usize);
}

impl Clone for Box<dyn Run> {
    fn clone(&self) -> Self {
        self.boxed()
    }
}

/// Which call of which worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The worker.
    pub worker: u16,
    /// The call's place in the plan.
    pub call: u16,
}

/// A controller with its queue and its workers.
#[derive(Clone, Debug)]
pub struct Runner<C: Controller> {
    controller: C,
    queue: WorkQueue<C::Key>,
    causes: Causes<C::Key>,
    workers: Vec<Option<Job<C>>>,
    /// Calls that wait for the limit.
    outbox: VecDeque<(Place, ApiCall)>,
    bucket: TokenBucket,
}

/// What a worker is at.
#[derive(Clone, Debug)]
struct Job<C: Controller> {
    key: C::Key,
    cause: Option<EventId>,
    /// What comes after the answers; none while it thinks for the first time.
    next: Option<Next<C::Progress>>,
    answers: Vec<Option<Answer>>,
    missing: usize,
}

impl<C: Controller> Runner<C> {
    /// Its line in the list.
    pub const ENTRY: Entry =
        Entry { name: C::NAME, make: |config| Box::new(Runner::<C>::new(config)) };

    /// The controller as its process starts.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let workers = usize::try_from(C::workers(config)).unwrap_or(1).clamp(1, MAX_WORKERS);
        Runner {
            controller: C::new(config),
            queue: WorkQueue::new(C::retry_limit()),
            causes: Causes::default(),
            workers: vec![None; workers],
            outbox: VecDeque::new(),
            bucket: TokenBucket::new(config.kube_api_qps, config.kube_api_burst),
        }
    }

    /// The controller, and its queue as it may touch it.
    fn hands(&mut self, view: &View<'_>) -> (&mut C, Queue<'_, C::Key>) {
        let (inner, causes) = (&mut self.queue, &mut self.causes);
        (&mut self.controller, Queue { inner, now: view.now.0, causes, event: view.event })
    }

    /// Puts a plan to work; ends the job when it has no calls.
    fn follow(
        &mut self,
        view: &View<'_>,
        worker: u16,
        (key, cause): (C::Key, Option<EventId>),
        mut plan: Plan<C::Progress>,
    ) -> Vec<Said> {
        let mut said = std::mem::take(&mut plan.events);
        // A plan without calls that wants to go on goes on at once.
        while plan.calls.is_empty() {
            let Next::Resume(progress) = plan.next else {
                self.end(view.now.0, worker, (&key, cause), verdict(&plan.next, &[]));
                return said;
            };
            plan = self.controller.resume(view, &key, progress, Vec::new());
            said.append(&mut plan.events);
        }
        let missing = plan.calls.len();
        for (index, call) in plan.calls.into_iter().enumerate() {
            let call_place = u16::try_from(index).expect("a plan has fewer than 65,536 calls");
            self.outbox.push_back((Place { worker, call: call_place }, call));
        }
        let answers = vec![None; missing];
        let job = Job { key, cause, next: Some(plan.next), answers, missing };
        self.workers[usize::from(worker)] = Some(job);
        said
    }

    /// The work on a key has ended.
    fn end(
        &mut self,
        now: SimTime,
        worker: u16,
        (key, cause): (&C::Key, Option<EventId>),
        verdict: Verdict,
    ) {
        self.workers[usize::from(worker)] = None;
        let comes_back = |causes: &mut Causes<C::Key>| {
            if let Some(cause) = cause {
                causes.add_after(key, cause);
            }
        };
        match verdict {
            Verdict::Well(after) => {
                self.queue.forget(key);
                if let Some(span) = after {
                    comes_back(&mut self.causes);
                    self.queue.add_after(key.clone(), span, now);
                }
            }
            Verdict::Badly
                if C::MAX_RETRIES.is_some_and(|max| self.queue.num_requeues(key) >= max) =>
            {
                self.queue.forget(key);
            }
            Verdict::Badly => {
                comes_back(&mut self.causes);
                self.queue.add_rate_limited(key.clone(), now);
            }
        }
        self.queue.done(key);
    }
}

/// How the work on a key ended.
#[derive(Clone, Copy, Debug)]
enum Verdict {
    /// Well; when to look again without being asked.
    Well(Option<Span>),
    /// Badly: it must be tried again.
    Badly,
}

fn verdict<P>(next: &Next<P>, answers: &[Answer]) -> Verdict {
    match next {
        Next::Done { after } if !answers.iter().any(is_failure) => Verdict::Well(*after),
        Next::Done { .. } | Next::Retry | Next::Resume(_) => Verdict::Badly,
    }
}

/// More workers than any flag asks for.
const MAX_WORKERS: usize = 1_000;

impl<C: Controller> Run for Runner<C> {
    fn boxed(&self) -> Box<dyn Run> {
        Box::new(self.clone())
    }

    fn name(&self) -> &'static str {
        C::NAME
    }

    fn event_source(&self) -> &'static str {
        C::EVENT_SOURCE
    }

    fn period(&self, config: &Config) -> Option<Span> {
        C::period(config)
    }

    fn observe(&mut self, view: &View<'_>, change: &Change) -> bool {
        let cares = C::KINDS.contains(&change.kind());
        if cares {
            let (controller, mut queue) = self.hands(view);
            controller.observe(view, change, &mut queue);
        }
        cares
    }

    fn tick(&mut self, view: &View<'_>) {
        let (controller, mut queue) = self.hands(view);
        controller.tick(view, &mut queue);
    }

    fn take(&mut self, now: SimTime) -> Option<u16> {
        let free = self.workers.iter().position(Option::is_none)?;
        let key = self.queue.get(now)?;
        let cause = self.causes.take(&key, self.queue.is_delayed(&key));
        self.workers[free] = Some(Job { key, cause, next: None, answers: Vec::new(), missing: 0 });
        Some(u16::try_from(free).expect("there are fewer workers than MAX_WORKERS"))
    }

    fn cause(&self, worker: u16) -> Option<EventId> {
        self.workers.get(usize::from(worker))?.as_ref()?.cause
    }

    fn work(&mut self, view: &View<'_>, worker: u16) -> Vec<Said> {
        let job = self.workers.get_mut(usize::from(worker)).and_then(Option::take);
        let Some(Job { key, cause, next: None, .. }) = job else { return Vec::new() };
        let plan = self.controller.reconcile(view, &key);
        self.follow(view, worker, (key, cause), plan)
    }

    fn answer(&mut self, view: &View<'_>, place: Place, answer: Answer) -> Vec<Said> {
        let slot = &mut self.workers[usize::from(place.worker)];
        let Some(job) = slot.as_mut() else { return Vec::new() };
        let was_missing = job.answers[usize::from(place.call)].replace(answer).is_none();
        job.missing -= usize::from(was_missing);
        if job.missing > 0 {
            return Vec::new();
        }
        let Some(Job { key, cause, next: Some(next), answers, .. }) = slot.take() else {
            return Vec::new();
        };
        let answers: Vec<Answer> = answers.into_iter().flatten().collect();
        if let Next::Resume(progress) = next {
            let plan = self.controller.resume(view, &key, progress, answers);
            self.follow(view, place.worker, (key, cause), plan)
        } else {
            self.end(view.now.0, place.worker, (&key, cause), verdict(&next, &answers));
            Vec::new()
        }
    }

    fn questions(&mut self) -> Vec<Question> {
        self.controller.questions()
    }

    fn told(&mut self, view: &View<'_>, id: u64, usage: Option<&Arc<Usage>>) {
        let (controller, mut queue) = self.hands(view);
        controller.told(id, usage, &mut queue);
    }

    fn send(&mut self, now: SimTime) -> Option<(Place, ApiCall)> {
        if self.outbox.is_empty() || !self.bucket.try_take(now) {
            return None;
        }
        self.outbox.pop_front()
    }

    fn next_due(&self, now: SimTime) -> Option<SimTime> {
        let call = (!self.outbox.is_empty()).then(|| now + self.bucket.wait(now));
        call.into_iter().chain(self.queue.next_due()).min()
    }

    fn load(&self) -> (usize, usize) {
        (self.queue.len(), self.workers.iter().flatten().count())
    }
}

impl<K: Ord + Clone> Queue<'_, K> {
    /// Wants `key` to be looked at.
    pub fn add(&mut self, key: K) {
        self.causes.add(&key, self.event);
        self.inner.add(key);
    }

    /// Wants `key` to be looked at after `delay`.
    pub fn add_after(&mut self, key: K, delay: Span) {
        if delay.is_zero() {
            return self.add(key);
        }
        self.causes.add_after(&key, self.event);
        self.inner.add_after(key, delay, self.now);
    }
}
