//! The runners, one file per file of cases. A new one is a module, a line in [`RUNNERS`], and, once
//! every case passes, a line in [`COMPLETE`].

pub(crate) mod case;
mod etcd_semantics;

use case::Case;

/// Runs one case: `Err` says what differed.
pub(crate) type Runner = fn(&Case) -> Result<(), String>;

/// Which runner knows which file.
pub(crate) const RUNNERS: &[(&str, Runner)] = &[("etcd/semantics", etcd_semantics::run)];

/// Files of which every case must pass, apart from the kinds in [`NOT_YET`].
pub(crate) const COMPLETE: &[&str] = &["etcd/semantics"];

/// Kinds of cases whose subject does not exist yet: they count as failed, but do not fail the run.
pub(crate) const NOT_YET: &[(&str, &str)] = &[("etcd/semantics", "cluster")];
