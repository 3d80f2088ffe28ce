//! What a scenario says must make sense: every name is known, every moment lies within the run.
//!
//! The reader has made sure of the shape; here the values are held against each other and against
//! the objects of the manifests. Every finding points at the word that the writer must change.

mod names;
mod timeline;
mod whole;
mod world;

use timeline::contradictions;
pub(crate) use whole::{cluster, scenario, setting};
pub(crate) use world::{World, machine_names};

use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::source::{FileId, Place, Span};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;
use crate::texts::diagnostics::CodeText;
use crate::texts::diagnostics::physics;

/// A step, as the checks see it.
pub trait Act {
    /// Checks every name in it.
    fn check(&self, check: &mut Check<'_>);

    /// What it begins or ends; most steps do neither.
    fn effect(&self) -> Effect {
        Effect::Once
    }
}

/// Does a step begin or end something that lasts?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Neither.
    Once,
    /// It begins something.
    Begins {
        /// What: `crash`, `partition`, ….
        what: &'static str,
        /// Of whom; empty when it has no name.
        whom: String,
        /// How long, when it ends by itself.
        lasting: Option<Duration>,
    },
    /// It ends something.
    Ends {
        /// What.
        what: &'static str,
        /// Of whom; empty means all.
        whom: String,
    },
}

/// The checks of one scenario.
pub struct Check<'w> {
    /// What there is.
    pub(crate) world: &'w World,
    /// What has been found.
    pub(crate) found: &'w mut Diagnostics,
    /// The text of the scenario.
    pub(crate) file: FileId,
    /// The step or expectation under check, for findings that concern the whole of it.
    pub(crate) here: Span,
}

impl Check<'_> {
    pub(crate) fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    pub(crate) fn push(&mut self, found: Diagnostic) {
        self.found.push(found);
    }

    /// A window must begin before it ends and lie within the run.
    ///
    /// `end` is a length counted from the beginning (`true`) or a moment of the run (`false`).
    pub fn window(&mut self, from: &Spanned<Duration>, end: Option<(&Spanned<Duration>, bool)>) {
        let until = self.world.until.value;
        let end_of_run = self.place(self.world.until.span);
        if from.value >= until && from.value.0.as_nanos() > 0 {
            let late = self
                .beyond_end(&physics::WINDOW_AFTER_END, from.span)
                .arg("from", from.value.to_string())
                .arg("until", until.to_string());
            return self
                .push(late.also_if(end_of_run, crate::texts::diagnostics::Label::UntilHere));
        }
        let Some((end, relative)) = end else { return };
        let base = if relative { from.value.0.as_nanos() } else { 0 };
        let moment = base.saturating_add(end.value.0.as_nanos());
        if moment <= from.value.0.as_nanos() {
            let empty = Diagnostic::error(&physics::WINDOW_EMPTY, self.place(end.span));
            self.push(empty.arg("from", from.value.to_string()).arg("end", end.value.to_string()));
        } else if moment > until.0.as_nanos() {
            let over = Diagnostic::warning(&physics::WINDOW_PAST_END, self.place(end.span))
                .arg("until", until.to_string());
            self.push(over.also_if(end_of_run, crate::texts::diagnostics::Label::UntilHere));
        }
    }

    /// What lies after the end is a slip of the scenario, but no surprise when the command line
    /// ended the run before the scenario did: then it is left out with a warning.
    pub(crate) fn beyond_end(&self, code: &'static CodeText, span: Span) -> Diagnostic {
        if self.world.shortened {
            Diagnostic::warning(code, self.place(span))
        } else {
            Diagnostic::error(code, self.place(span))
        }
    }

    /// At least one bound must be written, and they must leave room.
    pub fn bounds<const N: usize>(&mut self, bounds: [Option<u64>; N]) {
        if bounds.iter().all(Option::is_none) {
            let place = self.place(self.here);
            self.push(Diagnostic::error(&physics::NO_BOUND, place));
        }
        if let [Some(least), Some(most), ..] = bounds.as_slice()
            && N == 3
            && least > most
        {
            let place = self.place(self.here);
            let empty = Diagnostic::error(&physics::BOUNDS_EMPTY, place);
            self.push(empty.arg("least", least.to_string()).arg("most", most.to_string()));
        }
    }

    /// A partition with nothing on one side.
    pub fn empty_side(&mut self) {
        let place = self.place(self.here);
        self.push(Diagnostic::error(&physics::EMPTY_SIDE, place));
    }

    /// A fault that changes nothing.
    pub fn does_nothing(&mut self, fields: &str) {
        let place = self.place(self.here);
        self.push(Diagnostic::warning(&physics::DOES_NOTHING, place).arg("fields", fields));
    }
}
