//! Topology keys and their values as small numbers.
//!
//! A topology key is a node label that some constraint spreads over: zone, hostname, rack. The
//! first constraint that names a key registers it; from then on every node carries its value of
//! that key as a number, and counting per zone is adding into an array.

use crate::api::{Labels, Str};
use crate::kernel::FixedMap;

/// A registered topology key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(u32);

impl KeyId {
    /// As an index into tables by key.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A value of a topology key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueId(u32);

impl ValueId {
    /// The node does not have that label.
    pub const MISSING: ValueId = ValueId(0);

    /// As an index into tables by value.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One key with its values.
#[derive(Clone, Debug)]
struct Key {
    name: Str,
    ids: FixedMap<Str, ValueId>,
    names: Vec<Str>,
    /// How many present nodes have each value; at [`ValueId::MISSING`]: have none.
    nodes: Vec<u32>,
}

/// All registered keys.
#[derive(Clone, Debug, Default)]
pub struct Topology {
    keys: Vec<Key>,
}

impl Topology {
    /// The number of a key; none when nobody has registered it.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<KeyId> {
        let place = self.keys.iter().position(|key| key.name == name)?;
        u32::try_from(place).ok().map(KeyId)
    }

    /// Registers a key that is not known yet; the nodes must be given their values afterwards.
    pub(super) fn register(&mut self, name: &Str) -> KeyId {
        let id = KeyId(u32::try_from(self.keys.len()).expect("there are few topology keys"));
        let names = vec![Str::new()];
        self.keys.push(Key { name: name.clone(), ids: FixedMap::default(), names, nodes: vec![0] });
        id
    }

    /// How many keys are registered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The values of a node with these labels, by key.
    pub(super) fn values_of(&mut self, labels: &Labels) -> Vec<ValueId> {
        self.keys.iter_mut().map(|key| key.value_of(labels)).collect()
    }

    /// A present node has these values (or has them no longer).
    pub(super) fn count_node(&mut self, values: &[ValueId], comes: bool) {
        for (key, value) in self.keys.iter_mut().zip(values) {
            let nodes = &mut key.nodes[value.index()];
            *nodes = if comes { *nodes + 1 } else { *nodes - 1 };
        }
    }

    /// One more present node has this value of a key that was just registered.
    pub(super) fn count_node_in(&mut self, key: KeyId, value: ValueId) {
        self.keys[key.index()].nodes[value.index()] += 1;
    }

    /// How many present nodes have each value of `key`.
    #[must_use]
    pub fn nodes_by_value(&self, key: KeyId) -> &[u32] {
        &self.keys[key.index()].nodes
    }

    /// Whether every present node has a value of `key`.
    #[must_use]
    pub fn is_everywhere(&self, key: KeyId) -> bool {
        self.keys[key.index()].nodes[ValueId::MISSING.index()] == 0
    }

    /// The text of a value.
    #[must_use]
    pub fn value_name(&self, key: KeyId, index: usize) -> &Str {
        &self.keys[key.index()].names[index]
    }
}

impl Key {
    fn value_of(&mut self, labels: &Labels) -> ValueId {
        let Some(text) = labels.get(&self.name) else { return ValueId::MISSING };
        if let Some(known) = self.ids.get(text) {
            return *known;
        }
        let id = ValueId(u32::try_from(self.names.len()).expect("values are fewer than 2^32"));
        self.ids.insert(text.clone(), id);
        self.names.push(text.clone());
        self.nodes.push(0);
        id
    }
}
