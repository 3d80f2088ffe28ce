//! The person at the keyboard: kubectl's commands as the calls that the real kubectl makes.
//!
//! The operator has no special powers: it connects through the balancer like everybody, waits
//! for answers, and sees errors. A command is a small program (`Job`): each answer decides the
//! next call.
//! Simplified: an operator whose call found nobody (no connection, 429, 503, 504) types the
//! command again a second later instead of giving up.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | the actor: jobs, answers, retries, what is noted |
//! | `jobs` | each command's program |
//!
//! Floor: 3
//! Imports: kernel, api, wire, client

mod jobs;

use std::collections::BTreeMap;

use crate::api::Str;
use crate::client::ApiClient;
use crate::client::ClientConfig;
use crate::client::Incoming;
use crate::kernel::Slot;
use crate::kernel::Span;
use crate::kernel::Start;
use crate::wire::Cx;
use crate::wire::Note;
use crate::wire::api::{ApiCall, ApiOk, Status, StatusReason};
use crate::wire::operator::{Command, OperatorIn};

use jobs::{Job, Next};

/// kubectl's limit of calls per second.
/// Source: kubernetes/kubectl:pkg/cmd/cmd.go (QPS 50, burst 300 since 1.24).
const QPS: u32 = 50;

/// Calls at once.
const BURST: u32 = 300;

/// Before a call that found nobody is made again.
const TYPE_AGAIN_AFTER: Span = Span::secs(1);

/// The operator.
#[derive(Clone, Debug)]
pub struct Operator {
    client: ApiClient<u64>,
    jobs: BTreeMap<u64, Job>,
    /// Calls that found nobody, by job.
    again: BTreeMap<u64, ApiCall>,
    /// The call that each job waits for, to make it again.
    asked: BTreeMap<u64, ApiCall>,
    last: u64,
}

impl Operator {
    /// An operator who reaches the API servers through `balancer`.
    #[must_use]
    pub fn new(balancer: Slot) -> Self {
        let config = ClientConfig::new("kubernetes-admin").limited_to(QPS, BURST);
        Operator {
            client: ApiClient::new(config, balancer, |timer| OperatorIn::Client(timer).into()),
            jobs: BTreeMap::new(),
            again: BTreeMap::new(),
            asked: BTreeMap::new(),
            last: 0,
        }
    }

    /// Sits down at the keyboard.
    pub fn start(&mut self, cx: &mut Cx<'_>, _start: Start) {
        self.client.start(cx);
    }

    /// The person leaves; half-done commands stay half done.
    pub fn crash(&mut self) {
        self.client.crash();
        self.jobs.clear();
        self.again.clear();
        self.asked.clear();
    }

    /// How many commands are not finished yet.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.jobs.len()
    }

    /// Handles one message.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: OperatorIn) {
        match msg {
            OperatorIn::Api(reply) => self.client.handle(cx, from, reply),
            OperatorIn::Client(timer) => self.client.timer(cx, timer),
            OperatorIn::Do(command) => self.begin(cx, *command),
            OperatorIn::Retry(job) => self.retry(cx, job),
        }
        while let Some(incoming) = self.client.next() {
            if let Incoming::Answer { tag, result } = incoming {
                self.answered(cx, tag, result);
            }
        }
    }

    fn begin(&mut self, cx: &mut Cx<'_>, command: Command) {
        self.last += 1;
        let text: Str = command.to_string().into();
        cx.note(|| Note::Operator { command: text.clone(), outcome: None });
        let (job, next) = Job::begin(command, text);
        self.jobs.insert(self.last, job);
        self.go_on(cx, self.last, next);
    }

    fn retry(&mut self, cx: &mut Cx<'_>, job: u64) {
        if let Some(call) = self.again.remove(&job) {
            self.go_on(cx, job, Next::Call(call));
        }
    }

    fn answered(&mut self, cx: &mut Cx<'_>, id: u64, result: Result<ApiOk, Status>) {
        let asked = self.asked.remove(&id);
        let found_nobody = result.as_ref().is_err_and(|status| is_passing(status.reason));
        if let (true, Some(call)) = (found_nobody, asked) {
            self.again.insert(id, call);
            cx.after(TYPE_AGAIN_AFTER, OperatorIn::Retry(id));
            return;
        }
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let next = job.answered(result, cx.now());
        self.go_on(cx, id, next);
    }

    fn go_on(&mut self, cx: &mut Cx<'_>, id: u64, next: Next) {
        match next {
            Next::Call(call) => {
                self.asked.insert(id, call.clone());
                self.client.call(cx, id, call);
            }
            Next::CallLater(call) => {
                self.again.insert(id, call);
                cx.after(TYPE_AGAIN_AFTER, OperatorIn::Retry(id));
            }
            Next::Done(outcome) => {
                if let Some(job) = self.jobs.remove(&id) {
                    cx.note(|| Note::Operator { command: job.text, outcome: Some(outcome) });
                }
            }
        }
    }
}

/// Whether a refusal has nothing to do with the command.
fn is_passing(reason: StatusReason) -> bool {
    matches!(
        reason,
        StatusReason::ConnectionLost
            | StatusReason::Timeout
            | StatusReason::ServiceUnavailable
            | StatusReason::TooManyRequests
    )
}
