//! The API server: the only door to the cluster's state.
//!
//! Every call goes the same way, one named step after the other:
//! authenticate → authorize → admission (mutating) → defaults → validation → store. Reads and watches
//! are served from a cache that one watch at etcd feeds. Nobody else talks to etcd. Several servers
//! may run side by side: they share nothing but etcd, whose transactions settle every race.
//!
//! | file | what lives there |
//! |---|---|
//! | `server` | the actor: what it knows, which message goes where |
//! | `connections` | the clients' connections |
//! | `calls` | calls in flight, queues, what the observers are told |
//! | `work` `reading` `writing` | the way of a call through the server |
//! | `authenticate` `authorize` | who calls, and may they |
//! | `admission` | plugins that complete or refuse a write |
//! | `defaulting` | fields that nobody stated |
//! | `validation` | every error of an object at once |
//! | `registry` | what each verb does to an object |
//! | `claims` | addresses and ports that belong to one Service |
//! | `txn` `keys` | transactions, and where objects lie in etcd |
//! | `etcd_client` `sync` | the way to etcd, and keeping in step with it |
//! | `watchcache` `watching` | present state, history, watchers |
//! | `event_leases` `compaction` `boot` | Events die, history is forgotten, what every cluster has |
//! | `status` | refusals, as Kubernetes words them |
//! | `balancer` | the layer-4 balancer before the servers, an actor of its own |
//!
//! Imports: kernel, api, wire
//! Floor: 3

mod admission;
mod authenticate;
mod authorize;
mod balancer;
mod boot;
mod calls;
mod claims;
mod compaction;
mod config;
mod connections;
mod defaulting;
mod etcd_client;
mod event_leases;
pub mod keys;
mod reading;
mod registry;
mod server;
mod status;
mod sync;
mod txn;
pub mod validation;
mod watchcache;
mod watching;
mod work;
mod writing;

pub use balancer::{BALANCER_SETTINGS, Balancer, BalancerConfig};
pub use config::{Cidr, Config, PortRange, SETTINGS};
pub use server::ApiServer;
