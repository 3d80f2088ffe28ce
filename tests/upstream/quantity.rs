//! `k8s/quantity`: parsing, canonical form, arithmetic.

use prova::api::Quantity;
use prova::api::quantity::{Format, Parts};
use serde_json::Value;

use super::case::{Case, same, text_or};

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    match case.kind() {
        "parse" => parse(text_or(input, "text", ""), expect),
        "split" => {
            let parts = Parts::split(text_or(input, "text", "")).map_err(|e| e.to_string())?;
            let got = serde_json::json!({
                "positive": parts.positive, "integer": parts.integer,
                "fraction": parts.fraction, "suffix": parts.suffix,
            });
            same("parts", &got, expect)
        }
        "emit" => {
            let quantity = read(text_or(input, "text", ""))?;
            same("text", &quantity.to_string().as_str(), &text_or(expect, "canonical", ""))
        }
        "format" => {
            let quantity = valued(input)?;
            same("text", &quantity.to_string().as_str(), &text_or(expect, "canonical", ""))?;
            match expect.get("alternate_equal").and_then(Value::as_str) {
                Some(alternate) => same("alternate", &read(alternate)?, &quantity),
                None => Ok(()),
            }
        }
        "round_up" => {
            let mut quantity = read(text_or(input, "text", ""))?;
            let exact = quantity.round_up(number(input, "scale"));
            same("exact", &Some(exact), &expect["exact"].as_bool())?;
            same("value", &decimal(quantity), &text_or(expect, "value", "").to_owned())
        }
        "cmp" => {
            let (a, b) = (read(text_or(input, "a", ""))?, read(text_or(input, "b", ""))?);
            same("order", &(a.cmp(&b) as i32), &number(expect, "cmp"))
        }
        "scaled_value" => {
            let one = read(&format!("1e{}", number(input, "one_at_power")))?;
            let got = one.scaled_value(number(input, "read_at_power"));
            same("value", &Some(got), &expect["value"].as_i64())
        }
        "add" | "sub" => {
            let (a, b) = (valued(&input["a"])?, valued(&input["b"])?);
            let got = if case.kind() == "add" { a.plus(b) } else { a.minus(b) };
            let want = valued(&expect["result"])?;
            same("value", &got, &want)?;
            same("format", &got.format, &want.format)
        }
        _ => case.unknown_kind(),
    }
}

/// A text, and the same with either sign.
fn parse(text: &str, expect: &Value) -> Result<(), String> {
    if expect["error"].as_bool() == Some(true) {
        return match text.parse::<Quantity>() {
            Ok(quantity) => Err(format!("{text:?} was read as {quantity}")),
            Err(_) => Ok(()),
        };
    }
    let (value, format) = (text_or(expect, "value", ""), text_or(expect, "format", ""));
    let check = |text: &str, value: &str| {
        let quantity = read(text)?;
        same("value", &decimal(quantity).as_str(), &value)?;
        same("format", &format!("{:?}", quantity.format).as_str(), &format)
    };
    check(text, value)?;
    if !text.starts_with(['-', '+']) {
        check(&format!("+{text}"), value)?;
        let negative = if value == "0" { value.to_owned() } else { format!("-{value}") };
        check(&format!("-{text}"), &negative)?;
    }
    Ok(())
}

fn read(text: &str) -> Result<Quantity, String> {
    text.parse::<Quantity>().map_err(|why| format!("{text:?}: {why}"))
}

/// A value as the cases write it, with its format.
fn valued(value: &Value) -> Result<Quantity, String> {
    let mut quantity = read(text_or(value, "value", ""))?;
    quantity.format = match text_or(value, "format", "") {
        "DecimalSI" => Format::DecimalSI,
        "BinarySI" => Format::BinarySI,
        "DecimalExponent" => Format::DecimalExponent,
        other => return Err(format!("unknown format {other:?}")),
    };
    Ok(quantity)
}

/// The exact decimal value.
fn decimal(quantity: Quantity) -> String {
    let magnitude = quantity.nano.unsigned_abs();
    let sign = if quantity.nano < 0 { "-" } else { "" };
    let fraction = format!("{:09}", magnitude % 1_000_000_000);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", magnitude / 1_000_000_000)
}

fn number(value: &Value, field: &str) -> i32 {
    value[field].as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or(0)
}
