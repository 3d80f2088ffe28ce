//! The book that proves itself: chapters with directives become pages whose claims were checked.
//!
//! A chapter is Markdown with directives. `{{#iddia node-failure: EXPECTATION}}…{{/iddia}}` is a
//! sentence that stands only as long as the expectation holds in that scenario: the build plays
//! the scenario and fails, with the place of the sentence, when it does not.
//!
//! | file | what lives there |
//! |---|---|
//! | `directive` | where a directive stands and what it says |
//! | `coverage` | which rows of the course the chapters cover |
//! | `claim` | a claim against a run of its scenario |
//! | `figure` | a moment of a scenario: the picture of the dashboard and its sentences |
//! | `page` | directives become HTML with a text that stands without it |
//! | `shelf` | the folder of the book, read once |
//! | `search` | the index for Turkish search |
//! | `build` `serve` | mdBook's library at work; a server for this machine (feature `book`) |
//!
//! Proving needs no mdBook: `tests/book.rs` and `prova book check` do it in any build.
//!
//! Floor: 7
//! Imports: course, dashboard, kernel, lab, scenario, tell, texts

#[cfg(feature = "book")]
pub mod build;
pub mod claim;
pub mod coverage;
pub mod directive;
pub mod figure;
pub mod page;
pub mod search;
#[cfg(feature = "book")]
pub mod serve;
pub mod shelf;

/// Something wrong in the book, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, seen from the folder of the project.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}
