//! The closed vocabulary: what components say to each other, one file per component.
//!
//! A message is data and nothing else. Every enum here is exhaustive, so a component that is sent
//! something it cannot understand does not compile.
//!
//! Imports: nothing
//! Floor: 1

pub mod etcd;
