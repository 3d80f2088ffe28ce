//! One connection to one API server: dialling, life signs, and the counts of what passed.

use crate::kernel::{Purpose, SimTime, Slot, Span, Ticket};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::api::{ApiReply, ClientTimer, Tally};
use crate::wire::apiserver::ApiServerIn;
use crate::wire::balancer::BalancerIn;

use super::alarm::Alarm;
use super::backoff::Steps;
use super::config::ClientConfig;

/// After so many idle times a ping is due even on a busy connection; see [`Connection::look`].
const AUDIT_IDLES: u64 = 2;

/// Where the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// There is none; the alarm is set for the next attempt, or the client was not started.
    Down,
    /// The balancer was asked.
    Asking,
    /// This server was told to open.
    Opening(Slot),
    /// It stands.
    Open(Slot),
}

/// What a message or a timer did to the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing.
    None,
    /// It stands now.
    Opened,
    /// The attempt failed; another follows.
    Failed,
    /// It stood and is broken.
    Lost,
}

/// The connection of one client.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    balancer: Slot,
    wrap: fn(ClientTimer) -> Msg,
    link: Link,
    redial: Steps,
    attempt: Alarm,
    last_read: SimTime,
    last_pong: SimTime,
    pinged: Option<SimTime>,
    /// As the client counts it.
    tally: Tally,
    /// The client's messages when it pinged.
    sent_at_ping: u32,
}

impl Connection {
    pub(super) fn new(config: &ClientConfig, balancer: Slot, wrap: fn(ClientTimer) -> Msg) -> Self {
        Connection {
            balancer,
            wrap,
            link: Link::Down,
            redial: Steps::new(config.redial),
            attempt: Alarm::default(),
            last_read: SimTime::ZERO,
            last_pong: SimTime::ZERO,
            pinged: None,
            tally: Tally::default(),
            sent_at_ping: 0,
        }
    }

    /// The server, when the connection stands.
    pub(super) const fn server(&self) -> Option<Slot> {
        if let Link::Open(server) = self.link { Some(server) } else { None }
    }

    /// Asks the balancer for a server.
    pub(super) fn dial(&mut self, cx: &mut Cx<'_>, config: &ClientConfig) {
        self.link = Link::Asking;
        cx.stream(self.balancer, BalancerIn::Connect);
        self.attempt.stop();
        self.alarm(cx, config.dial_timeout);
    }

    fn alarm(&mut self, cx: &mut Cx<'_>, span: Span) {
        let wrap = self.wrap;
        let at = cx.now() + span;
        self.attempt.set(cx, at, |ticket| wrap(ClientTimer::Connect(ticket)));
    }

    /// Sends on the open connection; false when there is none.
    pub(super) fn send(&mut self, cx: &mut Cx<'_>, msg: ApiServerIn) -> bool {
        let Link::Open(server) = self.link else { return false };
        self.tally.sent += 1;
        cx.stream(server, msg);
        true
    }

    /// A message of the connection's own arrived, not an answer to a call and no change.
    pub(super) fn receive(
        &mut self,
        cx: &mut Cx<'_>,
        (from, reply): (Slot, &ApiReply),
        config: &ClientConfig,
    ) -> Turn {
        match reply {
            ApiReply::Connected(server) => self.connected(cx, *server, config),
            ApiReply::Opened if self.link == Link::Opening(from) => self.opened(cx),
            ApiReply::Pong(tally) if self.link == Link::Open(from) => self.ponged(cx, *tally),
            ApiReply::Refused(slot) => self.refused(cx, *slot),
            ApiReply::Response(_) | ApiReply::Watch(_) => self.read(cx, from),
            ApiReply::Opened | ApiReply::Pong(_) => Turn::None,
        }
    }

    fn connected(&mut self, cx: &mut Cx<'_>, server: Option<Slot>, config: &ClientConfig) -> Turn {
        if self.link != Link::Asking {
            return Turn::None;
        }
        let Some(server) = server else { return self.fail(cx) };
        self.link = Link::Opening(server);
        cx.stream(server, ApiServerIn::Open);
        self.attempt.stop();
        self.alarm(cx, config.dial_timeout);
        Turn::None
    }

    fn opened(&mut self, cx: &mut Cx<'_>) -> Turn {
        let Link::Opening(server) = self.link else { return Turn::None };
        self.link = Link::Open(server);
        self.attempt.stop();
        self.redial.reset();
        self.last_read = cx.now();
        self.last_pong = cx.now();
        self.pinged = None;
        self.tally = Tally::default();
        Turn::Opened
    }

    fn ponged(&mut self, cx: &mut Cx<'_>, theirs: Tally) -> Turn {
        self.last_read = cx.now();
        self.last_pong = cx.now();
        let asked = self.pinged.take().is_some();
        let whole = theirs.received == self.sent_at_ping && theirs.sent == self.tally.received;
        if asked && !whole { Turn::Lost } else { Turn::None }
    }

    fn refused(&mut self, cx: &mut Cx<'_>, slot: Slot) -> Turn {
        match self.link {
            Link::Open(server) if server == slot => Turn::Lost,
            Link::Opening(server) if server == slot => self.fail(cx),
            Link::Asking if slot == self.balancer => self.fail(cx),
            Link::Down | Link::Asking | Link::Opening(_) | Link::Open(_) => Turn::None,
        }
    }

    /// Counts what the server sent; what a server sends on a connection that was given up is
    /// answered with `Close`, as TCP answers with a reset.
    fn read(&mut self, cx: &mut Cx<'_>, from: Slot) -> Turn {
        match self.link {
            Link::Open(server) if server == from => {
                self.tally.received += 1;
                self.last_read = cx.now();
            }
            Link::Opening(server) if server == from => {}
            Link::Down | Link::Asking | Link::Opening(_) | Link::Open(_) => {
                cx.stream(from, ApiServerIn::Close);
            }
        }
        Turn::None
    }

    /// The attempt failed: waits, then dials again.
    fn fail(&mut self, cx: &mut Cx<'_>) -> Turn {
        self.link = Link::Down;
        let now = cx.now();
        let wait = self.redial.next(now, cx.chance(Purpose::named("client.redial")));
        self.attempt.stop();
        self.alarm(cx, wait);
        Turn::Failed
    }

    /// The timer of an attempt, or of the pause between two.
    pub(super) fn timer(&mut self, cx: &mut Cx<'_>, ticket: Ticket, config: &ClientConfig) -> Turn {
        if !self.attempt.rings(ticket) {
            return Turn::None;
        }
        match self.link {
            Link::Down => self.dial(cx, config),
            Link::Asking => return self.fail(cx),
            Link::Opening(server) => {
                cx.stream(server, ApiServerIn::Close);
                return self.fail(cx);
            }
            Link::Open(_) => {}
        }
        Turn::None
    }

    /// Gives the open connection up and dials at once.
    pub(super) fn give_up(&mut self, cx: &mut Cx<'_>, config: &ClientConfig) {
        if let Link::Open(server) = self.link {
            cx.stream(server, ApiServerIn::Close);
        }
        self.dial(cx, config);
    }

    /// The connection begins to be of interest: silence before now does not count.
    pub(super) fn begin_to_listen(&mut self, now: SimTime) {
        self.last_read = now;
    }

    /// Looks whether the connection lives; pings when it was silent for long.
    ///
    /// As HTTP/2 clients do: silent for `read_idle` → ping; then silent for `ping_timeout` → lost.
    /// Simplified: a busy connection is pinged as well, at twice the idle time, since the pong
    /// also carries the counts that stand for TCP's acknowledgements.
    pub(super) fn look(&mut self, cx: &mut Cx<'_>, config: &ClientConfig) -> Turn {
        let Link::Open(server) = self.link else { return Turn::None };
        if cx.now() < self.look_at(config) {
            return Turn::None;
        }
        if self.pinged.is_some() {
            return Turn::Lost;
        }
        self.pinged = Some(cx.now());
        self.sent_at_ping = self.tally.sent;
        cx.stream(server, ApiServerIn::Ping);
        Turn::None
    }

    /// When to look next.
    pub(super) fn look_at(&self, config: &ClientConfig) -> SimTime {
        let idle = self.last_read + config.read_idle;
        match self.pinged {
            Some(pinged) => (pinged + config.ping_timeout).max(idle + config.ping_timeout),
            None => idle.min(self.last_pong + config.read_idle * AUDIT_IDLES),
        }
    }

    /// Forgets the connection, as a process that died.
    pub(super) fn crash(&mut self) {
        self.link = Link::Down;
        self.redial.reset();
        self.attempt.stop();
        self.pinged = None;
    }
}
