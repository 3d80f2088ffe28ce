//! Words for what happened: facts, states, expectations and outcomes as sentences.
//!
//! Every face (command line, dashboard, lessons, book) tells the same fact in the same words, so
//! the way from a fact to its sentence stands once, here, below all of them. The words themselves
//! stand in [`texts`](mod@crate::texts).
//!
//! | file | what lives there |
//! |---|---|
//! | `tone` | the mood of a line: sign, word |
//! | `sentence` | one fact as one sentence |
//! | `fault` | what a fault strikes, in words |
//! | `state` | how an object stands |
//! | `demands` | an expectation as a sentence |
//! | `cause` | what most likely stands behind a broken expectation |
//! | `sights` | what was seen instead, as a sentence |
//! | `form` | times and numbers as a language writes them |
//!
//! Floor: 6
//! Imports: kernel, api, wire, scenario, observe, texts

pub mod cause;
pub mod demands;
mod fault;
pub mod form;
pub mod sentence;
pub mod sights;
pub mod state;
mod tone;

pub use tone::Tone;
