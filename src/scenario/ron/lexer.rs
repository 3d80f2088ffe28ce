//! From letters to tokens.

use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::source::{FileId, Place, SourceFile, Span};
use crate::texts::diagnostics::{CodeText, ron};

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// `(`, `[` or `{`.
    Open(char),
    /// `)`, `]` or `}`.
    Close(char),
    Comma,
    Colon,
    /// Text in quotes, escapes already replaced.
    Str(String),
    /// A whole number.
    Int(i128),
    /// Any other number.
    Float(f64),
    /// A word.
    Word(String),
    /// Something that was reported already.
    Bad,
    /// The end of the text.
    End,
}

/// A token with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// Splits the text; what is no token is reported and becomes [`Kind::Bad`].
pub(super) fn tokens(file: &SourceFile, id: FileId, found: &mut Diagnostics) -> Vec<Token> {
    let mut lexer = Lexer { text: &file.text, at: 0, id, found };
    lexer.skip_attributes();
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank();
        let token = lexer.token();
        let end = token.kind == Kind::End;
        tokens.push(token);
        if end {
            return tokens;
        }
    }
}

struct Lexer<'t, 'd> {
    text: &'t str,
    at: usize,
    id: FileId,
    found: &'d mut Diagnostics,
}

impl<'t> Lexer<'t, '_> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn report(&mut self, code: &'static CodeText, span: Span) {
        let shown: String = self.text[span.start..span.end].chars().take(40).collect();
        let place = Place { file: self.id, span };
        self.found.push(Diagnostic::error(code, place).arg("found", shown));
    }

    /// `#![enable(implicit_some)]` and the like may stand at the top; Prova needs none of them.
    fn skip_attributes(&mut self) {
        loop {
            self.skip_blank();
            if !self.rest().starts_with("#!") {
                return;
            }
            let end = self.rest().find(']').map_or(self.rest().len(), |end| end + 1);
            self.at += end;
        }
    }

    /// White space and comments; block comments may be nested.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.skip_block_comment();
            } else if blank == 0 {
                return;
            }
        }
    }

    fn skip_block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0usize;
        while let Some(next) =
            self.rest().find("*/").into_iter().chain(self.rest().find("/*")).min()
        {
            let opens = self.rest()[next..].starts_with("/*");
            self.at += next + 2;
            depth = if opens { depth + 1 } else { depth.saturating_sub(1) };
            if depth == 0 {
                return;
            }
        }
        self.at = self.text.len();
        self.report(&ron::RON_COMMENT, Span::new(start, start + 2));
    }

    fn token(&mut self) -> Token {
        let start = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Token { kind: Kind::End, span: Span::new(start, start) };
        };
        self.at += first.len_utf8();
        let kind = match first {
            '(' | '[' | '{' => Kind::Open(first),
            ')' | ']' | '}' => Kind::Close(first),
            ',' => Kind::Comma,
            ':' => Kind::Colon,
            '"' => self.string(start),
            '\'' => self.single_quote(start),
            'r' if self.raw_hashes().is_some() => self.raw_string(start),
            '0'..='9' | '+' | '-' | '.' => self.number(start),
            _ if is_word_start(first) => self.word(start),
            _ => {
                self.report(&ron::RON_CHARACTER, Span::new(start, self.at));
                Kind::Bad
            }
        };
        Token { kind, span: Span::new(start, self.at) }
    }

    fn word(&mut self, start: usize) -> Kind {
        let rest = self.rest();
        self.at += rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        Kind::Word(self.text[start..self.at].trim_start_matches("r#").to_owned())
    }

    /// A text in double quotes; it may run over lines.
    fn string(&mut self, start: usize) -> Kind {
        let mut out = String::new();
        loop {
            let Some(letter) = self.rest().chars().next() else {
                self.unclosed(start);
                return Kind::Bad;
            };
            self.at += letter.len_utf8();
            match letter {
                '"' if out.contains('\n') && self.rest().starts_with(is_word) => {
                    // What follows sticks to the quote: this quote opens a text, and the one
                    // before it was never closed.
                    self.unclosed(start);
                    return Kind::Bad;
                }
                '"' => return Kind::Str(out),
                '\\' => self.escape(&mut out),
                _ => out.push(letter),
            }
        }
    }

    /// A quote that never closes: the rest of its line is taken as the text, so that the reading
    /// can go on with the next line.
    fn unclosed(&mut self, start: usize) {
        let line = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
        self.at = line;
        self.report(&ron::RON_STRING, Span::new(start, start + 1));
    }

    fn escape(&mut self, out: &mut String) {
        let start = self.at - 1;
        let Some(letter) = self.rest().chars().next() else { return };
        self.at += letter.len_utf8();
        let plain = match letter {
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            '0' => Some('\0'),
            '\\' | '"' | '\'' => Some(letter),
            'x' => self.code_point(2),
            'u' => self.unicode(),
            _ => None,
        };
        match plain {
            Some(plain) => out.push(plain),
            None => {
                let braces = self.rest().find('}').filter(|end| letter == 'u' && *end <= 8);
                let end = self.at + braces.map_or(0, |end| end + 1);
                self.report(&ron::RON_ESCAPE, Span::new(start, end));
            }
        }
    }

    /// Exactly `digits` hexadecimal digits.
    fn code_point(&mut self, digits: usize) -> Option<char> {
        let hex = self.rest().get(..digits)?;
        let letter = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
        self.at += digits;
        Some(letter)
    }

    /// `\u{11f}`.
    fn unicode(&mut self) -> Option<char> {
        let inner = self.rest().strip_prefix('{')?;
        let end = inner.find('}').filter(|end| *end <= 6)?;
        let letter = u32::from_str_radix(&inner[..end], 16).ok().and_then(char::from_u32)?;
        self.at += end + 2;
        Some(letter)
    }

    /// How many `#` stand between `r` and the quote of a raw string, if one starts here.
    fn raw_hashes(&self) -> Option<usize> {
        let hashes = self.rest().bytes().take_while(|byte| *byte == b'#').count();
        self.rest()[hashes..].starts_with('"').then_some(hashes)
    }

    fn raw_string(&mut self, start: usize) -> Kind {
        let hashes = self.raw_hashes().unwrap_or(0);
        self.at += hashes + 1;
        let closing = format!("\"{}", "#".repeat(hashes));
        let Some(end) = self.rest().find(&closing) else {
            self.unclosed(start);
            return Kind::Bad;
        };
        let text = self.rest()[..end].to_owned();
        self.at += end + closing.len();
        Kind::Str(text)
    }

    /// `'x'` is a single letter in RON; people who write `'text'` mean a text.
    fn single_quote(&mut self, start: usize) -> Kind {
        let line = self.rest().find('\n').unwrap_or(self.rest().len());
        let Some(end) = self.rest()[..line].find('\'') else {
            self.unclosed(start);
            return Kind::Bad;
        };
        let text = self.rest()[..end].to_owned();
        self.at += end + 1;
        if text.chars().count() != 1 {
            self.report(&ron::RON_SINGLE_QUOTES, Span::new(start, self.at));
        }
        Kind::Str(text)
    }

    fn number(&mut self, start: usize) -> Kind {
        let rest = self.rest();
        let mut end = 0;
        let mut before = self.text[start..self.at].chars().next().unwrap_or('0');
        for letter in rest.chars() {
            let sign = matches!(letter, '+' | '-') && matches!(before, 'e' | 'E');
            if !is_word(letter) && letter != '.' && !sign {
                break;
            }
            end += letter.len_utf8();
            before = letter;
        }
        self.at += end;
        let text = &self.text[start..self.at];
        if let Some(kind) = number(&text.replace('_', "")) {
            return kind;
        }
        let unit = text.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
            && text.bytes().last().is_some_and(|byte| byte.is_ascii_alphabetic());
        let code = if unit { &ron::RON_UNIT } else { &ron::RON_NUMBER };
        self.report(code, Span::new(start, self.at));
        Kind::Bad
    }
}

fn number(text: &str) -> Option<Kind> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            let digits =
                Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            return i64::from_str_radix(digits?, radix)
                .ok()
                .map(|whole| Kind::Int(sign * i128::from(whole)));
        }
    }
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let fits = |whole: &i128| *whole <= i128::from(u64::MAX);
        return digits.parse::<i128>().ok().filter(fits).map(|whole| Kind::Int(sign * whole));
    }
    let mut letters = digits.bytes();
    let looks = letters
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    let float: Option<f64> = Some(text).filter(|_| looks).and_then(|text| text.parse().ok());
    float.filter(|float| float.is_finite()).map(Kind::Float)
}

fn is_word_start(letter: char) -> bool {
    letter == '_' || letter.is_alphabetic()
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}
