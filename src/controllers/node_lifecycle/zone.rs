//! Zones: how many nodes of one may be emptied, and how fast.
//!
//! When many nodes of a zone fall silent at once, probably not the nodes are broken but the
//! network; then emptying them would only make things worse. So the controller goes slower when a
//! zone is partly down, and stops when all zones are down.
//!
//! Source: kubernetes/kubernetes:pkg/controller/nodelifecycle/node_lifecycle_controller.go
//! `ComputeZoneState` `handleDisruption`, scheduler/rate_limited_queue.go.

use std::collections::{BTreeMap, VecDeque};

use crate::api::conditions::ConditionStatus;
use crate::api::reasons::{LABEL_REGION, LABEL_ZONE};
use crate::api::{Node, Str};
use crate::kernel::{SimTime, Span};

use super::config::Config;

/// A node with this label does not count when a zone is judged.
/// Source: kubernetes/api:core/v1/well_known_labels.go `LabelNodeExcludeDisruption`.
pub const LABEL_EXCLUDE_DISRUPTION: Str = arcstr::literal!("node.kubernetes.io/exclude-disruption");

/// Region and zone of a node; both empty where nobody labelled it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zone {
    /// The region.
    pub region: Str,
    /// The zone in the region.
    pub zone: Str,
}

impl Zone {
    /// Where `node` is.
    #[must_use]
    pub fn of(node: &Node) -> Zone {
        let label = |key: &Str| node.metadata.labels.get(key).cloned().unwrap_or_default();
        Zone { region: label(&LABEL_REGION), zone: label(&LABEL_ZONE) }
    }
}

/// How a zone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneState {
    /// Not judged yet.
    Initial,
    /// Most nodes are ready.
    Normal,
    /// Many nodes are not ready.
    PartialDisruption,
    /// No node is ready.
    FullDisruption,
}

/// How many nodes of a zone are ready and how many are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Ready nodes.
    pub ready: u32,
    /// Other nodes.
    pub not_ready: u32,
}

impl Count {
    /// Counts one more node.
    pub fn add(&mut self, ready: Option<ConditionStatus>) {
        if ready == Some(ConditionStatus::True) {
            self.ready += 1;
        } else {
            self.not_ready += 1;
        }
    }

    fn all(self) -> u32 {
        self.ready + self.not_ready
    }

    /// How a zone with so many nodes is.
    #[must_use]
    pub fn state(self, config: &Config) -> ZoneState {
        let share = f64::from(self.not_ready) / f64::from(self.all().max(1));
        if self.ready == 0 && self.not_ready > 0 {
            ZoneState::FullDisruption
        } else if self.not_ready > 2 && share >= config.unhealthy_zone_threshold {
            ZoneState::PartialDisruption
        } else {
            ZoneState::Normal
        }
    }
}

/// What the judgement of all zones asks for beyond the rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing.
    None,
    /// All zones went down: no node is emptied any longer, and NoExecute taints are taken off.
    AllDown,
    /// Not all zones are down any longer: every node's silence begins anew.
    Recovered,
}

/// All zones.
#[derive(Clone, Debug, Default)]
pub struct Zones {
    states: BTreeMap<Zone, ZoneState>,
    queues: BTreeMap<Zone, TaintQueue>,
}

impl Zones {
    /// Makes sure that the zone has a queue.
    pub fn ensure(&mut self, zone: &Zone, config: &Config) {
        if !self.queues.contains_key(zone) {
            self.queues.insert(zone.clone(), TaintQueue::new(config.eviction_rate));
        }
    }

    /// The nodes of a zone that wait for their NoExecute taint.
    pub fn queue(&mut self, zone: &Zone) -> Option<&mut TaintQueue> {
        self.queues.get_mut(zone)
    }

    /// How a zone was last judged.
    #[must_use]
    pub fn state(&self, zone: &Zone) -> ZoneState {
        self.states.get(zone).copied().unwrap_or(ZoneState::Initial)
    }

    /// All zones that have been judged.
    pub fn states(&self) -> impl Iterator<Item = (&Zone, ZoneState)> {
        self.states.iter().map(|(zone, state)| (zone, *state))
    }

    /// Judges all zones by their nodes and sets the rates.
    pub fn judge(&mut self, counts: &BTreeMap<Zone, Count>, config: &Config, now: SimTime) -> Turn {
        self.states.retain(|zone, _| counts.contains_key(zone));
        for zone in counts.keys() {
            self.states.entry(zone.clone()).or_insert(ZoneState::Initial);
        }
        let down = ZoneState::FullDisruption;
        let all_were_down = self.states.values().all(|state| *state == down);
        let all_are_down = counts.values().all(|count| count.state(config) == down);
        match (all_were_down, all_are_down) {
            (true, true) => Turn::None,
            (false, true) => {
                for (zone, state) in &mut self.states {
                    *state = down;
                    if let Some(queue) = self.queues.get_mut(zone) {
                        queue.set_rate(0.0, now);
                    }
                }
                Turn::AllDown
            }
            (was, false) => {
                for (zone, state) in &mut self.states {
                    let count = counts.get(zone).copied().unwrap_or_default();
                    let new = count.state(config);
                    if (was || *state != new)
                        && let Some(queue) = self.queues.get_mut(zone)
                    {
                        queue.set_rate(rate(new, count, config), now);
                    }
                    *state = new;
                }
                if was { Turn::Recovered } else { Turn::None }
            }
        }
    }
}

/// How many nodes a second may be emptied in a zone.
fn rate(state: ZoneState, count: Count, config: &Config) -> f64 {
    match state {
        ZoneState::Initial | ZoneState::Normal | ZoneState::FullDisruption => config.eviction_rate,
        ZoneState::PartialDisruption if count.all() > config.large_cluster_size_threshold => {
            config.secondary_eviction_rate
        }
        ZoneState::PartialDisruption => 0.0,
    }
}

/// The nodes of one zone that wait for their NoExecute taint; a node that had its turn is
/// remembered and does not wait again until it was ready in between.
///
/// The limit is a token bucket for one token (upstream: `EvictionRateLimiterBurst` = 1).
#[derive(Clone, Debug)]
pub struct TaintQueue {
    waiting: VecDeque<Str>,
    /// Whether each known node still waits.
    known: BTreeMap<Str, bool>,
    rate: f64,
    /// When there is a token.
    token_at: SimTime,
}

/// When the next node may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// Now, and the token is taken.
    Taken,
    /// After this long.
    In(Span),
    /// Not at the present rate.
    Never,
}

impl TaintQueue {
    /// An empty queue with `rate` [nodes/s].
    #[must_use]
    pub fn new(rate: f64) -> Self {
        TaintQueue {
            waiting: VecDeque::new(),
            known: BTreeMap::new(),
            rate,
            token_at: SimTime::ZERO,
        }
    }

    /// Lets a node wait; whether it did not before.
    pub fn add(&mut self, node: &Str) -> bool {
        let new = !self.known.contains_key(node);
        if new {
            self.known.insert(node.clone(), true);
            self.waiting.push_back(node.clone());
        }
        new
    }

    /// The node has had its turn, but lacks its taint: it may wait again.
    pub fn lacks_taint(&mut self, node: &Str) {
        if self.known.get(node) == Some(&false) {
            self.known.remove(node);
        }
    }

    /// The node is ready again, or gone.
    pub fn remove(&mut self, node: &Str) {
        if self.known.remove(node) == Some(true) {
            self.waiting.retain(|waiting| waiting != node);
        }
    }

    /// The node whose turn it is.
    #[must_use]
    pub fn head(&self) -> Option<&Str> {
        self.waiting.front()
    }

    /// The node at the head has had its turn.
    pub fn done(&mut self) {
        if let Some(node) = self.waiting.pop_front() {
            self.known.insert(node, false);
        }
    }

    /// The node had its turn in vain: it waits again, behind the others.
    pub fn again(&mut self, node: Str) {
        if let Some(waits) = self.known.get_mut(&node)
            && !std::mem::replace(waits, true)
        {
            self.waiting.push_back(node);
        }
    }

    /// Takes a token, if there is one.
    pub fn take(&mut self, now: SimTime) -> Token {
        let Some(interval) = interval(self.rate) else { return Token::Never };
        if self.token_at > now {
            return Token::In(self.token_at.since(now));
        }
        self.token_at = now + interval;
        Token::Taken
    }

    /// Another rate. A bucket that is being waited for is followed by an empty one.
    fn set_rate(&mut self, rate: f64, now: SimTime) {
        if rate.to_bits() == self.rate.to_bits() {
            return;
        }
        let empty = interval(self.rate).is_none() || self.token_at > now;
        self.rate = rate;
        self.token_at = interval(rate).filter(|_| empty).map_or(now, |interval| now + interval);
    }
}

/// The time between two tokens; none when there are none.
#[expect(clippy::cast_possible_truncation, reason = "cutting the fraction off is the purpose")]
#[expect(clippy::cast_sign_loss, reason = "a rate that is not above zero has left already")]
fn interval(rate: f64) -> Option<Span> {
    (rate > 0.0).then(|| Span::nanos((1e9 / rate) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> SimTime {
        SimTime::from_secs(secs)
    }

    fn counts(zones: &[(&str, u32, u32)]) -> BTreeMap<Zone, Count> {
        let zone = |name: &str| Zone { region: "r".into(), zone: name.into() };
        let count = |ready, not_ready| Count { ready, not_ready };
        zones.iter().map(|(name, ready, not)| (zone(name), count(*ready, *not))).collect()
    }

    fn zones() -> (Zones, Config) {
        let (mut zones, config) = (Zones::default(), Config::default());
        for zone in counts(&[("a", 1, 0), ("b", 1, 0)]).keys() {
            zones.ensure(zone, &config);
        }
        (zones, config)
    }

    fn rate_of(zones: &mut Zones, name: &str) -> f64 {
        let zone = Zone { region: "r".into(), zone: name.into() };
        zones.queue(&zone).map_or(-1.0, |queue| queue.rate)
    }

    #[test]
    fn two_nodes_are_never_many() {
        let config = Config::default();
        assert_eq!(Count { ready: 1, not_ready: 2 }.state(&config), ZoneState::Normal);
        assert_eq!(Count { ready: 2, not_ready: 3 }.state(&config), ZoneState::PartialDisruption);
        assert_eq!(Count { ready: 0, not_ready: 1 }.state(&config), ZoneState::FullDisruption);
        assert_eq!(Count { ready: 9, not_ready: 11 }.state(&config), ZoneState::PartialDisruption);
        assert_eq!(Count { ready: 10, not_ready: 11 }.state(&config), ZoneState::Normal);
    }

    #[test]
    fn a_small_zone_that_is_partly_down_is_left_alone_a_large_one_is_emptied_slowly() {
        let (mut zones, config) = zones();
        zones.judge(&counts(&[("a", 1, 4), ("b", 10, 41)]), &config, at(0));
        assert_eq!(rate_of(&mut zones, "a"), 0.0);
        assert_eq!(rate_of(&mut zones, "b"), 0.01);
        zones.judge(&counts(&[("a", 0, 5), ("b", 51, 0)]), &config, at(5));
        assert_eq!(rate_of(&mut zones, "a"), 0.1, "one zone alone may be down");
        assert_eq!(rate_of(&mut zones, "b"), 0.1);
    }

    #[test]
    fn when_all_zones_are_down_nobody_is_emptied() {
        let (mut zones, config) = zones();
        let down = counts(&[("a", 0, 5), ("b", 0, 5)]);
        assert_eq!(zones.judge(&counts(&[("a", 5, 0), ("b", 5, 0)]), &config, at(0)), Turn::None);
        assert_eq!(zones.judge(&down, &config, at(5)), Turn::AllDown);
        assert_eq!(rate_of(&mut zones, "a"), 0.0);
        assert_eq!(zones.judge(&down, &config, at(10)), Turn::None);
        let up = counts(&[("a", 1, 4), ("b", 0, 5)]);
        assert_eq!(zones.judge(&up, &config, at(15)), Turn::Recovered);
        assert_eq!(rate_of(&mut zones, "b"), 0.1);
    }

    #[test]
    fn the_queue_gives_one_node_in_ten_seconds() {
        let mut queue = TaintQueue::new(0.1);
        assert!(queue.add(&"n1".into()));
        assert!(!queue.add(&"n1".into()));
        assert_eq!(queue.take(at(100)), Token::Taken);
        assert_eq!(queue.take(at(103)), Token::In(Span::secs(7)));
        assert_eq!(queue.take(at(110)), Token::Taken);
        queue.set_rate(0.0, at(111));
        assert_eq!(queue.take(at(500)), Token::Never);
        queue.set_rate(0.1, at(500));
        assert_eq!(queue.take(at(500)), Token::In(Span::secs(10)), "the new bucket is empty");
    }
}
