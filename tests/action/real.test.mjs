// The action with the real program, on recorded evidence and without any network.

import assert from 'node:assert/strict';
import {cp} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {before, test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {examplePayload, makeRepository, runKept, stepOf} from './support.mjs';

const FIXTURE = fileURLToPath(new URL('fixtures/shop/', import.meta.url));
const WORKFLOW = '.github/workflows/gate.yml';

before(() => {
  assert.ok(process.env.ESCAPE_GATE_BIN,
    "ESCAPE_GATE_BIN is not set. Run `cargo build` and set it to the full path of target/debug/escape-gate.");
});

/** Runs the fixture's workflow for a published release on one of its snapshots, which were gathered for v1.5.0. */
async function runOn(t, snapshot, tag = 'v1.5.0') {
  const eventPayload = structuredClone(examplePayload('release', ({action}) => action === 'published'));
  eventPayload.release.tag_name = tag;
  const repo = await makeRepository(t);
  await cp(FIXTURE, repo, {recursive: true});
  return runKept(t, {
    repo,
    workflow: WORKFLOW,
    event: 'release',
    eventPayload,
    vars: {ESCAPE_GATE: resolve(process.env.ESCAPE_GATE_BIN), SNAPSHOT: join('snapshots', `${snapshot}.json`)},
    secrets: {GITHUB_TOKEN: 'ghs_example'},
  });
}

const errors = (run) => run.annotations.filter(({level}) => level === 'error');
const summary = (run) => run.summaries.map(({markdown}) => markdown).join('\n');

test('an unfixed critical escape fails the step with exit code 10 and names the issue', async (t) => {
  const run = await runOn(t, 'breached');
  assert.deepEqual(run.outputs, {verdict: 'fail', escaped: '1', critical: '1'}, run.log);
  assert.equal(stepOf(run, 'gate').outcome, 'failure');
  assert.equal(errors(run).at(-1).message, 'Process completed with exit code 10.');
  assert.match(errors(run)[0].message, /zero-critical|#42/);
  assert.match(summary(run), /#42/);
  assert.doesNotMatch(summary(run), /<b>guest/, 'text from issues is escaped');
});

test('without a defect the step passes with exit code 0', async (t) => {
  const run = await runOn(t, 'clean');
  assert.deepEqual(run.outputs, {verdict: 'pass', escaped: '0', critical: '0'}, run.log);
  assert.equal(run.status, 'success');
  assert.deepEqual(errors(run), []);
  assert.match(summary(run), /pass/i);
});

test('incomplete evidence fails the step with exit code 3', async (t) => {
  const run = await runOn(t, 'incomplete');
  assert.equal(run.outputs.verdict, 'unknown', run.log);
  assert.equal(errors(run).at(-1).message, 'Process completed with exit code 3.');
  assert.match(summary(run), /the answer was cut off/);
});

test('evidence of another release decides nothing', async (t) => {
  const run = await runOn(t, 'clean', 'v2.0.0');
  assert.equal(run.outputs.verdict, 'unknown', run.log);
  assert.match(summary(run), /gathered for .*v1\.5\.0/);
});
