//! The birth of an object: it gets a name, an identity, a time, and the status of a beginner.
//!
//! Source: kubernetes/apiserver:pkg/registry/rest/create.go, pkg/storage/names/generate.go.

use crate::api::{Object, Str, Uid};
use crate::kernel::Stream;
use crate::wire::api::Status;

use super::super::status::{bad_request, invalid};
use super::super::validation::FieldError;
use super::{Env, strategy};

/// The letters of generated names: no vowels, so that no words come out, and nothing that looks
/// like something else.
/// Source: kubernetes/apimachinery:pkg/util/rand/rand.go.
const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
/// How many of them are appended. Source: kubernetes/apiserver:pkg/storage/names/generate.go.
const SUFFIX_LENGTH: usize = 5;
/// Longest base that they are appended to. Source: as above.
const BASE_LENGTH_MAX: usize = 63 - SUFFIX_LENGTH;

/// The object as it will be stored, if admission and validation agree.
///
/// Errors: `BadRequest`, `Invalid`.
pub(crate) fn create(env: &mut Env<'_>, wanted: &Object) -> Result<Object, Status> {
    let kind = wanted.kind();
    let mut object = wanted.clone();
    let now = env.time();
    let meta = object.meta_mut();
    if meta.resource_version != 0 {
        return Err(bad_request(arcstr::literal!(
            "resourceVersion should not be set on objects to be created"
        )));
    }
    if meta.name.is_empty() {
        if meta.generate_name.is_empty() {
            let missing = FieldError::required("metadata.name", "name or generateName is required");
            return Err(invalid(kind, "", &[missing]));
        }
        meta.name = generated_name(env.chance, &meta.generate_name);
    }
    meta.uid = Uid(env.chance.bits().max(1));
    meta.creation_timestamp = Some(now);
    meta.deletion_timestamp = None;
    meta.deletion_grace_period_seconds = None;
    meta.generation = i64::from(strategy::counts_generations(kind));
    strategy::reset_status(&mut object);
    Ok(object)
}

/// `base` with five random letters.
fn generated_name(chance: &mut Stream, base: &str) -> Str {
    let mut name = String::with_capacity(base.len() + SUFFIX_LENGTH);
    name.extend(base.chars().take(BASE_LENGTH_MAX));
    for _ in 0..SUFFIX_LENGTH {
        name.push(char::from(ALPHABET[chance.index(ALPHABET.len())]));
    }
    Str::from(name)
}

#[cfg(test)]
mod tests {
    use super::super::super::config::Config;
    use super::*;
    use crate::api::{Deployment, Namespace, ObjectMeta, Pod, PodPhase};
    use crate::kernel::{Purpose, SimTime, Slot};

    fn born(object: impl Into<Object>) -> Result<Object, Status> {
        let config = Config::default();
        let mut chance = Stream::new(1, Slot(1), Purpose::named("uid"));
        let now = SimTime::from_nanos(2_500_000_000);
        create(&mut Env { config: &config, now, chance: &mut chance }, &object.into())
    }

    #[test]
    fn a_new_object_has_identity_time_and_a_fresh_status() {
        let mut pod = Pod { metadata: ObjectMeta::named("default", "web"), ..Pod::default() };
        pod.status.phase = PodPhase::Running;
        pod.metadata.uid = Uid(7);
        let pod = born(pod).expect("a pod");
        let meta = pod.meta();
        assert!(meta.uid != Uid(7) && !meta.uid.is_unset());
        assert_eq!(meta.generation, 1);
        assert_eq!(meta.creation_timestamp.map(|time| time.0), Some(SimTime::from_secs(2)));
        assert!(matches!(pod, Object::Pod(pod) if pod.status.phase == PodPhase::Pending));
    }

    #[test]
    fn a_generated_name_has_five_letters_more() {
        let metadata = ObjectMeta { generate_name: "web-".into(), ..ObjectMeta::default() };
        let object = born(Deployment { metadata, ..Deployment::default() }).expect("a name");
        let name = &object.meta().name;
        assert_eq!(name.len(), 9);
        assert!(name.bytes().skip(4).all(|letter| ALPHABET.contains(&letter)));
        let long = ObjectMeta { generate_name: "x".repeat(80).into(), ..ObjectMeta::default() };
        let object = born(Pod { metadata: long, ..Pod::default() }).expect("a name");
        assert_eq!(object.meta().name.len(), 63);
    }

    #[test]
    fn a_namespace_is_born_with_its_finalizer() {
        let metadata = ObjectMeta::named("", "shop");
        let object = born(Namespace { metadata, ..Namespace::default() }).expect("a namespace");
        let Object::Namespace(namespace) = object else { panic!("another kind") };
        assert_eq!(namespace.spec.finalizers, [strategy::FINALIZER_KUBERNETES]);
    }

    #[test]
    fn what_has_no_name_or_a_version_is_refused() {
        let nameless = born(Pod::default()).map_err(|status| status.message.to_string());
        let want =
            "Pod \"\" is invalid: metadata.name: Required value: name or generateName is required";
        assert_eq!(nameless.err().as_deref(), Some(want));
        let mut metadata = ObjectMeta::named("default", "web");
        metadata.resource_version = 3;
        assert!(born(Pod { metadata, ..Pod::default() }).is_err());
    }
}
