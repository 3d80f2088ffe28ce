//! The map: machines with their bars, and what runs there as cells that flow.

use crate::dashboard::model::{Bar, Cell, Machine, Map, Role};
use crate::dashboard::stops::Stop;

use super::line::{Bit, Line, cut, cut_text, width};
use super::page::Room;

/// The lines of a map; on wide screens machines stand in boxes.
pub(super) fn lines(map: &Map, room: Room) -> Vec<Line> {
    let boxed = room.boxed;
    let mut out = Vec::new();
    for (number, group) in map.groups.iter().enumerate() {
        if number > 0 && boxed {
            out.push(Line::default());
        }
        out.push(Line::of(&cut_text(&group.title, room.width)));
        for machine in &group.machines {
            if boxed {
                out.extend(in_box(machine, room));
            } else {
                out.extend(content(machine, room, 2));
            }
        }
    }
    out
}

/// Title and notes, bars, cells.
fn content(machine: &Machine, room: Room, indent: usize) -> Vec<Line> {
    let stop = machine.target.clone().map(Stop::On);
    let mut out = Vec::new();
    let mut head = Line::default();
    head.text(&machine.title);
    let mut notes = machine.notes.iter().peekable();
    while let Some(note) = notes.peek() {
        if head.width() + 2 + width(&note.letters()) > room.width {
            break;
        }
        head.put(Role::Plain, "  ");
        head.text(note);
        notes.next();
    }
    out.push(head.with(stop));
    for note in notes {
        let mut line = Line::default();
        line.pad(indent);
        line.text(&cut_text(note, room.width.saturating_sub(indent)));
        out.push(line);
    }
    out.extend(bars(&machine.bars, room, indent));
    out.extend(cells(&machine.cells, room, indent));
    out
}

/// All bars on one line where they fit, else one a line.
fn bars(bars: &[Bar], room: Room, indent: usize) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    for bar in bars {
        let mut one = Line::default();
        one.put(Role::Faint, format!("{} ", bar.name));
        one.put(Role::Accent, filled(bar, room.ascii));
        one.put(Role::Plain, format!(" {}", bar.words));
        let fits = |line: &Line| line.width() + 2 + one.width() <= room.width;
        match out.last_mut().filter(|line| fits(line)) {
            Some(line) => {
                line.put(Role::Plain, "  ");
                line.bits.extend(one.bits);
            }
            None => {
                let mut line = Line::default();
                line.pad(indent);
                line.bits.extend(one.bits);
                out.push(line);
            }
        }
    }
    out
}

/// Six cells; something used is never shown as nothing, and only what is full as full.
fn filled(bar: &Bar, ascii: bool) -> String {
    const CELLS: u64 = 6;
    let share = (bar.used.min(bar.of) * CELLS).checked_div(bar.of).unwrap_or(0);
    let share = if bar.used > 0 { share.max(1) } else { 0 };
    let share = usize::try_from(share).unwrap_or(0);
    let free = usize::try_from(CELLS).unwrap_or(0).saturating_sub(share);
    let (full, empty) = if ascii { ("#", "-") } else { ("█", "░") };
    format!("{}{}", full.repeat(share), empty.repeat(free))
}

fn cells(cells: &[Cell], room: Room, indent: usize) -> Vec<Line> {
    let most = room.width.saturating_sub(indent);
    let mut out: Vec<Line> = Vec::new();
    for cell in cells {
        let sign = cell.role.sign(room.ascii).map(|sign| format!("{sign} ")).unwrap_or_default();
        let words = cut(&format!("{sign}{} {}", cell.name, cell.word), most);
        let stop = cell.target.clone().map(Stop::On);
        let fits = |line: &Line| line.width() + 2 + width(&words) <= room.width;
        let bit = Bit { text: words.clone(), role: cell.role, stop };
        match out.last_mut().filter(|line| fits(line)) {
            Some(line) => {
                line.put(Role::Plain, "  ");
                line.bits.push(bit);
            }
            None => {
                let mut line = Line::default();
                line.pad(indent);
                line.bits.push(bit);
                out.push(line);
            }
        }
    }
    out
}

/// The same with a frame around it.
fn in_box(machine: &Machine, room: Room) -> Vec<Line> {
    let inner = Room { width: room.width.saturating_sub(4), ..room };
    let (corners, bar, side) = if room.ascii {
        (["+", "+", "+", "+"], "-", "|")
    } else {
        (["┌", "┐", "└", "┘"], "─", "│")
    };
    let edge = |left: &str, right: &str| {
        let mut line = Line::default();
        let middle = bar.repeat(room.width.saturating_sub(2));
        line.put(Role::Faint, format!("{left}{middle}{right}"));
        line
    };
    let mut out = vec![edge(corners[0], corners[1])];
    for line in content(machine, inner, 1) {
        let mut framed = Line::default().with(line.stop.clone());
        framed.put(Role::Faint, format!("{side} "));
        framed.bits.extend(line.bits);
        framed.pad(room.width.saturating_sub(1));
        framed.put(Role::Faint, side);
        out.push(framed);
    }
    out.push(edge(corners[2], corners[3]));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_empty_only_for_nothing_and_full_only_for_all() {
        let bar = |used, of| Bar { name: String::new(), used, of, words: String::new() };
        assert_eq!(filled(&bar(0, 4), true), "------");
        assert_eq!(filled(&bar(1, 1000), true), "#-----");
        assert_eq!(filled(&bar(999, 1000), true), "#####-");
        assert_eq!(filled(&bar(4, 4), true), "######");
        assert_eq!(filled(&bar(9, 0), true), "#-----");
    }
}
