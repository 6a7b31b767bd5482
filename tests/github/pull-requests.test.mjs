// `pull-requests: warn`, the whole way on the local GitHub: a defect in production blocks the release, and not an unrelated pull request.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openShop, payloadOf, POLICY, REPO } from './shop.mjs';

const LENIENT = POLICY.replace('rules:', 'pull-requests: warn\nrules:');
const LABELS = ['production-bug', 'sev/critical'];

describe('with `pull-requests: warn`', () => {
  let shop, open, fix;
  before(async () => {
    shop = await openShop();
    open = await shop.issue('Orders are lost', LABELS, '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
    const fixed = await shop.issue('Totals are wrong', LABELS, '2026-02-20T11:00:00Z', 'Found-in: v1.1.0');
    await shop.merge(await shop.pull('totals', `Fixes #${fixed.number}`, '2026-02-21T10:00:00Z'), '2026-02-21T11:00:00Z');
    ({ object: { sha: fix } } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`));
    const { object } = await shop.gh.admin('GET', `${REPO}/git/ref/tags/v1.1.0`);
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/heads/release-1.1', sha: object.sha });
  });
  after(() => shop.gh.close());

  const check = (pull, more) => shop.gate({ event: 'pull_request', payload: payloadOf(pull), policy: LENIENT, ...more });
  const head = async (pull) => shop.gh.admin('GET', `${REPO}/pulls/${pull.number}`);

  it('an unrelated pull request warns and names what blocks the release', async () => {
    const pull = await shop.pull('translation', 'Translates a page.', '2026-02-22T10:00:00Z');
    const run = await check(pull);
    assert.equal(run.code, 0, run.out + run.log);
    assert.equal(run.outputs.verdict, 'warn');
    const [comment] = await shop.comments(pull.number);
    assert.match(comment.body, /may merge, with a warning/);
    assert.match(comment.body, new RegExp(`the release would be blocked by \\[#${open.number}\\]`));
    const blocked = await check(pull, { policy: POLICY });
    assert.equal(blocked.code, 10, 'the default blocks it');
  });

  it('the release is blocked', async () => {
    const run = await shop.gate({ args: ['check', '--release', 'v1.2.0', '--candidate', 'main'], policy: LENIENT });
    assert.equal(run.code, 10, run.out + run.log);
    assert.doesNotMatch(run.out, /it warns on this pull request/);
  });

  it('a group of the merge queue warns', async () => {
    const name = `gh-readonly-queue/main/pr-9-${fix}`;
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: `refs/heads/${name}`, sha: fix });
    const sha = await shop.commit('src/queued.txt', '2026-02-22T11:00:00Z', name);
    const env = { GITHUB_REF: `refs/heads/${name}`, GITHUB_REF_NAME: name, GITHUB_SHA: sha };
    const group = { head_sha: sha, head_ref: `refs/heads/${name}`, base_sha: fix, base_ref: 'refs/heads/main' };
    const run = await shop.gate({ event: 'merge_group', payload: { action: 'checks_requested', merge_group: group }, policy: LENIENT, env });
    assert.equal(run.code, 0, run.out + run.log);
    assert.match(run.out + run.summary, /the release would be blocked by/);
  });

  it('a pull request that reverts a fix is blocked', async () => {
    const pull = await shop.pull('revert', 'Goes back.', '2026-02-23T10:00:00Z');
    await shop.commit('src/totals.txt', '2026-02-23T11:00:00Z', 'revert', `Revert "Change totals"\n\nThis reverts commit ${fix}.`);
    const run = await check(await head(pull));
    assert.equal(run.code, 10, run.out + run.log);
    assert.match(run.out + run.summary, /it takes the fix of .* back/);
  });

  it('a pull request to a release branch is blocked', async () => {
    const run = await check(await shop.pull('backport', 'A backport.', '2026-02-24T10:00:00Z', 'release-1.1'));
    assert.equal(run.code, 10, run.out + run.log);
    assert.match(run.summary, /it targets the release branch/);
  });
});
