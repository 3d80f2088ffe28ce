//! The dashboard: a run beside its lesson, to play, rewind, branch and ask "why?".
//!
//! Every screen begins as a *page*: what is to be said, with meaning and without looks
//! ([`model`]). A view is a pure function from a [`scene`] (the world at the cursor) to a page,
//! one file each. The [`app`] holds what a reader did (branches, panels, what is open) and makes a
//! [`screen`] of pages; renderers read the same screen, so all say the same: [`cells`] draws it
//! for a terminal, [`speak`] and [`plain`] make sentences, [`frame`] makes pictures.
//!
//! The room knows no terminal, thread, clock or file: keys come in as [`keys::Press`], time as
//! spans, and what is to be written goes out as an effect. So the same dashboard can run in a
//! terminal, in a test, in a picture of the book, and later in a browser.
//!
//! | file | what lives there |
//! |---|---|
//! | `model` `stops` | pages: text with roles, tables, maps, lanes, chains, series; their lines |
//! | `scene` | what a view may look at |
//! | `views` | one view a file, and their list |
//! | `lesson` | the lesson's passages at a moment |
//! | `task` | an exercise: its task, the verdict on the last save, the hints so far |
//! | `keys` `bindings` | keys without a terminal; what they do, in one table |
//! | `keymap` `keyfile` | the keys as they are now; other keys, as a reader's file says them |
//! | `app` | the state, and what keys and time do to it |
//! | `screen` | a whole screen in meaning |
//! | `theme` | what roles look like |
//! | `cells` | a screen as cells |
//! | `speak` `plain` | a page, and a screen, as sentences |
//! | `frame` | a screen as text, with ANSI colours, as SVG |
//!
//! Floor: 7
//! Imports: kernel, api, lab, observe, texts, tell, cluster, raft, wire, course, scenario

pub mod app;
pub mod bindings;
pub mod cells;
pub mod frame;
pub mod keyfile;
pub mod keymap;
pub mod keys;
pub mod lesson;
pub mod model;
pub mod plain;
pub mod scene;
pub mod screen;
pub mod speak;
pub mod stops;
pub mod task;
pub mod theme;
pub mod views;
