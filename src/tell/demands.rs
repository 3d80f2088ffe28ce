//! An expectation as a sentence: what was demanded.

use crate::kernel::Span;
use crate::scenario::expect::count::Events;
use crate::scenario::expect::event::EventFilter;
use crate::scenario::expect::predicate::{Pods, Predicate, Replicas};
use crate::scenario::expect::requests::Requests;
use crate::scenario::expect::{Demand as _, Expectation};
use crate::scenario::values::ObjectRef;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::verdict::{Demands, Verdict};

use super::form;

/// What people call it: its note, or the demand itself.
pub fn title(expectation: &Expectation, lang: Lang) -> String {
    let note = expectation.note();
    if note.is_empty() { sentence(expectation, lang) } else { note.to_owned() }
}

/// What is demanded.
pub fn sentence(expectation: &Expectation, lang: Lang) -> String {
    let window = |from: Span, until: Option<Span>| window(from, until, lang);
    let that = |key: Demands, that: &Predicate, window: String| {
        key.fill(lang, &[("that", predicate(that, lang)), ("window", window)])
    };
    let end = |from: Span, within: Option<Span>| within.map(|within| from + within);
    match expectation {
        Expectation::Always(it) => that(
            Demands::Always,
            &it.that,
            window(it.from.value.0, it.until.as_ref().map(|until| until.value.0)),
        ),
        Expectation::Never(it) => that(
            Demands::Never,
            &it.that,
            window(it.from.value.0, it.until.as_ref().map(|until| until.value.0)),
        ),
        Expectation::Eventually(it) => {
            let from = it.from.value.0;
            that(
                Demands::Eventually,
                &it.that,
                window(from, end(from, it.within.as_ref().map(|w| w.value.0))),
            )
        }
        Expectation::Settles(it) => {
            let from = it.from.value.0;
            that(
                Demands::Settles,
                &it.that,
                window(from, end(from, it.within.as_ref().map(|w| w.value.0))),
            )
        }
        Expectation::Before(it) => {
            let args = [("first", predicate(&it.first, lang)), ("then", predicate(&it.then, lang))];
            Demands::Before.fill(lang, &args)
        }
        Expectation::Count(it) => {
            let Events::Event(filter) = &it.of;
            let args = [
                ("event", event(filter, lang)),
                ("bounds", bounds([it.at_least, it.at_most, it.exactly], lang)),
                ("window", window(it.from.value.0, it.until.as_ref().map(|until| until.value.0))),
            ];
            Demands::Count.fill(lang, &args)
        }
        Expectation::Requests(it) => requests(it, lang),
    }
}

/// The object that a predicate is about, if it is about one.
pub fn object_of(expectation: &Expectation) -> Option<&ObjectRef> {
    match expectation {
        Expectation::Always(it) => of(&it.that),
        Expectation::Never(it) => of(&it.that),
        Expectation::Eventually(it) => of(&it.that),
        Expectation::Settles(it) => of(&it.that),
        Expectation::Before(it) => of(&it.first),
        Expectation::Count(_) | Expectation::Requests(_) => None,
    }
}

/// The machine that a predicate speaks of, if it names one.
pub(super) fn node_of(expectation: &Expectation) -> Option<&str> {
    match expectation {
        Expectation::Always(it) => on(&it.that),
        Expectation::Never(it) => on(&it.that),
        Expectation::Eventually(it) => on(&it.that),
        Expectation::Settles(it) => on(&it.that),
        Expectation::Before(it) => on(&it.first),
        Expectation::Count(_) | Expectation::Requests(_) => None,
    }
}

fn on(predicate: &Predicate) -> Option<&str> {
    match predicate {
        Predicate::Pods(pods) => pods.on.as_ref().map(|on| on.value.as_str()),
        Predicate::All(parts) | Predicate::Any(parts) => parts.iter().find_map(on),
        Predicate::Not(part) => on(part),
        Predicate::Ready(_)
        | Predicate::Available(_)
        | Predicate::RolledOut(_)
        | Predicate::Exists(_)
        | Predicate::Condition(_)
        | Predicate::Field(_)
        | Predicate::Event(_)
        | Predicate::Endpoints(_)
        | Predicate::Leader(_)
        | Predicate::Tainted(_)
        | Predicate::Cordoned(_) => None,
    }
}

fn of(predicate: &Predicate) -> Option<&ObjectRef> {
    match predicate {
        Predicate::Ready(what) | Predicate::Available(what) => Some(&what.of.value),
        Predicate::RolledOut(what) | Predicate::Exists(what) => Some(&what.of.value),
        Predicate::Pods(pods) => pods.of.as_ref().map(|of| &of.value),
        Predicate::Condition(condition) => Some(&condition.of.value),
        Predicate::Field(field) => Some(&field.of.value),
        Predicate::Event(filter) => filter.about.as_ref().map(|about| &about.value),
        Predicate::All(parts) | Predicate::Any(parts) => parts.iter().find_map(of),
        Predicate::Not(part) => of(part),
        Predicate::Endpoints(_)
        | Predicate::Leader(_)
        | Predicate::Tainted(_)
        | Predicate::Cordoned(_) => None,
    }
}

fn window(from: Span, until: Option<Span>, lang: Lang) -> String {
    let from_text = form::short(lang, from);
    match until {
        None if from.is_zero() => String::new(),
        None => Demands::From.fill(lang, &[("from", from_text)]),
        Some(until) if from.is_zero() => {
            Demands::Until.fill(lang, &[("until", form::short(lang, until))])
        }
        Some(until) => {
            Demands::Between.fill(lang, &[("from", from_text), ("until", form::short(lang, until))])
        }
    }
}

fn bounds([least, most, exactly]: [Option<u64>; 3], lang: Lang) -> String {
    let words = [(exactly, Demands::Exactly), (least, Demands::AtLeast), (most, Demands::AtMost)];
    let parts: Vec<String> = words
        .into_iter()
        .filter_map(|(bound, key)| Some(key.fill(lang, &[("count", form::count(lang, bound?))])))
        .collect();
    if parts.is_empty() { Demands::Any.text(lang).to_owned() } else { parts.join(", ") }
}

fn event(filter: &EventFilter, lang: Lang) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(filter.reason.as_ref().map(|reason| reason.value.clone()));
    words.extend(filter.kind.map(|kind| format!("{kind:?}")));
    words.extend(filter.about.as_ref().map(|about| about.value.to_string()));
    words.extend(filter.contains.as_ref().map(|part| format!("“{part}”")));
    if words.is_empty() {
        return Demands::AnyEvent.text(lang).to_owned();
    }
    Demands::Event.fill(lang, &[("what", words.join(" "))])
}

fn requests(it: &Requests, lang: Lang) -> String {
    let mut parts = Vec::new();
    let number = |number: u64| [("count", form::count(lang, number))];
    parts.extend(it.lost_at_most.map(|most| Demands::LostAtMost.fill(lang, &number(most))));
    parts.extend(it.lost_at_least.map(|least| Demands::LostAtLeast.fill(lang, &number(least))));
    parts.extend(it.availability_at_least.map(|share| {
        let share = form::percent(lang, u64::from(share.0) / 10);
        let percent = Verdict::Percent.fill(lang, &[("number", share)]);
        Demands::AvailabilityAtLeast.fill(lang, &[("percent", percent)])
    }));
    parts.extend(
        it.p99_at_most
            .map(|span| Demands::Latency.fill(lang, &[("span", form::short(lang, span.0))])),
    );
    let until = it.until.as_ref().map(|until| until.value.0);
    let window = window(it.from.value.0, until, lang);
    let args = [("bounds", parts.join(", ")), ("window", window)];
    match &it.traffic {
        Some(name) => {
            let [bounds, window] = args;
            Demands::RequestsOf.fill(lang, &[("traffic", name.value.clone()), bounds, window])
        }
        None => Demands::Requests.fill(lang, &args),
    }
}

fn predicate(that: &Predicate, lang: Lang) -> String {
    match that {
        Predicate::Ready(what) => replicas(what, (Demands::Ready, Demands::ReadyCount), lang),
        Predicate::Available(what) => {
            replicas(what, (Demands::Available, Demands::AvailableCount), lang)
        }
        Predicate::RolledOut(what) => {
            Demands::RolledOut.fill(lang, &[("object", what.of.value.to_string())])
        }
        Predicate::Exists(what) => {
            Demands::Exists.fill(lang, &[("object", what.of.value.to_string())])
        }
        Predicate::Pods(what) => pods(what, lang),
        Predicate::Condition(what) => {
            let is = match &what.reason {
                Some(reason) => format!("{:?} ({reason})", what.is),
                None => format!("{:?}", what.is),
            };
            let args =
                [("object", what.of.value.to_string()), ("kind", what.kind.clone()), ("is", is)];
            Demands::Condition.fill(lang, &args)
        }
        Predicate::Endpoints(what) => {
            let bounds = bounds([what.at_least, what.at_most, what.exactly], lang);
            let service = what.service.value.trim_start_matches("default/").to_owned();
            Demands::Endpoints.fill(lang, &[("service", service), ("bounds", bounds)])
        }
        Predicate::Leader(election) => {
            Demands::Leader.fill(lang, &[("group", election.to_string())])
        }
        Predicate::Tainted(what) => {
            let effect =
                what.effect.map(|effect| format!(":{}", effect.name())).unwrap_or_default();
            let args =
                [("node", what.node.value.clone()), ("taint", format!("{}{effect}", what.key))];
            Demands::Tainted.fill(lang, &args)
        }
        Predicate::Cordoned(node) => Demands::Cordoned.fill(lang, &[("node", node.value.clone())]),
        Predicate::Event(filter) => event(filter, lang),
        Predicate::Field(what) => {
            let args = [
                ("object", what.of.value.to_string()),
                ("path", what.path.value.clone()),
                ("is", what.is.0.clone()),
            ];
            Demands::Field.fill(lang, &args)
        }
        Predicate::All(parts) => joined(parts, Demands::And, lang),
        Predicate::Any(parts) => joined(parts, Demands::Or, lang),
        Predicate::Not(part) => Demands::Not.fill(lang, &[("that", predicate(part, lang))]),
    }
}

fn joined(parts: &[Predicate], key: Demands, lang: Lang) -> String {
    let all = parts.iter().map(|part| predicate(part, lang));
    all.reduce(|one, two| key.fill(lang, &[("one", one), ("two", two)])).unwrap_or_default()
}

fn replicas(what: &Replicas, (plain, counted): (Demands, Demands), lang: Lang) -> String {
    let object = ("object", what.of.value.to_string());
    match what.replicas {
        Some(count) => counted.fill(lang, &[object, ("count", count.to_string())]),
        None => plain.fill(lang, &[object]),
    }
}

fn pods(what: &Pods, lang: Lang) -> String {
    let mut which: Vec<String> = Vec::new();
    which.extend(what.of.as_ref().map(|of| of.value.to_string()));
    which.extend(what.phase.map(|phase| format!("{phase:?}")));
    which.extend(what.ready.map(|ready| format!("Ready={ready}")));
    which.extend(what.on.as_ref().map(|node| format!("@{}", node.value)));
    let bounds = bounds([what.at_least, what.at_most, what.exactly], lang);
    if which.is_empty() {
        return Demands::PodsAll.fill(lang, &[("bounds", bounds)]);
    }
    Demands::Pods.fill(lang, &[("bounds", bounds), ("which", which.join(" "))])
}
