//! One look at a Deployment, step by step.
//!
//! Upstream's `syncDeployment` writes and waits, writes and waits; here each wait is a [`Plan`]
//! with one call, and the [`Look`] keeps the objects as the API server last returned them, so
//! that the next write starts from them.
//!
//! Source: kubernetes/kubernetes:pkg/controller/deployment/{deployment_controller,sync}.go.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::api::reasons::PROGRESSING;
use crate::api::workload::{DeploymentStatus, StrategyType};
use crate::api::{
    ConditionStatus, Deployment, Kind, Object, ObjectReference, Pod, ReplicaSet, Resource, Str,
};
use crate::wire::api::{ApiCall, DeleteOptions, Part};

use super::super::claim::{Claims, claim};
use super::super::reconcile::{Answer, Plan, Said, View, answered_object, is_failure};
use super::scale::{self, Resize};
use super::status::{self, reason};
use super::util::{max_replicas, replicas_annotations_need_update, set_replicas_annotations};
use super::{history, recreate, rolling, template};

/// Reason of the Event about a new size.
const SCALING_REPLICA_SET: Str = arcstr::literal!("ScalingReplicaSet");
/// Reason of the warning about an empty selector.
const SELECTING_ALL: Str = arcstr::literal!("SelectingAll");

/// One look at a Deployment.
#[derive(Clone, Debug)]
pub struct Look {
    /// As it was last written.
    pub(super) deployment: Arc<Deployment>,
    /// Its ReplicaSets, as they were last written.
    pub(super) sets: Vec<Arc<ReplicaSet>>,
    /// What is still to be done, in this order.
    pub(super) todo: VecDeque<Step>,
    /// What the call under way is for.
    pub(super) doing: Step,
    /// Events that belong to the calls answered so far.
    pub(super) said: Vec<Said>,
    /// Whether a rollout was reported, so that it must be looked at when it may be stuck.
    rolls: bool,
}

/// One step of a look. Most of them make one call or none.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Read the Deployment afresh, to adopt ReplicaSets.
    Recheck(Claims<ReplicaSet>),
    /// Adopt and release ReplicaSets.
    Claim(Claims<ReplicaSet>),
    /// Only say that the empty selector was seen.
    SelectingAll,
    /// Write down that the rollout is paused or resumed.
    Pause,
    /// Bring the ReplicaSet of the template up to date; make it if it is missing and wanted.
    Revision { create: bool },
    /// Make it.
    Create,
    /// Write the revision and a condition of the Deployment.
    Record,
    /// Write something down before the look ends as a failure.
    Fail,
    /// Choose what comes next by strategy, pause and size.
    Choose,
    /// The next step of a rolling update.
    Roll,
    /// The old ReplicaSets to nothing; then wait for their pods.
    RecreateDown,
    /// The new ReplicaSet to full size.
    RecreateUp,
    /// Change one size.
    Resize(Resize),
    /// Delete old ReplicaSets beyond the history limit.
    CleanUp,
    /// Write the status; whether a rollout is under way.
    Report { rollout: bool },
}

impl Look {
    /// Begins a look.
    pub(super) fn begin(view: &View<'_>, deployment: &Arc<Deployment>) -> Plan<Look> {
        let meta = &deployment.metadata;
        let mut look = Look {
            deployment: deployment.clone(),
            sets: Vec::new(),
            todo: VecDeque::from([Step::Pause, Step::Revision { create: false }, Step::Choose]),
            doing: Step::Choose,
            said: Vec::new(),
            rolls: false,
        };
        if deployment.spec.selector.is_empty() {
            let message =
                "This deployment is selecting all pods. A non-empty selector is required.";
            look.said.push(Said::warning(look.about(), SELECTING_ALL, message));
            look.todo = VecDeque::from([Step::SelectingAll]);
            return look.run(view);
        }
        if meta.is_terminating() {
            look.todo.pop_front();
        }
        let owned = view.caches.controlled_by::<ReplicaSet>(meta.uid);
        let orphans = view.caches.orphans::<ReplicaSet>(&meta.namespace);
        let claims = claim(meta, &deployment.spec.selector, owned, orphans);
        if claims.is_settled() {
            look.sets = claims.owned;
        } else if claims.adopt.is_empty() {
            look.todo.push_front(Step::Claim(claims));
        } else {
            look.todo.push_front(Step::Recheck(claims));
        }
        look.run(view)
    }

    /// Takes steps until one makes a call, or none is left.
    fn run(mut self, view: &View<'_>) -> Plan<Look> {
        while let Some(step) = self.todo.pop_front() {
            let calls = self.take(view, &step);
            if !calls.is_empty() {
                self.doing = step;
                let said = std::mem::take(&mut self.said);
                return Plan::then(calls, self).saying(said);
            }
        }
        let after = self.rolls.then(|| status::requeue_after(&self.deployment, view.now));
        after.flatten().map_or_else(Plan::done, Plan::done_until).saying(self.said)
    }

    /// Takes one step; the calls it makes.
    fn take(&mut self, view: &View<'_>, step: &Step) -> Vec<ApiCall> {
        match step {
            Step::Recheck(claims) => {
                let owner = &self.deployment.metadata;
                claims.recheck(Kind::Deployment, owner).into_iter().collect()
            }
            Step::Claim(claims) => claims.patches(Kind::Deployment, &self.deployment.metadata),
            Step::SelectingAll => self.selecting_all(),
            Step::Pause => self.pause(view),
            Step::Revision { create } => self.revision(view, *create),
            Step::Create => vec![self.create()],
            Step::Record | Step::Fail => vec![self.write_status()],
            Step::Choose => self.choose(),
            Step::Roll => self.roll(),
            Step::RecreateDown => self.recreate_down(view),
            Step::RecreateUp => self.recreate_up(),
            Step::Resize(resize) => self.resize(resize).into_iter().collect(),
            Step::CleanUp => self.clean_up(),
            Step::Report { rollout } => self.report(view, *rollout),
        }
    }

    /// Goes on after the answers to the last step's calls.
    pub(super) fn answered(mut self, view: &View<'_>, answers: Vec<Answer>) -> Plan<Look> {
        match std::mem::replace(&mut self.doing, Step::Choose) {
            Step::Recheck(claims) => {
                let fresh = answers.first();
                let owner = &self.deployment.metadata;
                if !fresh.is_some_and(|fresh| Claims::<ReplicaSet>::may_adopt(owner, fresh)) {
                    return Plan::retry();
                }
                self.todo.push_front(Step::Claim(claims));
                return self.run(view);
            }
            Step::Claim(claims) => {
                if answers.iter().any(is_failure) {
                    return Plan::retry();
                }
                self.sets = claims.owned;
                let adopted = answers.iter().take(claims.adopt.len()).filter_map(answered_object);
                self.sets.extend(adopted.filter_map(Object::as_kind).cloned());
                return self.run(view);
            }
            Step::Create => return self.created(view, answers),
            Step::CleanUp => {
                let failed = answers.iter().any(is_failure);
                return if failed { Plan::retry() } else { self.run(view) };
            }
            Step::Fail => return Plan::retry().saying(self.said),
            Step::Resize(resize) => {
                if answers.iter().all(Result::is_ok) {
                    self.say_resized(&resize);
                }
            }
            Step::SelectingAll
            | Step::Pause
            | Step::Revision { .. }
            | Step::Record
            | Step::Choose
            | Step::Roll
            | Step::RecreateDown
            | Step::RecreateUp
            | Step::Report { .. } => {}
        }
        for answer in &answers {
            match answered_object(answer) {
                Some(object) => self.adopt_answer(object),
                None => return Plan::retry().saying(self.said),
            }
        }
        self.run(view)
    }

    pub(super) fn go_on(self, view: &View<'_>) -> Plan<Look> {
        self.run(view)
    }

    /// Takes over an object as it was just written.
    fn adopt_answer(&mut self, object: &Object) {
        if let Some(deployment) = object.as_kind::<Deployment>() {
            self.deployment = deployment.clone();
        } else if let Some(rs) = object.as_kind::<ReplicaSet>() {
            for known in &mut self.sets {
                if known.metadata.uid == rs.metadata.uid {
                    *known = rs.clone();
                }
            }
        }
    }

    pub(super) fn about(&self) -> ObjectReference {
        ObjectReference::to(Kind::Deployment, &self.deployment.metadata)
    }

    /// The ReplicaSet of the template, and all others.
    pub(super) fn split(&self) -> (Option<Arc<ReplicaSet>>, Vec<Arc<ReplicaSet>>) {
        let new_rs = template::find_new(&self.deployment, &self.sets).cloned();
        let old = template::find_old(&self.sets, new_rs.as_ref());
        (new_rs, old)
    }

    /// Writes status and annotations as they stand in the look.
    pub(super) fn write_status(&self) -> ApiCall {
        ApiCall::Update { object: self.deployment.clone().into(), part: Part::Status }
    }

    pub(super) fn set_progressing(
        &mut self,
        view: &View<'_>,
        holds: ConditionStatus,
        why: (Str, Str),
    ) {
        let condition = status::condition(PROGRESSING, holds, why, view.now);
        let deployment = Arc::make_mut(&mut self.deployment);
        status::set_condition(&mut deployment.status.conditions, condition);
    }

    fn selecting_all(&mut self) -> Vec<ApiCall> {
        let generation = self.deployment.metadata.generation;
        if self.deployment.status.observed_generation >= generation {
            return Vec::new();
        }
        Arc::make_mut(&mut self.deployment).status.observed_generation = generation;
        vec![self.write_status()]
    }

    /// A pause stops the clock of the progress deadline, and a resumption starts it afresh.
    fn pause(&mut self, view: &View<'_>) -> Vec<ApiCall> {
        let known = self.deployment.status.conditions.get(&PROGRESSING);
        let is = |wanted: &Str| known.is_some_and(|known| known.reason == *wanted);
        if !status::has_progress_deadline(&self.deployment) || is(&reason::TIMED_OUT) {
            return Vec::new();
        }
        let why = match (self.deployment.spec.paused, is(&reason::PAUSED)) {
            (true, false) => (reason::PAUSED, arcstr::literal!("Deployment is paused")),
            (false, true) => (reason::RESUMED, arcstr::literal!("Deployment is resumed")),
            (true, true) | (false, false) => return Vec::new(),
        };
        self.set_progressing(view, ConditionStatus::Unknown, why);
        vec![self.write_status()]
    }

    fn choose(&mut self) -> Vec<ApiCall> {
        let deployment = &self.deployment;
        let paused = deployment.spec.paused;
        if deployment.metadata.is_terminating() {
            self.todo.push_back(Step::Report { rollout: false });
        } else if paused || scale::is_scaling_event(deployment, &self.sets) {
            let (new_rs, old) = self.split();
            let resizes = scale::scale(deployment, new_rs.as_ref(), &old);
            self.todo.extend(resizes.into_iter().map(Step::Resize));
            self.todo.extend(paused.then_some(Step::CleanUp));
            self.todo.push_back(Step::Report { rollout: false });
        } else {
            match deployment.spec.strategy.kind {
                StrategyType::RollingUpdate => {
                    self.todo.extend([Step::Revision { create: true }, Step::Roll]);
                }
                StrategyType::Recreate => self.todo.push_back(Step::RecreateDown),
            }
        }
        Vec::new()
    }

    fn roll(&mut self) -> Vec<ApiCall> {
        if let (Some(new_rs), old) = self.split() {
            let resizes = rolling::step(&self.deployment, &new_rs, &old);
            if resizes.is_empty() {
                self.clean_up_when_complete();
            }
            self.todo.extend(resizes.into_iter().map(Step::Resize));
        }
        self.todo.push_back(Step::Report { rollout: true });
        Vec::new()
    }

    fn recreate_down(&mut self, view: &View<'_>) -> Vec<ApiCall> {
        let (new_rs, old) = self.split();
        let resizes = recreate::scale_down_old(&old);
        let is_new = |rs: &Arc<ReplicaSet>| {
            new_rs.as_ref().is_some_and(|new| new.metadata.uid == rs.metadata.uid)
        };
        let old_pods = self
            .sets
            .iter()
            .filter(|rs| !is_new(rs))
            .flat_map(|rs| view.caches.controlled_by::<Pod>(rs.metadata.uid));
        if resizes.is_empty() && !recreate::old_pods_running(&old, old_pods) {
            self.todo.extend([Step::Revision { create: true }, Step::RecreateUp]);
        } else {
            self.todo.extend(resizes.into_iter().map(Step::Resize));
            self.todo.push_back(Step::Report { rollout: true });
        }
        Vec::new()
    }

    fn recreate_up(&mut self) -> Vec<ApiCall> {
        if let (Some(new_rs), _) = self.split() {
            let resize = Resize::of(&new_rs, self.deployment.spec.replicas);
            self.todo.extend(resize.map(Step::Resize));
        }
        self.clean_up_when_complete();
        self.todo.push_back(Step::Report { rollout: true });
        Vec::new()
    }

    fn clean_up_when_complete(&mut self) {
        if status::is_complete(&self.deployment, &self.deployment.status) {
            self.todo.push_back(Step::CleanUp);
        }
    }

    /// Writes a new size and what it was computed from; none when nothing is new.
    fn resize(&self, resize: &Resize) -> Option<ApiCall> {
        let rs = self.sets.iter().find(|rs| rs.metadata.uid == resize.uid)?;
        let (desired, max) = (self.deployment.spec.replicas, max_replicas(&self.deployment));
        let same_size = rs.spec.replicas == resize.to;
        if same_size && !replicas_annotations_need_update(rs, desired, max) {
            return None;
        }
        let mut rs = ReplicaSet::clone(rs);
        rs.spec.replicas = resize.to;
        set_replicas_annotations(&mut rs, desired, max);
        Some(ApiCall::Update { object: rs.into(), part: Part::Main })
    }

    fn say_resized(&mut self, resize: &Resize) {
        let Resize { from, to, .. } = *resize;
        let name = self.sets.iter().find(|rs| rs.metadata.uid == resize.uid);
        let Some(name) = name.map(|rs| &rs.metadata.name).filter(|_| from != to) else { return };
        let way = if from < to { "up" } else { "down" };
        let message = format!("Scaled {way} replica set {name} from {from} to {to}");
        self.said.push(Said::normal(self.about(), SCALING_REPLICA_SET, message));
    }

    fn clean_up(&self) -> Vec<ApiCall> {
        let delete = |rs: &Arc<ReplicaSet>| ApiCall::Delete {
            kind: Kind::ReplicaSet,
            key: rs.key(),
            options: DeleteOptions::default(),
        };
        let (_, old) = self.split();
        history::superfluous(&self.deployment, &old).iter().map(delete).collect()
    }

    fn report(&mut self, view: &View<'_>, rollout: bool) -> Vec<ApiCall> {
        self.rolls = rollout;
        let (new_rs, _) = self.split();
        let of: fn(_, _, _, _) -> DeploymentStatus =
            if rollout { status::rollout } else { status::calculate };
        let status = of(&self.deployment, &self.sets, new_rs.as_ref(), view.now);
        if status == self.deployment.status {
            return Vec::new();
        }
        Arc::make_mut(&mut self.deployment).status = status;
        vec![self.write_status()]
    }

    /// The Event about a ReplicaSet that was made with pods.
    pub(super) fn say_created(&mut self, rs: &ReplicaSet) {
        if rs.spec.replicas > 0 {
            let (name, size) = (&rs.metadata.name, rs.spec.replicas);
            let message = format!("Scaled up replica set {name} from 0 to {size}");
            self.said.push(Said::normal(self.about(), SCALING_REPLICA_SET, message));
        }
    }
}
