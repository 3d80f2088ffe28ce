//! The API server, told as dialogues: `tests/dialogues/apiserver/*.txt`.
//!
//! One member of etcd, one server, clients that type what kubectl would send. An answer is one
//! line: code, object, version, and the fields that were asked for by JSON pointer.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::dialogue;
use super::stage::{Stage, describe};
use prova::api::{Kind, LabelSelector, Object, ObjectKey, Uid};
use prova::apiserver::Config;
use prova::kernel::Span;
use prova::wire::api::{
    ApiCall, ApiOk, DeleteOptions, FieldSelector, Part, Patch, Propagation, Scope, Status,
};
use serde_json::{Value, json};

/// One dialogue's partner.
struct Partner {
    stage: Stage,
    user: String,
    /// The last seen state of each object, for updates.
    seen: BTreeMap<(Kind, ObjectKey), Object>,
}

/// The words of a command: `name=value` ones, JSON (from the first brace on), and plain ones.
struct Words<'a> {
    plain: Vec<&'a str>,
    named: BTreeMap<&'a str, &'a str>,
    json: Value,
}

impl<'a> Words<'a> {
    fn of(line: &'a str) -> Self {
        let (words, json) = line.split_at(line.find('{').unwrap_or(line.len()));
        let json = serde_json::from_str(json).unwrap_or_else(|_| json!({}));
        let (named, plain): (Vec<&str>, Vec<&str>) =
            words.split_whitespace().partition(|word| word.contains('='));
        let named = named.into_iter().filter_map(|word| word.split_once('=')).collect();
        Words { plain, named, json }
    }

    fn kind(&self) -> Kind {
        self.plain[1].parse().expect("a kind")
    }

    fn key(&self) -> ObjectKey {
        key(self.plain[2])
    }
}

fn key(text: &str) -> ObjectKey {
    match text.split_once('/') {
        Some((namespace, name)) => ObjectKey::new(namespace, name),
        None => ObjectKey::new("", text),
    }
}

#[test]
fn dialogues_with_an_api_server() {
    let begin = || {
        let mut stage = Stage::new(1, 1, &Config::default());
        stage.settle();
        stage.open(0, 0);
        Partner { stage, user: "kubernetes-admin".to_owned(), seen: BTreeMap::new() }
    };
    dialogue::hold("apiserver", begin, answer);
}

fn answer(partner: &mut Partner, line: &str) -> String {
    let words = Words::of(line);
    match words.plain[0] {
        "as" => {
            partner.user = words.plain[1].to_owned();
            String::new()
        }
        "run" => {
            partner.stage.stay(0, words.plain[1].parse::<Span>().expect("a time"));
            String::new()
        }
        "repeat" => repeat(partner, &words),
        "watch" => {
            let from = words.named.get("from").map_or(0, |text| text.parse().expect("a number"));
            let number = words.plain[2].parse().expect("a number");
            let watch = (number, words.kind(), from);
            partner.stage.watch((0, 0), &partner.user.clone(), watch, scope(&words));
            heard(partner)
        }
        "heard" => {
            partner.stage.run(Span::millis(100));
            heard(partner)
        }
        _ => {
            let call = call(partner, &words);
            let user = partner.user.clone();
            let result = partner
                .stage
                .call((0, 0), &user, call)
                .unwrap_or_else(|| panic!("no answer to {line}"));
            tell(partner, &words, result)
        }
    }
}

/// `repeat N KIND KEY`: so many changes of one object.
fn repeat(partner: &mut Partner, words: &Words<'_>) -> String {
    let (kind, key) = (words.plain[2].parse().expect("a kind"), key(words.plain[3]));
    for n in 0..words.plain[1].parse().expect("a number") {
        let patch = Box::new(Patch::Merge(json!({"data": {"n": format!("again {n}")}})));
        let call = ApiCall::Patch { kind, key: key.clone(), patch };
        let done = partner.stage.call((0, 0), &partner.user, call);
        assert!(done.is_some_and(|result| result.is_ok()), "a change is made");
    }
    String::new()
}

fn heard(partner: &mut Partner) -> String {
    let mut out = String::new();
    for event in partner.stage.heard(0) {
        let change = describe(&event.change);
        writeln!(out, "watch {} #{}: {change}", event.watch, event.place).expect("text");
    }
    if out.is_empty() { "nothing\n".to_owned() } else { out }
}

fn scope(words: &Words<'_>) -> Scope {
    let named = |name: &str| words.named.get(name).map(|text| (*text).into());
    let labels = words.named.get("label").and_then(|text| text.split_once(':'));
    Scope {
        namespace: named("ns"),
        labels: labels.map(|pair| LabelSelector::of([pair].into_iter().collect())),
        field: named("node")
            .map(FieldSelector::NodeName)
            .or_else(|| named("name").map(FieldSelector::Name)),
    }
}

fn call(partner: &Partner, words: &Words<'_>) -> ApiCall {
    let kind = words.kind();
    match words.plain[0] {
        "list" => return ApiCall::List { kind, scope: scope(words) },
        "create" => return ApiCall::Create { object: made(words) },
        _ => {}
    }
    let key = words.key();
    match words.plain[0] {
        "get" => ApiCall::Get { kind, key },
        "patch" => ApiCall::Patch { kind, key, patch: Box::new(Patch::Merge(words.json.clone())) },
        "unfinalize" => {
            let done = words.plain[3..].iter().map(|text| (*text).into()).collect();
            ApiCall::Patch { kind, key, patch: Box::new(Patch::RemoveFinalizers(done)) }
        }
        "scale" => {
            let replicas = words.plain[3].parse().expect("a number");
            ApiCall::Patch { kind, key, patch: Box::new(Patch::Scale(replicas)) }
        }
        "update" => updated(partner, words, (kind, key)),
        "delete" => ApiCall::Delete { kind, key, options: options(words) },
        "bind" => {
            let uid = if words.named.contains_key("uid") { Uid(1) } else { Uid(0) };
            ApiCall::Bind { pod: key, uid, node: words.plain[3].into() }
        }
        other => panic!("unknown command {other}"),
    }
}

/// The object of a `create`: its key, and the rest as JSON.
fn made(words: &Words<'_>) -> Object {
    let mut json = words.json.clone();
    let fields = json.as_object_mut().expect("an object");
    let metadata = fields.entry("metadata").or_insert_with(|| json!({}));
    let ObjectKey { namespace, name } = words.key();
    metadata["namespace"] = json!(namespace.as_str());
    metadata["name"] = json!(name.as_str());
    Object::from_json(words.kind(), json).expect("an object of its kind")
}

/// An `update` changes the object as it was last seen, so that it can be stale.
fn updated(partner: &Partner, words: &Words<'_>, place: (Kind, ObjectKey)) -> ApiCall {
    let mut json = partner.seen[&place].to_json();
    merge(&mut json, &words.json);
    let part = match words.named.get("part").copied() {
        Some("status") => Part::Status,
        Some("scale") => Part::Scale,
        Some("finalize") => Part::Finalize,
        _ => Part::Main,
    };
    ApiCall::Update { object: Object::from_json(place.0, json).expect("an object"), part }
}

fn merge(target: &mut Value, change: &Value) {
    match (target, change) {
        (Value::Object(target), Value::Object(change)) => {
            for (key, value) in change {
                merge(target.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (target, change) => *target = change.clone(),
    }
}

fn options(words: &Words<'_>) -> DeleteOptions {
    DeleteOptions {
        grace_period_seconds: words.named.get("grace").and_then(|text| text.parse().ok()),
        uid: words.named.get("uid").map(|_| Uid(1)),
        propagation: match words.named.get("propagation").copied() {
            Some("foreground") => Propagation::Foreground,
            Some("orphan") => Propagation::Orphan,
            _ => Propagation::Background,
        },
    }
}

fn tell(partner: &mut Partner, words: &Words<'_>, result: Result<ApiOk, Status>) -> String {
    match result {
        Err(status) => {
            format!("{} {:?}: {}\n", status.reason.code(), status.reason, status.message)
        }
        Ok(ApiOk::Done) => "200\n".to_owned(),
        Ok(ApiOk::List { items, version }) => {
            let mut out = format!("200 version={version}\n");
            for object in items.iter() {
                writeln!(out, "  {}", line(object)).expect("text");
            }
            out
        }
        Ok(ApiOk::Object(object)) => {
            partner.seen.insert((object.kind(), object.key()), object.clone());
            let mut out = format!("200 {}\n", line(&object));
            let json = object.to_json();
            for pointer in words.plain.iter().filter(|word| word.starts_with('/')) {
                let value = json.pointer(pointer).unwrap_or(&Value::Null);
                writeln!(out, "  {pointer} = {value}").expect("text");
            }
            out
        }
    }
}

fn line(object: &Object) -> String {
    let meta = object.meta();
    let mut line = format!("{} {} v={}", object.kind(), object.key(), meta.resource_version);
    if meta.generation > 0 {
        write!(line, " generation={}", meta.generation).expect("text");
    }
    if meta.is_terminating() {
        line.push_str(" terminating");
    }
    line
}
