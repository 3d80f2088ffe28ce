//! The moving parts of the strict deserializer: items, entries and variants, one after another.

use serde::de::{self, DeserializeSeed, IntoDeserializer as _, Visitor};

use super::de::{Cx, Reader, Stop};
use super::path::Path;
use super::spanned::SPANNED;
use super::{Entry, Name, Node, Value};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;
use crate::texts::diagnostics::shape;

/// A node and the way to it.
pub(super) type At<'n, 'p> = (&'n Node, &'p Path<'p>);
/// The fields or variants that a type knows.
pub(super) type Known = &'static [&'static str];

/// The items of a list; spoiled ones are passed over.
pub(super) struct Items<'n, 'p, 't> {
    items: std::iter::Enumerate<std::slice::Iter<'n, Node>>,
    path: &'p Path<'p>,
    cx: &'p mut Cx<'t>,
}

impl<'n, 'p, 't> Items<'n, 'p, 't> {
    pub(super) fn new((node, path): At<'n, 'p>, cx: &'p mut Cx<'t>) -> Items<'n, 'p, 't> {
        Items { items: node.items().iter().enumerate(), path, cx }
    }
}

impl<'n> de::SeqAccess<'n> for Items<'n, '_, '_> {
    type Error = Stop;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stop> {
        let Some((index, node)) = self.items.by_ref().find(|(_, node)| !self.cx.is_spoiled(node))
        else {
            return Ok(None);
        };
        let path = self.path.index(index);
        let reader = Reader { node, path: &path, format: None, args: false, cx: &mut *self.cx };
        seed.deserialize(reader).map(Some)
    }
}

/// The entries of a mapping, the fields of an object, or the values of a bracket in the order of
/// the fields they stand for. Unknown fields are reported, they and spoiled ones passed over.
pub(super) struct Entries<'n, 'p, 't> {
    pairs: std::vec::IntoIter<(&'n str, Option<&'n Entry>, &'n Node)>,
    next: Option<(&'n str, &'n Node)>,
    path: &'p Path<'p>,
    known: Option<Known>,
    cx: &'p mut Cx<'t>,
}

impl<'n, 'p, 't> Entries<'n, 'p, 't> {
    pub(super) fn new(
        (node, path): At<'n, 'p>,
        cx: &'p mut Cx<'t>,
        known: Option<Known>,
    ) -> Entries<'n, 'p, 't> {
        let named =
            node.entries().iter().map(|entry| (entry.key.as_str(), Some(entry), &entry.value));
        let mut pairs: Vec<_> = named.collect();
        if let (Value::Tuple(_, items), Some(known)) = (&node.value, known) {
            pairs.extend(known.iter().zip(items).map(|(field, item)| (*field, None, item)));
        }
        Entries { pairs: pairs.into_iter(), next: None, path, known, cx }
    }
}

impl<'n> de::MapAccess<'n> for Entries<'n, '_, '_> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'n>>(&mut self, seed: K) -> Result<Option<K::Value>, Stop> {
        for (name, entry, node) in self.pairs.by_ref() {
            match (self.known, entry) {
                (Some(known), Some(entry)) if !known.contains(&name) => {
                    self.cx.unknown_field(self.path, entry, known);
                }
                _ if self.cx.is_spoiled(node) => {}
                _ => {
                    self.next = Some((name, node));
                    let span = entry.map_or(node.span, |entry| entry.key_span);
                    return seed.deserialize(KeyReader { name, span }).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'n>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        let Some((name, node)) = self.next.take() else {
            return Err(Stop::Other("a value was asked for before its key".to_owned()));
        };
        let path = self.path.key(name);
        let reader = Reader { node, path: &path, format: None, args: false, cx: &mut *self.cx };
        seed.deserialize(reader)
    }
}

/// Start, end and value of one node, for `Spanned`.
pub(super) struct SpannedItems<'n, 'p, 't> {
    span: Span,
    step: usize,
    reader: Option<Reader<'n, 'p, 't>>,
}

impl<'n, 'p, 't> SpannedItems<'n, 'p, 't> {
    pub(super) fn new(reader: Reader<'n, 'p, 't>) -> SpannedItems<'n, 'p, 't> {
        SpannedItems { span: reader.node.span, step: 0, reader: Some(reader) }
    }
}

impl<'n> de::SeqAccess<'n> for SpannedItems<'n, '_, '_> {
    type Error = Stop;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stop> {
        self.step += 1;
        let bound = if self.step == 1 { self.span.start } else { self.span.end };
        if self.step <= 2 {
            let bound = u64::try_from(bound).unwrap_or(u64::MAX);
            return seed.deserialize(bound.into_deserializer()).map(Some);
        }
        self.reader.take().map(|reader| seed.deserialize(reader)).transpose()
    }
}

/// A variant: its name, then what stands in its bracket.
pub(super) struct EnumReader<'n, 'p, 't> {
    name: &'n str,
    node: &'n Node,
    path: &'p Path<'p>,
    cx: &'p mut Cx<'t>,
}

impl<'n, 'p, 't> EnumReader<'n, 'p, 't> {
    /// Can this node be a variant at all?
    pub(super) fn is_variant(node: &Node) -> bool {
        variant_name(node).is_some()
    }

    /// The variant that stands at `node`; an error when no such variant is known.
    ///
    /// An empty list of `variants` accepts every name; the visitor then decides.
    pub(super) fn new(
        (node, path): At<'n, 'p>,
        cx: &'p mut Cx<'t>,
        variants: Known,
    ) -> Result<EnumReader<'n, 'p, 't>, Stop> {
        let (name, span) = variant_name(node).unwrap_or(("", node.span));
        if variants.is_empty() || variants.contains(&name) {
            return Ok(EnumReader { name, node, path, cx });
        }
        let found = Diagnostic::error(&shape::UNKNOWN_VARIANT, cx.place(span))
            .arg("path", path.to_string())
            .arg("found", name)
            .arg("choices", variants.join(", "))
            .suggest(nearest(name, variants.iter().copied()));
        Err(cx.refuse(node, found))
    }
}

fn variant_name(node: &Node) -> Option<(&str, Span)> {
    if let Value::Tuple(Some(Name { text, span }), _)
    | Value::Fields(Some(Name { text, span }), _) = &node.value
    {
        return Some((text, *span));
    }
    if let Value::Word(text) | Value::Str(text) = &node.value {
        return Some((text, node.span));
    }
    None
}

impl<'n, 'p, 't> de::EnumAccess<'n> for EnumReader<'n, 'p, 't> {
    type Error = Stop;
    type Variant = EnumReader<'n, 'p, 't>;

    fn variant_seed<V: DeserializeSeed<'n>>(self, seed: V) -> Result<(V::Value, Self), Stop> {
        let name = seed.deserialize(KeyReader { name: self.name, span: self.node.span })?;
        Ok((name, self))
    }
}

impl<'n, 'p, 't> EnumReader<'n, 'p, 't> {
    fn body(self) -> Reader<'n, 'p, 't> {
        Reader { node: self.node, path: self.path, format: None, args: true, cx: self.cx }
    }

    fn bare(&self) -> bool {
        matches!(self.node.value, Value::Word(_) | Value::Str(_))
    }

    /// A bare word where a bracket with values is needed.
    fn needs_body(self) -> Stop {
        let found = super::de_tell::wrong_count(self.cx, self.path, self.node.span, (1, 0));
        self.cx.refuse(self.node, found)
    }
}

impl<'n> de::VariantAccess<'n> for EnumReader<'n, '_, '_> {
    type Error = Stop;

    fn unit_variant(self) -> Result<(), Stop> {
        let count = self.node.items().len() + self.node.entries().len();
        if self.bare() || count == 0 {
            return Ok(());
        }
        let found = super::de_tell::wrong_count(self.cx, self.path, self.node.span, (0, count));
        Err(self.cx.refuse(self.node, found))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'n>>(self, seed: T) -> Result<T::Value, Stop> {
        let name = self.name;
        let (node, path) = (self.node, self.path.key(name));
        let reader = Reader { node, path: &path, format: None, args: true, cx: self.cx };
        seed.deserialize(reader)
    }

    fn tuple_variant<V: Visitor<'n>>(self, len: usize, visitor: V) -> Result<V::Value, Stop> {
        if self.bare() {
            return Err(self.needs_body());
        }
        de::Deserializer::deserialize_tuple(self.body(), len, visitor)
    }

    fn struct_variant<V: Visitor<'n>>(self, fields: Known, visitor: V) -> Result<V::Value, Stop> {
        de::Deserializer::deserialize_struct(self.body(), "", fields, visitor)
    }
}

/// A key or the name of a variant on its way to a visitor.
struct KeyReader<'n> {
    name: &'n str,
    span: Span,
}

impl<'n> de::Deserializer<'n> for KeyReader<'n> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_borrowed_str(self.name)
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        if name == SPANNED {
            return visitor.visit_seq(SpannedKey { step: 0, key: self });
        }
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'n>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Start, end and text of a key, for `Spanned`.
struct SpannedKey<'n> {
    step: usize,
    key: KeyReader<'n>,
}

impl<'n> de::SeqAccess<'n> for SpannedKey<'n> {
    type Error = Stop;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stop> {
        self.step += 1;
        let KeyReader { name, span } = self.key;
        if self.step > 2 {
            return seed.deserialize(KeyReader { name, span }).map(Some);
        }
        let bound = if self.step == 1 { span.start } else { span.end };
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        seed.deserialize(bound.into_deserializer()).map(Some)
    }
}
