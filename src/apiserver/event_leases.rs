//! Events die after an hour: each is attached to a lease of etcd, and those of one minute share
//! one, so that etcd does not have to keep a clock for each.
//!
//! Source: kubernetes/apiserver:pkg/storage/etcd3/lease_manager.go.

use crate::kernel::{SimTime, Span};
use crate::wire::etcd::{EtcdRequest, LeaseGrantRequest, LeaseId, NO_LEASE};

use super::txn::Write;

/// For how long new events are attached to one lease. Source: as above.
const REUSE: Span = Span::secs(60);
/// Most events on one lease. Source: as above.
const OBJECTS_MAX: u32 = 1_000;

/// The lease in use, and who waits for the next one.
#[derive(Clone, Debug, Default)]
pub(super) struct EventLeases {
    current: LeaseId,
    granted_at: SimTime,
    attached: u32,
    /// Writes that wait, with their calls.
    waiting: Vec<(u64, Write)>,
}

impl EventLeases {
    /// A lease that lives long enough for an event written now.
    pub(super) fn usable(&mut self, now: SimTime) -> Option<LeaseId> {
        let fresh = now.since(self.granted_at) <= REUSE && self.attached < OBJECTS_MAX;
        if self.current == NO_LEASE || !fresh {
            return None;
        }
        self.attached += 1;
        Some(self.current)
    }

    /// Lets a write wait for the next lease; whether that must be asked for.
    pub(super) fn wait(&mut self, call: u64, write: Write) -> bool {
        self.waiting.push((call, write));
        self.waiting.len() == 1
    }

    /// The request for a lease: it outlives the last event that it may get.
    pub(super) fn request(ttl: Span) -> EtcdRequest {
        let ttl = i64::try_from((ttl + REUSE).as_secs()).unwrap_or(i64::MAX);
        EtcdRequest::LeaseGrant(LeaseGrantRequest { ttl, id: NO_LEASE })
    }

    /// A lease was granted; these writes can go on.
    pub(super) fn granted(&mut self, id: LeaseId, now: SimTime) -> Vec<(u64, Write)> {
        self.current = id;
        self.granted_at = now;
        self.attached = 0;
        self.take_waiting()
    }

    /// No lease was granted; these writes fail.
    pub(super) fn take_waiting(&mut self) -> Vec<(u64, Write)> {
        std::mem::take(&mut self.waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_one_minute_share_a_lease() {
        let mut leases = EventLeases::default();
        let at = SimTime::from_secs;
        assert_eq!(leases.usable(at(10)), None);
        leases.granted(7, at(10));
        assert_eq!((leases.usable(at(10)), leases.usable(at(70))), (Some(7), Some(7)));
        assert_eq!(leases.usable(at(71)), None);
    }

    #[test]
    fn a_lease_takes_a_thousand_events() {
        let mut leases = EventLeases::default();
        leases.granted(7, SimTime::ZERO);
        let taken = (0..2_000).filter(|_| leases.usable(SimTime::ZERO).is_some()).count();
        assert_eq!(taken, 1_000);
    }
}
