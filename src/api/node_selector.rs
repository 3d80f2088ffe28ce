//! Which nodes a pod may and would like to run on.
//!
//! The scheduler, the kubelet's admission and (later) DaemonSets all ask this; they ask it here.
//! Terms are ORed, the requirements of a term are ANDed, a term without requirements matches
//! nothing, and a term that is not well formed matches nothing either.

use std::sync::Arc;

use super::labels::{Labels, Operator, Requirement};
use super::pod::{
    Affinity, NodeAffinity, NodeSelector, NodeSelectorTerm, PodSpec, PreferredSchedulingTerm,
};
use super::selector::{RequirementError, SelectorRequirement};

/// The one node field that selectors can name.
const NAME_FIELD: &str = "metadata.name";

/// What is wrong with a field of a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where: `[0].matchFields[0].values`.
    pub field: String,
    /// `Invalid` or `NotSupported`.
    pub kind: &'static str,
    /// In words.
    pub detail: &'static str,
}

/// Where a pod *must* run: its `nodeSelector` and its required node affinity, read once.
///
/// Source: k8s.io/component-helpers `nodeaffinity.GetRequiredNodeAffinity`.
#[derive(Clone, Debug, Default)]
pub struct RequiredNodeAffinity {
    node_selector: Labels,
    /// The affinity, and which of its required terms can match at all.
    terms: Option<(Arc<Affinity>, Vec<usize>)>,
}

impl RequiredNodeAffinity {
    /// What `spec` demands.
    #[must_use]
    pub fn of(spec: &PodSpec) -> Self {
        let affinity = spec.affinity.as_ref().filter(|affinity| required(affinity).is_some());
        let terms = affinity.map(|affinity| {
            let usable = required(affinity).map(usable_terms).unwrap_or_default();
            (Arc::clone(affinity), usable)
        });
        RequiredNodeAffinity { node_selector: spec.node_selector.clone(), terms }
    }

    /// Whether every node is allowed.
    #[must_use]
    pub fn allows_all(&self) -> bool {
        self.node_selector.is_empty() && self.terms.is_none()
    }

    /// Whether the node with this name and these labels is allowed.
    #[must_use]
    pub fn matches(&self, name: &str, labels: &Labels) -> bool {
        if !labels.contains_all(&self.node_selector) {
            return false;
        }
        let Some((affinity, usable)) = &self.terms else { return true };
        let terms = required(affinity).map_or(&[][..], |selector| &selector.node_selector_terms);
        usable.iter().any(|index| terms[*index].matches(name, labels))
    }

    /// The nodes that the required terms name by `metadata.name`, when every term names some:
    /// no other node can match. A term that names two different nodes matches none.
    ///
    /// Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/nodeaffinity, `PreFilter`.
    #[must_use]
    pub fn named_nodes(&self) -> Option<Vec<super::Str>> {
        let (affinity, _) = self.terms.as_ref()?;
        let terms = &required(affinity)?.node_selector_terms;
        let mut all = Vec::new();
        for term in terms {
            let mut of_term: Option<Vec<super::Str>> = None;
            let by_name =
                |field: &&Requirement| field.key == NAME_FIELD && field.operator == Operator::In;
            for field in term.match_fields.iter().filter(by_name) {
                of_term = Some(match of_term {
                    None => field.values.clone(),
                    Some(known) => {
                        known.into_iter().filter(|name| field.values.contains(name)).collect()
                    }
                });
            }
            all.extend(of_term?);
        }
        if terms.is_empty() {
            return None;
        }
        all.sort();
        all.dedup();
        Some(all)
    }
}

/// The required part of an affinity.
fn required(affinity: &Arc<Affinity>) -> Option<&NodeSelector> {
    let node: &NodeAffinity = affinity.node_affinity.as_ref()?;
    node.required_during_scheduling_ignored_during_execution.as_ref()
}

/// The terms that are well formed and not empty.
fn usable_terms(selector: &NodeSelector) -> Vec<usize> {
    let terms = selector.node_selector_terms.iter().enumerate();
    terms
        .filter(|(_, term)| !term.is_empty() && term.errors("").is_empty())
        .map(|(index, _)| index)
        .collect()
}

impl NodeSelector {
    /// Whether one of the terms matches the node.
    #[must_use]
    pub fn matches(&self, name: &str, labels: &Labels) -> bool {
        usable_terms(self)
            .iter()
            .any(|index| self.node_selector_terms[*index].matches(name, labels))
    }

    /// What is not well formed.
    #[must_use]
    pub fn errors(&self) -> Vec<FieldError> {
        let terms = self.node_selector_terms.iter().enumerate();
        terms.flat_map(|(i, term)| term.errors(&format!("nodeSelectorTerms[{i}]"))).collect()
    }
}

impl NodeSelectorTerm {
    /// Whether there is no requirement: such a term matches nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.match_expressions.is_empty() && self.match_fields.is_empty()
    }

    /// Whether all requirements hold for the node; the term must be well formed.
    #[must_use]
    pub fn matches(&self, name: &str, labels: &Labels) -> bool {
        !self.is_empty()
            && self.match_expressions.iter().all(|wanted| wanted.matches(labels))
            && self.match_fields.iter().all(|wanted| {
                let value = if wanted.key == NAME_FIELD { name } else { "" };
                wanted.matches_value(Some(value))
            })
    }

    /// What is not well formed, each with its place below `path`.
    #[must_use]
    pub fn errors(&self, path: &str) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (i, wanted) in self.match_expressions.iter().enumerate() {
            let place = format!("{path}.matchExpressions[{i}]");
            errors.extend(checked_requirement(wanted, &place).err());
        }
        for (i, wanted) in self.match_fields.iter().enumerate() {
            let place = format!("{path}.matchFields[{i}]");
            if !matches!(wanted.operator, Operator::In | Operator::NotIn) {
                errors.push(unsupported_operator(&place));
            } else if wanted.values.len() != 1 {
                errors.push(invalid(format!("{place}.values"), "must have one element"));
            }
        }
        errors
    }
}

impl PreferredSchedulingTerm {
    /// Whether the term can add to a node's score at all.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.weight != 0 && !self.preference.is_empty()
    }
}

/// The sum of the weights of the preferred terms that match the node.
///
/// Source: k8s.io/component-helpers `PreferredSchedulingTerms.Score`.
#[must_use]
pub fn preferred_weight(terms: &[PreferredSchedulingTerm], name: &str, labels: &Labels) -> i64 {
    let matching = terms.iter().filter(|t| t.counts() && t.preference.matches(name, labels));
    matching.map(|term| i64::from(term.weight)).sum()
}

/// What is not well formed in preferred terms (terms that cannot count are not looked at).
#[must_use]
pub fn preferred_errors(terms: &[PreferredSchedulingTerm]) -> Vec<FieldError> {
    let counting = terms.iter().enumerate().filter(|(_, term)| term.counts());
    counting.flat_map(|(i, term)| term.preference.errors(&format!("[{i}]"))).collect()
}

impl Operator {
    /// The operator as node selectors spell it.
    #[must_use]
    pub fn named(name: &str) -> Option<Operator> {
        Some(match name {
            "In" => Operator::In,
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            "Gt" => Operator::Gt,
            "Lt" => Operator::Lt,
            _ => return None,
        })
    }

    /// The operator as typed selectors name it.
    const fn selector_name(self) -> &'static str {
        match self {
            Operator::In => "in",
            Operator::NotIn => "notin",
            Operator::Exists => "exists",
            Operator::DoesNotExist => "!",
            Operator::Gt => "gt",
            Operator::Lt => "lt",
        }
    }
}

/// One requirement on labels, checked.
///
/// Errors: the field below `path` that is not well formed.
/// Source: k8s.io/component-helpers `nodeSelectorRequirementsAsSelector`.
pub fn checked_requirement(
    wanted: &Requirement,
    path: &str,
) -> Result<SelectorRequirement, FieldError> {
    SelectorRequirement::new(&wanted.key, wanted.operator.selector_name(), &wanted.values).map_err(
        |error| match error {
            RequirementError::Invalid(field) => {
                invalid(format!("{path}.{field}"), "not well formed")
            }
            RequirementError::NotSupported(_) => unsupported_operator(path),
        },
    )
}

/// An operator that nobody knows.
#[must_use]
pub fn unsupported_operator(path: &str) -> FieldError {
    FieldError {
        field: format!("{path}.operator"),
        kind: "NotSupported",
        detail: "not a valid selector operator",
    }
}

fn invalid(field: String, detail: &'static str) -> FieldError {
    FieldError { field, kind: "Invalid", detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(fields: &[(&str, &[&str])]) -> NodeSelectorTerm {
        let fields = fields.iter().map(|(key, values)| Requirement {
            key: (*key).into(),
            operator: Operator::In,
            values: values.iter().map(|value| (*value).into()).collect(),
        });
        NodeSelectorTerm { match_expressions: Vec::new(), match_fields: fields.collect() }
    }

    fn spec(terms: Vec<NodeSelectorTerm>) -> PodSpec {
        let selector = NodeSelector { node_selector_terms: terms };
        let node_affinity = NodeAffinity {
            required_during_scheduling_ignored_during_execution: Some(selector),
            preferred_during_scheduling_ignored_during_execution: Vec::new(),
        };
        let affinity = Affinity { node_affinity: Some(node_affinity) };
        PodSpec { affinity: Some(Arc::new(affinity)), ..PodSpec::default() }
    }

    #[test]
    fn named_nodes_are_found_only_when_every_term_names_one() {
        let named = RequiredNodeAffinity::of(&spec(vec![
            term(&[(NAME_FIELD, &["b"])]),
            term(&[(NAME_FIELD, &["a"])]),
        ]));
        assert_eq!(named.named_nodes(), Some(vec!["a".into(), "b".into()]));
        let open = RequiredNodeAffinity::of(&spec(vec![
            term(&[(NAME_FIELD, &["b"])]),
            term(&[("other", &["a"])]),
        ]));
        assert_eq!(open.named_nodes(), None);
        let conflict = RequiredNodeAffinity::of(&spec(vec![term(&[
            (NAME_FIELD, &["a"]),
            (NAME_FIELD, &["b"]),
        ])]));
        assert_eq!(conflict.named_nodes(), Some(Vec::new()));
    }

    #[test]
    fn a_malformed_term_matches_nothing() {
        let two_names = RequiredNodeAffinity::of(&spec(vec![term(&[(NAME_FIELD, &["a", "b"])])]));
        assert!(!two_names.matches("a", &Labels::default()));
    }
}
