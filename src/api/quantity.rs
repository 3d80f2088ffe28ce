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

const NANO: i128 = 1_000_000_000;

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
        saturate(ceil_div(self.nano, NANO))
    }

    /// The value in thousandths, rounded up.
    #[must_use]
    pub fn milli_value(&self) -> i64 {
        saturate(ceil_div(self.nano, 1_000_000))
    }
}

fn ceil_div(a: i128, b: i128) -> i128 {
    let quotient = a.div_euclid(b);
    if a.rem_euclid(b) == 0 { quotient } else { quotient + 1 }
}

fn saturate(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
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

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let end =
            text.find(|c: char| !c.is_ascii_digit() && !"+-.".contains(c)).unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        let (scale, format): (i128, Format) = match suffix {
            "n" => (1, Format::DecimalSI),
            "u" => (1_000, Format::DecimalSI),
            "m" => (1_000_000, Format::DecimalSI),
            "" => (NANO, Format::DecimalSI),
            "k" => (NANO * 1_000, Format::DecimalSI),
            "M" => (NANO * 1_000_000, Format::DecimalSI),
            "G" => (NANO * NANO, Format::DecimalSI),
            "T" => (NANO * NANO * 1_000, Format::DecimalSI),
            "Ki" => (NANO << 10, Format::BinarySI),
            "Mi" => (NANO << 20, Format::BinarySI),
            "Gi" => (NANO << 30, Format::BinarySI),
            "Ti" => (NANO << 40, Format::BinarySI),
            _ => return Err(QuantityError),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.len() > 15 || fraction.len() > 9 || !fraction.chars().all(|c| c.is_ascii_digit()) {
            return Err(QuantityError);
        }
        let digits: i128 =
            if whole.is_empty() { 0 } else { whole.parse().map_err(|_| QuantityError)? };
        let part: i128 =
            if fraction.is_empty() { 0 } else { fraction.parse().map_err(|_| QuantityError)? };
        let ten = 10i128.pow(u32::try_from(fraction.len()).map_err(|_| QuantityError)?);
        Ok(Quantity { nano: digits * scale + ceil_div(part * scale, ten), format })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nano % NANO != 0 {
            return write!(f, "{}m", ceil_div(self.nano, 1_000_000));
        }
        let units = self.nano / NANO;
        if self.format == Format::BinarySI {
            for (shift, suffix) in [(40, "Ti"), (30, "Gi"), (20, "Mi"), (10, "Ki")] {
                if units != 0 && units % (1 << shift) == 0 {
                    return write!(f, "{}{suffix}", units >> shift);
                }
            }
        }
        write!(f, "{units}")
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
