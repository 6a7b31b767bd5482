//! The house rules that the compiler does not hold: which way imports point, and how large a room may be.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room and the rooms it may name. A room may always name itself.
const IMPORTS: &[(&str, &[&str])] = &[
    ("bounded", &[]),
    ("scratch", &[]),
    ("model", &[]),
    ("policy", &["model"]),
    ("github", &["model"]),
    ("git", &["bounded", "scratch"]),
    ("ci", &["model"]),
    ("tracker", &["bounded", "scratch", "model", "github"]),
    ("evidence", &["model"]),
    ("attribution", &["model", "policy"]),
    ("history", &["model"]),
    ("classify", &["model", "policy"]),
    ("history", &["model"]),
    ("status", &["model", "policy", "attribution", "history"]),
    ("metric", &["model", "evidence"]),
    ("verdict", &["model", "policy", "evidence", "metric"]),
    ("report", &["model", "policy", "evidence", "verdict"]),
    ("output", &["report"]),
    ("publish", &["ci", "github"]),
    ("exit", &[]),
    (
        "app",
        &[
            "bounded",
            "model",
            "policy",
            "github",
            "git",
            "ci",
            "tracker",
            "evidence",
            "history",
            "status",
            "attribution",
            "history",
            "classify",
            "metric",
            "verdict",
            "report",
            "output",
            "publish",
            "exit",
        ],
    ),
    ("cli", &["app", "output"]),
];

/// What only these rooms may name. Printing is held by clippy's lints.
const CONFINED: &[(&str, &[&str])] = &[
    ("octocrab", &["github"]),
    ("indicatif", &["app"]),
    ("clap", &["cli", "main"]),
    ("process::exit", &[]),
    ("Command::new", &["git"]),
];

#[test]
fn imports_point_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = IMPORTS.iter().copied().collect();
    let mut broken = Vec::new();
    for file in sources("src") {
        let Some(room) = room(&file) else { continue };
        let may = allowed.get(room.as_str()).unwrap_or_else(|| panic!("src/{room} has no entry in IMPORTS"));
        let text = without_comments(&fs::read_to_string(&file).unwrap());
        for named in rooms_named(&text, &file, &allowed) {
            if named != room && !may.contains(&named.as_str()) {
                broken.push(format!(
                    "{} names crate::{named}, but {room} may only name {may:?}",
                    file.display()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn what_is_confined_stays_in_its_room() {
    let mut broken = Vec::new();
    for file in sources("src") {
        let text = without_comments(&fs::read_to_string(&file).unwrap());
        // The binary is in no room, and is named by its file.
        let room = room(&file).unwrap_or_else(|| "main".to_owned());
        for (word, rooms) in CONFINED {
            if (text.contains(&format!("{word}::")) || text.contains(&format!("{word}(")))
                && !rooms.contains(&&*room)
            {
                broken.push(format!("{} names {word}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn rooms_are_small() {
    let mut broken = Vec::new();
    for file in sources("src").into_iter().chain(sources("tests")) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        let most = if file.ends_with("src/main.rs") { 100 } else { 500 };
        if lines > most {
            broken.push(format!("{} has {lines} lines; which two rooms are these?", file.display()));
        }
        if file.file_name().is_some_and(|name| name == "mod.rs") {
            broken.push(format!("{}: write foo.rs beside foo/", file.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (mut inside, mut commented, mut silent) = (false, false, Vec::new());
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            // The members of the workspace say why they need what the workspace lists.
            let section = section.trim_end_matches(']');
            inside = section.ends_with("dependencies") && section != "workspace.dependencies";
        } else if inside && line.starts_with('#') {
            commented = true;
        } else if inside && line.contains('=') && !line.starts_with(' ') {
            if !commented {
                silent.push(line.to_owned());
            }
            commented = false;
        }
    }
    assert!(silent.is_empty(), "no comment above: {silent:?}");
}

#[test]
fn the_rules_above_can_fail() {
    let allowed: BTreeMap<&str, &[&str]> = IMPORTS.iter().copied().collect();
    let named = |text: &str, file: &str| rooms_named(text, Path::new(file), &allowed);
    let set = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<String>>();
    assert_eq!(named("use crate::policy::Rule;", "src/metric.rs"), set(&["policy"]));
    assert_eq!(
        named("use crate::{model::Tag, policy::{Rule, Level}};", "src/metric/a.rs"),
        set(&["model", "policy"])
    );
    assert_eq!(named("use super::super::verdict::judge;", "src/metric/a.rs"), set(&["verdict"]));
    assert_eq!(named("use super::select::Window;", "src/metric/a.rs"), set(&[]));
    assert_eq!(without_comments("a // crate::policy\n/// crate::app\nb"), "a \n\nb\n");
}

/// The folder of Cargo.toml.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder, as paths from the root.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut todo = vec![root().join(folder)];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    assert!(!found.is_empty(), "no sources below {folder}");
    found.sort();
    found
}

/// The first module of a file's path: `src/metric/rate.rs` is in `metric`. The binary and the crate root are in none.
fn room(file: &Path) -> Option<String> {
    let first = file.strip_prefix("src").ok()?.components().next()?.as_os_str().to_str()?;
    let name = first.trim_end_matches(".rs").to_owned();
    (name != "main" && name != "lib").then_some(name)
}

/// The text without line comments; block comments are not used in this crate.
fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect()
}

/// Every room that a text names by `crate::` or by enough `super::`s.
fn rooms_named(text: &str, file: &Path, rooms: &BTreeMap<&str, &[&str]>) -> BTreeSet<String> {
    let depth = file.components().count() - 1;
    let to_root = ["crate::".to_owned(), "super::".repeat(depth)];
    let mut named = BTreeSet::new();
    for prefix in &to_root {
        for (at, _) in text.match_indices(prefix.as_str()) {
            let rest = &text[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(list) => named.extend(heads(list)),
                None => named.extend(word(rest)),
            }
        }
    }
    named.retain(|name| rooms.contains_key(name.as_str()));
    named
}

/// The identifier that a text begins with.
fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// The first identifier of each item in a braced import list.
fn heads(list: &str) -> Vec<String> {
    let (mut depth, mut fresh, mut found) = (0, true, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && !c.is_whitespace() => {
                found.extend(word(&list[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    found
}
