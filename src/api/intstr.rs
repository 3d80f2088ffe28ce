//! "25%" or 3: how Kubernetes writes a part of something.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::meta::Str;

/// A number, or a text (a percentage, a port name).
///
/// Source: k8s.io/apimachinery `util/intstr`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum IntOrString {
    /// A number.
    Int(i32),
    /// A text.
    String(Str),
}

impl IntOrString {
    /// The number itself, or the percentage of `total`, rounded up or down.
    ///
    /// Errors: the text is not a number followed by `%`.
    pub fn scaled(&self, total: i32, round_up: bool) -> Result<i32, String> {
        match self {
            IntOrString::Int(value) => Ok(*value),
            IntOrString::String(text) => {
                let percent = text.strip_suffix('%').and_then(|digits| digits.parse::<i64>().ok());
                let Some(percent) = percent else {
                    return Err(format!(
                        "invalid value for IntOrString: invalid type: string is not a percentage: {text:?}"
                    ));
                };
                let product = percent.saturating_mul(i64::from(total));
                let value = if round_up {
                    product.saturating_add(99).div_euclid(100)
                } else {
                    product.div_euclid(100)
                };
                i32::try_from(value).map_err(|_| format!("{text} of {total} is out of range"))
            }
        }
    }
}

impl fmt::Display for IntOrString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IntOrString::Int(value) => write!(f, "{value}"),
            IntOrString::String(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_round_as_told() {
        let percent = IntOrString::String("25%".into());
        assert_eq!(percent.scaled(10, true), Ok(3));
        assert_eq!(percent.scaled(10, false), Ok(2));
        assert_eq!(IntOrString::Int(7).scaled(10, true), Ok(7));
        assert!(IntOrString::String("lots".into()).scaled(10, true).is_err());
    }
}
