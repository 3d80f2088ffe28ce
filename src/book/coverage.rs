//! Which rows of the course the chapters cover.

use std::collections::BTreeSet;

use crate::course::chapter::Head;

/// How many rows the tables of the course have: A names what the notes name, B what they get
/// wrong.
pub const ROWS: [(char, u32); 2] = [('A', 163), ('B', 80)];

/// Rows that do not exist, named by this chapter.
#[must_use]
pub fn unknown_rows(head: &Head) -> Vec<String> {
    let known = |row: &&String| {
        ROWS.iter().any(|(letter, count)| {
            let number = row.strip_prefix(*letter).and_then(|rest| rest.parse::<u32>().ok());
            number.is_some_and(|number| (1..=*count).contains(&number))
        })
    };
    head.covers.iter().chain(&head.fixes).filter(|row| !known(row)).cloned().collect()
}

/// Rows that no chapter names.
#[must_use]
pub fn uncovered<'h>(heads: impl IntoIterator<Item = &'h Head>) -> Vec<String> {
    let named: BTreeSet<&str> = heads
        .into_iter()
        .flat_map(|head| head.covers.iter().chain(&head.fixes))
        .map(String::as_str)
        .collect();
    let all =
        ROWS.iter().flat_map(|(letter, count)| (1..=*count).map(move |n| format!("{letter}{n}")));
    all.filter(|row| !named.contains(row.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_checked_and_counted() {
        let text = "<!-- ders\n(id: \"1-x\", title: \"X\", minutes: 5, covers: [\"A1\", \"A999\"], \
                    fixes: [\"B80\"])\n-->\n# X\n";
        let chapter = crate::course::chapter::parse("x.md", text).value.expect("readable");
        assert_eq!(unknown_rows(&chapter.head), ["A999"]);
        assert_eq!(uncovered([&chapter.head]).len(), 162 + 79);
    }
}
