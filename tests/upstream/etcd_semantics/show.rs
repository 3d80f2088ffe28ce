//! From etcd's answers to the form of the file.

use std::sync::Arc;

use prova::wire::etcd::{
    AlarmType, DeleteRangeResponse, EtcdResponse, EtcdResult, Event, EventType, KeyValue, LeaseId,
    NO_LEASE, PutResponse, RangeResponse, ResponseOp, TxnResponse, WatchResponse,
};
use serde_json::{Value, json};

use super::parse::Leases;

/// The answer to a request.
pub(super) fn result(result: &EtcdResult, leases: &Leases) -> Value {
    let mut answer = match result {
        Ok(response) => self::response(response, leases),
        Err(error) => {
            return json!({"ok": false, "error": error.to_string(), "code": error.code().name()});
        }
    };
    answer["ok"] = json!(true);
    answer
}

fn response(response: &EtcdResponse, leases: &Leases) -> Value {
    let revision = response.header().revision;
    match response {
        EtcdResponse::Range(r) => range(r, leases),
        EtcdResponse::Put(r) => put(r, leases),
        EtcdResponse::DeleteRange(r) => delete(r, leases),
        EtcdResponse::Txn(r) => txn(r, leases),
        EtcdResponse::Compact(header) => json!({"current_revision": header.revision}),
        EtcdResponse::LeaseGrant(r) => {
            json!({"revision": revision, "id": lease(r.id, leases), "ttl": r.ttl})
        }
        EtcdResponse::LeaseKeepAlive(r) => json!({"revision": revision, "ttl": r.ttl}),
        EtcdResponse::LeaseTimeToLive(r) => json!({
            "revision": revision, "ttl": r.ttl, "granted_ttl": r.granted_ttl,
            "keys": r.keys.iter().map(|key| key.to_string()).collect::<Vec<_>>(),
        }),
        EtcdResponse::LeaseLeases(r) => {
            let mut ids = r.leases.clone();
            ids.sort_by_key(|id| leases.iter().position(|known| known == id));
            json!({"leases": ids.into_iter().map(|id| lease(id, leases)).collect::<Vec<_>>()})
        }
        EtcdResponse::Alarm(r) => json!({"alarms": r.alarms.iter().map(|a| match a.alarm {
            AlarmType::NoSpace => "NOSPACE",
            AlarmType::Corrupt => "CORRUPT",
        }).collect::<Vec<_>>()}),
        EtcdResponse::HashKv(r) => {
            json!({"revision": revision, "hash": r.hash, "compact_revision": r.compact_revision})
        }
        EtcdResponse::LeaseRevoke(_)
        | EtcdResponse::Status(_)
        | EtcdResponse::Defragment(_)
        | EtcdResponse::MoveLeader(_) => json!({"revision": revision}),
    }
}

fn range(r: &RangeResponse, leases: &Leases) -> Value {
    json!({
        "revision": r.header.revision, "kvs": pairs(&r.kvs, leases), "count": r.count,
        "more": r.more,
    })
}

fn put(r: &PutResponse, leases: &Leases) -> Value {
    let mut answer = json!({"revision": r.header.revision});
    if let Some(kv) = &r.prev_kv {
        answer["prev_kv"] = pair(kv, leases);
    }
    answer
}

fn delete(r: &DeleteRangeResponse, leases: &Leases) -> Value {
    let mut answer = json!({"revision": r.header.revision, "deleted": r.deleted});
    if !r.prev_kvs.is_empty() {
        answer["prev_kvs"] = pairs(&r.prev_kvs, leases);
    }
    answer
}

fn txn(r: &TxnResponse, leases: &Leases) -> Value {
    let op = |response: &ResponseOp| {
        let (mut answer, op) = match response {
            ResponseOp::Range(r) => (range(r, leases), "get"),
            ResponseOp::Put(r) => (put(r, leases), "put"),
            ResponseOp::DeleteRange(r) => (delete(r, leases), "del"),
            ResponseOp::Txn(r) => (txn(r, leases), "txn"),
        };
        answer["op"] = json!(op);
        answer
    };
    json!({
        "revision": r.header.revision, "succeeded": r.succeeded,
        "responses": r.responses.iter().map(op).collect::<Vec<_>>(),
    })
}

/// A response on a watch stream.
pub(super) fn watch(response: &WatchResponse, leases: &Leases) -> Value {
    let mut answer = json!({"revision": response.revision});
    if response.created {
        answer["created"] = json!(true);
    }
    if response.canceled {
        answer["canceled"] = json!(true);
    }
    if response.compact_revision != 0 {
        answer["compact_revision"] = json!(response.compact_revision);
    }
    if let Some(reason) = response.cancel_reason {
        answer["cancel_reason"] = json!(reason.to_string());
    }
    if !response.events.is_empty() {
        answer["events"] = response.events.iter().map(|event| self::event(event, leases)).collect();
    }
    answer
}

fn event(event: &Event, leases: &Leases) -> Value {
    let mut answer = match event.kind() {
        EventType::Put => json!({"type": "PUT", "kv": pair(&event.kv, leases)}),
        EventType::Delete => json!({
            "type": "DELETE",
            "kv": {"key": event.kv.key.to_string(), "mod_revision": event.kv.mod_revision},
        }),
    };
    if let Some(kv) = &event.prev_kv {
        answer["prev_kv"] = pair(kv, leases);
    }
    answer
}

fn pairs(kvs: &[Arc<KeyValue>], leases: &Leases) -> Value {
    kvs.iter().map(|kv| pair(kv, leases)).collect()
}

fn pair(kv: &KeyValue, leases: &Leases) -> Value {
    let mut pair = json!({
        "key": kv.key.to_string(), "value": kv.value.as_text().unwrap_or_default(),
        "create_revision": kv.create_revision, "mod_revision": kv.mod_revision,
        "version": kv.version,
    });
    if kv.lease != NO_LEASE {
        pair["lease"] = lease(kv.lease, leases);
    }
    pair
}

/// A lease by its name in the dialogue.
fn lease(id: LeaseId, leases: &Leases) -> Value {
    leases.iter().position(|known| *known == id).map_or(json!(id), |n| json!(format!("L{}", n + 1)))
}
