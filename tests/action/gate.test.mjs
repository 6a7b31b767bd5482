// `uses: ./` in a workflow: what the program says comes out of the step.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {runGate, stepOf} from './support.mjs';

const OUTPUTS = {
  'verdict': 'fail',
  'escaped': '4',
  'critical': '1',
  'escape-rate': '0.125',
  'tests-total': '312',
  'tests-failed': '0',
  'waived': '1',
  'report': 'escape-gate-report.json',
  'comment-url': 'https://github.com/acme/shop/pull/7#issuecomment-1',
};

/** Writes every output as the program does: in blocks whose delimiter cannot be guessed. */
const WRITE_OUTPUTS = Object.entries(OUTPUTS)
  .map(([name, value]) => `printf '%s<<%s\\n%s\\n%s\\n' '${name}' 'gate-5f1c' '${value}' 'gate-5f1c' >> "$GITHUB_OUTPUT"`)
  .join('\n');

test('the program is called as `check` and nothing else', async (t) => {
  const run = await runGate(t);
  assert.equal(run.status, 'success', run.log);
  assert.deepEqual(run.program.arguments, ['check']);
});

test('outputs come through to the job', async (t) => {
  const outputs = Object.fromEntries(Object.keys(OUTPUTS).map((name) => [name, `\${{ steps.gate.outputs.${name} }}`]));
  const run = await runGate(t, {body: WRITE_OUTPUTS, workflow: {job: {outputs}}});
  assert.deepEqual(run.outputs, OUTPUTS);
});

test('an output of several lines arrives whole', async (t) => {
  const body = `printf 'report<<gate-5f1c\\nfirst\\nverdict=pass\\n\\nlast\\ngate-5f1c\\n' >> "$GITHUB_OUTPUT"`;
  const run = await runGate(t, {body});
  assert.equal(stepOf(run, 'gate').outputs.report, 'first\nverdict=pass\n\nlast');
  assert.equal(stepOf(run, 'gate').outputs.verdict, '');
});

test('the summary of the program is the summary of the step', async (t) => {
  const run = await runGate(t, {body: `printf '## Gate: fail\\n\\n| rule |\\n' >> "$GITHUB_STEP_SUMMARY"`});
  assert.deepEqual(run.summaries, [{step: 'gate', markdown: '## Gate: fail\n\n| rule |\n'}]);
});

test('annotations keep their escaped values', async (t) => {
  const body = `echo '::error file=.github/escape-gate.yml,line=12,title=zero-critical%3A 1%2C at most 0::#42 loses orders%0A100%25 of them%0D'`;
  const run = await runGate(t, {body});
  assert.deepEqual(run.annotations, [{
    level: 'error',
    message: '#42 loses orders\n100% of them\r',
    title: 'zero-critical: 1, at most 0',
    file: '.github/escape-gate.yml',
    line: '12',
    step: 'gate',
  }]);
});

for (const [code, meaning] of [[0, 'pass'], [1, 'the tool failed'], [2, 'policy error'], [3, 'unknown'], [10, 'fail']]) {
  test(`exit code ${code} (${meaning}) ${code === 0 ? 'passes' : 'fails'} the step`, async (t) => {
    const run = await runGate(t, {body: `exit ${code}`});
    const expected = code === 0 ? 'success' : 'failure';
    assert.equal(run.status, expected);
    assert.equal(stepOf(run, 'gate').outcome, expected);
    const messages = run.annotations.map(({message}) => message);
    assert.deepEqual(messages, code === 0 ? [] : [`Process completed with exit code ${code}.`]);
  });
}

test('outputs and summary are there although the step failed', async (t) => {
  const body = `${WRITE_OUTPUTS}\necho '## fail' >> "$GITHUB_STEP_SUMMARY"\nexit 10`;
  const after = [{id: 'later', if: 'failure()', run: 'echo "seen=$VERDICT" >> "$GITHUB_OUTPUT"', env: {VERDICT: '${{ steps.gate.outputs.verdict }}'}}];
  const run = await runGate(t, {body, workflow: {after}});
  assert.equal(run.status, 'failure');
  assert.equal(stepOf(run, 'later').outputs.seen, 'fail');
  assert.equal(run.summaries.length, 1);
});

test('a tolerated failure lets the job go on', async (t) => {
  const run = await runGate(t, {body: 'exit 10', workflow: {gate: {'continue-on-error': true}, after: [{id: 'later', run: 'true'}]}});
  assert.equal(run.status, 'success');
  assert.equal(stepOf(run, 'gate').outcome, 'failure');
  assert.equal(stepOf(run, 'gate').conclusion, 'success');
  assert.equal(stepOf(run, 'later').outcome, 'success');
});

test('the token is the workflow\'s own unless one is given, and is masked in the log', async (t) => {
  const own = await runGate(t, {body: 'echo "token: $ESCAPE_GATE_TOKEN"'});
  assert.equal(own.program.environment.ESCAPE_GATE_TOKEN, 'ghs_example');
  assert.match(own.log, /token: \*\*\*/);
  assert.doesNotMatch(own.log, /ghs_example/);

  const given = await runGate(t, {inputs: {token: 'another'}});
  assert.equal(given.program.environment.ESCAPE_GATE_TOKEN, 'another');
});
