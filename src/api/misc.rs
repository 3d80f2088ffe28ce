//! The small kinds: Namespace, Lease, Event, ConfigMap, Secret.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::labels::Labels;
use super::meta::{ObjectKey, ObjectMeta, Str, Time, Uid};

/// A room of names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Namespace {
    /// Name.
    pub metadata: ObjectMeta,
    /// Finalizers (`kubernetes`) that must be gone before the namespace is.
    pub spec: NamespaceSpec,
    /// Active or Terminating.
    pub status: NamespaceStatus,
}

/// The wanted state of a namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NamespaceSpec {
    /// Who must still clean up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub finalizers: Vec<Str>,
}

/// Where a namespace stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NamespaceStatus {
    /// Active or Terminating.
    pub phase: NamespacePhase,
}

/// Active or Terminating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NamespacePhase {
    /// Objects may be created in it.
    #[default]
    Active,
    /// It is being emptied.
    Terminating,
}

/// A claim that must be renewed: node heartbeats and leader election.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Lease {
    /// Name.
    pub metadata: ObjectMeta,
    /// The claim.
    pub spec: LeaseSpec,
}

/// The claim itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LeaseSpec {
    /// Who holds it.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub holder_identity: Str,
    /// How long it lasts without renewal \[s\].
    pub lease_duration_seconds: i32,
    /// When this holder got it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acquire_time: Option<Time>,
    /// When it was last renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renew_time: Option<Time>,
    /// How often the holder changed.
    pub lease_transitions: i32,
}

/// Something that happened, told to people. Kept for an hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    /// Name: the object's, a dot, and a number in hexadecimal.
    pub metadata: ObjectMeta,
    /// What it is about.
    pub involved_object: ObjectReference,
    /// A word for programs: `Scheduled`, `BackOff`, …
    pub reason: Str,
    /// A sentence for people.
    pub message: Str,
    /// Good or worrying.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// How often it happened.
    pub count: i32,
    /// For the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_timestamp: Option<Time>,
    /// For the last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_timestamp: Option<Time>,
    /// Who tells it.
    pub source: EventSource,
}

/// Who tells an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventSource {
    /// `kubelet`, `default-scheduler`, …
    pub component: Str,
    /// The node, for a kubelet.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub host: Str,
}

/// Good or worrying.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum EventType {
    /// As planned.
    #[default]
    Normal,
    /// Worth a look.
    Warning,
}

/// Points at an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectReference {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace.
    #[serde(default, skip_serializing_if = "Str::is_empty")]
    pub namespace: Str,
    /// Its name.
    pub name: Str,
    /// Its identity.
    #[serde(default, skip_serializing_if = "Uid::is_unset")]
    pub uid: Uid,
}

impl Default for ObjectReference {
    fn default() -> Self {
        let (namespace, name) = (Str::new(), Str::new());
        ObjectReference { kind: Kind::Pod, namespace, name, uid: Uid::default() }
    }
}

impl ObjectReference {
    /// Points at the object with this metadata.
    #[must_use]
    pub fn to(kind: Kind, meta: &ObjectMeta) -> Self {
        ObjectReference {
            kind,
            namespace: meta.namespace.clone(),
            name: meta.name.clone(),
            uid: meta.uid,
        }
    }

    /// Namespace and name.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        ObjectKey { namespace: self.namespace.clone(), name: self.name.clone() }
    }
}

/// Configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMap {
    /// Name.
    pub metadata: ObjectMeta,
    /// Values by key.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub data: Labels,
}

/// Configuration that should not be shown; base64 is a spelling, no encryption.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Secret {
    /// Name.
    pub metadata: ObjectMeta,
    /// `Opaque` and others.
    #[serde(rename = "type", skip_serializing_if = "Str::is_empty")]
    pub kind: Str,
    /// Values by key, in base64.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub data: Labels,
    /// Values by key, in plain text; the API server moves them to `data`.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub string_data: Labels,
}
