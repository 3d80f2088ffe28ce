//! Keys, values and the pair with its history numbers.

use std::sync::Arc;

/// A key of the store. etcd's keys are bytes; ours are text, ordered by their bytes all the same.
pub type Key = Arc<str>;

/// A store-wide logical time: every transaction that changes something takes the next one.
///
/// An empty store is at 1. In requests, 0 or less means "the current one".
pub type Revision = i64;

/// The name of a lease. 0 is [`NO_LEASE`].
pub type LeaseId = i64;

/// The lease of a key that is attached to none.
pub const NO_LEASE: LeaseId = 0;

/// What a key holds. A value is shared, never copied and never changed in place.
///
/// The derived order is the byte order of texts, which is how etcd sorts and compares values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Plain text.
    Text(Arc<str>),
}

impl Value {
    /// The value of no bytes: what a tombstone and a pair read with `keys_only` hold.
    #[must_use]
    pub fn empty() -> Self {
        Value::Text(Arc::default())
    }

    /// How many bytes the value takes in a request and in the store's size. Unit: bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Value::Text(text) => text.len(),
        }
    }

    /// Whether the value has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size() == 0
    }

    /// The text, where the value is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
        }
    }

    /// Hands the bytes that identify the value to a hash. Equal values hand over equal bytes, on
    /// every platform.
    pub fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        match self {
            Value::Text(text) => sink(text.as_bytes()),
        }
    }
}

impl Default for Value {
    fn default() -> Self {
        Value::empty()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(Arc::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(Arc::from(text))
    }
}

/// A key with its value and its place in history.
///
/// Source: etcd-io/etcd:api/mvccpb/kv.proto.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyValue {
    /// The key.
    pub key: Key,
    /// What it holds; empty in a tombstone.
    pub value: Value,
    /// The revision at which the key was last created. 0 in a tombstone.
    pub create_revision: Revision,
    /// The revision of the last change of the key.
    pub mod_revision: Revision,
    /// How many changes since the creation, which counts as the first. A deletion resets it to 0.
    pub version: i64,
    /// The lease that takes the key along when it ends; [`NO_LEASE`] for none.
    pub lease: LeaseId,
}

impl KeyValue {
    /// What a deletion leaves behind in history: only the key and the revision of its end.
    #[must_use]
    pub fn tombstone(key: Key, revision: Revision) -> Self {
        KeyValue {
            key,
            value: Value::empty(),
            create_revision: 0,
            mod_revision: revision,
            version: 0,
            lease: NO_LEASE,
        }
    }

    /// Whether this marks the deletion of the key rather than a value.
    #[must_use]
    pub fn is_tombstone(&self) -> bool {
        self.version == 0
    }
}
