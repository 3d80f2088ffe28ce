//! Which node has which image, as bits.

use crate::api::{Node, Str};
use crate::kernel::FixedMap;

use super::node_info::NodeId;

/// One image, wherever it is.
#[derive(Clone, Debug, Default)]
pub struct ImageState {
    /// Size as the node reported that told of it last \[bytes\].
    pub size: i64,
    /// How many nodes have it.
    pub nodes: u32,
    bits: Vec<u64>,
}

/// All images that nodes report.
#[derive(Clone, Debug, Default)]
pub struct Images {
    by_name: FixedMap<Str, ImageState>,
}

impl Images {
    /// The image called `name` (with its tag).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ImageState> {
        self.by_name.get(name)
    }

    /// A node's list of images changed from what `old` says to what `new` says.
    pub(super) fn update(&mut self, id: NodeId, old: Option<&Node>, new: Option<&Node>) {
        if let (Some(old), Some(new)) = (old, new)
            && old.status.images == new.status.images
        {
            return;
        }
        for image in old.iter().flat_map(|node| &node.status.images) {
            for name in &image.names {
                if let Some(state) = self.by_name.get_mut(name) {
                    state.set(id, false);
                    if state.nodes == 0 {
                        self.by_name.remove(name);
                    }
                }
            }
        }
        for image in new.iter().flat_map(|node| &node.status.images) {
            for name in &image.names {
                if !self.by_name.contains(name) {
                    self.by_name.insert(name.clone(), ImageState::default());
                }
                if let Some(state) = self.by_name.get_mut(name) {
                    state.size = image.size_bytes;
                    state.set(id, true);
                }
            }
        }
    }
}

impl ImageState {
    /// Whether the node has it.
    #[inline]
    #[must_use]
    pub fn is_on(&self, node: NodeId) -> bool {
        let word = self.bits.get(node.index() / 64).copied().unwrap_or(0);
        word >> (node.index() % 64) & 1 == 1
    }

    fn set(&mut self, node: NodeId, here: bool) {
        if self.is_on(node) == here {
            return;
        }
        let word = node.index() / 64;
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] ^= 1 << (node.index() % 64);
        self.nodes = if here { self.nodes + 1 } else { self.nodes - 1 };
    }
}
