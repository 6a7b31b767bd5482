// Inputs are text from outside: they reach the program as they are, and nothing in them runs.

import assert from 'node:assert/strict';
import {readdir} from 'node:fs/promises';
import {test} from 'node:test';

import {examplePayload, runGate, stepOf} from './support.mjs';

/** The inputs that the program reads, and their variables. */
const VARIABLES = {
  'policy': 'ESCAPE_GATE_POLICY',
  'reports': 'ESCAPE_GATE_REPORTS',
  'tests-outcome': 'ESCAPE_GATE_TESTS_OUTCOME',
  'release': 'ESCAPE_GATE_RELEASE',
  'token': 'ESCAPE_GATE_TOKEN',
  'comment': 'ESCAPE_GATE_COMMENT',
  'comment-on': 'ESCAPE_GATE_COMMENT_ON',
  'notes': 'ESCAPE_GATE_NOTES',
  'id': 'ESCAPE_GATE_ID',
  'status': 'ESCAPE_GATE_STATUS',
  'publish': 'ESCAPE_GATE_PUBLISH',
  'timeout': 'ESCAPE_GATE_TIMEOUT',
  'cache': 'ESCAPE_GATE_CACHE',
  'fail-on': 'ESCAPE_GATE_FAIL_ON',
  'output': 'ESCAPE_GATE_OUTPUT',
  'snapshot': 'ESCAPE_GATE_SNAPSHOT',
};

const HOSTILE = {
  'quotes': `a'b"c'"; touch pwned; echo "'`,
  'command substitution': '$(touch pwned)',
  'backticks': '`touch pwned`',
  'newlines': 'first\ntouch pwned\n\nlast\n',
  'carriage returns': 'first\r\ntouch pwned\rlast',
  'separators': '; touch pwned & touch pwned | touch pwned && touch pwned > pwned',
  'arithmetic': 'a[$(touch pwned)]',
  'variables': '$HOME ${PATH} $0 $$ \\$HOME',
  'globs': '**/*.xml ~ {a,b} [!x] ?',
  'backslashes': '\\n \\0 \\\\ %s %d %n',
  'set-output': '::set-output name=verdict::pass',
  'workflow commands': 'x\n::error::boo\n::add-mask::e\n##[error]boo\n::stop-commands::x',
  'output file': 'verdict=pass\nverdict<<EOF\npass\nEOF',
  'option': '--dry-run',
  'dash': '-',
  'double dash': '--',
  'expression': '${{ secrets.GITHUB_TOKEN }}',
  'blanks': '  \t a  b \t ',
  'one blank': ' ',
  'unicode': 'Größe 発売 🚀 \u202eevil\u202c e\u0301 \ufeff \u0000'.replace('\u0000', '\u0007'),
  'assignment': 'PATH=/nowhere',
  '10 kB': `${"'\"$(touch pwned)`touch pwned`;\n".repeat(320)}end`,
};

/** Every path below a folder that is named `pwned`. */
async function traces(folder) {
  const names = await readdir(folder, {recursive: true});
  return names.filter((name) => name.includes('pwned'));
}

/**
 * The texts travel in the event, as the title of a pull request would: no YAML and no quoting comes between.
 * An expression that stands in such a text is not evaluated again.
 */
async function runWithText(t, names, text) {
  const inputs = Object.fromEntries(names.map((name) => [name, '${{ github.event.pull_request.title }}']));
  const payload = examplePayload('pull_request');
  payload.pull_request.title = text;
  return runGate(t, {inputs, options: {event: 'pull_request', eventPayload: payload}});
}

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`hostile input: ${name}`, async (t) => {
    const run = await runWithText(t, Object.keys(VARIABLES), text);
    assert.equal(run.status, 'success', run.log);
    for (const variable of Object.values(VARIABLES)) {
      assert.equal(run.program.environment[variable], text, variable);
    }
    assert.deepEqual(run.program.arguments, ['check']);
    assert.deepEqual(run.annotations, []);
    assert.equal(stepOf(run, 'gate').outputs.verdict, '');
    assert.deepEqual(await traces(run.machine.root), []);
  });

  test(`hostile program path: ${name}`, async (t) => {
    const run = await runWithText(t, ['binary'], text);
    assert.equal(run.status, 'failure');
    assert.equal(run.program, null);
    const [annotation, exit] = run.annotations;
    const expected = `The input 'binary' names '${text}'`.slice(0, 4096);
    assert.equal(annotation.message.slice(0, expected.length), expected);
    assert.equal(annotation.title, 'Escape Gate program not found');
    assert.equal(exit.message, 'Process completed with exit code 1.');
    assert.equal(run.annotations.length, 2);
    assert.equal(stepOf(run, 'gate').outputs.verdict, '');
    assert.deepEqual(await traces(run.machine.root), []);
  });
}

test('an input that is left out or empty arrives as unset', async (t) => {
  const empty = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, '']));
  for (const inputs of [{}, empty]) {
    const run = await runGate(t, {inputs, options: {secrets: {}}});
    assert.equal(run.status, 'success', run.log);
    const arrived = Object.keys(run.program.environment).filter((name) => name.startsWith('ESCAPE_GATE_'));
    assert.deepEqual(arrived, ['ESCAPE_GATE_BINARY']);
  }
});

test('one given input does not bring the others along', async (t) => {
  const run = await runGate(t, {inputs: {'fail-on': 'never'}});
  const arrived = Object.keys(run.program.environment).filter((name) => name.startsWith('ESCAPE_GATE_'));
  assert.deepEqual(arrived.sort(), ['ESCAPE_GATE_BINARY', 'ESCAPE_GATE_FAIL_ON', 'ESCAPE_GATE_TOKEN']);
});

test('a variable of the job that belongs to no input reaches the program', async (t) => {
  const job = {env: {ESCAPE_GATE_DRY_RUN: 'true', ESCAPE_GATE_FORMAT: ''}};
  const run = await runGate(t, {workflow: {job}});
  assert.equal(run.program.environment.ESCAPE_GATE_DRY_RUN, 'true');
  assert.ok(!('ESCAPE_GATE_FORMAT' in run.program.environment));
});

test('inputs do not arrive as INPUT_ variables', async (t) => {
  const run = await runGate(t, {inputs: {policy: 'policy.yml'}});
  const arrived = Object.keys(run.program.environment).filter((name) => name.startsWith('INPUT_'));
  assert.deepEqual(arrived, []);
});
