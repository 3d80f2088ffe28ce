//! A value that remembers where it was written.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::scenario::source::Span;

/// The name by which [`Spanned`] asks the strict deserializer for the place of a value.
pub(super) const SPANNED: &str = "$prova::Spanned";

/// A value with the place where it stands in its text.
///
/// Two spanned values are equal when their values are: a place is no part of a meaning.
/// Read from anything but a spanned tree (JSON, say) the place is empty.
#[derive(Clone, Debug, Default)]
pub struct Spanned<T> {
    /// What stands there.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value without a place, for values that code makes.
    pub fn bare(value: T) -> Spanned<T> {
        Spanned { value, span: Span::default() }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Spanned<T>) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: Ord> PartialOrd for Spanned<T> {
    fn partial_cmp(&self, other: &Spanned<T>) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> Ord for Spanned<T> {
    fn cmp(&self, other: &Spanned<T>) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SPANNED, SpannedVisitor(PhantomData))
    }
}

struct SpannedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
    type Value = Spanned<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Spanned<T>, D::Error> {
        Ok(Spanned::bare(T::deserialize(from)?))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Spanned<T>, A::Error> {
        let mut bound = || -> Result<usize, A::Error> {
            let byte: Option<u64> = seq.next_element()?;
            Ok(byte.and_then(|byte| usize::try_from(byte).ok()).unwrap_or_default())
        };
        let (start, end) = (bound()?, bound()?);
        let value = seq.next_element()?;
        let value = value.ok_or_else(|| serde::de::Error::custom("a value is missing"))?;
        Ok(Spanned { value, span: Span::new(start, end) })
    }
}
