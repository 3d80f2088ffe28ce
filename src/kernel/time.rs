//! Virtual time: whole nanoseconds in a `u64`, never a float.
//!
//! Integers compare exactly, so two events are simultaneous or they are not; engines that keep
//! time in an `f64` need an epsilon for ties, and ties then depend on rounding.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub};
use std::str::FromStr;

/// A point on the virtual clock, in nanoseconds since the start of the run.
///
/// Range: 0 ..= about 584 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(u64);

/// A length of virtual time, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl SimTime {
    /// The start of every run.
    pub const ZERO: SimTime = SimTime(0);
    /// Later than anything that happens.
    pub const MAX: SimTime = SimTime(u64::MAX);

    /// The point `nanos` \[ns\] after the start.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        SimTime(nanos)
    }

    /// The point `secs` \[s\] after the start.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        SimTime(secs * 1_000_000_000)
    }

    /// Nanoseconds since the start.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Whole seconds since the start, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000_000_000
    }

    /// Seconds since the start; for people and charts only, never for decisions.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        Span(self.0).as_secs_f64()
    }

    /// How long ago `earlier` was; zero when it lies in the future.
    #[must_use]
    pub const fn since(self, earlier: SimTime) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// This point minus `span`, but not before the start.
    #[must_use]
    pub const fn saturating_sub(self, span: Span) -> SimTime {
        SimTime(self.0.saturating_sub(span.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// Longer than any run.
    pub const MAX: Span = Span(u64::MAX);

    /// `n` nanoseconds.
    #[must_use]
    pub const fn nanos(n: u64) -> Self {
        Span(n)
    }

    /// `n` microseconds.
    #[must_use]
    pub const fn micros(n: u64) -> Self {
        Span(n * 1_000)
    }

    /// `n` milliseconds.
    #[must_use]
    pub const fn millis(n: u64) -> Self {
        Span(n * 1_000_000)
    }

    /// `n` seconds.
    #[must_use]
    pub const fn secs(n: u64) -> Self {
        Span(n * 1_000_000_000)
    }

    /// `n` minutes.
    #[must_use]
    pub const fn mins(n: u64) -> Self {
        Span(n * 60_000_000_000)
    }

    /// `n` hours.
    #[must_use]
    pub const fn hours(n: u64) -> Self {
        Span(n * 3_600_000_000_000)
    }

    /// The length in nanoseconds.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Whole milliseconds, rounded down.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Whole seconds, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000_000_000
    }

    /// Seconds; for people and charts only, never for decisions.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Whether this is no time at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The difference, or zero.
    #[must_use]
    pub const fn saturating_sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }

    /// The product, or the longest span.
    #[must_use]
    pub const fn saturating_mul(self, factor: u64) -> Span {
        Span(self.0.saturating_mul(factor))
    }

    /// `self * numerator / denominator` without overflow in between.
    #[must_use]
    pub fn scaled(self, numerator: u64, denominator: u64) -> Span {
        assert!(denominator > 0, "a span is scaled by a fraction with a denominator");
        let product = u128::from(self.0) * u128::from(numerator) / u128::from(denominator);
        Span(u64::try_from(product).unwrap_or(u64::MAX))
    }
}

impl Add<Span> for SimTime {
    type Output = SimTime;
    fn add(self, span: Span) -> SimTime {
        SimTime(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for SimTime {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        self.saturating_sub(other)
    }
}

impl Mul<u64> for Span {
    type Output = Span;
    fn mul(self, factor: u64) -> Span {
        self.saturating_mul(factor)
    }
}

impl Div<u64> for Span {
    type Output = Span;
    fn div(self, divisor: u64) -> Span {
        Span(self.0 / divisor)
    }
}

impl Sum for Span {
    fn sum<I: Iterator<Item = Span>>(spans: I) -> Span {
        spans.fold(Span::ZERO, Add::add)
    }
}

impl fmt::Display for SimTime {
    /// Seconds with three decimals: `12.500s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}s", self.0 / 1_000_000_000, self.0 / 1_000_000 % 1_000)
    }
}

impl fmt::Display for Span {
    /// The shortest exact form Kubernetes would also read: `1m30s`, `250ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 6] = [
            (3_600_000_000_000, "h"),
            (60_000_000_000, "m"),
            (1_000_000_000, "s"),
            (1_000_000, "ms"),
            (1_000, "us"),
            (1, "ns"),
        ];
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (size, unit) in UNITS {
            if rest >= size {
                write!(f, "{}{unit}", rest / size)?;
                rest %= size;
            }
        }
        Ok(())
    }
}

/// Why a text is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseSpanError {
    /// Nothing stands there.
    Empty,
    /// A number was expected.
    Number,
    /// A unit (`ns`, `us`, `ms`, `s`, `m`, `h`) was expected after the number.
    Unit,
    /// Longer than the clock can hold.
    TooLong,
}

impl fmt::Display for ParseSpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ParseSpanError::Empty => "empty duration",
            ParseSpanError::Number => "a number was expected",
            ParseSpanError::Unit => "a unit was expected: ns, us, ms, s, m or h",
            ParseSpanError::TooLong => "longer than the clock can hold",
        })
    }
}

impl FromStr for Span {
    type Err = ParseSpanError;

    /// Reads Go's duration form: `50s`, `1m30s`, `1.5h`, `500ms`; a bare `0` is allowed.
    fn from_str(text: &str) -> Result<Span, ParseSpanError> {
        if text.is_empty() {
            return Err(ParseSpanError::Empty);
        }
        if text == "0" {
            return Ok(Span::ZERO);
        }
        let mut rest = text;
        let mut total: u128 = 0;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (number, tail) = rest.split_at(end);
            let end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(end);
            total += parse_part(number, unit)?;
            rest = tail;
        }
        u64::try_from(total).map(Span).map_err(|_| ParseSpanError::TooLong)
    }
}

/// One `number unit` pair in nanoseconds; digits finer than a nanosecond are cut.
fn parse_part(number: &str, unit: &str) -> Result<u128, ParseSpanError> {
    let size: u128 = match unit {
        "ns" => 1,
        "us" | "µs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return Err(ParseSpanError::Unit),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || whole.len() > 18 {
        return Err(ParseSpanError::Number);
    }
    let digits = |text: &str| -> Result<u128, ParseSpanError> {
        if text.is_empty() {
            return Ok(0);
        }
        text.parse().map_err(|_| ParseSpanError::Number)
    };
    let kept = fraction.get(..fraction.len().min(9)).ok_or(ParseSpanError::Number)?;
    let scale = 10u128.pow(u32::try_from(kept.len()).unwrap_or(0));
    Ok(digits(whole)? * size + digits(kept)? * size / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_go_reads_them() {
        let check = |text: &str, want: Result<Span, ParseSpanError>| {
            assert_eq!(text.parse::<Span>(), want, "{text}");
        };
        check("50s", Ok(Span::secs(50)));
        check("1m30s", Ok(Span::secs(90)));
        check("1.5h", Ok(Span::mins(90)));
        check("250ms", Ok(Span::millis(250)));
        check("0", Ok(Span::ZERO));
        check("", Err(ParseSpanError::Empty));
        check("5", Err(ParseSpanError::Unit));
        check("s", Err(ParseSpanError::Number));
        check("1.2.3s", Err(ParseSpanError::Number));
        check("-5s", Err(ParseSpanError::Unit));
        check("999999999999h", Err(ParseSpanError::TooLong));
    }

    #[test]
    fn spans_are_spelled_without_loss() {
        for (span, text) in [
            (Span::secs(90), "1m30s"),
            (Span::millis(1500), "1s500ms"),
            (Span::ZERO, "0s"),
            (Span::nanos(1), "1ns"),
        ] {
            assert_eq!(span.to_string(), text);
            assert_eq!(text.parse::<Span>(), Ok(span));
        }
    }
}
