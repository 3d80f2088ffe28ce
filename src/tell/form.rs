//! Times and numbers as a language writes them.

use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::texts::Lang;
use crate::texts::decimal;

/// A moment: `62,500 s`.
pub fn moment(lang: Lang, at: SimTime) -> String {
    seconds(lang, at.as_nanos())
}

/// A stretch: `62,500 s`, or `4 ms` and `250 µs` for short ones.
pub fn span(lang: Lang, span: Span) -> String {
    match span.as_nanos() {
        0 => "0 s".to_owned(),
        nanos if nanos < 1_000_000 => format!("{} µs", nanos / 1_000),
        nanos if nanos < 1_000_000_000 => format!("{} ms", nanos / 1_000_000),
        nanos => seconds(lang, nanos),
    }
}

/// A whole number of seconds without its fraction, others with milliseconds.
pub fn short(lang: Lang, span: Span) -> String {
    if span.as_nanos().is_multiple_of(1_000_000_000) {
        format!("{} s", span.as_secs())
    } else {
        self::span(lang, span)
    }
}

fn seconds(lang: Lang, nanos: u64) -> String {
    let (whole, millis) = (nanos / 1_000_000_000, nanos / 1_000_000 % 1_000);
    format!("{} s", decimal(lang, &format!("{whole}.{millis:03}")))
}

/// The stamp at the beginning of a line: the seconds, right-aligned.
pub fn stamp(lang: Lang, at: SimTime) -> String {
    format!("[{:>10}]", moment(lang, at))
}

/// A whole number with its thousands apart: `12.345` in Turkish, `12,345` in English.
pub fn count(lang: Lang, number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(match lang {
                Lang::Tr => '.',
                Lang::En => ',',
            });
        }
        out.push(digit);
    }
    out
}

/// A share of a hundred thousand as a number of percent: `97,321`.
pub fn percent(lang: Lang, of_100_000: u64) -> String {
    let text = format!("{}.{:03}", of_100_000 / 1_000, of_100_000 % 1_000);
    decimal(lang, &text)
}

/// Tenths as a number, without a fraction where it has none: `71,8`, `100`.
pub fn tenths(lang: Lang, tenths: u64) -> String {
    match tenths % 10 {
        0 => count(lang, tenths / 10),
        rest => decimal(lang, &format!("{}.{rest}", tenths / 10)),
    }
}

/// A measured number: without a fraction where it has none.
pub fn number(lang: Lang, value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { decimal(lang, &format!("{value:.1}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turkish_numbers_have_a_comma_and_points_between_thousands() {
        let at = SimTime::ZERO + Span::millis(62_500);
        assert_eq!(moment(Lang::Tr, at), "62,500 s");
        assert_eq!(moment(Lang::En, at), "62.500 s");
        assert_eq!(count(Lang::Tr, 1_234_567), "1.234.567");
        assert_eq!(count(Lang::En, 999), "999");
        assert_eq!(percent(Lang::Tr, 97_321), "97,321");
        assert_eq!(span(Lang::Tr, Span::micros(250)), "250 µs");
        assert_eq!(short(Lang::Tr, Span::secs(60)), "60 s");
        assert_eq!(number(Lang::Tr, 2.5), "2,5");
    }
}
