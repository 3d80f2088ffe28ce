//! Selectors as people type them: `app=web,tier in (a,b),!old`.
//!
//! Source: kubernetes/apimachinery:pkg/labels/selector.go.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::labels::Labels;
use super::meta::Str;
use super::names::{is_label_value, is_qualified_name};

/// How one requirement of a typed selector compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SelectorOp {
    /// `x in (a,b)`
    In,
    /// `x notin (a,b)`
    NotIn,
    /// `x=a`
    Equals,
    /// `x==a`
    DoubleEquals,
    /// `x!=a`
    NotEquals,
    /// `x`
    Exists,
    /// `!x`
    DoesNotExist,
    /// `x>1`
    GreaterThan,
    /// `x<1`
    LessThan,
}

/// What is wrong with a requirement, and at which field of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementError {
    /// A value that is not allowed.
    Invalid(String),
    /// An operator that does not exist.
    NotSupported(String),
}

/// One requirement of a typed selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorRequirement {
    key: Str,
    op: SelectorOp,
    values: BTreeSet<Str>,
}

/// Requirements that must all hold, sorted by key; none at all selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    requirements: Vec<SelectorRequirement>,
}

/// Why a text is no selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError(String);

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SelectorOp {
    /// Every operator with its spelling.
    const ALL: [(SelectorOp, &'static str); 9] = [
        (SelectorOp::In, "in"),
        (SelectorOp::NotIn, "notin"),
        (SelectorOp::Equals, "="),
        (SelectorOp::DoubleEquals, "=="),
        (SelectorOp::NotEquals, "!="),
        (SelectorOp::Exists, "exists"),
        (SelectorOp::DoesNotExist, "!"),
        (SelectorOp::GreaterThan, "gt"),
        (SelectorOp::LessThan, "lt"),
    ];

    /// The operator called `name` in the API (`in`, `notin`, `=`, `==`, `!=`, `exists`, `!`,
    /// `gt`, `lt`).
    #[must_use]
    pub fn named(name: &str) -> Option<SelectorOp> {
        Self::ALL.iter().find(|(_, spelling)| *spelling == name).map(|(op, _)| *op)
    }

    /// The name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(op, _)| *op == self).map_or("", |(_, spelling)| spelling)
    }
}

impl SelectorRequirement {
    /// A checked requirement; `op` by its name in the API.
    ///
    /// Errors: the field that is wrong, as upstream names it.
    pub fn new(key: &str, op: &str, values: &[Str]) -> Result<Self, RequirementError> {
        let invalid = |field: String| Err(RequirementError::Invalid(field));
        if !is_qualified_name(key) {
            return invalid("key".into());
        }
        let Some(op) = SelectorOp::named(op) else {
            return Err(RequirementError::NotSupported("operator".into()));
        };
        let count_is_wrong = match op {
            SelectorOp::In | SelectorOp::NotIn => values.is_empty(),
            SelectorOp::Exists | SelectorOp::DoesNotExist => !values.is_empty(),
            SelectorOp::Equals
            | SelectorOp::DoubleEquals
            | SelectorOp::NotEquals
            | SelectorOp::GreaterThan
            | SelectorOp::LessThan => values.len() != 1,
        };
        if count_is_wrong {
            return invalid("values".into());
        }
        let numeric = matches!(op, SelectorOp::GreaterThan | SelectorOp::LessThan);
        for (place, value) in values.iter().enumerate() {
            if numeric && value.parse::<i64>().is_err() {
                return invalid(format!("values[{place}]"));
            }
            if !is_label_value(value) {
                return invalid(format!("values[{place}][{key}]"));
            }
        }
        Ok(SelectorRequirement { key: key.into(), op, values: values.iter().cloned().collect() })
    }

    /// The label key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The operator.
    #[must_use]
    pub fn op(&self) -> SelectorOp {
        self.op
    }

    /// The values, sorted.
    pub fn values(&self) -> impl Iterator<Item = &Str> {
        self.values.iter()
    }

    /// Whether `labels` meet the requirement.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        let listed = value.is_some_and(|value| self.values.contains(value));
        let compared = || {
            let bound = self.values.first()?.parse::<i64>().ok()?;
            Some(value?.parse::<i64>().ok()?.cmp(&bound))
        };
        match self.op {
            SelectorOp::In | SelectorOp::Equals | SelectorOp::DoubleEquals => listed,
            SelectorOp::NotIn | SelectorOp::NotEquals => !listed,
            SelectorOp::Exists => value.is_some(),
            SelectorOp::DoesNotExist => value.is_none(),
            SelectorOp::GreaterThan => compared().is_some_and(std::cmp::Ordering::is_gt),
            SelectorOp::LessThan => compared().is_some_and(std::cmp::Ordering::is_lt),
        }
    }
}

impl fmt::Display for SelectorRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<&str> = self.values.iter().map(Str::as_str).collect();
        let values = values.join(",");
        match self.op {
            SelectorOp::Exists => write!(f, "{}", self.key),
            SelectorOp::DoesNotExist => write!(f, "!{}", self.key),
            SelectorOp::In => write!(f, "{} in ({values})", self.key),
            SelectorOp::NotIn => write!(f, "{} notin ({values})", self.key),
            SelectorOp::GreaterThan => write!(f, "{}>{values}", self.key),
            SelectorOp::LessThan => write!(f, "{}<{values}", self.key),
            SelectorOp::Equals | SelectorOp::DoubleEquals | SelectorOp::NotEquals => {
                write!(f, "{}{}{values}", self.key, self.op.name())
            }
        }
    }
}

impl Selector {
    /// A selector of these requirements, in this order.
    #[must_use]
    pub fn of(requirements: Vec<SelectorRequirement>) -> Self {
        Selector { requirements }
    }

    /// The requirements, sorted by key when the selector was read from a text.
    #[must_use]
    pub fn requirements(&self) -> &[SelectorRequirement] {
        &self.requirements
    }

    /// Whether `labels` are selected.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(labels))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.requirements.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join(","))
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Selector, SelectorError> {
        let mut parser = Parser { tokens: tokens(text), at: 0 };
        let mut requirements = parser.selector()?;
        requirements.sort_by(|one, two| one.key.cmp(&two.key));
        Ok(Selector { requirements })
    }
}

/// A piece of a selector's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// A key, a value, or the words `in` and `notin`.
    Word(&'a str),
    /// `=`, `==`, `!=`, `!`, `>`, `<`, `(`, `)`, `,`
    Sign(&'a str),
    /// Signs that mean nothing together.
    Nonsense(&'a str),
    /// Nothing more.
    End,
}

/// Cuts a text into tokens.
fn tokens(text: &str) -> Vec<Token<'_>> {
    const SIGNS: [&str; 9] = ["==", "!=", "=", "!", ">", "<", "(", ")", ","];
    let is_sign = |c: char| "=!(),><".contains(c);
    let is_space = |c: char| " \t\r\n".contains(c);
    let mut rest = text;
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(is_space);
        let Some(first) = rest.chars().next() else {
            found.push(Token::End);
            return found;
        };
        if is_sign(first) {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let length = sign.map_or(first.len_utf8(), str::len);
            let (piece, tail) = rest.split_at(length);
            found.push(if sign.is_some() { Token::Sign(piece) } else { Token::Nonsense(piece) });
            rest = tail;
        } else {
            let end = rest.find(|c| is_sign(c) || is_space(c)).unwrap_or(rest.len());
            let (piece, tail) = rest.split_at(end);
            found.push(Token::Word(piece));
            rest = tail;
        }
    }
}

/// Reads tokens one after the other.
struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Token<'a> {
        self.tokens.get(self.at).copied().unwrap_or(Token::End)
    }

    fn next(&mut self) -> Token<'a> {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn selector(&mut self) -> Result<Vec<SelectorRequirement>, SelectorError> {
        let mut requirements = Vec::new();
        if self.peek() == Token::End {
            return Ok(requirements);
        }
        loop {
            if !matches!(self.peek(), Token::Word(_) | Token::Sign("!")) {
                return Err(unexpected(self.peek(), "an identifier or '!'"));
            }
            requirements.push(self.requirement()?);
            match self.next() {
                Token::End => return Ok(requirements),
                Token::Sign(",") => {}
                other @ (Token::Word(_) | Token::Sign(_) | Token::Nonsense(_)) => {
                    return Err(unexpected(other, "',' or the end"));
                }
            }
        }
    }

    fn requirement(&mut self) -> Result<SelectorRequirement, SelectorError> {
        let negated = self.peek() == Token::Sign("!");
        if negated {
            self.next();
        }
        let Token::Word(key) = self.next() else {
            return Err(SelectorError("an identifier was expected after '!'".into()));
        };
        let (op, values) = if negated {
            (SelectorOp::DoesNotExist, Vec::new())
        } else if matches!(self.peek(), Token::End | Token::Sign(",")) {
            (SelectorOp::Exists, Vec::new())
        } else {
            let op = self.operator()?;
            let listed = matches!(op, SelectorOp::In | SelectorOp::NotIn);
            (op, if listed { self.list()? } else { vec![self.value()?] })
        };
        let values: BTreeSet<Str> = values.into_iter().map(Str::from).collect();
        let values: Vec<Str> = values.into_iter().collect();
        SelectorRequirement::new(key, op.name(), &values)
            .map_err(|why| SelectorError(format!("{key}: {why:?}")))
    }

    fn operator(&mut self) -> Result<SelectorOp, SelectorError> {
        Ok(match self.next() {
            Token::Word("in") => SelectorOp::In,
            Token::Word("notin") => SelectorOp::NotIn,
            Token::Sign("=") => SelectorOp::Equals,
            Token::Sign("==") => SelectorOp::DoubleEquals,
            Token::Sign("!=") => SelectorOp::NotEquals,
            Token::Sign(">") => SelectorOp::GreaterThan,
            Token::Sign("<") => SelectorOp::LessThan,
            other @ (Token::Word(_) | Token::Sign(_) | Token::Nonsense(_) | Token::End) => {
                return Err(unexpected(other, "in, notin, =, ==, !=, > or <"));
            }
        })
    }

    /// The single value behind `=` and its like; nothing there means an empty value.
    fn value(&mut self) -> Result<&'a str, SelectorError> {
        match self.peek() {
            Token::End | Token::Sign(",") => Ok(""),
            Token::Word(value) => {
                self.next();
                Ok(value)
            }
            other @ (Token::Sign(_) | Token::Nonsense(_)) => Err(unexpected(other, "a value")),
        }
    }

    /// The values in parentheses; a comma without a neighbour means an empty value.
    fn list(&mut self) -> Result<Vec<&'a str>, SelectorError> {
        match self.next() {
            Token::Sign("(") => {}
            other @ (Token::Word(_) | Token::Sign(_) | Token::Nonsense(_) | Token::End) => {
                return Err(unexpected(other, "'('"));
            }
        }
        let mut values = Vec::new();
        let mut after_comma = true;
        loop {
            match self.next() {
                Token::Word(value) if after_comma => {
                    values.push(value);
                    after_comma = false;
                }
                Token::Sign(",") => {
                    if after_comma {
                        values.push("");
                    }
                    after_comma = true;
                }
                Token::Sign(")") => {
                    if after_comma {
                        values.push("");
                    }
                    return Ok(values);
                }
                other @ (Token::Word(_) | Token::Sign(_) | Token::Nonsense(_) | Token::End) => {
                    return Err(unexpected(other, "',' or ')'"));
                }
            }
        }
    }
}

fn unexpected(found: Token<'_>, expected: &str) -> SelectorError {
    let found = match found {
        Token::Word(text) | Token::Sign(text) | Token::Nonsense(text) => text,
        Token::End => "",
    };
    SelectorError(format!("found '{found}', expected: {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_spelled_as_it_was_read() {
        for text in ["x!=a,y=b", "x=", "x in (a,b),!y", "x>1,z<5", ""] {
            assert_eq!(text.parse::<Selector>().map(|s| s.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for text in ["x=a||y=b", "x==a==b", "x,,y", "x nott in (y)", "a in (xyz abc)", "("] {
            assert!(text.parse::<Selector>().is_err(), "{text}");
        }
    }
}
