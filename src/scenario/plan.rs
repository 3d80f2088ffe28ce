//! The plan of a run: a scenario whose every word has been checked, with its manifests read.
//!
//! The laboratory builds the cluster from it, carries the steps out at their moments and holds the
//! run against the expectations. Nothing in a plan can fail for being misspelt.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{Object, Taint};
use crate::kernel::{SimTime, Span as TimeSpan};
use crate::scenario::check::machine_names;
use crate::scenario::expect::Expectation;
use crate::scenario::file::{Addon, Apply, Bookmark, Cluster, Image, Link, Scenario, Traffic};
use crate::scenario::manifest::{Manifest, Skipped};
use crate::scenario::settings;
use crate::scenario::steps::Action;
use crate::scenario::tree::spanned::Spanned;

/// Everything a run needs.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One line for people.
    pub title: String,
    /// What to look at, for people.
    pub notes: String,
    /// The seed of all chance.
    pub seed: u64,
    /// The moment at which the run ends.
    pub until: SimTime,
    /// The cluster before anything happens.
    pub cluster: ClusterPlan,
    /// The objects to apply at the beginning, in the order of the manifests.
    pub objects: Vec<Object>,
    /// Valid objects of the manifests that are not simulated.
    pub skipped: Vec<Skipped>,
    /// Clients.
    pub traffic: Vec<Traffic>,
    /// What happens, in the order of time (and of the text within one moment).
    pub steps: Vec<PlannedStep>,
    /// What must hold, in the order of the text.
    pub expect: Vec<Spanned<Expectation>>,
    /// Moments to come back to.
    pub bookmarks: Vec<Bookmark>,
}

/// The cluster, machine by machine.
#[derive(Clone, Debug)]
pub struct ClusterPlan {
    /// The version of Kubernetes whose defaults hold.
    pub kubernetes: String,
    /// How many control plane machines.
    pub control_planes: u32,
    /// How many etcd members.
    pub etcd: u32,
    /// The zones of the control plane machines, one after the other; empty: the nodes' zones.
    pub control_plane_zones: Vec<String>,
    /// Worker machines.
    pub nodes: Vec<NodePlan>,
    /// Links that are not like the default.
    pub links: Vec<Link>,
    /// Further programs.
    pub addons: Vec<Addon>,
    /// How the programs of images behave.
    pub images: BTreeMap<String, Image>,
    /// Changed flags: full name (`kube-scheduler.kube-api-qps`) and value, sorted by name.
    pub settings: BTreeMap<String, String>,
}

/// One worker machine.
#[derive(Clone, Debug, PartialEq)]
pub struct NodePlan {
    /// The name.
    pub name: String,
    /// CPU \[thousandths of a core\].
    pub cpu_milli: u64,
    /// Memory \[bytes\].
    pub memory: u64,
    /// Disk for logs, layers and emptyDir \[bytes\].
    pub storage: u64,
    /// Most pods.
    pub pods: u32,
    /// The zone, if it is in one.
    pub zone: Option<String>,
    /// Further labels; shared by the machines of a group.
    pub labels: Arc<BTreeMap<String, String>>,
    /// Taints; shared by the machines of a group.
    pub taints: Arc<[Taint]>,
}

/// A step with its moment.
#[derive(Clone, Debug)]
pub struct PlannedStep {
    /// When.
    pub at: SimTime,
    /// What.
    pub action: Spanned<Action>,
    /// The objects of an `apply` step; empty for all others.
    pub objects: Vec<Object>,
    /// Why, for people.
    pub note: String,
}

/// Defaults that were others in older versions: version, setting, value.
/// Source: kubernetes/kubernetes pull 126287 (1.32 raised the grace period to 50 s).
const OLDER_DEFAULTS: &[(&str, &str, &str)] =
    &[("1.31", "kube-controller-manager.node-monitor-grace-period", "40s")];

/// The moment a span after the beginning.
fn moment(span: TimeSpan) -> SimTime {
    SimTime::ZERO + span
}

impl Plan {
    /// The plan of a checked scenario; `manifests` are those of `apply`, `later` those of the apply
    /// steps by the number of the step.
    pub(crate) fn new(
        scenario: Scenario,
        manifests: &[Manifest],
        later: &BTreeMap<usize, Vec<Manifest>>,
    ) -> Plan {
        let mut steps: Vec<PlannedStep> = Vec::new();
        for (number, step) in scenario.steps.into_iter().enumerate() {
            let objects = later.get(&number).into_iter().flatten().flat_map(objects_of).collect();
            let at = moment(step.at.value.0);
            steps.push(PlannedStep { at, action: step.action, objects, note: step.note });
        }
        steps.sort_by_key(|step| step.at);
        Plan {
            title: scenario.title,
            notes: scenario.notes,
            seed: scenario.seed,
            until: moment(scenario.until.value.0),
            cluster: ClusterPlan::new(scenario.cluster),
            objects: manifests.iter().flat_map(objects_of).collect(),
            skipped: manifests.iter().flat_map(|manifest| manifest.skipped.clone()).collect(),
            traffic: scenario.traffic,
            steps,
            expect: scenario.expect,
            bookmarks: scenario.bookmarks,
        }
    }
}

fn objects_of(manifest: &Manifest) -> Vec<Object> {
    manifest.objects.iter().map(|item| item.object.clone()).collect()
}

impl ClusterPlan {
    /// Every machine of a checked cluster.
    pub(crate) fn new(cluster: Cluster) -> ClusterPlan {
        let mut nodes = Vec::new();
        for group in cluster.nodes {
            let names = machine_names(&group);
            let labels = group.labels.into_iter().map(|(key, value)| (key.value, value.value));
            let labels: Arc<BTreeMap<String, String>> = Arc::new(labels.collect());
            let taints: Arc<[Taint]> = group.taints.into_iter().map(|taint| taint.value).collect();
            nodes.extend(names.into_iter().map(|name| NodePlan {
                name,
                cpu_milli: group.cpu.0,
                memory: group.memory.0,
                storage: group.storage.0,
                pods: group.pods,
                zone: group.zone.as_ref().map(|zone| zone.value.clone()),
                labels: labels.clone(),
                taints: taints.clone(),
            }));
        }
        let full = |name: &str| settings::find(name).map(|known| known.full_name());
        let named = |(name, value): (Spanned<String>, Spanned<crate::scenario::file::Scalar>)| {
            Some((full(&name.value).ok()?, value.value.0))
        };
        let mut changed: BTreeMap<String, String> =
            cluster.settings.into_iter().filter_map(named).collect();
        for (version, name, value) in OLDER_DEFAULTS {
            if cluster.kubernetes.value == *version
                && let Ok(known) = settings::find(name)
            {
                changed.entry(known.full_name()).or_insert_with(|| (*value).to_owned());
            }
        }
        ClusterPlan {
            kubernetes: cluster.kubernetes.value,
            control_planes: cluster.control_planes.value,
            etcd: cluster.etcd.value,
            control_plane_zones: cluster
                .control_plane_zones
                .into_iter()
                .map(|zone| zone.value)
                .collect(),
            nodes,
            links: cluster.links,
            addons: cluster.addons.into_iter().map(|addon| addon.value).collect(),
            images: cluster.images.into_iter().map(|(name, image)| (name.value, image)).collect(),
            settings: changed,
        }
    }
}

/// The manifest that an apply step brings.
pub(crate) fn applied(action: &Action) -> Option<&Spanned<Apply>> {
    if let Action::Apply(apply) = action { Some(&apply.manifest) } else { None }
}
