//! The words of every diagnostic: message, help and the page that `prova explain P0123` prints.
//!
//! One file per area, in the order in which a text is read: files, syntax, shape, Kubernetes'
//! own rules, names, time. Numbers are never used again for another meaning.

use super::{Lang, Pair};

pub mod course;
pub mod files;
pub mod keys;
pub mod kubernetes;
pub mod names;
pub mod physics;

pub mod ron;
pub mod settings;
pub mod shape;
pub mod yaml;

/// The words of one kind of diagnostic.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeText {
    /// Its number, such as `P0201`; stable for ever.
    pub code: &'static str,
    /// One line that says what is wrong; holes are the diagnostic's arguments.
    pub message: Pair,
    /// One line that says what to do, when there is more to say than the suggestion.
    pub help: Option<Pair>,
    /// The page of `prova explain`: what the rule is and why Kubernetes (or Prova) has it.
    pub page: Pair,
}

/// Declares the codes of one file and `ALL`, the list of them.
macro_rules! codes {
    ($(
        $name:ident = $code:literal {
            $mtr:expr, $men:expr;
            $(help: $htr:expr, $hen:expr;)?
            page: $ptr:expr, $pen:expr $(;)?
        }
    )+) => {
        $(
            #[doc = concat!("`", $code, "`: ", $men)]
            pub static $name: $crate::texts::diagnostics::CodeText =
                $crate::texts::diagnostics::CodeText {
                    code: $code,
                    message: $crate::texts::Pair { tr: $mtr, en: $men },
                    help: $crate::texts::diagnostics::codes!(@help $($htr, $hen)?),
                    page: $crate::texts::Pair { tr: $ptr, en: $pen },
                };
        )+
        /// Every code of this file.
        pub const ALL: &[&$crate::texts::diagnostics::CodeText] = &[$(&$name),+];
    };
    (@help) => { None };
    (@help $tr:expr, $en:expr) => { Some($crate::texts::Pair { tr: $tr, en: $en }) };
}
pub(crate) use codes;

/// Every diagnostic there is, in the order of the areas.
pub fn all() -> impl Iterator<Item = &'static CodeText> {
    let areas = [
        files::ALL,
        yaml::ALL,
        ron::ALL,
        shape::ALL,
        kubernetes::ALL,
        names::ALL,
        settings::ALL,
        physics::ALL,
        course::ALL,
        keys::ALL,
    ];
    areas.into_iter().flatten().copied()
}

/// The diagnostic with this number; case does not matter, `p201` and `201` find `P0201` too.
pub fn find(code: &str) -> Option<&'static CodeText> {
    let digits = code.trim_start_matches(['P', 'p']);
    let wanted = format!("P{digits:0>4}");
    all().find(|entry| entry.code == wanted)
}

/// The page of a code: its number and message as a heading, then the text.
pub fn page(entry: &CodeText, lang: Lang) -> String {
    let message = entry.message.template(lang);
    format!("{}: {message}\n\n{}\n", entry.code, entry.page.template(lang))
}

crate::texts! {
    /// The words around a diagnostic.
    pub enum Frame {
        Error { tr: "hata", en: "error" },
        Warning { tr: "uyarı", en: "warning" },
        Note { tr: "not", en: "note" },
        Help { tr: "yardım", en: "help" },
        Suggestion { tr: "bunu mu demek istediniz", en: "did you mean" },
        OneError { tr: "1 hata", en: "1 error" },
        OneWarning { tr: "1 uyarı", en: "1 warning" },
        OneNote { tr: "1 not", en: "1 note" },
        Errors { tr: "{count} hata", en: "{count} errors" },
        Warnings { tr: "{count} uyarı", en: "{count} warnings" },
        Notes { tr: "{count} not", en: "{count} notes" },
    }
}

crate::texts! {
    /// What stands at a second place of a diagnostic.
    pub enum Label {
        FirstHere { tr: "ilki burada", en: "the first one is here" },
        OpenedHere { tr: "burada açılmış", en: "opened here" },
        SelectorHere { tr: "seçici burada", en: "the selector is here" },
        LabelsHere { tr: "etiketler burada", en: "the labels are here" },
        OtherHere { tr: "ötekisi burada", en: "the other one is here" },
        LimitHere { tr: "sınır burada", en: "the limit is here" },
        UntilHere { tr: "benzetimin sonu burada", en: "the end of the run is here" },
        DefinedHere { tr: "burada tanımlanmış", en: "defined here" },
        MeantHere { tr: "burada kullanılmış", en: "used here" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::{assert_complete, assert_pair};

    #[test]
    fn every_code_has_both_languages_and_a_page() {
        for entry in all() {
            assert_pair(entry.code, entry.message);
            assert_pair(entry.code, entry.page);
            if let Some(help) = entry.help {
                assert_pair(entry.code, help);
            }
            assert!(entry.page.tr.chars().count() >= 60, "{}: the page is too short", entry.code);
        }
        assert_complete::<shape::TypeWord>();
        assert_complete::<ron::Token>();
        assert_complete::<settings::Kind>();
        assert_complete::<physics::Whom>();
        assert_complete::<physics::Resource>();
        assert_complete::<Frame>();
        assert_complete::<Label>();
    }

    #[test]
    fn every_code_is_there_once_and_can_be_found() {
        let mut codes: Vec<&str> = all().map(|entry| entry.code).collect();
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count, "two entries share a code");
        for code in codes {
            assert_eq!(find(&code.to_lowercase()).map(|entry| entry.code), Some(code));
        }
        assert!(find("P9999").is_none() && find("").is_none());
    }

    #[test]
    fn messages_are_one_line_without_a_full_stop() {
        for entry in all() {
            for text in [entry.message.tr, entry.message.en] {
                assert!(!text.contains('\n') && !text.ends_with('.'), "{}: {text}", entry.code);
            }
        }
    }

    /// Words of the glossary that must not be used, with what to write instead.
    #[test]
    fn the_words_are_those_of_the_glossary() {
        let banned = [
            ("konteynır", "konteyner"),
            ("slave", "-"),
            ("yeniden planla", "yerine yenisini yaratmak"),
            ("servis hizmet", "servis"),
            ("simülasyon", "benzetim"),
            ("namespace'", "ad alanı"),
            ("port numarası numarası", "port"),
        ];
        for entry in all() {
            let texts = [Some(entry.message), entry.help, Some(entry.page)];
            for text in texts.into_iter().flatten() {
                for (word, instead) in banned {
                    assert!(!text.tr.contains(word), "{}: {word} → {instead}", entry.code);
                }
            }
        }
    }
}
