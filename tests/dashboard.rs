//! The dashboard as its reader uses it: keys in, screens out.
//!
//! Golden screens (insta) of every view at three sizes and in two languages; a walk through the
//! node failure by keys; the plain transcript against the screen; and that looking changes no run.

mod common;
#[path = "dashboard/journeys.rs"]
mod journeys;
#[path = "dashboard/own_keys.rs"]
mod own_keys;
#[path = "dashboard/sessions.rs"]
mod sessions;
#[path = "dashboard/sitting.rs"]
mod sitting;
#[path = "dashboard/stage.rs"]
mod stage;

use prova::dashboard::app::{App, Effect, Look};
use prova::dashboard::bindings::{BINDINGS, Binding, Command};
use prova::dashboard::frame::{ansi, cells, svg, text};
use prova::dashboard::keymap::Keymap;
use prova::dashboard::keys::{Key, Press};
use prova::dashboard::plain::sentences;
use prova::dashboard::theme::{THEMES, Theme};
use prova::dashboard::views::VIEWS;
use prova::kernel::Span;
use prova::lab::{Options, Run};
use prova::texts::Lang;
use ratatui::style::Modifier;

use stage::{English, keys, open, screen_text, settle};

const SIZES: [(u16, u16); 3] = [(60, 16), (80, 24), (120, 36)];

#[test]
fn golden_screens_of_every_view() {
    for lang in [Lang::Tr, Lang::En] {
        for size in SIZES {
            let mut app = open("node-failure", Look { lang, size, ..Look::default() });
            keys(&mut app, "g 110s enter");
            for view in VIEWS {
                app.press(Press::letter(view.digit));
                let name = format!("{}-{}x{}-{}", view.id, size.0, size.1, lang.code());
                insta::assert_snapshot!(name, screen_text(&mut app));
            }
        }
    }
}

#[test]
fn golden_screens_of_what_lies_over_a_view() {
    let over: [(&str, &str); 12] = [
        ("lesson", "tab"),
        ("why", "1 down down down down down down w"),
        ("help", "?"),
        ("palette", ": git"),
        ("goto", "g"),
        ("bookmarks", "B"),
        ("fork", "c"),
        ("actions", "1 down down down down m"),
        ("compare-ask", "f"),
        ("filter", "3 / n2"),
        ("hint", "h"),
        ("detail", "2 enter enter"),
    ];
    for (name, line) in over {
        let mut app = open("node-failure", Look::default());
        keys(&mut app, "g 110s enter");
        keys(&mut app, line);
        insta::assert_snapshot!(format!("over-{name}"), screen_text(&mut app));
    }
    let mut home = App::new(Look::default(), prova::course::Progress::default());
    insta::assert_snapshot!("home", screen_text(&mut home));
    let mut huge = open("node-failure", Look { size: (160, 45), ..Look::default() });
    keys(&mut huge, "g 110s enter");
    insta::assert_snapshot!("huge", screen_text(&mut huge));
    let mut tiny = open("node-failure", Look { size: (30, 6), ..Look::default() });
    keys(&mut tiny, "g 110s enter");
    insta::assert_snapshot!("tiny", screen_text(&mut tiny));
    let mut plain = open("node-failure", Look { ascii: true, ..Look::default() });
    keys(&mut plain, "g 110s enter");
    let text = screen_text(&mut plain);
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!("ascii", text);
}

/// What issue and README promise to a new user, by keys that the screen shows.
#[test]
fn the_node_failure_can_be_played_rewound_explained_forked_and_compared() {
    let mut app = open("node-failure", Look::default());
    app.press(Press::letter(' '));
    assert!(app.tick(Span::millis(1_000)), "playing moves at once");
    app.press(Press::letter(' '));
    assert!(!app.is_chasing());
    // Past the crash, and step back over it.
    keys(&mut app, "g 60s enter right right right");
    let after = app.screen().top.letters();
    keys(&mut app, "left left left left");
    assert_ne!(app.screen().top.letters(), after);
    keys(&mut app, "g tahliye enter");
    assert!(app.screen().top.letters().contains("408,7"), "{}", app.screen().top.letters());
    // Why does the replacement exist?
    keys(&mut app, "g 440s enter 2");
    let pod = stage::newest_pod(&mut app);
    app.point(prova::dashboard::app::Focus::Main, &pod);
    app.press(Press::letter('w'));
    let why = screen_text(&mut app);
    assert!(why.contains("n2") && why.contains("Neden?"), "{why}");
    assert!(
        why.contains("elektriği kes") || why.contains("çök"),
        "the chain ends at the fault: {why}"
    );
    // Fork with a shorter toleration; the same moment, another branch.
    keys(&mut app, "esc c enter unreachable-toleration enter");
    let asked = screen_text(&mut app);
    assert!(asked.contains("default-unreachable-toleration-seconds"), "{asked}");
    keys(&mut app, "backspace backspace backspace 30 enter");
    let top = app.screen().top.letters();
    assert!(top.contains("440,000 s") && top.contains("dal 2"), "{top}");
    // At 200 s the replacement is there already, and in the first branch it is not.
    keys(&mut app, "g 200s enter f enter");
    let fark = sentences(&app.screen()).join("\n");
    assert!(fark.contains("Fark") && fark.contains("Eklenenler"), "{fark}");
    assert!(fark.contains("pod/database-"), "{fark}");
}

#[test]
fn every_key_of_the_bar_does_what_the_table_says_and_help_is_the_table() {
    let mut app = open("node-failure", Look { size: (200, 60), ..Look::default() });
    let (bar, table) = (app.screen().bar, Keymap::default());
    let shown = |row: &Binding| table.shown(row.command);
    for hint in &bar {
        let row = BINDINGS.iter().find(|row| row.bar.is_some_and(|bar| bar.tr == hint.word));
        let both = ["←→", "⇧←→"].contains(&hint.key.as_str());
        assert!(row.is_some_and(|row| both || shown(row).starts_with(&hint.key)), "{hint:?}");
    }
    app.command(Command::Help);
    let help = sentences(&app.screen()).join("\n");
    for row in BINDINGS.iter().filter(|row| !row.keys.is_empty()) {
        assert!(help.contains(row.help.tr) && help.contains(&shown(row)), "{:?}", row.command);
    }
    for view in VIEWS {
        assert!(help.contains(view.name.tr), "{}", view.id);
        assert!(matches!(table.command_of(Press::letter(view.digit)), Some(Command::View(_))));
    }
}

/// Whatever a screen of cells shows is said in sentences, too.
#[test]
fn the_plain_transcript_says_what_the_screen_shows() {
    let mut app = open("node-failure", Look::default());
    for moment in ["çökme", "fark", "tahliye"] {
        keys(&mut app, &format!("g {moment} enter"));
        for view in VIEWS {
            app.press(Press::letter(view.digit));
            let seen = app.screen();
            // A head is said with its cells; where all of them are empty nothing is to be said.
            let heads = stage::heads(&seen.panels[0].page);
            let said = format!("{} {heads}", sentences(&seen).join(" "));
            let drawn = text(&cells(&seen, app.look().theme));
            // Without the tabs above, and the strip and the bar below.
            let rows: Vec<&str> = drawn.lines().collect();
            let body = &rows[2..rows.len() - 3];
            for word in body
                .iter()
                .flat_map(|row| row.split_whitespace())
                .filter(|word| stage::is_word(word))
            {
                let said_so = said.contains(word) || word.len() > 40;
                assert!(said_so, "{moment} {}: `{word}` is not said", view.id);
            }
        }
    }
}

#[test]
fn looking_changes_no_run() {
    let plan = common::plan("leader-election");
    let wanted = Run::new(plan, Options::default()).expect("a run").finish().digest;
    let mut app = open("leader-election", Look::default());
    keys(&mut app, "1 2 enter 3 4 5 6 7 8 9 w esc tab tab shift+right shift+right left b x enter");
    keys(&mut app, "g 70s enter pgup f enter end");
    settle(&mut app);
    assert_eq!(app.digest(), Some(wanted));
}

#[test]
fn a_saved_session_is_a_scenario_that_plays_the_same() {
    let mut app = open("node-failure", Look::default());
    keys(&mut app, "g 30s enter : eylem space crash(target:etcd(1),for:\"5s\") enter");
    keys(&mut app, "pgdn : eylem space scale(\"deployment/frontend\",5) enter end");
    settle(&mut app);
    let wanted = app.digest().expect("a digest");
    keys(&mut app, ": kaydet space benim.ron enter");
    let saved = app.effects().into_iter().find_map(|effect| match effect {
        Effect::Save { name, text } => Some((name, text)),
        Effect::Quit
        | Effect::Sit(_)
        | Effect::Again
        | Effect::Edit(_)
        | Effect::Progress(_)
        | Effect::Answer { .. } => None,
    });
    let (name, scenario) = saved.expect("a scenario to write");
    assert_eq!(name, "benim.ron");
    assert_eq!(stage::digest_of(&scenario), wanted, "{scenario}");
}

#[test]
fn a_forked_flag_is_saved_with_the_session() {
    let mut app = open("node-failure", Look::default());
    keys(&mut app, ": ayar space default-unreachable-toleration-seconds=30 enter end");
    settle(&mut app);
    let wanted = app.digest().expect("a digest");
    let text = app.session("benim.ron").expect("a changed branch");
    assert_eq!(stage::digest_of(&text), wanted, "{text}");
}

#[test]
fn wrong_words_are_answered_and_nothing_typed_is_lost() {
    let mut app = open("node-failure", Look::default());
    for line in ["g yarın enter", ": zıpla enter", ": eylem space crash(nod( enter"] {
        keys(&mut app, line);
        let seen = app.screen();
        assert!(seen.notice.is_some(), "{line}");
        if let Some(over) = seen.overlay {
            assert!(over.input.is_some_and(|(_, typed)| !typed.is_empty()), "{line}");
        }
        keys(&mut app, "esc");
    }
    app.press(Press::letter('%'));
    assert!(app.screen().notice.is_some_and(|notice| notice.letters().contains('?')));
}

#[test]
fn the_four_letters_i_type_themselves_but_are_one_key() {
    let mut app = open("node-failure", Look::default());
    keys(&mut app, "/ ıİiI");
    let typed = app.screen().overlay.and_then(|over| over.input).map(|(_, typed)| typed);
    assert_eq!(typed.as_deref(), Some("ıİiI"));
}

#[test]
fn the_choice_shows_in_every_theme_and_pictures_carry_words() {
    for theme in THEMES {
        let mut app = open("node-failure", Look { theme, ..Look::default() });
        keys(&mut app, "g 110s enter 2");
        let seen = app.screen();
        let drawn = cells(&seen, theme);
        let reversed = |cell: &&ratatui::buffer::Cell| cell.modifier.contains(Modifier::REVERSED);
        assert!(drawn.content.iter().filter(reversed).count() > 10, "{}", theme.id);
        assert_eq!(ansi(&drawn).contains("38;5;"), theme.has_colours(), "{}", theme.id);
        let picture = svg(&seen, theme);
        assert!(
            picture.contains("<title>")
                && picture.contains("<desc>")
                && picture.contains("Deployment")
        );
    }
    assert!(!Theme::monochrome().has_colours());
}

#[test]
fn english_speaks_english_and_the_language_turns() {
    let mut app = open("node-failure", English::look());
    keys(&mut app, "g 110s enter 1");
    let english = screen_text(&mut app);
    assert!(english.contains("Control plane") && english.contains("why?"), "{english}");
    app.command(Command::Language);
    assert!(screen_text(&mut app).contains("Kontrol düzlemi"));
}

#[test]
fn ctrl_c_quits_from_everywhere() {
    for line in ["", "g", ":", "c", "tab", "?"] {
        let mut app = open("node-failure", Look::default());
        keys(&mut app, line);
        app.press(Press { key: Key::Letter('c'), shift: false, ctrl: true });
        assert_eq!(app.effects(), [Effect::Quit], "{line}");
    }
}

#[test]
fn every_scenario_opens_and_every_view_is_drawn_at_every_size() {
    for name in common::scenario_names() {
        let mut app = open(&name, Look::default());
        keys(&mut app, "g 20s enter");
        for size in [(20, 5), (40, 8), (60, 16), (80, 24), (160, 45)] {
            app.resize(size.0, size.1);
            for view in VIEWS {
                app.press(Press::letter(view.digit));
                keys(&mut app, "down down enter w tab");
                let drawn = screen_text(&mut app);
                assert_eq!(drawn.lines().count(), usize::from(size.1), "{name} {}", view.id);
                keys(&mut app, "1 1");
            }
        }
    }
}
