//! `etcd/semantics`: dialogues with a real etcd server, held again with ours.
//!
//! A case is a list of steps and the answer to each. `parse` turns a step into etcd's own
//! vocabulary, [`Server`] is who answers, `show` writes an answer the way the file does.

mod parse;
mod server;
mod show;

use serde_json::{Map, Value, json};

use self::server::Server;
use super::case::{Case, text_or};

/// Runs one dialogue.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    if !["single", "cluster"].contains(&case.kind()) {
        return case.unknown_kind();
    }
    let list = |field: &str| case.raw().get(field).and_then(Value::as_array).cloned();
    let steps = list("steps").ok_or("a case has steps")?;
    let expect = list("expect").ok_or("a case has an expect")?;
    if steps.len() != expect.len() {
        return Err(format!("{} steps, {} answers", steps.len(), expect.len()));
    }
    let mut server = Server::new(&list("server_flags").unwrap_or_default())?;
    for (number, (step, expected)) in steps.iter().zip(&expect).enumerate() {
        let op = text_or(step, "op", "");
        let args = step.get("args").cloned().unwrap_or_else(|| json!({}));
        let got = answer(&mut server, op, &args)
            .map_err(|why| format!("step {} ({op}): {why}", number + 1))?;
        let mut expected = parse::expanded(expected);
        if case.kind() == "cluster" {
            complete(&mut expected, &got);
        }
        differ(&got, &expected)
            .map_or(Ok(()), |why| Err(format!("step {} ({op}): {why}", number + 1)))?;
    }
    Ok(())
}

/// Holds one step of the dialogue.
fn answer(server: &mut Server, op: &str, args: &Value) -> Result<Value, String> {
    match op {
        "sleep" => server.sleep(args["ms"].as_u64().ok_or("sleep needs ms")?),
        "restart" => return server.restart(args["member"].as_str()),
        "cluster" => return server.cluster(args),
        "pause" => return server.pause(args),
        "kill" => return server.kill(args["member"].as_str()),
        "partition" => return server.partition(args),
        "heal" => server.heal(),
        "leader" => return Ok(server.leader()),
        "status" => return Ok(server.status()),
        "move_leader" => {
            let result = server.move_leader(args)?;
            return Ok(show::result(&result, server.leases()));
        }
        "watch_open" => return server.watch_open(text_or(args, "name", ""), args),
        "watch_read" => {
            let events = args["events"].as_u64().ok_or("watch_read needs events")?;
            return server.watch_read(text_or(args, "name", ""), events);
        }
        "watch_cancel" => return server.watch_cancel(text_or(args, "name", "")),
        "fill" => return fill(server, args),
        _ => {
            let request = parse::request(op, args, server.leases())?;
            let place = server.member(args["member"].as_str())?;
            let result = server.ask(place, request);
            return Ok(show::result(&result, server.leases()));
        }
    }
    Ok(json!({"ok": true}))
}

/// Puts large values until the server has had enough.
fn fill(server: &mut Server, args: &Value) -> Result<Value, String> {
    let size = usize::try_from(args["size"].as_u64().ok_or("fill needs size")?)
        .map_err(|e| e.to_string())?;
    let mut last = json!({"ok": true});
    for number in 0..args["max"].as_u64().ok_or("fill needs max")? {
        let key = format!("{}{number}", text_or(args, "key", "f"));
        let put = json!({"key": key, "value": {"repeat": "x", "n": size}});
        last = answer(server, "put", &put)?;
        if last["ok"] == json!(false) {
            break;
        }
    }
    Ok(last)
}

/// A cluster's revisions depend on its elections, so these cases name only some fields of a pair:
/// the others are taken from the answer.
fn complete(expected: &mut Value, got: &Value) {
    if let (Some(expected), Some(got)) = (expected.as_object_mut(), got.as_object()) {
        for (field, value) in expected.iter_mut() {
            complete_list(value, got.get(field).unwrap_or(&Value::Null));
        }
    }
}

fn complete_list(expected: &mut Value, got: &Value) {
    let (Some(expected), Some(got)) = (expected.as_array_mut(), got.as_array()) else { return };
    for (one, other) in expected.iter_mut().zip(got) {
        if let (Some(one), Some(other)) = (one.as_object_mut(), other.as_object()) {
            for (field, value) in other {
                one.entry(field).or_insert_with(|| value.clone());
            }
        }
    }
}

/// What differs, if anything does. At the top only the fields that the case names count;
/// everything inside must be the same.
fn differ(got: &Value, expected: &Value) -> Option<String> {
    let Some(fields) = expected.as_object() else {
        return Some("the expected answer is no object".to_owned());
    };
    if let Some(allowed) = fields.get("any_of").and_then(Value::as_array) {
        let fits = allowed.iter().any(|one| differ(got, one).is_none());
        return (!fits).then(|| format!("got {got}, which is none of {allowed:?}"));
    }
    fields.iter().find_map(|(field, wanted)| match field.as_str() {
        "note" => None,
        _ if field.ends_with("_observed") => None,
        "ttl_between" => {
            let ttl = got["ttl"].as_i64();
            let fits = wanted[0].as_i64() <= ttl && ttl <= wanted[1].as_i64();
            (!fits).then(|| format!("ttl {ttl:?} is not within {wanted}"))
        }
        "responses" if wanted.as_array().is_some_and(|w| w.iter().any(is_watch_response)) => {
            differ_in_watch(&got["responses"], wanted)
        }
        _ => (got[field] != *wanted).then(|| {
            let got = &got[field];
            format!("{field}: got {got}, expected {wanted}")
        }),
    })
}

/// Whether this is an element of what `watch_read` gives.
fn is_watch_response(response: &Value) -> bool {
    ["created", "events", "canceled"].iter().any(|field| response.get(field).is_some())
}

/// How events are spread over responses depends on timing: the events must be the same in the
/// same order, none of their revisions may be split, and so must the other responses.
fn differ_in_watch(got: &Value, wanted: &Value) -> Option<String> {
    let no_responses = Vec::new();
    let got = got.as_array().unwrap_or(&no_responses);
    let wanted = wanted.as_array().unwrap_or(&no_responses);
    let events = |responses: &[Value]| -> Vec<Value> {
        responses.iter().filter_map(|r| r["events"].as_array()).flatten().cloned().collect()
    };
    if events(got) != events(wanted) {
        return Some(format!("events: got {:?}, expected {:?}", events(got), events(wanted)));
    }
    let revisions = |response: &Value| -> Vec<i64> {
        let events = response["events"].as_array().cloned().unwrap_or_default();
        events.iter().filter_map(|event| event["kv"]["mod_revision"].as_i64()).collect()
    };
    for (one, next) in got.iter().zip(got.iter().skip(1)) {
        if let (Some(last), Some(first)) = (revisions(one).last(), revisions(next).first())
            && last == first
        {
            return Some(format!("revision {last} is split over two responses"));
        }
    }
    let others = |responses: &[Value]| -> Vec<Map<String, Value>> {
        let other = |r: &&Value| r.get("events").is_none();
        responses.iter().filter(other).filter_map(|r| r.as_object().cloned()).collect()
    };
    let (got, wanted) = (others(got), others(wanted));
    let fits = got.len() == wanted.len()
        && got.iter().zip(&wanted).all(|(g, w)| w.iter().all(|(k, v)| g.get(k) == Some(v)));
    (!fits).then(|| format!("responses without events: got {got:?}, expected {wanted:?}"))
}
