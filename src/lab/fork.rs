//! Another future: the same run with one thing changed.

use crate::cluster::BuildError;
use crate::scenario::plan::Plan;
use crate::scenario::steps::Action;

use super::timeline::Timeline;

/// What is changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Nothing: the fork is the same until somebody acts.
    Nothing,
    /// A flag of a component has another value from the beginning on.
    Setting(String, String),
    /// Another seed from the beginning on.
    Seed(u64),
    /// The plan's step of this number is left out.
    WithoutStep(usize),
    /// Something is done at the cursor; with its words.
    Deed(Box<Action>, String),
}

impl Timeline {
    /// A timeline of its own with one thing changed, with its cursor at the same time.
    ///
    /// A flag or a seed cannot change under way: those futures are played from the beginning.
    /// Errors: the changed cluster cannot be built.
    pub fn fork(&self, change: Change) -> Result<Timeline, BuildError> {
        let (plan, seed) = (self.run().plan(), self.run().sim().seed());
        match change {
            Change::Nothing => Ok(self.clone()),
            Change::Setting(name, value) => {
                let mut changed = Plan::clone(plan);
                changed.cluster.settings.insert(name, value);
                self.again(changed, seed)
            }
            Change::Seed(seed) => self.again(Plan::clone(plan), seed),
            Change::WithoutStep(number) => {
                let mut changed = Plan::clone(plan);
                let left_out = (number < changed.steps.len()).then(|| changed.steps.remove(number));
                let mut forked = self.again(changed, seed)?;
                if let Some(step) = left_out {
                    forked.forget_deed(step.at);
                }
                Ok(forked)
            }
            Change::Deed(action, words) => {
                let mut forked = self.clone();
                forked.act(*action, words);
                Ok(forked)
            }
        }
    }
}
