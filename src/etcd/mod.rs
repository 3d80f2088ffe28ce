//! etcd: the replicated store behind the API server.
//!
//! | file | what lives there |
//! |---|---|
//! | `config` | the settings, each default once |
//! | `member` | the actor: Raft, disk, clients, each in a file of its own |
//! | `disk` | what survives a crash, and how long that takes |
//! | `store` | the multi-version store: revisions, ranges, transactions, compaction; pure and deterministic |
//! | `lease` | leases and when the leader's clock ends them |
//! | `watch` | who on this member is interested in which keys |
//! | `check` | what is refused before it reaches the log |
//! | `route` | which requests enter the log, which the store answers by itself |
//!
//! Imports: kernel, raft, wire
//! Floor: 3

mod config;
mod disk;
mod member;

pub mod check;
pub mod lease;
pub mod route;
pub mod store;
pub mod watch;

pub use config::{EtcdConfig, SETTINGS};
pub use disk::Disk;
pub use member::Member;
