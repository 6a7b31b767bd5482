// One shape everywhere: the README, every page, what `init` writes, and the project's own workflows where the gate runs.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import YAML from 'yaml';

import {otherWorkflows, ownWorkflows, pageWorkflows, proposedWorkflows} from './documents.mjs';
import {ACTION, eventsOf, gateOf, shapeProblems} from './shape.mjs';

const page = pageWorkflows();
const proposed = proposedWorkflows();
const documents = [...page, ...otherWorkflows(), ...proposed];
const own = ownWorkflows().filter(({workflow}) => Object.values(workflow.jobs).some(gateOf));

test('there is a workflow in the README, and one for each way to use the gate', () => {
  assert.equal(documents.filter(({path}) => path.startsWith('README.md')).length, 1);
  const events = new Set(page.flatMap(({workflow}) => eventsOf(workflow)));
  assert.deepEqual([...events].sort(), ['merge_group', 'pull_request', 'push', 'schedule', 'workflow_dispatch', 'workflow_run']);
  assert.equal(page.length, 10);
});

for (const document of documents) {
  test(`${document.path} has the shape`, () => assert.deepEqual(shapeProblems(document), []));
}

for (const workflow of own) {
  test(`${workflow.path} has the shape`, () => assert.deepEqual(shapeProblems(workflow, {own: true}), []));
}

test('an action has one commit everywhere', () => {
  const uses = documents.flatMap(({source}) => Array.from(source.matchAll(/uses: (\S+@\S+ # \S+)/g), ([, one]) => one));
  const commits = [...new Set(uses)];
  const names = commits.map((one) => one.split('@')[0]);
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), [], commits.join('\n'));
  assert.ok(commits.some((one) => one.startsWith(`${ACTION} # v`)));
});

/** The workflow of the README with one line changed. */
const README = documents.find(({path}) => path.startsWith('README.md')).source;
const DRAFT = proposed.find(({path}) => path.startsWith('init --workflow publish --reports')).source;
const NIGHT = page.find(({heading}) => heading === 'Every night').source;
const PLANTED = [
  [README, 'run: make test ', 'run: make test || true ', /hides an exit code/],
  [README, 'run: make test ', 'run: make test | tee log ', /pipe without pipefail/],
  [README, 'run: make test ', 'run: make test "${{ github.head_ref }}" ', /pasted/],
  [README, '        id: test', '        id: test\n        continue-on-error: true', /continue-on-error/],
  [README, '    runs-on:', '    continue-on-error: true\n    runs-on:', /continue-on-error/],
  [README, '        if: ${{ !cancelled() }}\n', '', /`if` of the gate is missing/],
  [README, '!cancelled()', 'success()', /`if` of the gate/],
  [README, '          tests-outcome: ${{ steps.test.outcome }}', '          comment: none', /`tests-outcome` is missing/],
  [README, 'steps.test.outcome', 'steps.test.conclusion', /`tests-outcome` is/],
  [README, '        id: test\n', '', /`tests-outcome` is/],
  [README, '    runs-on:', '    if: github.actor != \'x\'\n    runs-on:', /its `if` is/],
  [README, 'contents: read  ', 'contents: write ', /runs tests, and has `contents: write`/],
  [README, 'permissions: {}', 'permissions: read-all', /the workflow itself/],
  [README, 'on: pull_request', 'on: { pull_request: { paths: [src] } }', /`paths`/],
  [README, ACTION, 'OWNER/escape-gate@main', /not named by a commit/],
  [README, ACTION, `acme/escape-gate@${'1'.repeat(40)}`, /the action is named/],
  [README, ' # v7.0.1', '', /no version beside it/],
  [README, 'with: { persist-credentials: false }', 'with: { repository: OWNER/escape-gate }', /builds the gate/],
  [README, 'run: make test ', 'run: cargo install --git https://github.com/OWNER/escape-gate', /builds the gate/],
  [README, 'with: { persist-credentials: false }', 'with: {}', /leaves the token/],
  [README, '        with:\n', '        with:\n          fail-on: never\n', /weakens/],
  [DRAFT, '    if: ${{ always() }}\n', '', /its `if` is missing/],
  [DRAFT, 'if: ${{ always() }}', 'if: ${{ !cancelled() }}', /its `if` is/],
  [DRAFT, 'needs.test.result', 'needs.gate.result', /`tests-outcome` is/],
  [NIGHT, 'comment: release', 'comment: release\n          tests-outcome: success', /no tests run before/],
];

for (const [source, from, to, problem] of PLANTED) {
  test(`a workflow with '${to.trim()}' in the place of '${from.trim()}' is refused`, () => {
    assert.ok(source.includes(from), `'${from}' is not in the workflow`);
    const planted = source.replace(from, to);
    assert.match(shapeProblems({source: planted, workflow: YAML.parse(planted)}).join('\n'), problem);
  });
}

test('a job that runs behind the gate whatever it said is refused', () => {
  const tag = page.find(({heading}) => heading === 'Tag').source;
  const planted = tag.replace('needs: gate', 'needs: gate\n    if: ${{ always() }}');
  assert.match(shapeProblems({source: planted, workflow: YAML.parse(planted)}).join('\n'), /although the gate has not passed/);
});
