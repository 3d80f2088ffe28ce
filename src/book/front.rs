//! What a chapter says of itself, and which rows of the course it covers.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::Fault;

/// How many rows the tables of the course have: A names what the notes name, B what they get
/// wrong.
pub const ROWS: [(char, u32); 2] = [('A', 163), ('B', 80)];

/// The front matter of a chapter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Front {
    /// The file's name without its ending: it never changes.
    pub id: String,
    /// The heading.
    pub title: String,
    /// How long it takes \[minutes\].
    pub minutes: u32,
    /// Rows of table A.
    pub covers: Vec<String>,
    /// Rows of table B.
    pub fixes: Vec<String>,
    /// Short names of scenarios.
    pub scenarios: Vec<String>,
    /// Chapters to read before.
    pub needs: Vec<String>,
    /// Exercises, by id.
    pub exercises: Vec<String>,
    /// Only its goals are written yet.
    pub draft: bool,
}

/// The mark that opens the front matter.
const OPENS: &str = "<!-- ders";

/// Splits a chapter into its front matter and its text.
///
/// Errors: the place and the reason, when the front matter is missing or cannot be read.
pub fn split<'t>(file: &str, text: &'t str) -> Result<(Front, &'t str), Fault> {
    let fault = |line: usize, what: String| Fault { file: file.to_owned(), line, what };
    let Some(rest) = text.strip_prefix(OPENS) else {
        return Err(fault(1, format!("bölüm `{OPENS} ( … ) -->` ile başlamalı")));
    };
    let Some((matter, body)) = rest.split_once("-->") else {
        return Err(fault(1, "ön bilgi `-->` ile kapanmıyor".to_owned()));
    };
    match ron::from_str::<Front>(matter.trim()) {
        Ok(front) => Ok((front, body)),
        Err(why) => Err(fault(why.span.start.line, format!("ön bilgi okunamadı: {}", why.code))),
    }
}

/// Rows that do not exist, named by this chapter.
#[must_use]
pub fn unknown_rows(front: &Front) -> Vec<String> {
    let known = |row: &&String| {
        ROWS.iter().any(|(letter, count)| {
            let number = row.strip_prefix(*letter).and_then(|rest| rest.parse::<u32>().ok());
            number.is_some_and(|number| (1..=*count).contains(&number))
        })
    };
    front.covers.iter().chain(&front.fixes).filter(|row| !known(row)).cloned().collect()
}

/// Rows that no chapter names.
#[must_use]
pub fn uncovered<'f>(fronts: impl IntoIterator<Item = &'f Front>) -> Vec<String> {
    let named: BTreeSet<&str> = fronts
        .into_iter()
        .flat_map(|front| front.covers.iter().chain(&front.fixes))
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
    fn front_matter_is_read_and_its_rows_are_checked() {
        let text = "<!-- ders\n(id: \"1-x\", title: \"X\", covers: [\"A1\", \"A999\"], fixes: [\"B80\"])\n-->\n# X\n";
        let (front, body) = split("x.md", text).expect("readable");
        assert_eq!(body.trim(), "# X");
        assert_eq!(unknown_rows(&front), ["A999"]);
        assert_eq!(uncovered([&front]).len(), 162 + 79);
    }

    #[test]
    fn a_missing_front_matter_is_a_fault_with_its_place() {
        let fault = split("x.md", "# X").expect_err("no front matter");
        assert_eq!((fault.file.as_str(), fault.line), ("x.md", 1));
    }
}
