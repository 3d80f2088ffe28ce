//! `prova learn`: the exercises. On a terminal they open in the dashboard; here stand what is asked
//! in one word (list, hint, reset …) and the verdict in lines, which the line mode shows as well.

use std::io::IsTerminal as _;

use crate::course::attempt::{MORE_SEEDS, first_seed};
use crate::course::exercise::{Exercise, exercise};
use crate::course::judge::{Line, Verdict};
use crate::course::progress::{Progress, State};
use crate::course::shelf::{self, Desk};
use crate::course::{judge, more_seeds, read, verify, work};
use crate::scenario::source::Sources as _;
use crate::scenario::suggest::nearest;
use crate::texts::Key as _;
use crate::texts::cli::Talk;
use crate::texts::course::Course;
use crate::texts::learn::Learn;

use super::exit::Exit;
use super::screen::{Paint, Screen};
use super::sources::Shelf;
use super::wishes::LearnWishes;
use super::{dashboard, desk, form, lines, repair};

/// Seeds of `--verify`.
const VERIFY_SEEDS: u64 = 100;

/// Does what the command line wants.
pub(super) fn learn(wishes: &LearnWishes, screen: &mut Screen) -> Exit {
    begin(wishes, screen).unwrap_or_else(|exit| exit)
}

fn begin(wishes: &LearnWishes, screen: &mut Screen) -> Result<Exit, Exit> {
    if wishes.verify {
        return Ok(verify_all(wishes, screen));
    }
    if wishes.repair {
        return repair::repair(screen);
    }
    let (mut progress, warning) = desk::progress(screen)?;
    if wishes.list {
        list(&progress, screen);
        return Ok(Exit::Fine);
    }
    let Some(id) = chosen(wishes.id.as_deref(), &progress, screen)? else {
        let none = shelf::exercise_ids().is_empty();
        let text = if none { Course::NoExercises } else { Course::AllDone };
        screen.line(text.text(screen.lang));
        return Ok(Exit::Fine);
    };
    let exercise = open(id, screen)?;
    if wishes.skip {
        progress.of(id).state = State::Skipped;
        desk::save_one(&progress, id).map_err(|it| it.told(screen))?;
        screen.line(&Course::WasSkipped.fill(screen.lang, &[("id", id)]));
        return Ok(Exit::Fine);
    }
    if wishes.reset {
        return reset(&exercise, screen);
    }
    if wishes.hint {
        return hint(&exercise, &mut progress, screen);
    }
    if wishes.solution {
        return Ok(solution(&exercise, &progress, screen));
    }
    if !wishes.once && !wishes.lines && !screen.look.plain && on_terminal() {
        return Ok(dashboard::learn(&exercise.id, warning, &wishes.open, screen));
    }
    let person = std::io::stdin().is_terminal();
    if !wishes.once && (wishes.lines || person) {
        let sitting = lines::Sitting::begin(exercise, &mut progress, person, screen)?;
        return sitting.listen(&lines::stdin(), screen);
    }
    desk::lay_out(&exercise).map_err(|it| it.told(screen))?;
    task(&exercise, screen);
    judged(&exercise, &mut progress, Asked { counts: true, lines: false }, screen)
}

/// Whether a person sits before a whole screen.
fn on_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// The exercise that is meant: by its id or the beginning of it, or else the next one.
fn chosen(
    named: Option<&str>,
    progress: &Progress,
    screen: &mut Screen,
) -> Result<Option<&'static str>, Exit> {
    let ids = shelf::exercise_ids();
    let Some(named) = named else {
        let open = |id: &&str| !matches!(progress.state(id), State::Done | State::Skipped);
        return Ok(ids.into_iter().find(open));
    };
    let exact = ids.iter().find(|id| **id == named);
    let mut begun = ids.iter().filter(|id| id.starts_with(named));
    let only = begun.next().filter(|_| begun.next().is_none());
    if let Some(id) = exact.or(only) {
        return Ok(Some(id));
    }
    let many: Vec<&str> = ids.iter().copied().filter(|id| id.starts_with(named)).collect();
    let args = [("id", named.to_owned()), ("names", many.join(", "))];
    let mut text = if many.is_empty() {
        let none = Course::NoExercise.fill(screen.lang, &[("id", named)]);
        format!("{none}\n  {}", Course::NoneStarts.text(screen.lang))
    } else {
        Course::Several.fill(screen.lang, &args)
    };
    let near = nearest(named, ids.iter().copied());
    if !near.is_empty() {
        let hint = Talk::DidYouMean.fill(screen.lang, &[("names", near.join(", "))]);
        text = format!("{text}\n  {hint}");
    }
    screen.complain(&format!("{}: {text}", Talk::Error.text(screen.lang)));
    Err(Exit::Usage)
}

/// Reads an exercise.
///
/// Errors: it is wrong in itself, after the complaint.
pub(super) fn open(id: &str, screen: &mut Screen) -> Result<Exercise, Exit> {
    let Some(loaded) = exercise(id) else { return Err(Exit::Usage) };
    let wrong = read::errors(&loaded, screen.lang);
    loaded.value.ok_or_else(|| {
        screen.complain(&wrong);
        Exit::Invalid
    })
}

fn verify_all(wishes: &LearnWishes, screen: &mut Screen) -> Exit {
    let ids = shelf::exercise_ids();
    let only: Vec<&str> = match &wishes.id {
        Some(named) => ids.iter().copied().filter(|id| id.starts_with(named.as_str())).collect(),
        None => ids,
    };
    let wrong = verify::verify(&only, wishes.seeds.unwrap_or(VERIFY_SEEDS), screen.lang);
    for text in &wrong {
        screen.line(text);
    }
    let (key, count) = if wrong.is_empty() {
        (Course::Verified, only.len())
    } else {
        (Course::NotVerified, wrong.len())
    };
    screen.line(&key.fill(screen.lang, &[("count", count.to_string())]));
    if wrong.is_empty() { Exit::Fine } else { Exit::Failed }
}

/// The word for how far an exercise is.
pub(super) fn word(state: State) -> Course {
    match state {
        State::New => Course::New,
        State::Tried => Course::Tried,
        State::Done => Course::Done,
        State::Skipped => Course::Skipped,
    }
}

/// Every exercise with how far it is.
pub(super) fn list(progress: &Progress, screen: &mut Screen) {
    let (lang, ids) = (screen.lang, shelf::exercise_ids());
    if ids.is_empty() {
        screen.line(Course::NoExercises.text(lang));
        return;
    }
    let done = ids.iter().filter(|id| progress.state(id) == State::Done).count();
    let args = [("done", done.to_string()), ("all", ids.len().to_string())];
    let head = screen.painted(&Course::ListHead.fill(lang, &args), Paint::Bold);
    screen.line(&head);
    let mut chapter = String::new();
    for id in ids {
        let Some(exercise) = exercise(id).and_then(|loaded| loaded.value) else { continue };
        if exercise.chapter != chapter {
            chapter.clone_from(&exercise.chapter);
            screen.line(&format!("  {chapter}"));
        }
        let state = word(progress.state(id)).text(lang);
        let minutes = Course::Minutes.fill(lang, &[("minutes", exercise.minutes.to_string())]);
        screen.line(&format!("    {state:<8} {id:<34} {} ({minutes})", exercise.title));
    }
}

/// One rung more; what was shown is shown again.
pub(super) fn hint(
    exercise: &Exercise,
    progress: &mut Progress,
    screen: &mut Screen,
) -> Result<Exit, Exit> {
    let all = exercise.hints.len();
    let rung = progress.next_hint(&exercise.id, all);
    desk::save_one(progress, &exercise.id).map_err(|it| it.told(screen))?;
    for (number, hint) in exercise.hints.iter().take(rung).enumerate() {
        let args =
            [("rung", (number + 1).to_string()), ("all", all.to_string()), ("hint", hint.clone())];
        screen.wrapped("", &Course::Hint.fill(screen.lang, &args), Paint::Plain, 2);
    }
    Ok(Exit::Fine)
}

/// The start again; what the learner had is kept.
///
/// Errors: a file does not obey, after the complaint.
pub(super) fn reset(exercise: &Exercise, screen: &mut Screen) -> Result<Exit, Exit> {
    let old = desk::reset(exercise).map_err(|it| it.told(screen))?;
    let args = [("file", exercise.desk_file()), ("old", old.unwrap_or_else(|| "-".to_owned()))];
    screen.line(&Course::WasReset.fill(screen.lang, &args));
    Ok(Exit::Fine)
}

/// Our solution, for those who have one of their own.
pub(super) fn solution(exercise: &Exercise, progress: &Progress, screen: &mut Screen) -> Exit {
    if progress.state(&exercise.id) != State::Done {
        screen.line(Course::SolutionLater.text(screen.lang));
        return Exit::Failed;
    }
    let text = shelf::text(&shelf::path_of(&exercise.id, "solution.ron")).unwrap_or_default();
    screen.write(text);
    Exit::Fine
}

/// The task, and the file to edit.
pub(super) fn task(exercise: &Exercise, screen: &mut Screen) {
    let lang = screen.lang;
    let args = [
        ("id", exercise.id.clone()),
        ("title", exercise.title.clone()),
        ("minutes", exercise.minutes.to_string()),
    ];
    let head = screen.painted(&Course::Head.fill(lang, &args), Paint::Bold);
    screen.line(&head);
    for line in exercise.text().lines() {
        screen.line(&format!("  {line}"));
    }
    let file = exercise.desk_file();
    screen.line(&Course::Edit.fill(lang, &[("file", file)]));
    screen.line("");
}

/// How a verdict is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// It counts as an attempt: the file is another than at the last verdict.
    pub(super) counts: bool,
    /// Letters are typed here: one of them gives a hint.
    pub(super) lines: bool,
}

/// Judges the learner's file as it is now and writes the progress.
///
/// Errors: the exercise itself is wrong, or the progress cannot be written; after the complaint.
pub(super) fn judged(
    exercise: &Exercise,
    progress: &mut Progress,
    asked: Asked,
    screen: &mut Screen,
) -> Result<Exit, Exit> {
    let (lang, name, disk) = (screen.lang, exercise.desk_file(), Shelf::new(screen.lang));
    let sources = Desk { disk: &disk };
    let loaded = work(exercise, &name, &sources);
    let Some(own) = &loaded.value else {
        let wrong = read::errors(&loaded, lang);
        screen.complain(&wrong);
        return Ok(Exit::Invalid);
    };
    let broken = |why: String, screen: &mut Screen| {
        screen.complain(&Course::Broken.fill(lang, &[("why", why)]));
        Exit::Invalid
    };
    let verdict =
        judge(exercise, own, first_seed(exercise), lang).map_err(|why| broken(why, screen))?;
    let before = progress.of(&exercise.id).clone();
    progress.tried(&exercise.id, own, &verdict);
    if !asked.counts {
        let record = progress.of(&exercise.id);
        (record.attempts, record.state) = (before.attempts, before.state);
    }
    if !verdict.open.is_empty() {
        screen.line(&Course::Open.fill(lang, &[("names", verdict.open.join(", "))]));
        desk::save_one(progress, &exercise.id).map_err(|it| it.told(screen))?;
        return Ok(Exit::Failed);
    }
    told(exercise, &verdict, screen);
    let mut solved = verdict.passed();
    if solved {
        screen.flush();
        let (passed, first) =
            more_seeds(exercise, own, MORE_SEEDS).map_err(|why| broken(why, screen))?;
        solved = first.is_none();
        seeds(exercise, (passed, first), screen);
        if solved {
            progress.solved(&exercise.id, &disk.read(&name).unwrap_or_default(), passed);
        }
    }
    if !solved {
        let how = if asked.lines { Learn::HintHere.pair() } else { Course::HintHow.pair() };
        screen.line(&how.fill(lang, &[("id", exercise.id.as_str())]));
    }
    desk::save_one(progress, &exercise.id).map_err(|it| it.told(screen))?;
    Ok(if solved { Exit::Fine } else { Exit::Failed })
}

fn seeds(exercise: &Exercise, (passed, first): (u64, Option<u64>), screen: &mut Screen) {
    let lang = screen.lang;
    let all = MORE_SEEDS.count().to_string();
    let args = [
        ("id", exercise.id.clone()),
        ("passed", passed.to_string()),
        ("all", all),
        ("seed", first.map(|seed| seed.to_string()).unwrap_or_default()),
    ];
    let (key, paint) = match first {
        Some(_) => (Course::BrokenSeed, Paint::Bad),
        None if exercise.kind.answers() => (Course::Passed, Paint::Good),
        None => (Course::PassedSeeds, Paint::Good),
    };
    let text = screen.painted(&key.fill(lang, &args), paint);
    screen.line(&text);
}

/// The verdict: the note of a known misconception first, then every line.
fn told(exercise: &Exercise, verdict: &Verdict, screen: &mut Screen) {
    let lang = screen.lang;
    if !verdict.passed() {
        let held = verdict.lines.iter().filter(|line| line.held).count();
        let args = [
            ("id", exercise.id.clone()),
            ("held", held.to_string()),
            ("all", verdict.lines.len().to_string()),
        ];
        let head = screen.painted(&Course::NotPassed.fill(lang, &args), Paint::Bad);
        screen.line(&head);
    }
    if let Some((_, note)) = &verdict.note {
        let text = Course::Note.fill(lang, &[("note", note.as_str())]);
        screen.wrapped("  ", &text, Paint::Warning, 4);
    }
    for line in &verdict.lines {
        one(line, screen);
    }
    let missed = verdict.lines.iter().filter(|line| !line.held).find_map(|line| line.at);
    if let (Some(at), false) = (missed, exercise.kind.answers()) {
        let args = [
            ("file", exercise.desk_file()),
            ("at", format!("{}ms", at.as_nanos().div_ceil(1_000_000))),
        ];
        let text = Course::GoThere.fill(lang, &args);
        screen.wrapped("  ", &text, Paint::Plain, 4);
    }
}

fn one(line: &Line, screen: &mut Screen) {
    let lang = screen.lang;
    let sign = screen.mark(line.held);
    let paint = if line.held { Paint::Plain } else { Paint::Bad };
    let at = line.at.filter(|_| line.held && line.sides.is_none());
    let at = at.map(|at| format!(" ({})", form::moment(lang, at))).unwrap_or_default();
    screen.wrapped(&format!("  {sign} "), &format!("{}{at}", line.demand), paint, 4);
    let mut detail = |text: String| screen.wrapped("      ", &text, Paint::Plain, 16);
    if line.sides.is_some() {
        detail(line.seen.clone());
        return;
    }
    if line.held {
        return;
    }
    match line.at {
        Some(at) => {
            let args = [("at", form::moment(lang, at)), ("seen", line.seen.clone())];
            detail(Course::Seen.fill(lang, &args));
        }
        None => detail(Course::SeenPlain.fill(lang, &[("seen", line.seen.as_str())])),
    }
    if let Some(object) = &line.object {
        detail(Course::About.fill(lang, &[("object", object.as_str())]));
    }
    if let Some((at, cause)) = &line.cause {
        let args = [("at", form::moment(lang, *at)), ("cause", cause.clone())];
        detail(Course::Cause.fill(lang, &args));
    }
}
