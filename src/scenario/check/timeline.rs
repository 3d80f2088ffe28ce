//! Steps that contradict each other: ending what never began, beginning what already lasts.

use std::collections::BTreeMap;

use super::{Act, Check, Effect};
use crate::scenario::diagnostic::{Arg, Diagnostic};
use crate::scenario::file::Step;
use crate::scenario::source::Span;
use crate::texts::diagnostics::{Label, physics};

/// Something that lasts: since where in the text, and until when \[ns\].
struct Lasting {
    span: Span,
    ends: Option<u64>,
}

/// Walks through the steps in the order of time and looks for contradictions.
pub(crate) fn contradictions(steps: &[Step], check: &mut Check<'_>) {
    let mut ordered: Vec<&Step> = steps.iter().collect();
    ordered.sort_by_key(|step| step.at.value);
    let mut open: BTreeMap<(&'static str, String), Lasting> = BTreeMap::new();
    for step in ordered {
        let now = step.at.value.0.as_nanos();
        let (span, word) = (step.action.span, step.action.value.word());
        match step.action.value.effect() {
            Effect::Once => {}
            Effect::Begins { what, whom, lasting } => {
                let key = (what, whom);
                let runs = |old: &Lasting| old.ends.is_none_or(|end| end > now);
                if let Some(old) = open.get(&key).filter(|old| runs(old) && !key.1.is_empty()) {
                    let first = check.place(old.span);
                    let again = Diagnostic::warning(&physics::ALREADY_BEGUN, check.place(span))
                        .arg("what", word)
                        .arg("whom", key.1.as_str())
                        .also(first, Label::FirstHere);
                    check.push(again);
                }
                let ends = lasting.map(|length| now.saturating_add(length.0.as_nanos()));
                open.insert(key, Lasting { span, ends });
            }
            Effect::Ends { what, whom } => {
                let fits =
                    |key: &(&str, String)| key.0 == what && (whom.is_empty() || key.1 == whom);
                let late = |key: &(&str, String)| {
                    key.1.starts_with("leader(") || key.1.starts_with("host_of(")
                };
                let hit =
                    open.iter().any(|(key, old)| fits(key) && old.ends.is_none_or(|end| end > now));
                // Who led when the crash came is known only in the run.
                let trust = open.keys().any(|key| key.0 == what && late(key));
                // A name that nothing has is an error of its own.
                let unknown =
                    what == "partition" && !whom.is_empty() && !check.world.faults.contains(&whom);
                if !hit && !trust && !unknown {
                    let named = Arg::from(whom.as_str());
                    let all = Arg::from(physics::Whom::NetworkFaults);
                    let never = Diagnostic::warning(&physics::NEVER_BEGUN, check.place(span));
                    let whom = if whom.is_empty() { all } else { named };
                    check.push(never.arg("what", word).arg("whom", whom));
                }
                open.retain(|key, _| !fits(key));
            }
        }
    }
}
