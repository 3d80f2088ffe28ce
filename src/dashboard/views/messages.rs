//! Mesaj: the last messages as a space-time diagram, a lane per process; and one message.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::dashboard::model::{Arrow, Block, Lanes, Link, Page, Role, Row, Table, Target};
use crate::dashboard::model::{Text, Tier};
use crate::dashboard::scene::Scene;
use crate::kernel::{EventId, LostWhy, SimTime, Slot};
use crate::observe::Delivery;
use crate::tell::form;
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::dashboard::views_b::MessageWords as W;

use super::detail;
use super::events;
use super::parts::{column, numbers};
use super::process;
use super::request;
use super::why;

/// The messages of a picture.
const SHOWN_MAX: usize = 60;
/// What a lost message counts when the busiest lanes are looked for: it is what one wants to see.
const LOST_WEIGHT: usize = 3;
/// The steps of a message's causes that its page tells.
const CAUSES_MAX: usize = 10;
/// The consequences that a message's page tells.
const CONSEQUENCES_MAX: usize = 40;

/// The page.
pub(super) fn page(scene: &Scene<'_>) -> Page {
    match scene.inside {
        Some(Target::Object(kind, key)) => detail::page(scene, *kind, key),
        Some(Target::Process(slot)) => process::page(scene, *slot),
        Some(Target::Fact(_)) => events::page(scene),
        Some(Target::Call(id)) => request::one(scene, *id),
        Some(Target::Message(id)) => one(scene, *id),
        Some(Target::Moment(_) | Target::Named(_)) | None => picture(scene),
    }
}

/// The tape by number.
type Known<'a> = BTreeMap<EventId, &'a Delivery>;

fn known<'a>(scene: &Scene<'a>) -> Known<'a> {
    scene.seen.tape.deliveries().map(|delivery| (delivery.id, delivery)).collect()
}

fn picture(scene: &Scene<'_>) -> Page {
    let word = |key: W| Block::Prose(vec![Text::plain(key.text(scene.lang))]);
    if scene.seen.tape.deliveries().next().is_none() {
        let key = if scene.run.now() == SimTime::ZERO { W::Nothing } else { W::Brief };
        return Page { title: Text::default(), blocks: vec![word(key)] };
    }
    let lanes = busiest(scene);
    if lanes.is_empty() {
        let text = W::NothingFits.fill(scene.lang, &[("filter", scene.filter.text.as_str())]);
        let blocks = vec![Block::Prose(vec![Text::new(Role::Faint, text)])];
        return Page { title: Text::default(), blocks };
    }
    let (window, hidden) = window(scene, &lanes);
    let messages = window.iter().filter(|delivery| !delivery.is_timer());
    let args = [
        ("count", messages.clone().count().to_string()),
        ("lost", messages.filter(|delivery| delivery.lost.is_some()).count().to_string()),
    ];
    let title = Text::new(Role::Faint, W::Shown.fill(scene.lang, &args));
    let names = lanes.iter().map(|slot| scene.seen.directory.name(*slot).to_string()).collect();
    let arrows = arrows(scene, &lanes, &window);
    let mut prose = vec![Text::new(Role::Faint, W::HowToRead.text(scene.lang))];
    if hidden > 0 {
        let text = W::Hidden.fill(scene.lang, &[("count", hidden.to_string())]);
        prose.push(Text::new(Role::Faint, text));
    }
    let blocks = vec![Block::Lanes(Lanes { lanes: names, arrows }), Block::Prose(prose)];
    Page { title, blocks }
}

/// How many lanes can be read.
const fn lanes_max(tier: Tier) -> usize {
    match tier {
        Tier::Small | Tier::Normal => 6,
        Tier::Wide => 10,
        Tier::Huge => 14,
    }
}

/// The lanes of the last messages that fit the filter, the busiest ones, in the seats' order.
fn busiest(scene: &Scene<'_>) -> Vec<Slot> {
    let mut counts: BTreeMap<Slot, usize> = BTreeMap::new();
    let fitting = scene.seen.tape.deliveries().rev();
    let fitting = fitting.filter(|delivery| !delivery.is_timer() && fits(scene, delivery));
    for delivery in fitting.take(SHOWN_MAX) {
        let weight = if delivery.lost.is_some() { LOST_WEIGHT } else { 1 };
        *counts.entry(delivery.from).or_default() += weight;
        *counts.entry(delivery.to).or_default() += weight;
    }
    let mut lanes: Vec<(Slot, usize)> = counts.into_iter().collect();
    lanes.sort_by_key(|(slot, count)| (std::cmp::Reverse(*count), *slot));
    lanes.truncate(lanes_max(scene.tier));
    let mut lanes: Vec<Slot> = lanes.into_iter().map(|(slot, _)| slot).collect();
    lanes.sort_unstable();
    lanes
}

/// The last deliveries on these lanes, oldest first; and how many messages of the same time ran
/// elsewhere.
fn window<'a>(scene: &Scene<'a>, lanes: &[Slot]) -> (Vec<&'a Delivery>, usize) {
    let (mut window, mut messages, mut hidden) = (Vec::new(), 0, 0);
    for delivery in scene.seen.tape.deliveries().rev() {
        if !fits(scene, delivery) {
            continue;
        }
        let inside = lanes.contains(&delivery.from) && lanes.contains(&delivery.to);
        if !delivery.is_timer() {
            messages += usize::from(inside);
            hidden += usize::from(!inside);
        }
        if messages > SHOWN_MAX {
            break;
        }
        if inside {
            window.push(delivery);
        }
    }
    window.reverse();
    (window, hidden)
}

/// Whether the filter lets a delivery through: by its lanes, its name, its object.
fn fits(scene: &Scene<'_>, delivery: &Delivery) -> bool {
    if scene.filter.text.is_empty() {
        return true;
    }
    let name = |slot: Slot| scene.seen.directory.name(slot);
    let lost = if delivery.lost.is_some() { W::Lost.text(scene.lang) } else { "" };
    let (from, to) = (name(delivery.from), name(delivery.to));
    scene.filter.lets_through(&format!("{from} {to} {} {lost}", label(scene, delivery)))
}

/// What a delivery says: its name, and the object it is about.
fn label(scene: &Scene<'_>, delivery: &Delivery) -> String {
    if delivery.is_timer() {
        return W::LocalOne.fill(scene.lang, &[("word", delivery.word)]);
    }
    let word = match delivery.word {
        "" => W::Message.text(scene.lang),
        word => word,
    };
    match about(delivery) {
        Some(about) => format!("{word} {about}"),
        None => word.to_owned(),
    }
}

/// The object of a delivery as kubectl names it; only the kind for a list or a watch.
fn about(delivery: &Delivery) -> Option<String> {
    let (kind, key) = delivery.object.as_ref()?;
    let all = key.name.is_empty();
    Some(if all { kind.name().to_owned() } else { sentence::object(*kind, key) })
}

/// Arrows in the order of time; the timers of a lane between two of its messages are one arrow.
fn arrows(scene: &Scene<'_>, lanes: &[Slot], window: &[&Delivery]) -> Vec<Arrow> {
    let known = known(scene);
    let lit = match scene.chosen {
        Some(Target::Message(id)) => cone(scene, &known, *id),
        Some(
            Target::Object(..)
            | Target::Fact(_)
            | Target::Process(_)
            | Target::Call(_)
            | Target::Moment(_)
            | Target::Named(_),
        )
        | None => BTreeSet::new(),
    };
    let place = |slot: Slot| lanes.iter().position(|lane| *lane == slot).unwrap_or(0);
    let mut arrows: Vec<Arrow> = Vec::new();
    // The open stretch of a lane: its arrow, and how many timers are in it.
    let mut stretches: BTreeMap<usize, (usize, u64)> = BTreeMap::new();
    for delivery in window {
        let (from, to) = (place(delivery.from), place(delivery.to));
        let lit = lit.contains(&delivery.id);
        if !delivery.is_timer() {
            stretches.remove(&from);
            stretches.remove(&to);
        } else if let Some((arrow, count)) = stretches.get_mut(&from) {
            *count += 1;
            let shown = form::count(scene.lang, *count);
            arrows[*arrow].label = W::Locals.fill(scene.lang, &[("count", shown)]);
            arrows[*arrow].lit |= lit;
            continue;
        } else {
            stretches.insert(from, (arrows.len(), 1));
        }
        arrows.push(Arrow {
            target: Some(Target::Message(delivery.id)),
            at: form::moment(scene.lang, delivery.at),
            from,
            to,
            label: label(scene, delivery),
            took: if delivery.is_timer() { String::new() } else { took(scene, &known, delivery) },
            lost: delivery.lost.is_some(),
            lit,
        });
    }
    arrows
}

/// How long a message was on its way; empty for one that was lost as it was sent.
fn took(scene: &Scene<'_>, known: &Known<'_>, delivery: &Delivery) -> String {
    let Some(sent) = known.get(&delivery.cause).map(|cause| cause.at) else {
        return if delivery.lost.is_some() { String::new() } else { "?".to_owned() };
    };
    let span = delivery.at.since(sent);
    if delivery.lost.is_some() && span.is_zero() {
        return String::new();
    }
    form::span(scene.lang, span)
}

/// The causes and the consequences of a delivery, itself included.
fn cone(scene: &Scene<'_>, known: &Known<'_>, id: EventId) -> BTreeSet<EventId> {
    let mut forward = BTreeSet::from([id]);
    for delivery in scene.seen.tape.deliveries() {
        if forward.contains(&delivery.cause) {
            forward.insert(delivery.id);
        }
    }
    forward.extend(causes(known, id).iter().map(|delivery| delivery.id));
    forward
}

/// The causes of a delivery, the nearest first.
fn causes<'a>(known: &Known<'a>, id: EventId) -> Vec<&'a Delivery> {
    let mut causes: Vec<&Delivery> = Vec::new();
    let mut next = known.get(&id).map(|delivery| delivery.cause);
    while let Some(cause) = next.and_then(|id| known.get(&id)) {
        // A cause is older than what it causes, so this ends.
        next = (cause.cause < cause.id).then_some(cause.cause);
        causes.push(cause);
    }
    causes
}

/// One message: what it was, why it was sent and what came of it.
pub(super) fn one(scene: &Scene<'_>, id: EventId) -> Page {
    let known = known(scene);
    let Some(delivery) = known.get(&id) else {
        let text = Text::state(Role::Unknown, W::Gone.text(scene.lang), scene.ascii);
        return Page { title: Text::default(), blocks: vec![Block::Prose(vec![text])] };
    };
    let heading = |key: W| Block::Heading(Text::new(Role::Title, key.text(scene.lang)));
    let none = |key: W| Block::Prose(vec![Text::new(Role::Faint, key.text(scene.lang))]);
    let mut blocks = vec![Block::Pairs(pairs(scene, &known, delivery))];
    if scene.seen.tape.call(id).is_some() {
        let text = Text::plain(W::ItsCall.text(scene.lang));
        let at = form::moment(scene.lang, delivery.at);
        blocks.push(Block::Chain(vec![Link {
            target: Some(Target::Call(id)),
            depth: 0,
            at,
            text,
        }]));
    }
    blocks.push(heading(W::Causes));
    let causes = causes(&known, id);
    let links: Vec<Link> =
        (0..).zip(causes.iter().take(CAUSES_MAX)).map(|(n, cause)| link(scene, n, cause)).collect();
    blocks.push(if links.is_empty() { none(W::NoCause) } else { Block::Chain(links) });
    if let Some(fact) = scene.seen.facts.behind(id) {
        blocks.push(why::of_fact(scene, fact));
    }
    blocks.push(heading(W::Consequences));
    blocks.push(consequences(scene, &known, id));
    Page { title: Text::new(Role::Strong, label(scene, delivery)), blocks }
}

fn pairs(scene: &Scene<'_>, known: &Known<'_>, delivery: &Delivery) -> Vec<(String, Text)> {
    let name = |slot: Slot| Text::plain(scene.seen.directory.name(slot).as_str());
    let moment = |at: SimTime| Text::plain(form::moment(scene.lang, at));
    let mut pairs = vec![
        (W::State, state(scene, delivery)),
        (W::From, name(delivery.from)),
        (W::To, name(delivery.to)),
        (W::Word, Text::plain(delivery.word)),
        (W::About, Text::plain(about(delivery).unwrap_or_default())),
    ];
    if let Some(sent) = known.get(&delivery.cause).map(|cause| cause.at) {
        pairs.push((W::Sent, moment(sent)));
    }
    let arrived = if delivery.lost.is_some() { W::LostAt } else { W::Arrived };
    pairs.push((arrived, moment(delivery.at)));
    pairs.push((W::Took, Text::plain(took(scene, known, delivery))));
    pairs.push((W::Event, Text::plain(delivery.id.0.to_string())));
    let said = pairs.into_iter().filter(|(_, text)| !text.letters().is_empty());
    said.map(|(key, text)| (key.text(scene.lang).to_owned(), text)).collect()
}

/// What became of a delivery.
fn state(scene: &Scene<'_>, delivery: &Delivery) -> Text {
    let (role, key) = match delivery.lost {
        Some(LostWhy::Dead) => (Role::Bad, W::Dead),
        Some(LostWhy::Cut) => (Role::Bad, W::Cut),
        Some(LostWhy::Lossy) => (Role::Bad, W::Lossy),
        None if delivery.is_timer() => (Role::Good, W::Local),
        None => (Role::Good, W::Delivered),
    };
    Text::state(role, key.text(scene.lang), scene.ascii)
}

/// `api-1 → etcd-2`.
fn route(scene: &Scene<'_>, delivery: &Delivery) -> String {
    let name = |slot: Slot| scene.seen.directory.name(slot);
    let arrow = if scene.ascii { "->" } else { "→" };
    match delivery.is_timer() {
        true => name(delivery.from).to_string(),
        false => format!("{} {arrow} {}", name(delivery.from), name(delivery.to)),
    }
}

fn link(scene: &Scene<'_>, depth: u32, delivery: &Delivery) -> Link {
    let text = Text::new(Role::Faint, route(scene, delivery));
    Link {
        target: Some(Target::Message(delivery.id)),
        depth,
        at: form::moment(scene.lang, delivery.at),
        text: text.and(Role::Plain, format!("  {}", label(scene, delivery))),
    }
}

fn consequences(scene: &Scene<'_>, known: &Known<'_>, id: EventId) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::At), Tier::Small, 10, 0),
        column(word(W::Route), Tier::Small, 16, 0),
        column(word(W::Word), Tier::Small, 14, 1),
        numbers(word(W::Took), Tier::Small, 7),
    ];
    let caused = known.values().filter(|delivery| delivery.cause == id && delivery.id != id);
    let rows = caused.take(CONSEQUENCES_MAX).map(|delivery| {
        let role = if delivery.lost.is_some() { Role::Bad } else { Role::Plain };
        let said = match delivery.lost {
            Some(_) => {
                let said = format!("{}: {}", label(scene, delivery), word(W::Lost));
                Text::state(role, said, scene.ascii)
            }
            None => Text::plain(label(scene, delivery)),
        };
        let cells = vec![
            Text::new(Role::Faint, form::moment(scene.lang, delivery.at)),
            Text::plain(route(scene, delivery)),
            said,
            Text::plain(took(scene, known, delivery)),
        ];
        Row { target: Some(Target::Message(delivery.id)), cells, now: false }
    });
    let rows = rows.collect();
    Block::Table(Table { columns, rows, empty: word(W::NoConsequences).to_owned() })
}
