//! Everything between a user's text and the simulator: what should happen.
//!
//! Manifests (Kubernetes YAML) and scenarios (RON) become trees with places ([`tree`]), trees
//! become typed values, values are checked against each other, and out comes a plan that the
//! laboratory executes, or every error at once, each at its very word.
//!
//! The room opens no file: texts come in through [`source::Sources`].
//!
//! | file | what lives there |
//! |---|---|
//! | `load` | the way in: names go in, a plan and every finding come out |
//! | `file` `target` `values` | the scenario language |
//! | `faults` `steps` `expect` | its words, one file each |
//! | `check` | names, moments, contradictions |
//! | `plan` `bare` | what the laboratory gets; a scenario for manifests that come alone |
//! | `settings` | a name from a scenario finds its constant |
//! | `manifest` | Kubernetes YAML, strictly |
//! | `yaml` `ron` `tree` | texts become trees with places, trees become values |
//! | `splice` `cut` | one more entry in a text, and one less |
//! | `written` | the text of a scenario that plays what the command line named |
//! | `source` `diagnostic` `suggest` `render` | places, findings, did-you-mean, how they are shown |
//!
//! Imports: api, cluster, kernel, texts
//! Floor: 5

mod bare;
pub mod check;
pub mod cut;
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
pub mod splice;
pub mod steps;
pub mod suggest;
pub mod target;
pub mod tree;
pub mod values;
pub mod written;
pub mod yaml;

pub use load::{Besides, Loaded, Overrides, action, findings, load, manifests};
pub use plan::Plan;

/// A commented scenario to begin with; what `prova new` writes.
pub const TEMPLATE: &str = include_str!("template.ron");
