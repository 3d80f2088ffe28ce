//! An image cannot be pulled: misspelt, deleted, or the registry is down.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `image_pull_failure(image: "shop/frontend:v2", for: "2m")`: pulls end with ErrImagePull, then
/// ImagePullBackOff.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ImagePullFailure {
    /// The image; `*` at the end means every image that begins so.
    pub image: Spanned<String>,
    /// On this machine only. Default: on all.
    #[serde(default)]
    pub node: Option<Spanned<String>>,
    /// How long it lasts; without it, until a step ends it.
    #[serde(default, rename = "for")]
    pub lasting: Option<Duration>,
}

impl Act for ImagePullFailure {
    fn check(&self, check: &mut Check<'_>) {
        check.image(&self.image);
        if let Some(node) = &self.node {
            check.node(node);
        }
    }

    fn effect(&self) -> Effect {
        let whom = self.image.value.clone();
        Effect::Begins { what: "image_pull_failure", whom, lasting: self.lasting }
    }
}
