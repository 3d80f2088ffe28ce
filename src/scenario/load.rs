//! The way in: names of texts go in, a plan and every finding come out.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::scenario::check::{self, Check, World};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::scenario::expect::Expectation;
use crate::scenario::expect::predicate::Predicate;
use crate::scenario::file::{Apply, Scenario, Step};
use crate::scenario::manifest::{self, Manifest};
use crate::scenario::plan::{Plan, applied};
use crate::scenario::source::{FileId, Files, Place, ReadError, Sources, Span, join};
use crate::scenario::steps::Action;
use crate::scenario::tree::de::{self, Cx};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::{bare, ron};
use crate::texts::Lang;
use crate::texts::diagnostics::{files as file_texts, physics};

/// Most copies that one `many` may make.
const COPIES_MAX: u64 = 100_000;

/// What a load brought: the value, if the texts were good enough, and all findings.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// The value; `None` when a finding is an error.
    pub value: Option<T>,
    /// The texts that were read, for showing findings.
    pub files: Files,
    /// Every finding in the order of the texts: errors, warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Loaded<T> {
    /// A load that is finished: the value stays only when no finding is an error.
    fn new(value: Option<T>, files: Files, found: Diagnostics) -> Loaded<T> {
        let value = value.filter(|_| !found.has_errors());
        Loaded { value, files, diagnostics: found.into_sorted() }
    }

    /// Was something wrong?
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }
}

/// What the command line says in place of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--seed`.
    pub seed: Option<u64>,
    /// `--until`.
    pub until: Option<String>,
    /// `--nodes`: so many workers n1, n2, … of the default size.
    pub nodes: Option<u32>,
    /// `--set name=value`, in the order of the command line.
    pub settings: Vec<String>,
}

/// Is this the name of a Kubernetes manifest (`Some(true)`), of a scenario (`Some(false)`)?
///
/// `-`, the standard input, is a manifest, as it is to `kubectl apply -f -`.
pub fn is_manifest(name: &str) -> Option<bool> {
    if name == "-" {
        return Some(true);
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "yaml" | "yml" | "json" => Some(true),
        "ron" => Some(false),
        _ => None,
    }
}

/// Reads what a user names: any number of manifests to rehearse on a default cluster, or one
/// scenario, with further manifests to apply besides its own.
///
/// Errors: `value` is `None` and `diagnostics` says why, everything at once.
pub fn load(names: &[&str], overrides: &Overrides, sources: &dyn Sources) -> Loaded<Plan> {
    let mut loading = Loading::new(sources);
    let (scenarios, manifests): (Vec<&str>, Vec<&str>) =
        names.iter().copied().partition(|name| is_manifest(name) == Some(false));
    let plan = match scenarios.as_slice() {
        [] => loading.bare(&manifests, overrides),
        [name] => loading.scenario(name, &manifests, overrides),
        [_, second, ..] => {
            let file = loading.files.add(*second, "");
            let place = Place { file, ..Place::default() };
            let several = Diagnostic::error(&file_texts::SEVERAL_SCENARIOS, place);
            loading.found.push(several.arg("file", *second));
            None
        }
    };
    Loaded::new(plan, loading.files, loading.found)
}

/// What a scenario is held against besides its own words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Besides<'a> {
    /// Further steps.
    pub steps: &'a [Step],
    /// Further expectations.
    pub expect: &'a [Expectation],
}

/// Every finding of a scenario with further steps and expectations; these have no place of their
/// own in its text.
pub fn findings(name: &str, besides: Besides<'_>, sources: &dyn Sources) -> Vec<Diagnostic> {
    let mut loading = Loading { besides, ..Loading::new(sources) };
    loading.scenario(name, &[], &Overrides::default());
    loading.found.into_sorted()
}

/// Reads Kubernetes manifests: every object of every file, checked one by one and together.
pub fn manifests(names: &[&str], sources: &dyn Sources) -> Loaded<Vec<Manifest>> {
    let mut loading = Loading::new(sources);
    let read = loading.manifests(names);
    Loaded::new(Some(read), loading.files, loading.found)
}

struct Loading<'s> {
    sources: &'s dyn Sources,
    files: Files,
    found: Diagnostics,
    /// The command line set the end.
    shortened: bool,
    besides: Besides<'s>,
}

impl<'s> Loading<'s> {
    fn new(sources: &'s dyn Sources) -> Self {
        let (files, found) = (Files::new(), Diagnostics::new());
        Loading { sources, files, found, shortened: false, besides: Besides::default() }
    }

    /// Gets one text; why it could not be had becomes a finding at the start of an empty text.
    fn fetch(&mut self, name: &str) -> Option<FileId> {
        match self.sources.read(name) {
            Ok(text) => Some(self.files.add(name, text)),
            Err(error) => {
                let file = self.files.add(name, "");
                self.found.push(unreadable(name, error, Place { file, ..Place::default() }));
                None
            }
        }
    }

    fn manifests(&mut self, names: &[&str]) -> Vec<Manifest> {
        let mut read = Vec::new();
        for name in names {
            read.extend(self.manifest(name));
        }
        let all: Vec<&Manifest> = read.iter().collect();
        manifest::check_together(&all, &mut self.found);
        read
    }

    /// One manifest that the user names.
    fn manifest(&mut self, name: &str) -> Option<Manifest> {
        if is_manifest(name) == Some(true) {
            let id = self.fetch(name)?;
            return Some(manifest::read(&self.files, (id, None), &mut self.found));
        }
        let file = self.files.add(name, "");
        let place = Place { file, ..Place::default() };
        let unknown = Diagnostic::error(&file_texts::UNKNOWN_FILE_KIND, place);
        self.found.push(unknown.arg("file", name));
        None
    }

    /// Manifests without a scenario: a default cluster, and the expectation that all of it works.
    fn bare(&mut self, names: &[&str], overrides: &Overrides) -> Option<Plan> {
        let manifests = self.manifests(names);
        let mut scenario = bare::scenario(names, &manifests);
        let file = self.overrides(&mut scenario, overrides);
        self.check(&scenario, &manifests, &BTreeMap::new(), file.unwrap_or_default());
        Some(Plan::new(scenario, &manifests, &BTreeMap::new()))
    }

    fn scenario(&mut self, name: &str, more: &[&str], overrides: &Overrides) -> Option<Plan> {
        let id = self.fetch(name)?;
        let file = self.files.get(id)?.clone();
        let root = ron::read(&file, id, &mut self.found)?;
        let mut cx = Cx::new(&file, id);
        let scenario: Option<Scenario> = de::read(&root, "scenario", &mut cx);
        self.found.extend(std::mem::take(&mut cx.found));
        let mut scenario = scenario?;
        scenario.steps.extend(self.besides.steps.iter().cloned());
        scenario.expect.extend(self.besides.expect.iter().cloned().map(Spanned::bare));
        let from = (name, id);
        let mut manifests = Vec::new();
        for apply in &scenario.apply {
            manifests.extend(self.apply(from, apply));
        }
        manifests.extend(more.iter().filter_map(|name| self.manifest(name)));
        let mut later = BTreeMap::new();
        for (number, step) in scenario.steps.iter().enumerate() {
            if let Some(apply) = applied(&step.action.value) {
                later.insert(number, self.apply(from, apply));
            }
        }
        let first: Vec<&Manifest> = manifests.iter().collect();
        manifest::check_together(&first, &mut self.found);
        self.overrides(&mut scenario, overrides);
        self.shortened = overrides.until.is_some();
        self.check(&scenario, &manifests, &later, id);
        bare::leave_out_what_never_comes(&mut scenario);
        Some(Plan::new(scenario, &manifests, &later))
    }

    /// Reads what one `apply` of a scenario brings.
    fn apply(&mut self, from: (&str, FileId), apply: &Spanned<Apply>) -> Vec<Manifest> {
        if let (Apply::Inline(text), Some(file)) = (&apply.value, self.files.get(from.1))
            && let Some(part) = inside(file.slice(apply.span), text)
        {
            // The text stands in the scenario letter for letter: findings point there.
            let part = Span::new(apply.span.start + part.start, apply.span.start + part.end);
            return vec![manifest::read(&self.files, (from.1, Some(part)), &mut self.found)];
        }
        let Apply::Many(many) = &apply.value else {
            let Some((name, text)) = self.text(from, apply) else { return Vec::new() };
            return vec![self.read_manifest(name, text)];
        };
        let Some((name, text)) = self.text(from, &many.manifest) else { return Vec::new() };
        let copies = many.numbers.values().map(|count| u64::from(count.value));
        if copies.fold(1, u64::saturating_mul) > COPIES_MAX {
            let place = Place { file: from.1, span: apply.span };
            let most = COPIES_MAX.to_string();
            self.found.push(Diagnostic::error(&physics::TOO_MANY_COPIES, place).arg("most", most));
            return Vec::new();
        }
        let mut texts = vec![(name, text)];
        for (hole, count) in &many.numbers {
            let put_in = |(name, text): &(String, String), number: u32| {
                let (hole, number) = (format!("{{{hole}}}"), number.to_string());
                (format!("{name} {hole}={number}"), text.replace(&hole, &number))
            };
            let numbers = 1..=count.value;
            let copies = texts.iter().flat_map(|one| numbers.clone().map(move |n| put_in(one, n)));
            texts = copies.collect();
        }
        let mut manifests = Vec::new();
        for (name, text) in texts {
            manifests.push(self.read_manifest(name, text));
            if self.found.has_errors() {
                // The copies differ in numbers only: one is enough to see what is wrong.
                break;
            }
        }
        manifests
    }

    fn read_manifest(&mut self, name: String, text: String) -> Manifest {
        let id = self.files.add(name, text);
        manifest::read(&self.files, (id, None), &mut self.found)
    }

    /// Name and text of a manifest that a scenario mentions.
    fn text(
        &mut self,
        (scenario, id): (&str, FileId),
        apply: &Spanned<Apply>,
    ) -> Option<(String, String)> {
        let place = Place { file: id, span: apply.span };
        match &apply.value {
            Apply::Inline(text) => Some((format!("{scenario}#inline"), text.clone())),
            Apply::File(mentioned) => {
                let name = join(scenario, mentioned);
                match self.sources.read(&name) {
                    Ok(text) => Some((name, text)),
                    Err(error) => {
                        self.found.push(unreadable(mentioned, error, place));
                        None
                    }
                }
            }
            Apply::Many(_) => {
                self.found.push(Diagnostic::error(&physics::MANY_IN_MANY, place));
                None
            }
        }
    }

    /// Puts the command line's words in place of the file's; slips are shown as a text of their own.
    fn overrides(&mut self, scenario: &mut Scenario, overrides: &Overrides) -> Option<FileId> {
        bare::apply_overrides(scenario, overrides, (&mut self.files, &mut self.found))
    }

    fn check(
        &mut self,
        scenario: &Scenario,
        manifests: &[Manifest],
        later: &BTreeMap<usize, Vec<Manifest>>,
        file: FileId,
    ) {
        let all: Vec<&Manifest> = manifests.iter().chain(later.values().flatten()).collect();
        let first: Vec<&Manifest> = manifests.iter().collect();
        let world = World { shortened: self.shortened, ..World::new(scenario, &all) };
        let here = Span::default();
        let mut check = Check { world: &world, found: &mut self.found, file, here };
        check::cluster(&scenario.cluster, &mut check);
        check::scenario(scenario, &first, &mut check);
    }
}

/// Reads one action, as a scenario writes it: `crash(node("n2"))`.
///
/// Names in it are not checked; what they do not hit is not hit.
/// Errors: the first finding, on one line with its place.
pub fn action(words: &str, lang: Lang) -> Result<Action, String> {
    one_value(words, "do", lang)
}

/// Reads one predicate, as a scenario writes it: `ready("deployment/web", 3)`.
///
/// Errors: the first finding, on one line with its place.
pub fn predicate(words: &str, lang: Lang) -> Result<Predicate, String> {
    one_value(words, "that", lang)
}

fn one_value<T: DeserializeOwned>(words: &str, root: &str, lang: Lang) -> Result<T, String> {
    let mut files = Files::new();
    let id = files.add("eylem", words);
    let mut found = Diagnostics::new();
    let file = files.get(id).cloned();
    let read = file.and_then(|file| {
        let tree = ron::read(&file, id, &mut found)?;
        let mut cx = Cx::new(&file, id);
        let value: Option<T> = de::read(&tree, root, &mut cx);
        found.extend(std::mem::take(&mut cx.found));
        value
    });
    let errors = found.has_errors();
    read.filter(|_| !errors).ok_or_else(|| {
        let first = found.into_sorted().into_iter().find(|one| one.severity == Severity::Error);
        first
            .map(|one| crate::scenario::render::in_one_line(&one, &files, lang))
            .unwrap_or_default()
    })
}

/// The finding for a text that could not be had, at the place that mentions it.
fn unreadable(name: &str, error: ReadError, place: Place) -> Diagnostic {
    match error {
        ReadError::NotFound => Diagnostic::error(&file_texts::FILE_NOT_FOUND, place),
        ReadError::NotUtf8 => Diagnostic::error(&file_texts::FILE_NOT_UTF8, place),
        ReadError::Other(reason) => {
            Diagnostic::error(&file_texts::FILE_UNREADABLE, place).arg("reason", reason)
        }
    }
    .arg("file", name)
}

/// The bytes of `written` (a string of the scenario with its quotes) that hold `text`, if it stands
/// there without escapes.
fn inside(written: &str, text: &str) -> Option<Span> {
    let start = written.find(text).filter(|_| text.len() > 1)?;
    Some(Span::new(start, start + text.len()))
}
