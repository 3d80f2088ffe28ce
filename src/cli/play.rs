//! Plays a run mark by mark and lets readers look at every new fact.

use crate::kernel::SimTime;
use crate::lab::{CHECKPOINT_EVERY, Checkpoint, Run, checkpoint};
use crate::observe::FactId;
use crate::observe::Observation;

/// Somebody who reads while a run plays.
pub(super) trait Reader {
    /// A fact is new.
    fn fact(&mut self, id: FactId, seen: &Observation);

    /// A mark is reached: everything before it was told.
    fn mark(&mut self, run: &Run, checkpoint: &Checkpoint);

    /// Nobody wants more.
    fn enough(&self) -> bool {
        false
    }
}

/// Plays to the end of the plan, or to `until` before it.
pub(super) fn play(run: &mut Run, until: Option<SimTime>, readers: &mut [&mut dyn Reader]) {
    let end = until.unwrap_or(run.plan().until).min(run.plan().until);
    let mut told = 0;
    let mut mark = SimTime::ZERO + CHECKPOINT_EVERY;
    loop {
        let at = mark.min(end);
        run.play_until(at);
        if let Some(seen) = run.seen() {
            told = tell(seen, told, readers);
        }
        let stamp = checkpoint(run);
        readers.iter_mut().for_each(|reader| reader.mark(run, &stamp));
        let enough = !readers.is_empty() && readers.iter().all(|reader| reader.enough());
        if at == end || enough {
            return;
        }
        mark += CHECKPOINT_EVERY;
    }
}

fn tell(seen: &Observation, told: u32, readers: &mut [&mut dyn Reader]) -> u32 {
    let all = u32::try_from(seen.facts.len()).unwrap_or(u32::MAX);
    for id in (told..all).map(FactId) {
        readers.iter_mut().for_each(|reader| reader.fact(id, seen));
    }
    all
}
