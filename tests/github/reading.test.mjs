// Lists longer than a page, whatever they hang from; types, fields, duplicates and tags.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, POLICY, REPO } from './shop.mjs';

describe('a repository is read to its last page', () => {
  let shop;
  before(async () => { shop = await openShop(); });
  after(() => shop.gh.close());
  beforeEach(async () => {
    await shop.gh.forget();
    await shop.gh.limit({ token: 'ghs_write', resource: 'graphql', remaining: 1000 });
  });
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));
  const snapshot = async (policy) => {
    const run = await shop.gate({ policy, args: ['collect'] });
    assert.equal(run.code, 0, run.log);
    const taken = JSON.parse(run.snapshot);
    assert.deepEqual(taken.gaps ?? [], []);
    return taken;
  };

  it('labels of the repository and of a ticket', async () => {
    const many = Array.from({ length: 120 }, (_, n) => `area/${String(n).padStart(3, '0')}`);
    for (const name of many) await shop.gh.admin('POST', `${REPO}/labels`, { name, color: 'ededed' });
    const issue = await shop.issue('Everywhere', ['production-bug', ...many], '2026-02-20T10:00:00Z');
    await shop.gh.admin('POST', `${REPO}/labels`, { name: 'zz-production', color: 'ededed' });
    await shop.issue('The last label', ['zz-production'], '2026-02-20T10:00:00Z');
    const { tickets } = await snapshot(POLICY.replace('[production-bug]', '[production-bug, zz-production]'));
    assert.equal(tickets.find(({ number }) => number === issue.number).labels.length, many.length + 1);
    assert.ok(tickets.some(({ title }) => title === 'The last label'));
  });

  it('changed files and pull requests of a ticket', async () => {
    const issue = await shop.issue('Fixed in many places', ['production-bug'], '2026-02-20T10:00:00Z');
    const pull = await shop.pull('wide', `Fixes #${issue.number}`, '2026-02-21T10:00:00Z');
    for (let n = 0; n < 70; n += 1) await shop.commit(`src/wide/${n}.txt`, '2026-02-21T11:00:00Z', 'wide');
    for (let n = 0; n < 8; n += 1) await shop.pull(`try-${n}`, `Fixes #${issue.number}`, '2026-02-21T12:00:00Z');
    await shop.merge(pull, '2026-02-22T10:00:00Z');
    const { tickets } = await snapshot();
    const { fixes } = tickets.find(({ number }) => number === issue.number);
    assert.equal(fixes.length, 9);
    assert.equal(fixes.find((fix) => fix['pull-request'] === pull.number).files.length, 71);
  });

  it('what was labelled when, however often', async () => {
    const issue = await shop.issue('Undecided', ['production-bug'], '2026-02-20T10:00:00Z');
    for (let n = 0; n < 140; n += 1) {
      const now = new Date(Date.UTC(2026, 1, 21, 0, n)).toISOString();
      await shop.gh.admin('PATCH', `${REPO}/issues/${issue.number}`, { labels: n % 2 ? ['production-bug'] : ['production-bug', 'bug'] }, { now });
    }
    const { tickets } = await snapshot();
    const { 'label-history': history } = tickets.find(({ number }) => number === issue.number);
    assert.equal(history.more, false);
    assert.deepEqual(history.events[0], { at: '2026-02-20T10:00:00Z', set: true, label: 'production-bug' });
    assert.deepEqual(history.events.at(-1), { at: '2026-02-21T02:19:00Z', set: false, label: 'bug' });
    assert.equal(history.events.length, 141);
  });

  it('tickets by type, with their fields and duplicates', async () => {
    await shop.gh.repository('acme/shop', { issueTypes: ['Bug'], issueFields: [{ name: 'Found in', kind: 'Text' }] });
    const first = await shop.issue('By type alone', [], '2026-02-20T10:00:00Z');
    const second = await shop.issue('The same again', ['production-bug'], '2026-02-20T11:00:00Z');
    await shop.gh.issue('acme/shop', first.number, { type: 'Bug', fields: [{ name: 'Found in', kind: 'Text', value: 'v1.1.0' }] });
    await shop.gh.admin('PATCH', `${REPO}/issues/${second.number}`, { state: 'closed', state_reason: 'duplicate' });
    await shop.gh.issue('acme/shop', second.number, { duplicateOf: first.number, stateReason: 'duplicate' });
    const { tickets } = await snapshot(POLICY.replace('{ labels: [production-bug] }', '{ labels: [production-bug], types: [bug] }'));
    const [a, b] = [first, second].map((issue) => tickets.find(({ number }) => number === issue.number));
    assert.deepEqual(a.fields, { 'Found in': 'v1.1.0' });
    assert.equal(b['duplicate-of'], first.number);
  });

  it('tags without a release, where the policy names tags', async () => {
    const { object } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`);
    for (const tag of ['v0.9.0', 'nightly']) await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: `refs/tags/${tag}`, sha: object.sha });
    const plain = await snapshot();
    assert.deepEqual(plain.releases.map(({ tag }) => tag).sort(), ['v1.0.0', 'v1.1.0']);
    const named = await snapshot(`${POLICY}releases: { tags: "v*" }\n`);
    assert.deepEqual(named.releases.map(({ tag }) => tag).sort(), ['v0.9.0', 'v1.0.0', 'v1.1.0']);
  });
});
