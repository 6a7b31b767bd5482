// Which program run.sh hands over to, and what it says when there is none.

import assert from 'node:assert/strict';
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';

import {PROJECT, gateWorkflow, makeRepository, runKept, standIn, temporaryFolder} from './support.mjs';

/** Runs the action with these inputs in a repository that `prepare` has filled. */
async function runWith(t, inputs, {prepare = async () => {}, workflow, env} = {}) {
  const repo = await makeRepository(t);
  await prepare(repo);
  return runKept(t, {repo, workflow: gateWorkflow(inputs, workflow), env});
}

/** The message of the only annotation beside the exit code's. */
function complaint(run) {
  assert.equal(run.status, 'failure', run.log);
  const [annotation, exit] = run.annotations;
  assert.equal(annotation.level, 'error');
  assert.equal(exit.message, 'Process completed with exit code 1.');
  assert.equal(run.annotations.length, 2);
  return `${annotation.title}: ${annotation.message}`;
}

test('a relative path is taken from the workspace, whatever the job\'s working directory', async (t) => {
  let program;
  const run = await runWith(t, {binary: 'tools/my gate'}, {
    prepare: async (repo) => {
      program = await standIn(t, join(repo, 'tools', 'my gate'));
    },
    workflow: {job: {defaults: {run: {'working-directory': 'action'}}}},
  });
  assert.equal(run.status, 'success', run.log);
  const {environment} = await program.read();
  assert.equal(environment.PWD, run.machine.workspace);
});

test('an absolute path is taken as it is', async (t) => {
  const file = join(await temporaryFolder(t), 'gate');
  const program = await standIn(t, file);
  const run = await runWith(t, {binary: file});
  assert.equal(run.status, 'success', run.log);
  assert.ok(await program.read());
});

test('a missing program is named, with where it was looked for and what to do', async (t) => {
  const run = await runWith(t, {binary: 'target/release/escape-gate'});
  const message = complaint(run);
  assert.match(message, /^Escape Gate program not found: The input 'binary' names 'target\/release\/escape-gate'/);
  assert.ok(message.includes(join(run.machine.workspace, 'target/release/escape-gate')));
  assert.match(message, /cargo build --release/);
});

test('why there is no program is in the job summary too', async (t) => {
  const run = await runWith(t, {binary: 'a `b` <c>'});
  complaint(run);
  assert.match(run.summaries[0]?.markdown ?? '', /could not evaluate\n\nEscape Gate program not found\n\n {4}The input 'binary' names 'a `b` <c>'/);
});

test('a program that is not executable is named, with the remedy', async (t) => {
  const prepare = async (repo) => {
    await writeFile(join(repo, 'gate'), '#!/bin/sh\n');
    await chmod(join(repo, 'gate'), 0o644);
  };
  assert.match(complaint(await runWith(t, {binary: 'gate'}, {prepare})), /not executable.*chmod \+x/);
});

test('a folder is not a program', async (t) => {
  const prepare = (repo) => mkdir(join(repo, 'target'));
  assert.match(complaint(await runWith(t, {binary: 'target'}, {prepare})), /is not a file/);
});

test('without `binary`, and while there is no release, the program on PATH is taken', async (t) => {
  const folder = await temporaryFolder(t);
  const program = await standIn(t, join(folder, 'escape-gate'));
  const run = await runWith(t, {}, {env: {PATH: `${folder}:/usr/bin:/bin`}});
  assert.equal(run.status, 'success', run.log);
  assert.deepEqual((await program.read()).arguments, ['check']);
});

test('without `binary` and without a program on PATH, it says what is missing and what to do', async (t) => {
  const message = complaint(await runWith(t, {}, {env: {PATH: '/usr/bin:/bin'}}));
  assert.match(message, /^Escape Gate has no release yet: /);
  assert.match(message, /cargo build --release/);
});

for (const [input, value] of [['version', '9.9.9'], ['checksum', 'a'.repeat(64)], ['download-base-url', 'https://mirror.example']]) {
  test(`\`${input}\` asks for a download, so the program on PATH does not stand in for it`, async (t) => {
    const folder = await temporaryFolder(t);
    const program = await standIn(t, join(folder, 'escape-gate'));
    const run = await runWith(t, {[input]: value}, {env: {PATH: `${folder}:/usr/bin:/bin`}});
    assert.match(complaint(run), /version not known|no release yet/);
    assert.equal(await program.read(), null);
  });
}

test('run.sh adds no process of its own and passes no arguments on', async () => {
  const script = await readFile(join(PROJECT, 'action', 'run.sh'), 'utf8');
  assert.match(script, /\nset -euo pipefail\n/);
  assert.match(script, /\nexec "\$program" check\n$/);
});
