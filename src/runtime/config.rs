//! How fast the runtime is, how big images are, how applications behave.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::Str;
use crate::kernel::Span;
use crate::setting;
use crate::wire::runtime::AppModel;
use crate::wire::setting::Setting;

/// The configuration of all machines.
///
/// Simplified: the real times depend on disk, network plug-in and image; these are typical ones
/// of containerd on a cloud machine, so that a small pod starts in about a second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// A call that changes nothing, there or back. Default: 1 ms.
    pub call: Span,
    /// RunPodSandbox: namespaces, pause container, network plug-in. Default: 300 ms.
    pub run_sandbox: Span,
    /// StopPodSandbox. Default: 100 ms.
    pub stop_sandbox: Span,
    /// CreateContainer: snapshot of the image, OCI bundle. Default: 60 ms.
    pub create_container: Span,
    /// StartContainer. Default: 40 ms.
    pub start_container: Span,
    /// Sizes of images and the time to fetch them.
    pub images: ImageModel,
    /// Behaviour of applications.
    pub apps: AppModels,
}

/// Sizes of images and the time to fetch them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageModel {
    /// Smallest image, where nothing is said of it \[bytes\]. Default: 20 MB.
    pub size_min: u64,
    /// Greatest image, where nothing is said of it \[bytes\]. Default: 200 MB.
    pub size_max: u64,
    /// Fetching and unpacking [bytes per second]. Default: 50 MB/s.
    pub bandwidth: u64,
    /// Asking the registry, per image. Default: 400 ms.
    pub registry: Span,
    /// How long a registry that fails takes to fail. Default: 1 s.
    pub failure: Span,
    /// What is said of single images.
    pub by_name: BTreeMap<Str, ImageSpec>,
}

/// What is said of one image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageSpec {
    /// Bytes; none means derived from the name.
    pub size: Option<u64>,
    /// Time to fetch it; none means by size and bandwidth.
    pub pull: Option<Span>,
}

/// Behaviour of applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppModels {
    /// Of what runs for ever.
    pub server: Arc<AppModel>,
    /// Of init containers that are no sidecars.
    pub init: Arc<AppModel>,
    /// Of containers in pods that do not always restart (`restartPolicy`): they end by
    /// themselves. Simplified: the real program decides.
    pub batch: Arc<AppModel>,
    /// Of everything that runs from an image.
    pub by_image: BTreeMap<Str, Arc<AppModel>>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            call: Span::millis(1),
            run_sandbox: Span::millis(300),
            stop_sandbox: Span::millis(100),
            create_container: Span::millis(60),
            start_container: Span::millis(40),
            images: ImageModel::default(),
            apps: AppModels::default(),
        }
    }
}

impl Default for ImageModel {
    fn default() -> Self {
        ImageModel {
            size_min: 20_000_000,
            size_max: 200_000_000,
            bandwidth: 50_000_000,
            registry: Span::millis(400),
            failure: Span::secs(1),
            by_name: BTreeMap::new(),
        }
    }
}

impl Default for AppModels {
    fn default() -> Self {
        let server = AppModel::default();
        let init = AppModel { runs_for: Some(Span::secs(1)), ..AppModel::default() };
        let batch = AppModel { runs_for: Some(Span::secs(30)), ..AppModel::default() };
        AppModels {
            server: Arc::new(server),
            init: Arc::new(init),
            batch: Arc::new(batch),
            by_image: BTreeMap::new(),
        }
    }
}

impl ImageModel {
    /// Bytes of `image`: as said, or else a number that only its name decides.
    #[must_use]
    pub fn size(&self, image: &str) -> u64 {
        let said = said_of(&self.by_name, image).and_then(|spec| spec.size);
        said.unwrap_or_else(|| {
            let width = self.size_max.saturating_sub(self.size_min).saturating_add(1);
            self.size_min + fingerprint(image) % width
        })
    }

    /// The time to fetch `image` and unpack it.
    #[must_use]
    pub fn pull_time(&self, image: &str) -> Span {
        let said = said_of(&self.by_name, image).and_then(|spec| spec.pull);
        said.unwrap_or_else(|| {
            self.registry + Span::secs(1).scaled(self.size(image), self.bandwidth.max(1))
        })
    }
}

/// What is said of an image: of exactly this one, or of its name without a tag, which means every
/// tag.
pub(super) fn said_of<'a, T>(said: &'a BTreeMap<Str, T>, image: &str) -> Option<&'a T> {
    said.get(image).or_else(|| {
        let (name, tag) = image.rsplit_once(':')?;
        // A colon before a slash belongs to a registry's port, not to a tag.
        if tag.contains('/') { None } else { said.get(name) }
    })
}

/// FNV-1a, 64 bits.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What a scenario can change by name.
pub const SETTINGS: &[Setting<Config>] = &[
    setting!(Config, run_sandbox, "runtime-run-sandbox", "Simplified: containerd and CNI, typical"),
    setting!(Config, stop_sandbox, "runtime-stop-sandbox", "Simplified: containerd, typical"),
    setting!(
        Config,
        create_container,
        "runtime-create-container",
        "Simplified: containerd, typical"
    ),
    setting!(Config, start_container, "runtime-start-container", "Simplified: containerd, typical"),
    setting!(Config, images.size_min, "image-size-min", "Simplified: by the name of the image"),
    setting!(Config, images.size_max, "image-size-max", "Simplified: by the name of the image"),
    setting!(Config, images.bandwidth, "image-pull-bandwidth", "Simplified: network and unpacking"),
    setting!(Config, images.registry, "image-registry-latency", "Simplified: resolving a tag"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_as_big_as_said_or_as_its_name_decides() {
        let mut images = ImageModel::default();
        let (web, db) = (images.size("web:1"), images.size("db:1"));
        assert!(web != db && (20_000_000..=200_000_000).contains(&web));
        assert_eq!(web, ImageModel::default().size("web:1"));
        let said = ImageSpec { size: Some(100_000_000), pull: None };
        images.by_name.insert("web:1".into(), said);
        assert_eq!(images.pull_time("web:1"), Span::millis(2400));
    }

    #[test]
    fn settings_read_what_they_write() {
        for setting in SETTINGS {
            let mut config = Config::default();
            let text = (setting.get)(&config);
            assert_eq!((setting.set)(&mut config, &text), Ok(()), "{}", setting.name);
            assert_eq!(config, Config::default(), "{}", setting.name);
        }
    }
}
