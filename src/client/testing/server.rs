//! A fake API server: connections, watches, nothing else.

use std::collections::BTreeMap;

use crate::api::{Kind, Object};
use crate::kernel::Slot;
use crate::wire::Cx;
use crate::wire::api::{
    ApiReply, ApiResponse, Scope, Tally, WatchChange, WatchEvent, WatchId, WatchStart,
};
use crate::wire::apiserver::ApiServerIn;

use super::store::{Store, in_scope};

/// One API server.
#[derive(Clone, Debug, Default)]
pub struct FakeServer {
    connections: BTreeMap<Slot, Connection>,
    seen: u64,
    /// Calls arrive and are not answered, as when etcd has no leader.
    pub mute: bool,
}

#[derive(Clone, Debug, Default)]
struct Connection {
    tally: Tally,
    watches: BTreeMap<WatchId, Watch>,
}

#[derive(Clone, Debug)]
struct Watch {
    kind: Kind,
    scope: Scope,
    place: u32,
}

impl FakeServer {
    /// A server that has just started and read the store.
    pub(super) fn caught_up(store: &Store) -> Self {
        FakeServer { seen: store.revision(), ..FakeServer::default() }
    }

    /// Handles a message; true when something was written.
    pub(super) fn handle(
        &mut self,
        cx: &mut Cx<'_>,
        (from, msg): (Slot, ApiServerIn),
        store: &mut Store,
    ) -> bool {
        let before = store.revision();
        match msg {
            ApiServerIn::Open => {
                self.connections.insert(from, Connection::default());
                cx.stream(from, ApiReply::Opened);
            }
            ApiServerIn::Close => drop(self.connections.remove(&from)),
            ApiServerIn::Timer(_) => self.push(cx, store),
            ApiServerIn::Request(_)
            | ApiServerIn::Watch(_)
            | ApiServerIn::StopWatch(_)
            | ApiServerIn::Ping => self.on_connection(cx, (from, msg), store),
            ApiServerIn::Refused(_) | ApiServerIn::Healthz | ApiServerIn::Etcd(_) => {}
        }
        store.revision() != before
    }

    fn on_connection(
        &mut self,
        cx: &mut Cx<'_>,
        (from, msg): (Slot, ApiServerIn),
        store: &mut Store,
    ) {
        self.push(cx, store);
        let Some(connection) = self.connections.get_mut(&from) else {
            let me = cx.me();
            return cx.stream(from, ApiReply::Refused(me));
        };
        connection.tally.received += u32::from(!matches!(msg, ApiServerIn::Ping));
        match msg {
            ApiServerIn::Request(_) if self.mute => {}
            ApiServerIn::Request(request) => {
                let response = ApiResponse { id: request.id, result: store.call(request.call) };
                connection.tally.sent += 1;
                cx.stream(from, ApiReply::Response(Box::new(response)));
            }
            ApiServerIn::Watch(start) => connection.watch(cx, (from, *start), store),
            ApiServerIn::StopWatch(watch) => drop(connection.watches.remove(&watch)),
            ApiServerIn::Ping => cx.stream(from, ApiReply::Pong(connection.tally)),
            ApiServerIn::Open
            | ApiServerIn::Close
            | ApiServerIn::Refused(_)
            | ApiServerIn::Healthz
            | ApiServerIn::Etcd(_)
            | ApiServerIn::Timer(_) => {}
        }
    }

    /// Sends what was written since the last look.
    fn push(&mut self, cx: &mut Cx<'_>, store: &Store) {
        let news = store.since(self.seen).unwrap_or_default();
        for (_, change) in news {
            for (slot, connection) in &mut self.connections {
                connection.push(cx, (*slot, change));
            }
        }
        self.seen = store.revision();
    }
}

impl Connection {
    fn watch(&mut self, cx: &mut Cx<'_>, (from, start): (Slot, WatchStart), store: &Store) {
        let Some(news) = store.since(start.from) else {
            let event = WatchEvent { watch: start.watch, place: 0, change: WatchChange::Expired };
            self.tally.sent += 1;
            return cx.stream(from, ApiReply::Watch(event));
        };
        let watch = Watch { kind: start.kind, scope: start.scope, place: 0 };
        let mut only =
            Connection { tally: Tally::default(), watches: [(start.watch, watch)].into() };
        for (_, change) in news {
            only.push(cx, (from, change));
        }
        self.tally.sent += only.tally.sent;
        self.watches.append(&mut only.watches);
    }

    fn push(&mut self, cx: &mut Cx<'_>, (to, change): (Slot, &WatchChange)) {
        let Some(object) = object_of(change) else { return };
        for (watch, state) in &mut self.watches {
            if state.kind == object.kind() && in_scope(object, &state.scope) {
                let event =
                    WatchEvent { watch: *watch, place: state.place, change: change.clone() };
                state.place += 1;
                self.tally.sent += 1;
                cx.stream(to, ApiReply::Watch(event));
            }
        }
    }
}

fn object_of(change: &WatchChange) -> Option<&Object> {
    match change {
        WatchChange::Added(object)
        | WatchChange::Modified(object)
        | WatchChange::Deleted(object) => Some(object),
        WatchChange::Bookmark(_) | WatchChange::Expired | WatchChange::Closed => None,
    }
}
