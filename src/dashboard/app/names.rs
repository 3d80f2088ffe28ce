//! Whether the names in an action's words are there: a deed that hits nobody is a slip of the pen.

use std::str::FromStr as _;

use crate::api::{Kind, ObjectKey};
use crate::observe::Observation;

/// Words whose name is a machine's.
const MACHINES: &[&str] =
    &["node(", "kubelet(", "runtime(", "proxy(", "cordon(", "uncordon(", "drain("];

/// The first name in the words that nobody has; none when all are there.
///
/// Patterns (`pod/web-*`) and names that no kind stands before are not looked at.
pub(super) fn unknown(seen: &Observation, words: &str) -> Option<String> {
    let parts: Vec<&str> = words.split('"').collect();
    // Every second part stands between quotes.
    let quoted = parts.iter().enumerate().skip(1).step_by(2);
    quoted.map(|(place, name)| (parts[place - 1], *name)).find_map(|(before, name)| {
        let before = before.trim_end();
        let machine = MACHINES.iter().any(|word| {
            before.strip_suffix(word).is_some_and(|rest| {
                !rest.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
            })
        });
        let there = if machine {
            seen.directory.machine(name).is_some()
        } else {
            object(name).is_none_or(|(kind, key)| seen.model.get(kind, &key).is_some())
        };
        (!there).then(|| name.to_owned())
    })
}

/// `deployment/web` and `deployment/shop/web`, as kubectl writes them.
fn object(name: &str) -> Option<(Kind, ObjectKey)> {
    if name.contains('*') {
        return None;
    }
    let (kind, rest) = name.split_once('/')?;
    let known = |one: &Kind| one.name().eq_ignore_ascii_case(kind);
    let kind = Kind::ALL.into_iter().find(known).or_else(|| Kind::from_str(kind).ok())?;
    let (namespace, name) = match rest.split_once('/') {
        Some((namespace, name)) => (namespace, name),
        None if kind == Kind::Node || kind == Kind::Namespace => ("", rest),
        None => ("default", rest),
    };
    Some((kind, ObjectKey::new(namespace, name)))
}
