//! The tables of `docs/reference/github.md` that repeat something: they are generated, and this test fails if one is stale.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use escape_gate::ci::KNOWN_EVENTS;
use escape_gate::exit::Exit;

const PAGE: &str = "docs/reference/github.md";

/// Largest number of words of each page, code included.
const BUDGETS: [(&str, usize); 2] = [(PAGE, 900), ("docs/how-to/workflows.md", 1300)];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The page with generated tables between its markers.
fn generated(page: &str) -> String {
    let action = read("action.yml");
    let tables = [
        ("events", events()),
        ("inputs", described(&action, "inputs")),
        ("outputs", described(&action, "outputs")),
        ("exits", exits()),
    ];
    tables.iter().fold(page.to_owned(), |page, (name, table)| {
        let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->"));
        let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("{PAGE} lacks {begin}"));
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{PAGE} lacks {end}"));
        format!("{before}{begin}{table}{end}{after}")
    })
}

fn events() -> String {
    let mut table = "| event | evaluated | text |\n|---|---|---|\n".to_owned();
    for event in KNOWN_EVENTS {
        let names: Vec<String> = event.names.iter().map(|name| format!("`{name}`")).collect();
        let name = format!("{} {}", names.join(", "), event.condition);
        writeln!(table, "| {} | {} | {} |", name.trim_end(), event.evaluated, event.text).unwrap();
    }
    table
}

fn exits() -> String {
    Exit::ALL
        .iter()
        .fold(String::new(), |list, exit| format!("{list}- {}: {}\n", exit.code(), exit.meaning()))
}

/// The names of a block of `action.yml` with their descriptions: its lines have one form, which the action's tests hold.
fn described(action: &str, block: &str) -> String {
    let lines = action.lines().skip_while(|line| *line != format!("{block}:")).skip(1);
    let lines = lines.take_while(|line| line.is_empty() || line.starts_with(' '));
    let mut list = String::new();
    let mut name = "";
    for line in lines {
        if let Some(found) = line.strip_prefix("  ").filter(|line| !line.starts_with(' ')) {
            name = found.strip_suffix(':').unwrap();
        } else if let Some(text) = line.strip_prefix("    description: ") {
            let text = text.trim_matches('"').trim_end_matches('.');
            writeln!(list, "- `{name}`: {text}.").unwrap();
        }
    }
    list
}

#[test]
fn generated_tables_are_current() {
    let (page, expected) = (read(PAGE), generated(&read(PAGE)));
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE), &expected).unwrap();
    } else {
        assert!(page == expected, "{PAGE} is stale: UPDATE_EXPECTED=1 cargo test --test reference");
    }
}

#[test]
fn every_input_and_output_has_a_row() {
    let page = generated(&read(PAGE));
    for name in ["`policy`", "`tests-outcome`", "`download-base-url`", "`verdict`", "`comment-url`"] {
        assert!(page.contains(&format!("- {name}: ")), "{name}");
    }
}

#[test]
fn pages_keep_their_budgets() {
    for (page, most) in BUDGETS {
        let words = read(page).split_whitespace().count();
        assert!(words <= most, "{page} has {words} words, and its budget is {most}");
    }
}
