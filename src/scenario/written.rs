//! The text of a scenario that plays what the command line named.
//!
//! Sessions are saved as scenarios. Manifests that came alone have no scenario's text, and words of
//! the command line stand in place of a file's; here both become a text, and the text is read again
//! and held against the plan: what it would not play is not given out.

use crate::scenario::cut::without_the_late;
use crate::scenario::expect::Expectation;
use crate::scenario::expect::predicate::Predicate;
use crate::scenario::load::{Overrides, is_manifest, load};
use crate::scenario::plan::Plan;
use crate::scenario::source::{ReadError, Sources, join};
use crate::scenario::splice::{with_entry, with_field, with_nodes, with_setting};

/// A scenario's text and the name under which it was read: other names in it are seen from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// The text that plays `plan`, which `names` with `overrides` led to; none where no text does.
#[must_use]
pub fn written(
    names: &[&str],
    overrides: &Overrides,
    plan: &Plan,
    sources: &dyn Sources,
) -> Option<Written> {
    let (scenarios, manifests): (Vec<&str>, Vec<&str>) =
        names.iter().copied().partition(|name| is_manifest(name) == Some(false));
    let (name, text) = match scenarios.as_slice() {
        // A scenario of their own, in the folder from which they were named.
        [] => (format!("{}.ron", names.first()?.rsplit('/').next()?), bare(plan)),
        [name] => ((*name).to_owned(), sources.read(name).ok()?),
        [..] => return None,
    };
    let untouched = manifests.is_empty() && *overrides == Overrides::default();
    let text = manifests.iter().try_fold(text, |text, manifest| {
        with_entry(&text, "apply", &mentioned(&name, manifest, sources)?)
    })?;
    let text = overridden(text, overrides)?;
    let written = Written { name, text };
    (untouched || plays(&written, plan, sources)).then_some(written)
}

/// A scenario without manifests, of the plan of manifests that came alone.
fn bare(plan: &Plan) -> String {
    let expect = plan.expect.iter().filter_map(|expectation| words(&expectation.value));
    let expect: String = expect.map(|words| format!("        {words},\n")).collect();
    let until = plan.until.as_nanos();
    format!(
        "(\n    title: {:?},\n    until: \"{until}ns\",\n    seed: {},\n    \
         apply: [],\n    expect: [\n{expect}    ],\n)\n",
        plan.title, plan.seed
    )
}

/// An expectation of a bare manifest in a scenario's words.
fn words(expectation: &Expectation) -> Option<String> {
    let Expectation::Eventually(eventually) = expectation else { return None };
    let that = if let Predicate::Ready(what) = &eventually.that {
        format!("ready({:?})", what.of.value.to_string())
    } else if let Predicate::Endpoints(what) = &eventually.that {
        format!("endpoints(service: {:?}, at_least: 1)", what.service.value)
    } else {
        return None;
    };
    Some(format!("eventually(that: {that})"))
}

/// A manifest as the scenario `name` mentions it: a file's name as seen from there, or the text
/// itself where there is no file (it came through a pipe).
fn mentioned(name: &str, manifest: &str, sources: &dyn Sources) -> Option<String> {
    if manifest.starts_with("stdin.") {
        let text = sources.read(manifest).ok()?;
        let longest = text.split('"').map(|rest| rest.len() - rest.trim_start_matches('#').len());
        let hashes = "#".repeat(longest.max().unwrap_or(0) + 1);
        return Some(format!("inline(r{hashes}\"{text}\"{hashes})"));
    }
    let folders = name.split('/').count() - 1;
    let seen = format!("{}{manifest}", "../".repeat(folders));
    let seen = [manifest.to_owned(), seen].into_iter().find(|seen| join(name, seen) == manifest)?;
    Some(format!("{seen:?}"))
}

/// The text with the words of the command line in it.
fn overridden(text: String, overrides: &Overrides) -> Option<String> {
    let text = match overrides.seed {
        Some(seed) => with_field(&text, &["seed"], &seed.to_string())?,
        None => text,
    };
    let text = match &overrides.until {
        Some(until) => without_the_late(&with_field(&text, &["until"], &format!("{until:?}"))?)?,
        None => text,
    };
    let text = match overrides.nodes {
        Some(count) => with_nodes(&text, count)?,
        None => text,
    };
    overrides.settings.iter().try_fold(text, |text, setting| {
        let (name, value) = setting.split_once('=')?;
        with_setting(&text, name, value)
    })
}

/// Whether a text leads to the same run as `plan`.
fn plays(written: &Written, plan: &Plan, sources: &dyn Sources) -> bool {
    let texts = |name: &str| -> Result<String, ReadError> {
        if name == written.name { Ok(written.text.clone()) } else { sources.read(name) }
    };
    let loaded = load(&[&written.name], &Overrides::default(), &texts);
    let Some(again) = loaded.value else { return false };
    let (one, two) = (&plan.cluster, &again.cluster);
    let machines = one.nodes == two.nodes
        && (one.control_planes, one.etcd) == (two.control_planes, two.etcd)
        && one.control_plane_zones == two.control_plane_zones;
    let programs = one.kubernetes == two.kubernetes
        && one.settings == two.settings
        && one.addons == two.addons
        && one.images == two.images;
    // Steps beyond the end never happen.
    let moments = |plan: &Plan| {
        let moments = plan.steps.iter().map(|step| step.at);
        moments.filter(|at| *at <= plan.until).collect::<Vec<_>>()
    };
    let play = (plan.seed, plan.until) == (again.seed, again.until)
        && plan.objects == again.objects
        && plan.traffic.len() == again.traffic.len()
        && moments(plan) == moments(&again);
    machines && programs && play
}
