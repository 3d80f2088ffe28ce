//! What each verb does to an object: pure functions from what is stored to what shall be stored.
//!
//! None of them sends anything. The server reads the present object (from the watch cache or from
//! etcd), asks one of these functions what to do, and writes the outcome guarded by the revision
//! it read; when somebody was faster, it reads again and asks again. That loop is upstream's
//! `GuaranteedUpdate`.
//!
//! | file | what lives there |
//! |---|---|
//! | `create` | identity, name, time of a new object |
//! | `update` | replacing an object or a part of it; generation; the end of an object without finalizers |
//! | `patch` | typed changes and JSON merge patches |
//! | `delete` | grace, finalizers, propagation, preconditions |
//! | `bind` | giving a pod its node |
//! | `strategy` | what differs between kinds: spec, status, generation |
//!
//! Source: kubernetes/apiserver:pkg/registry/{rest,generic/registry}.

mod bind;
mod create;
mod delete;
mod patch;
mod strategy;
mod update;

use crate::api::{Object, ObjectKey, Time};
use crate::kernel::{SimTime, Stream};
use crate::wire::api::{ApiCall, Status};

use super::config::Config;
use super::status::not_found;

pub(super) use create::create;

/// What the functions of the registry may use.
pub(super) struct Env<'a> {
    pub(super) config: &'a Config,
    /// The moment.
    pub(super) now: SimTime,
    /// Random numbers for uids and generated names.
    pub(super) chance: &'a mut Stream,
}

impl Env<'_> {
    /// The moment as metadata holds it: whole seconds.
    pub(super) fn time(&self) -> Time {
        seconds(self.now)
    }
}

/// Timestamps in metadata have no fractions of a second.
fn seconds(at: SimTime) -> Time {
    Time(SimTime::from_secs(at.as_secs()))
}

/// What a write comes to.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// Store this.
    Put(Object),
    /// Remove the object; the answer shows it like this.
    Delete(Object),
    /// Nothing changes, so nothing is written; the answer shows it as it is.
    Unchanged,
}

/// What a call that changes an existing object does to the present one.
///
/// Errors: as Kubernetes words them; the caller must make sure that `current` is not stale before
/// it believes a refusal.
pub(super) fn change(
    env: &mut Env<'_>,
    call: &ApiCall,
    current: Option<&Object>,
) -> Result<Outcome, Status> {
    let ObjectKey { name, .. } = call.key();
    let current = current.ok_or_else(|| not_found(call.kind(), &name))?;
    match call {
        ApiCall::Update { object, part } => update::update(env, current, object, *part),
        ApiCall::Patch { patch, .. } => patch::patch(env, current, patch),
        ApiCall::Delete { options, .. } => delete::delete(env, current, options),
        ApiCall::Bind { uid, node, .. } => bind::bind(env, current, *uid, node),
        ApiCall::Get { .. } | ApiCall::List { .. } | ApiCall::Create { .. } => {
            Ok(Outcome::Unchanged)
        }
    }
}
