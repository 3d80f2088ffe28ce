//! Prova rehearses a Kubernetes cluster on one virtual clock.

pub mod kernel;
pub mod wire;
