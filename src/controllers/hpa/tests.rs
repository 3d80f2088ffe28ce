//! Autoscalers in a rig, with a metrics server that answers at once.

use super::super::rig::{Rig, key, make_ready, web};
use super::*;
use crate::api::autoscaling::{
    Behavior, MetricSpec, MetricTarget, ResourceMetric, ScalingPolicy, ScalingRules,
};
use crate::api::reasons::CPU;
use crate::api::{Container, ObjectMeta, Quantity};

/// `default/web` with pods that request 500m each, and an autoscaler that holds them at 50 %.
fn rig(replicas: i32) -> Rig {
    let mut rig = Rig::of::<HorizontalPodAutoscalerController>();
    rig.create(web(replicas, "app:1"));
    let mut scaler = HorizontalPodAutoscaler {
        metadata: ObjectMeta::named("default", "web"),
        ..Default::default()
    };
    scaler.spec.scale_target_ref.name = "web".into();
    scaler.spec.max_replicas = 10;
    let target = MetricTarget {
        kind: "Utilization".into(),
        average_utilization: Some(50),
        average_value: None,
    };
    let resource = Some(ResourceMetric { name: CPU, target });
    scaler.spec.metrics = vec![MetricSpec { kind: "Resource".into(), resource }];
    rig.create(scaler);
    set_pods(&mut rig, replicas, 250);
    rig
}

/// As many pods, started long ago, each using `milli` of a CPU.
fn set_pods(rig: &mut Rig, count: i32, milli: u64) {
    for pod in rig.all::<Pod>() {
        rig.remove(Kind::Pod, &pod.key());
    }
    rig.cpu.clear();
    for number in 0..count {
        let name = format!("web-{number}");
        let mut pod = Pod { metadata: ObjectMeta::named("default", name), ..Default::default() };
        pod.metadata.labels = [("app", "web")].into_iter().collect();
        let mut container = Container::default();
        container.resources.requests.insert(CPU, Quantity::from_milli(500));
        pod.spec.containers = [container].into();
        pod.status.start_time = Some(Time::default());
        let key = pod.key();
        rig.create(pod);
        make_ready(rig, &key);
        rig.cpu.insert(key.name, milli);
    }
    rig.settle();
}

fn replicas(rig: &Rig) -> i32 {
    rig.get::<Deployment>(&key("web")).map_or(-1, |web| web.spec.replicas)
}

fn condition(rig: &Rig, kind: &Str) -> (ConditionStatus, Str) {
    let scaler = rig.get::<HorizontalPodAutoscaler>(&key("web"));
    let condition = scaler.and_then(|scaler| scaler.status.conditions.get(kind).cloned());
    condition.map_or((ConditionStatus::Unknown, Str::new()), |it| (it.status, it.reason))
}

#[test]
fn a_load_at_the_target_changes_nothing() {
    let mut rig = rig(3);
    rig.pass(Span::secs(16));
    assert_eq!(rig.take_writes(), ["update HorizontalPodAutoscaler"]);
    assert_eq!(condition(&rig, &ABLE_TO_SCALE).1, "ReadyForNewScale");
    assert_eq!(condition(&rig, &decide::SCALING_ACTIVE).1, "ValidMetricFound");
    assert_eq!(condition(&rig, &decide::SCALING_LIMITED).0, ConditionStatus::False);
    rig.pass(Span::secs(60));
    assert_eq!(rig.take_writes(), [""; 0], "nothing changed, nothing is written");
}

#[test]
fn twice_the_load_gets_twice_the_pods_at_the_next_look() {
    let mut rig = rig(3);
    set_pods(&mut rig, 3, 500);
    rig.pass(Span::secs(14));
    assert_eq!(replicas(&rig), 3);
    rig.pass(Span::secs(2));
    assert_eq!(replicas(&rig), 6);
    let reason = "cpu resource utilization (percentage of request) above target";
    assert_eq!(rig.told(), [format!("SuccessfulRescale: New size: 6; reason: {reason}")]);
    assert_eq!(condition(&rig, &ABLE_TO_SCALE).1, "SucceededRescale");
}

#[test]
fn less_load_takes_pods_away_only_after_five_minutes() {
    let mut rig = rig(6);
    rig.pass(Span::secs(20));
    set_pods(&mut rig, 6, 50);
    rig.pass(Span::secs(280));
    assert_eq!(replicas(&rig), 6);
    assert_eq!(condition(&rig, &ABLE_TO_SCALE).1, "ScaleDownStabilized");
    rig.pass(Span::secs(45));
    assert_eq!(replicas(&rig), 2);
    assert_eq!(rig.told(), ["SuccessfulRescale: New size: 2; reason: All metrics below target"]);
}

#[test]
fn without_measurements_nothing_is_scaled_and_that_is_told() {
    let mut rig = rig(3);
    rig.cpu.clear();
    rig.pass(Span::secs(16));
    assert_eq!(replicas(&rig), 3);
    let no_metrics = "failed to get cpu utilization: unable to get metrics for resource cpu: no \
                      metrics returned from resource metrics API";
    assert_eq!(
        rig.told(),
        [
            format!("FailedGetResourceMetric: {no_metrics}"),
            format!(
                "FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: \
             failed to get cpu resource metric value: {no_metrics}"
            )
        ]
    );
    let (status, reason) = condition(&rig, &decide::SCALING_ACTIVE);
    assert_eq!((status, reason.as_str()), (ConditionStatus::False, "FailedGetResourceMetric"));
}

#[test]
fn a_policy_bounds_the_speed() {
    let mut rig = rig(2);
    rig.change::<HorizontalPodAutoscaler>(&key("web"), |scaler| {
        let policy = ScalingPolicy { kind: "Pods".into(), value: 1, period_seconds: 60 };
        let up = ScalingRules { policies: Some(vec![policy]), ..Default::default() };
        scaler.spec.behavior = Some(Behavior { scale_up: Some(up), scale_down: None });
    });
    set_pods(&mut rig, 2, 500);
    rig.pass(Span::secs(16));
    assert_eq!(replicas(&rig), 3, "one pod a minute");
    assert_eq!(condition(&rig, &decide::SCALING_LIMITED).1, "ScaleUpLimit");
    set_pods(&mut rig, 3, 500);
    rig.pass(Span::secs(45));
    assert_eq!(replicas(&rig), 3);
    rig.pass(Span::secs(30));
    assert_eq!(replicas(&rig), 4);
}

#[test]
fn bounds_need_no_measurement() {
    let mut rig = rig(3);
    rig.change::<HorizontalPodAutoscaler>(&key("web"), |scaler| scaler.spec.max_replicas = 2);
    rig.pass(Span::secs(16));
    assert_eq!(replicas(&rig), 2);
    assert_eq!(
        rig.told(),
        [
            "SuccessfulRescale: New size: 2; reason: Current number of replicas above Spec.MaxReplicas"
        ]
    );
    rig.change::<Deployment>(&key("web"), |web| web.spec.replicas = 0);
    rig.pass(Span::secs(16));
    assert_eq!(replicas(&rig), 0, "a target of zero is left alone");
    assert_eq!(condition(&rig, &decide::SCALING_ACTIVE).1, "ScalingDisabled");
}
