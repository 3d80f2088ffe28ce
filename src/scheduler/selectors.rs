//! To which Services and ReplicaSets a pod belongs: the selector of the default constraints.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{Kind, LabelSelector, Labels, ObjectKey, Operator, Pod, ReplicaSet, Requirement};
use crate::api::{Service, Str};
use crate::kernel::FixedMap;

/// What is known of Services and ReplicaSets.
#[derive(Clone, Debug, Default)]
pub struct Selectors {
    /// Selectors of the Services of a namespace, by name.
    services: BTreeMap<Str, BTreeMap<Str, Labels>>,
    replica_sets: FixedMap<ObjectKey, (LabelSelector, u64)>,
    memo: FixedMap<(Str, Labels, Str), Remembered>,
    /// Grows with every change of a Service's selector.
    services_version: u64,
    /// Grows with every new or changed ReplicaSet selector.
    stamp: u64,
}

/// An answer, and on what it rested.
#[derive(Clone, Debug)]
struct Remembered {
    services_version: u64,
    replica_set_stamp: u64,
    selector: Option<Arc<LabelSelector>>,
}

impl Selectors {
    /// A Service came, changed or went.
    pub fn set_service(&mut self, key: &ObjectKey, service: Option<&Service>) {
        let selector = service.map(|service| &service.spec.selector).filter(|s| !s.is_empty());
        let room = self.services.entry(key.namespace.clone()).or_default();
        let changed = match selector {
            Some(selector) => {
                room.insert(key.name.clone(), selector.clone()).as_ref() != Some(selector)
            }
            None => room.remove(&key.name).is_some(),
        };
        if changed {
            self.services_version += 1;
        }
    }

    /// A ReplicaSet came, changed or went.
    pub fn set_replica_set(&mut self, key: &ObjectKey, set: Option<&ReplicaSet>) {
        let Some(set) = set else {
            self.replica_sets.remove(key);
            return;
        };
        let selector = &set.spec.selector;
        if self.replica_sets.get(key).is_none_or(|(known, _)| known != selector) {
            self.stamp += 1;
            self.replica_sets.insert(key.clone(), (selector.clone(), self.stamp));
        }
    }

    /// The selector of the pod's Services and of its ReplicaSet, joined; none when it belongs to
    /// none of them.
    ///
    /// Simplified: ReplicationControllers and StatefulSets do not exist yet.
    /// Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/helper/spread.go.
    pub fn default_selector(&mut self, pod: &Pod) -> Option<Arc<LabelSelector>> {
        let meta = &pod.metadata;
        let owner = meta.controller().filter(|owner| owner.kind == Kind::ReplicaSet);
        let owner = owner.map(|owner| owner.name.clone()).unwrap_or_default();
        let set = ObjectKey { namespace: meta.namespace.clone(), name: owner.clone() };
        let set = self.replica_sets.get(&set);
        let replica_set_stamp = set.map_or(0, |(_, stamp)| *stamp);
        let question = (meta.namespace.clone(), meta.labels.clone(), owner);
        if let Some(known) = self.memo.get(&question)
            && known.services_version == self.services_version
            && known.replica_set_stamp == replica_set_stamp
        {
            return known.selector.clone();
        }
        let set = set.map(|(selector, _)| selector);
        let joined = self.join(&meta.namespace, &meta.labels, set);
        let selector = (!joined.is_empty()).then(|| Arc::new(joined));
        let services_version = self.services_version;
        let answer = Remembered { services_version, replica_set_stamp, selector: selector.clone() };
        self.memo.insert(question, answer);
        selector
    }

    fn join(&self, namespace: &Str, labels: &Labels, set: Option<&LabelSelector>) -> LabelSelector {
        let services = self.services.get(namespace).into_iter().flat_map(BTreeMap::values);
        let mut pairs: BTreeMap<Str, Str> = BTreeMap::new();
        for selector in services.filter(|selector| labels.contains_all(selector)) {
            pairs.extend(selector.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        let mut expressions = Vec::new();
        if let Some(set) = set {
            expressions.clone_from(&set.match_expressions);
            for (key, value) in set.match_labels.iter() {
                let known = pairs.entry(key.clone()).or_insert_with(|| value.clone());
                if known != value {
                    let (key, values) = (key.clone(), vec![value.clone()]);
                    expressions.push(Requirement { key, operator: Operator::In, values });
                }
            }
        }
        LabelSelector { match_labels: pairs.into_iter().collect(), match_expressions: expressions }
    }
}
