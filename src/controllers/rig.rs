//! A test rig: controllers in their real frame, an API server that is a map, a kubelet that is a
//! wish, and no network. Everything happens at once; time passes only when nothing is left to do.

mod store;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::api::reasons::READY;
use crate::api::{
    Condition, Deployment, Kind, Object, ObjectKey, Pod, PodPhase, ReplicaSet, Resource, Str, Time,
};
use crate::client::{Feed, InformerId};
use crate::kernel::{EventId, SimTime, Span};
use crate::wire::api::{ApiCall, ApiOk, WatchChange};
use crate::wire::metrics::{Measured, PodPlace, PodSample, Usage};

use super::caches::Caches;
use super::config::Config;
use super::reconcile::{Controller, Question, Said, View};
use super::runner::{Entry, Place, Run, Runner};

use store::Store;

/// More steps than any test needs; a loop that never ends fails instead.
const STEPS_MAX: usize = 200_000;

/// Controllers and their world.
#[derive(Clone, Debug)]
pub(super) struct Rig {
    pub(super) config: Config,
    pub(super) store: Store,
    pub(super) now: SimTime,
    pub(super) caches: Caches,
    runners: Vec<Box<dyn Run>>,
    /// Every write that was asked for, in order.
    pub(super) writes: Vec<ApiCall>,
    pub(super) said: Vec<Said>,
    /// Whether the informers hear anything.
    pub(super) watching: bool,
    asked: VecDeque<(usize, Place, ApiCall)>,
    /// The processor time [thousandths of a CPU] that pods use, as the metrics server tells it.
    pub(super) cpu: BTreeMap<Str, u64>,
}

impl Rig {
    /// A rig with these controllers, without limits of calls.
    pub(super) fn new(entries: &[Entry]) -> Rig {
        let config = Config { kube_api_qps: 0, ..Config::default() };
        let mut caches = Caches::new();
        for kind in Kind::ALL {
            let number = u8::try_from(kind.index()).unwrap();
            let feed = Feed::Replace { items: Arc::new([]), version: 0 };
            caches.apply(InformerId(number), feed, &mut |_, _| {});
        }
        Rig {
            runners: entries.iter().map(|entry| (entry.make)(&config)).collect(),
            config,
            store: Store::default(),
            now: SimTime::from_secs(1_000),
            caches,
            writes: Vec::new(),
            said: Vec::new(),
            watching: true,
            asked: VecDeque::new(),
            cpu: BTreeMap::new(),
        }
    }

    /// A rig with one controller.
    pub(super) fn of<C: Controller>() -> Rig {
        Rig::new(&[Runner::<C>::ENTRY])
    }

    /// Somebody makes an object; it comes back as it is stored.
    pub(super) fn create(&mut self, object: impl Into<Object>) -> Object {
        let answer = self.store.call(ApiCall::Create { object: object.into() }, self.now);
        let Ok(ApiOk::Object(object)) = answer else { panic!("not made: {answer:?}") };
        object
    }

    /// Somebody changes an object, whatever its version.
    pub(super) fn change<R: Resource>(&mut self, key: &ObjectKey, change: impl FnOnce(&mut R)) {
        let known = self.get::<R>(key).expect("the object is there");
        let mut new = R::clone(&known);
        change(&mut new);
        self.store.replace(Arc::new(new).into_object());
    }

    /// An object as it is stored.
    pub(super) fn get<R: Resource>(&self, key: &ObjectKey) -> Option<Arc<R>> {
        self.store.objects.get(&(R::KIND, key.clone())).and_then(R::of).cloned()
    }

    /// All objects of one kind.
    pub(super) fn all<R: Resource>(&self) -> Vec<Arc<R>> {
        self.store.objects.values().filter_map(R::of).cloned().collect()
    }

    /// Removes an object for good, whatever it waits for.
    pub(super) fn remove(&mut self, kind: Kind, key: &ObjectKey) {
        self.store.remove(kind, key);
    }

    /// Lets the controllers work until nothing is left to do now; `watch` looks after each step.
    pub(super) fn settle_with(&mut self, watch: &mut dyn FnMut(&Rig)) {
        for _ in 0..STEPS_MAX {
            if !self.step() {
                return;
            }
            watch(self);
        }
        panic!("the controllers do not come to rest");
    }

    /// Lets the controllers work until nothing is left to do now.
    pub(super) fn settle(&mut self) {
        self.settle_with(&mut |_| {});
    }

    /// Lets time pass, with everything that falls due meanwhile.
    pub(super) fn pass(&mut self, span: Span) {
        let until = self.now + span;
        loop {
            self.settle();
            let due = self.runners.iter().filter_map(|runner| runner.next_due(self.now)).min();
            match due.filter(|due| *due <= until) {
                Some(due) => self.now = due.max(self.now + Span::nanos(1)),
                None => break,
            }
        }
        self.now = until;
        self.settle();
    }

    /// The period of every controller that has one is over.
    pub(super) fn tick(&mut self) {
        let view = View {
            now: Time(self.now),
            event: EventId::NONE,
            caches: &self.caches,
            config: &self.config,
        };
        for runner in &mut self.runners {
            runner.tick(&view);
        }
        self.settle();
    }

    /// Everything that was told, as `reason: message`.
    pub(super) fn told(&self) -> Vec<String> {
        self.said.iter().map(|said| format!("{}: {}", said.reason, said.message)).collect()
    }

    /// The verbs and kinds of all writes since the last time.
    pub(super) fn take_writes(&mut self) -> Vec<String> {
        let writes = std::mem::take(&mut self.writes);
        writes.iter().map(|call| format!("{} {}", call.verb(), call.kind())).collect()
    }

    /// One thing happens: an informer hears, a call is answered, or a worker works.
    fn step(&mut self) -> bool {
        if self.watching
            && let Some(change) = self.store.changes.pop_front()
        {
            self.hear(change);
            return true;
        }
        if let Some((controller, place, call)) = self.asked.pop_front() {
            if call.is_mutating() {
                self.writes.push(call.clone());
            }
            let answer = self.store.call(call, self.now);
            let view = View {
                now: Time(self.now),
                event: EventId::NONE,
                caches: &self.caches,
                config: &self.config,
            };
            self.said.extend(self.runners[controller].answer(&view, place, answer));
            return true;
        }
        for (controller, runner) in self.runners.iter_mut().enumerate() {
            let worker = runner.take(self.now);
            if let Some(worker) = worker {
                let view = View {
                    now: Time(self.now),
                    event: EventId::NONE,
                    caches: &self.caches,
                    config: &self.config,
                };
                self.said.extend(runner.work(&view, worker));
                for Question { id, pods } in runner.questions() {
                    let measured = |place: &PodPlace| measure(&self.cpu, self.now, place);
                    let samples = pods.iter().filter_map(measured).collect();
                    runner.told(&view, id, Some(&Arc::new(Usage { id, samples })));
                }
            }
            let mut sent = false;
            while let Some((place, call)) = runner.send(self.now) {
                self.asked.push_back((controller, place, call));
                sent = true;
            }
            if sent || worker.is_some() {
                return true;
            }
        }
        false
    }

    /// The informers hear of one change; everything else waits.
    pub(super) fn hear_one(&mut self) {
        let change = self.store.changes.pop_front().expect("there is something to hear");
        self.hear(change);
    }

    /// What was to be heard is lost.
    pub(super) fn hush(&mut self) {
        self.store.changes.clear();
    }

    /// The informers hear that an object is gone, whether it is or not.
    pub(super) fn tell_of_deletion(&mut self, object: Object) {
        self.hear(WatchChange::Deleted(object));
    }

    fn hear(&mut self, change: WatchChange) {
        let (WatchChange::Added(object)
        | WatchChange::Modified(object)
        | WatchChange::Deleted(object)) = &change
        else {
            panic!("the store makes nothing else");
        };
        let id = InformerId(u8::try_from(object.kind().index()).unwrap());
        let (config, runners, now) = (&self.config, &mut self.runners, Time(self.now));
        self.caches.apply(id, Feed::Change(change), &mut |caches, change| {
            for runner in runners.iter_mut() {
                runner.observe(&View { now, event: EventId::NONE, caches, config }, change);
            }
        });
    }
}

/// What a pod used in the last 15 s.
fn measure(cpu: &BTreeMap<Str, u64>, now: SimTime, place: &PodPlace) -> Option<Measured> {
    let cpu_milli = *cpu.get(&place.pod.name)?;
    let (pod, window) = (place.pod.clone(), Span::secs(15));
    let sample = PodSample { pod, cpu_milli, memory_bytes: 0, window };
    Some(Measured { at: Time(now), sample })
}

/// A Deployment `default/web` of so many replicas.
pub(super) fn web(replicas: i32, image: &str) -> Deployment {
    let mut deployment = Deployment::default();
    deployment.metadata.name = "web".into();
    deployment.metadata.namespace = "default".into();
    deployment.spec.replicas = replicas;
    let labels = [("app", "web")];
    deployment.spec.selector.match_labels = labels.into_iter().collect();
    deployment.spec.template.metadata.labels = labels.into_iter().collect();
    set_image(&mut deployment, image);
    deployment
}

/// Another image, so another template.
pub(super) fn set_image(deployment: &mut Deployment, image: &str) {
    let container = crate::api::Container { image: image.into(), ..Default::default() };
    deployment.spec.template.spec.containers = [container].into();
}

/// A ReplicaSet `default/NAME` of so many pods labelled `app=NAME`.
pub(super) fn replica_set(name: &str, replicas: i32) -> ReplicaSet {
    let mut rs = ReplicaSet::default();
    rs.metadata.name = name.into();
    rs.metadata.namespace = "default".into();
    rs.spec.replicas = replicas;
    rs.spec.selector.match_labels = [("app", name)].into_iter().collect();
    rs.spec.template.metadata.labels = [("app", name)].into_iter().collect();
    rs
}

/// Makes a pod run on a node, ready since now.
pub(super) fn make_ready(rig: &mut Rig, key: &ObjectKey) {
    let now = Time(rig.now);
    rig.change::<Pod>(key, |pod| {
        pod.spec.node_name = "n1".into();
        pod.status.phase = PodPhase::Running;
        let ready = Condition::new(READY, true, Str::new(), Str::new());
        pod.status.conditions.set(ready, now);
    });
}

/// What a kubelet would do at once: end what is to end, make ready what is not.
pub(super) fn play_kubelet(rig: &mut Rig) -> bool {
    let pods = rig.all::<Pod>();
    let mut acted = false;
    for pod in pods {
        if pod.metadata.is_terminating() {
            rig.remove(Kind::Pod, &pod.key());
            acted = true;
        } else if !pod.is_ready() && !pod.is_terminal() {
            make_ready(rig, &pod.key());
            acted = true;
        }
    }
    acted
}

/// The key of an object in the namespace `default`.
pub(super) fn key(name: &str) -> ObjectKey {
    ObjectKey::new("default", name)
}
