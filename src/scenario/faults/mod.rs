//! What can go wrong: one file per fault.
//!
//! A fault here is data; the laboratory carries it out. To add one: write its file, add a line to
//! [`FAULTS`] and one to the list of actions in [`crate::scenario::steps`].

pub mod container_crash;
pub mod crash;
pub mod hang;
pub mod heal;
pub mod image_pull_failure;
pub mod not_ready;
pub mod partition;
pub mod pause;
pub mod recover;
pub mod resume;
pub mod slow_app;
pub mod slow_disk;
pub mod slow_link;

/// Every fault (and what ends it), by the word that a scenario uses.
pub const FAULTS: &[&str] = &[
    "container_crash",
    "crash",
    "hang",
    "heal",
    "image_pull_failure",
    "not_ready",
    "partition",
    "pause",
    "recover",
    "resume",
    "slow_app",
    "slow_disk",
    "slow_link",
];
