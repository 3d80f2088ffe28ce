//! `DefaultTolerationSeconds`: every pod puts up with a lost node for five minutes.
//!
//! That is why pods of a dead node are replaced 300 s after its taint, not at once.
//! Source: kubernetes/kubernetes:plugin/pkg/admission/defaulttolerationseconds/admission.go.

use std::sync::Arc;

use crate::api::reasons::{TAINT_NOT_READY, TAINT_UNREACHABLE};
use crate::api::{Object, Str, TaintEffect, Toleration};
use crate::wire::api::Status;

use super::super::config::Config;
use super::Context;

/// The two tolerations, in one list that pods without any of their own share.
#[derive(Clone, Debug)]
pub(crate) struct Tolerations(Arc<[Toleration]>);

impl Tolerations {
    pub(crate) fn new(config: &Config) -> Self {
        let toleration = |key: Str, seconds: i64| Toleration {
            key,
            operator: arcstr::literal!("Exists"),
            value: Str::new(),
            effect: Some(TaintEffect::NoExecute),
            toleration_seconds: Some(seconds),
        };
        Tolerations(Arc::new([
            toleration(TAINT_NOT_READY, config.default_not_ready_toleration_seconds),
            toleration(TAINT_UNREACHABLE, config.default_unreachable_toleration_seconds),
        ]))
    }
}

/// Adds what the pod does not say itself.
#[expect(clippy::unnecessary_wraps, reason = "the form of a plugin")]
pub(super) fn admit(context: &Context<'_>, object: &mut Object) -> Result<(), Status> {
    let Object::Pod(pod) = object else { return Ok(()) };
    let Tolerations(defaults) = context.tolerations;
    let own = &pod.spec.tolerations;
    if own.is_empty() {
        Arc::make_mut(pod).spec.tolerations = defaults.clone();
        return Ok(());
    }
    let missing = |wanted: &&Toleration| {
        !own.iter().any(|known| {
            (known.key == wanted.key || known.key.is_empty())
                && (known.effect.is_none() || known.effect == Some(TaintEffect::NoExecute))
        })
    };
    let added: Vec<Toleration> = defaults.iter().filter(missing).cloned().collect();
    if !added.is_empty() {
        let all = own.iter().cloned().chain(added).collect();
        Arc::make_mut(pod).spec.tolerations = all;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Pod;

    fn admitted(own: Vec<Toleration>) -> Vec<(Str, Option<i64>)> {
        let config = Config::default();
        let tolerations = Tolerations::new(&config);
        let mut pod = Pod::default();
        pod.spec.tolerations = own.into();
        let mut object = pod.into();
        let context = Context { tolerations: &tolerations };
        assert_eq!(admit(&context, &mut object), Ok(()));
        let Object::Pod(pod) = object else { panic!("another kind") };
        pod.spec.tolerations.iter().map(|it| (it.key.clone(), it.toleration_seconds)).collect()
    }

    #[test]
    fn a_pod_gets_what_it_does_not_say_itself() {
        let both = [(TAINT_NOT_READY, Some(300)), (TAINT_UNREACHABLE, Some(300))];
        assert_eq!(admitted(vec![]), both);
        let own = |key: Str, seconds| Toleration {
            key,
            toleration_seconds: seconds,
            ..Toleration::default()
        };
        let some = admitted(vec![own(TAINT_UNREACHABLE, Some(5))]);
        assert_eq!(some, [(TAINT_UNREACHABLE, Some(5)), (TAINT_NOT_READY, Some(300))]);
        assert_eq!(admitted(vec![own(Str::new(), None)]), [(Str::new(), None)]);
    }
}
