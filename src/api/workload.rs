//! ReplicaSet and Deployment: who makes pods.

use serde::{Deserialize, Serialize};

use super::conditions::Conditions;
use super::intstr::IntOrString;
use super::labels::LabelSelector;
use super::meta::{ObjectMeta, Str};
use super::pod::PodTemplateSpec;

/// Keeps a number of equal pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicaSet {
    /// Name, owner.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: ReplicaSetSpec,
    /// What was counted.
    pub status: ReplicaSetStatus,
}

/// The wanted state of a ReplicaSet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicaSetSpec {
    /// How many pods. Default: 1.
    pub replicas: i32,
    /// A pod counts as available after being ready this long \[s\]. Default: 0.
    pub min_ready_seconds: i32,
    /// Which pods are its own.
    pub selector: LabelSelector,
    /// How new pods look.
    pub template: PodTemplateSpec,
}

impl Default for ReplicaSetSpec {
    fn default() -> Self {
        ReplicaSetSpec {
            replicas: 1,
            min_ready_seconds: 0,
            selector: LabelSelector::default(),
            template: PodTemplateSpec::default(),
        }
    }
}

/// What a ReplicaSet counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicaSetStatus {
    /// Pods that exist.
    pub replicas: i32,
    /// Those that carry all labels of the template.
    pub fully_labeled_replicas: i32,
    /// Those that are ready.
    pub ready_replicas: i32,
    /// Those that have been ready long enough.
    pub available_replicas: i32,
    /// The generation these numbers belong to.
    pub observed_generation: i64,
    /// ReplicaFailure.
    #[serde(skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
}

/// Rolls ReplicaSets forward and back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Deployment {
    /// Name.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: DeploymentSpec,
    /// What was counted.
    pub status: DeploymentStatus,
}

/// The wanted state of a Deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeploymentSpec {
    /// How many pods. Default: 1.
    pub replicas: i32,
    /// Which pods are its own.
    pub selector: LabelSelector,
    /// How new pods look.
    pub template: PodTemplateSpec,
    /// How old pods give way to new ones.
    pub strategy: DeploymentStrategy,
    /// A pod counts as available after being ready this long \[s\]. Default: 0.
    pub min_ready_seconds: i32,
    /// How many old ReplicaSets are kept. Default: 10.
    pub revision_history_limit: i32,
    /// Whether changes of the template wait.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// Without progress for this long \[s\] the rollout counts as failed. Default: 600.
    pub progress_deadline_seconds: i32,
}

impl Default for DeploymentSpec {
    /// Source: kubernetes/kubernetes:pkg/apis/apps/v1/defaults.go.
    fn default() -> Self {
        DeploymentSpec {
            replicas: 1,
            selector: LabelSelector::default(),
            template: PodTemplateSpec::default(),
            strategy: DeploymentStrategy::default(),
            min_ready_seconds: 0,
            revision_history_limit: 10,
            paused: false,
            progress_deadline_seconds: 600,
        }
    }
}

/// How old pods give way to new ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeploymentStrategy {
    /// Which way.
    #[serde(rename = "type")]
    pub kind: StrategyType,
    /// Bounds of a rolling update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolling_update: Option<RollingUpdate>,
}

/// The two ways of replacing pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StrategyType {
    /// A few at a time.
    #[default]
    RollingUpdate,
    /// All old ones end before the first new one starts.
    Recreate,
}

/// Bounds of a rolling update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RollingUpdate {
    /// How many pods may be missing; percentages round down. Default: 25%.
    pub max_unavailable: IntOrString,
    /// How many pods may be too many; percentages round up. Default: 25%.
    pub max_surge: IntOrString,
}

/// A quarter, the default of both bounds.
/// Source: kubernetes/kubernetes:pkg/apis/apps/v1/defaults.go.
const A_QUARTER: Str = arcstr::literal!("25%");

impl Default for RollingUpdate {
    fn default() -> Self {
        RollingUpdate {
            max_unavailable: IntOrString::String(A_QUARTER),
            max_surge: IntOrString::String(A_QUARTER),
        }
    }
}

/// What a Deployment counted over its ReplicaSets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeploymentStatus {
    /// The generation these numbers belong to.
    pub observed_generation: i64,
    /// Pods that exist.
    pub replicas: i32,
    /// Those of the newest template.
    pub updated_replicas: i32,
    /// Those that are ready.
    pub ready_replicas: i32,
    /// Those that have been ready long enough.
    pub available_replicas: i32,
    /// Those still missing.
    pub unavailable_replicas: i32,
    /// Available, Progressing, ReplicaFailure.
    #[serde(skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
    /// Counts collisions of template hashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collision_count: Option<i32>,
}
