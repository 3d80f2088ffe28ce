//! Puts one more entry into a list of a scenario's text, without touching anything else of it.
//!
//! A session that is saved and a claim of the book both say: this scenario, and one thing more.
//! The list is found through the tree, so a word in a comment or in the notes is not mistaken
//! for it.

use super::diagnostic::Diagnostics;
use super::ron;
use super::source::Files;
use super::tree::Value;

/// The text with `entry` at the end of its list `list` (`steps`, `expect`); the list is made when
/// it is not there. None when the text is no scenario.
#[must_use]
pub fn with_entry(text: &str, list: &str, entry: &str) -> Option<String> {
    let mut files = Files::new();
    let id = files.add("scenario", text);
    let file = files.get(id)?.clone();
    let mut found = Diagnostics::new();
    let root = ron::read(&file, id, &mut found).filter(|_| !found.has_errors())?;
    let Value::Fields(_, fields) = &root.value else { return None };
    // Both end with a bracket of one letter; what is put in stands before it.
    let (end, entry) = match fields.iter().find(|field| field.key == list) {
        Some(field) => (field.value.span.end, entry.to_owned()),
        None => (root.span.end, format!("{list}: [{entry}]")),
    };
    let inside = end.checked_sub(1)?;
    let (before, after) = (text.get(..inside)?, text.get(inside..)?);
    let comma = if follows_a_value(before) { "," } else { "" };
    Some(format!("{before}{comma}\n{entry},\n{after}"))
}

/// Whether a comma is wanted before the next entry: the last thing but comments is a value.
fn follows_a_value(before: &str) -> bool {
    let last = before.lines().rev().map(without_comment).find(|line| !line.is_empty());
    last.is_some_and(|line| !line.ends_with([',', '[', '(']))
}

/// A line without a comment at its end; `//` inside quotes is none.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut letters = line.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '\\' if quoted => {
                letters.next();
            }
            '"' => quoted = !quoted,
            '/' if !quoted && letters.peek().is_some_and(|(_, next)| *next == '/') => {
                return line[..place].trim();
            }
            _ => {}
        }
    }
    line.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let found = with_entry(text, "steps", "x()").expect("a scenario");
        let flat: String = found.split_whitespace().collect();
        assert_eq!(flat, expect, "{found}");
    }

    #[test]
    fn an_entry_comes_last_in_its_list_and_the_list_is_made_when_it_is_missing() {
        check("(title: \"a\", steps: [])", "(title:\"a\",steps:[x(),])");
        check("(title: \"a\", steps: [y()])", "(title:\"a\",steps:[y(),x(),])");
        check("(steps: [y(),], title: \"a\")", "(steps:[y(),x(),],title:\"a\")");
        check("(title: \"a\")", "(title:\"a\",steps:[x()],)");
        check("(title: \"a\", // steps: [\n)", "(title:\"a\",//steps:[steps:[x()],)");
        check("(title: \"http://a\")", "(title:\"http://a\",steps:[x()],)");
    }

    #[test]
    fn what_is_no_scenario_stays_alone() {
        assert_eq!(with_entry("[1, 2]", "steps", "x()"), None);
        assert_eq!(with_entry("(title: ", "steps", "x()"), None);
    }
}
