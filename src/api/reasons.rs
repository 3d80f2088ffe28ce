//! Words of the API that several components share, each spelled once.
//!
//! A word that only one component uses stands in that component's file.

use super::meta::Str;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: Str = arcstr::literal!($text);)*
    };
}

words! {
    /// Pod and node condition: usable.
    READY = "Ready";
    /// Pod condition: all containers are ready.
    CONTAINERS_READY = "ContainersReady";
    /// Pod condition: all init containers have ended well.
    INITIALIZED = "Initialized";
    /// Pod condition: it has a node.
    POD_SCHEDULED = "PodScheduled";
    /// Pod condition: its sandbox and network stand.
    POD_READY_TO_START_CONTAINERS = "PodReadyToStartContainers";
    /// Pod condition: somebody is ending it.
    DISRUPTION_TARGET = "DisruptionTarget";
    /// Node condition: memory is short.
    MEMORY_PRESSURE = "MemoryPressure";
    /// Node condition: disk is short.
    DISK_PRESSURE = "DiskPressure";
    /// Node condition: process numbers are short.
    PID_PRESSURE = "PIDPressure";
    /// Deployment condition: enough pods are available.
    AVAILABLE = "Available";
    /// Deployment condition: a rollout moves on (or has ended).
    PROGRESSING = "Progressing";
    /// ReplicaSet and Deployment condition: pods cannot be made.
    REPLICA_FAILURE = "ReplicaFailure";

    /// Taint: the node's Ready condition is False.
    TAINT_NOT_READY = "node.kubernetes.io/not-ready";
    /// Taint: the node's Ready condition is Unknown.
    TAINT_UNREACHABLE = "node.kubernetes.io/unreachable";
    /// Taint: the node is cordoned.
    TAINT_UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    /// Taint: memory is short.
    TAINT_MEMORY_PRESSURE = "node.kubernetes.io/memory-pressure";
    /// Taint: disk is short.
    TAINT_DISK_PRESSURE = "node.kubernetes.io/disk-pressure";
    /// Taint: process numbers are short.
    TAINT_PID_PRESSURE = "node.kubernetes.io/pid-pressure";
    /// Taint: do not treat the node as if it could come back.
    TAINT_OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
    /// Taint: only the control plane runs here.
    TAINT_CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

    /// Label: the node's name.
    LABEL_HOSTNAME = "kubernetes.io/hostname";
    /// Label: the node's zone.
    LABEL_ZONE = "topology.kubernetes.io/zone";
    /// Label: the node's region.
    LABEL_REGION = "topology.kubernetes.io/region";
    /// Label that ties pods to the ReplicaSet of one template.
    LABEL_POD_TEMPLATE_HASH = "pod-template-hash";
    /// Annotation: the revision of a rollout.
    ANNOTATION_REVISION = "deployment.kubernetes.io/revision";

    /// Namespace for whatever names none.
    NS_DEFAULT = "default";
    /// Namespace of the system's own objects.
    NS_KUBE_SYSTEM = "kube-system";
    /// Namespace everybody may read.
    NS_KUBE_PUBLIC = "kube-public";
    /// Namespace of the nodes' leases.
    NS_KUBE_NODE_LEASE = "kube-node-lease";

    /// Resource: processor time.
    CPU = "cpu";
    /// Resource: memory.
    MEMORY = "memory";
    /// Resource: disk for logs, layers and emptyDir.
    EPHEMERAL_STORAGE = "ephemeral-storage";
    /// Resource: number of pods.
    PODS = "pods";
}
