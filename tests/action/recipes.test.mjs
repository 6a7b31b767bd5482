// Every workflow of docs/recipes.md, and those that `init` writes: what can be said about it, and a run with the real program.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import YAML from 'yaml';

import {loadManifest} from './runner/actions.mjs';
import {runRecipe} from './recipes.mjs';
import {PROJECT} from './support.mjs';

const text = await readFile(join(PROJECT, 'docs/recipes.md'), 'utf8');
const manifest = await loadManifest(PROJECT);

const recipes = Array.from(text.matchAll(/^```yaml\n(# (\S+)\n.*?)^```$/gms), ([, source, path]) => ({path, source, workflow: YAML.parse(source)}));

/** The workflow that `init` writes. */
function proposed(kind) {
  const folder = mkdtempSync(join(tmpdir(), 'init-'));
  try {
    assert.ok(process.env.ESCAPE_GATE_BIN, 'ESCAPE_GATE_BIN is not set: the full path of target/debug/escape-gate');
    const env = {PATH: process.env.PATH};
    execFileSync(process.env.ESCAPE_GATE_BIN, ['init', '--yes', '--offline', '--workflow', kind, '--reports', 'build/**/TEST-*.xml'], {cwd: folder, env, stdio: 'pipe'});
    const source = readFileSync(join(folder, '.github/workflows/escape-gate.yml'), 'utf8');
    return {path: `init --workflow ${kind}`, source, workflow: YAML.parse(source)};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const written = ['pull-request', 'publish'].map(proposed);

const jobsOf = ({workflow}) => Object.entries(workflow.jobs).map(([id, job]) => ({id, job, on: eventsOf(workflow)}));
const eventsOf = ({on}) => (typeof on === 'string' ? [on] : Object.keys(on));
const stepsOf = (job) => job.steps ?? [];
const isGate = ({uses}) => uses?.includes('escape-gate') && !uses.startsWith('actions/');
const gateOf = (job) => [job, ...stepsOf(job)].find(isGate);
const needsOf = ({needs}) => [needs ?? []].flat();

/** The permissions that a job cannot do without. */
function leastFor({job, on}) {
  const gate = gateOf(job);
  const uses = (name) => stepsOf(job).find((step) => step.uses?.startsWith(name));
  const run = stepsOf(job).map((step) => step.run ?? '').join('\n');
  if (!gate) {
    return {contents: run.includes('gh release create') ? 'write' : 'read'};
  }
  const {with: given = {}} = gate;
  const comments = given.comment !== 'none';
  const onPull = on.some((event) => ['pull_request', 'workflow_run', 'workflow_call'].includes(event));
  const inNotes = comments && !onPull;
  return {
    ...uses('actions/download-artifact')?.with?.['run-id'] && {actions: 'read'},
    contents: given.publish || inNotes ? 'write' : 'read',
    issues: 'read',
    'pull-requests': comments && onPull ? 'write' : 'read',
    ...given.status && {statuses: 'write'},
  };
}

test('there is a recipe for each way to use the gate', () => {
  const events = new Set(recipes.flatMap(({workflow}) => eventsOf(workflow)));
  assert.deepEqual([...events].sort(), ['pull_request', 'push', 'schedule', 'workflow_call', 'workflow_dispatch', 'workflow_run']);
  assert.equal(recipes.length, 10);
  assert.equal(text.match(/^```yaml$/gm).length, recipes.length, 'every block is a workflow that names its file');
});

for (const recipe of [...recipes, ...written]) {
  const {path, workflow} = recipe;

  test(`${path} is plain YAML with the keys that GitHub knows`, () => {
    const document = YAML.parseDocument(recipe.source);
    assert.deepEqual([...document.errors, ...document.warnings], []);
    assert.deepEqual(Object.keys(workflow), ['name', 'on', 'permissions', 'jobs']);
    const known = ['name', 'needs', 'if', 'runs-on', 'permissions', 'strategy', 'steps', 'outputs', 'environment', 'concurrency', 'uses', 'with'];
    for (const {job} of jobsOf(recipe)) {
      assert.deepEqual(Object.keys(job).filter((key) => !known.includes(key)), []);
    }
  });

  test(`${path} gives each job the permissions it needs and no others`, () => {
    assert.deepEqual(workflow.permissions, {});
    for (const each of jobsOf(recipe)) {
      assert.deepEqual(each.job.permissions, leastFor(each), each.id);
    }
  });

  test(`${path} never skips the gate, and skips what stands behind it`, () => {
    for (const {id, job} of jobsOf(recipe)) {
      if (gateOf(job)) {
        assert.equal(job.if, needsOf(job).length > 0 ? 'always()' : undefined, `${id} must run whatever happened before`);
        assert.ok(stepsOf(job).filter(isGate).every((step) => step.if === undefined));
        assert.ok([job, gateOf(job)].every((each) => each['continue-on-error'] === undefined));
        assert.equal(gateOf(job).with?.['fail-on'], undefined);
      } else if (needsOf(job).some((needed) => gateOf(workflow.jobs[needed]))) {
        assert.equal(job.if, undefined, `${id} must be skipped unless the gate has passed`);
      }
    }
    const filters = ['paths', 'paths-ignore', 'branches-ignore'];
    assert.ok(filters.every((filter) => !(filter in (workflow.on?.pull_request ?? {}))));
  });

  test(`${path} uses inputs that the action has`, () => {
    for (const {job} of jobsOf(recipe).filter(({job: {steps}}) => steps)) {
      const names = Object.keys(stepsOf(job).find(isGate)?.with ?? {});
      const unknown = names.filter((name) => !(name in manifest.inputs));
      assert.deepEqual(unknown, []);
    }
  });

  test(`${path} pastes no expression into a script`, () => {
    for (const {run = ''} of jobsOf(recipe).flatMap(({job}) => stepsOf(job))) {
      assert.doesNotMatch(run, /\$\{\{/);
    }
  });

  test(`${path} leaves no token behind and, with rights over a stranger's pull request, checks out none of it`, () => {
    const checkouts = jobsOf(recipe).flatMap(({job}) => stepsOf(job)).filter(({uses}) => uses?.startsWith('actions/checkout'));
    assert.ok(checkouts.every((step) => step.with['persist-credentials'] === false));
    assert.ok(!eventsOf(workflow).includes('pull_request_target'));
    if (eventsOf(workflow).includes('workflow_run')) {
      assert.ok(checkouts.every((step) => !('ref' in step.with)), 'the default branch');
      assert.ok(checkouts.every((step) => ['OWNER/escape-gate', undefined].includes(step.with.repository)));
      assert.doesNotMatch(recipe.source, /head_sha|head_branch|head_repository|pull_request\.head/);
      const download = stepsOf(workflow.jobs.gate).find(({uses}) => uses?.startsWith('actions/download-artifact'));
      assert.match(download.with.path, /^[a-z-]+$/, 'a folder of its own');
      assert.ok(!('snapshot' in gateOf(workflow.jobs.gate).with), 'no issues by a stranger');
    }
  });
}

/** Recipes that follow each other share what one uploads and the other downloads. */
const walks = [
  ...recipes.filter(({path}) => !/(?:collect|judge|ci|escape-gate)\.yml$/.test(path)).map((recipe) => [recipe]),
  recipes.filter(({path}) => /(?:collect|judge)\.yml$/.test(path)),
  recipes.filter(({path}) => /(?:\/ci|escape-gate)\.yml$/.test(path)).reverse(),
];

for (const walk of walks) {
  const names = walk.map(({path}) => path).join(', ');

  test(`${names}: passes without a defect`, async (t) => {
    const {gates, failed, log} = await runRecipe(t, walk, 'clean');
    assert.deepEqual(failed, [], log);
    assert.ok(gates.length > 0 && gates.every(({verdict}) => verdict === 'pass'), log);
  });

  test(`${names}: an unfixed critical escape fails the gate's job`, async (t) => {
    const {gates, failed, log} = await runRecipe(t, walk, 'breached');
    assert.ok(failed.length > 0 && failed.every((id) => id === 'gate'), log);
    assert.ok(gates.every(({verdict, code}) => verdict === 'fail' && code === 10), log);
  });
}

for (const recipe of written) {
  test(`${recipe.path}: passes nothing before somebody adds the tests, and a breach is a breach`, async (t) => {
    const clean = await runRecipe(t, [recipe], 'clean');
    assert.deepEqual(clean.gates, [{verdict: 'unknown', code: 3}], clean.log);
    const breached = await runRecipe(t, [recipe], 'breached');
    assert.deepEqual([breached.failed, breached.gates], [['gate'], [{verdict: 'fail', code: 10}]], breached.log);
  });
}

test('a matrix job whose evidence is missing fails the gate', async (t) => {
  const walk = recipes.filter(({path}) => path.endsWith('matrix-gate.yml'));
  const {failed, log} = await runRecipe(t, walk, 'clean', {lost: 'evidence-ubuntu-24.04-arm'});
  assert.deepEqual(failed, ['gate'], log);
});
