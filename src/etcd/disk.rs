//! The disk of one member: all that survives a crash.
//!
//! One fsync is under way at a time, and it covers everything that had gathered when it began
//! (group commit): while it runs, Raft hands out nothing new, just as etcd's one loop over
//! `Ready` waits for its write-ahead log. What an unfinished fsync would have covered is lost in
//! a crash.
//!
//! Simplified: the store's own file (the "backend") is taken to hold exactly what was applied.
//! The real one is written every 100 ms or 10,000 operations, and a restart replays the rest from
//! the log; the state it comes to is the same. Torn and rotten sectors are not modelled yet.
//!
//! Source: etcd-io/etcd:server/etcdserver/raft.go `start`, server/storage/wal.

use std::sync::Arc;

use crate::kernel::{Dist, Span, Stream};
use crate::raft::{Index, Storage, VoterSet, Write, WriteNumber};
use crate::wire::etcd::{Command, Image, PeerMessage};

/// What a member's log carries.
pub(super) type Log = Storage<Arc<Command>, Image>;

/// A member's disk.
#[derive(Debug, Clone)]
pub struct Disk {
    log: Log,
    /// The last entry that the store's file contains.
    consistent_index: Index,
    fsync: Dist,
    flush: Option<Flush>,
}

/// One fsync under way, and the messages that wait for it.
#[derive(Debug, Clone)]
pub(super) struct Flush {
    write: Write<Arc<Command>, Image>,
    messages: Vec<PeerMessage>,
}

/// What a finished fsync brings.
#[derive(Debug)]
pub(super) struct Flushed {
    pub(super) number: WriteNumber,
    pub(super) messages: Vec<PeerMessage>,
    /// A leader's snapshot, if one came: where it stands, and the store in it.
    pub(super) snapshot: Option<(Index, Image)>,
}

impl Disk {
    /// An empty disk of a member of a cluster of `voters`.
    pub(super) fn new(voters: VoterSet, fsync: Dist) -> Self {
        Disk { log: Storage::new(voters), consistent_index: 0, fsync, flush: None }
    }

    /// The write-ahead log as it is on the disk.
    #[must_use]
    pub fn log(&self) -> &Storage<Arc<Command>, Image> {
        &self.log
    }

    /// The last entry that the store's file contains.
    #[must_use]
    pub fn consistent_index(&self) -> Index {
        self.consistent_index
    }

    /// Changes how long an fsync takes, from the next one on: a slow disk.
    pub fn set_fsync(&mut self, fsync: Dist) {
        self.fsync = fsync;
    }

    /// Whether an fsync is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.flush.is_some()
    }

    /// Begins an fsync and says how long it will take.
    pub(super) fn begin(
        &mut self,
        write: Write<Arc<Command>, Image>,
        messages: Vec<PeerMessage>,
        stream: &mut Stream,
    ) -> Span {
        assert!(self.flush.is_none(), "one fsync at a time");
        self.flush = Some(Flush { write, messages });
        self.fsync.draw(stream)
    }

    /// The fsync is over.
    pub(super) fn end(&mut self) -> Option<Flushed> {
        let Flush { mut write, messages } = self.flush.take()?;
        let number = write.number;
        let snapshot = write.snapshot.as_mut().map(|snapshot| {
            // The file of the store takes the content; the log keeps only the place.
            (snapshot.position.index, snapshot.data.take())
        });
        self.log.save(&write);
        Some(Flushed { number, messages, snapshot })
    }

    /// Writes what needs no fsync.
    pub(super) fn save(&mut self, write: &Write<Arc<Command>, Image>) {
        self.log.save(write);
    }

    pub(super) fn log_mut(&mut self) -> &mut Log {
        &mut self.log
    }

    pub(super) fn set_consistent_index(&mut self, index: Index) {
        self.consistent_index = index;
    }

    /// The process died: what was not synced is gone.
    pub(super) fn crash(&mut self) {
        self.flush = None;
    }
}
