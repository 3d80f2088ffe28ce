//! Merge keys: `<<: *defaults` takes in the entries of another mapping.
//!
//! Explicit keys win over merged ones, and earlier merged mappings over later ones.
//! Source: yaml.org/type/merge.html

use crate::scenario::tree::{Entry, Node, Value};

/// The key that asks for a merge.
const MERGE_KEY: &str = "<<";

/// Replaces merge keys by what they stand for; a merge of anything but mappings is left alone.
pub(super) fn expand(entries: Vec<Entry>) -> Vec<Entry> {
    if entries.iter().all(|entry| entry.key != MERGE_KEY) {
        return entries;
    }
    let (merges, mut own): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| entry.key == MERGE_KEY && mergeable(&entry.value));
    for merge in merges {
        let sources =
            if let Value::Seq(items) = merge.value.value { items } else { vec![merge.value] };
        for entry in sources.into_iter().flat_map(into_entries) {
            if own.iter().all(|known| known.key != entry.key) {
                own.push(entry);
            }
        }
    }
    own
}

fn mergeable(node: &Node) -> bool {
    let is_map = |node: &Node| matches!(node.value, Value::Map(_));
    is_map(node) || matches!(&node.value, Value::Seq(items) if items.iter().all(is_map))
}

fn into_entries(node: Node) -> Vec<Entry> {
    if let Value::Map(entries) = node.value { entries } else { Vec::new() }
}
