//! `prova explain`: how an object stands at a moment, and the chain of causes behind it.

use serde_json::{Value, json};

use crate::api::Kind;
use crate::api::ObjectKey;
use crate::api::Resource as _;
use crate::kernel::SimTime;
use crate::lab::Run;
use crate::observe::{Observation, Reason, explain as chain_behind, tell};
use crate::scenario::suggest::nearest;
use crate::scenario::values::{Duration, ObjectRef};
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;
use crate::texts::diagnostics;
use crate::texts::verdict::Explains;

use super::exit::Exit;
use super::play::play;
use super::screen::{Paint, Screen};
use super::stage::{begin, load_given};
use super::wishes::ExplainWishes;
use super::{form, report, state};

/// Columns of the labels.
const LABEL: usize = 14;

/// Explains a code or an object.
pub(super) fn explain(wishes: &ExplainWishes, screen: &mut Screen) -> Exit {
    if is_code(&wishes.what) && wishes.object.is_none() {
        return page(&wishes.what, screen);
    }
    let question = match question(wishes, screen.lang) {
        Ok(question) => question,
        Err(text) => return refuse(&text, screen),
    };
    let staged = match load_given(
        std::slice::from_ref(&wishes.what),
        &wishes.overrides,
        wishes.json,
        screen,
    ) {
        Ok(staged) => staged,
        Err(exit) => return exit,
    };
    let at = question.at.unwrap_or(staged.plan.until);
    if at > staged.plan.until {
        let (lang, end) = (screen.lang, staged.plan.until);
        let args = [("end", form::moment(lang, end)), ("at", form::moment(lang, at))];
        return refuse(&Talk::AfterEnd.fill(lang, &args), screen);
    }
    let mut run = match begin(&staged, screen) {
        Ok(run) => run,
        Err(exit) => return exit,
    };
    play(&mut run, Some(at), &mut []);
    answer(&run, &question, wishes.json, screen)
}

fn refuse(text: &str, screen: &mut Screen) -> Exit {
    screen.complain(&format!("{}: {text}", Talk::Error.text(screen.lang)));
    Exit::Usage
}

fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix(['P', 'p']);
    digits.is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn page(code: &str, screen: &mut Screen) -> Exit {
    let lang = screen.lang;
    let Some(entry) = diagnostics::find(code) else {
        let mut text = Talk::UnknownCode.fill(lang, &[("word", code)]);
        let near = nearest(&code.to_uppercase(), diagnostics::all().map(|entry| entry.code));
        if !near.is_empty() {
            let hint = Talk::DidYouMean.fill(lang, &[("names", near.join(", "))]);
            text.push_str(&format!("\n  {hint}"));
        }
        return refuse(&text, screen);
    };
    for line in diagnostics::page(entry, lang).lines() {
        screen.wrapped("", line, Paint::Plain, 0);
    }
    Exit::Fine
}

/// What is asked.
struct Question {
    /// The object, perhaps only the beginning of its name.
    object: ObjectRef,
    /// As it was written.
    word: String,
    /// The moment; none means the end.
    at: Option<SimTime>,
}

fn question(wishes: &ExplainWishes, lang: Lang) -> Result<Question, String> {
    let Some(word) = wishes.object.clone() else {
        return Err(Talk::Missing.fill(lang, &[("word", "pod/…")]));
    };
    let name = word.trim_end_matches(['*', '…', '.']);
    let name = if name.contains('/') { name.to_owned() } else { format!("pod/{name}") };
    let object =
        name.parse().map_err(|_| Talk::BadObject.fill(lang, &[("word", word.as_str())]))?;
    let at = match &wishes.at {
        None => None,
        Some(text) => {
            let span: Result<Duration, _> = text.parse();
            let span = span.map_err(|_| Talk::BadMoment.fill(lang, &[("word", text)]))?;
            Some(SimTime::ZERO + span.0)
        }
    };
    Ok(Question { object, word, at })
}

fn answer(run: &Run, question: &Question, as_json: bool, screen: &mut Screen) -> Exit {
    let lang = screen.lang;
    let Some(seen) = run.seen() else { return Exit::Fine };
    let found = candidates(&question.object, seen);
    let Some(key) = found.first().cloned() else {
        let args = [("at", form::moment(lang, run.now())), ("word", question.word.clone())];
        let mut text = Talk::UnknownObject.fill(lang, &args);
        let near = neighbours(&question.object, seen);
        if !near.is_empty() {
            let hint = Talk::DidYouMean.fill(lang, &[("names", near.join(", "))]);
            text.push_str(&format!("\n  {hint}"));
        }
        return refuse(&text, screen);
    };
    let kind = question.object.kind;
    let reasons = chain_behind(&seen.facts, kind, &key, run.now());
    if as_json {
        screen.line(&to_json((kind, &key), run.now(), seen, &reasons).to_string());
        return Exit::Fine;
    }
    if found.len() > 1 {
        let others: Vec<String> =
            found.iter().skip(1).take(5).map(|key| key.name.to_string()).collect();
        screen.talk(&Explains::Others.fill(lang, &[("names", others.join(", "))]));
    }
    told(run.now(), (kind, &key), (seen, &reasons), screen);
    Exit::Fine
}

/// The object of that name, or those whose name begins so; also one that is gone already.
fn candidates(of: &ObjectRef, seen: &Observation) -> Vec<ObjectKey> {
    let exact = ObjectKey::new(of.namespace.as_str(), of.name.as_str());
    let known =
        seen.model.get(of.kind, &exact).is_some() || seen.facts.newest(of.kind, &exact).is_some();
    if known {
        return vec![exact];
    }
    let fits = |key: &ObjectKey| {
        key.name.starts_with(of.name.as_str())
            && (key.namespace == of.namespace || !of.kind.is_namespaced())
    };
    let mut found: Vec<(bool, ObjectKey)> = Vec::new();
    for object in seen.model.all(of.kind) {
        let healthy = crate::api::Pod::of(object).is_some_and(|pod| pod.is_ready());
        if fits(&object.key()) {
            found.push((healthy, object.key()));
        }
    }
    // Who asks "why?" has trouble in mind.
    found.sort();
    found.into_iter().map(|(_, key)| key).collect()
}

fn neighbours(of: &ObjectRef, seen: &Observation) -> Vec<String> {
    let names: Vec<String> =
        seen.model.all(of.kind).map(|object| object.key().name.to_string()).collect();
    let mut near = nearest(&of.name, names.iter().map(String::as_str));
    if near.is_empty() {
        near = names.into_iter().take(5).collect();
    }
    let kind = of.kind.name().to_ascii_lowercase();
    near.into_iter().map(|name| format!("{kind}/{name}")).collect()
}

fn told(
    at: SimTime,
    (kind, key): (Kind, &ObjectKey),
    (seen, reasons): (&Observation, &[Reason]),
    screen: &mut Screen,
) {
    let lang = screen.lang;
    let args = [("object", state::name(kind, key)), ("at", form::moment(lang, at))];
    let title = Explains::State.fill(lang, &args);
    screen.line(&screen.painted(&title, Paint::Bold));
    match seen.model.get(kind, key) {
        None => screen.line(&format!("  {}", Explains::Gone.text(lang))),
        Some(object) => {
            for (label, text) in state::rows(object, lang) {
                screen.wrapped(&format!("  {label:LABEL$} "), &text, Paint::Plain, LABEL + 3);
            }
        }
    }
    screen.line("");
    screen.line(&screen.painted(Explains::Why.text(lang), Paint::Bold));
    if reasons.is_empty() {
        screen.line(&format!("  {}", Explains::NoCause.text(lang)));
    }
    let mut depth = None;
    for reason in telling(reasons, seen) {
        let Some((when, text)) = report::sentence(reason.fact, seen, lang) else { continue };
        let word = match depth {
            None => "",
            Some(before) if before == reason.depth => Explains::Beside.text(lang),
            Some(_) => Explains::Because.text(lang),
        };
        depth = Some(reason.depth);
        let stamp = screen.painted(&form::stamp(lang, when), Paint::Dim);
        let head = format!("  {stamp} {word:<8} ");
        let hang = 2 + form::stamp(lang, when).chars().count() + 10;
        screen.wrapped(&head, &text, Paint::Plain, hang);
    }
}

/// The links that say something: without "it changed", without the election of who looked first.
fn telling(reasons: &[Reason], seen: &Observation) -> Vec<Reason> {
    let says = |reason: &&Reason| {
        let Some(fact) = seen.facts.get(reason.fact) else { return false };
        let Some(told) = tell(fact, &seen.directory).into_iter().next() else { return false };
        !matches!(told.what, "object.changed" | "lease.leader")
    };
    let kept: Vec<Reason> = reasons.iter().filter(says).copied().collect();
    if kept.is_empty() { reasons.to_vec() } else { kept }
}

fn to_json(
    (kind, key): (Kind, &ObjectKey),
    at: SimTime,
    seen: &Observation,
    reasons: &[Reason],
) -> Value {
    let chain: Vec<Value> = reasons
        .iter()
        .filter_map(|reason| {
            let (when, text) = report::sentence(reason.fact, seen, Lang::En)?;
            Some(json!({"fact": reason.fact.0, "depth": reason.depth, "at_ns": when.as_nanos(), "text": text}))
        })
        .collect();
    let object = seen.model.get(kind, key);
    let state: Vec<Value> = object
        .map(|object| state::rows(object, Lang::En))
        .unwrap_or_default()
        .into_iter()
        .map(|(label, text)| json!([label, text]))
        .collect();
    json!({
        "schema": "prova.explain/1", "object": state::name(kind, key), "at_ns": at.as_nanos(),
        "exists": object.is_some(), "state": state, "because": chain,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_files() {
        assert!(is_code("P0201") && is_code("p4"));
        assert!(!is_code("P") && !is_code("pod.ron") && !is_code("scenarios/a.ron"));
    }
}
