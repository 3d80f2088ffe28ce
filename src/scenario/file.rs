//! The scenario language: what stands in a `.ron` file.
//!
//! Keys are English and say what they mean; titles and notes are for people, in their language.
//! Everything but the title has a default. Wherever a name is written, its place is kept, so that
//! the checks of [`crate::scenario::check`] can point at it.
//!
//! A word with a bracket takes its values in order, `ready("deployment/web", 3)`, or by name,
//! `ready(of: "deployment/web", replicas: 3)`; both mean the same everywhere.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::api::Taint;
use crate::scenario::expect::Expectation;
use crate::scenario::expect::predicate::Predicate;
use crate::scenario::steps::Action;
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::{Cpu, Duration, Ratio, Rps, Size};

/// The version of the language that this program reads.
pub const LANGUAGE_VERSION: u32 = 1;

/// A whole scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Scenario {
    /// One line for people.
    pub title: String,
    /// What to look at and why, for people; may have many lines.
    #[serde(default)]
    pub notes: String,
    /// The version of the language. Default: 1.
    #[serde(default = "defaults::version")]
    pub version: Spanned<u32>,
    /// The seed of all chance. Default: 1.
    #[serde(default = "defaults::seed")]
    pub seed: u64,
    /// How long the run lasts \[virtual\]. Default: 10 min.
    #[serde(default = "defaults::until")]
    pub until: Spanned<Duration>,
    /// The machines and what runs on them.
    #[serde(default)]
    pub cluster: Cluster,
    /// Manifests to apply at the beginning.
    #[serde(default)]
    pub apply: Vec<Spanned<Apply>>,
    /// Clients that call Services.
    #[serde(default)]
    pub traffic: Vec<Traffic>,
    /// What happens, and when.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// What must hold.
    #[serde(default)]
    pub expect: Vec<Spanned<Expectation>>,
    /// Moments to come back to.
    #[serde(default)]
    pub bookmarks: Vec<Bookmark>,
}

/// The cluster.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct Cluster {
    /// The version of Kubernetes whose defaults hold. Default: 1.33.
    pub kubernetes: Spanned<String>,
    /// How many control plane machines, each with an API server, a scheduler and a controller
    /// manager. Default: 1.
    pub control_planes: Spanned<u32>,
    /// How many etcd members: 1, 3, 5 or 7. Default: 1.
    pub etcd: Spanned<u32>,
    /// The zones of the control plane machines, one after the other. Default: the nodes' zones.
    pub control_plane_zones: Vec<Spanned<String>>,
    /// The worker machines, in groups of equals. Default: three of 4 cores and 16 GiB.
    pub nodes: Vec<NodeGroup>,
    /// What the network is like, where it is not like the default.
    pub links: Vec<Link>,
    /// Further programs in the cluster. Default: the metrics server.
    pub addons: Vec<Spanned<Addon>>,
    /// How the programs of images behave, by image (a name without a tag means every tag).
    pub images: BTreeMap<Spanned<String>, Image>,
    /// Flags of the components, by name (see [`crate::scenario::settings`]).
    pub settings: BTreeMap<Spanned<String>, Spanned<Scalar>>,
}

/// Equal worker machines.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct NodeGroup {
    /// The name of the machine, or of its group when `count` is written: `n` becomes n1, n2, ….
    pub name: Spanned<String>,
    /// How many. Default: one machine that is called exactly `name`.
    #[serde(default)]
    pub count: Option<Spanned<u32>>,
    /// CPU of each. Default: 4.
    #[serde(default = "defaults::cpu")]
    pub cpu: Cpu,
    /// Memory of each. Default: 16Gi.
    #[serde(default = "defaults::memory")]
    pub memory: Size,
    /// Disk of each for logs, layers and emptyDir. Default: 100Gi.
    #[serde(default = "defaults::storage")]
    pub storage: Size,
    /// Most pods on each. Default: 110 (kubelet `--max-pods`).
    #[serde(default = "defaults::pods")]
    pub pods: u32,
    /// The zone they stand in (label `topology.kubernetes.io/zone`). Default: none.
    #[serde(default)]
    pub zone: Option<Spanned<String>>,
    /// Further labels.
    #[serde(default)]
    pub labels: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Taints.
    #[serde(default)]
    pub taints: Vec<Spanned<Taint>>,
}

/// What the way between two zones is like; what is not written stays as it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Link {
    /// The two zones; `outside` is where clients without a machine stand.
    pub between: (Spanned<String>, Spanned<String>),
    /// How long a message takes, one way.
    #[serde(default)]
    pub latency: Option<Duration>,
    /// How much longer it may take, by chance.
    #[serde(default)]
    pub jitter: Option<Duration>,
    /// Share of messages that never arrive.
    #[serde(default)]
    pub loss: Option<Ratio>,
    /// Share of messages that arrive twice.
    #[serde(default)]
    pub duplicate: Option<Ratio>,
    /// Share of messages that overtake others.
    #[serde(default)]
    pub reorder: Option<Ratio>,
}

/// A program that clusters usually have, but Kubernetes does not bring along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addon {
    /// Measures the pods for the HorizontalPodAutoscaler.
    MetricsServer,
}

/// How the program of an image behaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Image {
    /// Size of the image; with the registry's speed it decides how long a pull takes.
    pub size: Option<Size>,
    /// How long a pull takes, whatever the size.
    pub pull: Option<Duration>,
    /// From the start of the container until its process listens.
    pub start: Option<Duration>,
    /// From the start of the container until its process is ready.
    pub ready: Option<Duration>,
    /// From SIGTERM to the end; longer than the grace period means SIGKILL.
    pub stop: Option<Duration>,
    /// CPU time that one request costs.
    pub request_cpu: Option<Duration>,
    /// Time that one request waits for other things than the CPU.
    pub request_wait: Option<Duration>,
}

/// A value of a setting: text, number or boolean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar(pub String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Scalar;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("text")
            }
            fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.to_owned()))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
        }
        from.deserialize_any(Visitor)
    }
}

/// A manifest: the name of a file, the text itself, or many copies of either.
///
/// `"manifests/shop.yaml"`, `inline(r#"…"#)`, `many("manifests/app.yaml", {"ns": 50, "app": 30})`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Apply {
    /// A file, seen from the folder of the scenario.
    File(String),
    /// The text itself.
    Inline(String),
    /// Copies with numbers put in.
    Many(Many),
}

/// One manifest, copied for every combination of some numbers.
///
/// In the text `{ns}` stands for the number called `ns`, which runs from 1 to its value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Many {
    /// The manifest; not itself a `many`.
    pub manifest: Box<Spanned<Apply>>,
    /// The numbers by name, and how far each runs. Most copies: 100,000.
    pub numbers: BTreeMap<Spanned<String>, Spanned<u32>>,
}

impl<'de> Deserialize<'de> for Apply {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        /// The form with a word in front.
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Named {
            File(String),
            Inline(String),
            Many(Many),
        }
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Apply;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a manifest")
            }
            fn visit_str<E>(self, name: &str) -> Result<Apply, E> {
                Ok(Apply::File(name.to_owned()))
            }
            fn visit_enum<A: serde::de::EnumAccess<'de>>(self, data: A) -> Result<Apply, A::Error> {
                let named =
                    Named::deserialize(serde::de::value::EnumAccessDeserializer::new(data))?;
                Ok(match named {
                    Named::File(name) => Apply::File(name),
                    Named::Inline(text) => Apply::Inline(text),
                    Named::Many(many) => Apply::Many(many),
                })
            }
        }
        from.deserialize_any(Visitor)
    }
}

/// Clients of one kind.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Traffic {
    /// What they are called in the narration and in expectations.
    pub name: Spanned<String>,
    /// The Service they call: `frontend` or `shop/frontend`.
    pub service: Spanned<String>,
    /// The port of the Service. Default: its first.
    #[serde(default)]
    pub port: Option<Spanned<u16>>,
    /// Where they stand: `outside` or `node("n1")`. Default: outside.
    #[serde(default = "defaults::outside")]
    pub from: Spanned<Target>,
    /// How many requests a second.
    pub rate: Spanned<Rate>,
    /// How long they wait for an answer. Default: 2 s.
    #[serde(default = "defaults::timeout")]
    pub timeout: Duration,
    /// When they begin. Default: at once.
    #[serde(default)]
    pub start: Spanned<Duration>,
    /// When they stop. Default: never.
    #[serde(default)]
    pub until: Option<Spanned<Duration>>,
    /// Do requests come at even distances? Default: no, independently of each other, as requests
    /// of many people do.
    #[serde(default)]
    pub even: bool,
}

/// Requests per second over time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// Always the same.
    Constant(Rps),
    /// From one rate to another in a straight line, then the latter.
    Ramp(Ramp),
    /// Points joined by straight lines; before the first and after the last the rate holds.
    Curve(Vec<Spanned<RatePoint>>),
    /// A curve that begins again and again, such as a day.
    Cycle(Cycle),
}

/// A curve that repeats itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Cycle {
    /// How long one round takes.
    pub every: Spanned<Duration>,
    /// The points of one round.
    pub points: Vec<Spanned<RatePoint>>,
}

/// A straight line between two rates.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Ramp {
    /// The rate at the beginning.
    pub from: Rps,
    /// The rate at the end.
    pub to: Rps,
    /// How long it takes.
    pub over: Duration,
}

/// One point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct RatePoint {
    /// When.
    pub at: Duration,
    /// How many requests a second.
    pub rps: Rps,
}

/// Something that happens at a moment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Step {
    /// When, from the beginning of the run.
    pub at: Spanned<Duration>,
    /// What.
    #[serde(rename = "do")]
    pub action: Spanned<Action>,
    /// Why, for people.
    #[serde(default)]
    pub note: String,
}

/// A moment to come back to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Bookmark {
    /// Its name.
    pub name: Spanned<String>,
    /// When, from the beginning of the run.
    #[serde(default)]
    pub at: Option<Spanned<Duration>>,
    /// Or: the first moment at which this holds.
    #[serde(default)]
    pub first: Option<Spanned<Predicate>>,
    /// What to see there, for people.
    #[serde(default)]
    pub note: String,
}

/// The values that hold when nothing is written.
mod defaults {
    use super::{Addon, Cluster, Cpu, Duration, NodeGroup, Size, Spanned, Target};
    use crate::kernel::Span as TimeSpan;

    pub(super) fn version() -> Spanned<u32> {
        Spanned::bare(super::LANGUAGE_VERSION)
    }
    pub(super) fn seed() -> u64 {
        1
    }
    pub(super) fn until() -> Spanned<Duration> {
        Spanned::bare(Duration(TimeSpan::mins(10)))
    }
    pub(super) fn cpu() -> Cpu {
        Cpu(4000)
    }
    pub(super) fn memory() -> Size {
        Size(16 << 30)
    }
    pub(super) fn storage() -> Size {
        Size(100 << 30)
    }
    /// Source: kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go (`MaxPods`).
    pub(super) fn pods() -> u32 {
        110
    }
    pub(super) fn outside() -> Spanned<Target> {
        Spanned::bare(Target::Outside)
    }
    pub(super) fn timeout() -> Duration {
        Duration(TimeSpan::secs(2))
    }

    impl Default for Cluster {
        fn default() -> Cluster {
            let workers = NodeGroup {
                name: Spanned::bare("n".to_owned()),
                count: Some(Spanned::bare(3)),
                cpu: cpu(),
                memory: memory(),
                storage: storage(),
                pods: pods(),
                zone: None,
                labels: Default::default(),
                taints: Vec::new(),
            };
            Cluster {
                kubernetes: Spanned::bare("1.33".to_owned()),
                control_planes: Spanned::bare(1),
                etcd: Spanned::bare(1),
                control_plane_zones: Vec::new(),
                nodes: vec![workers],
                links: Vec::new(),
                addons: vec![Spanned::bare(Addon::MetricsServer)],
                images: Default::default(),
                settings: Default::default(),
            }
        }
    }
}
