//! What the dashboard says, by its parts.

pub mod acts;
pub mod keys;
pub mod screen;
pub mod speech;
pub mod task;
pub mod views_a;
pub mod views_b;
