//! `doctor` with the real binary: folders with workflows and the findings they have, the outputs, and GitHub's answers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::mpsc;
use std::thread;

use serde_json::{Value, json};

fn run(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_escape-gate"));
    command.args(args).current_dir(folder).env_clear().envs(env.iter().copied());
    command.output().unwrap()
}

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/doctor");
    let mut found: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn is_update() -> bool {
    std::env::var_os("UPDATE_EXPECTED").is_some()
}

/// The parts of a result that a folder names: changed words are no other finding.
fn summary(args: &Value, output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{text}"));
    let finding = |one: &Value| json!({ "id": one["id"], "level": one["level"], "file": one["file"], "line": one["line"], "job": one["job"] });
    let list = |name: &str, of: &dyn Fn(&Value) -> Value| -> Vec<Value> {
        report[name].as_array().unwrap().iter().map(of).collect()
    };
    json!({
        "args": args,
        "exit": output.status.code(),
        "findings": list("findings", &finding),
        "ignored": list("ignored", &|one| one["finding"]["id"].clone()),
        "not-known": list("not-known", &|one| json!([one["subject"], one["unread"]])),
    })
}

#[test]
fn every_folder_has_its_findings() {
    let mut differences = Vec::new();
    let folders = fixtures();
    for folder in &folders {
        let file = folder.join("expected.json");
        let expected: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let args: Vec<&str> =
            expected["args"].as_array().unwrap().iter().map(|arg| arg.as_str().unwrap()).collect();
        let output = run(folder, &[&args[..], &["--format", "json"]].concat(), &[]);
        let found = summary(&expected["args"], &output);
        if is_update() {
            fs::write(&file, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        } else if found != expected {
            differences.push(format!("{}: {found:#}", folder.display()));
        }
    }
    assert!(folders.len() >= 10);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn outputs_show_place_way_reason_and_fix() {
    let mut count = 0;
    for folder in fixtures() {
        for (format, name) in
            [("text", "expected.txt"), ("markdown", "expected.md"), ("sarif", "expected.sarif")]
        {
            let file = folder.join(name);
            let Ok(expected) = fs::read_to_string(&file) else { continue };
            count += 1;
            let named: Value =
                serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
            let args: Vec<&str> =
                named["args"].as_array().unwrap().iter().map(|arg| arg.as_str().unwrap()).collect();
            let output = run(&folder, &[&args[..], &["--format", format]].concat(), &[]);
            let text = String::from_utf8(output.stdout).unwrap();
            if is_update() {
                fs::write(&file, &text).unwrap();
            } else {
                assert_eq!(text, expected, "{}", file.display());
            }
        }
    }
    assert!(count >= 3);
}

fn repository(workflow: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(".github/workflows")).unwrap();
    fs::write(folder.path().join(".github/workflows/ci.yml"), workflow).unwrap();
    folder
}

fn refusal(workflow: &str, args: &[&str]) -> String {
    let folder = repository(workflow);
    let output = run(folder.path(), &[&["doctor"], args].concat(), &[]);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn wrong_options_say_what_to_write() {
    let ci = "on: push\njobs: { test: { steps: [{ run: make test }] } }\n";
    for (args, parts) in [
        (&[][..], ["no workflow runs Escape Gate", "--gate ci.yml:test"]),
        (&["--gate", "test"][..], ["does not name a place", "FILE:JOB"]),
        (&["--gate", "no.yml:test"][..], ["no workflow `no.yml`", "ci.yml"]),
        (&["--gate", "ci.yml:no"][..], ["has no job `no`", "test"]),
        (&["--gate", "ci.yml:test/9"][..], ["no step `9`", "test"]),
        (&["--publishes", "ci.yml:no"][..], ["--publishes", "has no job `no`"]),
        (&["--path", "elsewhere"][..], ["no workflow", "--path"]),
        (&["--gate", "ci.yml:test", "--answers", "no.json"][..], ["--answers", "--repo OWNER/NAME"]),
    ] {
        let text = refusal(ci, args);
        assert!(parts.iter().all(|part| text.contains(part)), "{args:?}: {text}");
    }
}

#[test]
fn answers_that_are_no_object_are_refused() {
    let folder = repository("on: push\njobs: { test: { steps: [{ run: make test }] } }\n");
    let args = ["doctor", "--gate", "ci.yml:test", "--repo", "a/b", "--answers", "answers.json"];
    for (text, code) in [("[]", 2), ("{", 2)] {
        fs::write(folder.path().join("answers.json"), text).unwrap();
        assert_eq!(run(folder.path(), &args, &[]).status.code(), Some(code), "{text}");
    }
    fs::remove_file(folder.path().join("answers.json")).unwrap();
    assert_eq!(run(folder.path(), &args, &[]).status.code(), Some(1));
}

#[test]
fn level_decides_exit_code_and_output() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/doctor/required-check-from-anywhere");
    let base =
        ["doctor", "--path", "repo", "--repo", "octo/tool", "--answers", "answers.json", "--format", "json"];
    let levels = |more: &[&str]| {
        let output = run(&folder, &[&base, more].concat(), &[]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let levels: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["level"].as_str().unwrap().to_owned())
            .collect();
        (output.status.code().unwrap(), levels)
    };
    let (code, all) = levels(&[]);
    assert_eq!(code, 10);
    assert!(all.contains(&"warning".to_owned()) && all.contains(&"error".to_owned()));
    assert!(levels(&["--min", "error"]).1.iter().all(|level| level == "error"));
}

#[test]
fn workflow_gets_annotations_and_no_command_from_a_name() {
    let gate = "on: push\njobs:\n  a:\n    steps: [{ uses: acme/escape-gate@v1, continue-on-error: true }]\n  \"b%0A::error::x\":\n    steps: [{ run: npm publish }]\n";
    let folder = repository(gate);
    let event = folder.path().join("event.json");
    fs::write(&event, "{}").unwrap();
    let env = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REPOSITORY", "acme/shop"),
        ("GITHUB_EVENT_NAME", "push"),
        ("GITHUB_REF", "refs/heads/main"),
        ("GITHUB_SHA", "0123456789012345678901234567890123456789"),
        ("GITHUB_API_URL", "http://127.0.0.1:9"),
        ("GITHUB_GRAPHQL_URL", "http://127.0.0.1:9/graphql"),
        ("GITHUB_SERVER_URL", "http://127.0.0.1:9"),
        ("GITHUB_RUN_ID", "1"),
        ("GITHUB_EVENT_PATH", event.to_str().unwrap()),
    ];
    let output = run(folder.path(), &["doctor"], &env);
    let (text, log) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(10), "{log}");
    assert!(
        log.contains("::error file=.github/workflows/ci.yml,line=4,title=gate-continue-on-error::"),
        "{log}"
    );
    for line in text.lines().chain(log.lines()) {
        assert!(!line.trim_start().starts_with("::error::x"), "{line}");
    }
}

/// Answers each request by its path until the client has asked for everything. Returns the address, and the requests.
fn serve(answers: Vec<(&'static str, u16, Value)>) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while reader.read_line(&mut head).unwrap_or(0) > 2 {}
            let path = head.split(' ').nth(1).unwrap_or("").to_owned();
            sender.send(head).ok();
            let found = answers.iter().find(|(own, _, _)| *own == path);
            let (status, body) = found
                .map_or((404, json!({ "message": "Not Found" })), |(_, status, body)| {
                    (*status, body.clone())
                });
            let body = body.to_string();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all((head + &body).as_bytes()).ok();
        }
    });
    (address, receiver)
}

#[test]
fn server_is_asked_with_the_token_and_a_refusal_is_not_known() {
    let gate = "on: pull_request\njobs:\n  gate:\n    steps:\n      - run: make test\n      - uses: acme/escape-gate@v1\n        if: always()\n";
    let folder = repository(gate);
    fs::write(
        folder.path().join(".github/escape-gate.yml"),
        "version: 1\ndefects: { escaped: { labels: [x] } }\nrules: [{ id: few, metric: escaped, max: 5 }]\n",
    )
    .unwrap();
    let rule = json!([{ "type": "required_status_checks", "ruleset_id": 5, "parameters": {
        "required_status_checks": [{ "context": "ci / gate", "integration_id": 15368 }] } }]);
    let (address, requests) = serve(vec![
        ("/repos/acme/shop", 200, json!({ "default_branch": "release/1.x" })),
        ("/repos/acme/shop/rules/branches/release%2F1.x?per_page=100", 200, rule),
        ("/repos/acme/shop/branches/release%2F1.x", 200, json!({ "protection": {} })),
        ("/repos/acme/shop/rulesets/5", 403, json!({ "message": "Resource not accessible by integration" })),
        ("/repos/acme/shop/environments?per_page=100", 200, json!({ "environments": [] })),
        ("/repos/acme/shop/actions/workflows?per_page=100", 200, json!({ "workflows": [] })),
    ]);
    let env = [
        ("GITHUB_API_URL", address.as_str()),
        ("GITHUB_TOKEN", "ghs_secret"),
        ("ESCAPE_GATE_RETRY_WAIT", "1ms"),
    ];
    let output = run(folder.path(), &["doctor", "--repo", "acme/shop", "--format", "json"], &env);
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(10), "{log}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["findings"][0]["id"], "gate-not-required");
    assert_eq!(report["findings"][0]["details"]["nearest"], "ci / gate");
    assert_eq!(report["not-known"][0]["subject"], "ruleset 5");
    let asked: Vec<String> = requests.try_iter().collect();
    assert_eq!(asked.len(), 6, "{asked:#?}");
    assert!(
        asked.iter().all(|head| head.starts_with("GET ")
            && head.to_lowercase().contains("authorization: bearer ghs_secret"))
    );
}
