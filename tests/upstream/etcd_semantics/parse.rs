//! From the steps of the file to etcd's vocabulary.

use prova::wire::etcd::{
    AlarmAction, AlarmRequest, CompactRequest, Compare, CompareOp, CompareTarget,
    DeleteRangeRequest, EtcdRequest, KeyRange, LeaseGrantRequest, LeaseId, LeaseTimeToLiveRequest,
    NO_LEASE, PutRequest, RangeFilter, RangeRequest, RequestOp, SortOrder, SortTarget, TxnRequest,
    WatchCreate, WatchFilters,
};
use serde_json::Value;

use crate::cases::case::text_or;

/// The leases of a dialogue in order of creation: the first is called L1.
pub(super) type Leases = [LeaseId];

/// One step that is a request.
pub(super) fn request(op: &str, args: &Value, leases: &Leases) -> Result<EtcdRequest, String> {
    Ok(match op {
        "get" => EtcdRequest::Range(range(args)?),
        "put" => EtcdRequest::Put(put(args, leases)?),
        "del" => EtcdRequest::DeleteRange(delete(args)),
        "txn" => EtcdRequest::Txn(txn(args, leases)?),
        "compact" => EtcdRequest::Compact(CompactRequest {
            revision: number(args, "rev"),
            physical: flag(args, "physical"),
        }),
        "lease_grant" => EtcdRequest::LeaseGrant(LeaseGrantRequest {
            ttl: number(args, "ttl"),
            id: lease(args, "id", leases)?,
        }),
        "lease_revoke" => EtcdRequest::LeaseRevoke(lease(args, "id", leases)?),
        "lease_keepalive" => EtcdRequest::LeaseKeepAlive(lease(args, "id", leases)?),
        "lease_ttl" => EtcdRequest::LeaseTimeToLive(LeaseTimeToLiveRequest {
            id: lease(args, "id", leases)?,
            keys: flag(args, "keys"),
        }),
        "lease_list" => EtcdRequest::LeaseLeases,
        "alarm_list" => alarm(AlarmAction::Get),
        "alarm_disarm" => alarm(AlarmAction::Deactivate),
        "hash_kv" => EtcdRequest::HashKv(number(args, "rev")),
        "defrag" => EtcdRequest::Defragment,
        _ => return Err("unknown operation".to_owned()),
    })
}

fn alarm(action: AlarmAction) -> EtcdRequest {
    EtcdRequest::Alarm(AlarmRequest { action, member_id: 0, alarm: None })
}

fn range(args: &Value) -> Result<RangeRequest, String> {
    let mut range = RangeRequest::new(interval(args));
    range.revision = number(args, "rev");
    range.limit = number(args, "limit");
    range.sort_order = match text_or(args, "order", "NONE") {
        "NONE" => SortOrder::None,
        "ASCEND" => SortOrder::Ascend,
        "DESCEND" => SortOrder::Descend,
        other => return Err(format!("unknown order {other}")),
    };
    range.sort_target = match text_or(args, "sort_by", "KEY") {
        "KEY" => SortTarget::Key,
        "VERSION" => SortTarget::Version,
        "CREATE" => SortTarget::Create,
        "MODIFY" | "MOD" => SortTarget::Mod,
        "VALUE" => SortTarget::Value,
        other => return Err(format!("unknown sort field {other}")),
    };
    range.serializable = flag(args, "serializable");
    range.keys_only = flag(args, "keys_only");
    range.count_only = flag(args, "count_only");
    range.filter = RangeFilter {
        min_mod_revision: number(args, "min_mod_revision"),
        max_mod_revision: number(args, "max_mod_revision"),
        min_create_revision: number(args, "min_create_revision"),
        max_create_revision: number(args, "max_create_revision"),
    };
    Ok(range)
}

fn put(args: &Value, leases: &Leases) -> Result<PutRequest, String> {
    let mut put = PutRequest::new(text_or(args, "key", ""), text(args, "value").as_str());
    put.lease = lease(args, "lease", leases)?;
    put.prev_kv = flag(args, "prev_kv");
    put.ignore_value = flag(args, "ignore_value");
    put.ignore_lease = flag(args, "ignore_lease");
    Ok(put)
}

fn delete(args: &Value) -> DeleteRangeRequest {
    DeleteRangeRequest { range: interval(args), prev_kv: flag(args, "prev_kv") }
}

fn txn(args: &Value, leases: &Leases) -> Result<TxnRequest, String> {
    let list = |field: &str| args.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
    let ops = |field: &str| -> Result<Vec<RequestOp>, String> {
        list(field).iter().map(|step| request_op(step, leases)).collect()
    };
    Ok(TxnRequest {
        compare: list("compare").iter().map(|c| compare(c, leases)).collect::<Result<_, _>>()?,
        success: ops("success")?,
        failure: ops("failure")?,
    })
}

fn request_op(step: &Value, leases: &Leases) -> Result<RequestOp, String> {
    let args = &step["args"];
    Ok(match text_or(step, "op", "") {
        "get" => RequestOp::Range(range(args)?),
        "put" => RequestOp::Put(put(args, leases)?),
        "del" => RequestOp::DeleteRange(delete(args)),
        "txn" => RequestOp::Txn(txn(args, leases)?),
        other => return Err(format!("unknown operation {other:?} in a txn")),
    })
}

fn compare(args: &Value, leases: &Leases) -> Result<Compare, String> {
    let op = match text_or(args, "op", "") {
        "=" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        ">" => CompareOp::Greater,
        "<" => CompareOp::Less,
        other => return Err(format!("unknown relation {other:?}")),
    };
    let target = match text_or(args, "target", "") {
        "version" => CompareTarget::Version(number(args, "value")),
        "create" => CompareTarget::Create(number(args, "value")),
        "mod" => CompareTarget::Mod(number(args, "value")),
        "value" => CompareTarget::Value(text(args, "value").into()),
        "lease" => CompareTarget::Lease(lease(args, "value", leases)?),
        other => return Err(format!("unknown field {other:?} to compare")),
    };
    Ok(Compare { range: interval(args), op, target })
}

/// A watch that is to be opened.
pub(super) fn watch(args: &Value) -> Result<WatchCreate, String> {
    let mut filters = WatchFilters::default();
    let named = args.get("filters").and_then(Value::as_array).cloned().unwrap_or_default();
    for filter in named {
        match filter.as_str().unwrap_or("").to_ascii_uppercase().as_str() {
            "NOPUT" => filters.no_put = true,
            "NODELETE" => filters.no_delete = true,
            other => return Err(format!("unknown filter {other:?}")),
        }
    }
    Ok(WatchCreate {
        start_revision: number(args, "rev"),
        prev_kv: flag(args, "prev_kv"),
        progress_notify: flag(args, "progress_notify"),
        filters,
        ..WatchCreate::new(interval(args))
    })
}

fn interval(args: &Value) -> KeyRange {
    let key = text_or(args, "key", "");
    if flag(args, "prefix") {
        KeyRange::prefix(key)
    } else if flag(args, "from_key") {
        KeyRange::from_key(key)
    } else {
        KeyRange::from_wire(key, text_or(args, "range_end", ""))
    }
}

/// A lease by its name in the dialogue, or by a number of its own.
fn lease(args: &Value, field: &str, leases: &Leases) -> Result<LeaseId, String> {
    let Some(name) = args.get(field).and_then(Value::as_str) else {
        return Ok(args.get(field).and_then(Value::as_i64).unwrap_or(NO_LEASE));
    };
    let place = name.strip_prefix('L').and_then(|n| n.parse::<usize>().ok());
    let known = place.and_then(|n| leases.get(n.checked_sub(1)?)).copied();
    known.ok_or_else(|| format!("unknown lease {name}"))
}

fn number(args: &Value, field: &str) -> i64 {
    args.get(field).and_then(Value::as_i64).unwrap_or(0)
}

fn flag(args: &Value, field: &str) -> bool {
    args.get(field).and_then(Value::as_bool).unwrap_or(false)
}

fn text(args: &Value, field: &str) -> String {
    let value = expanded(&args[field]);
    value.as_str().unwrap_or("").to_owned()
}

/// The value with every `{"repeat": text, "n": times}` in it written out.
pub(super) fn expanded(value: &Value) -> Value {
    if let (Some(text), Some(times)) = (value["repeat"].as_str(), value["n"].as_u64()) {
        return Value::String(text.repeat(usize::try_from(times).unwrap_or(0)));
    }
    if let Some(items) = value.as_array() {
        return items.iter().map(expanded).collect();
    }
    if let Some(fields) = value.as_object() {
        return fields.iter().map(|(name, value)| (name.clone(), expanded(value))).collect();
    }
    value.clone()
}
