//! The watch stream: a client's standing interest in an interval of keys.

use std::sync::Arc;

use super::error::EtcdError;
use super::kv::{KeyValue, Revision};
use super::range::KeyRange;

/// The number of a watcher on its client's stream.
pub type WatchId = i64;

/// The watch id of a progress answer that concerns the whole stream.
///
/// Source: etcd-io/etcd:server/etcdserver/api/v3rpc/watch.go.
pub const PROGRESS_WATCH_ID: WatchId = -1;

/// A message from the client on its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchRequest {
    /// Start a watcher.
    Create(WatchCreate),
    /// End one.
    Cancel(WatchId),
    /// Ask up to which revision everything has been sent.
    Progress,
    /// The client closes the stream with all its watchers. No answer.
    CloseStream,
}

/// Which events a watcher does not want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WatchFilters {
    /// No puts.
    pub no_put: bool,
    /// No deletions.
    pub no_delete: bool,
}

/// Start a watcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchCreate {
    /// The wanted number, unique on the stream; 0 lets the server choose.
    pub watch_id: WatchId,
    /// Which keys.
    pub range: KeyRange,
    /// The first revision of interest; 0: whatever comes next.
    pub start_revision: Revision,
    /// Send along what was there before each change.
    pub prev_kv: bool,
    /// Which events not to send.
    pub filters: WatchFilters,
    /// Send an empty answer now and then while nothing happens.
    pub progress_notify: bool,
}

impl WatchCreate {
    /// A watcher for everything that will happen in the interval from now on.
    #[must_use]
    pub fn new(range: KeyRange) -> Self {
        WatchCreate {
            watch_id: 0,
            range,
            start_revision: 0,
            prev_kv: false,
            filters: WatchFilters::default(),
            progress_notify: false,
        }
    }
}

/// What happened to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventType {
    /// It was written.
    Put,
    /// It was deleted.
    Delete,
}

/// One change of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The pair after the change. In a deletion: key and `mod_revision` only.
    pub kv: Arc<KeyValue>,
    /// The pair before, if it was asked for, existed, and has not been compacted away.
    pub prev_kv: Option<Arc<KeyValue>>,
}

impl Event {
    /// What happened.
    #[must_use]
    pub fn kind(&self) -> EventType {
        if self.kv.is_tombstone() { EventType::Delete } else { EventType::Put }
    }

    /// Whether the change brought the key into being.
    #[must_use]
    pub fn is_create(&self) -> bool {
        !self.kv.is_tombstone() && self.kv.create_revision == self.kv.mod_revision
    }
}

/// A message from the member on the stream. A revision is never split over two of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WatchResponse {
    /// The watcher it belongs to, or [`PROGRESS_WATCH_ID`].
    pub watch_id: WatchId,
    /// Its place on the client's stream, from 0; a gap means that a partition swallowed something.
    ///
    /// It stands for TCP, which delivers the missing part later or breaks the connection.
    pub place: u32,
    /// The store's revision when it was made; 0 where history was compacted away.
    pub revision: Revision,
    /// The watcher now exists.
    pub created: bool,
    /// The watcher is gone.
    pub canceled: bool,
    /// If not 0: the watcher wanted history from below this floor, and is gone.
    pub compact_revision: Revision,
    /// Why the watcher could not be created or is gone.
    pub cancel_reason: Option<EtcdError>,
    /// What happened, in order of revision, then of operation.
    pub events: Vec<Event>,
}

impl WatchResponse {
    /// Whether this only tells how far the stream has come.
    #[must_use]
    pub fn is_progress(&self) -> bool {
        self.events.is_empty() && !self.created && !self.canceled
    }
}
