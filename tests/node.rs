//! One node, from outside: the real kubelet, machine, proxy and client before a small API server.

#![expect(clippy::wildcard_enum_match_arm, reason = "the stage takes what it needs")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "node_stage/mod.rs"]
mod stage;

use std::sync::Arc;

use prova::api::pod::{Probe, RestartPolicy};
use prova::api::{Container, Kind, Node, Object, Pod, PodPhase, Quantity, reasons};
use prova::kernel::Span;
use prova::wire::api::{ApiCall, Part};
use prova::wire::runtime::{AppModel, Behaviour, RuntimeFault};
use stage::{KUBELET, MACHINE, PROXY, Play, pod, web};

/// The moments [ms] at which lines of the log with `word` were told.
fn moments(play: &mut Play, word: &str) -> Vec<u64> {
    let lines = play.told(&[word]);
    let millis = |line: &String| {
        let (secs, rest) = line.trim_start().split_once('.').unwrap();
        secs.parse::<u64>().unwrap() * 1000 + rest[..3].parse::<u64>().unwrap()
    };
    lines.iter().map(millis).collect()
}

fn without_times(lines: &[String]) -> Vec<&str> {
    lines.iter().map(|line| line.trim_start().split_once(' ').unwrap().1).collect()
}

fn every_second() -> Probe {
    Probe { period_seconds: 1, ..Probe::default() }
}

fn key(name: &str) -> prova::api::ObjectKey {
    prova::api::ObjectKey::new("default", name)
}

#[test]
fn a_pod_is_born_and_dies_as_upstream_tells_it() {
    let mut play = Play::new(0);
    play.run_until(10);
    play.create(pod("web", |_, _| {}));
    play.run_until(20);
    play.delete("web", None);
    play.run_until(30);
    let expected = " 10.002 web is Pending [Initialized] ip= restarts=0
 10.304 web Pulling: Pulling image \"shop/web:1\"
 12.305 web Pulled: Successfully pulled image \"shop/web:1\" in 2s (2.001s including waiting). Image size: 80000000 bytes.
 12.366 web Created: Created container: app
 12.406 web Started: Started container app
 12.936 web is Running [PodReadyToStartContainers Initialized Ready] ip=10.244.1.2 restarts=0
 20.002 web Killing: Stopping container app
 20.604 web is Succeeded [Initialized] ip=10.244.1.2 restarts=0
 20.606 web removed";
    assert_eq!(play.told(&["web"]).join("\n"), expected);
    assert_eq!(play.api().status_writes, 3);
}

#[test]
fn the_second_pod_finds_the_image_there() {
    let mut play = Play::new(0);
    play.create(pod("one", |_, _| {}));
    play.run_until(10);
    play.create(pod("two", |_, _| {}));
    play.run_until(20);
    let lines = play.told(&["two Pul"]);
    let words = ["two Pulled: Container image \"shop/web:1\" already present on machine"];
    assert_eq!(without_times(&lines), words);
}

#[test]
fn readiness_comes_and_goes_after_enough_answers() {
    let mut play = Play::new(0);
    play.create(pod("web", |_, app| app.readiness_probe = Some(every_second())));
    play.run_until(10);
    assert!(play.pod("web").unwrap().is_ready());
    play.told(&[]);
    let change = Behaviour::NotReady(true);
    play.fault(RuntimeFault::Behave { pod: key("web"), change });
    play.run_until(20);
    let words = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    let unhealthy = play.told(&["Unhealthy", " is "]);
    assert_eq!(unhealthy.iter().filter(|line| line.contains(words)).count(), 10, "{unhealthy:?}");
    let not_ready = unhealthy
        .iter()
        .find(|line| line.contains("is Running [PodReadyToStartContainers Initialized]"));
    assert!(not_ready.is_some_and(|line| line.starts_with(" 12.")), "{unhealthy:?}");
    play.fault(RuntimeFault::Behave { pod: key("web"), change: Behaviour::NotReady(false) });
    play.run_until(22);
    assert!(play.pod("web").unwrap().is_ready());
}

#[test]
fn a_process_that_hangs_is_killed_and_started_again() {
    let mut play = Play::new(0);
    play.create(pod("web", |pod, app| {
        pod.spec.termination_grace_period_seconds = 5;
        app.liveness_probe = Some(every_second());
    }));
    play.run_until(10);
    play.told(&[]);
    play.fault(RuntimeFault::Behave { pod: key("web"), change: Behaviour::Hang(true) });
    play.run_until(40);
    let lines = play.told(&["Killing", "restarts=1", "Started"]);
    let words = without_times(&lines);
    assert_eq!(words[0], "web Killing: Container app failed liveness probe, will be restarted");
    assert_eq!(words[1], "web Started: Started container app");
    let status = play.pod("web").unwrap().status.container_statuses[0].clone();
    assert_eq!((status.restart_count, status.ready), (1, true));
    assert_eq!(status.last_state.terminated.unwrap().exit_code, 137);
}

#[test]
fn a_startup_probe_holds_the_readiness_back() {
    let mut play = Play::new(0);
    let model = AppModel { ready_after: Span::secs(20), ..AppModel::default() };
    play.fault(RuntimeFault::SetModel { image: "shop/web:1".into(), model: Arc::new(model) });
    play.create(pod("web", |_, app| {
        app.startup_probe = Some(Probe { failure_threshold: 30, ..every_second() });
        app.readiness_probe = Some(every_second());
    }));
    play.run_until(20);
    let started = |play: &Play| play.pod("web").unwrap().status.container_statuses[0].started;
    assert_eq!(started(&play), Some(false));
    play.run_until(25);
    assert_eq!(started(&play), Some(true));
    assert!(play.pod("web").unwrap().is_ready());
    assert_eq!(play.pod("web").unwrap().status.container_statuses[0].restart_count, 0);
}

#[test]
fn a_crash_loop_waits_ten_twenty_forty_seconds() {
    let mut play = Play::new(0);
    let model = AppModel { runs_for: Some(Span::secs(1)), exit_code: 1, ..AppModel::default() };
    play.fault(RuntimeFault::SetModel { image: "shop/web:1".into(), model: Arc::new(model) });
    play.create(pod("web", |_, _| {}));
    play.run_until(700);
    let shown = play.pod("web").unwrap().status.clone();
    // Not by the events: the recorder's filter drops most of them after the first 25.
    let starts = moments(&mut play, "Ready] ip");
    // From start to start: one second of life, up to one until the kubelet looks, the back-off.
    let gap = |pair: &[u64]| (pair[1] - pair[0] - 1000) / 10_000 * 10;
    let gaps: Vec<u64> = starts.windows(2).map(gap).collect();
    assert_eq!(gaps, [0, 10, 20, 40, 80, 160, 300], "{starts:?}");
    let waiting = shown.container_statuses[0].state.waiting.clone().unwrap();
    assert_eq!(waiting.reason, "CrashLoopBackOff");
    assert!(
        waiting
            .message
            .starts_with("back-off 5m0s restarting failed container=app pod=web_default")
    );
    assert_eq!(shown.phase, PodPhase::Running);
}

#[test]
fn an_image_that_cannot_be_fetched_backs_off_and_comes_in_the_end() {
    let mut play = Play::new(0);
    play.fault(RuntimeFault::PullFails { image: None, fails: true });
    play.create(pod("web", |_, _| {}));
    play.run_until(5);
    let lines = play.told(&["web Pul", "web Fail", "web Back"]);
    let reasons: Vec<&str> =
        without_times(&lines).iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(reasons, ["web Pulling", "web Failed", "web Failed", "web BackOff", "web Failed"]);
    let state = play.pod("web").unwrap().status.container_statuses[0].state.clone();
    assert_eq!(state.waiting.unwrap().reason, "ImagePullBackOff");
    play.fault(RuntimeFault::PullFails { image: None, fails: false });
    play.run_until(30);
    assert!(play.pod("web").unwrap().is_ready());
}

#[test]
fn a_restarted_kubelet_finds_its_pods_running() {
    let mut play = Play::new(0);
    play.create(pod("web", |_, app| app.readiness_probe = Some(every_second())));
    play.run_until(10);
    let before = play.pod("web").unwrap();
    play.told(&[]);
    play.sim.crash(KUBELET);
    play.run_until(15);
    play.sim.restart(KUBELET);
    play.run_until(30);
    assert_eq!(play.told(&["web"]), Vec::<String>::new());
    assert_eq!(play.pod("web").unwrap().status, before.status);
    // It still looks after the pod.
    play.delete("web", None);
    play.run_until(40);
    assert!(play.pod("web").is_none());
}

#[test]
fn a_machine_that_lost_power_starts_its_pods_again() {
    let mut play = Play::new(0);
    play.create(pod("web", |_, _| {}));
    play.run_until(10);
    for slot in [KUBELET, MACHINE, PROXY] {
        play.sim.crash(slot);
    }
    play.run_until(20);
    play.told(&[]);
    for slot in [MACHINE, KUBELET, PROXY] {
        play.sim.restart(slot);
    }
    play.run_until(30);
    let lines = play.told(&["web SandboxChanged", "web Started", "web Pulled"]);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[1].contains("already present"), "images stay on the disk: {lines:?}");
    let status = play.pod("web").unwrap().status.clone();
    let container = &status.container_statuses[0];
    assert_eq!((container.restart_count, container.ready), (1, true));
    assert_eq!(container.last_state.terminated.as_ref().unwrap().reason, "ContainerStatusUnknown");
}

#[test]
fn a_kubelet_that_outlived_its_containers_starts_them_again() {
    let mut play = Play::new(0);
    play.create(pod("web", |_, _| {}));
    play.run_until(10);
    play.sim.crash(MACHINE);
    play.create(pod("two", |_, _| {}));
    play.run_until(20);
    play.sim.restart(MACHINE);
    play.run_until(30);
    for (name, restarts) in [("web", 1), ("two", 0)] {
        let pod = play.pod(name).unwrap();
        let container = &pod.status.container_statuses[0];
        assert_eq!((container.restart_count, container.ready), (restarts, true), "{name}");
    }
    assert_eq!(play.sim.world().machine.running(), 2);
}

#[test]
fn init_containers_run_in_turn_and_sidecars_outlive_the_others() {
    let mut play = Play::new(0);
    play.create(pod("web", |pod, _| {
        let named = |name: &str| Container {
            name: name.into(),
            image: "shop/tool:1".into(),
            ..Container::default()
        };
        let sidecar = Container { restart_policy: Some(RestartPolicy::Always), ..named("log") };
        pod.spec.init_containers = vec![named("first"), sidecar, named("second")].into();
    }));
    play.run_until(20);
    let lines = play.told(&["web Started"]);
    let started: Vec<&str> = without_times(&lines);
    let order = ["first", "log", "second", "app"];
    assert_eq!(started, order.map(|name| format!("web Started: Started container {name}")));
    assert!(play.pod("web").unwrap().is_ready());
    play.delete("web", None);
    play.run_until(30);
    let lines = play.told(&["web Killing", "removed"]);
    let words = [
        "web Killing: Stopping container app",
        "web Killing: Stopping container log",
        "web removed",
    ];
    assert_eq!(without_times(&lines), words);
}

#[test]
fn a_pod_that_never_restarts_ends_with_its_containers() {
    for (code, phase) in [(0, PodPhase::Succeeded), (3, PodPhase::Failed)] {
        let mut play = Play::new(0);
        let model =
            AppModel { runs_for: Some(Span::secs(2)), exit_code: code, ..AppModel::default() };
        play.fault(RuntimeFault::SetModel { image: "shop/web:1".into(), model: Arc::new(model) });
        play.create(pod("once", |pod, _| pod.spec.restart_policy = RestartPolicy::Never));
        play.run_until(20);
        let status = play.pod("once").unwrap().status.clone();
        assert_eq!(status.phase, phase);
        assert_eq!(status.container_statuses[0].state.terminated.as_ref().unwrap().exit_code, code);
        assert_eq!(play.sim.world().machine.running(), 0);
    }
}

#[test]
fn a_process_that_ignores_sigterm_is_killed_at_the_end_of_its_grace() {
    let mut play = Play::new(0);
    let model = AppModel { ignores_sigterm: true, ..AppModel::default() };
    play.fault(RuntimeFault::SetModel { image: "shop/web:1".into(), model: Arc::new(model) });
    play.create(pod("web", |pod, _| pod.spec.termination_grace_period_seconds = 7));
    play.run_until(10);
    play.delete("web", None);
    play.run_until(30);
    assert!(moments(&mut play, "removed")[0] / 1000 == 17);
    // A pod that is removed by force is gone at once, and its processes follow.
    play.create(pod("two", |_, _| {}));
    play.run_until(40);
    play.delete("two", Some(0));
    play.run_until(41);
    assert!(play.pod("two").is_none());
    assert_eq!(play.sim.world().machine.running(), 1);
    play.run_until(43);
    assert_eq!(play.sim.world().machine.running(), 0);
}

#[test]
fn a_pod_that_does_not_fit_is_turned_away() {
    let mut play = Play::new(0);
    play.create(pod("big", |_, app| {
        app.resources.requests.insert(reasons::CPU, Quantity::from_milli(3000));
    }));
    play.run_until(5);
    let status = play.pod("big").unwrap().status.clone();
    assert_eq!((status.phase, status.reason.as_str()), (PodPhase::Failed, "OutOfcpu"));
    let words = "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000";
    assert_eq!(status.message, words);
}

fn node(play: &Play) -> Arc<Node> {
    let key = (Kind::Node, prova::api::ObjectKey::new("", "n1"));
    let Some(Object::Node(node)) = play.api().objects.get(&key) else { panic!("no node") };
    node.clone()
}

#[test]
fn the_lease_is_renewed_each_ten_seconds_and_little_else_happens() {
    let mut play = Play::new(0);
    play.run_until(60);
    let delivered = play.sim.delivered();
    play.run_until(360);
    let writes = &play.api().lease_writes;
    let gaps: Vec<u64> =
        writes.windows(2).skip(1).map(|pair| pair[1].since(pair[0]).as_millis()).collect();
    assert!(gaps.iter().all(|gap| (10_000..10_500).contains(gap)), "{gaps:?}");
    assert!(node(&play).status.conditions.is_true("Ready"));
    // Five minutes: 30 renewals of three events each, pings, and the client that does nothing.
    let idle = play.sim.delivered() - delivered - 300;
    assert!(idle < 200, "{idle}");
}

#[test]
fn a_lease_that_cannot_be_written_is_tried_ten_times_an_interval_and_no_more() {
    let mut play = Play::new(0);
    play.run_until(60);
    play.sim.world_mut().api.full = true;
    let before = play.api().lease_writes.len();
    play.run_until(260);
    let tries = play.api().lease_writes.len() - before;
    assert!((150..=200).contains(&tries), "{tries}");
    play.sim.world_mut().api.full = false;
    play.run_until(300);
    let writes = play.api().lease_writes.len() - before - tries;
    assert!((3..=5).contains(&writes), "{writes}");
}

#[test]
fn a_dead_containerd_makes_the_node_not_ready_and_leaves_the_pods_alone() {
    let mut play = Play::new(0);
    play.create(pod("web", |_, _| {}));
    play.run_until(10);
    play.fault(RuntimeFault::Daemon { up: false });
    play.run_until(45);
    assert!(!node(&play).status.conditions.is_true("Ready"));
    assert_eq!(play.sim.world().machine.running(), 1);
    play.delete("web", None);
    play.run_until(60);
    assert!(play.pod("web").is_some(), "nobody can stop it");
    play.fault(RuntimeFault::Daemon { up: true });
    play.run_until(90);
    assert!(node(&play).status.conditions.is_true("Ready"));
    assert!(play.pod("web").is_none());
}

/// A node whose pod `web` serves the Service `web`.
fn served(rate: u64) -> Play {
    let mut play = Play::new(0);
    play.create(pod("web", |_, app| {
        app.resources.limits.insert(reasons::CPU, Quantity::from_milli(500));
    }));
    play.run_until(10);
    let (service, slice) = web(&[&*play.pod("web").unwrap()]);
    play.create(service);
    play.create(slice);
    play.run_until(12);
    play.set_rate(rate);
    play
}

#[test]
fn a_client_is_served_by_way_of_the_rules() {
    let mut play = served(10);
    play.run_until(22);
    let stats = play.sim.world().traffic.stats().clone();
    assert_eq!((stats.lost(), stats.served / 10), (0, 9), "{stats:?}");
    // 5 ms of CPU at half a CPU are 10 ms; and 5 ms of waiting.
    assert!(stats.latency(500).is_some_and(|took| took.as_millis() < 20));
}

#[test]
fn rules_outlive_their_proxy_and_grow_stale() {
    let mut play = served(10);
    play.run_until(15);
    play.sim.crash(PROXY);
    play.run_until(20);
    assert_eq!(play.sim.world().traffic.stats().lost(), 0);
    play.delete("web", None);
    let (_, empty) = web(&[]);
    play.call(ApiCall::Update { object: empty.into(), part: Part::Main });
    play.run_until(25);
    let stats = play.sim.world().traffic.stats().clone();
    assert!(stats.refused > 40 && stats.no_endpoint == 0, "{stats:?}");
    play.sim.restart(PROXY);
    play.run_until(30);
    let again = play.sim.world().traffic.stats();
    assert!(again.no_endpoint > 30, "{again:?}");
}

#[test]
fn requests_wait_and_time_out_when_the_cpu_limit_is_reached() {
    // 100 fit into half a CPU. The process works on, for clients that have long given up.
    let mut play = served(150);
    play.run_until(32);
    let stats = play.sim.world().traffic.stats().clone();
    assert!(stats.timed_out > 1000 && stats.served > 300, "{stats:?}");
}

#[test]
fn no_answer_comes_from_a_dead_machine() {
    let mut play = served(10);
    play.run_until(15);
    play.sim.crash(KUBELET);
    play.sim.crash(MACHINE);
    play.run_until(25);
    let stats = play.sim.world().traffic.stats().clone();
    assert!(stats.timed_out > 70 && stats.refused <= 1, "{stats:?}");
}

#[test]
fn the_same_seed_gives_the_same_run_and_a_clone_goes_on_alike() {
    let run = || {
        let mut play = served(20);
        let half = play.sim.clone();
        play.run_until(40);
        (play.sim.digest(), half)
    };
    let (first, mut half) = run();
    let (second, _) = run();
    assert_eq!(first, second);
    half.run_for(Span::secs(28));
    assert_eq!(first, half.digest());
}

#[test]
fn a_killed_container_shows_its_reason() {
    let mut play = Play::new(0);
    play.create(pod("web", |_, app| {
        app.resources.limits.insert(reasons::MEMORY, "64Mi".parse().unwrap());
    }));
    play.run_until(10);
    let change = Behaviour::Memory(100 << 20);
    play.fault(RuntimeFault::Behave { pod: key("web"), change });
    play.run_until(15);
    let end = |pod: &Pod| pod.status.container_statuses[0].last_state.terminated.clone().unwrap();
    let pod = play.pod("web").unwrap();
    assert_eq!((end(&pod).exit_code, end(&pod).reason.as_str()), (137, "OOMKilled"));
    assert!(pod.is_ready());
}
