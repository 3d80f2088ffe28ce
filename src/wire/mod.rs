//! The closed vocabulary of the play: every message that any two components exchange.
//!
//! One file per component; each gives that component's *inbox*: all it can ever be told. [`Msg`]
//! is the sum of the inboxes. A message that its receiver does not understand does not compile.
//! Timers that a component sets for itself stand in its own file too, since they travel through
//! the same queue.
//!
//! | file | what lives there |
//! |---|---|
//! | `api` | the API server's protocol: calls, answers, watches, the balancer's part |
//! | `apiserver` `etcd` `scheduler` `controllers` `kubelet` `runtime` `proxy` `traffic` `metrics` `operator` | inboxes |
//! | `cri` | what kubelet and runtime say to each other |
//! | `note` | facts for the observers |
//! | `setting` | how a default can be changed by name |
//!
//! Floor: 1
//! Imports: kernel, raft, api

pub mod api;
pub mod apiserver;
pub mod balancer;
pub mod controllers;
pub mod cri;
pub mod etcd;
pub mod kubelet;
pub mod metrics;
pub mod note;
pub mod operator;
pub mod proxy;
pub mod runtime;
pub mod scheduler;
pub mod setting;
pub mod traffic;

mod msg;

pub use msg::Msg;
pub use note::Note;

/// The hands of a handler, over this vocabulary.
pub type Cx<'a> = crate::kernel::Cx<'a, Msg, Note>;
