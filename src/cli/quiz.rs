//! `prova quiz`: the questions of a chapter, one after the other, in plain lines.
//!
//! One line is one answer, so that the command works in a pipe as well. An empty line passes a
//! question over.

use std::io::{BufRead as _, IsTerminal as _};

use crate::course::quiz::{Quiz, QuizKind, of_chapter};
use crate::course::{chapter, read, shelf};
use crate::scenario::suggest::nearest;
use crate::texts::Key as _;
use crate::texts::cli::Talk;
use crate::texts::course::Course;
use crate::texts::{decimal, fold};

use super::exit::Exit;
use super::screen::{Paint, Screen};
use super::wishes::QuizWishes;

/// Does what the command line wants.
pub(super) fn quiz(wishes: &QuizWishes, screen: &mut Screen) -> Exit {
    let Some(named) = wishes.chapter.as_deref() else {
        list(screen);
        return Exit::Fine;
    };
    let ids = chapters();
    let Some(id) = meant(named, &ids) else { return unknown(named, &ids, screen) };
    let Some(loaded) = of_chapter(id) else { return unknown(named, &ids, screen) };
    let wrong = read::errors(&loaded, screen.lang);
    let Some(questions) = loaded.value else {
        screen.complain(&wrong);
        return Exit::Invalid;
    };
    asked(id, &questions, screen)
}

/// Ids of the chapters that have questions, in their order.
fn chapters() -> Vec<String> {
    let paths = shelf::chapters().into_iter();
    let ids = paths.filter_map(|path| {
        let name = path.strip_prefix("book/src/")?.strip_suffix(".md")?;
        Some(name.to_owned())
    });
    ids.filter(|id| of_chapter(id).is_some()).collect()
}

/// The chapter that is meant: by its number, its id or the beginning of it.
fn meant<'i>(named: &str, ids: &'i [String]) -> Option<&'i str> {
    let number = |id: &str| id.split('-').next().and_then(|number| number.parse::<u32>().ok());
    let own = named.parse::<u32>().ok();
    let mut begun = ids.iter().filter(|id| id.starts_with(named));
    let only = begun.next().filter(|_| begun.next().is_none());
    let exact = ids.iter().find(|id| own.is_some() && number(id) == own);
    exact.or(only).map(String::as_str)
}

fn unknown(named: &str, ids: &[String], screen: &mut Screen) -> Exit {
    let mut text = Course::NoQuiz.fill(screen.lang, &[("id", named)]);
    // A chapter is remembered by its words rather than by its number.
    let bare = |id: &str| id.split_once('-').map_or(id, |(_, words)| words).to_owned();
    let bares: Vec<String> = ids.iter().map(|id| bare(id)).collect();
    let known = ids.iter().chain(&bares).map(String::as_str);
    let folded = fold(named);
    let part = ids.iter().filter(|id| folded.len() > 2 && id.contains(&folded)).cloned();
    let mut near: Vec<String> = part.collect();
    for name in nearest(named, known) {
        let id = ids.iter().find(|id| **id == name || bare(id) == name);
        near.extend(id.filter(|id| !near.contains(*id)).cloned());
    }
    if near.is_empty() {
        near = ids.to_vec();
    }
    let hint = Talk::DidYouMean.fill(screen.lang, &[("names", near.join(", "))]);
    text = format!("{text}\n  {hint}");
    screen.complain(&format!("{}: {text}", Talk::Error.text(screen.lang)));
    Exit::Usage
}

/// Every chapter that has questions, with their number.
fn list(screen: &mut Screen) {
    let lang = screen.lang;
    let head = screen.painted(Course::QuizList.text(lang), Paint::Bold);
    screen.line(&head);
    for id in chapters() {
        let count = of_chapter(&id).and_then(|loaded| loaded.value).map_or(0, |all| all.len());
        let count = Course::QuizCount.fill(lang, &[("count", count.to_string())]);
        screen.line(&format!("  {id:<30} {count}"));
    }
    screen.line(Course::QuizHow.text(lang));
}

/// Asks every question and counts.
fn asked(id: &str, questions: &[Quiz], screen: &mut Screen) -> Exit {
    let lang = screen.lang;
    let all = questions.len();
    let path = format!("book/src/{id}.md");
    let parsed = shelf::text(&path).and_then(|text| chapter::parse(&path, text).value);
    let title = parsed.map_or_else(|| id.to_owned(), |chapter| chapter.head.title);
    let args = [("title", title), ("count", all.to_string())];
    let head = screen.painted(&Course::QuizHead.fill(lang, &args), Paint::Bold);
    screen.line(&head);
    let mut right = 0;
    for (number, question) in questions.iter().enumerate() {
        ask((number + 1, all), question, screen);
        let Some(answer) = answer(question, screen) else {
            screen.line("");
            screen.line(Course::QuizEnded.text(lang));
            break;
        };
        if told(question, &answer, screen) {
            right += 1;
        }
    }
    let paint = if right == all { Paint::Good } else { Paint::Bad };
    let args = [("right", right.to_string()), ("all", all.to_string())];
    let score = screen.painted(&Course::QuizScore.fill(lang, &args), paint);
    screen.line("");
    screen.line(&score);
    if right == all { Exit::Fine } else { Exit::Failed }
}

fn ask((number, all): (usize, usize), question: &Quiz, screen: &mut Screen) {
    screen.line("");
    screen.wrapped("", &format!("{number}/{all} {}", question.ask), Paint::Bold, 4);
    for (at, option) in options(question).iter().enumerate() {
        screen.wrapped("  ", &format!("{}) {option}", at + 1), Paint::Plain, 5);
    }
    let how = match &question.kind {
        QuizKind::Choice(choice) if choice.options.iter().filter(|one| one.right).count() > 1 => {
            Course::QuizSeveral
        }
        QuizKind::Choice(_) => Course::QuizOne,
        QuizKind::Order(_) => Course::QuizOrder,
        QuizKind::Number(_) => Course::QuizNumber,
        QuizKind::Short(_) => Course::QuizWord,
    };
    let unit = match &question.kind {
        QuizKind::Number(number) => number.unit.as_str(),
        QuizKind::Choice(_) | QuizKind::Order(_) | QuizKind::Short(_) => "",
    };
    let how = how.fill(screen.lang, &[("unit", unit)]);
    screen.write(&format!("{} > ", how.trim_end()));
    screen.flush();
}

/// What there is to choose from or to put in order, as it is shown.
fn options(question: &Quiz) -> Vec<String> {
    match &question.kind {
        QuizKind::Choice(choice) => choice.options.iter().map(|one| one.text.clone()).collect(),
        QuizKind::Order(right) => {
            let mut mixed = right.clone();
            mixed.sort();
            mixed
        }
        QuizKind::Number(_) | QuizKind::Short(_) => Vec::new(),
    }
}

/// The next line; a person is asked again when it cannot be an answer. None at the end of input.
fn answer(question: &Quiz, screen: &mut Screen) -> Option<String> {
    let stdin = std::io::stdin();
    let person = stdin.is_terminal();
    loop {
        let mut line = String::new();
        let read = stdin.lock().read_line(&mut line).ok()?;
        if read == 0 {
            return None;
        }
        if !person {
            // What a person types is seen as it is typed; what comes from a pipe is not.
            screen.line(line.trim());
        }
        let line = line.trim().to_owned();
        if line.is_empty() || !person || possible(question, &line) {
            return Some(line);
        }
        screen.write(&format!("{} > ", Course::QuizAgain.text(screen.lang)));
        screen.flush();
    }
}

/// Whether a line can be an answer at all.
fn possible(question: &Quiz, line: &str) -> bool {
    match &question.kind {
        QuizKind::Choice(choice) => {
            let count = choice.options.len();
            line.split(',').all(|part| {
                part.trim().parse::<usize>().is_ok_and(|number| (1..=count).contains(&number))
            })
        }
        QuizKind::Order(right) => line.split(',').count() == right.len(),
        QuizKind::Number(_) => line.replace(',', ".").parse::<f64>().is_ok(),
        QuizKind::Short(_) => true,
    }
}

/// Says whether an answer is right, and why.
fn told(question: &Quiz, answer: &str, screen: &mut Screen) -> bool {
    let lang = screen.lang;
    let held = question.kind.is_right(&in_words(question, answer));
    let key = if held { Course::QuizRight } else { Course::QuizWrong };
    let paint = if held { Paint::Good } else { Paint::Bad };
    let said = screen.painted(key.text(lang), paint);
    // In plain output the mark is a word that says the same.
    let sign = if screen.look.plain { String::new() } else { format!("{} ", screen.mark(held)) };
    screen.line(&format!("  {sign}{said}"));
    if !held {
        for note in notes(question, answer) {
            let text = Course::Note.fill(lang, &[("note", note)]);
            screen.wrapped("    ", &text, Paint::Warning, 10);
        }
        let text = Course::QuizAnswer.fill(lang, &[("answer", solution(question, screen))]);
        screen.wrapped("    ", &text, Paint::Plain, 10);
    }
    let why = Course::QuizWhy.fill(lang, &[("why", question.why.as_str())]);
    screen.wrapped("    ", &why, Paint::Plain, 10);
    held
}

/// Numbers of shown items become their words where words are judged.
fn in_words(question: &Quiz, answer: &str) -> String {
    let QuizKind::Order(_) = &question.kind else { return answer.to_owned() };
    let shown = options(question);
    let word = |part: &str| {
        let number = part.trim().parse::<usize>().ok();
        let named = number.and_then(|number| shown.get(number.checked_sub(1)?)).cloned();
        named.unwrap_or_else(|| part.trim().to_owned())
    };
    let given: Vec<String> = answer.split(',').map(word).collect();
    given.join(",")
}

/// What is told to whoever chose these options.
fn notes<'q>(question: &'q Quiz, answer: &str) -> Vec<&'q str> {
    let QuizKind::Choice(choice) = &question.kind else { return Vec::new() };
    let chosen = answer.split(',').filter_map(|part| part.trim().parse::<usize>().ok());
    let chosen = chosen.filter_map(|number| choice.options.get(number.checked_sub(1)?));
    let wrong = chosen.filter(|one| !one.right && !one.note.is_empty());
    wrong.map(|one| one.note.as_str()).collect()
}

/// The right answer in words.
fn solution(question: &Quiz, screen: &Screen) -> String {
    match &question.kind {
        QuizKind::Choice(choice) => {
            let right = choice.options.iter().filter(|one| one.right);
            right.map(|one| one.text.as_str()).collect::<Vec<_>>().join("; ")
        }
        QuizKind::Order(right) => right.join(" → "),
        QuizKind::Number(number) => {
            let is = decimal(screen.lang, &number.is.to_string());
            format!("{is} {}", number.unit).trim().to_owned()
        }
        QuizKind::Short(accepted) => accepted.first().cloned().unwrap_or_default(),
    }
}
