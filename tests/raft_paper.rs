//! The Raft paper as tests: one for each sentence that a node must obey.
//!
//! Sections are those of Ongaro and Ousterhout, "In Search of an Understandable Consensus
//! Algorithm (Extended Version)"; "diss" is Ongaro's dissertation. The sentences are told in our
//! own words.

use std::collections::BTreeSet;

use prova::raft::{
    Body, Config, Index, Node, NodeId, Payload, Position, ProposalDropped, ReadContext, Role,
    Snapshot, Storage, Term, VoteKind, VoterSet,
};

#[path = "raft_paper/node.rs"]
mod node;

use node::{
    Raft, append, ask, at, config, elect, fresh, from, member, say, terms, vote, vote_request,
};

/// 5.1: a server that sees a larger term adopts it; a candidate or leader becomes a follower.
#[test]
fn a_newer_term_makes_a_follower_of_everybody() {
    let mut leader = fresh(1, 3);
    elect(&mut leader);
    let mut candidate = fresh(1, 3);
    candidate.campaign();
    for mut node in [leader, candidate, fresh(1, 3)] {
        node.step(from(2, 9, append(at(0, 0), &[], 0)));
        assert_eq!((node.role(), node.term(), node.leader()), (Role::Follower, 9, Some(NodeId(2))));
    }
}

/// 5.1: a request with a stale term is rejected.
#[test]
fn a_stale_append_changes_nothing() {
    let (mut node, _) = member((1, 3), 5, &[5]);
    let answers = ask(&mut node, from(2, 4, append(at(1, 5), &[4], 1)));
    assert!(answers.is_empty());
    assert_eq!((terms(&node), node.leader(), node.commit()), (vec![5], None, 0));
}

/// 5.2: when servers start up, they begin as followers.
#[test]
fn a_server_starts_as_a_follower_also_after_a_crash() {
    assert_eq!(fresh(1, 3).role(), Role::Follower);
    assert_eq!(member((1, 1), 4, &[4]).0.role(), Role::Follower);
}

/// 5.2: leaders send heartbeats to all followers to keep their authority.
#[test]
fn a_leader_speaks_to_everybody_every_heartbeat() {
    let mut node = fresh(1, 3);
    elect(&mut node);
    node.tick(|_| 0);
    let said = say(&mut node);
    let hearers: Vec<u64> = said.iter().map(|message| message.to.0).collect();
    assert_eq!(hearers, [2, 3]);
    assert!(said.iter().all(|message| matches!(message.body, Body::Heartbeat { .. })));
}

/// 5.2: a follower that hears nothing over the election time-out begins an election: it raises
/// its term, votes for itself and asks all others, in parallel.
#[test]
fn silence_makes_a_candidate() {
    let mut node = fresh(1, 5);
    (0..9).for_each(|_| node.tick(|_| 0));
    assert_eq!(node.role(), Role::Follower);
    node.tick(|_| 0);
    assert_eq!((node.role(), node.term(), node.vote()), (Role::Candidate, 1, Some(NodeId(1))));
    let asked: Vec<u64> = say(&mut node).iter().map(|message| message.to.0).collect();
    assert_eq!(asked, [2, 3, 4, 5]);
}

/// 5.2: a heartbeat resets the time-out.
#[test]
fn a_word_of_the_leader_keeps_a_follower_quiet() {
    let mut node = fresh(1, 3);
    for _ in 0..10 {
        (0..9).for_each(|_| node.tick(|_| 0));
        node.step(from(2, 1, Body::Heartbeat { commit: 0, context: None }));
    }
    assert_eq!((node.role(), node.term()), (Role::Follower, 1));
}

/// 5.2: a candidate wins with the votes of a majority of the full cluster in one term.
#[test]
fn a_majority_elects_and_less_does_not() {
    // (members, yes, no) -> role
    let rows: [(u64, u64, u64, Role); 9] = [
        (1, 0, 0, Role::Leader),
        (3, 1, 0, Role::Leader),
        (3, 0, 1, Role::Candidate),
        (3, 0, 2, Role::Follower),
        (5, 1, 0, Role::Candidate),
        (5, 2, 0, Role::Leader),
        (5, 2, 2, Role::Leader),
        (5, 1, 3, Role::Follower),
        (5, 0, 2, Role::Candidate),
    ];
    for (count, yes, no, expect) in rows {
        let mut node = fresh(1, count);
        node.campaign();
        say(&mut node);
        (2..2 + yes).for_each(|voter| node.step(from(voter, 1, vote(true))));
        (2 + yes..2 + yes + no).for_each(|voter| node.step(from(voter, 1, vote(false))));
        assert_eq!(node.role(), expect, "{count} {yes} {no}");
    }
}

/// 5.2: each server votes for at most one candidate in a term, first come, first served.
#[test]
fn one_vote_per_term() {
    let mut node = fresh(1, 3);
    let of = |candidate, term| from(candidate, term, vote_request(at(0, 0)));
    assert_eq!(ask(&mut node, of(2, 1)), [vote(true)]);
    assert_eq!(ask(&mut node, of(3, 1)), [vote(false)]);
    assert_eq!(ask(&mut node, of(2, 1)), [vote(true)], "the same answer to the same question");
    assert_eq!(ask(&mut node, of(3, 2)), [vote(true)], "a new term, a new vote");
}

/// Figure 2: term, vote and log are on stable storage before any answer leaves.
#[test]
fn promises_wait_for_the_disk() {
    let mut node = fresh(1, 3);
    node.step(from(2, 1, vote_request(at(0, 0))));
    let ready = node.ready();
    let write = ready.write.expect("the vote is written");
    assert!(write.must_sync && ready.messages.is_empty());
    assert_eq!(write.hard_state.and_then(|state| state.vote), Some(NodeId(2)));
    assert_eq!(ready.messages_after_write.len(), 1);
    node.step(from(2, 1, append(at(0, 0), &[1], 0)));
    let ready = node.ready();
    assert!(ready.write.is_some_and(|write| write.entries.len() == 1));
    assert_eq!((ready.messages.len(), ready.messages_after_write.len()), (0, 1));
}

/// 5.2: a candidate that hears from a leader of its term or a newer one gives up.
#[test]
fn a_candidate_yields_to_a_leader_of_its_term() {
    for term in [1, 2] {
        let mut node = fresh(1, 3);
        node.campaign();
        node.step(from(2, term, append(at(0, 0), &[], 0)));
        assert_eq!((node.role(), node.leader()), (Role::Follower, Some(NodeId(2))));
    }
}

/// 5.2: and if the other's term is older, it goes on.
#[test]
fn a_candidate_ignores_a_leader_of_an_older_term() {
    let (mut node, _) = member((1, 3), 4, &[]);
    node.campaign();
    node.step(from(2, 4, append(at(0, 0), &[], 0)));
    assert_eq!((node.role(), node.term()), (Role::Candidate, 5));
}

/// 5.2: a split vote ends with a time-out, a new term and a new election.
#[test]
fn a_candidate_without_a_result_tries_again_in_a_new_term() {
    let mut node = fresh(1, 4);
    node.campaign();
    say(&mut node);
    node.step(from(2, 1, vote(false)));
    (0..10).for_each(|_| node.tick(|_| 0));
    assert_eq!((node.role(), node.term()), (Role::Candidate, 2));
}

/// 5.2: time-outs are chosen at random from a fixed interval, anew for each election.
#[test]
fn the_timeout_is_drawn_from_e_to_two_e_minus_one() {
    let mut seen = BTreeSet::new();
    for extra in 0..10 {
        let mut node = fresh(1, 3);
        let ticks = (1..).find(|_| {
            node.tick(|bound| {
                assert_eq!(bound, 10);
                extra
            });
            node.role() != Role::Follower
        });
        seen.extend(ticks);
    }
    assert_eq!(seen, (10..20).collect());
    let mut node = fresh(1, 3);
    node.tick(|_| 3);
    assert_eq!(node.election_timeout(), Some(13));
    node.tick(|_| unreachable!("drawn once per election"));
    node.step(from(2, 1, append(at(0, 0), &[], 0)));
    node.tick(|_| 7);
    assert_eq!(node.election_timeout(), Some(17));
}

/// 5.3: the leader appends a command to its log and sends it to all others.
#[test]
fn a_proposal_is_appended_and_sent() {
    let mut node = fresh(1, 3);
    elect(&mut node);
    for other in [2, 3] {
        node.step(from(other, 1, Body::AppendAccepted { index: 1 }));
    }
    say(&mut node);
    assert!(node.propose(42).is_ok());
    for message in say(&mut node) {
        let Body::Append { prev, entries, commit } = message.body else {
            panic!("only appends are due")
        };
        assert_eq!((prev, commit), (at(1, 1), 1));
        assert_eq!(entries[0].data(), Some(&42));
    }
    assert_eq!(node.commit(), 1, "not committed yet");
}

/// 5.3: an entry is committed once its leader has replicated it on a majority.
#[test]
fn an_entry_of_the_own_term_is_committed_by_a_majority() {
    // (members, acknowledgements of others) -> committed
    let rows = [(1, 0, true), (3, 0, false), (3, 1, true), (5, 1, false), (5, 2, true)];
    for (count, acks, committed) in rows {
        let mut node = fresh(1, count);
        elect(&mut node);
        (2..2 + acks).for_each(|id| node.step(from(id, 1, Body::AppendAccepted { index: 1 })));
        assert_eq!(node.commit() == 1, committed, "{count} {acks}");
    }
}

/// 5.3 and figure 2: the leader itself counts only with what is on its own disk
/// (diss 10.2.1 lets it write in parallel).
#[test]
fn the_leaders_own_copy_counts_when_it_is_durable() {
    let mut node = fresh(1, 3);
    node.campaign();
    say(&mut node);
    node.step(from(2, 1, vote(true)));
    let ready = node.ready();
    assert_eq!(ready.messages.len(), 2, "the appends do not wait for the own disk");
    node.step(from(2, 1, Body::AppendAccepted { index: 1 }));
    assert_eq!(node.commit(), 0, "one of three disks");
    node.persisted(ready.number);
    assert_eq!(node.commit(), 1);
}

/// 5.3: committing an entry also commits everything before it, of former leaders too.
#[test]
fn a_commit_takes_all_preceding_entries_along() {
    let (mut node, _) = member((1, 3), 2, &[1, 2]);
    elect(&mut node);
    node.step(from(2, 3, Body::AppendAccepted { index: 3 }));
    assert_eq!(node.commit(), 3);
}

/// 5.3: a follower learns from the leader how far it may apply, and applies in order.
#[test]
fn a_follower_applies_what_the_leader_says_is_committed() {
    let mut node = fresh(1, 3);
    node.step(from(2, 1, append(at(0, 0), &[1, 1, 1], 2)));
    let ready = node.ready();
    assert!(ready.committed.is_empty(), "nothing before it is on the own disk");
    node.persisted(ready.number);
    let applied: Vec<Index> = node.ready().committed.iter().map(|entry| entry.index).collect();
    assert_eq!(applied, [1, 2]);
}

/// 5.3: an append without its predecessor is refused.
#[test]
fn the_consistency_check_needs_the_entry_before() {
    for (prev, hint) in [(at(3, 3), at(2, 2)), (at(2, 3), at(2, 2)), (at(2, 1), at(1, 1))] {
        let (mut node, _) = member((1, 3), 3, &[1, 2]);
        let answers = ask(&mut node, from(2, 3, append(prev, &[3], 0)));
        assert_eq!(answers, [Body::AppendRejected { rejected: prev.index, hint }]);
        assert_eq!(terms(&node), [1, 2]);
    }
}

/// 5.3 and figure 7: a leader makes any follower's log equal to its own, whatever is in it.
#[test]
fn figure_7_every_follower_comes_to_the_leaders_log() {
    let leader_log = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    let followers: [&[Term]; 6] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    for log in followers {
        let (mut leader, _) = member((1, 3), 7, &leader_log);
        let (mut follower, _) = member((2, 3), 7, log);
        leader.campaign();
        say(&mut leader);
        leader.step(from(3, 8, vote(true)));
        let mut rounds = 0;
        while leader.commit() < 11 {
            rounds += 1;
            assert!(rounds < 10, "at most one round per term");
            for message in say(&mut leader).into_iter().filter(|m| m.to == NodeId(2)) {
                follower.step(message);
            }
            say(&mut follower).into_iter().for_each(|message| leader.step(message));
        }
        let mut expect = leader_log.to_vec();
        expect.push(8);
        assert_eq!(terms(&follower), expect, "{log:?}");
    }
}

/// Figure 2, AppendEntries 3 and 4: only a conflict removes entries; an old message that is a
/// prefix of what is here removes nothing.
#[test]
fn a_reordered_append_does_not_shorten_the_log() {
    let mut node = fresh(1, 3);
    ask(&mut node, from(2, 1, append(at(0, 0), &[1, 1, 1], 0)));
    let answers = ask(&mut node, from(2, 1, append(at(0, 0), &[1], 0)));
    assert_eq!(answers, [Body::AppendAccepted { index: 1 }]);
    assert_eq!(terms(&node), [1, 1, 1]);
}

/// Figure 2, AppendEntries 5: the commit index is at most the last entry that this message has
/// proved to match.
#[test]
fn nothing_beyond_the_message_is_committed() {
    let (mut node, _) = member((1, 3), 2, &[1, 1, 1]);
    ask(&mut node, from(2, 2, append(at(1, 1), &[], 3)));
    assert_eq!(node.commit(), 1, "2 and 3 may be a deposed leader's");
}

/// 5.4.1: a voter refuses a candidate whose log is less up to date than its own.
#[test]
fn a_vote_needs_a_log_at_least_as_up_to_date() {
    // own log, the candidate's end -> granted
    let rows: [(&[Term], Position, bool); 7] = [
        (&[1], at(1, 1), true),
        (&[1], at(2, 1), true),
        (&[1, 1], at(1, 1), false),
        (&[1], at(1, 2), true),
        (&[1, 1, 1], at(1, 2), true),
        (&[2], at(9, 1), false),
        (&[], at(0, 0), true),
    ];
    for (own, last, granted) in rows {
        let (mut node, _) = member((1, 3), 3, own);
        let answers = ask(&mut node, from(2, 4, vote_request(last)));
        assert_eq!(answers, [vote(granted)], "{own:?} {last:?}");
    }
}

/// 5.4.2 and figure 8: a leader does not commit an entry of an older term by counting.
#[test]
fn figure_8_an_old_entry_is_committed_only_through_a_new_one() {
    let (mut node, _) = member((1, 3), 4, &[1, 2]);
    elect(&mut node);
    node.step(from(2, 5, Body::AppendAccepted { index: 2 }));
    assert_eq!(node.commit(), 0, "a majority has 2t2, and yet");
    node.step(from(2, 5, Body::AppendAccepted { index: 3 }));
    assert_eq!(node.commit(), 3);
}

/// 5.5: appends and votes may arrive twice without harm.
#[test]
fn messages_are_idempotent() {
    let mut node = fresh(1, 3);
    let message = from(2, 1, append(at(0, 0), &[1, 1], 0));
    let first = ask(&mut node, message.clone());
    let before = (terms(&node), node.commit());
    let second = ask(&mut node, message);
    assert_eq!((first, before), (second, (terms(&node), node.commit())));
}

/// 5.4.3 with figure 2: a restarted server keeps term, vote and log, and so votes no second time.
#[test]
fn a_restart_forgets_neither_vote_nor_log() {
    let (mut node, mut disk) = member((1, 3), 1, &[1]);
    node.step(from(2, 2, vote_request(at(1, 1))));
    let write = node.ready().write.expect("the vote is written");
    disk.save(&write);
    let mut again: Raft = Node::start(config(1), &disk).expect("a good disk");
    assert_eq!((again.term(), again.vote(), terms(&again)), (2, Some(NodeId(2)), vec![1]));
    assert_eq!(ask(&mut again, from(3, 2, vote_request(at(1, 1)))), [vote(false)]);
}

/// 6, last paragraph: servers disregard RequestVote while they believe in a living leader.
#[test]
fn a_voter_that_hears_its_leader_ignores_candidates() {
    let disk = Storage::new(VoterSet::new((1..=3).map(NodeId)));
    let mut node: Raft = Node::start(Config::new(NodeId(1)), &disk).expect("a good disk");
    node.step(from(2, 1, append(at(0, 0), &[], 0)));
    say(&mut node);
    (0..9).for_each(|_| node.tick(|_| 5));
    assert!(ask(&mut node, from(3, 9, vote_request(at(9, 9)))).is_empty());
    assert_eq!(node.term(), 1, "not even the term is adopted");
    node.tick(|_| 5);
    assert_eq!(ask(&mut node, from(3, 9, vote_request(at(9, 9)))), [vote(true)]);
}

/// 7: a snapshot replaces the log; what it covers is committed and never taken back.
#[test]
fn a_snapshot_replaces_what_conflicts_and_only_moves_forward() {
    let snapshot = |index, term| {
        Body::Snapshot(Snapshot {
            position: at(index, term),
            voters: VoterSet::new((1..=3).map(NodeId)),
            data: (),
        })
    };
    let (mut node, _) = member((1, 3), 2, &[1, 1, 1]);
    let answers = ask(&mut node, from(2, 3, snapshot(5, 2)));
    assert_eq!(answers, [Body::AppendAccepted { index: 5 }]);
    assert_eq!((terms(&node), node.commit(), node.last()), (vec![], 5, at(5, 2)));
    let answers = ask(&mut node, from(2, 3, snapshot(4, 2)));
    assert_eq!(answers, [Body::AppendAccepted { index: 5 }], "an old snapshot is ignored");
}

/// 7: a follower whose log already has the snapshot's last entry keeps what follows it.
#[test]
fn a_snapshot_that_matches_keeps_the_rest_of_the_log() {
    let (mut node, _) = member((1, 3), 2, &[1, 1, 2]);
    let voters = VoterSet::new((1..=3).map(NodeId));
    let snapshot = Snapshot { position: at(2, 1), voters, data: () };
    ask(&mut node, from(2, 2, Body::Snapshot(snapshot)));
    assert_eq!((terms(&node), node.commit()), (vec![1, 1, 2], 2));
}

/// 8: a leader commits an empty entry at the start of its term.
#[test]
fn a_new_leader_begins_with_an_empty_entry() {
    let (mut node, _) = member((1, 3), 2, &[1, 2]);
    elect(&mut node);
    let last = node.entries().last().expect("there is an entry");
    assert_eq!((last.position(), &last.payload), (at(3, 3), &Payload::Empty));
}

/// 8: before a read the leader must know its commit index and prove that it still leads.
#[test]
fn a_read_waits_for_the_first_commit_and_for_a_majority() {
    let mut node = fresh(1, 3);
    elect(&mut node);
    assert_eq!(node.read_index(ReadContext(7)), Ok(()));
    assert!(!say(&mut node).iter().any(|m| matches!(m.body, Body::Heartbeat { .. })));
    node.step(from(2, 1, Body::AppendAccepted { index: 1 }));
    let ready = node.ready();
    assert!(ready.reads.is_empty(), "leadership is not proved yet");
    node.step(from(3, 1, Body::HeartbeatResponse { context: Some(ReadContext(7)) }));
    let reads = node.ready().reads;
    assert_eq!(reads.iter().map(|read| (read.context.0, read.index)).collect::<Vec<_>>(), [(7, 1)]);
}

/// diss 3.10: during a transfer the leader takes no proposals; a time-out ends it.
#[test]
fn a_transfer_stops_proposals_until_it_times_out() {
    let mut node = fresh(1, 3);
    elect(&mut node);
    node.transfer_leader(NodeId(2));
    assert_eq!(node.propose(1), Err(ProposalDropped::TransferInProgress));
    (0..10).for_each(|_| node.tick(|_| 0));
    assert!(node.propose(1).is_ok());
}

/// diss 6.2: a leader that has not heard a majority for an election time-out steps down.
#[test]
fn a_leader_without_a_majority_steps_down() {
    let disk = Storage::new(VoterSet::new((1..=3).map(NodeId)));
    let config = Config { pre_vote: false, ..Config::new(NodeId(1)) };
    let mut node: Raft = Node::start(config, &disk).expect("a good disk");
    elect(&mut node);
    (0..10).for_each(|_| node.tick(|_| 0));
    assert_eq!((node.role(), node.leader()), (Role::Follower, None));
}

/// diss 9.6: a pre-candidate raises its term only after a majority would elect it.
#[test]
fn a_pre_vote_raises_no_term() {
    let disk = Storage::new(VoterSet::new((1..=3).map(NodeId)));
    let mut node: Raft = Node::start(Config::new(NodeId(1)), &disk).expect("a good disk");
    node.campaign();
    assert_eq!((node.role(), node.term(), node.vote()), (Role::PreCandidate, 0, None));
    let asked = say(&mut node);
    assert!(asked.iter().all(|m| m.term == 1 && m.body.name() == "MsgPreVote"));
    let yes = Body::VoteResponse { kind: VoteKind::PreVote, granted: true };
    node.step(from(2, 1, yes));
    assert_eq!((node.role(), node.term()), (Role::Candidate, 1));
}
