//! The small words of the scenario language: durations, sizes, ratios, rates, names of objects.
//!
//! Each is a newtype whose name the strict deserializer knows, so that a slip in it gets a message
//! about durations or sizes and not about text. Numbers are whole inside: a fraction of a second is
//! nanoseconds, a ratio is millionths. No float decides anything in a run.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Visitor};

use crate::api::{Kind, Quantity};
use crate::kernel::Span as TimeSpan;

/// A stretch of virtual time, written `"50s"`, `"1m30s"`, `"500ms"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(pub TimeSpan);

/// An amount of memory or disk \[bytes\], written `"512Mi"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

/// An amount of CPU \[thousandths of a core\], written `"4"` or `"250m"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cpu(pub u64);

/// A probability or share \[millionths\], written `0.05`. Range: 0 ..= 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(pub u32);

/// Requests per second \[thousandths\], written `20` or `0.5`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rps(pub u64);

/// The name of an object, written `"deployment/frontend"` or `"pod/kube-system/dns-*"`.
///
/// Without a namespace `default` is meant; a name that ends with `*` means every object whose name
/// begins so, `*` alone every object of the kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectRef {
    /// The kind.
    pub kind: Kind,
    /// The namespace; empty for kinds without one.
    pub namespace: String,
    /// The name, or the beginning of it followed by `*`.
    pub name: String,
}

impl ObjectRef {
    /// Does it stand for more than one object?
    pub fn is_pattern(&self) -> bool {
        self.name.ends_with('*')
    }

    /// Is the object of this kind, namespace and name meant?
    pub fn matches(&self, kind: Kind, namespace: &str, name: &str) -> bool {
        let named = match self.name.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == self.name,
        };
        kind == self.kind && named && (namespace == self.namespace || !kind.is_namespaced())
    }
}

impl fmt::Display for ObjectRef {
    /// `deployment/frontend`, or `deployment/shop/frontend` outside `default`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.name().to_ascii_lowercase();
        if self.namespace.is_empty() || self.namespace == "default" {
            write!(f, "{kind}/{}", self.name)
        } else {
            write!(f, "{kind}/{}/{}", self.namespace, self.name)
        }
    }
}

impl FromStr for ObjectRef {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<ObjectRef, &'static str> {
        let mut parts = text.split('/');
        let (kind, first, second) = (parts.next(), parts.next(), parts.next());
        let kind: Kind = kind.unwrap_or_default().parse().map_err(|()| "unknown kind")?;
        let name = second.or(first).ok_or("no name")?;
        let namespace = if second.is_some() { first.unwrap_or_default() } else { "default" };
        if name.is_empty() || namespace.is_empty() || parts.next().is_some() {
            return Err("not kind/name");
        }
        let namespace = if kind.is_namespaced() { namespace } else { "" };
        Ok(ObjectRef { kind, namespace: namespace.to_owned(), name: name.to_owned() })
    }
}

impl FromStr for Duration {
    type Err = crate::kernel::ParseSpanError;

    fn from_str(text: &str) -> Result<Duration, Self::Err> {
        text.parse().map(Duration)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Size, &'static str> {
        let quantity: Quantity = text.parse().map_err(|_| "not a quantity")?;
        u64::try_from(quantity.value()).map(Size).map_err(|_| "negative")
    }
}

impl FromStr for Cpu {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Cpu, &'static str> {
        let quantity: Quantity = text.parse().map_err(|_| "not a quantity")?;
        u64::try_from(quantity.milli_value()).map(Cpu).map_err(|_| "negative")
    }
}

/// A decimal number from zero up, in units of `10^-digits`; more digits are refused.
fn fixed(text: &str, digits: usize) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > digits || !only_digits(whole) || !only_digits(fraction)
    {
        return None;
    }
    format!("{whole}{fraction:0<digits$}").parse().ok()
}

impl FromStr for Ratio {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Ratio, &'static str> {
        let millionths = fixed(text, 6).filter(|number| *number <= 1_000_000);
        let millionths = millionths.and_then(|number| u32::try_from(number).ok());
        millionths.map(Ratio).ok_or("not between 0 and 1")
    }
}

impl FromStr for Rps {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Rps, &'static str> {
        fixed(text, 3).map(Rps).ok_or("not a rate")
    }
}

/// Reads a value from text, or from a number written as text would be.
struct FromText<T>(&'static str, std::marker::PhantomData<T>);

impl<'de, T: FromStr> Visitor<'de> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|_| E::custom(self.0))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<T, E> {
        Err(E::custom(self.0))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<T, E> {
        Err(E::custom(self.0))
    }
}

macro_rules! from_text {
    ($($name:ident),+ $(,)?) => {
        $(
            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    let visitor = FromText(stringify!($name), std::marker::PhantomData);
                    from.deserialize_newtype_struct(stringify!($name), visitor)
                }
            }
        )+
    };
}
from_text!(Duration, Size, Cpu, Ratio, Rps, ObjectRef);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_forms() {
        assert_eq!("1m30s".parse::<Duration>().map(|span| span.0.as_secs()), Ok(90));
        assert_eq!("512Mi".parse::<Size>(), Ok(Size(512 << 20)));
        assert_eq!("250m".parse::<Cpu>(), Ok(Cpu(250)));
        assert_eq!("0.05".parse::<Ratio>(), Ok(Ratio(50_000)));
        assert_eq!("1".parse::<Ratio>(), Ok(Ratio(1_000_000)));
        assert_eq!("20.5".parse::<Rps>(), Ok(Rps(20_500)));
        for bad in ["", "-1", "1.5.", "x", "0.0000001"] {
            assert!(bad.parse::<Ratio>().is_err(), "{bad}");
        }
        assert!("-1Mi".parse::<Size>().is_err() && "2".parse::<Ratio>().is_err());
    }

    #[test]
    fn objects_are_named_as_kubectl_names_them() {
        let rows = [
            ("deploy/web", "deployment/web"),
            ("pods/shop/web-*", "pod/shop/web-*"),
            ("node/n1", "node/n1"),
        ];
        for (text, shown) in rows {
            assert_eq!(
                text.parse::<ObjectRef>().map(|name| name.to_string()),
                Ok(shown.to_owned())
            );
        }
        for bad in ["web", "deploymnt/web", "deploy/", "deploy//x", "pod/a/b/c"] {
            assert!(bad.parse::<ObjectRef>().is_err(), "{bad}");
        }
        let web: ObjectRef = "pod/web-*".parse().unwrap();
        assert!(
            web.matches(Kind::Pod, "default", "web-1") && !web.matches(Kind::Pod, "x", "web-1")
        );
    }
}
