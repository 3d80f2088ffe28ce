//! All changeable defaults of all components, by the names of the real flags.
//!
//! A name is `component.flag` (`kube-scheduler.kube-api-qps`); the flag alone does where only one
//! component has it.

use std::fmt;

use crate::wire::setting::Setting;

use super::spec::ClusterSpec;

macro_rules! components {
    ($($field:ident: $config:ty = $name:literal, $settings:expr;)*) => {
        /// The configurations of all components.
        #[derive(Clone, Debug, Default)]
        pub struct Configs {
            $(#[doc = concat!("Of `", $name, "`.")] pub $field: $config,)*
        }

        /// Every setting: component, flag, source, present value in `configs`.
        #[must_use]
        pub fn settings(configs: &Configs) -> Vec<(&'static str, &'static str, &'static str, String)> {
            let mut all = Vec::new();
            $(for setting in $settings {
                all.push(($name, setting.name, setting.source, (setting.get)(&configs.$field)));
            })*
            all
        }

        impl Configs {
            /// Changes one default.
            ///
            /// Errors: no component has such a flag, several have, or the value does not fit.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
                let mut found: Vec<&'static str> = Vec::new();
                $(found.extend(find($settings, $name, name).map(|_| $name));)*
                match found.as_slice() {
                    [] => return Err(SettingError::Unknown(name.to_owned())),
                    [_] => {}
                    several => {
                        let several = several.iter().map(|one| (*one).to_owned()).collect();
                        return Err(SettingError::Ambiguous(name.to_owned(), several));
                    }
                }
                $(if let Some(setting) = find($settings, $name, name) {
                    return (setting.set)(&mut self.$field, value).map_err(|expected| {
                        SettingError::Value(name.to_owned(), value.to_owned(), expected)
                    });
                })*
                Ok(())
            }
        }
    };
}

components! {
    apiserver: crate::apiserver::Config = "kube-apiserver", crate::apiserver::SETTINGS;
    controllers: crate::controllers::Config = "kube-controller-manager", crate::controllers::SETTINGS;
    scheduler: crate::scheduler::Config = "kube-scheduler", crate::scheduler::SETTINGS;
    kubelet: crate::kubelet::Config = "kubelet", crate::kubelet::SETTINGS;
    proxy: crate::proxy::Config = "kube-proxy", crate::proxy::SETTINGS;
    etcd: crate::etcd::EtcdConfig = "etcd", crate::etcd::SETTINGS;
    runtime: crate::runtime::Config = "containerd", crate::runtime::SETTINGS;
    balancer: crate::apiserver::BalancerConfig = "balancer", crate::apiserver::BALANCER_SETTINGS;
    traffic: crate::traffic::Config = "traffic", crate::traffic::SETTINGS;
    metrics: crate::metrics::Config = "metrics-server", crate::metrics::SETTINGS;
}

/// Why a default could not be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingError {
    /// No component has such a flag.
    Unknown(String),
    /// Several components have it.
    Ambiguous(String, Vec<String>),
    /// The value does not fit: name, value, what was expected.
    Value(String, String, &'static str),
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingError::Unknown(name) => write!(f, "no component has a setting {name:?}"),
            SettingError::Ambiguous(name, several) => {
                write!(f, "{name:?} is a setting of {}: name the component", several.join(", "))
            }
            SettingError::Value(name, value, expected) => {
                write!(f, "{name}: {value:?} is not {expected}")
            }
        }
    }
}

/// The setting of a component that `name` means.
fn find<C>(
    settings: &'static [Setting<C>],
    component: &str,
    name: &str,
) -> Option<&'static Setting<C>> {
    let name = name.trim_start_matches("--");
    let flag = match name.split_once('.') {
        Some((of, flag)) if of == component => flag,
        Some(_) => return None,
        None => name,
    };
    settings.iter().find(|setting| setting.name == flag)
}

impl Configs {
    /// The defaults with the changes of a specification.
    ///
    /// Errors: as [`Configs::set`], for the first change that does not fit.
    pub fn of(spec: &ClusterSpec) -> Result<Self, SettingError> {
        let mut configs = Configs::default();
        for (name, value) in &spec.settings {
            configs.set(name, value)?;
        }
        Ok(configs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_takes_its_own_value_back() {
        let mut configs = Configs::default();
        for (component, flag, source, value) in settings(&Configs::default()) {
            assert!(!source.is_empty(), "{component}.{flag} has no source");
            let name = format!("{component}.{flag}");
            assert_eq!(configs.set(&name, &value), Ok(()), "{name} = {value}");
        }
        let before = settings(&Configs::default());
        assert_eq!(settings(&configs), before);
    }

    #[test]
    fn a_flag_of_several_components_needs_its_component() {
        let mut configs = Configs::default();
        let refused = configs.set("kube-api-qps", "100");
        assert!(matches!(refused, Err(SettingError::Ambiguous(_, several)) if several.len() > 1));
        assert_eq!(configs.set("kube-scheduler.kube-api-qps", "100"), Ok(()));
        assert!(configs.set("no-such-flag", "1").is_err());
    }
}
