//! A page as lines of a width.

use crate::dashboard::model::{Block, Link, Page, Passage, Role, Series, Text, Tier};
use crate::dashboard::stops::{Stop, paragraph};

use super::lanes;
use super::line::{Line, cut, width, wrap};
use super::map;
use super::table;

/// The room that a page is drawn in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) width: usize,
    pub(super) tier: Tier,
    /// Machines stand in boxes.
    pub(super) boxed: bool,
    pub(super) ascii: bool,
}

/// The lines of a page; its title stands on its panel.
pub(super) fn lines(page: &Page, room: Room) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    for (number, block) in page.blocks.iter().enumerate() {
        if number > 0 && room.tier > Tier::Small && opens(block) {
            out.push(Line::default());
        }
        let begun = out.len();
        match block {
            Block::Heading(text) => {
                out.push(Line::of(text).with(Some(Stop::Line(number, 0))));
            }
            Block::Prose(texts) => {
                for (line, text) in texts.iter().enumerate() {
                    let stop = Stop::Line(number, line);
                    let parts = wrap(text, room.width);
                    out.extend(parts.iter().map(|part| Line::of(part).with(Some(stop.clone()))));
                }
            }
            Block::Pairs(pairs) => out.extend(pairs_lines(number, pairs, room)),
            Block::Table(it) => out.extend(table::lines(number, it, room)),
            Block::Map(it) => out.extend(map::lines(it, room)),
            Block::Lanes(it) => out.extend(lanes::lines(number, it, room)),
            Block::Series(all) => {
                out.extend(all.iter().map(|one| series(number, one, room)));
            }
            Block::Chain(links) => {
                // Reasons without moments need no column for them.
                let timed = links.iter().any(|link| !link.at.is_empty());
                let column = if timed { 12 } else { 0 };
                for (line, link) in links.iter().enumerate() {
                    out.extend(chain((number, line), link, column, room));
                }
            }
            Block::Passages(all) => {
                for (line, one) in all.iter().enumerate() {
                    out.extend(passage(number, line, one, room));
                }
            }
        }
        out[begun..].iter_mut().for_each(|line| line.block = number);
    }
    out
}

/// Whether a blank line stands before it.
fn opens(block: &Block) -> bool {
    match block {
        Block::Heading(_) | Block::Map(_) | Block::Lanes(_) => true,
        Block::Prose(_)
        | Block::Pairs(_)
        | Block::Table(_)
        | Block::Series(_)
        | Block::Chain(_)
        | Block::Passages(_) => false,
    }
}

fn pairs_lines(number: usize, pairs: &[(String, Text)], room: Room) -> Vec<Line> {
    let widest = pairs.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let widest = widest.min(room.width / 3);
    let mut out = Vec::new();
    for (line, (name, value)) in pairs.iter().enumerate() {
        let stop = Some(Stop::Line(number, line));
        let parts = wrap(value, room.width.saturating_sub(widest + 2));
        for (place, part) in parts.iter().enumerate() {
            let mut row = Line::default();
            if place == 0 {
                row.put(Role::Faint, cut(name, widest));
            }
            row.pad(widest + 2);
            row.text(part);
            out.push(row.with(stop.clone()));
        }
    }
    out
}

/// Eight heights; in ASCII the height is a digit.
fn height(value: u64, most: u64, ascii: bool) -> char {
    const BARS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let step = if most == 0 { 0 } else { (value * 8).div_ceil(most).min(8) };
    let step = usize::try_from(step).unwrap_or(0);
    match (ascii, step) {
        (true, 0) => '_',
        (true, step) => char::from_digit(u32::try_from(step).unwrap_or(0), 10).unwrap_or('?'),
        (false, 0) => '▁',
        (false, step) => BARS[step],
    }
}

fn series(number: usize, series: &Series, room: Room) -> Line {
    let name_room = (room.width / 3).clamp(12, 30);
    let tail = format!(" {}  {}", series.last, series.about);
    let mut line = Line::default();
    line.put(Role::Plain, cut(&series.name, name_room));
    line.pad(name_room + 1);
    let left = room.width.saturating_sub(line.width());
    let spark = left.saturating_sub(width(&tail)).clamp(8, 60).min(left);
    let values = resampled(&series.values, spark);
    let most = series.values.iter().max().copied().unwrap_or(0);
    let bars: String = values.iter().map(|value| height(*value, most, room.ascii)).collect();
    line.put(series.role, bars);
    let left = room.width.saturating_sub(line.width());
    line.put(Role::Strong, cut(&tail, left));
    line.with(Some(Stop::Line(number, 0)))
}

/// So many values, each the greatest of its stretch: a short outage must not vanish.
fn resampled(values: &[u64], count: usize) -> Vec<u64> {
    if values.len() <= count || count == 0 {
        return values.to_vec();
    }
    let stretch = |place: usize| {
        let from = place * values.len() / count;
        let to = ((place + 1) * values.len() / count).max(from + 1);
        values[from..to].iter().max().copied().unwrap_or(0)
    };
    (0..count).map(stretch).collect()
}

fn chain((number, line): (usize, usize), link: &Link, column: usize, room: Room) -> Vec<Line> {
    let stop = Some(Stop::of(link.target.as_ref(), number, line));
    let depth = usize::try_from(link.depth).unwrap_or(0).min(8);
    let lead = match depth {
        0 => String::new(),
        depth => format!("{}{} ", "  ".repeat(depth - 1), if room.ascii { "`-" } else { "└─" }),
    };
    let at = if column == 0 { String::new() } else { format!("{:>10}  ", link.at) };
    let hang = width(&at) + width(&lead);
    let parts = wrap(&link.text, room.width.saturating_sub(hang));
    let rows = parts.iter().enumerate().map(|(place, part)| {
        let mut row = Line::default();
        if place == 0 {
            row.put(Role::Faint, at.as_str());
            row.put(Role::Faint, lead.as_str());
        }
        row.pad(hang);
        row.text(part);
        row.with(stop.clone())
    });
    rows.collect()
}

fn passage(number: usize, line: usize, passage: &Passage, room: Room) -> Vec<Line> {
    let bar = match (passage.now, room.ascii) {
        (false, _) => "  ",
        (true, true) => "# ",
        (true, false) => "▌ ",
    };
    let mut out = Vec::new();
    if !passage.at.is_empty() {
        let mut head = Line::default();
        head.put(Role::Accent, bar);
        let sign = Role::Mark.sign(room.ascii).unwrap_or_default();
        head.put(Role::Mark, format!("{sign} {}", passage.at));
        let stop = Stop::of(passage.target.as_ref(), number, paragraph(line, 0));
        out.push(head.with(Some(stop)));
    }
    for (place, text) in passage.lines.iter().enumerate() {
        let stop = Stop::Line(number, paragraph(line, place + 1));
        for part in wrap(text, room.width.saturating_sub(2)) {
            let mut row = Line { read: true, ..Line::default() };
            row.put(Role::Accent, bar);
            row.text(&part);
            out.push(row.with(Some(stop.clone())));
        }
        let mut gap = Line::default();
        gap.put(Role::Accent, bar);
        out.push(gap);
    }
    out
}
