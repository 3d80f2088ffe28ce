//! Three candidates for one Lease, with crashes and partitions.

use super::*;
use crate::client::testing::{BALANCER, Component, Stage, cut_off};
use crate::client::{ClientConfig, Incoming};
use crate::kernel::{Sim, Slot, Start};
use crate::wire::Msg;
use crate::wire::api::ApiReply;
use crate::wire::scheduler::SchedulerIn;

/// A component that does nothing but lead, and notes when.
#[derive(Clone, Debug)]
struct Candidate {
    client: ApiClient<()>,
    elector: LeaderElector,
    reigns: Vec<(SimTime, Option<SimTime>)>,
}

impl Candidate {
    fn new(name: &'static str) -> Self {
        let wrap = |timer| Msg::from(SchedulerIn::Client(timer));
        let lease = ObjectKey::new("kube-system", "kube-scheduler");
        Candidate {
            client: ApiClient::new(ClientConfig::new(name), BALANCER, wrap),
            elector: LeaderElector::new(LeaderConfig::new(lease, name)),
            reigns: Vec::new(),
        }
    }

    fn end_reign(&mut self, now: SimTime) {
        if let Some(reign) = self.reigns.last_mut().filter(|reign| reign.1.is_none()) {
            reign.1 = Some(now);
        }
    }
}

impl Component for Candidate {
    fn start(&mut self, cx: &mut Cx<'_>, _: Start) {
        self.client.start(cx);
        self.elector.start(cx, &mut self.client);
    }

    fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: Msg) {
        if let Msg::Scheduler(SchedulerIn::Api(reply)) = msg {
            self.client.handle(cx, from, reply);
        } else if let Msg::Scheduler(SchedulerIn::Client(timer)) = msg {
            self.client.timer(cx, timer);
        }
        while let Some(incoming) = self.client.next() {
            let Incoming::Leader(input) = incoming else { continue };
            match self.elector.handle(cx, &mut self.client, input) {
                Leadership::Unchanged => {}
                Leadership::Won => self.reigns.push((cx.now(), None)),
                Leadership::Lost => {
                    self.end_reign(cx.now());
                    self.crash();
                    self.start(cx, Start::Restart);
                }
            }
        }
    }

    fn crash(&mut self) {
        self.client.crash();
        self.elector.crash();
    }
}

fn stage() -> Sim<Stage<Candidate>> {
    let reply = |reply: ApiReply| Msg::from(SchedulerIn::Api(reply));
    let all = vec![Candidate::new("a"), Candidate::new("b"), Candidate::new("c")];
    Stage::run(1, all, reply)
}

fn leaders(sim: &Sim<Stage<Candidate>>) -> Vec<usize> {
    let all = &sim.world().components;
    (0..all.len()).filter(|n| all[*n].elector.is_leader()).collect()
}

#[test]
fn exactly_one_of_three_leads_and_stays() {
    let mut sim = stage();
    sim.run_for(Span::secs(3));
    let first = leaders(&sim);
    assert_eq!(first.len(), 1);
    sim.run_for(Span::mins(10));
    assert_eq!(leaders(&sim), first);
    let key = ObjectKey::new("kube-system", "kube-scheduler");
    let lease = sim.world().store.get(Kind::Lease, &key).and_then(Lease::of).unwrap();
    let holder = sim.world().components[first[0]].elector.identity();
    assert_eq!(lease.spec.holder_identity, *holder);
    assert_eq!((lease.spec.lease_transitions, lease.spec.lease_duration_seconds), (0, 15));
    assert!(lease.spec.renew_time > lease.spec.acquire_time);
}

#[test]
fn after_a_crash_another_leads_within_lease_and_retry() {
    let mut sim = stage();
    sim.run_for(Span::secs(60));
    let old = leaders(&sim)[0];
    let slot = sim.world().component(old);
    sim.crash(slot);
    sim.run_for(Span::secs(12));
    assert!(leaders(&sim).is_empty(), "the Lease still runs");
    sim.run_for(Span::millis(15_000 + 4_400 * 2 - 12_000));
    let new = leaders(&sim);
    assert!(new.len() == 1 && new[0] != old, "{new:?}");
}

#[test]
fn a_leader_that_is_cut_off_gives_up_before_another_takes_over() {
    let mut sim = stage();
    sim.run_for(Span::secs(60));
    let old = leaders(&sim)[0];
    cut_off(&mut sim, old);
    let cut = sim.now();
    sim.run_for(Span::secs(60));
    let ended = sim.world().components[old].reigns[0].1.unwrap();
    assert!((Span::secs(9)..=Span::secs(12)).contains(&ended.since(cut)), "{ended}");
    let new = leaders(&sim)[0];
    let began = sim.world().components[new].reigns[0].0;
    assert!(began > ended, "{began} is not after {ended}");
    sim.links_mut().heal_all();
    sim.run_for(Span::secs(60));
    assert_eq!(leaders(&sim), [new], "the old one came back as a follower");
}

#[test]
fn a_short_partition_changes_nothing() {
    let mut sim = stage();
    sim.run_for(Span::secs(60));
    let old = leaders(&sim);
    cut_off(&mut sim, old[0]);
    sim.run_for(Span::secs(4));
    sim.links_mut().heal_all();
    sim.run_for(Span::secs(60));
    assert_eq!(leaders(&sim), old);
    assert_eq!(sim.world().components[old[0]].reigns.len(), 1);
}
