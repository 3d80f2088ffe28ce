//! How fast a target may grow and shrink: policies over what was changed lately, and bounds.
//!
//! Source: kubernetes/kubernetes:pkg/controller/podautoscaler/horizontal.go
//! `convertDesiredReplicasWithBehaviorRate` `calculateScaleUpLimitWithScalingRules`
//! `storeScaleEvent`; defaults: pkg/apis/autoscaling/v2/defaults.go.

use crate::api::autoscaling::{Behavior, ScalingRules};
use crate::api::{Str, Time};
use crate::kernel::Span;

use super::replica_calc::ceil;
use super::stabilize::Windows;

/// Which of several policies counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Select {
    /// The one that allows the greatest change.
    #[default]
    Max,
    /// The one that allows the least change.
    Min,
    /// None: no change in this direction.
    Disabled,
}

/// What a policy allows within its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many pods.
    Pods(i32),
    /// So many percent of the pods at the beginning of the period.
    Percent(i32),
}

/// One bound on the speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How much.
    pub amount: Amount,
    /// Within how long.
    pub period: Span,
}

/// The rules of one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Which policy counts.
    pub select: Select,
    /// The policies.
    pub policies: Vec<Policy>,
    /// How far back proposals are looked at; none means the controller's flag (down).
    pub window: Option<Span>,
}

impl Rules {
    /// Up, where nothing is said: 4 pods or 100 % in 15 s, whichever is more; no window.
    #[must_use]
    pub fn default_up() -> Self {
        let period = Span::secs(15);
        let policies = vec![
            Policy { amount: Amount::Pods(4), period },
            Policy { amount: Amount::Percent(100), period },
        ];
        Rules { select: Select::Max, policies, window: Some(Span::ZERO) }
    }

    /// Down, where nothing is said: 100 % in 15 s.
    #[must_use]
    pub fn default_down() -> Self {
        let policies = vec![Policy { amount: Amount::Percent(100), period: Span::secs(15) }];
        Rules { select: Select::Max, policies, window: None }
    }

    /// These rules, where `said` says nothing else.
    fn with(mut self, said: Option<&ScalingRules>) -> Self {
        let Some(said) = said else { return self };
        self.select = match said.select_policy.as_str() {
            "Min" => Select::Min,
            "Disabled" => Select::Disabled,
            _ => self.select,
        };
        if let Some(seconds) = said.stabilization_window_seconds {
            self.window = Some(secs(seconds));
        }
        if let Some(policies) = &said.policies {
            let policy = |policy: &crate::api::autoscaling::ScalingPolicy| Policy {
                amount: if policy.kind == "Pods" {
                    Amount::Pods(policy.value)
                } else {
                    Amount::Percent(policy.value)
                },
                period: secs(policy.period_seconds),
            };
            self.policies = policies.iter().map(policy).collect();
        }
        self
    }

    fn longest_period(&self) -> Span {
        self.policies.iter().map(|policy| policy.period).max().unwrap_or(Span::ZERO)
    }
}

fn secs(seconds: i32) -> Span {
    Span::secs(u64::try_from(seconds).unwrap_or(0))
}

/// The rules of both directions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directions {
    /// Up.
    pub up: Rules,
    /// Down.
    pub down: Rules,
}

impl Directions {
    /// What an autoscaler's `behavior` says, completed by the defaults.
    #[must_use]
    pub fn of(behavior: &Behavior) -> Self {
        Directions {
            up: Rules::default_up().with(behavior.scale_up.as_ref()),
            down: Rules::default_down().with(behavior.scale_down.as_ref()),
        }
    }

    /// How far back proposals are looked at; `down` where nothing is said.
    #[must_use]
    pub fn windows(&self, down: Span) -> Windows {
        Windows { up: self.up.window.unwrap_or(Span::ZERO), down: self.down.window.unwrap_or(down) }
    }
}

/// A change that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScaleEvent {
    /// By so many replicas.
    pub change: i32,
    /// When.
    pub at: Time,
    /// Older than every policy: its place can be used again.
    pub outdated: bool,
}

/// The changes of the past, by direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScaleEvents {
    /// Up.
    pub up: Vec<ScaleEvent>,
    /// Down.
    pub down: Vec<ScaleEvent>,
}

impl ScaleEvents {
    /// Remembers a change, if there are rules that will ask for it.
    pub fn store(&mut self, rules: Option<&Directions>, (from, to): (i32, i32), now: Time) {
        let Some(rules) = rules else { return };
        let (events, rules) =
            if to > from { (&mut self.up, &rules.up) } else { (&mut self.down, &rules.down) };
        let period = rules.longest_period();
        for event in events.iter_mut() {
            event.outdated |= now.0.since(event.at.0) > period;
        }
        let new = ScaleEvent { change: (to - from).abs(), at: now, outdated: false };
        match events.iter_mut().rfind(|event| event.outdated) {
            Some(old) => *old = new,
            None => events.push(new),
        }
    }
}

/// How much was changed in one direction within `period`.
#[must_use]
pub fn changed_within(events: &[ScaleEvent], period: Span, now: Time) -> i32 {
    let recent = events.iter().filter(|event| now.0.since(event.at.0) < period);
    recent.map(|event| event.change).sum()
}

/// Between how many and how many replicas an autoscaler may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// At least.
    pub min: i32,
    /// At most.
    pub max: i32,
}

/// A number within all bounds, and the bound that was met: the reason and message of the
/// condition ScalingLimited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limited {
    /// So many replicas.
    pub replicas: i32,
    /// A word for programs.
    pub reason: Str,
    /// A sentence for people.
    pub message: Str,
}

/// A bound and how it is told.
type Bound = (i32, Str, Str);

fn too_many(max: i32) -> Bound {
    let message = "the desired replica count is more than the maximum replica count";
    (max, arcstr::literal!("TooManyReplicas"), message.into())
}

fn too_few(min: i32) -> Bound {
    let message = "the desired replica count is less than the minimum replica count";
    (min, arcstr::literal!("TooFewReplicas"), message.into())
}

fn too_fast_up(limit: i32) -> Bound {
    let message = "the desired replica count is increasing faster than the maximum scale rate";
    (limit, arcstr::literal!("ScaleUpLimit"), message.into())
}

fn too_fast_down(limit: i32) -> Bound {
    let message = "the desired replica count is decreasing faster than the maximum scale rate";
    (limit, arcstr::literal!("ScaleDownLimit"), message.into())
}

fn limited((replicas, reason, message): Bound) -> Limited {
    Limited { replicas, reason, message }
}

fn within(replicas: i32) -> Limited {
    let message = arcstr::literal!("the desired count is within the acceptable range");
    Limited { replicas, reason: arcstr::literal!("DesiredWithinRange"), message }
}

/// Holds `desired` within the range and the rules.
#[must_use]
pub fn limit(
    (current, desired): (i32, i32),
    range: Range,
    (rules, events): (&Directions, &ScaleEvents),
    now: Time,
) -> Limited {
    if desired > current {
        let fastest = up_limit(current, &rules.up, events, now).max(current);
        let bound = if range.max > fastest { too_fast_up(fastest) } else { too_many(range.max) };
        if desired > bound.0 {
            return limited(bound);
        }
    } else if desired < current {
        let fastest = down_limit(current, &rules.down, events, now).min(current);
        let bound = if range.min < fastest { too_fast_down(fastest) } else { too_few(range.min) };
        if desired < bound.0 {
            return limited(bound);
        }
    }
    within(desired)
}

/// The same for an autoscaler without a behaviour of its own: at most twice as many, or 4.
#[must_use]
pub fn limit_plainly(current: i32, desired: i32, range: Range) -> Limited {
    let fastest = current.saturating_mul(2).max(4);
    let upper = if range.max > fastest { too_fast_up(fastest) } else { too_many(range.max) };
    if desired < range.min {
        limited(too_few(range.min))
    } else if desired > upper.0 {
        limited(upper)
    } else {
        within(desired)
    }
}

/// How many replicas there were at the beginning of the period.
fn at_start(current: i32, period: Span, events: &ScaleEvents, now: Time) -> i32 {
    let added = changed_within(&events.up, period, now);
    let removed = changed_within(&events.down, period, now);
    current - added + removed
}

fn up_limit(current: i32, rules: &Rules, events: &ScaleEvents, now: Time) -> i32 {
    let proposals = rules.policies.iter().map(|policy| {
        let start = at_start(current, policy.period, events, now);
        match policy.amount {
            Amount::Pods(pods) => start.saturating_add(pods),
            Amount::Percent(percent) => ceil(f64::from(start) * (1.0 + f64::from(percent) / 100.0)),
        }
    });
    match rules.select {
        Select::Disabled => current,
        Select::Min => proposals.min().unwrap_or(i32::MAX),
        Select::Max => proposals.max().unwrap_or(i32::MIN),
    }
}

fn down_limit(current: i32, rules: &Rules, events: &ScaleEvents, now: Time) -> i32 {
    let proposals = rules.policies.iter().map(|policy| {
        let start = at_start(current, policy.period, events, now);
        match policy.amount {
            Amount::Pods(pods) => start.saturating_sub(pods),
            Amount::Percent(percent) => {
                floor(f64::from(start) * (1.0 - f64::from(percent) / 100.0))
            }
        }
    });
    match rules.select {
        Select::Disabled => current,
        Select::Min => proposals.max().unwrap_or(i32::MIN),
        Select::Max => proposals.min().unwrap_or(i32::MAX),
    }
}

/// Without its fraction; what does not fit is the largest (or least) that does.
#[expect(clippy::cast_possible_truncation, reason = "cutting the fraction off is the purpose")]
fn floor(number: f64) -> i32 {
    number as i32
}
