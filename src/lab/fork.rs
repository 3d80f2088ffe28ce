//! Another future: the same run with one thing changed.

use std::sync::Arc;

use crate::cluster::BuildError;
use crate::scenario::plan::Plan;
use crate::scenario::steps::Action;

use super::run::{Options, Run};
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
        let plan = self.run().plan();
        match change {
            Change::Nothing => Ok(self.clone()),
            Change::Setting(name, value) => {
                let mut changed = Plan::clone(plan);
                changed.cluster.settings.insert(name, value);
                self.again(changed)
            }
            Change::Seed(seed) => {
                let mut changed = Plan::clone(plan);
                changed.seed = seed;
                self.again(changed)
            }
            Change::WithoutStep(number) => {
                let mut changed = Plan::clone(plan);
                if number < changed.steps.len() {
                    changed.steps.remove(number);
                }
                self.again(changed)
            }
            Change::Deed(action, words) => {
                let (ladder, _, cursor) = self.parts();
                let mut ladder = ladder.clone();
                ladder.forget_after(cursor.steps());
                let mut forked = Timeline::from_parts(ladder, cursor.clone(), cursor.clone());
                forked.take_marks_of(self);
                forked.act(*action, words);
                Ok(forked)
            }
        }
    }

    fn again(&self, plan: Plan) -> Result<Timeline, BuildError> {
        let options = Options { seed: Some(plan.seed), observe: true };
        let mut forked = Timeline::of(Run::new(Arc::new(plan), options)?);
        forked.seek(self.cursor().at);
        Ok(forked)
    }
}
