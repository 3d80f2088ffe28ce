//! The clients' connections: who has one, and what passed over it.
//!
//! A connection is a fact of this server's memory, as a socket is. Whatever a client without one
//! says is answered with `Refused`, TCP's reset.

use crate::kernel::{SimTime, Slot, Span};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::api::{ApiReply, Tally};

/// A connection that was silent for so long is given up; clients ping every minute at least.
///
/// Simplified: upstream's server has TCP keep-alives (15 s) and HTTP/2 pings for this.
const SILENCE_MAX: Span = Span::mins(3);

/// One connection.
#[derive(Clone, Copy, Debug)]
struct Connection {
    tally: Tally,
    heard: SimTime,
}

/// All connections, by the client's slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections {
    of_slot: Vec<Option<Connection>>,
    /// Where the search for silent ones goes on.
    cursor: usize,
}

impl Connections {
    /// Opens one; an older one of the same client is over.
    pub(super) fn open(&mut self, cx: &mut Cx<'_>, client: Slot) {
        if self.of_slot.len() <= client.index() {
            self.of_slot.resize(client.index() + 1, None);
        }
        let heard = cx.now();
        self.of_slot[client.index()] = Some(Connection { tally: Tally::default(), heard });
        cx.stream(client, Msg::Api(ApiReply::Opened));
    }

    pub(super) fn close(&mut self, client: Slot) {
        if let Some(connection) = self.of_slot.get_mut(client.index()) {
            *connection = None;
        }
    }

    fn get(&mut self, client: Slot) -> Option<&mut Connection> {
        self.of_slot.get_mut(client.index()).and_then(Option::as_mut)
    }

    /// A message of the client arrived, and counts; false when there is no connection.
    pub(super) fn receive(&mut self, cx: &mut Cx<'_>, client: Slot) -> bool {
        let now = cx.now();
        if let Some(connection) = self.get(client) {
            connection.heard = now;
            connection.tally.received += 1;
            return true;
        }
        refuse(cx, client);
        false
    }

    /// The client asks whether the connection lives.
    pub(super) fn ping(&mut self, cx: &mut Cx<'_>, client: Slot) {
        let now = cx.now();
        match self.get(client) {
            Some(connection) => {
                connection.heard = now;
                let tally = connection.tally;
                cx.stream(client, Msg::Api(ApiReply::Pong(tally)));
            }
            None => refuse(cx, client),
        }
    }

    /// Sends on the connection, if it still stands.
    pub(super) fn send(&mut self, cx: &mut Cx<'_>, client: Slot, reply: ApiReply) {
        if let Some(connection) = self.get(client) {
            connection.tally.sent += 1;
            cx.stream(client, Msg::Api(reply));
        }
    }

    /// Gives up connections that were silent for too long; looks at a sixtieth of them each time.
    pub(super) fn drop_silent(&mut self, now: SimTime) -> Vec<Slot> {
        let mut dropped = Vec::new();
        let count = self.of_slot.len().div_ceil(60);
        for _ in 0..count {
            let place = self.cursor % self.of_slot.len();
            self.cursor = place + 1;
            let silent = self.of_slot[place].is_some_and(|it| now.since(it.heard) > SILENCE_MAX);
            if silent {
                self.of_slot[place] = None;
                dropped.extend(u32::try_from(place).ok().map(Slot));
            }
        }
        dropped
    }
}

fn refuse(cx: &mut Cx<'_>, client: Slot) {
    let me = cx.me();
    cx.stream(client, Msg::Api(ApiReply::Refused(me)));
}
