//! The named values of a fact, in words.

use crate::observe::Told;
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::dashboard::views_a::FieldWords as F;

/// The words of the names.
const NAMES: &[(&str, F)] = &[
    ("answer", F::Answer),
    ("available", F::Available),
    ("client", F::Client),
    ("command", F::Command),
    ("cordoned", F::Cordoned),
    ("count", F::Count),
    ("endpoints", F::Endpoints),
    ("error", F::Error),
    ("filtered", F::Filtered),
    ("from", F::From),
    ("grace_s", F::Grace),
    ("holder", F::Holder),
    ("identity", F::Identity),
    ("images", F::Images),
    ("leader", F::Leader),
    ("leads", F::Leads),
    ("lease", F::Lease),
    ("member", F::Member),
    ("message", F::Message),
    ("name", F::Name),
    ("node", F::Node),
    ("owner", F::Owner),
    ("pod", F::Pod),
    ("process", F::Process),
    ("ready", F::Ready),
    ("reason", F::Reason),
    ("restarts", F::Restarts),
    ("role", F::Role),
    ("scored", F::Scored),
    ("service", F::Service),
    ("source", F::Source),
    ("status", F::Status),
    ("taints", F::Taints),
    ("target", F::Target),
    ("term", F::Term),
    ("to", F::To),
    ("type", F::Type),
    ("updated", F::Updated),
    ("wanted", F::Wanted),
];

/// The values that are words of ours, not of Kubernetes.
const VALUES: &[(&str, &str, F)] = &[
    ("cordoned", "true", F::Yes),
    ("cordoned", "false", F::No),
    ("leads", "true", F::Yes),
    ("leads", "false", F::No),
    ("ready", "true", F::Yes),
    ("ready", "false", F::No),
    ("role", "leader", F::RaftLeader),
    ("role", "follower", F::RaftFollower),
    ("role", "candidate", F::RaftCandidate),
    ("role", "pre-candidate", F::RaftPreCandidate),
];

/// Everything that a fact names, with its value; what is empty is left out.
pub(super) fn fields(told: &Told, lang: Lang) -> Vec<(String, String)> {
    let there = told.fields.iter().filter(|(_, value)| !value.is_empty());
    there.map(|(name, value)| (name_of(name, lang), value_of(told, name, value, lang))).collect()
}

fn name_of(name: &str, lang: Lang) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == name);
    known.map_or_else(|| name.to_owned(), |(_, word)| word.text(lang).to_owned())
}

fn value_of(told: &Told, name: &str, value: &str, lang: Lang) -> String {
    if told.what == "request.lost" && name == "reason" {
        return sentence::lost_words(value, lang).to_owned();
    }
    if told.what == "fault" && name == "target" {
        return sentence::target_words(value, lang);
    }
    let known = VALUES.iter().find(|(of, known, _)| *of == name && *known == value);
    known.map_or_else(|| value.to_owned(), |(.., word)| word.text(lang).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_request_is_told_in_the_readers_words() {
        let fields = vec![("client", "c".to_owned()), ("reason", "timed-out".to_owned())];
        let told = Told { what: "request.lost", object: None, fields };
        let said = super::fields(&told, Lang::Tr);
        let want = [("istemci", "c"), ("neden", "zaman aşımı")];
        assert!(said.iter().map(|(a, b)| (a.as_str(), b.as_str())).eq(want), "{said:?}");
    }
}
