//! Findings 6, 11, 15, 17, 24 and 10 as far as it is about required checks.

use super::{Sample, on_change};

const GATE: &str = "  gate:\n    runs-on: x\n    steps:\n      - { uses: acme/escape-gate@v1, with: { comment: none, snapshot: s.json } }\n";
const TEST: &str = "  test:\n    runs-on: x\n    steps: [{ run: make test }]\n";

fn with_keys(keys: &str) -> String {
    on_change(&format!("{TEST}{}", GATE.replace("  gate:\n", &format!("  gate:\n{keys}"))))
}

#[test]
fn skipped_gate_counts_as_success() {
    let (warning, error) =
        (["warning gate-job-skippable release.yml#gate"], ["error gate-job-skippable release.yml#gate"]);
    for keys in [
        "    needs: test\n",
        "    if: github.actor != 'bot'\n",
        "    needs: test\n    if: always() && needs.test.result == 'success'\n",
    ] {
        assert_eq!(Sample::release(&with_keys(keys)).findings(), warning, "{keys}");
        assert_eq!(Sample::release(&with_keys(keys)).requires(&["gate"]).findings(), error, "{keys}");
    }
    for keys in [
        "",
        "    needs: test\n    if: always()\n",
        "    needs: test\n    if: ${{ !cancelled() }}\n",
        "    if: github.event_name == 'pull_request'\n",
    ] {
        assert_eq!(Sample::release(&with_keys(keys)).findings(), [""; 0], "{keys}");
    }
}

#[test]
fn aggregate_guards_a_skippable_gate() {
    let text = with_keys("    needs: test\n");
    let sum = "  sum:\n    needs: [test, gate]\n    if: always()\n    runs-on: x\n    steps:\n      - run: exit 1\n        if: needs.gate.result != 'success'\n";
    assert_eq!(Sample::release(&format!("{text}{sum}")).requires(&["sum"]).findings(), [""; 0]);
}

#[test]
fn required_aggregate_asks_for_success() {
    let sum = |condition: &str, step: &str| {
        let job = format!(
            "  sum:\n    needs: gate\n    if: {condition}\n    runs-on: x\n    steps: [{{ run: exit 1{step} }}]\n"
        );
        Sample::release(&on_change(&format!("{GATE}{job}"))).requires(&["sum"]).findings()
    };
    let found = ["error aggregate-lets-through release.yml#sum"];
    assert_eq!(sum("always()", ", if: \"contains(needs.*.result, 'failure')\""), found);
    assert_eq!(sum("always()", ", if: needs.gate.result != 'success'"), [""; 0]);
    assert_eq!(sum("failure() || cancelled()", ""), [""; 0]);
    assert_eq!(sum("failure()", ""), found);
}

#[test]
fn check_is_required_by_its_exact_name() {
    let found = ["error gate-not-required release.yml#gate"];
    let gate = || Sample::release(&on_change(GATE));
    assert_eq!(gate().requires(&["gate"]).findings(), [""; 0]);
    assert_eq!(gate().requires(&["CI / gate"]).findings(), found);
    assert_eq!(gate().requires(&[]).findings(), found);
    assert_eq!(gate().findings(), [""; 0]);
    let named = on_change(&GATE.replace("  gate:\n", "  gate:\n    name: Release gate\n"));
    assert_eq!(Sample::release(&named).requires(&["Release gate"]).findings(), [""; 0]);
    assert_eq!(Sample::release(&named).requires(&["gate"]).findings(), found);
    let matrix = on_change(
        &GATE.replace("  gate:\n", "  gate:\n    strategy: { matrix: { os: [linux, mac], v: [1, 2] } }\n"),
    );
    assert_eq!(Sample::release(&matrix).requires(&["gate (mac, 2)"]).findings(), [""; 0]);
    assert_eq!(Sample::release(&matrix).requires(&["gate"]).findings(), found);
    let status = on_change(&GATE.replace("comment: none", "comment: none, status: true"));
    assert_eq!(Sample::release(&status).requires(&["escape-gate"]).findings(), [""; 0]);
}

#[test]
fn called_gate_reports_caller_and_job() {
    let called = format!("on: workflow_call\njobs:\n{GATE}");
    let caller = on_change("  judge:\n    uses: ./.github/workflows/gate.yml\n");
    let sample = || Sample::release(&caller).workflow("gate.yml", &called);
    assert_eq!(sample().requires(&["judge / gate"]).findings(), [""; 0]);
    assert_eq!(sample().requires(&["gate"]).findings(), ["error gate-not-required gate.yml#gate"]);
}

#[test]
fn other_branch_needs_no_check() {
    let text = on_change(GATE).replace("on: pull_request", "on: { pull_request: { branches: [develop] } }");
    assert_eq!(Sample::release(&text).requires(&[]).findings(), [""; 0]);
}

#[test]
fn required_check_has_to_report() {
    let found = ["warning gate-check-never-reports release.yml#gate"];
    let on =
        |event: &str| Sample::release(&on_change(GATE).replace("on: pull_request", &format!("on: {event}")));
    for event in [
        "{ pull_request: { paths: [src/**] } }",
        "{ pull_request: { paths-ignore: ['**.md'] } }",
        "{ pull_request: { types: [labeled] } }",
    ] {
        assert_eq!(on(event).findings(), found, "{event}");
        assert_eq!(on(event).requires(&["gate"]).findings(), found, "{event}");
    }
    assert_eq!(on("{ pull_request: { branches: [develop] } }").requires(&["gate"]).findings(), found);
    assert_eq!(on("{ pull_request: { branches: [ma*] } }").requires(&["gate"]).findings(), [""; 0]);
    // A workflow that also builds a branch is not known to be a check.
    assert_eq!(on("{ push: { branches: [main] }, pull_request: { paths: [src/**] } }").findings(), [""; 0]);
    let queue = |event: &str| {
        on(event).requires(&["gate"]).server(|server| server.branches[0].has_queue = true).findings()
    };
    assert_eq!(queue("pull_request"), found);
    assert_eq!(queue("[pull_request, merge_group]"), [""; 0]);
}

#[test]
fn name_of_the_gate_is_unique() {
    let other = |on: &str, job: &str| {
        let text = format!("on: {on}\njobs:\n  {job}:\n    runs-on: x\n    steps: [{{ run: echo }}]\n");
        Sample::release(&on_change(GATE)).workflow("docs.yml", &text).findings()
    };
    let found = ["warning check-name-shared release.yml#gate"];
    assert_eq!(other("pull_request", "gate"), found);
    assert_eq!(other("push", "gate"), found);
    assert_eq!(other("pull_request", "docs"), [""; 0]);
    assert_eq!(other("{ push: { branches: [main] } }", "gate"), [""; 0]);
    assert_eq!(other("{ push: { tags: [v1] } }", "gate"), [""; 0]);
}

#[test]
fn check_from_any_source_can_be_forged() {
    let gate = || Sample::release(&on_change(GATE)).requires(&["gate"]);
    let found = ["warning gate-bypassable main"];
    let open = gate().server(|server| server.branches[0].checks[0].has_source = false);
    assert_eq!(open.findings(), found);
    let bypassed = gate().server(|server| server.branches[0].bypass.push("Team 4".to_owned()));
    assert_eq!(bypassed.findings(), found);
    assert_eq!(gate().findings(), [""; 0]);
}
