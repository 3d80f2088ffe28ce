//! What keeps Events few: combining similar ones, counting equal ones, limiting each object.
//!
//! The three steps are client-go's and stand in its order. Their memory is bounded: each keeps
//! the entries that were used last.
//! Source: kubernetes/client-go:tools/record/events_cache.go.

use crate::api::{EventType, Kind, ObjectReference, Str};
use crate::kernel::{Digest, SimTime, Span};

use super::events::Told;
use super::lru::Lru;
use super::ratelimit::TokenBucket;

/// Before the message of a combined event.
const COMBINED: &str = "(combined from similar events): ";

/// How many different messages of one reason make the next ones combined.
pub(super) const SIMILAR_MAX: usize = 10;

/// How events are kept few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CorrelateConfig {
    /// Entries that each step remembers. Default: 4096 (`maxLruCacheEntries`).
    pub entries_max: usize,
    /// After so long without a similar event the combining starts afresh.
    /// Default: 600 s (`defaultAggregateIntervalInSeconds`).
    pub similar_within: Span,
    /// Events about one object at once. Default: 25 (`defaultSpamBurst`).
    pub burst: u32,
    /// Between two events about one object after that. Default: 300 s (`defaultSpamQPS`).
    pub refill: Span,
}

impl Default for CorrelateConfig {
    fn default() -> Self {
        CorrelateConfig {
            entries_max: 4096,
            similar_within: Span::secs(600),
            burst: 25,
            refill: Span::secs(300),
        }
    }
}

/// The messages of one reason about one object that were told lately.
#[derive(Clone, Debug, Default)]
struct Similar {
    last: SimTime,
    first_message: Option<u32>,
    /// The other messages; most reasons never have any.
    more_messages: Vec<u32>,
}

/// An event that was told before.
#[derive(Clone, Debug, Default)]
struct Known {
    count: i32,
    first: SimTime,
    name: Str,
}

/// What became of a tale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Correlated {
    /// The message, perhaps with the prefix of combined ones.
    pub(super) message: Str,
    /// How often it was told, this time included.
    pub(super) count: i32,
    /// When it was told first.
    pub(super) first: SimTime,
    /// The name of the Event it was told with before; none when it is new.
    pub(super) name: Option<Str>,
    /// Where its name is to be remembered.
    pub(super) key: u64,
}

/// The memory of an event recorder.
#[derive(Clone, Debug)]
pub(super) struct Correlator {
    config: CorrelateConfig,
    similar: Lru<Similar>,
    known: Lru<Known>,
    objects: Lru<Option<TokenBucket>>,
}

impl Correlator {
    pub(super) fn new(config: CorrelateConfig) -> Self {
        let max = config.entries_max;
        Correlator { config, similar: Lru::new(max), known: Lru::new(max), objects: Lru::new(max) }
    }

    /// Weighs a tale; none when there were too many about the same object.
    pub(super) fn correlate(
        &mut self,
        about: &ObjectReference,
        told: &Told,
        now: SimTime,
    ) -> Option<Correlated> {
        let mut digest = fingerprint(about);
        let object = mixed(digest);
        digest.fold(u64::from(told.kind == EventType::Warning));
        digest.fold_str(&told.reason);
        let group = mixed(digest);
        digest.fold_str(&told.message);
        let full = mixed(digest);
        let combined = self.is_combined(group, full, now);
        let (key, message) = if combined {
            (group, Str::from(format!("{COMBINED}{}", told.message)))
        } else {
            (full, told.message.clone())
        };
        let known = self.known.entry(key);
        known.count += 1;
        if known.count == 1 {
            known.first = now;
        }
        let (count, first) = (known.count, known.first);
        // A first tale that was one too many was counted, but never got a name.
        let name = Some(known.name.clone()).filter(|name| !name.is_empty());
        let bucket = self.objects.entry(object);
        let (refill, burst) = (self.config.refill, self.config.burst);
        let bucket = bucket.get_or_insert_with(|| TokenBucket::every(refill, burst));
        bucket.try_take(now).then_some(Correlated { message, count, first, name, key })
    }

    /// Remembers the name under which a tale was written for the first time.
    pub(super) fn named(&mut self, key: u64, name: Str) {
        self.known.entry(key).name = name;
    }

    pub(super) fn clear(&mut self) {
        self.similar.clear();
        self.known.clear();
        self.objects.clear();
    }

    /// Whether the group of similar events is so large that this one is combined.
    fn is_combined(&mut self, group: u64, full: u64, now: SimTime) -> bool {
        let similar = self.similar.entry(group);
        if now.since(similar.last) > self.config.similar_within {
            *similar = Similar::default();
        }
        similar.last = now;
        let message = u32::try_from(full >> 32).expect("half of 64 bits are 32");
        let first = *similar.first_message.get_or_insert(message);
        if first == message || similar.more_messages.contains(&message) {
            return false;
        }
        if similar.more_messages.len() + 2 < SIMILAR_MAX {
            similar.more_messages.push(message);
            return false;
        }
        true
    }
}

/// The digest with its last text spread over all bits, for use as a key.
fn mixed(mut digest: Digest) -> u64 {
    digest.fold(1);
    digest.fold(2);
    digest.value()
}

/// What tells one object from another.
fn fingerprint(about: &ObjectReference) -> Digest {
    let mut digest = Digest::default();
    digest.fold(about.uid.0);
    digest.fold(Kind::index(about.kind) as u64);
    digest.fold_str(&about.namespace);
    digest.fold_str(&about.name);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web() -> ObjectReference {
        ObjectReference { name: "web".into(), ..ObjectReference::default() }
    }

    fn relaxed() -> Correlator {
        Correlator::new(CorrelateConfig { burst: 1000, ..CorrelateConfig::default() })
    }

    #[test]
    fn equal_events_are_counted_under_one_name() {
        let mut correlator = relaxed();
        let told = Told::warning("BackOff", "again");
        let first = correlator.correlate(&web(), &told, SimTime::from_secs(1)).unwrap();
        assert_eq!((first.count, first.name.clone()), (1, None));
        correlator.named(first.key, "web.1".into());
        let second = correlator.correlate(&web(), &told, SimTime::from_secs(9)).unwrap();
        assert_eq!((second.count, second.name), (2, Some("web.1".into())));
        assert_eq!(second.first, SimTime::from_secs(1));
    }

    #[test]
    fn the_tenth_different_message_of_a_reason_is_combined_and_later_ones_count_on_it() {
        let mut correlator = relaxed();
        let mut tell = |n: u32, at| {
            let told = Told::normal("Pulled", format!("image {n}"));
            correlator.correlate(&web(), &told, SimTime::from_secs(at)).unwrap()
        };
        for n in 0..9 {
            assert_eq!(tell(n, 1).message, format!("image {n}"));
        }
        let tenth = tell(9, 2);
        assert_eq!(tenth.message, "(combined from similar events): image 9");
        assert_eq!((tell(10, 3).count, tell(11, 4).count), (2, 3));
        assert_eq!(tell(12, 4 + 601).message, "image 12", "ten quiet minutes start afresh");
    }

    #[test]
    fn an_object_gets_its_burst_and_then_one_event_in_five_minutes() {
        let mut correlator = Correlator::new(CorrelateConfig::default());
        let told = Told::warning("Unhealthy", "probe failed");
        let mut tell = |at| correlator.correlate(&web(), &told, SimTime::from_secs(at)).is_some();
        assert_eq!((0..100).filter(|_| tell(1)).count(), 25);
        assert!(!tell(300));
        assert!(tell(301));
        assert!(!tell(302));
    }
}
