//! Somebody runs `kubectl taint`.

use serde::Deserialize;

use crate::api::TaintEffect;
use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;

/// `taint(node: "n2", key: "disk", value: "bad", effect: NoExecute)`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TaintNode {
    /// Which machine.
    pub node: Spanned<String>,
    /// The key of the taint.
    pub key: Spanned<String>,
    /// Its value. Default: empty.
    #[serde(default)]
    pub value: String,
    /// What it does to pods that do not tolerate it.
    pub effect: TaintEffect,
}

impl Act for TaintNode {
    fn check(&self, check: &mut Check<'_>) {
        check.node(&self.node);
        check.label_key(&self.key);
    }
}
