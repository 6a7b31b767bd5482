// A run that comes to no verdict: it says so wherever an earlier run said that all is well.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, payloadOf, POLICY, REPO } from './shop.mjs';

const MISTAKE = POLICY.replace('max: 0', 'max: 0, levle: mandatory');

describe('a run without a verdict', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    shop.feature = await shop.pull('feature', 'A feature.', '2026-02-21T10:00:00Z');
  });
  after(() => shop.gh.close());
  beforeEach(() => shop.gh.forget());
  afterEach(async () => {
    await shop.gh.clearFaults();
    assert.deepEqual(await shop.gh.violations(), []);
  });

  const gate = (more) => shop.gate({ event: 'pull_request', payload: payloadOf(shop.feature), ...more });
  const only = async () => {
    const [comment, ...others] = await shop.comments(shop.feature.number);
    assert.deepEqual(others, []);
    return comment.body;
  };
  const status = async () => (await shop.gh.admin('GET', `${REPO}/commits/${shop.feature.head.sha}/statuses`))[0];

  it('for a mistake in the policy says where, on the line, in the summary, in the comment and in the status', async () => {
    assert.equal((await gate({ env: { ESCAPE_GATE_STATUS: 'true' } })).code, 0);
    assert.match(await only(), /may merge/);
    for (const on of ['always', 'change', 'fail']) {
      await gate({ env: { ESCAPE_GATE_COMMENT_ON: 'always' } });
      const run = await gate({ policy: MISTAKE, env: { ESCAPE_GATE_STATUS: 'true', ESCAPE_GATE_COMMENT_ON: on } });
      assert.equal(run.code, 2, run.log);
      assert.match(run.log, /^::error file=policy\.yml,line=7,title=[^:]*P011::a rule has no key `levle`/m);
      assert.match(run.summary, /could not evaluate.*\n\n.*policy error in line 7 of `policy\.yml`/);
      assert.match(run.summary, /`P011`/);
      assert.match(await only(), /could not evaluate/);
      assert.doesNotMatch(await only(), /may merge/);
      assert.equal((await status()).state, 'error');
      assert.match((await status()).description, /^could not evaluate: policy error in line 7/);
    }
    assert.equal((await gate()).code, 0);
    assert.match(await only(), /may merge/, 'and the next run that can corrects it');
  });

  it('for a missing policy, an unknown value of an input or an option that needs another is as visible', async () => {
    for (const [more, told] of [
      [{ env: { ESCAPE_GATE_POLICY: 'none.yml', ESCAPE_GATE_ID: 'policy.yml' } }, /cannot read the policy/],
      [{ env: { ESCAPE_GATE_FAIL_ON: 'sometimes' } }, /sometimes/],
      [{ env: { ESCAPE_GATE_PUBLISH: 'true' } }, /--release TAG/],
    ]) {
      await gate();
      assert.match(await only(), /: pass/);
      const run = await gate(more);
      assert.equal(run.code, 2, run.log);
      assert.match(run.log, /^::error .*could not evaluate|^::error /m);
      assert.match(run.summary, told);
      assert.match(await only(), /could not evaluate/);
    }
  });

  it('keeps its exit code if nothing can be written anywhere', async () => {
    await shop.gh.faults([{ method: 'GET', path: '/comments', times: 'always', status: 403, body: { message: 'Resource not accessible by integration' } }]);
    const run = await gate({ policy: MISTAKE, env: { GITHUB_STEP_SUMMARY: '/nowhere/summary.md', ESCAPE_GATE_RETRY_WAIT: '10ms' } });
    assert.equal(run.code, 2, run.log);
    assert.match(run.log, /the comment could not be written/);
    const bad = await gate({ policy: MISTAKE, env: { GITHUB_TOKEN: 'no\ttoken' } });
    assert.equal(bad.code, 2, bad.log);
    assert.match(bad.summary, /policy error/);
  });

  it('says nothing on a person\'s machine but the error itself', async () => {
    const run = await shop.gate({ policy: MISTAKE });
    assert.equal(run.code, 2);
    assert.doesNotMatch(run.log, /::error/);
    assert.deepEqual(await shop.writes(), []);
  });

  it('in a release says so in a line of its notes', async () => {
    const release = (policy) => shop.gate({ event: 'workflow_dispatch', args: ['check', '--release', 'v1.1.0'], policy });
    assert.equal((await release(POLICY)).code, 0);
    assert.match(await shop.notes('v1.1.0'), /\[Passed the release gate\]\(http/);
    assert.equal((await release(MISTAKE)).code, 2);
    assert.match(await shop.notes('v1.1.0'), /could not evaluate this release/);
    assert.doesNotMatch(await shop.notes('v1.1.0'), /Passed/);
  });
});
