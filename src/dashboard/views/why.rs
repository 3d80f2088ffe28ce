//! Neden?: the chain of causes behind an object, a fact, a process or a message.

use crate::dashboard::model::{Block, Link, Page, Role, Target, Text};
use crate::dashboard::scene::Scene;
use crate::kernel::KernelNote;
use crate::kernel::Slot;
use crate::observe::{FactId, Reason, What, chain, explain};
use crate::tell::form;
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::WhyWords;
use crate::wire::Note;

use super::parts::first_said;

/// The page of reasons for `target`, the latest first.
#[must_use]
pub fn why(scene: &Scene<'_>, target: &Target) -> Page {
    let facts = &scene.seen.facts;
    let (title, reasons) = match target {
        Target::Object(kind, key) => {
            (sentence::object(*kind, key), explain(facts, *kind, key, scene.run.now()))
        }
        Target::Fact(id) => (String::new(), known(scene, Some(*id))),
        Target::Process(slot) => {
            (scene.seen.directory.name(*slot).to_string(), known(scene, of_process(scene, *slot)))
        }
        Target::Message(event) | Target::Call(event) => {
            (String::new(), known(scene, facts.behind(*event)))
        }
        Target::Moment(_) | Target::Named(_) => (String::new(), Vec::new()),
    };
    let prose = |key: WhyWords| Block::Prose(vec![Text::new(Role::Faint, key.text(scene.lang))]);
    let blocks = match reasons.as_slice() {
        [] => vec![prose(WhyWords::Nothing)],
        [_] => vec![Block::Chain(links(scene, &reasons)), prose(WhyWords::Alone)],
        _ => vec![Block::Chain(links(scene, &reasons)), prose(WhyWords::HowToRead)],
    };
    Page { title: Text::new(Role::Strong, title), blocks }
}

/// The chain behind one fact, as a part of another page.
pub(super) fn of_fact(scene: &Scene<'_>, id: FactId) -> Block {
    Block::Chain(links(scene, &known(scene, Some(id))))
}

/// The chain behind a fact that was seen already.
fn known(scene: &Scene<'_>, id: Option<FactId>) -> Vec<Reason> {
    let facts = &scene.seen.facts;
    let id = id.filter(|id| facts.get(*id).is_some());
    id.map_or_else(Vec::new, |id| chain(facts, id))
}

/// The newest fact about the life of a process, or about the fault on its machine; else what it
/// did last.
fn of_process(scene: &Scene<'_>, slot: Slot) -> Option<FactId> {
    let facts = &scene.seen.facts;
    let about = |what: &What| match what {
        What::Noted(Note::Kernel(
            KernelNote::Crashed(it)
            | KernelNote::Restarted(it)
            | KernelNote::Paused(it)
            | KernelNote::Resumed(it),
        )) => *it == slot,
        What::Noted(_) | What::Changed(_) => false,
    };
    let life = facts.iter().filter(|(_, fact)| about(&fact.what)).last().map(|(id, _)| id);
    let machine = scene.seen.directory.machine_of(slot);
    let fault = machine.and_then(|machine| facts.fault_on(&machine.name));
    let did = || facts.iter().filter(|(_, fact)| fact.actor == slot).last().map(|(id, _)| id);
    life.or(fault).or_else(did)
}

fn links(scene: &Scene<'_>, reasons: &[Reason]) -> Vec<Link> {
    let facts = &scene.seen.facts;
    let one = |reason: &Reason| {
        let fact = facts.get(reason.fact)?;
        Some(Link {
            target: Some(Target::Fact(reason.fact)),
            depth: reason.depth,
            at: form::moment(scene.lang, fact.at),
            text: first_said(fact, scene),
        })
    };
    reasons.iter().filter_map(one).collect()
}
