// Every workflow that people copy: its permissions and inputs, and runs with the real program.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import YAML from 'yaml';

import {loadManifest} from './runner/actions.mjs';
import {otherWorkflows, pageWorkflows, proposedWorkflow} from './documents.mjs';
import {runRecipe} from './recipes.mjs';
import {eventsOf, gateOf, needsOf, stepsOf} from './shape.mjs';
import {PROJECT} from './support.mjs';

const manifest = await loadManifest(PROJECT);
const page = pageWorkflows();
const recipes = [...page, ...otherWorkflows(), ...['pull-request', 'publish'].map((kind) => proposedWorkflow(kind))];

const jobsOf = ({workflow}) => Object.entries(workflow.jobs).map(([id, job]) => ({id, job, on: eventsOf(workflow)}));

/** The permissions that a job cannot do without. */
function leastFor({job, on}) {
  const gate = gateOf(job);
  const uses = (name) => stepsOf(job).find((step) => step.uses?.startsWith(name));
  if (!gate) {
    const run = stepsOf(job).map((step) => step.run ?? '').join('\n');
    return {contents: run.includes('gh release create') ? 'write' : 'read'};
  }
  const {with: given = {}} = gate;
  const comments = given.comment !== 'none' && !given.release;
  const inNotes = given.release && given.comment !== 'none';
  return {
    ...uses('actions/download-artifact')?.with?.['run-id'] && {actions: 'read'},
    contents: inNotes ? 'write' : 'read',
    issues: 'read',
    'pull-requests': comments ? 'write' : 'read',
    ...on.includes('workflow_run') && {statuses: 'write'},
  };
}

for (const recipe of recipes) {
  const {path, workflow} = recipe;

  test(`${path} is plain YAML with the keys that GitHub knows`, () => {
    const document = YAML.parseDocument(recipe.source);
    assert.deepEqual([...document.errors, ...document.warnings], []);
    assert.deepEqual(Object.keys(workflow), ['name', 'on', 'permissions', 'jobs']);
    const known = ['name', 'needs', 'if', 'runs-on', 'permissions', 'strategy', 'steps', 'outputs', 'environment', 'concurrency'];
    for (const {job} of jobsOf(recipe)) {
      assert.deepEqual(Object.keys(job).filter((key) => !known.includes(key)), []);
    }
  });

  test(`${path} gives each job the permissions it needs and no others`, () => {
    for (const each of jobsOf(recipe)) {
      assert.deepEqual(each.job.permissions, leastFor(each), each.id);
    }
  });

  test(`${path} uses inputs that the action has`, () => {
    for (const {job} of jobsOf(recipe)) {
      const names = Object.keys(gateOf(job)?.with ?? {});
      assert.deepEqual(names.filter((name) => !(name in manifest.inputs)), []);
    }
  });

  test(`${path} saves the folder that the gate keeps its answers in, and no other`, () => {
    for (const {job} of jobsOf(recipe)) {
      const kept = stepsOf(job).find(({uses}) => uses?.startsWith('actions/cache@'))?.with.path;
      assert.equal(gateOf(job)?.with?.cache, kept);
    }
  });

  test(`${path}, with rights over a stranger's pull request, checks out none of it`, () => {
    const checkouts = jobsOf(recipe).flatMap(({job}) => stepsOf(job)).filter(({uses}) => uses?.startsWith('actions/checkout'));
    assert.ok(!eventsOf(workflow).includes('pull_request_target'));
    if (eventsOf(workflow).includes('workflow_run')) {
      assert.ok(checkouts.every((step) => !('ref' in step.with) && !('repository' in step.with)), 'the default branch');
      assert.doesNotMatch(recipe.source, /head_sha|head_branch|head_repository|pull_request\.head/);
      const download = stepsOf(workflow.jobs.gate).find(({uses}) => uses?.startsWith('actions/download-artifact'));
      assert.match(download.with.path, /^[a-z-]+$/, 'a folder of its own');
      assert.ok(!('snapshot' in gateOf(workflow.jobs.gate).with), 'no issues by a stranger');
    }
  });
}

/** Recipes that follow each other share what one uploads and the other downloads. */
const forks = page.filter(({heading}) => heading === 'Forks');
const walks = [...recipes.filter((recipe) => !forks.includes(recipe)).map((recipe) => [recipe]), forks];
/** Jobs that stand behind the gate. */
const behind = (walk) => walk.flatMap(({workflow}) => Object.entries(workflow.jobs)
  .filter(([, job]) => needsOf(job).some((needed) => gateOf(workflow.jobs[needed]))).map(([id]) => id));

for (const walk of walks) {
  const name = `${walk[0].heading}, ${walk.map(({path}) => path).join(', ')}`;
  const all = walk.flatMap(({workflow}) => Object.keys(workflow.jobs)).sort();
  const hasTests = walk.some(({source}) => source.includes('make test'));

  test(`${name}: passes without a defect, and ships`, async (t) => {
    const {gates, ran, failed, log} = await runRecipe(t, walk, 'clean');
    assert.deepEqual(failed, [], log);
    assert.deepEqual(ran.sort(), all);
    assert.ok(gates.length > 0 && gates.every(({verdict}) => verdict === 'pass'), log);
  });

  test(`${name}: an unfixed critical escape fails the gate's job, and nothing ships`, async (t) => {
    const {gates, ran, failed, log} = await runRecipe(t, walk, 'breached');
    assert.deepEqual(failed, ['gate'], log);
    assert.ok(gates.every(({verdict, code}) => verdict === 'fail' && code === 10), log);
    assert.deepEqual(ran.filter((id) => behind(walk).includes(id)), []);
  });

  for (const [tests, verdict, code] of hasTests ? [['fail', 'fail', 10], ['crash', 'unknown', 3]] : []) {
    test(`${name}: tests that ${tests} fail their job, the gate says ${verdict}, and nothing ships`, async (t) => {
      const {gates, ran, failed, log} = await runRecipe(t, walk, 'clean', {tests});
      assert.ok(gates.length > 0 && gates.every((gate) => gate.verdict === verdict && gate.code === code), `${JSON.stringify(gates)}\n${log}`);
      assert.deepEqual(failed.sort(), all.filter((id) => ['test', 'gate'].includes(id)), log);
      assert.deepEqual(ran.filter((id) => behind(walk).includes(id)), []);
    });
  }
}

test('a matrix job whose reports are missing fails the gate', async (t) => {
  const walk = page.filter(({heading}) => heading === 'Tests in their own job');
  const {failed, gates, log} = await runRecipe(t, walk, 'clean', {lost: 'reports-ubuntu-24.04-arm'});
  assert.deepEqual([failed, gates], [['gate'], [{verdict: 'unknown', code: 3}]], log);
});
