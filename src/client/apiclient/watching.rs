//! The part of the client that keeps informers up to date: lists and watches.

use crate::kernel::Ticket;
use crate::wire::Cx;
use crate::wire::api::{ApiCall, ApiOk, ClientTimer, Status, WatchEvent, WatchStart};
use crate::wire::apiserver::ApiServerIn;

use super::super::config::CallOptions;
use super::super::informer::{Feed, InformerId};
use super::super::reflector::{Ask, Seen};
use super::{ApiClient, Incoming, Origin};

impl<T: Clone + std::fmt::Debug> ApiClient<T> {
    pub(super) fn place(&self, informer: InformerId) -> Option<usize> {
        self.reflectors.iter().position(|reflector| reflector.id == informer)
    }

    /// Asks for what the reflector needs: a list, or a watch.
    pub(super) fn ask(&mut self, cx: &mut Cx<'_>, place: usize) {
        let now = cx.now();
        let listening = self.is_listening();
        let reflector = &mut self.reflectors[place];
        let (kind, scope) = (reflector.kind, reflector.scope.clone());
        match reflector.ask() {
            Ask::List => {
                reflector.listing();
                let origin = Origin::List(reflector.id);
                self.call_as(cx, origin, ApiCall::List { kind, scope }, CallOptions::default());
            }
            Ask::Watch(from) => {
                let watch = self.numbers.next_watch();
                reflector.watching(watch, now);
                if !listening {
                    self.connection.begin_to_listen(now);
                }
                let user = self.config.user.clone();
                let start = WatchStart { watch, user, kind, scope, from };
                self.connection.send(cx, ApiServerIn::Watch(Box::new(start)));
                let at = self.connection.look_at(&self.config);
                self.arm_health(cx, at);
            }
        }
    }

    pub(super) fn listed(
        &mut self,
        cx: &mut Cx<'_>,
        informer: InformerId,
        result: Result<ApiOk, Status>,
    ) {
        let Some(place) = self.place(informer) else { return };
        if self.connection.server().is_none() {
            self.reflectors[place].disconnected();
            return;
        }
        if let Ok(ApiOk::List { items, version }) = result {
            let feed = Feed::Replace { items, version };
            if let Some(feed) = self.reflectors[place].listed(feed, version) {
                self.incoming.push_back(Incoming::Feed(informer, feed));
                self.ask(cx, place);
                return;
            }
        }
        self.ask_later(cx, place);
    }

    pub(super) fn ask_later(&mut self, cx: &mut Cx<'_>, place: usize) {
        let wrap = self.wrap;
        let reflector = &mut self.reflectors[place];
        let at = cx.now() + reflector.later(cx);
        let id = reflector.id.0;
        reflector.again.set(cx, at, |ticket| wrap(ClientTimer::Relist(id, ticket)));
    }

    pub(super) fn relist(&mut self, cx: &mut Cx<'_>, informer: InformerId, ticket: Ticket) {
        let Some(place) = self.place(informer) else { return };
        if self.reflectors[place].again.rings(ticket) && self.connection.server().is_some() {
            self.ask(cx, place);
        }
    }

    pub(super) fn resync(&mut self, cx: &mut Cx<'_>, informer: InformerId, ticket: Ticket) {
        let Some(place) = self.place(informer) else { return };
        if self.reflectors[place].resync_alarm.rings(ticket) {
            self.incoming.push_back(Incoming::Feed(informer, Feed::Resync));
            self.arm_resync(cx, place);
        }
    }

    pub(super) fn arm_resync(&mut self, cx: &mut Cx<'_>, place: usize) {
        let wrap = self.wrap;
        let reflector = &mut self.reflectors[place];
        let at = reflector.resync.map(|period| cx.now() + period);
        let id = reflector.id.0;
        reflector.resync_alarm.set_if(cx, at, |ticket| wrap(ClientTimer::Resync(id, ticket)));
    }

    pub(super) fn watch_event(&mut self, cx: &mut Cx<'_>, event: WatchEvent) {
        let found = self.reflectors.iter().position(|reflector| reflector.has(event.watch));
        let Some(place) = found else { return };
        let informer = self.reflectors[place].id;
        match self.reflectors[place].event(event, cx.now()) {
            Seen::Nothing => {}
            Seen::Change(change) => {
                self.incoming.push_back(Incoming::Feed(informer, Feed::Change(change)));
            }
            Seen::Gap => self.lose(cx),
            Seen::Again => self.ask(cx, place),
            Seen::Later => self.ask_later(cx, place),
        }
    }
}
