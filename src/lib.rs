//! Prova rehearses a Kubernetes cluster on one virtual clock.
//!
//! Every component is an actor of one deterministic discrete-event engine: nodes, pods, scheduler,
//! controllers, API servers, and an etcd on Raft. A run is a value: it can be replayed bit for
//! bit, cloned, stepped, judged and explained.
//!
//! # The house
//!
//! Rooms stand on floors; a room imports only lower floors (`tests/architecture.rs` holds every
//! room's `Imports:` line against the code).
//!
//! ```text
//! floor 7  cli  dashboard  book                      faces: real time, threads, terminal, files
//! floor 6  lab  tell  course                         runs, time travel · words · lessons, exercises
//! floor 5  scenario  observe                         what should happen · what did happen
//! floor 4  cluster                                   knows every component; routes messages
//! floor 3  apiserver etcd scheduler controllers metrics kubelet runtime proxy traffic operator
//! floor 2  client                                    informers, work queues, leader election
//! floor 1  wire  api                                 messages · Kubernetes objects
//! floor 0  kernel  raft  texts                       engine · consensus · words for people
//! ```
//!
//! Where the house departs from its first plan, and why:
//! - an object is `Object`, an enum of `Arc`s two words wide, instead of `Arc<Object>`: every kind
//!   takes only the memory it needs, and typed caches hold `Arc<Pod>` without unpacking;
//! - `metrics` (the metrics server) and `operator` (kubectl in person) are rooms of their own,
//!   since they are processes of their own;
//! - `texts` stands on the ground floor: diagnostics of floor 5 and narration of floor 7 draw from
//!   the one table of Turkish and English;
//! - `tell` turns facts into sentences below every face, so that the command line, the dashboard,
//!   the lessons and the book tell the same fact in the same words;
//! - on floor 6 `course` imports `lab` and `tell` (an exercise is judged by a run); on floor 7 the
//!   program (`cli`) opens `dashboard` and `book`, which never name it;
//! - a fault is carried out by `lab` on the kernel (lives, links), not by an actor: no component
//!   can see it coming, and it still has a number and a place in the digest.
//!
//! # Where to begin reading
//!
//! [`kernel::Sim`] is the loop. [`cluster::Cluster`] is the stage; its `deliver` names every
//! message. [`wire`] is the whole vocabulary. Then follow one pod: [`apiserver`], [`etcd`],
//! [`scheduler`], [`kubelet`], [`runtime`].

pub mod api;
pub mod apiserver;
pub mod book;
pub mod cli;
pub mod client;
pub mod cluster;
pub mod controllers;
pub mod course;
pub mod dashboard;
pub mod etcd;
pub mod kernel;
pub mod kubelet;
pub mod lab;
pub mod metrics;
pub mod observe;
pub mod operator;
pub mod proxy;
pub mod raft;
pub mod runtime;
pub mod scenario;
pub mod scheduler;
pub mod tell;
pub mod texts;
pub mod traffic;
pub mod wire;
