//! List, then watch, for ever: what keeps an informer's store equal to the API server's.

use crate::api::Kind;
use crate::kernel::{Purpose, SimTime, Span};
use crate::wire::Cx;
use crate::wire::api::{CallId, Scope, WatchChange, WatchEvent, WatchId};

use super::alarm::Alarm;
use super::backoff::Steps;
use super::config::ClientConfig;
use super::informer::{Feed, InformerId};

/// A watch that ends before this without any event has failed; upstream: "very short watch".
///
/// Source: kubernetes/client-go:tools/cache/reflector.go.
const VERY_SHORT_WATCH: Span = Span::secs(1);

/// How often a list that lags behind what was already seen is asked for again.
const STALE_LISTS_MAX: u8 = 3;

/// What a reflector is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// Belongs to an earlier life of the process; only its alarms' tickets still matter.
    Retired,
    /// Waits for a connection.
    Nothing,
    /// A list is on its way.
    Listing,
    /// A watch is open.
    Watching {
        watch: WatchId,
        /// The place of the next message.
        place: u32,
        since: SimTime,
    },
    /// Something failed; the alarm is set.
    Waiting,
}

/// What a message on a watch means.
#[derive(Debug)]
pub(super) enum Seen {
    /// Nothing for the store.
    Nothing,
    /// A change for the store.
    Change(WatchChange),
    /// Messages are missing: the connection is broken.
    Gap,
    /// Start again at once.
    Again,
    /// Start again after a while.
    Later,
}

/// What to ask the server for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// A list.
    List,
    /// A watch from this version.
    Watch(u64),
}

/// One informer's part of the client.
#[derive(Clone, Debug)]
pub(super) struct Reflector {
    pub(super) id: InformerId,
    pub(super) kind: Kind,
    pub(super) scope: Scope,
    pub(super) again: Alarm,
    pub(super) resync: Option<Span>,
    pub(super) resync_alarm: Alarm,
    doing: Doing,
    /// The version of the store; none means that a list is needed.
    version: Option<u64>,
    /// The highest version ever seen; a list below it lags behind.
    seen: u64,
    stale_lists: u8,
    steps: Steps,
}

impl Reflector {
    pub(super) fn new(id: InformerId, (kind, scope): (Kind, Scope), config: &ClientConfig) -> Self {
        Reflector {
            id,
            kind,
            scope,
            again: Alarm::default(),
            resync: None,
            resync_alarm: Alarm::default(),
            doing: Doing::Nothing,
            version: None,
            seen: 0,
            stale_lists: 0,
            steps: Steps::new(config.relist),
        }
    }

    /// Whether it has something open on the connection.
    pub(super) const fn is_watching(&self) -> bool {
        matches!(self.doing, Doing::Watching { .. })
    }

    /// The process died.
    pub(super) fn retire(&mut self) {
        self.doing = Doing::Retired;
        self.again.stop();
        self.resync_alarm.stop();
    }

    /// Whether it belongs to an earlier life.
    pub(super) fn is_retired(&self) -> bool {
        self.doing == Doing::Retired
    }

    /// Takes the place of a retired one: its stale timers must not be taken for new ones.
    pub(super) fn succeed(&mut self, retired: &Reflector) {
        assert!(retired.is_retired(), "an informer is announced once a life");
        self.again = retired.again;
        self.resync_alarm = retired.resync_alarm;
    }

    /// The connection stands: what to ask for.
    pub(super) const fn ask(&self) -> Ask {
        match self.version {
            Some(version) => Ask::Watch(version),
            None => Ask::List,
        }
    }

    /// A list was asked for.
    pub(super) fn listing(&mut self) {
        self.doing = Doing::Listing;
    }

    /// A watch was asked for.
    pub(super) fn watching(&mut self, watch: WatchId, now: SimTime) {
        self.doing = Doing::Watching { watch, place: 0, since: now };
    }

    /// The connection is gone.
    pub(super) fn disconnected(&mut self) {
        if !self.is_retired() {
            self.again.stop();
            self.doing = Doing::Nothing;
        }
    }

    /// How long to wait after a failure.
    pub(super) fn later(&mut self, cx: &mut Cx<'_>) -> Span {
        self.doing = Doing::Waiting;
        let now = cx.now();
        self.steps.next(now, cx.chance(Purpose::named("client.relist")))
    }

    /// A list arrived; none when it lags behind and has to be asked for again.
    pub(super) fn listed(&mut self, feed: Feed, version: u64) -> Option<Feed> {
        let stale = version < self.seen && self.stale_lists < STALE_LISTS_MAX;
        if stale {
            self.stale_lists += 1;
            return None;
        }
        self.stale_lists = 0;
        self.version = Some(version);
        self.seen = version;
        Some(feed)
    }

    /// A message arrived on some watch of this client.
    pub(super) fn event(&mut self, event: WatchEvent, now: SimTime) -> Seen {
        let Doing::Watching { watch, place, since } = &mut self.doing else {
            return Seen::Nothing;
        };
        if *watch != event.watch {
            return Seen::Nothing;
        }
        if *place != event.place {
            return Seen::Gap;
        }
        *place += 1;
        let very_short = *place == 1 && now.since(*since) < VERY_SHORT_WATCH;
        match event.change {
            WatchChange::Bookmark(version) => {
                self.advance(version);
                Seen::Nothing
            }
            WatchChange::Expired => {
                self.version = None;
                Seen::Later
            }
            WatchChange::Closed if very_short => Seen::Later,
            WatchChange::Closed => Seen::Again,
            change @ (WatchChange::Added(_)
            | WatchChange::Modified(_)
            | WatchChange::Deleted(_)) => {
                self.advance(change.version());
                Seen::Change(change)
            }
        }
    }

    fn advance(&mut self, version: u64) {
        let reached = self.version.unwrap_or(0).max(version);
        self.version = Some(reached);
        self.seen = reached;
    }

    /// Whether this reflector has `watch` open.
    pub(super) fn has(&self, wanted: WatchId) -> bool {
        matches!(self.doing, Doing::Watching { watch, .. } if watch == wanted)
    }
}

/// Calls and watches are numbered over all lives of a process, as ports are: an answer to an
/// earlier life must not be taken for one to this.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbers {
    call: CallId,
    watch: WatchId,
}

impl Numbers {
    pub(super) fn next_call(&mut self) -> CallId {
        self.call += 1;
        self.call
    }

    pub(super) fn next_watch(&mut self) -> WatchId {
        self.watch = self.watch.wrapping_add(1);
        self.watch
    }
}
