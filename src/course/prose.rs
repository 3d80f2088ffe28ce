//! Markdown as plain blocks: what a lesson panel and a screen reader show.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// One block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading and its level, from 1.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// An item of a list.
    Item(String),
    /// A paragraph that is set apart.
    Quote(String),
    /// Lines of code, as they are.
    Code(Vec<String>),
    /// A row of a table.
    Row(Vec<String>),
    /// An exercise is due here.
    Exercise(String),
    /// A question is due here.
    Quiz(String),
}

/// The blocks of a text with directives.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let (mut blocks, mut rest) = (Vec::new(), String::new());
    for line in text.split_inclusive('\n') {
        match due(line.trim()) {
            Some(block) => {
                blocks.extend(markdown(&without_directives(&std::mem::take(&mut rest))));
                blocks.push(block);
            }
            None => rest.push_str(line),
        }
    }
    blocks.extend(markdown(&without_directives(&rest)));
    blocks
}

/// A line that asks for an exercise or a question.
fn due(line: &str) -> Option<Block> {
    let inner = line.strip_prefix("{{#")?.strip_suffix("}}")?;
    let (word, id) = inner.split_once(' ')?;
    match word {
        "alistirma" => Some(Block::Exercise(id.trim().to_owned())),
        "sinama" => Some(Block::Quiz(id.trim().to_owned())),
        _ => None,
    }
}

/// Directives for other readers go; the sentence between two of them stays, and a term stays.
fn without_directives(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(open) = rest.find("{{") {
        out.push_str(&rest[..open]);
        let tail = &rest[open + 2..];
        let Some(close) = tail.find("}}").filter(|_| tail.starts_with(['#', '/'])) else {
            out.push_str("{{");
            rest = tail;
            continue;
        };
        if let Some(term) = tail[..close].strip_prefix("#terim ") {
            out.push_str(term.trim());
        }
        rest = &tail[close + 2..];
    }
    out.push_str(rest);
    out
}

/// What a paragraph is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Item,
    Quote,
}

#[derive(Default)]
struct Builder {
    blocks: Vec<Block>,
    text: String,
    row: Vec<String>,
    around: Vec<Around>,
    code: bool,
    heading: Option<u8>,
}

fn markdown(text: &str) -> Vec<Block> {
    let mut builder = Builder::default();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        builder.take(event);
    }
    builder.flush();
    builder.blocks
}

impl Builder {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the library's forms that a lesson does not use are read as their text"
    )]
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.text.push(' '),
            Event::Start(tag) => self.begin(tag),
            Event::End(tag) => self.end(tag),
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "as above")]
    fn begin(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(level as u8);
            }
            Tag::Item => {
                self.flush();
                self.around.push(Around::Item);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.around.push(Around::Quote);
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = true;
            }
            Tag::Table(_) => self.flush(),
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "as above")]
    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::CodeBlock => self.flush(),
            TagEnd::Item | TagEnd::BlockQuote(_) => {
                self.flush();
                self.around.pop();
            }
            TagEnd::TableCell => self.row.push(std::mem::take(&mut self.text)),
            TagEnd::TableRow | TagEnd::TableHead => {
                self.blocks.push(Block::Row(std::mem::take(&mut self.row)));
            }
            _ => {}
        }
    }

    /// The text so far becomes a block.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let (heading, code) = (self.heading.take(), std::mem::take(&mut self.code));
        if code {
            self.blocks.push(Block::Code(text.lines().map(str::to_owned).collect()));
            return;
        }
        let text = text.trim().to_owned();
        if text.is_empty() {
            return;
        }
        self.blocks.push(match (heading, self.around.last()) {
            (Some(level), _) => Block::Heading(level, text),
            (None, Some(Around::Item)) => Block::Item(text),
            (None, Some(Around::Quote)) => Block::Quote(text),
            (None, None) => Block::Text(text),
        });
    }
}
