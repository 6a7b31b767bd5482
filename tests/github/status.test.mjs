// The status of a defect, the whole way on the local GitHub: issue, fix, backport, revert, re-application; three release lines; two products.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openShop, REPO } from './shop.mjs';

/** Runs `check` for a branch or a release, and gives the status of an issue there with the exit code. */
async function statusOf(shop, issue, target, more = {}) {
  const args = target.startsWith('--') ? target.split(' ') : ['--candidate', target];
  const run = await shop.gate({ args: ['check', '--no-cache', '--format', 'json', ...args], ...more });
  assert.notEqual(run.out, '', run.log);
  const report = JSON.parse(run.out);
  const { status } = report.statuses.find(({ number }) => number === issue.number);
  return { code: run.code, status: status.status, row: status.row, shown: status.shown };
}

const labels = ['production-bug', 'sev/critical'];

/** Sets a label after the opening, as a person with triage rights does. */
const label = (shop, issue, names, now) => shop.gh.admin('POST', `${REPO}/issues/${issue.number}/labels`, { labels: names }, { now });

async function branch(shop, name, from) {
  const { object } = await shop.gh.admin('GET', `${REPO}/git/ref/${from}`);
  await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: `refs/heads/${name}`, sha: object.sha });
}

describe('the status of a defect on three release lines', () => {
  let shop, issue, fix;
  before(async () => {
    shop = await openShop();
    await branch(shop, 'release-1.0', 'tags/v1.0.0');
    await branch(shop, 'release-1.1', 'tags/v1.1.0');
    await shop.commit('src/c.txt', '2026-02-11T10:00:00Z');
    await shop.release('v2.0.0', '2026-02-12T10:00:00Z');
    for (const name of ['found-in/v1.0.0', 'fixed-in/v1.0.0']) await shop.gh.admin('POST', `${REPO}/labels`, { name, color: 'ededed' });
    issue = await shop.issue('Orders are lost', labels, '2026-02-15T10:00:00Z');
    await label(shop, issue, ['found-in/v1.0.0'], '2026-02-15T12:00:00Z');
  });
  after(() => shop.gh.close());

  const is = async (target, code, status, shown) => {
    const found = await statusOf(shop, issue, target);
    assert.deepEqual([found.code, found.status], [code, status], found.shown);
    assert.match(found.shown, shown);
  };

  it('is affected on every line while it is open', async () => {
    for (const line of ['release-1.0', 'release-1.1', 'main']) await is(line, 10, 'affected', /found in v1\.0\.0, no fix is in/);
  });

  it('is fixed where the fix was merged, and nowhere else', async () => {
    const pull = await shop.pull('keep', `Fixes #${issue.number}`, '2026-02-16T10:00:00Z');
    await shop.merge(pull, '2026-02-17T10:00:00Z');
    ({ object: { sha: fix } } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`));
    await is('main', 0, 'fixed', new RegExp(`the fix #${pull.number} is in main`));
    for (const line of ['release-1.0', 'release-1.1']) await is(line, 10, 'affected', new RegExp(`the fix #${pull.number} is not in`));
  });

  it('is fixed by a backport, and by that of a bot', async () => {
    await shop.commit('src/keep.txt', '2026-02-18T10:00:00Z', 'release-1.1', `Keep orders\n\n(cherry picked from commit ${fix})`);
    await is('release-1.1', 0, 'fixed', /a copy of #/);
    const pulls = await shop.gh.admin('GET', `${REPO}/pulls?state=all`);
    const [original] = pulls.filter(({ head }) => head.ref === 'keep');
    const backport = await shop.pull('bot-1-0', `Backport of #${original.number}`, '2026-02-18T11:00:00Z', 'release-1.0');
    await is('release-1.0', 10, 'affected', /is not in/);
    await shop.merge(backport, '2026-02-18T12:00:00Z');
    await is('release-1.0', 0, 'fixed', new RegExp(`#${backport.number} \\(a copy of #${original.number}\\)`));
  });

  it('is affected again where the fix was reverted, until it is applied again', async () => {
    const revert = await shop.commit('src/keep.txt', '2026-02-19T10:00:00Z', 'main', `Revert "Change keep"\n\nThis reverts commit ${fix}.`);
    await is('main', 10, 'affected', /was reverted by/);
    await is('release-1.1', 0, 'fixed', /a copy of/);
    await shop.commit('src/keep.txt', '2026-02-20T10:00:00Z', 'main', `Reapply "Change keep"\n\nThis reverts commit ${revert}.`);
    await is('main', 0, 'fixed', /applied again/);
  });

  it('is told of an old release by the same rules', async () => {
    const run = await shop.gate({ args: ['explain', `#${issue.number}`, '--in', 'v1.1.0', '--no-cache'] });
    assert.match(run.out, /Status in v1\.1\.0/, run.log);
    assert.match(run.out, /row 9\s+yes\s+affected: found in v1\.0\.0, the fix #\d+ is not in v1\.1\.0/);
    assert.match(run.out, /row 3\s+no /);
  });
});

describe('the status of a defect of one of two products', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    for (const [tag, now] of [['api@1.0.0', '2026-02-11T10:00:00Z'], ['web@1.0.0', '2026-02-12T10:00:00Z']]) {
      await shop.commit(`src/${tag}.txt`, now);
      await shop.release(tag, now);
    }
    await shop.gh.admin('POST', `${REPO}/labels`, { name: 'found-in/web@1.0.0', color: 'ededed' });
  });
  after(() => shop.gh.close());

  it('does not block the other product', async () => {
    const issue = await shop.issue('Orders are lost', labels, '2026-02-15T10:00:00Z');
    await label(shop, issue, ['found-in/web@1.0.0'], '2026-02-15T12:00:00Z');
    const policy = `version: 1
releases: { tags: "{product}@{version}" }
defects: { escaped: { labels: [production-bug] }, severity: { critical: [sev/critical] } }
rules: [{ id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }]
`;
    const main = (tag) => statusOf(shop, issue, `--release ${tag} --candidate main`, { policy });
    const [api, web] = [await main('api@1.1.0'), await main('web@1.1.0')];
    assert.deepEqual([api.code, api.status, api.row], [0, 'not-affected', '5'], api.shown);
    assert.deepEqual([web.code, web.status, web.row], [10, 'affected', '9'], web.shown);
  });
});
