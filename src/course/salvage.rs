//! What can still be read of a progress file that is broken, record by record.
//!
//! One slip in a file makes the whole of it unreadable, since nothing is guessed when it is read.
//! Here every record is looked for by its heading, `"14-b-alarmi-kisalt": (`, and read up to the
//! next one by itself: a bracket that is missing in one record takes no other with it, and a file
//! that was cut off, or has a stranger's lines in it, gives what it still holds.

use super::progress::{FIELDS, Progress, Record, field, kept, parse};
use super::read::Reading;

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvage {
    /// The records that can be read, the better one of two with the same id.
    pub progress: Progress,
    /// The ids of records that are there and cannot be read.
    pub lost: Vec<String>,
}

/// Reads what can be read. The bytes may be anything.
#[must_use]
pub fn salvage(name: &str, bytes: &[u8]) -> Salvage {
    let text = String::from_utf8_lossy(bytes);
    let whole = parse(name, &text).value;
    // A letter that was replaced may stand in an id; such a text is not whole.
    if let Some(progress) = whole.filter(|_| !text.contains(char::REPLACEMENT_CHARACTER)) {
        return Salvage { progress, lost: Vec::new() };
    }
    let mut found = Salvage::default();
    found.progress.rest = rest(&text);
    let headings = headings(&text);
    for (number, heading) in headings.iter().enumerate() {
        let end = headings.get(number + 1).map_or(text.len(), |next| next.start);
        match record(&text[heading.value..end]) {
            Some(record) => {
                found.progress.take_better(heading.id, record);
            }
            None => found.lost.push(heading.id.to_owned()),
        }
    }
    found.lost.retain(|id| !found.progress.exercises.contains_key(id));
    found.lost.sort_unstable();
    found.lost.dedup();
    found
}

/// The beginning of a record.
struct Heading<'t> {
    id: &'t str,
    /// The byte of its first quote.
    start: usize,
    /// The byte of the bracket that opens the record.
    value: usize,
}

/// Every `"id": (` of a text. Each quote is tried by itself: one that never closes hides nothing.
fn headings(text: &str) -> Vec<Heading<'_>> {
    let quotes = text.match_indices('"');
    let heading = |(start, _): (usize, &str)| {
        let (id, behind) = text[start + 1..].split_once('"')?;
        let is_id = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
        let value = behind.trim_start().strip_prefix(':')?.trim_start();
        let fits = !id.is_empty() && id.chars().all(is_id) && value.starts_with('(');
        fits.then(|| Heading { id, start, value: text.len() - value.len() })
    };
    quotes.filter_map(heading).collect()
}

/// A record by itself. Its state must be there; any other field that cannot be read is as if it
/// had never been written.
fn record(text: &str) -> Option<Record> {
    let mut reading = Reading::default();
    let id = reading.add("", text);
    let (tree, file) = (reading.tree(id)?, reading.files.get(id).cloned()?);
    let mut record = Record::default();
    let mut stated = false;
    for entry in tree.entries() {
        let taken = field(&mut record, entry, &file).is_some();
        stated |= taken && entry.key == "state";
    }
    record.rest.retain(|(_, value)| is_sound(value));
    stated.then_some(record)
}

/// Fields of other versions beside the records, where the text still has them.
fn rest(text: &str) -> Vec<(String, String)> {
    let mut reading = Reading::default();
    let id = reading.add("", text);
    let tree = reading.tree(id);
    let Some((tree, file)) = tree.zip(reading.files.get(id).cloned()) else { return Vec::new() };
    // A bracket too many may have put fields of a record beside the records.
    let other = |key: &str| !matches!(key, "version" | "exercises") && !FIELDS.contains(&key);
    let entries = tree.entries().iter().filter(|entry| other(&entry.key));
    let named = entries.map(|entry| (entry.key.clone(), kept(&entry.value, &file)));
    named.filter(|(_, value)| is_sound(value)).collect()
}

/// Whether a value can be written as it stands without breaking the file that it is written into.
fn is_sound(value: &str) -> bool {
    let mut reading = Reading::default();
    let id = reading.add("", value);
    reading.tree(id).is_some() && !reading.found.has_errors()
}

#[cfg(test)]
mod tests {
    use super::super::progress::State;
    use super::*;

    /// Three records: done, tried, skipped.
    fn three() -> String {
        let mut progress = Progress::default();
        for (id, state, attempts) in
            [("a-1", State::Done, 3), ("b-2", State::Tried, 7), ("c-3", State::Skipped, 0)]
        {
            *progress.of(id) = Record { state, attempts, ..Record::default() };
        }
        progress.of("b-2").prediction.insert("an".to_owned(), "50".to_owned());
        progress.rest.push(("school".to_owned(), "\"ODTÜ\"".to_owned()));
        progress.to_text()
    }

    fn states(text: &str) -> Vec<(String, State)> {
        let found = salvage("p", text.as_bytes()).progress.exercises;
        found.into_iter().map(|(id, record)| (id, record.state)).collect()
    }

    /// What `three` holds, without the records that are named.
    fn without(missing: &[&str]) -> Vec<(String, State)> {
        let all = states(&three());
        assert_eq!(all.len(), 3);
        all.into_iter().filter(|(id, _)| !missing.contains(&id.as_str())).collect()
    }

    #[test]
    fn a_slip_in_one_record_costs_no_other() {
        let text = three();
        let well = "(".repeat(200);
        let rows: [(&str, &str, &[&str]); 9] = [
            // The slip, and the records that are lost with it.
            ("state: tried", "state: denedim", &["b-2"]),
            ("state: tried", "state: ,", &["b-2"]),
            ("attempts: 7,", &well, &[]),
            ("attempts: 7,", "attempts: yedi,", &[]),
            ("attempts: 7,", "attempts 7", &[]),
            ("{\"an\": \"50\"}", "{\"an\": \"50}", &[]),
            ("        ),\n        \"c-3\"", "        \"c-3\"", &[]),
            ("        ),\n        \"c-3\"", "        )),\n        \"c-3\"", &[]),
            ("    exercises: {", "<<<<<<< HEAD\n    exercises: {", &[]),
        ];
        for (right, wrong, lost) in rows {
            let broken = text.replacen(right, wrong, 1);
            assert!(parse("p", &broken).value.is_none(), "{wrong}");
            assert_eq!(states(&broken), without(lost), "{wrong}");
            assert_eq!(salvage("p", broken.as_bytes()).lost, lost, "{wrong}");
        }
    }

    #[test]
    fn a_field_that_cannot_be_read_leaves_the_others_and_fields_of_later_versions_stay() {
        let broken =
            three().replace("attempts: 7,", "attempts: yedi, mood: (good: [1, 2]), bad: ,");
        let progress = salvage("p", broken.as_bytes()).progress;
        let record = &progress.exercises["b-2"];
        assert_eq!((record.attempts, record.prediction["an"].as_str()), (0, "50"));
        assert_eq!(record.rest, [("mood".to_owned(), "(good: [1, 2])".to_owned())]);
        assert_eq!(progress.rest, [("school".to_owned(), "\"ODTÜ\"".to_owned())]);
        assert_eq!(parse("p", &progress.to_text()).value, Some(progress), "it can be written");
    }

    #[test]
    fn wherever_a_file_was_cut_off_what_stands_before_is_read() {
        let text = three();
        let mut most = 0;
        for end in 0..text.len() {
            let count = salvage("p", &text.as_bytes()[..end]).progress.exercises.len();
            assert!(count >= most, "{end}");
            most = count;
        }
        assert_eq!(most, 3);
        let begun = text.find("\"b-2\"").unwrap_or_default();
        assert_eq!(states(&text[begun..]), without(&["a-1"]));
    }

    #[test]
    fn a_text_that_is_none_gives_nothing_and_bytes_that_are_no_letters_cost_their_place_only() {
        for text in [&b""[..], b"merhaba", b"\xff\xfe\x00", b"(((((", b"\"a\": (", b"\"\": ()"] {
            assert_eq!(salvage("p", text).progress, Progress::default(), "{text:?}");
        }
        assert_eq!(salvage("p", b"\"a\": (").lost, ["a"]);
        let mut bytes = three().into_bytes();
        let at = three().find("tried").unwrap_or_default();
        bytes[at] = 0xff;
        let found = salvage("p", &bytes);
        assert_eq!(found.lost, ["b-2"]);
        assert_eq!(found.progress.exercises.len(), 2);
    }

    #[test]
    fn of_two_records_with_one_id_the_better_one_counts() {
        let both =
            "(version: 1, exercises: {\"a\": (state: done), \"a\": (state: tried, attempts: 9)})";
        assert_eq!(states(both), [("a".to_owned(), State::Done)]);
    }
}
