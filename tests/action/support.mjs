// What the tests share: a throw-away repository that holds the action, a stand-in for the program, real events.

import {cp, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {removeMachine} from './runner/machine.mjs';
import {runWorkflow} from './runner/run-workflow.mjs';

/** The root of this project. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples');

/** A payload that GitHub has sent: the first of the event that fits. */
export function examplePayload(event, fits = () => true) {
  const payload = examples.find(({name}) => name === event)?.examples.find(fits);
  if (!payload) {
    throw new Error(`@octokit/webhooks-examples has no such ${event} payload`);
  }
  return structuredClone(payload);
}

/** Makes a folder that disappears after the test. */
export async function temporaryFolder(t) {
  const folder = await mkdtemp(join(tmpdir(), 'action-test-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

/** Makes a repository that holds the action and the given files (text by path). */
export async function makeRepository(t, files = {}) {
  const repo = await temporaryFolder(t);
  await cp(join(PROJECT, 'action.yml'), join(repo, 'action.yml'));
  await cp(join(PROJECT, 'action'), join(repo, 'action'), {recursive: true});
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(repo, path, '..'), {recursive: true});
    await writeFile(join(repo, path), text);
  }
  return repo;
}

/**
 * Writes a program that records how it was called and then does what `body` says (bash).
 * `read()` resolves to its `arguments` and `environment`, or to null if it was not called.
 */
export async function standIn(t, file, body = '') {
  const record = await temporaryFolder(t);
  const script = [
    '#!/usr/bin/env bash',
    `env -0 > '${record}/environment'`,
    `printf '%s\\0' "$@" > '${record}/arguments'`,
    body,
    '',
  ];
  await mkdir(join(file, '..'), {recursive: true});
  await writeFile(file, script.join('\n'));
  await chmod(file, 0o755);
  return {read: () => readRecord(record)};
}

async function readRecord(record) {
  if (!(await readdir(record)).includes('arguments')) {
    return null;
  }
  const fields = async (name) => (await readFile(join(record, name), 'utf8')).split('\0').slice(0, -1);
  const variables = (await fields('environment')).map((field) => {
    const equals = field.indexOf('=');
    return [field.slice(0, equals), field.slice(equals + 1)];
  });
  return {arguments: await fields('arguments'), environment: Object.fromEntries(variables)};
}

/** A workflow with one job that checks out the repository and runs the action in it. */
export function gateWorkflow(inputs, {gate = {}, job = {}, after = []} = {}) {
  const checkout = {uses: 'actions/checkout@v4'};
  const step = {id: 'gate', uses: './', with: inputs, ...gate};
  return {name: 'gate', on: 'push', jobs: {gate: {'runs-on': 'ubuntu-latest', ...job, steps: [checkout, step, ...after]}}};
}

/**
 * Runs the action with a stand-in at `bin/escape-gate`.
 * Resolves to the run and the stand-in's record as `program`.
 */
export async function runGate(t, {inputs = {}, body, workflow = {}, options = {}} = {}) {
  const repo = await makeRepository(t);
  const program = await standIn(t, join(repo, 'bin', 'escape-gate'), body);
  const run = await runKept(t, {
    repo,
    workflow: gateWorkflow({binary: 'bin/escape-gate', ...inputs}, workflow),
    secrets: {GITHUB_TOKEN: 'ghs_example'},
    ...options,
  });
  return {...run, program: await program.read()};
}

/** Runs a workflow and keeps the machine until the test ends. */
export async function runKept(t, options) {
  const run = await runWorkflow({keep: true, ...options});
  t.after(() => removeMachine(run.machine));
  return run;
}

/** The result of a step of the job by its id. */
export function stepOf(run, id) {
  return run.steps.find((step) => step.id === id);
}
