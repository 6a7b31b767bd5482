//! `escape-gate export`: tables that match their published schemas, the same bytes for the same input, and files that never change.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/files.rs"]
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use escape_gate::export::table_schemas;
use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};
use support::{files, run};

const POLICY: &str = r#"
version: 1
releases: { supported: 2, mature-after: 30d }
defects:
  escaped: { labels: [prod] }
  caught: { labels: [bug] }
  excluded: { infra: [cause/infra] }
  severity: { critical: [sev/critical], major: [sev/major] }
  component: "area/*"
  team: "team/*"
  root-cause: "root-cause/*"
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }
  - { id: escaped-by-area, metric: escaped, over: 365d, per: component, max: 9 }
  - { id: rate, metric: escape-rate, over: 365d, max: 90% }
waivers:
  - { rule: zero-critical, issue: 1, reason: Accepted until the next quarter., approved-by: "@acme/release", expires: 2026-12-31 }
"#;

fn issue(number: u64, labels: &[&str], day: &str) -> Value {
    json!({ "number": number, "title": "t", "url": format!("https://example.org/{number}"), "state": "open", "labels": labels,
            "created-at": format!("2026-{day}T10:00:00Z"), "updated-at": format!("2026-{day}T10:00:00Z") })
}

fn snapshot(repository: &str) -> Value {
    json!({
        "schema": 1, "taken-at": "2026-06-01T00:00:00Z", "repository": repository,
        "candidate": { "name": "v1.2.0", "tag": "v1.2.0", "head": "c".repeat(40) },
        "releases": [
            { "tag": "v1.0.0", "published-at": "2026-01-02T00:00:00Z" },
            { "tag": "v1.1.0", "published-at": "2026-03-02T00:00:00Z" },
        ],
        "tickets": [
            issue(1, &["prod", "sev/critical", "area/cart", "team/a", "found-in/v1.0.0", "root-cause/logic"], "02-01"),
            issue(2, &["prod", "found-in/v1.1.0"], "05-01"),
            issue(3, &["bug", "found-in/v1.0.0"], "01-15"),
            issue(4, &["prod", "cause/infra"], "04-01"),
        ],
    })
}

/// Exports into `out` of a folder with a policy and this snapshot.
fn export(snapshot: &Value) -> tempfile::TempDir {
    let folder = files(&[("policy.yml", POLICY), ("snapshot.json", &snapshot.to_string())]);
    let (code, out, log) = export_in(folder.path(), &[]);
    assert_eq!(code, 0, "{log}");
    assert!(out.starts_with("Wrote "), "{out}");
    folder
}

fn export_in(folder: &Path, more: &[&str]) -> (i32, String, String) {
    let args = ["export", "--policy", "policy.yml", "--snapshot", "snapshot.json", "--output", "out"];
    run(folder, &[&args, more, &["--now", "2026-06-02T03:04:05Z"]].concat())
}

/// The files below a folder: path with `/`, and bytes.
fn written(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The rows of a table.
fn rows(folder: &Path, table: &str) -> Vec<Value> {
    let all = written(folder);
    let of_table = all.iter().filter(|(path, _)| path.starts_with(&format!("{table}/")));
    of_table
        .flat_map(|(_, bytes)| {
            let mut text = String::new();
            GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
        })
        .collect()
}

/// Returns why a value does not match a schema, as far as the tables' schemas go.
fn mismatch(value: &Value, schema: &Value) -> Option<String> {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = &schema["type"];
    let kinds = kinds.as_array().cloned().unwrap_or_else(|| vec![kinds.clone()]);
    if !kinds.contains(&kind.into()) {
        return Some(format!("{value} is no {kinds:?}"));
    }
    if let Some(names) = schema["enum"].as_array().filter(|names| !names.contains(value)) {
        return Some(format!("{value} is none of {names:?}"));
    }
    let text = value.as_str().unwrap_or_default();
    match schema["format"].as_str().filter(|_| value.is_string()) {
        Some("date-time") => text.parse::<jiff::Timestamp>().err().map(|error| error.to_string()),
        Some("date") => text.parse::<jiff::civil::Date>().err().map(|error| error.to_string()),
        _ => None,
    }
    .or_else(|| value.as_array()?.iter().find_map(|item| mismatch(item, &schema["items"])))
    .or_else(|| object_mismatch(value.as_object()?, schema))
}

fn object_mismatch(object: &Map<String, Value>, schema: &Value) -> Option<String> {
    assert_eq!(schema["additionalProperties"], false);
    let absent =
        schema["required"].as_array()?.iter().find(|name| !object.contains_key(name.as_str().unwrap()));
    absent.map(|name| format!("{name} is absent")).or_else(|| {
        object.iter().find_map(|(name, value)| match schema["properties"].get(name) {
            Some(of) => mismatch(value, of).map(|why| format!("{name}: {why}")),
            None => Some(format!("{name} is not in the schema")),
        })
    })
}

#[test]
fn committed_schemas_are_those_of_the_rows() {
    for (table, schema) in table_schemas() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/export/{}.json", table.name()));
        let generated = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&path, &generated).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == generated, "run UPDATE_EXPECTED=1 cargo test --test export");
    }
}

#[test]
fn every_written_row_matches_its_schema() {
    let report = r#"<testsuite name="s"><testcase classname="C" name="bad"><failure message="no"/></testcase><testcase classname="C" name="good"/></testsuite>"#;
    let folder = files(&[
        ("policy.yml", POLICY),
        ("snapshot.json", &snapshot("acme/shop").to_string()),
        ("TEST-a.xml", report),
    ]);
    let (code, _, log) = export_in(folder.path(), &["--reports", "TEST-*.xml"]);
    assert_eq!(code, 0, "{log}");
    for (table, schema) in table_schemas() {
        let rows = rows(&folder.path().join("out"), table.name());
        assert!(!rows.is_empty(), "{} has no row", table.name());
        for row in rows {
            assert_eq!(mismatch(&row, &schema), None, "{}: {row}", table.name());
        }
    }
    // The check itself finds what is wrong.
    let schema = &table_schemas()[0].1;
    let mut row = rows(&folder.path().join("out"), "releases").remove(0);
    row["escape_gate.release.draft"] = json!("no");
    assert!(mismatch(&row, schema).unwrap().contains("draft"));
    row.as_object_mut().unwrap().remove("escape_gate.release.draft");
    assert!(mismatch(&row, schema).unwrap().contains("absent"));
}

#[test]
fn rows_have_the_values_of_the_metrics() {
    let folder = export(&snapshot("acme/shop"));
    let out = folder.path().join("out");
    let defects = rows(&out, "defects");
    let column = |name: &str| -> Vec<&Value> { defects.iter().map(|row| &row[name]).collect() };
    assert_eq!(column("escape_gate.defect.number"), [1, 2, 3, 4]);
    assert_eq!(column("escape_gate.defect.phase"), ["escaped", "escaped", "caught", "escaped"]);
    assert_eq!(
        column("escape_gate.defect.excluded"),
        [&Value::Null, &Value::Null, &Value::Null, &json!("infra")]
    );
    assert_eq!(column("escape_gate.defect.rated"), [true, true, true, false]);
    // The policy's default for an untriaged defect, which says so.
    assert_eq!(defects[1]["escape_gate.defect.severity"], "critical");
    assert_eq!(defects[1]["escape_gate.defect.triaged"], false);
    // Missing is null, and not zero.
    assert_eq!(defects[1]["escape_gate.defect.detection_seconds"], Value::Null);
    assert_eq!(defects[0]["escape_gate.defect.quality_gates"], json!(["unit"]));
    assert_eq!(defects[0]["escape_gate.defect.lines"].as_array().unwrap().len(), 2);
    let releases = rows(&out, "releases");
    assert_eq!(
        releases.iter().map(|row| &row["escape_gate.release.failed"]).collect::<Vec<_>>(),
        [true, true]
    );
    assert_eq!(releases[0]["escape_gate.release.failed_by"], json!([1]));
    assert_eq!(releases[0]["escape_gate.release.failed_deployments"], Value::Null);
    let runs = rows(&out, "runs");
    assert_eq!(runs[0]["escape_gate.rows"]["defects"], 4);
    assert_eq!(runs[0]["escape_gate.rows"]["tests"], Value::Null);
    assert_eq!(runs[0]["vcs.owner.name"], "acme");
}

#[test]
fn evidence_that_was_not_collected_is_null() {
    let mut without = snapshot("acme/shop");
    without["tickets"] = Value::Null;
    let folder = export(&without);
    let runs = rows(&folder.path().join("out"), "runs");
    assert_eq!(runs[0]["escape_gate.rows"]["defects"], Value::Null);
    assert_eq!(runs[0]["escape_gate.verdict"], "unknown");
    assert!(runs[0]["escape_gate.gaps"][0].as_str().unwrap().starts_with("issues: "), "{}", runs[0]);
}

#[test]
fn same_input_gives_same_bytes_and_other_input_another_file() {
    let folder = export(&snapshot("acme/shop"));
    let out = folder.path().join("out");
    let first = written(&out);
    // Again into the same folder: nothing changes.
    assert_eq!(export_in(folder.path(), &[]).0, 0);
    assert_eq!(written(&out), first);
    let again = export(&snapshot("acme/shop"));
    assert_eq!(written(&again.path().join("out")), first);
    // No time and no system in the header of gzip.
    assert!(first.values().all(|bytes| bytes[4..8] == [0; 4] && bytes[9] == 255));
    let mut other = snapshot("acme/shop");
    other["tickets"].as_array_mut().unwrap().pop();
    fs::write(folder.path().join("snapshot.json"), other.to_string()).unwrap();
    assert_eq!(export_in(folder.path(), &[]).0, 0);
    let both = written(&out);
    assert!(first.iter().all(|(path, bytes)| both.get(path) == Some(bytes)));
    assert_eq!(both.len(), 2 * first.len());
}

#[test]
fn changed_file_is_an_error_and_stays() {
    let folder = export(&snapshot("acme/shop"));
    let out = folder.path().join("out");
    let (path, _) = written(&out).pop_first().unwrap();
    fs::write(out.join(&path), b"mine").unwrap();
    let (code, _, log) = export_in(folder.path(), &[]);
    assert_eq!(code, 2, "{log}");
    assert!(log.contains("exists with other contents"), "{log}");
    assert_eq!(fs::read(out.join(&path)).unwrap(), b"mine");
}

#[test]
fn hostile_repository_name_stays_below_the_folder() {
    let folder = export(&snapshot("../..\u{0}"));
    let names: Vec<String> = written(folder.path()).into_keys().collect();
    let outside = names.iter().filter(|name| !name.starts_with("out/")).collect::<Vec<_>>();
    assert_eq!(outside, ["policy.yml", "snapshot.json"]);
    assert!(names.iter().any(|name| name.contains("/repository=..%2F..%00/date=2026-06-02/")), "{names:?}");
}

#[test]
fn run_without_a_repository_says_what_to_give() {
    let mut nameless = snapshot("x");
    nameless["repository"] = Value::Null;
    let folder = files(&[("policy.yml", POLICY), ("snapshot.json", &nameless.to_string())]);
    let (code, _, log) = export_in(folder.path(), &[]);
    assert!(code == 2 && log.contains("give --repo OWNER/NAME"), "{code} {log}");
    let (code, _, log) = export_in(folder.path(), &["--repo", "acme/shop"]);
    assert_eq!(code, 0, "{log}");
    let named = files(&[("policy.yml", POLICY), ("snapshot.json", &snapshot("shop").to_string())]);
    let (code, _, log) = export_in(named.path(), &[]);
    assert!(code == 2 && log.contains("`shop` is no name of a repository"), "{code} {log}");
}
