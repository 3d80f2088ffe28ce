//! Label sets and the selectors over them.
//!
//! A set is shared (pods of one template carry the very same one), since 150,000 pods are
//! selected far more often than relabelled.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::meta::Str;

/// A set of `key: value` pairs, sorted by key; also used for annotations and node selectors.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(Arc<BTreeMap<Str, Str>>);

impl Labels {
    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Str> {
        self.0.get(key)
    }

    /// All pairs, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Str, &Str)> {
        self.0.iter()
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The same set with one pair more, or changed.
    #[must_use]
    pub fn with(&self, key: impl Into<Str>, value: impl Into<Str>) -> Labels {
        let mut map = BTreeMap::clone(&self.0);
        map.insert(key.into(), value.into());
        Labels(Arc::new(map))
    }

    /// The same set without `key`.
    #[must_use]
    pub fn without(&self, key: &str) -> Labels {
        let mut map = BTreeMap::clone(&self.0);
        map.remove(key);
        Labels(Arc::new(map))
    }

    /// Whether every pair of `wanted` is in this set (an empty `wanted` is in every set).
    #[must_use]
    pub fn contains_all(&self, wanted: &Labels) -> bool {
        Arc::ptr_eq(&self.0, &wanted.0)
            || wanted.iter().all(|(key, value)| self.get(key) == Some(value))
    }
}

impl<K: Into<Str>, V: Into<Str>> FromIterator<(K, V)> for Labels {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Labels(Arc::new(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect()))
    }
}

/// How a requirement compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operator {
    /// The value is one of the list.
    In,
    /// The key is missing or its value is none of the list.
    NotIn,
    /// The key is there.
    Exists,
    /// The key is missing.
    DoesNotExist,
    /// The value is a greater integer (node affinity only).
    Gt,
    /// The value is a smaller integer (node affinity only).
    Lt,
}

/// One requirement on a label set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Requirement {
    /// Which label.
    pub key: Str,
    /// How it compares.
    pub operator: Operator,
    /// With what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Str>,
}

impl Requirement {
    /// Whether `labels` meet this requirement.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> bool {
        self.matches_value(labels.get(&self.key).map(Str::as_str))
    }

    /// Whether a label with `value` (or without any) meets this requirement.
    #[must_use]
    pub fn matches_value(&self, value: Option<&str>) -> bool {
        let listed = |value: &str| self.values.iter().any(|known| known == value);
        let integers = || {
            let bound: i64 = self.values.first()?.parse().ok()?;
            Some((value?.parse::<i64>().ok()?, bound))
        };
        match self.operator {
            Operator::In => value.is_some_and(listed),
            Operator::NotIn => !value.is_some_and(listed),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::Gt => integers().is_some_and(|(value, bound)| value > bound),
            Operator::Lt => integers().is_some_and(|(value, bound)| value < bound),
        }
    }
}

/// A selector as it stands in manifests: all pairs and all expressions must hold.
///
/// An empty selector selects everything; a missing one (`Option::None`) nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelector {
    /// Pairs that must be there.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub match_labels: Labels,
    /// Requirements that must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<Requirement>,
}

impl LabelSelector {
    /// A selector of exact pairs.
    #[must_use]
    pub fn of(match_labels: Labels) -> Self {
        LabelSelector { match_labels, match_expressions: Vec::new() }
    }

    /// Whether it selects everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.match_labels.is_empty() && self.match_expressions.is_empty()
    }

    /// Whether `labels` are selected.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> bool {
        labels.contains_all(&self.match_labels)
            && self.match_expressions.iter().all(|requirement| requirement.matches(labels))
    }
}
