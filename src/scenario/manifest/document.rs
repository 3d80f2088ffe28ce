//! From one YAML document to one object, or to every reason why not.

use super::kinds::{self, KINDS, KindRow, Standing};
use super::{convert, rules};
use crate::api::Object;
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::source::{FileId, Files, Place, SourceFile, Span};
use crate::scenario::suggest::nearest;
use crate::scenario::tree::de::Cx;
use crate::scenario::tree::{Node, Value};
use crate::scenario::yaml;
use crate::texts::diagnostics::{files as file_texts, shape};

/// What one manifest file holds.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The objects to create, in the order of the file.
    pub objects: Vec<ManifestObject>,
    /// Valid objects of kinds that are not simulated.
    pub skipped: Vec<Skipped>,
}

/// One object with the place it came from.
#[derive(Clone, Debug)]
pub struct ManifestObject {
    /// The object; a namespaced one without a namespace is in `default`.
    pub object: Object,
    /// Where its name stands.
    pub place: Place,
    /// The document, for checks that need the place of a word.
    pub node: Node,
}

/// A valid object that Prova leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its kind.
    pub kind: &'static str,
    /// Its namespace; empty for cluster-scoped kinds.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Would its controller make pods?
    pub workload: bool,
    /// Where its kind stands.
    pub place: Place,
}

/// Reads a manifest: every object in it, and every finding about it.
///
/// `part` is the part of the text that holds it, or `None` for all.
pub fn read(
    files: &Files,
    (id, part): (FileId, Option<Span>),
    found: &mut Diagnostics,
) -> Manifest {
    let mut manifest = Manifest::default();
    let Some(file) = files.get(id) else { return manifest };
    let part = part.unwrap_or(file.whole());
    let documents = yaml::read(file, (id, part), found);
    let mut ignored = convert::Ignored::default();
    let mut any = found.has_errors();
    for document in documents {
        if document.root.value != Value::Null {
            any = true;
            let mut reading = Reading { file, id, found: &mut *found, ignored: &mut ignored };
            reading.document(document.root, &mut manifest);
        }
    }
    if !any {
        let place = Place { file: id, span: Span::new(part.start, part.start) };
        found.push(
            Diagnostic::error(&file_texts::FILE_EMPTY, place).arg("file", file.name.as_str()),
        );
    }
    if let Some(note) = ignored.into_note(id) {
        found.push(note);
    }
    left_out(&manifest, found);
    manifest
}

/// One note per kind that is left out, with the names of its objects.
fn left_out(manifest: &Manifest, found: &mut Diagnostics) {
    let harmless = || manifest.skipped.iter().filter(|skipped| !skipped.workload);
    let mut kinds: Vec<&str> = harmless().map(|skipped| skipped.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let of_kind: Vec<&Skipped> = harmless().filter(|skipped| skipped.kind == kind).collect();
        let names: Vec<&str> = of_kind.iter().map(|skipped| skipped.name.as_str()).collect();
        let note = Diagnostic::note(&shape::KIND_NOT_SIMULATED, of_kind[0].place);
        found.push(note.arg("kind", kind).arg("names", names.join(", ")));
    }
}

struct Reading<'a> {
    file: &'a SourceFile,
    id: FileId,
    found: &'a mut Diagnostics,
    ignored: &'a mut convert::Ignored,
}

impl Reading<'_> {
    fn place(&self, node: &Node) -> Place {
        Place { file: self.id, span: node.span }
    }

    /// One document, which may be a list of objects.
    fn document(&mut self, root: Node, manifest: &mut Manifest) {
        if !matches!(root.value, Value::Map(_)) {
            let place = Place { file: self.id, span: first_line(self.file, &root) };
            let found = Diagnostic::error(&shape::NOT_AN_OBJECT, place);
            self.found.push(found.arg("found", root.type_word()));
            return;
        }
        if root.get("kind").and_then(Node::text) == Some("List") {
            for item in root.get("items").map(Node::items).unwrap_or_default() {
                self.document(item.clone(), manifest);
            }
            return;
        }
        if let Some(row) = self.row(&root) {
            self.object(row, root, manifest);
        }
    }

    /// Which kind the document is; what is wrong about `kind` and `apiVersion` is told.
    fn row(&mut self, root: &Node) -> Option<&'static KindRow> {
        let head = root.entries().first().map_or(root.span, |entry| entry.key_span);
        let head = Place { file: self.id, span: head };
        let kind = root.get("kind");
        let version = root.get("apiVersion");
        for (field, node) in [("apiVersion", version), ("kind", kind)] {
            let Some(node) = node else {
                let missing = Diagnostic::error(&shape::MISSING_FIELD, head).arg("field", field);
                let owner = kind.and_then(Node::text).unwrap_or("Object");
                self.found.push(missing.arg("owner", owner));
                continue;
            };
            if node.text().is_none() {
                let wrong = Diagnostic::error(&shape::WRONG_TYPE, self.place(node));
                let wrong = wrong.arg("path", field).arg("expected", shape::TypeWord::Text);
                self.found.push(wrong.arg("found", node.type_word()));
            }
        }
        let (kind, kind_node) = (kind.and_then(Node::text)?, kind?);
        let version_text = version.and_then(Node::text);
        if let Some(row) = kinds::find(kind, version_text) {
            return Some(row);
        }
        if let (Some(row), Some(node)) = (kinds::find(kind, None), version) {
            let wrong = Diagnostic::error(&shape::WRONG_API_VERSION, self.place(node))
                .arg("kind", kind)
                .arg("found", version_text.unwrap_or_default())
                .arg("expected", row.api_version)
                .suggest([row.api_version.to_owned()]);
            self.found.push(wrong);
            return Some(row);
        }
        let custom = version_text.is_some_and(|version| !kinds::is_builtin_group(version));
        if custom {
            let note = Diagnostic::note(&shape::CUSTOM_KIND, self.place(kind_node));
            self.found
                .push(note.arg("kind", kind).arg("version", version_text.unwrap_or_default()));
        } else {
            let near = nearest(kind, KINDS.iter().map(|row| row.kind));
            let unknown = Diagnostic::error(&shape::UNKNOWN_KIND, self.place(kind_node));
            self.found.push(unknown.arg("kind", kind).suggest(near));
        }
        None
    }

    fn object(&mut self, row: &'static KindRow, root: Node, manifest: &mut Manifest) {
        let mut cx = Cx::new(self.file, self.id);
        cx.rules = Some(rules::check);
        cx.yaml = true;
        for field in ["apiVersion", "kind"] {
            // Checked above; a wrong one must not hide what is wrong with the rest.
            if let Some(node) = root.get(field) {
                cx.spoil(node);
            }
        }
        let json = (row.read)(&root, &mut cx);
        rules::object_name(row, &root, &mut cx);
        let clean = !cx.found.has_errors();
        self.found.extend(std::mem::take(&mut cx.found));
        let Some(json) = json.filter(|_| clean) else { return };
        let meta = |field: &str| root.at(&["metadata", field]).and_then(Node::text);
        let name = meta("name").or(meta("generateName")).unwrap_or_default();
        let place = root.at(&["metadata", "name"]).map_or(root.span, |node| node.span);
        let place = Place { file: self.id, span: place };
        let namespace = if row.namespaced { meta("namespace").unwrap_or("default") } else { "" };
        if let Standing::Simulated(kind) = row.standing {
            match convert::object(kind, (row, json), (&root, self.id), self.ignored) {
                Ok(object) => {
                    manifest.objects.push(ManifestObject { object, place, node: root });
                    return;
                }
                Err(convert::Refused::NotSimulated) => {}
                Err(convert::Refused::Unreadable(detail)) => {
                    let bad = Diagnostic::error(&shape::BAD_VALUE, place);
                    self.found.push(bad.arg("path", row.kind).arg("detail", detail));
                    return;
                }
            }
        }
        let workload = row.standing == Standing::Workload;
        let (namespace, name) = (namespace.to_owned(), name.to_owned());
        let place = self.kind_place(&root);
        if workload {
            let told = Diagnostic::warning(&shape::WORKLOAD_NOT_SIMULATED, place);
            self.found.push(told.arg("kind", row.kind).arg("name", name.as_str()));
        }
        manifest.skipped.push(Skipped { kind: row.kind, namespace, name, workload, place });
    }

    fn kind_place(&self, root: &Node) -> Place {
        root.get("kind").map_or(self.place(root), |node| self.place(node))
    }
}

/// The first line of a value, so that a caret does not run over a whole document.
fn first_line(file: &SourceFile, node: &Node) -> Span {
    let text = file.slice(node.span);
    let length = text.find('\n').unwrap_or(text.len());
    Span::new(node.span.start, node.span.start + length)
}
