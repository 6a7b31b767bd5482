//! The house rules that the compiler does not hold: which way imports point, and how large a room may be.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "architecture/paths.rs"]
mod paths;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use paths::{Target, named_in};

/// Each room and the rooms it may name. A room may always name itself.
const IMPORTS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("policy", &["model"]),
    ("github", &["model"]),
    ("ci", &["model"]),
    ("tracker", &["model", "github"]),
    ("evidence", &["model"]),
    ("attribution", &["model", "policy"]),
    ("classify", &["model", "policy"]),
    ("status", &["model", "policy", "attribution"]),
    ("metric", &["model", "evidence"]),
    ("verdict", &["model", "policy", "evidence", "metric"]),
    ("report", &["model", "policy", "evidence", "verdict"]),
    ("export", &["model", "policy", "evidence", "metric", "verdict", "report"]),
    ("organization", &["model", "metric", "export", "report"]),
    ("output", &["report"]),
    ("doctor", &["classify", "report"]),
    ("publish", &["ci", "github"]),
    ("assemble", &["model", "policy", "evidence", "attribution", "classify", "status"]),
    ("exit", &[]),
    ("options", &["output"]),
    (
        "app",
        &[
            "assemble",
            "model",
            "policy",
            "github",
            "ci",
            "tracker",
            "evidence",
            "status",
            "attribution",
            "classify",
            "doctor",
            "metric",
            "verdict",
            "report",
            "export",
            "organization",
            "output",
            "publish",
            "exit",
            "options",
        ],
    ),
    ("cli", &["options"]),
];

/// Crates that only these rooms may name. Printing is held by clippy's lints, processes by `PURE`.
const CONFINED: &[(&str, &[&str])] =
    &[("octocrab", &["github"]), ("indicatif", &["app"]), ("clap", &["options", "cli", "main"])];

/// Rooms that meet no clock, environment, file, network or process.
const PURE: &[&str] = &[
    "assemble",
    "attribution",
    "classify",
    "doctor",
    "evidence",
    "export",
    "metric",
    "model",
    "organization",
    "output",
    "policy",
    "report",
    "status",
    "verdict",
];

#[test]
fn imports_point_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = IMPORTS.iter().copied().collect();
    let mut broken = Vec::new();
    for file in sources("src") {
        let Some(own) = room(&file) else { continue };
        let may = allowed.get(own.as_str()).unwrap_or_else(|| panic!("src/{own} has no entry in IMPORTS"));
        for target in named_in(&parsed(&file), &module_of(&file)) {
            match target {
                Target::Module(named) if named != own && !may.contains(&named.as_str()) => {
                    broken.push(format!(
                        "{} names crate::{named}, but {own} may only name {may:?}",
                        file.display()
                    ));
                }
                Target::Root => broken.push(format!(
                    "{} gives the crate root a second name or imports all of it: name the module",
                    file.display()
                )),
                Target::Module(_) | Target::Other(_) => {}
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn confined_crates_stay_in_their_room() {
    let mut broken = Vec::new();
    for file in sources("src") {
        // The binary is in no room, and is named by its file.
        let own = room(&file).unwrap_or_else(|| "main".to_owned());
        for target in named_in(&parsed(&file), &module_of(&file)) {
            let confined = CONFINED.iter().find(|(name, _)| target == Target::Other((*name).to_owned()));
            if let Some((name, _)) = confined.filter(|(_, rooms)| !rooms.contains(&&*own)) {
                broken.push(format!("{} names {name}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// clippy reads the lists in clippy.toml; a pure room denies what is on them, everywhere.
#[test]
fn pure_rooms_deny_clock_files_network_and_processes() {
    let lists = fs::read_to_string(root().join("clippy.toml")).unwrap();
    for needed in ["Timestamp::now", "env::var", "fs::read", "Path::exists", "process::Command", "fs::File"] {
        assert!(lists.contains(&format!("{needed}\"")), "clippy.toml does not list {needed}");
    }
    // Tests beside the code read fixtures.
    let denial = "#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]";
    for pure in PURE {
        let head = fs::read_to_string(root().join(format!("src/{pure}.rs"))).unwrap();
        assert!(head.lines().any(|line| line == denial), "src/{pure}.rs needs the line {denial}");
    }
    for file in sources("src") {
        let is_pure = room(&file).is_some_and(|own| PURE.contains(&&*own));
        let text = fs::read_to_string(root().join(&file)).unwrap();
        let allows = text.lines().any(|line| line.contains("allow(") && line.contains("clippy::disallowed"));
        assert!(!(is_pure && allows), "{} allows what a pure room denies", file.display());
    }
}

#[test]
fn rooms_are_small() {
    let mut broken = Vec::new();
    for file in ["src", "crates", "tests"].into_iter().flat_map(sources) {
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
    let crates = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let manifests: Vec<String> = [root()]
        .into_iter()
        .chain(crates)
        .map(|folder| fs::read_to_string(folder.join("Cargo.toml")).unwrap())
        .collect();
    let (mut inside, mut commented, mut silent) = (false, false, Vec::new());
    for line in manifests.iter().flat_map(|manifest| manifest.lines()) {
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
fn planted_imports_are_found() {
    let named = |text: &str| {
        let module = ["metric".to_owned(), "rate".to_owned()];
        named_in(&syn::parse_file(text).unwrap(), &module)
    };
    let modules = |text: &str| {
        let only = |target| match target {
            Target::Module(name) => Some(name),
            Target::Root | Target::Other(_) => None,
        };
        named(text).into_iter().filter_map(only).collect::<Vec<_>>()
    };
    assert_eq!(modules("use crate::{model::Tag, policy::{Rule, Level}};"), ["model", "policy"]);
    assert_eq!(
        modules("use super::super::verdict::judge; use super::select::Window;"),
        ["metric", "verdict"]
    );
    assert_eq!(modules("mod inline { use super::super::super::report::Report; }"), ["report"]);
    assert_eq!(modules("const LINK: &str = \"//\"; fn f() { crate::output::json() }"), ["output"]);
    assert_eq!(modules("// crate::policy\n/// [`crate::app`]\nfn f() {}"), [""; 0]);
    assert_eq!(modules("fn f() { assert!(x, \"crate::app\", crate::publish::text(&y)) }"), ["publish"]);
    assert_eq!(modules("#[derive(crate::app::Trick)] struct S;"), ["app"]);
    assert_eq!(modules("#[serde(with = \"crate::tracker::date\")] struct S;"), ["tracker"]);
    for hidden in ["use crate as c;", "use crate::{self as c};", "use crate::*;", "use super::super::*;"] {
        assert!(named(hidden).contains(&Target::Root), "{hidden}");
    }
    assert!(!named("pub(crate) fn f() {}").contains(&Target::Root));
    assert!(named("use std::process as p; use clap::Parser as P;").contains(&Target::Other("clap".into())));
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

/// The module path of a file: `src/metric/rate.rs` is `metric::rate`. The crate root has none.
fn module_of(file: &Path) -> Vec<String> {
    let inside = file.strip_prefix("src").unwrap().with_extension("");
    let parts = inside.components().map(|part| part.as_os_str().to_str().unwrap().to_owned());
    parts.filter(|part| part != "main" && part != "lib").collect()
}

/// A file of this repository as a syntax tree.
fn parsed(file: &Path) -> syn::File {
    let text = fs::read_to_string(root().join(file)).unwrap();
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
