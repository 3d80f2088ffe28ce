//! What most likely stands behind a broken expectation.

use crate::api::Kind;
use crate::api::ObjectKey;
use crate::kernel::SimTime;
use crate::observe::{Fact, FactId, Observation, What, explain, tell};
use crate::scenario::expect::Expectation;
use crate::scenario::values::ObjectRef;
use crate::texts::Lang;
use crate::wire::Note;

use super::demands;
use super::sentence::one_sentence;

/// What most likely stands behind an expectation that was broken at a moment, by an object where one
/// is known: a fault in the chain behind its object, or on the machine that it names;
/// the object's own trouble; or else the last fault before.
#[must_use]
pub fn nearest_cause(
    expectation: &Expectation,
    (at, about): (SimTime, Option<&(Kind, ObjectKey)>),
    seen: &Observation,
) -> Option<FactId> {
    let of_finding = || {
        let (kind, key) = about?;
        behind(*kind, key, at, seen)
    };
    let of_node = || fault_on(demands::node_of(expectation)?, at, seen);
    let of_object = || demands::object_of(expectation).and_then(|of| object_cause(of, at, seen));
    of_finding().or_else(of_node).or_else(of_object).or_else(|| {
        let before = seen.facts.iter().take_while(|(_, fact)| fact.at <= at);
        before.filter(|(_, fact)| is_fault(fact)).map(|(id, _)| id).last()
    })
}

/// A fault, and not the end of one.
fn is_fault(fact: &Fact) -> bool {
    let What::Noted(Note::Fault { name, .. }) = &fact.what else { return false };
    !matches!(*name, "recover" | "resume" | "heal" | "fast_disk")
}

/// The newest fault on a machine until `at`.
fn fault_on(machine: &str, at: SimTime, seen: &Observation) -> Option<FactId> {
    let strikes = |fact: &Fact| {
        let What::Noted(Note::Fault { machines, .. }) = &fact.what else { return false };
        is_fault(fact) && machines.iter().any(|one| **one == *machine)
    };
    let before = seen.facts.iter().take_while(|(_, fact)| fact.at <= at);
    before.filter(|(_, fact)| strikes(fact)).map(|(id, _)| id).last()
}

fn object_cause(of: &ObjectRef, at: SimTime, seen: &Observation) -> Option<FactId> {
    let (kind, key) = (of.kind, ObjectKey::new(of.namespace.as_str(), of.name.as_str()));
    // Why a Deployment is not ready is known by its pods.
    let unready = seen.model.pods_of(kind, &key).into_iter().find(|pod| !pod.is_ready());
    let (kind, key) = unready.map_or((kind, key), |pod| (Kind::Pod, pod.metadata.key()));
    behind(kind, &key, at, seen)
}

/// The fault in the chain behind an object, or else its own trouble.
fn behind(kind: Kind, key: &ObjectKey, at: SimTime, seen: &Observation) -> Option<FactId> {
    let reasons = explain(&seen.facts, kind, key, at);
    let fault = reasons.iter().find(|reason| seen.facts.get(reason.fact).is_some_and(is_fault));
    let trouble = || reasons.iter().find(|reason| is_trouble(reason.fact, seen));
    fault.or_else(trouble).map(|reason| reason.fact)
}

fn is_trouble(id: FactId, seen: &Observation) -> bool {
    let told = seen.facts.get(id).map(|fact| tell(fact, &seen.directory)).unwrap_or_default();
    told.iter().any(|told| one_sentence(told, Lang::En).0.is_trouble())
}

/// A fact as a sentence.
#[must_use]
pub fn sentence(id: FactId, seen: &Observation, lang: Lang) -> Option<(SimTime, String)> {
    let fact = seen.facts.get(id)?;
    let told = tell(fact, &seen.directory);
    Some((fact.at, one_sentence(told.first()?, lang).1))
}
