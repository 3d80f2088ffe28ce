//! A page as sentences: for screen readers, pipes, and the text beside a picture.
//!
//! Whatever a page shows is said: every column of every size of screen, every bar's words, every
//! arrow. State signs are left out, since their word stands beside them.

use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::dashboard::speech::Speech;

use super::model::{
    Arrow, Block, Group, Lanes, Link, Machine, Page, Passage, Series, Table, Target, Text,
};
use super::stops::Stop;

/// A sentence, and the line of the page that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The sentence.
    pub text: String,
    /// What can be chosen there.
    pub stop: Option<Stop>,
}

/// A page as sentences, from top to bottom; not numbered.
#[must_use]
pub fn speak(page: &Page, lang: Lang) -> Vec<String> {
    spoken(page, lang).into_iter().map(|spoken| spoken.text).collect()
}

/// The same, each with what it speaks of.
#[must_use]
pub fn spoken(page: &Page, lang: Lang) -> Vec<Spoken> {
    let mut said = Vec::new();
    put(&mut said, page.title.letters());
    for block in &page.blocks {
        match block {
            Block::Heading(text) => put(&mut said, format!("{}:", text.letters())),
            Block::Prose(texts) => texts.iter().for_each(|text| put(&mut said, text.letters())),
            Block::Pairs(pairs) => {
                pairs.iter().for_each(|(name, text)| put(&mut said, named(name, text)));
            }
            Block::Table(table) => rows(table, &mut said),
            Block::Map(map) => map.groups.iter().for_each(|one| group(one, lang, &mut said)),
            Block::Lanes(lanes) => {
                let told = |one: &Arrow| (one.target.clone(), arrow(one, lanes, lang));
                lanes.arrows.iter().map(told).for_each(|(target, sentence)| {
                    on(&mut said, target.as_ref(), sentence);
                });
            }
            Block::Series(all) => all.iter().for_each(|one| put(&mut said, series(one, lang))),
            Block::Chain(links) => {
                links.iter().for_each(|one| on(&mut said, one.target.as_ref(), link(one, lang)));
            }
            Block::Passages(passages) => {
                passages.iter().for_each(|one| passage(one, lang, &mut said));
            }
        }
    }
    said
}

fn put(said: &mut Vec<Spoken>, sentence: String) {
    on(said, None, sentence);
}

/// A sentence about something that can be chosen.
fn on(said: &mut Vec<Spoken>, target: Option<&Target>, sentence: String) {
    let text = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        said.push(Spoken { text, stop: target.cloned().map(Stop::On) });
    }
}

fn named(name: &str, text: &Text) -> String {
    // Blanks before a word are an indent, which is for the eye.
    let (name, letters) = (name.trim(), text.letters());
    if name.is_empty() { letters } else { format!("{name}: {}", letters.trim()) }
}

fn rows(table: &Table, said: &mut Vec<Spoken>) {
    if table.rows.is_empty() {
        put(said, table.empty.clone());
    }
    for row in &table.rows {
        let cells = table.columns.iter().zip(&row.cells);
        let cells = cells.filter(|(_, cell)| !cell.letters().trim().is_empty());
        let cells: Vec<String> = cells.map(|(column, cell)| named(&column.head, cell)).collect();
        on(said, row.target.as_ref(), cells.join("; "));
    }
}

fn group(group: &Group, lang: Lang, said: &mut Vec<Spoken>) {
    put(said, format!("{}:", group.title.letters()));
    group.machines.iter().for_each(|one| machine(one, lang, said));
}

fn machine(machine: &Machine, lang: Lang, said: &mut Vec<Spoken>) {
    let mut parts = vec![machine.title.letters()];
    parts.extend(machine.notes.iter().map(Text::letters));
    parts.extend(machine.bars.iter().map(|bar| format!("{} {}", bar.name, bar.words)));
    if machine.cells.is_empty() {
        parts.push(Speech::NothingHere.text(lang).to_owned());
    }
    on(said, machine.target.as_ref(), parts.join("; "));
    for cell in &machine.cells {
        on(said, cell.target.as_ref(), format!("{} {}", cell.name, cell.word));
    }
}

fn arrow(arrow: &Arrow, lanes: &Lanes, lang: Lang) -> String {
    let name = |lane: usize| lanes.lanes.get(lane).cloned().unwrap_or_default();
    let key = match (arrow.lost, arrow.from == arrow.to) {
        (true, _) => Speech::Lost,
        (false, true) => Speech::Local,
        (false, false) => Speech::Sent,
    };
    let args = [
        ("at", arrow.at.clone()),
        ("from", name(arrow.from)),
        ("to", name(arrow.to)),
        ("label", arrow.label.clone()),
        ("took", arrow.took.clone()),
    ];
    key.fill(lang, &args)
}

fn series(series: &Series, lang: Lang) -> String {
    let least = series.values.iter().min().copied().unwrap_or(0);
    let most = series.values.iter().max().copied().unwrap_or(0);
    let args = [
        ("name", series.name.clone()),
        ("last", series.last.clone()),
        ("least", least.to_string()),
        ("most", most.to_string()),
        ("about", series.about.clone()),
    ];
    Speech::Series.fill(lang, &args)
}

fn passage(passage: &Passage, lang: Lang, said: &mut Vec<Spoken>) {
    if !passage.at.is_empty() {
        let key = if passage.now { Speech::PassageNow } else { Speech::Passage };
        on(said, passage.target.as_ref(), key.fill(lang, &[("at", passage.at.as_str())]));
    }
    passage.lines.iter().for_each(|line| put(said, line.letters()));
}

fn link(link: &Link, lang: Lang) -> String {
    if link.at.is_empty() {
        return link.text.letters();
    }
    let key = if link.depth == 0 { Speech::Fact } else { Speech::Because };
    key.fill(lang, &[("at", link.at.clone()), ("text", link.text.letters())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::model::{Column, Map, Role, Row, Tier};

    #[test]
    fn every_cell_of_every_size_is_said() {
        let column = |head: &str, from: Tier| Column {
            head: head.to_owned(),
            from,
            least: 4,
            share: 0,
            right: false,
        };
        let cells = vec![Text::plain("web-1"), Text::state(Role::Good, "Running", false)];
        let table = Table {
            columns: vec![column("AD", Tier::Small), column("DURUM", Tier::Huge)],
            rows: vec![Row { target: None, cells, now: false }],
            empty: String::new(),
        };
        let link = |depth: u32, text: &str| Link {
            target: None,
            depth,
            at: "1 s".to_owned(),
            text: Text::plain(text),
        };
        let machine = Machine {
            target: None,
            title: Text::plain("n1"),
            notes: vec![Text::plain("leke")],
            bars: Vec::new(),
            cells: Vec::new(),
        };
        let group = Group { title: Text::plain("Düğümler"), machines: vec![machine] };
        let page = Page {
            title: Text::plain("Nesne"),
            blocks: vec![
                Block::Table(table),
                Block::Map(Map { groups: vec![group] }),
                Block::Chain(vec![link(0, "silindi"), link(1, "çöktü")]),
            ],
        };
        let said = speak(&page, Lang::Tr).join("\n");
        for wanted in ["AD: web-1", "DURUM: ● Running", "leke", "silindi", "çöktü", "Düğümler:"]
        {
            assert!(said.contains(wanted), "{wanted} in {said}");
        }
    }
}
