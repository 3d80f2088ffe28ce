//! Which taints a pod puts up with.
//!
//! The scheduler, the taint eviction controller and the kubelet all ask this; they ask it here.

use super::node::{Taint, TaintEffect};
use super::pod::Toleration;

impl Toleration {
    /// Whether this toleration covers `taint`.
    ///
    /// An empty effect covers every effect, an empty key every key. `Gt` and `Lt` compare whole
    /// numbers, and cover nothing unless `comparison` is on (feature gate
    /// `TaintTolerationComparisonOperators`, off by default).
    /// Source: k8s.io/api/core/v1 `Toleration.ToleratesTaint`.
    #[must_use]
    pub fn tolerates(&self, taint: &Taint, comparison: bool) -> bool {
        if self.effect.is_some_and(|effect| effect != taint.effect) {
            return false;
        }
        if !self.key.is_empty() && self.key != taint.key {
            return false;
        }
        let numbers = || {
            let values = (taint.value.parse::<i64>().ok()?, self.value.parse::<i64>().ok()?);
            comparison.then_some(values)
        };
        match self.operator.as_str() {
            "" | "Equal" => self.value == taint.value,
            "Exists" => true,
            "Gt" => numbers().is_some_and(|(taint, bound)| taint > bound),
            "Lt" => numbers().is_some_and(|(taint, bound)| taint < bound),
            _ => false,
        }
    }
}

/// Whether one of `tolerations` covers `taint`.
#[must_use]
pub fn tolerated(taint: &Taint, tolerations: &[Toleration], comparison: bool) -> bool {
    tolerations.iter().any(|toleration| toleration.tolerates(taint, comparison))
}

/// The first taint among those that `considered` admits which no toleration covers.
///
/// Source: k8s.io/component-helpers `FindMatchingUntoleratedTaint`.
pub fn find_untolerated<'t>(
    taints: &'t [Taint],
    tolerations: &[Toleration],
    comparison: bool,
    considered: impl Fn(&Taint) -> bool,
) -> Option<&'t Taint> {
    taints.iter().find(|taint| considered(taint) && !tolerated(taint, tolerations, comparison))
}

impl TaintEffect {
    /// Whether it keeps a new pod off the node.
    #[must_use]
    pub const fn forbids_placing(self) -> bool {
        matches!(self, TaintEffect::NoSchedule | TaintEffect::NoExecute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taint(key: &str, value: &str, effect: TaintEffect) -> Taint {
        Taint { key: key.into(), value: value.into(), effect, time_added: None }
    }

    #[test]
    fn a_toleration_covers_by_key_operator_value_and_effect() {
        let everything = Toleration { operator: "Exists".into(), ..Toleration::default() };
        assert!(everything.tolerates(&taint("a", "b", TaintEffect::NoExecute), false));
        let one = Toleration {
            key: "a".into(),
            value: "b".into(),
            effect: Some(TaintEffect::NoSchedule),
            ..Toleration::default()
        };
        assert!(one.tolerates(&taint("a", "b", TaintEffect::NoSchedule), false));
        assert!(!one.tolerates(&taint("a", "b", TaintEffect::NoExecute), false));
        assert!(!one.tolerates(&taint("a", "c", TaintEffect::NoSchedule), false));
    }

    #[test]
    fn numbers_are_compared_only_behind_the_gate() {
        let above = Toleration {
            key: "level".into(),
            operator: "Gt".into(),
            value: "5".into(),
            ..Toleration::default()
        };
        let seven = taint("level", "7", TaintEffect::NoSchedule);
        assert!(above.tolerates(&seven, true));
        assert!(!above.tolerates(&seven, false));
        assert!(!above.tolerates(&taint("level", "x", TaintEffect::NoSchedule), true));
    }
}
