//! A component that tells, and what stands at the API server afterwards.

use super::*;
use crate::api::Object;
use crate::client::testing::{BALANCER, Component, Stage, cut_off};
use crate::client::{ClientConfig, Incoming};
use crate::kernel::{Sim, Slot, Start};
use crate::wire::Msg;
use crate::wire::api::ApiReply;
use crate::wire::balancer::BalancerIn;
use crate::wire::scheduler::SchedulerIn;

/// A component that tells one thing each time it is poked.
#[derive(Clone, Debug)]
struct Teller {
    client: ApiClient<()>,
    recorder: EventRecorder,
    next: (Str, Told),
}

impl Component for Teller {
    fn start(&mut self, cx: &mut Cx<'_>, _: Start) {
        self.client.start(cx);
    }

    fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: Msg) {
        if let Msg::Scheduler(SchedulerIn::Api(reply)) = msg {
            self.client.handle(cx, from, reply);
        } else if let Msg::Scheduler(SchedulerIn::Client(timer)) = msg {
            self.client.timer(cx, timer);
        } else {
            let (name, told) = self.next.clone();
            let about = ObjectReference { name, ..ObjectReference::default() };
            self.recorder.record(cx, &mut self.client, &about, told);
        }
        while let Some(incoming) = self.client.next() {
            if let Incoming::Events(input) = incoming {
                self.recorder.handle(cx, &mut self.client, input);
            }
        }
    }

    fn crash(&mut self) {
        self.client.crash();
        self.recorder.crash();
    }
}

fn stage() -> Sim<Stage<Teller>> {
    let wrap = |timer| Msg::from(SchedulerIn::Client(timer));
    let teller = Teller {
        client: ApiClient::new(ClientConfig::new("teller"), BALANCER, wrap),
        recorder: EventRecorder::new(EventsConfig::new("teller", "")),
        next: (Str::new(), Told::normal("", "")),
    };
    let reply = |reply: ApiReply| Msg::from(SchedulerIn::Api(reply));
    let mut sim = Stage::run(1, vec![teller], reply);
    sim.run_for(Span::secs(1));
    sim
}

fn tell(sim: &mut Sim<Stage<Teller>>, about: impl Into<Str>, told: Told) {
    sim.world_mut().components[0].next = (about.into(), told);
    let slot = sim.world().component(0);
    sim.inject(slot, BalancerIn::Connect);
    sim.run_for(Span::millis(1));
}

fn stored(sim: &Sim<Stage<Teller>>) -> Vec<Arc<Event>> {
    sim.world().store.all(Kind::Event).filter_map(Object::as_kind).cloned().collect()
}

#[test]
fn an_event_told_again_is_the_same_event_with_a_count() {
    let mut sim = stage();
    for _ in 0..3 {
        tell(&mut sim, "web", Told::warning("BackOff", "Back-off restarting"));
        sim.run_for(Span::secs(10));
    }
    let events = stored(&sim);
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!((event.count, event.reason.as_str()), (3, "BackOff"));
    assert!(event.metadata.name.starts_with("web.") && event.metadata.namespace == "default");
    assert!(event.last_timestamp > event.first_timestamp);
    assert_eq!(event.source.component, "teller");
}

#[test]
fn different_events_have_different_names_even_within_one_instant() {
    let mut sim = stage();
    for n in 0..9 {
        tell(&mut sim, format!("web-{}", n / 3), Told::normal("Made", format!("{n}")));
    }
    sim.run_for(Span::secs(10));
    assert_eq!(stored(&sim).len(), 9);
}

#[test]
fn an_expired_event_is_made_anew_with_its_count() {
    let mut sim = stage();
    tell(&mut sim, "web", Told::normal("Pulled", "again"));
    sim.run_for(Span::secs(1));
    let key = stored(&sim)[0].key();
    sim.world_mut().store.remove(Kind::Event, &key);
    tell(&mut sim, "web", Told::normal("Pulled", "again"));
    sim.run_for(Span::secs(1));
    assert_eq!(stored(&sim)[0].count, 2);
}

#[test]
fn events_of_a_dead_time_are_written_afterwards_and_too_many_are_dropped() {
    let mut sim = stage();
    cut_off(&mut sim, 0);
    for n in 0..1100 {
        tell(&mut sim, format!("web-{n}"), Told::normal("Made", "so"));
    }
    assert_eq!(sim.world().components[0].recorder.dropped(), 1100 - 1 - 1000);
    sim.run_for(Span::secs(60));
    assert!(stored(&sim).is_empty());
    sim.links_mut().heal_all();
    sim.run_for(Span::mins(5));
    assert_eq!(stored(&sim).len(), 1001);
    assert_eq!(sim.world().components[0].recorder.pending(), 0);
}
