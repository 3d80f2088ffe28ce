//! A test rig: controllers in their real frame, an API server that is a map, a kubelet that is a
//! wish, and no network. Everything happens at once; time passes only when nothing is left to do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::api::reasons::READY;
use crate::api::{
    Condition, Deployment, Kind, Namespace, Object, ObjectKey, Pod, PodPhase, ReplicaSet, Resource,
    Str, Time, Uid,
};
use crate::client::{Feed, InformerId};
use crate::kernel::{SimTime, Span};
use crate::wire::api::{
    ApiCall, ApiOk, DeleteOptions, Part, Patch, Propagation, Status, StatusReason, WatchChange,
};

use super::caches::Caches;
use super::config::Config;
use super::garbage_collector::{FINALIZER_FOREGROUND, FINALIZER_ORPHAN};
use super::reconcile::{Answer, Controller, Said, View};
use super::runner::{Entry, Place, Run, Runner};

/// More steps than any test needs; a loop that never ends fails instead.
const STEPS_MAX: usize = 200_000;

/// An API server that is a map.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    pub(super) objects: BTreeMap<(Kind, ObjectKey), Object>,
    version: u64,
    /// What the watches have not shown yet.
    changes: VecDeque<WatchChange>,
    /// Calls that fail: how many of this verb and kind.
    pub(super) failing: Vec<(&'static str, Kind, usize)>,
}

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
        let view = View { now: Time(self.now), caches: &self.caches, config: &self.config };
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
            let view = View { now: Time(self.now), caches: &self.caches, config: &self.config };
            self.said.extend(self.runners[controller].answer(&view, place, answer));
            return true;
        }
        for (controller, runner) in self.runners.iter_mut().enumerate() {
            let worker = runner.take(self.now);
            if let Some(worker) = worker {
                let view = View { now: Time(self.now), caches: &self.caches, config: &self.config };
                self.said.extend(runner.work(&view, worker));
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
                runner.observe(&View { now, caches, config }, change);
            }
        });
    }
}

impl Store {
    fn next_version(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    pub(super) fn replace(&mut self, mut object: Object) -> Object {
        object.meta_mut().resource_version = self.next_version();
        let place = (object.kind(), object.key());
        let gone = object.meta().is_terminating()
            && object.meta().finalizers.is_empty()
            && !matches!(object, Object::Pod(_))
            && Namespace::of(&object).is_none_or(|ns| ns.spec.finalizers.is_empty());
        if gone {
            self.remove(place.0, &place.1);
            return object;
        }
        let known = self.objects.insert(place, object.clone());
        let shown = object.clone();
        self.changes.push_back(match known {
            Some(_) => WatchChange::Modified(shown),
            None => WatchChange::Added(shown),
        });
        object
    }

    fn remove(&mut self, kind: Kind, key: &ObjectKey) {
        if let Some(object) = self.objects.remove(&(kind, key.clone())) {
            self.next_version();
            self.changes.push_back(WatchChange::Deleted(object));
        }
    }

    pub(super) fn call(&mut self, call: ApiCall, now: SimTime) -> Answer {
        let (verb, kind) = (call.verb(), call.kind());
        for (failing, of, left) in &mut self.failing {
            if (*failing, *of) == (verb, kind) && *left > 0 {
                *left -= 1;
                return refused(StatusReason::Forbidden, "exceeded quota");
            }
        }
        match call {
            ApiCall::Get { kind, key } => self.find(kind, &key).map(ApiOk::Object),
            ApiCall::List { kind, scope } => {
                let of = |object: &&Object| {
                    let namespace = scope.namespace.as_ref();
                    object.kind() == kind
                        && namespace.is_none_or(|ns| *ns == object.meta().namespace)
                };
                let items = self.objects.values().filter(of).cloned().collect();
                Ok(ApiOk::List { items, version: self.version })
            }
            ApiCall::Create { object } => self.create(object, now),
            ApiCall::Update { object, part } => self.update(object, part),
            ApiCall::Patch { kind, key, patch } => {
                let object = self.find(kind, &key)?;
                self.patch(object, *patch)
            }
            ApiCall::Delete { kind, key, options } => {
                let object = self.find(kind, &key)?;
                self.delete(object, options, now)
            }
            ApiCall::Bind { .. } => refused(StatusReason::BadRequest, "nobody binds here"),
        }
    }

    fn find(&self, kind: Kind, key: &ObjectKey) -> Result<Object, Status> {
        let missing = || Status {
            reason: StatusReason::NotFound,
            message: format!("{} \"{}\" not found", kind.plural(), key.name).into(),
        };
        self.objects.get(&(kind, key.clone())).cloned().ok_or_else(missing)
    }

    fn create(&mut self, mut object: Object, now: SimTime) -> Answer {
        let version = self.next_version();
        let meta = object.meta_mut();
        if meta.name.is_empty() {
            meta.name = format!("{}{version:05}", meta.generate_name).into();
        }
        meta.uid = Uid(version);
        meta.generation = 1;
        meta.creation_timestamp = Some(Time(now));
        if self.objects.contains_key(&(object.kind(), object.key())) {
            return refused(StatusReason::AlreadyExists, "already exists");
        }
        Ok(ApiOk::Object(self.replace(object)))
    }

    fn update(&mut self, object: Object, part: Part) -> Answer {
        let known = self.find(object.kind(), &object.key())?;
        if known.meta().resource_version != object.meta().resource_version {
            return refused(StatusReason::Conflict, "the object has been modified");
        }
        let mut new = object;
        match (&mut new, &known, part) {
            (Object::Deployment(new), Object::Deployment(known), Part::Status) => {
                Arc::make_mut(new).spec = known.spec.clone();
            }
            (Object::ReplicaSet(new), Object::ReplicaSet(known), Part::Status) => {
                Arc::make_mut(new).spec = known.spec.clone();
                Arc::make_mut(new).metadata = known.metadata.clone();
            }
            (Object::ReplicaSet(new), Object::ReplicaSet(known), _) => {
                let new = Arc::make_mut(new);
                new.status = known.status.clone();
                new.metadata.generation += i64::from(new.spec != known.spec);
            }
            (_, _, Part::Finalize) => {}
            (new, _, part) => panic!("no controller writes {part:?} of {new:?}"),
        }
        Ok(ApiOk::Object(self.replace(new)))
    }

    fn patch(&mut self, mut object: Object, patch: Patch) -> Answer {
        let meta = object.meta_mut();
        match patch {
            Patch::Owner { uid, .. } if uid != meta.uid => {
                return refused(StatusReason::Conflict, "another uid");
            }
            Patch::Owner { owner, adopt, .. } => {
                meta.owner_references.retain(|known| known.uid != owner.uid);
                meta.owner_references.extend(adopt.then_some(owner));
            }
            Patch::RemoveFinalizers(done) => {
                meta.finalizers.retain(|finalizer| !done.contains(finalizer));
            }
            Patch::Status(new) => {
                let (Object::Pod(pod), Some(new)) = (&mut object, Pod::of(&new)) else {
                    panic!("only pods are patched so");
                };
                Arc::make_mut(pod).status = new.status.clone();
            }
            other => panic!("no controller patches {other:?}"),
        }
        Ok(ApiOk::Object(self.replace(object)))
    }

    fn delete(&mut self, mut object: Object, options: DeleteOptions, now: SimTime) -> Answer {
        if options.uid.is_some_and(|uid| uid != object.meta().uid) {
            return refused(StatusReason::Conflict, "another uid");
        }
        let graceful = Pod::of(&object).is_some_and(|pod| !pod.spec.node_name.is_empty())
            && options.grace_period_seconds != Some(0);
        let waits = Namespace::of(&object).is_some();
        let meta = object.meta_mut();
        match options.propagation {
            Propagation::Background => {}
            Propagation::Foreground => meta.finalizers.push(FINALIZER_FOREGROUND),
            Propagation::Orphan => meta.finalizers.push(FINALIZER_ORPHAN),
        }
        if graceful || waits || !meta.finalizers.is_empty() {
            meta.deletion_timestamp = Some(Time(now));
            meta.deletion_grace_period_seconds = graceful.then_some(30);
            return Ok(ApiOk::Object(self.replace(object)));
        }
        self.remove(object.kind(), &object.key());
        Ok(ApiOk::Object(object))
    }
}

fn refused(reason: StatusReason, message: &'static str) -> Answer {
    Err(Status { reason, message: message.into() })
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
