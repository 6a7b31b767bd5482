//! Findings 5, 7, 8, 9, 13, 18, 19 and 25: the gate itself.

use super::{Sample, npm, on_tag};

/// Findings of a tag workflow whose gate step and the steps in front of it are given.
fn of_steps(steps: &str) -> Vec<String> {
    sample(steps).findings()
}

fn sample(steps: &str) -> Sample {
    let text = format!(
        "on: {{ push: {{ tags: ['v*'] }}, workflow_dispatch: {{ inputs: {{ skip: {{ type: boolean }} }} }} }}\njobs:\n  gate:\n    \
         runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n{steps}{}",
        npm("    needs: gate")
    );
    Sample::release(&text)
}

const TESTS: &str = "      - run: make test\n";

fn action(keys: &str) -> String {
    format!("{TESTS}      - uses: acme/escape-gate@v1\n        with: {{ comment: none }}\n{keys}")
}

fn command(script: &str) -> String {
    format!(
        "{TESTS}      - run: |\n          {}\n        env: {{ ESCAPE_GATE_COMMENT: none }}\n",
        script.replace('\n', "\n          ")
    )
}

#[test]
fn switch_on_the_gate_step_is_an_error() {
    let found = ["error gate-step-conditional release.yml#gate"];
    for condition in [
        "${{ !inputs.skip }}",
        "vars.GATE == 'on'",
        "!contains(github.event.head_commit.message, 'skip gate')",
        "failure()",
        "github.event_name == 'workflow_dispatch'",
        "env.GATE != 'off'",
    ] {
        assert_eq!(of_steps(&action(&format!("        if: \"{condition}\"\n"))), found, "{condition}");
    }
    for condition in [
        "always()",
        "${{ !cancelled() }}",
        "success() || failure()",
        "success()",
        "github.repository == 'acme/shop'",
    ] {
        assert_eq!(of_steps(&action(&format!("        if: \"{condition}\"\n"))), [""; 0], "{condition}");
    }
}

#[test]
fn gate_in_one_job_of_a_matrix_is_no_switch() {
    let text = "on: pull_request\njobs:\n  test:\n    strategy: { matrix: { os: [linux, mac] } }\n    runs-on: x\n    steps:\n      - \
                uses: acme/escape-gate@v1\n        if: matrix.os == 'OS'\n        with: { comment: none, snapshot: s.json }\n";
    assert_eq!(Sample::release(&text.replace("OS'", "linux'")).findings(), [""; 0]);
    let found = Sample::release(&text.replace("OS'", "windows'")).findings();
    assert_eq!(found, ["error gate-step-conditional release.yml#test"]);
}

#[test]
fn continue_on_error_opens_step_and_job() {
    let found = ["error gate-continue-on-error release.yml#gate"];
    assert_eq!(of_steps(&action("        continue-on-error: true\n")), found);
    assert_eq!(of_steps(&action("        continue-on-error: ${{ true }}\n")), found);
    assert_eq!(
        of_steps(&action("        continue-on-error: ${{ github.event_name == 'pull_request' }}\n")),
        [""; 0]
    );
    assert_eq!(of_steps(&action("        continue-on-error: false\n")), [""; 0]);
    let job = on_tag(&npm("    needs: gate")).replace("  gate:\n", "  gate:\n    continue-on-error: true\n");
    assert_eq!(Sample::release(&job).findings(), found);
}

#[test]
fn later_step_may_fail_by_the_outcome() {
    let soft = action("        id: judge\n        continue-on-error: true\n");
    let check = "      - run: exit 1\n        if: steps.judge.outcome != 'success'\n";
    assert_eq!(of_steps(&format!("{soft}{check}")), [""; 0]);
    let other = check.replace("steps.judge", "steps.other");
    assert_eq!(of_steps(&format!("{soft}{other}")), ["error gate-continue-on-error release.yml#gate"]);
}

#[test]
fn swallowed_exit_code_is_an_error() {
    let found = ["error gate-exit-swallowed release.yml#gate"];
    for script in [
        "escape-gate check || true",
        "./bin/escape-gate check || echo failed",
        "escape-gate check 2>&1 | tee log",
        "set +e\nescape-gate check\necho done",
        "if escape-gate check; then echo good; fi",
        "escape-gate check &",
        "echo \"$(escape-gate check)\"",
        "(escape-gate check) || true",
        "escape-gate check && echo good || echo bad",
    ] {
        assert_eq!(of_steps(&command(script)), found, "{script}");
    }
    for script in [
        "escape-gate check",
        "escape-gate --verbose check --release v1\necho done",
        "set -o pipefail\nescape-gate check | tee log",
        "set -euo pipefail; escape-gate check | tee log",
        "escape-gate check || exit 1",
        "escape-gate check || { echo no; exit 1; }",
        "set +e\nescape-gate check\ncode=$?\necho $code\nexit $code",
        "if ! escape-gate check; then exit 1; fi",
        "verdict=$(escape-gate check)",
        "escape-gate check | tee log; exit ${PIPESTATUS[0]}",
        "cd app && escape-gate check",
    ] {
        assert_eq!(of_steps(&command(script)), [""; 0], "{script}");
    }
}

#[test]
fn shell_decides_about_pipes() {
    let piped = command("escape-gate check | tee log");
    let with = |shell: &str| of_steps(&format!("{piped}        shell: {shell}\n"));
    let found = ["error gate-exit-swallowed release.yml#gate"];
    assert_eq!(with("bash"), [""; 0]);
    assert_eq!(with("sh"), found);
    assert_eq!(with("bash -eo pipefail {0}"), [""; 0]);
    assert_eq!(with("bash -e {0}"), found);
    let job = on_tag("").replace(
        "uses: acme/escape-gate@v1\n        with: { comment: none }",
        "run: escape-gate check --comment none | tee log",
    );
    assert_eq!(Sample::release(&job).findings(), found);
    let defaults = job.replacen("on:", "defaults: { run: { shell: bash } }\non:", 1);
    assert_eq!(Sample::release(&defaults).findings(), [""; 0]);
}

#[test]
fn gate_that_only_reports_is_an_error() {
    let found = ["error gate-report-only release.yml#gate"];
    assert_eq!(of_steps(&action("").replace("comment: none", "comment: none, fail-on: never")), found);
    assert_eq!(of_steps(&command("escape-gate check --fail-on never")), found);
    assert_eq!(of_steps(&command("escape-gate check --fail-on=never")), found);
    assert_eq!(of_steps(&command("escape-gate check --dry-run")), found);
    assert_eq!(of_steps(&action("        env: { ESCAPE_GATE_DRY_RUN: 'true' }\n")), found);
    assert_eq!(of_steps(&action("        env: { ESCAPE_GATE_DRY_RUN: '' }\n")), [""; 0]);
    assert_eq!(of_steps(&action("").replace("comment: none", "comment: none, fail-on: unknown")), [""; 0]);
    let by_event =
        "comment: none, fail-on: \"${{ github.event_name == 'pull_request' && 'never' || 'unknown' }}\"";
    assert_eq!(of_steps(&action("").replace("comment: none", by_event)), [""; 0]);
    let observed = sample(&action("")).policy(|policy| policy.observe = Some(("base.yml".into(), 2)));
    assert_eq!(observed.findings(), ["error gate-report-only base.yml"]);
}

#[test]
fn trial_gate_next_to_a_real_one_is_fine() {
    let trial =
        "      - uses: acme/escape-gate@v1\n        with: { comment: none, fail-on: never, id: trial }\n";
    assert_eq!(of_steps(&format!("{}{trial}", action(""))), [""; 0]);
    let status = trial.replace("id: trial", "id: trial, status: true");
    assert_eq!(of_steps(&format!("{}{status}", action(""))), ["error gate-report-only release.yml#gate"]);
}

#[test]
fn unknown_that_passes_is_a_warning() {
    let found = ["warning unknown-passes release.yml#gate"];
    assert_eq!(of_steps(&action("").replace("comment: none", "comment: none, fail-on: fail")), found);
    let tolerated = sample(&action("")).policy(|policy| policy.tolerated = vec!["tests"]);
    assert_eq!(tolerated.findings(), ["warning unknown-passes escape-gate.yml"]);
}

#[test]
fn hidden_tests_need_a_rule() {
    let soft = |tests: &str| {
        format!("{tests}      - uses: acme/escape-gate@v1\n        with: {{ comment: none }}\n")
    };
    let found = ["error tests-failure-hidden release.yml#gate"];
    for tests in [
        "      - run: npm test || true\n",
        "      - run: pytest | tee log\n",
        "      - run: cargo test\n        continue-on-error: true\n",
        "      - run: set +e; go test ./...; echo done\n",
    ] {
        let bare = || sample(&soft(tests)).policy(|policy| policy.has_tests_rule = false);
        assert_eq!(bare().findings(), found, "{tests}");
        assert_eq!(sample(&soft(tests)).findings(), [""; 0], "{tests}");
        let without_reports = sample(&soft(tests)).policy(|policy| policy.reports.clear());
        assert_eq!(without_reports.findings(), found, "{tests}");
    }
    let hard = sample(&soft(TESTS)).policy(|policy| policy.has_tests_rule = false);
    assert_eq!(hard.findings(), [""; 0]);
    let lint =
        sample(&soft("      - run: make lint || true\n")).policy(|policy| policy.has_tests_rule = false);
    assert_eq!(lint.findings(), [""; 0]);
    let told = "      - run: pytest\n        id: t\n        continue-on-error: true\n      - uses: acme/escape-gate@v1\n        with: { comment: none, tests-outcome: '${{ steps.t.outcome }}' }\n";
    assert_eq!(sample(told).policy(|policy| policy.has_tests_rule = false).findings(), [""; 0]);
}

#[test]
fn reports_come_from_somewhere() {
    let found = ["warning reports-unproduced release.yml#gate"];
    let bare = "      - uses: acme/escape-gate@v1\n        with: { comment: none }\n";
    assert_eq!(of_steps(bare), found);
    let download = format!("      - uses: actions/download-artifact@v5\n{bare}");
    assert_eq!(of_steps(&download), [""; 0]);
    let globs = |glob: &str| {
        sample(&action("").replace("comment: none", &format!("comment: none, reports: '{glob}'")))
            .folder("modules/cart")
    };
    assert_eq!(globs("modules/billing/build/**/TEST-*.xml").findings(), found);
    assert_eq!(globs("services/billing/build/**/TEST-*.xml").findings(), found);
    for glob in [
        "modules/cart/build/**/TEST-*.xml",
        "build/reports/*.xml",
        "from-the-run/**",
        "**/TEST-*.xml",
        "junit.xml",
    ] {
        assert_eq!(globs(glob).findings(), [""; 0], "{glob}");
    }
}

#[test]
fn verdict_is_lost_if_tests_fail_first() {
    let notes = |keys: &str, gate: &str| {
        let steps = format!("{TESTS}      - uses: acme/escape-gate@v1\n{gate}{keys}");
        sample(&steps).report().findings.iter().map(|finding| finding.id).collect::<Vec<_>>()
    };
    assert_eq!(notes("", ""), ["gate-not-reached"]);
    assert_eq!(notes("        if: ${{ !cancelled() }}\n", ""), [""; 0]);
    assert_eq!(notes("", "        with: { comment: none }\n"), [""; 0]);
}
