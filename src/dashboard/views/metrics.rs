//! Metrik: desired against actual, availability, latencies, leaderless time, refused calls; and
//! what became of them over time, derived from the facts.

use crate::api::Deployment;
use crate::api::Kind;
use crate::cluster::Group;
use crate::cluster::Role as Seat;
use crate::dashboard::model::{Block, Page, Role, Row, Table, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::kernel::Span;
use crate::observe::{Latency, RequestCounts};
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::dashboard::views_a::FigureWords as W;

use super::detail;
use super::history;
use super::parts::{column, is_alive, number, numbers, row, share, shown};
use super::process;

/// The most rows of workloads.
const ROWS_MAX: usize = 200;

/// The page.
pub(super) fn page(scene: &Scene<'_>) -> Page {
    match scene.inside {
        Some(Target::Object(kind, key)) => return detail::page(scene, *kind, key),
        Some(Target::Process(slot)) => return process::page(scene, *slot),
        Some(
            Target::Fact(_)
            | Target::Message(_)
            | Target::Call(_)
            | Target::Moment(_)
            | Target::Named(_),
        )
        | None => {}
    }
    let heading = |key: W| Block::Heading(Text::new(Role::Title, key.text(scene.lang)));
    let mut blocks = vec![heading(W::Workloads), workloads(scene)];
    let series = history::series(scene);
    if !series.is_empty() {
        blocks.push(heading(W::History));
        blocks.push(Block::Series(series));
    }
    blocks.extend([heading(W::Requests), requests(scene), heading(W::Figures)]);
    blocks.push(Block::Pairs(figures(scene)));
    Page { title: Text::default(), blocks }
}

fn workloads(scene: &Scene<'_>) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Workload), Tier::Small, 14, 1),
        numbers(word(W::Desired), Tier::Small, 7),
        numbers(word(W::Present), Tier::Normal, 8),
        numbers(word(W::Ready), Tier::Small, 5),
        numbers(word(W::Available), Tier::Small, 14),
    ];
    let model = &scene.seen.model;
    let short = |it: &&Deployment| it.status.ready_replicas < it.spec.replicas;
    let mut deployments: Vec<&Deployment> = model.of::<Deployment>().collect();
    if deployments.len() > ROWS_MAX {
        // Of very many, those that lack something are worth a row.
        deployments.sort_by_key(|it| !short(it));
        deployments.truncate(ROWS_MAX);
    }
    let rows = deployments.into_iter().map(|it| {
        let key = it.metadata.key();
        let short = short(&it);
        let role = if short { Role::Warning } else { Role::Good };
        let cells = vec![
            Text::state(role, shown(&key), scene.ascii),
            number(it.spec.replicas),
            number(it.status.replicas),
            Text::new(role, it.status.ready_replicas.to_string()),
            number(it.status.available_replicas),
        ];
        row(Target::Object(Kind::Deployment, key), cells)
    });
    Block::Table(Table { columns, rows: rows.collect(), empty: word(W::NoWorkloads).to_owned() })
}

fn requests(scene: &Scene<'_>) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Client), Tier::Small, 12, 1),
        numbers(word(W::Served), Tier::Small, 6),
        numbers(word(W::Lost), Tier::Small, 6),
        numbers(word(W::Availability), Tier::Small, 8),
        numbers("p50", Tier::Normal, 7),
        numbers("p90", Tier::Wide, 7),
        numbers("p99", Tier::Normal, 7),
    ];
    let clients = scene.seen.metrics.clients.iter();
    let rows = clients.map(|(name, counts)| {
        let target = scene.seen.directory.find(name).map(Target::Process);
        Row { target, cells: request_cells(scene.lang, name, counts), now: false }
    });
    Block::Table(Table { columns, rows: rows.collect(), empty: word(W::NoRequests).to_owned() })
}

fn request_cells(lang: Lang, name: &str, counts: &RequestCounts) -> Vec<Text> {
    let lost = if counts.lost() == 0 { Role::Plain } else { Role::Bad };
    let percentile = |percent: u64| Text::plain(percentile(&counts.latency, percent, lang));
    vec![
        Text::new(Role::Strong, name),
        Text::plain(form::count(lang, counts.served)),
        Text::new(lost, form::count(lang, counts.lost())),
        Text::plain(share(lang, counts.availability())),
        percentile(50),
        percentile(90),
        percentile(99),
    ]
}

fn percentile(latency: &Latency, percent: u64, lang: Lang) -> String {
    latency.percentile(percent).map_or_else(|| "-".to_owned(), |span| form::span(lang, span))
}

fn figures(scene: &Scene<'_>) -> Vec<(String, Text)> {
    let (lang, metrics) = (scene.lang, &scene.seen.metrics);
    let none = || W::None.text(lang).to_owned();
    let leader = match metrics.raft_leader_known() {
        Some(name) => Text::state(Role::Leader, name, scene.ascii),
        None => Text::state(Role::Bad, none(), scene.ascii),
    };
    let (waiting, unready) = waiting_and_unready(scene);
    let refused: Vec<String> = metrics
        .refused
        .iter()
        .map(|(code, count)| format!("{code}: {}", form::count(lang, *count)))
        .collect();
    let refused = if refused.is_empty() { none() } else { refused.join(", ") };
    let writes = &metrics.write_latency;
    let args = [
        ("half", percentile(writes, 50, lang)),
        ("ninety", percentile(writes, 90, lang)),
        ("most", percentile(writes, 99, lang)),
    ];
    let written = if writes.count() == 0 { none() } else { W::Percentiles.fill(lang, &args) };
    let sim = scene.run.sim();
    let rows = [
        (W::RaftLeader, leader),
        (W::Elections, number(metrics.elections)),
        (W::Leaderless, leaderless(scene)),
        (W::Pending, number(waiting)),
        (W::Unready, number(unready)),
        (W::SchedulerQueue, scheduler_queue(scene)),
        (W::ControllerQueue, controller_queues(scene)),
        (W::Refused, Text::plain(refused)),
        (W::Writes, Text::plain(written)),
        (W::WriteGap, Text::plain(form::span(lang, metrics.write_gap()))),
        (W::Commands, number(sim.world().operator_busy())),
        (W::Queue, Text::plain(form::count(lang, sim.pending() as u64))),
    ];
    rows.into_iter().map(|(key, text)| (key.text(lang).to_owned(), text)).collect()
}

/// How many pods have no node, and how many are not ready though they have not ended.
fn waiting_and_unready(scene: &Scene<'_>) -> (usize, usize) {
    let tally = scene.seen.model.tally();
    let waiting = tally.on("").iter().map(|alike| alike.pods).sum();
    let all = tally.nodes().flat_map(|(_, all)| all);
    let unready = all.filter(|alike| !alike.state.ready && !alike.state.ended);
    (waiting, unready.map(|alike| alike.pods).sum())
}

fn leaderless(scene: &Scene<'_>) -> Text {
    let (lang, metrics) = (scene.lang, &scene.seen.metrics);
    let total: u64 = metrics.leaderless.iter().map(|(_, span)| span.as_nanos()).sum();
    let args = [
        ("total", form::span(lang, Span::nanos(total))),
        ("count", metrics.leaderless.len().to_string()),
    ];
    let text = Text::plain(W::LeaderlessText.fill(lang, &args));
    match metrics.leaderless_since {
        Some(since) => {
            let words = W::NoLeaderSince.fill(lang, &[("at", form::moment(lang, since))]);
            let state = Text::state(Role::Bad, words, scene.ascii).letters();
            text.and(Role::Plain, "; ").and(Role::Bad, state)
        }
        None => text,
    }
}

/// The number of the process that leads a group.
fn leader(scene: &Scene<'_>, group: Group) -> Option<Seat> {
    let world = scene.run.sim().world();
    let slot = world.leader(group, |slot| is_alive(scene, slot))?;
    scene.seen.directory.role(slot)
}

fn scheduler_queue(scene: &Scene<'_>) -> Text {
    let none = || Text::new(Role::Faint, W::None.text(scene.lang));
    let Some(Seat::Scheduler(number)) = leader(scene, Group::Scheduler) else { return none() };
    let sizes = scene.run.sim().world().scheduler_queue(number);
    let Some([active, backoff, parked, tried]) = sizes else { return none() };
    let args = [
        ("active", active.to_string()),
        ("tried", tried.to_string()),
        ("backoff", backoff.to_string()),
        ("parked", parked.to_string()),
    ];
    Text::plain(W::SchedulerQueueText.fill(scene.lang, &args))
}

/// The controllers that have something to do: `replicaset 3+1` (waiting and being worked on).
fn controller_queues(scene: &Scene<'_>) -> Text {
    let none = || Text::new(Role::Faint, W::None.text(scene.lang));
    let Some(Seat::Controllers(number)) = leader(scene, Group::Controllers) else { return none() };
    let loads = scene.run.sim().world().controller_loads(number);
    let busy = loads.iter().filter(|(_, waiting, working)| waiting + working > 0);
    let words: Vec<String> =
        busy.map(|(name, waiting, working)| format!("{name} {waiting}+{working}")).collect();
    if words.is_empty() { Text::plain("0") } else { Text::plain(words.join(", ")) }
}
