//! Prova rehearses a Kubernetes cluster on one virtual clock.

pub mod api;
pub mod apiserver;
pub mod client;
pub mod cluster;
pub mod controllers;
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
pub mod texts;
pub mod traffic;
pub mod wire;
