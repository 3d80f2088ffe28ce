//! YAML texts: documents with places, read as `kubectl` reads them.

mod merge;
mod reader;
mod scalar;
mod syntax;

pub use reader::{Document, read};
