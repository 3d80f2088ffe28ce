//! `prova quiz` as a learner meets it: questions, notes, a score, an exit code.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use prova::course::quiz::{QuizKind, of_chapter};

/// Exit code, stdout and stderr of `prova quiz …` with these lines typed.
fn prova(words: &[&str], typed: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prova"));
    command.args(words).env_remove("PROVA_LANG").env_remove("NO_COLOR");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The program may end before it has read everything.
    drop(child.stdin.take().unwrap().write_all(typed.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A line with the right answer to each question of a chapter.
fn right_answers(id: &str) -> String {
    let questions = of_chapter(id).unwrap().value.unwrap();
    let line = |kind: &QuizKind| match kind {
        QuizKind::Choice(choice) => {
            let numbered = choice.options.iter().enumerate().filter(|(_, one)| one.right);
            numbered.map(|(at, _)| (at + 1).to_string()).collect::<Vec<_>>().join(",")
        }
        QuizKind::Order(right) => {
            let mut shown = right.clone();
            shown.sort();
            let place = |word: &String| shown.iter().position(|one| one == word).unwrap() + 1;
            right.iter().map(|word| place(word).to_string()).collect::<Vec<_>>().join(",")
        }
        QuizKind::Number(number) => number.is.to_string(),
        QuizKind::Short(accepted) => accepted[0].clone(),
    };
    questions.iter().map(|one| line(&one.kind) + "\n").collect()
}

#[test]
fn whoever_answers_everything_right_passes_in_every_chapter() {
    for number in ["02", "03", "05", "12", "14", "17"] {
        let (code, out, _) = prova(&["quiz", number], &right_answers(number));
        let all = of_chapter(number).unwrap().value.unwrap().len();
        assert_eq!(code, 0, "{number}: {out}");
        assert!(out.contains(&format!("puan: {all}/{all}")), "{out}");
        assert!(!out.contains("yanlış\n"), "{out}");
    }
}

#[test]
fn a_wrong_choice_shows_its_note_and_the_end_of_input_is_no_pass() {
    let (code, out, _) = prova(&["sinama", "12"], "2\n");
    assert_eq!(code, 1);
    assert!(out.contains("Eski lider kendini lider sanabilir"), "the note: {out}");
    assert!(out.contains("doğrusu : Hayır, en çok bir lider olur"), "the answer: {out}");
    assert!(out.contains("puan: 0/5") && out.contains("girdi bitti"), "{out}");
}

#[test]
fn a_chapter_is_found_by_number_and_beginning_and_slips_get_a_hint() {
    for name in ["5", "05", "05-istenen", "05-istenen-ve-gozlenen"] {
        let (code, out, _) = prova(&["quiz", name], "");
        assert_eq!((code, out.contains("İstenen ve Gözlenen")), (1, true), "{name}");
    }
    let (code, _, err) = prova(&["quiz", "05-istenen-ve-gozlenmeyen"], "");
    assert_eq!(code, 2);
    assert!(err.contains("05-istenen-ve-gozlenen"), "{err}");
    let (code, _, err) = prova(&["quiz", "ariza"], "");
    assert_eq!(code, 2);
    assert!(err.contains("14-ariza-gunu"), "{err}");
}

#[test]
fn without_a_chapter_the_chapters_are_listed_in_both_languages() {
    let (code, out, _) = prova(&["quiz"], "");
    assert_eq!(code, 0);
    assert!(out.contains("17-kampanya-gunu") && out.contains("soru"), "{out}");
    let (_, english, _) = prova(&["quiz", "--lang", "en"], "");
    assert!(english.contains("Chapters with a quiz"), "{english}");
}
