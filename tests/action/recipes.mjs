// Runs the jobs of a documented workflow: with the real program, a recorded snapshot in place of GitHub, and stand-ins
// for `make`, `gh`, the cache and the artifact actions.

import assert from 'node:assert/strict';
import {chmod, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

import {gateOf, needsOf} from './shape.mjs';
import {examplePayload, makeRepository, runKept, temporaryFolder} from './support.mjs';

const SNAPSHOTS = fileURLToPath(new URL('fixtures/shop/snapshots/', import.meta.url));

const RULES = `version: 1
defects:
  escaped: { labels: [production-bug] }
  severity: { critical: [sev/critical] }
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }
`;

/** A policy whose tests are in this folder. */
const withTests = (folder) => `${RULES}  - { id: tests, metric: tests.failed, max: 0 }\ntests:\n  reports: ["${folder}build/**/TEST-*.xml"]\n`;

/** Gives the pull request or the merge group of the event the commit as its base. */
const SET_BASE = `import fs from 'node:fs';
const file = process.env.GITHUB_EVENT_PATH;
const payload = JSON.parse(fs.readFileSync(file, 'utf8'));
if (payload.pull_request) payload.pull_request.base.sha = process.argv[2];
if (payload.merge_group) payload.merge_group.base_sha = process.argv[2];
fs.writeFileSync(file, JSON.stringify(payload));
`;

/** The program, which reads the recorded snapshot where it would read from GitHub. The base branch has the policy of the checkout. */
const PROGRAM = `#!/usr/bin/env bash
set -euo pipefail
unset ESCAPE_GATE_PUBLISH ESCAPE_GATE_STATUS
export ESCAPE_GATE_COMMENT=none ESCAPE_GATE_SNAPSHOT=$STAND_IN/snapshot.json
if [[ \${GITHUB_EVENT_NAME-} == pull_request || \${GITHUB_EVENT_NAME-} == merge_group ]]; then
  git init --quiet
  git add .
  git -c user.name=Ann -c user.email=ann@example.org commit --quiet --allow-empty --message=Base
  node "$STAND_IN/set-base.mjs" "$(git rev-parse HEAD)"
fi
code=0
"$STAND_IN_PROGRAM" "$@" || code=$?
{ tr '\\n' ' ' < "$GITHUB_OUTPUT"; echo; echo "$code"; } >> "$STAND_IN/checks"
exit "$code"
`;

/** How `make test` ends: with a test that passes, with one that fails, or before there is a report. */
const TESTS = {
  pass: '<testsuite name="s"><testcase name="t"/></testsuite>',
  fail: '<testsuite name="s"><testcase name="t"><failure message="no"/></testcase></testsuite>',
  crash: '',
};

const COMMANDS = {
  make: `if [[ $1 == test ]]; then
  if [[ -n $STAND_IN_REPORT ]]; then
    mkdir -p build/test-reports
    echo "$STAND_IN_REPORT" > build/test-reports/TEST-s.xml
  fi
  [[ $STAND_IN_REPORT == *testcase* && $STAND_IN_REPORT != *failure* ]]
fi`,
  gh: `if [[ "$1 $2" == 'release list' ]]; then echo '["v1.5.0"]'; fi`,
};

/** An artifact holds what is below the first folder of its path without a `*`, as on GitHub. */
const ARTIFACTS = {
  'actions/upload-artifact': {
    inputs: ['name', 'path', 'if-no-files-found'],
    run: `shopt -s globstar nullglob
top=$path
if [[ $path == *'*'* ]]; then top=\${path%%/\\**}; fi
files=($path)
if [[ $path != *'*'* ]]; then files=("$path"/**/*); fi
if ((\${#files[@]} == 0)) && [[ $if_no_files_found == error ]]; then echo "no files: $path"; exit 1; fi
for file in "\${files[@]}"; do
  if [[ -f $file ]]; then
    to=$STAND_IN/artifacts/$name/\${file#"$top"/}
    mkdir -p "\${to%/*}"; cp "$file" "$to"
  fi
done`,
  },
  'actions/download-artifact': {
    inputs: ['name', 'path', 'pattern', 'run-id', 'github-token'],
    run: `mkdir -p "$path"
if [[ -n $name ]]; then cp -r "$STAND_IN/artifacts/$name/." "$path/"; exit; fi
for artifact in "$STAND_IN/artifacts/"$pattern; do
  if [[ -d $artifact ]]; then cp -r "$artifact" "$path/"; fi
done`,
  },
};

/**
 * Runs all jobs of the workflows in their order, on the snapshot of this name.
 * Resolves to the ids of the jobs that `ran` and that `failed`, the `gates` as `{verdict, code}`, and the log.
 * `tests` says how the tests end; `lost` names an artifact that disappears before the gate.
 */
export async function runRecipe(t, recipes, snapshot, {tests = 'pass', lost} = {}) {
  assert.ok(process.env.ESCAPE_GATE_BIN, 'ESCAPE_GATE_BIN is not set: the full path of target/debug/escape-gate');
  const folder = await temporaryFolder(t);
  const actions = await standIns(folder);
  const repo = await makeRepository(t, {
    '.github/escape-gate.yml': withTests(''),
    '.github/escape-gate-deploy.yml': RULES,
    'api/escape-gate.yml': withTests('api/'),
    'web/escape-gate.yml': withTests('web/'),
  });
  const [ran, failed, logs] = [[], [], []];
  let conclusion = 'success';
  for (const {workflow} of recipes) {
    const {event, eventPayload, ref} = eventOf(workflow, conclusion);
    await recordSnapshot(folder, snapshot, event, eventPayload);
    const done = {};
    for (const [id, job] of inOrder(workflow.jobs)) {
      const needs = Object.fromEntries(needsOf(job).map((name) => [name, done[name]]));
      const goes = job.if === '${{ always() }}' || Object.values(needs).every(({result}) => result === 'success');
      if (!goes) {
        done[id] = {result: 'skipped', outputs: {}};
        continue;
      }
      if (lost && gateOf(job)) {
        await rm(join(folder, 'artifacts', lost), {recursive: true});
      }
      ran.push(id);
      for (const definition of expand(job, needs)) {
        const run = await runKept(t, {
          repo,
          workflow: {...workflow, jobs: {[id]: withProgram(definition, join(folder, 'program'))}},
          event,
          eventPayload,
          ref,
          needs,
          secrets: {GITHUB_TOKEN: 'ghs_example'},
          env: {
            PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
            STAND_IN: folder,
            STAND_IN_PROGRAM: resolve(process.env.ESCAPE_GATE_BIN),
            STAND_IN_REPORT: TESTS[tests],
          },
          actions: {...actions, 'OWNER/escape-gate': repo, 'actions/cache': {'cache-hit': 'false'}},
        });
        logs.push(run.log);
        // A matrix fails with the first of its jobs.
        const result = done[id]?.result === 'failure' ? 'failure' : run.status;
        done[id] = {result, outputs: run.outputs};
      }
      if (done[id].result === 'failure') {
        failed.push(id);
      }
    }
    conclusion = Object.values(done).some(({result}) => result === 'failure') ? 'failure' : 'success';
  }
  return {ran, failed, gates: await gatesOf(folder), log: logs.join('\n')};
}

/** Jobs with what they need before them. */
function inOrder(jobs) {
  const ordered = new Map();
  const add = (id) => {
    needsOf(jobs[id]).forEach(add);
    ordered.set(id, jobs[id]);
  };
  Object.keys(jobs).forEach(add);
  return ordered;
}

/** A job whose gate runs this program, as if it had been downloaded. */
function withProgram(job, binary) {
  const steps = job.steps.map((step) => (step === gateOf(job) ? {...step, with: {...step.with, binary}} : step));
  return {...job, if: undefined, needs: undefined, steps};
}

/** The definitions of a job, one for each cell of its matrix. */
function expand(job, needs) {
  const {matrix} = job.strategy ?? {};
  if (!matrix) {
    return [job];
  }
  const [[name, list]] = Object.entries(matrix);
  const values = typeof list === 'string' ? fromOutput(list, needs) : list;
  return values.map((value) => {
    const {strategy, ...rest} = job;
    return JSON.parse(JSON.stringify(rest).replaceAll(`\${{ matrix.${name} }}`, value));
  });
}

function fromOutput(expression, needs) {
  const [, id, output] = /fromJSON\(needs\.([\w-]+)\.outputs\.([\w-]+)\)/.exec(expression);
  return JSON.parse(needs[id].outputs[output]);
}

/** An event that starts the workflow. `conclusion` is that of the workflow before it. */
function eventOf({on}, conclusion) {
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on);
  const name = events.at(-1);
  switch (name) {
    case 'pull_request': return {event: name, eventPayload: examplePayload(name, ({action}) => action === 'opened')};
    case 'merge_group': return {event: name, eventPayload: examplePayload(name)};
    case 'workflow_run': {
      // The example's run is one that has not ended, which no completed one is.
      const eventPayload = examplePayload(name, ({action}) => action === 'completed');
      eventPayload.workflow_run.conclusion = conclusion;
      return {event: name, eventPayload};
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
  const {tag, ...candidate} = snapshot.candidate;
  if (event === 'pull_request') {
    snapshot.candidate = {...candidate, name: `#${payload.number}`, 'pull-request': payload.number};
  } else if (event === 'merge_group') {
    snapshot.candidate = {...candidate, name: payload.merge_group.head_ref.replace('refs/heads/', '')};
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
