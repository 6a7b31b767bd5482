//! Findings 12, 14, 16 and 20 to 23, and comments that accept findings.

use super::{Sample, npm, on_change, on_tag};

const GATE: &str = "  gate:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v5\nREF      - { uses: acme/escape-gate@v1, with: { comment: none, snapshot: s.json } }\n";

#[test]
fn head_of_a_pull_request_brings_its_policy() {
    let on = |event: &str, with: &str| {
        let text = format!("on: {event}\njobs:\n{}", GATE.replace("REF", with));
        Sample::release(&text).findings()
    };
    let found = ["error untrusted-policy release.yml#gate"];
    let head = "        with: { ref: '${{ github.event.pull_request.head.sha }}' }\n";
    assert_eq!(on("pull_request_target", head), found);
    assert_eq!(on("pull_request", head), [""; 0]);
    assert_eq!(on("pull_request_target", ""), [""; 0]);
    assert_eq!(on("pull_request_target", &head.replace("ref:", "path: head, ref:")), [""; 0]);
    assert_eq!(on("pull_request_target", "      - run: gh pr checkout 1\n"), found);
    assert_eq!(on("pull_request_target", &format!("{head}      - uses: actions/checkout@v5\n")), [""; 0]);
    let run = "{ workflow_run: { workflows: [CI], types: [completed] } }";
    assert_eq!(on(run, "        with: { ref: '${{ github.event.workflow_run.head_sha }}' }\n"), found);
}

#[test]
fn run_after_pushes_alone_is_trusted() {
    let text = format!(
        "on: {{ workflow_run: {{ workflows: [CI], types: [completed] }} }}\njobs:\n{}",
        GATE.replace("REF", "        with: { ref: '${{ github.event.workflow_run.head_sha }}' }\n")
    );
    let ci = "name: CI\non: { push: { branches: [main] } }\njobs:\n  test:\n    runs-on: x\n    steps: [{ run: make test }]\n";
    assert_eq!(Sample::release(&text).workflow("ci.yml", ci).findings(), [""; 0]);
    let changes = ci.replace("on: { push: { branches: [main] } }", "on: pull_request");
    let found = Sample::release(&text).workflow("ci.yml", &changes).findings();
    assert_eq!(found, ["error untrusted-policy release.yml#gate"]);
}

#[test]
fn tag_of_the_job_token_starts_no_gate() {
    let maker = |steps: &str| {
        let text = format!(
            "on: {{ push: {{ branches: [main] }} }}\njobs:\n  bump:\n    runs-on: x\n    steps:\n{steps}"
        );
        Sample::release(&on_tag("")).workflow("bump.yml", &text).findings()
    };
    let found = ["error gate-never-triggered release.yml#gate"];
    let push = "      - uses: actions/checkout@v5\n      - run: git tag v1 && git push origin v1\n";
    assert_eq!(maker(push), found);
    assert_eq!(maker(&push.replace("git push origin v1", "git push --tags")), found);
    assert_eq!(maker(&push.replace("git push origin v1", "git push origin main")), [""; 0]);
    assert_eq!(maker("      - uses: googleapis/release-please-action@v4\n"), found);
    assert_eq!(
        maker(&push.replace("@v5\n", "@v5\n        with: { token: '${{ secrets.BOT }}' }\n")),
        [""; 0]
    );
    assert_eq!(
        maker(&push.replace("@v5\n", "@v5\n        with: { ssh-key: '${{ secrets.KEY }}' }\n")),
        [""; 0]
    );
    assert_eq!(maker(&format!("{push}      - run: gh workflow run release.yml\n")), [""; 0]);
    assert_eq!(
        maker(
            "      - uses: googleapis/release-please-action@v4\n        with: { token: '${{ secrets.BOT }}' }\n"
        ),
        [""; 0]
    );
}

#[test]
fn gate_with_another_trigger_runs() {
    let text = on_tag("").replace("tags: ['v*']", "tags: ['v*'], branches: [main]");
    let bump = "on: { push: { branches: [main] } }\njobs:\n  bump:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v5\n      - run: git push --tags\n";
    assert_eq!(Sample::release(&text).workflow("bump.yml", bump).findings(), [""; 0]);
}

#[test]
fn release_in_a_shared_group_is_cancelled() {
    let on = |event: &str, group: &str, cancel: &str| {
        let head =
            format!("concurrency: {{ group: \"{group}\", cancel-in-progress: \"{cancel}\" }}\non: {event}");
        let text = on_tag(&npm("    needs: gate")).replace("on: { push: { tags: ['v*'] } }", &head);
        Sample::release(&text).findings()
    };
    let found = ["warning release-cancellable release.yml#package"];
    let (tags, main) = ("{ push: { tags: ['v*'] } }", "{ push: { branches: [main] } }");
    assert_eq!(on(tags, "release", "true"), found);
    assert_eq!(on(tags, "release", "false"), [""; 0]);
    assert_eq!(on(tags, "x-${{ github.ref }}", "true"), [""; 0]);
    assert_eq!(on(main, "x-${{ github.ref }}", "true"), found);
    assert_eq!(on(tags, "x-${{ github.sha }}", "true"), found);
    assert_eq!(on(main, "x-${{ github.run_id }}", "true"), [""; 0]);
    assert_eq!(on(main, "x-${{ github.head_ref || github.run_id }}", "true"), [""; 0]);
    assert_eq!(on(main, "x-${{ github.head_ref }}", "true"), found);
    assert_eq!(on(main, "x-${{ github.ref }}", "${{ github.event_name == 'pull_request' }}"), [""; 0]);
    assert_eq!(on(main, "x-${{ github.ref }}", "${{ github.ref != 'refs/heads/main' }}"), [""; 0]);
}

#[test]
fn short_permissions_are_named() {
    let with = |permissions: &str, inputs: &str| {
        let gate = on_tag("").replace("  gate:\n", &format!("  gate:\n{permissions}"));
        Sample::release(&gate.replace("comment: none", &format!("comment: none{inputs}"))).findings()
    };
    let found = ["warning permissions-short release.yml#gate"];
    let all = "    permissions: { contents: read, issues: read, pull-requests: read }\n";
    assert_eq!(with("    permissions: { contents: read }\n", ""), found);
    assert_eq!(with("    permissions: {}\n", ""), found);
    assert_eq!(with(all, ""), [""; 0]);
    assert_eq!(with("", ""), [""; 0]);
    assert_eq!(with("    permissions: read-all\n", ""), [""; 0]);
    assert_eq!(with(all, ", status: true"), found);
    assert_eq!(with(all, ", publish: true"), found);
    assert_eq!(with("    permissions: {}\n", ", token: '${{ secrets.BOT }}'"), [""; 0]);
}

#[test]
fn policy_needs_an_owner() {
    let with = |text: &str| Sample::release(&on_tag("")).owners(text).findings();
    let found = ["warning policy-unowned escape-gate.yml"];
    assert_eq!(with("/src/ @acme/dev\n"), found);
    assert_eq!(with("* @acme/all\n"), [""; 0]);
    assert_eq!(with("* @acme/all\n/.github/escape-gate.yml\n"), found);
    assert_eq!(with("/.github/ @acme/release\n/CODEOWNERS @acme/release\n"), [""; 0]);
    assert_eq!(Sample::release(&on_tag("")).findings(), [""; 0]);
}

#[test]
fn disabled_workflow_has_no_gate() {
    let state = |state: &str| {
        let path = ".github/workflows/release.yml".to_owned();
        let sample = Sample::release(&on_tag(""));
        sample.server(|server| server.workflows = Some(vec![(path, state.to_owned())])).findings()
    };
    assert_eq!(state("disabled_inactivity"), ["error gate-disabled release.yml#gate"]);
    assert_eq!(state("active"), [""; 0]);
}

#[test]
fn environment_needs_rules() {
    let with = |environments: Option<Vec<(String, bool)>>| {
        let sample = Sample::release(&on_tag(&npm("    needs: gate\n    environment: npm")));
        sample.server(|server| server.environments = environments).findings()
    };
    let found = ["warning environment-open release.yml#package"];
    assert_eq!(with(Some(Vec::new())), found);
    assert_eq!(with(Some(vec![("NPM".into(), false)])), found);
    assert_eq!(with(Some(vec![("npm".into(), true)])), [""; 0]);
    assert_eq!(with(None), [""; 0]);
}

#[test]
fn comment_accepts_a_finding_with_a_reason() {
    let with = |comment: &str| {
        let job = npm("").replace("\n  package:", &format!("\n  {comment}\n  package:"));
        let report = Sample::release(&on_tag(&job)).report();
        let ids: Vec<&str> = report.findings.iter().map(|finding| finding.id).collect();
        (ids, report.ignored.len())
    };
    let id = "publish-not-behind-gate";
    assert_eq!(
        with("# escape-gate: ignore[publish-not-behind-gate] until 2027-01-01: internal registry"),
        (vec![], 1)
    );
    assert_eq!(with("# escape-gate: ignore[publish-not-behind-gate]: internal registry"), (vec![], 1));
    assert_eq!(
        with("# escape-gate: ignore[publish-not-behind-gate] until 2026-11-30: expired"),
        (vec![id], 0)
    );
    assert_eq!(with("# escape-gate: ignore[publish-not-behind-gate]"), (vec![id, "ignore-invalid"], 0));
    assert_eq!(with("# escape-gate: ignore[no-such-finding]: reason"), (vec![id, "ignore-invalid"], 0));
    assert_eq!(with("# escape-gate: ignore[gate-disabled]: reason"), (vec![id, "ignore-unused"], 0));
}

#[test]
fn comment_is_about_its_own_step() {
    let two = "\n  ship:\n    runs-on: x\n    steps:\n      # escape-gate: ignore[publish-not-behind-gate]: reason\n      - run: npm publish\n";
    let other = two
        .replace("  ship:", "  other:")
        .replace("      # escape-gate: ignore[publish-not-behind-gate]: reason\n", "");
    let found = Sample::release(&on_tag(&format!("{two}{other}"))).findings();
    assert_eq!(found, ["error publish-not-behind-gate release.yml#other"]);
}

#[test]
fn gate_for_changes_alone_says_nothing_of_publishing() {
    let report = Sample::release(&on_change(&GATE.replace("REF", ""))).report();
    assert_eq!(report.headline, "Found no way around the gate; no step that publishes was found");
}

#[test]
fn workflows_and_actions_that_call_each_other_end() {
    let mut sample = Sample::release(&on_tag(""));
    let calls: String =
        (0..12).map(|at| format!("  c{at}:\n    uses: ./.github/workflows/w{at}.yml\n")).collect();
    for at in 0..12 {
        sample =
            sample.workflow(&format!("w{at}.yml"), &format!("on: [push, workflow_call]\njobs:\n{calls}"));
    }
    let steps = "    - uses: ./a\n".repeat(9);
    let action = format!("runs:\n  using: composite\n  steps:\n{steps}");
    let text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{ uses: ./a }]\n";
    let needs: String = (0..60)
        .map(|at| {
            let needed: Vec<String> = (0..at).map(|other| format!("j{other}")).collect();
            format!(
                "  j{at}:\n    needs: [{}]\n    runs-on: x\n    steps: [{{ run: npm publish }}]\n",
                needed.join(", ")
            )
        })
        .collect();
    let dense = format!("on: push\njobs:\n{needs}");
    let report = sample.workflow("a.yml", text).workflow("dense.yml", &dense).action("a", &action).report();
    assert_eq!(report.findings.iter().filter(|finding| finding.id == "publish-path-without-gate").count(), 1);
}

#[test]
fn script_with_gate_and_publishing_is_in_order() {
    let job = |script: &str| {
        let text = format!(
            "on: {{ push: {{ tags: [v1] }} }}\njobs:\n  all:\n    runs-on: x\n    steps:\n      - run: make test\n      - run: {script}\n"
        );
        Sample::release(&text).findings()
    };
    assert_eq!(job("escape-gate check --comment none && npm publish"), [""; 0]);
    assert_eq!(
        job("npm publish && escape-gate check --comment none"),
        ["error gate-after-publish release.yml#all"]
    );
}
