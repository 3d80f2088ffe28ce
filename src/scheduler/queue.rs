//! The pods that wait for a node.
//!
//! - *active*: ready to be tried, by priority and time of waiting;
//! - *backing off*: tried before, and to be tried again when their back-off is over, or at once
//!   when nothing is active (those that failed by an error wait in any case);
//! - *unschedulable*: refused by plugins, waiting for an event that helps; nobody waits longer than
//!   five minutes;
//! - *in flight*: being tried. What happens meanwhile is remembered, since it may be just what the
//!   pod will turn out to wait for.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/backend/queue/scheduling_queue.go.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::api::Uid;
use crate::kernel::{FixedMap, SimTime, Span};

use super::events::ClusterEvent;
use super::framework::{PluginSet, Profile};
use super::node_info::PodInfo;
use super::plugins::priority_sort::{SortKey, sort_key};

/// First back-off. Source: kubernetes/kubernetes:pkg/scheduler/apis/config/v1/defaults.go.
pub const POD_INITIAL_BACKOFF: Span = Span::secs(1);
/// Longest back-off. Source: kubernetes/kubernetes:pkg/scheduler/apis/config/v1/defaults.go.
pub const POD_MAX_BACKOFF: Span = Span::secs(10);
/// Longest stay among the unschedulable.
/// Source: kubernetes/kubernetes:pkg/scheduler/backend/queue `DefaultPodMaxInUnschedulablePodsDuration`.
pub const MAX_IN_UNSCHEDULABLE: Span = Span::mins(5);
/// How often the back-off queue is looked at; ends of back-offs are rounded down to it.
/// Source: kubernetes/kubernetes:pkg/scheduler/backend/queue/backoff_queue.go.
pub const BACKOFF_FLUSH_PERIOD: Span = Span::secs(1);
/// How often it is looked for pods that have been unschedulable for too long.
/// Source: kubernetes/kubernetes:pkg/scheduler/backend/queue/scheduling_queue.go `Run`.
pub const UNSCHEDULABLE_FLUSH_PERIOD: Span = Span::secs(30);

/// How a queue behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueConfig {
    /// `podInitialBackoffSeconds`.
    pub initial_backoff: Span,
    /// `podMaxBackoffSeconds`.
    pub max_backoff: Span,
    /// `podMaxInUnschedulablePodsDuration`.
    pub max_in_unschedulable: Span,
    /// Whether back-offs are cut short when nothing is active (feature gate
    /// `SchedulerPopFromBackoffQ`, on by default since 1.33).
    pub pop_from_backoff: bool,
}

impl Default for QueueConfig {
    fn default() -> Self {
        QueueConfig {
            initial_backoff: POD_INITIAL_BACKOFF,
            max_backoff: POD_MAX_BACKOFF,
            max_in_unschedulable: MAX_IN_UNSCHEDULABLE,
            pop_from_backoff: true,
        }
    }
}

/// How long a pod waits after its `attempts`-th failure: doubling from `initial`, at most `max`.
#[must_use]
pub fn backoff_duration(initial: Span, max: Span, attempts: u32) -> Span {
    let Some(doublings) = attempts.checked_sub(1) else { return Span::default() };
    let bound = max.as_nanos().checked_shr(doublings).unwrap_or(0);
    if initial.as_nanos() > bound { max } else { Span::nanos(initial.as_nanos() << doublings) }
}

/// A place among those that back off: end (whole seconds), then as in the active queue.
type BackoffKey = (SimTime, SortKey);

/// Where a pod is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Active,
    Backoff(SimTime),
    /// As `Backoff`, after an error: not to be cut short.
    ErrorBackoff(SimTime),
    Unschedulable(PluginSet),
    /// Being tried since this event.
    InFlight(u64),
}

#[derive(Clone, Debug)]
struct Entry {
    info: Arc<PodInfo>,
    attempts: u32,
    /// Since when it waits (the last failure).
    since: SimTime,
    number: u64,
    place: Place,
    /// Whether the pod itself changed while it was in flight.
    changed: bool,
}

/// The queue.
#[derive(Clone, Debug)]
pub struct Queue {
    config: QueueConfig,
    pods: FixedMap<Uid, Entry>,
    active: BTreeSet<SortKey>,
    backoff: BTreeSet<BackoffKey>,
    error_backoff: BTreeSet<BackoffKey>,
    unschedulable: BTreeMap<PluginSet, BTreeSet<(SimTime, Uid)>>,
    in_flight: BTreeSet<(u64, Uid)>,
    events: VecDeque<ClusterEvent>,
    first_event: u64,
    last_number: u64,
}

/// How many pods are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueSizes {
    /// Ready to be tried.
    pub active: usize,
    /// Backing off.
    pub backoff: usize,
    /// Waiting for an event.
    pub unschedulable: usize,
    /// Being tried.
    pub in_flight: usize,
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub fn new(config: QueueConfig) -> Self {
        Queue {
            config,
            pods: FixedMap::default(),
            active: BTreeSet::new(),
            backoff: BTreeSet::new(),
            error_backoff: BTreeSet::new(),
            unschedulable: BTreeMap::new(),
            in_flight: BTreeSet::new(),
            events: VecDeque::new(),
            first_event: 0,
            last_number: 0,
        }
    }

    /// How many pods are where.
    #[must_use]
    pub fn sizes(&self) -> QueueSizes {
        QueueSizes {
            active: self.active.len(),
            backoff: self.backoff.len() + self.error_backoff.len(),
            unschedulable: self.unschedulable.values().map(BTreeSet::len).sum(),
            in_flight: self.in_flight.len(),
        }
    }

    /// Whether the pod is anywhere in here.
    #[must_use]
    pub fn contains(&self, uid: Uid) -> bool {
        self.pods.contains(&uid)
    }

    /// A pod that needs a node, new or changed. A change that matters brings it back into play.
    pub fn add(&mut self, info: Arc<PodInfo>, now: SimTime) {
        let uid = info.pod.metadata.uid;
        let Some(entry) = self.pods.get_mut(&uid) else {
            self.last_number += 1;
            let number = self.last_number;
            let place = Place::Active;
            self.active.insert(sort_key(&info.pod, now, number));
            let entry = Entry { info, attempts: 0, since: now, number, place, changed: false };
            self.pods.insert(uid, entry);
            return;
        };
        let (old, new) = (&entry.info.pod, &info.pod);
        let matters = old.spec != new.spec || old.metadata.labels != new.metadata.labels;
        if !matters {
            entry.info = info;
            return;
        }
        let place = entry.place;
        self.take_out(uid);
        if let Some(entry) = self.pods.get_mut(&uid) {
            entry.info = info;
            entry.changed = true;
        }
        match place {
            Place::Unschedulable(_) => self.retry(uid, now),
            Place::Active | Place::Backoff(_) | Place::ErrorBackoff(_) | Place::InFlight(_) => {
                self.put(uid, place);
            }
        }
    }

    /// The pod needs no node any more: it is gone, or bound.
    pub fn remove(&mut self, uid: Uid) {
        self.take_out(uid);
        self.pods.remove(&uid);
        self.forget_old_events();
    }

    /// The next pod to try; it is in flight until [`Queue::remove`] or [`Queue::give_back`].
    pub fn pop(&mut self) -> Option<Arc<PodInfo>> {
        let first = self.active.first().map(|(.., uid)| *uid);
        let early = || self.backoff.first().map(|(_, (.., uid))| *uid);
        let uid = first.or_else(|| if self.config.pop_from_backoff { early() } else { None })?;
        self.take_out(uid);
        let entry = self.pods.get_mut(&uid).expect("a queued pod has an entry");
        entry.attempts += 1;
        entry.changed = false;
        let info = Arc::clone(&entry.info);
        let event = self.first_event + self.events.len() as u64;
        self.put(uid, Place::InFlight(event));
        Some(info)
    }

    /// Whether [`Queue::pop`] would find a pod.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.active.is_empty() || (self.config.pop_from_backoff && !self.backoff.is_empty())
    }

    /// The pod was decided on: what happens from now on needs not be remembered for it.
    pub fn decided(&mut self, uid: Uid) {
        if let Some(Entry { place: Place::InFlight(event), .. }) = self.pods.get(&uid) {
            self.in_flight.remove(&(*event, uid));
            self.forget_old_events();
        }
    }

    /// The pod could not be given a node. With plugins that refused it, it waits for an event
    /// that helps (perhaps one that happened meanwhile); without any (an error), it backs off.
    pub fn give_back(&mut self, uid: Uid, refused_by: PluginSet, profile: &Profile, now: SimTime) {
        let Some(entry) = self.pods.get_mut(&uid) else { return };
        let Place::InFlight(since_event) = entry.place else { return };
        entry.since = now;
        let info = Arc::clone(&entry.info);
        let changed = entry.changed;
        self.take_out(uid);
        if refused_by.is_empty() {
            let until = self.backoff_end(uid);
            let over = until <= whole_second(now);
            self.put(uid, if over { Place::Active } else { Place::ErrorBackoff(until) });
        } else {
            let known = usize::try_from(since_event.saturating_sub(self.first_event)).unwrap_or(0);
            let helps = |event: &ClusterEvent| profile.hint(refused_by, &info, event);
            if changed || self.events.iter().skip(known).any(helps) {
                self.retry(uid, now);
            } else {
                self.put(uid, Place::Unschedulable(refused_by));
            }
        }
        self.forget_old_events();
    }

    /// Something happened: pods that it may help come back into play.
    pub fn on_event(&mut self, event: &ClusterEvent, profile: &Profile, now: SimTime) {
        if !self.in_flight.is_empty() {
            self.events.push_back(event.clone());
        }
        let concerned = event.concerns();
        let mut helped = Vec::new();
        for (refused_by, pods) in &self.unschedulable {
            if refused_by.meets(concerned) {
                let helps = |uid: &Uid| {
                    self.pods.get(uid).is_some_and(|e| profile.hint(*refused_by, &e.info, event))
                };
                helped.extend(pods.iter().map(|(_, uid)| *uid).filter(helps));
            }
        }
        for uid in helped {
            self.take_out(uid);
            self.retry(uid, now);
        }
    }

    /// Moves on whoever has backed off, or has been unschedulable, for long enough.
    pub fn flush(&mut self, now: SimTime) {
        let second = whole_second(now);
        let over = |keys: &BTreeSet<BackoffKey>| -> Vec<Uid> {
            keys.iter().take_while(|(end, _)| *end <= second).map(|(_, (.., uid))| *uid).collect()
        };
        let mut due = over(&self.backoff);
        due.extend(over(&self.error_backoff));
        for uid in due {
            self.take_out(uid);
            self.put(uid, Place::Active);
        }
        let limit = self.config.max_in_unschedulable;
        let old: Vec<Uid> = self
            .unschedulable
            .values()
            .flat_map(|pods| pods.iter().take_while(|(since, _)| now.since(*since) >= limit))
            .map(|(_, uid)| *uid)
            .collect();
        for uid in old {
            self.take_out(uid);
            self.retry(uid, now);
        }
    }

    /// When [`Queue::flush`] will have something to do; none while nobody waits.
    ///
    /// Upstream looks every second and every 30 s; here the looks that would find nothing are
    /// left out.
    #[must_use]
    pub fn next_flush(&self, now: SimTime) -> Option<SimTime> {
        let ends = [&self.backoff, &self.error_backoff];
        let ends = ends.iter().filter_map(|keys| keys.first().map(|(end, _)| *end));
        let limit = self.config.max_in_unschedulable;
        let oldest = self.unschedulable.values().filter_map(|pods| pods.first());
        let forced = oldest.map(|(since, _)| {
            let period = UNSCHEDULABLE_FLUSH_PERIOD.as_nanos();
            SimTime::from_nanos((*since + limit).as_nanos().div_ceil(period) * period)
        });
        let soonest = now + Span::nanos(1);
        ends.chain(forced).min().map(|at| at.max(soonest))
    }

    /// Puts a pod that is worth another try into the back-off queue or the active one.
    fn retry(&mut self, uid: Uid, now: SimTime) {
        let until = self.backoff_end(uid);
        let over = until <= whole_second(now);
        self.put(uid, if over { Place::Active } else { Place::Backoff(until) });
    }

    fn backoff_end(&self, uid: Uid) -> SimTime {
        self.pods.get(&uid).map_or(SimTime::ZERO, |entry| {
            let (initial, max) = (self.config.initial_backoff, self.config.max_backoff);
            whole_second(entry.since + backoff_duration(initial, max, entry.attempts))
        })
    }

    fn put(&mut self, uid: Uid, place: Place) {
        let Some(entry) = self.pods.get_mut(&uid) else { return };
        entry.place = place;
        let key = sort_key(&entry.info.pod, entry.since, entry.number);
        match place {
            Place::Active => {
                self.active.insert(key);
            }
            Place::Backoff(end) => {
                self.backoff.insert((end, key));
            }
            Place::ErrorBackoff(end) => {
                self.error_backoff.insert((end, key));
            }
            Place::Unschedulable(by) => {
                self.unschedulable.entry(by).or_default().insert((entry.since, uid));
            }
            Place::InFlight(event) => {
                self.in_flight.insert((event, uid));
            }
        }
    }

    /// Takes the pod out of where it is; its entry stays.
    fn take_out(&mut self, uid: Uid) {
        let Some(entry) = self.pods.get(&uid) else { return };
        let key = sort_key(&entry.info.pod, entry.since, entry.number);
        match entry.place {
            Place::Active => {
                self.active.remove(&key);
            }
            Place::Backoff(end) => {
                self.backoff.remove(&(end, key));
            }
            Place::ErrorBackoff(end) => {
                self.error_backoff.remove(&(end, key));
            }
            Place::Unschedulable(by) => {
                // `since` may have moved on for a pod that is given back; it is in flight then.
                if let Some(pods) = self.unschedulable.get_mut(&by) {
                    pods.remove(&(entry.since, uid));
                    if pods.is_empty() {
                        self.unschedulable.remove(&by);
                    }
                }
            }
            Place::InFlight(event) => {
                self.in_flight.remove(&(event, uid));
            }
        }
    }

    /// Events that happened before the oldest pod in flight concern nobody any more.
    fn forget_old_events(&mut self) {
        let end = self.first_event + self.events.len() as u64;
        let needed = self.in_flight.first().map_or(end, |(event, _)| *event);
        while self.first_event < needed {
            self.events.pop_front();
            self.first_event += 1;
        }
    }
}

/// The whole second before.
fn whole_second(at: SimTime) -> SimTime {
    let period = BACKOFF_FLUSH_PERIOD.as_nanos();
    SimTime::from_nanos(at.as_nanos() / period * period)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Node, ObjectMeta, Pod};
    use crate::scheduler::framework::PluginId;

    fn pod(uid: u64, priority: i32) -> Arc<PodInfo> {
        let metadata = ObjectMeta { uid: Uid(uid), ..ObjectMeta::default() };
        let mut pod = Pod { metadata, ..Pod::default() };
        pod.spec.priority = priority;
        Arc::new(PodInfo::of(Arc::new(pod)))
    }

    fn at(secs: u64) -> SimTime {
        SimTime::from_secs(secs)
    }

    fn refused_by_unschedulable() -> PluginSet {
        let mut set = PluginSet::default();
        set.insert(PluginId::NodeUnschedulable);
        set
    }

    fn node_came() -> ClusterEvent {
        ClusterEvent::Node { old: None, new: Arc::new(Node::default()) }
    }

    fn popped(queue: &mut Queue) -> Option<u64> {
        queue.pop().map(|info| info.pod.metadata.uid.0)
    }

    #[test]
    fn higher_priority_goes_first_then_longer_waiting() {
        let mut queue = Queue::new(QueueConfig::default());
        for (uid, priority, now) in [(1, 0, 0), (2, 5, 1), (3, 0, 0), (4, 5, 0)] {
            queue.add(pod(uid, priority), at(now));
        }
        let order: Vec<_> = std::iter::from_fn(|| popped(&mut queue)).collect();
        assert_eq!(order, [4, 2, 1, 3]);
    }

    #[test]
    fn back_offs_double_up_to_the_limit() {
        for (attempts, secs) in [(0, 0), (1, 1), (2, 2), (4, 8), (5, 10), (200, 10)] {
            let got = backoff_duration(POD_INITIAL_BACKOFF, POD_MAX_BACKOFF, attempts);
            assert_eq!(got, Span::secs(secs), "{attempts}");
        }
    }

    #[test]
    fn a_refused_pod_waits_for_an_event_that_helps() {
        let profile = Profile::default();
        let mut queue = Queue::new(QueueConfig::default());
        queue.add(pod(1, 0), at(0));
        queue.pop();
        queue.give_back(Uid(1), refused_by_unschedulable(), &profile, at(0));
        assert_eq!(queue.sizes().unschedulable, 1);
        queue.on_event(&ClusterEvent::PodAdded(Arc::new(Pod::default())), &profile, at(3));
        assert_eq!(queue.sizes().unschedulable, 1);
        queue.on_event(&node_came(), &profile, at(3));
        assert_eq!((queue.sizes().unschedulable, popped(&mut queue)), (0, Some(1)));
    }

    #[test]
    fn an_event_during_the_flight_is_not_missed() {
        let profile = Profile::default();
        let mut queue = Queue::new(QueueConfig::default());
        queue.add(pod(1, 0), at(0));
        queue.pop();
        queue.on_event(&node_came(), &profile, at(0));
        queue.give_back(Uid(1), refused_by_unschedulable(), &profile, at(0));
        assert_eq!((queue.sizes().unschedulable, queue.sizes().backoff), (0, 1));
        assert!(queue.events.is_empty(), "nobody in flight needs the event any more");
    }

    #[test]
    fn errors_back_off_and_the_forgotten_come_back_after_five_minutes() {
        let profile = Profile::default();
        let mut queue = Queue::new(QueueConfig::default());
        queue.add(pod(1, 0), at(0));
        queue.add(pod(2, 0), at(0));
        queue.pop();
        queue.pop();
        queue.give_back(Uid(1), PluginSet::default(), &profile, at(7));
        queue.give_back(Uid(2), refused_by_unschedulable(), &profile, at(7));
        assert!(!queue.is_ready(), "an error's back-off is not cut short");
        assert_eq!(queue.next_flush(at(7)), Some(at(8)));
        queue.flush(at(8));
        assert_eq!(popped(&mut queue), Some(1));
        assert_eq!(queue.next_flush(at(8)), Some(at(330)));
        queue.flush(at(330));
        assert_eq!(popped(&mut queue), Some(2));
    }
}
