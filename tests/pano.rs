//! The dashboard from the command line: frames, the plain conversation, new scenarios, bad words.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A folder of its own for each test.
fn place(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pano").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn prova(words: &[&str], place: &PathBuf, input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prova"));
    command.args(words).current_dir(place).env_remove("PROVA_LANG").env_remove("NO_COLOR");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_frame_has_four_forms_and_the_size_that_was_asked_for() {
    let here = place("frame");
    let frame = |more: &[&str]| {
        let mut words = vec!["frame", "node-failure", "--at", "çökme"];
        words.extend(more);
        let drawn = prova(&words, &here, "");
        assert_eq!(drawn.status.code(), Some(0), "{}", err(&drawn));
        out(&drawn)
    };
    let text = frame(&["--size", "100x30", "--view", "raft"]);
    assert_eq!(text.lines().count(), 30);
    assert!(text.contains("etcd-1") && text.contains("60,000 s"), "{text}");
    assert!(frame(&["--form", "ansi", "--color", "always"]).contains("\u{1b}[0m"));
    assert!(frame(&["--form", "svg"]).starts_with("<svg "));
    assert!(frame(&["--form", "plain"]).starts_with("1. "));
    assert_eq!(text, frame(&["--size", "100x30", "--keys", "5"]), "a frame is the same each time");
}

#[test]
fn words_that_make_no_frame_are_answered_with_a_way_out() {
    let here = place("wrong");
    let wrong: [(&[&str], i32, &str); 6] = [
        (&["frame", "node-failure", "--at", "yarın"], 2, "yarın"),
        (&["frame", "node-failure", "--size", "3x3"], 2, "80x24"),
        (&["frame", "node-failure", "--view", "resim"], 2, "raft"),
        (&["frame", "node-failure", "--theme", "mor"], 2, "koyu"),
        (&["dashboard", "node-failur"], 6, "node-failure"),
        (&["new", "x.ron", "--from-session"], 6, ".prova/oturum.ron"),
    ];
    for (words, code, hint) in wrong {
        let said = prova(words, &here, "");
        assert_eq!(said.status.code(), Some(code), "{words:?}: {}", err(&said));
        assert!(err(&said).contains(hint), "{words:?}: {}", err(&said));
    }
}

#[test]
fn a_plain_conversation_is_the_same_dashboard() {
    let here = place("plain");
    let said =
        prova(&["dashboard", "node-failure", "--plain"], &here, ":git 110s\n3\nw\nesc\n2\nq\n");
    assert_eq!(said.status.code(), Some(0), "{}", err(&said));
    let text = out(&said);
    for wanted in ["110,000 s / 540 s", "Olay ", "Neden?", "Node; Sayı: 4", "Zaman çizgisinde"] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert!(text.lines().all(|line| !line.contains('\u{1b}')), "no escape sequence is said");
    // What can be pressed is said once, in letters that can be typed.
    for once in ["Görünümler: 1 Genel, 2 Nesne", "Tuşlar: Space oynat, , . adım, < > olay"] {
        assert_eq!(text.matches(once).count(), 1, "{once} in {text}");
    }
    // Before the fault is reached nobody is told what it will be.
    let first = text.split("110,000 s / 540 s").next().expect("a first screen");
    assert!(first.contains("henüz gelinmemiş bir adım") && !first.contains("elektriği"), "{first}");
}

#[test]
fn keys_of_ones_own_are_read_from_their_file_and_a_broken_one_is_told() {
    let here = place("keys");
    let talk = |file: &str, input: &str| {
        std::fs::create_dir_all(here.join(".prova")).expect("a folder");
        std::fs::write(here.join(".prova/tuslar.ron"), file).expect("a file");
        let said = prova(&["dashboard", "node-failure", "--plain"], &here, input);
        assert_eq!(said.status.code(), Some(0), "{}", err(&said));
        (out(&said), err(&said))
    };
    let keys = r#"(version: 1, keys: {"git": ["ö"], "komutlar": ["^K"], "neden?": ["F"]})"#;
    let (text, wrong) = talk(keys, "ö\n110s\n:Raft\nF\n");
    assert_eq!(wrong, "");
    for wanted in ["ö git", "F neden?", "^K komutlar", "· F),", "110,000 s / 540 s"] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert!(text.contains("Raft") && text.contains(". Neden?"), "{text}");
    // The pictures of pages are the same everywhere.
    let drawn = prova(&["frame", "node-failure"], &here, "");
    assert!(out(&drawn).contains("g git"), "{}", out(&drawn));
    let (text, wrong) = talk("(version: 1, keys: {\n  \"needen\": [\"F\"],\n})", "w\n");
    for wanted in ["hata[P0901]", ".prova/tuslar.ron:2:3", "^^^^^^^^", "`neden`"] {
        assert!(wrong.contains(wanted), "{wanted} in {wrong}");
    }
    assert!(text.contains("Öntanımlı tuşlar geçerli: .prova/tuslar.ron:2:3:"), "{text}");
    assert!(text.contains("w neden?") && text.contains(". Neden?"), "{text}");
    let page = prova(&["explain", "P0903"], &here, "");
    assert!(out(&page).contains("tek bir iş"), "{}", out(&page));
}

#[test]
fn a_slip_in_a_deed_is_told_with_its_place_on_one_line() {
    let here = place("slip");
    let talk = ":do crash(nod(\"n2\"))\n";
    let said = prova(&["dashboard", "node-failure", "--plain", "--lang", "en"], &here, talk);
    let text = out(&said);
    assert!(text.contains("1:7: `crash.target` has no choice called `nod` (P0212)"), "{text}");
}

#[test]
fn a_number_chooses_what_its_sentence_speaks_of() {
    let here = place("choose");
    let first = prova(&["dashboard", "node-failure", "--plain"], &here, ":git 110s\n2\n");
    let text = out(&first);
    let row = text.lines().rev().find(|line| line.contains("Pod; Sayı")).expect("the row of pods");
    let number = row.split('.').next().expect("a number");
    let talk = format!(":git 110s\n2\nseç {number}\nenter\nseç 1\n");
    let said = prova(&["dashboard", "node-failure", "--plain"], &here, &talk);
    assert!(out(&said).contains("backend-"), "{}", out(&said));
    assert!(err(&said).contains("1."), "{}", err(&said));
}

#[test]
fn a_new_scenario_is_valid_and_never_written_over() {
    let here = place("new");
    let first = prova(&["new", "benim.ron"], &here, "");
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    let checked = prova(&["check", "benim.ron"], &here, "");
    assert_eq!(checked.status.code(), Some(0), "{}", err(&checked));
    let again = prova(&["new", "benim.ron"], &here, "");
    assert_eq!(again.status.code(), Some(6), "{}", err(&again));
}

#[test]
fn deeds_in_a_conversation_are_saved_as_a_scenario_that_runs() {
    let here = place("save");
    let talk = ":git 30s\n:eylem crash(target: node(\"n1\"), for: \"20s\")\n:kaydet benim.ron\nq\n";
    let said = prova(&["dashboard", "node-failure", "--plain"], &here, talk);
    assert_eq!(said.status.code(), Some(0), "{}", err(&said));
    let saved = std::fs::read_to_string(here.join("benim.ron")).expect("the scenario");
    assert!(saved.contains("crash(target: node(\"n1\"), for: \"20s\")"), "{saved}");
    let ran = prova(&["run", "benim.ron", "-q"], &here, "");
    assert!(matches!(ran.status.code(), Some(0 | 1)), "{}", err(&ran));
}

#[test]
fn a_session_of_manifests_alone_is_saved_as_a_scenario() {
    let here = place("manifest-save");
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: \"nginx:1\"}]}\n";
    std::fs::create_dir(here.join("k8s")).expect("a folder");
    std::fs::write(here.join("k8s/web.yaml"), yaml).expect("a file");
    let talk = ":git 30s\n:eylem crash(node(\"n1\"))\n:kaydet kendi/benim.ron\nq\n";
    let words = ["dashboard", "k8s/web.yaml", "--nodes", "2", "--seed", "9", "--plain"];
    let said = prova(&words, &here, talk);
    assert_eq!(said.status.code(), Some(0), "{}", err(&said));
    let saved = std::fs::read_to_string(here.join("kendi/benim.ron")).expect("the scenario");
    for wanted in ["crash(node(\"n1\"))", "\"../k8s/web.yaml\"", "count: 2", "seed: 9"] {
        assert!(saved.contains(wanted), "{wanted}: {saved}");
    }
    let checked = prova(&["check", "kendi/benim.ron"], &here, "");
    assert_eq!(checked.status.code(), Some(0), "{}", err(&checked));
}

#[test]
fn manifests_without_a_scenario_open_too() {
    let here = place("manifest");
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: \"nginx:1\"}]}\n";
    std::fs::write(here.join("web.yaml"), yaml).expect("a file");
    let drawn = prova(&["frame", "web.yaml", "--nodes", "2", "--at", "30s"], &here, "");
    assert_eq!(drawn.status.code(), Some(0), "{}", err(&drawn));
    assert!(out(&drawn).contains("web Running"), "{}", out(&drawn));
    let broken = yaml.replace("kind: Pod", "kind: Pood");
    std::fs::write(here.join("web.yaml"), broken).expect("a file");
    let said = prova(&["frame", "web.yaml"], &here, "");
    assert_eq!(said.status.code(), Some(3), "{}", err(&said));
    assert!(err(&said).contains("web.yaml:2"), "{}", err(&said));
}

#[test]
fn an_exercise_is_answered_in_the_conversation_and_remembered() {
    let here = place("exercise");
    let talk = "l\n14-a\nenter\n48.7\nenter\n350\nenter\n\u{131}rmak\n1m2.5s\nh\nesc\nq\n";
    let said = prova(&["dashboard", "--plain"], &here, talk);
    let text = out(&said);
    assert_eq!(said.status.code(), Some(0), "{}", err(&said));
    assert!(text.contains("Önce tahmin edin"), "{text}");
    assert!(text.contains("bir sayı ya da süre ister"), "{text}");
    assert!(text.contains("tahmin 62,5 s · olan 352,74 s"), "{text}");
    assert!(text.contains("tahmin 48,7 s · olan 48,67 s"), "{text}");
    assert!(text.contains("ipucu 1/4"), "{text}");
    let answers = here.join("alistirmalar/14-a-dugum-zaman-cizgisi/answer.ron");
    let answers = std::fs::read_to_string(answers).expect("the learner's file");
    assert!(answers.starts_with("// Saniye olarak") && answers.contains("hazir: \"1m2.5s\""));
    let progress = std::fs::read_to_string(here.join(".prova/ilerleme.ron")).expect("the progress");
    assert!(progress.contains("attempts: 1") && progress.contains("hint: 1"), "{progress}");
    // Another terminal writes another record; the next one that is written here leaves it.
    let skipped = prova(&["learn", "02-a", "--skip"], &here, "");
    assert_eq!(skipped.status.code(), Some(0), "{}", err(&skipped));
    prova(&["dashboard", "--plain"], &here, "l\n14-a\nh\nesc\nq\n");
    let progress = std::fs::read_to_string(here.join(".prova/ilerleme.ron")).expect("the progress");
    assert!(progress.contains("skipped") && progress.contains("hint: 2"), "{progress}");
}
