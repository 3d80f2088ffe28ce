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

impl Change {
    /// Whether such a future must be played from the beginning: a flag or a seed cannot change
    /// under way.
    #[must_use]
    pub fn begins_anew(&self) -> bool {
        match self {
            Change::Setting(..) | Change::Seed(_) | Change::WithoutStep(_) => true,
            Change::Nothing | Change::Deed(..) => false,
        }
    }
}

impl Timeline {
    /// A timeline of its own with one thing changed, with its cursor at the same time.
    ///
    /// Errors: the changed cluster cannot be built.
    pub fn fork(&self, change: Change) -> Result<Timeline, BuildError> {
        let anew = change.begins_anew();
        let mut forked = self.fork_off(change)?;
        if anew {
            forked.seek(self.cursor().at);
        }
        Ok(forked)
    }

    /// The same, but a future that begins anew stands at its beginning: for faces that play it to
    /// the present in bites.
    ///
    /// Errors: the changed cluster cannot be built.
    pub fn fork_off(&self, change: Change) -> Result<Timeline, BuildError> {
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
