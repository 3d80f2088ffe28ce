//! HorizontalPodAutoscaler (`autoscaling/v2`).

use serde::{Deserialize, Serialize};

use super::conditions::Conditions;
use super::kind::Kind;
use super::meta::{ObjectMeta, Str, Time};
use super::quantity::Quantity;

/// Changes the number of replicas with the load.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HorizontalPodAutoscaler {
    /// Name.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: HorizontalPodAutoscalerSpec,
    /// What was decided last.
    pub status: HorizontalPodAutoscalerStatus,
}

/// The wanted state of an autoscaler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HorizontalPodAutoscalerSpec {
    /// Whom it scales.
    pub scale_target_ref: CrossVersionObjectReference,
    /// Never fewer. Default: 1.
    pub min_replicas: i32,
    /// Never more.
    pub max_replicas: i32,
    /// What it looks at; the largest proposal wins.
    pub metrics: Vec<MetricSpec>,
    /// How fast it may go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behavior: Option<Behavior>,
}

impl Default for HorizontalPodAutoscalerSpec {
    fn default() -> Self {
        HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference::default(),
            min_replicas: 1,
            max_replicas: 0,
            metrics: Vec::new(),
            behavior: None,
        }
    }
}

/// An object of the same namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrossVersionObjectReference {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: Str,
    /// Its API version.
    pub api_version: Str,
}

impl Default for CrossVersionObjectReference {
    fn default() -> Self {
        CrossVersionObjectReference {
            kind: Kind::Deployment,
            name: Str::new(),
            api_version: arcstr::literal!("apps/v1"),
        }
    }
}

/// One thing to look at. Simplified: only `type: Resource` is fed with measurements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricSpec {
    /// `Resource`, `Pods`, `Object`, `External`, `ContainerResource`.
    #[serde(rename = "type")]
    pub kind: Str,
    /// For `Resource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceMetric>,
}

/// CPU or memory of the pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceMetric {
    /// `cpu` or `memory`.
    pub name: Str,
    /// What to hold it at.
    pub target: MetricTarget,
}

/// What a metric is held at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricTarget {
    /// `Utilization`, `AverageValue` or `Value`.
    #[serde(rename = "type")]
    pub kind: Str,
    /// Percent of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_utilization: Option<i32>,
    /// Per pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_value: Option<Quantity>,
}

/// How fast it may go, up and down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Behavior {
    /// Up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_up: Option<ScalingRules>,
    /// Down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_down: Option<ScalingRules>,
}

/// Rules for one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScalingRules {
    /// Look back this long \[s\] for the calmest proposal. Default: up 0, down 300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stabilization_window_seconds: Option<i32>,
    /// `Max` (default), `Min` or `Disabled`.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub select_policy: Str,
    /// The policies; missing means the defaults.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policies: Option<Vec<ScalingPolicy>>,
}

/// One bound on the speed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScalingPolicy {
    /// `Pods` or `Percent`.
    #[serde(rename = "type")]
    pub kind: Str,
    /// How many, or how many percent.
    pub value: i32,
    /// Within how long \[s\].
    pub period_seconds: i32,
}

/// What was decided last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HorizontalPodAutoscalerStatus {
    /// When it last changed the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_scale_time: Option<Time>,
    /// What it found.
    pub current_replicas: i32,
    /// What it wants.
    pub desired_replicas: i32,
    /// Measured utilisation of the first resource metric, in percent of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_utilization: Option<i32>,
    /// AbleToScale, ScalingActive, ScalingLimited.
    #[serde(skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
}
