//! Tables: columns find their widths, the last one may break its lines.

use crate::dashboard::model::{Column, Role, Row, Table, Text};
use crate::dashboard::stops::Stop;

use super::line::{Line, cut_text, width, wrap};
use super::page::Room;

/// Blanks between two columns.
const GAP: usize = 2;
/// In a narrower column broken words are worse than a cut one.
const WRAP_FROM: usize = 20;

/// The lines of a table.
pub(super) fn lines(number: usize, table: &Table, room: Room) -> Vec<Line> {
    let shown: Vec<(usize, &Column)> =
        table.columns.iter().enumerate().filter(|(_, column)| column.from <= room.tier).collect();
    if table.rows.is_empty() {
        return vec![Line::of(&Text::new(Role::Faint, table.empty.as_str()))];
    }
    let widths = widths(&shown, &table.rows, room.width);
    let mut out = Vec::new();
    if shown.iter().any(|(_, column)| !column.head.is_empty()) {
        let heads = shown.iter().map(|(_, column)| Text::new(Role::Title, column.head.as_str()));
        let heads: Vec<Text> = heads.collect();
        let heads = row_lines(&heads, &shown, &widths, None);
        out.extend(heads.into_iter().take(1).map(|line| Line { head: true, ..line }));
    }
    for (line, row) in table.rows.iter().enumerate() {
        let stop = Stop::of(row.target.as_ref(), number, line);
        let cells: Vec<Text> = shown
            .iter()
            .map(|(place, _)| row.cells.get(*place).cloned().unwrap_or_default())
            .collect();
        out.extend(row_lines(&cells, &shown, &widths, Some(stop)));
    }
    out
}

/// The widths of the columns: what they need, the rest by shares; where there is too little room,
/// those with shares give first.
fn widths(shown: &[(usize, &Column)], rows: &[Row], room: usize) -> Vec<usize> {
    let gaps = GAP * shown.len().saturating_sub(1);
    let room = room.saturating_sub(gaps);
    let cell =
        |row: &Row, place: usize| row.cells.get(place).map_or(0, |text| width(&text.letters()));
    let needs: Vec<usize> = shown
        .iter()
        .map(|(place, column)| {
            let widest = rows.iter().map(|row| cell(row, *place)).max().unwrap_or(0);
            widest.max(width(&column.head)).max(1)
        })
        .collect();
    let least: Vec<usize> = shown
        .iter()
        .zip(&needs)
        .map(|((_, column), needs)| match column.share {
            0 => *needs,
            _ => usize::from(column.least).min(*needs),
        })
        .collect();
    let mut widths = least.clone();
    let mut left = room.saturating_sub(widths.iter().sum());
    // What is left goes to those who need more, one column after the other.
    while left > 0 {
        let wanting: Vec<usize> =
            (0..widths.len()).filter(|place| widths[*place] < needs[*place]).collect();
        if wanting.is_empty() {
            break;
        }
        for place in wanting {
            if left > 0 {
                widths[place] += 1;
                left -= 1;
            }
        }
    }
    // Too little room: the widest gives.
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = (0..widths.len()).max_by_key(|place| widths[*place]) else { break };
        if widths[widest] <= 3 {
            break;
        }
        widths[widest] -= 1;
    }
    widths
}

fn row_lines(
    cells: &[Text],
    shown: &[(usize, &Column)],
    widths: &[usize],
    stop: Option<Stop>,
) -> Vec<Line> {
    let last = cells.len().saturating_sub(1);
    // The cells with a share break; others are cut.
    let broken: Vec<Vec<Text>> = cells
        .iter()
        .zip(shown)
        .zip(widths)
        .map(|((cell, (_, column)), room)| match column.share {
            share if share > 0 && *room >= WRAP_FROM => {
                wrap(cell, *room).iter().map(|part| cut_text(part, *room)).collect()
            }
            _ => vec![cut_text(cell, *room)],
        })
        .collect();
    let tall = broken.iter().map(Vec::len).max().unwrap_or(1);
    let mut out = Vec::new();
    for part in 0..tall {
        let mut line = Line::default();
        let mut column = 0;
        for (place, cell) in broken.iter().enumerate() {
            let text = cell.get(part).cloned().unwrap_or_default();
            let free = widths[place].saturating_sub(width(&text.letters()));
            let right = shown[place].1.right;
            if right {
                line.put(Role::Plain, " ".repeat(free));
            }
            line.text(&text);
            column += widths[place] + GAP;
            if place < last {
                line.pad(column);
            }
        }
        out.push(line.with(stop.clone()));
    }
    out
}
