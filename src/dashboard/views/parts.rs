//! What several views need: names, states of pods and nodes, rows, sentences of facts.

use std::collections::BTreeMap;

use crate::api::ConditionStatus;
use crate::api::Kind;
use crate::api::Node;
use crate::api::ObjectKey;
use crate::api::Pod;
use crate::api::Resource as _;
use crate::api::Str;
use crate::api::reasons;
use crate::dashboard::model::{Column, Role, Row, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::kernel::ActorState;
use crate::kernel::SimTime;
use crate::kernel::Slot;
use crate::observe::{Alike, Fact, Health, Model, PodState, Told, tell};
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
pub(super) fn pod_state(pod: &Pod, model: &Model) -> (Role, String) {
    let state = PodState::of(pod);
    let node = &pod.spec.node_name;
    let heard = node.is_empty() || state.ended || is_heard(node, model);
    (role_where(&state, node, heard), state.word.into_owned())
}

/// Whether a node tells of itself.
pub(super) fn is_heard(node: &Str, model: &Model) -> bool {
    let found = model.get(Kind::Node, &ObjectKey::new("", node.clone())).and_then(Node::of);
    found.is_some_and(|node| node_state(node).0 == Role::Good)
}

/// The role of a pod's state on its node.
///
/// What is told of a pod on a node that nobody hears is only the last that was heard.
pub(super) fn role_where(state: &PodState, node: &str, heard: bool) -> Role {
    if !heard && !node.is_empty() && !state.ended {
        return Role::Unknown;
    }
    match state.health {
        Health::Good => Role::Good,
        Health::Starting => Role::Starting,
        Health::Waiting => Role::Waiting,
        Health::Bad => Role::Bad,
        Health::Unknown => Role::Unknown,
    }
}

/// How many pods are in which state.
pub(super) type States<'a> = BTreeMap<(Role, &'a str), usize>;

/// Adds the pods of a node.
pub(super) fn count_states<'a>(states: &mut States<'a>, node: &str, all: &'a [Alike], heard: bool) {
    for alike in all {
        let role = role_where(&alike.state, node, heard);
        *states.entry((role, &alike.state.word)).or_default() += alike.pods;
    }
}

/// All pods by state.
pub(super) fn all_states(model: &Model) -> States<'_> {
    let mut states = States::new();
    for (node, all) in model.tally().nodes() {
        count_states(&mut states, node, all, is_heard(node, model));
    }
    states
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
