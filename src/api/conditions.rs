//! Status conditions: what is true of an object, since when, and why.

use serde::{Deserialize, Serialize};

use super::meta::{Str, Time};

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ConditionStatus {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Nobody knows at present.
    Unknown,
}

impl From<bool> for ConditionStatus {
    fn from(holds: bool) -> Self {
        if holds { ConditionStatus::True } else { ConditionStatus::False }
    }
}

/// One condition of any kind of object.
///
/// Simplified: the kinds' condition types differ in which timestamps they carry; here one type
/// carries all of them and leaves out what is unset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// Which condition, as in [`super::reasons`].
    #[serde(rename = "type")]
    pub kind: Str,
    /// Whether it holds.
    pub status: ConditionStatus,
    /// When `status` last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<Time>,
    /// When it was last reported (nodes: heartbeat; deployments: update).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_heartbeat_time: Option<Time>,
    /// A word for programs.
    #[serde(default, skip_serializing_if = "Str::is_empty")]
    pub reason: Str,
    /// A sentence for people.
    #[serde(default, skip_serializing_if = "Str::is_empty")]
    pub message: Str,
}

/// The conditions of one object, at most one of each type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Conditions(pub Vec<Condition>);

impl Condition {
    /// A condition without times.
    #[must_use]
    pub fn new(kind: Str, status: impl Into<ConditionStatus>, reason: Str, message: Str) -> Self {
        Condition {
            kind,
            status: status.into(),
            last_transition_time: None,
            last_heartbeat_time: None,
            reason,
            message,
        }
    }
}

impl Conditions {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The condition of type `kind`.
    #[must_use]
    pub fn get(&self, kind: &str) -> Option<&Condition> {
        self.0.iter().find(|condition| condition.kind == kind)
    }

    /// The status of type `kind`.
    #[must_use]
    pub fn status(&self, kind: &str) -> Option<ConditionStatus> {
        self.get(kind).map(|condition| condition.status)
    }

    /// Whether `kind` is there and holds.
    #[must_use]
    pub fn is_true(&self, kind: &str) -> bool {
        self.status(kind) == Some(ConditionStatus::True)
    }

    /// Puts `condition` in the place of its type. The transition time moves to `now` only when
    /// the status changes. Returns whether anything but the heartbeat changed.
    pub fn set(&mut self, mut condition: Condition, now: Time) -> bool {
        match self.0.iter_mut().find(|known| known.kind == condition.kind) {
            Some(known) => {
                condition.last_transition_time = if known.status == condition.status {
                    known.last_transition_time
                } else {
                    Some(now)
                };
                let changed = known.status != condition.status
                    || known.reason != condition.reason
                    || known.message != condition.message;
                *known = condition;
                changed
            }
            None => {
                condition.last_transition_time = condition.last_transition_time.or(Some(now));
                self.0.push(condition);
                true
            }
        }
    }

    /// Takes over every condition of `newer` by type, as a strategic merge patch does.
    pub fn merge(&mut self, newer: &Conditions) {
        for condition in &newer.0 {
            match self.0.iter_mut().find(|known| known.kind == condition.kind) {
                Some(known) => *known = condition.clone(),
                None => self.0.push(condition.clone()),
            }
        }
    }

    /// Removes the condition of type `kind`; whether it was there.
    pub fn remove(&mut self, kind: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|condition| condition.kind != kind);
        self.0.len() != before
    }
}
