//! The dashboard's views of the inside, over real runs: messages, Raft, the scheduler, requests.

mod common;
#[path = "views_b/stage.rs"]
mod stage;

use std::collections::BTreeSet;

use prova::api::{Kind, ObjectKey};
use prova::dashboard::model::{Arrow, Page, Row, Target, Tier};
use prova::dashboard::scene::{Filter, Scene};
use prova::dashboard::views::VIEWS;
use prova::kernel::{Detail, EventId};
use prova::lab::{Options, Run};
use prova::observe::Observation;
use prova::texts::Lang;

use stage::{
    Choice, calls, cells, deliveries, filtered, inside, lanes, letters, millis, normal, page, rows,
    run_at, run_of, says, secs, tables,
};

/// The members' states, by name.
fn states(page: &Page) -> Vec<(String, String)> {
    let rows = rows(page, "Üye").into_iter();
    rows.map(|row| (row.cells[0].letters(), row.cells[1].letters())).collect()
}

fn stars(page: &Page) -> usize {
    states(page).iter().filter(|(_, state)| state.starts_with('★')).count()
}

#[test]
fn after_the_leaders_crash_no_member_leads_and_then_exactly_one() {
    let mut run = run_at("leader-election", secs(59));
    let before = page(&run, "raft", &normal());
    assert_eq!(stars(&before), 1);
    says(&before, &["★ etcd-3 lider, dönem 1", "Kip: StateReplicate", "Sesi: ★ kendisi"]);
    let mut last = 1;
    for at in (60_000..66_000).step_by(50) {
        run.play_until(millis(at));
        let raft = page(&run, "raft", &normal());
        last = stars(&raft);
        assert!(last <= 1, "{at}: {:?}", states(&raft));
        if at == 60_500 {
            assert_eq!(last, 0);
            says(&raft, &["✖ lider yok", "✖ 60,000 s anından beri lidersiz (500 ms)"]);
            says(&raft, &["Durum: ✖ çöktü", "/15 tik", "gereken: 2 / 3 üye; çalışan: 2"]);
        }
    }
    assert_eq!(last, 1);
    let after = page(&run, "raft", &normal());
    let crashed: Vec<_> = states(&after).into_iter().filter(|(_, it)| it == "✖ çöktü").collect();
    assert_eq!(crashed.len(), 1);
    says(&after, &["geçmişte lidersiz kalınan süre", "1 kez", "✔ işlendi", "- yok"]);
    let ascii = page(&run, "raft", &Choice { ascii: true, ..normal() });
    assert!(letters(&ascii, Lang::Tr).contains("L lider"), "{}", letters(&ascii, Lang::Tr));
}

#[test]
fn votes_of_a_candidate_are_counted_while_it_asks() {
    let mut run = run_at("split-vote", secs(60));
    let mut asked = BTreeSet::new();
    for at in (60_000..61_500).step_by(10) {
        run.play_until(millis(at));
        let raft = page(&run, "raft", &normal());
        assert!(stars(&raft) <= 1);
        let text = letters(&raft, Lang::Tr);
        asked.extend(text.lines().filter(|line| line.contains("adayın oyları")).map(str::to_owned));
        if text.contains("adayın oyları") {
            assert!(text.contains("Durum: ◆ aday") && text.contains("Yanıt: "), "{text}");
        }
    }
    assert!(asked.iter().any(|line| line.contains(": 1 / 2 gereken")), "{asked:?}");
}

#[test]
fn of_two_that_believe_to_lead_only_one_has_the_star() {
    let cut = r#"(at: "30s", do: partition(a: [etcd(3)], b: [etcd(1), etcd(2)], name: "p"))"#;
    let mut run = run_of(r#""check-quorum": false, "pre-vote": false"#, cut);
    run.play_until(secs(29));
    says(&page(&run, "raft", &normal()), &["★ etcd-3 lider"]);
    run.play_until(secs(45));
    let raft = page(&run, "raft", &normal());
    assert_eq!(stars(&raft), 1, "{:?}", states(&raft));
    let old: Vec<_> = states(&raft).into_iter().filter(|(name, _)| name == "etcd-3").collect();
    assert_eq!(old, [("etcd-3".to_owned(), "▲ eski lider".to_owned())]);
    // What the one who is cut off still writes contradicts the others' logs.
    says(&raft, &["▲ çelişiyor", "Sesi: ✖ yok"]);

    let pause = r#"(at: "30s", do: pause(target: etcd(3), for: "30s"))"#;
    let mut run = run_of("", pause);
    run.play_until(secs(45));
    let raft = page(&run, "raft", &normal());
    assert_eq!(stars(&raft), 1, "{:?}", states(&raft));
    says(&raft, &["✖ donduruldu (lider olduğunu sanıyor)"]);
}

#[test]
fn the_picture_of_messages_is_readable_and_true() {
    let run = run_at("leader-election", secs(59));
    for (tier, most) in [(Tier::Small, 6), (Tier::Normal, 6), (Tier::Wide, 10), (Tier::Huge, 14)] {
        let messages = page(&run, "messages", &Choice { tier, ..Choice::default() });
        let lanes = lanes(&messages);
        assert!(lanes.lanes.len() <= most && lanes.lanes.len() > 2, "{:?}", lanes.lanes);
        let sent = |arrow: &&Arrow| arrow.from != arrow.to;
        assert!(lanes.arrows.iter().filter(sent).count() <= 60);
        assert!(lanes.arrows.iter().filter(sent).all(|arrow| !arrow.took.is_empty()));
        let known = deliveries(&run);
        for arrow in &lanes.arrows {
            let Some(Target::Message(id)) = arrow.target else { panic!("{arrow:?}") };
            let delivery = known.iter().find(|it| it.id == id).expect("a delivery");
            let name = |slot| run.seen().expect("seen").directory.name(slot).to_string();
            assert_eq!(lanes.lanes[arrow.from], name(delivery.from));
            assert_eq!(lanes.lanes[arrow.to], name(delivery.to));
        }
    }
    says(&page(&run, "messages", &normal()), &["yerel olay", "AppendEntries", "µs)"]);
    let only = page(&run, "messages", &filtered("etcd-1 AppendEntries"));
    assert!(lanes(&only).arrows.iter().all(|arrow| arrow.label.starts_with("AppendEntries")));
    assert!(lanes(&only).lanes.contains(&"etcd-1".to_owned()));
    says(&page(&run, "messages", &filtered("yokböyle")), &["uyan ileti yok: yokböyle"]);
    let start = Run::new(common::plan("first-pod"), Options::default()).expect("a plan");
    says(&page(&start, "messages", &normal()), &["Henüz hiç ileti yok."]);
}

#[test]
fn the_light_falls_on_causes_and_consequences_only() {
    let run = run_at("leader-election", secs(59));
    let known = deliveries(&run);
    let append = known.iter().rev().filter(|it| it.word == "AppendEntries").nth(3);
    let chosen = append.expect("an append").id;
    let choice = Choice { chosen: Some(Target::Message(chosen)), ..normal() };
    let messages = page(&run, "messages", &choice);
    let lit: BTreeSet<EventId> = lanes(&messages)
        .arrows
        .iter()
        .filter(|arrow| arrow.lit && arrow.from != arrow.to)
        .filter_map(|arrow| match arrow.target {
            Some(Target::Message(id)) => Some(id),
            Some(_) | None => None,
        })
        .collect();
    assert!(lit.contains(&chosen) && lit.len() > 1, "{lit:?}");
    let cause_of = |id: EventId| known.iter().find(|it| it.id == id).map(|it| it.cause);
    let reaches = |from: EventId, to: EventId| {
        let mut at = Some(from);
        while let Some(id) = at {
            if id == to {
                return true;
            }
            at = cause_of(id);
        }
        false
    };
    assert!(lit.iter().all(|id| reaches(*id, chosen) || reaches(chosen, *id)));
    let dark = page(&run, "messages", &normal());
    assert!(lanes(&dark).arrows.iter().all(|arrow| !arrow.lit));

    let one = page(&run, "messages", &inside(Target::Message(chosen)));
    says(&one, &["ileti adı: AppendEntries", "durum: ● ulaştı", "gönderildi: ", "yolda: "]);
    says(&one, &["Nedenleri", "Neye yol açtı?"]);
    let causes = one.targets().into_iter().filter(|it| matches!(it, Target::Message(_))).count();
    assert!(causes >= 2, "{}", letters(&one, Lang::Tr));
    let gone = Target::Message(EventId(1));
    says(&page(&run, "messages", &inside(gone)), &["artık saklanmıyor"]);
}

#[test]
fn a_partition_loses_messages_and_the_picture_shows_them() {
    let run = run_at("partition", secs(100));
    let messages = page(&run, "messages", &filtered("kayıp"));
    let arrows = &lanes(&messages).arrows;
    assert!(!arrows.is_empty() && arrows.iter().all(|arrow| arrow.lost), "{arrows:?}");
    assert!(arrows.iter().any(|arrow| arrow.label.starts_with("ileti")), "{arrows:?}");
    says(&messages, &["yolda kayboldu"]);
    let one = page(&run, "messages", &inside(arrows[0].target.clone().expect("a target")));
    says(&one, &["durum: ✖ kayboldu: ağ bölünmesi yolu kesti", "kayboldu: 9"]);
}

#[test]
fn a_decision_names_the_chosen_node_and_why_the_others_fell() {
    let run = run_at("first-pod", secs(30));
    let seen = run.seen().expect("the run is observed");
    let key = ObjectKey::new("default", "ilk-pod");
    let pod = seen.model.of::<prova::api::Pod>().find(|pod| pod.metadata.key() == key);
    let node = pod.expect("the pod").spec.node_name.clone();
    let scheduler = page(&run, "scheduler", &normal());
    says(&scheduler, &["etkin zamanlayıcı: ★ scheduler-1", &format!("Karar: ● {node}")]);
    let decided = rows(&scheduler, "Zaman");
    assert_eq!(decided.len(), 1);
    let Some(fact @ Target::Fact(_)) = decided[0].target.clone() else { panic!("a fact") };
    for tier in [Tier::Small, Tier::Normal, Tier::Wide, Tier::Huge] {
        let choice = Choice { inside: Some(fact.clone()), tier, ..Choice::default() };
        let decision = page(&run, "scheduler", &choice);
        let rows = rows(&decision, "Düğüm");
        assert_eq!(rows.len(), 3);
        let winners: Vec<_> = rows.iter().filter(|row| row.now).map(|row| cells(row)).collect();
        assert_eq!(winners.len(), 1);
        assert_eq!(winners[0][..2], [node.to_string(), "★ seçildi".to_owned()]);
        let total: i64 = winners[0][2].parse().expect("a total");
        let parts: i64 = match tier {
            Tier::Small | Tier::Normal => winners[0][3]
                .split(" + ")
                .filter_map(|part| part.rsplit(' ').next()?.parse::<i64>().ok())
                .sum(),
            Tier::Wide | Tier::Huge => {
                winners[0][3..].iter().filter_map(|cell| cell.parse::<i64>().ok()).sum()
            }
        };
        assert_eq!(total, parts, "{winners:?}");
        says(&decision, &["cp-1", "✖ elendi", "TaintToleration: ", "Zamanlayıcı önce eler"]);
    }
    says(&page(&run, "scheduler", &filtered("yokböyle")), &["uyan karar yok: yokböyle"]);
    let pod = page(&run, "scheduler", &inside(Target::Object(Kind::Pod, key)));
    says(&pod, &["Ham nesne"]);
}

#[test]
fn a_created_pods_call_passes_all_stages() {
    let run = run_at("first-pod", secs(10));
    let created = calls(&run).into_iter().find(|call| {
        call.note.verb == "create" && call.note.kind == Kind::Pod && call.note.refused.is_none()
    });
    let id = created.expect("the pod was created").note.request;
    let request = page(&run, "request", &inside(Target::Call(id)));
    let stages: Vec<_> = rows(&request, "Aşama").into_iter().map(cells).collect();
    assert_eq!(stages.len(), 6);
    assert!(stages.iter().all(|stage| stage[1] == "✔ geçti"), "{stages:?}");
    assert!(stages[0][0].ends_with("authenticate") && stages[5][0].ends_with("storage"));
    let list = page(&run, "request", &filtered("create Pod ilk-pod"));
    assert!(rows(&list, "Zaman").iter().any(|row| row.target == Some(Target::Call(id))));
    says(&list, &["✔ tamam"]);
    let message = page(&run, "request", &inside(Target::Message(id)));
    assert!(message.targets().contains(&&Target::Call(id)), "{}", letters(&message, Lang::Tr));
    let gone = page(&run, "request", &inside(Target::Call(EventId(1))));
    says(&gone, &["artık saklanmıyor"]);
}

#[test]
fn a_refusal_ends_the_way_of_a_call() {
    let mut refused = 0;
    for (name, at) in [("first-pod", 10), ("leader-election", 70), ("node-failure", 60)] {
        let run = run_at(name, secs(at));
        for call in calls(&run) {
            let choice = inside(Target::Call(call.note.request));
            let request = page(&run, "request", &choice);
            let stages: Vec<_> = rows(&request, "Aşama").into_iter().map(cells).collect();
            let of = |sign: char| stages.iter().filter(|it| it[1].starts_with(sign)).count();
            assert_eq!(of('✖'), usize::from(call.note.refused.is_some()), "{:?}", call.note);
            assert!(of('✔') + of('✖') > 0);
            let Some(place) = stages.iter().position(|it| it[1].starts_with('✖')) else {
                continue;
            };
            refused += 1;
            assert!(stages[place + 1..].iter().all(|it| it[1] == "– ulaşmadı"), "{stages:?}");
        }
    }
    assert!(refused > 0);
}

#[test]
fn inside_pages_of_every_target_have_even_tables() {
    let ids = ["messages", "raft", "scheduler", "request"];
    for (name, at) in [("first-pod", 8), ("leader-election", 62), ("split-vote", 61)] {
        let run = run_at(name, secs(at));
        for (id, lang) in ids.iter().flat_map(|id| [(id, Lang::Tr), (id, Lang::En)]) {
            let choice = Choice { lang, ..normal() };
            let outer = page(&run, id, &choice);
            even(&outer, id);
            for target in outer.targets().into_iter().take(25) {
                let choice = Choice { inside: Some(target.clone()), ..choice.clone() };
                let inner = page(&run, id, &choice);
                assert_ne!(inner, outer, "{id}: {target:?} opens nothing");
                even(&inner, id);
            }
        }
    }
}

#[test]
fn a_run_observed_in_brief_says_so() {
    let run = run_at("first-pod", secs(10));
    let directory = run.seen().expect("the run is observed").directory.clone();
    let brief = Observation::new(directory, Detail::Brief);
    let (lang, filter) = (Lang::Tr, Filter::default());
    for (id, wanted) in [
        ("messages", "yalnızca özet"),
        ("scheduler", "Henüz karar yok"),
        ("request", "Saklanan istek yok"),
    ] {
        let view = VIEWS.iter().find(|view| view.id == id).expect("a view");
        let page = (view.page)(&Scene {
            run: &run,
            seen: &brief,
            known: &brief,
            lang,
            ascii: false,
            tier: Tier::Normal,
            chosen: None,
            inside: None,
            filter: &filter,
        });
        says(&page, &[wanted]);
    }
}

#[test]
fn every_scenario_has_even_tables_in_the_largest_size() {
    for name in common::scenario_names() {
        let run = run_at(&name, secs(70));
        for id in ["messages", "raft", "scheduler", "request"] {
            for lang in [Lang::Tr, Lang::En] {
                let choice = Choice { tier: Tier::Huge, lang, ascii: true, ..Choice::default() };
                even(&page(&run, id, &choice), id);
            }
        }
    }
}

#[track_caller]
fn even(page: &Page, id: &str) {
    for table in tables(page) {
        let right = |row: &Row| row.cells.len() == table.columns.len();
        assert!(table.rows.iter().all(right), "{id}: {:?}", table.columns);
    }
    let text = letters(page, Lang::Tr);
    let holes =
        ["count", "lost", "filter", "leader", "term", "pod", "member", "at", "span", "word"];
    assert!(!holes.iter().any(|hole| text.contains(&format!("{{{hole}}}"))), "{id}: {text}");
}
