//! The sum of all inboxes.

use crate::kernel::Digest;
use crate::kernel::Message;

use super::api::ApiReply;
use super::apiserver::ApiServerIn;
use super::balancer::BalancerIn;
use super::controllers::ControllersIn;
use super::etcd::EtcdIn;
use super::kubelet::KubeletIn;
use super::metrics::MetricsIn;
use super::operator::OperatorIn;
use super::proxy::ProxyIn;
use super::runtime::RuntimeIn;
use super::scheduler::SchedulerIn;
use super::traffic::TrafficIn;

macro_rules! inboxes {
    ($($(#[$doc:meta])* $name:ident($inbox:ty),)*) => {
        /// Any message, by the component it is for.
        #[derive(Clone, Debug)]
        pub enum Msg {
            $($(#[$doc])* $name($inbox),)*
        }

        $(impl From<$inbox> for Msg {
            fn from(inbox: $inbox) -> Msg { Msg::$name(inbox) }
        })*

        impl Message for Msg {
            fn digest(&self, digest: &mut Digest) {
                match self {
                    $(Msg::$name(inbox) => inbox.digest(digest),)*
                }
            }
        }

        impl Msg {
            /// The message's name, as traces and diagrams show it.
            #[must_use]
            pub fn label(&self) -> &'static str {
                match self {
                    $(Msg::$name(inbox) => inbox.label(),)*
                }
            }
        }
    };
}

inboxes! {
    /// For a client of the API, whichever component it is: what an API server and the balancer
    /// send. They know a client's address, not its kind; the cluster puts the reply into the
    /// component's own inbox (`KubeletIn::Api`, `SchedulerIn::Api`, …).
    Api(ApiReply),
    /// For an API server.
    ApiServer(ApiServerIn),
    /// For the balancer before the API servers.
    Balancer(BalancerIn),
    /// For a controller manager.
    Controllers(ControllersIn),
    /// For a member of etcd.
    Etcd(EtcdIn),
    /// For a kubelet.
    Kubelet(KubeletIn),
    /// For the metrics server.
    Metrics(MetricsIn),
    /// For the person at the keyboard (kubectl).
    Operator(OperatorIn),
    /// For a node's kube-proxy.
    Proxy(ProxyIn),
    /// For a node's container runtime.
    Runtime(RuntimeIn),
    /// For a scheduler.
    Scheduler(SchedulerIn),
    /// For a client of Services.
    Traffic(TrafficIn),
}

/// The queue moves messages, so they stay small; whatever is larger is boxed.
const _: () = assert!(std::mem::size_of::<Msg>() <= 56);
