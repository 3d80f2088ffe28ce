//! The trace: one JSON line per notable fact, with stable English keys.
//!
//! ```json
//! {"v":1,"n":42,"t_ns":12500000000,"event":9120,"causes":[40],"actor":"kcm-1","what":"pod.phase",
//!  "object":"Pod default/web-1","from":"Pending","to":"Running"}
//! ```

use serde_json::{Map, Value};

use crate::cluster::Directory;

use super::facts::{FactId, Facts};
use super::story::tell;

/// The version of the lines' schema; it grows when a key changes its meaning.
pub const TRACE_SCHEMA: u32 = 1;

/// The lines of one fact, without line ends.
#[must_use]
pub fn trace_lines(facts: &Facts, id: FactId, directory: &Directory) -> Vec<String> {
    let Some(fact) = facts.get(id) else { return Vec::new() };
    let causes: Vec<Value> = facts.causes(id).map(|cause| cause.0.into()).collect();
    let line = |told: super::story::Told| {
        let mut map = Map::new();
        map.insert("v".into(), TRACE_SCHEMA.into());
        map.insert("n".into(), id.0.into());
        map.insert("t_ns".into(), fact.at.as_nanos().into());
        map.insert("event".into(), fact.event.0.into());
        map.insert("causes".into(), causes.clone().into());
        map.insert("actor".into(), directory.name(fact.actor).as_str().into());
        map.insert("what".into(), told.what.into());
        if let Some((kind, key)) = told.object {
            map.insert("object".into(), format!("{kind} {key}").into());
        }
        for (name, value) in told.fields {
            map.insert(name.into(), value.into());
        }
        Value::Object(map).to_string()
    };
    tell(fact, directory).into_iter().map(line).collect()
}
