//! What every object carries: name, identity, version, owners, times.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kernel::SimTime;

use super::kind::Kind;
use super::labels::Labels;

/// A short shared text: cloning copies a pointer, a literal costs nothing.
pub type Str = arcstr::ArcStr;

/// The moment that virtual time zero stands for in timestamps: 2026-01-01T00:00:00Z.
pub const EPOCH_UNIX_SECS: u64 = 1_767_225_600;

/// A timestamp in an object; RFC 3339 in JSON, virtual time inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub SimTime);

/// The identity of one object over its whole life; never reused.
///
/// A name can come back, a uid cannot: that is how a controller tells a new pod from an old one
/// of the same name. Shown in the form of a UUID.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub u64);

/// Namespace and name; the namespace is empty for cluster-scoped kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// The namespace, or empty.
    pub namespace: Str,
    /// The name.
    pub name: Str,
}

/// Metadata that all persisted objects have.
///
/// Source: k8s.io/apimachinery `ObjectMeta`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectMeta {
    /// Unique among the objects of one kind and namespace.
    pub name: Str,
    /// A prefix; the API server appends five random characters when `name` is empty.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub generate_name: Str,
    /// The namespace; empty for cluster-scoped kinds.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub namespace: Str,
    /// The identity; 0 until the API server gives one.
    #[serde(skip_serializing_if = "Uid::is_unset")]
    pub uid: Uid,
    /// The etcd revision of the last write; 0 in an object that was never stored.
    #[serde(with = "version_text", skip_serializing_if = "is_zero")]
    pub resource_version: u64,
    /// Counts changes of the desired state.
    #[serde(skip_serializing_if = "is_zero_i64")]
    pub generation: i64,
    /// When the API server created it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_timestamp: Option<Time>,
    /// When it will be (or should have been) gone; set by a graceful deletion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_timestamp: Option<Time>,
    /// How long it may take to end, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_grace_period_seconds: Option<i64>,
    /// For selecting.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// For everything else.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub annotations: Labels,
    /// Whose existence it depends on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owner_references: Vec<OwnerReference>,
    /// Who must still do something before it may go.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub finalizers: Vec<Str>,
}

/// One owner of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnerReference {
    /// The owner's kind.
    pub kind: Kind,
    /// The owner's name (same namespace).
    pub name: Str,
    /// The owner's identity.
    pub uid: Uid,
    /// Whether this owner is the managing controller; at most one is.
    #[serde(default)]
    pub controller: bool,
    /// Whether the owner's foreground deletion waits for this object.
    #[serde(default)]
    pub block_owner_deletion: bool,
}

impl ObjectMeta {
    /// Metadata with a name in a namespace.
    #[must_use]
    pub fn named(namespace: impl Into<Str>, name: impl Into<Str>) -> Self {
        ObjectMeta { name: name.into(), namespace: namespace.into(), ..Default::default() }
    }

    /// Namespace and name.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        ObjectKey { namespace: self.namespace.clone(), name: self.name.clone() }
    }

    /// The owner that manages this object, if there is one.
    #[must_use]
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.owner_references.iter().find(|owner| owner.controller)
    }

    /// Whether a deletion is under way.
    #[must_use]
    pub const fn is_terminating(&self) -> bool {
        self.deletion_timestamp.is_some()
    }
}

impl ObjectKey {
    /// A key from its two parts.
    #[must_use]
    pub fn new(namespace: impl Into<Str>, name: impl Into<Str>) -> Self {
        ObjectKey { namespace: namespace.into(), name: name.into() }
    }
}

impl fmt::Display for ObjectKey {
    /// `namespace/name`, or the name alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{}/{}", self.namespace, self.name)
        }
    }
}

impl Uid {
    /// Whether no uid was given yet.
    #[must_use]
    pub const fn is_unset(&self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:08x}-{:04x}-4000-8000-{:012x}",
            self.0 >> 32,
            self.0 >> 16 & 0xffff,
            self.0 & 0xffff
        )
    }
}

impl Serialize for Uid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Uid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Str::deserialize(deserializer)?;
        let mut parts = text.split('-').map(|part| u64::from_str_radix(part, 16));
        let mut next = || parts.next().and_then(Result::ok);
        match (next(), next(), next(), next(), next()) {
            (Some(high), Some(middle), Some(_), Some(_), Some(low)) if high < 1 << 32 => {
                Ok(Uid(high << 32 | (middle & 0xffff) << 16 | low & 0xffff))
            }
            _ => Err(D::Error::custom("not a uid")),
        }
    }
}

impl Time {
    /// RFC 3339 with microseconds, as Kubernetes writes `MicroTime`; whole seconds without.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let nanos = self.0.as_nanos();
        let (secs, micros) = (EPOCH_UNIX_SECS + nanos / 1_000_000_000, nanos / 1_000 % 1_000_000);
        let (year, month, day) = civil(secs / 86_400);
        let (hour, minute, second) = (secs / 3600 % 24, secs / 60 % 60, secs % 60);
        let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }

    /// Reads what [`Time::rfc3339`] writes; moments before the epoch become the epoch.
    #[must_use]
    pub fn parse(text: &str) -> Option<Time> {
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u64>().ok();
        let days = days_since_unix(number(0..4)?, number(5..7)?, number(8..10)?)?;
        let secs = days * 86_400 + number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?;
        let rest = text.get(19..)?.strip_suffix('Z')?;
        let nanos = match rest.strip_prefix('.') {
            Some(digits) if !digits.is_empty() && digits.len() <= 9 => {
                let scale = 10u64.pow(9 - u32::try_from(digits.len()).ok()?);
                digits.parse::<u64>().ok()? * scale
            }
            Some(_) => return None,
            None if rest.is_empty() => 0,
            None => return None,
        };
        let since = secs.saturating_sub(EPOCH_UNIX_SECS);
        Some(Time(SimTime::from_nanos(since.checked_mul(1_000_000_000)?.checked_add(nanos)?)))
    }
}

/// Year, month, day of a day number since 1970-01-01 (Gregorian, by eras of 400 years).
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// The inverse of [`civil`].
fn days_since_unix(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - u64::from(month <= 2);
    let (era, year_of_era) = (year / 400, year % 400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + of_era - 719_468)
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Str::deserialize(deserializer)?;
        Time::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 time in UTC"))
    }
}

/// A number that travels as text, as `resourceVersion` does.
mod version_text {
    use super::{Deserialize, Deserializer, Serializer, Str};
    use serde::de::Error as _;

    pub(super) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = Str::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("a resourceVersion of Prova is a number"))
    }
}

/// Whether a number is zero; for leaving defaults out of JSON.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
pub(super) fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// Whether a number is zero; for leaving defaults out of JSON.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
pub(super) fn is_zero_i64(value: &i64) -> bool {
    *value == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Span;

    #[test]
    fn times_are_spelled_as_rfc3339_and_read_back() {
        for (nanos, text) in [
            (0, "2026-01-01T00:00:00Z"),
            (1_500_000_000, "2026-01-01T00:00:01.500000Z"),
            (59 * 86_400 * 1_000_000_000, "2026-03-01T00:00:00Z"),
        ] {
            let time = Time(SimTime::from_nanos(nanos));
            assert_eq!(time.rfc3339(), text);
            assert_eq!(Time::parse(text), Some(time));
        }
        assert_eq!(Time::parse("yesterday"), None);
        assert_eq!(Time::parse("2026-01-01T00:00:00.Z"), None);
    }

    #[test]
    fn a_leap_year_has_its_day() {
        let time = Time(SimTime::ZERO + Span::hours(24 * (365 + 365 + 31 + 28)));
        assert_eq!(time.rfc3339(), "2028-02-29T00:00:00Z");
    }

    #[test]
    fn a_uid_survives_its_text() {
        let uid = Uid(0x1234_5678_9abc_def0);
        let text = serde_json::to_string(&uid).expect("a uid has a text");
        assert_eq!(serde_json::from_str::<Uid>(&text).ok(), Some(uid));
    }
}
