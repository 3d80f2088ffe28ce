//! Quantities over time, in even buckets from the beginning to the cursor, from the facts alone.

use std::collections::BTreeMap;

use crate::api::Deployment;
use crate::api::HorizontalPodAutoscaler;
use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::dashboard::model::{Role, Series};
use crate::dashboard::scene::Scene;
use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::observe::{Change, What};
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::views_a::FigureWords as W;
use crate::wire::Note;

use super::parts::shown;

/// How many values a series has.
const BUCKETS: usize = 60;
/// Workloads beyond these have no series of their own.
const WORKLOADS_MAX: usize = 4;

/// A quantity that keeps its value until it changes.
#[derive(Clone, Default)]
struct Level {
    now: u64,
    values: Vec<u64>,
}

impl Level {
    /// Fills up the buckets before `bucket` with the value that has held since the last change.
    fn reach(&mut self, bucket: usize) {
        while self.values.len() < bucket {
            self.values.push(self.now);
        }
    }

    fn set(&mut self, bucket: usize, value: u64) {
        self.reach(bucket);
        self.now = value;
    }
}

/// What is followed.
#[derive(Default)]
struct History {
    ready: Level,
    /// Desired and ready of each Deployment.
    workloads: BTreeMap<ObjectKey, (Level, Level)>,
    /// What each autoscaler wants.
    autoscalers: BTreeMap<ObjectKey, Level>,
    lost: Vec<u64>,
}

/// Whose history is shown: in a large cluster the changes of all others are many.
struct Shown {
    workloads: Vec<ObjectKey>,
    autoscalers: Vec<ObjectKey>,
}

/// The series up to the cursor.
pub(super) fn series(scene: &Scene<'_>) -> Vec<Series> {
    let now = scene.run.now();
    if scene.seen.facts.is_empty() || now == SimTime::ZERO {
        return Vec::new();
    }
    let step = Span::nanos((now.as_nanos() / BUCKETS as u64).max(1));
    let model = &scene.seen.model;
    let (workloads, autoscalers) =
        (model.of::<Deployment>(), model.of::<HorizontalPodAutoscaler>());
    let shown = Shown {
        workloads: workloads.take(WORKLOADS_MAX).map(|it| it.metadata.key()).collect(),
        autoscalers: autoscalers.take(WORKLOADS_MAX).map(|it| it.metadata.key()).collect(),
    };
    let mut history = History { lost: vec![0; BUCKETS], ..History::default() };
    for (_, fact) in scene.seen.facts.iter() {
        let bucket = usize::try_from(fact.at.as_nanos() / step.as_nanos()).unwrap_or(usize::MAX);
        let bucket = bucket.min(BUCKETS - 1);
        match &fact.what {
            What::Changed(change) => history.change(bucket, change, &shown),
            What::Noted(Note::Request(request)) if request.lost.is_some() => {
                history.lost[bucket] += 1;
            }
            What::Noted(_) => {}
        }
    }
    history.told(scene, step)
}

impl History {
    fn change(&mut self, bucket: usize, change: &Change, shown: &Shown) {
        let count = |number: i32| u64::try_from(number).unwrap_or(0);
        match (change.kind, &change.new) {
            (Kind::Pod, new) => {
                let is_ready = |object: &Option<Object>| match object {
                    Some(Object::Pod(pod)) => pod.is_ready() && !pod.is_terminal(),
                    Some(_) | None => false,
                };
                let now = self.ready.now + u64::from(is_ready(new));
                let now = now.saturating_sub(u64::from(is_ready(&change.old)));
                self.ready.set(bucket, now);
            }
            (_, Some(Object::Deployment(it))) if shown.workloads.contains(&change.key) => {
                let (desired, ready) = self.workloads.entry(change.key.clone()).or_default();
                desired.set(bucket, count(it.spec.replicas));
                ready.set(bucket, count(it.status.ready_replicas));
            }
            (Kind::Deployment, None) => {
                self.workloads.remove(&change.key);
            }
            (_, Some(Object::HorizontalPodAutoscaler(it)))
                if shown.autoscalers.contains(&change.key) =>
            {
                let level = self.autoscalers.entry(change.key.clone()).or_default();
                level.set(bucket, count(it.status.desired_replicas));
            }
            (_, Some(_) | None) => {}
        }
    }

    fn told(mut self, scene: &Scene<'_>, step: Span) -> Vec<Series> {
        let lang = scene.lang;
        let now = form::short(lang, Span::secs(scene.run.now().as_secs()));
        let pods = W::AboutPods.fill(lang, &[("now", now.as_str())]);
        let args = [("now", now), ("step", form::span(lang, step))];
        let requests = W::AboutRequests.fill(lang, &args);
        let level = |name: String, role: Role, mut level: Level| {
            level.reach(BUCKETS);
            // The last bucket ends at the cursor: it holds what holds now.
            if let Some(last) = level.values.last_mut() {
                *last = level.now;
            }
            let last = level.now.to_string();
            Series { name, role, values: level.values, last, about: pods.clone() }
        };
        let named = |key: W, name: &ObjectKey| key.fill(lang, &[("name", shown(name))]);
        let ready = std::mem::take(&mut self.ready);
        let mut series = vec![level(W::ReadyPods.text(lang).to_owned(), Role::Good, ready)];
        for (key, (desired, ready)) in self.workloads {
            series.push(level(named(W::DesiredOf, &key), Role::Accent, desired));
            series.push(level(named(W::ReadyOf, &key), Role::Good, ready));
        }
        for (key, wanted) in self.autoscalers {
            series.push(level(named(W::HpaOf, &key), Role::Strong, wanted));
        }
        let lost: u64 = self.lost.iter().sum();
        if lost > 0 {
            series.push(Series {
                name: W::LostRequests.text(lang).to_owned(),
                role: Role::Bad,
                values: self.lost,
                last: form::count(lang, lost),
                about: requests,
            });
        }
        series
    }
}
