//! Every name must mean something.

use super::Check;
use crate::api::Kind;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::{Rate, RatePoint};
use crate::scenario::manifest::rules::is_label_key;
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;
use crate::texts::diagnostics::{CodeText, Label, names, physics};

/// Reasons of Events that the simulated components write, for did-you-mean.
///
/// Source: kubernetes/kubernetes:pkg/kubelet/events/event.go, pkg/controller/*, pkg/scheduler.
const REASONS: &[&str] = &[
    "BackOff",
    "Created",
    "DeploymentRollback",
    "DisruptionTarget",
    "ErrImageNeverPull",
    "Evicted",
    "Failed",
    "FailedCreate",
    "FailedGetResourceMetric",
    "FailedKillPod",
    "FailedScheduling",
    "FailedToUpdateEndpointSlices",
    "Killing",
    "LeaderElection",
    "NodeAllocatableEnforced",
    "NodeHasDiskPressure",
    "NodeHasNoDiskPressure",
    "NodeHasSufficientMemory",
    "NodeHasSufficientPID",
    "NodeNotReady",
    "NodeNotSchedulable",
    "NodeReady",
    "NodeSchedulable",
    "OOMKilling",
    "Preempted",
    "Pulled",
    "Pulling",
    "Rebooted",
    "RegisteredNode",
    "RemovingNode",
    "SandboxChanged",
    "ScalingReplicaSet",
    "Scheduled",
    "Started",
    "Starting",
    "SuccessfulCreate",
    "SuccessfulDelete",
    "SuccessfulRescale",
    "TaintManagerEviction",
    "Unhealthy",
];

impl Check<'_> {
    fn unknown<'a>(
        &mut self,
        code: &'static CodeText,
        word: (&str, Span),
        known: impl IntoIterator<Item = &'a str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let mut near = nearest(word.0, known.iter().copied());
        if near.is_empty() && known.len() <= 4 {
            near = known.iter().map(|name| (*name).to_owned()).collect();
        }
        let found = Diagnostic::error(code, self.place(word.1)).arg("name", word.0).suggest(near);
        self.push(found);
    }

    /// A worker machine.
    pub fn node(&mut self, name: &Spanned<String>) {
        if !self.world.nodes.contains(&name.value) {
            let known = self.world.nodes.iter().map(String::as_str);
            self.unknown(&names::UNKNOWN_NODE, (&name.value, name.span), known);
        }
    }

    /// A zone.
    pub fn zone(&mut self, name: &Spanned<String>) {
        if !self.world.zones.contains(&name.value) {
            let known = self.world.zones.iter().map(String::as_str);
            self.unknown(&names::UNKNOWN_ZONE, (&name.value, name.span), known);
        }
    }

    /// A numbered member of a group of `count`.
    fn member(&mut self, what: &str, number: &Spanned<u32>, count: u32) {
        if number.value == 0 || number.value > count {
            let found = Diagnostic::error(&names::NO_SUCH_MEMBER, self.place(number.span))
                .arg("what", what)
                .arg("number", number.value.to_string())
                .arg("count", count.to_string());
            self.push(found);
        }
    }

    /// Whatever a fault may strike.
    pub fn target(&mut self, target: &Spanned<Target>) {
        let (planes, members) = (self.world.control_planes, self.world.etcd);
        match &target.value {
            Target::Node(name)
            | Target::Kubelet(name)
            | Target::Runtime(name)
            | Target::Proxy(name) => {
                self.node(name);
            }
            Target::Zone(name) => self.zone(name),
            Target::Outside | Target::Leader(_) => {}
            Target::ControlPlane(number) => self.member("control_plane", number, planes),
            Target::Etcd(number) => self.member("etcd", number, members),
            Target::Apiserver(number) => self.member("apiserver", number, planes),
            Target::Scheduler(number) => self.member("scheduler", number, planes),
            Target::ControllerManager(number) => self.member("controller_manager", number, planes),
            Target::HostOf(object) => self.pod_owner(object),
        }
    }

    /// Something that can die: the world outside cannot.
    pub fn is_a_program(&mut self, target: &Spanned<Target>) {
        if target.value == Target::Outside {
            let found = Diagnostic::error(&physics::NOT_A_PROGRAM, self.place(target.span));
            self.push(found.arg("target", target.value.to_string()));
        }
    }

    /// Something with a disk that can be slow.
    pub fn has_a_disk(&mut self, target: &Spanned<Target>) {
        let has = matches!(
            target.value,
            Target::Etcd(_)
                | Target::Node(_)
                | Target::ControlPlane(_)
                | Target::Leader(_)
                | Target::HostOf(_)
        );
        if !has {
            let found = Diagnostic::error(&physics::NO_DISK, self.place(target.span));
            self.push(found.arg("target", target.value.to_string()));
        }
    }

    /// The same target on both sides of a partition.
    pub fn on_both_sides(&mut self, target: &Spanned<Target>, first: Span) {
        let first = self.place(first);
        let found = Diagnostic::error(&physics::BOTH_SIDES, self.place(target.span))
            .arg("target", target.value.to_string())
            .also(first, Label::FirstHere);
        self.push(found);
    }

    /// An object; those that only a run makes (pods of a Deployment, say) are taken on trust.
    pub fn object(&mut self, of: &Spanned<ObjectRef>) {
        let ObjectRef { kind, namespace, name } = &of.value;
        if of.value.is_pattern() {
            return;
        }
        match kind {
            Kind::Node => return self.node(&Spanned { value: name.clone(), span: of.span }),
            Kind::Namespace if matches!(name.as_str(), "default" | "kube-system") => return,
            Kind::Pod | Kind::ReplicaSet | Kind::EndpointSlice | Kind::Lease | Kind::Event => {
                return;
            }
            Kind::Namespace | Kind::Deployment | Kind::Service => {}
            Kind::ConfigMap | Kind::Secret | Kind::HorizontalPodAutoscaler => {}
        }
        let key = (namespace.clone(), name.clone());
        if self.world.objects.get(kind).is_some_and(|known| known.contains(&key)) {
            return;
        }
        let word = kind.name().to_ascii_lowercase();
        let known = self.world.names_of(*kind);
        let mut near = nearest(name, known.iter().map(String::as_str));
        if near.is_empty() && known.len() <= 4 {
            near = known;
        }
        let found = Diagnostic::error(&names::UNKNOWN_OBJECT, self.place(of.span))
            .arg("kind", kind.name())
            .arg("name", of.value.to_string())
            .suggest(near.into_iter().map(|name| format!("{word}/{name}")));
        self.push(found);
    }

    fn of_kind(&mut self, of: &Spanned<ObjectRef>, kinds: &[Kind]) -> bool {
        if kinds.contains(&of.value.kind) {
            return true;
        }
        let words: Vec<String> =
            kinds.iter().map(|kind| kind.name().to_ascii_lowercase()).collect();
        let found = Diagnostic::error(&names::WRONG_KIND, self.place(of.span))
            .arg("name", of.value.to_string())
            .arg("kinds", words.join(", "));
        self.push(found);
        false
    }

    /// An object whose replicas can be set.
    pub fn scalable(&mut self, of: &Spanned<ObjectRef>) {
        if self.of_kind(of, &[Kind::Deployment, Kind::ReplicaSet]) {
            self.object(of);
        }
    }

    /// A Deployment.
    pub fn deployment(&mut self, of: &Spanned<ObjectRef>) {
        if self.of_kind(of, &[Kind::Deployment]) {
            self.object(of);
        }
    }

    /// A pod, or what makes pods.
    pub fn pod_owner(&mut self, of: &Spanned<ObjectRef>) {
        if self.of_kind(of, &[Kind::Pod, Kind::Deployment, Kind::ReplicaSet]) {
            self.object(of);
        }
    }

    /// A container of a workload.
    pub fn container(&mut self, of: &Spanned<ObjectRef>, container: &Spanned<String>) {
        let key = (of.value.kind, of.value.namespace.clone(), of.value.name.clone());
        let Some(known) = self.world.containers.get(&key) else { return };
        if !known.contains(&container.value) {
            let known = known.iter().map(String::as_str);
            self.unknown(&names::UNKNOWN_CONTAINER, (&container.value, container.span), known);
        }
    }

    /// A Service, written `frontend` or `shop/frontend`.
    pub fn service(&mut self, name: &Spanned<String>) {
        let (namespace, service) = split_service(&name.value);
        let key = (namespace.to_owned(), service.to_owned());
        if !self.world.objects.get(&Kind::Service).is_some_and(|known| known.contains(&key)) {
            let known = self.world.names_of(Kind::Service);
            let known = known.iter().map(String::as_str);
            self.unknown(&names::UNKNOWN_SERVICE, (&name.value, name.span), known);
        }
    }

    /// A port of a Service.
    pub(super) fn port(&mut self, service: &Spanned<String>, port: &Spanned<u16>) {
        let (namespace, name) = split_service(&service.value);
        let Some(known) = self.world.ports.get(&(namespace.to_owned(), name.to_owned())) else {
            return;
        };
        if !known.contains(&i32::from(port.value)) {
            let ports: Vec<String> = known.iter().map(ToString::to_string).collect();
            let found = Diagnostic::error(&names::UNKNOWN_PORT, self.place(port.span))
                .arg("service", service.value.as_str())
                .arg("port", port.value.to_string())
                .suggest(ports);
            self.push(found);
        }
    }

    /// Clients.
    pub fn traffic(&mut self, name: &Spanned<String>) {
        if !self.world.traffic.contains(&name.value) {
            let known = self.world.traffic.iter().map(String::as_str);
            self.unknown(&names::UNKNOWN_TRAFFIC, (&name.value, name.span), known);
        }
    }

    /// A named partition or slow link.
    pub fn fault_name(&mut self, name: &Spanned<String>) {
        if !self.world.faults.contains(&name.value) {
            let known = self.world.faults.iter().map(String::as_str);
            self.unknown(&names::UNKNOWN_FAULT, (&name.value, name.span), known);
        }
    }

    /// An image that some pod uses; a pattern must match one.
    pub fn image(&mut self, image: &Spanned<String>) {
        let images = &self.world.images;
        let known = match image.value.strip_suffix('*') {
            Some(start) => images.iter().any(|name| name.starts_with(start)),
            None => images.contains(&image.value),
        };
        if !known {
            let near = nearest(&image.value, images.iter().map(String::as_str));
            let found = Diagnostic::warning(&names::UNKNOWN_IMAGE, self.place(image.span));
            self.push(found.arg("name", image.value.as_str()).suggest(near));
        }
    }

    /// The reason of an Event; an unknown one may still be right.
    pub fn reason(&mut self, reason: &Spanned<String>) {
        if !REASONS.contains(&reason.value.as_str()) {
            let near = nearest(&reason.value, REASONS.iter().copied());
            let found = Diagnostic::warning(&names::UNKNOWN_REASON, self.place(reason.span));
            self.push(found.arg("name", reason.value.as_str()).suggest(near));
        }
    }

    /// The key of a taint.
    pub fn label_key(&mut self, key: &Spanned<String>) {
        if !is_label_key(&key.value) {
            let found = Diagnostic::error(
                &crate::texts::diagnostics::kubernetes::BAD_LABEL_KEY,
                self.place(key.span),
            );
            self.push(found.arg("path", "key").arg("found", key.value.as_str()));
        }
    }

    /// Points of a curve come one after the other.
    pub fn rate(&mut self, rate: &Spanned<Rate>) {
        let points: &[Spanned<RatePoint>] = match &rate.value {
            Rate::Constant(_) | Rate::Ramp(_) => return,
            Rate::Curve(points) => points,
            Rate::Cycle(cycle) => &cycle.points,
        };
        if points.is_empty() {
            let found = Diagnostic::error(&physics::CURVE_EMPTY, self.place(rate.span));
            self.push(found);
        }
        for pair in points.windows(2) {
            let [before, after] = pair else { continue };
            if after.value.at <= before.value.at {
                let first = self.place(before.span);
                let found = Diagnostic::error(&physics::CURVE_ORDER, self.place(after.span))
                    .arg("at", after.value.at.to_string())
                    .arg("before", before.value.at.to_string())
                    .also(first, Label::FirstHere);
                self.push(found);
            }
        }
    }
}

/// `shop/frontend` is Service `frontend` in namespace `shop`; without a namespace `default`.
pub(crate) fn split_service(text: &str) -> (&str, &str) {
    let text = text.strip_prefix("service/").unwrap_or(text);
    text.split_once('/').unwrap_or(("default", text))
}
