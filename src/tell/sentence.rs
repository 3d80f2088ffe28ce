//! One fact as one sentence.

use crate::api::Kind;
use crate::api::ObjectKey;
use crate::observe::Observation;
use crate::observe::Told;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::narration::Narration;

use super::fault;
use super::tone::Tone;

/// A fact's sentence with its mood.
pub fn one_sentence(told: &Told, lang: Lang) -> (Tone, String) {
    if told.what == "fault" {
        return fault::sentence(field(told, "name"), field(told, "target"), lang);
    }
    let (tone, key) = key_of(told);
    if key == Narration::Unknown {
        return (Tone::Faint, unknown(told, lang));
    }
    (tone, key.fill(lang, &args(told, lang)))
}

/// The value called `name`; empty when there is none.
pub fn field<'t>(told: &'t Told, name: &str) -> &'t str {
    told.field(name).unwrap_or_default()
}

/// Mood and sentence for the word of a fact.
fn key_of(told: &Told) -> (Tone, Narration) {
    match told.what {
        "object.created" if told.field("owner").is_some() => (Tone::Faint, Narration::CreatedBy),
        "object.created" => (Tone::Faint, Narration::Created),
        "object.changed" => (Tone::Faint, Narration::Changed),
        "object.deleted" => (Tone::Neutral, Narration::Deleted),
        "object.terminating" => (Tone::Neutral, Narration::Terminating),
        "object.scaled" => (Tone::Neutral, Narration::Scaled),
        "deployment.template" => (Tone::Neutral, Narration::NewTemplate),
        "deployment.progress" => (Tone::Faint, Narration::Rollout),
        "endpoints.ready" => (Tone::Neutral, Narration::EndpointsChanged),
        "lease.holder" => (Tone::Faint, Narration::LeaseHolder),
        "bookmark" => (Tone::Mark, Narration::Bookmark),
        "event" => event(told),
        _ => of_pod_or_node(told)
            .or_else(|| of_process(told))
            .unwrap_or((Tone::Faint, Narration::Unknown)),
    }
}

fn event(told: &Told) -> (Tone, Narration) {
    let tone = if field(told, "type") == "Warning" { Tone::Warning } else { Tone::Faint };
    let once = matches!(field(told, "count"), "" | "0" | "1");
    (tone, if once { Narration::EventTold } else { Narration::EventMany })
}

fn of_pod_or_node(told: &Told) -> Option<(Tone, Narration)> {
    let is = |name: &str, value: &str| field(told, name) == value;
    Some(match told.what {
        "pod.bound" => (Tone::Faint, Narration::PodBound),
        "pod.phase" if is("to", "Running") => (Tone::Good, Narration::PodPhase),
        "pod.phase" if is("to", "Failed") => (Tone::Bad, Narration::PodPhase),
        "pod.phase" => (Tone::Neutral, Narration::PodPhase),
        "pod.ready" if is("ready", "true") => (Tone::Good, Narration::PodReady),
        "pod.ready" => (Tone::Warning, Narration::PodUnready),
        "pod.unschedulable" => (Tone::Warning, Narration::PodUnschedulable),
        "pod.restarted" => (Tone::Warning, Narration::PodRestarted),
        "node.ready" if is("status", "True") => (Tone::Good, Narration::NodeReady),
        "node.ready" => (Tone::Bad, Narration::NodeNotReady),
        "node.tainted" => (Tone::Warning, Narration::NodeTainted),
        "node.untainted" => (Tone::Neutral, Narration::NodeUntainted),
        "node.cordoned" if is("cordoned", "true") => (Tone::Neutral, Narration::NodeCordoned),
        "node.cordoned" => (Tone::Neutral, Narration::NodeUncordoned),
        _ => return None,
    })
}

fn of_process(told: &Told) -> Option<(Tone, Narration)> {
    let has = |name: &str| told.field(name).is_some();
    Some(match told.what {
        "raft.role" if field(told, "role") == "leader" => (Tone::Lead, Narration::Elected),
        "raft.role" if field(told, "role") == "candidate" => (Tone::Neutral, Narration::Candidate),
        "raft.role" => (Tone::Faint, Narration::RaftRole),
        "lease.leader" if field(told, "leads") == "true" => (Tone::Lead, Narration::Leading),
        "lease.leader" => (Tone::Warning, Narration::LeadingLost),
        "scheduler.decision" if field(told, "node").is_empty() => {
            (Tone::Warning, Narration::Undecided)
        }
        "scheduler.decision" => (Tone::Faint, Narration::Decided),
        "proxy.rules" => (Tone::Faint, Narration::Rules),
        "request.lost" if !field(told, "pod").is_empty() => (Tone::Bad, Narration::RequestLostPod),
        "request.lost" if !field(told, "node").is_empty() => {
            (Tone::Bad, Narration::RequestLostNode)
        }
        "request.lost" => (Tone::Bad, Narration::RequestLost),
        "kubectl" if has("error") => (Tone::Bad, Narration::CommandFailed),
        "kubectl" if has("answer") => (Tone::Faint, Narration::Answer),
        "kubectl" => (Tone::Act, Narration::Command),
        "process.crashed" => (Tone::Bad, Narration::ProcessCrashed),
        "process.started" => (Tone::Good, Narration::ProcessStarted),
        "process.paused" => (Tone::Bad, Narration::ProcessPaused),
        "process.resumed" => (Tone::Good, Narration::ProcessResumed),
        _ => return None,
    })
}

/// What fills the holes: the fact's own values, with those put into words that have some.
fn args(told: &Told, lang: Lang) -> Vec<(&str, String)> {
    let node = Kind::Node;
    let mut args: Vec<(&str, String)> = Vec::new();
    if let Some((kind, key)) = &told.object {
        let name = if *kind == node { "node" } else { "object" };
        args.push((name, if *kind == node { key.name.to_string() } else { object(*kind, key) }));
        args.push(("object", object(*kind, key)));
    }
    for (name, value) in &told.fields {
        let (name, value) = match *name {
            "grace_s" => ("grace", value.clone()),
            // cp-1_6b0c…: the machine is enough.
            "identity" | "holder" => {
                (*name, value.split('_').next().unwrap_or_default().to_owned())
            }
            "reason" if told.what == "request.lost" => ("why", lost_words(value, lang).to_owned()),
            "pod" => ("pod", value.trim_start_matches("default/").to_owned()),
            "node" if value.is_empty() => ("node", Narration::NoNode.text(lang).to_owned()),
            name => (name, value.clone()),
        };
        args.push((name, value));
    }
    args
}

/// What a fault strikes, in words.
pub fn target_words(target: &str, lang: Lang) -> String {
    fault::words(target, lang)
}

/// Why a request was lost, in words.
pub fn lost_words(name: &str, lang: Lang) -> &'static str {
    match name {
        "no-endpoint" => Narration::NoEndpoint,
        "refused" => Narration::Refused,
        _ => Narration::TimedOut,
    }
    .text(lang)
}

fn unknown(told: &Told, lang: Lang) -> String {
    let fields: Vec<String> =
        told.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let args = [("what", told.what.to_owned()), ("fields", fields.join(" "))];
    Narration::Unknown.fill(lang, &args)
}

/// An object as kubectl names it: `pod/web-1`, `deployment/shop/web` outside `default`.
pub fn object(kind: Kind, key: &ObjectKey) -> String {
    let kind = kind.name().to_ascii_lowercase();
    if key.namespace.is_empty() || key.namespace == "default" {
        format!("{kind}/{}", key.name)
    } else {
        format!("{kind}/{}/{}", key.namespace, key.name)
    }
}

/// The workload that an object belongs to: the Deployment above a pod, or the object itself.
pub fn workload_of(kind: Kind, key: &ObjectKey, owner: Option<&str>, seen: &Observation) -> String {
    let named = |name: &str| {
        if key.namespace.is_empty() || key.namespace == "default" {
            name.to_owned()
        } else {
            format!("{}/{name}", key.namespace)
        }
    };
    let above = |kind: Kind, name: &str| {
        let key = ObjectKey::new(key.namespace.clone(), name);
        let found =
            seen.model.get(kind, &key).and_then(|object| object.meta().controller().cloned());
        found.map(|owner| (owner.kind.to_string(), owner.name.to_string()))
    };
    let said = owner.and_then(|owner| owner.split_once('/'));
    let said = said.map(|(kind, name)| (kind.to_owned(), name.to_owned()));
    match said.or_else(|| above(kind, &key.name)) {
        Some((kind, name)) if kind == Kind::ReplicaSet.name() => {
            named(&above(Kind::ReplicaSet, &name).map_or(name, |(_, deployment)| deployment))
        }
        Some((_, name)) => named(&name),
        None => named(&key.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(what: &'static str, fields: &[(&'static str, &str)]) -> Told {
        let object = Some((Kind::Pod, ObjectKey::new("default", "web-1")));
        Told {
            what,
            object,
            fields: fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        }
    }

    #[test]
    fn every_word_of_a_fact_has_a_sentence_without_open_holes() {
        let facts = [
            told("object.created", &[("owner", "ReplicaSet/web")]),
            told("object.terminating", &[("grace_s", "30")]),
            told("object.scaled", &[("from", "1"), ("to", "3")]),
            told("pod.bound", &[("node", "n1")]),
            told("pod.phase", &[("from", "Pending"), ("to", "Running"), ("node", "n1")]),
            told("pod.ready", &[("ready", "false"), ("node", "")]),
            told("pod.unschedulable", &[("reason", "Unschedulable"), ("message", "0/3 nodes")]),
            told("pod.restarted", &[("restarts", "2")]),
            told("deployment.progress", &[("updated", "1"), ("available", "2"), ("wanted", "3")]),
            told("endpoints.ready", &[("service", "web"), ("from", "1"), ("to", "2")]),
            told(
                "raft.role",
                &[("member", "etcd-1"), ("term", "2"), ("role", "leader"), ("leader", "etcd-1")],
            ),
            told(
                "raft.role",
                &[("member", "etcd-1"), ("term", "2"), ("role", "follower"), ("leader", "")],
            ),
            told(
                "scheduler.decision",
                &[("node", "n1"), ("filtered", "0"), ("scored", "3"), ("message", "")],
            ),
            told(
                "lease.leader",
                &[("lease", "kube-scheduler"), ("identity", "cp-1"), ("leads", "true")],
            ),
            told("proxy.rules", &[("node", "n1"), ("endpoints", "2")]),
            told("request.lost", &[("client", "c"), ("pod", ""), ("reason", "timed-out")]),
            told("kubectl", &[("command", "kubectl get"), ("error", "no")]),
            told("kubectl", &[("command", "kubectl get"), ("answer", "yes")]),
            told(
                "event",
                &[
                    ("type", "Warning"),
                    ("reason", "Failed"),
                    ("message", "m"),
                    ("source", "s"),
                    ("count", "3"),
                ],
            ),
            told("process.crashed", &[("process", "kubelet@n1")]),
            told("lease.holder", &[("holder", "x")]),
            told("bookmark", &[("name", "x")]),
            told("something.new", &[("a", "b")]),
        ];
        for told in facts {
            for lang in [Lang::Tr, Lang::En] {
                let (_, text) = one_sentence(&told, lang);
                assert!(!text.contains('{') && !text.contains('}'), "{}: {text}", told.what);
            }
        }
    }

    #[test]
    fn objects_are_named_as_kubectl_does() {
        assert_eq!(object(Kind::Pod, &ObjectKey::new("default", "a")), "pod/a");
        assert_eq!(object(Kind::Pod, &ObjectKey::new("shop", "a")), "pod/shop/a");
        assert_eq!(object(Kind::Node, &ObjectKey::new("", "n1")), "node/n1");
    }
}
