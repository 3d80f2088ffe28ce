//! Takes one entry out of a list of a scenario's text, without touching anything else of it.
//!
//! A branch without a step is saved as the scenario without it. What belongs to the entry goes with
//! it: its comma, the comment at the end of its line, and the lines of comments right above it.

use super::expect::Demand as _;
use super::file::Scenario;
use super::source::Span;
use super::splice::{bare, read, tree};
use super::tree::Value;

/// The text without a step, by its number in the order of time, as a plan counts its steps; the
/// text as it is when it has no such step. None when the text is no scenario.
#[must_use]
pub fn without_step(text: &str, number: usize) -> Option<String> {
    let scenario: Scenario = read(text)?;
    let mut order: Vec<usize> = (0..scenario.steps.len()).collect();
    order.sort_by_key(|place| scenario.steps[*place].at.value);
    match order.get(number) {
        Some(place) => without_entry(text, "steps", *place),
        None => Some(text.to_owned()),
    }
}

/// The text without what its end `until` cuts off: steps, expectations and bookmarks that would
/// begin later. None when the text is no scenario.
#[must_use]
pub fn without_the_late(text: &str) -> Option<String> {
    let scenario: Scenario = read(text)?;
    let until = scenario.until.value;
    let steps = scenario.steps.iter().map(|step| step.at.value > until);
    let expect = scenario.expect.iter().map(|one| one.value.begins() >= until);
    let marks = scenario.bookmarks.iter();
    let marks = marks.map(|mark| mark.at.as_ref().is_some_and(|at| at.value > until));
    let lists: [(&str, Vec<bool>); 3] =
        [("steps", steps.collect()), ("expect", expect.collect()), ("bookmarks", marks.collect())];
    let mut late = lists.iter().flat_map(|(list, late)| {
        let places = late.iter().enumerate().rev().filter(|(_, late)| **late);
        places.map(move |(place, _)| (*list, place))
    });
    late.try_fold(text.to_owned(), |text, (list, place)| without_entry(&text, list, place))
}

/// The text without the entry of this number in its list `list`. None when there is none.
#[must_use]
pub fn without_entry(text: &str, list: &str, number: usize) -> Option<String> {
    let text = bare(text);
    let root = tree(text)?;
    let list = &root.entries().iter().find(|field| field.key == list)?.value;
    let Value::Seq(entries) = &list.value else { return None };
    let entry = entries.get(number)?.span;
    // What stands before belongs to the entry before, up to its comma.
    let behind = |end: usize| Some(after_comma(text, end)).filter(|(_, comma)| *comma);
    let floor = match number.checked_sub(1).and_then(|before| entries.get(before)) {
        Some(before) => behind(before.span.end)?.0,
        None => list.span.start + 1,
    };
    let cut = around(text, entry, floor)?;
    Some(format!("{}{}", text.get(..cut.start)?, text.get(cut.end..)?))
}

/// The entry with all that belongs to it.
fn around(text: &str, entry: Span, floor: usize) -> Option<Span> {
    let line = text.get(..entry.start)?.rfind('\n').map_or(0, |at| at + 1);
    let alone = line >= floor && text.get(line..entry.start)?.trim().is_empty();
    let mut start = entry.start;
    if alone {
        start = line;
        while let Some(above) = text.get(floor..start)?.strip_suffix('\n') {
            let from = floor + above.rfind('\n').map_or(0, |at| at + 1);
            if from == floor || !text.get(from..start)?.trim_start().starts_with("//") {
                break;
            }
            start = from;
        }
    }
    let (mut end, _) = after_comma(text, entry.end);
    let rest = text.get(end..)?;
    let of_line = rest.find('\n').map_or(rest, |at| &rest[..at]);
    let said = of_line.trim();
    if said.is_empty() || said.starts_with("//") {
        end += of_line.len();
        if alone && rest.len() > of_line.len() {
            end += 1;
        }
        if !alone && said.is_empty() {
            // The line goes on to be the line of what stands before.
            start = text.get(floor..start)?.trim_end_matches(' ').len() + floor;
        }
    } else {
        end += of_line.len() - of_line.trim_start().len();
    }
    Some(Span::new(start, end))
}

/// The place behind the comma that follows, and whether there is one; comments may stand between.
fn after_comma(text: &str, end: usize) -> (usize, bool) {
    let mut at = end;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        if rest.starts_with(',') {
            return (at + blank + 1, true);
        } else if rest.starts_with("//") {
            at += blank + rest.find('\n').unwrap_or(rest.len());
        } else if let Some(close) = rest.strip_prefix("/*").and_then(|rest| rest.find("*/")) {
            at += blank + close + 4;
        } else {
            return (end, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, number: usize, expect: &str) {
        assert_eq!(without_entry(text, "steps", number).as_deref(), Some(expect), "{text}");
    }

    #[test]
    fn an_entry_goes_with_its_comma_and_its_comments_and_nothing_else() {
        let text = "(
    title: \"a, [b]\", // steps: [
    steps: [
        // Of the first.
        x(1), // of its line

        // Above all.

        // Of the second,
        // in two lines.
        y(
            \"// no comment\", // inside
        ),
        z(3) // no comma
    ],
)";
        let without = |part: &str| text.replace(part, "");
        check(text, 0, &without("        // Of the first.\n        x(1), // of its line\n"));
        let second = r#"        // Of the second,
        // in two lines.
        y(
            "// no comment", // inside
        ),
"#;
        check(text, 1, &without(second));
        check(text, 2, &without("        z(3) // no comma\n"));
        assert_eq!(without_entry(text, "steps", 3), None);
        assert_eq!(without_entry(text, "expect", 0), None);
        assert_eq!(without_entry("(title: ", "steps", 0), None);
    }

    #[test]
    fn entries_of_one_line_leave_one_by_one() {
        check("(steps: [x(1), y(2), z(3)])", 0, "(steps: [y(2), z(3)])");
        check("(steps: [x(1), y(2), z(3)])", 1, "(steps: [x(1), z(3)])");
        check("(steps: [x(1), y(2), z(3)])", 2, "(steps: [x(1), y(2), ])");
        check("(steps: [x(1)])", 0, "(steps: [])");
        check("(steps: [x(1) /* a, b */ , y(2)])", 0, "(steps: [y(2)])");
        check("(steps: [x(1), // first\n  y(2)])", 0, "(steps: [\n  y(2)])");
        check("(steps: [x(1), // first\n  y(2)])", 1, "(steps: [x(1), // first\n])");
    }

    #[test]
    fn what_would_come_after_the_end_goes() {
        let text = "(title: \"a\", until: \"5s\", steps: [
            (at: \"5s\", do: heal()),
            (at: \"6s\", do: heal()), (at: \"9s\", do: heal()),
        ], bookmarks: [(name: \"x\", at: \"7s\")])";
        let left = without_the_late(text).expect("a scenario");
        let flat: String = left.split_whitespace().collect();
        assert_eq!(flat, "(title:\"a\",until:\"5s\",steps:[(at:\"5s\",do:heal()),],bookmarks:[])");
    }

    #[test]
    fn steps_are_counted_in_the_order_of_time() {
        let text = "(title: \"a\", steps: [(at: \"9s\", do: heal()), (at: \"3s\", do: heal())])";
        let first = without_step(text, 0).expect("a scenario");
        assert!(first.contains("9s") && !first.contains("3s"), "{first}");
        let second = without_step(text, 1).expect("a scenario");
        assert!(second.contains("3s") && !second.contains("9s"), "{second}");
        assert_eq!(without_step(text, 2).as_deref(), Some(text), "a deed stands in no text");
    }
}
