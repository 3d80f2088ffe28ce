//! RON texts: a tree with places, and every slip of the pen at once.
//!
//! The grammar is RON's own (ron-rs/ron:docs/grammar.md), read by a small reader of our own instead
//! of the `ron` crate, for three reasons: it goes on after an error, it keeps the place of every
//! word, and it speaks Turkish. `tests/intake_fuzz.rs` holds it to what the crate accepts.

mod lexer;
mod parser;

pub use parser::read;
