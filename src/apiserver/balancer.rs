//! The balancer before the API servers: layer 4, health checks, round robin.
//!
//! It chooses a server for each new connection and is out of the way from then on. That it notices
//! a dead server only after some checks is part of what clients go through.
//!
//! Source: the HAProxy that kubeadm's guide to highly available clusters sets up
//! (`option httpchk GET /healthz`, `inter 2s fall 3`).

use crate::kernel::{Slot, Span};
use crate::setting;
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::api::ApiReply;
use crate::wire::apiserver::ApiServerIn;
use crate::wire::balancer::BalancerIn;
use crate::wire::setting::Setting;

/// What can be changed of the balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalancerConfig {
    /// Between two health checks. Default: 2 s.
    pub check_interval: Span,
    /// A server is out after so many checks without an answer. Default: 3.
    pub fall: u32,
    /// A server is back after so many answers in a row. Default: 1.
    ///
    /// Simplified: HAProxy's default is 2, but it takes servers for good when it starts.
    pub rise: u32,
}

impl Default for BalancerConfig {
    fn default() -> Self {
        BalancerConfig { check_interval: Span::secs(2), fall: 3, rise: 1 }
    }
}

/// What a scenario can change of the balancer.
pub const BALANCER_SETTINGS: &[Setting<BalancerConfig>] = &[
    setting!(
        BalancerConfig,
        check_interval,
        "haproxy-inter",
        "HAProxy configuration manual, `inter`"
    ),
    setting!(BalancerConfig, fall, "haproxy-fall", "HAProxy configuration manual, `fall`"),
    setting!(BalancerConfig, rise, "haproxy-rise", "HAProxy configuration manual, `rise`"),
];

/// What is known of one server.
#[derive(Clone, Copy, Debug)]
struct Server {
    slot: Slot,
    up: bool,
    /// It was asked and has not answered yet.
    asked: bool,
    /// Checks in a row that speak against what is believed now.
    against: u32,
}

/// The balancer.
#[derive(Clone, Debug)]
pub struct Balancer {
    config: BalancerConfig,
    servers: Vec<Server>,
    next: usize,
}

impl Balancer {
    /// A balancer before these API servers.
    #[must_use]
    pub fn new(config: BalancerConfig, servers: &[Slot]) -> Self {
        let unknown = |slot: &Slot| Server { slot: *slot, up: false, asked: false, against: 0 };
        Balancer { config, servers: servers.iter().map(unknown).collect(), next: 0 }
    }

    /// A life begins: the first check is made at once.
    pub fn start(&mut self, cx: &mut Cx<'_>, _start: crate::kernel::Start) {
        self.check(cx);
    }

    /// Forgets what it believed.
    pub fn crash(&mut self) {
        for server in &mut self.servers {
            *server = Server { up: false, asked: false, against: 0, ..*server };
        }
    }

    /// A message arrives.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: BalancerIn) {
        match msg {
            BalancerIn::Connect => {
                let chosen = self.choose();
                cx.stream(from, Msg::Api(ApiReply::Connected(chosen)));
            }
            BalancerIn::CheckHealth => self.check(cx),
            BalancerIn::Healthy => {
                let rise = self.config.rise;
                if let Some(server) = self.server(from) {
                    server.asked = false;
                    server.heard(true, rise);
                }
            }
            BalancerIn::Refused(slot) => {
                if let Some(server) = self.server(slot) {
                    server.asked = false;
                    server.heard(false, 1);
                }
            }
        }
    }

    /// The servers that are believed to be healthy.
    pub fn healthy(&self) -> impl Iterator<Item = Slot> {
        self.servers.iter().filter(|server| server.up).map(|server| server.slot)
    }

    fn server(&mut self, slot: Slot) -> Option<&mut Server> {
        self.servers.iter_mut().find(|server| server.slot == slot)
    }

    /// The next healthy server in turn.
    fn choose(&mut self) -> Option<Slot> {
        let count = self.servers.len();
        let place =
            (0..count).map(|step| (self.next + step) % count).find(|at| self.servers[*at].up)?;
        self.next = place + 1;
        Some(self.servers[place].slot)
    }

    /// Asks every server; who has not answered the last time has failed one check.
    fn check(&mut self, cx: &mut Cx<'_>) {
        cx.after(self.config.check_interval, Msg::Balancer(BalancerIn::CheckHealth));
        let fall = self.config.fall;
        for server in &mut self.servers {
            if server.asked {
                server.heard(false, fall);
            }
            server.asked = true;
            cx.stream(server.slot, Msg::ApiServer(ApiServerIn::Healthz));
        }
    }
}

impl Server {
    fn heard(&mut self, well: bool, enough: u32) {
        if well == self.up {
            self.against = 0;
            return;
        }
        self.against += 1;
        if self.against >= enough {
            self.up = well;
            self.against = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_go_round_among_the_healthy() {
        let mut balancer = Balancer::new(BalancerConfig::default(), &[Slot(1), Slot(2), Slot(3)]);
        assert_eq!(balancer.choose(), None);
        for place in [0, 2] {
            balancer.servers[place].heard(true, 1);
        }
        let chosen: Vec<_> = (0..4).filter_map(|_| balancer.choose()).collect();
        assert_eq!(chosen, [Slot(1), Slot(3), Slot(1), Slot(3)]);
    }

    #[test]
    fn a_silent_server_is_out_after_three_checks() {
        let mut server = Server { slot: Slot(1), up: true, asked: false, against: 0 };
        for up in [true, true, false] {
            server.heard(false, 3);
            assert_eq!(server.up, up);
        }
        server.heard(true, 1);
        assert!(server.up);
        server.heard(false, 3);
        server.heard(true, 3);
        server.heard(false, 3);
        assert!(server.up, "only checks in a row count");
    }
}
