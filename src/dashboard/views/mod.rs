//! The views: one file each, and their list.
//!
//! To add one: write its file with a function from a [`Scene`] to a [`Page`], and add a line to
//! [`VIEWS`].

use crate::texts::Pair;

use super::model::Page;
use super::scene::Scene;

/// A view: its name, its key and how its page is made.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The digit that opens it.
    pub digit: char,
    /// Its name for programs and for `--keys`: `map`, `objects`.
    pub id: &'static str,
    /// Its name on screen.
    pub name: Pair,
    /// Its page.
    pub page: fn(&Scene<'_>) -> Page,
}

/// All views, in the order of their digits.
pub const VIEWS: &[View] = &[];
