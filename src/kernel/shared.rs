//! Copy on write: a value that clones share until one of them writes.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A value behind an `Arc`; writing copies it when a clone still looks at it.
///
/// Whatever is many and mostly at rest (the pods of a kubelet, say) is kept in it, so that a
/// checkpoint copies only what has moved since the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    /// A value that nobody shares yet.
    pub fn new(value: T) -> Self {
        Shared(Arc::new(value))
    }
}

impl<T: Clone> Shared<T> {
    /// The value itself; copied when a clone still looks at it.
    #[must_use]
    pub fn into_inner(self) -> T {
        Arc::unwrap_or_clone(self.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_stays_as_it_was() {
        let mut one = Shared::new(vec![1]);
        let two = one.clone();
        one.push(2);
        assert_eq!((&*one, &*two), (&vec![1, 2], &vec![1]));
        assert_eq!(one.into_inner(), [1, 2]);
    }
}
