//! The dashboard in numbered sentences: for screen readers, pipes and logs.
//!
//! The same product with another renderer: the screen is said, a line is read, the screen is said
//! again. A line holds keys (`⇧→` is `shift+right`), a command of the palette after `:`, or
//! `seç 3` to stand on what the third sentence speaks of.

use std::io::BufRead as _;

use crate::dashboard::app::App;
use crate::dashboard::bindings::Command;
use crate::dashboard::keys::{Key, Press, line_of_keys};
use crate::dashboard::model::Role;
use crate::dashboard::plain::{choice, keys, numbered};
use crate::kernel::Span;
use crate::texts::Key as _;
use crate::texts::cli::Talk;
use crate::texts::dashboard::task::Task;
use crate::texts::fold;

use super::dashboard::{Next, carry_out, keep_session};
use super::exit::Exit;
use super::screen::{Paint, Screen};
use super::watch::Watch;

/// Real time that a played stretch stands for: there is no animation.
const STRETCH: Span = Span::millis(1_000);

/// Says, reads, says again, until the input ends.
pub(super) fn converse(app: &mut App, screen: &mut Screen) -> Exit {
    app.resize(80, 24);
    say(app, screen);
    screen.wrapped("", &app.words().text(Talk::PlainHow), Paint::Plain, 2);
    let mut views_told = tell_keys(app, screen);
    screen.flush();
    let mut kept = None;
    let mut watch = Watch::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        obey(app, line.trim(), screen);
        while app.is_chasing() {
            app.tick(STRETCH);
        }
        keep_session(app, &mut kept);
        if obeyed(app, &mut watch) || screen.closed() {
            return Exit::Fine;
        }
        say(app, screen);
        if !views_told && !app.screen().tabs.is_empty() {
            views_told = tell_keys(app, screen);
        }
        screen.flush();
    }
    Exit::Fine
}

/// Carries out what the dashboard wants, until nothing is wanted; true when it wants to end.
fn obeyed(app: &mut App, watch: &mut Watch) -> bool {
    loop {
        match carry_out(app, watch) {
            Next::On => {}
            Next::End => return true,
            // There is no screen to lend; the file can be opened beside.
            Next::Edit(file) => {
                let lang = app.look().lang;
                app.tell(Role::Unknown, Task::NoEditor.fill(lang, &[("file", file)]));
            }
        }
        watch.settle(app);
        if !app.wants() {
            return false;
        }
    }
}

/// Says once what can be pressed; whether there were views to name.
fn tell_keys(app: &mut App, screen: &mut Screen) -> bool {
    let seen = app.screen();
    screen.wrapped("", &keys(&seen), Paint::Plain, 2);
    !seen.tabs.is_empty()
}

fn obey(app: &mut App, line: &str, screen: &mut Screen) {
    // A question is answered with the line as it stands; an empty line leaves it.
    if let Some(over) = app.screen().overlay
        && over.input.is_some()
    {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let number = rest.trim().parse::<usize>();
        if let ("sec" | "select", Ok(number)) = (fold(word).as_str(), number) {
            choose(app, number, screen);
        } else if line.is_empty() || fold(line) == "esc" {
            app.press(Press::of(Key::Esc));
        } else if line_of_keys(line).iter().all(|press| press.typed().is_none()) {
            line_of_keys(line).into_iter().for_each(|press| app.press(press));
        } else {
            // A line that was refused is written anew here, not mended letter by letter.
            let typed = over.input.as_ref().map_or(0, |(_, typed)| typed.chars().count());
            (0..typed).for_each(|_| app.press(Press::of(Key::Backspace)));
            app.paste(line);
            app.press(Press::of(Key::Enter));
        }
        return;
    }
    if let Some(words) = line.strip_prefix(':') {
        // The palette is never without a key.
        let palette = app.keys().first(Command::Palette, false);
        palette.into_iter().for_each(|press| app.press(press));
        app.paste(words.trim());
        app.press(Press::of(Key::Enter));
        return;
    }
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    if let ("sec" | "select", Ok(number)) = (fold(word).as_str(), rest.trim().parse::<usize>()) {
        choose(app, number, screen);
        return;
    }
    for press in line_of_keys(line) {
        app.press(press);
        // What plays in a terminal plays one second here.
        if app.keys().command_of(press) == Some(Command::Play) {
            app.tick(STRETCH);
            while app.is_chasing() {
                app.tick(STRETCH);
            }
            if app.is_playing() {
                app.press(press);
            }
        }
    }
}

/// Stands on what the n-th sentence speaks of.
fn choose(app: &mut App, number: usize, screen: &mut Screen) {
    match choice(&app.screen(), number) {
        Some((focus, stop)) => app.stand(focus, &stop),
        None => {
            let args = [("number", number.to_string())];
            screen.complain(&Talk::NoChoice.fill(screen.lang, &args));
        }
    }
}

fn say(app: &mut App, screen: &mut Screen) {
    for sentence in numbered(&app.screen()) {
        screen.wrapped("", &sentence, Paint::Plain, 4);
    }
    screen.line("");
}
