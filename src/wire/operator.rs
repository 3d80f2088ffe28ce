//! What the person at the keyboard is told: what to do, and what the API server answered.
//!
//! The operator is kubectl in person. It has no special powers: every command becomes the calls
//! that the real kubectl makes.

use std::fmt;

use crate::api::{Kind, Object, ObjectKey, Str, Taint};
use crate::kernel::Digest;

use super::api::{ApiReply, ClientTimer};

/// The inbox of the operator.
#[derive(Clone, Debug)]
pub enum OperatorIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
    /// From outside: do this.
    Do(Box<Command>),
    /// Try an eviction again (a drain goes on).
    Retry(u64),
}

/// A command, as one would type it.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// `kubectl apply -f`: create what is missing, change what differs.
    Apply(Vec<Object>),
    /// `kubectl delete`
    Delete {
        /// Which kind.
        kind: Kind,
        /// Which object.
        key: ObjectKey,
        /// `--grace-period` \[s\]; unset means the object's own.
        grace_period_seconds: Option<i64>,
    },
    /// `kubectl scale`
    Scale {
        /// Deployment or ReplicaSet.
        kind: Kind,
        /// Which one.
        key: ObjectKey,
        /// How many.
        replicas: i32,
    },
    /// `kubectl set image`
    SetImage {
        /// Which Deployment.
        deployment: ObjectKey,
        /// Which container; empty means all.
        container: Str,
        /// The new image.
        image: Str,
    },
    /// `kubectl rollout undo`
    RolloutUndo {
        /// Which Deployment.
        deployment: ObjectKey,
        /// `--to-revision`; 0 means the one before.
        revision: i64,
    },
    /// `kubectl rollout pause` and `resume`
    RolloutPause {
        /// Which Deployment.
        deployment: ObjectKey,
        /// Pause or resume.
        paused: bool,
    },
    /// `kubectl rollout restart`
    RolloutRestart {
        /// Which Deployment.
        deployment: ObjectKey,
    },
    /// `kubectl cordon` and `uncordon`
    Cordon {
        /// Which node.
        node: Str,
        /// Cordon or uncordon.
        unschedulable: bool,
    },
    /// `kubectl drain`: cordon, then evict every pod
    Drain {
        /// Which node.
        node: Str,
    },
    /// `kubectl taint`
    Taint {
        /// Which node.
        node: Str,
        /// The taint.
        taint: Taint,
        /// Put on or take off.
        on: bool,
    },
    /// `kubectl label`
    Label {
        /// Which kind.
        kind: Kind,
        /// Which object.
        key: ObjectKey,
        /// Which label.
        label: Str,
        /// The value; none removes it.
        value: Option<Str>,
    },
}

impl fmt::Display for Command {
    /// The command line of the real kubectl.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lower = |kind: &Kind| kind.name().to_ascii_lowercase();
        let name = |key: &ObjectKey| -> String {
            if key.namespace.is_empty() || key.namespace == "default" {
                key.name.to_string()
            } else {
                format!("{} -n {}", key.name, key.namespace)
            }
        };
        match self {
            Command::Apply(objects) => {
                write!(f, "kubectl apply -f -")?;
                match objects.as_slice() {
                    [one] => write!(f, "  # {}/{}", lower(&one.kind()), one.meta().name),
                    many => write!(f, "  # {} objects", many.len()),
                }
            }
            Command::Delete { kind, key, grace_period_seconds } => {
                write!(f, "kubectl delete {} {}", lower(kind), name(key))?;
                match grace_period_seconds {
                    Some(seconds) => write!(f, " --grace-period={seconds}"),
                    None => Ok(()),
                }
            }
            Command::Scale { kind, key, replicas } => {
                write!(f, "kubectl scale {} {} --replicas={replicas}", lower(kind), name(key))
            }
            Command::SetImage { deployment, container, image } => {
                let container = if container.is_empty() { "*" } else { container.as_str() };
                write!(f, "kubectl set image deployment {} {container}={image}", name(deployment))
            }
            Command::RolloutUndo { deployment, revision: 0 } => {
                write!(f, "kubectl rollout undo deployment {}", name(deployment))
            }
            Command::RolloutUndo { deployment, revision } => {
                let name = name(deployment);
                write!(f, "kubectl rollout undo deployment {name} --to-revision={revision}")
            }
            Command::RolloutPause { deployment, paused } => {
                let verb = if *paused { "pause" } else { "resume" };
                write!(f, "kubectl rollout {verb} deployment {}", name(deployment))
            }
            Command::RolloutRestart { deployment } => {
                write!(f, "kubectl rollout restart deployment {}", name(deployment))
            }
            Command::Cordon { node, unschedulable } => {
                write!(f, "kubectl {} {node}", if *unschedulable { "cordon" } else { "uncordon" })
            }
            Command::Drain { node } => write!(f, "kubectl drain {node} --ignore-daemonsets"),
            Command::Taint { node, taint, on } => {
                let Taint { key, value, effect, .. } = taint;
                let (equals, minus) =
                    (if value.is_empty() { "" } else { "=" }, if *on { "" } else { "-" });
                write!(f, "kubectl taint node {node} {key}{equals}{value}:{}{minus}", effect.name())
            }
            Command::Label { kind, key, label, value } => {
                write!(f, "kubectl label {} {} {label}", lower(kind), name(key))?;
                match value {
                    Some(value) => write!(f, "={value}"),
                    None => f.write_str("-"),
                }
            }
        }
    }
}

impl OperatorIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            OperatorIn::Api(reply) => reply.label(),
            OperatorIn::Client(_) => "ClientTimer",
            OperatorIn::Do(_) => "kubectl",
            OperatorIn::Retry(_) => "Retry",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            OperatorIn::Api(reply) => reply.digest(digest),
            OperatorIn::Client(timer) => timer.digest(digest),
            OperatorIn::Do(command) => digest.fold_str(&command.to_string()),
            OperatorIn::Retry(job) => digest.fold(job << 8 | 0x31),
        }
    }
}
