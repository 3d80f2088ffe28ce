//! Ağ: from a Service over its endpoints and the nodes' rules to its pods; requests won and lost.

use std::collections::BTreeSet;

use crate::api::EndpointSlice;
use crate::api::Kind;
use crate::api::Node;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Resource as _;
use crate::api::Service;
use crate::api::Str;
use crate::api::service::{Endpoint, SERVICE_NAME_LABEL};
use crate::cluster::Role as Seat;
use crate::dashboard::model::{Block, Page, Role, Row, Table, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::kernel::ActorState;
use crate::observe::{RequestCounts, lost_name};
use crate::tell::form;
use crate::tell::sentence::lost_words;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::NetWords as W;
use crate::wire::runtime::ServiceRules;

use super::detail;
use super::parts::{column, number, numbers, row, shown};
use super::process;

/// With more Services than this, only the opened one shows its endpoints and rules.
const OPEN_MAX: usize = 4;
/// With more nodes than this, those whose rules are up to date are only counted.
const NODES_MAX: usize = 12;

/// The page.
pub(super) fn page(scene: &Scene<'_>) -> Page {
    match scene.inside {
        Some(Target::Object(Kind::Service, key)) => inside(scene, key),
        Some(Target::Object(kind, key)) => detail::page(scene, *kind, key),
        Some(Target::Process(slot)) => process::page(scene, *slot),
        Some(
            Target::Fact(_)
            | Target::Message(_)
            | Target::Call(_)
            | Target::Moment(_)
            | Target::Named(_),
        )
        | None => all(scene),
    }
}

fn inside(scene: &Scene<'_>, key: &ObjectKey) -> Page {
    let mut blocks = vec![services(scene, Some(key))];
    blocks.extend(one(scene, key));
    Page { title: Text::new(Role::Strong, format!("service/{}", shown(key))), blocks }
}

fn all(scene: &Scene<'_>) -> Page {
    let keys: Vec<ObjectKey> =
        scene.seen.model.of::<Service>().map(|service| service.metadata.key()).collect();
    let mut blocks = vec![services(scene, None), heading(W::Requests.text(scene.lang))];
    blocks.push(clients(scene));
    if keys.len() <= OPEN_MAX {
        let let_through = |key: &&ObjectKey| scene.filter.lets_through(&shown(key));
        blocks.extend(keys.iter().filter(let_through).flat_map(|key| one(scene, key)));
    } else {
        let hint = Text::new(Role::Faint, W::OpenOne.text(scene.lang));
        blocks.push(Block::Prose(vec![hint]));
    }
    Page { title: Text::default(), blocks }
}

fn heading(text: impl Into<String>) -> Block {
    Block::Heading(Text::new(Role::Title, text))
}

/// All Services in a table, or one of them.
fn services(scene: &Scene<'_>, only: Option<&ObjectKey>) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Service), Tier::Small, 12, 1),
        column("ClusterIP", Tier::Small, 12, 0),
        numbers(word(W::ReadyEnds), Tier::Small, 6),
        column(word(W::Rules), Tier::Small, 20, 0),
        numbers(word(W::Won), Tier::Normal, 6),
        numbers(word(W::Lost), Tier::Small, 6),
    ];
    let services = scene.seen.model.of::<Service>().filter(|service| {
        let key = service.metadata.key();
        only.is_none_or(|only| *only == key) && scene.filter.lets_through(&shown(&key))
    });
    let rows = services.map(|service| service_row(scene, service)).collect();
    Block::Table(Table { columns, rows, empty: word(W::NoServices).to_owned() })
}

fn service_row(scene: &Scene<'_>, service: &Service) -> Row {
    let key = service.metadata.key();
    let ends = endpoints(scene, &key);
    let ready = ends.iter().filter(|end| end.conditions.ready).count();
    let role = if ready == 0 { Role::Bad } else { Role::Plain };
    let states: Vec<(Str, Rules)> = nodes_rules(scene, &key);
    let fresh = states.iter().filter(|(_, rules)| matches!(rules, Rules::Fresh(_))).count();
    let stale = states.iter().filter(|(_, rules)| rules.is_wrong()).count();
    let args = [("fresh", fresh.to_string()), ("stale", stale.to_string())];
    let text = W::Cells.fill(scene.lang, &args);
    let rules = match stale {
        0 => Text::state(Role::Good, text, scene.ascii),
        _ => Text::state(Role::Warning, text, scene.ascii),
    };
    let counts = scene.seen.metrics.requests.get(&key);
    let (won, lost) = counts.map_or((0, 0), |counts| (counts.served, counts.lost()));
    let lost_role = if lost == 0 { Role::Plain } else { Role::Bad };
    let cells = vec![
        Text::new(Role::Strong, shown(&key)),
        Text::plain(service.spec.cluster_ip.as_str()),
        Text::new(role, format!("{ready}/{}", ends.len())),
        rules,
        Text::plain(form::count(scene.lang, won)),
        Text::new(lost_role, form::count(scene.lang, lost)),
    ];
    row(Target::Object(Kind::Service, key), cells)
}

/// Requests by client, with the reasons of the lost ones.
fn clients(scene: &Scene<'_>) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Client), Tier::Small, 12, 0),
        numbers(word(W::Won), Tier::Small, 6),
        numbers(word(W::Lost), Tier::Small, 6),
        numbers(word(W::Share), Tier::Normal, 8),
        column(word(W::Why), Tier::Small, 16, 1),
    ];
    let clients = scene.seen.metrics.clients.iter();
    let rows = clients.map(|(name, counts)| {
        let target = scene.seen.directory.find(name).map(Target::Process);
        let lost_role = if counts.lost() == 0 { Role::Plain } else { Role::Bad };
        let share = format!("%{}", form::percent(scene.lang, counts.availability()));
        let cells = vec![
            Text::new(Role::Strong, name.as_str()),
            Text::plain(form::count(scene.lang, counts.served)),
            Text::new(lost_role, form::count(scene.lang, counts.lost())),
            Text::plain(share),
            Text::plain(reasons(scene, counts)),
        ];
        Row { target, cells, now: false }
    });
    Block::Table(Table { columns, rows: rows.collect(), empty: word(W::NoRequests).to_owned() })
}

/// Why requests were lost: `yanıt gelmedi: 12, …`.
fn reasons(scene: &Scene<'_>, counts: &RequestCounts) -> String {
    let one = counts.lost.iter().map(|(why, count)| {
        format!("{}: {}", lost_words(lost_name(*why), scene.lang), form::count(scene.lang, *count))
    });
    one.collect::<Vec<_>>().join(", ")
}

/// A Service's endpoints and its rules on the nodes.
fn one(scene: &Scene<'_>, key: &ObjectKey) -> Vec<Block> {
    let args = [("service", shown(key))];
    vec![
        heading(W::Endpoints.fill(scene.lang, &args)),
        endpoint_table(scene, key),
        heading(W::RulesOf.fill(scene.lang, &args)),
        rules_table(scene, key),
    ]
}

/// The endpoints as they are stored.
fn endpoints<'a>(scene: &Scene<'a>, service: &ObjectKey) -> Vec<&'a Endpoint> {
    let slices = scene.seen.model.in_namespace(Kind::EndpointSlice, &service.namespace);
    let slices = slices.filter_map(EndpointSlice::of).filter(|slice| {
        slice.metadata.labels.get(&SERVICE_NAME_LABEL).is_some_and(|name| *name == service.name)
    });
    slices.flat_map(|slice| &slice.endpoints).collect()
}

fn pod_of(end: &Endpoint) -> Option<ObjectKey> {
    end.target_ref.as_ref().map(|pod| pod.key())
}

fn endpoint_table(scene: &Scene<'_>, service: &ObjectKey) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Pod), Tier::Small, 16, 1),
        column(word(W::Address), Tier::Normal, 12, 0),
        column(word(W::Node), Tier::Small, 6, 0),
        column(word(W::State), Tier::Small, 12, 0),
    ];
    let rows = endpoints(scene, service).into_iter().map(|end| {
        let conditions = end.conditions;
        let mut words = Vec::new();
        words.extend(conditions.ready.then_some("ready"));
        words.extend((conditions.serving && !conditions.ready).then_some("serving"));
        words.extend(conditions.terminating.then_some("terminating"));
        let (role, words) = match words.as_slice() {
            [] => (Role::Bad, "not ready".to_owned()),
            _ if conditions.terminating => (Role::Starting, words.join(", ")),
            _ => (Role::Good, words.join(", ")),
        };
        let pod = pod_of(end);
        let cells = vec![
            Text::plain(pod.as_ref().map(shown).unwrap_or_default()),
            Text::plain(end.addresses.first().map(Str::as_str).unwrap_or_default()),
            Text::plain(end.node_name.as_str()),
            Text::state(role, words, scene.ascii),
        ];
        Row { target: pod.map(|pod| Target::Object(Kind::Pod, pod)), cells, now: false }
    });
    Block::Table(Table { columns, rows: rows.collect(), empty: word(W::NoEndpoints).to_owned() })
}

/// A node's rules of one Service against the truth.
enum Rules {
    /// They lead to the ready pods, and to them only.
    Fresh(usize),
    /// They lead to pods that are not ready; with how many good ones there are.
    Stale(Vec<ObjectKey>, usize),
    /// They miss ready pods.
    Behind(usize, usize),
    /// There are none.
    None,
    /// The machine is off, and its kernel with it.
    Off,
}

impl Rules {
    fn is_wrong(&self) -> bool {
        match self {
            Rules::Stale(..) | Rules::Behind(..) => true,
            Rules::Fresh(_) | Rules::None | Rules::Off => false,
        }
    }
}

/// The endpoints that rules use: the ready ones; without any, those that end and still serve.
fn used(rules: &ServiceRules) -> Vec<ObjectKey> {
    let all = || rules.slices.iter().flat_map(|slice| &slice.endpoints);
    let ready: Vec<ObjectKey> =
        all().filter(|end| end.conditions.ready).filter_map(pod_of).collect();
    if !ready.is_empty() {
        return ready;
    }
    let ending = all().filter(|end| end.conditions.serving && end.conditions.terminating);
    ending.filter_map(pod_of).collect()
}

/// Every node's rules of a Service.
fn nodes_rules(scene: &Scene<'_>, service: &ObjectKey) -> Vec<(Str, Rules)> {
    let model = &scene.seen.model;
    let ready: BTreeSet<ObjectKey> = endpoints(scene, service)
        .into_iter()
        .filter(|end| end.conditions.ready)
        .filter_map(pod_of)
        .collect();
    let nodes = model.of::<Node>().map(|node| node.metadata.name.clone());
    nodes.map(|node| (node.clone(), rules_on(scene, &node, service, &ready))).collect()
}

fn rules_on(
    scene: &Scene<'_>,
    node: &str,
    service: &ObjectKey,
    ready: &BTreeSet<ObjectKey>,
) -> Rules {
    let world = scene.run.sim().world();
    let machine = world.runtime_of(node);
    if machine.is_some_and(|slot| scene.run.sim().state(slot) == ActorState::Crashed) {
        return Rules::Off;
    }
    let Some(rules) = world.rules_on(node, service) else { return Rules::None };
    let used = used(rules);
    let is_ready = |pod: &ObjectKey| match scene.seen.model.get(Kind::Pod, pod) {
        Some(Object::Pod(pod)) => pod.is_ready(),
        Some(_) | None => false,
    };
    let stale: Vec<ObjectKey> = used.iter().filter(|pod| !is_ready(pod)).cloned().collect();
    let good = used.len() - stale.len();
    let missing = ready.iter().filter(|pod| !used.contains(pod)).count();
    match (stale.is_empty(), missing) {
        (false, _) => Rules::Stale(stale, good),
        (true, 0) => Rules::Fresh(good),
        (true, missing) => Rules::Behind(good, missing),
    }
}

fn rules_table(scene: &Scene<'_>, service: &ObjectKey) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Node), Tier::Small, 8, 0),
        column(word(W::State), Tier::Small, 12, 0),
        column(word(W::LeadsTo), Tier::Small, 16, 1),
    ];
    let nodes = nodes_rules(scene, service);
    let many = nodes.len() > NODES_MAX;
    let told = nodes.iter().filter(|(_, rules)| !many || !matches!(rules, Rules::Fresh(_)));
    let mut rows: Vec<Row> = told.map(|(node, rules)| rules_row(scene, node, rules)).collect();
    if nodes.len() > rows.len() {
        let args = [("count", (nodes.len() - rows.len()).to_string())];
        let text = Text::new(Role::Faint, W::More.fill(scene.lang, &args));
        rows.push(Row { target: None, cells: vec![text], now: false });
    }
    Block::Table(Table { columns, rows, empty: String::new() })
}

fn rules_row(scene: &Scene<'_>, node: &Str, rules: &Rules) -> Row {
    let (role, key) = match rules {
        Rules::Fresh(_) => (Role::Good, W::Fresh),
        Rules::Stale(..) => (Role::Warning, W::Stale),
        Rules::Behind(..) => (Role::Starting, W::Behind),
        Rules::None => (Role::Waiting, W::None),
        Rules::Off => (Role::Bad, W::Off),
    };
    let leads = match rules {
        Rules::Fresh(good) => number(good),
        Rules::Behind(good, missing) => Text::plain(format!("{good}/{}", good + missing)),
        Rules::Stale(stale, good) => stale.iter().fold(number(good), |text, pod| {
            let text = text.and(Role::Plain, " + ");
            text.and(Role::Warning, W::StaleEnd.fill(scene.lang, &[("pod", shown(pod))]))
        }),
        Rules::None | Rules::Off => Text::default(),
    };
    let proxy = scene.seen.directory.machine(node).and_then(|machine| {
        let is_proxy = |slot: &&crate::kernel::Slot| {
            matches!(scene.seen.directory.role(**slot), Some(Seat::Proxy(_)))
        };
        machine.slots.iter().find(is_proxy).copied()
    });
    let target = proxy.map(Target::Process);
    let cells = vec![
        Text::plain(node.as_str()),
        Text::state(role, key.text(scene.lang), scene.ascii),
        leads,
    ];
    Row { target, cells, now: false }
}
