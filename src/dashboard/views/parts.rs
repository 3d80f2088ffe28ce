//! What several views need: names, states of pods and nodes, rows, sentences of facts.

use std::borrow::Cow;

use crate::api::ConditionStatus;
use crate::api::Kind;
use crate::api::Node;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Pod;
use crate::api::PodPhase;
use crate::api::pod_status::ContainerStatus;
use crate::api::reasons;
use crate::dashboard::model::{Column, Role, Row, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::kernel::ActorState;
use crate::kernel::SimTime;
use crate::kernel::Slot;
use crate::observe::{Fact, Model, Told, tell};
use crate::tell::Tone;
use crate::tell::form;
use crate::tell::sentence::one_sentence;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::dashboard::views_a::ObjectWords;

/// A column of words.
pub(super) fn column(head: &str, from: Tier, least: u16, share: u16) -> Column {
    Column { head: head.to_owned(), from, least, share, right: false }
}

/// A column of numbers.
pub(super) fn numbers(head: &str, from: Tier, least: u16) -> Column {
    Column { head: head.to_owned(), from, least, share: 0, right: true }
}

/// A row that stands for something.
pub(super) fn row(target: Target, cells: Vec<Text>) -> Row {
    Row { target: Some(target), cells, now: false }
}

/// A number as a text.
pub(super) fn number(of: impl ToString) -> Text {
    Text::plain(of.to_string())
}

/// An object's name; its namespace too, unless it is `default`.
pub(super) fn shown(key: &ObjectKey) -> String {
    if key.namespace == "default" { key.name.to_string() } else { key.to_string() }
}

/// The role that a sentence's mood has on a page.
pub(super) const fn role_of(tone: Tone) -> Role {
    match tone {
        Tone::Good => Role::Good,
        Tone::Neutral => Role::Plain,
        Tone::Faint => Role::Faint,
        Tone::Warning => Role::Warning,
        Tone::Bad => Role::Bad,
        Tone::Act => Role::Act,
        Tone::Mark => Role::Mark,
        Tone::Lead => Role::Leader,
    }
}

/// What one thing told says, with its sign.
pub(super) fn said(told: &Told, scene: &Scene<'_>) -> Text {
    let (tone, sentence) = one_sentence(told, scene.lang);
    let role = role_of(tone);
    match role.sign(scene.ascii) {
        Some(_) => Text::state(role, sentence, scene.ascii),
        None => Text::new(role, sentence),
    }
}

/// Everything that a fact says.
pub(super) fn told(fact: &Fact, scene: &Scene<'_>) -> Vec<Told> {
    tell(fact, &scene.seen.directory)
}

/// The most important thing that a fact says, with its sign.
pub(super) fn first_said(fact: &Fact, scene: &Scene<'_>) -> Text {
    told(fact, scene).first().map_or_else(Text::default, |told| said(told, scene))
}

/// How long ago something was: `62 s`, `5 dk 3 s`.
pub(super) fn age(since: Option<SimTime>, scene: &Scene<'_>) -> String {
    let Some(since) = since else { return "-".to_owned() };
    let span = scene.run.now().since(since);
    match span.as_secs() {
        secs if secs < 120 => format!("{secs} s"),
        secs if secs < 7_200 => match secs % 60 {
            0 => format!("{} {}", secs / 60, minutes(scene)),
            rest => format!("{} {} {rest} s", secs / 60, minutes(scene)),
        },
        secs => format!("{} {}", form::count(scene.lang, secs / 60), minutes(scene)),
    }
}

fn minutes(scene: &Scene<'_>) -> &'static str {
    ObjectWords::Minutes.text(scene.lang)
}

/// A share of a hundred thousand, with its sign where the language puts it. What is not the whole
/// never reads as 100: the rest is cut off.
pub(super) fn share(lang: Lang, of_100_000: u64) -> String {
    let number = form::tenths(lang, of_100_000 / 100);
    match lang {
        Lang::Tr => format!("%{number}"),
        Lang::En => format!("{number}%"),
    }
}

/// How a node stands: its role on the page, and the word.
pub(super) fn node_state(node: &Node) -> (Role, &'static str) {
    match node.status.conditions.status(&reasons::READY) {
        Some(ConditionStatus::True) => (Role::Good, "Ready"),
        Some(ConditionStatus::False) => (Role::Bad, "NotReady"),
        Some(ConditionStatus::Unknown) | None => (Role::Unknown, "Unknown"),
    }
}

/// How a pod stands: its role on the page, and kubectl's word.
///
/// What is told of a pod on a node that nobody hears is only the last that was heard.
pub(super) fn pod_state(pod: &Pod, model: &Model) -> (Role, String) {
    if pod.spec.node_name.is_empty() || pod.is_terminal() {
        let (role, word) = told_state(pod);
        return (role, word.into_owned());
    }
    let key = ObjectKey::new("", pod.spec.node_name.clone());
    let heard = match model.get(Kind::Node, &key) {
        Some(Object::Node(node)) => {
            node.status.conditions.status(&reasons::READY) == Some(ConditionStatus::True)
        }
        Some(_) | None => false,
    };
    let (role, word) = pod_state_where(pod, heard);
    (role, word.into_owned())
}

/// The same for who knows already whether the pod's node is heard.
pub(super) fn pod_state_where(pod: &Pod, heard: bool) -> (Role, Cow<'static, str>) {
    let (role, word) = told_state(pod);
    let told = heard || pod.spec.node_name.is_empty() || pod.is_terminal();
    (if told { role } else { Role::Unknown }, word)
}

/// What the pod's own status tells.
fn told_state(pod: &Pod) -> (Role, Cow<'static, str>) {
    if pod.metadata.is_terminating() {
        return (Role::Starting, "Terminating".into());
    }
    let status = &pod.status;
    match status.phase {
        PodPhase::Succeeded => return (Role::Good, "Completed".into()),
        PodPhase::Failed if status.reason.is_empty() => return (Role::Bad, "Error".into()),
        PodPhase::Failed => return (Role::Bad, status.reason.to_string().into()),
        PodPhase::Unknown => return (Role::Unknown, "Unknown".into()),
        PodPhase::Pending | PodPhase::Running => {}
    }
    if pod.spec.node_name.is_empty() {
        return (Role::Waiting, "Pending".into());
    }
    let containers = status.init_container_statuses.iter().chain(&status.container_statuses);
    if let Some(found) = containers.filter_map(trouble).next() {
        return (found.0, found.1.into());
    }
    if status.phase == PodPhase::Pending {
        return (Role::Starting, "ContainerCreating".into());
    }
    let role = if pod.is_ready() { Role::Good } else { Role::Starting };
    (role, "Running".into())
}

/// What a container that does not run makes of its pod.
fn trouble(container: &ContainerStatus) -> Option<(Role, String)> {
    if let Some(waiting) = &container.state.waiting {
        let starts = matches!(waiting.reason.as_str(), "ContainerCreating" | "PodInitializing");
        let role = if starts || waiting.reason.is_empty() { Role::Starting } else { Role::Bad };
        let word =
            if waiting.reason.is_empty() { "ContainerCreating" } else { waiting.reason.as_str() };
        return Some((role, word.to_owned()));
    }
    let ended = container.state.terminated.as_ref().filter(|ended| ended.exit_code != 0)?;
    Some((Role::Bad, ended.reason.to_string()))
}

/// How many of a pod's containers are ready: `1/2`.
pub(super) fn ready_containers(pod: &Pod) -> String {
    let ready = pod.status.container_statuses.iter().filter(|status| status.ready).count();
    format!("{ready}/{}", pod.spec.containers.len())
}

/// How often a pod's containers were started again.
pub(super) fn restarts(pod: &Pod) -> i32 {
    pod.status.container_statuses.iter().map(|status| status.restart_count).sum()
}

/// Whether the process in a slot handles events.
pub(super) fn is_alive(scene: &Scene<'_>, slot: Slot) -> bool {
    scene.run.sim().state(slot) == ActorState::Running
}
