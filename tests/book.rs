//! The book keeps its word: every claim holds in its scenario, every name in it exists, and every
//! link of the pages leads somewhere.

use std::path::Path;

use prova::book::directive::{directives, words};
use prova::book::figure::{figure, view_of};
use prova::book::shelf::{Disk, Shelf, scenario_file};

#[test]
fn every_claim_of_the_book_is_true_and_every_name_in_it_exists() {
    let shelf = Shelf::read(Path::new(env!("CARGO_MANIFEST_DIR")));
    let found = shelf.check();
    let faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(shelf.chapters.len() >= 18, "{} chapters", shelf.chapters.len());
    assert!(found.uncovered.is_empty(), "rows without a chapter: {}", found.uncovered.join(" "));
}

#[test]
fn every_figure_is_a_picture_with_its_sentences() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shelf = Shelf::read(root);
    let mut figures = 0;
    for chapter in &shelf.chapters {
        for one in directives(&chapter.text).filter(|one| one.word == "prova") {
            let args = words(one.args);
            let at = args.iter().find_map(|word| word.strip_prefix("an=")).expect("a moment");
            let file = scenario_file(&args[0]);
            let place = format!("{}:{}", chapter.file, one.line);
            let made = figure(&file, at, view_of(&args), &Disk(root)).expect(&place);
            let count = |what: &str| made.matches(what).count();
            // One picture for light pages and one for dark ones; its title names it.
            assert_eq!((count("<svg"), count("role=\"img\""), count("<title id=")), (2, 2, 2));
            assert_eq!((count("<desc"), count("<details>")), (0, 1), "{place}");
            assert!(count("<li>") > 3, "{place}");
            // A blank line would end the HTML for Markdown.
            assert!(!made.contains("\n\n"), "{place}");
            figures += 1;
        }
    }
    assert!(figures >= 9, "{figures} figures");
}

#[cfg(feature = "book")]
mod links {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use prova::book::build::build;
    use prova::book::shelf::Shelf;

    /// Builds the book without its figures, which hold no links.
    fn built() -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book-links");
        // Pages of an earlier build would hide dead links.
        drop(std::fs::remove_dir_all(&out));
        build(root, &out, &Shelf::read(root), &|_, _, _| None).expect("the book builds");
        out
    }

    fn pages(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                pages(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                let text = std::fs::read_to_string(&path).expect("a page");
                found.insert(path, text);
            }
        }
    }

    /// The values of an attribute.
    fn values<'t>(text: &'t str, attribute: &str) -> Vec<&'t str> {
        let opening = format!(" {attribute}=\"");
        let parts = text.split(opening.as_str()).skip(1);
        parts.filter_map(|part| part.split('"').next()).collect()
    }

    /// `%C4%9F` becomes `ğ`.
    fn plain(address: &str) -> String {
        let bytes = address.as_bytes();
        let (mut out, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let code = address.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
            match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
                Some(byte) => {
                    out.push(byte);
                    at += 3;
                }
                None => {
                    out.push(bytes[at]);
                    at += 1;
                }
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn no_link_of_any_page_is_dead() {
        let out = built();
        let mut all = BTreeMap::new();
        pages(&out, &mut all);
        assert!(all.len() >= 26, "{} pages", all.len());
        let ids = |page: &Path| -> BTreeSet<&str> {
            all.get(page).map(|text| values(text, "id").into_iter().collect()).unwrap_or_default()
        };
        let (mut seen, mut dead) = (0, Vec::new());
        for (page, text) in &all {
            let links = values(text, "href").into_iter().chain(values(text, "src"));
            for link in links.filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
                seen += 1;
                let link = plain(link);
                let (path, id) = link.split_once('#').unwrap_or((&link, ""));
                let target = match path {
                    "" => page.clone(),
                    path if path.starts_with('/') => out.join(path.trim_start_matches('/')),
                    path => page.parent().expect("a folder").join(path),
                };
                let there = target.is_file();
                if !there || !id.is_empty() && !ids(&target).contains(id) {
                    let name = page.strip_prefix(&out).unwrap_or(page).display();
                    dead.push(format!("{name}: {link}"));
                }
            }
            assert!(!text.contains("{{#"), "{}: a directive stands open", page.display());
            let own = values(text, "id");
            let twice = own.iter().filter(|id| own.iter().filter(|other| other == id).count() > 1);
            let twice: BTreeSet<&&str> = twice.collect();
            assert!(twice.is_empty(), "{}: ids that stand twice: {twice:?}", page.display());
        }
        let index =
            std::fs::read_to_string(out.join("arama.json")).expect("the index of the search");
        let index: serde_json::Value = serde_json::from_str(&index).expect("JSON");
        for found in index["pages"].as_array().expect("pages") {
            let page = found["page"].as_str().expect("a page");
            assert!(out.join(page).is_file(), "the search leads to {page}");
        }
        assert!(dead.is_empty(), "{} of {seen} links are dead\n{}", dead.len(), dead.join("\n"));
        assert!(seen > 400, "{seen} links");
    }
}
