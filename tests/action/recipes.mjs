// Runs the jobs of a documented workflow: with the real program, a recorded snapshot in place of GitHub, and stand-ins
// for `cargo`, `make`, `gh` and the artifact actions.

import assert from 'node:assert/strict';
import {chmod, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

import {examplePayload, makeRepository, runKept, temporaryFolder} from './support.mjs';

const SNAPSHOTS = fileURLToPath(new URL('fixtures/shop/snapshots/', import.meta.url));

const RULES = `version: 1
defects:
  escaped: { labels: [production-bug] }
  severity: { critical: [sev/critical] }
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }
`;

/** Gives the pull request of the event the commit as its base. */
const SET_BASE = `import fs from 'node:fs';
const file = process.env.GITHUB_EVENT_PATH;
const payload = JSON.parse(fs.readFileSync(file, 'utf8'));
payload.pull_request.base.sha = process.argv[2];
fs.writeFileSync(file, JSON.stringify(payload));
`;

/**
 * The program that an own build leaves behind: it reads the recorded snapshot where it would read from GitHub, and the base
 * branch of a pull request has the policy of the checkout.
 */
const PROGRAM = `#!/usr/bin/env bash
set -euo pipefail
unset ESCAPE_GATE_PUBLISH ESCAPE_GATE_STATUS
export ESCAPE_GATE_COMMENT=none
if [[ "$*" == *'--only issues'* ]]; then
  cp "$STAND_IN/snapshot.json" "\${@: -1}"
  exit
fi
if [[ $1 == check && -z \${ESCAPE_GATE_SNAPSHOT-} ]]; then
  export ESCAPE_GATE_SNAPSHOT=$STAND_IN/snapshot.json
fi
if [[ \${GITHUB_EVENT_NAME-} == pull_request ]]; then
  git init --quiet
  git add .github
  git -c user.name=Ann -c user.email=ann@example.org commit --quiet --allow-empty --message=Base
  node "$STAND_IN/set-base.mjs" "$(git rev-parse HEAD)"
fi
code=0
"$STAND_IN_PROGRAM" "$@" || code=$?
if [[ $1 == check ]]; then
  { tr '\\n' ' ' < "$GITHUB_OUTPUT"; echo; echo "$code"; } >> "$STAND_IN/checks"
fi
exit "$code"
`;

const COMMANDS = {
  cargo: 'folder=$(dirname "${@: -1}")/target/release; mkdir -p "$folder"; cp "$STAND_IN/program" "$folder/escape-gate"',
  make: `if [[ $1 == test ]]; then
  mkdir -p build/test-reports
  echo '<testsuite name="s"><testcase name="t"/></testsuite>' > build/test-reports/TEST-s.xml
fi`,
  gh: `if [[ "$1 $2" == 'release list' ]]; then echo '["v1.5.0"]'; fi`,
};

const ARTIFACTS = {
  'actions/upload-artifact': {
    inputs: ['name', 'path', 'if-no-files-found'],
    run: 'mkdir -p "$STAND_IN/artifacts/$name"; cp -r "$path" "$STAND_IN/artifacts/$name/"',
  },
  'actions/download-artifact': {
    inputs: ['name', 'path', 'pattern', 'merge-multiple', 'run-id', 'github-token'],
    run: 'mkdir -p "$path"; cp -r "$STAND_IN/artifacts/"${name:-$pattern}/* "$path/"',
  },
};

/**
 * Runs all jobs of the recipes in their order, on the snapshot of this name.
 * Resolves to the ids of the jobs that `failed`, the `gates` as `{verdict, code}`, and the log.
 * `lost` names an artifact that disappears before the last job.
 */
export async function runRecipe(t, recipes, snapshot, {lost} = {}) {
  assert.ok(process.env.ESCAPE_GATE_BIN, 'ESCAPE_GATE_BIN is not set: the full path of target/debug/escape-gate');
  const folder = await temporaryFolder(t);
  const actions = await standIns(folder);
  const repo = await makeRepository(t, {
    '.github/escape-gate.yml': `${RULES}  - { id: tests, metric: tests.failed, max: 0 }\ntests:\n  reports: ["build/**/TEST-*.xml"]\n`,
    '.github/escape-gate-nightly.yml': RULES,
  });
  const failed = [];
  const logs = [];
  for (const {workflow} of recipes) {
    const {event, eventPayload, ref} = eventOf(workflow);
    await recordSnapshot(folder, snapshot, event, eventPayload);
    const done = {};
    const jobs = Object.entries(workflow.jobs).filter(([, job]) => job.steps);
    for (const [index, [id, job]] of jobs.entries()) {
      const needed = [job.needs ?? []].flat();
      if (job.if !== 'always()' && needed.some((name) => done[name]?.status !== 'success')) {
        continue;
      }
      if (lost && index === jobs.length - 1) {
        await rm(join(folder, 'artifacts', lost), {recursive: true});
      }
      for (const definition of expand(job, done)) {
        done[id] = await runKept(t, {
          repo,
          workflow: {...workflow, jobs: {[id]: definition}},
          event,
          eventPayload,
          ref,
          secrets: {GITHUB_TOKEN: 'ghs_example'},
          env: {
            PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
            STAND_IN: folder,
            STAND_IN_PROGRAM: resolve(process.env.ESCAPE_GATE_BIN),
          },
          actions,
        });
        logs.push(done[id].log);
        if (done[id].status === 'failure') {
          failed.push(id);
        }
      }
    }
  }
  return {failed, gates: await gatesOf(folder), log: logs.join('\n')};
}

/** The definitions of a job, one for each cell of its matrix. */
function expand(job, done) {
  const {matrix} = job.strategy ?? {};
  if (!matrix) {
    return [job];
  }
  const [[name, list]] = Object.entries(matrix);
  const values = typeof list === 'string' ? fromOutput(list, done) : list;
  return values.map((value) => {
    const {strategy, ...rest} = job;
    return JSON.parse(JSON.stringify(rest).replaceAll(`\${{ matrix.${name} }}`, value));
  });
}

function fromOutput(expression, done) {
  const [, id, output] = /fromJSON\(needs\.([\w-]+)\.outputs\.([\w-]+)\)/.exec(expression);
  return JSON.parse(done[id].outputs[output]);
}

/** An event that starts the workflow. */
function eventOf({on}) {
  const name = typeof on === 'string' ? on : Object.keys(on)[0];
  switch (name) {
    case 'pull_request': return {event: name, eventPayload: examplePayload(name, ({action}) => action === 'opened')};
    case 'workflow_run': {
      // The example's run is one that has not ended, which no completed one is.
      const eventPayload = examplePayload(name, ({action}) => action === 'completed');
      eventPayload.workflow_run.conclusion = 'success';
      return {event: name, eventPayload};
    }
    case 'workflow_call': {
      const eventPayload = {...examplePayload('pull_request', ({action}) => action === 'opened'), inputs: {artifact: 'test-reports', policy: '.github/escape-gate.yml'}};
      return {event: 'pull_request', eventPayload};
    }
    case 'push': return {event: name, eventPayload: {ref: 'refs/tags/v1.5.0', after: '3'.repeat(40)}, ref: 'refs/tags/v1.5.0'};
    case 'schedule': return {event: name, eventPayload: {schedule: '17 3 * * *'}};
    case 'workflow_dispatch': return {event: name, eventPayload: {inputs: {release: 'v1.5.0'}}};
    default: throw new Error(`no event for '${name}'`);
  }
}

/** The snapshot, gathered for what the event is about. */
async function recordSnapshot(folder, name, event, payload) {
  const snapshot = JSON.parse(await readFile(join(SNAPSHOTS, `${name}.json`), 'utf8'));
  if (event === 'pull_request') {
    const {tag, ...candidate} = snapshot.candidate;
    snapshot.candidate = {...candidate, name: `#${payload.number}`, 'pull-request': payload.number};
  }
  await writeFile(join(folder, 'snapshot.json'), JSON.stringify(snapshot));
}

async function gatesOf(folder) {
  const lines = (await readFile(join(folder, 'checks'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
  const gates = [];
  for (let index = 0; index < lines.length; index += 2) {
    const [, verdict] = /verdict<<\S+ (\w+) /.exec(lines[index]) ?? [];
    gates.push({verdict, code: Number(lines[index + 1])});
  }
  return gates;
}

/** Writes the commands and the actions that take the place of real ones; the actions by name. */
async function standIns(folder) {
  await mkdir(join(folder, 'bin'));
  const programs = [['program', PROGRAM], ['set-base.mjs', SET_BASE], ...Object.entries(COMMANDS).map(([name, body]) => [`bin/${name}`, `#!/usr/bin/env bash\nset -euo pipefail\n${body}\n`])];
  for (const [name, body] of programs) {
    await writeFile(join(folder, name), body);
    await chmod(join(folder, name), 0o755);
  }
  const actions = {};
  for (const [name, {inputs, run}] of Object.entries(ARTIFACTS)) {
    const env = Object.fromEntries(inputs.map((input) => [input.replaceAll('-', '_'), `\${{ inputs.${input} }}`]));
    const action = {
      name,
      inputs: Object.fromEntries(inputs.map((input) => [input, {required: false}])),
      runs: {using: 'composite', steps: [{shell: 'bash', run, env}]},
    };
    actions[name] = join(folder, name);
    await mkdir(actions[name], {recursive: true});
    await writeFile(join(actions[name], 'action.yml'), JSON.stringify(action));
  }
  return actions;
}
