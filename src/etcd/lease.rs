//! Leases: keys that vanish together when nobody renews what holds them.
//!
//! Which leases exist, and which keys they hold, is replicated. *When* a lease ends is not: only
//! the leader's clock counts. It asks for the revocation through the log, and only that deletes
//! the keys. A new leader does not know how much of each life has passed, so it extends them all.
//!
//! Source: etcd-io/etcd:server/lease/lessor.go.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::{SimTime, SortedMap, Span};
use crate::wire::etcd::{EtcdError, Key, LeaseId, NO_LEASE};

/// The longest life of a lease. Unit: seconds.
///
/// Source: etcd-io/etcd:server/lease/lessor.go, `MaxLeaseTTL`.
pub const MAX_LEASE_TTL: i64 = 9_000_000_000;

/// How many leases a leader revokes at most per second.
///
/// Source: etcd-io/etcd:server/lease/lessor.go, `defaultLeaseRevokeRate`.
pub const LEASE_REVOKE_RATE: usize = 1000;

/// How often a leader looks for leases that ended.
///
/// Source: etcd-io/etcd:server/lease/lessor.go, `runLoop`.
pub const LEASE_CHECK_INTERVAL: Span = Span::millis(500);

/// After how long a leader asks again for the revocation of a lease that is still there.
///
/// Source: etcd-io/etcd:server/lease/lessor.go, `defaultExpiredleaseRetryInterval`.
pub const EXPIRED_LEASE_RETRY_INTERVAL: Span = Span::secs(3);

/// One lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    ttl: i64,
    keys: SortedMap<Key, ()>,
    /// When it ends, on the leader's clock; `None` where the member does not lead.
    expiry: Option<SimTime>,
    /// Where it stands in the leader's agenda.
    agenda: Option<SimTime>,
}

impl Lease {
    /// The granted life. Unit: seconds.
    #[must_use]
    pub fn ttl(&self) -> i64 {
        self.ttl
    }

    /// The attached keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().map(|(key, ())| key)
    }

    /// What is left of its life, not less than 0; all of it where the member does not lead.
    /// Unit: seconds, rounded down.
    #[must_use]
    pub fn remaining(&self, now: SimTime) -> i64 {
        self.expiry.map_or(self.ttl, |expiry| {
            i64::try_from(expiry.since(now).as_secs()).unwrap_or(i64::MAX)
        })
    }

    /// Whether it has ended, though its keys may still be there.
    #[must_use]
    pub fn is_expired(&self, now: SimTime) -> bool {
        self.expiry.is_some_and(|expiry| expiry <= now)
    }
}

/// All leases of a member.
#[derive(Debug, Clone)]
pub struct Lessor {
    min_ttl: i64,
    leases: BTreeMap<LeaseId, Lease>,
    /// When the leader has to look at which lease.
    agenda: BTreeSet<(SimTime, LeaseId)>,
    /// Whether this member's clock decides.
    primary: bool,
}

impl Lessor {
    /// A lessor without leases, on a member that does not lead. `min_ttl` in seconds.
    #[must_use]
    pub fn new(min_ttl: i64) -> Self {
        Lessor { min_ttl, leases: BTreeMap::new(), agenda: BTreeSet::new(), primary: false }
    }

    /// Whether this member's clock decides.
    #[must_use]
    pub fn is_primary(&self) -> bool {
        self.primary
    }

    /// Whether there is such a lease.
    #[must_use]
    pub fn contains(&self, id: LeaseId) -> bool {
        self.leases.contains_key(&id)
    }

    /// A lease.
    #[must_use]
    pub fn get(&self, id: LeaseId) -> Option<&Lease> {
        self.leases.get(&id)
    }

    /// How many leases there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.leases.len()
    }

    /// Whether there is no lease.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.leases.is_empty()
    }

    /// All leases, the first to end first.
    #[must_use]
    pub fn by_expiry(&self) -> Vec<LeaseId> {
        let mut ids: Vec<_> = self.leases.iter().map(|(id, lease)| (lease.expiry, *id)).collect();
        ids.sort_unstable();
        ids.into_iter().map(|(_, id)| id).collect()
    }

    /// Creates a lease and returns its life in seconds, which is at least the minimum.
    ///
    /// # Errors
    /// The id is 0 or taken, or the life is beyond [`MAX_LEASE_TTL`].
    pub(super) fn grant(&mut self, id: LeaseId, ttl: i64, now: SimTime) -> Result<i64, EtcdError> {
        if id == NO_LEASE {
            return Err(EtcdError::LeaseNotFound);
        }
        if ttl > MAX_LEASE_TTL {
            return Err(EtcdError::LeaseTtlTooLarge);
        }
        if self.contains(id) {
            return Err(EtcdError::LeaseExists);
        }
        let ttl = ttl.max(self.min_ttl);
        let lease = Lease { ttl, keys: SortedMap::default(), expiry: None, agenda: None };
        self.leases.insert(id, lease);
        if self.primary {
            self.set_expiry(id, now + life(ttl));
        }
        Ok(ttl)
    }

    /// Takes over a lease from an image of the store.
    pub(super) fn restore(&mut self, id: LeaseId, ttl: i64) {
        let lease = Lease { ttl, keys: SortedMap::default(), expiry: None, agenda: None };
        self.leases.insert(id, lease);
    }

    /// Every lease with its granted life in seconds, by id.
    pub(super) fn lives(&self) -> impl Iterator<Item = (LeaseId, i64)> {
        self.leases.iter().map(|(id, lease)| (*id, lease.ttl))
    }

    /// Removes a lease and returns the keys that go with it, in order.
    pub(super) fn revoke(&mut self, id: LeaseId) -> Result<Vec<Key>, EtcdError> {
        let lease = self.leases.remove(&id).ok_or(EtcdError::LeaseNotFound)?;
        if let Some(at) = lease.agenda {
            self.agenda.remove(&(at, id));
        }
        Ok(lease.keys().cloned().collect())
    }

    /// Ties a key to a lease. [`NO_LEASE`] is none.
    pub(super) fn attach(&mut self, id: LeaseId, key: &Key) {
        if let Some(lease) = self.leases.get_mut(&id) {
            lease.keys.insert(key.clone(), ());
        }
    }

    /// Unties a key from a lease.
    pub(super) fn detach(&mut self, id: LeaseId, key: &Key) {
        if let Some(lease) = self.leases.get_mut(&id) {
            lease.keys.remove(key);
        }
    }

    /// Gives a lease its full life again, and returns that in seconds.
    ///
    /// # Errors
    /// This member does not lead; or the lease is gone, or has ended and will be gone soon.
    ///
    /// Simplified: for a lease that has ended the real leader makes the client wait until the
    /// revocation is through; the answer is the same.
    pub fn renew(&mut self, id: LeaseId, now: SimTime) -> Result<i64, EtcdError> {
        if !self.primary {
            return Err(EtcdError::NotLeader);
        }
        let lease = self.leases.get(&id).ok_or(EtcdError::LeaseNotFound)?;
        if lease.is_expired(now) {
            return Err(EtcdError::LeaseNotFound);
        }
        let ttl = lease.ttl;
        self.set_expiry(id, now + life(ttl));
        Ok(ttl)
    }

    /// The member became leader: from now on its clock decides, and every lease gets its full
    /// life and `extend` on top, so that none ends because an election took long.
    ///
    /// Leases that would then end in crowds are spread out, so that they don't take up the whole
    /// rate of revocations.
    pub fn promote(&mut self, extend: Span, now: SimTime) {
        self.primary = true;
        let ids: Vec<_> = self.leases.iter().map(|(id, lease)| (*id, lease.ttl)).collect();
        for (id, ttl) in ids {
            self.set_expiry(id, now + life(ttl) + extend);
        }
        if self.leases.len() >= LEASE_REVOKE_RATE {
            self.spread(extend, now);
        }
    }

    /// The member leads no more, or has just started: its clock decides nothing.
    pub fn demote(&mut self) {
        self.primary = false;
        self.agenda.clear();
        for lease in self.leases.values_mut() {
            lease.expiry = None;
            lease.agenda = None;
        }
    }

    /// Leases that have ended, at most `limit` of them, the earliest first. The leader proposes
    /// their revocation; those still there after [`EXPIRED_LEASE_RETRY_INTERVAL`] come again.
    pub fn take_expired(&mut self, now: SimTime, limit: usize) -> Vec<LeaseId> {
        let mut expired = Vec::new();
        while expired.len() < limit {
            let Some(&(at, id)) = self.agenda.first().filter(|(at, _)| *at <= now) else { break };
            self.agenda.remove(&(at, id));
            let lease = self.leases.get_mut(&id).expect("the agenda knows only leases that exist");
            let retry = now + EXPIRED_LEASE_RETRY_INTERVAL;
            lease.agenda = Some(retry);
            self.agenda.insert((retry, id));
            expired.push(id);
        }
        expired
    }

    /// When there is next something to [take](Self::take_expired).
    #[must_use]
    pub fn next_expiry(&self) -> Option<SimTime> {
        self.agenda.first().map(|(at, _)| *at)
    }

    fn set_expiry(&mut self, id: LeaseId, expiry: SimTime) {
        let lease = self.leases.get_mut(&id).expect("the callers have just seen the lease");
        if let Some(at) = lease.agenda.replace(expiry) {
            self.agenda.remove(&(at, id));
        }
        lease.expiry = Some(expiry);
        self.agenda.insert((expiry, id));
    }

    /// Delays leases so that at most three quarters of the revocation rate end in one second.
    fn spread(&mut self, extend: Span, now: SimTime) {
        let target = LEASE_REVOKE_RATE as u64 * 3 / 4;
        let order: Vec<_> = self.agenda.iter().copied().collect();
        let Some((first, _)) = order.first() else { return };
        let mut base = first.since(now);
        let mut next = base + Span::secs(1);
        let mut expires = 0_u64;
        for (at, id) in order {
            let remaining = at.since(now);
            if remaining > next {
                base = remaining;
                next = base + Span::secs(1);
                expires = 1;
                continue;
            }
            expires += 1;
            if expires <= target {
                continue;
            }
            // A lease that already ends later than the window's base needs less delay.
            let delay = Span::secs(1).scaled(expires, target) - (remaining - base);
            next = base + delay;
            if let Some(ttl) = self.leases.get(&id).map(|lease| lease.ttl) {
                self.set_expiry(id, now + life(ttl) + delay + extend);
            }
        }
    }
}

/// A life in seconds as a span of virtual time.
fn life(ttl: i64) -> Span {
    Span::secs(1).saturating_mul(u64::try_from(ttl).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SimTime {
        SimTime::from_secs(seconds)
    }

    fn leading() -> Lessor {
        let mut lessor = Lessor::new(2);
        lessor.promote(Span::ZERO, at(0));
        lessor
    }

    #[test]
    fn a_lease_ends_when_nobody_renews_it() {
        let mut lessor = leading();
        assert_eq!(lessor.grant(7, 10, at(0)), Ok(10));
        assert_eq!(lessor.renew(7, at(9)), Ok(10));
        assert_eq!(lessor.take_expired(at(18), 10), Vec::<LeaseId>::new());
        assert_eq!(lessor.take_expired(at(19), 10), [7]);
        assert_eq!(lessor.renew(7, at(19)), Err(EtcdError::LeaseNotFound));
        assert_eq!(
            lessor.take_expired(at(20), 10),
            Vec::<LeaseId>::new(),
            "its revocation is under way"
        );
        assert_eq!(lessor.take_expired(at(22), 10), [7], "it is still there, so once more");
        assert!(lessor.revoke(7).is_ok() && lessor.next_expiry().is_none());
    }

    #[test]
    fn a_new_leader_gives_every_lease_its_full_life_and_the_election_on_top() {
        let mut lessor = Lessor::new(2);
        assert_eq!(lessor.grant(1, 5, at(0)), Ok(5));
        assert_eq!(lessor.next_expiry(), None, "a follower's clock decides nothing");
        assert_eq!(lessor.renew(1, at(1)), Err(EtcdError::NotLeader));
        lessor.promote(Span::secs(1), at(100));
        assert_eq!(lessor.next_expiry(), Some(at(106)));
        lessor.demote();
        assert_eq!(lessor.take_expired(at(1000), 10), Vec::<LeaseId>::new());
    }

    #[test]
    fn a_life_has_a_minimum_and_a_maximum_and_a_name_of_its_own() {
        let mut lessor = leading();
        assert_eq!(lessor.grant(1, 0, at(0)), Ok(2));
        assert_eq!(lessor.grant(1, 5, at(0)), Err(EtcdError::LeaseExists));
        assert_eq!(lessor.grant(2, MAX_LEASE_TTL + 1, at(0)), Err(EtcdError::LeaseTtlTooLarge));
        assert_eq!(lessor.grant(NO_LEASE, 5, at(0)), Err(EtcdError::LeaseNotFound));
    }

    #[test]
    fn leases_that_would_end_in_a_crowd_are_spread_out() {
        let mut lessor = Lessor::new(2);
        for id in 1..=5000 {
            assert_eq!(lessor.grant(id, 10, at(0)), Ok(10));
        }
        lessor.promote(Span::secs(1), at(0));
        let mut now = at(11);
        let mut worst = 0;
        while !lessor.is_empty() {
            let expired = lessor.take_expired(now, usize::MAX);
            worst = worst.max(expired.len());
            expired.iter().for_each(|id| assert!(lessor.revoke(*id).is_ok()));
            now += Span::secs(1);
        }
        assert!(worst <= LEASE_REVOKE_RATE, "{worst} in one second");
    }
}
