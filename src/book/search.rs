//! The search of the book: Turkish words, typed with or without their dots and tails.
//!
//! The index holds each page's headings and words folded ([`fold`]); the page script folds what is
//! typed the same way and looks for words that begin alike, so `kümenin` finds `küme` and `dugum`
//! finds `düğüm`.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use crate::texts::fold;

use super::directive::{Part, parts};
use super::shelf::Shelf;

/// Shortest stem that two forms of a word must share.
pub const STEM: usize = 4;

/// The index of all pages, as JSON.
#[must_use]
pub fn index(folder: &Path, shelf: &Shelf) -> String {
    let mut pages = Vec::new();
    for chapter in &shelf.chapters {
        let file = chapter.file.trim_start_matches("book/src/").replace(".md", ".html");
        pages.push(entry(&file, &chapter.front.title, &chapter.text));
    }
    for (file, title) in [("sozluk", "Sözlük"), ("README", "Prova")] {
        if let Ok(text) = std::fs::read_to_string(folder.join(format!("{file}.md"))) {
            let page = if file == "README" { "index" } else { file };
            pages.push(entry(&format!("{page}.html"), title, &text));
        }
    }
    json!(pages).to_string()
}

fn entry(file: &str, title: &str, text: &str) -> serde_json::Value {
    let mut heads = words(title);
    let mut body = BTreeSet::new();
    for part in parts(text) {
        let part = match part {
            Part::Text(text) => text,
            Part::Directive(directive) => directive.body.unwrap_or_default(),
        };
        for line in part.lines() {
            let into = words(line);
            if line.starts_with('#') { heads.extend(into) } else { body.extend(into) }
        }
    }
    let body: Vec<&String> = body.difference(&heads).collect();
    json!({"page": file, "title": title, "heads": heads, "words": body})
}

/// The folded words of a text.
#[must_use]
pub fn words(text: &str) -> BTreeSet<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .map(fold)
        .filter(|word| word.chars().count() > 1)
        .collect()
}

/// How well a typed word fits a word of a page: 3 the same, 2 a beginning, 1 the same stem, 0 not.
///
/// `theme/arama.js` does the same.
#[must_use]
pub fn fits(typed: &str, word: &str) -> u32 {
    let shared = typed.chars().zip(word.chars()).take_while(|(one, two)| one == two).count();
    let (typed_length, word_length) = (typed.chars().count(), word.chars().count());
    if typed == word {
        3
    } else if shared == typed_length {
        2
    } else if shared >= STEM && shared == word_length
        || shared > STEM && shared + 3 >= typed_length.min(word_length)
    {
        1
    } else {
        0
    }
}

/// The pages for a query, the best first.
#[must_use]
pub fn find(index: &str, query: &str) -> Vec<String> {
    let pages: Vec<serde_json::Value> = serde_json::from_str(index).unwrap_or_default();
    let typed = words(query);
    let best = |list: &serde_json::Value, word: &str| -> u32 {
        let words = list.as_array().map(Vec::as_slice).unwrap_or_default();
        words
            .iter()
            .filter_map(|found| found.as_str())
            .map(|found| fits(word, found))
            .max()
            .unwrap_or(0)
    };
    let mut scored: Vec<(u32, String)> = pages
        .iter()
        .filter_map(|page| {
            let each: Vec<u32> = typed
                .iter()
                .map(|word| best(&page["heads"], word) * 4 + best(&page["words"], word))
                .collect();
            let all = !each.is_empty() && each.iter().all(|score| *score > 0);
            all.then(|| (each.iter().sum(), page["page"].as_str().unwrap_or_default().to_owned()))
        })
        .collect();
    scored.sort_by(|one, two| two.0.cmp(&one.0).then_with(|| one.1.cmp(&two.1)));
    scored.into_iter().map(|(_, page)| page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_find_each_other_and_short_words_are_not_eaten() {
        for (typed, word) in
            [("kümenin", "küme"), ("kume", "kümenin"), ("ağ", "ağ"), ("is", "iş"), ("öncü", "öncü")]
        {
            assert!(fits(&fold(typed), &fold(word)) > 0, "{typed} finds {word}");
        }
        assert_eq!(fits("lider", "likit"), 0);
    }
}
