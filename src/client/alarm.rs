//! One timer for many due times: it rings at the earliest of them.

use crate::kernel::{SimTime, Ticket, Timer};
use crate::wire::Cx;
use crate::wire::Msg;

/// A timer that is set to a moment and only ever moved forward in line.
///
/// An owner with many due times (calls, retries, delayed keys) sets it to the earliest and, when
/// it rings, does what is due and sets it again. Setting it to a later moment than the one it
/// already stands at costs nothing and changes nothing: it rings early, finds little to do, and
/// is set again. That is far cheaper than a timer per due time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarm {
    timer: Timer,
    at: SimTime,
}

impl Alarm {
    /// Rings at `at` or earlier; a moment in the past means now.
    pub fn set(&mut self, cx: &mut Cx<'_>, at: SimTime, msg: impl FnOnce(Ticket) -> Msg) {
        if !self.timer.armed() || at < self.at {
            self.at = at;
            self.timer.arm(cx, at.since(cx.now()), msg);
        }
    }

    /// Rings at `at` if there is such a moment.
    pub fn set_if(
        &mut self,
        cx: &mut Cx<'_>,
        at: Option<SimTime>,
        msg: impl FnOnce(Ticket) -> Msg,
    ) {
        if let Some(at) = at {
            self.set(cx, at, msg);
        }
    }

    /// Whether `ticket` is the one that counts; the alarm then is off until it is set again.
    pub fn rings(&mut self, ticket: Ticket) -> bool {
        self.timer.rings(ticket)
    }

    /// Whether it is set.
    #[must_use]
    pub const fn armed(&self) -> bool {
        self.timer.armed()
    }

    /// Switches it off.
    pub fn stop(&mut self) {
        self.timer.stop();
    }
}
