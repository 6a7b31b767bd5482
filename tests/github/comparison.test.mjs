// The last line of the comment: where its facts come from, and what has changed since the last comment.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, payloadOf, POLICY, REPO } from './shop.mjs';

const CRITICAL = ['production-bug', 'sev/critical'];
const RULES = POLICY.replace('rules:', 'rules:\n  - { id: escapes, metric: escaped, max: 5 }');

describe('the last line of a comment', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    shop.feature = await shop.pull('feature', 'A feature.', '2026-02-21T10:00:00Z');
  });
  after(() => shop.gh.close());
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));
  const gate = (more) => shop.gate({ event: 'pull_request', payload: payloadOf(shop.feature), policy: RULES, ...more });
  const comment = async () => (await shop.comments(shop.feature.number))[0];
  const escape = () => shop.issue('Orders are lost', CRITICAL, '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
  const withdraw = ({ number }) => shop.gh.admin('PATCH', `${REPO}/issues/${number}`, { labels: [] });
  const edit = async (change) => {
    const { id, body } = await comment();
    await shop.gh.admin('PATCH', `${REPO}/issues/comments/${id}`, { body: change(body) }, { token: 'ghs_write' });
  };
  const SINCE = /since the last comment/i;
  let open = [];
  beforeEach(async () => {
    for (const issue of open) await withdraw(issue);
    open = [];
    assert.equal((await gate()).code, 0);
  });

  it('leads to the commit, the run and the policy at the commit', async () => {
    const { body } = await comment();
    const sha = shop.feature.head.sha;
    const page = `${shop.gh.url}/acme/shop`;
    assert.ok(body.includes(`[\`${sha.slice(0, 7)}\`](${page}/commit/${sha})`), body);
    assert.ok(body.includes(`run [1](${page}/actions/runs/1)`), body);
    assert.ok(body.includes(`policy [\`policy.yml\`](${page}/blob/${sha}/policy.yml)`), body);
  });

  it('counts what is new, then what is gone, and says nothing about the same', async () => {
    open = [await escape(), await escape()];
    assert.equal((await gate()).code, 10);
    assert.match((await comment()).body, /since the last comment: \+2 critical, \+2 escaped<\/sub>\s*$/);
    assert.equal((await gate()).code, 10);
    assert.doesNotMatch((await comment()).body, SINCE);
    for (const issue of open.splice(0)) await withdraw(issue);
    assert.equal((await gate()).code, 0);
    assert.match((await comment()).body, /<summary>.* · −2 critical, −2 escaped since the last comment<\/summary>/);
  });

  it('compares nothing with another policy', async () => {
    open = [await escape()];
    assert.equal((await gate({ policy: RULES.replace('max: 5', 'max: 6') })).code, 10);
    assert.doesNotMatch((await comment()).body, SINCE);
  });

  it('compares nothing with other releases', async () => {
    open = [await escape()];
    await shop.commit('src/c.txt', '2026-02-22T10:00:00Z');
    await shop.release('v1.2.0', '2026-02-23T10:00:00Z');
    await gate();
    assert.doesNotMatch((await comment()).body, SINCE);
  });

  it('says nothing after a stamp that is edited, cut, missing or older', async () => {
    const changes = [
      (body) => body.replace('critical=0', 'critical=9'),
      (body) => body.replace(/ counts:\S+/, ''),
      (body) => body.replace(/<!-- escape-gate-state.*-->\n/, ''),
      (body) => body.replace(/digest:\w+/, 'digest:0'),
      (body) => `${body}\nA remark.`,
    ];
    open = [await escape()];
    for (const change of changes) {
      await gate();
      await edit(change);
      assert.equal((await gate()).code, 10, 'the verdict is the same');
      assert.doesNotMatch((await comment()).body, SINCE, String(change));
    }
  });
});
