//! Turkish search: sixty queries as people type them, and the page that each must bring up.

use std::path::Path;
use std::process::Command;

use prova::book::search::{find, index};
use prova::book::shelf::Shelf;

/// The page must be among the first so many.
const FIRST: usize = 3;

/// What is typed, and the beginning of the page that is wanted.
const QUERIES: &[(&str, &str)] = &[
    // Inflected forms.
    ("kümenin haritası", "02-"),
    ("kümenin belleği", "11-"),
    ("düğümü", "02-"),
    ("düğümler", "02-"),
    ("düğümün kirası", "02-"),
    ("podların", "03-"),
    ("podun ömrü", "07-"),
    ("podun doğuşu", "03-"),
    ("liderin seçilmesi", "12-"),
    ("oyların bölünmesi", "12-"),
    ("adaylar", "12-"),
    ("üyeleri", "12-"),
    ("dönemde", "12-"),
    ("etiketi", "05-"),
    ("denetleyiciler", "05-"),
    ("mutabakatı", "05-"),
    ("termostata", "05-"),
    ("tahliyesi", "14-"),
    ("lekenin", "14-"),
    ("bekleme payını kısaltmak", "14-"),
    ("kopyalanması", "13-"),
    ("ölçeklemenin", "17-"),
    ("kampanyanın", "17-"),
    ("çoğunluğun", "17-"),
    ("ad alanının", "10-"),
    ("yapılandırmaları", "10-"),
    // Short words.
    ("ağ", "14-"),
    ("iş", "sozluk"),
    ("uç", "sozluk"),
    ("oy", "12-"),
    ("öncü", "sozluk"),
    ("ad alanı", "10-"),
    ("pod", "03-"),
    ("kim", "06-"),
    // Without dots and tails.
    ("dugum", "02-"),
    ("cogunluk", "17-"),
    ("uzlasma", "12-"),
    ("ariza", "14-"),
    ("kume", "02-"),
    ("sozluk", "sozluk"),
    ("DUGUMUN OLUMU", "14-"),
    ("gunluk kopyalama", "13-"),
    ("kesintisiz degisim", "15-"),
    ("secim zaman asimi", "12-"),
    ("kalici veri", "16-"),
    // The other language.
    ("Service", "sozluk"),
    ("servis", "sozluk"),
    ("leader", "12-"),
    ("split vote", "12-"),
    ("node", "02-"),
    ("eviction", "14-"),
    ("reconcile", "05-"),
    ("control plane", "02-"),
    ("autoscaling", "17-"),
    ("namespace", "10-"),
    ("quorum", "17-"),
    ("heartbeat", "12-"),
    // English terms and questions.
    ("etcd", "03-"),
    ("kubectl scale", "ek-kubectl"),
    ("HPA nasıl küçültür", "17-"),
];

fn book() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    index(&Shelf::read(root))
}

#[test]
fn sixty_queries_bring_up_their_pages() {
    let index = book();
    let mut wrong = Vec::new();
    for (query, wanted) in QUERIES {
        let found = find(&index, query);
        if !found.iter().take(FIRST).any(|page| page.starts_with(wanted)) {
            let place = found.iter().position(|page| page.starts_with(wanted));
            let first: Vec<&String> = found.iter().take(FIRST + 2).collect();
            wrong.push(format!("{query}: {wanted} at {place:?}; first {first:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), QUERIES.len(), wrong.join("\n"));
    assert_eq!(QUERIES.len(), 60);
}

#[test]
fn a_word_that_is_nowhere_finds_nothing() {
    let index = book();
    for query in ["", "   ", "?", "zzzyx", "leke zzzyx"] {
        assert_eq!(find(&index, query), Vec::<String>::new(), "{query}");
    }
}

/// The script in the reader's browser finds the same pages in the same order.
#[test]
#[ignore = "needs node on this machine: cargo test --test search -- --ignored"]
fn the_script_of_the_page_finds_the_same() {
    let index = book();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("arama.json");
    std::fs::write(&file, &index).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/theme/arama.js");
    let queries: Vec<&str> = QUERIES.iter().map(|(query, _)| *query).collect();
    let program = "const [, script, file, queries] = process.argv;
        const { bul } = require(script);
        const dizin = JSON.parse(require('fs').readFileSync(file, 'utf8'));
        const hepsi = JSON.parse(queries).map((soz) => bul(dizin, soz).map((sayfa) => sayfa.page));
        console.log(JSON.stringify(hepsi));";
    let mut node = Command::new("node");
    node.args(["-e", program]).arg(script).arg(file).arg(serde_json::to_string(&queries).unwrap());
    let output = node.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let found: Vec<Vec<String>> = serde_json::from_str(&said).expect(&said);
    for (query, pages) in queries.iter().zip(found) {
        assert_eq!(pages, find(&index, query), "{query}");
    }
}
