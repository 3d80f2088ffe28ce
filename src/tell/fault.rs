//! What a fault strikes, in words: `node("n2")` is "n2 adlı düğüm".

use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::narration::Faults;

use super::tone::Tone;

/// The sentence of a fault or of its end.
pub(super) fn sentence(name: &str, target: &str, lang: Lang) -> (Tone, String) {
    let (tone, key) = match name {
        "crash" => (Tone::Bad, Faults::Crash),
        "recover" => (Tone::Good, Faults::Recover),
        "pause" => (Tone::Bad, Faults::Pause),
        "resume" => (Tone::Good, Faults::Resume),
        "partition" => (Tone::Bad, Faults::Partition),
        "heal" if target == "*" || target.is_empty() => (Tone::Good, Faults::HealAll),
        "heal" => (Tone::Good, Faults::Heal),
        "slow_link" => (Tone::Bad, Faults::SlowLink),
        "slow_disk" => (Tone::Bad, Faults::SlowDisk),
        "fast_disk" => (Tone::Good, Faults::FastDisk),
        "image_pull_failure" => (Tone::Bad, Faults::PullFailure),
        "container_crash" => (Tone::Bad, Faults::ContainerCrash),
        "hang" => (Tone::Bad, Faults::Hang),
        "not_ready" => (Tone::Bad, Faults::NotReady),
        "slow_app" => (Tone::Bad, Faults::SlowApp),
        "load_change" => (Tone::Act, Faults::LoadChange),
        _ => (Tone::Act, Faults::Other),
    };
    let args = [("name", name.to_owned()), ("target", words(target, lang))];
    (tone, key.fill(lang, &args))
}

/// The words for every target of the scenario language in a text.
pub(super) fn words(text: &str, lang: Lang) -> String {
    let mut parts = Vec::new();
    for part in text.split(", ") {
        parts.push(sides(part, lang));
    }
    parts.join(", ")
}

/// Two sides of a partition have an arrow or a wave between them.
fn sides(text: &str, lang: Lang) -> String {
    for (written, shown) in [(" -/- ", " ✂ "), (" -/-> ", " ✂→ "), (" ~ ", " ~ ")] {
        if let Some((one, two)) = text.split_once(written) {
            return format!("{}{shown}{}", sides(one, lang), sides(two, lang));
        }
    }
    // A late target was resolved: `leader(etcd) = etcd-2`.
    if let Some((late, found)) = text.split_once(" = ") {
        return format!("{} ({})", one(late, lang), one(found, lang));
    }
    // A slow link says how slow: `… (+200ms)`.
    if let Some((target, extra)) = text.split_once(" (") {
        return format!("{} ({extra}", one(target, lang));
    }
    one(text, lang)
}

fn one(text: &str, lang: Lang) -> String {
    if text == "outside" {
        return Faults::Outside.text(lang).to_owned();
    }
    let Some((word, name)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return text.to_owned();
    };
    let key = match word {
        "node" => Faults::Node,
        "zone" => Faults::Zone,
        "control_plane" => Faults::ControlPlane,
        "etcd" => Faults::Etcd,
        "apiserver" => Faults::Apiserver,
        "scheduler" => Faults::Scheduler,
        "controller_manager" => Faults::Controllers,
        "kubelet" => Faults::Kubelet,
        "runtime" => Faults::Runtime,
        "proxy" => Faults::Proxy,
        "leader" => Faults::Leader,
        "host_of" => Faults::HostOf,
        _ => return text.to_owned(),
    };
    key.fill(lang, &[("name", name.trim_matches('"'))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_of_the_language_become_words() {
        let crash = sentence("crash", "node(\"n2\")", Lang::Tr);
        assert_eq!(crash, (Tone::Bad, "arıza: n2 adlı düğüm çöktü".to_owned()));
        let late = sentence("crash", "leader(etcd) = etcd-2", Lang::Tr).1;
        assert_eq!(late, "arıza: etcd lideri (etcd-2) çöktü");
        let cut = sentence("partition", "zone(\"a\"), etcd(1) -/- outside", Lang::En).1;
        assert_eq!(
            cut,
            "fault: the network is partitioned: zone a, member etcd-1 ✂ the world outside"
        );
        let slow = sentence("slow_link", "zone(\"a\") ~ zone(\"b\") (+200ms)", Lang::Tr).1;
        assert_eq!(slow, "arıza: ağ yavaşladı: a bölgesi ~ b bölgesi (+200ms)");
    }
}
