//! The dashboard: a run beside its lesson, to play, rewind, branch and ask "why?".
//!
//! Every screen is built in two steps. First a *page*: what is to be said, with meaning and
//! without looks ([`model`]). Then a renderer makes cells for a terminal ([`render`]) or numbered
//! sentences ([`speak`]) of it; both say the same because both read the same page. A view is a
//! pure function from a [`scene`] (the world at the cursor) to a page, one file each.
//!
//! The room knows no terminal, thread, clock or file: keys come in as our own [`keys`], time
//! passes in when the face says so, and what is drawn is a buffer of cells. So the same dashboard
//! runs in a terminal, in a test, in a picture of the book, and later in a browser.
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
