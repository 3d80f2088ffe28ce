//! İstek: the last calls to the API servers, and the stages of one of them.

use crate::dashboard::model::{Block, Link, Page, Role, Row, Table, Target, Text, Tier};
use crate::dashboard::scene::Scene;
use crate::kernel::{EventId, Span};
use crate::observe::Call;
use crate::tell::form;
use crate::tell::sentence;
use crate::texts::Key as _;
use crate::texts::dashboard::views_b::RequestWords as W;
use crate::wire::api::StatusReason;
use crate::wire::note::CallNote;

use super::detail;
use super::events;
use super::messages;
use super::parts::{column, numbers, row, shown};
use super::process;

/// The most calls of the list.
const ROWS_MAX: usize = 200;

/// The page.
pub(super) fn page(scene: &Scene<'_>) -> Page {
    match scene.inside {
        Some(Target::Object(kind, key)) => detail::page(scene, *kind, key),
        Some(Target::Process(slot)) => process::page(scene, *slot),
        Some(Target::Fact(_)) => events::page(scene),
        Some(Target::Message(id)) => messages::one(scene, *id),
        Some(Target::Call(id)) => one(scene, *id),
        Some(Target::Moment(_) | Target::Named(_)) | None => list(scene),
    }
}

fn list(scene: &Scene<'_>) -> Page {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Time), Tier::Small, 10, 0),
        column(word(W::User), Tier::Small, 14, 1),
        column(word(W::Verb), Tier::Small, 6, 0),
        column(word(W::Kind), Tier::Normal, 8, 0),
        column(word(W::Object), Tier::Small, 14, 2),
        column(word(W::Outcome), Tier::Small, 8, 0),
        numbers(word(W::Took), Tier::Small, 7),
    ];
    let calls = scene.seen.tape.calls().rev();
    let rows = calls.map(|call| call_row(scene, call));
    let fits = |row: &Row| {
        let letters: Vec<String> = row.cells.iter().map(Text::letters).collect();
        scene.filter.lets_through(&letters.join(" "))
    };
    let mut rows: Vec<Row> = rows.filter(fits).take(ROWS_MAX).collect();
    rows.reverse();
    if let Some(newest) = rows.last_mut() {
        newest.now = true;
    }
    let empty = if scene.filter.text.is_empty() {
        word(W::NoCalls).to_owned()
    } else {
        W::NothingFits.fill(scene.lang, &[("filter", scene.filter.text.as_str())])
    };
    let args = [("shown", form::count(scene.lang, rows.len() as u64))];
    let prose = Text::new(Role::Faint, word(W::HowToRead));
    Page {
        title: Text::new(Role::Faint, W::Shown.fill(scene.lang, &args)),
        blocks: vec![Block::Prose(vec![prose]), Block::Table(Table { columns, rows, empty })],
    }
}

fn call_row(scene: &Scene<'_>, call: &Call) -> Row {
    let note = &call.note;
    let cells = vec![
        Text::new(Role::Faint, form::moment(scene.lang, call.at)),
        Text::plain(note.user.as_str()),
        Text::plain(note.verb),
        Text::plain(note.kind.name()),
        Text::plain(object(scene, note)),
        outcome(scene, note),
        Text::plain(form::span(scene.lang, note.took)),
    ];
    row(Target::Call(note.request), cells)
}

fn object(scene: &Scene<'_>, note: &CallNote) -> String {
    match note.key.name.as_str() {
        "" => W::All.text(scene.lang).to_owned(),
        _ => shown(&note.key),
    }
}

/// A passed test: ✔.
fn passed(scene: &Scene<'_>, word: &str) -> Text {
    Text::new(Role::Good, format!("{} {word}", if scene.ascii { "+" } else { "✔" }))
}

fn outcome(scene: &Scene<'_>, note: &CallNote) -> Text {
    let Some((reason, _)) = &note.refused else {
        return passed(scene, W::Fine.text(scene.lang));
    };
    let args = [("code", reason.code().to_string()), ("reason", format!("{reason:?}"))];
    Text::state(Role::Bad, W::Refused.fill(scene.lang, &args), scene.ascii)
}

/// One call: who wanted what, and how far it came.
pub(super) fn one(scene: &Scene<'_>, id: EventId) -> Page {
    let Some(call) = scene.seen.tape.call(id) else {
        let text = Text::state(Role::Unknown, W::Gone.text(scene.lang), scene.ascii);
        return Page { title: Text::default(), blocks: vec![Block::Prose(vec![text])] };
    };
    let heading = |key: W| Block::Heading(Text::new(Role::Title, key.text(scene.lang)));
    let note = &call.note;
    let (verb, user) = (note.verb, &note.user);
    let title = format!("{verb} {} {} ({user})", note.kind.name(), object(scene, note));
    let blocks = vec![
        Block::Pairs(pairs(scene, call)),
        heading(W::Stages),
        stages(scene, note),
        heading(W::Further),
        Block::Chain(further(scene, call)),
    ];
    Page { title: Text::new(Role::Strong, title), blocks }
}

fn pairs(scene: &Scene<'_>, call: &Call) -> Vec<(String, Text)> {
    let note = &call.note;
    let moment = |at| Text::plain(form::moment(scene.lang, at));
    let mut pairs = vec![
        (W::Outcome, outcome(scene, note)),
        (W::User, Text::plain(note.user.as_str())),
        (W::Server, Text::plain(scene.seen.directory.name(call.server).as_str())),
        (W::Arrived, moment(call.at.saturating_sub(note.took))),
        (W::Answered, moment(call.at)),
        (W::Took, Text::plain(form::span(scene.lang, note.took))),
    ];
    if note.version > 0 {
        pairs.push((W::Version, Text::plain(note.version.to_string())));
    }
    if let Some((_, message)) = &note.refused {
        pairs.push((W::Said, Text::new(Role::Bad, message.as_str())));
    }
    pairs.into_iter().map(|(key, text)| (key.text(scene.lang).to_owned(), text)).collect()
}

/// What else there is to see of a call: its message, its object, its server.
fn further(scene: &Scene<'_>, call: &Call) -> Vec<Link> {
    let note = &call.note;
    let arrived = call.at.saturating_sub(note.took);
    let link = |target: Target, at, text: String| Link {
        target: Some(target),
        depth: 0,
        at: form::moment(scene.lang, at),
        text: Text::plain(text),
    };
    let message = W::ItsMessage.text(scene.lang).to_owned();
    let mut links = vec![link(Target::Message(note.request), arrived, message)];
    if !note.key.name.is_empty() {
        let name = sentence::object(note.kind, &note.key);
        links.push(link(Target::Object(note.kind, note.key.clone()), call.at, name));
    }
    let server = scene.seen.directory.name(call.server).to_string();
    links.push(link(Target::Process(call.server), call.at, server));
    links
}

/// A stage of a call, in the order in which calls go through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Authenticate,
    Authorize,
    Queue,
    Admission,
    Validation,
    Storage,
}

impl Stage {
    const ALL: [Stage; 6] = [
        Stage::Authenticate,
        Stage::Authorize,
        Stage::Queue,
        Stage::Admission,
        Stage::Validation,
        Stage::Storage,
    ];

    /// Its name in a [`CallNote`].
    const fn code(self) -> &'static str {
        match self {
            Stage::Authenticate => "authenticate",
            Stage::Authorize => "authorize",
            Stage::Queue => "queue",
            Stage::Admission => "admission",
            Stage::Validation => "validation",
            Stage::Storage => "storage",
        }
    }

    /// Its name, and what it does.
    const fn words(self) -> (W, W) {
        match self {
            Stage::Authenticate => (W::Authenticate, W::AuthenticateDoes),
            Stage::Authorize => (W::Authorize, W::AuthorizeDoes),
            Stage::Queue => (W::Queue, W::QueueDoes),
            Stage::Admission => (W::Admission, W::AdmissionDoes),
            Stage::Validation => (W::Validation, W::ValidationDoes),
            Stage::Storage => (W::Storage, W::StorageDoes),
        }
    }
}

/// The last stage that the note names.
fn last_named(note: &CallNote) -> Stage {
    let named = |stage: &Stage| note.stages.iter().any(|(name, _)| *name == stage.code());
    Stage::ALL.into_iter().rev().find(named).unwrap_or(Stage::Authenticate)
}

/// Whether a call only reads.
fn only_reads(note: &CallNote) -> bool {
    matches!(note.verb, "get" | "list" | "watch")
}

/// The stage that refused a call.
///
/// The note leaves out stages that took no time, and what etcd knows (that an object is missing,
/// exists or has another version) sends a call back to be thought over. So the reason decides
/// where the last named stage cannot.
fn refused_at(note: &CallNote, reason: StatusReason) -> Stage {
    let last = last_named(note);
    match reason {
        StatusReason::Unauthorized => Stage::Authenticate,
        StatusReason::TooManyRequests => Stage::Queue,
        StatusReason::Forbidden if last <= Stage::Authorize => Stage::Authorize,
        StatusReason::Forbidden => Stage::Admission,
        // The namespace of a new object is looked up on the way in.
        StatusReason::NotFound if note.verb == "create" => Stage::Admission,
        StatusReason::BadRequest | StatusReason::Invalid => Stage::Validation,
        StatusReason::NotFound
        | StatusReason::AlreadyExists
        | StatusReason::Conflict
        | StatusReason::Expired
        | StatusReason::InternalError
        | StatusReason::ServiceUnavailable
        | StatusReason::Timeout
        | StatusReason::ConnectionLost => Stage::Storage,
    }
}

/// How long a stage took; the last one has whatever those before it leave.
fn spent(note: &CallNote, stage: Stage, last: Stage) -> Span {
    let of = |stage: Stage| {
        let found = note.stages.iter().find(|(name, _)| *name == stage.code());
        found.map_or(Span::ZERO, |(_, span)| *span)
    };
    if stage != last {
        return of(stage);
    }
    let before = Stage::ALL.into_iter().filter(|one| *one < stage);
    note.took.saturating_sub(before.fold(Span::ZERO, |sum, one| sum + of(one)))
}

fn stages(scene: &Scene<'_>, note: &CallNote) -> Block {
    let word = |key: W| key.text(scene.lang);
    let columns = vec![
        column(word(W::Stage), Tier::Small, 18, 0),
        column(word(W::Verdict), Tier::Small, 12, 0),
        numbers(word(W::Took), Tier::Small, 7),
        column(word(W::Does), Tier::Normal, 24, 1),
    ];
    let refused = note.refused.as_ref().map(|(reason, _)| refused_at(note, *reason));
    let rows = Stage::ALL.into_iter().map(|stage| {
        let (name, does) = stage.words();
        let (verdict, took) = verdict(scene, note, (stage, refused));
        let took = took.map_or_else(|| "-".to_owned(), |took| form::span(scene.lang, took));
        let name = Text::new(Role::Strong, word(name));
        let cells = vec![
            name.and(Role::Faint, format!("  {}", stage.code())),
            verdict,
            Text::plain(took),
            Text::new(Role::Faint, word(does)),
        ];
        Row { target: None, cells, now: refused == Some(stage) }
    });
    Block::Table(Table { columns, rows: rows.collect(), empty: String::new() })
}

/// What a stage said to a call, and how long that took.
fn verdict(
    scene: &Scene<'_>,
    note: &CallNote,
    (stage, refused): (Stage, Option<Stage>),
) -> (Text, Option<Span>) {
    let dash = if scene.ascii { "-" } else { "–" };
    let faint = |key: W| Text::new(Role::Faint, format!("{dash} {}", key.text(scene.lang)));
    let named = last_named(note);
    let passes_by = matches!(stage, Stage::Admission | Stage::Validation) && only_reads(note);
    match refused {
        Some(refusing) if stage > refusing => (faint(W::NotReached), None),
        Some(refusing) if stage == refusing => {
            let text = Text::state(Role::Bad, W::RefusedHere.text(scene.lang), scene.ascii);
            (text, Some(spent(note, stage, refusing)))
        }
        Some(_) | None if passes_by => (faint(W::NotNeeded), None),
        Some(refusing) => {
            (passed(scene, W::Passed.text(scene.lang)), Some(spent(note, stage, refusing)))
        }
        // An answer that ends before etcd: a read from the cache, a change of nothing.
        None if stage == Stage::Storage && named < Stage::Storage => {
            let took = spent(note, stage, Stage::Storage);
            match (only_reads(note), took.is_zero()) {
                (true, _) => (passed(scene, W::FromCache.text(scene.lang)), Some(took)),
                (false, true) => (faint(W::NotNeeded), None),
                (false, false) => (passed(scene, W::Passed.text(scene.lang)), Some(took)),
            }
        }
        None => {
            (passed(scene, W::Passed.text(scene.lang)), Some(spent(note, stage, Stage::Storage)))
        }
    }
}
