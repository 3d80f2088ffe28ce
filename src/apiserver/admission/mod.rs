//! Step 3: admission. Plugins look at what a write wants; some complete it, some refuse it.
//!
//! The order is Kubernetes' own: mutating plugins first, then defaults and validation. A plugin is
//! one file and one line in [`PLUGINS`]. Those that need the stored object (`NodeRestriction`)
//! or the namespace (`NamespaceLifecycle`) are asked by the server when it has them.
//!
//! Simplified: ServiceAccount, LimitRanger, ResourceQuota, webhooks and the rest of the default
//! list concern kinds that are not simulated yet.
//! Source: kubernetes/kubernetes:pkg/kubeapiserver/options/plugins.go.

mod default_toleration_seconds;
mod namespace_lifecycle;
mod node_restriction;
mod priority;
mod taint_nodes_by_condition;

use crate::api::Object;
use crate::wire::api::Status;

pub(super) use default_toleration_seconds::Tolerations;
pub(super) use namespace_lifecycle::{may_create_in, may_delete};
pub(super) use node_restriction::{may_change, may_create};

/// What a plugin may look at.
pub(super) struct Context<'a> {
    /// The tolerations that every pod gets, made once.
    pub(super) tolerations: &'a Tolerations,
}

/// A mutating plugin: it may complete the new object, or refuse it.
type Plugin = fn(&Context<'_>, &mut Object) -> Result<(), Status>;

/// The mutating plugins of a create, in upstream's order.
const PLUGINS: &[(&str, Plugin)] = &[
    ("TaintNodesByCondition", taint_nodes_by_condition::admit),
    ("Priority", priority::admit),
    ("DefaultTolerationSeconds", default_toleration_seconds::admit),
];

/// Asks the mutating plugins about a new object.
///
/// Errors: the refusal of the first plugin that refuses.
pub(super) fn admit(context: &Context<'_>, object: &mut Object) -> Result<(), Status> {
    PLUGINS.iter().try_for_each(|(_, plugin)| plugin(context, object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_have_names_of_their_own() {
        let mut names: Vec<_> = PLUGINS.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), PLUGINS.len());
    }
}
