//! Rules, connections and requests: the part of the machine that carries the users' traffic.

use crate::api::Str;
use crate::api::service::{Endpoint, EndpointConditions};
use crate::kernel::{Purpose, Ticket};
use crate::wire::Cx;
use crate::wire::cri::ContainerId;
use crate::wire::note::RequestLost;
use crate::wire::runtime::{
    Dial, RulesUpdate, RuntimeIn, RuntimeTimer, Serve, ServiceRules, Target,
};
use crate::wire::traffic::TrafficIn;

use super::Runtime;
use super::sandbox::Sandbox;

/// Which endpoint a connection goes to.
const ENDPOINT: Purpose = Purpose::named("endpoint");

impl Runtime {
    /// `iptables-restore`: the rules are the kernel's from now on, whatever becomes of the proxy.
    pub(super) fn write_rules(&mut self, update: RulesUpdate) {
        if update.replace_all {
            self.rules.clear();
        }
        for (service, rules) in update.services {
            match rules {
                Some(rules) => self.rules.insert(service, rules),
                None => self.rules.remove(&service),
            };
        }
    }

    /// A connection to a Service is rewritten to one of its endpoints and goes there.
    ///
    /// Simplified: the connection and its only request are one message each way, and a lost
    /// packet is not repeated.
    pub(super) fn dial(&mut self, cx: &mut Cx<'_>, dial: &Dial) {
        let Dial { client, request, port, .. } = *dial;
        let ends = self.rules.get(&dial.service).map(|rules| Ends::of(rules, port));
        let Some(ends) = ends.filter(|ends| ends.count > 0) else {
            cx.send(client, TrafficIn::Refused { request, why: RequestLost::NoEndpoint });
            return;
        };
        let Some((target, node)) = ends.pick(cx.chance(ENDPOINT).index(ends.count)) else { return };
        let machine = self.machine.routes.machine_of(node);
        let pod = Box::new(target.pod.clone());
        cx.send(client, TrafficIn::Routed { request, pod });
        let serve = Serve { client, request, target };
        match machine {
            Some(here) if here == cx.me() => self.serve(cx, &serve),
            Some(there) => cx.send(there, RuntimeIn::Serve(Box::new(serve))),
            // There is no route: the packet is lost.
            None => {}
        }
    }

    /// A request arrives at the address of a pod.
    pub(super) fn serve(&mut self, cx: &mut Cx<'_>, serve: &Serve) {
        let now = cx.now();
        let Serve { client, request, .. } = *serve;
        let found = self.sandboxes.values().find(|sandbox| sandbox.is_at(&serve.target));
        let slow = found.map(|sandbox| sandbox.slow).unwrap_or_default();
        let container = found.and_then(|sandbox| self.listener(sandbox, serve.target.port));
        let process = container.and_then(|id| self.containers.get_mut(&id));
        let Some(process) = process.filter(|process| process.listens(now)) else {
            cx.send(client, TrafficIn::Refused { request, why: RequestLost::Refused });
            return;
        };
        let taken = process.take(now, (client, request), slow);
        if let (Some(id), Some(done_at)) = (container, taken)
            && !process.done.armed()
        {
            process.done.arm(cx, done_at.since(now), |ticket| {
                RuntimeIn::Timer(RuntimeTimer::Done(id, ticket)).into()
            });
        }
    }

    /// The container that listens on `port`: the one that says so, or else the first.
    fn listener(&self, sandbox: &Sandbox, port: i32) -> Option<ContainerId> {
        let spec = &sandbox.pod.spec;
        let named = |process: &super::Process| {
            let container = process.index.of(spec);
            container.is_some_and(|known| known.ports.iter().any(|own| own.container_port == port))
        };
        let running = || {
            let known = sandbox.containers.iter().copied();
            known.filter_map(|id| Some((id, self.containers.get(&id)?))).filter(|(_, process)| {
                let is_sidecar =
                    process.index.of(spec).is_some_and(|own| own.restart_policy.is_some());
                process.is_running() && (!process.index.is_init(spec) || is_sidecar)
            })
        };
        let by_port = running().find(|(_, process)| named(process));
        let first = || running().find(|(_, process)| !process.index.is_init(spec));
        by_port.or_else(first).map(|(id, _)| id)
    }

    /// The requests of a container that are due are answered.
    pub(super) fn requests_done(&mut self, cx: &mut Cx<'_>, id: ContainerId, ticket: Ticket) {
        let now = cx.now();
        let Some(process) = self.containers.get_mut(&id) else { return };
        if !process.done.rings(ticket) {
            return;
        }
        while process.queue.front().is_some_and(|first| first.done_at <= now) {
            let Some(request) = process.queue.pop_front() else { return };
            cx.send(request.client, TrafficIn::Served { request: request.number });
        }
        if let Some(next) = process.queue.front() {
            let wait = next.done_at.since(now);
            process
                .done
                .arm(cx, wait, |ticket| RuntimeIn::Timer(RuntimeTimer::Done(id, ticket)).into());
        }
    }
}

/// The endpoints that connections to one port of a Service may go to.
struct Ends<'r> {
    rules: &'r ServiceRules,
    /// The name of the port.
    port: Option<&'r Str>,
    /// Nobody is ready, so those that are ending and still serve get the connections.
    ending: bool,
    count: usize,
}

impl<'r> Ends<'r> {
    /// The endpoints for a port number; 0 means the first port.
    ///
    /// Ready endpoints; when there is none, those that are terminating and still serve.
    /// Source: kubernetes/kubernetes:pkg/proxy/topology.go `CategorizeEndpoints`.
    fn of(rules: &'r ServiceRules, number: i32) -> Self {
        let ports = &rules.service.spec.ports;
        let port = ports.iter().find(|known| number == 0 || known.port == number);
        let mut ends = Ends { rules, port: port.map(|known| &known.name), ending: false, count: 0 };
        ends.count = ends.iter().count();
        if ends.count == 0 {
            ends.ending = true;
            ends.count = ends.iter().count();
        }
        ends
    }

    fn iter(&self) -> impl Iterator<Item = (&'r Endpoint, i32)> {
        let (name, ending) = (self.port, self.ending);
        let usable = move |endpoint: &Endpoint| {
            let EndpointConditions { ready, serving, terminating } = endpoint.conditions;
            if ending { serving && terminating } else { ready }
        };
        self.rules.slices.iter().flat_map(move |slice| {
            let port = slice.ports.iter().find(|port| Some(&port.name) == name);
            let endpoints = port.map(|port| slice.endpoints.iter().map(|end| (end, port.port)));
            endpoints.into_iter().flatten().filter(move |(end, _)| usable(end))
        })
    }

    /// One of them, with the name of its node.
    fn pick(&self, place: usize) -> Option<(Target, &'r Str)> {
        let (endpoint, port) = self.iter().nth(place)?;
        let pod = endpoint.target_ref.as_ref().map(|pod| pod.key()).unwrap_or_default();
        let address = endpoint.addresses.first()?.clone();
        Some((Target { address, port, pod }, &endpoint.node_name))
    }
}

impl Sandbox {
    /// Whether a packet for `target` comes here. An address that was given to another pod in the
    /// meantime reaches that one; pods on the host's network share one address.
    fn is_at(&self, target: &Target) -> bool {
        self.ready
            && self.ip == target.address
            && (self.host != 0 || self.pod.metadata.name == target.pod.name)
    }
}
