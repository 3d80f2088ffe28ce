//! Keys of a reader's own: they do the thing, and every place that names a key names them.

use prova::course::Progress;
use prova::dashboard::app::{App, Effect, Look};
use prova::dashboard::keyfile::parse;
use prova::dashboard::keys::{Key, Press};
use prova::dashboard::plain;
use prova::dashboard::views::VIEWS;
use prova::texts::Lang;

use crate::stage::{keys, open, screen_text};

const OWN: &str = r#"(version: 1, keys: {
    "sonraki olay": ["ö"], "play": ["p", "Space"], "neden?": ["F"], "yardım": ["y"],
    "ham nesne": [], "aşağı": ["↓", "^N"], "çık": ["x"], "kaydet": ["^S"], "ipucu": ["ı"],
    "dallar": ["^B"], "süzgeç": ["ü"], "komutlar": ["ç"],
})"#;

fn own(app: &mut App) {
    app.set_keys(parse("tuslar.ron", OWN).value.expect("keys"));
}

#[test]
fn own_keys_do_the_thing_and_the_old_ones_nothing() {
    let mut app = open("node-failure", Look::default());
    own(&mut app);
    let start = app.screen().top.letters();
    keys(&mut app, "shift+right >");
    assert_eq!(app.screen().top.letters(), start);
    let told = app.screen().notice.expect("a word").letters();
    assert!(told.contains("y bütün tuşları gösterir"), "{told}");
    keys(&mut app, "ö");
    assert_ne!(app.screen().top.letters(), start);
    keys(&mut app, "p");
    assert!(app.is_playing());
    keys(&mut app, "space");
    assert!(!app.is_playing());
    keys(&mut app, "1 down down F");
    assert!(screen_text(&mut app).contains("Neden?"));
    // All letters i are one key.
    keys(&mut app, "esc İ");
    assert_eq!(app.screen().overlay.expect("a hint").title, "İpucu");
    keys(&mut app, "esc q");
    assert_eq!(app.effects(), []);
    keys(&mut app, "x");
    assert_eq!(app.effects(), [Effect::Quit]);
}

#[test]
fn bar_help_palette_and_sentences_show_own_keys() {
    let mut app = open("node-failure", Look { size: (240, 80), ..Look::default() });
    own(&mut app);
    let seen = app.screen();
    let bar: Vec<(&str, &str)> =
        seen.bar.iter().map(|hint| (hint.key.as_str(), hint.word.as_str())).collect();
    for wanted in [("p", "oynat"), ("⇧← ö", "olay"), ("F", "neden?"), ("ç", "komutlar")] {
        assert!(bar.contains(&wanted), "{wanted:?} in {bar:?}");
    }
    assert_eq!(seen.more.key, "y");
    let said = plain::keys(&seen);
    assert!(said.contains("p oynat, , . adım, < ö olay") && said.contains("F neden?"), "{said}");
    keys(&mut app, "y");
    let help = plain::sentences(&app.screen()).join("\n");
    for wanted in ["p Space", "^N", "^S"] {
        assert!(help.contains(wanted), "{wanted} in {help}");
    }
    assert!(!help.contains("API'deki biçimiyle"), "what has no key is not among the keys");
    keys(&mut app, "esc ç kaydet");
    let found = plain::sentences(&app.screen()).join("\n");
    assert!(found.contains("^S"), "{found}");
}

#[test]
fn lists_are_read_with_own_keys_and_questions_with_their_fixed_ones() {
    let mut app = App::new(Look::default(), Progress::default());
    own(&mut app);
    let said = plain::sentences(&app.screen()).join("\n");
    assert!(said.contains("p oynatır, ö sonraki olaya gider, F nedenini"), "{said}");
    let chosen = |app: &mut App| app.screen().panels[0].chosen.clone();
    let first = chosen(&mut app);
    keys(&mut app, "ctrl+n");
    assert_ne!(chosen(&mut app), first);
    keys(&mut app, "k");
    assert_eq!(chosen(&mut app), first);
    // What is typed is typed, whatever the keys do.
    keys(&mut app, "l xpy");
    assert_eq!(
        app.screen().overlay.and_then(|over| over.input).map(|(_, typed)| typed),
        Some("xpy".to_owned())
    );
    keys(&mut app, "backspace backspace backspace ctrl+n ctrl+n");
    let place = app.screen().overlay.expect("a list").chosen;
    app.press(Press::of(Key::Up));
    assert_ne!(app.screen().overlay.expect("a list").chosen, place);
    keys(&mut app, "esc");
    assert!(app.screen().overlay.is_none());
}

/// A hole that nobody fills would be seen on the screen.
#[test]
fn no_screen_shows_the_hole_of_a_key() {
    for lang in [Lang::Tr, Lang::En] {
        let look = Look { lang, size: (160, 45), ..Look::default() };
        let mut lines = vec!["n", ": kaydet enter", "c", "v", "/", "s", "?", "f", "tab h", "m"];
        lines.extend(["e", "r"]);
        let hints: Vec<String> = VIEWS.iter().map(|view| format!("{} h", view.digit)).collect();
        for line in lines.into_iter().chain(hints.iter().map(String::as_str)) {
            let mut app = open("node-failure", look);
            keys(&mut app, line);
            let seen = app.screen();
            let asks = seen.overlay.is_some();
            assert_eq!(asks, line.ends_with(['h', 'c', 'v', '/', '?', 'f', 'm']), "{line}");
            let notice = seen.notice.as_ref().map(|notice| notice.letters()).unwrap_or_default();
            let text = format!("{notice}\n{}", plain::sentences(&seen).join("\n"));
            assert!(!text.contains("{key_"), "{line}: {text}");
        }
    }
}
