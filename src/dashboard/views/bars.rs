//! What pods ask for against what nodes have, as bars.

use crate::api::Node;
use crate::api::Pod;
use crate::api::Quantity;
use crate::api::pod::RestartPolicy;
use crate::api::quantity::Format;
use crate::dashboard::model::Bar;
use crate::texts::Lang;
use crate::texts::decimal;

/// What some pods ask for together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    cpu: i64,
    memory: i64,
    pods: i64,
}

impl Asked {
    /// What one pod asks for; nothing once it has ended.
    pub(super) fn of(pod: &Pod) -> Asked {
        if pod.is_terminal() {
            return Asked::default();
        }
        Asked { cpu: request(pod, "cpu"), memory: request(pod, "memory"), pods: 1 }
    }

    /// Both together.
    pub(super) fn and(self, other: Asked) -> Asked {
        Asked {
            cpu: self.cpu + other.cpu,
            memory: self.memory + other.memory,
            pods: self.pods + other.pods,
        }
    }
}

/// Bars of processors, memory and pods, of these nodes together.
pub(super) fn bars(nodes: &[&Node], pods: &[&Pod], lang: Lang) -> Vec<Bar> {
    let asked = pods.iter().map(|pod| Asked::of(pod)).fold(Asked::default(), Asked::and);
    of(nodes, asked, lang)
}

/// The same for who added up already what the pods ask for.
pub(super) fn of(nodes: &[&Node], asked: Asked, lang: Lang) -> Vec<Bar> {
    let has = |name: &str| -> i64 {
        let of = |node: &&Node| {
            let found = node.status.allocatable.get(name);
            found.map_or(0, if name == "cpu" { Quantity::milli_value } else { Quantity::value })
        };
        nodes.iter().map(of).sum()
    };
    let (cpu, cpus) = (asked.cpu, has("cpu"));
    let (memory, memories) = (asked.memory, has("memory"));
    let (count, most) = (asked.pods, has("pods"));
    vec![
        bar("cpu", cpu, cpus, format!("{} / {}", cores(cpu, lang), cores(cpus, lang))),
        bar("memory", memory, memories, format!("{} / {}", bytes(memory), bytes(memories))),
        bar("pods", count, most, format!("{count} / {most}")),
    ]
}

fn bar(name: &str, used: i64, of: i64, words: String) -> Bar {
    let (used, of) = (u64::try_from(used).unwrap_or(0), u64::try_from(of).unwrap_or(0));
    Bar { name: name.to_owned(), used, of, words }
}

/// Processors: `1,5`, `0,25`.
fn cores(milli: i64, lang: Lang) -> String {
    let text = format!("{}.{:03}", milli / 1_000, milli % 1_000);
    decimal(lang, text.trim_end_matches('0').trim_end_matches('.'))
}

/// Memory: `512Mi`, whole MiB where the number is not even.
fn bytes(bytes: i64) -> String {
    let even = if bytes >= 1 << 20 { bytes >> 20 << 20 } else { bytes };
    Quantity::from_units(even, Format::BinarySI).to_string()
}

/// What a pod asks for: the sum of what runs together, at least what an init container needs.
///
/// Simplified: an init container's need is not raised by the sidecars before it.
fn request(pod: &Pod, name: &str) -> i64 {
    let amount = |container: &crate::api::Container| {
        let found = container.resources.requests.get(name);
        found.map_or(0, if name == "cpu" { Quantity::milli_value } else { Quantity::value })
    };
    let stays = |container: &&crate::api::Container| {
        container.restart_policy == Some(RestartPolicy::Always)
    };
    let init = &pod.spec.init_containers;
    let together: i64 = pod.spec.containers.iter().map(amount).sum();
    let sidecars: i64 = init.iter().filter(stays).map(amount).sum();
    let first = init.iter().filter(|it| !stays(it)).map(amount).max().unwrap_or(0);
    let overhead = pod.spec.overhead.get(name);
    let overhead =
        overhead.map_or(0, if name == "cpu" { Quantity::milli_value } else { Quantity::value });
    (together + sidecars).max(first) + overhead
}
