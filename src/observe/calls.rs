//! Which messages begin a call and which end it: to an API server, and from there to etcd.

use crate::wire::Msg;
use crate::wire::api::ApiReply;
use crate::wire::apiserver::ApiServerIn;
use crate::wire::etcd::{EtcdIn, EtcdReply};

/// The number of the call that a message begins; the sender gave it.
pub(super) fn begun(msg: &Msg) -> Option<u64> {
    if let Msg::ApiServer(ApiServerIn::Request(call)) = msg {
        return Some(call.id);
    }
    if let Msg::Etcd(EtcdIn::Client { id, .. }) = msg { Some(*id) } else { None }
}

/// The number of the call that a message ends; its receiver gave it.
pub(super) fn ended(msg: &Msg) -> Option<u64> {
    if let Msg::Api(ApiReply::Response(answer)) = msg {
        return Some(answer.id);
    }
    if let Msg::ApiServer(ApiServerIn::Etcd(EtcdReply::Response { id, .. })) = msg {
        Some(*id)
    } else {
        None
    }
}
