//! What the strict deserializer says when a value is not what was wanted.

use std::fmt;

use serde::de;

use super::de::Cx;
use super::path::Path;
use super::{Node, Value};
use crate::scenario::diagnostic::{Arg, Diagnostic};
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;
use crate::texts::diagnostics::shape::{self, TypeWord};
use crate::texts::diagnostics::{CodeText, kubernetes, ron};

/// Why a reading of one value ended.
#[derive(Debug)]
pub(super) enum Stop {
    /// The reason is already written down.
    Told,
    /// The visitor wanted something else: (what it wanted).
    Expected(String),
    /// A field without a default is not there.
    Missing(&'static str),
    /// No variant has this name.
    UnknownVariant(String, &'static [&'static str]),
    /// Anything else, in the visitor's own words.
    Other(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Told => f.write_str("already told"),
            Stop::Expected(what) | Stop::Other(what) => f.write_str(what),
            Stop::Missing(field) => write!(f, "missing field {field}"),
            Stop::UnknownVariant(name, _) => write!(f, "unknown variant {name}"),
        }
    }
}

impl std::error::Error for Stop {}

impl de::Error for Stop {
    fn custom<T: fmt::Display>(message: T) -> Stop {
        Stop::Other(message.to_string())
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Stop {
        Stop::Expected(expected.to_string())
    }

    fn missing_field(field: &'static str) -> Stop {
        Stop::Missing(field)
    }

    fn unknown_variant(name: &str, known: &'static [&'static str]) -> Stop {
        Stop::UnknownVariant(name.to_owned(), known)
    }
}

/// Turns the reason a visitor gave into a finding at this node, unless it is told already.
pub(super) fn tell<T>(
    cx: &mut Cx<'_>,
    at: (&Node, &Path<'_>),
    format: Option<&'static str>,
    stop: Stop,
) -> Result<T, Stop> {
    let (node, path) = at;
    let place = cx.place(node.span);
    let shown = cx.file.slice(node.span).to_owned();
    let mut parts = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    if !matches!(stop, Stop::Told) && parts.any(|part| cx.is_spoiled(part)) {
        // The real reason was a part, and it is told already.
        cx.spoiled.insert(node.id);
        return Err(Stop::Told);
    }
    let found = match stop {
        Stop::Told => return Err(Stop::Told),
        // `titel` is told as an unknown field; that `title` lacks would be noise.
        Stop::Missing(field) if is_mistyped(node, field) => {
            cx.spoil(node);
            return Err(Stop::Told);
        }
        Stop::Missing(field) => Diagnostic::error(&shape::MISSING_FIELD, cx.place(head(node)))
            .arg("owner", path.to_string())
            .arg("field", field),
        Stop::Expected(what) => return Err(wrong_type(cx, (node, path), expected_word(&what))),
        Stop::UnknownVariant(name, known) => {
            Diagnostic::error(&shape::UNKNOWN_VARIANT, cx.place(head(node)))
                .arg("path", path.to_string())
                .arg("found", name.as_str())
                .arg("choices", known.join(", "))
                .suggest(nearest(&name, known.iter().copied()))
        }
        Stop::Other(detail) => match format.and_then(format_code) {
            Some(code) => {
                let shown = node.text().map_or(shown, str::to_owned);
                Diagnostic::error(code, place).arg("path", path.to_string()).arg("found", shown)
            }
            None => Diagnostic::error(&shape::BAD_VALUE, place)
                .arg("path", path.to_string())
                .arg("detail", detail),
        },
    };
    Err(cx.refuse(node, found))
}

/// The message for a scalar of a named form that could not be read.
pub(super) fn format_code(format: &str) -> Option<&'static CodeText> {
    Some(match format {
        "Quantity" => &kubernetes::BAD_QUANTITY,
        "Time" | "MicroTime" => &shape::BAD_TIME,
        "Duration" => &ron::BAD_DURATION,
        "Size" => &ron::BAD_SIZE,
        "Cpu" => &ron::BAD_CPU,
        "Ratio" => &ron::BAD_RATIO,
        "Rps" => &ron::BAD_RATE,
        "ObjectRef" => &ron::BAD_OBJECT_REF,
        _ => return None,
    })
}

/// Where to point when a whole object lacks something: at its name or its first key.
fn head(node: &Node) -> Span {
    match &node.value {
        Value::Fields(Some(name), _) | Value::Tuple(Some(name), _) => name.span,
        Value::Fields(None, _) | Value::Tuple(None, _) => {
            Span::new(node.span.start, node.span.start + 1)
        }
        Value::Map(entries) => entries.first().map_or(node.span, |entry| entry.key_span),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Str(_)
        | Value::Seq(_)
        | Value::Word(_) => node.span,
    }
}

pub(super) fn wrong_count(
    cx: &Cx<'_>,
    path: &Path<'_>,
    span: Span,
    counts: (usize, usize),
) -> Diagnostic {
    Diagnostic::error(&shape::WRONG_COUNT, cx.place(span))
        .arg("path", path.to_string())
        .arg("expected", counts.0.to_string())
        .arg("found", counts.1.to_string())
}

/// What a visitor says it wants, in the table's words where it has them.
fn expected_word(what: &str) -> Arg {
    let word = match what {
        "IntOrString" => TypeWord::IntOrPercent,
        "Duration" => TypeWord::Duration,
        "Size" => TypeWord::Size,
        "Cpu" => TypeWord::Cpu,
        "Ratio" => TypeWord::Ratio,
        "Rps" => TypeWord::Rate,
        "ObjectRef" => TypeWord::ObjectRef,
        "a manifest" => TypeWord::Manifest,
        _ => return Arg::from(what),
    };
    word.into()
}

pub(super) fn wrong_type(cx: &mut Cx<'_>, (node, path): (&Node, &Path<'_>), expected: Arg) -> Stop {
    let wants_text = expected == Arg::from(TypeWord::Text);
    let is_scalar = matches!(node.value, Value::Bool(_) | Value::Int(_) | Value::Float(_));
    let place = cx.place(head(node));
    let shown = cx.file.slice(node.span).to_owned();
    let found = if wants_text && is_scalar && cx.yaml {
        Diagnostic::error(&shape::NEEDS_QUOTES, place)
            .arg("path", path.to_string())
            .arg("kind", node.type_word())
            .arg("found", shown)
    } else {
        Diagnostic::error(&shape::WRONG_TYPE, place)
            .arg("path", path.to_string())
            .arg("expected", expected)
            .arg("found", node.type_word())
    };
    cx.refuse(node, found)
}

/// Is this text written as Kubernetes writes quantities: `100m`, `1.5Gi`, `2e3`?
///
/// Source: kubernetes/apimachinery:pkg/api/resource/quantity.go (the grammar in its comment).
pub(super) fn is_quantity(text: &str) -> bool {
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = number.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let (digits, suffix) = number.split_at(end.unwrap_or(number.len()));
    let points = digits.bytes().filter(|byte| *byte == b'.').count();
    if points > 1 || digits.len() == points {
        return false;
    }
    let exponent = suffix.strip_prefix(['e', 'E']).filter(|rest| !rest.is_empty());
    if let Some(power) = exponent {
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        return !power.is_empty()
            && power.len() < 4
            && power.bytes().all(|byte| byte.is_ascii_digit());
    }
    matches!(
        suffix,
        "" | "n"
            | "u"
            | "m"
            | "k"
            | "M"
            | "G"
            | "T"
            | "P"
            | "E"
            | "Ki"
            | "Mi"
            | "Gi"
            | "Ti"
            | "Pi"
            | "Ei"
    )
}

/// Does the node have a key that looks like `field` with a slip of the finger?
fn is_mistyped(node: &Node, field: &str) -> bool {
    let near = |key: &str| key != field && !nearest(key, [field]).is_empty();
    field.len() > 2 && node.entries().iter().any(|entry| near(&entry.key))
}
