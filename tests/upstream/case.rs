//! One case, and what runners need to read it and to say what differed.

use std::fmt::Debug;

use serde_json::Value;

/// One conformance case.
pub(crate) struct Case {
    raw: Value,
}

impl Case {
    /// Reads a file of cases: `{cases: […]}`, or a bare array.
    pub(crate) fn read_all(text: &str) -> Result<Vec<Case>, String> {
        let mut file: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let cases = match file.get_mut("cases") {
            Some(cases) => cases.take(),
            None => file,
        };
        let Value::Array(cases) = cases else {
            return Err("neither an array of cases nor an object with one".to_owned());
        };
        Ok(cases.into_iter().map(|raw| Case { raw }).collect())
    }

    /// Its `id`, or its `name`.
    pub(crate) fn id(&self) -> &str {
        text_or(&self.raw, "id", text_or(&self.raw, "name", "unnamed"))
    }

    /// Its `kind`; empty where the file has only one.
    pub(crate) fn kind(&self) -> &str {
        text_or(&self.raw, "kind", "")
    }

    /// Its `input`.
    pub(crate) fn input(&self) -> &Value {
        self.raw.get("input").unwrap_or(&Value::Null)
    }

    /// Its `expect`.
    pub(crate) fn expect(&self) -> &Value {
        self.raw.get("expect").unwrap_or(&Value::Null)
    }

    /// The whole case, for forms of their own.
    pub(crate) fn raw(&self) -> &Value {
        &self.raw
    }

    /// What a runner answers to a kind it does not know.
    pub(crate) fn unknown_kind(&self) -> Result<(), String> {
        Err(format!("unknown kind of case: {:?}", self.kind()))
    }
}

/// A text field, or else the given one.
pub(crate) fn text_or<'a>(value: &'a Value, field: &str, otherwise: &'a str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or(otherwise)
}

/// Whether the two are the same; if not, says so about `what`.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, got: &T, want: &T) -> Result<(), String> {
    if got == want { Ok(()) } else { Err(format!("{what}: got {got:?}, expected {want:?}")) }
}
