// `/escape-gate override …` on a pull request, by people with and without the right to it.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, payloadOf, POLICY, REPO, REPOSITORY } from './shop.mjs';

const OVERRIDABLE = POLICY.replace('max: 0 }', 'max: 0, level: overridable }');

const PEOPLE = {
  ghp_maintainer: { login: 'mona', push: true, role: 'maintain' },
  ghp_writer: { login: 'writer', push: true, role: 'write' },
};

const open = () => openShop({ seed: { tokens: PEOPLE } });
const critical = (shop) => shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
const command = (sha, text = 'The fix is in the next release.') => `/escape-gate override ${sha.slice(0, 16)} ${text}`;
const write = (shop, number, body, token = 'ghp_maintainer') => shop.gh.admin('POST', `${REPO}/issues/${number}/comments`, { body }, { token });

/** Requests that read, without the look for the gate's own comment. */
const reads = async (shop) => (await shop.gh.exchanges()).filter(({ method, path }) => method === 'GET' || path.startsWith('/graphql'));

describe('an override on a pull request', () => {
  let shop;
  let pull;
  before(async () => {
    shop = await open();
    await critical(shop);
  });
  after(() => shop.gh.close());
  let number = 0;
  beforeEach(async () => {
    number += 1;
    pull = await shop.pull(`feature-${number}`, 'A feature.', '2026-02-21T10:00:00Z');
    await shop.gh.forget();
  });
  afterEach(async () => {
    await shop.gh.clearFaults();
    assert.deepEqual(await shop.gh.violations(), []);
  });

  const check = (more) => shop.gate({ event: 'pull_request', payload: payloadOf(pull), policy: OVERRIDABLE, env: { ESCAPE_GATE_COMMENT: 'none', ESCAPE_GATE_RETRY_WAIT: '10ms' }, ...more });

  it('by somebody with the role lets the release pass, and the report says who and why', async () => {
    await write(shop, pull.number, command(pull.head.sha));
    const run = await check();
    assert.equal(run.code, 0, run.out + run.log);
    assert.equal(run.outputs.verdict, 'warn');
    assert.equal(run.outputs.waived, '1');
    assert.match(run.summary, /\*\*overridden\*\*.* by mona \(maintain\) on .*<br>The fix is in the next release\./);
  });

  it('costs one request for the comments, and one for a role', async () => {
    await write(shop, pull.number, command(pull.head.sha));
    await check();
    const all = (await reads(shop)).map(({ path, request }) => /query (\w+)/.exec(request?.query ?? '')?.[1] ?? path);
    const paths = all.filter((path) => !/\/contents\/|\/commits\/\w+\?per_page=1$/.test(path)); // the base's policy
    assert.equal(paths.filter((path) => path === 'PullComments').length, 1);
    assert.equal(paths.filter((path) => path.includes('/collaborators/')).length, 1);
    assert.ok(paths.length <= 1 + 6, paths.join('\n'));
  });

  it('is not looked for where nothing can be overridden', async () => {
    await write(shop, pull.number, command(pull.head.sha));
    assert.equal((await check({ policy: POLICY })).code, 10);
    const log = (await reads(shop)).map(({ path, request }) => path + (request?.query ?? '')).join('\n');
    assert.doesNotMatch(log, /PullComments|collaborators/);
  });

  for (const [name, text, token] of [
    ['by somebody without the role', (sha) => command(sha), 'ghp_writer'],
    ['by a stranger', (sha) => command(sha), 'ghp_outsider'],
    ['by a bot', (sha) => command(sha), 'ghs_write'],
    ['for another commit', () => command('1'.repeat(40)), 'ghp_maintainer'],
    ['without a commit', () => '/escape-gate override The fix is in the next release.', 'ghp_maintainer'],
    ['without a reason', (sha) => command(sha, ''), 'ghp_maintainer'],
    ['of a rule that does not exist', (sha) => command(sha, 'zero-critcal: the fix is in the next release.'), 'ghp_maintainer'],
    ['in indented code', (sha) => `    ${command(sha)}`, 'ghp_maintainer'],
    ['in a quotation', (sha) => `> ${command(sha)}\n\nReally?`, 'ghp_maintainer'],
  ]) {
    it(`${name} does not count`, async () => {
      await write(shop, pull.number, text(pull.head.sha), token);
      const run = await check();
      assert.equal(run.code, 10, run.out + run.log);
      if (!['in a quotation', 'in indented code'].includes(name)) assert.match(run.out, /override does not count/);
    });
  }

  it('does not count once it was edited', async () => {
    const { id } = await write(shop, pull.number, 'Looks good.');
    await shop.gh.admin('PATCH', `${REPO}/issues/comments/${id}`, { body: command(pull.head.sha) }, { token: 'ghp_maintainer' });
    const run = await check();
    assert.equal(run.code, 10, run.out + run.log);
    assert.match(run.out, /it was edited after it was written/);
  });

  it('does not count while its comment is hidden', async () => {
    const { id } = await write(shop, pull.number, command(pull.head.sha));
    await shop.gh.minimize(id);
    const run = await check();
    assert.equal(run.code, 10, run.out + run.log);
    assert.match(run.out, /the comment is hidden/);
    await shop.gh.minimize(id, false);
    assert.equal((await check()).code, 0);
  });

  it('does not count for what is pushed after it', async () => {
    await write(shop, pull.number, command(pull.head.sha));
    const sha = await shop.commit('src/later.txt', '2026-02-22T10:00:00Z', pull.head.ref);
    const run = await check({ payload: payloadOf({ ...pull, head: { ...pull.head, sha } }) });
    assert.equal(run.code, 10, run.out + run.log);
    assert.match(run.out, /it is for another commit than/);
  });

  it('of a mandatory rule does not count, and is told', async () => {
    const both = `${OVERRIDABLE}  - { id: hard, metric: unfixed, max: 0 }\n`;
    await write(shop, pull.number, command(pull.head.sha, 'hard: we ship anyway'));
    const run = await check({ policy: both });
    assert.equal(run.code, 10, run.out + run.log);
    assert.match(run.out, /`hard` is mandatory and cannot be overridden/);
  });

  it('is in the snapshot, which is judged the same', async () => {
    await write(shop, pull.number, command(pull.head.sha));
    const run = await check({ args: ['collect'] });
    assert.equal(run.code, 0, run.log);
    const [{ url: _, 'created-at': __, 'updated-at': ___, ...only }, ...others] = JSON.parse(run.snapshot).overrides;
    assert.deepEqual(others, []);
    assert.deepEqual(only, {
      'pull-request': pull.number, by: 'mona', bot: false, edited: false, role: 'maintain',
      command: { commit: pull.head.sha.slice(0, 16), rules: [], reason: 'The fix is in the next release.' },
    });
  });

  it('whose comments or whose author cannot be read does not count, and the rest of the verdict stands', async () => {
    await write(shop, pull.number, command(pull.head.sha));
    for (const [fault, told] of [
      [{ method: 'POST', path: '^/graphql', operation: 'PullComments', status: 403, body: { message: 'Resource not accessible by integration' } }, /overrides could not be read/],
      [{ method: 'GET', path: '/collaborators/', status: 403, body: { message: 'Resource not accessible by integration' } }, /the role of mona could not be read/],
      [{ method: 'GET', path: '/collaborators/', status: 200, body: { permission: 'admin' } }, /the role of mona could not be read/],
    ]) {
      await shop.gh.faults([fault]);
      const run = await check();
      assert.equal(run.code, 10, run.out + run.log);
      assert.match(run.out.replaceAll(/\s+/g, ' '), told);
      await shop.gh.clearFaults();
    }
  });
});

describe('an override for a release', () => {
  it('stands on the pull request that was merged as its commit, and names that commit', async () => {
    const shop = await open();
    await critical(shop);
    const pull = await shop.pull('feature', 'A feature.', '2026-02-21T10:00:00Z');
    await write(shop, pull.number, command(pull.head.sha));
    const { sha } = await shop.merge(pull, '2026-02-22T10:00:00Z');
    const release = await shop.release('v1.2.0', '2026-02-23T10:00:00Z');
    const payload = { action: 'published', repository: REPOSITORY, release: { id: release.id, tag_name: 'v1.2.0', draft: false, prerelease: false } };
    const check = () => shop.gate({ event: 'release', payload, policy: OVERRIDABLE, env: { ESCAPE_GATE_COMMENT: 'none' } });
    const before = await check();
    assert.equal(before.code, 10, 'the word for the pull request is none for what was merged');
    await write(shop, pull.number, command(sha));
    const run = await check();
    assert.equal(run.code, 0, run.out + run.log);
    assert.deepEqual(await shop.gh.violations(), []);
    await shop.gh.close();
  });
});

describe('a policy that observes', () => {
  it('sets a status that blocks nothing, publishes nothing, and shows the true verdict', async () => {
    const shop = await openShop();
    await critical(shop);
    const pull = await shop.pull('feature', 'A feature.', '2026-02-21T10:00:00Z');
    const policy = POLICY.replace('rules:', 'mode: observe\nrules:');
    const run = await shop.gate({ args: ['check', '--status'], event: 'pull_request', payload: payloadOf(pull), policy });
    assert.equal(run.code, 0, run.out + run.log);
    assert.equal(run.outputs.verdict, 'fail');
    assert.match(run.summary, /`mode: observe` in the policy/);
    const [status] = await shop.gh.admin('GET', `${REPO}/commits/${pull.head.sha}/statuses`);
    assert.equal(status.state, 'success');
    await shop.release('v1.2.0', '2026-02-25T10:00:00Z', { draft: true });
    const calm = policy.replace('max: 0', 'max: 9');
    const shipped = await shop.gate({ args: ['check', '--publish', '--release', 'v1.2.0', '--candidate', 'main'], event: 'workflow_dispatch', policy: calm });
    assert.equal(shipped.code, 0, shipped.log);
    assert.match(shipped.log, /was not published/);
    assert.deepEqual(await shop.gh.violations(), []);
    await shop.gh.close();
  });
});
