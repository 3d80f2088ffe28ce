//! Keys, values and the pair with its history numbers.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::api::Object;

/// A key of the store. etcd's keys are bytes; ours are text, ordered by their bytes all the same.
pub type Key = crate::api::Str;

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
/// Texts are ordered by their bytes, which is how etcd sorts and compares values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Plain text.
    Text(Arc<str>),
    /// A Kubernetes object. Simplified: the API server stores it in protocol buffers; here the
    /// object itself is shared between all members, and nothing is encoded.
    Object(Object),
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Value::Text(one), Value::Text(two)) => one.cmp(two),
            (Value::Text(_), Value::Object(_)) => Ordering::Less,
            (Value::Object(_), Value::Text(_)) => Ordering::Greater,
            // Nobody sorts objects by value inside a run; the JSON keeps the order a law.
            (Value::Object(one), Value::Object(two)) => {
                one.to_json().to_string().cmp(&two.to_json().to_string())
            }
        }
    }
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
            Value::Object(object) => object.typical_size(),
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
            Value::Object(_) => None,
        }
    }

    /// The object, where the value is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Value::Text(_) => None,
            Value::Object(object) => Some(object),
        }
    }

    /// Hands the bytes that identify the value to a hash. Equal values hand over equal bytes, on
    /// every platform.
    pub fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        match self {
            Value::Text(text) => sink(text.as_bytes()),
            Value::Object(object) => sink(object.to_json().to_string().as_bytes()),
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
