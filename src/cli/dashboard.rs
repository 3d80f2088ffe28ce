//! `prova dashboard`, and `prova` alone on a terminal: the dashboard and its loop.
//!
//! Real time, the terminal and files live here; the dashboard gets keys and spans of time, and says
//! what shall be written. A frame is drawn only when something changed, at most thirty times a
//! second; while nothing runs the loop waits for a key.

#![expect(clippy::disallowed_types, reason = "a face measures the real time between two frames")]

use std::io::{IsTerminal as _, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEvent, MouseEventKind, poll, read};
use ratatui::Terminal;
use ratatui_crossterm::CrosstermBackend;

use crate::dashboard::app::{App, Effect, Look as Looks, Opened};
use crate::dashboard::bindings::Command;
use crate::dashboard::cells::{Hit, What, draw};
use crate::dashboard::keys::{Key, Press};
use crate::dashboard::model::Role;
use crate::dashboard::theme::{THEMES, Theme};
use crate::kernel::Span;
use crate::scenario::splice::{reads, with_field};
use crate::scenario::written::written;
use crate::texts::Key as _;
use crate::texts::cli::Talk;
use crate::texts::dashboard::task::Task;

use super::desk;
use super::editor::edit;
use super::exit::Exit;
use super::plain;
use super::refusal::reason;
use super::screen::{Colour, Screen, no_colour};
use super::stage::{Staged, load_given};
use super::terminal::{Held, press};
use super::watch::Watch;
use super::wishes::DashboardWishes;

/// Where a session is kept that was changed and not saved.
pub(super) const SESSION: &str = ".prova/oturum.ron";
/// Two frames have at least this between them.
const FRAME: Duration = Duration::from_millis(33);
/// So long may keys that come one after the other hold up what plays.
const HELD: Duration = Duration::from_millis(100);
/// How often the learner's file is looked at.
const LOOK: Duration = Duration::from_millis(250);
/// How long an idle loop waits before it looks whether the program shall end.
const IDLE: Duration = Duration::from_millis(500);

/// Opens the dashboard.
pub(super) fn dashboard(wishes: &DashboardWishes, screen: &mut Screen) -> Exit {
    match begin(wishes, screen) {
        Ok(app) => show(app, wishes.mouse, screen),
        Err(exit) => exit,
    }
}

/// Opens the dashboard at an exercise.
pub(super) fn learn(
    id: &str,
    warning: Option<String>,
    wishes: &DashboardWishes,
    screen: &mut Screen,
) -> Exit {
    let mut app = match begin(wishes, screen) {
        Ok(app) => app,
        Err(exit) => return exit,
    };
    if let Err(why) = app.sit(id) {
        screen.complain(&why);
        return Exit::Invalid;
    }
    if let Some(warning) = warning {
        app.tell(Role::Warning, warning);
    }
    show(app, wishes.mouse, screen)
}

fn show(mut app: App, mouse: bool, screen: &mut Screen) -> Exit {
    let (keys, wrong) = desk::keys(screen);
    app.set_keys(keys);
    if let Some(wrong) = wrong {
        // What is said of the progress is not talked over.
        let before = app.screen().notice.map(|notice| format!("{} · ", notice.letters()));
        app.tell(Role::Bad, before.unwrap_or_default() + &wrong);
    }
    let terminal = stdout().is_terminal() && std::io::stdin().is_terminal();
    if screen.look.plain || !terminal {
        return plain::converse(&mut app, screen);
    }
    screen.flush();
    match on_terminal(&mut app, mouse) {
        Ok(()) => {
            if app.session(SESSION).is_some() {
                screen.talk(&Talk::SessionKept.fill(screen.lang, &[("file", SESSION)]));
            }
            Exit::Fine
        }
        Err(why) => {
            let text = Talk::NoTerminal.fill(screen.lang, &[("reason", reason(&why, screen.lang))]);
            screen.complain(&format!("{}: {text}", Talk::Error.text(screen.lang)));
            Exit::Files
        }
    }
}

/// The dashboard with what was named open.
///
/// Errors: the exit code, after the reason was shown.
pub(super) fn begin(wishes: &DashboardWishes, screen: &mut Screen) -> Result<App, Exit> {
    let theme = match wishes.theme.as_deref() {
        Some(name) => Theme::named(name).ok_or_else(|| {
            let names: Vec<&str> = THEMES.iter().map(|theme| theme.id).collect();
            let args = [("name", name.to_owned()), ("names", names.join(", "))];
            let text = Talk::NoTheme.fill(screen.lang, &args);
            screen.complain(&format!("{}: {text}", Talk::Error.text(screen.lang)));
            Exit::Usage
        })?,
        None => &THEMES[0],
    };
    let theme = if colours(screen) { theme } else { Theme::monochrome() };
    let size = wishes.size.unwrap_or((80, 24));
    let look = Looks { lang: screen.lang, ascii: wishes.ascii, theme, size };
    let (progress, warning) = desk::progress(screen)?;
    let mut app = App::new(look, progress);
    if let Some(warning) = warning {
        app.tell(Role::Warning, warning);
    }
    if !wishes.files.is_empty() {
        let staged = load_given(&wishes.files, &wishes.overrides, false, screen)?;
        app.open(opened(&staged, wishes)).map_err(|why| {
            let reason = Talk::CannotBuild.fill(screen.lang, &[("reason", why)]);
            screen.complain(&format!("{}: {reason}", Talk::Error.text(screen.lang)));
            Exit::Invalid
        })?;
    }
    if let Some(at) = &wishes.at {
        app.go(at).map_err(|why| {
            screen.complain(&format!("{}: {why}", Talk::Error.text(screen.lang)));
            Exit::Usage
        })?;
    }
    Ok(app)
}

/// What was named, with the text into which sessions can be saved: words of the command line belong
/// to the run that is saved.
fn opened(staged: &Staged, wishes: &DashboardWishes) -> Opened {
    let names: Vec<&str> = staged.names.iter().map(String::as_str).collect();
    let written = written(&names, &staged.overrides, &staged.plan, &staged.shelf);
    let first = || staged.names.first().cloned().unwrap_or_default();
    let (name, text) = written.map_or_else(|| (first(), None), |it| (it.name, Some(it.text)));
    Opened { name, text, plan: staged.plan.clone(), lesson: wishes.lesson.clone() }
}

/// Whether colours of the 256-colour palette may be used.
fn colours(screen: &Screen) -> bool {
    let known = |name: &str, words: &[&str]| {
        let value = std::env::var_os(name).and_then(|value| value.into_string().ok());
        value.is_some_and(|value| words.iter().any(|word| value.contains(word)))
    };
    match screen.look.colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            let many = known("COLORTERM", &["truecolor", "24bit"])
                || known("TERM", &["256", "direct", "kitty", "alacritty"]);
            many && !no_colour()
        }
    }
}

/// What was done is kept as it is done: neither a closed window nor a broken program loses it.
pub(super) fn keep_session(app: &App, kept: &mut Option<[usize; 3]>) {
    let done = app.done();
    if done.is_none() || done == *kept {
        return;
    }
    *kept = done;
    if let Some(text) = app.session(SESSION) {
        // Whoever cannot write here can still look; saving by name says what is wrong.
        let _ = desk::put(SESSION, &text);
    }
}

/// Signals that end the program in good order.
fn ended() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    // Without the handler the default ends the program, only less tidily. SIGHUP keeps its default:
    // the terminal is gone, and crossterm would read its end for ever.
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGTERM, flag.clone());
    flag
}

/// The loop on a terminal.
///
/// Errors: the terminal does not obey.
fn on_terminal(app: &mut App, mouse: bool) -> std::io::Result<()> {
    // Our theme decides about colours, NO_COLOR included; crossterm must not decide again.
    crossterm::style::force_color_output(true);
    let ended = ended();
    let held = Held::take(mouse)?;
    let mut terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
    let mut kept = None;
    let mut watch = Watch::new();
    let mut state = Loop { hits: Vec::new(), dirty: true, drawn: None, ticked: Instant::now() };
    let size = terminal.size()?;
    app.resize(size.width, size.height);
    while !ended.load(Ordering::SeqCst) {
        if state.dirty && state.may_draw() {
            let screen = app.screen();
            let theme = app.look().theme;
            terminal.draw(|frame| state.hits = draw(&screen, theme, frame.buffer_mut()))?;
            state.dirty = false;
            state.drawn = Some(Instant::now());
        }
        let wait = state.wait(app, &watch);
        let came = poll(wait)?;
        if came {
            if !app.is_busy() {
                // The time in which nothing played is not made up for.
                state.ticked = Instant::now();
            }
            let event = read()?;
            if is_suspend(&event) {
                held.suspend()?;
                terminal.clear()?;
                state.dirty = true;
                continue;
            }
            state.event(app, event);
        }
        // What a key did is drawn before anything plays on, unless a key that is held would stop it.
        if !came || state.ticked.elapsed() >= HELD {
            state.tick(app);
        }
        state.dirty |= watch.look(app);
        keep_session(app, &mut kept);
        // What is carried out is seen at once.
        state.dirty |= app.wants();
        match carry_out(app, &mut watch) {
            Next::On => {}
            Next::End => break,
            Next::Edit(file) => {
                edit(app, &file, &held)?;
                terminal.clear()?;
                state.dirty = true;
            }
        }
    }
    drop(held);
    Ok(())
}

/// What the loop remembers.
struct Loop {
    hits: Vec<Hit>,
    dirty: bool,
    drawn: Option<Instant>,
    ticked: Instant,
}

impl Loop {
    fn may_draw(&self) -> bool {
        self.drawn.is_none_or(|drawn| drawn.elapsed() >= FRAME)
    }

    fn wait(&self, app: &App, watch: &Watch) -> Duration {
        if app.is_busy() {
            // While a run plays on its own pace there is time until the next frame.
            let hurries = app.is_chasing() || app.is_behind();
            return if hurries { Duration::ZERO } else { Duration::from_millis(5) };
        }
        let left = self.drawn.map_or(Duration::ZERO, |drawn| FRAME.saturating_sub(drawn.elapsed()));
        match (self.dirty, watch.is_busy()) {
            (true, _) => left,
            (false, true) => FRAME,
            (false, false) if watch.is_on() => LOOK,
            (false, false) => IDLE,
        }
    }

    fn tick(&mut self, app: &mut App) {
        let passed = self.ticked.elapsed().min(Duration::from_millis(250));
        self.ticked = Instant::now();
        if app.is_busy() {
            let nanos = u64::try_from(passed.as_nanos()).unwrap_or(0);
            self.dirty |= app.tick(Span::nanos(nanos));
        }
    }

    fn event(&mut self, app: &mut App, event: Event) {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                if let Some(press) = press(key) {
                    app.press(press);
                    // A key is answered at once.
                    self.drawn = None;
                }
            }
            Event::Resize(columns, rows) => {
                app.resize(columns, rows);
                self.drawn = None;
            }
            Event::Paste(text) => app.paste(&text),
            Event::Mouse(mouse) => self.mouse(app, mouse),
            Event::Key(_) | Event::FocusGained | Event::FocusLost => return,
        }
        self.dirty = true;
    }

    fn mouse(&self, app: &mut App, mouse: MouseEvent) {
        let hit = self.hits.iter().rev().find(|hit| hit.holds(mouse.column, mouse.row));
        match (mouse.kind, hit) {
            (MouseEventKind::ScrollDown, _) => app.command(Command::Down),
            (MouseEventKind::ScrollUp, _) => app.command(Command::Up),
            (
                MouseEventKind::Down(MouseButton::Left) | MouseEventKind::Drag(MouseButton::Left),
                Some(Hit { area, what: What::Strip }),
            ) => {
                let along = u64::from(mouse.column.saturating_sub(area.x));
                let share = along * 10_000 / u64::from(area.width.saturating_sub(1).max(1));
                app.scrub(share);
            }
            (MouseEventKind::Down(MouseButton::Left), Some(hit)) => match &hit.what {
                What::Stop(focus, stop) => app.point(*focus, stop),
                What::Tab(key) => app.press(Press::letter(*key)),
                What::Strip => {}
            },
            _ => {}
        }
    }
}

fn is_suspend(event: &Event) -> bool {
    let Event::Key(key) = event else { return false };
    press(*key) == Some(Press { key: Key::Letter('z'), shift: false, ctrl: true })
}

/// What the host goes on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// With the next key.
    On,
    /// It ends.
    End,
    /// It gives the terminal to an editor for this file.
    Edit(String),
}

/// Carries out what the dashboard wants; says what is to be done with the terminal.
pub(super) fn carry_out(app: &mut App, watch: &mut Watch) -> Next {
    let lang = app.look().lang;
    let mut next = Next::On;
    for effect in app.effects() {
        match effect {
            Effect::Quit => next = Next::End,
            Effect::Sit(id) => watch.sit(&id, app),
            Effect::Again => watch.again(app),
            Effect::Edit(file) if next == Next::On => next = Next::Edit(file),
            Effect::Edit(_) => {}
            Effect::Progress(id) => {
                if let Err(trouble) = desk::save_one(app.progress(), &id) {
                    app.tell(Role::Bad, trouble.text(lang));
                }
            }
            Effect::Answer { file, name, value } => answer(app, watch, &file, (&name, &value)),
            Effect::Save { name, text } => match desk::write_new(&name, &text) {
                Ok(()) => {
                    app.saved();
                    let text = Talk::Wrote.fill(lang, &[("file", name.as_str())]);
                    app.tell(Role::Good, text);
                }
                Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => {
                    app.tell(Role::Bad, Talk::FileThere.fill(lang, &[("file", name)]));
                }
                Err(why) => {
                    let args = [("file", name), ("reason", reason(&why, lang))];
                    app.tell(Role::Bad, Talk::FileUnwritable.fill(lang, &args));
                }
            },
        }
    }
    next
}

/// An answer goes into the file as it is now: what was saved meanwhile stays.
fn answer(app: &mut App, watch: &mut Watch, file: &str, (name, value): (&str, &str)) {
    let lang = app.look().lang;
    let text = std::fs::read_to_string(file).ok();
    let text = text.and_then(|text| with_field(&text, &[name], value)).filter(|text| reads(text));
    let Some(text) = text else {
        app.tell(Role::Bad, app.words().text(Task::AnswerUnwritable));
        return;
    };
    match desk::put(file, &text) {
        Ok(()) => {
            watch.look(app);
        }
        Err(why) => {
            let args = [("file", file.to_owned()), ("reason", reason(&why, lang))];
            app.tell(Role::Bad, Talk::FileUnwritable.fill(lang, &args));
        }
    }
}
