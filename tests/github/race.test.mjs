// Many jobs at once, and people who write at the same moment.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, payloadOf, REPO } from './shop.mjs';

const AT_ONCE = 8;
const ROUNDS = 20;

/** A shop with an open critical defect and a pull request that does not fix it. */
async function shopWithPull() {
  const shop = await openShop();
  shop.defect = await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
  shop.feature = await shop.pull('feature', 'A feature.', '2026-02-21T10:00:00Z');
  return shop;
}

const gate = (shop, more = {}) => shop.gate({ event: 'pull_request', payload: payloadOf(shop.feature), ...more });
const comments = (shop) => shop.comments(shop.feature.number);

describe('jobs that race', () => {
  let shop;
  before(async () => { shop = await shopWithPull(); });
  after(() => shop.gh.close());

  for (let round = 1; round <= ROUNDS; round += 1) {
    it(`leave one comment with the newest text (round ${round})`, async () => {
      for (const resource of ['core', 'graphql']) await shop.gh.limit({ token: 'ghs_write', resource, remaining: 1000 });
      // Every other round starts without a comment.
      if (round % 2) for (const { id } of await comments(shop)) await shop.gh.admin('DELETE', `${REPO}/issues/comments/${id}`);
      await shop.gh.admin('PATCH', `${REPO}/issues/${shop.defect.number}`, { title: `Orders are lost in round ${round}` });
      const runs = await Promise.all(Array.from({ length: AT_ONCE }, () => gate(shop, { args: ['check', '--retry-wait', '100ms'] })));
      assert.deepEqual([...new Set(runs.map(({ code }) => code))], [10], runs.map(({ log }) => log).join('\n'));
      const [only, ...others] = await comments(shop);
      assert.deepEqual(others.map(({ id }) => id), []);
      assert.match(only.body, new RegExp(`Orders are lost in round ${round}\\b`));
      if (round % 5 === 0) assert.deepEqual(await shop.gh.violations(), []);
      await shop.gh.forget();
    });
  }
});

describe('a comment that cannot be written as planned', () => {
  let shop;
  before(async () => { shop = await shopWithPull(); });
  after(() => shop.gh.close());
  beforeEach(async () => {
    await Promise.all([shop.gh.forget(), shop.gh.clearFaults()]);
    for (const { id } of await comments(shop)) await shop.gh.admin('DELETE', `${REPO}/issues/comments/${id}`);
  });
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  it('is written anew when somebody deletes it between the look and the change', async () => {
    await gate(shop);
    const [{ id }] = await comments(shop);
    await sleep(1100); // another second, or the text is the same
    await shop.gh.faults([{ method: 'PATCH', path: `/issues/comments/${id}`, delayMs: 700 }]);
    const running = gate(shop);
    while ((await shop.gh.unusedFaults()).length) await sleep(20);
    await shop.gh.admin('DELETE', `${REPO}/issues/comments/${id}`);
    const run = await running;
    assert.equal(run.code, 10, run.log);
    const found = await comments(shop);
    assert.equal(found.length, 1);
    assert.notEqual(found[0].id, id);
    assert.equal(run.outputs['comment-url'], found[0].html_url);
  });

  it('leaves one alone whose marker was edited away, and writes its own', async () => {
    await gate(shop);
    const [{ id }] = await comments(shop);
    await shop.gh.admin('PATCH', `${REPO}/issues/comments/${id}`, { body: 'Discussed in the meeting.' });
    assert.equal((await gate(shop)).code, 10);
    const found = await comments(shop);
    assert.equal(found.length, 2);
    assert.equal(found.find((comment) => comment.id === id).body, 'Discussed in the meeting.');
  });

  it('is said to be refused in a locked conversation, and the verdict stands', async () => {
    await shop.gh.admin('PUT', `${REPO}/issues/${shop.feature.number}/lock`, {});
    const run = await gate(shop);
    await shop.gh.admin('DELETE', `${REPO}/issues/${shop.feature.number}/lock`);
    assert.equal(run.code, 10, run.log);
    assert.match(run.log, /comment could not be written: .*issue is locked/);
    assert.doesNotMatch(run.log, /workflow lacks/, 'no permission would help');
    assert.match(run.summary, /zero-critical/);
    assert.deepEqual(await comments(shop), []);
  });

  it('is written to a closed pull request', async () => {
    await shop.gh.admin('PATCH', `${REPO}/pulls/${shop.feature.number}`, { state: 'closed' });
    const run = await gate(shop);
    await shop.gh.admin('PATCH', `${REPO}/pulls/${shop.feature.number}`, { state: 'open' });
    assert.equal(run.code, 10, run.log);
    assert.equal((await comments(shop)).length, 1);
  });

  it('is said to be refused by an archived repository, comment, status and all', async () => {
    await shop.gh.repository('acme/shop', { archived: true });
    const run = await gate(shop, { args: ['check', '--status'] });
    await shop.gh.repository('acme/shop', { archived: false });
    assert.equal(run.code, 10, run.log);
    assert.match(run.log, /comment could not be written: .*archived/);
    assert.match(run.log, /^::warning title=Escape Gate::the comment could not be written/m);
    assert.match(run.log, /commit status could not be written: .*archived/);
    assert.doesNotMatch(run.log, /workflow lacks/);
  });

  it('fits the limit however much there is to say', async () => {
    const issues = Array.from({ length: 400 }, (_, n) => ({
      number: 1000 + n, title: `Lost ${'&<|"`'.repeat(45)}`, labels: ['production-bug', 'sev/critical'], created_at: '2026-02-20T10:00:00Z',
    }));
    await shop.gh.manyIssues('acme/shop', issues);
    const run = await gate(shop);
    for (const { number } of issues) await shop.gh.removeIssue('acme/shop', number);
    assert.equal(run.code, 10, run.log);
    const [only] = await comments(shop);
    assert.ok(only.body.length <= 20600 && only.body.length > 10000, String(only.body.length));
  });

  it('is written with the rights of the base for pull_request_target, and of a head in a fork', async () => {
    const fork = { id: 2, full_name: 'outsider/shop', fork: true };
    const payload = payloadOf(shop.feature, { head: { ref: 'main', sha: shop.feature.head.sha, repo: fork } });
    const run = await shop.gate({ event: 'pull_request_target', payload });
    assert.equal(run.code, 10, run.log);
    const [{ id }] = await comments(shop);
    await shop.gh.admin('DELETE', `${REPO}/issues/comments/${id}`);
    const read = await shop.gate({ event: 'pull_request', payload, token: 'ghs_read' });
    assert.equal(read.code, 10, read.log);
    assert.match(read.log, /comes from a fork/);
  });
});
