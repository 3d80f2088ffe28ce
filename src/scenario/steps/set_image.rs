//! Somebody runs `kubectl set image`: a new version goes out.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// `set_image("deployment/frontend", "shop/frontend:v2")`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SetImage {
    /// Which one.
    pub of: Spanned<ObjectRef>,
    /// The new image.
    pub image: String,
    /// Which container. Default: the first.
    #[serde(default)]
    pub container: Option<Spanned<String>>,
}

impl Act for SetImage {
    fn check(&self, check: &mut Check<'_>) {
        check.deployment(&self.of);
        if let Some(container) = &self.container {
            check.container(&self.of, container);
        }
    }
}
