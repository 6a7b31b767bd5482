// Runs a list of steps: those of a job, or those of a composite action.

import {resolve} from 'node:path';

import {runAction} from './actions.mjs';
import {createCommandFiles, processCommandFiles} from './command-files.mjs';
import {githubVariables, runnerVariables} from './contexts.mjs';
import {condition, flag, interpolate, interpolateAll} from './expressions.mjs';
import {runScript} from './script.mjs';
import {CommandReader} from './workflow-commands.mjs';

/**
 * Runs steps in order. `scope` says where they stand:
 * `place` ('step' or 'composite'), `contexts` by name, and `env` that the step around them adds.
 * Resolves to the status, the result of each step, and the `steps` context.
 */
export async function runSteps(steps, scope, job) {
  const results = [];
  const known = {};
  const ids = new Set();
  let status = 'success';
  for (const step of steps) {
    const id = step.id ?? generateId(step, ids);
    ids.add(id);
    if (scope.place === 'step') {
      job.journal.beginStep(id);
    }
    const result = await runStep(step, id, {scope, known, status, job});
    known[id] = {outputs: result.outputs, outcome: result.outcome, conclusion: result.conclusion};
    results.push(result);
    if (result.conclusion === 'failure') {
      status = 'failure';
    }
  }
  return {status, results, steps: known};
}

async function runStep(step, id, {scope, known, status, job}) {
  const contexts = {
    ...scope.contexts,
    github: {...scope.contexts.github, action: id},
    steps: known,
    job: {status},
    env: {...job.env, ...scope.env},
  };
  const result = {id, name: step.name ?? step.uses ?? firstLine(step.run), outcome: 'skipped', conclusion: 'skipped', outputs: {}};
  let tolerated = false;
  try {
    const own = interpolateAll(step.env, scope.place, contexts);
    const env = {...scope.env, ...own};
    contexts.env = {...job.env, ...env};
    if (!condition(step.if, `${scope.place}-if`, contexts, status)) {
      return result;
    }
    result.name = interpolate(result.name, scope.place, contexts);
    tolerated = flag(step['continue-on-error'], scope.place, contexts);
    const execution = {scope, contexts, env, job, runSteps};
    Object.assign(result, step.uses === undefined ? await runCommands(step, execution) : await runAction(step, execution));
  } catch (error) {
    job.journal.error(error.message);
    result.outcome = 'failure';
  }
  result.conclusion = result.outcome === 'failure' && tolerated ? 'success' : result.outcome;
  return result;
}

/** Runs a `run:` step: the script, then the command files that it wrote. */
async function runCommands(step, {scope, contexts, job}) {
  const {machine, journal} = job;
  // Defaults of the job do not reach into composite actions.
  const defaults = scope.place === 'step' ? job.defaults : {};
  const evaluate = (field) => interpolate(step[field] ?? defaults[field] ?? '', scope.place, contexts);
  const script = interpolate(step.run, scope.place, contexts);
  const commandFiles = await createCommandFiles(machine.temp);
  const env = scriptEnvironment(contexts, commandFiles, job);
  printHeader(script, contexts.env, journal);

  const commands = new CommandReader(job);
  let code;
  try {
    code = await runScript({
      script,
      shell: evaluate('shell'),
      cwd: resolve(machine.workspace, evaluate('working-directory')),
      env,
      temp: machine.temp,
      onLine: (line) => commands.read(line),
    });
    if (code !== 0) {
      journal.error(`Process completed with exit code ${code}.`);
    }
  } catch (error) {
    journal.error(error.message);
  }
  const files = await processCommandFiles(commandFiles, job);
  const success = code === 0 && commands.valid && files.valid;
  return {outcome: success ? 'success' : 'failure', outputs: {...commands.outputs, ...files.outputs}};
}

/** The variables of a script. What describes the run wins over what a workflow sets, as on GitHub. */
function scriptEnvironment(contexts, commandFiles, job) {
  const {machine, path} = job;
  const env = {...machine.env, ...contexts.env};
  return {
    ...env,
    PATH: [...path, env.PATH].join(':'),
    ...githubVariables({...contexts.github, ...commandFiles}),
    ...runnerVariables(machine.runner),
  };
}

function printHeader(script, env, journal) {
  journal.write(`##[group]Run ${firstLine(script)}`);
  script.trimEnd().split('\n').forEach((line) => journal.write(line));
  if (Object.keys(env).length > 0) {
    journal.write('env:');
    Object.entries(env).forEach(([name, value]) => journal.write(`  ${name}: ${value}`));
  }
  journal.write('##[endgroup]');
}

function firstLine(script) {
  return script.trimStart().split('\n', 1)[0];
}

/** Names a step without an id as GitHub does: `__run`, `__run_2`, `__actions_checkout`, `__self`. */
function generateId(step, taken) {
  const name = step.uses === undefined ? 'run' : step.uses.startsWith('.') ? 'self' : step.uses.split('@')[0].replaceAll('/', '_');
  const base = `__${name}`;
  let id = base;
  for (let count = 2; taken.has(id); count++) {
    id = `${base}_${count}`;
  }
  return id;
}
