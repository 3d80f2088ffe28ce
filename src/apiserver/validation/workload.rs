//! Deployment, ReplicaSet, HorizontalPodAutoscaler.
//!
//! Source: kubernetes/kubernetes:pkg/apis/apps/validation, pkg/apis/autoscaling/validation.

use crate::api::pod::RestartPolicy;
use crate::api::workload::{DeploymentStrategy, StrategyType};
use crate::api::{
    Deployment, HorizontalPodAutoscaler, IntOrString, LabelSelector, Labels, PodTemplateSpec,
    ReplicaSet,
};

use super::meta::{check_annotations, check_labels, check_requirements};
use super::pod::check_spec;
use super::{FieldError, not_negative};

/// Checks a Deployment.
pub(super) fn check_deployment(deployment: &Deployment, errors: &mut Vec<FieldError>) {
    let spec = &deployment.spec;
    not_negative(spec.replicas, "spec.replicas", errors);
    check_selector(&spec.selector, "deployment", errors);
    check_template(&spec.selector, &spec.template, errors);
    check_strategy(&spec.strategy, errors);
    not_negative(spec.min_ready_seconds, "spec.minReadySeconds", errors);
    not_negative(spec.revision_history_limit, "spec.revisionHistoryLimit", errors);
    if spec.progress_deadline_seconds <= spec.min_ready_seconds {
        let value = spec.progress_deadline_seconds.to_string();
        let why = "must be greater than minReadySeconds";
        errors.push(FieldError::invalid("spec.progressDeadlineSeconds", value, why));
    }
}

/// Checks a ReplicaSet.
pub(super) fn check_replica_set(set: &ReplicaSet, errors: &mut Vec<FieldError>) {
    let spec = &set.spec;
    not_negative(spec.replicas, "spec.replicas", errors);
    not_negative(spec.min_ready_seconds, "spec.minReadySeconds", errors);
    check_selector(&spec.selector, "replicaset", errors);
    check_template(&spec.selector, &spec.template, errors);
}

fn check_selector(selector: &LabelSelector, owner: &str, errors: &mut Vec<FieldError>) {
    if selector.is_empty() {
        let why = format!("empty selector is invalid for {owner}");
        errors.push(FieldError::invalid("spec.selector", show_selector(selector), &why));
    }
    check_labels(&selector.match_labels, "spec.selector.matchLabels", errors);
    let path = "spec.selector.matchExpressions";
    check_requirements(&selector.match_expressions, path, errors);
}

fn check_template(
    selector: &LabelSelector,
    template: &PodTemplateSpec,
    errors: &mut Vec<FieldError>,
) {
    let labels = &template.metadata.labels;
    if !selector.is_empty() && !selector.matches(labels) {
        let path = "spec.template.metadata.labels";
        let why = "`selector` does not match template `labels`";
        errors.push(FieldError::invalid(path, show_labels(labels), why));
    }
    check_labels(labels, "spec.template.labels", errors);
    let path = "spec.template.annotations";
    check_annotations(&template.metadata.annotations, path, errors);
    check_spec(&template.spec, "spec.template.spec", errors);
    let path = "spec.template.spec.restartPolicy";
    match template.spec.restart_policy {
        RestartPolicy::Always => {}
        RestartPolicy::OnFailure => {
            errors.push(FieldError::not_supported(path, "OnFailure", &["Always"]));
        }
        RestartPolicy::Never => errors.push(FieldError::not_supported(path, "Never", &["Always"])),
    }
    if template.spec.active_deadline_seconds.is_some() {
        let why = "activeDeadlineSeconds in ReplicaSet is not Supported";
        let path = "spec.template.spec.activeDeadlineSeconds";
        errors.push(FieldError::forbidden(path, why));
    }
}

fn check_strategy(strategy: &DeploymentStrategy, errors: &mut Vec<FieldError>) {
    let path = "spec.strategy.rollingUpdate";
    match (strategy.kind, &strategy.rolling_update) {
        (StrategyType::Recreate, Some(_)) => {
            let why = "may not be specified when strategy `type` is 'Recreate'";
            errors.push(FieldError::forbidden(path, why));
        }
        (StrategyType::RollingUpdate, None) => {
            errors.push(FieldError::required(path, "this should be defaulted and never be nil"));
        }
        (StrategyType::Recreate, None) => {}
        (StrategyType::RollingUpdate, Some(update)) => {
            let unavailable = format!("{path}.maxUnavailable");
            check_part(&update.max_unavailable, &unavailable, errors);
            check_part(&update.max_surge, &format!("{path}.maxSurge"), errors);
            if is_zero(&update.max_unavailable) && is_zero(&update.max_surge) {
                let value = update.max_unavailable.to_string();
                let why = "may not be 0 when `maxSurge` is 0";
                errors.push(FieldError::invalid(unavailable.clone(), value, why));
            }
            let over = update.max_unavailable.scaled(100, false).is_ok_and(|part| part > 100);
            if over && matches!(update.max_unavailable, IntOrString::String(_)) {
                let value = format!("{:?}", update.max_unavailable.to_string());
                errors.push(FieldError::invalid(
                    unavailable,
                    value,
                    "must not be greater than 100%",
                ));
            }
        }
    }
}

fn is_zero(part: &IntOrString) -> bool {
    part.scaled(100, true) == Ok(0)
}

fn check_part(part: &IntOrString, path: &str, errors: &mut Vec<FieldError>) {
    match part {
        IntOrString::Int(number) => not_negative(*number, path, errors),
        IntOrString::String(text) => {
            let digits = text.strip_suffix('%').unwrap_or("");
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                let why = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
                errors.push(FieldError::invalid_text(path, text, why));
            }
        }
    }
}

/// The selector of a workload never changes: it could lose its pods.
pub(super) fn selector_is_kept(
    new: &LabelSelector,
    stored: &LabelSelector,
    errors: &mut Vec<FieldError>,
) {
    if new != stored {
        let shown = show_selector(new);
        errors.push(FieldError::invalid("spec.selector", shown, "field is immutable"));
    }
}

/// Checks a HorizontalPodAutoscaler.
pub(super) fn check_autoscaler(scaler: &HorizontalPodAutoscaler, errors: &mut Vec<FieldError>) {
    let spec = &scaler.spec;
    if spec.min_replicas < 1 {
        let why = "must be greater than or equal to 1";
        errors.push(FieldError::invalid("spec.minReplicas", spec.min_replicas.to_string(), why));
    }
    let shown = spec.max_replicas.to_string();
    if spec.max_replicas < 1 {
        errors.push(FieldError::invalid("spec.maxReplicas", shown, "must be greater than 0"));
    } else if spec.max_replicas < spec.min_replicas {
        let why = "must be greater than or equal to `minReplicas`";
        errors.push(FieldError::invalid("spec.maxReplicas", shown, why));
    }
    if spec.scale_target_ref.name.is_empty() {
        errors.push(FieldError::required("spec.scaleTargetRef.name", ""));
    }
    for (place, metric) in spec.metrics.iter().enumerate() {
        let at = |field: &str| format!("spec.metrics[{place}].{field}");
        let known = ["ContainerResource", "External", "Object", "Pods", "Resource"];
        if metric.kind.is_empty() {
            errors.push(FieldError::required(at("type"), "must specify a metric source type"));
        } else if !known.contains(&metric.kind.as_str()) {
            errors.push(FieldError::not_supported(at("type"), &metric.kind, &known));
        }
        if let Some(resource) = &metric.resource {
            if resource.name.is_empty() {
                errors.push(FieldError::required(
                    at("resource.name"),
                    "must specify a resource name",
                ));
            }
            let target = &resource.target;
            if target.average_utilization.is_none() && target.average_value.is_none() {
                let why = "must set either a target raw value or a target utilization";
                errors.push(FieldError::required(at("resource.target.averageUtilization"), why));
            }
            if target.average_utilization.is_some_and(|percent| percent < 1) {
                let value = target.average_utilization.unwrap_or(0).to_string();
                let path = at("resource.target.averageUtilization");
                errors.push(FieldError::invalid(path, value, "must be greater than 0"));
            }
        }
    }
}

/// A label set as Go prints it.
fn show_labels(labels: &Labels) -> String {
    let pairs: Vec<String> =
        labels.iter().map(|(key, value)| format!("{:?}:{:?}", &**key, &**value)).collect();
    format!("map[string]string{{{}}}", pairs.join(", "))
}

/// A selector as Go prints it.
fn show_selector(selector: &LabelSelector) -> String {
    let labels = if selector.match_labels.is_empty() {
        "map[string]string(nil)".to_owned()
    } else {
        show_labels(&selector.match_labels)
    };
    format!(
        "v1.LabelSelector{{MatchLabels:{labels}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(spec: serde_json::Value) -> Vec<String> {
        let deployment = serde_json::from_value(json!({"spec": spec})).expect("a deployment");
        let mut errors = Vec::new();
        check_deployment(&deployment, &mut errors);
        errors.iter().map(ToString::to_string).collect()
    }

    fn template(app: &str) -> serde_json::Value {
        json!({"metadata": {"labels": {"app": app}}, "spec": {"containers": [{"name": "c", "image": "x"}]}})
    }

    #[test]
    fn a_selector_must_select_its_own_template() {
        let spec = json!({
            "selector": {"matchLabels": {"app": "web"}}, "template": template("other"),
            "strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}},
        });
        assert_eq!(
            said(spec),
            [
                "spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"other\"}: `selector` does not match template `labels`",
                "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0%: may not be 0 when `maxSurge` is 0",
            ]
        );
    }

    #[test]
    fn a_selector_must_select_something() {
        let spec = json!({"template": template("web"), "strategy": {"type": "Recreate"}});
        let want = "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for deployment";
        assert_eq!(said(spec), [want]);
    }

    #[test]
    fn an_autoscaler_has_sane_bounds() {
        let mut scaler = HorizontalPodAutoscaler::default();
        scaler.spec.scale_target_ref.name = "web".into();
        let said = |scaler: &HorizontalPodAutoscaler| {
            let mut errors = Vec::new();
            check_autoscaler(scaler, &mut errors);
            errors.len()
        };
        assert_eq!(said(&scaler), 1);
        scaler.spec.max_replicas = 3;
        assert_eq!(said(&scaler), 0);
        scaler.spec.min_replicas = 4;
        assert_eq!(said(&scaler), 1);
    }
}
