//! Rules of Secrets.

use super::{At, Cx, push};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::tree::Node;
use crate::texts::diagnostics::kubernetes;

/// Values under `data` are base64; plain text belongs under `stringData`.
pub(super) fn data(at: At<'_>, cx: &mut Cx<'_>) {
    for entry in at.node.get("data").map(Node::entries).unwrap_or_default() {
        let Some(text) = entry.value.text().filter(|text| !is_base64(text)) else { continue };
        cx.spoil(&entry.value);
        let bad = Diagnostic::error(&kubernetes::BAD_BASE64, cx.place(entry.value.span));
        push(cx, bad.arg("path", format!("data.{}", entry.key)).arg("found", text));
    }
}

/// Letters of the standard alphabet in groups of four, the last one padded.
fn is_base64(text: &str) -> bool {
    let text: String = text.chars().filter(|letter| !matches!(letter, '\n' | '\r')).collect();
    let body = text.trim_end_matches('=');
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && body.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::is_base64;

    #[test]
    fn base64_is_recognised() {
        assert!(is_base64("") && is_base64("YQ==") && is_base64("YWJj"));
        assert!(!is_base64("YQ") && !is_base64("gizli!") && !is_base64("Y==="));
    }
}
