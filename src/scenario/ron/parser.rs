//! From tokens to a tree; after a slip the reading goes on behind the next comma or bracket.

use std::collections::BTreeMap;

use super::lexer::{Kind, Token, tokens};
use crate::scenario::diagnostic::{Arg, Diagnostic, Diagnostics};
use crate::scenario::source::{FileId, Place, SourceFile, Span};
use crate::scenario::tree::{Entry, Name, Node, Value};
use crate::texts::Key as _;
use crate::texts::diagnostics::ron::{self, Token as Word};
use crate::texts::diagnostics::{CodeText, Label, files as file_texts};

/// Deepest nesting that is read \[levels\].
const DEPTH_MAX: usize = 100;

/// The sign that closes a bracket.
fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// Reads a RON text; what is wrong goes to `found`.
///
/// Returns `None` when the text holds no value at all.
pub fn read(file: &SourceFile, id: FileId, found: &mut Diagnostics) -> Option<Node> {
    let tokens = tokens(file, id, found);
    let mut parser = Parser { tokens, at: 0, id, ids: 0, open: Vec::new(), too_deep: false, found };
    if parser.peek() == &Kind::End {
        let place = Place { file: id, ..Place::default() };
        let empty = Diagnostic::error(&file_texts::FILE_EMPTY, place);
        parser.found.push(empty.arg("file", file.name.as_str()));
        return None;
    }
    let root = parser.value();
    if parser.peek() != &Kind::End && root.is_some() {
        let span = parser.span();
        let place = Place { file: id, span };
        let shown: String = file.slice(span).chars().take(40).collect();
        parser.found.push(Diagnostic::error(&ron::RON_TRAILING, place).arg("found", shown));
    }
    root.filter(|_| !parser.too_deep)
}

struct Parser<'d> {
    tokens: Vec<Token>,
    at: usize,
    id: FileId,
    ids: u32,
    /// The brackets that are open, outermost first.
    open: Vec<char>,
    /// The reading was given up.
    too_deep: bool,
    found: &'d mut Diagnostics,
}

impl Parser<'_> {
    fn peek(&self) -> &Kind {
        self.tokens.get(self.at).map_or(&Kind::End, |token| &token.kind)
    }

    fn peek_next(&self) -> &Kind {
        self.tokens.get(self.at + 1).map_or(&Kind::End, |token| &token.kind)
    }

    fn span(&self) -> Span {
        let last = || self.tokens.last().map(|token| token.span);
        self.tokens.get(self.at).map(|token| token.span).or_else(last).unwrap_or_default()
    }

    /// The end of the token before this one.
    fn last_end(&self) -> usize {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map_or(0, |token| token.span.end)
    }

    /// Was the token before this one reported already? Then a comma may have gone with it.
    fn after_bad(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.is_some_and(|token| token.kind == Kind::Bad)
    }

    fn next(&mut self) -> (Kind, Span) {
        let token = (self.peek().clone(), self.span());
        self.at = (self.at + 1).min(self.tokens.len());
        token
    }

    fn report(&mut self, code: &'static CodeText, span: Span) {
        self.found.push(Diagnostic::error(code, Place { file: self.id, span }));
    }

    fn node(&mut self, span: Span, value: Value) -> Option<Node> {
        self.ids += 1;
        Some(Node { id: self.ids, span, value })
    }

    /// Is this the end of a bracket, the right one or another, or of the text?
    fn at_end(&self) -> bool {
        matches!(self.peek(), Kind::Close(_) | Kind::End)
    }

    /// One value; `None` after a slip that is reported.
    fn value(&mut self) -> Option<Node> {
        let (kind, span) = (self.peek().clone(), self.span());
        match kind {
            Kind::Open('(') => self.bracket(None),
            Kind::Open('[') => self.list(),
            Kind::Open(_) => self.map(),
            Kind::Word(word) => self.word(word, span),
            Kind::Str(text) => {
                self.next();
                self.node(span, Value::Str(text))
            }
            Kind::Int(number) => {
                self.next();
                self.node(span, Value::Int(number))
            }
            Kind::Float(number) => {
                self.next();
                self.node(span, Value::Float(number))
            }
            Kind::Bad => {
                self.next();
                None
            }
            Kind::Comma | Kind::Colon | Kind::Close(_) | Kind::End => {
                self.unexpected(Word::Value);
                None
            }
        }
    }

    fn unexpected(&mut self, expected: Word) {
        let found = match self.peek() {
            Kind::End => Arg::Words(Word::End.pair()),
            Kind::Comma => Arg::from("`,`"),
            Kind::Colon => Arg::from("`:`"),
            Kind::Open(letter) | Kind::Close(letter) => Arg::from(format!("`{letter}`")),
            Kind::Str(_) => Arg::Words(Word::Text.pair()),
            Kind::Int(_) | Kind::Float(_) => Arg::Words(Word::Number.pair()),
            Kind::Word(word) => Arg::from(format!("`{word}`")),
            Kind::Bad => return,
        };
        let place = Place { file: self.id, span: self.span() };
        let wrong = Diagnostic::error(&ron::RON_UNEXPECTED, place);
        self.found.push(wrong.arg("expected", Arg::Words(expected.pair())).arg("found", found));
    }

    fn word(&mut self, word: String, span: Span) -> Option<Node> {
        self.next();
        if *self.peek() == Kind::Open('(') {
            return self.bracket(Some(Name { text: word, span }));
        }
        let value = match word.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::Word(word),
        };
        self.node(span, value)
    }

    /// Enters a bracket; `None` when it is too deep.
    fn enter(&mut self) -> Option<Span> {
        let (kind, open) = self.next();
        if let Kind::Open(letter) = kind {
            self.open.push(closing(letter));
        }
        if self.open.len() > DEPTH_MAX {
            self.report(&ron::RON_TOO_DEEP, open);
            self.too_deep = true;
            self.at = self.tokens.len();
            return None;
        }
        Some(open)
    }

    /// Steps to the next item: over a comma, or to the end of the bracket.
    ///
    /// Returns `false` when the bracket is closed (or will never be).
    fn more(&mut self, open: Span, close: char) -> bool {
        match self.peek().clone() {
            Kind::Comma => {
                self.next();
                true
            }
            Kind::Close(letter) if letter == close => true,
            Kind::Close(_) | Kind::End => {
                self.closed(open, close);
                false
            }
            Kind::Bad => {
                // A foreign sign such as `;`, reported already, parts two items as well as a comma.
                self.next();
                true
            }
            Kind::Colon => {
                self.unexpected(Word::CommaOrBracket);
                self.skip();
                true
            }
            Kind::Open(_) | Kind::Str(_) | Kind::Int(_) | Kind::Float(_) | Kind::Word(_) => {
                let end = self.last_end();
                if !self.after_bad() {
                    self.report(&ron::RON_COMMA, Span::new(end, end));
                }
                true
            }
        }
    }

    /// Takes the closing bracket, or says that it is the wrong one or none.
    fn closed(&mut self, open: Span, close: char) {
        self.open.pop();
        let kind = self.peek().clone();
        if kind == Kind::Close(close) {
            self.next();
            return;
        }
        let opened = Place { file: self.id, span: open };
        // A sign that closes an outer bracket is left to it: then this one is unclosed.
        let stray = |letter: &char| !self.open.contains(letter);
        if let Kind::Close(letter) = kind
            && stray(&letter)
        {
            let place = Place { file: self.id, span: self.span() };
            let wrong = Diagnostic::error(&ron::RON_MISMATCH, place)
                .arg("expected", close.to_string())
                .arg("found", letter.to_string())
                .also(opened, Label::OpenedHere);
            self.found.push(wrong);
            self.next();
            return;
        }
        if self.tokens.len() > self.at {
            let unclosed =
                Diagnostic::error(&ron::RON_UNCLOSED, opened).arg("expected", close.to_string());
            self.found.push(unclosed);
        }
    }

    /// Skips to the next comma or closing bracket of this level.
    fn skip(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.peek() {
                Kind::End => return,
                Kind::Comma if depth == 0 => return,
                Kind::Close(_) if depth == 0 => return,
                Kind::Open(_) => depth += 1,
                Kind::Close(_) => depth -= 1,
                Kind::Comma | Kind::Colon | Kind::Str(_) | Kind::Int(_) => {}
                Kind::Float(_) | Kind::Word(_) | Kind::Bad => {}
            }
            self.next();
        }
    }

    fn list(&mut self) -> Option<Node> {
        let open = self.enter()?;
        let items = self.items(open, ']');
        self.node(Span::new(open.start, self.last_end()), Value::Seq(items))
    }

    fn items(&mut self, open: Span, close: char) -> Vec<Node> {
        let mut items = Vec::new();
        while !self.at_end() {
            let before = self.at;
            match self.value() {
                Some(item) => items.push(item),
                None if self.at == before => self.skip(),
                None => {}
            }
            if matches!(self.peek(), Kind::Colon) && close == ')' {
                items.pop();
                self.mixed();
            }
            if !self.more(open, close) {
                return items;
            }
        }
        self.closed(open, close);
        items
    }

    /// `ready("web", within: "60s")`: values in order and values by name do not mix in RON.
    fn mixed(&mut self) {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let span = before.map_or(self.span(), |token| token.span);
        self.report(&ron::RON_MIXED, span);
        self.skip();
    }

    fn map(&mut self) -> Option<Node> {
        let open = self.enter()?;
        let mut entries = Vec::new();
        let mut known = BTreeMap::new();
        while !self.at_end() {
            let key = match self.peek().clone() {
                Kind::Str(text) | Kind::Word(text) => Some(text),
                Kind::Int(number) => Some(number.to_string()),
                Kind::Float(_) | Kind::Bad | Kind::Comma | Kind::Colon => None,
                Kind::Open(_) | Kind::Close(_) | Kind::End => None,
            };
            match key {
                Some(key) => self.entry(key, &mut entries, &mut known),
                None => {
                    self.unexpected(Word::Key);
                    self.skip();
                }
            }
            if !self.more(open, '}') {
                return self.node(Span::new(open.start, self.last_end()), Value::Map(entries));
            }
        }
        self.closed(open, '}');
        self.node(Span::new(open.start, self.last_end()), Value::Map(entries))
    }

    /// `( … )`, with or without a name in front: fields by name, or values in order.
    fn bracket(&mut self, name: Option<Name>) -> Option<Node> {
        let start = name.as_ref().map(|name| name.span.start);
        let open = self.enter()?;
        let start = start.unwrap_or(open.start);
        let colon = matches!(self.peek_next(), Kind::Colon);
        let named = matches!(self.peek(), Kind::Word(_)) && (colon || self.looks_assigned());
        // `Some(…)` holds one value, and the others are values: none of them has fields.
        let bare = |name: &Name| matches!(name.text.as_str(), "Some" | "None" | "true" | "false");
        if named && name.as_ref().is_some_and(bare) {
            self.unexpected(Word::Value);
        }
        let value = if named {
            Value::Fields(name, self.fields(open))
        } else {
            Value::Tuple(name, self.items(open, ')'))
        };
        self.node(Span::new(start, self.last_end()), value)
    }

    /// `title = "…"`: a slip, but surely a field.
    fn looks_assigned(&self) -> bool {
        matches!(self.peek_next(), Kind::Bad)
    }

    fn fields(&mut self, open: Span) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut known = BTreeMap::new();
        while !self.at_end() {
            let kind = self.peek().clone();
            if let Kind::Word(field) = kind {
                self.entry(field, &mut entries, &mut known);
            } else if matches!(kind, Kind::Str(_) | Kind::Int(_) | Kind::Float(_) | Kind::Open(_)) {
                let span = self.span();
                self.report(&ron::RON_MIXED, span);
                self.skip();
            } else {
                self.unexpected(Word::Field);
                self.skip();
            }
            if !self.more(open, ')') {
                return entries;
            }
        }
        self.closed(open, ')');
        entries
    }

    /// `key: value`, the key being the next token.
    fn entry(&mut self, key: String, entries: &mut Vec<Entry>, known: &mut BTreeMap<String, Span>) {
        let (_, key_span) = self.next();
        match self.peek() {
            Kind::Colon => {
                self.next();
            }
            Kind::Bad => {
                // Most likely `=`; it is reported already.
                self.next();
            }
            Kind::Comma | Kind::Close(_) | Kind::End => {
                self.report(&ron::RON_COLON, key_span);
                return;
            }
            Kind::Open(_) | Kind::Str(_) | Kind::Int(_) | Kind::Float(_) | Kind::Word(_) => {
                self.report(&ron::RON_COLON, key_span);
            }
        }
        let before = self.at;
        let Some(value) = self.value() else {
            if self.at == before {
                self.skip();
            }
            // The field is there, only its value is broken: nobody shall say that it is missing.
            let span = Span::new(key_span.end, key_span.end);
            entries.push(Entry {
                key,
                key_span,
                value: Node { id: Node::BROKEN, span, value: Value::Null },
            });
            return;
        };
        if let Some(first) = known.get(&key) {
            let place = Place { file: self.id, span: key_span };
            let again = Diagnostic::error(&ron::RON_DUPLICATE, place)
                .arg("key", key)
                .also(Place { file: self.id, span: *first }, Label::FirstHere);
            self.found.push(again);
            return;
        }
        known.insert(key.clone(), key_span);
        entries.push(Entry { key, key_span, value });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::render::all_to_text;
    use crate::scenario::source::Files;
    use crate::texts::Lang;

    fn parse(text: &str) -> (Option<Node>, String) {
        let mut files = Files::new();
        let id = files.add("a.ron", text);
        let mut found = Diagnostics::new();
        let file = files.get(id).cloned();
        let root = file.and_then(|file| read(&file, id, &mut found));
        (root, all_to_text(&found.into_sorted(), &files, Lang::En))
    }

    #[test]
    fn every_form_of_ron_is_read() {
        let text = r##"#![enable(implicit_some)]
            // a comment /* not nested */
            Scenario(
                title: "ağ \"x\" \u{11f}\n", /* block /* nested */ */
                raw: r#"a "quoted" b"#,
                numbers: [1, -2, 0x1F, 1_000, 1.5, -2.5e3, .5],
                on: true, off: false, word: outside,
                call: ready("deployment/web", 3), named: crash(node: "n1"),
                unit: (), tuple: (1, "x"), map: {"k": 1, k2: 2},
            )"##;
        let (root, shown) = parse(text);
        assert_eq!(shown, "");
        let root = root.unwrap();
        assert_eq!(root.get("title").and_then(Node::text), Some("ağ \"x\" ğ\n"));
        assert_eq!(root.get("raw").and_then(Node::text), Some("a \"quoted\" b"));
        let numbers = root.get("numbers").unwrap().items();
        assert_eq!(numbers[2].int(), Some(31));
        assert_eq!(numbers[5].value, Value::Float(-2500.0));
        assert!(matches!(&root.get("call").unwrap().value, Value::Tuple(Some(name), items)
            if name.text == "ready" && items.len() == 2));
        assert_eq!(root.get("map").unwrap().entries().len(), 2);
        assert_eq!(root.entries().len(), 11);
    }

    #[test]
    fn slips_are_told_and_the_reading_goes_on() {
        let rows = [
            ("(a: 1 b: 2)", "P0152"),
            ("(a: [1, 2)", "P0151"),
            ("[1, 2)", "P0161"),
            ("(a: 1", "P0151"),
            ("(a: \"x)", "P0153"),
            ("(a: \"\\q\")", "P0154"),
            ("(a: 1.2.3)", "P0155"),
            ("(a: 50s)", "P0165"),
            ("(a; 1)", "P0156"),
            ("(a: 1) /* x", "P0157"),
            ("(a: 1) x", "P0158"),
            ("f(1, b: 2)", "P0159"),
            ("(a: 1, a: 2)", "P0160"),
            ("(a: 1, b)", "P0162"),
            ("(a: 'metin')", "P0164"),
            ("(a: ,)", "P0150"),
        ];
        for (text, code) in rows {
            let (_, shown) = parse(text);
            assert!(shown.contains(code), "{text}: {shown}");
        }
        let (root, shown) = parse("(a: , b: 'xx', c = 1, d: [1 2], e: 7)");
        let codes: Vec<&str> = shown.matches("error[P").collect();
        assert_eq!(codes.len(), 4, "{shown}");
        assert_eq!(root.unwrap().get("e").and_then(Node::int), Some(7));
    }

    #[test]
    fn a_well_is_refused() {
        assert!(parse(&"(".repeat(9000)).1.contains("P0163"));
        assert!(parse(&"[".repeat(9000)).1.contains("P0163"));
        assert!(parse("").1.contains("P0004"));
    }
}
