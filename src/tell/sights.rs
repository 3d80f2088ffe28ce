//! What the laboratory saw, in the reader's language.
//!
//! A finding says what was seen in a few English words (`ready 2/3`), the same in every language
//! and in JSON. Here they become a sentence; words that are not known stay as they are.

use crate::kernel::Span;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::verdict::Sights;

use super::form;

/// The sentence for what was seen.
pub fn sentence(seen: &str, lang: Lang) -> String {
    let whole = match seen {
        "seen" => Some(Sights::Seen),
        "not seen" => Some(Sights::NotSeen),
        "missing" => Some(Sights::Missing),
        "exists" => Some(Sights::Exists),
        "no leader" => Some(Sights::NoLeader),
        "taints []" => Some(Sights::NoTaints),
        _ => None,
    };
    if let Some(key) = whole {
        return key.text(lang).to_owned();
    }
    let found = counted(seen, lang).or_else(|| order(seen, lang)).or_else(|| requests(seen, lang));
    found.unwrap_or_else(|| seen.to_owned())
}

/// `ready 2/3`, `0 ready endpoints`, `4 pods`, `taints [a, b]`, a bare number of Events.
fn counted(seen: &str, lang: Lang) -> Option<String> {
    for (word, key) in [("ready ", Sights::Ready), ("available ", Sights::Available)] {
        if let Some((have, wanted)) = seen.strip_prefix(word).and_then(|rest| rest.split_once('/'))
        {
            return Some(key.fill(lang, &[("have", have), ("wanted", wanted)]));
        }
    }
    if let Some(names) = seen.strip_prefix("taints [").and_then(|rest| rest.strip_suffix(']')) {
        return Some(Sights::Taints.fill(lang, &[("names", names)]));
    }
    for (word, key) in
        [(" ready endpoints", Sights::Endpoints), (" pods", Sights::Pods), ("", Sights::Events)]
    {
        if let Some(count) = seen.strip_suffix(word).and_then(|count| count.parse::<u64>().ok()) {
            return Some(key.fill(lang, &[("count", form::count(lang, count))]));
        }
    }
    None
}

/// `first: 258.688s, then: -`.
fn order(seen: &str, lang: Lang) -> Option<String> {
    let (first, then) = seen.strip_prefix("first: ")?.split_once(", then: ")?;
    let moment = |text: &str| match text.strip_suffix('s') {
        Some(seconds) => format!("{} s", crate::texts::decimal(lang, seconds)),
        None => Sights::NeverCame.text(lang).to_owned(),
    };
    Some(Sights::Order.fill(lang, &[("first", moment(first)), ("then", moment(then))]))
}

/// `served 8205, lost 1783, p99 32ms768us`.
fn requests(seen: &str, lang: Lang) -> Option<String> {
    let (served, rest) = seen.strip_prefix("served ")?.split_once(", lost ")?;
    let (lost, latency) = rest.split_once(", p99 ")?;
    let count = |text: &str| {
        text.parse().map_or_else(|_| text.to_owned(), |number| form::count(lang, number))
    };
    let latency =
        latency.parse::<Span>().map_or_else(|_| latency.to_owned(), |span| form::span(lang, span));
    let args = [("served", count(served)), ("lost", count(lost)), ("latency", latency)];
    Some(Sights::Requests.fill(lang, &args))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_said_in_turkish_and_unknown_words_stay() {
        let rows = [
            ("ready 2/3", "hazır olan 2, istenen 3"),
            ("0 ready endpoints", "0 hazır uç"),
            ("taints []", "leke yok"),
            ("first: 258.688s, then: -", "ilki 258,688 s, ikincisi hiç olmadı"),
            (
                "served 8205, lost 1783, p99 32ms768us",
                "8.205 istek karşılandı, 1.783 istek yitti; yanıtların yüzde 99'u en geç 32 ms",
            ),
            ("12", "12 olay"),
            ("Ready=True (KubeletReady)", "Ready=True (KubeletReady)"),
        ];
        for (seen, said) in rows {
            assert_eq!(sentence(seen, Lang::Tr), said, "{seen}");
        }
    }
}
