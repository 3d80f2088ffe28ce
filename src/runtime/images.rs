//! What is on the disk, and fetching what is not.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Str, Uid};
use crate::kernel::Span;
use crate::wire::Cx;
use crate::wire::cri::{ContainerIndex, PulledImage, RuntimeReply};
use crate::wire::runtime::{RuntimeIn, RuntimeTimer};

use super::Runtime;

/// The image store.
#[derive(Clone, Debug, Default)]
pub(super) struct Images {
    /// On disk.
    present: BTreeSet<Str>,
    /// Images whose fetching fails.
    failing: BTreeSet<Str>,
    /// Whether every fetching fails.
    all_failing: bool,
    /// Under way, by number.
    pulls: BTreeMap<u32, Pull>,
}

/// One image under way.
#[derive(Clone, Debug)]
struct Pull {
    pod: Uid,
    index: ContainerIndex,
    image: Str,
    took: Span,
}

impl Images {
    /// Whether the image is on the disk.
    pub(super) fn has(&self, image: &str) -> bool {
        self.present.contains(image)
    }

    /// Lets the fetching of `image` (none: of every image) fail from now on, or not any more.
    pub(super) fn set_failing(&mut self, image: Option<Str>, fails: bool) {
        match image {
            Some(image) if fails => {
                self.failing.insert(image);
            }
            Some(image) => {
                self.failing.remove(&image);
            }
            None => self.all_failing = fails,
        }
    }

    fn fails(&self, image: &str) -> bool {
        self.all_failing || self.failing.contains(image)
    }

    /// Half-fetched images are thrown away.
    pub(super) fn crash(&mut self) {
        self.pulls.clear();
    }
}

impl Runtime {
    pub(super) fn image_status(
        &self,
        cx: &mut Cx<'_>,
        (pod, index): (Uid, ContainerIndex),
        image: &str,
    ) {
        let present = self.images.has(image).then(|| self.config.images.size(image));
        self.reply(cx, self.config.call, RuntimeReply::Image { pod, index, present });
    }

    pub(super) fn pull_image(
        &mut self,
        cx: &mut Cx<'_>,
        (pod, index): (Uid, ContainerIndex),
        image: Str,
    ) {
        // All layers of an image that is there are there too; only the manifest is asked for.
        let took = match (self.images.fails(&image), self.images.has(&image)) {
            (true, _) => self.config.images.failure,
            (false, true) => self.config.images.registry,
            (false, false) => self.config.images.pull_time(&image),
        };
        let number = self.next_id();
        self.images.pulls.insert(number, Pull { pod, index, image, took });
        cx.after(took, RuntimeIn::Timer(RuntimeTimer::Pulled(number)));
    }

    pub(super) fn pulled(&mut self, cx: &mut Cx<'_>, number: u32) {
        let Some(Pull { pod, index, image, took }) = self.images.pulls.remove(&number) else {
            return;
        };
        let result = if self.images.fails(&image) {
            Err(Str::from(format!(
                "rpc error: code = Unavailable desc = failed to pull and unpack image \"{image}\": \
                 failed to resolve reference \"{image}\": the registry does not answer"
            )))
        } else {
            let size = self.config.images.size(&image);
            self.images.present.insert(image);
            Ok(PulledImage { size, took })
        };
        self.reply(cx, self.config.call, RuntimeReply::Pulled { pod, index, result });
    }
}
