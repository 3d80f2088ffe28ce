//! What the dashboard says, by its parts.

pub mod views_a;
