//! The one room that knows every component: it builds the stage and carries messages.
//!
//! [`Cluster`] owns all actors and implements [`kernel::World`](crate::kernel::World): a message
//! is handed to the actor in its slot, and that is all the room does. It takes no decision of
//! Kubernetes. When a process is dead but its machine is not, it answers for the machine's
//! network ("connection refused"); when the machine is dead, nobody answers.
//!
//! | file | what lives there |
//! |---|---|
//! | `spec` | what a cluster is built from |
//! | `settings` | all changeable defaults of all components, by name |
//! | `directory` | who stands in which slot, on which machine |
//! | `build` | from a specification to a stage |
//! | `deliver` | the exhaustive routing |
//! | `census` | read-only questions about the whole |
//!
//! Floor: 4
//! Imports: kernel, api, raft, wire, apiserver, controllers, etcd, kubelet, metrics, operator, proxy, runtime, scheduler, traffic

mod build;
mod census;
mod deliver;
mod directory;
mod settings;
mod spec;

pub use build::{BuildError, build};
pub use census::Group;
pub use deliver::Cluster;
pub use directory::{Counts, Directory, Machine, Role};
pub use settings::{Configs, SettingError, settings};
pub use spec::{
    ClusterSpec, DEFAULT_ZONE, HOST_LINK, ImageSpec, NodeSpec, OUTSIDE_LINK, OUTSIDE_ZONE,
    PODS_MAX, TrafficSpec, ZONE_LINK, ZoneLink,
};
