//! What pods ask for against what nodes have, as bars.

use crate::api::Node;
use crate::api::Quantity;
use crate::api::quantity::Format;
use crate::dashboard::model::Bar;
use crate::observe::Asked;
use crate::texts::Lang;
use crate::texts::decimal;

/// Bars of processors, memory and pods: of these nodes together, and what is asked of them.
pub(super) fn bars(nodes: &[&Node], asked: Asked, lang: Lang) -> Vec<Bar> {
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
