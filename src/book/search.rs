//! The search of the book: Turkish words, typed with or without their dots and tails.
//!
//! The index holds each page's title, headings and words in small letters, and the pairs of the
//! glossary. Words that begin alike or differ in their tails only fit, so `kümenin` finds `küme`,
//! and `Service` finds `servis`. Dots and tails of letters count when they are typed (`uç` is not
//! `üç`); when they are not typed, or nothing is found with them, both sides are folded ([`fold`]),
//! so `dugum` finds `düğüm`. `theme/arama.js` follows the same rules in the reader's browser.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::dashboard::bindings::BINDINGS;
use crate::texts::fold;

use super::directive::{Directive, Part, parts};
use super::shelf::{Appendix, Shelf};

/// Shortest stem that two forms of a word must share.
pub const STEM: usize = 4;
/// Most letters by which two forms may differ behind a shared stem.
const ENDING_MAX: usize = 3;
/// Most occurrences of a word on a page that count.
const OFTEN: u32 = 8;

/// Words of a question that say nothing about its subject; folded.
const SMALL: &[&str] = &[
    "ama", "bir", "bu", "da", "de", "icin", "ile", "ise", "kim", "mi", "mu", "nasil", "ne",
    "neden", "nedir", "nerede", "olur", "the", "ve", "veya", "ya",
];

/// Tails of Turkish nouns; folded. A word may have several.
const TAILS: &[&str] = &[
    "a", "ca", "ce", "ci", "da", "dan", "de", "den", "e", "i", "im", "in", "ki", "la", "lar", "le",
    "ler", "li", "lik", "lu", "m", "n", "na", "nda", "ndan", "nde", "nden", "ne", "ni", "nin",
    "nu", "nun", "si", "siz", "su", "suz", "ta", "tan", "te", "ten", "u", "um", "un", "ya", "ye",
    "yi", "yla", "yle", "yu",
];

/// One page of the index.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Page {
    page: String,
    title: String,
    /// The words of the title.
    names: BTreeSet<String>,
    /// The words of its headings.
    heads: BTreeSet<String>,
    /// All other words, and how often they stand there.
    words: BTreeMap<String, u32>,
}

/// All pages, and the words that mean the same.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Index {
    pages: Vec<Page>,
    /// English and Turkish words of each row of the glossary.
    terms: Vec<[Vec<String>; 2]>,
}

/// The index of all pages, as JSON.
#[must_use]
pub fn index(shelf: &Shelf) -> String {
    let mut index = Index::default();
    for chapter in &shelf.chapters {
        let file = chapter.file.trim_start_matches("book/src/").replace(".md", ".html");
        let body = chapter.text.split_once("-->").map_or(chapter.text.as_str(), |(_, body)| body);
        index.pages.push(entry(file, &chapter.front.title, body, shelf));
    }
    for Appendix { file, text } in &shelf.appendices {
        let name = file.trim_start_matches("book/src/").trim_end_matches(".md");
        let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(name);
        let page = if name == "README" { "index" } else { name };
        let mut page = entry(format!("{page}.html"), title, text, shelf);
        if name == "sozluk" {
            index.terms = text.lines().filter_map(term).collect();
            // What is explained here is a heading of this page.
            page.heads.extend(index.terms.iter().flatten().flatten().cloned());
        }
        index.pages.push(page);
    }
    serde_json::to_string(&index).unwrap_or_default()
}

fn entry(page: String, title: &str, text: &str, shelf: &Shelf) -> Page {
    let names: BTreeSet<String> = words(title).collect();
    let mut heads = BTreeSet::new();
    let mut body: BTreeMap<String, u32> = BTreeMap::new();
    for part in parts(text) {
        let part = match part {
            Part::Text(text) => text.to_owned(),
            Part::Directive(directive) => said(&directive, shelf),
        };
        for line in part.lines() {
            if line.starts_with('#') {
                heads.extend(words(line));
            } else {
                words(line).for_each(|word| *body.entry(word).or_default() += 1);
            }
        }
    }
    Page { page, title: title.to_owned(), names, heads, words: body }
}

/// What a reader reads where a directive stands.
fn said(directive: &Directive<'_>, shelf: &Shelf) -> String {
    let id = directive.args.split_whitespace().next().unwrap_or_default();
    match directive.word {
        "iddia" => directive.body.unwrap_or_default().to_owned(),
        "terim" => directive.args.to_owned(),
        "duzeltme" => {
            let found = shelf.corrections.iter().find(|one| one.id == id);
            found.map(|one| format!("{} {}", one.claim, one.truth)).unwrap_or_default()
        }
        "sinama" => {
            let found = shelf.questions.iter().find(|one| one.id == id);
            found.map(|one| format!("{} {}", one.ask, one.why)).unwrap_or_default()
        }
        "alistirma" => {
            let file = shelf.root.join(format!("scenarios/exercises/{id}/text.md"));
            // A task's heading is no heading of the chapter.
            std::fs::read_to_string(file).unwrap_or_default().replace('#', "")
        }
        "tuslar" => {
            let said = BINDINGS.iter().map(|one| [one.name.tr, one.help.tr].join(" "));
            said.collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}

/// The words of both languages in a row of the glossary.
fn term(line: &str) -> Option<[Vec<String>; 2]> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let (english, turkish) = (cells.next()?, cells.next()?);
    let said = |cell: &str| words(cell.trim_start_matches("to ")).collect::<Vec<_>>();
    let pair = [said(english), said(turkish)];
    (pair.iter().all(|side| !side.is_empty()) && pair[0] != pair[1]).then_some(pair)
}

/// The words of a text in small letters, in their order; a tail behind an apostrophe goes.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let apostrophe = |letter: char| matches!(letter, '\'' | '’');
    text.split(move |letter: char| !letter.is_alphanumeric() && !apostrophe(letter))
        .filter_map(move |word| word.trim_start_matches(apostrophe).split(apostrophe).next())
        .map(small)
        .filter(|word| word.chars().count() > 1)
}

/// Small letters, as Turkish has them.
fn small(word: &str) -> String {
    let word = word.replace('I', "ı").replace('İ', "i");
    word.to_lowercase()
}

/// How well a typed word fits a word of a page: 3 the same, 2 a form of it, 1 the same stem, 0 not.
#[must_use]
pub fn fits(typed: &str, word: &str) -> u32 {
    let bare = fold(typed);
    if bare == typed {
        return fits_letters(typed, &fold(word));
    }
    fits_letters(typed, word).min(fits_letters(&bare, &fold(word)))
}

/// How well letters fit letters.
fn fits_letters(typed: &str, word: &str) -> u32 {
    if typed == word {
        return 3;
    }
    let shared = typed.chars().zip(word.chars()).take_while(|(one, two)| one == two).count();
    let (typed_length, word_length) = (typed.chars().count(), word.chars().count());
    if shared == typed_length {
        let tail = is_tail(&word[typed.len()..], ENDING_MAX);
        return if typed_length >= STEM || tail { 2 } else { 0 };
    }
    let rest = |whole: &str| whole.chars().skip(shared).collect::<String>();
    if shared >= STEM.min(word_length)
        && is_tail(&rest(typed), ENDING_MAX)
        && is_tail(&rest(word), ENDING_MAX)
    {
        return 2;
    }
    let stem = if shared == word_length {
        shared >= STEM
    } else {
        shared > STEM && shared + ENDING_MAX >= typed_length.min(word_length)
    };
    u32::from(stem)
}

/// Whether letters are tails of a noun, at most so many behind each other.
fn is_tail(rest: &str, most: usize) -> bool {
    let rest = &fold(rest);
    rest.is_empty()
        || most > 0
            && TAILS
                .iter()
                .filter_map(|tail| rest.strip_prefix(tail))
                .any(|rest| is_tail(rest, most - 1))
}

/// What was typed, and what the glossary makes of it.
fn variants(query: &str, terms: &[[Vec<String>; 2]]) -> Vec<Vec<String>> {
    let all: Vec<String> = words(query).collect();
    let telling = all.iter().filter(|word| !SMALL.contains(&fold(word).as_str()));
    let telling: Vec<String> = telling.cloned().collect();
    let typed = if telling.is_empty() { all } else { telling };
    let mut variants = vec![typed.clone()];
    for [english, turkish] in terms {
        for (from, to) in [(english, turkish), (turkish, english)] {
            let meant = |word: &String| from.iter().any(|part| form_of(word, part));
            if from.iter().all(|part| typed.iter().any(|word| form_of(word, part))) {
                let rest = typed.iter().filter(|word| !meant(word)).cloned();
                variants.push(rest.chain(to.iter().cloned()).collect());
            }
        }
    }
    variants
}

/// Whether a typed word is a word of the glossary, with or without tails.
fn form_of(typed: &str, word: &str) -> bool {
    let (typed, word) = (fold(typed), fold(word));
    typed.strip_prefix(&word).is_some_and(|rest| is_tail(rest, ENDING_MAX))
}

/// How well a page answers a word: title before headings before the text, often before rarely.
fn score(page: &Page, typed: &str) -> u32 {
    let best = |set: &BTreeSet<String>| set.iter().map(|word| fits(typed, word)).max().unwrap_or(0);
    let (mut fit, mut often) = (0, 0);
    for (word, count) in &page.words {
        let this = fits(typed, word);
        fit = fit.max(this);
        often += if this > 1 { *count } else { 0 };
    }
    best(&page.names) * 8 + best(&page.heads) * 4 + fit * 2 + often.min(OFTEN)
}

/// The pages for a query, the best first.
#[must_use]
pub fn find(index: &str, query: &str) -> Vec<String> {
    let index: Index = serde_json::from_str(index).unwrap_or_default();
    let found = find_letters(&index, query);
    let bare = fold(query);
    if found.is_empty() && bare != query { find_letters(&index, &bare) } else { found }
}

fn find_letters(index: &Index, query: &str) -> Vec<String> {
    let variants = variants(query, &index.terms);
    // What was typed counts a little more than what the glossary makes of it.
    let weight = |number: usize| if number == 0 { 4 } else { 3 };
    let of = |page: &Page, words: &[String]| -> u32 {
        let each: Vec<u32> = words.iter().map(|word| score(page, word)).collect();
        if each.contains(&0) { 0 } else { each.iter().sum() }
    };
    let best = |page: &Page| -> u32 {
        let all = variants.iter().enumerate();
        all.map(|(number, words)| of(page, words) * weight(number)).max().unwrap_or(0)
    };
    let scored = index.pages.iter().map(|page| (best(page), &page.page));
    let mut found: Vec<(u32, &String)> = scored.filter(|(score, _)| *score > 0).collect();
    found.sort_by(|one, two| two.0.cmp(&one.0).then_with(|| one.1.cmp(two.1)));
    found.into_iter().map(|(_, page)| page.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_find_each_other_and_short_words_are_not_eaten() {
        for (typed, word) in [
            ("kümenin", "küme"),
            ("kume", "kümenin"),
            ("ağ", "ağ"),
            ("ağın", "ağ"),
            ("podların", "pod"),
            ("is", "iş"),
            ("uçlardan", "uç"),
            ("öncü", "öncü"),
        ] {
            assert!(fits(typed, word) > 0, "{typed} finds {word}");
        }
        for (typed, word) in
            [("lider", "likit"), ("iş", "istek"), ("uç", "üç"), ("uç", "üçüncü"), ("ağ", "ağır")]
        {
            assert_eq!(fits(typed, word), 0, "{typed} does not find {word}");
        }
    }

    #[test]
    fn a_tail_behind_an_apostrophe_is_no_word() {
        assert_eq!(words("Pod'un etcd’nin 'iş' x").collect::<Vec<_>>(), ["pod", "etcd", "iş"]);
    }
}
