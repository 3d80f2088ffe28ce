//! How long the dashboard takes to answer a key at 5,000 nodes: press, page, cells.
//!
//! The bar is one frame, 33 ms. Each is also printed as a ratio against drawing the list of lessons.
//! `cargo bench --bench dashboard`; in `cargo test` it runs tiny. With `-- --full` all 150,000 pods
//! run by the time the keys are pressed, which takes a minute.

#![expect(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark reads the clock")]

use std::sync::Arc;
use std::time::Instant;

use prova::course::Progress;
use prova::course::shelf::Shelf;
use prova::dashboard::app::{App, Look, Opened};
use prova::dashboard::frame::cells;
use prova::dashboard::keys::{Press, line_of_keys};
use prova::dashboard::views::VIEWS;
use prova::kernel::Span;
use prova::scenario::{Overrides, load};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// Draws as the loop on a terminal does.
fn draw(app: &mut App) {
    let screen = app.screen();
    std::hint::black_box(cells(&screen, app.look().theme));
}

fn key(app: &mut App, press: Press) -> f64 {
    let start = Instant::now();
    app.press(press);
    draw(app);
    millis(start)
}

/// The worst moment for a key: a bite has just begun, then the key is answered and drawn.
fn playing_key(app: &mut App) -> f64 {
    let start = Instant::now();
    app.tick(Span::millis(33));
    key(app, Press::letter('j'));
    millis(start)
}

fn tell(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at =
        |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    let [half, most, longest] = [50, 99, 100].map(|share| at(share).copied().unwrap_or(0.0));
    let late = times.iter().filter(|time| **time > 33.0).count();
    println!(
        "{what:<21} p50 {half:>6.2} ms, p99 {most:>6.2} ms, longest {longest:>7.2} ms, {late} of {} over 33 ms",
        times.len()
    );
}

fn main() {
    let has = |flag: &str| std::env::args().any(|arg| arg == flag);
    let tiny = !has("--bench");
    let (file, at) = if tiny {
        ("scenarios/node-failure.ron", "20s")
    } else {
        ("scenarios/scale/5000-nodes.ron", if has("--full") { "600s" } else { "60s" })
    };
    let look = Look { size: (160, 45), ..Look::default() };
    let mut app = App::new(look, Progress::default());
    draw(&mut app);
    let start = Instant::now();
    draw(&mut app);
    let lessons = millis(start);
    println!("list of lessons            {lessons:>8.2} ms");
    let loaded = load(&[file], &Overrides::default(), &Shelf);
    let plan = Arc::new(loaded.value.expect("a scenario of ours"));
    let name = file.to_owned();
    app.open(Opened { name, text: None, plan, lesson: None }).expect("a checked plan");
    for press in line_of_keys(&format!("g {at} enter")) {
        app.press(press);
    }
    let mut bites = Vec::new();
    while app.is_chasing() {
        let start = Instant::now();
        app.tick(Span::ZERO);
        bites.push(millis(start));
    }
    tell("bites of a journey", bites);
    for view in VIEWS {
        let opened = key(&mut app, Press::letter(view.digit));
        let keys = line_of_keys("down down : g i t");
        let typed = keys.into_iter().map(|press| key(&mut app, press)).fold(0.0, f64::max);
        for press in line_of_keys("esc") {
            app.press(press);
        }
        println!(
            "{:<10} opened {opened:>8.2} ms ({:>6.1}x), then a key at most {typed:>8.2} ms ({:>6.1}x)",
            view.id,
            opened / lessons,
            typed / lessons
        );
    }
    let step = key(&mut app, Press::letter('.'));
    println!("one step on                {step:>8.2} ms");
    for (faster, pace) in [("", 5), ("+", 10), ("+", 30), ("+", 60)] {
        for press in line_of_keys(faster) {
            app.press(press);
        }
        app.press(Press::letter(' '));
        let waits = (0..200).map(|_| playing_key(&mut app)).collect();
        app.press(Press::letter(' '));
        tell(&format!("a key, playing {pace}×"), waits);
    }
}
