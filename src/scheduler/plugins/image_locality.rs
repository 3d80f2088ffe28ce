//! Prefers nodes that have the pod's images already.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/imagelocality.

use crate::api::Str;
use crate::scheduler::framework::{MAX_NODE_SCORE, ScorePlugin};
use crate::scheduler::images::ImageState;
use crate::scheduler::node_info::{NodeId, NodeInfo, PodInfo};
use crate::scheduler::snapshot::Snapshot;

use super::{float, whole};

/// Images smaller than this together do not matter \[bytes\].
const MIN_THRESHOLD: i64 = 23 * 1024 * 1024;
/// A container's images matter up to this size \[bytes\].
const MAX_CONTAINER_THRESHOLD: i64 = 1000 * 1024 * 1024;

/// The plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImageLocality;

/// The pod's images that are on some node.
#[derive(Clone, Debug)]
pub struct State {
    /// Each with its size times the part of the nodes that have it, so that pods do not crowd on
    /// the few nodes that have an image.
    images: Vec<(ImageState, i64)>,
    containers: i64,
}

/// The name with a tag.
fn normalized(image: &Str) -> Str {
    let tagged = image.rfind(':') > image.rfind('/') && image.contains(':');
    if tagged { image.clone() } else { format!("{image}:latest").into() }
}

impl ScorePlugin for ImageLocality {
    type State = State;

    fn pre_score(
        &self,
        pod: &PodInfo,
        _: &[NodeId],
        snapshot: &mut Snapshot,
    ) -> Option<Self::State> {
        let spec = &pod.pod.spec;
        let containers = spec.init_containers.iter().chain(spec.containers.iter());
        let nodes = i64::try_from(snapshot.listed().len()).unwrap_or(i64::MAX);
        let known = containers.filter_map(|container| {
            let state = snapshot.images().get(&normalized(&container.image))?;
            let part = float(i64::from(state.nodes)) / float(nodes);
            Some((state.clone(), whole(float(state.size) * part)))
        });
        let images: Vec<_> = known.collect();
        let count = spec.init_containers.len() + spec.containers.len();
        let containers = i64::try_from(count).unwrap_or(i64::MAX);
        (!images.is_empty()).then_some(State { images, containers })
    }

    fn score(&self, state: &Self::State, node: &NodeInfo, _: &Snapshot) -> i64 {
        let here = state.images.iter().filter(|(image, _)| image.is_on(node.id));
        let sum: i64 = here.map(|(_, scaled)| scaled).sum();
        let most = MAX_CONTAINER_THRESHOLD * state.containers;
        let sum = sum.clamp(MIN_THRESHOLD, most);
        MAX_NODE_SCORE * (sum - MIN_THRESHOLD) / (most - MIN_THRESHOLD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_without_a_tag_means_the_latest() {
        for (name, wanted) in [
            ("nginx", "nginx:latest"),
            ("nginx:1.27", "nginx:1.27"),
            ("registry:5000/nginx", "registry:5000/nginx:latest"),
        ] {
            assert_eq!(normalized(&name.into()), wanted);
        }
    }
}
