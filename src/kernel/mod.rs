//! The stage: a discrete-event engine that knows nothing of Kubernetes.
//!
//! One loop takes the earliest event from a queue, moves the virtual clock to it and hands it
//! to an actor; the actor changes only itself and sends messages, which become later events.
//! Everything a run depends on is a value in here (clock, queue, chance, links, lives), so a
//! clone of [`Sim`] is a checkpoint and the same seed gives the same run, bit for bit.
//!
//! | file | what lives there |
//! |---|---|
//! | `time` | [`SimTime`] and [`Span`], whole nanoseconds, and their spelling |
//! | `queue` | the pending events, a stable monotone priority queue |
//! | `actor` | addresses, lives, events, timers |
//! | `cx` | what a handler can reach: now, send, after, chance, note |
//! | `sim` | the loop, crash, pause, resume, restart |
//! | `chance` | random numbers, one stream per (seed, actor, purpose) |
//! | `dist` | integer, table-driven distributions |
//! | `links` | sites, latency, loss, partitions |
//! | `digest` | the fingerprint of a run |
//! | `fixed_map` | a look-up table that offers no iteration |
//! | `shared` | a value that clones share until one writes |
//! | `shared_map` `sorted_map` `chunks` | a look-up table, a sorted map and a list, cheap to clone |
//!
//! Floor: 0
//! Imports: nothing

mod actor;
mod chance;
mod chunks;
mod cx;
mod digest;
mod dist;
mod fixed_map;
mod links;
mod queue;
mod shared;
mod shared_map;
mod sim;
mod sorted_map;
mod tables;
mod time;

pub use actor::{
    ActorId, Event, EventId, KernelNote, LostWhy, Message, Noted, Slot, Ticket, Timer,
};
pub use chance::{Chance, Purpose, Stream};
pub use chunks::Chunks;
pub use cx::{Core, Cx, Detail};
pub use digest::Digest;
pub use dist::Dist;
pub use fixed_map::FixedMap;
pub use links::{CutId, LinkSpec, Links, SiteId};
pub use queue::Queue;
pub use shared::Shared;
pub use shared_map::SharedMap;
pub use sim::{ActorState, Observer, Quiet, Sim, Start, World};
pub use sorted_map::SortedMap;
pub use time::{ParseSpanError, SimTime, Span};
