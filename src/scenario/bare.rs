//! A scenario for manifests that came alone, and what the command line changes in any scenario.

use crate::api::{Kind, Object};
use crate::kernel::Span as TimeSpan;
use crate::scenario::check::{Check, World, setting};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::expect::eventually::Eventually;
use crate::scenario::expect::predicate::{Endpoints, Predicate, Replicas};
use crate::scenario::expect::{Demand as _, Expectation};
use crate::scenario::file::{Cluster, Scalar, Scenario};
use crate::scenario::load::Overrides;
use crate::scenario::manifest::Manifest;
use crate::scenario::settings;
use crate::scenario::source::{FileId, Files, Place, Span};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::{Duration, ObjectRef};
use crate::texts::diagnostics::ron as ron_texts;

/// A bare manifest is rehearsed for this long \[virtual\].
const UNTIL: TimeSpan = TimeSpan::mins(10);

/// The scenario of manifests without one: a default cluster on which everything must become ready.
pub(crate) fn scenario(names: &[&str], manifests: &[Manifest]) -> Scenario {
    let until = Spanned::bare(Duration(UNTIL));
    let objects = manifests.iter().flat_map(|manifest| &manifest.objects);
    let expect = objects.filter_map(|item| demand(&item.object)).map(Spanned::bare).collect();
    Scenario {
        title: names.join(", "),
        notes: String::new(),
        version: Spanned::bare(crate::scenario::file::LANGUAGE_VERSION),
        seed: 1,
        until,
        cluster: Cluster::default(),
        apply: Vec::new(),
        traffic: Vec::new(),
        steps: Vec::new(),
        expect,
        bookmarks: Vec::new(),
    }
}

/// Pods become ready, Services get endpoints.
fn demand(object: &Object) -> Option<Expectation> {
    let meta = object.meta();
    let (namespace, name) = (meta.namespace.to_string(), meta.name.to_string());
    let that = if let Object::Service(service) = object {
        let selects = !service.spec.selector.is_empty();
        let service = Spanned::bare(format!("{namespace}/{name}"));
        let bounds = (Some(1), None, None);
        let (at_least, at_most, exactly) = bounds;
        let endpoints = Endpoints { service, at_least, at_most, exactly };
        selects.then_some(Predicate::Endpoints(endpoints))?
    } else {
        let wanted = if let Object::Deployment(deployment) = object {
            deployment.spec.replicas > 0
        } else if let Object::ReplicaSet(set) = object {
            set.spec.replicas > 0
        } else {
            object.kind() == Kind::Pod
        };
        let of = ObjectRef { kind: object.kind(), namespace, name };
        let replicas = Replicas { of: Spanned::bare(of), replicas: None };
        wanted.then_some(Predicate::Ready(replicas))?
    };
    let from = Spanned::default();
    Some(Expectation::Eventually(Eventually { that, from, within: None, note: String::new() }))
}

/// Leaves out expectations whose windows begin after the end: they are warned about, and nothing
/// could ever be said of them.
pub(crate) fn leave_out_what_never_comes(scenario: &mut Scenario) {
    let until = scenario.until.value;
    scenario.expect.retain(|expectation| {
        let begins = expectation.value.begins();
        begins < until || begins == Duration::default()
    });
}

/// Puts the words of the command line in place of those of the scenario.
///
/// Returns the text that stands for the command line, when something of it must be checked.
pub(crate) fn apply_overrides(
    scenario: &mut Scenario,
    overrides: &Overrides,
    (files, found): (&mut Files, &mut Diagnostics),
) -> Option<FileId> {
    if let Some(seed) = overrides.seed {
        scenario.seed = seed;
    }
    if let Some(count) = overrides.nodes {
        let default = Cluster::default().nodes;
        let like = scenario.cluster.nodes.iter().chain(&default).next().cloned();
        scenario.cluster.nodes = like.into_iter().collect();
        for group in &mut scenario.cluster.nodes {
            group.name = Spanned::bare("n".to_owned());
            group.count = Some(Spanned::bare(count));
        }
    }
    let mut line = String::new();
    if let Some(text) = &overrides.until {
        line.push_str("--until ");
        let span = Span::new(line.len(), line.len() + text.len());
        line.push_str(text);
        line.push('\n');
        match text.parse::<Duration>() {
            Ok(value) => scenario.until = Spanned { value, span: Span::default() },
            Err(_) => {
                let place = Place { file: FileId(files.iter().count()), span };
                let bad = Diagnostic::error(&ron_texts::BAD_DURATION, place);
                found.push(bad.arg("path", "--until").arg("found", text.as_str()));
            }
        }
    }
    let file = FileId(files.iter().count());
    for text in &overrides.settings {
        line.push_str("--set ");
        let start = line.len();
        line.push_str(text);
        line.push('\n');
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let name_span = Span::new(start, start + name.len());
        let value_span = Span::new((start + name.len() + 1).min(line.len()), start + text.len());
        let world = World::default();
        let mut check = Check { world: &world, found: &mut *found, file, here: name_span };
        setting((name, name_span), (value, value_span), &mut check);
        let good = settings::find(name).is_ok_and(|known| known.accepts(value).is_ok());
        if !good {
            continue;
        }
        let key = Spanned { value: name.to_owned(), span: Span::default() };
        scenario.cluster.settings.insert(key, Spanned::bare(Scalar(value.to_owned())));
    }
    (!line.is_empty()).then(|| files.add("prova run", line))
}
