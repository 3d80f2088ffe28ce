//! Intervals of keys: the addressing that ranges, deletions, watches and compares share.

use super::kv::Key;

/// Where an interval that starts at a key ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum RangeEnd {
    /// The one key alone (an empty `range_end` on the wire).
    #[default]
    Single,
    /// Every key from the start up to, not including, this one. Not above the start: no key.
    Until(Key),
    /// Every key that begins with the start's text; the empty text means every key.
    Prefix,
    /// Every key from the start on (`range_end` = `\0` on the wire).
    FromKey,
}

/// A half-open interval `[key, end)` of keys, in byte order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyRange {
    /// The first key of the interval.
    pub key: Key,
    /// Where it ends.
    pub end: RangeEnd,
}

impl KeyRange {
    /// One key.
    #[must_use]
    pub fn single(key: impl Into<Key>) -> Self {
        KeyRange { key: key.into(), end: RangeEnd::Single }
    }

    /// Every key that begins with `prefix`.
    #[must_use]
    pub fn prefix(prefix: impl Into<Key>) -> Self {
        KeyRange { key: prefix.into(), end: RangeEnd::Prefix }
    }

    /// Every key from `key` on.
    #[must_use]
    pub fn from_key(key: impl Into<Key>) -> Self {
        KeyRange { key: key.into(), end: RangeEnd::FromKey }
    }

    /// Every key in `[key, end)`.
    #[must_use]
    pub fn until(key: impl Into<Key>, end: impl Into<Key>) -> Self {
        KeyRange { key: key.into(), end: RangeEnd::Until(end.into()) }
    }

    /// Every key there is.
    #[must_use]
    pub fn all() -> Self {
        KeyRange::prefix("")
    }

    /// Reads the two fields of etcd's wire form, where an empty end means one key and `\0` means
    /// no end.
    #[must_use]
    pub fn from_wire(key: impl Into<Key>, range_end: &str) -> Self {
        match range_end {
            "" => KeyRange::single(key),
            "\0" => KeyRange::from_key(key),
            end => KeyRange::until(key, end),
        }
    }

    /// Whether the interval addresses exactly one key.
    #[must_use]
    pub fn is_single(&self) -> bool {
        matches!(self.end, RangeEnd::Single)
    }

    /// Whether `key` lies inside.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        match &self.end {
            RangeEnd::Single => *key == *self.key,
            RangeEnd::Until(end) => *key >= *self.key && *key < **end,
            RangeEnd::Prefix => key.starts_with(&*self.key),
            RangeEnd::FromKey => *key >= *self.key,
        }
    }

    /// Whether no key can lie inside, because the end is not above the start.
    #[must_use]
    pub fn is_void(&self) -> bool {
        match &self.end {
            RangeEnd::Until(end) => **end <= *self.key,
            RangeEnd::Single | RangeEnd::Prefix | RangeEnd::FromKey => false,
        }
    }

    /// Whether the key was forgotten: etcd refuses an empty key, unless the interval is one that
    /// its clients write as starting at `\0`.
    #[must_use]
    pub fn lacks_key(&self) -> bool {
        self.key.is_empty() && matches!(self.end, RangeEnd::Single | RangeEnd::Until(_))
    }

    /// The length of the end in etcd's wire form. Unit: bytes.
    #[must_use]
    pub fn end_size(&self) -> usize {
        match &self.end {
            RangeEnd::Single => 0,
            RangeEnd::Until(end) => end.len(),
            RangeEnd::Prefix => self.key.len().max(1),
            RangeEnd::FromKey => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_half_open_and_ordered_by_bytes() {
        let range = KeyRange::until("b", "d");
        assert!(range.contains("b") && range.contains("c~"));
        assert!(!range.contains("d") && !range.contains("a"));
        assert!(KeyRange::until("d", "b").is_void() && KeyRange::until("d", "d").is_void());
        assert!(!KeyRange::until("a", "ab").is_void());
    }

    #[test]
    fn a_prefix_covers_what_begins_with_it_and_the_empty_one_covers_everything() {
        assert!(KeyRange::prefix("k/").contains("k/1") && !KeyRange::prefix("k/").contains("k0"));
        assert!(KeyRange::all().contains("anything") && !KeyRange::all().lacks_key());
        assert!(KeyRange::single("").lacks_key() && KeyRange::until("", "z").lacks_key());
    }

    #[test]
    fn the_wire_form_knows_two_magic_ends() {
        assert_eq!(KeyRange::from_wire("a", ""), KeyRange::single("a"));
        assert_eq!(KeyRange::from_wire("a", "\0"), KeyRange::from_key("a"));
        assert_eq!(KeyRange::from_wire("a", "b"), KeyRange::until("a", "b"));
    }
}
