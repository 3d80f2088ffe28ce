//! How Go prints what upstream puts into its sentences.

use crate::kernel::Span;

/// `[a b]`.
pub(super) fn go_list(names: &[&str]) -> String {
    format!("[{}]", names.join(" "))
}

/// `1m2.5s`, `312ms`, `5m0s`: a duration without parts of a millisecond.
pub(super) fn go_duration(span: Span) -> String {
    let millis = span.as_millis();
    if millis == 0 {
        return String::from("0s");
    }
    if millis < 1000 {
        return format!("{millis}ms");
    }
    let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
    let (seconds, rest) = (millis / 1000 % 60, millis % 1000);
    let fraction = match rest {
        0 => String::new(),
        rest => format!(".{rest:03}").trim_end_matches('0').to_owned(),
    };
    match (hours, minutes) {
        (0, 0) => format!("{seconds}{fraction}s"),
        (0, minutes) => format!("{minutes}m{seconds}{fraction}s"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}{fraction}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_go_writes_them() {
        let rows = [(0, "0s"), (312, "312ms"), (2000, "2s"), (2001, "2.001s"), (62_500, "1m2.5s")];
        for (millis, text) in rows {
            assert_eq!(go_duration(Span::millis(millis)), text);
        }
        assert_eq!(go_duration(Span::mins(5)), "5m0s");
        assert_eq!(go_duration(Span::hours(1)), "1h0m0s");
    }
}
