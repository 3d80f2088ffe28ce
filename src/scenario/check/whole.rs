//! The parts of a scenario, one after the other.

use std::collections::BTreeMap;

use super::world::machine_names;
use super::{Act, Check, contradictions};
use crate::api::Object;
use crate::scenario::diagnostic::{Arg, Diagnostic};
use crate::scenario::expect::Demand;
use crate::scenario::file::{Bookmark, Cluster, LANGUAGE_VERSION, NodeGroup, Scenario, Traffic};
use crate::scenario::manifest::Manifest;
use crate::scenario::manifest::rules::{is_dns_subdomain, is_label_key, is_label_value};
use crate::scenario::settings::{self, SettingError};
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;
use crate::texts::diagnostics::{Label, kubernetes, names, physics, settings as setting_texts};

/// The versions whose defaults are known.
const KUBERNETES_VERSIONS: &[&str] = &["1.31", "1.32", "1.33", "1.34"];
/// Kubernetes' published limit.
/// Source: kubernetes/community:sig-scalability/configs-and-limits/thresholds.md
const NODES_MAX: usize = 5_000;
/// More machines than this are refused: a slip of a finger must not fill the memory.
const NODES_REFUSED: usize = 20_000;

/// Checks the whole scenario.
pub(crate) fn scenario(scenario: &Scenario, manifests: &[&Manifest], check: &mut Check<'_>) {
    version(scenario, check);
    unique(scenario.traffic.iter().map(|traffic| &traffic.name), "traffic", check);
    unique(scenario.bookmarks.iter().map(|mark| &mark.name), "bookmarks", check);
    scenario.traffic.iter().for_each(|one| traffic(one, check));
    for step in &scenario.steps {
        check.here = step.action.span;
        let until = &scenario.until;
        if step.at.value > until.value {
            let place = check.place(until.span);
            let late = check
                .beyond_end(&physics::STEP_AFTER_END, step.at.span)
                .arg("at", step.at.value.to_string())
                .arg("until", until.value.to_string())
                .also_if(place, Label::UntilHere);
            check.push(late);
        }
        step.action.value.check(check);
    }
    contradictions(&scenario.steps, check);
    for expectation in &scenario.expect {
        check.here = expectation.span;
        expectation.value.check(check);
    }
    scenario.bookmarks.iter().for_each(|mark| bookmark(mark, check));
    capacity(scenario, manifests, check);
}

fn version(scenario: &Scenario, check: &mut Check<'_>) {
    let version = &scenario.version;
    if version.value == 0 || version.value > LANGUAGE_VERSION {
        let found = Diagnostic::error(&names::LANGUAGE_VERSION, check.place(version.span))
            .arg("found", version.value.to_string())
            .arg("known", LANGUAGE_VERSION.to_string());
        check.push(found);
    }
    if scenario.until.value.0.is_zero() {
        let found = Diagnostic::error(&physics::NO_TIME, check.place(scenario.until.span));
        check.push(found);
    }
}

fn unique<'a>(all: impl Iterator<Item = &'a Spanned<String>>, list: &str, check: &mut Check<'_>) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for name in all {
        if let Some(span) = first.get(name.value.as_str()) {
            let place = check.place(*span);
            let again = Diagnostic::error(&names::DUPLICATE_NAME, check.place(name.span))
                .arg("name", name.value.as_str())
                .arg("list", list)
                .also(place, Label::FirstHere);
            check.push(again);
        } else {
            first.insert(&name.value, name.span);
        }
    }
}

/// Checks the cluster: machines, links, settings.
pub(crate) fn cluster(cluster: &Cluster, check: &mut Check<'_>) {
    let version = &cluster.kubernetes;
    if !KUBERNETES_VERSIONS.contains(&version.value.as_str()) {
        let found = Diagnostic::error(&names::KUBERNETES_VERSION, check.place(version.span))
            .arg("found", version.value.as_str())
            .suggest(nearest(&version.value, KUBERNETES_VERSIONS.iter().copied()));
        check.push(found.arg("known", KUBERNETES_VERSIONS.join(", ")));
    }
    members(cluster, check);
    machines(&cluster.nodes, check);
    for link in &cluster.links {
        for zone in [&link.between.0, &link.between.1] {
            if zone.value != "outside" {
                check.zone(zone);
            }
        }
    }
    for (name, value) in &cluster.settings {
        setting((&name.value, name.span), (&value.value.0, value.span), check);
    }
}

fn members(cluster: &Cluster, check: &mut Check<'_>) {
    let etcd = &cluster.etcd;
    if !matches!(etcd.value, 1 | 3 | 5 | 7) {
        let found = Diagnostic::error(&names::ETCD_MEMBERS, check.place(etcd.span));
        check.push(found.arg("found", etcd.value.to_string()));
    }
    let planes = &cluster.control_planes;
    if !(1..=7).contains(&planes.value) {
        let found = Diagnostic::error(&names::CONTROL_PLANES, check.place(planes.span));
        check.push(found.arg("found", planes.value.to_string()));
    }
}

fn machines(groups: &[NodeGroup], check: &mut Check<'_>) {
    let total: usize = groups.iter().map(count).fold(0, usize::saturating_add);
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    for group in groups {
        let name = &group.name;
        if !is_dns_subdomain(&name.value) {
            let found = Diagnostic::error(&kubernetes::BAD_NAME, check.place(name.span));
            check.push(found.arg("path", "cluster.nodes.name").arg("found", name.value.as_str()));
        }
        for (key, value) in &group.labels {
            if !is_label_key(&key.value) {
                let found = Diagnostic::error(&kubernetes::BAD_LABEL_KEY, check.place(key.span));
                check.push(
                    found.arg("path", "cluster.nodes.labels").arg("found", key.value.as_str()),
                );
            }
            if !is_label_value(&value.value) {
                let found =
                    Diagnostic::error(&kubernetes::BAD_LABEL_VALUE, check.place(value.span));
                let path = format!("cluster.nodes.labels.{key}");
                check.push(found.arg("path", path).arg("found", value.value.as_str()));
            }
        }
        let span = group.count.as_ref().map_or(name.span, |count| count.span);
        if count(group) > NODES_REFUSED {
            let found = Diagnostic::error(&physics::TOO_MANY_NODES, check.place(span));
            check
                .push(found.arg("count", total.to_string()).arg("most", NODES_REFUSED.to_string()));
            continue;
        }
        for machine in machine_names(group) {
            if let Some(before) = first.get(&machine) {
                let place = check.place(*before);
                let again = Diagnostic::error(&names::DUPLICATE_NAME, check.place(name.span))
                    .arg("name", machine)
                    .arg("list", "cluster.nodes")
                    .also(place, Label::FirstHere);
                check.push(again);
                break;
            }
            first.insert(machine, name.span);
        }
    }
    if let Some(group) = groups.last().filter(|_| total > NODES_MAX && total <= NODES_REFUSED) {
        let span = group.count.as_ref().map_or(group.name.span, |count| count.span);
        let found = Diagnostic::warning(&physics::MANY_NODES, check.place(span));
        check.push(found.arg("count", total.to_string()));
    }
}

fn count(group: &NodeGroup) -> usize {
    group.count.as_ref().map_or(1, |count| usize::try_from(count.value).unwrap_or(usize::MAX))
}

/// One setting: its name must be known, its value of the right kind.
pub(crate) fn setting(
    (name, name_span): (&str, Span),
    (value, value_span): (&str, Span),
    check: &mut Check<'_>,
) {
    match settings::find(name) {
        Ok(known) => {
            let Err(expected) = known.accepts(value) else { return };
            let found = Diagnostic::error(&setting_texts::BAD_SETTING, check.place(value_span))
                .arg("name", name)
                .arg("found", value)
                .arg("kind", expected_arg(expected))
                .arg("default", known.default);
            check.push(found);
        }
        Err(SettingError::Unknown(near)) => {
            let found = Diagnostic::error(&setting_texts::UNKNOWN_SETTING, check.place(name_span));
            check.push(found.arg("name", name).suggest(near));
        }
        Err(SettingError::Ambiguous(full)) => {
            let found =
                Diagnostic::error(&setting_texts::AMBIGUOUS_SETTING, check.place(name_span));
            check.push(found.arg("name", name).suggest(full));
        }
    }
}

/// What a setting expects, in the words of the table where it has them.
fn expected_arg(expected: &'static str) -> Arg {
    settings::expected_kind(expected).map_or_else(|| Arg::from(expected), Arg::from)
}

fn traffic(traffic: &Traffic, check: &mut Check<'_>) {
    check.service(&traffic.service);
    if let Some(port) = &traffic.port {
        check.port(&traffic.service, port);
    }
    check.target(&traffic.from);
    if !matches!(traffic.from.value, Target::Outside | Target::Node(_)) {
        let found = Diagnostic::error(&names::CLIENT_PLACE, check.place(traffic.from.span));
        check.push(found.arg("target", traffic.from.value.to_string()));
    }
    check.rate(&traffic.rate);
    check.window(&traffic.start, traffic.until.as_ref().map(|until| (until, false)));
}

fn bookmark(bookmark: &Bookmark, check: &mut Check<'_>) {
    check.here = bookmark.name.span;
    if bookmark.at.is_some() == bookmark.first.is_some() {
        let found = Diagnostic::error(&physics::BOOKMARK_MOMENT, check.place(bookmark.name.span));
        check.push(found.arg("name", bookmark.name.value.as_str()));
    }
    if let Some(at) = bookmark.at.as_ref().filter(|at| at.value > check.world.until.value) {
        let until = check.world.until.clone();
        let late = check
            .beyond_end(&physics::STEP_AFTER_END, at.span)
            .arg("at", at.value.to_string())
            .arg("until", until.value.to_string());
        check.push(late);
    }
    if let Some(first) = &bookmark.first {
        check.here = first.span;
        first.value.check(check);
    }
}

/// More CPU, memory or pods asked for than the machines have: some pods will stay Pending.
fn capacity(scenario: &Scenario, manifests: &[&Manifest], check: &mut Check<'_>) {
    let (mut cpu, mut memory, mut pods) = (0i128, 0i128, 0i128);
    for group in &scenario.cluster.nodes {
        let count = i128::try_from(count(group)).unwrap_or(i128::MAX);
        cpu += i128::from(group.cpu.0) * count;
        memory += i128::from(group.memory.0) * count;
        pods += i128::from(group.pods) * count;
    }
    let (mut asked_cpu, mut asked_memory, mut asked_pods) = (0i128, 0i128, 0i128);
    let objects = manifests.iter().flat_map(|manifest| &manifest.objects);
    for object in objects.map(|item| &item.object) {
        let replicas = if let Object::Deployment(deployment) = object {
            i128::from(deployment.spec.replicas)
        } else if let Object::ReplicaSet(set) = object {
            i128::from(set.spec.replicas)
        } else {
            i128::from(matches!(object, Object::Pod(_)))
        };
        let Some(spec) = super::world::pod_spec(object) else { continue };
        asked_pods += replicas;
        for container in spec.containers.iter() {
            let request = |name: &str| container.resources.requests.get(name);
            asked_cpu +=
                replicas * request("cpu").map_or(0, |amount| i128::from(amount.milli_value()));
            asked_memory +=
                replicas * request("memory").map_or(0, |amount| i128::from(amount.value()));
        }
    }
    let rows = [
        (physics::Resource::Cpu, asked_cpu, cpu, 1000),
        (physics::Resource::Memory, asked_memory, memory, 1 << 20),
        (physics::Resource::Pods, asked_pods, pods, 1),
    ];
    let span = scenario.cluster.nodes.first().map_or(Span::default(), |group| group.name.span);
    for (what, asked, there, unit) in rows {
        if asked > there {
            let over = Diagnostic::warning(&physics::OVER_CAPACITY, check.place(span))
                .arg("what", what)
                .arg("asked", amount(asked, unit, what))
                .arg("there", amount(there, unit, what));
            check.push(over);
        }
    }
}

fn amount(number: i128, unit: i128, what: physics::Resource) -> String {
    let whole = (number + unit - 1) / unit;
    if what == physics::Resource::Memory { format!("{whole}Mi") } else { whole.to_string() }
}
