//! Golden dialogues: a text file of commands, each with the answer it must get.
//!
//! ```text
//! # A comment.
//! command and its words
//! ----
//! the expected lines, up to the next empty line
//! ```
//! `PROVA_REWRITE=1` writes the answers into the files; whoever does that reads the difference.

use std::path::Path;

/// Holds every dialogue in `tests/dialogues/<folder>`. `begin` makes a fresh partner for each.
pub(crate) fn hold<P>(
    folder: &str,
    begin: impl Fn() -> P,
    answer: impl Fn(&mut P, &str) -> String,
) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialogues").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder of dialogues is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "there are dialogues in {}", folder.display());
    let rewrite = std::env::var("PROVA_REWRITE").is_ok_and(|value| value == "1");
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a dialogue can be read");
        let mut partner = begin();
        let held = replay(&text, |command| answer(&mut partner, command));
        if rewrite {
            std::fs::write(&file, &held).expect("a dialogue can be written");
        } else if held != text {
            wrong.push(format!("{}:\n{}", file.display(), difference(&text, &held)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text with every answer put anew.
fn replay(text: &str, mut answer: impl FnMut(&str) -> String) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        for old in lines.by_ref() {
            if old.is_empty() {
                break;
            }
        }
        out.push_str("----\n");
        let answered = answer(line);
        out.push_str(if answered.is_empty() { "ok\n" } else { &answered });
        out.push('\n');
    }
    // One line break at the end, however many blocks there were.
    format!("{}\n", out.trim_end())
}

/// The first line that differs, with a little of what is before it.
fn difference(wanted: &str, got: &str) -> String {
    let same = wanted.lines().zip(got.lines()).take_while(|(a, b)| a == b).count();
    let show = |text: &str| text.lines().skip(same).take(8).collect::<Vec<_>>().join("\n    ");
    let before: Vec<&str> = wanted.lines().take(same).collect();
    let context = before[before.len().saturating_sub(6)..].join("\n    ");
    format!(
        "  line {}:\n    {context}\n  expected:\n    {}\n  got:\n    {}\n",
        same + 1,
        show(wanted),
        show(got)
    )
}
