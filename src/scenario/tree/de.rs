//! A serde deserializer over the tree that keeps going: every wrong word is found in one reading.
//!
//! Serde stops at the first error. Here an error is written down with its place, the node is
//! marked as *spoiled*, and the text is read again with spoiled nodes left out, until nothing new
//! is found. Unknown fields are caught on the way: the generated code of `k8s-openapi` and of
//! serde's derive both hand over the list of fields that they know.
//!
//! Invariant: each round spoils at least one more node, so the rounds end.

use std::collections::BTreeSet;

use serde::de::{self, DeserializeOwned, Visitor};

use super::de_access::{Entries, EnumReader, Items, SpannedItems};
pub(super) use super::de_tell::Stop;
use super::de_tell::{format_code, is_quantity, tell, wrong_count, wrong_type};
use super::path::Path;
use super::spanned::SPANNED;
use super::{Node, Value};
use crate::scenario::diagnostic::{Arg, Diagnostic, Diagnostics};
use crate::scenario::source::{FileId, Place, SourceFile, Span};
use crate::scenario::suggest::nearest;
use crate::texts::diagnostics::kubernetes;
use crate::texts::diagnostics::shape::{self, TypeWord};

/// At most this many errors are looked for in one document.
const ERRORS_MAX: usize = 100;

/// What a reading of one text needs besides its tree.
pub struct Cx<'t> {
    /// The text, for quoting words from it.
    pub file: &'t SourceFile,
    /// Its number.
    pub id: FileId,
    /// What has been found so far.
    pub found: Diagnostics,
    /// Is it YAML? Then mappings are objects, and scalars may lack quotes.
    pub yaml: bool,
    /// Further rules for the fields of a struct, by its name.
    pub rules: Option<Rules>,
    pub(super) spoiled: BTreeSet<u32>,
    unknown: BTreeSet<(Span, u32)>,
}

/// Looks at a struct that has the right shape: (its name, its node, the way to it, the reading).
pub type Rules = fn(&str, &Node, &Path<'_>, &mut Cx<'_>);

impl<'t> Cx<'t> {
    /// A reading that has found nothing yet.
    pub fn new(file: &'t SourceFile, id: FileId) -> Cx<'t> {
        let found = Diagnostics::new();
        Cx {
            file,
            id,
            found,
            yaml: false,
            rules: None,
            spoiled: BTreeSet::new(),
            unknown: BTreeSet::new(),
        }
    }

    /// The place of a span of this text.
    pub fn place(&self, span: Span) -> Place {
        Place { file: self.id, span }
    }

    /// Was something wrong with this node itself?
    pub fn is_spoiled(&self, node: &Node) -> bool {
        node.id == Node::BROKEN || self.spoiled.contains(&node.id)
    }

    /// Leaves a node out of the reading; whoever calls this has told why.
    pub fn spoil(&mut self, node: &Node) {
        self.spoiled.insert(node.id);
    }

    /// Writes a finding down and spoils the node that caused it.
    pub(super) fn refuse(&mut self, node: &Node, found: Diagnostic) -> Stop {
        self.spoiled.insert(node.id);
        self.found.push(found);
        Stop::Told
    }

    /// A field that its owner does not have; the reading goes on without it.
    pub(super) fn unknown_field(
        &mut self,
        owner: &Path<'_>,
        entry: &super::Entry,
        known: &'static [&'static str],
    ) {
        if !self.unknown.insert((entry.key_span, entry.value.id)) {
            return;
        }
        let place = self.place(entry.key_span);
        let mut near = nearest(&entry.key, known.iter().copied());
        if near.is_empty() && known.len() <= 8 {
            near = known.iter().map(|field| (*field).to_owned()).collect();
        }
        let found = Diagnostic::error(&shape::UNKNOWN_FIELD, place)
            .arg("field", entry.key.as_str())
            .arg("owner", owner.to_string())
            .suggest(near);
        self.found.push(found);
    }
}

/// Reads a value of type `T` out of `node`, writing every error into `cx`.
///
/// `root` is the word that messages use for the whole (`Deployment`, `scenario`).
/// Returns `None` when something without which there is no `T` was wrong; `Some` may be incomplete
/// when `cx` holds errors.
pub fn read<T: DeserializeOwned>(node: &Node, root: &str, cx: &mut Cx<'_>) -> Option<T> {
    for _ in 0..ERRORS_MAX {
        let before = cx.spoiled.len();
        let path = Path::Root(root);
        let reader = Reader { node, path: &path, format: None, args: false, cx: &mut *cx };
        if let Ok(value) = T::deserialize(reader) {
            return Some(value);
        }
        if cx.spoiled.len() == before || cx.is_spoiled(node) {
            return None;
        }
    }
    None
}

/// One node on its way into a value.
pub(super) struct Reader<'n, 'p, 't> {
    pub(super) node: &'n Node,
    pub(super) path: &'p Path<'p>,
    /// The name of the newtype around a scalar (`Quantity`, `Duration`): it decides the message.
    pub(super) format: Option<&'static str>,
    /// The node is the bracket behind the name of an enum variant.
    pub(super) args: bool,
    pub(super) cx: &'p mut Cx<'t>,
}

impl<'n, 'p, 't> Reader<'n, 'p, 't> {
    /// Inside the bracket of a variant, a single value stands for itself.
    fn unwrapped(mut self) -> Result<Reader<'n, 'p, 't>, Stop> {
        if !self.args {
            return Ok(self);
        }
        let items = self.node.items();
        if let [only] = items {
            if self.cx.is_spoiled(only) {
                self.cx.spoil(self.node);
                return Err(Stop::Told);
            }
            self.node = only;
            self.args = false;
            return Ok(self);
        }
        if matches!(self.node.value, Value::Tuple(..) | Value::Word(_)) {
            let found = wrong_count(self.cx, self.path, self.node.span, (1, items.len()));
            return Err(self.cx.refuse(self.node, found));
        }
        Ok(self)
    }

    /// Gives the value to a visitor; its refusal becomes a finding at this node.
    fn scalar<T>(self, give: impl FnOnce() -> Result<T, Stop>) -> Result<T, Stop> {
        let Reader { node, path, format, cx, .. } = self;
        give().or_else(|stop| tell(cx, (node, path), format, stop))
    }

    fn wrong(self, expected: TypeWord) -> Stop {
        wrong_type(self.cx, (self.node, self.path), Arg::from(expected))
    }

    fn integer<V: Visitor<'n>>(
        self,
        visitor: V,
        (min, max): (i128, i128),
    ) -> Result<V::Value, Stop> {
        let Reader { node, path, format, cx, .. } = self.unwrapped()?;
        let Value::Int(number) = node.value else {
            return Err(wrong_type(cx, (node, path), Arg::from(TypeWord::Integer)));
        };
        if number < min || number > max {
            let found = Diagnostic::error(&shape::OUT_OF_RANGE, cx.place(node.span))
                .arg("path", path.to_string())
                .arg("min", min.to_string())
                .arg("max", max.to_string())
                .arg("found", number.to_string());
            return Err(cx.refuse(node, found));
        }
        let result = match (i64::try_from(number), u64::try_from(number)) {
            (Ok(small), _) => visitor.visit_i64(small),
            (_, Ok(large)) => visitor.visit_u64(large),
            _ => Err(Stop::Other(number.to_string())),
        };
        result.or_else(|stop| tell(cx, (node, path), format, stop))
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty),+ $(,)?) => {
        $(
            fn $method<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
                self.integer(visitor, (<$type>::MIN.into(), <$type>::MAX.into()))
            }
        )+
    };
}

impl<'n> de::Deserializer<'n> for Reader<'n, '_, '_> {
    type Error = Stop;

    integers! {
        deserialize_i8: i8, deserialize_i16: i16, deserialize_i32: i32, deserialize_i64: i64,
        deserialize_u8: u8, deserialize_u16: u16, deserialize_u32: u32, deserialize_u64: u64,
    }

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        let reader = self.unwrapped()?;
        match &reader.node.value {
            Value::Map(_) | Value::Fields(None, _) => reader.deserialize_map(visitor),
            Value::Seq(_) | Value::Tuple(None, _) => reader.deserialize_seq(visitor),
            Value::Word(_) | Value::Tuple(Some(_), _) | Value::Fields(Some(_), _) => {
                reader.deserialize_enum("", &[], visitor)
            }
            Value::Null => reader.scalar(|| visitor.visit_unit()),
            Value::Bool(value) => reader.scalar(|| visitor.visit_bool(*value)),
            Value::Int(_) => reader.integer(visitor, (i64::MIN.into(), i64::MAX.into())),
            Value::Float(number) => reader.scalar(|| visitor.visit_f64(*number)),
            Value::Str(text) => reader.scalar(|| visitor.visit_str(text)),
        }
    }

    fn deserialize_bool<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        let reader = self.unwrapped()?;
        let Value::Bool(value) = reader.node.value else {
            return Err(reader.wrong(TypeWord::Boolean));
        };
        reader.scalar(|| visitor.visit_bool(value))
    }

    fn deserialize_f32<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_f64(visitor)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a whole number written where a fraction is asked for"
    )]
    fn deserialize_f64<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        let reader = self.unwrapped()?;
        if let Value::Float(number) = reader.node.value {
            return reader.scalar(|| visitor.visit_f64(number));
        }
        let Value::Int(number) = reader.node.value else {
            return Err(reader.wrong(TypeWord::Number));
        };
        reader.scalar(|| visitor.visit_f64(number as f64))
    }

    fn deserialize_char<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        let reader = self.unwrapped()?;
        let Value::Str(text) = &reader.node.value else {
            return Err(reader.wrong(TypeWord::Text));
        };
        reader.scalar(|| visitor.visit_str(text))
    }

    fn deserialize_string<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'n>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        if matches!(&self.node.value, Value::Word(word) if word == "None")
            || self.node.value == Value::Null
        {
            return visitor.visit_none();
        }
        if let Value::Tuple(Some(name), items) = &self.node.value
            && name.text == "Some"
            && let [only] = items.as_slice()
            && !self.cx.is_spoiled(only)
        {
            self.node = only;
        }
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        let empty =
            self.node.items().is_empty() && matches!(self.node.value, Value::Tuple(None, _));
        if empty || self.node.value == Value::Null {
            return visitor.visit_unit();
        }
        Err(self.wrong(TypeWord::Nothing))
    }

    fn deserialize_unit_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        if name == SPANNED {
            let single = self.node.items().len() == 1;
            let reader = if single { self.unwrapped()? } else { self };
            return visitor.visit_seq(SpannedItems::new(reader));
        }
        let mut reader = self;
        if format_code(name).is_some() {
            reader = reader.unwrapped()?;
            reader.format = Some(name);
        }
        let text = reader.node.text().filter(|text| name == "Quantity" && !is_quantity(text));
        if let Some(text) = text {
            let found =
                Diagnostic::error(&kubernetes::BAD_QUANTITY, reader.cx.place(reader.node.span))
                    .arg("path", reader.path.to_string())
                    .arg("found", text);
            return Err(reader.cx.refuse(reader.node, found));
        }
        visitor.visit_newtype_struct(reader)
    }

    fn deserialize_seq<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        let reader = self.unwrapped()?;
        if !matches!(reader.node.value, Value::Seq(_) | Value::Tuple(None, _)) {
            return Err(reader.wrong(TypeWord::List));
        }
        let Reader { node, path, format, cx, .. } = reader;
        let result = visitor.visit_seq(Items::new((node, path), &mut *cx));
        result.or_else(|stop| tell(cx, (node, path), format, stop))
    }

    fn deserialize_tuple<V: Visitor<'n>>(
        mut self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let nested = self.args && len != 1 && self.node.items().len() == 1;
        if nested {
            self = self.unwrapped()?;
        }
        if !matches!(self.node.value, Value::Tuple(None, _)) && !self.args {
            return Err(self.wrong(TypeWord::Tuple));
        }
        let Reader { node, path, format, cx, .. } = self;
        let count = node.items().len();
        if count != len {
            let found = wrong_count(cx, path, node.span, (len, count));
            return Err(cx.refuse(node, found));
        }
        let result = visitor.visit_seq(Items::new((node, path), &mut *cx));
        result.or_else(|stop| tell(cx, (node, path), format, stop))
    }

    fn deserialize_tuple_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        let reader = self.unwrapped()?;
        if !matches!(reader.node.value, Value::Map(_)) {
            return Err(reader.wrong(TypeWord::Map));
        }
        let Reader { node, path, format, cx, .. } = reader;
        let result = visitor.visit_map(Entries::new((node, path), &mut *cx, None));
        result.or_else(|stop| tell(cx, (node, path), format, stop))
    }

    fn deserialize_struct<V: Visitor<'n>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let mut reader = self;
        // RON's own form of a variant that holds a struct has doubled brackets: `crash((target: …))`.
        let doubled =
            |items: &[Node]| matches!(items, [Node { value: Value::Fields(None, _), .. }]);
        if reader.args && doubled(reader.node.items()) {
            reader = reader.unwrapped()?;
        }
        let Reader { node, path, format, args, cx } = reader;
        let count = node.items().len();
        let fits = match &node.value {
            Value::Map(_) => cx.yaml,
            Value::Fields(..) => true,
            Value::Tuple(..) => args || count == 0,
            Value::Word(_) => args,
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Seq(_) => false,
        };
        if !fits {
            return Err(wrong_type(cx, (node, path), Arg::from(TypeWord::Object)));
        }
        if count > fields.len() {
            let found = wrong_count(cx, path, node.span, (fields.len(), count));
            return Err(cx.refuse(node, found));
        }
        if let Some(rules) = cx.rules {
            rules(name, node, path, &mut *cx);
        }
        let result = visitor.visit_map(Entries::new((node, path), &mut *cx, Some(fields)));
        result.or_else(|stop| tell(cx, (node, path), format, stop))
    }

    fn deserialize_enum<V: Visitor<'n>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let reader = self.unwrapped()?;
        let (node, path) = (reader.node, reader.path);
        if reader.args {
            // `not(of: "x")`: fields where one value of the same kind belongs. The bracket itself is
            // no such value, or it would be read for ever.
            let found = wrong_count(reader.cx, path, node.span, (1, 0));
            return Err(reader.cx.refuse(node, found));
        }
        if !EnumReader::is_variant(node) {
            return Err(reader.wrong(TypeWord::Word));
        }
        let format = reader.format;
        let cx = reader.cx;
        let access = EnumReader::new((node, path), &mut *cx, variants)?;
        visitor.visit_enum(access).or_else(|stop| tell(cx, (node, path), format, stop))
    }

    fn deserialize_identifier<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_unit()
    }
}
