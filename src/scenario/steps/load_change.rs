//! The clients change their rate.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::file::Rate;
use crate::scenario::tree::spanned::Spanned;

/// `load_change("customers", constant(200))`; the rate counts from this moment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct LoadChange {
    /// Which clients.
    pub traffic: Spanned<String>,
    /// Their new rate.
    pub rate: Spanned<Rate>,
}

impl Act for LoadChange {
    fn check(&self, check: &mut Check<'_>) {
        check.traffic(&self.traffic);
        check.rate(&self.rate);
    }
}
