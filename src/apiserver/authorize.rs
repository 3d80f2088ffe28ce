//! Step 2: may this user do this? A chain of authorizers; the first with an opinion decides.
//!
//! The default policy is Kubernetes' own for nodes (the Node authorizer, mode `Node`), and lets
//! everybody else in, except the anonymous. Room for RBAC: one more entry in [`AUTHORIZERS`].

use crate::api::Kind;
use crate::wire::api::{ApiCall, ApiRequest, FieldSelector, Scope, Status};

use super::authenticate::Identity;
use super::status::forbidden;

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attributes<'a> {
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`.
    pub(super) verb: &'static str,
    /// With which kind.
    pub(super) kind: Kind,
    /// In which namespace; empty for all, and for kinds without.
    pub(super) namespace: &'a str,
    /// With which object; empty for many.
    pub(super) name: &'a str,
    /// For a list or a watch: which objects.
    pub(super) scope: Option<&'a Scope>,
}

/// What an authorizer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Allow,
    Deny,
    NoOpinion,
}

/// Says what it thinks of a user who wants to do something.
type Authorizer = fn(&Identity, &Attributes<'_>) -> Decision;

/// The chain, in the order of `--authorization-mode`.
const AUTHORIZERS: &[(&str, Authorizer)] = &[("Node", node), ("AlwaysAllow", everybody_known)];

/// Refuses what no authorizer allows.
///
/// Errors: `Forbidden`, worded as Kubernetes does.
pub(super) fn authorize(who: &Identity, what: &Attributes<'_>) -> Result<(), Status> {
    let decided = AUTHORIZERS
        .iter()
        .map(|(_, decide)| decide(who, what))
        .find(|decision| *decision != Decision::NoOpinion);
    if decided == Some(Decision::Allow) { Ok(()) } else { Err(refusal(who, what)) }
}

/// The attributes of a call; `key` are its namespace and name.
pub(super) fn attributes<'a>(
    request: &'a ApiRequest,
    (namespace, name): (&'a str, &'a str),
) -> Attributes<'a> {
    let scope = match &request.call {
        ApiCall::List { scope, .. } => Some(scope),
        ApiCall::Get { .. }
        | ApiCall::Create { .. }
        | ApiCall::Update { .. }
        | ApiCall::Patch { .. }
        | ApiCall::Delete { .. }
        | ApiCall::Bind { .. } => None,
    };
    Attributes { verb: request.call.verb(), kind: request.call.kind(), namespace, name, scope }
}

fn refusal(who: &Identity, what: &Attributes<'_>) -> Status {
    let Attributes { verb, kind, namespace, .. } = *what;
    let place = if namespace.is_empty() {
        "at the cluster scope".to_owned()
    } else {
        format!("in the namespace \"{namespace}\"")
    };
    let why = format!(
        "User \"{}\" cannot {verb} resource \"{}\" in API group \"{}\" {place}",
        who.user,
        kind.plural(),
        kind.group(),
    );
    forbidden(kind, what.name, &why)
}

/// Kubelets do what a kubelet has to do.
///
/// Which object a write may touch (its own Node, its own Lease, Pods bound to it) is decided
/// here where the name tells it, and by the admission plugin `NodeRestriction` where only the
/// stored object tells it.
/// Simplified: upstream reads secrets and config maps only of pods bound to the node.
/// Source: kubernetes/kubernetes:plugin/pkg/auth/authorizer/node/node_authorizer.go.
fn node(who: &Identity, what: &Attributes<'_>) -> Decision {
    let Some(name) = who.node() else { return Decision::NoOpinion };
    let reads = matches!(what.verb, "get" | "list" | "watch");
    let writes = matches!(what.verb, "create" | "update" | "patch");
    let allowed = match what.kind {
        Kind::Node => reads || writes && what.name == name,
        Kind::Lease => what.namespace == "kube-node-lease" && what.name == name,
        Kind::Pod => match what.scope {
            Some(scope) => selects_node(scope, name),
            None => true,
        },
        Kind::Event => writes,
        Kind::Service | Kind::EndpointSlice | Kind::ConfigMap | Kind::Secret => reads,
        Kind::Namespace | Kind::ReplicaSet | Kind::Deployment | Kind::HorizontalPodAutoscaler => {
            false
        }
    };
    if allowed { Decision::Allow } else { Decision::Deny }
}

fn selects_node(scope: &Scope, name: &str) -> bool {
    matches!(&scope.field, Some(FieldSelector::NodeName(node)) if node.as_str() == name)
}

/// The default for everybody else. Simplified: kubeadm's clusters run RBAC here, whose default
/// roles give components and administrators what they need and other people nothing.
fn everybody_known(who: &Identity, _what: &Attributes<'_>) -> Decision {
    if who.groups().contains(&"system:authenticated") {
        Decision::Allow
    } else {
        Decision::NoOpinion
    }
}

#[cfg(test)]
mod tests {
    use super::super::authenticate::authenticate;
    use super::*;

    fn check(user: &'static str, verb: &'static str, kind: Kind, key: (&str, &str)) -> bool {
        let who = authenticate(&user.into()).expect("a name");
        let what = Attributes { verb, kind, namespace: key.0, name: key.1, scope: None };
        authorize(&who, &what).is_ok()
    }

    #[test]
    fn a_kubelet_writes_only_what_is_its_own() {
        let kubelet = "system:node:n1";
        assert!(check(kubelet, "patch", Kind::Node, ("", "n1")));
        assert!(!check(kubelet, "patch", Kind::Node, ("", "n2")));
        assert!(!check(kubelet, "delete", Kind::Node, ("", "n1")));
        assert!(check(kubelet, "update", Kind::Lease, ("kube-node-lease", "n1")));
        assert!(!check(kubelet, "update", Kind::Lease, ("kube-node-lease", "n2")));
        assert!(!check(kubelet, "create", Kind::Deployment, ("default", "x")));
    }

    #[test]
    fn a_kubelet_watches_only_its_own_pods() {
        let who = authenticate(&"system:node:n1".into()).expect("a name");
        let mut scope = Scope::default();
        let may = |scope: &Scope| {
            let (namespace, name) = ("", "");
            let what =
                Attributes { verb: "watch", kind: Kind::Pod, namespace, name, scope: Some(scope) };
            authorize(&who, &what).is_ok()
        };
        assert!(!may(&scope));
        scope.field = Some(FieldSelector::NodeName("n1".into()));
        assert!(may(&scope));
    }

    #[test]
    fn the_anonymous_are_told_what_they_may_not_do() {
        let who = authenticate(&"system:anonymous".into()).expect("a name");
        let (namespace, name) = ("default", "web");
        let what = Attributes { verb: "get", kind: Kind::Pod, namespace, name, scope: None };
        assert_eq!(
            authorize(&who, &what).map_err(|status| status.message.to_string()),
            Err("pods \"web\" is forbidden: User \"system:anonymous\" cannot get resource \"pods\" in API group \"\" in the namespace \"default\"".to_owned())
        );
    }
}
