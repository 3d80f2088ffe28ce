//! `k8s/labels`: selectors as text, and what they match.

use prova::api::selector::{RequirementError, Selector, SelectorRequirement};
use prova::api::{Labels, Str};
use serde_json::Value;

use super::case::{Case, same, text_or};

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    match case.kind() {
        "parse" | "set_parse" => parse(text_or(input, "text", ""), expect),
        "match" => {
            let selector: Selector =
                text_or(input, "selector", "").parse().map_err(|e| format!("{e}"))?;
            matched(&selector, &input["labels"], expect)
        }
        "requirement" => {
            let verdict = requirement(text_or(input, "key", ""), input);
            same("valid", &Some(verdict.is_ok()), &expect["valid"].as_bool())?;
            let Err(why) = verdict else { return Ok(()) };
            let (kind, field) = match why {
                RequirementError::Invalid(field) => ("Invalid", field),
                RequirementError::NotSupported(field) => ("NotSupported", field),
            };
            same("kind", &kind, &text_or(&expect["error"], "kind", ""))?;
            same("field", &field.as_str(), &text_or(&expect["error"], "field", ""))
        }
        "to_string" => {
            let selector = Selector::of(listed(&input["requirements"])?);
            same("text", &selector.to_string().as_str(), &text_or(expect, "text", ""))
        }
        "requirements_match" => {
            let selector = Selector::of(listed(&input["requirements"])?);
            matched(&selector, &input["labels"], expect)
        }
        _ => case.unknown_kind(),
    }
}

fn parse(text: &str, expect: &Value) -> Result<(), String> {
    let selector = text.parse::<Selector>();
    same("valid", &Some(selector.is_ok()), &expect["valid"].as_bool())?;
    let Ok(selector) = selector else { return Ok(()) };
    if let Some(canonical) = expect["canonical"].as_str() {
        same("text", &selector.to_string().as_str(), &canonical)?;
    }
    if let Some(wanted) = expect.get("requirements") {
        let mut wanted = listed(wanted)?;
        wanted.sort_by(|one, two| one.key().cmp(two.key()));
        same("requirements", &selector.requirements(), &wanted.as_slice())?;
    }
    if let Some(other) = expect.get("requirements_not")
        && selector.requirements() == listed(other)?.as_slice()
    {
        return Err("the same requirements as the ones it must not have".into());
    }
    Ok(())
}

fn matched(selector: &Selector, labels: &Value, expect: &Value) -> Result<(), String> {
    let empty = serde_json::Map::new();
    let pairs = labels.as_object().unwrap_or(&empty);
    let labels: Labels =
        pairs.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap_or(""))).collect();
    same("match", &Some(selector.matches(&labels)), &expect["match"].as_bool())
}

/// One requirement from the fields `op` and `values`.
fn requirement(key: &str, fields: &Value) -> Result<SelectorRequirement, RequirementError> {
    SelectorRequirement::new(key, text_or(fields, "op", ""), &texts(&fields["values"]))
}

/// Requirements as `[key, op, [values]]`.
fn listed(list: &Value) -> Result<Vec<SelectorRequirement>, String> {
    let one = |item: &Value| {
        let (key, op) = (item[0].as_str().unwrap_or(""), item[1].as_str().unwrap_or(""));
        SelectorRequirement::new(key, op, &texts(&item[2])).map_err(|e| format!("{e:?}"))
    };
    list.as_array().into_iter().flatten().map(one).collect()
}

fn texts(list: &Value) -> Vec<Str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(Str::from).collect()
}
