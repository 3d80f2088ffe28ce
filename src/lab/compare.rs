//! Two moments or two futures side by side: which objects differ, in which fields, and why.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::observe::FactId;
use crate::observe::Observation;

/// How an object differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have it, with these fields different: path, first value, second value.
    Changed(Vec<(String, String, String)>),
}

/// One object that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectDifference {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub key: ObjectKey,
    /// How it differs.
    pub difference: Difference,
    /// The newest fact about it in the second world: the reason it is as it is. None when the first
    /// world has seen it too, since what both have seen explains no difference.
    pub why: Option<FactId>,
}

/// Fields that differ between any two writes and say nothing.
const NOISE: &[&str] = &[
    "metadata.resourceVersion",
    "metadata.managedFields",
    "spec.renewTime",
    "lastHeartbeatTime",
    "lastTransitionTime",
    "lastUpdateTime",
    "lastProbeTime",
    "metadata.generation",
];

/// Kinds that only tell of others, or only tick.
const LEFT_OUT: &[Kind] = &[Kind::Event, Kind::Lease];

/// An object in the first and in the second world.
type Both<'o> = (Option<&'o Object>, Option<&'o Object>);

/// What differs between two worlds, sorted by kind and name.
#[must_use]
pub fn compare(first: &Observation, second: &Observation) -> Vec<ObjectDifference> {
    let mut all: BTreeMap<(Kind, ObjectKey), Both<'_>> = BTreeMap::new();
    for kind in Kind::ALL.iter().filter(|kind| !LEFT_OUT.contains(kind)) {
        for object in first.model.all(*kind) {
            all.entry((*kind, object.key())).or_default().0 = Some(object);
        }
        for object in second.model.all(*kind) {
            all.entry((*kind, object.key())).or_default().1 = Some(object);
        }
    }
    let differing = all.into_iter().filter_map(|((kind, key), (old, new))| {
        let difference = match (old, new) {
            (None, Some(_)) => Difference::Added,
            (Some(_), None) => Difference::Removed,
            (Some(old), Some(new)) => {
                let fields = fields(old, new);
                (!fields.is_empty()).then_some(Difference::Changed(fields))?
            }
            (None, None) => return None,
        };
        let seen = |world: &Observation| {
            let fact = world.facts.get(world.facts.newest(kind, &key)?)?;
            Some((fact.at, fact.event))
        };
        let is_news = seen(second) != seen(first);
        let why = second.facts.newest(kind, &key).filter(|_| is_news);
        Some(ObjectDifference { kind, key, difference, why })
    });
    differing.collect()
}

fn fields(old: &Object, new: &Object) -> Vec<(String, String, String)> {
    let as_json = |object: &Object| serde_json::to_value(object).unwrap_or(Value::Null);
    let mut found = Vec::new();
    walk("", &as_json(old), &as_json(new), &mut found);
    found
}

fn walk(path: &str, old: &Value, new: &Value, found: &mut Vec<(String, String, String)>) {
    if old == new || NOISE.iter().any(|noise| path.ends_with(noise)) {
        return;
    }
    match (old, new) {
        (Value::Object(one), Value::Object(two)) => {
            let mut names: Vec<&String> = one.keys().chain(two.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let at = |map: &serde_json::Map<String, Value>| {
                    map.get(name).cloned().unwrap_or(Value::Null)
                };
                walk(&path, &at(one), &at(two), found);
            }
        }
        (Value::Array(one), Value::Array(two)) if named(one) && named(two) => {
            by_name(path, one, two, found);
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            for (place, (one, two)) in one.iter().zip(two).enumerate() {
                walk(&format!("{path}[{place}]"), one, two, found);
            }
        }
        _ => found.push((path.to_owned(), short(old), short(new))),
    }
}

/// What entries of a list are called by, in Kubernetes' own merge keys.
fn name_of(entry: &Value) -> Option<&str> {
    ["type", "name"].iter().find_map(|key| entry.get(key)?.as_str())
}

/// Whether every entry has a name of its own.
fn named(list: &[Value]) -> bool {
    let mut names: Vec<&str> = list.iter().filter_map(name_of).collect();
    let all = names.len() == list.len();
    names.sort_unstable();
    names.dedup();
    all && names.len() == list.len()
}

/// Lists of named entries differ by name, wherever an entry stands.
fn by_name(path: &str, one: &[Value], two: &[Value], found: &mut Vec<(String, String, String)>) {
    let find = |list: &[Value], name: &str| {
        list.iter().find(|entry| name_of(entry) == Some(name)).cloned().unwrap_or(Value::Null)
    };
    let mut names: Vec<&str> = one.iter().chain(two).filter_map(name_of).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        walk(&format!("{path}[{name}]"), &find(one, name), &find(two, name), found);
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn named_entries_are_compared_by_name_and_transition_times_say_nothing() {
        let old = json!({"conditions": [
            {"type": "Ready", "status": "True", "lastTransitionTime": "1"},
            {"type": "Disk", "status": "False"},
        ]});
        let new = json!({"conditions": [
            {"type": "Disk", "status": "False"},
            {"type": "Ready", "status": "Unknown", "lastTransitionTime": "2"},
        ]});
        let mut found = Vec::new();
        walk("", &old, &new, &mut found);
        let wanted = ("conditions[Ready].status", "True", "Unknown");
        assert_eq!(found, [(wanted.0.to_owned(), wanted.1.to_owned(), wanted.2.to_owned())]);
    }
}
