//! The YAML reader's English complaints, sorted into Prova's codes.

use crate::texts::diagnostics::{CodeText, yaml};

/// The code for a complaint of the YAML reader.
///
/// The reader's wording is matched by its telling words; what is not recognised becomes the
/// general code, which quotes the wording.
pub(super) fn code(info: &str) -> &'static CodeText {
    let rules: [(&[&str], &'static CodeText); 7] = [
        (&["tab"], &yaml::YAML_TAB),
        (&["unknown anchor"], &yaml::YAML_UNKNOWN_ANCHOR),
        (&["recursion limit"], &yaml::YAML_TOO_BIG),
        (
            &["quoted scalar, found unexpected end", "scalar, found unexpected document"],
            &yaml::YAML_QUOTE,
        ),
        (
            &["flow mapping", "flow sequence", "flow construct", "misplaced bracket"],
            &yaml::YAML_BRACKET,
        ),
        (&["mapping values are not allowed", "illegal placement of ':'"], &yaml::YAML_VALUE_HERE),
        (
            &[
                "indent",
                "block mapping",
                "block collection",
                "simple key expect",
                "block sequence entries",
            ],
            &yaml::YAML_INDENT,
        ),
    ];
    let hit = |words: &[&str]| words.iter().any(|word| info.contains(word));
    rules.iter().find(|(words, _)| hit(words)).map_or(&yaml::YAML_SYNTAX, |(_, code)| code)
}
