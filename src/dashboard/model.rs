//! Pages: what a screen says, with meaning and without looks.
//!
//! A view builds a [`Page`]; renderers turn it into cells or sentences. So nothing here knows a
//! colour, a width or a border, and whatever is shown can also be spoken.

use crate::api::{Kind, ObjectKey};
use crate::kernel::{EventId, SimTime, Slot};
use crate::observe::FactId;

/// What a piece of text means; a theme gives each role its looks.
///
/// State is never told by colour alone: whoever uses a state role writes its sign ([`Role::sign`])
/// and its word, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Ordinary text.
    #[default]
    Plain,
    /// Less important.
    Faint,
    /// Important.
    Strong,
    /// A heading, a view's name.
    Title,
    /// A key to press.
    Key,
    /// A number or name to notice.
    Accent,
    /// Works: ●
    Good,
    /// Waits: ○
    Waiting,
    /// Starts or stops: ◐
    Starting,
    /// Broken: ✖
    Bad,
    /// Take care: ▲
    Warning,
    /// Leads: ★
    Leader,
    /// Wants to lead: ◆
    Candidate,
    /// Follows: ·
    Follower,
    /// Nobody knows: ?
    Unknown,
    /// A person did this: ❯
    Act,
    /// A bookmark: ◆
    Mark,
    /// New in a comparison: +
    Added,
    /// Gone in a comparison: −
    Removed,
    /// Different in a comparison: ~
    Changed,
}

impl Role {
    /// The sign that goes with a state, when the role is one.
    #[must_use]
    pub fn sign(self, ascii: bool) -> Option<&'static str> {
        let (sign, plain) = match self {
            Role::Good => ("●", "*"),
            Role::Waiting => ("○", "o"),
            Role::Starting => ("◐", "~"),
            Role::Bad => ("✖", "x"),
            Role::Warning => ("▲", "!"),
            Role::Leader => ("★", "L"),
            Role::Candidate => ("◆", "C"),
            Role::Follower => ("·", "f"),
            Role::Unknown => ("?", "?"),
            Role::Act => ("❯", ">"),
            Role::Mark => ("◆", "#"),
            Role::Added => ("+", "+"),
            Role::Removed => ("−", "-"),
            Role::Changed => ("≠", "="),
            Role::Plain | Role::Faint | Role::Strong | Role::Title | Role::Key | Role::Accent => {
                return None;
            }
        };
        Some(if ascii { plain } else { sign })
    }
}

/// A piece of text with one meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The text; no line breaks.
    pub text: String,
    /// What it means.
    pub role: Role,
}

/// One line of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Piece>);

impl Text {
    /// Ordinary text.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Text::new(Role::Plain, text)
    }

    /// Text of one role.
    #[must_use]
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Text(vec![Piece { text: text.into(), role }])
    }

    /// A state: its sign, then its word.
    #[must_use]
    pub fn state(role: Role, word: impl AsRef<str>, ascii: bool) -> Self {
        let sign = role.sign(ascii).unwrap_or_default();
        Text::new(role, format!("{sign} {}", word.as_ref()))
    }

    /// This line, with another piece behind it.
    #[must_use]
    pub fn and(mut self, role: Role, text: impl Into<String>) -> Self {
        self.0.push(Piece { text: text.into(), role });
        self
    }

    /// The letters without their roles.
    #[must_use]
    pub fn letters(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// What a line of a page stands for: what Enter opens, `w` explains and `m` acts upon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// An API object.
    Object(Kind, ObjectKey),
    /// A notable fact.
    Fact(FactId),
    /// A process: `kubelet@n1`, `etcd-2`.
    Process(Slot),
    /// A delivered or lost message.
    Message(EventId),
    /// A call to the API server, by the event in which it arrived.
    Call(EventId),
    /// A moment.
    Moment(SimTime),
    /// A line without an address of its own, by its name in its view.
    Named(String),
}

/// A whole screen's say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What this is about, next to the view's name.
    pub title: Text,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading within the page.
    Heading(Text),
    /// Running text, one entry a paragraph; a renderer wraps it.
    Prose(Vec<Text>),
    /// Names and values.
    Pairs(Vec<(String, Text)>),
    /// Rows with columns.
    Table(Table),
    /// Machines as boxes with bars and cells.
    Map(Map),
    /// Lanes with arrows between them, time from top to bottom.
    Lanes(Lanes),
    /// Quantities over time.
    Series(Vec<Series>),
    /// Reasons, the latest first, each a step further back.
    Chain(Vec<Link>),
    /// A lesson's text, tied to moments.
    Passages(Vec<Passage>),
}

/// Some paragraphs of a lesson, with the moment they speak of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The moment; none for text that speaks of no moment.
    pub target: Option<Target>,
    /// The moment in words: `60,000 s · çökme`.
    pub at: String,
    /// It speaks of what is seen now.
    pub now: bool,
    /// The paragraphs; a renderer wraps them.
    pub lines: Vec<Text>,
}

/// From which size of screen on something is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// 60×16 and less: no borders, only what matters.
    #[default]
    Small,
    /// 80×24, the reference.
    Normal,
    /// 120×36: two panels and a side.
    Wide,
    /// 160×45 and more: three panels.
    Huge,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub head: String,
    /// Shown from this size on; its facts are still spoken.
    pub from: Tier,
    /// Least width \[cells\].
    pub least: u16,
    /// Its share of the width that is left; 0 keeps it at what its cells need.
    pub share: u16,
    /// Numbers stand to the right.
    pub right: bool,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What it stands for; none makes it a line that cannot be chosen.
    pub target: Option<Target>,
    /// One line a column.
    pub cells: Vec<Text>,
    /// The row of the moment (the newest event, the chosen node).
    pub now: bool,
}

/// Rows with columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What is said when there is no row.
    pub empty: String,
}

/// A share of something: a capacity that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What: `cpu`.
    pub name: String,
    /// Used.
    pub used: u64,
    /// Of.
    pub of: u64,
    /// Both in words: `1,5 / 4`.
    pub words: String,
}

/// A small thing in a box: a pod, a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What it stands for.
    pub target: Option<Target>,
    /// Its state.
    pub role: Role,
    /// Its name.
    pub name: String,
    /// Its state in a word: `Running`.
    pub word: String,
}

/// A machine as a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// What it stands for.
    pub target: Option<Target>,
    /// Its name and state.
    pub title: Text,
    /// Further words: taints, "cordoned".
    pub notes: Vec<Text>,
    /// What is used of its capacity.
    pub bars: Vec<Bar>,
    /// What runs there.
    pub cells: Vec<Cell>,
}

/// Boxes in groups: the control plane as a band, the zones with their nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// Groups from top to bottom.
    pub groups: Vec<Group>,
}

/// Boxes that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub title: Text,
    /// Its boxes.
    pub machines: Vec<Machine>,
}

/// Lanes with arrows between them, time from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    /// The lanes' names, from left to right.
    pub lanes: Vec<String>,
    /// What happens, in the order of time.
    pub arrows: Vec<Arrow>,
}

/// A message between two lanes, or local events of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// What it stands for.
    pub target: Option<Target>,
    /// When it arrived (or was lost).
    pub at: String,
    /// The lane it leaves.
    pub from: usize,
    /// The lane it reaches; the same for local events.
    pub to: usize,
    /// What it says.
    pub label: String,
    /// How long it took; empty for local events.
    pub took: String,
    /// It never arrived.
    pub lost: bool,
    /// It belongs to the causes or consequences of what is chosen.
    pub lit: bool,
}

/// A quantity over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What: `istenen`, `olan`.
    pub name: String,
    /// What it means.
    pub role: Role,
    /// The values at even distances.
    pub values: Vec<u64>,
    /// The last value in words.
    pub last: String,
    /// The unit and the span in words: `pod, son 5 dk`.
    pub about: String,
}

/// One reason in a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it stands for.
    pub target: Option<Target>,
    /// 0 for what was asked about, then ever further back.
    pub depth: u32,
    /// When.
    pub at: String,
    /// What.
    pub text: Text,
}

impl Page {
    /// Everything that can be chosen, from top to bottom.
    #[must_use]
    pub fn targets(&self) -> Vec<&Target> {
        self.blocks.iter().flat_map(Block::targets).collect()
    }
}

impl Block {
    fn targets(&self) -> Vec<&Target> {
        match self {
            Block::Heading(_) | Block::Prose(_) | Block::Pairs(_) | Block::Series(_) => Vec::new(),
            Block::Table(table) => {
                table.rows.iter().filter_map(|row| row.target.as_ref()).collect()
            }
            Block::Map(map) => {
                let machines = map.groups.iter().flat_map(|group| &group.machines);
                let with_cells = machines.flat_map(|machine| {
                    let cells = machine.cells.iter().filter_map(|cell| cell.target.as_ref());
                    machine.target.iter().chain(cells)
                });
                with_cells.collect()
            }
            Block::Lanes(lanes) => {
                lanes.arrows.iter().filter_map(|arrow| arrow.target.as_ref()).collect()
            }
            Block::Chain(links) => links.iter().filter_map(|link| link.target.as_ref()).collect(),
            Block::Passages(passages) => {
                passages.iter().filter_map(|passage| passage.target.as_ref()).collect()
            }
        }
    }
}
