//! The way of a call through the server: authenticate → authorize → admit → validate → store.
//!
//! Each step is a function of its own room file; here is only their order, and the waiting in
//! between: for the processing time, and for etcd.

use crate::kernel::Slot;
use crate::wire::Cx;
use crate::wire::Note;
use crate::wire::api::{ApiCall, ApiOk, ApiReply, ApiRequest, ApiResponse, Status};
use crate::wire::apiserver::ApiServerTimer;
use crate::wire::etcd::{Code, EtcdRequest, EtcdResponse, EtcdResult, Key};

use super::calls::{Admitted, Call, Stage, Step};
use super::etcd_client::Asker;
use super::server::{ApiServer, timer};
use super::txn::read;
use super::{authenticate, authorize, keys, status};
use crate::api::{Kind, ObjectKey};

/// What came of a call; none: it waits for something.
pub(super) type Verdict = Option<Result<ApiOk, Status>>;

impl ApiServer {
    /// A call arrives: who is it, may they, is there room?
    pub(super) fn arrive(
        &mut self,
        cx: &mut Cx<'_>,
        client: Option<Slot>,
        request: Box<ApiRequest>,
    ) {
        let key = request.call.key();
        let mut call = Box::new(Call {
            client,
            request,
            key,
            who: None,
            arrived: cx.now(),
            cause: cx.event(),
            version: 0,
            started: None,
            stage: Stage::Authenticate,
            step: Step::Working,
            attempts: 0,
        });
        if let Err(refusal) = identify(&mut call) {
            return self.answer(cx, call, Err(refusal));
        }
        call.stage = Stage::Queue;
        let (id, admitted) = self.calls.admit(call, &self.config);
        match admitted {
            Admitted::Now => self.begin(cx, id),
            Admitted::Later => {}
            Admitted::No => {
                if let Some(call) = self.calls.take(id) {
                    self.answer(cx, call, Err(status::too_many()));
                }
            }
        }
    }

    /// The call's turn has come: the server works on it for a while.
    fn begin(&mut self, cx: &mut Cx<'_>, id: u64) {
        let Some(call) = self.calls.get_mut(id) else { return };
        call.started = Some(cx.now());
        let mutating = call.request.call.is_mutating();
        let cost = if mutating { self.config.write_cost } else { self.config.read_cost };
        cx.after(cost, timer(ApiServerTimer::Proceed(id)));
    }

    /// The processing time of a call is over.
    pub(super) fn proceed(&mut self, cx: &mut Cx<'_>, id: u64) {
        self.work(cx, id, |server, cx, id, call| {
            call.stage = Stage::Admission;
            match &call.request.call {
                ApiCall::Get { .. } => server.get(cx, id, call),
                ApiCall::List { .. } => server.list(cx, id, call),
                ApiCall::Create { .. } => server.create(cx, id, call),
                ApiCall::Update { .. }
                | ApiCall::Patch { .. }
                | ApiCall::Delete { .. }
                | ApiCall::Bind { .. } => server.change_cached(cx, id, call),
            }
        });
    }

    /// Works on a call; answers it, or lets it wait.
    pub(super) fn work(
        &mut self,
        cx: &mut Cx<'_>,
        id: u64,
        step: impl FnOnce(&mut Self, &mut Cx<'_>, u64, &mut Call) -> Verdict,
    ) {
        let Some(mut call) = self.calls.take(id) else { return };
        match step(self, cx, id, &mut call) {
            Some(result) => self.answer(cx, call, result),
            None => self.calls.put_back(id, call),
        }
    }

    /// The end of a call.
    fn answer(&mut self, cx: &mut Cx<'_>, call: Box<Call>, result: Result<ApiOk, Status>) {
        let now = cx.now();
        cx.note_in_detail(|| {
            Note::Call(Box::new(call.note(now, &self.config, result.as_ref().err())))
        });
        if let Some(next) = self.calls.done(&call) {
            self.begin(cx, next);
        }
        match call.client {
            Some(client) => {
                let response = ApiResponse { id: call.request.id, result };
                let reply = ApiReply::Response(Box::new(response));
                self.connections.send(cx, client, reply);
            }
            None => self.boot_answered(cx, call.request.id, result),
        }
    }

    pub(super) fn ask(
        &mut self,
        cx: &mut Cx<'_>,
        id: u64,
        call: &mut Call,
        request: EtcdRequest,
    ) -> Verdict {
        call.attempts += 1;
        call.stage = Stage::Storage;
        self.etcd.ask(cx, Asker::Call(id), request);
        None
    }

    pub(super) fn ask_for(
        &mut self,
        cx: &mut Cx<'_>,
        id: u64,
        call: &mut Call,
        key: &Key,
    ) -> Verdict {
        self.ask(cx, id, call, EtcdRequest::Range(read(key)))
    }

    pub(super) fn object_key(&self, kind: Kind, key: &ObjectKey) -> Key {
        let cached = self.caches[kind.index()].get(key).map(|entry| entry.key.clone());
        cached.unwrap_or_else(|| keys::key(kind, key))
    }

    /// etcd answers a call.
    pub(super) fn etcd_answered(&mut self, cx: &mut Cx<'_>, id: u64, result: EtcdResult) {
        match result {
            Ok(EtcdResponse::Range(range)) => {
                self.work(cx, id, |server, cx, id, call| server.range_read(cx, id, call, &range));
            }
            Ok(EtcdResponse::Txn(txn)) => {
                self.work(cx, id, |server, cx, id, call| server.txn_done(cx, id, call, &txn));
            }
            Ok(_) => {}
            Err(error) => {
                if error.code() == Code::Unavailable && self.etcd.count() > 1 {
                    self.etcd_cannot_serve(cx);
                }
                self.work(cx, id, |server, cx, id, call| {
                    let again = error.code() == Code::Unavailable
                        && !matches!(call.step, Step::Write(_))
                        && (call.attempts as usize) < server.etcd.count();
                    if again {
                        server.read_again(cx, id, call)
                    } else {
                        Some(Err(status::from_etcd(error)))
                    }
                });
            }
        }
    }

    /// A request to etcd was lost: a read can be asked again, of a write nobody knows.
    pub(super) fn lost(&mut self, cx: &mut Cx<'_>, id: u64) {
        self.work(cx, id, |server, cx, id, call| {
            if matches!(call.step, Step::Write(_)) {
                Some(Err(status::broken()))
            } else if (call.attempts as usize) < server.etcd.count() {
                server.read_again(cx, id, call)
            } else {
                Some(Err(status::unreachable()))
            }
        });
    }

    /// A call waited too long for etcd.
    pub(super) fn timed_out(&mut self, cx: &mut Cx<'_>, id: u64) {
        self.work(cx, id, |_, _, _, _| Some(Err(status::deadline())));
    }
}

/// Steps 1 and 2 of the pipeline.
fn identify(call: &mut Call) -> Result<(), Status> {
    if call.client.is_none() {
        return Ok(()); // the server itself
    }
    let who = authenticate::authenticate(&call.request.user)?;
    call.stage = Stage::Authorize;
    let key = (call.key.namespace.as_str(), call.key.name.as_str());
    authorize::authorize(&who, &authorize::attributes(&call.request, key))?;
    call.who = Some(who);
    Ok(())
}
