//! From a checked plan to a cluster's specification.

use crate::api::ObjectKey;
use crate::api::Str;
use crate::cluster::ClusterSpec;
use crate::cluster::DEFAULT_ZONE;
use crate::cluster::ImageSpec;
use crate::cluster::NodeSpec;
use crate::cluster::OUTSIDE_LINK;
use crate::cluster::OUTSIDE_ZONE;
use crate::cluster::TrafficSpec;
use crate::cluster::ZONE_LINK;
use crate::cluster::ZoneLink;
use crate::kernel::Span;
use crate::scenario::file::{Addon, Image, Link, Rate, Traffic};
use crate::scenario::plan::{NodePlan, Plan};
use crate::scenario::target::Target;
use crate::wire::traffic::RateCurve;

/// The cluster that a plan wants.
#[must_use]
pub fn stage(plan: &Plan) -> ClusterSpec {
    let cluster = &plan.cluster;
    let images = cluster.images.iter().map(|(name, said)| (name.as_str().into(), image(said)));
    ClusterSpec {
        control_planes: cluster.control_planes,
        etcd_members: cluster.etcd,
        control_plane_zones: cluster.control_plane_zones.iter().map(Str::from).collect(),
        nodes: cluster.nodes.iter().map(node).collect(),
        links: cluster.links.iter().map(link).collect(),
        images: images.collect(),
        traffic: plan.traffic.iter().map(traffic).collect(),
        settings: cluster
            .settings
            .iter()
            .map(|(name, value)| (name.as_str().into(), value.as_str().into()))
            .collect(),
        metrics_server: cluster.addons.contains(&Addon::MetricsServer),
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn node(plan: &NodePlan) -> NodeSpec {
    NodeSpec {
        cpu_milli: signed(plan.cpu_milli),
        memory: signed(plan.memory),
        pods: i64::from(plan.pods),
        ephemeral_storage: signed(plan.storage),
        zone: plan.zone.as_deref().map_or(DEFAULT_ZONE, Str::from),
        labels: plan.labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
        taints: plan.taints.to_vec(),
        ..NodeSpec::named(plan.name.as_str())
    }
}

fn link(said: &Link) -> ZoneLink {
    let (a, b) = (&said.between.0.value, &said.between.1.value);
    let outside = [a, b].iter().any(|name| name.as_str() == OUTSIDE_ZONE);
    let mut link = if outside { OUTSIDE_LINK } else { ZONE_LINK };
    if let Some(latency) = said.latency {
        link.latency = latency.0;
    }
    if let Some(jitter) = said.jitter {
        link.jitter = jitter.0;
    }
    link.loss_ppm = said.loss.map_or(link.loss_ppm, |ratio| ratio.0);
    link.duplicate_ppm = said.duplicate.map_or(link.duplicate_ppm, |ratio| ratio.0);
    link.reorder_ppm = said.reorder.map_or(link.reorder_ppm, |ratio| ratio.0);
    ZoneLink { a: a.as_str().into(), b: b.as_str().into(), link }
}

fn image(said: &Image) -> ImageSpec {
    ImageSpec {
        size: said.size.map(|size| signed(size.0)),
        pull: said.pull.map(|span| span.0),
        start: said.start.map(|span| span.0),
        ready: said.ready.map(|span| span.0),
        stop: said.stop.map(|span| span.0),
        request_cpu: said.request_cpu.map(|span| span.0),
        request_wait: said.request_wait.map(|span| span.0),
    }
}

fn traffic(said: &Traffic) -> TrafficSpec {
    let node = if let Target::Node(name) = &said.from.value {
        Some(name.value.as_str().into())
    } else {
        None
    };
    TrafficSpec {
        name: said.name.value.as_str().into(),
        service: service_key(&said.service.value),
        port: said.port.as_ref().map_or(0, |port| i32::from(port.value)),
        node,
        curve: curve(&said.rate.value, said.even),
        timeout: said.timeout.0,
        start: said.start.value.0,
        until: said.until.as_ref().map(|until| until.value.0),
    }
}

/// `frontend` or `shop/frontend`.
pub(super) fn service_key(text: &str) -> ObjectKey {
    let (namespace, name) = text.split_once('/').unwrap_or(("default", text));
    ObjectKey::new(namespace, name)
}

/// A rate of the language as the clients know it.
pub(super) fn curve(rate: &Rate, even: bool) -> RateCurve {
    let points =
        |list: &[crate::scenario::tree::spanned::Spanned<crate::scenario::file::RatePoint>]| {
            list.iter().map(|point| (point.value.at.0, point.value.rps.0)).collect::<Vec<_>>()
        };
    match rate {
        Rate::Constant(rps) => {
            RateCurve { points: vec![(Span::ZERO, rps.0)], repeats_every: None, even }
        }
        Rate::Ramp(ramp) => RateCurve {
            points: vec![(Span::ZERO, ramp.from.0), (ramp.over.0, ramp.to.0)],
            repeats_every: None,
            even,
        },
        Rate::Curve(list) => RateCurve { points: points(list), repeats_every: None, even },
        Rate::Cycle(cycle) => RateCurve {
            points: points(&cycle.points),
            repeats_every: Some(cycle.every.value.0),
            even,
        },
    }
}
