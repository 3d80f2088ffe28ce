//! Step 1: who calls? A user name becomes a user with groups.
//!
//! Simplified: upstream takes the name from a client certificate (its organisation gives the
//! groups), a service account's token, or an OIDC token; here the call states it, and it is true.

use crate::api::Str;
use crate::wire::api::{Status, StatusReason};

use super::status::refuse;

/// A caller whose name is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// The user name.
    pub(super) user: Str,
    /// What sort of user it is.
    pub(super) class: Class,
}

/// The sorts of users that Kubernetes' own certificates make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A kubelet: `system:node:<name>`.
    Node,
    /// A component of the control plane or of a node (`system:…`).
    Component,
    /// A person, or a program from outside.
    Person,
    /// Nobody showed who they are.
    Anonymous,
}

/// What a kubelet's user name begins with.
const NODE_PREFIX: &str = "system:node:";

impl Identity {
    /// The groups of the user, as RBAC bindings name them.
    pub(super) fn groups(&self) -> &'static [&'static str] {
        match self.class {
            Class::Node => &["system:nodes", "system:authenticated"],
            Class::Component => &["system:authenticated"],
            Class::Person if self.user == "kubernetes-admin" => {
                &["kubeadm:cluster-admins", "system:authenticated"]
            }
            Class::Person => &["system:authenticated"],
            Class::Anonymous => &["system:unauthenticated"],
        }
    }

    /// The node a kubelet speaks for.
    pub(super) fn node(&self) -> Option<&str> {
        match self.class {
            Class::Node => self.user.strip_prefix(NODE_PREFIX),
            Class::Component | Class::Person | Class::Anonymous => None,
        }
    }

    /// Whether its reads accept the cache's present state, as informers' lists at version 0 do.
    pub(super) const fn reads_from_cache(&self) -> bool {
        matches!(self.class, Class::Node | Class::Component)
    }
}

/// Says who calls.
///
/// Errors: `Unauthorized` when no name is given.
pub(super) fn authenticate(user: &Str) -> Result<Identity, Status> {
    let class = if user.is_empty() {
        return Err(refuse(StatusReason::Unauthorized, arcstr::literal!("Unauthorized")));
    } else if user.starts_with(NODE_PREFIX) {
        Class::Node
    } else if user == "system:anonymous" {
        Class::Anonymous
    } else if user.starts_with("system:") {
        Class::Component
    } else {
        Class::Person
    };
    Ok(Identity { user: user.clone(), class })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_sort_of_user() {
        let class = |user: &'static str| authenticate(&user.into()).map(|who| who.class);
        assert_eq!(class("system:node:n1"), Ok(Class::Node));
        assert_eq!(class("system:kube-scheduler"), Ok(Class::Component));
        assert_eq!(class("kubernetes-admin"), Ok(Class::Person));
        assert_eq!(class("system:anonymous"), Ok(Class::Anonymous));
        assert_eq!(class("").map_err(|status| status.reason), Err(StatusReason::Unauthorized));
    }

    #[test]
    fn a_kubelet_speaks_for_its_node() {
        let kubelet = authenticate(&"system:node:n1".into()).expect("a kubelet");
        assert_eq!(kubelet.node(), Some("n1"));
        assert!(kubelet.groups().contains(&"system:nodes") && kubelet.reads_from_cache());
    }
}
