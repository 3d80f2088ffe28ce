//! mdBook's own library at work, with our chapters, our frame and our search.

use std::path::{Path, PathBuf};

use mdbook_core::book::{Book, BookItem};
use mdbook_core::config::Config;
use mdbook_driver::MDBook;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use super::page::{Frames, carried_out, page};
use super::search;
use super::shelf::Shelf;

/// The settings of mdBook; its own search knows no Turkish, so it is off.
const CONFIG: &str = r#"
[book]
title = "Prova"
language = "tr"
src = "src"

[build]
create-missing = false

[output.html]
theme = "theme"
default-theme = "light"
preferred-dark-theme = "navy"
smart-punctuation = false
hash-files = false
additional-css = ["theme/prova.css"]
additional-js = ["theme/arama.js"]

[output.html.search]
enable = false

[output.html.print]
enable = false
"#;

/// Chapters whose directives have been carried out, handed to mdBook in place of the files.
struct Carried {
    pages: Vec<(PathBuf, String)>,
}

impl Preprocessor for Carried {
    fn name(&self) -> &'static str {
        "prova"
    }

    fn run(
        &self,
        _cx: &PreprocessorContext,
        mut book: Book,
    ) -> mdbook_preprocessor::errors::Result<Book> {
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && let Some(source) = &chapter.source_path
                && let Some((_, text)) = self.pages.iter().find(|(file, _)| file == source)
            {
                chapter.content.clone_from(text);
            }
        });
        Ok(book)
    }
}

/// Builds the book of the project in `root` into the folder `out`.
///
/// Errors: what mdBook says.
pub fn build(root: &Path, out: &Path, shelf: &Shelf, frames: Frames<'_>) -> Result<(), String> {
    let mut config: Config = CONFIG.parse().map_err(|why| format!("{why}"))?;
    config.build.build_dir = out.to_owned();
    let source = |file: &str| PathBuf::from(file.trim_start_matches("book/src/"));
    let chapters = shelf.chapters.iter().map(|one| (source(&one.file), page(one, shelf, frames)));
    let appendices = shelf.appendices.iter();
    let appendices =
        appendices.map(|one| (source(&one.file), carried_out(&one.text, shelf, frames)));
    let pages = chapters.chain(appendices).collect();
    let loaded = MDBook::load_with_config(root.join("book"), config);
    let mut book = loaded.map_err(|why| format!("{why:#}"))?;
    book.with_preprocessor(Carried { pages });
    book.build().map_err(|why| format!("{why:#}"))?;
    let index = search::index(shelf);
    std::fs::write(out.join("arama.json"), index).map_err(|why| why.to_string())?;
    finish_pages(out).map_err(|why| why.to_string())
}

/// What mdBook writes, and what a reader without a mouse or without sight needs in its place.
///
/// The frame knows a chapter by its source, so its links are turned to the pages. A table or a line
/// of code that is wider than a phone is scrolled with the keyboard too. A corner without a word is
/// no heading.
const TURNED: [(&str, &str); 5] = [
    ("README.md.nav\"", "index.html\""),
    (".md.nav\"", ".html\""),
    (
        "<div class=\"table-wrapper\">",
        "<div class=\"table-wrapper\" role=\"group\" aria-label=\"Tablo\" tabindex=\"0\">",
    ),
    ("<pre>", "<pre role=\"group\" aria-label=\"Kod örneği\" tabindex=\"0\">"),
    ("<th></th>", "<td></td>"),
];

fn finish_pages(out: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(out)? {
        let file = entry?.path();
        if file.extension().is_some_and(|ending| ending == "html") {
            let text = std::fs::read_to_string(&file)?;
            let turned = |text: String, (from, to): (&str, &str)| text.replace(from, to);
            std::fs::write(&file, TURNED.into_iter().fold(text, turned))?;
        }
    }
    Ok(())
}
