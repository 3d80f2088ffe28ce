//! Carrying out steps and faults.
//!
//! A fault touches the kernel (lives, links) or tells a machine to misbehave; a step is a command
//! that the operator types. Both are stamped with virtual time and enter the run's digest. A
//! fault with a length puts its end on the agenda.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::Kind;
use crate::api::ObjectKey;
use crate::api::Str;
use crate::api::Taint;
use crate::cluster::Cluster;
use crate::cluster::Role;
use crate::kernel::CutId;
use crate::kernel::Dist;
use crate::kernel::EventId;
use crate::kernel::LinkSpec;
use crate::kernel::Sim;
use crate::kernel::Slot;
use crate::kernel::Span;
use crate::scenario::faults;
use crate::scenario::plan::PlannedStep;
use crate::scenario::steps::Action;
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::{Duration, ObjectRef};
use crate::wire::Note;
use crate::wire::operator::{Command, OperatorIn};
use crate::wire::runtime::{Behaviour, RuntimeFault, RuntimeIn};
use crate::wire::traffic::TrafficIn;

use super::aim;
use super::stage::curve;

/// Something that ends (or goes on) later.
#[derive(Clone, Debug)]
pub(super) enum Later {
    /// Crashed processes start again.
    Recover(Vec<Slot>),
    /// Paused processes go on.
    Resume(Vec<Slot>),
    /// A partition or slow way is healed.
    Heal(CutId),
    /// A member's disk is as fast as before.
    Disk(u32, Dist),
    /// A machine stops misbehaving.
    Runtime(Slot, RuntimeFault),
    /// A container is to crash again, so often.
    CrashAgain(Box<faults::container_crash::ContainerCrash>, u32),
}

/// What the faults of a run have left behind, to be ended by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Scars {
    cuts: BTreeMap<CutId, Option<String>>,
}

/// Before a container that shall crash again is looked at again.
const CRASH_AGAIN_AFTER: Span = Span::secs(1);

/// Carries out one step; what ends later comes back.
pub(super) fn act(
    sim: &mut Sim<Cluster>,
    scars: &mut Scars,
    step: &PlannedStep,
) -> Vec<(Span, Later)> {
    let action = &step.action.value;
    if let Some(commands) = commands(sim, step) {
        let operator = sim.world().directory().slot(Role::Operator);
        for command in commands {
            sim.inject(operator, OperatorIn::Do(Box::new(command)));
        }
        return Vec::new();
    }
    strike(sim, scars, action)
}

/// The commands that a step types; none when it is a fault.
fn commands(sim: &Sim<Cluster>, step: &PlannedStep) -> Option<Vec<Command>> {
    let name = |name: &Spanned<String>| Str::from(name.value.as_str());
    let all = |of: &Spanned<ObjectRef>, make: &dyn Fn(Kind, ObjectKey) -> Command| {
        let found = aim::objects(sim, &of.value);
        if found.is_empty() && !of.value.is_pattern() {
            // Let the API server say that it is not there.
            return vec![make(of.value.kind, key_of(&of.value))];
        }
        found.iter().map(|object| make(object.kind(), object.key())).collect()
    };
    Some(match &step.action.value {
        Action::Apply(_) => vec![Command::Apply(step.objects.clone())],
        Action::Delete(it) => {
            let grace = it.grace.map(|grace| i64::try_from(grace.0.as_secs()).unwrap_or(i64::MAX));
            all(&it.of, &|kind, key| Command::Delete { kind, key, grace_period_seconds: grace })
        }
        Action::Scale(it) => {
            let replicas = i32::try_from(it.replicas).unwrap_or(i32::MAX);
            all(&it.of, &|kind, key| Command::Scale { kind, key, replicas })
        }
        Action::SetImage(it) => all(&it.of, &|_, deployment| Command::SetImage {
            deployment,
            container: it.container.as_ref().map(name).unwrap_or_default(),
            image: it.image.as_str().into(),
        }),
        Action::Rollback(it) => {
            let revision = i64::from(it.revision.unwrap_or(0));
            all(&it.of, &|_, deployment| Command::RolloutUndo { deployment, revision })
        }
        Action::Restart(it) => all(&it.of, &|_, deployment| Command::RolloutRestart { deployment }),
        Action::PauseRollout(it) => {
            all(&it.of, &|_, deployment| Command::RolloutPause { deployment, paused: true })
        }
        Action::ResumeRollout(it) => {
            all(&it.of, &|_, deployment| Command::RolloutPause { deployment, paused: false })
        }
        Action::Cordon(it) => vec![Command::Cordon { node: name(&it.node), unschedulable: true }],
        Action::Uncordon(it) => {
            vec![Command::Cordon { node: name(&it.node), unschedulable: false }]
        }
        Action::Drain(it) => vec![Command::Drain { node: name(&it.node) }],
        Action::Taint(it) => {
            let taint = Taint {
                key: name(&it.key),
                value: it.value.as_str().into(),
                effect: it.effect,
                time_added: None,
            };
            vec![Command::Taint { node: name(&it.node), taint, on: true }]
        }
        Action::Untaint(it) => untaint(sim, &it.node, &it.key),
        Action::Crash(_)
        | Action::Recover(_)
        | Action::Pause(_)
        | Action::Resume(_)
        | Action::Partition(_)
        | Action::Heal(_)
        | Action::SlowLink(_)
        | Action::SlowDisk(_)
        | Action::ImagePullFailure(_)
        | Action::ContainerCrash(_)
        | Action::Hang(_)
        | Action::SlowApp(_)
        | Action::NotReady(_)
        | Action::LoadChange(_) => return None,
    })
}

/// Takes off every taint of that key, whatever its effect.
fn untaint(sim: &Sim<Cluster>, node: &Spanned<String>, key: &Spanned<String>) -> Vec<Command> {
    let found = sim.world().find(Kind::Node, &ObjectKey::new("", node.value.as_str()));
    let Some(crate::api::Object::Node(object)) = found else { return Vec::new() };
    let taints = object.spec.taints.iter().filter(|taint| taint.key == key.value.as_str());
    taints
        .map(|taint| Command::Taint {
            node: node.value.as_str().into(),
            taint: taint.clone(),
            on: false,
        })
        .collect()
}

fn key_of(of: &ObjectRef) -> ObjectKey {
    ObjectKey::new(of.namespace.as_str(), of.name.as_str())
}

/// Lets a fault strike.
fn strike(sim: &mut Sim<Cluster>, scars: &mut Scars, action: &Action) -> Vec<(Span, Later)> {
    match action {
        Action::Crash(it) => {
            let slots = tell(sim, "crash", &it.target.value);
            if matches!(it.target.value, Target::Runtime(_)) {
                return containerd_dies(sim, &slots, it.lasting);
            }
            slots.iter().for_each(|slot| sim.crash(*slot));
            ends(it.lasting, Later::Recover(slots))
        }
        Action::Recover(it) => {
            for slot in tell(sim, "recover", &it.target.value) {
                if matches!(it.target.value, Target::Runtime(_)) {
                    sim.inject(slot, containerd(true));
                } else {
                    sim.restart(slot);
                }
            }
            Vec::new()
        }
        Action::Pause(it) => {
            let slots = tell(sim, "pause", &it.target.value);
            slots.iter().for_each(|slot| sim.pause(*slot));
            ends(it.lasting, Later::Resume(slots))
        }
        Action::Resume(it) => {
            for slot in tell(sim, "resume", &it.target.value) {
                sim.resume(slot);
            }
            Vec::new()
        }
        Action::Partition(it) => partition(sim, scars, it),
        Action::SlowLink(it) => slow_link(sim, scars, it),
        Action::Heal(it) => {
            heal(sim, scars, it.name.as_ref().map(|name| name.value.as_str()));
            Vec::new()
        }
        Action::SlowDisk(it) => slow_disk(sim, it),
        Action::ImagePullFailure(it) => pull_failure(sim, it),
        Action::ContainerCrash(it) => container_crash(sim, it, it.times),
        Action::Hang(it) => {
            let change = (Behaviour::Hang(true), Behaviour::Hang(false));
            behave(sim, ("hang", &it.of, it.pods), it.lasting, change)
        }
        Action::NotReady(it) => {
            let change = (Behaviour::NotReady(true), Behaviour::NotReady(false));
            behave(sim, ("not_ready", &it.of, it.pods), it.lasting, change)
        }
        Action::SlowApp(it) => {
            let change = (Behaviour::Slow(it.by.0), Behaviour::Slow(Span::ZERO));
            behave(sim, ("slow_app", &it.of, it.pods), it.lasting, change)
        }
        Action::LoadChange(it) => {
            load_change(sim, it);
            Vec::new()
        }
        Action::Apply(_)
        | Action::Delete(_)
        | Action::Scale(_)
        | Action::SetImage(_)
        | Action::Rollback(_)
        | Action::Restart(_)
        | Action::PauseRollout(_)
        | Action::ResumeRollout(_)
        | Action::Cordon(_)
        | Action::Uncordon(_)
        | Action::Drain(_)
        | Action::Taint(_)
        | Action::Untaint(_) => unreachable!("commands were typed before"),
    }
}

/// Ends or goes on with what was to come later.
pub(super) fn later(sim: &mut Sim<Cluster>, scars: &mut Scars, later: Later) -> Vec<(Span, Later)> {
    match later {
        Later::Recover(slots) => {
            note(sim, "recover", name_of(sim, &slots), &slots);
            slots.into_iter().for_each(|slot| sim.restart(slot));
        }
        Later::Resume(slots) => {
            note(sim, "resume", name_of(sim, &slots), &slots);
            slots.into_iter().for_each(|slot| sim.resume(slot));
        }
        Later::Heal(cut) => {
            note(sim, "heal", scars.cuts.remove(&cut).flatten().unwrap_or_default(), &[]);
            sim.intervene(Slot::OUTSIDE, 20);
            sim.links_mut().heal(cut);
        }
        Later::Disk(member, dist) => {
            note(sim, "fast_disk", format!("etcd({})", member + 1), &[]);
            set_disk(sim, member, dist);
        }
        Later::Runtime(slot, fault) => {
            let event = if let RuntimeFault::Behave { pod, .. } = &fault {
                note_pods(sim, "heal", format!("pod/{}", pod.name), vec![pod.clone()])
            } else {
                note(sim, "heal", name_of(sim, &[slot]), &[slot])
            };
            sim.inject_because(event, slot, RuntimeIn::Fault(Box::new(fault)));
        }
        Later::CrashAgain(it, times) => return container_crash(sim, &it, times),
    }
    Vec::new()
}

/// Notes a fault on a target and gives the processes that it strikes.
fn tell(sim: &mut Sim<Cluster>, name: &'static str, target: &Target) -> Vec<Slot> {
    let slots = aim::slots(sim, target);
    let mut text = target.to_string();
    if target.is_late() {
        text = format!("{text} = {}", name_of(sim, &slots));
    }
    note(sim, name, text, &slots);
    slots
}

fn name_of(sim: &Sim<Cluster>, slots: &[Slot]) -> String {
    let directory = sim.world().directory();
    let machines = aim::machines(sim, slots);
    match (slots, machines.as_slice()) {
        ([only], _) => directory.name(*only).to_string(),
        (_, [machine]) => machine.to_string(),
        (_, several) => several.iter().map(Str::as_str).collect::<Vec<_>>().join(", "),
    }
}

fn note(sim: &mut Sim<Cluster>, name: &'static str, target: String, slots: &[Slot]) -> EventId {
    let machines: Arc<[Str]> = aim::machines(sim, slots).into();
    let event = sim.intervene(Slot::OUTSIDE, 10);
    let (actors, pods): (Arc<[Slot]>, _) = (slots.into(), Arc::from([]));
    sim.note(event, Note::Fault { name, target: target.into(), actors, machines, pods });
    event
}

/// Notes a fault in the programs of pods, or its end.
fn note_pods(
    sim: &mut Sim<Cluster>,
    name: &'static str,
    target: String,
    pods: Vec<ObjectKey>,
) -> EventId {
    let event = sim.intervene(Slot::OUTSIDE, 10);
    let (actors, machines) = (Arc::from([]), Arc::from([]));
    let pods = pods.into();
    sim.note(event, Note::Fault { name, target: target.into(), actors, machines, pods });
    event
}

fn ends(lasting: Option<Duration>, later: Later) -> Vec<(Span, Later)> {
    lasting.map(|lasting| (lasting.0, later)).into_iter().collect()
}

/// containerd dies alone: the containers and the packet rules live on, the runtime's actor being
/// the whole machine below the kubelet.
fn containerd_dies(
    sim: &mut Sim<Cluster>,
    slots: &[Slot],
    lasting: Option<Duration>,
) -> Vec<(Span, Later)> {
    let mut endings = Vec::new();
    for slot in slots {
        sim.inject(*slot, containerd(false));
        endings.extend(ends(lasting, Later::Runtime(*slot, RuntimeFault::Daemon { up: true })));
    }
    endings
}

fn containerd(up: bool) -> RuntimeIn {
    RuntimeIn::Fault(Box::new(RuntimeFault::Daemon { up }))
}

fn partition(
    sim: &mut Sim<Cluster>,
    scars: &mut Scars,
    it: &faults::partition::Partition,
) -> Vec<(Span, Later)> {
    let side = |sim: &Sim<Cluster>, targets: &[Spanned<Target>]| {
        targets.iter().flat_map(|target| aim::sites(sim, &target.value)).collect::<Vec<_>>()
    };
    let (a, b) = (side(sim, &it.a), side(sim, &it.b));
    let text = |targets: &[Spanned<Target>]| {
        targets.iter().map(|target| target.value.to_string()).collect::<Vec<_>>().join(", ")
    };
    let arrow = if it.one_way { "-/->" } else { "-/-" };
    let slots: Vec<Slot> =
        it.a.iter().chain(&it.b).flat_map(|target| aim::slots(sim, &target.value)).collect();
    note(sim, "partition", format!("{} {arrow} {}", text(&it.a), text(&it.b)), &slots);
    let cut = sim.links_mut().cut(&a, &b, !it.one_way);
    scars.cuts.insert(cut, it.name.as_ref().map(|name| name.value.clone()));
    ends(it.lasting, Later::Heal(cut))
}

fn slow_link(
    sim: &mut Sim<Cluster>,
    scars: &mut Scars,
    it: &faults::slow_link::SlowLink,
) -> Vec<(Span, Later)> {
    let (a, b) = (aim::sites(sim, &it.a.value), aim::sites(sim, &it.b.value));
    let extra = LinkSpec {
        latency: it.latency.0,
        jitter: it.jitter.0,
        loss_ppm: it.loss.0,
        duplicate_ppm: it.duplicate.0,
        reorder_ppm: it.reorder.0,
    };
    let target = format!("{} ~ {} (+{})", it.a.value, it.b.value, it.latency);
    note(sim, "slow_link", target, &[]);
    let cut = sim.links_mut().slow(&a, &b, extra);
    scars.cuts.insert(cut, it.name.as_ref().map(|name| name.value.clone()));
    ends(it.lasting, Later::Heal(cut))
}

fn heal(sim: &mut Sim<Cluster>, scars: &mut Scars, name: Option<&str>) {
    note(sim, "heal", name.unwrap_or("*").to_owned(), &[]);
    let chosen: Vec<CutId> = scars
        .cuts
        .iter()
        .filter(|(_, known)| name.is_none() || known.as_deref() == name)
        .map(|(cut, _)| *cut)
        .collect();
    for cut in chosen {
        scars.cuts.remove(&cut);
        sim.links_mut().heal(cut);
    }
}

fn slow_disk(sim: &mut Sim<Cluster>, it: &faults::slow_disk::SlowDisk) -> Vec<(Span, Later)> {
    let slots = tell(sim, "slow_disk", &it.target.value);
    let members = slots.iter().filter_map(|slot| match sim.world().directory().role(*slot) {
        Some(Role::Etcd(member)) => Some(member),
        _ => None,
    });
    let members: Vec<u32> = members.collect();
    let mut endings = Vec::new();
    for member in members {
        let normal = sim.world().etcd_member(member as usize).map(|found| found.config().fsync);
        set_disk(sim, member, Dist::Constant(it.fsync.0));
        if let Some(normal) = normal {
            endings.extend(ends(it.lasting, Later::Disk(member, normal)));
        }
    }
    endings
}

fn set_disk(sim: &mut Sim<Cluster>, member: u32, fsync: Dist) {
    sim.intervene(Slot(member), 21);
    if let Some(found) = sim.world_mut().etcd_member_mut(member as usize) {
        found.disk_mut().set_fsync(fsync);
    }
}

fn pull_failure(
    sim: &mut Sim<Cluster>,
    it: &faults::image_pull_failure::ImagePullFailure,
) -> Vec<(Span, Later)> {
    let image = (it.image.value != "*").then(|| Str::from(it.image.value.as_str()));
    let world = sim.world();
    let slots: Vec<Slot> = match &it.node {
        Some(node) => world.runtime_of(&node.value).into_iter().collect(),
        None => world.node_names().filter_map(|name| world.runtime_of(name)).collect(),
    };
    note(sim, "image_pull_failure", it.image.value.clone(), &[]);
    let mut endings = Vec::new();
    for slot in slots {
        let fault = |fails| RuntimeFault::PullFails { image: image.clone(), fails };
        sim.inject(slot, RuntimeIn::Fault(Box::new(fault(true))));
        endings.extend(ends(it.lasting, Later::Runtime(slot, fault(false))));
    }
    endings
}

/// Crashes containers that run; those that do not run yet are looked at again.
fn container_crash(
    sim: &mut Sim<Cluster>,
    it: &faults::container_crash::ContainerCrash,
    times: u32,
) -> Vec<(Span, Later)> {
    let wanted = it.pods.map_or(usize::MAX, |count| count as usize);
    let pods: Vec<_> = aim::pods(sim, &it.of.value).into_iter().take(wanted).collect();
    let runs = |pod: &crate::api::Pod| {
        pod.status.container_statuses.iter().any(|status| status.state.running.is_some())
    };
    let ready = !pods.is_empty() && pods.iter().all(|pod| runs(pod));
    if !ready {
        return vec![(CRASH_AGAIN_AFTER, Later::CrashAgain(Box::new(it.clone()), times))];
    }
    let event = note(sim, "container_crash", it.of.value.to_string(), &[]);
    for pod in pods {
        let Some(slot) = sim.world().runtime_of(&pod.spec.node_name) else { continue };
        let container = it.container.as_deref().map(Str::from);
        let (code, oom) = (it.exit_code, it.oom);
        let pod = pod.metadata.key();
        let fault = RuntimeFault::CrashContainer { pod, container, code, oom };
        sim.inject_because(event, slot, RuntimeIn::Fault(Box::new(fault)));
    }
    if times <= 1 {
        return Vec::new();
    }
    // The kubelet needs a moment to notice; after that, whatever runs is a new life.
    vec![(CRASH_AGAIN_AFTER * 3, Later::CrashAgain(Box::new(it.clone()), times - 1))]
}

fn behave(
    sim: &mut Sim<Cluster>,
    (name, of, pods): (&'static str, &Spanned<ObjectRef>, Option<u32>),
    lasting: Option<Duration>,
    (on, off): (Behaviour, Behaviour),
) -> Vec<(Span, Later)> {
    let wanted = pods.map_or(usize::MAX, |count| count as usize);
    let pods: Vec<_> = aim::pods(sim, &of.value).into_iter().take(wanted).collect();
    let keys = pods.iter().map(|pod| pod.metadata.key()).collect();
    let event = note_pods(sim, name, of.value.to_string(), keys);
    let mut endings = Vec::new();
    for pod in pods {
        let Some(slot) = sim.world().runtime_of(&pod.spec.node_name) else { continue };
        let fault = |change| RuntimeFault::Behave { pod: pod.metadata.key(), change };
        sim.inject_because(event, slot, RuntimeIn::Fault(Box::new(fault(on))));
        endings.extend(ends(lasting, Later::Runtime(slot, fault(off))));
    }
    endings
}

fn load_change(sim: &mut Sim<Cluster>, it: &crate::scenario::steps::load_change::LoadChange) {
    let name = format!("client:{}", it.traffic.value);
    let event = note(sim, "load_change", it.traffic.value.clone(), &[]);
    if let Some(slot) = sim.world().directory().find(&name) {
        sim.inject_because(event, slot, TrafficIn::SetRate(Box::new(curve(&it.rate.value, false))));
    }
}
