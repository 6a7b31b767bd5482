// Finds the action that a `uses:` step names, and runs it if it is a composite one.

import {readFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import YAML from 'yaml';

import {interpolate, interpolateAll} from './expressions.mjs';
import {checkOut} from './machine.mjs';

/** What GitHub accepts in a step of a composite action. */
const STEP_KEYS = ['name', 'id', 'if', 'run', 'shell', 'working-directory', 'env', 'continue-on-error', 'uses', 'with'];

/**
 * Runs the action of a step and resolves to `{outcome, outputs, steps}`.
 * `runSteps` runs the steps of a composite action; `env` is what the step itself adds to the environment.
 */
export async function runAction(step, {scope, contexts, env, job, runSteps}) {
  const given = interpolateAll(step.with, scope.place, contexts);
  const [name, ref = ''] = step.uses.split('@');
  if (isLocal(step.uses)) {
    // GitHub does not tidy this path either: `uses: ./` gives "<workspace>/./".
    const action = {folder: `${job.machine.workspace}/${step.uses}`};
    return runComposite(action, given, {scope, env, job, runSteps});
  }
  const replacement = job.actions[name];
  if (typeof replacement === 'string') {
    const action = {folder: resolve(replacement), action_repository: name, action_ref: ref};
    return runComposite(action, given, {scope, env, job, runSteps});
  }
  if (replacement) {
    return {outcome: 'success', outputs: {...replacement}};
  }
  if (name === 'actions/checkout') {
    await checkOut(job.repo, join(job.machine.workspace, given.path ?? '.'));
    return {outcome: 'success', outputs: {}};
  }
  throw new Error(`This runner cannot fetch '${step.uses}'. Name a folder or outputs for '${name}' in the option \`actions\`.`);
}

/** Reads and checks the manifest of a composite action. */
export async function loadManifest(folder) {
  const text = await readFirst([join(folder, 'action.yml'), join(folder, 'action.yaml')]);
  if (text === undefined) {
    throw new Error(`Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${folder}'. Did you forget to run actions/checkout before running your local action?`);
  }
  const manifest = YAML.parse(text);
  if (manifest.runs?.using !== 'composite') {
    throw new Error(`This runner runs composite actions only, not '${manifest.runs?.using}'.`);
  }
  manifest.runs.steps.forEach(checkStep);
  return manifest;
}

async function runComposite(action, given, {scope, env, job, runSteps}) {
  const manifest = await loadManifest(action.folder);
  const inputs = readInputs(manifest, given, {scope, job});
  const inner = {
    place: 'composite',
    contexts: {
      ...scope.contexts,
      inputs,
      github: {
        ...scope.contexts.github,
        action_path: action.folder,
        action_ref: action.action_ref ?? '',
        action_repository: action.action_repository ?? '',
      },
    },
    env,
  };
  const {status, results, steps} = await runSteps(manifest.runs.steps, inner, job);
  const values = {...inner.contexts, steps, env: {...job.env, ...env}};
  const outputs = {};
  for (const [name, output] of Object.entries(manifest.outputs ?? {})) {
    outputs[name] = interpolate(output.value, 'composite', values);
  }
  return {outcome: status, outputs, steps: results};
}

function readInputs(manifest, given, {scope, job}) {
  const lowered = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const names = Object.keys(manifest.inputs ?? {});
  const known = new Set(names.map((name) => name.toLowerCase()));
  const unexpected = Object.keys(given).filter((name) => !known.has(name.toLowerCase()));
  if (unexpected.length > 0) {
    job.journal.warning(`Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${names.join("', '")}']`);
  }
  return Object.fromEntries(names.map((name) => {
    const fallback = manifest.inputs[name]?.default ?? '';
    return [name, lowered[name.toLowerCase()] ?? interpolate(fallback, 'input-default', scope.contexts)];
  }));
}

function checkStep(step) {
  const unknown = Object.keys(step).find((key) => !STEP_KEYS.includes(key));
  if (unknown) {
    throw new Error(`Unexpected value '${unknown}' in a step of a composite action`);
  }
  if (step.run !== undefined && !step.shell) {
    throw new Error('Required property is missing: shell');
  }
}

function isLocal(uses) {
  return uses === '.' || uses.startsWith('./') || uses.startsWith('../');
}

async function readFirst(files) {
  for (const file of files) {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (error.code !== 'ENOENT') {
        throw error;
      }
    }
  }
  return undefined;
}
