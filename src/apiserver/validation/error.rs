//! One error at one field.
//!
//! Source: kubernetes/apimachinery:pkg/util/validation/field/errors.go.

use std::fmt;

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorType {
    /// It is missing.
    Required,
    /// It is there, but not so.
    Invalid,
    /// It is none of the values that there are.
    NotSupported,
    /// It is there twice.
    Duplicate,
    /// It may not be there, or may not change.
    Forbidden,
}

/// One error at one field. `Display` gives Kubernetes' text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where: `spec.containers[0].name`.
    pub path: String,
    /// What sort of error.
    pub kind: ErrorType,
    /// The value, as the message shows it (texts in quotes); empty where none is shown.
    pub value: String,
    /// A sentence.
    pub detail: String,
}

impl FieldError {
    fn new(path: impl Into<String>, kind: ErrorType, value: String, detail: String) -> Self {
        FieldError { path: path.into(), kind, value, detail }
    }

    /// A missing field; `detail` may be empty.
    #[must_use]
    pub fn required(path: impl Into<String>, detail: &str) -> Self {
        FieldError::new(path, ErrorType::Required, String::new(), detail.to_owned())
    }

    /// A wrong value, shown as it is.
    #[must_use]
    pub fn invalid(path: impl Into<String>, value: impl Into<String>, detail: &str) -> Self {
        FieldError::new(path, ErrorType::Invalid, value.into(), detail.to_owned())
    }

    /// A wrong text, shown in quotes.
    #[must_use]
    pub fn invalid_text(path: impl Into<String>, value: &str, detail: &str) -> Self {
        FieldError::invalid(path, format!("{value:?}"), detail)
    }

    /// A text that is none of those that there are.
    #[must_use]
    pub fn not_supported(path: impl Into<String>, value: &str, supported: &[&str]) -> Self {
        let listed: Vec<String> = supported.iter().map(|known| format!("{known:?}")).collect();
        let detail = format!("supported values: {}", listed.join(", "));
        FieldError::new(path, ErrorType::NotSupported, format!("{value:?}"), detail)
    }

    /// A text that stands there already.
    #[must_use]
    pub fn duplicate(path: impl Into<String>, value: &str) -> Self {
        FieldError::new(path, ErrorType::Duplicate, format!("{value:?}"), String::new())
    }

    /// A field that may not be there, or may not change.
    #[must_use]
    pub fn forbidden(path: impl Into<String>, detail: &str) -> Self {
        FieldError::new(path, ErrorType::Forbidden, String::new(), detail.to_owned())
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FieldError { path, kind, value, detail } = self;
        match kind {
            ErrorType::Required => write!(f, "{path}: Required value")?,
            ErrorType::Invalid => write!(f, "{path}: Invalid value: {value}")?,
            ErrorType::NotSupported => write!(f, "{path}: Unsupported value: {value}")?,
            ErrorType::Duplicate => write!(f, "{path}: Duplicate value: {value}")?,
            ErrorType::Forbidden => write!(f, "{path}: Forbidden")?,
        }
        if detail.is_empty() { Ok(()) } else { write!(f, ": {detail}") }
    }
}
