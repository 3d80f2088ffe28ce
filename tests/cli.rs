//! The program as its users meet it: words in, text and exit codes out.
//!
//! Scenarios here are small, so that the whole file runs in seconds without optimisation.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Two pods of one Deployment, ready within seconds.
const MANIFEST: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1"}]
"#;

fn scenario(expect: &str) -> String {
    format!(
        r##"(title: "deneme", until: "30s", cluster: (nodes: [(name: "n", count: 2)]),
            apply: [inline(r#"{MANIFEST}"#)],
            steps: [(at: "20s", do: crash(kubelet("n1")))],
            expect: [{expect}])"##
    )
}

const HOLDS: &str = r#"eventually(that: ready("deployment/web", 2), note: "web hazır olur")"#;
const BREAKS: &str =
    r#"eventually(that: ready("deployment/web", 9), within: "25s", note: "dokuz kopya")"#;

fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn prova(words: &[&str], place: &PathBuf) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prova"));
    command.args(words).current_dir(place).env_remove("PROVA_LANG").env_remove("NO_COLOR");
    command.stdin(Stdio::null()).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn with(name: &str, file: &str, text: &str) -> PathBuf {
    let place = folder(name);
    std::fs::write(place.join(file), text).unwrap();
    place
}

#[test]
fn help_is_turkish_unless_english_is_asked_for() {
    let place = folder("help");
    let turkish = prova(&["--help"], &place);
    assert_eq!(code(&turkish), 0);
    assert!(out(&turkish).contains("Kullanım:") && out(&turkish).contains("calistir"));
    let english = prova(&["--lang", "en", "--help"], &place);
    assert!(out(&english).contains("Usage:") && !out(&english).contains("Kullanım"));
    for command in ["run", "replay", "sweep", "explain", "check", "completions"] {
        let page = prova(&[command, "-h"], &place);
        assert_eq!(code(&page), 0, "{command}");
        assert!(out(&page).contains("Kullanım: prova"), "{command}");
    }
}

#[test]
fn a_run_that_keeps_its_promises_ends_with_0_and_a_digest() {
    let place = with("fine", "a.ron", &scenario(HOLDS));
    let first = prova(&["run", "a.ron"], &place);
    assert_eq!(code(&first), 0, "{}{}", out(&first), err(&first));
    let text = out(&first);
    for part in ["1/1 beklenti tuttu", "web: 2 pod hazır", "çöktü", "prova run a.ron --seed 1"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "no colour in a pipe");
    assert_eq!(text, out(&prova(&["run", "a.ron"], &place)), "the same run, the same words");
    let painted = prova(&["run", "a.ron", "--renk=her-zaman"], &place);
    assert!(out(&painted).contains('\u{1b}'));
    let plain = prova(&["calistir", "a.ron", "--duz"], &place);
    assert!(!out(&plain).contains(['●', '✖', '✔', '▲', '○']), "{}", out(&plain));
    assert!(out(&plain).contains(" sorun: arıza:") && out(&plain).contains("tuttu: web hazır"));
}

#[test]
fn a_broken_expectation_ends_with_1_and_says_what_was_seen() {
    let place = with("broken", "a.ron", &scenario(BREAKS));
    let output = prova(&["run", "a.ron"], &place);
    assert_eq!(code(&output), 1);
    for part in ["dokuz kopya", "beklenen", "görülen", "hazır olan 2, istenen 9"] {
        assert!(out(&output).contains(part), "{part}\n{}", out(&output));
    }
}

#[test]
fn nonsense_on_the_command_line_ends_with_2_and_a_hint() {
    let place = folder("usage");
    for (words, part) in [
        (vec!["run", "--sed", "3"], "--seed"),
        (vec!["rum", "x.ron"], "run"),
        (vec!["first-pod"], "prova run first-pod"),
        (vec!["run", "--seed", "x"], "--seed"),
        (vec!["sweep"], "eksik"),
        (vec!["sweep", "first-pod", "--seeds", "9..1"], "9..1"),
        (vec!["sweep", "first-pod", "--measure", "write-gp"], "write-gap"),
        (vec!["explain", "P9999"], "P9999"),
        (vec!["explain", "first-pod", "nonsense/x"], "nonsense/x"),
    ] {
        let output = prova(&words, &place);
        assert_eq!(code(&output), 2, "{words:?}: {}", err(&output));
        assert!(err(&output).contains(part), "{words:?}: {}", err(&output));
        assert!(out(&output).is_empty(), "{words:?}");
    }
}

#[test]
fn an_invalid_scenario_ends_with_3_and_points_at_the_word() {
    let text = scenario(HOLDS).replace("crash(kubelet(\"n1\"))", "crash(kubelet(\"n7\"))");
    let place = with("invalid", "a.ron", &text);
    for words in [["run", "a.ron"], ["check", "a.ron"], ["denetle", "a.ron"]] {
        let output = prova(&words, &place);
        assert_eq!(code(&output), 3);
        assert!(
            err(&output).contains("a.ron:14:51") && err(&output).contains('^'),
            "{}",
            err(&output)
        );
    }
    let json = prova(&["check", "a.ron", "--json"], &place);
    let found: Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!(found[0]["schema"], "prova.diagnostic/1");
    assert_eq!(found[0]["severity"], "error");
}

#[test]
fn an_earlier_end_leaves_out_what_would_come_later_and_warns() {
    let late = r#"eventually(that: ready("deployment/web", 2), from: "25s", note: "sonradan")"#;
    let text = scenario(&format!("{HOLDS}, {late}"));
    let place = with("earlier-end", "kisa.ron", &text);
    let short = prova(&["run", "kisa.ron", "--until", "15s", "--json"], &place);
    assert_eq!(code(&short), 0, "{}{}", out(&short), err(&short));
    let told: Value = serde_json::from_str(out(&short).lines().last().unwrap()).unwrap();
    assert_eq!(told["expectations"].as_array().map(Vec::len), Some(1), "{told}");
    let whole = prova(&["run", "kisa.ron", "--json"], &place);
    let told: Value = serde_json::from_str(out(&whole).lines().last().unwrap()).unwrap();
    assert_eq!(told["expectations"].as_array().map(Vec::len), Some(2), "{told}");
}

#[test]
fn file_trouble_ends_with_6_and_offers_a_neighbour() {
    let place = with("files", "senaryo.ron", &scenario(HOLDS));
    let output = prova(&["run", "senryo.ron"], &place);
    assert_eq!(code(&output), 6);
    assert!(err(&output).contains("senaryo.ron"), "{}", err(&output));
    assert_eq!(code(&prova(&["run", "senaryo.ron", "--trace", "no/such/folder"], &place)), 6);
    assert_eq!(code(&prova(&["replay", "nothing.jsonl"], &place)), 6);
    assert_eq!(code(&prova(&["replay", "senaryo.ron"], &place)), 6);
}

#[test]
fn the_report_has_stable_keys() {
    let place = with("json", "a.ron", &scenario(HOLDS));
    let output = prova(&["run", "a.ron", "--json"], &place);
    assert_eq!(code(&output), 0);
    let report: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(report["schema"], "prova.report/1");
    assert_eq!(report["verdict"], "passed");
    assert_eq!(report["seed"], 1);
    assert_eq!(report["end_ns"], 30_000_000_000u64);
    assert_eq!(report["expectations"][0]["kind"], "eventually");
    assert_eq!(report["expectations"][0]["held"], true);
    assert_eq!(report["counts"]["pods_ready"], 2);
    assert_eq!(report["digest"].as_str().unwrap().len(), 16);
    for key in [
        "title",
        "files",
        "kubernetes",
        "nodes",
        "events_delivered",
        "bookmarks",
        "requests",
        "remarks",
    ] {
        assert!(!report[key].is_null(), "{key}");
    }
}

#[test]
fn a_manifest_from_stdin_is_rehearsed_on_a_default_cluster() {
    let place = folder("stdin");
    let mut command = Command::new(env!("CARGO_BIN_EXE_prova"));
    command.args(["run", "-", "--nodes", "1", "--until", "30s", "-q"]).current_dir(&place);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(MANIFEST.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(out(&output).starts_with("Sonuç: 1/1"), "{}", out(&output));
}

#[test]
fn a_trace_replays_without_its_files_and_a_changed_one_ends_with_4() {
    let place = with("replay", "a.ron", &scenario(HOLDS));
    assert_eq!(
        code(&prova(&["run", "a.ron", "-q", "--trace", "t.jsonl", "--record", "r.jsonl"], &place)),
        0
    );
    std::fs::remove_file(place.join("a.ron")).unwrap();
    for file in ["t.jsonl", "r.jsonl"] {
        let output = prova(&["replay", file], &place);
        assert_eq!(code(&output), 0, "{file}: {}{}", out(&output), err(&output));
    }
    let trace = std::fs::read_to_string(place.join("t.jsonl")).unwrap();
    for line in trace.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        assert!(
            value.get("what").is_some()
                || value.get("checkpoint").is_some()
                || value["prova"] == "recording"
        );
    }
    // Another seed in the header is another run: the very first digest tells.
    let changed = trace.replacen("\"seed\":1", "\"seed\":2", 1);
    std::fs::write(place.join("u.jsonl"), changed).unwrap();
    let output = prova(&["oynat", "u.jsonl"], &place);
    assert_eq!(code(&output), 4);
    assert!(out(&output).contains("10,000 s anında farklı"), "{}", out(&output));
    let json: Value =
        serde_json::from_str(&out(&prova(&["replay", "u.jsonl", "--json"], &place))).unwrap();
    assert_eq!(json["same"], false);
    assert_eq!(json["difference"]["after_ns"], 0);
}

#[test]
fn a_sweep_is_the_same_for_any_number_of_threads() {
    let place = with("sweep", "a.ron", &scenario(HOLDS));
    let words =
        ["sweep", "a.ron", "--seeds", "1..4", "--measure", "pods-created", "--json", "--threads"];
    let of = |threads: &'static str| {
        let output = prova(&[&words[..], &[threads]].concat(), &place);
        assert_eq!(code(&output), 0, "{}", err(&output));
        out(&output)
    };
    assert_eq!(of("1"), of("3"));
    let value: Value = serde_json::from_str(&of("2")).unwrap();
    assert_eq!(value["measure"], "pods-created");
    assert_eq!(value["unit"], "1");
    assert_eq!(value["n"], 4);
    assert_eq!(value["samples"].as_array().unwrap().len(), 4);
    for key in ["min", "p10", "p25", "median", "p75", "p90", "p99", "max", "mean"] {
        assert!(value["quantiles"][key].is_number(), "{key}");
    }
    let csv =
        prova(&["tara", "a.ron", "--seeds", "1..2", "--measure", "pods-created", "--csv"], &place);
    assert_eq!(out(&csv).lines().count(), 3);
    let broken = with("sweep-broken", "a.ron", &scenario(BREAKS));
    let output = prova(&["sweep", "a.ron", "--seeds", "1..2", "--measure", "elections"], &broken);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("tohumlar: 1, 2"), "{}", out(&output));
}

#[test]
fn explain_tells_a_state_its_causes_and_the_pages_of_codes() {
    let place = with("explain", "a.ron", &scenario(HOLDS));
    let output = prova(&["explain", "a.ron", "--at", "15s", "pod/web"], &place);
    assert_eq!(code(&output), 0, "{}", err(&output));
    for part in ["pod/web-", "Running", "Neden?", "çünkü", "kubectl apply"] {
        assert!(out(&output).contains(part), "{part}\n{}", out(&output));
    }
    let missing = prova(&["explain", "a.ron", "pod/wob"], &place);
    assert_eq!(code(&missing), 2);
    assert!(err(&missing).contains("pod/web-"), "{}", err(&missing));
    let page = prova(&["acikla", "P0201"], &place);
    assert_eq!(code(&page), 0);
    assert!(out(&page).starts_with("P0201"));
    let json = prova(&["explain", "a.ron", "deployment/web", "--json"], &place);
    let value: Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!(value["schema"], "prova.explain/1");
}

#[test]
fn completions_know_the_commands() {
    let place = folder("completions");
    for shell in ["bash", "zsh", "fish"] {
        let output = prova(&["completions", shell], &place);
        assert_eq!(code(&output), 0);
        assert!(out(&output).contains("sweep"), "{shell}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let place = folder("closed");
    let mut command = Command::new(env!("CARGO_BIN_EXE_prova"));
    command.args(["run", "first-pod", "-v"]).current_dir(&place);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(!err(&output).contains("panicked"), "{}", err(&output));
}

/// The text between a fence and its end.
fn block<'t>(page: &'t str, fence: &str) -> &'t str {
    let (_, rest) = page.split_once(fence).unwrap();
    rest.split_once("```").unwrap().0
}

/// The words of a line; numbers (also in hashes) change with every refinement of the cluster.
fn masked(line: &str) -> String {
    let word = |word: &str| {
        if word.contains(|c: char| c.is_ascii_digit()) { "#".to_owned() } else { word.to_owned() }
    };
    line.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// `PROVA_BLESS=1 cargo test --test cli pages` writes the present run into the pages.
#[test]
fn the_pages_show_a_real_run_and_a_valid_scenario() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for (name, lang) in [("README.md", "en"), ("README.tr.md", "tr")] {
        let page = std::fs::read_to_string(root.join(name)).unwrap();
        let run = out(&prova(&["run", "node-failure", "--lang", lang], &root));
        let shown = block(&page, "```text\n");
        if std::env::var_os("PROVA_BLESS").is_some() {
            std::fs::write(root.join(name), page.replace(shown, &shortened(&run))).unwrap();
            continue;
        }
        let real: Vec<String> = run.lines().map(masked).collect();
        for line in shown.lines().filter(|line| *line != "…") {
            assert!(real.contains(&masked(line)), "{name}: no run prints `{line}`");
        }
        let place = with("readme", "a.ron", block(&page, "```ron\n"));
        let shop = place.join("manifests/shop");
        std::fs::create_dir_all(&shop).unwrap();
        std::fs::copy(
            root.join("scenarios/manifests/shop/frontend.yaml"),
            shop.join("frontend.yaml"),
        )
        .unwrap();
        let checked = prova(&["check", "a.ron"], &place);
        assert_eq!(code(&checked), 0, "{name}: {}", err(&checked));
    }
}

/// Every screen on a page is what its command draws; `PROVA_BLESS=1` writes them.
#[test]
fn the_pages_show_real_screens() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for name in ["README.md", "README.tr.md"] {
        let mut page = std::fs::read_to_string(root.join(name)).unwrap();
        let commands: Vec<String> = page
            .lines()
            .filter_map(|line| line.strip_prefix("`prova frame ")?.strip_suffix("`:"))
            .map(str::to_owned)
            .collect();
        assert_eq!(commands.len(), 3, "{name}");
        for command in commands {
            let (plain, keys) = command.split_once(" --keys ").unwrap_or((&command, "\"\""));
            let mut words: Vec<&str> = std::iter::once("frame").chain(plain.split(' ')).collect();
            words.extend(["--keys", keys.trim_matches('"')]);
            let drawn = prova(&words, &root);
            assert_eq!(code(&drawn), 0, "{name}: {command}: {}", err(&drawn));
            let at = page.find(&format!("`prova frame {command}`:")).unwrap();
            let from = at + page[at..].find("```screen\n").unwrap() + "```screen\n".len();
            let to = from + page[from..].find("```").unwrap();
            if std::env::var_os("PROVA_BLESS").is_some() {
                page.replace_range(from..to, &out(&drawn));
                std::fs::write(root.join(name), &page).unwrap();
            } else {
                assert_eq!(&page[from..to], out(&drawn), "{name}: {command}");
            }
        }
    }
}

/// A run without its notes and without most of its beginning.
fn shortened(run: &str) -> String {
    let lines: Vec<&str> = run.lines().map(str::trim_end).collect();
    let first = lines.iter().position(|line| line.starts_with('[')).unwrap();
    let fault = lines.iter().position(|line| line.contains('✖')).unwrap();
    let parts = [&lines[..2], &["…"], &lines[first..first + 8], &["…"], &lines[fault - 2..]];
    format!("{}\n", parts.concat().join("\n"))
}
