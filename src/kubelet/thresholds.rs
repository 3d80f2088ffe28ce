//! When a probe's answers change anything: not at the first good or bad one, but after enough of
//! the same in a row.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/prober/worker.go `doProbe`.

use crate::api::pod::Probe;
use crate::wire::cri::ProbeKind;

/// The answers in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Thresholds {
    /// The last answer; none before the first.
    last: Option<bool>,
    /// How many like it came in a row.
    run: i32,
    /// What they add up to; none until enough came.
    result: Option<bool>,
}

impl Thresholds {
    /// What counts before enough answers came: a container is taken for alive, but neither for
    /// ready nor for started.
    #[must_use]
    pub const fn initial(kind: ProbeKind) -> bool {
        matches!(kind, ProbeKind::Liveness)
    }

    /// What the answers add up to.
    #[must_use]
    pub fn result(&self, kind: ProbeKind) -> bool {
        self.result.unwrap_or(Self::initial(kind))
    }

    /// One more answer. Returns the result when there were enough of the kind in a row.
    ///
    /// After a failure of a liveness or startup probe the container is killed, and counting
    /// starts afresh.
    pub fn observe(&mut self, kind: ProbeKind, probe: &Probe, success: bool) -> Option<bool> {
        if self.last == Some(success) {
            self.run += 1;
        } else {
            self.last = Some(success);
            self.run = 1;
        }
        let enough = if success { probe.success_threshold } else { probe.failure_threshold };
        if self.run < enough {
            return None;
        }
        self.result = Some(success);
        if !success && kind != ProbeKind::Readiness {
            self.run = 0;
        }
        self.result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(kind: ProbeKind, probe: &Probe, answers: &str) -> String {
        let mut thresholds = Thresholds::default();
        let observe = |answer| {
            thresholds.observe(kind, probe, answer == '+');
            if thresholds.result(kind) { 'y' } else { 'n' }
        };
        answers.chars().map(observe).collect()
    }

    #[test]
    fn a_result_changes_after_enough_answers_in_a_row() {
        let probe = Probe { success_threshold: 2, failure_threshold: 3, ..Probe::default() };
        assert_eq!(results(ProbeKind::Readiness, &probe, "+++--+---+-++"), "nyyyyyyynnnny");
        let probe = Probe::default();
        assert_eq!(results(ProbeKind::Readiness, &probe, "-+--+---+"), "nyyyyyyny");
        assert_eq!(results(ProbeKind::Liveness, &probe, "--+---"), "yyyyyn");
        assert_eq!(results(ProbeKind::Startup, &probe, "--+"), "nny");
    }
}
