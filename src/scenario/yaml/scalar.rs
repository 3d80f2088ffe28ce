//! What an unquoted YAML word means to Kubernetes.
//!
//! `kubectl` and the API server read YAML through a reader that still knows YAML 1.1, so `yes` is a
//! boolean and `0644` is octal. Reading it any other way would hide the classic mistakes.
//!
//! Source: kubernetes-sigs/yaml:goyaml.v2/resolve.go

use crate::scenario::tree::Value;

/// The value of an unquoted scalar; `None` when it is a number without a JSON form.
pub(super) fn plain(text: &str) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => {
            Value::Bool(true)
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N" => {
            Value::Bool(false)
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF"
        | "-.inf" | "-.Inf" | "-.INF" => return None,
        _ => return number(text).unwrap_or_else(|| Some(Value::Str(text.to_owned()))),
    })
}

/// `None`: not a number. `Some(None)`: a number without a JSON form.
fn number(text: &str) -> Option<Option<Value>> {
    let first = text.bytes().next()?;
    if !first.is_ascii_digit() && !matches!(first, b'+' | b'-' | b'.') {
        return None;
    }
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    if let Some(whole) = whole(digits) {
        return Some(whole.map(|number| sign * number).filter(fits).map(Value::Int));
    }
    is_float(&plain).then(|| {
        let number: Option<f64> = plain.parse().ok();
        number.filter(|number| number.is_finite()).map(Value::Float)
    })
}

fn fits(number: &i128) -> bool {
    *number >= i128::from(i64::MIN) && *number <= i128::from(u64::MAX)
}

/// `None`: not whole. `Some(None)`: whole but far too large.
fn whole(digits: &str) -> Option<Option<i128>> {
    let radixes = [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8)];
    let prefixed =
        radixes.into_iter().find_map(|(prefix, radix)| Some((digits.strip_prefix(prefix)?, radix)));
    let (digits, radix) = match prefixed {
        Some(pair) => pair,
        None if digits.len() > 1 && digits.starts_with('0') => (&digits[1..], 8),
        None => (digits, 10),
    };
    let all_digits = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    all_digits.then(|| i128::from_str_radix(digits, radix).ok())
}

/// `[-+]?[0-9]*\.?[0-9]+([eE][-+][0-9]+)?`: an exponent needs its sign, so a commit hash such as
/// `12e5` stays text.
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (before, after) = mantissa.split_once('.').unwrap_or(("", mantissa));
    let mantissa_fits = digits(before) && digits(after) && !after.is_empty();
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent.strip_prefix(['+', '-']).is_some_and(|power| !power.is_empty() && digits(power))
    });
    mantissa_fits && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_what_kubectl_reads() {
        let rows = [
            ("", Some(Value::Null)),
            ("~", Some(Value::Null)),
            ("yes", Some(Value::Bool(true))),
            ("Off", Some(Value::Bool(false))),
            ("8080", Some(Value::Int(8080))),
            ("-1", Some(Value::Int(-1))),
            ("0644", Some(Value::Int(420))),
            ("0o644", Some(Value::Int(420))),
            ("0x1F", Some(Value::Int(31))),
            ("1_000", Some(Value::Int(1000))),
            ("0899", Some(Value::Float(899.0))),
            ("1.5", Some(Value::Float(1.5))),
            (".5", Some(Value::Float(0.5))),
            ("1e+3", Some(Value::Float(1000.0))),
            ("1e3", Some(Value::Str("1e3".to_owned()))),
            ("1.33.0", Some(Value::Str("1.33.0".to_owned()))),
            ("100m", Some(Value::Str("100m".to_owned()))),
            ("-", Some(Value::Str("-".to_owned()))),
            (".inf", None),
            ("99999999999999999999", None),
            ("1e+999", None),
        ];
        for (text, expected) in rows {
            assert_eq!(plain(text), expected, "{text}");
        }
    }
}
