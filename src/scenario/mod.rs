//! Everything between a user's text and the simulator: what should happen.
//!
//! Manifests (Kubernetes YAML) and scenarios (RON) become trees with places ([`tree`]), trees
//! become typed values, values are checked against each other, and out comes a plan that the
//! laboratory executes, or every error at once, each at its very word.
//!
//! The room opens no file and knows no component: texts come in through [`source::Sources`].
//!
//! Imports: api, cluster, kernel, texts
//! Floor: 5

mod bare;
pub mod check;
pub mod diagnostic;
pub mod expect;
pub mod faults;
pub mod file;
pub mod load;
pub mod manifest;
pub mod plan;
pub mod render;
pub mod ron;
pub mod settings;
pub mod source;
pub mod steps;
pub mod suggest;
pub mod target;
pub mod tree;
pub mod values;
pub mod yaml;

pub use load::{Loaded, Overrides, load, manifests};
pub use plan::Plan;

/// A commented scenario to begin with; what `prova new` writes.
pub const TEMPLATE: &str = include_str!("template.ron");
