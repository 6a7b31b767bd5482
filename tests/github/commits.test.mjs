// The commit graph that a run reads by Git: what is in the evidence, what it costs, and what is said if it cannot be read.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, payloadOf, REPO } from './shop.mjs';

describe('the commit graph of a run', () => {
  let shop, fix, backport, revert, issue, pull;
  before(async () => {
    shop = await openShop();
    issue = await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-12T10:00:00Z', 'Found-in: v1.1.0');
    const { object } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`);
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/heads/release-1.1', sha: object.sha });
    pull = await shop.pull('keep', `Fixes #${issue.number}`, '2026-02-14T10:00:00Z');
    await shop.merge(pull, '2026-02-15T10:00:00Z');
    ({ object: { sha: fix } } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`));
    backport = await shop.commit('src/keep.txt', '2026-02-16T10:00:00Z', 'release-1.1', `Keep orders\n\n(cherry picked from commit ${fix})`);
    await shop.release('v1.1.1', '2026-02-17T10:00:00Z', { target_commitish: 'release-1.1' });
    await shop.commit('src/other.txt', '2026-02-18T10:00:00Z', 'main', 'Something else');
    revert = await shop.commit('src/keep.txt', '2026-02-19T10:00:00Z', 'main', `Revert "Change keep"\n\nThis reverts commit ${fix}.`);
  });
  after(() => shop.gh.close());
  beforeEach(() => Promise.all([shop.gh.forget(), shop.gh.clearFaults(), shop.gh.git({ filter: true })]));
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  async function collect(options = {}) {
    const run = await shop.gate({ args: ['collect'], ...options });
    assert.equal(run.code, 0, run.log);
    return JSON.parse(run.snapshot);
  }
  const gaps = (snapshot) => snapshot.gaps.filter(({ area }) => area === 'history');
  /** Whether one commit is an ancestor of another in the short graph. */
  function contains(history, of, ancestor) {
    const parents = new Map(history.commits.map((commit) => [commit.id, commit.parents]));
    const queue = [of];
    for (const id of queue) queue.push(...(parents.get(id) ?? []));
    return queue.includes(ancestor);
  }

  it('has fixes, copies, reverts, releases and branches, and nothing else', async () => {
    const { history, candidate, releases, ...rest } = await collect();
    assert.deepEqual(gaps(rest), []);
    assert.equal(history['default-branch'], 'main');
    assert.deepEqual([candidate.head, candidate.branch], [revert, 'main']);
    assert.equal(history.branches.main, revert);
    const ids = history.commits.map(({ id }) => id);
    for (const id of [fix, backport, revert, ...releases.map(({ commit }) => commit)]) assert.ok(ids.includes(id), id);
    assert.ok(!history.commits.some(({ message }) => message.startsWith('Something else')));
    const tag = (name) => releases.find((release) => release.tag === name).commit;
    assert.deepEqual([contains(history, tag('v1.1.1'), backport), contains(history, tag('v1.1.1'), fix), contains(history, revert, fix)], [true, false, true]);
  });

  it('takes a pull request from the server, and the branch that it targets', async () => {
    const open = await shop.pull('next', 'Text', '2026-02-20T10:00:00Z');
    const { candidate, history, ...rest } = await collect({ event: 'pull_request', payload: payloadOf(open) });
    assert.deepEqual(gaps(rest), []);
    assert.deepEqual([candidate.head, candidate.branch], [open.head.sha, 'main']);
    assert.ok(contains(history, open.head.sha, fix));
  });

  it('costs no requests of the API, and only news in the next run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cache-'));
    try {
      for (const fetches of [1, 0]) {
        await shop.gh.forget();
        assert.ok((await collect({ args: ['collect', '--cache', folder] })).history);
        const log = await shop.gh.gitLog();
        assert.equal(log.filter(({ command }) => command === 'fetch').length, fetches);
        assert.ok(log.every(({ filter = 'tree:0' }) => filter === 'tree:0'));
      }
      assert.equal((await readdir(join(folder, 'history'))).length, 1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is a gap with a remedy if it cannot be read', async () => {
    for (const [env, what, remedy] of [
      [{ GITHUB_SERVER_URL: 'http://127.0.0.1:1' }, /cannot connect to http:\/\/127\.0\.0\.1:1\/acme\/shop\.git/, /HTTPS_PROXY/],
      [{ PATH: '/nowhere' }, /no `git` on this machine/, /Install git/],
      [{ GITHUB_SERVER_URL: 'file:///etc' }, /invalid address/, /GITHUB_SERVER_URL/],
    ]) {
      const snapshot = await collect({ env });
      assert.equal(snapshot.history, undefined);
      const [gap] = gaps(snapshot);
      assert.match(gap.what, what);
      assert.match(gap.remedy, remedy);
      assert.ok(!JSON.stringify(snapshot).includes('ghs_write'));
    }
  });
});
