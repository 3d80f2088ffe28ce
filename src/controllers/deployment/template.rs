//! Which ReplicaSet belongs to which template: the hash in its name, and the comparison that
//! looks past that hash.

use std::sync::Arc;

use crate::api::reasons::LABEL_POD_TEMPLATE_HASH;
use crate::api::{Deployment, PodTemplateSpec, ReplicaSet, Str};

use super::util::by_creation;

/// The characters of a name that was encoded "safely": no vowels, so no words by accident.
/// Source: k8s.io/apimachinery `pkg/util/rand`.
const SAFE_ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// Replaces every byte of `text` by a character of the safe alphabet.
#[must_use]
pub fn safe_encode(text: &str) -> String {
    text.bytes().map(|byte| char::from(SAFE_ALPHABET[usize::from(byte) % 27])).collect()
}

/// The hash of a template, as it stands in names and in the label `pod-template-hash`.
///
/// `collisions` makes another hash of the same template after two templates got the same one.
///
/// Simplified: upstream prints the Go value and hashes the text; here the JSON form (fields in
/// the order of the type, maps sorted) is hashed, by the same FNV-32a. So the hashes differ from
/// a real cluster's, but equal templates have equal hashes and others (nearly) never do.
#[must_use]
pub fn compute_hash(template: &PodTemplateSpec, collisions: Option<i32>) -> Str {
    let json = serde_json::to_vec(template).unwrap_or_default();
    let mut hash = fnv_32a(FNV_OFFSET, &json);
    if let Some(count) = collisions {
        let mut bytes = [0u8; 8];
        bytes[..4].copy_from_slice(&count.to_le_bytes());
        hash = fnv_32a(hash, &bytes);
    }
    safe_encode(&hash.to_string()).into()
}

/// Start value of FNV-32.
const FNV_OFFSET: u32 = 0x811c_9dc5;

fn fnv_32a(start: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(start, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Whether two templates are the same but for the hash label.
///
/// The label has to be ignored: the Deployment's own template has none.
#[must_use]
pub fn equal_ignore_hash(a: &PodTemplateSpec, b: &PodTemplateSpec) -> bool {
    fn labels(template: &PodTemplateSpec) -> impl Iterator<Item = (&Str, &Str)> {
        let labels = template.metadata.labels.iter();
        labels.filter(|(key, _)| **key != LABEL_POD_TEMPLATE_HASH)
    }
    let same_labels = labels(a).eq(labels(b));
    same_labels && a.metadata.annotations == b.metadata.annotations && a.spec == b.spec
}

/// The ReplicaSet of the Deployment's present template; the oldest when there are several, so
/// that the choice stays the same once it was made.
#[must_use]
pub fn find_new<'a>(
    deployment: &Deployment,
    sets: &'a [Arc<ReplicaSet>],
) -> Option<&'a Arc<ReplicaSet>> {
    sets.iter()
        .filter(|rs| equal_ignore_hash(&rs.spec.template, &deployment.spec.template))
        .min_by(|a, b| by_creation(a, b))
}

/// All others.
#[must_use]
pub fn find_old(
    sets: &[Arc<ReplicaSet>],
    new_rs: Option<&Arc<ReplicaSet>>,
) -> Vec<Arc<ReplicaSet>> {
    let is_new = |rs: &ReplicaSet| new_rs.is_some_and(|new| new.metadata.uid == rs.metadata.uid);
    sets.iter().filter(|rs| !is_new(rs)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Labels;

    fn template(image: &str) -> PodTemplateSpec {
        let container = crate::api::Container { image: image.into(), ..Default::default() };
        let mut template = PodTemplateSpec::default();
        template.metadata.labels = Labels::from_iter([("app", "web")]);
        template.spec.containers = [container].into();
        template
    }

    #[test]
    fn the_hash_follows_the_template_and_the_collisions() {
        let hash = compute_hash(&template("a"), None);
        assert_eq!(hash, compute_hash(&template("a"), None));
        assert_ne!(hash, compute_hash(&template("b"), None));
        assert_ne!(hash, compute_hash(&template("a"), Some(1)));
        assert!(hash.bytes().all(|byte| SAFE_ALPHABET.contains(&byte)), "{hash}");
    }

    #[test]
    fn digits_are_encoded_as_upstream_encodes_them() {
        assert_eq!(safe_encode("0123456789"), "456789bcdf");
    }

    #[test]
    fn the_hash_label_makes_no_difference() {
        let mut stamped = template("a");
        stamped.metadata.labels = stamped.metadata.labels.with(LABEL_POD_TEMPLATE_HASH, "x");
        assert!(equal_ignore_hash(&template("a"), &stamped));
        assert!(!equal_ignore_hash(&template("b"), &stamped));
    }
}
