//! What people do to a cluster: one file per step. Faults are steps too.
//!
//! A step here is data; the laboratory carries it out. To add one: write its file, add a line to
//! [`STEPS`] and one to the list of actions below.

pub mod apply;
pub mod cordon;
pub mod delete;
pub mod drain;
pub mod load_change;
pub mod pause_rollout;
pub mod restart;
pub mod resume_rollout;
pub mod rollback;
pub mod scale;
pub mod set_image;
pub mod taint;
pub mod uncordon;
pub mod untaint;

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::faults;

/// Every step that is no fault, by the word that a scenario uses.
pub const STEPS: &[&str] = &[
    "apply",
    "cordon",
    "delete",
    "drain",
    "load_change",
    "pause_rollout",
    "restart",
    "resume_rollout",
    "rollback",
    "scale",
    "set_image",
    "taint",
    "uncordon",
    "untaint",
];

macro_rules! actions {
    ($($name:ident $word:literal ($what:ty)),+ $(,)?) => {
        /// What a step does: a fault of [`crate::scenario::faults`] or a step of this room.
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action {
            $(#[doc = concat!("`", $word, "`: see its file.")] $name($what),)+
        }

        impl Action {
            /// Every action, by the word that a scenario uses.
            pub const WORDS: &[&str] = &[$($word),+];

            /// The word that a scenario uses.
            pub fn word(&self) -> &'static str {
                match self { $(Action::$name(_) => $word,)+ }
            }
        }

        impl Act for Action {
            fn check(&self, check: &mut Check<'_>) {
                match self { $(Action::$name(act) => act.check(check),)+ }
            }

            fn effect(&self) -> Effect {
                match self { $(Action::$name(act) => act.effect(),)+ }
            }
        }
    };
}

actions! {
    Crash "crash" (faults::crash::Crash),
    Recover "recover" (faults::recover::Recover),
    Pause "pause" (faults::pause::Pause),
    Resume "resume" (faults::resume::Resume),
    Partition "partition" (faults::partition::Partition),
    Heal "heal" (faults::heal::Heal),
    SlowLink "slow_link" (faults::slow_link::SlowLink),
    SlowDisk "slow_disk" (faults::slow_disk::SlowDisk),
    ImagePullFailure "image_pull_failure" (faults::image_pull_failure::ImagePullFailure),
    ContainerCrash "container_crash" (faults::container_crash::ContainerCrash),
    Hang "hang" (faults::hang::Hang),
    SlowApp "slow_app" (faults::slow_app::SlowApp),
    NotReady "not_ready" (faults::not_ready::NotReady),
    Apply "apply" (apply::ApplyManifest),
    Delete "delete" (delete::Delete),
    Scale "scale" (scale::Scale),
    SetImage "set_image" (set_image::SetImage),
    Rollback "rollback" (rollback::Rollback),
    Restart "restart" (restart::Restart),
    PauseRollout "pause_rollout" (pause_rollout::PauseRollout),
    ResumeRollout "resume_rollout" (resume_rollout::ResumeRollout),
    Cordon "cordon" (cordon::Cordon),
    Uncordon "uncordon" (uncordon::Uncordon),
    Drain "drain" (drain::Drain),
    Taint "taint" (taint::TaintNode),
    Untaint "untaint" (untaint::Untaint),
    LoadChange "load_change" (load_change::LoadChange),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_stands_in_exactly_one_list() {
        let mut listed: Vec<&str> = STEPS.iter().chain(faults::FAULTS).copied().collect();
        listed.sort_unstable();
        let mut words = Action::WORDS.to_vec();
        words.sort_unstable();
        assert_eq!(listed, words);
    }
}
