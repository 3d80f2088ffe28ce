//! Amounts of resources: `100m`, `64Mi`, `1e3`.
//!
//! A quantity remembers its value and the style it was written in. Values are kept in
//! billionths, the finest that Kubernetes keeps.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::meta::Str;

/// The style of writing a quantity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `100m`, `2k`: powers of ten.
    #[default]
    DecimalSI,
    /// `64Mi`: powers of 1024.
    BinarySI,
    /// `1e3`.
    DecimalExponent,
}

/// An amount of a resource.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quantity {
    /// The value in billionths.
    pub nano: i128,
    /// How it was written.
    pub format: Format,
}

/// Amounts by resource name (`cpu`, `memory`, `pods`, …).
pub type ResourceList = BTreeMap<Str, Quantity>;

/// Billionths in a unit.
const NANO: i128 = 1_000_000_000;

/// Binary quantities saturate here.
const MAX_UNITS: i128 = i64::MAX as i128;

impl Quantity {
    /// `milli` thousandths, as CPUs are counted.
    #[must_use]
    pub fn from_milli(milli: i64) -> Self {
        Quantity { nano: i128::from(milli) * 1_000_000, format: Format::DecimalSI }
    }

    /// A whole number of units.
    #[must_use]
    pub fn from_units(units: i64, format: Format) -> Self {
        Quantity { nano: i128::from(units) * NANO, format }
    }

    /// The value in units, rounded up.
    #[must_use]
    pub fn value(&self) -> i64 {
        self.scaled_value(0)
    }

    /// The value in thousandths, rounded up.
    #[must_use]
    pub fn milli_value(&self) -> i64 {
        self.scaled_value(-3)
    }

    /// The value in units of `10^scale`, rounded away from zero.
    #[must_use]
    pub fn scaled_value(&self, scale: i32) -> i64 {
        let value = match u32::try_from(scale + 9) {
            Ok(power) => match 10i128.checked_pow(power) {
                Some(unit) => div_away(self.nano, unit),
                None => self.nano.signum(),
            },
            // Finer than is kept: exact, with zeros behind.
            Err(_) => 10i128
                .checked_pow((scale + 9).unsigned_abs())
                .and_then(|factor| self.nano.checked_mul(factor))
                .unwrap_or(if self.nano < 0 { i128::MIN } else { i128::MAX }),
        };
        i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
    }

    /// Rounds away from zero to a multiple of `10^scale`; whether nothing had to be rounded.
    pub fn round_up(&mut self, scale: i32) -> bool {
        let Some(unit) = u32::try_from(scale + 9).ok().and_then(|power| 10i128.checked_pow(power))
        else {
            return true;
        };
        let rounded = div_away(self.nano, unit) * unit;
        let exact = rounded == self.nano;
        self.nano = rounded;
        exact
    }

    /// The sum; a zero takes over the style of what is added to it.
    #[must_use]
    pub fn plus(self, other: Quantity) -> Quantity {
        let format = if self.nano == 0 { other.format } else { self.format };
        Quantity { nano: self.nano.saturating_add(other.nano), format }
    }

    /// The difference; a zero takes over the style of what is taken from it.
    #[must_use]
    pub fn minus(self, other: Quantity) -> Quantity {
        let format = if self.nano == 0 { other.format } else { self.format };
        Quantity { nano: self.nano.saturating_sub(other.nano), format }
    }
}

/// Division that rounds away from zero.
fn div_away(a: i128, b: i128) -> i128 {
    let quotient = a / b;
    if a % b == 0 { quotient } else { quotient + a.signum() }
}

/// A quantity's text in its parts: sign, digits before and after the point, suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// Whether there is no minus.
    pub positive: bool,
    /// Digits before the point without leading zeros; `0` when there are none.
    pub integer: &'a str,
    /// Digits after the point.
    pub fraction: &'a str,
    /// The rest: a unit or an exponent.
    pub suffix: &'a str,
}

impl<'a> Parts<'a> {
    /// Splits a text.
    ///
    /// Errors: something stands behind the suffix.
    /// Source: kubernetes/apimachinery:pkg/api/resource/quantity.go, `parseQuantityString`.
    pub fn split(text: &'a str) -> Result<Parts<'a>, QuantityError> {
        let (positive, rest) = match text.as_bytes().first() {
            Some(b'-') => (false, &text[1..]),
            Some(b'+') => (true, &text[1..]),
            _ => (true, text),
        };
        let (integer, rest) = split_while(rest.trim_start_matches('0'), |c| c.is_ascii_digit());
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(behind) => split_while(behind, |c| c.is_ascii_digit()),
            None => ("", rest),
        };
        let (_, tail) = split_while(rest, |c| "eEinumkKMGTP".contains(c));
        let tail = tail.strip_prefix(['-', '+']).unwrap_or(tail);
        if tail.chars().all(|c| c.is_ascii_digit()) {
            let integer = if integer.is_empty() { "0" } else { integer };
            Ok(Parts { positive, integer, fraction, suffix: rest })
        } else {
            Err(QuantityError)
        }
    }
}

fn split_while(text: &str, keep: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !keep(c)).unwrap_or(text.len()))
}

/// What a suffix multiplies by: a base, its power, and the style it belongs to.
fn interpret(suffix: &str) -> Option<(u32, i32, Format)> {
    const DECIMAL: [(&str, i32); 10] = [
        ("n", -9),
        ("u", -6),
        ("m", -3),
        ("", 0),
        ("k", 3),
        ("M", 6),
        ("G", 9),
        ("T", 12),
        ("P", 15),
        ("E", 18),
    ];
    const BINARY: [(&str, i32); 6] =
        [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];
    let find = |table: &[(&str, i32)]| {
        table.iter().find(|(name, _)| *name == suffix).map(|(_, power)| *power)
    };
    if let Some(power) = find(&DECIMAL) {
        return Some((10, power, Format::DecimalSI));
    }
    if let Some(power) = find(&BINARY) {
        return Some((2, power, Format::BinarySI));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    exponent.parse().ok().map(|power| (10, power, Format::DecimalExponent))
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.nano.cmp(&other.nano)
    }
}

/// Why a text is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuantityError;

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    /// Reads a quantity. What is finer than a billionth is rounded away from zero, so that
    /// whoever asks for something gets something.
    ///
    /// Source: kubernetes/apimachinery:pkg/api/resource/quantity.go, `ParseQuantity`.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError);
        }
        let parts = Parts::split(text)?;
        let (base, power, mut format) = interpret(parts.suffix).ok_or(QuantityError)?;
        let magnitude = nano_of(&parts, base, power);
        let capped =
            if format == Format::BinarySI { magnitude.min(MAX_UNITS * NANO) } else { magnitude };
        if format == Format::BinarySI && capped > 0 && capped < NANO {
            format = Format::DecimalSI;
        }
        Ok(Quantity { nano: if parts.positive { capped } else { -capped }, format })
    }
}

/// The magnitude in billionths, rounded up, saturating.
fn nano_of(parts: &Parts<'_>, base: u32, power: i32) -> i128 {
    // Digits beyond these cannot change a value that is rounded to billionths and saturates.
    const KEPT: usize = 36;
    let digits: Vec<u8> = parts.integer.bytes().chain(parts.fraction.bytes()).collect();
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    let significant = &digits[leading..];
    let kept = significant.len().min(KEPT);
    let dropped = significant.len() - kept;
    let lost = significant[kept..].iter().any(|digit| *digit != b'0');
    let mantissa =
        significant[..kept].iter().fold(0i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
    if mantissa == 0 {
        return 0;
    }
    let places = i64::try_from(parts.fraction.len()).unwrap_or(i64::MAX / 2);
    let dropped = i64::try_from(dropped).unwrap_or(i64::MAX / 2);
    let decimal = if base == 10 { i64::from(power) } else { 0 };
    let binary = if base == 2 { power.unsigned_abs() } else { 0 };
    let exponent = 9 + decimal - places + dropped;
    // Binary factors up to 2^60 first: with a negative exponent they keep it exact as long as
    // the product fits; where it does not, the value is far above the cap.
    let mantissa = mantissa.saturating_mul(1i128 << binary);
    let ten = |power: i64| u32::try_from(power).ok().and_then(|power| 10i128.checked_pow(power));
    if exponent >= 0 {
        return ten(exponent).map_or(i128::MAX, |factor| mantissa.saturating_mul(factor));
    }
    let rounded = ten(-exponent).map_or(1, |unit| div_away(mantissa, unit));
    rounded + i128::from(lost && mantissa % ten(-exponent).unwrap_or(1) == 0)
}

impl fmt::Display for Quantity {
    /// The canonical form: the largest unit that leaves a whole number.
    ///
    /// Source: kubernetes/apimachinery:pkg/api/resource/quantity.go, `CanonicalizeBytes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
        const DECIMAL: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
        if self.nano == 0 {
            return f.write_str("0");
        }
        let whole = self.nano % NANO == 0;
        if self.format == Format::BinarySI && whole && self.nano.abs() >= 1024 * NANO {
            let (mut units, mut suffix) = (self.nano / NANO, 0);
            while units % 1024 == 0 && suffix + 1 < BINARY.len() {
                units /= 1024;
                suffix += 1;
            }
            return write!(f, "{units}{}", BINARY[suffix]);
        }
        let (mut mantissa, mut thousands) = (self.nano, 0usize);
        while mantissa % 1000 == 0 && (thousands < 9 || self.format == Format::DecimalExponent) {
            mantissa /= 1000;
            thousands += 1;
        }
        match (self.format, thousands) {
            (Format::DecimalExponent, 3) => write!(f, "{mantissa}"),
            (Format::DecimalExponent, _) => {
                let exponent = i64::try_from(thousands).unwrap_or(0) * 3 - 9;
                write!(f, "{mantissa}e{exponent}")
            }
            (Format::DecimalSI | Format::BinarySI, _) => {
                write!(f, "{mantissa}{}", DECIMAL[thousands])
            }
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Str::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_quantity_is_canonical() {
        for (text, canonical) in [
            ("1024Mi", "1Gi"),
            ("1000M", "1G"),
            (".000001Ki", "1024u"),
            ("0.5", "500m"),
            ("100m", "100m"),
            ("1500Mi", "1500Mi"),
            ("1e3", "1e3"),
            ("-9.5", "-9500m"),
        ] {
            assert_eq!(text.parse::<Quantity>().map(|q| q.to_string()), Ok(canonical.to_owned()));
        }
    }

    #[test]
    fn nonsense_is_no_quantity() {
        for text in ["", "1i", "1e", " 1", "1 ", "1+1.0M", "ten", "1Kb"] {
            assert_eq!(text.parse::<Quantity>(), Err(QuantityError), "{text}");
        }
    }

    #[test]
    fn absurd_exponents_saturate() {
        let huge: Quantity = "1e9999".parse().expect("a quantity");
        assert_eq!(huge.value(), i64::MAX);
        let tiny: Quantity = "1e-9999".parse().expect("a quantity");
        assert_eq!(tiny.nano, 1);
    }
}
