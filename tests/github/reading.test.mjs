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
    const { issues } = await snapshot(POLICY.replace('[production-bug]', '[production-bug, zz-production]'));
    assert.equal(issues.find(({ number }) => number === issue.number).labels.length, many.length + 1);
    assert.ok(issues.some(({ title }) => title === 'The last label'));
  });

  it('changed files and pull requests of a ticket', async () => {
    const issue = await shop.issue('Fixed in many places', ['production-bug'], '2026-02-20T10:00:00Z');
    const pull = await shop.pull('wide', `Fixes #${issue.number}`, '2026-02-21T10:00:00Z');
    for (let n = 0; n < 70; n += 1) await shop.commit(`src/wide/${n}.txt`, '2026-02-21T11:00:00Z', 'wide');
    for (let n = 0; n < 8; n += 1) await shop.pull(`try-${n}`, `Fixes #${issue.number}`, '2026-02-21T12:00:00Z');
    await shop.merge(pull, '2026-02-22T10:00:00Z');
    const { issues } = await snapshot();
    const { fixes } = issues.find(({ number }) => number === issue.number);
    assert.equal(fixes.length, 9);
    assert.equal(fixes.find((fix) => fix['pull-request'] === pull.number).files.length, 71);
  });

  it('what was labelled when, however often', async () => {
    const issue = await shop.issue('Undecided', ['production-bug'], '2026-02-20T10:00:00Z');
    for (let n = 0; n < 140; n += 1) {
      const now = new Date(Date.UTC(2026, 1, 21, 0, n)).toISOString();
      await shop.gh.admin('PATCH', `${REPO}/issues/${issue.number}`, { labels: n % 2 ? ['production-bug'] : ['production-bug', 'bug'] }, { now });
    }
    const { issues } = await snapshot();
    const { 'label-history': history } = issues.find(({ number }) => number === issue.number);
    assert.equal(history.more, false);
    assert.deepEqual(history.events[0], { at: '2026-02-20T10:00:00Z', set: true, label: 'production-bug', by: { login: 'acme-admin' } });
    assert.deepEqual(history.events.at(-1), { at: '2026-02-21T02:19:00Z', set: false, label: 'bug', by: { login: 'acme-admin' } });
    assert.equal(history.events.length, 141);
  });

  it('who labelled and closed, what the fix is, and what refers to it', async () => {
    await shop.gh.token({ token: 'ghp_member', login: 'outsider', association: 'MEMBER' });
    const now = (day) => `2026-02-${day}T10:00:00Z`;
    const body = { title: 'Ported', labels: ['production-bug'] };
    const { number } = await shop.gh.admin('POST', `${REPO}/issues`, body, { now: now(20), token: 'ghp_member' });
    await shop.gh.admin('POST', `${REPO}/issues/${number}/labels`, { labels: ['affects-1.1'] }, { now: now(21), token: 'ghs_write' });
    const dropped = await shop.pull('dropped', `Fixes #${number}`, now(21));
    await shop.gh.admin('PATCH', `${REPO}/pulls/${dropped.number}`, { state: 'closed' }, { now: now(22) });
    const fix = await shop.pull('ported', `Fixes #${number}`, now(22));
    const { sha } = await shop.merge(fix, now(23));
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/heads/release-1.1', sha });
    const port = await shop.pull('port', `Backport of #${fix.number}`, now(24), 'release-1.1');
    await shop.merge(port, now(25));

    const { issues, 'pull-requests': pulls } = await snapshot();
    const issue = issues.find((one) => one.number === number);
    assert.equal(issue['author-role'], 'maintainer');
    assert.deepEqual(issue['label-history'].events, [
      { at: now(20), set: true, label: 'production-bug', by: { login: 'outsider' } },
      { at: now(21), set: true, label: 'affects-1.1', by: { login: 'github-actions', bot: true } }]);
    assert.deepEqual(issue.closing, { by: { login: 'acme-admin' }, change: `#${fix.number}` });
    const shown = issue.fixes.map((one) => [one['pull-request'], one.state, one.base, one['head-branch'], one.title, one.description, one.commit]);
    assert.deepEqual(shown, [
      [dropped.number, 'closed', 'main', 'dropped', 'Change dropped', `Fixes #${number}`, null],
      [fix.number, 'merged', 'main', 'ported', 'Change ported', `Fixes #${number}`, sha]]);
    const found = pulls.find((one) => one.number === port.number);
    assert.deepEqual([found.state, found.base, found['head-branch'], found.body], ['merged', 'release-1.1', 'port', `Backport of #${fix.number}`]);
    assert.equal(found.commit, (await shop.gh.admin('GET', `${REPO}/pulls/${port.number}`)).merge_commit_sha);
  });

  it('tickets by type, with their fields and duplicates', async () => {
    await shop.gh.repository('acme/shop', { issueTypes: ['Bug'], issueFields: [{ name: 'Found in', kind: 'Text' }] });
    const first = await shop.issue('By type alone', [], '2026-02-20T10:00:00Z');
    const second = await shop.issue('The same again', ['production-bug'], '2026-02-20T11:00:00Z');
    await shop.gh.issue('acme/shop', first.number, { type: 'Bug', fields: [{ name: 'Found in', kind: 'Text', value: 'v1.1.0' }] });
    await shop.gh.admin('PATCH', `${REPO}/issues/${second.number}`, { state: 'closed', state_reason: 'duplicate' });
    await shop.gh.issue('acme/shop', second.number, { duplicateOf: first.number, stateReason: 'duplicate' });
    const { issues } = await snapshot(POLICY.replace('{ labels: [production-bug] }', '{ labels: [production-bug], types: [bug] }'));
    const [a, b] = [first, second].map((issue) => issues.find(({ number }) => number === issue.number));
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
