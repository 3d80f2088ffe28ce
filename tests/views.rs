//! The dashboard's views over real runs: what must stand on a page at a moment, in both languages.

mod common;

use prova::api::{Kind, ObjectKey};
use prova::dashboard::model::{Block, Cell, Machine, Page, Role, Target, Text, Tier};
use prova::dashboard::scene::{Filter, Scene};
use prova::dashboard::views::{VIEWS, compare_page, why};
use prova::kernel::SimTime;
use prova::lab::{Options, Run, compare};
use prova::texts::Lang;

fn run_at(name: &str, secs: u64) -> Run {
    let plan = common::plan(name);
    let mut run = Run::new(plan, Options::default()).expect("a checked plan is built");
    run.play_until(SimTime::from_secs(secs));
    run
}

/// What the reader chose.
#[derive(Default)]
struct Choice {
    inside: Option<Target>,
    filter: Filter,
    lang: Lang,
}

fn with_scene<R>(run: &Run, choice: &Choice, look: impl FnOnce(&Scene<'_>) -> R) -> R {
    let seen = run.seen().expect("the run is observed");
    look(&Scene {
        run,
        seen,
        known: seen,
        lang: choice.lang,
        ascii: false,
        tier: Tier::Normal,
        chosen: None,
        inside: choice.inside.as_ref(),
        filter: &choice.filter,
    })
}

fn page(run: &Run, id: &str, choice: &Choice) -> Page {
    let view = VIEWS.iter().find(|view| view.id == id).expect("a view of that name");
    with_scene(run, choice, |scene| (view.page)(scene))
}

/// A page's letters, a line for each line of it.
fn letters(page: &Page) -> String {
    let mut lines = vec![page.title.letters()];
    let join = |cells: &[Text]| cells.iter().map(Text::letters).collect::<Vec<_>>().join(" | ");
    for block in &page.blocks {
        match block {
            Block::Heading(text) => lines.push(format!("# {}", text.letters())),
            Block::Prose(texts) => lines.extend(texts.iter().map(Text::letters)),
            Block::Pairs(pairs) => lines
                .extend(pairs.iter().map(|(name, value)| format!("{name}: {}", value.letters()))),
            Block::Table(table) => {
                let heads: Vec<&str> =
                    table.columns.iter().map(|column| column.head.as_str()).collect();
                lines.push(heads.join(" | "));
                lines.extend(table.rows.iter().map(|row| join(&row.cells)));
                if table.rows.is_empty() {
                    lines.push(table.empty.clone());
                }
            }
            Block::Map(map) => {
                for group in &map.groups {
                    lines.push(format!("# {}", group.title.letters()));
                    lines.extend(group.machines.iter().flat_map(machine_lines));
                }
            }
            Block::Series(series) => {
                lines.extend(series.iter().map(|one| {
                    format!("{} ({}): {} {:?}", one.name, one.about, one.last, one.values)
                }))
            }
            Block::Chain(links) => lines.extend(links.iter().map(|link| {
                let indent = "  ".repeat(link.depth as usize);
                format!("{indent}{} {}", link.at, link.text.letters())
            })),
            Block::Lanes(_) | Block::Passages(_) => {}
        }
    }
    lines.join("\n")
}

fn machine_lines(machine: &Machine) -> Vec<String> {
    let mut lines = vec![format!("[{}]", machine.title.letters())];
    lines.extend(machine.notes.iter().map(|note| format!("  {}", note.letters())));
    lines.extend(machine.bars.iter().map(|bar| format!("  {} {}", bar.name, bar.words)));
    lines.extend(machine.cells.iter().map(|cell| {
        let sign = cell.role.sign(false).unwrap_or_default();
        format!("  {sign} {} {}", cell.name, cell.word)
    }));
    lines
}

fn machine<'p>(page: &'p Page, name: &str) -> &'p Machine {
    let maps = page.blocks.iter().filter_map(|block| match block {
        Block::Map(map) => Some(map),
        Block::Heading(_)
        | Block::Prose(_)
        | Block::Pairs(_)
        | Block::Table(_)
        | Block::Lanes(_)
        | Block::Series(_)
        | Block::Chain(_)
        | Block::Passages(_) => None,
    });
    let mut machines = maps.flat_map(|map| &map.groups).flat_map(|group| &group.machines);
    let wanted = |machine: &&Machine| {
        let title = machine.title.letters();
        title == name || title.starts_with(&format!("{name} "))
    };
    machines.find(wanted).unwrap_or_else(|| panic!("a box for {name}:\n{}", letters(page)))
}

#[track_caller]
fn says(page: &Page, wanted: &[&str]) {
    let text = letters(page);
    for one in wanted {
        assert!(text.contains(one), "{one} is missing:\n{text}");
    }
}

fn english() -> Choice {
    Choice { lang: Lang::En, ..Choice::default() }
}

fn inside(target: Target) -> Choice {
    Choice { inside: Some(target), ..Choice::default() }
}

fn is_pod(cell: &&Cell) -> bool {
    matches!(cell.target, Some(Target::Object(Kind::Pod, _)))
}

#[test]
fn the_map_shows_what_the_cluster_believes_and_what_the_reader_knows() {
    let early = page(&run_at("node-failure", 61), "map", &Choice::default());
    let n2 = machine(&early, "n2");
    assert!(n2.title.letters().contains("● Ready"), "{}", n2.title.letters());
    assert!(n2.notes[0].letters().contains("makine kapalı"), "{:?}", n2.notes);

    let run = run_at("node-failure", 115);
    let map = page(&run, "map", &Choice::default());
    let n2 = machine(&map, "n2");
    assert!(n2.title.letters().contains("? Unknown"), "{}", n2.title.letters());
    let notes: Vec<String> = n2.notes.iter().map(Text::letters).collect();
    assert!(notes.iter().any(|note| note.contains("unreachable:NoExecute")), "{notes:?}");
    let pods: Vec<&Cell> = n2.cells.iter().filter(is_pod).collect();
    assert!(!pods.is_empty() && pods.iter().all(|cell| cell.role == Role::Unknown), "{pods:?}");
    let n1 = machine(&map, "n1");
    assert!(n1.cells.iter().filter(is_pod).all(|cell| cell.role == Role::Good), "{:?}", n1.cells);
    assert_eq!(
        n1.bars.iter().map(|bar| bar.name.as_str()).collect::<Vec<_>>(),
        ["cpu", "memory", "pods"]
    );
    says(&map, &["Kontrol düzlemi", "★ etcd-1 lider, dönem", "★ scheduler-1 lider", "Düğümler"]);
    let map = page(&run, "map", &english());
    says(&map, &["Control plane", "★ etcd-1 leader, term", "the machine is off", "Nodes"]);
}

#[test]
fn objects_are_listed_as_kubectl_does_and_open_in_detail() {
    let run = run_at("node-failure", 115);
    let kinds = page(&run, "objects", &Choice::default());
    says(&kinds, &["Tür | Sayı | Durumlar", "Pod | ", "Node | 4 | ● 3 Ready  ? 1 Unknown"]);
    let named = |kind: &str| Target::Named(format!("kind/{kind}"));
    let nodes = page(&run, "objects", &inside(named("Node")));
    says(&nodes, &["Ad | Durum | Roller", "n2 | ? Unknown", "n1 | ● Ready"]);
    let deployments = page(&run, "objects", &inside(named("Deployment")));
    says(&deployments, &["Ad | Hazır | Güncel | Kullanılabilir", "frontend | 2/3 | 3 | 2"]);
    for kind in Kind::ALL {
        let list = page(&run, "objects", &inside(named(kind.name())));
        for block in &list.blocks {
            let Block::Table(table) = block else { continue };
            for row in &table.rows {
                assert_eq!(row.cells.len(), table.columns.len(), "columns of {kind}");
            }
        }
    }
    let key = ObjectKey::new("", "n2");
    let node = page(&run, "objects", &inside(Target::Object(Kind::Node, key.clone())));
    says(&node, &["Koşullar", "Ready | Unknown", "NodeStatusUnknown", "NodeNotReady", "Ham nesne"]);
    says(&node, &["\"kind\": \"Node\"", "frontend-"]);
    let gone = Target::Object(Kind::Pod, ObjectKey::new("default", "nobody"));
    says(&page(&run, "objects", &inside(gone)), &["artık (ya da henüz) yok"]);
    let choice = Choice { inside: Some(Target::Object(Kind::Node, key)), ..english() };
    says(
        &page(&run, "objects", &choice),
        &["Conditions", "Events about this object", "Raw object"],
    );
}

#[test]
fn the_log_ends_with_the_newest_and_obeys_the_filter() {
    let run = run_at("node-failure", 115);
    let log = page(&run, "events", &Choice::default());
    let Some(Block::Table(table)) = log.blocks.first() else { panic!("a table") };
    assert!(table.rows.len() >= 100, "{}", table.rows.len());
    assert_eq!(table.rows.iter().filter(|row| row.now).count(), 1);
    assert!(table.rows.last().is_some_and(|row| row.now));
    let filter = Filter { text: "n2 unreachable".to_owned() };
    let few = page(&run, "events", &Choice { filter, ..Choice::default() });
    says(&few, &["n2", "unreachable"]);
    let Some(Block::Table(few)) = few.blocks.first() else { panic!("a table") };
    assert!(few.rows.len() < table.rows.len() && !few.rows.is_empty());
    let Some(fact) = few.rows[0].target.clone() else { panic!("a fact") };
    let one = page(&run, "events", &inside(fact));
    says(&one, &["Neden oldu?", "Neye yol açtı?", "node/n2"]);
    let filter = Filter { text: "nothingofthatkind".to_owned() };
    let none = page(&run, "events", &Choice { filter, ..english() });
    says(&none, &["No entry fits the filter: nothingofthatkind"]);
}

#[test]
fn the_network_tells_endpoints_rules_and_lost_requests() {
    // The machine is off, and nobody knows: every node's rules still lead there.
    let before = page(&run_at("node-failure", 100), "net", &Choice::default());
    says(&before, &["frontend | ", "3/3", "zaman aşımı: "]);

    let run = run_at("node-failure", 115);
    let service = Target::Object(Kind::Service, ObjectKey::new("default", "frontend"));
    let net = page(&run, "net", &inside(service.clone()));
    let text = letters(&net);
    let lost = text.lines().find(|line| line.starts_with("frontend-") && line.contains("| n2 |"));
    assert!(lost.is_some_and(|line| line.contains("✖ not ready")), "{text}");
    says(&net, &["2/3", "n1 | ● güncel | 2", "n2 | ✖ makine kapalı"]);
    let net = page(&run, "net", &Choice { inside: Some(service), ..english() });
    says(&net, &["Endpoints of frontend", "n1 | ● up to date | 2", "n2 | ✖ machine is off"]);
    says(&page(&run, "net", &english()), &["müşteriler"]);
}

#[test]
fn figures_have_a_history() {
    let run = run_at("node-failure", 115);
    let figures = page(&run, "metrics", &Choice::default());
    says(&figures, &["İstenen ve olan", "▲ frontend | 3 | 3 | 2 | 2", "müşteriler", "etcd lideri"]);
    let series = figures.blocks.iter().find_map(|block| match block {
        Block::Series(series) => Some(series),
        Block::Heading(_)
        | Block::Prose(_)
        | Block::Pairs(_)
        | Block::Table(_)
        | Block::Map(_)
        | Block::Lanes(_)
        | Block::Chain(_)
        | Block::Passages(_) => None,
    });
    let series = series.expect("quantities over time");
    assert!(series.iter().all(|one| one.values.len() == 60));
    let ready = series.iter().find(|one| one.name == "frontend: hazır").expect("ready ones");
    assert_eq!(ready.values.iter().max(), Some(&3));
    assert_eq!(ready.values.last(), Some(&2));
    let lost = series.iter().find(|one| one.name == "kaybolan istek").expect("lost ones");
    assert!(lost.values[..29].iter().all(|lost| *lost == 0), "{:?}", lost.values);
    says(
        &page(&run, "metrics", &english()),
        &["Desired and actual", "time without a leader", "Availability"],
    );
}

#[test]
fn a_replacement_exists_because_of_the_fault() {
    let run = run_at("node-failure", 500);
    let seen = run.seen().expect("the run is observed");
    let replacement = seen.model.all(Kind::Pod).max_by_key(|pod| pod.meta().creation_timestamp);
    let key = replacement.expect("pods").key();
    for (choice, wanted) in [(Choice::default(), "n2"), (english(), "fault: ")] {
        let target = Target::Object(Kind::Pod, key.clone());
        let page = with_scene(&run, &choice, |scene| why(scene, &target));
        says(&page, &[wanted]);
        let target = Target::Moment(SimTime::ZERO);
        let page = with_scene(&run, &choice, |scene| why(scene, &target));
        assert!(matches!(page.blocks.as_slice(), [Block::Prose(_)]));
    }
}

#[test]
fn a_lost_request_and_a_decision_are_told_from_their_own_story() {
    let run = run_at("node-failure", 424);
    let seen = run.seen().expect("the run is observed");
    let last = |what: &str, about: &str| {
        let told = |fact: &prova::observe::Fact| prova::observe::tell(fact, &seen.directory);
        let is = |one: &prova::observe::Told| {
            let text = format!("{:?}", one.object);
            one.what == what && text.contains(about)
        };
        let facts = seen.facts.iter().filter(|(_, fact)| told(fact).iter().any(is));
        Target::Fact(facts.last().map(|(id, _)| id).expect("such a fact"))
    };
    let why = |target: &Target| {
        letters(&with_scene(&run, &Choice::default(), |scene| why(scene, target)))
    };
    let lost = why(&last("request.lost", "frontend"));
    assert!(lost.contains("arıza: n2"), "{lost}");
    let decided = why(&last("scheduler.decision", "frontend"));
    let cause = decided.lines().find(|line| line.starts_with("  ") && !line.starts_with("   "));
    assert!(cause.is_some_and(|cause| cause.contains("pod/frontend")), "{decided}");
}

#[test]
fn differences_are_told_by_object_and_field() {
    let run = run_at("node-failure", 115);
    let seen = run.seen().expect("the run is observed");
    let before = run_at("node-failure", 61);
    let differences = compare(before.seen().expect("the run is observed"), seen);
    let names = ("çökme", "şimdi");
    let page =
        with_scene(&run, &Choice::default(), |scene| compare_page(scene, names, &differences));
    says(&page, &["çökme ile şimdi arasında ", "Değişenler", "≠ node/n2", "≠ deployment/frontend"]);
    says(&page, &["status.readyReplicas | 3 | 2", "108,6"]);
    let empty = run_at("node-failure", 4);
    let differences = compare(empty.seen().expect("the run is observed"), seen);
    let page = with_scene(&run, &english(), |scene| compare_page(scene, names, &differences));
    says(&page, &["Added", "+ deployment/frontend"]);
    let page = with_scene(&run, &english(), |scene| compare_page(scene, names, &[]));
    says(&page, &["No difference"]);
    // Each changed object has its reason, unless both sides have seen it.
    let left = before.seen().expect("the run is observed");
    let differences = compare(left, seen);
    let node = differences.iter().find(|it| it.kind == Kind::Node).expect("a changed node");
    assert!(node.why.is_some());
    assert!(compare(seen, seen).iter().all(|it| it.why.is_none()));
    let page =
        with_scene(&run, &Choice::default(), |scene| compare_page(scene, names, &differences));
    says(&page, &["≠ node/n2 | 108,685 s ▲ n2 adlı düğüme leke kondu"]);
}

#[test]
fn every_view_of_every_scenario_has_even_tables_and_no_open_hole() {
    for name in common::scenario_names() {
        let plan = common::plan(&name);
        let mut run = Run::new(plan, Options::default()).expect("a checked plan is built");
        for at in [0, 20, 100] {
            run.play_until(SimTime::from_secs(at));
            for (view, choice) in
                VIEWS.iter().flat_map(|view| [(view, Choice::default()), (view, english())])
            {
                let page = page(&run, view.id, &choice);
                let tables = page.blocks.iter().filter_map(|block| match block {
                    Block::Table(table) => Some(table),
                    Block::Heading(_)
                    | Block::Prose(_)
                    | Block::Pairs(_)
                    | Block::Map(_)
                    | Block::Lanes(_)
                    | Block::Series(_)
                    | Block::Chain(_)
                    | Block::Passages(_) => None,
                });
                for row in tables.flat_map(|table| table.rows.iter().map(move |row| (row, table))) {
                    let (row, table) = row;
                    assert!(row.cells.len() <= table.columns.len(), "{name} {}", view.id);
                }
                for hole in ["{count}", "{name}", "{zone}", "{service}", "{at}"] {
                    assert!(!letters(&page).contains(hole), "{name} {}: {hole}", view.id);
                }
            }
        }
    }
}
