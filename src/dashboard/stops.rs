//! The lines of a page that the reader can stand on, from top to bottom.
//!
//! What stands for something is stood on by what it stands for, so that the choice survives when
//! lines come and go; a line of running text is stood on by its place.

use super::model::{Block, Page, Target};

/// Where the reader stands on a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// On what a line stands for.
    On(Target),
    /// On a line of text: the number of its block, and of the line in it.
    Line(usize, usize),
}

impl Stop {
    /// What it stands for.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        match self {
            Stop::On(target) => Some(target),
            Stop::Line(..) => None,
        }
    }

    /// The stop of a line.
    #[must_use]
    pub fn of(target: Option<&Target>, block: usize, line: usize) -> Stop {
        target.map_or(Stop::Line(block, line), |target| Stop::On(target.clone()))
    }
}

/// All stops of a page, each once.
#[must_use]
pub fn stops(page: &Page) -> Vec<Stop> {
    let mut all = Vec::new();
    for (number, block) in page.blocks.iter().enumerate() {
        of_block(number, block, &mut all);
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|stop| seen.insert(stop.clone()));
    all
}

fn of_block(number: usize, block: &Block, all: &mut Vec<Stop>) {
    let mut put = |target: Option<&Target>, line: usize| all.push(Stop::of(target, number, line));
    match block {
        Block::Heading(_) | Block::Series(_) => put(None, 0),
        Block::Prose(texts) => (0..texts.len()).for_each(|line| put(None, line)),
        Block::Pairs(pairs) => (0..pairs.len()).for_each(|line| put(None, line)),
        Block::Table(table) => {
            let rows = table.rows.iter().enumerate();
            rows.for_each(|(line, row)| put(row.target.as_ref(), line));
        }
        Block::Map(map) => {
            for machine in map.groups.iter().flat_map(|group| &group.machines) {
                let cells = machine.cells.iter().map(|cell| &cell.target);
                let targets = std::iter::once(&machine.target).chain(cells);
                targets.flatten().for_each(|target| put(Some(target), 0));
            }
        }
        Block::Lanes(lanes) => {
            let arrows = lanes.arrows.iter().enumerate();
            arrows.for_each(|(line, arrow)| put(arrow.target.as_ref(), line));
        }
        Block::Chain(links) => {
            let links = links.iter().enumerate();
            links.for_each(|(line, link)| put(link.target.as_ref(), line));
        }
        Block::Passages(passages) => {
            for (line, passage) in passages.iter().enumerate() {
                if passage.target.is_some() || !passage.at.is_empty() {
                    put(passage.target.as_ref(), paragraph(line, 0));
                }
                (1..=passage.lines.len()).for_each(|of| put(None, paragraph(line, of)));
            }
        }
    }
}

/// The line number of a paragraph of a passage; 0 is its head.
#[must_use]
pub fn paragraph(passage: usize, of: usize) -> usize {
    passage * 1_000 + of
}

/// Where a reader stands who has not moved yet: on the row of the moment, else on the first line
/// that stands for something, else on the first line.
#[must_use]
pub fn first_stop(page: &Page) -> Option<Stop> {
    // A page begins at its first block that something can be chosen of: a row of the moment further
    // below must not push it out of sight.
    for (number, block) in page.blocks.iter().enumerate() {
        let mut all = Vec::new();
        of_block(number, block, &mut all);
        let first = all.into_iter().find(|stop| stop.target().is_some());
        if let Some(stop) = now(number, block).or(first) {
            return Some(stop);
        }
    }
    stops(page).into_iter().next()
}

fn now(number: usize, block: &Block) -> Option<Stop> {
    match block {
        Block::Table(table) => {
            let place = table.rows.iter().position(|row| row.now)?;
            Some(Stop::of(table.rows[place].target.as_ref(), number, place))
        }
        Block::Passages(passages) => {
            let place = passages.iter().position(|passage| passage.now)?;
            let passage = &passages[place];
            let head = usize::from(passage.target.is_none() && passage.at.is_empty());
            Some(Stop::of(passage.target.as_ref(), number, paragraph(place, head)))
        }
        Block::Lanes(lanes) => {
            let place = lanes.arrows.len().checked_sub(1)?;
            Some(Stop::of(lanes.arrows[place].target.as_ref(), number, place))
        }
        Block::Heading(_)
        | Block::Prose(_)
        | Block::Pairs(_)
        | Block::Map(_)
        | Block::Series(_)
        | Block::Chain(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::model::{Row, Table, Text};
    use crate::kernel::SimTime;

    #[test]
    fn repeated_targets_are_one_stop_and_the_row_of_the_moment_comes_first() {
        let moment = |secs| Some(Target::Moment(SimTime::from_secs(secs)));
        let row = |target, now| Row { target, cells: vec![Text::plain("x")], now };
        let rows = vec![
            row(moment(1), false),
            row(moment(2), true),
            row(moment(1), false),
            row(None, false),
        ];
        let table = Table { rows, ..Table::default() };
        let page = Page {
            title: Text::default(),
            blocks: vec![Block::Prose(vec![Text::plain("a")]), Block::Table(table)],
        };
        let all = stops(&page);
        assert_eq!(all.len(), 4);
        assert_eq!(all[3], Stop::Line(1, 3));
        assert_eq!(first_stop(&page).as_ref(), Some(&all[2]));
    }
}
