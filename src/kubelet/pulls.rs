//! Images are fetched one at a time; the others wait in the order of asking.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/images/puller.go `serialImagePuller`.

use std::collections::VecDeque;

use crate::api::{Str, Uid};
use crate::wire::Cx;
use crate::wire::cri::{ContainerIndex, CriCall};

use super::hub::Hub;

/// Who waits for an image.
#[derive(Clone, Debug, Default)]
pub(super) struct Pulls {
    waiting: VecDeque<(Uid, ContainerIndex, Str)>,
    /// For which pod one is being fetched.
    under_way: Option<Uid>,
}

impl Pulls {
    /// A pod is not wanted any more; whether it waited for an image.
    ///
    /// What is being fetched is fetched to its end; only nobody waits for it.
    pub(super) fn cancel(&mut self, pod: Uid) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|(known, ..)| *known != pod);
        self.waiting.len() != before || self.under_way == Some(pod)
    }
}

impl Hub {
    /// Fetches an image as soon as it is its turn.
    pub(super) fn pull(&mut self, cx: &mut Cx<'_>, pod: Uid, index: ContainerIndex, image: Str) {
        if self.config.serialize_image_pulls && self.pulls.under_way.is_some() {
            self.pulls.waiting.push_back((pod, index, image));
        } else {
            self.pulls.under_way = Some(pod);
            self.cri(cx, CriCall::PullImage { pod, index, image });
        }
    }

    /// A fetching is over: the next one begins.
    pub(super) fn pull_over(&mut self, cx: &mut Cx<'_>) {
        self.pulls.under_way = None;
        if let Some((pod, index, image)) = self.pulls.waiting.pop_front() {
            self.pull(cx, pod, index, image);
        }
    }
}
