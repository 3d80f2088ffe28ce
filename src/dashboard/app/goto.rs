//! A place in time in a person's words: `12,5s`, `2m`, `4711`, a bookmark, `ilk Ready=False`.

use crate::dashboard::model::Target;
use crate::kernel::{SimTime, Span};
use crate::lab::{Mark, MarkKind};
use crate::scenario::expect::predicate::Predicate;
use crate::scenario::load::predicate as read_predicate;
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::dashboard::acts::act_name;
use crate::texts::dashboard::screen::Say;
use crate::texts::fold;

use super::stage::Stage;

/// A place in time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// A time.
    Time(SimTime),
    /// A number of steps.
    Step(u64),
    /// The first moment at which something holds.
    First(Box<Predicate>),
    /// The last one.
    Last(Box<Predicate>),
}

/// The place that `words` mean; `chosen` is what "it" is in a condition without an object.
///
/// Errors: a sentence that says what can be written.
pub(super) fn place(
    words: &str,
    marks: &[Mark],
    chosen: Option<&Target>,
    lang: Lang,
) -> Result<Place, String> {
    let words = words.trim();
    // A bookmark may begin with a word that means something here: `ilk büyüme`.
    let wanted = fold(words);
    let is_called =
        |mark: &&Mark| [mark.name.as_str(), mark_name(mark, lang)].map(fold).contains(&wanted);
    let named = marks.iter().find(is_called);
    if let Some(mark) = named {
        return Ok(Place::Time(mark.at));
    }
    if let Some(step) = whole(words) {
        return Ok(Place::Step(step));
    }
    if let Some(at) = time(words).or_else(|| time(&format!("{words}s"))) {
        return Ok(Place::Time(at));
    }
    if let Some((which, rest)) = words.split_once(char::is_whitespace) {
        match fold(which).as_str() {
            "ilk" | "first" => {
                return predicate(rest, chosen, lang).map(|it| Place::First(Box::new(it)));
            }
            "son" | "last" => {
                return predicate(rest, chosen, lang).map(|it| Place::Last(Box::new(it)));
            }
            _ => {}
        }
    }
    let marks = if wanted.is_empty() { &[] } else { marks };
    let begins = |name: &str| fold(name).starts_with(&wanted);
    let begun = marks.iter().find(|mark| begins(&mark.name) || begins(mark_name(mark, lang)));
    let found = begun.map(|mark| Place::Time(mark.at));
    found.ok_or_else(|| Say::NoPlace.fill(lang, &[("words", words)]))
}

/// What a mark is called: bookmarks have names of their own, a step is called by what it does.
pub(super) fn mark_name(mark: &Mark, lang: Lang) -> &str {
    match mark.kind {
        MarkKind::Step | MarkKind::Done => act_name(&mark.name, lang),
        MarkKind::Bookmark | MarkKind::Own => &mark.name,
    }
}

/// A number of steps: `4711`, or with its thousands apart as the top line writes it.
fn whole(words: &str) -> Option<u64> {
    let groups: Vec<&str> = words.split('.').collect();
    let digits = |group: &&str| !group.is_empty() && group.chars().all(|c| c.is_ascii_digit());
    let grouped = groups.iter().skip(1).all(|group| group.len() == 3);
    let fine = groups.iter().all(digits) && grouped && groups[0].len() <= 3;
    let plain = groups.len() == 1 && digits(&groups[0]);
    if fine || plain { groups.concat().parse().ok() } else { None }
}

/// A time with its unit: `12,5s`, `12.5 s`, `2m`, `2m30s`, `2dk`, `300ms`, `1h`.
fn time(words: &str) -> Option<SimTime> {
    let mut rest = words.trim();
    let mut nanos: u64 = 0;
    let mut any = false;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
        let number: &str = &rest[..end];
        if !number.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let tail = rest[end..].trim_start();
        let unit_end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let unit: u64 = match fold(&tail[..unit_end]).as_str() {
            "ns" => 1,
            "us" | "µs" => 1_000,
            "ms" => 1_000_000,
            "s" | "sn" => 1_000_000_000,
            "m" | "dk" | "min" => 60_000_000_000,
            "h" | "sa" => 3_600_000_000_000,
            _ => return None,
        };
        nanos = nanos.checked_add(scaled(number, unit)?)?;
        any = true;
        rest = tail[unit_end..].trim_start();
    }
    any.then(|| SimTime::ZERO + Span::nanos(nanos))
}

/// A decimal number of units, exactly.
fn scaled(number: &str, unit: u64) -> Option<u64> {
    let number = number.replace(',', ".");
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut total = whole.checked_mul(unit)?;
    let mut share = unit;
    for digit in part.chars() {
        share /= 10;
        total = total.checked_add(u64::from(digit.to_digit(10)?).checked_mul(share)?)?;
    }
    Some(total)
}

/// What can be true, in short or in the scenario's words: `Ready=False`, `Ready=Unknown node/n2`,
/// `NodeNotReady` (an Event's reason), `ready("deployment/web", 3)`.
///
/// Errors: a sentence that says what can be written.
pub(super) fn predicate(
    words: &str,
    chosen: Option<&Target>,
    lang: Lang,
) -> Result<Predicate, String> {
    let words = words.trim();
    let plain = |word: &str| word.chars().all(|c| c.is_alphanumeric() || c == '-');
    let text = if words.contains('(') {
        words.to_owned()
    } else if let Some((kind, rest)) = words.split_once('=') {
        let (value, object) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let object = match (object.trim(), chosen.and_then(Stage::object_of)) {
            ("", Some((kind, key))) => sentence::object(kind, key),
            ("", None) => return Err(Say::NoObjectForCondition.text(lang).to_owned()),
            (object, _) => object.to_owned(),
        };
        let value = match fold(value).as_str() {
            "true" | "dogru" => "True",
            "false" | "yanlis" => "False",
            "unknown" | "bilinmiyor" => "Unknown",
            _ => return Err(Say::NoValue.text(lang).to_owned()),
        };
        format!("condition(of: \"{object}\", kind: \"{}\", is: {value})", kind.trim())
    } else if plain(words) {
        format!("event(reason: \"{words}\")")
    } else {
        return Err(Say::NoPredicate.fill(lang, &[("words", words)]));
    };
    read_predicate(&text, lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Kind, ObjectKey};

    fn marks() -> Vec<Mark> {
        let mark = |secs, name: &str| Mark {
            at: SimTime::from_secs(secs),
            kind: MarkKind::Bookmark,
            name: name.to_owned(),
            note: String::new(),
        };
        let step = Mark { kind: MarkKind::Step, ..mark(90, "drain") };
        vec![mark(60, "çökme"), step, mark(108, "fark edildi"), mark(130, "ilk büyüme")]
    }

    fn at(millis: u64) -> Place {
        Place::Time(SimTime::ZERO + Span::millis(millis))
    }

    #[test]
    fn every_step_has_a_name_of_its_own() {
        for word in crate::scenario::steps::Action::WORDS {
            assert_ne!(act_name(word, Lang::Tr), *word, "it stands in `texts::dashboard::acts`");
        }
    }

    #[test]
    fn times_steps_and_bookmarks_are_places() {
        let place = |words: &str| place(words, &marks(), None, Lang::Tr);
        for (words, wanted) in [
            ("12,5s", at(12_500)),
            ("12.5 s", at(12_500)),
            ("2m30s", at(150_000)),
            ("2 dk", at(120_000)),
            ("300ms", at(300)),
            ("4711", Place::Step(4711)),
            ("4.711", Place::Step(4711)),
            ("12.5", at(12_500)),
            ("12,5", at(12_500)),
            ("cokme", at(60_000)),
            ("Fark", at(108_000)),
            ("ilk büyüme", at(130_000)),
            ("boşaltma", at(90_000)),
            ("bosal", at(90_000)),
            ("drain", at(90_000)),
        ] {
            assert_eq!(place(words), Ok(wanted), "{words}");
        }
        for wrong in ["", "yarın", "12x", "99999999999999999999s", "son", "s", "m", "."] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn conditions_are_asked_of_what_is_chosen() {
        let node = Target::Object(Kind::Node, ObjectKey::new("", "n2"));
        let short = predicate("Ready=False", Some(&node), Lang::Tr).expect("a condition");
        let long =
            predicate("condition(of: \"node/n2\", kind: \"Ready\", is: False)", None, Lang::Tr);
        assert!(format!("{short:?}").contains("False"));
        assert!(long.is_ok() && predicate("Ready=False", None, Lang::Tr).is_err());
        assert!(predicate("NodeNotReady", None, Lang::Tr).is_ok());
        assert!(predicate("Ready=zzz node/n2", None, Lang::Tr).is_err());
        for words in ["ready(", "not(of: \"x\")", "not()", "not(\"not\")", "not(not)"] {
            assert!(predicate(words, None, Lang::Tr).is_err(), "{words}");
        }
        assert!(predicate("böyle bir şey", None, Lang::Tr).is_err());
    }
}
