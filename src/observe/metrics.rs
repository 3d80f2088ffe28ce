//! How much and how long: requests, availability, leaderless time, recovery.
//!
//! Integers only; a percentage is made where it is shown.

use std::collections::BTreeMap;

use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Str;
use crate::kernel::Chunks;
use crate::kernel::Noted;
use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::wire::Note;
use crate::wire::note::{RaftNote, RaftRole, RequestLost};

use super::model::Change;

/// Durations in buckets that grow by a quarter: from 100 µs to some minutes, error below 12 %.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    buckets: BTreeMap<u32, u64>,
    count: u64,
    longest: Span,
}

impl Latency {
    /// Counts one duration.
    pub fn add(&mut self, span: Span) {
        *self.buckets.entry(bucket(span)).or_default() += 1;
        self.count += 1;
        self.longest = self.longest.max(span);
    }

    /// How many durations were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The duration that `percent` of all stay below (or at), to the bucket's upper end.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<Span> {
        let wanted = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (bucket, count) in &self.buckets {
            seen += count;
            if seen >= wanted {
                return Some(upper_end(*bucket).min(self.longest));
            }
        }
        None
    }
}

/// Four buckets for each doubling, in microseconds.
fn bucket(span: Span) -> u32 {
    let micros = (span.as_nanos() / 1_000).max(1);
    let doublings = 63 - micros.leading_zeros();
    let quarter = if doublings >= 2 { micros >> (doublings - 2) & 3 } else { 0 };
    doublings * 4 + u32::try_from(quarter).unwrap_or(0)
}

fn upper_end(bucket: u32) -> Span {
    let (doublings, quarter) = (bucket / 4, u64::from(bucket % 4));
    Span::micros(((5 + quarter) << doublings) / 4)
}

/// What became of the requests to one Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestCounts {
    /// Answered.
    pub served: u64,
    /// Lost, by reason.
    pub lost: BTreeMap<RequestLost, u64>,
    /// How long the answered ones took.
    pub latency: Latency,
    /// When the first and the last one was lost.
    pub lost_between: Option<(SimTime, SimTime)>,
}

impl RequestCounts {
    /// How many were lost.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.values().sum()
    }

    /// Counts one request.
    fn add(&mut self, at: SimTime, took: Span, lost: Option<RequestLost>) {
        match lost {
            None => {
                self.served += 1;
                self.latency.add(took);
            }
            Some(why) => {
                *self.lost.entry(why).or_default() += 1;
                let first = self.lost_between.map_or(at, |(first, _)| first);
                self.lost_between = Some((first, at));
            }
        }
    }

    /// Answered ones in a hundred thousand; all of them when there were none.
    #[must_use]
    pub fn availability(&self) -> u64 {
        let all = self.served + self.lost();
        (self.served * 100_000).checked_div(all).unwrap_or(100_000)
    }
}

/// The figures of a run.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// Events are counted, but not kept.
    brief: bool,
    /// Requests by Service.
    pub requests: BTreeMap<ObjectKey, RequestCounts>,
    /// The same by client.
    pub clients: BTreeMap<Str, RequestCounts>,
    /// Events (the Kubernetes kind) by reason.
    pub events: BTreeMap<Str, u64>,
    /// Every Event with the moments at which it was written, for windows.
    told: Chunks<(SimTime, u64, std::sync::Arc<crate::api::Event>)>,
    /// The last role and leader that each etcd member told.
    roles: BTreeMap<u64, (u64, RaftRole, u64)>,
    /// Who holds each leader-election Lease.
    leading: BTreeMap<Str, Str>,
    /// Objects created and deleted, by kind.
    pub created: BTreeMap<Kind, u64>,
    /// See `created`.
    pub deleted: BTreeMap<Kind, u64>,
    /// Calls that were refused, by HTTP code.
    pub refused: BTreeMap<u16, u64>,
    /// How long mutating calls took inside the API servers.
    pub write_latency: Latency,
    /// Elections won.
    pub elections: u64,
    /// The present Raft leader.
    pub raft_leader: Option<u64>,
    /// Since when there is no leader, while there is none.
    pub leaderless_since: Option<SimTime>,
    /// Every stretch without a leader: from, how long.
    pub leaderless: Vec<(SimTime, Span)>,
    /// Pods that are bound and neither ready nor ended, and when there was last one.
    unready: u64,
    last_unready_end: Option<SimTime>,
    /// The longest stretch between two revisions while writes were wanted; see `write_gap`.
    last_write: Option<SimTime>,
    longest_gap: Span,
}

impl Metrics {
    /// No figures yet; brief ones count Events without keeping them.
    #[must_use]
    pub fn new(brief: bool) -> Self {
        Metrics { brief, ..Metrics::default() }
    }

    /// The longest time between two committed writes.
    #[must_use]
    pub fn write_gap(&self) -> Span {
        self.longest_gap
    }

    /// When the last stretch ended in which some placed pod was not ready; none while one is.
    #[must_use]
    pub fn last_unready_end(&self) -> Option<SimTime> {
        self.last_unready_end.filter(|_| self.unready == 0)
    }

    /// All requests of all Services together.
    #[must_use]
    pub fn all_requests(&self) -> (u64, u64) {
        let sum = |of: fn(&RequestCounts) -> u64| self.requests.values().map(of).sum();
        (sum(|counts| counts.served), sum(RequestCounts::lost))
    }

    /// A note was taken.
    pub(super) fn note(&mut self, noted: &Noted<Note>) {
        match &noted.note {
            Note::Request(request) => {
                let of_service = self.requests.entry(request.service.clone()).or_default();
                of_service.add(noted.at, request.took, request.lost);
                let of_client = self.clients.entry(request.client.clone()).or_default();
                of_client.add(noted.at, request.took, request.lost);
            }
            Note::Leading { lease, identity, leads } => {
                if *leads {
                    self.leading.insert(lease.clone(), identity.clone());
                } else if self.leading.get(lease) == Some(identity) {
                    self.leading.remove(lease);
                }
            }
            Note::Call(call) => {
                if let Some((reason, _)) = &call.refused {
                    *self.refused.entry(reason.code()).or_default() += 1;
                } else if call.version > 0 {
                    self.write_latency.add(call.took);
                }
            }
            Note::Raft(RaftNote::Role { member, term, role, leader }) => {
                self.roles.insert(*member, (*term, *role, *leader));
                self.role(noted.at, *member, *role);
            }
            Note::Kernel(_)
            | Note::Raft(_)
            | Note::Applied(_)
            | Note::Decision(_)
            | Note::Rules { .. }
            | Note::Operator { .. }
            | Note::Fault { .. }
            | Note::Bookmark(_)
            | Note::Because(_) => {}
        }
    }

    /// Served and lost requests of one client, or of all.
    #[must_use]
    pub fn requests_of(&self, client: Option<&str>) -> (u64, u64) {
        match client {
            None => self.all_requests(),
            Some(name) => {
                self.clients.get(name).map_or((0, 0), |counts| (counts.served, counts.lost()))
            }
        }
    }

    /// A percentile of the answers' times, of one client or the slowest of all.
    #[must_use]
    pub fn latency(&self, client: Option<&str>, percent: u64) -> Option<Span> {
        let of = |counts: &RequestCounts| counts.latency.percentile(percent);
        match client {
            None => self.clients.values().filter_map(of).max(),
            Some(name) => self.clients.get(name).and_then(of),
        }
    }

    /// How many Events between two moments fit.
    #[must_use]
    pub fn events_between(
        &self,
        from: SimTime,
        until: SimTime,
        fits: impl Fn(&crate::api::Event) -> bool,
    ) -> u64 {
        let inside = self.told.iter().filter(|(at, _, _)| *at >= from && *at <= until);
        inside.filter(|(_, _, event)| fits(event)).map(|(_, more, _)| more).sum()
    }

    /// The fitting Event between two moments that is one more than `most`, and its moment.
    pub fn event_beyond(
        &self,
        most: u64,
        (from, until): (SimTime, SimTime),
        fits: impl Fn(&crate::api::Event) -> bool,
    ) -> Option<(SimTime, &crate::api::Event)> {
        let mut count = 0;
        let inside = self.told.iter().filter(|(at, _, _)| *at >= from && *at <= until);
        let mut fitting = inside.filter(|(_, _, event)| fits(event));
        fitting.find_map(|(at, more, event)| {
            count += more;
            (count > most).then_some((*at, &**event))
        })
    }

    /// The Raft leader, when it is one that a majority of the members knows.
    #[must_use]
    pub fn raft_leader_known(&self) -> Option<String> {
        let leader = self.raft_leader?;
        let knows = self.roles.values().filter(|(_, _, known)| *known == leader).count();
        (knows * 2 > self.roles.len()).then(|| format!("etcd-{leader}"))
    }

    /// Who holds a leader-election Lease, when somebody does.
    #[must_use]
    pub fn lease_leader(&self, lease: &str) -> Option<String> {
        self.leading.get(lease).map(ToString::to_string)
    }

    /// A process is gone: a Lease that it held is held by nobody until somebody takes it.
    pub fn holder_lost(&mut self, host: &str, lease: &str) {
        let of_host = |identity: &Str| {
            identity.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        if self.leading.get(lease).is_some_and(of_host) {
            self.leading.remove(lease);
        }
    }

    /// The member that led is gone (crashed): nobody tells so but its silence.
    pub fn leader_lost(&mut self, at: SimTime, member: u64) {
        self.roles.remove(&member);
        self.leader_gone(at, member);
    }

    fn leader_gone(&mut self, at: SimTime, member: u64) {
        if self.raft_leader == Some(member) {
            self.raft_leader = None;
            self.leaderless_since = Some(at);
        }
    }

    fn role(&mut self, at: SimTime, member: u64, role: RaftRole) {
        if role == RaftRole::Leader {
            self.elections += 1;
            self.raft_leader = Some(member);
            if let Some(since) = self.leaderless_since.take() {
                self.leaderless.push((since, at.since(since)));
            }
        } else {
            self.leader_gone(at, member);
        }
    }

    /// An object changed.
    pub(super) fn change(&mut self, at: SimTime, change: &Change) {
        if let Some(last) = self.last_write.replace(at) {
            self.longest_gap = self.longest_gap.max(at.since(last));
        }
        let is_unready = |object: &Option<Object>| match object {
            Some(Object::Pod(pod)) => {
                !pod.is_ready() && !pod.is_terminal() && !pod.metadata.is_terminating()
            }
            _ => false,
        };
        match (is_unready(&change.old), is_unready(&change.new)) {
            (false, true) => self.unready += 1,
            (true, false) => {
                self.unready = self.unready.saturating_sub(1);
                self.last_unready_end = Some(at);
            }
            (false, false) | (true, true) => {}
        }
        match (&change.old, &change.new) {
            (None, Some(_)) => *self.created.entry(change.kind).or_default() += 1,
            (Some(_), None) => *self.deleted.entry(change.kind).or_default() += 1,
            _ => {}
        }
        if let Some(Object::Event(event)) = &change.new {
            let before = match &change.old {
                Some(Object::Event(old)) => old.count,
                _ => 0,
            };
            let more = u64::try_from(event.count.max(1) - before).unwrap_or(0);
            *self.events.entry(event.reason.clone()).or_default() += more;
            if !self.brief {
                self.told.push((at, more, event.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_near_the_truth() {
        let mut latency = Latency::default();
        for millis in 1..=1000 {
            latency.add(Span::millis(millis));
        }
        for percent in [50, 90, 99] {
            let got = latency.percentile(percent).map_or(0, Span::as_millis);
            let want = percent * 10;
            assert!(got >= want && got * 100 <= want * 126, "p{percent}: {got} for {want}");
        }
        assert_eq!(Latency::default().percentile(50), None);
    }
}
