//! The documentation: every page is short, every link leads somewhere, and every command works.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::CommandFactory as _;
use escape_gate::cli::Cli;
use tempfile::TempDir;

/// Greatest number of words of each page, without its generated parts. A page that is not listed may have [`USUAL`].
const BUDGETS: &[(&str, usize)] = &[
    ("README.md", 450),
    ("CONTRIBUTING.md", 500),
    ("docs/start.md", 600),
    ("docs/comment.md", 450),
    ("docs/how-to/set-up.md", 600),
    ("docs/how-to/policy.md", 900),
    ("docs/how-to/roll-out.md", 900),
    ("docs/how-to/exceptions.md", 500),
    ("docs/how-to/organization.md", 400),
    ("docs/reference/export.md", 400),
    ("docs/reference/policy.md", 1600),
    ("docs/reference/metrics.md", 1100),
    ("docs/reference/outputs.md", 500),
    ("docs/reference/test-reports.md", 700),
    ("docs/explanation/origins.md", 800),
    ("docs/explanation/evidence.md", 600),
    ("docs/explanation/status.md", 700),
    ("docs/dev/architecture.md", 450),
    ("docs/dev/performance.md", 300),
];

const USUAL: usize = 1300;

/// Pages that moved. Links of older versions and of other projects still lead to them.
const MOVED: [&str; 10] = [
    "attribution.md",
    "github.md",
    "metrics.md",
    "performance.md",
    "policy-errors.md",
    "policy.md",
    "recipes.md",
    "snapshot.md",
    "test-reports.md",
    "tools.md",
];

#[test]
fn every_page_keeps_to_its_budget() {
    let mut long = Vec::new();
    for (name, text) in pages() {
        // Those of a crate are for its own users.
        if name.starts_with("crates/") {
            continue;
        }
        let budget = BUDGETS.iter().find(|(page, _)| *page == name).map_or(USUAL, |(_, budget)| *budget);
        let words = written(&text).split_whitespace().count();
        if words > budget {
            long.push(format!("{name} has {words} words, and at most {budget} are allowed"));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn moved_pages_point_to_the_new_ones() {
    for name in MOVED {
        let text = read(&format!("docs/{name}"));
        assert!(text.split_whitespace().count() < 40 && !links(&text).is_empty(), "docs/{name}: {text}");
    }
}

#[test]
fn every_link_leads_to_a_page_and_a_heading() {
    let mut broken = Vec::new();
    for (name, text) in pages() {
        let folder = Path::new(&name).parent().unwrap().to_owned();
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { PathBuf::from(&name) } else { folder.join(file) };
            let path = root().join(&target);
            if !path.exists() {
                broken.push(format!("{name}: there is no {link}"));
            } else if !anchor.is_empty() && !anchors(&fs::read_to_string(&path).unwrap()).contains(anchor) {
                broken.push(format!("{name}: {link} is no heading"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_command_of_the_documentation_works() {
    let (mut ran, mut wrong) = (0, Vec::new());
    for (name, text) in pages() {
        let folder = workplace();
        let mut at = folder.path().to_owned();
        for line in blocks(&text, "console").flat_map(str::lines) {
            let Some(command) = line.strip_prefix("$ ") else { continue };
            if let Some(below) = command.strip_prefix("cd ") {
                // A clone of the reader's repository is the folder to begin with.
                at =
                    Some(at.join(below)).filter(|at| at.is_dir()).unwrap_or_else(|| folder.path().to_owned());
            }
            if !command.starts_with("escape-gate ") {
                continue;
            }
            ran += 1;
            // A commit or measured pairs that only another repository has.
            let problem = if command.starts_with("escape-gate attribute ") {
                refused_by_parser(command)
            } else {
                refused_by_program(command, &at)
            };
            wrong.extend(problem.map(|problem| format!("{name}: {command}\n{problem}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ran > 15, "{ran} commands");
}

#[test]
fn readme_begins_with_two_commands() {
    let text = read("README.md");
    let commands: Vec<&str> = blocks(&text, "sh")
        .next()
        .unwrap()
        .lines()
        .map(|line| line.split('#').next().unwrap().trim())
        .collect();
    assert_eq!(commands, ["cargo run --release -- demo", "./test"]);
    assert!(root().join("test").is_file());
    let folder = tempfile::tempdir().unwrap();
    let demo =
        Command::new(env!("CARGO_BIN_EXE_escape-gate")).arg("demo").current_dir(folder.path()).output();
    assert_eq!(demo.unwrap().status.code(), Some(10));
    assert!(text.contains("the verdict is fail, exit code 10"));
}

/// Every page that people read, by its path from the root.
fn pages() -> Vec<(String, String)> {
    let mut names = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned()];
    let mut todo = vec!["docs".to_owned(), "crates/test-reports".to_owned()];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() && folder.starts_with("docs") {
                todo.push(name);
            } else if name.ends_with(".md") {
                names.push(name);
            }
        }
    }
    names.sort();
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

/// The page without its generated parts.
fn written(text: &str) -> String {
    if text.starts_with("<!-- Generated") {
        return String::new();
    }
    let (mut kept, mut is_generated) = (String::new(), false);
    for line in text.lines() {
        is_generated |= line.starts_with("<!-- generated: ");
        if !is_generated {
            kept.push_str(line);
            kept.push('\n');
        }
        is_generated &= line != "<!-- end -->";
    }
    kept
}

/// The content of the code blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let opening = format!("{language}\n");
    text.split("\n```").filter_map(move |part| part.strip_prefix(&opening))
}

/// The targets of all links, outside of code blocks.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        for rest in line.split("](").skip(1) {
            found.extend(rest.split([')', ' ']).next().map(str::to_owned));
        }
    }
    found
}

/// The anchors of the headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    let slug = |line: &str| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(slug).collect()
}

/// The lines outside of code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// A folder in which the commands find what they name: the demo, a policy with its cases, and a second policy.
fn workplace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let written = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
        .args(["demo", "--write", "demo"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(written.status.success());
    let demo = folder.path().join("demo");
    for file in ["policy.yml", "snapshot.json"] {
        fs::copy(demo.join(file), folder.path().join(file)).unwrap();
    }
    fs::copy(demo.join("policy.yml"), folder.path().join("stricter.yml")).unwrap();
    let cases = read("docs/reference/policy-tests.md");
    for block in blocks(&cases, "yaml") {
        if let Some(name) = block.lines().next().unwrap().strip_prefix("# ") {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, block).unwrap();
        }
    }
    folder
}

/// Runs a command without any GitHub. Returns what it says if it refuses the command line or a policy.
fn refused_by_program(command: &str, folder: &Path) -> Option<String> {
    let programs = Path::new(env!("CARGO_BIN_EXE_escape-gate")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder).env_clear().env("PATH", path);
    // Nothing listens there. The demo's snapshot is the evidence where a command would ask GitHub.
    shell.envs([
        ("GITHUB_API_URL", "http://127.0.0.1:9"),
        ("GITHUB_TOKEN", "no-such-token"),
        ("ESCAPE_GATE_TIMEOUT", "1s"),
    ]);
    if command.contains(" --repo ") {
        shell.env("ESCAPE_GATE_SNAPSHOT", "demo/snapshot.json");
    }
    if command.starts_with("escape-gate init") {
        // There is no terminal to ask.
        shell.env("ESCAPE_GATE_DRY_RUN", "true");
    }
    let output = shell.output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let is_refused = output.status.code().is_none_or(|code| ![0, 1, 3, 10].contains(&code));
    is_refused.then(|| format!("{}\n{log}", output.status))
}

/// Returns what the parser of the command line says against a command.
fn refused_by_parser(command: &str) -> Option<String> {
    let words = command.split(' ').map(|word| word.trim_matches('\''));
    Cli::command().try_get_matches_from(words).err().map(|error| error.to_string())
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap().replace("\r\n", "\n")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
