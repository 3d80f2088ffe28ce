//! Directives in a chapter: `{{#word arguments}}`, some with a text and `{{/word}}` behind it.

/// One directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive<'t> {
    /// `an`, `iddia`, `prova`, `terim`, `duzeltme`, `sinama`, `alistirma`, `tuslar`.
    pub word: &'t str,
    /// What stands behind the word.
    pub args: &'t str,
    /// The text up to `{{/word}}`; only `iddia` has one.
    pub body: Option<&'t str>,
    /// The line on which it begins, from 1.
    pub line: usize,
}

/// A chapter, cut at its directives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    /// Markdown as it is.
    Text(&'t str),
    /// A directive.
    Directive(Directive<'t>),
}

/// Directives that enclose a text.
const WITH_BODY: &[&str] = &["iddia"];

/// Cuts a chapter at its directives; what is never closed stays text.
///
/// Code blocks are passed over, so that the book can show a directive.
#[must_use]
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut told, mut at) = (0, 0);
    while let Some(found) = text[at..].find("{{#") {
        let start = at + found;
        let Some((directive, end)) = read(text, start).filter(|_| !in_code(&text[..start])) else {
            at = start + 3;
            continue;
        };
        if told < start {
            parts.push(Part::Text(&text[told..start]));
        }
        parts.push(Part::Directive(directive));
        (told, at) = (end, end);
    }
    if told < text.len() {
        parts.push(Part::Text(&text[told..]));
    }
    parts
}

/// All directives of a chapter.
pub fn directives(text: &str) -> impl Iterator<Item = Directive<'_>> {
    parts(text).into_iter().filter_map(|part| match part {
        Part::Directive(directive) => Some(directive),
        Part::Text(_) => None,
    })
}

fn read(text: &str, start: usize) -> Option<(Directive<'_>, usize)> {
    let inside = start + 3;
    let close = inside + text[inside..].find("}}")?;
    let said = &text[inside..close];
    let (word, args) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
    let mut end = close + 2;
    let mut body = None;
    if WITH_BODY.contains(&word) {
        let closing = format!("{{{{/{word}}}}}");
        let length = text[end..].find(&closing)?;
        body = Some(text[end..end + length].trim());
        end += length + closing.len();
    }
    let line = text[..start].matches('\n').count() + 1;
    Some((Directive { word, args: args.trim(), body, line }, end))
}

/// Whether a fenced block is open at the end of `before`.
fn in_code(before: &str) -> bool {
    before.lines().filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1
}

/// Splits arguments at blanks, but keeps what stands in quotes: `a yer="b c"` is `a`, `yer=b c`.
#[must_use]
pub fn words(args: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in args.chars() {
        match letter {
            '"' => quoted = !quoted,
            letter if letter.is_whitespace() && !quoted => words.push(String::new()),
            letter => {
                if let Some(word) = words.last_mut() {
                    word.push(letter);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_is_cut_at_its_directives() {
        let text = "bir\n{{#an s \"yer imi\"}}\niki {{#iddia s: never(x)}}\nDoğru.\n{{/iddia}} üç";
        let found = parts(text);
        assert_eq!(found.len(), 5);
        let all: Vec<Directive<'_>> = directives(text).collect();
        assert_eq!((all[0].word, all[0].line), ("an", 2));
        assert_eq!(words(all[0].args), ["s", "yer imi"]);
        assert_eq!((all[1].args, all[1].body, all[1].line), ("s: never(x)", Some("Doğru."), 3));
    }

    #[test]
    fn code_and_open_ends_stay_text() {
        let text = "```\n{{#an s x}}\n```\n{{#iddia s: hiç kapanmaz}} son";
        assert_eq!(parts(text), [Part::Text(text)]);
    }
}
