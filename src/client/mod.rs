//! What client-go is: the way every component talks to the API server.
//!
//! | file | what lives there |
//! |---|---|
//! | `apiclient` | [`ApiClient`]: calls with tags, a limit, time-outs; `watching`: informers' part |
//! | `connection` | one connection: dialling, life signs, counts |
//! | `reflector` | list, then watch, for ever |
//! | `informer` `lister` | [`Informer`]: a local copy with indexes, and what changed in it |
//! | `workqueue` | [`WorkQueue`]: de-duplicating, delayed, rate-limited |
//! | `backoff` `ratelimit` `alarm` | waiting longer, waiting your turn, one timer for many |
//! | `leader` | [`LeaderElector`]: one of several works |
//! | `events` `correlate` `lru` | [`EventRecorder`]: Events for people, kept few |
//! | `config` | defaults |
//!
//! A component owns one [`ApiClient`] and an [`Informer`] per kind it wants to know. Whatever
//! arrives goes into the client; what it means comes out one by one, and a `match` routes it:
//!
//! ```
//! use prova::api::{Node, Pod};
//! use prova::client::{ApiClient, Incoming, Informer, InformerId};
//! use prova::kernel::Slot;
//! use prova::wire::Cx;
//! use prova::wire::api::ApiCall;
//! use prova::wire::scheduler::SchedulerIn;
//!
//! const PODS: InformerId = InformerId(0);
//! const NODES: InformerId = InformerId(1);
//!
//! #[derive(Clone, Debug)]
//! enum Tag { Binding }
//!
//! struct Component { client: ApiClient<Tag>, pods: Informer<Pod>, nodes: Informer<Node> }
//!
//! impl Component {
//!     fn start(&mut self, cx: &mut Cx<'_>) {
//!         self.client.start(cx);
//!         self.client.inform(cx, &self.pods);
//!         self.client.inform(cx, &self.nodes);
//!     }
//!
//!     fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: SchedulerIn) {
//!         match msg {
//!             SchedulerIn::Api(reply) => self.client.handle(cx, from, reply),
//!             SchedulerIn::Client(timer) => self.client.timer(cx, timer),
//!             # #[allow(unreachable_patterns)]
//!             # _ => {}
//!         }
//!         while let Some(incoming) = self.client.next() {
//!             match incoming {
//!                 Incoming::Answer { tag: Tag::Binding, result } => drop(result),
//!                 Incoming::Feed(PODS, feed) => {
//!                     for delta in self.pods.apply(feed) {
//!                         let pod = delta.object();
//!                         let (pod, uid) = (pod.metadata.key(), pod.metadata.uid);
//!                         let call = ApiCall::Bind { pod, uid, node: "n1".into() };
//!                         self.client.call(cx, Tag::Binding, call);
//!                     }
//!                 }
//!                 Incoming::Feed(NODES, feed) => drop(self.nodes.apply(feed)),
//!                 Incoming::Feed(..) | Incoming::Leader(_) | Incoming::Events(_) => {}
//!             }
//!         }
//!     }
//!
//!     fn crash(&mut self) {
//!         self.client.crash();
//!         self.pods.crash();
//!         self.nodes.crash();
//!     }
//! }
//! ```
//!
//! Floor: 2
//! Imports: kernel, api, wire

mod alarm;
mod apiclient;
mod backoff;
mod config;
mod connection;
mod correlate;
mod events;
mod informer;
mod leader;
mod lister;
mod lru;
mod ratelimit;
mod reflector;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod workqueue;

pub use alarm::Alarm;
pub use apiclient::{ApiClient, Incoming};
pub use backoff::{BackOff, BackOffEntry, Steps, StepsConfig, jitter};
pub use config::{CallOptions, ClientConfig};
pub use correlate::CorrelateConfig;
pub use events::{EventRecorder, EventsConfig, EventsInput, Told};
pub use informer::{Delta, Deltas, Feed, Informer, InformerId};
pub use leader::{LeaderConfig, LeaderElector, LeaderInput, Leadership};
pub use lister::{IndexFn, IndexId, IndexKey, Lister};
pub use ratelimit::TokenBucket;

pub use workqueue::{RetryLimit, WorkQueue, requeue_delay};
