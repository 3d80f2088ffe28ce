//! From YAML events to trees: documents, anchors, duplicate keys, limits.
//!
//! When a document breaks the rules of YAML, the reading goes on behind the next `---` line, so a
//! file with one bad document still gets the others checked.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use super::{merge, scalar, syntax};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::source::{FileId, Place, SourceFile, Span};
use crate::scenario::tree::{Entry, Node, Value};
use crate::texts::diagnostics::{Label, yaml};

/// Deepest nesting that is read \[levels\].
const DEPTH_MAX: usize = 100;
/// Most values a document may unfold into \[values\], repeated anchors included.
const VALUES_MAX: u32 = 500_000;

/// One document of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its value; an empty document has none.
    pub root: Node,
}

/// Reads every document in a part of `file`; what is wrong goes to `found`.
///
/// The part is the whole of a YAML file, or the inside of a raw string in a scenario.
pub fn read(
    file: &SourceFile,
    (id, part): (FileId, Span),
    found: &mut Diagnostics,
) -> Vec<Document> {
    let mut documents = Vec::new();
    let text = file.slice(Span::new(0, part.end));
    let mut start = part.start.min(text.len());
    let mut ids = 0;
    loop {
        let mut builder = Builder::new(file, id, Span::new(start, text.len()), ids);
        let stopped = builder.run(&text[start..]);
        found.extend(std::mem::take(&mut builder.found));
        documents.append(&mut builder.documents);
        ids = builder.ids;
        let Some(at) = stopped else { return documents };
        let Some(next) = next_document(text, at.max(start)) else { return documents };
        start = next;
    }
}

/// The start of the first line behind `at` that opens a document.
fn next_document(text: &str, at: usize) -> Option<usize> {
    let mut from = at;
    loop {
        let line = from + text.get(from..)?.find('\n')? + 1;
        let rest = text.get(line..)?;
        if rest.starts_with("---") && rest[3..].chars().next().is_none_or(char::is_whitespace) {
            return Some(line);
        }
        from = line;
    }
}

/// A list or mapping that is still open.
struct Frame {
    anchor: usize,
    start: usize,
    end: usize,
    /// Something in it cannot be read; then nobody shall complain about the whole.
    broken: bool,
    open: Open,
}

enum Open {
    Seq(Vec<Node>),
    Map { entries: Vec<Entry>, keys: BTreeMap<String, Span>, key: Option<(String, Span)> },
}

struct Builder<'t> {
    file: &'t SourceFile,
    id: FileId,
    /// Bytes of the characters of the text under reading; the YAML reader counts characters.
    bytes: Vec<usize>,
    part: Span,
    ids: u32,
    values: u32,
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, Node>,
    documents: Vec<Document>,
    found: Diagnostics,
}

impl<'t> Builder<'t> {
    fn new(file: &'t SourceFile, id: FileId, part: Span, ids: u32) -> Builder<'t> {
        let text = file.slice(part);
        let mut bytes: Vec<usize> =
            text.char_indices().map(|(byte, _)| part.start + byte).collect();
        bytes.push(part.end);
        let (stack, anchors, documents) = (Vec::new(), BTreeMap::new(), Vec::new());
        let found = Diagnostics::new();
        Builder { file, id, bytes, part, ids, values: 0, stack, anchors, documents, found }
    }

    /// Reads until the end or the first breach; returns the byte of the breach.
    fn run(&mut self, text: &str) -> Option<usize> {
        let mut parser = Parser::new_from_str(text);
        while let Some(next) = parser.next_event() {
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => return Some(self.breach(&error)),
            };
            let span = Span::new(self.byte(span.start.index()), self.byte(span.end.index()));
            if let Err(at) = self.take(event, span) {
                return Some(at);
            }
        }
        None
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.part.end)
    }

    fn place(&self, span: Span) -> Place {
        Place { file: self.id, span }
    }

    fn breach(&mut self, error: &ScanError) -> usize {
        let at = self.byte(error.marker().index());
        let before = &self.file.text[self.part.start..at];
        let mut code = syntax::code(error.info());
        let mut span = self.letter(at);
        if before.ends_with('\t') && error.info().contains("must be followed") {
            // Legal YAML, but not to this reader, and nobody sees it on the screen.
            code = &yaml::YAML_TAB_VALUE;
            span = Span::new(at - 1, at);
        } else if self.file.text[at..self.part.end].trim_start().is_empty() && at > self.part.start
        {
            // The reader noticed at the end of the text: point at the last thing written.
            let last = before.trim_end().char_indices().last();
            span = self.letter(self.part.start + last.map_or(0, |(byte, _)| byte));
        }
        let flow = self
            .stack
            .iter()
            .rev()
            .find(|frame| self.file.text[frame.start..].starts_with(['[', '{']));
        let opened = flow.map(|frame| self.place(self.letter(frame.start)));
        if opened.is_some()
            && (std::ptr::eq(code, &yaml::YAML_INDENT) || std::ptr::eq(code, &yaml::YAML_SYNTAX))
        {
            code = &yaml::YAML_BRACKET;
        }
        let mut found = Diagnostic::error(code, self.place(span));
        if let Some(opened) = opened.filter(|_| std::ptr::eq(code, &yaml::YAML_BRACKET)) {
            found = found.also(opened, Label::OpenedHere);
        }
        if std::ptr::eq(code, &yaml::YAML_SYNTAX) {
            found = found.arg("detail", error.info());
        }
        self.found.push(found);
        at
    }

    /// The letter at a byte.
    fn letter(&self, at: usize) -> Span {
        let length = self.file.text[at..].chars().next().map_or(0, char::len_utf8);
        Span::new(at, at + length)
    }

    /// One event; `Err` is the byte at which the reading must stop.
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), usize> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.anchors.clear();
                self.values = 0;
            }
            Event::Alias(anchor) => {
                if let Some(known) = self.anchors.get(&anchor) {
                    let node = Node { span, ..known.clone() };
                    let count = count(&node);
                    self.room(count, span)?;
                    self.put(node);
                } else {
                    // An anchor that is still open: `a: &x [*x]`.
                    self.found
                        .push(Diagnostic::error(&yaml::YAML_UNKNOWN_ANCHOR, self.place(span)));
                    let node = self.node(span, Value::Null);
                    self.put(node);
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.room(1, span)?;
                let value = self.scalar(&text, style, tag.as_deref(), span);
                let broken = Node { id: Node::BROKEN, span, value: Value::Null };
                let node = value.map_or(broken, |value| self.node(span, value));
                self.anchor(anchor, &node);
                self.put(node);
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(Open::Seq(Vec::new()), anchor, tag.as_deref(), span)?;
            }
            Event::MappingStart(anchor, tag) => {
                let open = Open::Map { entries: Vec::new(), keys: BTreeMap::new(), key: None };
                self.open(open, anchor, tag.as_deref(), span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
        }
        Ok(())
    }

    fn node(&mut self, span: Span, value: Value) -> Node {
        self.ids += 1;
        Node { id: self.ids, span, value }
    }

    fn anchor(&mut self, anchor: usize, node: &Node) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
    }

    /// Counts new values against the limits.
    fn room(&mut self, count: u32, span: Span) -> Result<(), usize> {
        self.values = self.values.saturating_add(count);
        if self.values > VALUES_MAX || self.stack.len() > DEPTH_MAX {
            self.found.push(Diagnostic::error(&yaml::YAML_TOO_BIG, self.place(span)));
            return Err(span.start);
        }
        Ok(())
    }

    fn open(
        &mut self,
        open: Open,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), usize> {
        self.room(1, span)?;
        let fits = match &open {
            Open::Seq(_) => is_core(tag, &["seq"]),
            Open::Map { .. } => is_core(tag, &["map"]),
        };
        if let Some(tag) = tag.filter(|_| !fits) {
            self.bad_tag(tag, span);
        }
        self.stack.push(Frame { anchor, start: span.start, end: span.end, broken: false, open });
        Ok(())
    }

    fn close(&mut self, span: Span) {
        let Some(frame) = self.stack.pop() else { return };
        let flow = span.end > span.start;
        let end = if flow { span.end } else { frame.end };
        let value = match frame.open {
            Open::Seq(items) => Value::Seq(items),
            Open::Map { entries, .. } => Value::Map(merge::expand(entries)),
        };
        let mut node = self.node(Span::new(frame.start, end), value);
        if frame.broken {
            node.id = Node::BROKEN;
        }
        self.anchor(frame.anchor, &node);
        self.put(node);
    }

    /// The value of a scalar; `None` when it is told that there is none.
    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Option<Value> {
        let quoted = style != ScalarStyle::Plain;
        if is_core(tag, &["str"]) && tag.is_some() {
            return Some(Value::Str(text.to_owned()));
        }
        if let Some(tag) = tag.filter(|_| !is_core(tag, &["int", "float", "bool", "null"])) {
            self.bad_tag(tag, span);
        }
        if quoted && tag.is_none() {
            return Some(Value::Str(text.to_owned()));
        }
        let value = scalar::plain(text);
        if value.is_none() {
            let found = Diagnostic::error(&yaml::YAML_NUMBER, self.place(span)).arg("value", text);
            self.found.push(found);
        }
        value
    }

    fn bad_tag(&mut self, tag: &Tag, span: Span) {
        let shown = format!("{}{}", tag.handle, tag.suffix);
        self.found.push(Diagnostic::error(&yaml::YAML_TAG, self.place(span)).arg("tag", shown));
    }

    /// Puts a finished value where it belongs.
    fn put(&mut self, node: Node) {
        let (file, id) = (self.file, self.id);
        let Some(frame) = self.stack.last_mut() else {
            self.documents.push(Document { root: node });
            return;
        };
        frame.end = frame.end.max(node.span.end);
        match &mut frame.open {
            Open::Seq(items) => items.push(node),
            Open::Map { entries, keys, key } => {
                let Some((text, key_span)) = key.take() else {
                    let text = key_text(&node, file);
                    let place = Place { file: id, span: node.span };
                    if text.is_none() {
                        let template = file.text[..node.span.start].ends_with('{');
                        let code =
                            if template { &yaml::YAML_TEMPLATE } else { &yaml::YAML_KEY_KIND };
                        frame.broken = true;
                        self.found.push(Diagnostic::error(code, place));
                    }
                    *key = Some((text.unwrap_or_default(), node.span));
                    return;
                };
                if let Some(first) = keys.get(&text) {
                    let label = Label::FirstHere;
                    let place = Place { file: id, span: key_span };
                    let found = Diagnostic::error(&yaml::YAML_DUPLICATE_KEY, place)
                        .arg("key", text.as_str())
                        .also(Place { file: id, span: *first }, label);
                    self.found.push(found);
                    return;
                }
                keys.insert(text.clone(), key_span);
                entries.push(Entry { key: text, key_span, value: node });
            }
        }
    }
}

/// Is the tag absent or one of YAML's own of these names?
fn is_core(tag: Option<&Tag>, names: &[&str]) -> bool {
    tag.is_none_or(|tag| {
        let core = tag.handle == "tag:yaml.org,2002:" || tag.handle == "!!";
        core && names.contains(&tag.suffix.as_str())
    })
}

/// A key as text; numbers and booleans are keys as they are written.
fn key_text(node: &Node, file: &SourceFile) -> Option<String> {
    if let Some(text) = node.text() {
        return Some(text.to_owned());
    }
    let scalar = matches!(node.value, Value::Bool(_) | Value::Int(_) | Value::Float(_));
    scalar.then(|| file.slice(node.span).to_owned())
}

/// How many values a tree holds.
fn count(node: &Node) -> u32 {
    let parts = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    parts.map(count).fold(1, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::render::all_to_text;
    use crate::scenario::source::Files;
    use crate::texts::Lang;

    fn parse(text: &str) -> (Vec<Document>, String, Files) {
        let mut files = Files::new();
        let id = files.add("a.yaml", text);
        let mut found = Diagnostics::new();
        let file = files.get(id).cloned();
        let documents =
            file.map(|file| read(&file, (id, file.whole()), &mut found)).unwrap_or_default();
        let shown = all_to_text(&found.into_sorted(), &files, Lang::En);
        (documents, shown, files)
    }

    #[test]
    fn values_know_their_places() {
        let text = "a:\n  ğ: [1, 'iki']\n  b: deneme  # yorum\nc: |\n  x\n";
        let (documents, shown, files) = parse(text);
        assert_eq!(shown, "");
        let file = files.get(FileId(0)).cloned().unwrap();
        let root = &documents[0].root;
        let list = root.at(&["a", "ğ"]).unwrap();
        assert_eq!(file.slice(list.span), "[1, 'iki']");
        assert_eq!(file.slice(list.items()[1].span), "'iki'");
        assert_eq!(file.slice(root.at(&["a", "b"]).unwrap().span), "deneme");
        assert_eq!(file.slice(root.get("a").unwrap().entries()[0].key_span), "ğ");
        assert_eq!(root.get("c").unwrap().text(), Some("x\n"));
    }

    #[test]
    fn anchors_and_merges_unfold() {
        let (documents, shown, _) =
            parse("base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\nlist: [*b]\n");
        assert_eq!(shown, "");
        let other = documents[0].root.get("other").unwrap();
        assert_eq!(other.get("x").and_then(Node::int), Some(1));
        assert_eq!(other.get("y").and_then(Node::int), Some(3));
        assert_eq!(documents[0].root.get("list").unwrap().items()[0].entries().len(), 2);
    }

    #[test]
    fn a_bad_document_does_not_hide_the_next_one() {
        let (documents, shown, _) =
            parse("a: 'x\n---\nb: 1\nb: 2\n---\n- c: 1\n d: 2\n---\ne: 1\n");
        assert_eq!(documents.len(), 2, "{shown}");
        assert!(shown.contains("P0105") && shown.contains("P0107"), "{shown}");
    }

    #[test]
    fn bombs_and_wells_are_refused() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let before = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        for text in [bomb, "[".repeat(5000), "- ".repeat(5000)] {
            let (_, shown, _) = parse(&text);
            assert!(shown.contains("P0109") || shown.contains("P0106"), "{shown}");
        }
    }

    #[test]
    fn tags_of_yaml_itself_are_understood() {
        let (documents, shown, _) = parse("a: !!str 80\nb: !!int '80'\nc: !secret x\n");
        let root = &documents[0].root;
        assert_eq!(root.get("a").and_then(Node::text), Some("80"));
        assert_eq!(root.get("b").and_then(Node::int), Some(80));
        assert!(shown.contains("P0112"), "{shown}");
    }
}
