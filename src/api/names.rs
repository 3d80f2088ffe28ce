//! What may be a name: of an object, a label key, a label value.
//!
//! Source: kubernetes/apimachinery:pkg/util/validation/validation.go.

/// Longest label of a DNS name, longest name part of a label key, longest label value.
pub const LABEL_LENGTH_MAX: usize = 63;

/// Longest DNS name.
pub const SUBDOMAIN_LENGTH_MAX: usize = 253;

/// Whether `text` is a DNS-1123 label: lower-case letters, digits and inner dashes, at most 63.
#[must_use]
pub fn is_dns1123_label(text: &str) -> bool {
    text.len() <= LABEL_LENGTH_MAX && is_dns_part(text)
}

/// Whether `text` is a DNS-1123 subdomain: labels joined by dots, at most 253 in all.
#[must_use]
pub fn is_dns1123_subdomain(text: &str) -> bool {
    text.len() <= SUBDOMAIN_LENGTH_MAX && text.split('.').all(is_dns_part)
}

/// Whether `text` is a DNS-1035 label: like a DNS-1123 label, but it begins with a letter.
#[must_use]
pub fn is_dns1035_label(text: &str) -> bool {
    is_dns1123_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Whether `text` can be the key of a label: `name` or `prefix/name`.
#[must_use]
pub fn is_qualified_name(text: &str) -> bool {
    let name = match text.split_once('/') {
        Some((prefix, name)) if is_dns1123_subdomain(prefix) => name,
        Some(_) => return false,
        None => text,
    };
    !name.is_empty() && is_label_value(name)
}

/// Whether `text` can be the value of a label; an empty one can.
#[must_use]
pub fn is_label_value(text: &str) -> bool {
    let bytes = text.as_bytes();
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let outer = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    bytes.len() <= LABEL_LENGTH_MAX
        && bytes.iter().all(inner)
        && outer(bytes.first())
        && outer(bytes.last())
}

/// One part of a DNS name, of any length.
fn is_dns_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    let outer = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
        && outer(bytes.first())
        && outer(bytes.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_dns() {
        for good in ["a", "web-1", "1", "a".repeat(63).as_str()] {
            assert!(is_dns1123_label(good), "{good}");
        }
        for bad in ["", "Web", "-a", "a-", "a.b", "ağ", "a".repeat(64).as_str()] {
            assert!(!is_dns1123_label(bad), "{bad}");
        }
        assert!(is_dns1123_subdomain("a.b-c.d") && !is_dns1123_subdomain("a..b"));
        assert!(is_dns1035_label("a1") && !is_dns1035_label("1a"));
    }

    #[test]
    fn label_keys_may_have_a_prefix() {
        for good in ["app", "app.kubernetes.io/name", "A_b.c-9"] {
            assert!(is_qualified_name(good), "{good}");
        }
        for bad in ["", "/app", "a/b/c", "a/", "Bad/app", "-a", "a b"] {
            assert!(!is_qualified_name(bad), "{bad}");
        }
    }
}
