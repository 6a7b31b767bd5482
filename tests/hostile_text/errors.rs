//! The texts as names of files, of options and in a policy, where an error repeats them on standard error, which the
//! runner of a workflow reads for commands too.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use escape_gate::output::escape::is_unprintable;

use super::corpus::corpus;

/// What is said of each text that can be given to a program at all.
#[test]
fn no_error_repeats_a_text_as_a_command_or_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let at =
        |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/zero-critical-holds").join(name);
    let (good, snapshot) = (at("policy.yml"), at("snapshot.json"));
    let attacks =
        ["workflow commands", "terminal sequences", "direction, width, hidden", "line ends", "step outputs"];
    for hostile in corpus().into_iter().filter(|hostile| attacks.contains(&&*hostile.group)) {
        let text = hostile.text;
        let quoted = serde_json::to_string(&text).unwrap();
        let policy = format!(
            "version: 1\ndefects: {{ escaped: {{ labels: [{quoted}] }} }}\nrules: [{{ id: {quoted}, metric: {quoted}, max: 0 }}]\n"
        );
        fs::write(folder.path().join("policy.yml"), policy).unwrap();
        inert(&run(folder.path(), "policy.yml", &[]), &text);
        if text.contains('\0') || text.is_empty() {
            continue;
        }
        inert(&run(folder.path(), &text, &[]), &text);
        let good = good.to_str().unwrap();
        inert(&run(folder.path(), good, &["--snapshot", &text]), &text);
        inert(&run(folder.path(), good, &[&format!("--fail-on={text}")]), &text);
        inert(&run(folder.path(), good, &["--repo", &text]), &text);
        let report = folder.path().join("no-folder").join(text.replace('/', "-"));
        let files = ["--snapshot", snapshot.to_str().unwrap(), "--report-file", report.to_str().unwrap()];
        inert(&run(folder.path(), good, &files), &text);
    }
}

/// Runs the program where no GitHub is to be reached.
fn run(folder: &Path, policy: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_escape-gate"))
        .args(["check", &format!("--policy={policy}")])
        .args(more)
        .current_dir(folder)
        .env_clear()
        .env("GITHUB_API_URL", "http://127.0.0.1:9")
        .env("ESCAPE_GATE_TIMEOUT", "1s")
        .env("ESCAPE_GATE_RETRY_WAIT", "1ms")
        .output()
        .unwrap()
}

/// Whether the log does nothing, and says something.
fn inert(output: &Output, text: &str) {
    let log = String::from_utf8(output.stderr.clone()).unwrap();
    let text: String = text.chars().take(60).collect();
    assert!(matches!(output.status.code(), Some(1..=3)), "{text:?}: {:?} {log}", output.status);
    assert!(!log.is_empty() && !log.contains("internal error"), "{text:?}: {log:?}");
    assert_eq!(
        log.chars().find(|c| *c != '\n' && *c != '\u{200b}' && is_unprintable(*c)),
        None,
        "{text:?}: {log:?}"
    );
    let command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
    assert_eq!(log.lines().find(command), None, "{text:?}");
}
