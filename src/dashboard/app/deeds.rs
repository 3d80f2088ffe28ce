//! What can be done to what is chosen, in the words that a scenario would use.

use crate::api::Node;
use crate::api::Resource as _;
use crate::api::{Deployment, Kind, ObjectKey, Pod};
use crate::cluster::Role as Seat;
use crate::dashboard::model::{Role, Target, Text};
use crate::kernel::{ActorState, Slot};
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::dashboard::screen::Say;

use super::App;
use super::answer::Doing;
use super::ask::{Ask, Item};
use super::stage::Stage;

/// A deed: its words for people, and for the scenario.
type Deed = (Say, String);

impl App {
    /// The list of what can be done to what is chosen.
    pub(super) fn ask_menu(&mut self) {
        let lang = self.look.lang;
        let chosen = self.chosen();
        let Some(stage) = &mut self.stage else { return };
        let chosen = chosen.or_else(|| stage.pane().inside.last().cloned());
        let name = chosen.as_ref().map(|target| name_of(stage, target)).unwrap_or_default();
        let deeds = chosen.as_ref().map(|target| deeds(stage, target)).unwrap_or_default();
        let nothing = deeds.is_empty();
        let mut items: Vec<Item> = deeds
            .into_iter()
            .map(|(say, words)| {
                // What wants a number or a name of its own is finished by hand.
                let by_hand = matches!(
                    say,
                    Say::DeedScale | Say::DeedImage | Say::DeedSlowDisk | Say::DeedSlowLink
                );
                let doing = if by_hand {
                    Doing::Further(Ask::Deed, words.clone())
                } else {
                    Doing::Deed(words.clone())
                };
                Item::new(Text::plain(say.text(lang)), Text::new(Role::Faint, words), doing)
            })
            .collect();
        let free = Doing::Further(Ask::Deed, String::new());
        let how = Text::new(Role::Faint, Say::DeedFreeHow.text(lang));
        items.push(Item::new(Text::plain(Say::DeedFree.text(lang)), how, free));
        let title = if nothing {
            Say::MenuTitle.text(lang).to_owned()
        } else {
            Say::MenuOf.fill(lang, &[("name", name)])
        };
        self.ask_titled(Ask::Menu, &title, None, items);
        self.explain(if nothing { Say::MenuNothing } else { Say::MenuHow });
    }
}

fn name_of(stage: &Stage, target: &Target) -> String {
    match target {
        Target::Object(kind, key) => sentence::object(*kind, key),
        Target::Process(slot) => stage.seen().directory.name(*slot).to_string(),
        Target::Fact(_)
        | Target::Message(_)
        | Target::Call(_)
        | Target::Moment(_)
        | Target::Named(_) => String::new(),
    }
}

fn deeds(stage: &Stage, target: &Target) -> Vec<Deed> {
    match target {
        Target::Object(Kind::Node, key) => of_node(stage, key),
        Target::Object(Kind::Pod, key) => of_pod(stage, key),
        Target::Object(Kind::Deployment, key) => of_deployment(stage, key),
        Target::Object(kind, key) => vec![(Say::DeedDelete, delete(*kind, key))],
        Target::Process(slot) => of_process(stage, *slot),
        Target::Fact(_)
        | Target::Message(_)
        | Target::Call(_)
        | Target::Moment(_)
        | Target::Named(_) => Vec::new(),
    }
}

fn delete(kind: Kind, key: &ObjectKey) -> String {
    format!("delete(\"{}\")", sentence::object(kind, key))
}

/// What strikes a machine or a process: down and up again, frozen and awake again, cut off.
fn lives(stage: &Stage, slot: Option<Slot>, place: &str) -> Vec<Deed> {
    let state = slot.map_or(ActorState::Running, |slot| stage.timeline().run().sim().state(slot));
    match state {
        ActorState::Running => vec![
            (Say::DeedCrash, format!("crash({place})")),
            (Say::DeedCrashFor, format!("crash(target: {place}, for: \"30s\")")),
            (Say::DeedPause, format!("pause({place})")),
            (Say::DeedPauseFor, format!("pause(target: {place}, for: \"30s\")")),
        ],
        ActorState::Crashed => vec![(Say::DeedRecover, format!("recover({place})"))],
        ActorState::Paused => vec![(Say::DeedResume, format!("resume({place})"))],
    }
}

fn of_node(stage: &Stage, key: &ObjectKey) -> Vec<Deed> {
    let name = &key.name;
    let seen = stage.seen();
    let machine = seen.directory.machine(name);
    let runtime = machine.and_then(|machine| {
        let is_runtime =
            |slot: &&Slot| matches!(seen.directory.role(**slot), Some(Seat::Runtime(_)));
        machine.slots.iter().find(is_runtime).copied()
    });
    if runtime.is_none() {
        return Vec::new();
    }
    let mut deeds = lives(stage, runtime, &format!("node(\"{name}\")"));
    deeds.push((
        Say::DeedCutOff,
        format!("partition(a: [node(\"{name}\")], b: [control_plane(1), outside], for: \"60s\")"),
    ));
    deeds.push((
        Say::DeedSlowLink,
        format!(
            "slow_link(a: node(\"{name}\"), b: control_plane(1), latency: \"500ms\", for: \"60s\")"
        ),
    ));
    deeds.push((Say::DeedHeal, "heal()".to_owned()));
    let node = seen.model.get(Kind::Node, key).and_then(Node::of);
    if node.is_some_and(|node| node.spec.unschedulable) {
        deeds.push((Say::DeedUncordon, format!("uncordon(\"{name}\")")));
    } else {
        deeds.push((Say::DeedCordon, format!("cordon(\"{name}\")")));
    }
    deeds.push((Say::DeedDrain, format!("drain(\"{name}\")")));
    deeds.push((Say::DeedKubelet, format!("crash(kubelet(\"{name}\"))")));
    deeds.push((Say::DeedProxy, format!("crash(proxy(\"{name}\"))")));
    deeds
}

fn of_pod(stage: &Stage, key: &ObjectKey) -> Vec<Deed> {
    let object = sentence::object(Kind::Pod, key);
    let mut deeds = vec![
        (Say::DeedDelete, delete(Kind::Pod, key)),
        (Say::DeedContainer, format!("container_crash(\"{object}\")")),
        (Say::DeedOom, format!("container_crash(of: \"{object}\", oom: true)")),
        (Say::DeedHang, format!("hang(of: \"{object}\", for: \"60s\")")),
        (Say::DeedNotReady, format!("not_ready(of: \"{object}\", for: \"60s\")")),
    ];
    let pod = stage.seen().model.get(Kind::Pod, key).and_then(Pod::of);
    if let Some(pod) = pod.filter(|pod| !pod.spec.node_name.is_empty()) {
        let node = &pod.spec.node_name;
        deeds.push((Say::DeedHost, format!("crash(node(\"{node}\"))")));
    }
    deeds
}

fn of_deployment(stage: &Stage, key: &ObjectKey) -> Vec<Deed> {
    let object = sentence::object(Kind::Deployment, key);
    let found = stage.seen().model.get(Kind::Deployment, key).and_then(Deployment::of);
    let replicas: i32 = found.map_or(1, |deployment| deployment.spec.replicas);
    let image = found
        .and_then(|deployment| deployment.spec.template.spec.containers.first())
        .map(|container| container.image.to_string())
        .unwrap_or_default();
    vec![
        (Say::DeedMore, format!("scale(\"{object}\", {})", replicas.saturating_add(1))),
        (Say::DeedLess, format!("scale(\"{object}\", {})", replicas.saturating_sub(1).max(0))),
        (Say::DeedScale, format!("scale(\"{object}\", {replicas})")),
        (Say::DeedImage, format!("set_image(\"{object}\", \"{image}\")")),
        (Say::DeedRestart, format!("restart(\"{object}\")")),
        (Say::DeedRollback, format!("rollback(\"{object}\")")),
        (Say::DeedContainer, format!("container_crash(\"{object}\")")),
        (Say::DeedDelete, delete(Kind::Deployment, key)),
    ]
}

fn of_process(stage: &Stage, slot: Slot) -> Vec<Deed> {
    let directory = &stage.seen().directory;
    let name = directory.name(slot);
    let number = name.rsplit('-').next().and_then(|end| end.parse::<u32>().ok()).unwrap_or(1);
    let host = || directory.machine_of(slot).map(|machine| machine.name.to_string());
    let on_host = |word: &str| host().map(|host| format!("{word}(\"{host}\")"));
    let place = match directory.role(slot) {
        Some(Seat::ApiServer(_)) => Some(format!("apiserver({number})")),
        Some(Seat::Etcd(_)) => Some(format!("etcd({number})")),
        Some(Seat::Scheduler(_)) => Some(format!("scheduler({number})")),
        Some(Seat::Controllers(_)) => Some(format!("controller_manager({number})")),
        Some(Seat::Kubelet(_)) => on_host("kubelet"),
        Some(Seat::Runtime(_)) => on_host("runtime"),
        Some(Seat::Proxy(_)) => on_host("proxy"),
        Some(Seat::Operator | Seat::Balancer | Seat::Metrics | Seat::Traffic(_)) | None => None,
    };
    let Some(place) = place else { return Vec::new() };
    let mut deeds = lives(stage, Some(slot), &place);
    if let Some(Seat::Etcd(_)) = directory.role(slot) {
        deeds.extend(of_member(stage, number, &place));
    }
    deeds
}

/// What is done to members of etcd only.
fn of_member(stage: &Stage, number: u32, place: &str) -> Vec<Deed> {
    let members = stage.timeline().run().plan().cluster.etcd;
    let others: Vec<String> = (1..=members)
        .filter(|other| *other != number)
        .map(|other| format!("etcd({other})"))
        .collect();
    let mut deeds = Vec::new();
    if !others.is_empty() {
        let cut = format!("partition(a: [{place}], b: [{}], for: \"30s\")", others.join(", "));
        deeds.push((Say::DeedCutMember, cut));
        deeds.push((Say::DeedHeal, "heal()".to_owned()));
    }
    deeds.push((
        Say::DeedSlowDisk,
        format!("slow_disk(target: {place}, fsync: \"200ms\", for: \"60s\")"),
    ));
    deeds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::shelf;
    use crate::dashboard::app::stage::Opened;
    use crate::kernel::SimTime;
    use crate::scenario::{Overrides, action, load};
    use crate::texts::Lang;

    #[test]
    fn every_deed_is_a_word_of_the_scenario_language() {
        let name = "scenarios/leader-election.ron".to_owned();
        let plan = load(&[&name], &Overrides::default(), &shelf::Shelf).value.expect("a plan");
        let plan = std::sync::Arc::new(plan);
        let opened = Opened { name, text: None, plan, lesson: None };
        let mut stage = Stage::new(opened).expect("a stage");
        stage.timeline_mut().seek(SimTime::from_secs(65));
        let seen = stage.seen();
        let objects = Kind::ALL.iter().flat_map(|kind| {
            seen.model.all(*kind).map(|object| Target::Object(*kind, object.key()))
        });
        let slots = seen.directory.machines().iter().flat_map(|machine| &machine.slots);
        let all: Vec<Target> = objects.chain(slots.map(|slot| Target::Process(*slot))).collect();
        let mut told = 0;
        for (_, words) in all.iter().flat_map(|target| deeds(&stage, target)) {
            told += 1;
            assert!(action(&words, Lang::Tr).is_ok(), "{words}: {:?}", action(&words, Lang::Tr));
            assert_eq!(super::super::names::unknown(seen, &words), None, "{words}");
        }
        assert!(told > 60, "{told}");
    }
}
