//! What YAML and RON texts become before anything asks what they mean: a tree with places.
//!
//! Both readers build the same [`Node`]s, so that one strict deserializer ([`de`]) serves manifests
//! and scenarios, and every later message can point at the very word.

pub mod de;
mod de_access;
mod de_tell;
pub mod path;
pub mod spanned;

use crate::scenario::source::Span;
use crate::texts::diagnostics::shape::TypeWord;

/// One value of a text, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Number of the node within its text; copies of an anchored value share it.
    pub id: u32,
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// The forms a value can have; RON has all of them, YAML the first seven.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing (`null`, `~` or an empty YAML value; `()` in RON).
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits 64 bits, signed or not.
    Int(i128),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(String),
    /// `[a, b]` or `- a`.
    Seq(Vec<Node>),
    /// `{a: 1}`: keys that the writer invents, or the fields of an object in YAML.
    Map(Vec<Entry>),
    /// A bare RON word such as `outside` or `None`.
    Word(String),
    /// RON values in brackets, in order: `(1, 2)` or `ready("deployment/web", 3)`.
    Tuple(Option<Name>, Vec<Node>),
    /// RON fields in brackets, by name: `(at: "60s", do: …)` or `crash(target: …)`.
    Fields(Option<Name>, Vec<Entry>),
}

/// The word in front of a bracket.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key as text.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The number of a node whose text was broken; it stands for a value that nobody can read.
    pub const BROKEN: u32 = u32::MAX;

    /// The entries of a map or of named fields; empty for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) | Value::Fields(_, entries) => entries,
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Seq(_)
            | Value::Word(_)
            | Value::Tuple(..) => &[],
        }
    }

    /// The items of a list or of values in brackets; empty for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Seq(items) | Value::Tuple(_, items) => items,
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Map(_)
            | Value::Word(_)
            | Value::Fields(..) => &[],
        }
    }

    /// The entry called `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value under `key`, unless it is empty.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value).filter(|node| node.value != Value::Null)
    }

    /// The value at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Value::Str(text) = &self.value { Some(text) } else { None }
    }

    /// The whole number, if it is one.
    pub fn int(&self) -> Option<i128> {
        if let Value::Int(number) = &self.value { Some(*number) } else { None }
    }

    /// The word a message uses for what stands here.
    pub fn type_word(&self) -> TypeWord {
        match &self.value {
            Value::Null => TypeWord::Nothing,
            Value::Bool(_) => TypeWord::Boolean,
            Value::Int(_) => TypeWord::Integer,
            Value::Float(_) => TypeWord::Number,
            Value::Str(_) => TypeWord::Text,
            Value::Seq(_) => TypeWord::List,
            Value::Map(_) => TypeWord::Map,
            Value::Word(_) => TypeWord::Word,
            Value::Tuple(..) => TypeWord::Tuple,
            Value::Fields(..) => TypeWord::Object,
        }
    }
}
