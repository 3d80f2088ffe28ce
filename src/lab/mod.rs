//! The laboratory: runs as values that are begun, stepped, judged, recorded, replayed, swept.
//!
//! | file | what lives there |
//! |---|---|
//! | `stage` | from a checked plan to a cluster's specification |
//! | `run` | one run: the plan's agenda against the kernel's queue |
//! | `act` | carrying out steps and faults |
//! | `aim` | what a fault's words mean at the moment it strikes |
//! | `judge` | expectations over time, and the verdict |
//! | `predicate` | whether something holds now |
//! | `record` | what a recording holds, and comparing two runs |
//! | `measure` | quantities of a finished run, by name |
//! | `timeline` `ladder` | a run with its past and future; its checkpoints |
//! | `journey` | going there in bites, searching, looking at another moment |
//! | `fork` `journal` | another future; what was done by hand |
//! | `compare` `strip` | two worlds side by side; one question over many seeds |
//! | `sweep` | many seeds on all cores, same result for any number of threads |
//!
//! A [`Run`] is a value: a clone is a checkpoint, and stepping a clone is a what-if.
//!
//! Floor: 6
//! Imports: kernel, api, wire, cluster, scenario, observe

mod act;
mod aim;
mod compare;
mod fork;
mod journal;
mod journey;
mod judge;
mod ladder;
mod measure;
mod predicate;
mod record;
mod run;
mod stage;
mod strip;
mod sweep;
mod timeline;

pub use compare::{Difference as FieldDifference, ObjectDifference, compare};
pub use fork::Change;
pub use journal::{Entry, Journal};
pub use journey::{Found, Goal, Scout, Search};
pub use judge::{Finding, Judge, Outcome};
pub use measure::{MEASURES, Measure, measure};
pub use predicate::{event_fits, holds};
pub use record::{
    CHECKPOINT_EVERY, Checkpoint, Difference, Recording, checkpoint, first_difference, record,
};
pub use run::{Options, Report, Run};
pub use stage::stage;
pub use strip::{SeedLine, Strip, strip};
pub use sweep::{Distribution, Sample, Sweep, quantiles, sweep};
pub use timeline::{Mark, MarkKind, Moment, Timeline};
