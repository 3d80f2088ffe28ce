//! The house rules, read from the source text: floors, headers, bans, sizes.
//!
//! Each room's `mod.rs` says on which floor it stands and which rooms it imports; this test holds
//! the words against the code. It reads text, so rooms import by `use crate::room::…` (or name
//! `crate::room::…` in place), one room a line.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every room and its floor. A room may import lower floors only.
const FLOORS: &[(&str, u32)] = &[
    ("kernel", 0),
    ("raft", 0),
    ("texts", 0),
    ("api", 1),
    ("wire", 1),
    ("client", 2),
    ("apiserver", 3),
    ("etcd", 3),
    ("scheduler", 3),
    ("controllers", 3),
    ("metrics", 3),
    ("kubelet", 3),
    ("runtime", 3),
    ("proxy", 3),
    ("traffic", 3),
    ("operator", 3),
    ("cluster", 4),
    ("scenario", 5),
    ("observe", 5),
    ("lab", 6),
    ("tell", 6),
    ("course", 6),
    ("cli", 7),
    ("dashboard", 7),
    ("book", 7),
];

/// Imports between neighbours of one floor that the house allows: (who, whom).
const NEIGHBOURS: &[(&str, &str)] = &[
    ("wire", "api"),
    ("course", "lab"),
    ("course", "tell"),
    ("cli", "dashboard"),
    ("cli", "book"),
    ("book", "dashboard"),
];

/// Words that must not stand below floor 5.
const BANNED_BELOW_5: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::time",
    "std::process",
    "std::io",
    "thread_local!",
    "OsRng",
    "from_os_rng",
    "rand::rng",
];

/// Files that may lift a ban of `.clippy.toml`, with the ban they lift.
const LIFTED: &[(&str, &str)] = &[("kernel/fixed_map.rs", "clippy::disallowed_types")];

/// Longest file.
const LINES_MAX: usize = 500;

struct Source {
    room: String,
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let path = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let room = path.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
            Source { room, path, text: std::fs::read_to_string(&file).unwrap() }
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn floor_of(room: &str) -> Option<u32> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// Lines of code: without comments, and without what stands behind `#[cfg(test)]`.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(number, line)| (number + 1, line.trim()))
        .take_while(|(_, line)| *line != "#[cfg(test)]")
        .filter(|(_, line)| !line.starts_with("//"))
}

/// The rooms named by `crate::room` in a line.
fn rooms_named(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn rooms_import_lower_floors_only() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(own) = floor_of(&source.room) else { continue };
        for (number, line) in code_lines(&source.text) {
            for room in rooms_named(line) {
                let Some(floor) = floor_of(room) else { continue };
                let neighbour = NEIGHBOURS.contains(&(source.room.as_str(), room));
                if room != source.room && floor >= own && !neighbour {
                    let Source { path, room: from, .. } = &source;
                    wrong.push(format!("src/{path}:{number}: {from} may not import {room}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_room_is_listed_and_says_what_it_imports() {
    let mut wrong = Vec::new();
    let sources = sources();
    let mut used: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in &sources {
        let rooms = used.entry(&source.room).or_default();
        for (_, line) in code_lines(&source.text) {
            rooms.extend(rooms_named(line).filter(|room| floor_of(room).is_some()));
        }
        rooms.remove(source.room.as_str());
    }
    for (room, uses) in used {
        if room == "lib" || room == "main" {
            continue;
        }
        let Some(floor) = floor_of(room) else {
            wrong.push(format!("src/{room}: not in the plan of the house"));
            continue;
        };
        let header = sources.iter().find(|source| source.path == format!("{room}/mod.rs"));
        let Some(header) = header else {
            wrong.push(format!("src/{room}/mod.rs is missing"));
            continue;
        };
        let line = |name: &str| {
            let found = header.text.lines().find_map(|line| line.strip_prefix(name));
            found.map(|rest| rest.trim().to_owned())
        };
        if line("//! Floor:").as_deref() != Some(floor.to_string().as_str()) {
            wrong.push(format!("src/{room}/mod.rs: `//! Floor: {floor}` is missing"));
        }
        let said = line("//! Imports:").unwrap_or_default();
        let said: BTreeSet<&str> = said
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty() && *name != "nothing")
            .collect();
        if said != uses {
            wrong.push(format!("src/{room}/mod.rs says Imports {said:?}, the code has {uses:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_opens_with_a_header_and_stays_short() {
    let mut wrong = Vec::new();
    for Source { path, text, .. } in sources() {
        if !text.starts_with("//!") {
            wrong.push(format!("src/{path}: no header"));
        }
        let lines = text.lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("src/{path}: {lines} lines, at most {LINES_MAX}"));
        }
        for (number, line) in text.lines().enumerate() {
            if line.contains("FIXME") || line.contains("XXX") || line.contains("use crate::{") {
                wrong.push(format!("src/{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn below_floor_5_the_real_world_does_not_exist() {
    let mut wrong = Vec::new();
    for source in sources() {
        if floor_of(&source.room).is_none_or(|floor| floor >= 5) {
            continue;
        }
        for (number, line) in code_lines(&source.text) {
            if let Some(ban) = BANNED_BELOW_5.iter().find(|ban| line.contains(**ban)) {
                wrong.push(format!("src/{}:{number}: {ban}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn bans_are_lifted_only_where_the_house_allows() {
    let mut wrong = Vec::new();
    for source in sources() {
        let face = floor_of(&source.room).is_some_and(|floor| floor >= 7) || source.room == "main";
        for ban in
            ["clippy::disallowed_types", "clippy::disallowed_methods", "clippy::print_stdout"]
        {
            let lifted = code_lines(&source.text).any(|(_, line)| line.contains(ban));
            let allowed = LIFTED.contains(&(source.path.as_str(), ban));
            if lifted && !face && !allowed {
                wrong.push(format!("src/{}: lifts {ban}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
