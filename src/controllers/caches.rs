//! What the manager knows: one informer per kind, shared by all controllers, with the indexes that
//! keep a look at one object from becoming a walk over all pods.
//!
//! Source: kubernetes/client-go:informers/factory.go (`SharedInformerFactory`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::api::{
    ConfigMap, Deployment, EndpointSlice, HorizontalPodAutoscaler, Kind, LabelSelector, Labels,
    Lease, Namespace, Node, Object, ObjectKey, OwnerReference, Pod, ReplicaSet, Resource, Secret,
    Service, Str, Uid,
};
use crate::client::{ApiClient, Feed, IndexId, IndexKey, Informer, InformerId, Lister};
use crate::wire::Cx;

/// Index of every kind: the uid of the managing controller.
const BY_CONTROLLER: IndexId = IndexId(0);
/// Index of every kind: the namespace, for objects without a managing controller.
const ORPHANS: IndexId = IndexId(1);
/// Index of pods: the node.
const BY_NODE: IndexId = IndexId(2);
/// Index of pods: [`ENDED`], or else [`TERMINATING`].
const BY_END: IndexId = IndexId(3);

/// Pods whose phase is Succeeded or Failed.
const ENDED: Str = arcstr::literal!("ended");
/// Other pods that are being deleted.
const TERMINATING: Str = arcstr::literal!("terminating");

macro_rules! caches {
    ($($field:ident: $kind:ident,)*) => {
        /// The informers of all kinds but Event.
        #[derive(Clone, Debug)]
        pub struct Caches {
            $($field: Informer<$kind>,)*
            /// Pods by namespace and labels; changes only when a pod comes, goes or is relabelled.
            label_groups: BTreeMap<Str, BTreeMap<Labels, BTreeSet<Str>>>,
            /// Objects by owners that are not their managing controller; there are few.
            further_owners: BTreeMap<Uid, BTreeSet<(Kind, ObjectKey)>>,
        }

        impl Caches {
            /// Empty caches.
            #[must_use]
            pub fn new() -> Self {
                let mut caches = Caches {
                    $($field: informer(),)*
                    label_groups: BTreeMap::new(),
                    further_owners: BTreeMap::new(),
                };
                caches.pods = informer().index(node_key).index(end_key);
                caches
            }

            /// Asks the client to fill them and to keep them filled.
            pub fn inform<T: Clone + std::fmt::Debug>(
                &self,
                cx: &mut Cx<'_>,
                client: &mut ApiClient<T>,
            ) {
                $(client.inform(cx, &self.$field);)*
            }

            /// Whether every first list has arrived.
            #[must_use]
            pub fn have_synced(&self) -> bool {
                true $(&& self.$field.has_synced())*
            }

            /// Takes in what the client brought and shows each difference to `each`.
            pub fn apply(
                &mut self,
                id: InformerId,
                feed: Feed,
                each: &mut dyn FnMut(&Caches, &Change),
            ) {
                $(if id == self.$field.id() {
                    for delta in self.$field.apply(feed) {
                        let change = Change {
                            old: delta.old.map(Resource::into_object),
                            new: delta.new.map(Resource::into_object),
                        };
                        self.index(&change);
                        each(self, &change);
                    }
                    return;
                })*
            }

            /// Shows every object as if it were new.
            pub fn each(&self, each: &mut dyn FnMut(&Change)) {
                $(for object in self.$field.lister().iter() {
                    let new = Some(object.clone().into_object());
                    each(&Change { old: None, new });
                })*
            }

            /// The object called `key`, of any kind with a cache.
            #[must_use]
            pub fn object(&self, kind: Kind, key: &ObjectKey) -> Option<Object> {
                match kind {
                    $(Kind::$kind => self.$field.get(key).cloned().map(Resource::into_object),)*
                    Kind::Event => None,
                }
            }

            /// Everything that `uid` owns, as its controller or not.
            #[must_use]
            pub fn dependents(&self, uid: Uid) -> Vec<Object> {
                let mut found = Vec::new();
                $(found.extend(
                    self.controlled_by::<$kind>(uid).cloned().map(Resource::into_object),
                );)*
                let further = self.further_owners.get(&uid).into_iter().flatten();
                found.extend(further.filter_map(|(kind, key)| self.object(*kind, key)));
                found
            }
        }

        $(impl Cached for $kind {
            fn cache(caches: &Caches) -> &Informer<Self> { &caches.$field }
        })*
    };
}

caches! {
    namespaces: Namespace,
    nodes: Node,
    pods: Pod,
    replica_sets: ReplicaSet,
    deployments: Deployment,
    services: Service,
    endpoint_slices: EndpointSlice,
    leases: Lease,
    config_maps: ConfigMap,
    secrets: Secret,
    autoscalers: HorizontalPodAutoscaler,
}

/// A kind that the manager has a cache of.
pub trait Cached: Resource {
    /// Its cache.
    fn cache(caches: &Caches) -> &Informer<Self>;
}

/// An informer with the indexes that every kind has.
fn informer<R: Resource>() -> Informer<R> {
    let number = u8::try_from(R::KIND.index()).expect("there are few kinds");
    Informer::new(InformerId(number)).index(controller_key).index(orphan_key)
}

fn controller_key<R: Resource>(object: &R) -> Option<IndexKey> {
    object.meta().controller().map(|owner| IndexKey::Uid(owner.uid))
}

fn orphan_key<R: Resource>(object: &R) -> Option<IndexKey> {
    let meta = object.meta();
    meta.controller().is_none().then(|| IndexKey::Name(meta.namespace.clone()))
}

fn node_key(pod: &Pod) -> Option<IndexKey> {
    (!pod.spec.node_name.is_empty()).then(|| IndexKey::Name(pod.spec.node_name.clone()))
}

fn end_key(pod: &Pod) -> Option<IndexKey> {
    if pod.is_terminal() {
        return Some(IndexKey::Name(ENDED));
    }
    pod.metadata.is_terminating().then_some(IndexKey::Name(TERMINATING))
}

impl Default for Caches {
    fn default() -> Self {
        Caches::new()
    }
}

impl Caches {
    /// All objects of one kind.
    #[must_use]
    pub fn all<R: Cached>(&self) -> &Lister<R> {
        R::cache(self).lister()
    }

    /// One object.
    #[must_use]
    pub fn get<R: Cached>(&self, key: &ObjectKey) -> Option<&Arc<R>> {
        R::cache(self).get(key)
    }

    /// The objects of one namespace, by name.
    pub fn in_namespace<'a, R: Cached>(
        &'a self,
        namespace: &'a str,
    ) -> impl Iterator<Item = &'a Arc<R>> {
        self.all::<R>().in_namespace(namespace)
    }

    /// The objects whose managing controller is `uid`.
    pub fn controlled_by<R: Cached>(&self, uid: Uid) -> impl Iterator<Item = &Arc<R>> {
        self.all::<R>().by(BY_CONTROLLER, &IndexKey::Uid(uid))
    }

    /// The objects of a namespace that nobody manages.
    pub fn orphans<R: Cached>(&self, namespace: &Str) -> impl Iterator<Item = &Arc<R>> {
        self.all::<R>().by(ORPHANS, &IndexKey::Name(namespace.clone()))
    }

    /// The pods of a node.
    pub fn pods_on(&self, node: &Str) -> impl Iterator<Item = &Arc<Pod>> {
        self.pods.lister().by(BY_NODE, &IndexKey::Name(node.clone()))
    }

    /// The names of the nodes that have pods, whether the nodes exist or not.
    pub fn nodes_with_pods(&self) -> impl Iterator<Item = &Str> {
        self.pods.lister().keys_of(BY_NODE).filter_map(|key| match key {
            IndexKey::Name(name) => Some(name),
            IndexKey::Uid(_) | IndexKey::Object(_) => None,
        })
    }

    /// The pods that have ended (Succeeded or Failed).
    pub fn ended_pods(&self) -> impl Iterator<Item = &Arc<Pod>> {
        self.pods.lister().by(BY_END, &IndexKey::Name(ENDED))
    }

    /// The pods that have not ended and are being deleted.
    pub fn terminating_pods(&self) -> impl Iterator<Item = &Arc<Pod>> {
        self.pods.lister().by(BY_END, &IndexKey::Name(TERMINATING))
    }

    /// The pods of a namespace that `matches` selects by their labels. It is asked once for each
    /// set of labels, not for each pod.
    pub fn pods_with<'a>(
        &'a self,
        namespace: &'a Str,
        matches: impl Fn(&Labels) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Arc<Pod>> {
        let groups = self.label_groups.get(namespace).into_iter().flatten();
        groups.filter(move |(labels, _)| matches(labels)).flat_map(|(_, names)| names).filter_map(
            |name| self.pods.get(&ObjectKey { namespace: namespace.clone(), name: name.clone() }),
        )
    }

    /// The pods that a label selector selects.
    pub fn pods_selected<'a>(
        &'a self,
        namespace: &'a Str,
        selector: &'a LabelSelector,
    ) -> impl Iterator<Item = &'a Arc<Pod>> {
        self.pods_with(namespace, |labels| selector.matches(labels))
    }

    /// Forgets everything, as a process that died.
    pub fn crash(&mut self) {
        *self = Caches::new();
    }

    /// Keeps what the informers' own indexes do not hold.
    fn index(&mut self, change: &Change) {
        if let Some((old, new)) = change.of::<Pod>() {
            self.index_labels(old, new);
        }
        let further = |object: Option<&Object>| -> Vec<OwnerReference> {
            let owners = object.map_or(&[][..], |object| &object.meta().owner_references);
            owners.iter().filter(|owner| !owner.controller).cloned().collect()
        };
        let (before, after) = (further(change.old.as_ref()), further(change.new.as_ref()));
        if before == after {
            return;
        }
        let item = (change.kind(), change.key());
        for owner in before {
            if let Some(items) = self.further_owners.get_mut(&owner.uid) {
                items.remove(&item);
                if items.is_empty() {
                    self.further_owners.remove(&owner.uid);
                }
            }
        }
        for owner in after {
            self.further_owners.entry(owner.uid).or_default().insert(item.clone());
        }
    }

    fn index_labels(&mut self, old: Option<&Arc<Pod>>, new: Option<&Arc<Pod>>) {
        let labels = |pod: Option<&Arc<Pod>>| pod.map(|pod| pod.metadata.labels.clone());
        let (before, after) = (labels(old), labels(new));
        if before == after {
            return;
        }
        let Some(ObjectKey { namespace, name }) = new.or(old).map(|pod| pod.key()) else { return };
        let groups = self.label_groups.entry(namespace).or_default();
        if let Some(before) = before
            && let Some(names) = groups.get_mut(&before)
        {
            names.remove(&name);
            if names.is_empty() {
                groups.remove(&before);
            }
        }
        if let Some(after) = after {
            groups.entry(after).or_default().insert(name);
        }
    }
}

/// A difference that an informer saw. `old` none: new. `new` none: gone. Both the same: a resync.
#[derive(Clone, Debug)]
pub struct Change {
    /// The object before.
    pub old: Option<Object>,
    /// The object now.
    pub new: Option<Object>,
}

/// The two sides of a [`Change`], as one kind.
pub type Sides<'a, R> = (Option<&'a Arc<R>>, Option<&'a Arc<R>>);

impl Change {
    /// The object as it is, or as it last was.
    #[must_use]
    pub fn object(&self) -> &Object {
        self.new.as_ref().or(self.old.as_ref()).expect("a change has an old or a new object")
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.object().kind()
    }

    /// Its namespace and name.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        self.object().key()
    }

    /// Before and now as kind `R`; none when it is another kind.
    #[must_use]
    pub fn of<R: Resource>(&self) -> Option<Sides<'_, R>> {
        if self.kind() != R::KIND {
            return None;
        }
        Some((self.old.as_ref().and_then(R::of), self.new.as_ref().and_then(R::of)))
    }
}
