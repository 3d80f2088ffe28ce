//! How entries, facts and messages are written in a dialogue.

use prova::raft::{Body, Entry, Fact, Payload};

use super::Packet;

pub(crate) fn text(entry: &Entry<String>) -> String {
    match &entry.payload {
        Payload::Empty => "-".to_owned(),
        Payload::Normal(data) => data.clone(),
    }
}

/// An index and its term, the way the paper draws them: `7t3`.
pub(crate) fn position(position: prova::raft::Position) -> String {
    format!("{}t{}", position.index, position.term)
}

pub(crate) fn describe_entry(entry: &Entry<String>) -> String {
    format!("{} {}", position(entry.position()), text(entry))
}

pub(crate) fn describe_fact(fact: Fact) -> String {
    match fact {
        Fact::BecameRole { role, term } => format!("is {} in term {term}", role.name()),
        Fact::LeaderChanged { leader: None, term } => format!("knows no leader in term {term}"),
        Fact::LeaderChanged { leader: Some(leader), term } => {
            format!("follows leader {leader} in term {term}")
        }
        Fact::Voted { candidate, term } => format!("votes for {candidate} in term {term}"),
        Fact::Appended { first, last, term } => format!("appends {first}..={last} of term {term}"),
        Fact::Truncated { from } => format!("truncates from {from}"),
        Fact::Restored { index, term } => format!("restores a snapshot at {index}t{term}"),
        Fact::Committed { to } => format!("commits to {to}"),
    }
}

pub(crate) fn describe(message: &Packet) -> String {
    let head =
        format!("{}->{} {} term={}", message.from, message.to, message.body.name(), message.term);
    let rest = match &message.body {
        Body::Append { prev, entries, commit } => {
            let entries: Vec<String> = entries.iter().map(describe_entry).collect();
            format!(" prev={} commit={commit} [{}]", position(*prev), entries.join(", "))
        }
        Body::AppendAccepted { index } => format!(" matches to {index}"),
        Body::AppendRejected { rejected, hint } => {
            format!(" rejects {rejected}, hint {}", position(*hint))
        }
        Body::Heartbeat { commit, context } => {
            format!(
                " commit={commit}{}",
                context.map_or(String::new(), |c| format!(" read={}", c.0))
            )
        }
        Body::HeartbeatResponse { context } => {
            context.map_or(String::new(), |context| format!(" read={}", context.0))
        }
        Body::Vote { last, transfer, .. } => {
            let why = if *transfer { " by transfer" } else { "" };
            format!(" last={}{why}", position(*last))
        }
        Body::VoteResponse { granted, .. } => if *granted { " yes" } else { " no" }.to_owned(),
        Body::Snapshot(snapshot) => {
            format!(" at {}: {}", position(snapshot.position), snapshot.data)
        }
        Body::TimeoutNow => String::new(),
        Body::TransferLeader { to } => format!(" to {to}"),
        Body::Propose { data } => format!(" {data}"),
        Body::ReadIndex { context } => format!(" read={}", context.0),
        Body::ReadIndexResponse { context, index } => format!(" read={} index={index}", context.0),
    };
    head + &rest
}
