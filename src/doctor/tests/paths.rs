//! Findings 1 to 4 and 10: publishing behind the gate, or not.

use super::{GATE, Sample, npm, on_tag};

fn of_package(keys: &str) -> Vec<String> {
    Sample::release(&on_tag(&npm(keys))).findings()
}

#[test]
fn needs_as_text_or_list_is_behind() {
    for keys in ["    needs: gate", "    needs: [gate]", "    needs:\n      - gate", "    needs: GATE"] {
        assert_eq!(of_package(keys), [""; 0], "{keys}");
    }
    assert_eq!(of_package(""), ["error publish-not-behind-gate release.yml#package"]);
}

#[test]
fn condition_with_look_at_the_result_is_behind() {
    for condition in [
        "always() && needs.gate.result == 'success'",
        "${{ always() && needs.gate.result == 'success' }}",
        "${{ !cancelled() && needs['gate'].result == 'success' }}",
        "always() && !contains(needs.*.result, 'failure') && !contains(needs.*.result, 'cancelled')",
        "!failure() && !cancelled()",
        "success()",
        "startsWith(github.ref, 'refs/tags/')",
        "always() && needs.gate.result == 'success' && github.repository == 'acme/shop'",
        "always() && (needs.gate.result == 'success' || needs.gate.result == 'skipped')",
    ] {
        let keys = format!("    needs: gate\n    if: {}", quoted(condition));
        assert_eq!(of_package(&keys), [""; 0], "{condition}");
    }
}

#[test]
fn condition_that_runs_after_a_failure_is_a_hole() {
    for condition in [
        "always()",
        "${{ always() }}",
        "!cancelled()",
        "failure()",
        "success() || failure()",
        "always() && startsWith(github.ref, 'refs/tags/')",
        "always() && needs.gate.result != 'failure'",
        "!cancelled() && needs.gate.result != 'failure'",
        "always() && (needs.gate.result == 'success' || inputs.force || vars.FORCE == 'yes')",
        "always() && !contains(needs.*.result, 'failure')",
    ] {
        let keys = format!("    needs: gate\n    if: {}", quoted(condition));
        assert_eq!(of_package(&keys), ["error publish-ignores-result release.yml#package"], "{condition}");
    }
}

#[test]
fn block_text_around_an_expression_is_always_true() {
    let block = "    needs: gate\n    if: |\n      ${{ always() && needs.gate.result == 'success' }}";
    assert_eq!(of_package(block), ["error publish-ignores-result release.yml#package"]);
    let stripped = block.replace("if: |", "if: >-");
    assert_eq!(of_package(&stripped), [""; 0]);
    let plain = "    needs: gate\n    if: |\n      always() &&\n      needs.gate.result == 'success'";
    assert_eq!(of_package(plain), [""; 0]);
}

#[test]
fn skipped_gate_passes_only_where_it_can_be_skipped() {
    let skippable = GATE.replace("  gate:\n", "  gate:\n    if: vars.GATE != 'off'\n");
    let keys = "    needs: gate\n    if: always() && (needs.gate.result == 'success' || needs.gate.result == 'skipped')";
    let text = format!("on: {{ push: {{ tags: ['v*'] }} }}\njobs:{skippable}{}", npm(keys));
    assert_eq!(Sample::release(&text).findings(), ["error publish-ignores-result release.yml#package"]);
    // The same input decides about both.
    let both = text.replace("if: always() &&", "if: always() && vars.GATE != 'off' &&");
    assert_eq!(Sample::release(&both).findings(), [""; 0]);
}

#[test]
fn one_strict_chain_is_enough() {
    let build = "\n  build:\n    needs: gate\n    if: always()\n    runs-on: x\n    steps: [{ run: make }]\n";
    let both = on_tag(&format!("{build}{}", npm("    needs: [build, gate]")));
    assert_eq!(Sample::release(&both).findings(), [""; 0]);
    let loose = on_tag(&format!("{build}{}", npm("    needs: build")));
    assert_eq!(Sample::release(&loose).findings(), ["error publish-ignores-result release.yml#package"]);
    let strict = loose.replace("    if: always()\n", "");
    assert_eq!(Sample::release(&strict).findings(), [""; 0]);
}

#[test]
fn aggregate_has_to_ask_for_success() {
    let with = |steps: &str| {
        let sum =
            format!("\n  sum:\n    needs: gate\n    if: always()\n    runs-on: x\n    steps: [{steps}]\n");
        Sample::release(&on_tag(&format!("{sum}{}", npm("    needs: sum")))).findings()
    };
    let found = ["error aggregate-lets-through release.yml#sum"];
    assert_eq!(with("{ run: echo done }"), found);
    assert_eq!(with("{ run: exit 1, if: \"contains(needs.*.result, 'failure')\" }"), found);
    assert_eq!(with("{ run: exit 1, if: needs.gate.result != 'success' }"), [""; 0]);
    let both = "\"contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')\"";
    assert_eq!(with(&format!("{{ run: exit 1, if: {both} }}")), [""; 0]);
    let green = "{ uses: re-actors/alls-green@v1, with: { jobs: \"${{ toJSON(needs) }}\" } }";
    assert_eq!(with(green), [""; 0]);
    assert_eq!(with("{ run: \"[[ '${{ needs.gate.result }}' == success ]] || exit 1\" }"), [""; 0]);
}

#[test]
fn order_of_steps_in_one_job_counts() {
    let job = |steps: &str| {
        let text =
            format!("on: {{ push: {{ tags: ['v*'] }} }}\njobs:\n  all:\n    runs-on: x\n    steps:\n{steps}");
        Sample::release(&text).findings()
    };
    let (gate, publish) = (
        "      - { uses: acme/escape-gate@v1, with: { snapshot: s.json } }\n",
        "      - { run: cargo publish }\n",
    );
    assert_eq!(job(&format!("{gate}{publish}")), [""; 0]);
    assert_eq!(job(&format!("{publish}{gate}")), ["error gate-after-publish release.yml#all"]);
    let always = "      - { run: cargo publish, if: always() }\n";
    assert_eq!(job(&format!("{gate}{always}")), ["error publish-ignores-result release.yml#all"]);
}

#[test]
fn gate_that_needs_the_publishing_job_is_late() {
    let text = on_tag(&npm("")).replace("  gate:\n", "  gate:\n    needs: package\n");
    assert_eq!(Sample::release(&text).findings(), ["error gate-after-publish release.yml#gate"]);
}

#[test]
fn gate_on_a_published_release_is_late() {
    let on = |event: &str| {
        let text = format!("on: {event}\njobs:{GATE}{}", npm("    needs: gate"));
        Sample::release(&text).findings()
    };
    let late = ["error gate-after-publish release.yml#gate"];
    assert_eq!(on("{ release: { types: [published] } }"), late);
    assert_eq!(on("release"), late);
    assert_eq!(on("{ release: { types: [prereleased] } }"), [""; 0]);
    assert_eq!(on("{ push: { tags: [v1] } }"), [""; 0]);
}

#[test]
fn other_workflow_without_gate_is_a_path() {
    let gate = on_tag("");
    let other = |on: &str| {
        let text = format!("on: {on}\njobs:{}", npm(""));
        Sample::release(&gate).workflow("other.yml", &text).findings()
    };
    let found = ["error publish-path-without-gate other.yml#package"];
    for on in [
        "workflow_dispatch",
        "{ push: { branches: [main] } }",
        "{ schedule: [{ cron: '1 1 * * *' }] }",
        "push",
    ] {
        assert_eq!(other(on), found, "{on}");
    }
    for on in ["pull_request", "merge_group", "workflow_call", "{ pull_request: { types: [opened] } }"] {
        assert_eq!(other(on), [""; 0], "{on}");
    }
    assert_eq!(other("{ pull_request: { types: [closed] } }"), found);
}

#[test]
fn jobs_behind_one_open_job_are_one_hole() {
    let second = npm("    needs: package").replace("  package:\n", "  second:\n");
    let text = on_tag(&format!("{}{second}", npm("")));
    assert_eq!(Sample::release(&text).findings(), ["error publish-not-behind-gate release.yml#package"]);
}

#[test]
fn called_workflow_is_judged_at_its_caller() {
    let called = format!("on: workflow_call\njobs:{}", npm(""));
    let call = |keys: &str| {
        let text = on_tag(&format!("\n  ship:\n{keys}    uses: ./.github/workflows/npm.yml\n"));
        Sample::release(&text).workflow("npm.yml", &called).findings()
    };
    assert_eq!(call("    needs: gate\n"), [""; 0]);
    assert_eq!(call(""), ["error publish-not-behind-gate release.yml#ship"]);
    let own = called.replace("on: workflow_call", "on: [workflow_call, workflow_dispatch]");
    let text = on_tag("\n  ship:\n    needs: gate\n    uses: $/.github/workflows/npm.yml\n");
    let found = Sample::release(&text).workflow("npm.yml", &own).findings();
    assert_eq!(found, ["error publish-path-without-gate npm.yml#package"]);
}

#[test]
fn gate_in_a_called_workflow_counts() {
    let called = format!("on: workflow_call\njobs:{GATE}");
    let call = "\n  judge:\n    uses: ./.github/workflows/gate.yml\n";
    let text = format!("on: {{ push: {{ tags: ['v*'] }} }}\njobs:{call}{}", npm("    needs: judge"));
    assert_eq!(Sample::release(&text).workflow("gate.yml", &called).findings(), [""; 0]);
    let beside = text.replace("    needs: judge\n", "");
    let found = Sample::release(&beside).workflow("gate.yml", &called).findings();
    assert_eq!(found, ["error publish-not-behind-gate release.yml#package"]);
}

#[test]
fn input_of_a_call_decides_whether_it_publishes() {
    let called = "on: { workflow_call: { inputs: { publish: { type: boolean, default: false } } } }\njobs:\n  npm:\n    \
                  runs-on: x\n    steps: [{ run: npm publish, if: inputs.publish }]\n";
    let call = |with: &str| {
        let ci = format!(
            "on: {{ push: {{ branches: [main] }} }}\njobs:\n  build:\n    uses: ./.github/workflows/npm.yml\n{with}"
        );
        Sample::release(&on_tag("")).workflow("ci.yml", &ci).workflow("npm.yml", called).findings()
    };
    assert_eq!(call(""), [""; 0]);
    assert_eq!(call("    with: { publish: false }\n"), [""; 0]);
    assert_eq!(call("    with: { publish: true }\n"), ["error publish-path-without-gate ci.yml#build"]);
}

#[test]
fn composite_actions_are_read() {
    let gate = "name: Judge\nruns:\n  using: composite\n  steps:\n    - uses: acme/escape-gate@v1\n";
    let ship = "name: Ship\nruns:\n  using: composite\n  steps:\n    - run: twine upload dist/*\n      shell: bash\n";
    let text = |needs: &str| {
        format!(
            "on: {{ push: {{ tags: ['v*'] }} }}\njobs:\n  judge:\n    runs-on: x\n    steps: [{{ uses: ./.github/actions/judge }}]\n  \
             ship:\n{needs}    runs-on: x\n    steps: [{{ uses: ./.github/actions/ship }}]\n"
        )
    };
    let sample = |needs: &str| {
        Sample::release(&text(needs))
            .action(".github/actions/judge", gate)
            .action(".github/actions/ship", ship)
            .findings()
    };
    assert_eq!(sample("    needs: judge\n"), [""; 0]);
    assert_eq!(sample(""), ["error publish-not-behind-gate release.yml#ship"]);
}

#[test]
fn run_after_a_gated_workflow_asks_for_success() {
    let gated = format!("name: Gate\n{}", on_tag(""));
    let after = |condition: &str| {
        let text = format!(
            "on: {{ workflow_run: {{ workflows: [Gate], types: [completed] }} }}\njobs:{}",
            npm(condition)
        );
        Sample::release(&gated).workflow("after.yml", &text).findings()
    };
    let found = ["error publish-ignores-result after.yml#package"];
    assert_eq!(after(""), found);
    assert_eq!(after("    if: github.event.workflow_run.conclusion == 'success'"), [""; 0]);
    assert_eq!(after("    if: ${{ 'success' == github.event.workflow_run.conclusion }}"), [""; 0]);
    assert_eq!(after("    if: github.event.workflow_run.conclusion != 'failure'"), found);
    let other =
        format!("on: {{ workflow_run: {{ workflows: [CI], types: [completed] }} }}\njobs:{}", npm(""));
    let found = Sample::release(&gated).workflow("after.yml", &other).findings();
    assert_eq!(found, ["error publish-path-without-gate after.yml#package"]);
}

#[test]
fn publishing_by_name_alone_is_a_note() {
    let text = "on: { push: { branches: [main] } }\njobs:\n  web:\n    environment: production\n    runs-on: x\n    \
                steps: [{ run: make deploy }]\n";
    let report = Sample::release(&on_tag("")).workflow("deploy.yml", text).report();
    let found: Vec<_> = report.findings.iter().map(|one| (one.id, one.level.name())).collect();
    assert_eq!(found, [("publish-path-without-gate", "note")]);
}

fn quoted(condition: &str) -> String {
    format!("\"{}\"", condition.replace('"', "\\\""))
}
