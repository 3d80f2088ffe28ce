//! Every exercise does what an exercise must, on a few seeds (`prova learn --verify` takes more),
//! and every chapter and quiz can be read.

use prova::course::{chapter, quiz, read, shelf, verify};
use prova::texts::Lang;

/// Seeds of every solution.
const SEEDS: u64 = 3;

#[test]
fn every_exercise_does_what_an_exercise_must() {
    let wrong = verify::verify_all(SEEDS, Lang::Tr);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(!shelf::exercise_ids().is_empty());
}

#[test]
fn every_chapter_and_quiz_can_be_read() {
    let mut wrong = String::new();
    for path in shelf::chapters() {
        let text = shelf::text(&path).unwrap_or_default();
        wrong.push_str(&read::errors(&chapter::parse(&path, text), Lang::Tr));
    }
    for path in shelf::quizzes() {
        let text = shelf::text(&path).unwrap_or_default();
        wrong.push_str(&read::errors(&quiz::parse(&path, text), Lang::Tr));
    }
    assert!(wrong.trim().is_empty(), "\n{wrong}");
}
