//! Which Kubernetes Events are meant.

use serde::Deserialize;

use crate::api::EventType;
use crate::scenario::check::Check;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// Events by reason, object, type and wording; what is not written does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct EventFilter {
    /// The reason, such as `Scheduled`.
    pub reason: Option<Spanned<String>>,
    /// The object it is about, such as `"pod/frontend-*"`.
    pub about: Option<Spanned<ObjectRef>>,
    /// `Normal` or `Warning`.
    pub kind: Option<EventType>,
    /// A part of the message.
    pub contains: Option<String>,
}

impl EventFilter {
    pub(super) fn check(&self, check: &mut Check<'_>) {
        if let Some(reason) = &self.reason {
            check.reason(reason);
        }
        if let Some(about) = &self.about {
            check.object(about);
        }
    }
}
