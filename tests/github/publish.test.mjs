// Where the text goes, when it is written, and what is shipped.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, payloadOf, POLICY, REPO, REPOSITORY } from './shop.mjs';

/** A workflow_run event that follows a pull request's workflow; GitHub names no pull request for a fork. */
const followed = (sha, branch, full_name, pull_requests = []) => ({
  action: 'completed', repository: REPOSITORY,
  workflow_run: { id: 9, event: 'pull_request', conclusion: 'success', head_sha: sha, head_branch: branch, pull_requests, head_repository: { id: 2, full_name } },
});

describe('the second half of a workflow', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    const issue = await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
    shop.hotfix = await shop.pull('hotfix', `Fixes #${issue.number}`, '2026-02-21T10:00:00Z');
  });
  after(() => shop.gh.close());
  beforeEach(() => shop.gh.forget());
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  it('finds the pull request by its head commit, judges it and comments on it', async () => {
    const run = await shop.gate({ event: 'workflow_run', payload: followed(shop.hotfix.head.sha, 'hotfix', 'acme/shop') });
    assert.equal(run.code, 0, run.out + run.log);
    assert.equal((await shop.comments(shop.hotfix.number)).length, 1);
  });

  it('finds it from a fork', async () => {
    const { head, number } = await shop.forkPull('idea', 'A change from outside.');
    const run = await shop.gate({ event: 'workflow_run', payload: followed(head.sha, head.ref, head.repo.full_name) });
    assert.equal(run.code, 10, run.out + run.log);
    assert.equal((await shop.comments(number)).length, 1);
  });

  it('is not sure of the reports of a first half that did not end', async () => {
    const first = followed(shop.hotfix.head.sha, 'hotfix', 'acme/shop');
    for (const conclusion of ['cancelled', 'timed_out', null, 'failure', 'success']) {
      const payload = { ...first, workflow_run: { ...first.workflow_run, conclusion } };
      const reports = `${POLICY}tests:\n  reports: ["*.xml"]\n`;
      const files = { 'TEST-a.xml': '<testsuite name="s"><testcase name="t"/></testsuite>' };
      const run = await shop.gate({ event: 'workflow_run', payload, policy: reports, files });
      const [code, said] = {
        failure: [0, /ended as .failure., and no test in them has\s+failed/], success: [0, /may ship|may merge/], null: [3, /has not ended/],
      }[conclusion] ?? [3, /ended as .*they may not be all/];
      assert.equal(run.code, code, run.out + run.log);
      assert.match(run.out, said);
    }
    const run = await shop.gate({ event: 'workflow_run', payload: { ...first, workflow_run: { ...first.workflow_run, conclusion: 'cancelled' } } });
    assert.equal(run.code, 0, `a policy without test reports does not depend on it: ${run.out}`);
  });

  it('does not comment on a pull request that has moved on', async () => {
    const before = await shop.comments(shop.hotfix.number);
    const run = await shop.gate({ event: 'workflow_run', payload: followed('0'.repeat(39) + '1', 'hotfix', 'acme/shop') });
    assert.match(run.log, /no open pull request/);
    assert.deepEqual(await shop.comments(shop.hotfix.number), before);
  });
});

describe('comment-on', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    shop.feature = await shop.pull('feature', 'A feature.', '2026-02-21T10:00:00Z');
  });
  after(() => shop.gh.close());
  beforeEach(() => shop.gh.forget());
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));
  const gate = (on) => shop.gate({ event: 'pull_request', payload: payloadOf(shop.feature), env: { ESCAPE_GATE_COMMENT_ON: on } });
  const writes = async () => (await shop.writes()).map((line) => line.split(' ')[0]);

  it('fail: says nothing as long as there is nothing to say', async () => {
    assert.equal((await gate('fail')).code, 0);
    assert.deepEqual(await writes(), []);
  });

  it('fail: comments on a failure, and corrects that comment when it is over', async () => {
    const defect = await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
    assert.equal((await gate('fail')).code, 10);
    await shop.gh.admin('PATCH', `${REPO}/issues/${defect.number}`, { labels: [] });
    assert.equal((await gate('fail')).code, 0);
    assert.deepEqual(await writes(), ['POST', 'PATCH']);
    const [only] = await shop.comments(shop.feature.number);
    assert.match(only.body, /pass/);
  });

  it('change: writes when the verdict or an issue changes, and not for the time of day', async () => {
    assert.equal((await gate('change')).code, 0);
    const calm = (await writes()).length;
    await sleep(1100);
    assert.equal((await gate('change')).code, 0);
    assert.equal((await writes()).length, calm, 'the same, a second later');
    await shop.issue('Prices are wrong', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
    assert.equal((await gate('change')).code, 10);
    await shop.issue('Taxes are wrong', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
    assert.equal((await gate('change')).code, 10);
    assert.equal((await writes()).length, calm + 2);
  });
});

describe('a commit status', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    shop.feature = await shop.pull('feature', 'A feature.', '2026-02-21T10:00:00Z');
  });
  after(() => shop.gh.close());
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));
  const gate = (more) => shop.gate({ event: 'pull_request', payload: payloadOf(shop.feature), ...more });
  const statuses = () => shop.gh.admin('GET', `${REPO}/commits/${shop.feature.head.sha}/statuses`);

  it('is not set unless asked for', async () => {
    await gate();
    assert.deepEqual(await statuses(), []);
  });

  it('says how it went, leads to the comment, and is not set again for the same', async () => {
    for (let n = 0; n < 2; n += 1) assert.equal((await gate({ env: { ESCAPE_GATE_STATUS: 'true' } })).code, 0);
    const [comment] = await shop.comments(shop.feature.number);
    const [only, ...others] = await statuses();
    assert.deepEqual([only.context, only.state, only.target_url, others], ['escape-gate/policy.yml', 'success', comment.html_url, []]);
  });

  it('is a failure when the policy is breached, an error when it is not known, and apart for another gate', async () => {
    await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
    await gate({ args: ['check', '--status'] });
    assert.equal((await statuses())[0].state, 'failure');
    await gate({ args: ['check', '--status', '--id', 'nightly'], policy: POLICY.replace('production-bug', 'produktion-bug') });
    assert.deepEqual([(await statuses())[0].context, (await statuses())[0].state], ['escape-gate/nightly', 'error']);
    await gate({ args: ['check', '--status', '--dry-run'] });
    assert.equal((await statuses())[0].state, 'success', 'a dry run blocks nothing');
  });
});

describe('a pushed tag', () => {
  let shop;
  before(async () => { shop = await openShop(); });
  after(() => shop.gh.close());
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));
  const gate = (tag) => shop.gate({ event: 'push', env: { GITHUB_REF: `refs/tags/${tag}` } });

  it('with a release gets its text into the notes', async () => {
    const run = await gate('v1.1.0');
    assert.equal(run.code, 0, run.out + run.log);
    assert.match(await shop.notes('v1.1.0'), /escape-gate:policy.yml:begin/);
  });

  it('without a release gets it onto the pull request that was merged as it', async () => {
    const pull = await shop.pull('feature', 'A feature.', '2026-02-21T10:00:00Z');
    const { sha } = await shop.merge(pull, '2026-02-22T10:00:00Z');
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/tags/v1.2.0', sha });
    const run = await gate('v1.2.0');
    assert.equal(run.code, 0, run.out + run.log);
    const [only] = await shop.comments(pull.number);
    assert.equal(run.outputs['comment-url'], only.html_url);
  });

  it('with neither has it in the summary, and says so', async () => {
    await shop.commit('src/direct.txt', '2026-02-23T10:00:00Z');
    const { object } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`);
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/tags/v1.3.0', sha: object.sha });
    const run = await gate('v1.3.0');
    assert.equal(run.code, 0, run.out + run.log);
    assert.match(run.log, /there is no release, not even a draft, for the tag `v1.3.0`/);
    assert.match(run.summary, /zero-critical/);
  });
});

describe('--publish', () => {
  let shop;
  beforeEach(async () => { shop = await openShop(); });
  afterEach(async () => {
    try {
      assert.deepEqual(await shop.gh.violations(), []);
    } finally {
      await shop.gh.close();
    }
  });
  const gate = (more) => shop.gate({ event: 'workflow_dispatch', args: ['check', '--release', 'v1.2.0', '--publish'], ...more });
  const release = async () => (await shop.gh.admin('GET', `${REPO}/releases`)).find(({ tag_name: tag }) => tag === 'v1.2.0');

  it('ships the draft that passed, at the commit that was judged', async () => {
    await shop.commit('src/c.txt', '2026-02-21T10:00:00Z');
    await shop.release('v1.2.0', '2026-02-25T10:00:00Z', { draft: true, target_commitish: 'main', body: 'New.' });
    const { object } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`);
    const run = await gate();
    assert.equal(run.code, 0, run.out + run.log);
    assert.equal((await release()).draft, false);
    assert.match((await release()).body, /escape-gate:policy.yml:begin/, 'the notes were written first');
    assert.equal((await shop.gh.admin('GET', `${REPO}/git/ref/tags/v1.2.0`)).object.sha, object.sha);
    const again = await gate();
    assert.equal(again.code, 0, `a second run finds it done: ${again.log}`);
  });

  it('ships nothing that fails', async () => {
    await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
    await shop.release('v1.2.0', '2026-02-25T10:00:00Z', { draft: true });
    const run = await gate();
    assert.equal(run.code, 10, run.log);
    assert.equal((await release()).draft, true);
    assert.match(run.log, /was not published/);
    const tolerant = await gate({ env: { ESCAPE_GATE_FAIL_ON: 'never' } });
    assert.equal(tolerant.code, 0);
    assert.equal((await release()).draft, true, 'a verdict that was told not to block publishes nothing');
  });

  it('ships nothing that changed since it was judged, and is no success then', async () => {
    await shop.release('v1.2.0', '2026-02-25T10:00:00Z', { draft: true, target_commitish: 'main' });
    // The notes are written after the verdict and before the draft is published: there somebody pushes.
    await shop.gh.faults([{ method: 'PATCH', path: '/releases/\\d+$', delayMs: 700 }]);
    const running = gate();
    while ((await shop.gh.unusedFaults()).length) await sleep(20);
    await shop.commit('src/late.txt', '2026-02-26T10:00:00Z');
    const run = await running;
    assert.equal(run.code, 1, run.out + run.log);
    assert.equal((await release()).draft, true);
    assert.match(run.log, /was evaluated at \w+ and leads to \w+ by now/);
    assert.equal(run.outputs.verdict, 'pass');
  });

  it('publishes once, also when the answer is lost', async () => {
    await shop.release('v1.2.0', '2026-02-25T10:00:00Z', { draft: true, target_commitish: 'main' });
    await shop.gh.faults([{ method: 'PATCH', path: '/releases/\\d+$', times: 'always', status: 502, effect: true, body: { message: 'Bad gateway' } }]);
    const run = await gate({ args: ['check', '--release', 'v1.2.0', '--publish', '--comment', 'none', '--retry-wait', '10ms'] });
    assert.equal(run.code, 0, run.log);
    assert.equal((await release()).draft, false);
    assert.equal((await shop.writes()).length, 1);
  });

  it('says that a token that may not write sees no draft, and which permission is missing', async () => {
    await shop.release('v1.2.0', '2026-02-25T10:00:00Z', { draft: true, target_commitish: 'main' });
    const blind = await gate({ token: 'ghs_read' });
    assert.equal(blind.code, 3, blind.log);
    assert.match(blind.out, /contents: write/);
    const args = ['check', '--release', 'v1.2.0', '--candidate', 'main', '--publish', '--status'];
    const run = await gate({ token: 'ghs_read', args });
    assert.equal(run.code, 1, 'judged by its commit, it passes, and is not shipped');
    assert.match(run.log, /v1\.2\.0 was not published: .*`contents: write`/);
    assert.match(run.log, /^::warning .*%0Apermissions:%0A {2}statuses: write$/m);
    assert.equal((await release()).draft, true);
  });

  it('needs to know the release', async () => {
    const run = await gate({ args: ['check', '--publish'] });
    assert.equal(run.code, 2, run.log);
    assert.match(run.log, /--release TAG/);
  });
});
