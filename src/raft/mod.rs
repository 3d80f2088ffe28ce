//! Raft as a state machine without input or output: consensus that can be held in one hand.
//!
//! The contract is one sentence: a message, a tick or a proposal goes in; out come messages to
//! send, entries and a hard state to save, and committed entries to apply ([`Ready`]). The node
//! reads no clock, no disk, no network and no random source, and it is `Clone`: so a simulated
//! cluster is a value, a test is a dialogue, and the caller decides how long a disk takes.
//!
//! ```text
//!        tick(jitter)  step(message)  propose(data)  read_index(context)  transfer_leader(id)
//!              │             │              │                │                    │
//!              ▼             ▼              ▼                ▼                    ▼
//!        ┌──────────────────────────────── Node ────────────────────────────────────────┐
//!        └───────────────────────────────┬──────────────────────────────────────────────┘
//!                                        ▼ ready()
//!     write ──▶ disk ──▶ persisted(number) ──▶ messages_after_write leave
//!     messages ──▶ network at once              committed ──▶ state machine ──▶ applied(index)
//! ```
//!
//! The shape is that of etcd-io/raft (`RawNode`), and so are the rules; the sentences and the
//! code are this project's own. Three things are done differently on purpose:
//! - Jitter is an argument of `tick`, the only input that looks at the election time-out. It is
//!   drawn at the first tick after each reset, so a call that resets needs no random number.
//! - Appends leave when `ready` is called, not at each proposal: all proposals that meet before
//!   it share one message per follower.
//! - A candidate takes office only when its own vote is on its own disk, even if a majority of
//!   others has agreed already. Else a crash could let it be elected twice in one term, with two
//!   different entries at one index.
//!
//! Simplified: no learners and no membership change (their room: a second list in `VoterSet`, a
//! third case in `Payload`, applied in `Node::applied`); writes may overlap and finish late, but
//! they finish in order, and applying has no separate acknowledgement message (upstream's
//! asynchronous storage writes); no lease-based reads; inflight limits count messages, not bytes.
//!
//! Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (extended),
//! Ongaro's dissertation (pre-vote 9.6, check-quorum 6.2, read index 6.4, transfer 3.10),
//! etcd-io/raft 3.6 for everything they leave open.
//!
//! Imports: nothing
//! Floor: 0

mod config;
mod entry;
mod log;
mod message;
mod node;
mod progress;
mod quorum;
mod ready;
mod storage;

pub use config::{
    Config, ELECTION_TICK, HEARTBEAT_TICK, MAX_INFLIGHT_MSGS, MAX_SIZE_PER_MSG,
    MAX_UNCOMMITTED_SIZE,
};
pub use entry::{
    Bytes, Data, Entries, Entry, HardState, Index, NodeId, Payload, Position, Snapshot, Term,
};
pub use message::{Body, Message, ReadContext, VoteKind};
pub use node::{Node, ProposalDropped, Proposed};
pub use progress::{Progress, ProgressState};
pub use quorum::{Tally, VoterSet, Votes};
pub use ready::{Fact, ReadState, Ready, Role, Write, WriteNumber};
pub use storage::Storage;
