// Runs one job of a workflow on this machine, as GitHub's runner would.
//
// The walk: the workflow file and the event make the contexts; a fresh machine gets its folders; the steps run in
// order (steps.mjs), each by its script (script.mjs) or its action (actions.mjs); what they print and write is read
// back (workflow-commands.mjs, command-files.mjs) into the journal, the environment and the outputs.

import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import YAML from 'yaml';

import {githubContext} from './contexts.mjs';
import {condition, interpolate, interpolateAll} from './expressions.mjs';
import {Journal} from './journal.mjs';
import {createMachine, headCommit, removeMachine} from './machine.mjs';
import {Masks} from './masks.mjs';
import {runSteps} from './steps.mjs';

/**
 * Runs a job and resolves to `{status, steps, outputs, annotations, summaries, log}`, and `machine` if it is kept.
 *
 * Options, all but the first two optional:
 *
 * - `repo`: the folder that `actions/checkout` checks out
 * - `workflow`: a workflow file in it, or a parsed workflow
 * - `job`: which job; the first one by default
 * - `event`, `eventPayload`: the event's name and payload
 * - `repository`, `sha`, `ref`: override what the payload says
 * - `env`: variables of the machine itself; `GITHUB_API_URL` and its kin also reach the `github` context
 * - `needs`: that context, `{result, outputs}` by job
 * - `secrets`, `vars`: those contexts; `GITHUB_TOKEN` among the secrets is `github.token`
 * - `actions`: by name without version, a folder that holds the action, or the outputs of one that is not run
 * - `keep`: leave the machine's folders behind, for `removeMachine`
 */
export async function runWorkflow(options) {
  const {repo, job: jobName, event = 'push', eventPayload = {}, env = {}, needs = {}, secrets = {}, vars = {}, actions = {}, keep = false} = options;
  const workflow = await loadWorkflow(options);
  const jobId = jobName ?? Object.keys(workflow.jobs)[0];
  const definition = workflow.jobs[jobId];
  if (!definition) {
    throw new Error(`the workflow has no job '${jobId}'`);
  }
  const masks = new Masks();
  Object.values(secrets).forEach((secret) => masks.add(secret));
  const repository = options.repository ?? eventPayload.repository?.full_name ?? 'acme/shop';
  const machine = await createMachine({repository, payload: eventPayload, env});
  try {
    const github = githubContext({
      event,
      payload: eventPayload,
      repository,
      sha: options.sha ?? await commitOf(repo, eventPayload),
      ref: options.ref,
      env,
      token: secrets.GITHUB_TOKEN ?? '',
      workflow: workflow.name ?? String(options.workflow),
      jobId,
      machine,
    });
    const contexts = {github, needs, secrets, vars, inputs: eventPayload.inputs ?? {}, runner: machine.runner};
    const job = {repo: resolve(repo), machine, masks, journal: new Journal(masks), env: {}, path: [], actions};
    const result = await runJob(workflow, definition, contexts, job);
    return keep ? {...result, machine} : result;
  } finally {
    if (!keep) {
      await removeMachine(machine);
    }
  }
}

async function runJob(workflow, definition, contexts, job) {
  if (!condition(definition.if, 'job-if', contexts, 'success')) {
    return report('skipped', [], {}, job);
  }
  job.env = interpolateAll(workflow.env, 'workflow-env', contexts);
  Object.assign(job.env, interpolateAll(definition.env, 'job-env', contexts));
  job.defaults = {...workflow.defaults?.run, ...definition.defaults?.run};

  const scope = {place: 'step', contexts, env: {}};
  const {status, results, steps} = await runSteps(definition.steps, scope, job);
  const values = {...contexts, steps, job: {status}, env: job.env};
  const outputs = jobOutputs(definition.outputs, values, job);
  job.journal.write(`Job completed: ${status}`);
  return report(status, results, outputs, job);
}

function report(status, steps, outputs, {journal}) {
  const {annotations, summaries, log} = journal;
  return {status, steps, outputs, annotations, summaries, log};
}

/** The outputs of the job. One that may hold a secret is left out, as on GitHub. */
function jobOutputs(definitions, values, {journal, masks}) {
  const outputs = {};
  for (const [name, text] of Object.entries(definitions ?? {})) {
    const value = interpolate(text, 'job-outputs', values);
    if (masks.hide(value) === value) {
      outputs[name] = value;
    } else {
      journal.warning(`Skip output '${name}' since it may contain secret.`);
    }
  }
  return outputs;
}

async function loadWorkflow({repo, workflow}) {
  return typeof workflow === 'string' ? YAML.parse(await readFile(resolve(repo, workflow), 'utf8')) : workflow;
}

/** The commit that a clone is at, unless the event brings its own: pushes and pull requests do. */
async function commitOf(repo, payload) {
  const known = ['after', 'pull_request', 'merge_group', 'deployment'].some((key) => payload[key] !== undefined);
  return known ? undefined : headCommit(repo);
}
