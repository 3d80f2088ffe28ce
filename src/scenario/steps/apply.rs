//! Somebody runs `kubectl apply`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::file::Apply;
use crate::scenario::tree::spanned::Spanned;

/// `apply("manifests/hpa.yaml")` or `apply(inline(r#"…"#))`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ApplyManifest {
    /// The manifest.
    pub manifest: Spanned<Apply>,
}

impl Act for ApplyManifest {
    fn check(&self, _: &mut Check<'_>) {}
}
