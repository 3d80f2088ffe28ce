//! Every sentence Prova says to a person, in Turkish and in English, in one table.
//!
//! Code keeps keys, this room keeps words, so that a native reader can review a whole language in
//! one place and no message is built by gluing half-sentences together. A sentence is a template
//! with named holes (`{pod} adlı pod silindi`); a value that fills a hole is never inflected.
//!
//! Imports: nothing
//! Floor: 0

pub mod book;
pub mod cli;
pub mod course;
pub mod dashboard;
pub mod diagnostics;
pub mod learn;
pub mod narration;
pub mod verdict;

use std::fmt::Write as _;

/// A language Prova speaks.
///
/// Kubernetes' own words (kinds, fields, reasons) stay English in both.
/// Default: Turkish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// Turkish.
    #[default]
    Tr,
    /// English.
    En,
}

impl Lang {
    /// The language of a code such as `tr` or `en`; `None` for any other.
    pub fn from_code(code: &str) -> Option<Lang> {
        match code {
            "tr" => Some(Lang::Tr),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The ISO 639-1 code, as `--lang` takes it.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Tr => "tr",
            Lang::En => "en",
        }
    }
}

/// One sentence in both languages; both have the same holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The Turkish template.
    pub tr: &'static str,
    /// The English template.
    pub en: &'static str,
}

impl Pair {
    /// The template in `lang`, holes unfilled.
    pub fn template(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Tr => self.tr,
            Lang::En => self.en,
        }
    }

    /// The sentence in `lang` with every `{hole}` replaced by the argument of that name.
    ///
    /// A hole without an argument stays visible as `{hole}`: a missing word must be seen in
    /// review, not swallowed.
    pub fn fill<V: AsRef<str>>(&self, lang: Lang, args: &[(&str, V)]) -> String {
        fill(self.template(lang), args)
    }
}

/// Replaces each `{name}` of `template` by the argument `name`.
///
/// Arguments are inserted as they are: braces inside an argument are not holes.
pub fn fill<V: AsRef<str>>(template: &str, args: &[(&str, V)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let tail = &rest[open + 1..];
        let Some(close) = tail.find('}').filter(|close| is_hole(&tail[..*close])) else {
            out.push('{');
            rest = tail;
            continue;
        };
        let name = &tail[..close];
        match args.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => out.push_str(value.as_ref()),
            None => {
                // Writing to a String cannot fail.
                let _ = write!(out, "{{{name}}}");
            }
        }
        rest = &tail[close + 1..];
    }
    out.push_str(rest);
    out
}

/// Holes have names of small letters; any other braces are braces.
fn is_hole(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// The names of the holes of a template, sorted, each once.
pub fn holes(template: &str) -> Vec<&str> {
    let mut names: Vec<&str> = template
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .filter(|name| is_hole(name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A key of the table: an enum whose every variant is one sentence.
///
/// Areas declare such enums with [`texts!`](crate::texts!); a test of the area calls [`assert_complete`].
pub trait Key: Copy + 'static {
    /// Every key of the area, in the order of its file.
    const ALL: &'static [Self];

    /// The sentence behind this key.
    fn pair(self) -> Pair;

    /// The name of the key, for messages about the table itself.
    fn name(self) -> &'static str;

    /// The sentence in `lang`, when it has no holes.
    fn text(self, lang: Lang) -> &'static str {
        self.pair().template(lang)
    }

    /// The sentence in `lang` with its holes filled.
    fn fill<V: AsRef<str>>(self, lang: Lang, args: &[(&str, V)]) -> String {
        self.pair().fill(lang, args)
    }
}

/// Declares one area of the table: an enum of keys with both languages beside each key.
///
/// ```ignore
/// texts! {
///     /// What the narrator says.
///     pub enum Narration {
///         NodeCrashed { tr: "{node} adlı düğüm çöktü", en: "node {node} crashed" },
///     }
/// }
/// ```
#[macro_export]
macro_rules! texts {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($variant:ident { tr: $tr:expr, en: $en:expr $(,)? }),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        $vis enum $name {
            $(#[doc = $en] $variant,)+
        }

        impl $crate::texts::Key for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn pair(self) -> $crate::texts::Pair {
                match self {
                    $(Self::$variant => $crate::texts::Pair { tr: $tr, en: $en },)+
                }
            }

            fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)+
                }
            }
        }
    };
}

/// Writes a number the way `lang` writes it: `12.5` in English is `12,5` in Turkish.
///
/// `number` is already formatted with a point; grouping is not added.
pub fn decimal(lang: Lang, number: &str) -> String {
    match lang {
        Lang::Tr => number.replace('.', ","),
        Lang::En => number.to_owned(),
    }
}

/// Folds a word for comparison: case and Turkish dots and tails no longer matter.
///
/// `DÜĞÜM`, `düğüm` and `dugum` fold to the same string; so do `I`, `ı`, `İ` and `i`, because
/// `to_lowercase` alone does not know Turkish. For search and did-you-mean only, never for data.
pub fn fold(word: &str) -> String {
    word.chars().flat_map(fold_char).collect()
}

fn fold_char(letter: char) -> impl Iterator<Item = char> {
    let plain = match letter {
        'I' | 'ı' | 'İ' | 'î' | 'Î' => Some('i'),
        'ç' | 'Ç' => Some('c'),
        'ğ' | 'Ğ' => Some('g'),
        'ö' | 'Ö' => Some('o'),
        'ş' | 'Ş' => Some('s'),
        'ü' | 'Ü' | 'û' | 'Û' => Some('u'),
        'â' | 'Â' => Some('a'),
        _ => None,
    };
    let lower = plain.is_none().then(|| letter.to_lowercase());
    plain.into_iter().chain(lower.into_iter().flatten())
}

/// Panics unless every key of an area has both languages with the same holes.
///
/// The test of each area calls this; it lives here so that the rule stands once.
pub fn assert_complete<K: Key>() {
    for &key in K::ALL {
        assert_pair(key.name(), key.pair());
    }
}

/// Panics unless `pair` is complete; `name` says which one in the message.
pub fn assert_pair(name: &str, pair: Pair) {
    assert!(!pair.tr.trim().is_empty(), "{name}: Turkish is missing");
    assert!(!pair.en.trim().is_empty(), "{name}: English is missing");
    assert_eq!(holes(pair.tr), holes(pair.en), "{name}: the languages have different holes");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_unknown_holes_stay_visible() {
        let args = [("pod", "web-{x}"), ("node", "n1")];
        assert_eq!(fill("{pod} on {node}: {why} {", &args), "web-{x} on n1: {why} {");
        assert_eq!(holes("{b} {a} {b}"), ["a", "b"]);
    }

    #[test]
    fn turkish_letters_fold_to_one_spelling() {
        for word in ["DÜĞÜM", "düğüm", "dugum", "Dügüm"] {
            assert_eq!(fold(word), "dugum");
        }
        for word in ["ILIK", "ılık", "İLİK", "ilik"] {
            assert_eq!(fold(word), "ilik");
        }
    }

    #[test]
    fn turkish_numbers_have_a_comma() {
        assert_eq!(decimal(Lang::Tr, "12.500"), "12,500");
        assert_eq!(decimal(Lang::En, "12.500"), "12.500");
        assert_eq!(Lang::from_code(Lang::Tr.code()), Some(Lang::Tr));
    }

    crate::texts! {
        /// A small area for this test.
        enum Sample {
            Started { tr: "{pod} adlı pod başladı", en: "pod {pod} started" },
            Done { tr: "bitti", en: "done" },
        }
    }

    #[test]
    fn an_area_declared_with_the_macro_is_complete() {
        assert_complete::<Sample>();
        assert_eq!(Sample::Started.fill(Lang::Tr, &[("pod", "web")]), "web adlı pod başladı");
        assert_eq!(Sample::Done.text(Lang::En), "done");
    }
}
