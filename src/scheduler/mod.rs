//! Gives every pod a node: queue, filter, score, reserve, bind.
//!
//! | file | what lives there |
//! |---|---|
//! | `resource` | what a pod asks for and what a node has |
//! | `snapshot` `node_info` `node_order` | the picture of the cluster |
//! | `topology` `spread_index` `images` `selectors` | what plugins ask of many nodes at once |
//! | `framework` `plugin_list` | the extension points and the closed list of plugins |
//! | `plugins/` | one file per plugin |
//! | `verdict` | why a node does not suit, in Kubernetes' words |
//! | `events` | what can make an unschedulable pod schedulable |
//! | `queue` | pods that wait: active, backing off, unschedulable |
//! | `actor` `watching` `deciding` | the actor: when it works, what it takes in, what it does |
//! | `config` | defaults and settings |
//! | `cycle` | one scheduling cycle: from a pod to a node |
//!
//! Floor: 3
//! Imports: kernel, api, wire, client

mod actor;
pub mod config;
pub mod cycle;
mod deciding;
pub mod events;
pub mod framework;
pub mod images;
pub mod node_info;
pub mod node_order;
pub mod plugin_list;
pub mod plugins;
pub mod queue;
pub mod resource;
pub mod selectors;
pub mod snapshot;
pub mod spread_index;
#[cfg(test)]
mod tests;
pub mod topology;
pub mod verdict;
mod watching;

pub use actor::Scheduler;
pub use config::{Config, SETTINGS};
