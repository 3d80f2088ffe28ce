//! One node and words to speak with it.

use prova::raft::{
    Body, Config, Entries, Entry, HardState, Index, Message, Node, NodeId, Payload, Position, Role,
    Storage, Term, VoteKind, VoterSet, Write,
};

pub(crate) type Raft = Node<u64, ()>;
pub(crate) type Packet = Message<u64, ()>;

/// The paper's own node: no pre-vote, no vote lease.
pub(crate) fn config(id: u64) -> Config {
    Config { pre_vote: false, check_quorum: false, ..Config::new(NodeId(id)) }
}

/// A member of a group whose log has entries of these terms, and which is in `term`.
pub(crate) fn member(
    (id, count): (u64, u64),
    term: Term,
    terms: &[Term],
) -> (Raft, Storage<u64, ()>) {
    let mut disk = Storage::new(VoterSet::new((1..=count).map(NodeId)));
    let entries = (1..).zip(terms).map(|(index, term)| entry(index, *term)).collect();
    let hard_state = Some(HardState { term, vote: None, commit: 0 });
    disk.save(&Write { number: 0, hard_state, snapshot: None, entries, must_sync: true });
    (Node::start(config(id), &disk).expect("a good disk"), disk)
}

pub(crate) fn fresh(id: u64, count: u64) -> Raft {
    member((id, count), 0, &[]).0
}

pub(crate) fn entry(index: Index, term: Term) -> Entry<u64> {
    Entry { term, index, payload: Payload::Normal(index) }
}

pub(crate) fn at(index: Index, term: Term) -> Position {
    Position { index, term }
}

pub(crate) fn from(sender: u64, term: Term, body: Body<u64, ()>) -> Packet {
    Message { from: NodeId(sender), to: NodeId(1), term, body }
}

pub(crate) fn append(prev: Position, terms: &[Term], commit: Index) -> Body<u64, ()> {
    let entries: Entries<u64> =
        (prev.index + 1..).zip(terms).map(|(index, term)| entry(index, *term)).collect();
    Body::Append { prev, entries, commit }
}

pub(crate) fn vote_request(last: Position) -> Body<u64, ()> {
    Body::Vote { kind: VoteKind::Vote, last, transfer: false }
}

pub(crate) fn vote(granted: bool) -> Body<u64, ()> {
    Body::VoteResponse { kind: VoteKind::Vote, granted }
}

/// Everything the node says, with a disk that is as fast as thought.
pub(crate) fn say(node: &mut Raft) -> Vec<Packet> {
    let mut said = Vec::new();
    while node.has_ready() {
        let ready = node.ready();
        said.extend(ready.messages);
        if ready.write.is_some() {
            node.persisted(ready.number);
        }
        if let Some(last) = ready.committed.last() {
            node.applied(last.index);
        }
        said.extend(ready.messages_after_write);
    }
    said
}

/// What the node answers to one message.
pub(crate) fn ask(node: &mut Raft, message: Packet) -> Vec<Body<u64, ()>> {
    node.step(message);
    say(node).into_iter().map(|message| message.body).collect()
}

/// Lets node 1 become leader with the votes of as many others as it needs.
pub(crate) fn elect(node: &mut Raft) {
    node.campaign();
    say(node);
    for voter in node.voters().ids().to_vec() {
        if voter != node.id() {
            node.step(from(voter.0, node.term(), vote(true)));
        }
    }
    say(node);
    assert_eq!(node.role(), Role::Leader);
}

pub(crate) fn terms(node: &Raft) -> Vec<Term> {
    node.entries().map(|entry| entry.term).collect()
}
