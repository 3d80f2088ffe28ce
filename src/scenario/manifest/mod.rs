//! Kubernetes manifests: from YAML trees to the objects of [`crate::api`].
//!
//! A document goes three ways at once. `k8s-openapi`'s types say whether its *shape* is that of
//! Kubernetes 1.33 (every unknown field, wrong type and missing field with its place); the tables
//! in [`rules`] say whether its *values* are ones the API server would take; `crate::api`'s own
//! types say what Prova simulates, and everything else is listed as not simulated.

mod across;
mod convert;
mod document;
mod kinds;
pub mod rules;

pub(crate) use across::check_together;
pub use document::{Manifest, ManifestObject, Skipped, read};
pub use kinds::{KindRow, Standing, find as find_kind};
