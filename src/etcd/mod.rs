//! etcd: the replicated store behind the API server.
//!
//! | file | what lives there |
//! |---|---|
//! | `store` | the multi-version store: revisions, ranges, transactions, compaction; pure and deterministic |
//! | `lease` | leases and when the leader's clock ends them |
//! | `watch` | who on this member is interested in which keys |
//! | `check` | what is refused before it reaches the log |
//! | `route` | which requests enter the log, which the store answers by itself |
//!
//! Imports: kernel, wire
//! Floor: 3

pub mod check;
pub mod lease;
pub mod route;
pub mod store;
pub mod watch;
