//! The space-time diagram: a lane an actor, time from top to bottom, an arrow a line.

use crate::dashboard::model::{Arrow, Lanes, Role};
use crate::dashboard::stops::Stop;

use super::line::{Line, cut, width};
use super::page::Room;

/// Columns of the time.
const TIME: usize = 11;
/// The least columns of a lane.
const LANE_LEAST: usize = 5;

/// Where the lanes stand, and where the words begin.
struct Grid {
    centres: Vec<usize>,
    end: usize,
}

/// The lines of a diagram.
pub(super) fn lines(number: usize, lanes: &Lanes, room: Room) -> Vec<Line> {
    let grid = grid(lanes, room);
    let mut out = heads(lanes, &grid);
    for (line, arrow) in lanes.arrows.iter().enumerate() {
        let stop = Stop::of(arrow.target.as_ref(), number, line);
        out.push(arrow_line(arrow, &grid, room).with(Some(stop)));
    }
    out
}

fn grid(lanes: &Lanes, room: Room) -> Grid {
    let count = lanes.lanes.len().max(1);
    let free = room.width.saturating_sub(TIME);
    // Words get at least two fifths of the room.
    let lane = (free * 3 / 5 / count).clamp(LANE_LEAST, 16);
    let centres = (0..count).map(|place| TIME + place * lane + lane / 2).collect();
    Grid { centres, end: TIME + count * lane }
}

/// Names over their lanes, in two rows so that each has twice the room.
fn heads(lanes: &Lanes, grid: &Grid) -> Vec<Line> {
    let lane = match grid.centres.as_slice() {
        [first, second, ..] => second - first,
        _ => 12,
    };
    let row = |which: usize| {
        let mut line = Line::default();
        for (place, name) in lanes.lanes.iter().enumerate().filter(|(place, _)| place % 2 == which)
        {
            let name = cut(name, (lane * 2).saturating_sub(1));
            let start = grid.centres[place].saturating_sub(width(&name) / 2);
            line.pad(start.max(line.width() + usize::from(line.width() > 0)));
            line.put(Role::Title, name);
        }
        line
    };
    vec![row(0), row(1)]
}

/// What one place of the diagram shows.
fn arrow_line(arrow: &Arrow, grid: &Grid, room: Room) -> Line {
    let signs = if room.ascii {
        ['|', '-', '>', '<', 'x', '*', '.']
    } else {
        ['│', '─', '▶', '◀', '✖', '●', '╌']
    };
    let [rail, dash, right, left, lost, dot, broken] = signs;
    let mut cells: Vec<char> = vec![' '; grid.end];
    for centre in &grid.centres {
        cells[*centre] = rail;
    }
    let centre = |lane: usize| grid.centres.get(lane).copied().unwrap_or(TIME);
    let (from, to) = (centre(arrow.from), centre(arrow.to));
    let (low, high) = (from.min(to), from.max(to));
    if low == high {
        cells[low] = dot;
    } else {
        let line = if arrow.lost { broken } else { dash };
        cells[low + 1..high].fill(line);
        cells[from] = dot;
        cells[to] = match (arrow.lost, to > from) {
            (true, _) => lost,
            (false, true) => right,
            (false, false) => left,
        };
    }
    let role = match (arrow.lost, arrow.lit, low == high) {
        (true, _, _) => Role::Bad,
        (false, true, _) => Role::Accent,
        (false, false, true) => Role::Faint,
        (false, false, false) => Role::Plain,
    };
    let mut row = Line::default();
    row.put(Role::Faint, format!("{:>width$} ", arrow.at, width = TIME - 1));
    // The lanes are drawn behind the time; the words behind the lanes.
    let (before, inside, behind) = if low == high {
        (TIME..low, low..low + 1, low + 1..grid.end)
    } else {
        (TIME..low, low..high + 1, high + 1..grid.end)
    };
    let text = |range: std::ops::Range<usize>| cells[range].iter().collect::<String>();
    row.put(Role::Faint, text(before));
    row.put(role, text(inside));
    row.put(Role::Faint, text(behind));
    let took = if arrow.took.is_empty() { String::new() } else { format!(" ({})", arrow.took) };
    let left_over = room.width.saturating_sub(row.width() + 1);
    row.put(role, format!(" {}", cut(&format!("{}{took}", arrow.label), left_over)));
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::model::Tier;

    #[test]
    fn an_arrow_leads_from_lane_to_lane_and_a_lost_one_ends_in_a_cross() {
        let arrow = |from, to, lost| Arrow {
            target: None,
            at: "1,000 s".to_owned(),
            from,
            to,
            label: "RequestVote".to_owned(),
            took: String::new(),
            lost,
            lit: false,
        };
        let names = ["etcd-1", "etcd-2", "etcd-3"].map(str::to_owned).to_vec();
        let lanes = Lanes {
            lanes: names,
            arrows: vec![arrow(0, 2, false), arrow(2, 0, true), arrow(1, 1, false)],
        };
        let room = Room { width: 80, tier: Tier::Normal, boxed: false, ascii: false };
        let drawn: Vec<String> = lines(0, &lanes, room)
            .iter()
            .map(|line| line.bits.iter().map(|bit| bit.text.as_str()).collect())
            .collect();
        let text = drawn.join("\n");
        assert!(drawn[2].contains("●─") && drawn[2].contains("─▶"), "{text}");
        assert!(drawn[3].contains("✖╌") && drawn[3].contains("╌●"), "{text}");
        assert!(drawn[4].contains("│") && drawn[4].contains("●"), "{text}");
        assert!(drawn.iter().all(|line| width(line) <= 80), "{text}");
        assert!(drawn[0].contains("etcd-1") && drawn[1].contains("etcd-2"), "{text}");
    }
}
