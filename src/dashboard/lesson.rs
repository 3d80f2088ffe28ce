//! The lesson beside the run: its passages, the one that speaks of the moment marked.

use crate::course::Chapter;
use crate::course::chapter::{Passage as Told, ProseBlock};
use crate::kernel::SimTime;
use crate::lab::Mark;
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::dashboard::screen::Say;

use super::keymap::Words;
use super::model::{Block, Page, Passage, Role, Target, Text};

/// The lesson of a scenario's run at a moment.
#[must_use]
pub fn lesson_page(
    lesson: &Chapter,
    scenario: &str,
    marks: &[Mark],
    now: SimTime,
    words: Words<'_>,
) -> Page {
    let at = |told: &Told| {
        let moment = told.moment.as_ref().filter(|moment| moment.scenario == scenario)?;
        marks.iter().find(|mark| mark.name == moment.bookmark).map(|mark| mark.at)
    };
    let reached = |(place, told): (usize, &Told)| {
        let at = at(told).filter(|at| *at <= now)?;
        Some((at, place))
    };
    let here = lesson.passages.iter().enumerate().filter_map(reached).max();
    // Before the first moment the lesson speaks of, its opening is where the reader is.
    let here = here.map_or(0, |(_, place)| place);
    let passages = lesson.passages.iter().enumerate().map(|(place, told)| {
        let (target, label) = moment(told, scenario, at(told), words.lang);
        Passage { target, at: label, now: place == here, lines: paragraphs(&told.blocks, words) }
    });
    let title = Text::plain(lesson.head.title.as_str());
    Page { title, blocks: vec![Block::Passages(passages.collect())] }
}

/// What a passage is tied to, and the words for it.
fn moment(
    told: &Told,
    scenario: &str,
    at: Option<SimTime>,
    lang: Lang,
) -> (Option<Target>, String) {
    let Some(moment) = &told.moment else { return (None, String::new()) };
    if moment.scenario != scenario {
        let name = format!("passage/{}/{}", moment.scenario, moment.bookmark);
        let label = format!("{}: {}", moment.scenario, moment.bookmark);
        return (Some(Target::Named(name)), label);
    }
    match at {
        Some(at) => {
            let label = format!("{} · {}", form::moment(lang, at), moment.bookmark);
            (Some(Target::Moment(at)), label)
        }
        None => (None, Say::NotReached.fill(lang, &[("name", moment.bookmark.as_str())])),
    }
}

/// Blocks of text as lines that a renderer wraps.
#[must_use]
pub fn paragraphs(blocks: &[ProseBlock], words: Words<'_>) -> Vec<Text> {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            ProseBlock::Heading(_, text) => lines.push(Text::new(Role::Title, text.as_str())),
            ProseBlock::Text(text) => lines.push(Text::plain(text.as_str())),
            ProseBlock::Item(text) => {
                lines.push(Text::new(Role::Faint, "- ").and(Role::Plain, text.as_str()))
            }
            ProseBlock::Quote(text) => lines.push(Text::new(Role::Accent, text.as_str())),
            ProseBlock::Code(code) => {
                lines.extend(code.iter().map(|line| Text::new(Role::Faint, format!("  {line}"))));
            }
            ProseBlock::Row(cells) => lines.push(Text::plain(cells.join("  ·  "))),
            ProseBlock::Exercise(id) => {
                let text = words.fill(Say::ExerciseHere, &[("id", id.as_str())]);
                lines.push(Text::state(Role::Act, text, false));
            }
            ProseBlock::Quiz(id) => {
                let text = words.fill(Say::QuizHere, &[("id", id.as_str())]);
                lines.push(Text::state(Role::Unknown, text, false));
            }
        }
    }
    lines
}

/// What stands in the lesson's place when no lesson plays the scenario: its own notes.
#[must_use]
pub fn notes_page(title: &str, notes: &str, lang: Lang) -> Page {
    let mut lines: Vec<Text> = Vec::new();
    let mut paragraph = String::new();
    for line in notes.lines().map(str::trim).chain([""]) {
        if (line.is_empty() || line.starts_with("* ")) && !paragraph.is_empty() {
            lines.push(Text::plain(std::mem::take(&mut paragraph)));
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(line);
    }
    if lines.is_empty() {
        lines.push(Text::new(Role::Faint, Say::NoNotes.text(lang)));
    }
    Page { title: Text::plain(title), blocks: vec![Block::Prose(lines)] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::chapter;
    use crate::dashboard::keymap::Keymap;
    use crate::lab::MarkKind;

    #[test]
    fn the_passage_of_the_moment_is_marked_and_leads_to_it() {
        let lesson = chapter("14-ariza-gunu").and_then(|loaded| loaded.value).expect("the chapter");
        let mark = |secs, name: &str| Mark {
            at: SimTime::from_secs(secs),
            kind: MarkKind::Bookmark,
            name: name.to_owned(),
            note: String::new(),
        };
        let marks = [mark(60, "çökme"), mark(108, "fark edildi")];
        let now = |secs: u64| {
            let words = Words { lang: Lang::Tr, keys: &Keymap::default() };
            let now = SimTime::from_secs(secs);
            let page = lesson_page(&lesson, "node-failure", &marks, now, words);
            let Some(Block::Passages(passages)) = page.blocks.first() else { panic!("passages") };
            let found: Vec<_> = passages.iter().filter(|passage| passage.now).cloned().collect();
            assert_eq!(found.len(), 1);
            found[0].clone()
        };
        assert_eq!(now(0).target, None);
        assert_eq!(now(61).target, Some(Target::Moment(SimTime::from_secs(60))));
        assert_eq!(now(200).target, Some(Target::Moment(SimTime::from_secs(108))));
    }

    #[test]
    fn notes_are_paragraphs_again() {
        let page = notes_page("x", "bir\n iki\n\n * üç\n * dört", Lang::Tr);
        let Some(Block::Prose(lines)) = page.blocks.first() else { panic!("prose") };
        let lines: Vec<String> = lines.iter().map(Text::letters).collect();
        assert_eq!(lines, ["bir iki", "* üç", "* dört"]);
    }
}
