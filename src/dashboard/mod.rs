//! The dashboard: a run beside its lesson, to play, rewind, branch and ask "why?".
//!
//! Every screen begins as a *page*: what is to be said, with meaning and without looks
//! ([`model`]). A view is a pure function from a [`scene`] (the world at the cursor) to a page,
//! one file each. Renderers read the same page, so all say the same: [`speak`] makes sentences,
//! which the book shows. A renderer of cells for a terminal, the keys and the loop are not written
//! yet.
//!
//! The room knows no terminal, thread, clock or file, so that the same dashboard can run in a
//! terminal, in a test, in a picture of the book, and later in a browser.
//!
//! | file | what lives there |
//! |---|---|
//! | `model` | pages: text with roles, tables, maps, lanes, chains, series |
//! | `scene` | what a view may look at |
//! | `speak` | a page as sentences |
//! | `views` | one view a file, and their list |
//!
//! Floor: 7
//! Imports: kernel, api, lab, observe, texts, tell, cluster, raft, wire

pub mod model;
pub mod scene;
pub mod speak;
pub mod views;
