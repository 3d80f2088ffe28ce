//! The way from the root of a text to a value, for messages: `spec.containers[0].image`.

use std::fmt;

/// A way kept on the stack while a tree is walked; written out only when a message needs it.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// The beginning, with the word that stands for the whole (`Deployment`, `scenario`).
    Root(&'a str),
    /// A field or key of `parent`.
    Key(&'a Path<'a>, &'a str),
    /// An item of `parent`.
    Index(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// The way to the field `key` of this place.
    pub fn key(&'a self, key: &'a str) -> Path<'a> {
        Path::Key(self, key)
    }

    /// The way to item `index` (from 0) of this place.
    pub fn index(&'a self, index: usize) -> Path<'a> {
        Path::Index(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root(name) => f.write_str(name),
            Path::Key(Path::Root(_), key) => f.write_str(key),
            Path::Key(parent, key) => write!(f, "{parent}.{key}"),
            Path::Index(Path::Root(_), index) => write!(f, "[{index}]"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_like_kubernetes_writes_it() {
        let root = Path::Root("Pod");
        let spec = root.key("spec");
        let containers = spec.key("containers");
        let first = containers.index(0);
        assert_eq!(first.key("image").to_string(), "spec.containers[0].image");
        assert_eq!(root.to_string(), "Pod");
    }
}
