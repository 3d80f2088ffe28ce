//! Everything between a user's text and the simulator: what should happen.
//!
//! Manifests (Kubernetes YAML) and scenarios (RON) become trees with places ([`tree`]), trees
//! become typed values, values are checked against each other, and out comes a plan that the
//! laboratory executes, or every error at once, each at its very word.
//!
//! The room opens no file and knows no component: texts come in through [`source::Sources`].
//!
//! Imports: api, texts
//! Floor: 5

pub mod diagnostic;
pub mod load;
pub mod manifest;
pub mod render;
pub mod ron;
pub mod source;
pub mod suggest;
pub mod tree;
pub mod yaml;
