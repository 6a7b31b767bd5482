// The runner itself: the behaviour of GitHub's runner that the other tests lean on.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {parsePairs} from './runner/command-files.mjs';
import {condition, interpolate} from './runner/expressions.mjs';
import {runWorkflow} from './runner/run-workflow.mjs';
import {LineSplitter} from './runner/script.mjs';
import {parseCommand} from './runner/workflow-commands.mjs';
import {stepOf, temporaryFolder} from './support.mjs';

/** Runs steps as a job, in a repository with the given action manifests (text by folder). */
async function runJob(t, steps, {job = {}, workflow = {}, manifests = {}, ...options} = {}) {
  const repo = await temporaryFolder(t);
  for (const [folder, manifest] of Object.entries(manifests)) {
    await mkdir(join(repo, folder), {recursive: true});
    await writeFile(join(repo, folder, 'action.yml'), manifest);
  }
  const all = Object.keys(manifests).length > 0 ? [{uses: 'actions/checkout@v4'}, ...steps] : steps;
  return runWorkflow({repo, workflow: {name: 'w', ...workflow, jobs: {main: {...job, steps: all}}}, ...options});
}

const messages = (run) => run.annotations.map(({message}) => message);

test('expressions: braces in strings, missing values, contexts that a place does not offer', () => {
  const values = {github: {ref: 'main'}, steps: {}, secrets: {a: 'b'}};
  assert.equal(interpolate("a ${{ github.ref }}-${{ '}}' }} b", 'step', values), 'a main-}} b');
  assert.equal(interpolate('${{ steps.none.outputs.x }}', 'step', values), '');
  assert.throws(() => interpolate('${{ secrets.a }}', 'composite', values), /secrets/);
  assert.throws(() => interpolate('${{ github.ref', 'step', values), /not closed/);
});

test('conditions: success is implied unless a status function is called', () => {
  const values = {github: {ref: 'main'}};
  assert.equal(condition(undefined, 'step-if', values, 'success'), true);
  assert.equal(condition("github.ref == 'MAIN'", 'step-if', values, 'success'), true);
  assert.equal(condition("github.ref == 'main'", 'step-if', values, 'failure'), false);
  assert.equal(condition("${{ failure() && github.ref == 'main' }}", 'step-if', values, 'failure'), true);
  assert.equal(condition('always()', 'step-if', values, 'failure'), true);
  assert.equal(condition("github.ref == 'always()'", 'step-if', values, 'failure'), false);
});

test('command files: pairs, blocks, and what is refused', () => {
  assert.deepEqual(parsePairs('a=1=2\n\nb<<E\nx\n\ny=z\nE\nc<<E\nE\n'), [['a', '1=2'], ['b', 'x\n\ny=z'], ['c', '']]);
  assert.deepEqual(parsePairs('a=x\r\n'), [['a', 'x\r']]);
  assert.throws(() => parsePairs('a<<E\nx\n'), /Matching delimiter not found 'E'/);
  assert.throws(() => parsePairs('nonsense\n'), /Invalid format 'nonsense'/);
  assert.throws(() => parsePairs('<<E\nE\n'), /Name must not be empty/);
});

test('commands: both syntaxes, escapes, and lines that are none', () => {
  assert.deepEqual(parseCommand('  ::error file=a%2Cb,title=x%3Ay%25::m%0A%253A'), {
    name: 'error', properties: {file: 'a,b', title: 'x:y%'}, data: 'm\n%3A',
  });
  assert.deepEqual(parseCommand('text ##[warning file=a%3Bb]m%5D'), {name: 'warning', properties: {file: 'a;b'}, data: 'm]'});
  for (const line of ['text ::error::m', '::error:m', '::unknown::m', 'std::vector::push', '']) {
    assert.equal(parseCommand(line), null, line);
  }
});

test('lines end with LF, CR LF or CR, also across pieces', () => {
  const lines = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  ['a\r', '\nb\rc', '\n\nd', '\r'].forEach((piece) => splitter.push(piece));
  splitter.finish();
  assert.deepEqual(lines, ['a', 'b', 'c', '', 'd']);
});

test('shells: the default does not stop at a failing pipe, bash does; python and custom ones run', async (t) => {
  const run = await runJob(t, [
    {id: 'default', run: 'false | true'},
    {id: 'bash', shell: 'bash', run: 'false | true', 'continue-on-error': true},
    {id: 'sh', shell: 'sh', run: 'echo "shell=$0" >> "$GITHUB_OUTPUT"'},
    {id: 'custom', shell: 'bash -u {0}', run: 'echo "$UNSET_HERE"', 'continue-on-error': true},
    {id: 'invalid', shell: 'bash -e', run: 'true', 'continue-on-error': true},
    {id: 'absent', shell: 'no-such-shell {0}', run: 'true', 'continue-on-error': true},
  ]);
  const outcomes = Object.fromEntries(run.steps.map(({id, outcome}) => [id, outcome]));
  assert.deepEqual(outcomes, {default: 'success', bash: 'failure', sh: 'success', custom: 'failure', invalid: 'failure', absent: 'failure'});
  assert.ok(messages(run).includes('no-such-shell: command not found'));
});

test('environment: workflow, job, step, GITHUB_ENV, GITHUB_PATH; what describes the run cannot be overridden', async (t) => {
  const show = 'echo "seen=$A $B $C $GITHUB_REF ${PATH%%:*}" >> "$GITHUB_OUTPUT"';
  const run = await runJob(t, [
    {run: 'printf "B=env\\nNODE_OPTIONS=x\\n" >> "$GITHUB_ENV"; echo /first >> "$GITHUB_PATH"; echo /second >> "$GITHUB_PATH"'},
    {id: 'show', run: show, env: {C: '${{ env.B }}-step', GITHUB_REF: 'mine'}},
  ], {workflow: {env: {A: 'workflow', B: 'workflow'}}, job: {env: {B: 'job', C: 'job'}}, ref: 'refs/heads/x'});
  assert.equal(stepOf(run, 'show').outputs.seen, 'workflow env env-step refs/heads/x /second');
  assert.ok(messages(run).includes("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command."));
});

test('nothing of this process\'s environment leaks in', async (t) => {
  process.env.LEAK = 'leak';
  t.after(() => delete process.env.LEAK);
  const run = await runJob(t, [{id: 'show', run: 'echo "leak=${LEAK-none}" >> "$GITHUB_OUTPUT"'}]);
  assert.equal(stepOf(run, 'show').outputs.leak, 'none');
});

test('a broken command file fails its step', async (t) => {
  const run = await runJob(t, [{run: 'echo nonsense >> "$GITHUB_OUTPUT"'}]);
  assert.equal(run.status, 'failure');
  assert.deepEqual(messages(run), ["Unable to process file command 'output' successfully.", "Invalid format 'nonsense'"]);
});

test('a summary of 1 MiB is kept, one byte more is refused', async (t) => {
  const write = (size) => ({run: `head -c ${size} /dev/zero | tr '\\0' x > "$GITHUB_STEP_SUMMARY"`});
  const run = await runJob(t, [write(1024 * 1024), write(1024 * 1024 + 1)]);
  assert.deepEqual(run.summaries.map(({step}) => step), ['__run']);
  assert.match(messages(run)[0], /GITHUB_STEP_SUMMARY upload aborted/);
  assert.equal(run.status, 'success');
});

test('a step keeps ten annotations a level, and messages of 4096 characters', async (t) => {
  const run = await runJob(t, [
    {run: 'for i in $(seq 12); do echo "::warning::w$i"; done; echo "::notice::$(head -c 5000 /dev/zero | tr "\\0" n)"'},
    {run: 'echo "::warning::next"'},
  ]);
  const warnings = run.annotations.filter(({level}) => level === 'warning');
  assert.deepEqual(warnings.map(({step}) => step), [...Array(10).fill('__run'), '__run_2']);
  assert.match(run.log, /##\[warning\]w12/);
  assert.equal(run.annotations.find(({level}) => level === 'notice').message.length, 4096);
});

test('stop-commands, set-output and the disabled commands', async (t) => {
  const run = await runJob(t, [
    {id: 'stop', run: 'echo "::stop-commands::token-1"; echo "::error::no"; echo "##[error]no"; echo "::token-1::"; echo "::notice::yes"'},
    {id: 'old', run: 'echo "::set-output name=x::a%0Ab"'},
    {id: 'disabled', run: 'echo "::set-env name=PATH::/nowhere"'},
  ]);
  assert.equal(run.annotations[0].message, 'yes');
  assert.equal(stepOf(run, 'old').outputs.x, 'a\nb');
  assert.equal(stepOf(run, 'disabled').outcome, 'failure');
});

test('masks: secrets and added values, in log, annotation, summary and job outputs', async (t) => {
  const script = [
    'echo "::add-mask::hunter2"',
    'echo "hunter2 $SECRET $(printf %s "$SECRET" | base64)"',
    'echo "::error::$SECRET"',
    'echo "$SECRET" >> "$GITHUB_STEP_SUMMARY"',
    'echo "x=$SECRET" >> "$GITHUB_OUTPUT"',
    'echo "y=plain" >> "$GITHUB_OUTPUT"',
  ];
  const run = await runJob(t, [{id: 'a', run: script.join('\n'), env: {SECRET: '${{ secrets.S }}'}}], {
    secrets: {S: 's3cr3t'},
    job: {outputs: {x: '${{ steps.a.outputs.x }}', y: '${{ steps.a.outputs.y }}'}},
  });
  assert.match(run.log, /^\*\*\* \*\*\* \*\*\*$/m);
  assert.doesNotMatch(JSON.stringify([run.log, run.annotations, run.summaries, run.outputs]), /s3cr3t/);
  assert.deepEqual(run.outputs, {y: 'plain'});
});

const INNER = `
name: inner
inputs:
  who: {default: nobody}
outputs:
  said: {value: '\${{ steps.say.outputs.said }}'}
runs:
  using: composite
  steps:
    - id: say
      shell: bash
      run: echo "said=$WHO $OUTER $PWD \${INPUT_WHO-unset} $GITHUB_ACTION_PATH" >> "$GITHUB_OUTPUT"
      env: {WHO: '\${{ inputs.who }}'}
    - id: breaks
      if: inputs.who == 'breaker'
      shell: bash
      run: exit 7
    - id: skipped
      shell: bash
      run: 'true'
`;

test('composite actions: own scope, workspace as folder, no INPUT_ variables, outputs', async (t) => {
  const run = await runJob(t, [
    {id: 'one', uses: './inner', with: {WHO: 'me', other: 1}, env: {OUTER: 'outer'}},
    {id: 'two', run: 'echo "x=${{ steps.say.outputs.said }}" >> "$GITHUB_OUTPUT"'},
  ], {manifests: {inner: INNER}, job: {defaults: {run: {'working-directory': '/'}}}, repository: 'acme/shop'});
  const [who, outer, folder, input, path] = stepOf(run, 'one').outputs.said.split(' ');
  assert.deepEqual([who, outer, input], ['me', 'outer', 'unset']);
  assert.match(folder, /\/shop\/shop$/);
  assert.equal(path, `${folder}/./inner`);
  assert.equal(stepOf(run, 'two').outputs.x, '', 'steps of the action are not steps of the job');
  assert.match(messages(run)[0], /Unexpected input\(s\) 'other', valid inputs are \['who'\]/);
});

test('composite actions: a failing step skips the rest and fails the action', async (t) => {
  const run = await runJob(t, [{id: 'one', uses: './inner', with: {who: 'breaker'}}], {manifests: {inner: INNER}});
  const one = stepOf(run, 'one');
  assert.equal(one.outcome, 'failure');
  assert.deepEqual(one.steps.map(({outcome}) => outcome), ['success', 'failure', 'skipped']);
  assert.deepEqual(messages(run), ['Process completed with exit code 7.']);
});

test('composite actions: no secrets context, a shell for every script, no unknown keys', async (t) => {
  const manifest = (step) => `runs: {using: composite, steps: [${JSON.stringify(step)}]}`;
  const manifests = {
    secret: manifest({shell: 'bash', run: 'true', env: {S: '${{ secrets.S }}'}}),
    shell: manifest({run: 'true'}),
    key: manifest({shell: 'bash', run: 'true', 'timeout-minutes': 1}),
  };
  const steps = ['secret', 'shell', 'key', 'none'].map((name) => ({id: name, uses: `./${name}`, 'continue-on-error': true}));
  const run = await runJob(t, steps, {manifests, secrets: {S: 'x'}});
  const expected = [/secrets/, /missing: shell/, /'timeout-minutes'/, /Can't find 'action\.yml'/];
  assert.equal(run.annotations.length, expected.length);
  expected.forEach((pattern, index) => assert.match(messages(run)[index], pattern));
});

test('remote actions: a folder or outputs stand in for them; an unknown one is an error', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'action.yml'), INNER);
  const steps = [
    {id: 'folder', uses: 'acme/inner@v1'},
    {id: 'outputs', uses: 'acme/upload@v2'},
    {id: 'unknown', uses: 'acme/unknown@v3'},
  ];
  const run = await runJob(t, steps, {actions: {'acme/inner': folder, 'acme/upload': {url: 'u'}}});
  assert.match(stepOf(run, 'folder').outputs.said, /^nobody /);
  assert.deepEqual(stepOf(run, 'outputs').outputs, {url: 'u'});
  assert.equal(stepOf(run, 'unknown').outcome, 'failure');
});

test('a job whose condition is false is skipped', async (t) => {
  const run = await runJob(t, [{run: 'exit 1'}], {job: {if: "github.event_name == 'release'"}});
  assert.equal(run.status, 'skipped');
  assert.deepEqual(run.steps, []);
});

test('the machine is gone after the run unless it is kept', async (t) => {
  const run = await runJob(t, [{id: 'where', run: 'echo "path=$GITHUB_EVENT_PATH" >> "$GITHUB_OUTPUT"'}]);
  await assert.rejects(readFile(stepOf(run, 'where').outputs.path), {code: 'ENOENT'});
});

test('the command line of the runner: the log, the exit code, and how it is used', async (t) => {
  const repo = await temporaryFolder(t);
  const workflow = (command) => `on: push\njobs:\n  main:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${command}\n`;
  await writeFile(join(repo, 'good.yml'), workflow('echo "saw $COLOR"'));
  await writeFile(join(repo, 'bad.yml'), workflow('exit 3'));
  const cli = fileURLToPath(new URL('./runner/cli.mjs', import.meta.url));
  const run = (...given) => spawnSync(process.execPath, [cli, ...given], {encoding: 'utf8'});
  const good = run('--repo', repo, '--workflow', 'good.yml', '--env', 'COLOR=green');
  assert.equal(good.status, 0, good.stderr);
  assert.match(good.stdout, /saw green/);
  assert.equal(run('--repo', repo, '--workflow', 'bad.yml').status, 1);
  const without = run();
  assert.equal(without.status, 2);
  assert.match(without.stderr, /^usage: cli\.mjs --repo DIR --workflow FILE/);
});
