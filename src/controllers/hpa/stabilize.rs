//! Proposals of the last minutes: a change is made only as far as they all asked for it.
//!
//! Source: kubernetes/kubernetes:pkg/controller/podautoscaler/horizontal.go
//! `stabilizeRecommendation` `stabilizeRecommendationWithBehaviors`.

use crate::api::{Str, Time};
use crate::kernel::Span;

/// A proposal of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// So many replicas.
    pub replicas: i32,
    /// When.
    pub at: Time,
}

/// How far back to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// For going up: the lowest proposal counts.
    pub up: Span,
    /// For going down: the highest proposal counts.
    pub down: Span,
}

/// Reason of the condition AbleToScale: going down was held back.
pub const SCALE_DOWN_STABILIZED: Str = arcstr::literal!("ScaleDownStabilized");
/// Reason of the condition AbleToScale: going up was held back.
pub const SCALE_UP_STABILIZED: Str = arcstr::literal!("ScaleUpStabilized");

const RECENT_HIGHER: Str = arcstr::literal!(
    "recent recommendations were higher than current one, applying the highest recent recommendation"
);
const RECENT_LOWER: Str = arcstr::literal!(
    "recent recommendations were lower than current one, applying the lowest recent recommendation"
);

/// The number that all proposals of the windows agree to, and its reason and message should it
/// differ from `desired`. The new proposal is remembered, in the place of an obsolete one if
/// there is one.
pub fn stabilize(
    recommendations: &mut Vec<Recommendation>,
    (current, desired): (i32, i32),
    windows: Windows,
    now: Time,
) -> (i32, Str, Str) {
    let age = |known: &Recommendation| now.0.since(known.at.0);
    let within = |window: Span| {
        recommendations.iter().filter(move |known| age(known) < window).map(|known| known.replicas)
    };
    let lowest = within(windows.up).fold(desired, i32::min);
    let highest = within(windows.down).fold(desired, i32::max);
    let longest = windows.up.max(windows.down);
    let obsolete = |known: &Recommendation| age(known) > longest;
    let slot = recommendations.iter().rposition(obsolete);
    remember(recommendations, slot, Recommendation { replicas: desired, at: now });
    let replicas = current.max(lowest).min(highest);
    if desired >= current {
        (replicas, SCALE_UP_STABILIZED, RECENT_LOWER)
    } else {
        (replicas, SCALE_DOWN_STABILIZED, RECENT_HIGHER)
    }
}

/// The same for an autoscaler without a behaviour of its own: only going down is held back.
pub fn stabilize_down(
    recommendations: &mut Vec<Recommendation>,
    desired: i32,
    window: Span,
    now: Time,
) -> (i32, Str, Str) {
    let age = |known: &Recommendation| now.0.since(known.at.0);
    let recent = recommendations.iter().filter(|known| age(known) <= window);
    let highest = recent.map(|known| known.replicas).fold(desired, i32::max);
    let slot = recommendations.iter().rposition(|known| age(known) > window);
    remember(recommendations, slot, Recommendation { replicas: desired, at: now });
    (highest, SCALE_DOWN_STABILIZED, RECENT_HIGHER)
}

fn remember(recommendations: &mut Vec<Recommendation>, slot: Option<usize>, new: Recommendation) {
    match slot {
        Some(slot) => recommendations[slot] = new,
        None => recommendations.push(new),
    }
}
