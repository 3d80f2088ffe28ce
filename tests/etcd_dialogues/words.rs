//! How answers, watch responses and Raft's facts are written in a dialogue.

use prova::wire::etcd::{EtcdResponse, EtcdResult, Event, EventType, WatchResponse};
use prova::wire::note::{RaftNote, RaftRole};

pub(crate) fn answer_text(result: &EtcdResult) -> String {
    let response = match result {
        Ok(response) => response,
        Err(error) => return format!("error \"{error}\" ({})", error.code().name()),
    };
    let revision = response.header().revision;
    match response {
        EtcdResponse::Range(range) => {
            let pairs: Vec<String> = range
                .kvs
                .iter()
                .map(|kv| format!("{}={}", kv.key, kv.value.as_text().unwrap_or("?")))
                .collect();
            format!("revision {revision} [{}]", pairs.join(" "))
        }
        EtcdResponse::DeleteRange(deleted) => {
            format!("revision {revision}, {} gone", deleted.deleted)
        }
        EtcdResponse::LeaseGrant(lease) => format!("lease {} for {} s", lease.id, lease.ttl),
        EtcdResponse::LeaseKeepAlive(lease) => format!("lease {} for {} s", lease.id, lease.ttl),
        EtcdResponse::LeaseTimeToLive(lease) => {
            format!("{} of {} s left, keys {:?}", lease.ttl, lease.granted_ttl, lease.keys)
        }
        EtcdResponse::HashKv(hash) => format!("hash {:08x} at revision {revision}", hash.hash),
        EtcdResponse::Put(_)
        | EtcdResponse::Txn(_)
        | EtcdResponse::Compact(_)
        | EtcdResponse::LeaseRevoke(_)
        | EtcdResponse::LeaseLeases(_)
        | EtcdResponse::Alarm(_)
        | EtcdResponse::Status(_)
        | EtcdResponse::Defragment(_)
        | EtcdResponse::MoveLeader(_) => format!("revision {revision}"),
    }
}

pub(crate) fn watch_text(response: &WatchResponse) -> String {
    let mut parts = vec![format!("{} at revision {}", response.watch_id, response.revision)];
    if response.created {
        parts.push("created".to_owned());
    }
    if response.canceled {
        parts.push(format!("cancelled, floor {}", response.compact_revision));
    }
    parts.extend(response.events.iter().map(event_text));
    parts.join(", ")
}

fn event_text(event: &Event) -> String {
    let kv = &event.kv;
    match event.kind() {
        EventType::Put => {
            format!("{}={}@{}", kv.key, kv.value.as_text().unwrap_or("?"), kv.mod_revision)
        }
        EventType::Delete => format!("{} gone@{}", kv.key, kv.mod_revision),
    }
}

/// Elections, votes and snapshots; the entries themselves would be too many lines.
pub(crate) fn note_text(note: &RaftNote) -> Option<String> {
    match note {
        RaftNote::Role { member, term, role, leader } => {
            let role = match role {
                RaftRole::Follower => "follower",
                RaftRole::PreCandidate => "pre-candidate",
                RaftRole::Candidate => "candidate",
                RaftRole::Leader => "leader",
            };
            Some(format!("{member} is {role} in term {term}, leader {leader}"))
        }
        RaftNote::Voted { member, term, candidate } => {
            Some(format!("{member} votes for {candidate} in term {term}"))
        }
        RaftNote::Restored { member, index, .. } => {
            Some(format!("{member} restores a snapshot at {index}"))
        }
        RaftNote::Appended { member, truncated_from: Some(from), .. } => {
            Some(format!("{member} cuts its log from {from}"))
        }
        RaftNote::Appended { .. }
        | RaftNote::Persisted { .. }
        | RaftNote::Committed { .. }
        | RaftNote::AppliedEntry { .. } => None,
    }
}
