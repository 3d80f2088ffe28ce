//! The constants that a scenario may change, by the names of the real flags.
//!
//! The components list their own settings (see [`crate::cluster::settings`]); here a name from a
//! scenario or a command line finds its setting. `kube-scheduler.kube-api-qps` names a component and
//! its flag; the flag alone does where only one component has it. Hyphens and capitals do not matter,
//! because the kubelet's flag `--max-pods` is `maxPods` in its configuration file.

use crate::cluster::{Configs, SettingError as Refused, settings};
use crate::scenario::suggest::nearest;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::diagnostics::settings::Kind as Expected;

/// One constant that may be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The component that has it.
    pub component: &'static str,
    /// The name of the flag, or of the configuration field where there is no flag.
    pub flag: &'static str,
    /// Where upstream says so.
    pub source: &'static str,
    /// Its value when nothing is written.
    pub default: String,
}

/// Why a word names no setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingError {
    /// No component has such a flag; near ones are given.
    Unknown(Vec<String>),
    /// Several components have it; their full names are given.
    Ambiguous(Vec<String>),
}

impl Setting {
    /// Component and flag: `kube-scheduler.kube-api-qps`.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.component, self.flag)
    }

    /// Can the setting hold what this text says?
    ///
    /// Errors: what was expected instead.
    pub fn accepts(&self, text: &str) -> Result<(), &'static str> {
        match Configs::default().set(&self.full_name(), text) {
            Err(Refused::Value(_, _, expected)) => Err(expected),
            Ok(()) | Err(Refused::Unknown(_) | Refused::Ambiguous(..)) => Ok(()),
        }
    }
}

/// What a setting expects, as the table of texts has it; none when it has no words for it.
pub fn expected_kind(expected: &str) -> Option<Expected> {
    // The components' own words are English; in the table they stand beside the Turkish ones.
    Some(match expected {
        "a duration such as 50s" => Expected::Duration,
        "a whole number" => Expected::Count,
        "a number" => Expected::Number,
        "true or false" => Expected::Switch,
        other => *Expected::ALL.iter().find(|kind| kind.text(Lang::En) == other)?,
    })
}

/// The same in words.
pub fn expected_words(expected: &'static str, lang: Lang) -> &'static str {
    expected_kind(expected).map_or(expected, |kind| kind.text(lang))
}

/// Every setting of every component.
pub fn all() -> Vec<Setting> {
    let known = settings(&Configs::default()).into_iter();
    known
        .map(|(component, flag, source, default)| Setting { component, flag, source, default })
        .collect()
}

/// The setting of this name, with or without its component.
///
/// Errors: no or more than one component has it.
pub fn find(name: &str) -> Result<Setting, SettingError> {
    let wanted = plain(name.trim_start_matches("--"));
    let all = all();
    let fits = |one: &&Setting| plain(one.flag) == wanted || plain(&one.full_name()) == wanted;
    let hits: Vec<&Setting> = all.iter().filter(fits).collect();
    match hits.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let full: Vec<String> = all.iter().map(Setting::full_name).collect();
            let flags = all.iter().map(|one| one.flag);
            let known = flags.chain(full.iter().map(String::as_str));
            Err(SettingError::Unknown(nearest(name, known)))
        }
        several => {
            Err(SettingError::Ambiguous(several.iter().map(|one| one.full_name()).collect()))
        }
    }
}

/// A name without hyphens and capitals.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| *letter != '-').map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_found_by_its_full_name_and_takes_its_default() {
        for one in all() {
            assert_eq!(find(&one.full_name()).as_ref(), Ok(&one));
            assert_eq!(one.accepts(&one.default), Ok(()), "{}", one.full_name());
            // What it would rather have is said in the reader's language.
            if let Err(expected) = one.accepts("\u{0}") {
                assert!(expected_kind(expected).is_some(), "{}: {expected}", one.full_name());
            }
        }
    }

    #[test]
    fn a_flag_of_several_components_needs_its_component() {
        assert!(
            matches!(find("kube-api-qps"), Err(SettingError::Ambiguous(names)) if names.len() > 2)
        );
        assert!(find("kube-scheduler.kube-api-qps").is_ok());
    }

    #[test]
    fn hyphens_and_capitals_do_not_matter_and_slips_find_their_word() {
        let pods = find("--max-pods").map(|one| one.full_name());
        assert_eq!(pods, Ok("kubelet.maxPods".to_owned()));
        let near = find("max-requests-inflght");
        assert_eq!(near, Err(SettingError::Unknown(vec!["max-requests-inflight".to_owned()])));
    }
}
