//! The forms of names and labels.
//!
//! Source: kubernetes/apimachinery:pkg/util/validation/validation.go (RFC 1123 labels and
//! subdomains, RFC 1035 labels, qualified names, label values, port names).

use super::{At, Cx, KindRow, push};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::tree::Node;
use crate::texts::diagnostics::{CodeText, kubernetes, shape};

/// Kinds whose names end up in host names and must be one DNS label; all others may be subdomains.
const LABEL_KINDS: &[&str] = &["Service", "Namespace"];
/// Kinds whose names may hold almost anything (path segments).
const PATH_KINDS: &[&str] = &["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"];

/// Lower-case letters, digits and `-`, beginning and ending with a letter or digit, 1–63 of them.
pub fn is_dns_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// DNS labels joined by points, at most 253 letters.
pub fn is_dns_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_dns_label)
}

/// `name` or `prefix/name`: the key of a label or annotation.
pub fn is_label_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_dns_subdomain(prefix) && is_qualified(name),
        None => is_qualified(text),
    }
}

/// The value of a label: empty, or up to 63 letters, digits, `-`, `_` and `.`.
pub fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_qualified(text)
}

fn is_qualified(text: &str) -> bool {
    let outer = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=63).contains(&text.len())
        && outer(text.bytes().next())
        && outer(text.bytes().last())
        && text.bytes().all(inner)
}

/// The name of a port: at most 15 lower-case letters, digits and `-`, with at least one letter.
fn is_port_name(text: &str) -> bool {
    is_dns_label(text)
        && text.len() <= 15
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && !text.contains("--")
}

/// What a broken name would look like when repaired: `Web_Front` → `web-front`.
fn repaired(text: &str) -> Option<String> {
    let folded = crate::texts::fold(text);
    let mut out = String::new();
    for letter in folded.chars() {
        let fits = letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '.';
        if fits {
            out.push(letter);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_matches(['-', '.']).chars().take(63).collect::<String>();
    (is_dns_subdomain(&out) && out != text).then_some(out)
}

pub(super) fn check(owner: &str, at: At<'_>, cx: &mut Cx<'_>) {
    match owner {
        "ObjectMeta" => {
            labels(at, "labels", &kubernetes::BAD_LABEL_VALUE, cx);
            keys(at, "annotations", cx);
            name(at, "namespace", is_dns_label, cx);
        }
        "LabelSelector" => labels(at, "matchLabels", &kubernetes::BAD_LABEL_VALUE, cx),
        "ServiceSpec" => labels(at, "selector", &kubernetes::BAD_LABEL_VALUE, cx),
        "PodSpec" => labels(at, "nodeSelector", &kubernetes::BAD_LABEL_VALUE, cx),
        "Container" | "ServicePort" | "Volume" => name(at, "name", is_dns_label, cx),
        "ContainerPort" => port_name(at, cx),
        "LabelSelectorRequirement" | "NodeSelectorRequirement" | "Taint" => key(at, cx),
        _ => {}
    }
}

fn name(at: At<'_>, field: &str, fits: fn(&str) -> bool, cx: &mut Cx<'_>) {
    let Some(text) = at.node.get(field).and_then(Node::text) else { return };
    if !text.is_empty() && !fits(text) {
        let bad = Diagnostic::error(&kubernetes::BAD_NAME, at.place(cx, field))
            .arg("path", at.path.key(field).to_string())
            .arg("found", text)
            .suggest(repaired(text).filter(|better| fits(better)));
        push(cx, bad);
    }
}

fn port_name(at: At<'_>, cx: &mut Cx<'_>) {
    let Some(text) = at.node.get("name").and_then(Node::text) else { return };
    if !is_port_name(text) {
        let bad = Diagnostic::error(&kubernetes::BAD_PORT_NAME, at.place(cx, "name"))
            .arg("path", at.path.key("name").to_string())
            .arg("found", text)
            .suggest(repaired(text).filter(|better| is_port_name(better)));
        push(cx, bad);
    }
}

fn key(at: At<'_>, cx: &mut Cx<'_>) {
    let Some(text) = at.node.get("key").and_then(Node::text) else { return };
    if !text.is_empty() && !is_label_key(text) {
        let bad = Diagnostic::error(&kubernetes::BAD_LABEL_KEY, at.place(cx, "key"));
        push(cx, bad.arg("path", at.path.key("key").to_string()).arg("found", text));
    }
}

fn keys(at: At<'_>, field: &str, cx: &mut Cx<'_>) {
    let path = at.path.key(field);
    for entry in at.node.get(field).map(Node::entries).unwrap_or_default() {
        // Annotation keys may hold capitals in their prefix.
        if !is_label_key(&entry.key.to_ascii_lowercase()) {
            let bad = Diagnostic::error(&kubernetes::BAD_LABEL_KEY, cx.place(entry.key_span));
            push(cx, bad.arg("path", path.to_string()).arg("found", entry.key.as_str()));
        }
    }
}

fn labels(at: At<'_>, field: &str, value_code: &'static CodeText, cx: &mut Cx<'_>) {
    let path = at.path.key(field);
    for entry in at.node.get(field).map(Node::entries).unwrap_or_default() {
        if !is_label_key(&entry.key) {
            let bad = Diagnostic::error(&kubernetes::BAD_LABEL_KEY, cx.place(entry.key_span));
            push(cx, bad.arg("path", path.to_string()).arg("found", entry.key.as_str()));
        }
        if let Some(text) = entry.value.text().filter(|text| !is_label_value(text)) {
            let bad = Diagnostic::error(value_code, cx.place(entry.value.span));
            let path = path.key(&entry.key).to_string();
            push(cx, bad.arg("path", path).arg("found", text));
        }
    }
}

pub(super) fn object_name(row: &KindRow, root: &Node, cx: &mut Cx<'_>) {
    let Some(node) = root.at(&["metadata", "name"]) else {
        let generated = root.at(&["metadata", "generateName"]).is_some();
        if !generated {
            let metadata = root.entry("metadata").map(|entry| entry.key_span);
            let head = root.entries().first().map_or(root.span, |entry| entry.key_span);
            let missing =
                Diagnostic::error(&shape::MISSING_FIELD, cx.place(metadata.unwrap_or(head)));
            push(cx, missing.arg("owner", "metadata").arg("field", "name"));
        }
        return;
    };
    let Some(text) = node.text() else { return };
    let fits = if LABEL_KINDS.contains(&row.kind) { is_dns_label } else { is_dns_subdomain };
    if PATH_KINDS.contains(&row.kind) || fits(text) {
        return;
    }
    let bad = Diagnostic::error(&kubernetes::BAD_NAME, cx.place(node.span))
        .arg("path", "metadata.name")
        .arg("found", text)
        .suggest(repaired(text).filter(|better| fits(better)));
    push(cx, bad);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_forms_of_the_rfcs() {
        for good in ["web", "web-1", "0a"] {
            assert!(is_dns_label(good), "{good}");
        }
        for bad in ["", "Web", "web_1", "-web", "web-", "a.b", "çay"] {
            assert!(!is_dns_label(bad), "{bad}");
        }
        assert!(is_dns_subdomain("a.b-c.d") && !is_dns_subdomain("a..b"));
        assert!(
            is_label_key("app.kubernetes.io/name") && !is_label_key("a b") && !is_label_key("/x")
        );
        assert!(is_label_value("") && is_label_value("v1.2_x") && !is_label_value("a/b"));
        assert!(
            is_port_name("http") && !is_port_name("8080") && !is_port_name("a-very-long-port-name")
        );
    }

    #[test]
    fn a_broken_name_is_repaired_when_that_is_possible() {
        assert_eq!(repaired("Web_Front").as_deref(), Some("web-front"));
        assert_eq!(repaired("Çay Ocağı").as_deref(), Some("cay-ocagi"));
        assert_eq!(repaired("---"), None);
    }
}
