// A group of a merge queue: the event names its last pull request, and the queue knows the others.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { openShop, POLICY, REPO, REPOSITORY } from './shop.mjs';

const ACME = 'acme/shop';
const QUEUE = 'gh-readonly-queue/main';
const PEOPLE = { ghp_maintainer: { login: 'mona', push: true, role: 'maintain' } };

describe('a merge group', () => {
  let shop, fix, feature, group, base;

  before(async () => {
    shop = await openShop({ seed: { tokens: PEOPLE } });
    await shop.gh.admin('POST', `${REPO}/labels`, { name: 'release-blocker', color: 'ededed' });
    const issue = await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
    fix = await shop.pull('orders', `Fixes #${issue.number}`, '2026-02-21T10:00:00Z');
    feature = await shop.pull('feature', 'A feature.', '2026-02-21T11:00:00Z');
    base = (await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`)).object.sha;
    // The queue builds one commit for each pull request, on top of the one before it.
    const commits = [];
    for (const pull of [fix, feature]) {
      const name = `${QUEUE}/pr-${pull.number}-${base}`;
      await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: `refs/heads/${name}`, sha: commits.at(-1) ?? base });
      commits.push(await shop.commit(`src/${pull.number}.txt`, '2026-02-22T10:00:00Z', name, `Change ${pull.head.ref} (#${pull.number})`));
    }
    group = { name: `${QUEUE}/pr-${feature.number}-${base}`, commit: commits[1], commits };
    await queue([[fix, commits[0]], [feature, commits[1]]]);
  });
  after(() => shop.gh.close());
  afterEach(async () => {
    assert.deepEqual(await shop.gh.violations(), []);
    await shop.gh.forget();
  });

  const queue = (entries) => shop.gh.repository(ACME, { mergeQueue: { main: entries.map(([pull, commit]) => ({ number: pull.number, commit })) } });

  /** The gate in the run of the group. */
  function check({ policy = POLICY, env = {} } = {}) {
    const payload = {
      action: 'checks_requested', repository: REPOSITORY,
      merge_group: { head_sha: group.commit, head_ref: `refs/heads/${group.name}`, base_sha: base, base_ref: 'refs/heads/main' },
    };
    const variables = { GITHUB_REF: `refs/heads/${group.name}`, GITHUB_REF_NAME: group.name, GITHUB_SHA: group.commit, ...env };
    return shop.gate({ event: 'merge_group', payload, policy, env: variables });
  }

  it('has the fix of a pull request that is not its last one', async () => {
    const run = await check();
    assert.equal(run.code, 0, run.out + run.log);
    assert.match(run.summary, new RegExp(`merge group of #${fix.number}, #${feature.number}`));
    assert.deepEqual(await shop.writes(), [], 'the check is the answer');
  });

  it('lacks the fix where the pull request is in another group', async () => {
    await queue([[feature, group.commit]]);
    const run = await check();
    assert.equal(run.code, 10, run.out + run.log);
    await queue([[fix, group.commits[0]], [feature, group.commits[1]]]);
  });

  it('takes no pull request whose commit it does not contain', async () => {
    const other = `${QUEUE}/pr-99-${base}`;
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: `refs/heads/${other}`, sha: base });
    const elsewhere = await shop.commit('src/elsewhere.txt', '2026-02-22T12:00:00Z', other);
    await queue([[fix, elsewhere], [feature, group.commit]]);
    const run = await check();
    assert.equal(run.code, 10, run.out + run.log);
    await queue([[fix, group.commits[0]], [feature, group.commits[1]]]);
  });

  it('is evaluated without its pull requests where the queue is gone, and says so', async () => {
    await shop.gh.repository(ACME, { mergeQueue: {} });
    const run = await check();
    assert.equal(run.code, 10, run.out + run.log);
    assert.match(run.out + run.summary, /were not found in the merge queue of .*main.*there is no merge queue/);
    await queue([[fix, group.commits[0]], [feature, group.commits[1]]]);
  });

  it('is not blocked by a pull request that blocks the release and is in it', async () => {
    await shop.gh.admin('POST', `${REPO}/issues/${feature.number}/labels`, { labels: ['release-blocker'] });
    const policy = `${POLICY.replace('  severity', '  blocking: { labels: [release-blocker] }\n  severity')}  - { id: blockers, metric: blockers, max: 0 }\n`;
    const run = await check({ policy });
    assert.equal(run.code, 0, run.out + run.log);
    await queue([[fix, group.commits[0]]]);
    assert.equal((await check({ policy })).code, 10, 'without it, the blocker is open');
    await queue([[fix, group.commits[0]], [feature, group.commits[1]]]);
  });

  it('is let pass by an override of each of its pull requests, and not by one of them', async () => {
    const policy = POLICY.replace('max: 0 }', 'max: 0, level: overridable }').replace('metric: unfixed', 'metric: escaped, over: all');
    const override = (pull) => shop.gh.admin('POST', `${REPO}/issues/${pull.number}/comments`,
      { body: `/escape-gate override ${pull.head.sha.slice(0, 16)} The fix is in this group.` }, { token: 'ghp_maintainer' });
    assert.equal((await check({ policy })).code, 10);
    await override(fix);
    const one = await check({ policy });
    assert.equal(one.code, 10, one.out + one.log);
    assert.match(one.summary, new RegExp(`is not overridden on #\u200b?${feature.number}, which the same group merges`));
    await override(feature);
    const both = await check({ policy });
    assert.equal(both.code, 0, both.out + both.log);
    assert.equal(both.outputs.verdict, 'warn');
  });
});
