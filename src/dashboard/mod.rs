//! The dashboard: a run beside its lesson, to play, rewind, branch and ask "why?".
//!
//! Every screen begins as a *page*: what is to be said, with meaning and without looks
//! ([`model`]). A view is a pure function from a [`scene`] (the world at the cursor) to a page,
//! one file each. Renderers (cells for a terminal, numbered sentences for a pipe) will both read
//! the same page, so both will say the same; they and the keys are not written yet, and no face
//! opens the room so far.
//!
//! The room knows no terminal, thread, clock or file, so that the same dashboard can run in a
//! terminal, in a test, in a picture of the book, and later in a browser.
//!
//! | file | what lives there |
//! |---|---|
//! | `model` | pages: text with roles, tables, maps, lanes, chains, series |
//! | `scene` | what a view may look at |
//! | `views` | one view a file, and their list |
//!
//! Floor: 7
//! Imports: kernel, api, lab, observe, texts, tell, cluster, raft, wire

pub mod model;
pub mod scene;
pub mod views;
