//! `prova learn` as a learner meets it: the progress that is restored, and the line mode.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use prova::course::progress::{Progress, Record, State, parse};
use prova::course::shelf;

const PROGRESS: &str = ".prova/ilerleme.ron";
const FIRST: &str = "14-a-dugum-zaman-cizgisi";
const SECOND: &str = "14-b-alarmi-kisalt";
const THIRD: &str = "14-c-iki-kopya";

/// A folder of its own for each test.
fn place(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("learn").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What was said: the exit code, stdout and stderr.
fn learn(words: &[&str], place: &Path, input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prova"));
    command.arg("learn").args(words).current_dir(place);
    command.env_remove("PROVA_LANG").env_remove("NO_COLOR");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who does not read the lines may have ended before they are written.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

fn put(place: &Path, name: &str, text: &str) {
    let path = place.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn read(place: &Path, name: &str) -> String {
    std::fs::read_to_string(place.join(name)).unwrap()
}

fn progress(place: &Path) -> Progress {
    parse(PROGRESS, &read(place, PROGRESS)).value.unwrap()
}

fn of(records: &[(&str, State, u64)]) -> String {
    let mut progress = Progress::default();
    for (id, state, attempts) in records {
        *progress.of(id) = Record { state: *state, attempts: *attempts, ..Record::default() };
    }
    progress.to_text()
}

/// A file of an exercise on the shelf.
fn shelved(id: &str, file: &str) -> &'static str {
    shelf::text(&shelf::path_of(id, file)).unwrap()
}

fn desk(id: &str, file: &str) -> String {
    format!("{}/{id}/{file}", shelf::DESK)
}

#[test]
fn one_broken_record_costs_no_other_and_the_way_out_is_named() {
    let here = place("record");
    let records = [(FIRST, State::Done, 3), (SECOND, State::Tried, 7), (THIRD, State::Skipped, 0)];
    // The bracket that closes the second record is missing, and its number is none.
    let broken = of(&records).replace("attempts: 7,", "attempts: yedi,").replacen(
        &format!("        ),\n        \"{THIRD}\""),
        &format!("        \"{THIRD}\""),
        1,
    );
    put(&here, PROGRESS, &broken);
    let (code, said, told) = learn(&["--repair"], &here, "");
    assert_eq!(code, 0, "{told}");
    assert!(told.contains(".prova/ilerleme.ron.bozuk adıyla kenara kondu"), "{told}");
    for wanted in [
        format!("{FIRST}: bitti · kenara konan dosyadan: {PROGRESS}.bozuk"),
        format!("{SECOND}: denendi"),
        format!("{THIRD}: atlandı"),
        "geri yüklenen kayıt: 3, zaten yerinde olan: 0".to_owned(),
    ] {
        assert!(said.contains(&wanted), "{wanted} in {said}");
    }
    let restored = progress(&here);
    assert_eq!(restored.exercises.len(), 3);
    assert_eq!(restored.exercises[FIRST].attempts, 3);
    assert_eq!((restored.state(SECOND), restored.state(THIRD)), (State::Tried, State::Skipped));
    assert_eq!(read(&here, &format!("{PROGRESS}.bozuk")), broken, "what was set aside stays");

    put(&here, PROGRESS, &broken);
    let (_, _, told) = learn(&["--list"], &here, "");
    assert!(told.contains("ilerleme.ron.bozuk-2") && told.contains("prova learn --onar"));
    let (_, said, _) = learn(&["--onar", "--lang", "en"], &here, "");
    assert!(said.contains("records restored: 3") && said.contains("from the file set aside"));
}

#[test]
fn a_record_that_cannot_be_read_is_named() {
    let here = place("lost");
    let text = of(&[(FIRST, State::Done, 1), (SECOND, State::Tried, 2)]);
    put(&here, PROGRESS, &text.replace("state: tried", "state: denedim"));
    let (code, said, _) = learn(&["--repair"], &here, "");
    assert_eq!(code, 0);
    assert!(
        said.contains(&format!("{SECOND}: {PROGRESS}.bozuk içindeki kaydı okunamadı")),
        "{said}"
    );
    assert_eq!(progress(&here).exercises.len(), 1);
}

#[test]
fn what_is_no_progress_at_all_is_set_aside_and_nothing_is_made_up() {
    let here = place("none");
    let (code, said, _) = learn(&["--repair"], &here, "");
    assert_eq!(code, 0);
    assert!(said.contains("geri yüklenecek bir şey yok"), "{said}");
    assert!(!here.join(".prova").exists(), "nothing was restored, nothing is written");
    for (number, text) in ["merhaba dünya", "", "\u{fffd}((((\"x\": ("].into_iter().enumerate() {
        put(&here, PROGRESS, text);
        let (code, said, told) = learn(&["--repair"], &here, "");
        assert_eq!(code, 0, "{told}");
        assert!(told.contains("kenara kondu"), "{told}");
        assert!(said.contains("geri yüklenecek bir şey yok"), "{said}");
        assert!(!here.join(PROGRESS).exists());
        let aside = if number == 0 { String::new() } else { format!("-{}", number + 1) };
        assert_eq!(read(&here, &format!("{PROGRESS}.bozuk{aside}")), text);
    }
    let (code, _, _) = learn(&["14-a", "--repair"], &here, "");
    assert_eq!(code, 2, "it is about all exercises");
}

#[test]
fn of_two_files_set_aside_and_the_progress_the_better_records_win() {
    let here = place("aside");
    let now = [(FIRST, State::Tried, 1), (SECOND, State::Done, 1)];
    let one = [(FIRST, State::Done, 2), (SECOND, State::Tried, 9), (THIRD, State::Tried, 2)];
    let two = [(FIRST, State::Done, 5), (THIRD, State::Skipped, 0)];
    let (aside, aside_two) = (format!("{PROGRESS}.bozuk"), format!("{PROGRESS}.bozuk-2"));
    put(&here, PROGRESS, &of(&now));
    put(&here, &aside, &of(&one));
    put(&here, &aside_two, &of(&two));
    let (code, said, told) = learn(&["--repair"], &here, "");
    assert_eq!((code, told.as_str()), (0, ""));
    for wanted in [
        format!("{FIRST}: bitti · kenara konan dosyadan: {aside_two}\n"),
        format!("{SECOND}: bitti · kenara konan dosyadan: {aside}\n"),
        format!("{THIRD}: denendi · kenara konan dosyadan: {aside}\n"),
        "geri yüklenen kayıt: 3, zaten yerinde olan: 0".to_owned(),
    ] {
        assert!(said.contains(&wanted), "{wanted} in {said}");
    }
    let restored = progress(&here);
    let record = |id: &str| (restored.state(id), restored.exercises[id].attempts);
    assert_eq!(record(FIRST), (State::Done, 5));
    assert_eq!(record(SECOND), (State::Done, 9), "nothing that is known is forgotten");
    assert_eq!(record(THIRD), (State::Tried, 2));
    assert_eq!((read(&here, &aside), read(&here, &aside_two)), (of(&one), of(&two)));
    // Once more there is nothing to do.
    let before = read(&here, PROGRESS);
    let (code, said, _) = learn(&["--repair"], &here, "");
    assert!(code == 0 && said.contains("geri yüklenecek bir şey yok"), "{said}");
    assert_eq!(read(&here, PROGRESS), before);
}

#[test]
fn the_learner_s_own_files_speak_for_themselves_when_the_progress_is_gone() {
    let here = place("desk");
    let (wrong, untouched, torn) = ("03-a-sirala", "05-b-olay-kayboldu", "17-c-cogunluksuz-magaza");
    put(&here, &desk(FIRST, "answer.ron"), shelved(FIRST, "solution.ron"));
    put(&here, &desk(wrong, "answer.ron"), shelved(wrong, "yanlis.ron"));
    let start = shelved(untouched, "start.ron").replace('\n', "\r\n");
    put(&here, &desk(untouched, "answer.ron"), &start);
    put(&here, &desk(torn, "scenario.ron"), "(title: ");
    let (code, said, told) = learn(&["--repair"], &here, "");
    assert_eq!(code, 0, "{told}");
    let file = desk(FIRST, "answer.ron");
    assert!(said.contains(&format!("{FIRST}: bitti · dosyanız geçiyor: {file}")), "{said}");
    for id in [wrong, torn] {
        assert!(said.contains(&format!("{id}: denendi · dosyanız henüz geçmiyor")), "{said}");
    }
    assert!(!said.contains(untouched), "{said}");
    let restored = progress(&here);
    assert_eq!(restored.exercises.len(), 3);
    let solved = &restored.exercises[FIRST];
    assert_eq!((solved.state, solved.attempts), (State::Done, 1));
    assert!(!solved.solved_by.is_empty() && solved.prediction.len() == 3);
    // What a record says already is not weakened by what lies on the desk.
    put(&here, PROGRESS, &of(&[(wrong, State::Done, 4), (torn, State::Skipped, 0)]));
    let (_, said, _) = learn(&["--repair"], &here, "");
    assert!(said.contains("geri yüklenen kayıt: 1, zaten yerinde olan: 2"), "{said}");
    assert_eq!(progress(&here).state(wrong), State::Done);
    assert_eq!(progress(&here).state(torn), State::Skipped);
}

#[test]
fn a_scenario_that_passes_is_done_with_its_further_seeds() {
    let here = place("seeds");
    let id = "12-b-oy-bolunmesi";
    put(&here, &desk(id, "scenario.ron"), shelved(id, "solution.ron"));
    let (code, said, told) = learn(&["--repair"], &here, "");
    assert_eq!(code, 0, "{told}");
    assert!(said.contains(&format!("{id}: bitti · dosyanız geçiyor")), "{said}");
    assert_eq!(progress(&here).exercises[id].seeds, 20);
}

#[test]
fn the_line_mode_does_what_its_lines_ask_for() {
    let here = place("lines");
    let words = ["14-a", "--satir"];
    let talk = "ipucu\nHINT\ng\nl\ns\nabrakadabra\n?\nq\nh\n";
    let (code, said, told) = learn(&words, &here, talk);
    assert_eq!(code, 1, "nothing was answered: {told}");
    for (wanted, count) in [
        ("dosya izleniyor", 1),
        // What was shown is shown again; after the end nothing is.
        ("ipucu 1/4", 2),
        ("ipucu 2/4", 1),
        ("dosyanız: alistirmalar/14-a", 2),
        ("Alıştırmalar (0/", 1),
        ("çözüm, alıştırma bitince gösterilir", 1),
        ("sıradaki açık alıştırmaya geçer", 1),
    ] {
        assert_eq!(said.matches(wanted).count(), count, "{wanted} in {said}");
    }
    assert!(told.contains("h ipucu · t görev · v denetle · n sıradaki"), "{told}");
    assert!(!told.contains("abrakadabra") && told.trim().lines().count() == 1, "{told}");
    assert_eq!(progress(&here).exercises[FIRST].hint, 2);
    // Without the option a pipe is judged once, as ever.
    let (code, said, _) = learn(&["14-a"], &here, "h\n");
    assert!(code == 1 && !said.contains("ipucu 1/4") && !said.contains("izleniyor"), "{said}");
    let (code, said, _) = learn(&["14-a", "--line", "--once"], &here, "h\n");
    assert!(code == 1 && !said.contains("ipucu 1/4"), "{said}");
}

#[test]
fn a_save_is_judged_while_the_lines_are_awaited() {
    let here = place("watch");
    let mut command = Command::new(env!("CARGO_BIN_EXE_prova"));
    command.args(["learn", "14-c", "--line"]).current_dir(&here).env_remove("PROVA_LANG");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut typed, mut said) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut begun = Vec::new();
    while !String::from_utf8_lossy(&begun).contains("izleniyor") {
        let mut some = [0; 256];
        let count = said.read(&mut some).unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&begun));
        begun.extend_from_slice(&some[..count]);
    }
    put(&here, &desk(THIRD, "answer.ron"), shelved(THIRD, "solution.ron"));
    typed.write_all("liste\nçık\n".as_bytes()).unwrap();
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert!(rest.contains(&format!("{THIRD}: geçti")), "{rest}");
    assert_eq!(child.wait().unwrap().code(), Some(0), "the last verdict counts");
}

#[test]
fn to_begin_again_is_asked_twice_and_keeps_what_was_there() {
    let here = place("reset");
    let (file, old) = (desk(FIRST, "answer.ron"), desk(FIRST, "answer.ron.eski"));
    let (start, own) = (shelved(FIRST, "start.ron"), "(fark_edilme: 1)");
    put(&here, &file, own);
    let (_, said, _) = learn(&["14-a", "--line"], &here, "r\nt\nr\nx\nr\n\n");
    assert_eq!(said.matches("başlangıca dönsün mü?").count(), 3, "{said}");
    assert_eq!(read(&here, &file), own, "another line in between leaves it");
    let (_, said, _) = learn(&["14-a", "--line", "--lang", "en"], &here, "reset\nBAŞTAN\nr\n");
    assert_eq!(said.matches("r again to confirm").count(), 2, "{said}");
    assert_eq!((read(&here, &file).as_str(), read(&here, &old).as_str()), (start, own));
}

#[test]
fn a_pass_offers_the_next_exercise_and_asking_is_no_attempt() {
    let here = place("next");
    put(&here, &desk(THIRD, "answer.ron"), shelved(THIRD, "solution.ron"));
    put(&here, PROGRESS, &of(&[("14-f-dalgalanmaya-sabir", State::Skipped, 0)]));
    let next = "17-a-kuyrugunu-kovalayan";
    let (code, said, told) = learn(&["14-c", "--line"], &here, "v\n\nçözüm\n");
    assert_eq!(code, 0, "{told}");
    assert_eq!(said.matches(&format!("sıradaki: n · {next}")).count(), 3, "{said}");
    assert!(said.contains(shelved(THIRD, "solution.ron").trim()), "{said}");
    let record = &progress(&here).exercises[THIRD];
    assert_eq!((record.state, record.attempts), (State::Done, 0), "nothing was saved meanwhile");
    // The next one is laid out and judged; the exit code is that of the last verdict.
    let open = of(&[("05-b-olay-kayboldu", State::Tried, 1)]);
    let rest = shelf::exercise_ids().into_iter().filter(|id| !matches!(*id, "05-b-olay-kayboldu"));
    let mut all = parse(PROGRESS, &open).value.unwrap();
    rest.for_each(|id| all.of(id).state = State::Done);
    put(&here, PROGRESS, &all.to_text());
    let (code, said, told) = learn(&["14-c", "--line"], &here, "next\nn\nq\n");
    assert_eq!(code, 1, "{told}");
    assert!(said.contains("dosyanız: alistirmalar/05-b-olay-kayboldu/answer.ron"), "{said}");
    assert!(said.contains("başka açık alıştırma yok"), "{said}");
    assert!(here.join(desk("05-b-olay-kayboldu", "text.md")).exists());
}
