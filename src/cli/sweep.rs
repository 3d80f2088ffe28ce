//! `prova sweep`: many seeds, one distribution.

use std::io::IsTerminal as _;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use crate::lab::{Distribution, MEASURES, Measure, Sample, Sweep, measure, quantiles};
use crate::scenario::suggest::nearest;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;
use crate::texts::verdict::Sweeps;

use super::exit::Exit;
use super::screen::{Paint, Screen};
use super::stage::{Staged, again, load_given};
use super::wishes::{Form, SweepWishes};
use super::{demands, form};

/// Most seeds of one sweep.
const SEEDS_MAX: u64 = 1_000_000;
/// So many seeds are named in a line.
const SHOWN_MAX: usize = 12;
/// What is measured when nothing is asked for.
const USUAL: &[&str] = &["recovery-time", "requests-lost", "leaderless-time", "write-gap"];

/// Plays every seed and shows the distributions.
pub(super) fn sweep(wishes: &SweepWishes, screen: &mut Screen) -> Exit {
    let lang = screen.lang;
    let asked =
        seeds(&wishes.seeds, lang).and_then(|seeds| Ok((seeds, measures(&wishes.measures, lang)?)));
    let (seeds, measures) = match asked {
        Ok(asked) => asked,
        Err(text) => {
            screen.complain(&format!("{}: {text}", Talk::Error.text(lang)));
            return Exit::Usage;
        }
    };
    let json = wishes.form != Form::Text;
    let staged = match load_given(&wishes.files, &wishes.overrides, json, screen) {
        Ok(staged) => staged,
        Err(exit) => return exit,
    };
    let result = play(&staged, seeds, &measures, wishes.threads, screen);
    let result = match result {
        Ok(result) => result,
        Err(reason) => {
            let text = Talk::CannotBuild.fill(lang, &[("reason", reason)]);
            screen.complain(&format!("{}: {text}", Talk::Error.text(lang)));
            return Exit::Invalid;
        }
    };
    match wishes.form {
        Form::Text => to_text(&staged, &result, &measures, screen),
        Form::Json => screen.line(&to_json(&staged, &result, &measures, lang).to_string()),
        Form::Csv => to_csv(&result, &measures, screen),
    }
    if result.samples.iter().any(|sample| sample.violations > 0) {
        Exit::Bug
    } else if result.failed().next().is_some() {
        Exit::Failed
    } else {
        Exit::Fine
    }
}

/// `1..1000`, `1..=1000`, or a single seed.
fn seeds(text: &str, lang: Lang) -> Result<RangeInclusive<u64>, String> {
    let bad = || Talk::BadSeeds.fill(lang, &[("word", text)]);
    let number = |text: &str| text.trim().parse::<u64>().map_err(|_| bad());
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (number(first)?, number(last.trim_start_matches('='))?),
        None => (number(text)?, number(text)?),
    };
    if first > last {
        return Err(bad());
    }
    if last - first >= SEEDS_MAX {
        return Err(Talk::TooManySeeds.fill(lang, &[("most", form::count(lang, SEEDS_MAX))]));
    }
    Ok(first..=last)
}

fn measures(names: &[String], lang: Lang) -> Result<Vec<&'static Measure>, String> {
    if names.is_empty() {
        return Ok(USUAL.iter().filter_map(|name| measure(name)).collect());
    }
    let find = |name: &String| {
        measure(name).ok_or_else(|| {
            let mut text = Talk::UnknownMeasure.fill(lang, &[("word", name)]);
            let mut near = nearest(name, MEASURES.iter().map(|one| one.name));
            if near.is_empty() {
                near = MEASURES.iter().map(|one| one.name.to_owned()).collect();
            }
            let hint = Talk::DidYouMean.fill(lang, &[("names", near.join(", "))]);
            text.push_str(&format!("\n  {hint}"));
            text
        })
    };
    names.iter().map(find).collect()
}

fn play(
    staged: &Staged,
    seeds: RangeInclusive<u64>,
    measures: &[&'static Measure],
    threads: Option<usize>,
    screen: &Screen,
) -> Result<Sweep, String> {
    let count = seeds.end() - seeds.start() + 1;
    let shown = std::io::stderr().is_terminal() && !screen.look.quiet;
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(count), target);
    if let Ok(style) = ProgressStyle::with_template(Talk::Progress.text(screen.lang)) {
        bar.set_style(style);
    }
    bar.set_message("0");
    let failed = AtomicU64::new(0);
    let progress = |sample: &Sample| {
        if !sample.broken.is_empty() || sample.violations > 0 {
            let now = failed.fetch_add(1, Ordering::Relaxed) + 1;
            bar.set_message(now.to_string());
        }
        bar.inc(1);
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    let pool = pool.map_err(|why| why.to_string())?;
    let plan = &staged.plan;
    let result = pool.install(|| crate::lab::sweep(plan, seeds, measures, &progress));
    bar.finish_and_clear();
    result.map_err(|why| why.to_string())
}

fn to_text(staged: &Staged, result: &Sweep, measures: &[&Measure], screen: &mut Screen) {
    let lang = screen.lang;
    let seed =
        |sample: Option<&Sample>| sample.map(|sample| sample.seed.to_string()).unwrap_or_default();
    let args = [
        ("count", result.samples.len().to_string()),
        ("first", seed(result.samples.first())),
        ("last", seed(result.samples.last())),
    ];
    let title = format!("{} · {}", staged.plan.title, Sweeps::Title.fill(lang, &args));
    screen.line(&screen.painted(&title, Paint::Bold));
    for (place, measure) in measures.iter().enumerate() {
        let values = result.values(place);
        let unit = if measure.unit == "1" { String::new() } else { format!(" [{}]", measure.unit) };
        screen.line("");
        screen.line(&format!(
            "{}{unit}: {}",
            screen.painted(measure.name, Paint::Bold),
            about(measure, lang)
        ));
        match quantiles(&values) {
            Some(shape) => shape_lines(&shape, screen),
            None => screen.line(&format!("  {}", Sweeps::NoValues.text(lang))),
        }
    }
    screen.line("");
    failures(staged, result, screen);
}

fn shape_lines(shape: &Distribution, screen: &mut Screen) {
    let lang = screen.lang;
    let n = shape.n.to_string();
    let cells = [
        (Sweeps::Count.text(lang), n),
        (Sweeps::Smallest.text(lang), form::number(lang, shape.min)),
        ("p10", form::number(lang, shape.p10)),
        ("p25", form::number(lang, shape.p25)),
        (Sweeps::Median.text(lang), form::number(lang, shape.median)),
        ("p75", form::number(lang, shape.p75)),
        ("p90", form::number(lang, shape.p90)),
        ("p99", form::number(lang, shape.p99)),
        (Sweeps::Greatest.text(lang), form::number(lang, shape.max)),
        (Sweeps::Mean.text(lang), form::number(lang, shape.mean)),
    ];
    for half in cells.chunks(5) {
        let line: Vec<String> =
            half.iter().map(|(name, value)| format!("{name:>8} {value:<8}")).collect();
        screen.line(line.concat().trim_end());
    }
}

/// The seeds that broke something, and what.
fn failures(staged: &Staged, result: &Sweep, screen: &mut Screen) {
    let lang = screen.lang;
    let failed: Vec<&Sample> = result.failed().collect();
    if failed.is_empty() {
        let sign = screen.mark(true);
        screen.line(&format!("{sign} {}", Sweeps::AllHeld.text(lang)));
        return;
    }
    let text = Sweeps::BrokenSeeds.fill(lang, &[("count", failed.len().to_string())]);
    let sign = screen.mark(false);
    screen.line(&format!("{sign} {}", screen.painted(&text, Paint::Bad)));
    for (number, expectation) in staged.plan.expect.iter().enumerate() {
        let broke: Vec<u64> = failed
            .iter()
            .filter(|sample| sample.broken.contains(&number))
            .map(|sample| sample.seed)
            .collect();
        if !broke.is_empty() {
            let what = demands::title(&expectation.value, lang);
            let args = [("count", broke.len().to_string()), ("what", what)];
            screen.wrapped("  ", &Sweeps::BrokenOne.fill(lang, &args), Paint::Plain, 4);
            screen.wrapped(
                "    ",
                &Sweeps::Seeds.fill(lang, &[("seeds", list(&broke))]),
                Paint::Dim,
                6,
            );
        }
    }
    let bugs: Vec<u64> =
        failed.iter().filter(|one| one.violations > 0).map(|one| one.seed).collect();
    if !bugs.is_empty() {
        let args = [("count", bugs.len().to_string()), ("seeds", list(&bugs))];
        screen.wrapped("  ", &Sweeps::Violations.fill(lang, &args), Paint::Bad, 4);
    }
    let command = again(&staged.names, &staged.overrides, failed[0].seed);
    screen.wrapped("  ", &Sweeps::Look.fill(lang, &[("command", command)]), Paint::Plain, 4);
}

fn list(seeds: &[u64]) -> String {
    let shown: Vec<String> = seeds.iter().take(SHOWN_MAX).map(u64::to_string).collect();
    let more = if seeds.len() > SHOWN_MAX { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn about(measure: &Measure, lang: Lang) -> String {
    let key = match measure.name {
        "leaderless-time" => Sweeps::MeasureLeaderless,
        "write-gap" => Sweeps::MeasureWriteGap,
        "recovery-time" => Sweeps::MeasureRecovery,
        "requests-lost" => Sweeps::MeasureLost,
        "requests-served" => Sweeps::MeasureServed,
        "pods-pending" => Sweeps::MeasurePending,
        "pods-created" => Sweeps::MeasureCreated,
        "elections" => Sweeps::MeasureElections,
        "events-delivered" => Sweeps::MeasureEvents,
        _ => return measure.about.to_owned(),
    };
    key.text(lang).to_owned()
}

/// One object for one measure, a list of them for several.
fn to_json(staged: &Staged, result: &Sweep, measures: &[&Measure], lang: Lang) -> Value {
    let failed: Vec<Value> = result
        .failed()
        .map(|sample| {
            let broken = sample.broken.iter().filter_map(|number| staged.plan.expect.get(*number));
            let broken: Vec<String> = broken.map(|one| demands::title(&one.value, lang)).collect();
            json!({"seed": sample.seed, "broken": broken, "violations": sample.violations})
        })
        .collect();
    let one = |(place, measure): (usize, &&Measure)| {
        let values = result.values(place);
        json!({
            "schema": "prova.sweep/1",
            "measure": measure.name, "unit": measure.unit, "n": values.len(),
            "quantiles": quantiles(&values).map(|shape| shape_json(&shape)),
            "samples": values,
            "seeds": result.samples.len(),
            "failed": failed,
        })
    };
    let mut all: Vec<Value> = measures.iter().enumerate().map(one).collect();
    if all.len() == 1 { all.remove(0) } else { Value::Array(all) }
}

fn shape_json(shape: &Distribution) -> Value {
    json!({
        "min": shape.min, "p10": shape.p10, "p25": shape.p25, "median": shape.median,
        "p75": shape.p75, "p90": shape.p90, "p99": shape.p99, "max": shape.max, "mean": shape.mean,
    })
}

/// One line per value, and one for a seed without values.
fn to_csv(result: &Sweep, measures: &[&Measure], screen: &mut Screen) {
    screen.line("seed,measure,unit,value,expectations_broken,digest");
    for sample in &result.samples {
        for (place, measure) in measures.iter().enumerate() {
            for value in sample.values.get(place).into_iter().flatten() {
                screen.line(&format!(
                    "{},{},{},{value},{},{}",
                    sample.seed,
                    measure.name,
                    measure.unit,
                    sample.broken.len(),
                    sample.digest
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_seeds_include_both_ends() {
        assert_eq!(seeds("1..20", Lang::Tr), Ok(1..=20));
        assert_eq!(seeds("3..=5", Lang::Tr), Ok(3..=5));
        assert_eq!(seeds("7", Lang::Tr), Ok(7..=7));
        for bad in ["", "5..1", "a..b", "1..", "-1..3", "1..99999999999"] {
            assert!(seeds(bad, Lang::Tr).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mistyped_quantity_finds_its_name() {
        let found = measures(&["recovery-tme".to_owned()], Lang::Tr).map(|_| ());
        assert!(found.is_err_and(|text| text.contains("recovery-time")));
        let usual = measures(&[], Lang::Tr).map(|list| list.len());
        assert_eq!(usual, Ok(USUAL.len()));
    }

    #[test]
    fn every_quantity_is_described_in_turkish() {
        for measure in MEASURES {
            assert_ne!(about(measure, Lang::Tr), measure.about, "{}", measure.name);
        }
    }
}
