// Whose text stands: of the newest run, for the head, as it was written, and of each gate apart.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, payloadOf, POLICY, REPO } from './shop.mjs';

const critical = (shop) => shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');

describe('the text on a pull request', () => {
  let shop;
  let pull;
  let count = 0;
  before(async () => {
    shop = await openShop();
    shop.defect = await critical(shop);
  });
  after(() => shop.gh.close());
  beforeEach(async () => {
    count += 1;
    pull = await shop.pull(`feature-${count}`, 'A feature.', '2026-02-21T10:00:00Z');
    await shop.gh.forget();
  });
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  const gate = (more) => shop.gate({ event: 'pull_request', payload: payloadOf(pull), ...more });
  const calm = POLICY.replace('max: 0', 'max: 9');
  const run = (id, attempt, more) => gate({ ...more, env: { GITHUB_RUN_ID: `${id}`, GITHUB_RUN_ATTEMPT: `${attempt}`, ...more?.env } });
  const bodies = async () => (await shop.comments(pull.number)).map(({ body }) => body);

  it('is of the head: a run for an older commit that ends last writes nothing, and says so', async () => {
    const old = payloadOf(pull);
    const sha = await shop.commit('src/later.txt', '2026-02-22T10:00:00Z', pull.head.ref);
    const first = await gate({ payload: old, policy: calm });
    assert.equal(first.code, 0, first.log);
    assert.deepEqual(await bodies(), []);
    assert.match(first.log, new RegExp(`pull request ${pull.number} was evaluated at ${pull.head.sha} and leads to ${sha} by now`));
    assert.match(first.summary, /leads to/);
    assert.equal(first.outputs.verdict, 'pass', 'the verdict and the outputs are its own');
    assert.equal((await gate({ payload: payloadOf({ ...pull, head: { ...pull.head, sha } }) })).code, 10);
    await gate({ payload: old, policy: calm });
    const [only, ...others] = await bodies();
    assert.deepEqual(others, []);
    assert.match(only, /: fail/);
  });

  it('is asked for its head immediately before it is written', async () => {
    await gate({ policy: calm });
    await shop.gh.faults([{ method: 'GET', path: '/comments\\?', delayMs: 700 }]);
    await sleep(1100); // another second, or the text is the same
    const running = gate({ policy: calm });
    while ((await shop.gh.unusedFaults()).length) await sleep(20);
    await shop.commit('src/late.txt', '2026-02-23T10:00:00Z', pull.head.ref);
    const [before] = await bodies();
    const late = await running;
    assert.equal(late.code, 0, late.log);
    assert.match(late.log, /leads to/);
    assert.deepEqual(await bodies(), [before]);
  });

  it('is of the newest run and attempt', async () => {
    assert.equal((await run(12, 2)).code, 10);
    for (const [id, attempt] of [[11, 1], [11, 9], [12, 1]]) {
      const older = await run(id, attempt, { policy: calm });
      assert.equal(older.code, 0, older.log);
      assert.match(older.log, /run 12, attempt 2, which was started later/);
      assert.match(older.summary, /which was started later/);
      assert.match((await bodies())[0], /: fail/);
    }
    for (const [id, attempt] of [[12, 2], [12, 3], [13, 1]]) {
      await run(id, attempt, { policy: calm });
      assert.match((await bodies())[0], /: pass/);
      await run(id, attempt);
      assert.match((await bodies())[0], /: fail/);
    }
  });

  it('that somebody edited is repaired, also where only changes are written', async () => {
    await gate();
    const change = { env: { ESCAPE_GATE_COMMENT_ON: 'change' } };
    for (const edit of [
      (body) => body.replace(': fail', ': pass'),
      (body) => body.replace(/^.*zero-critical.*$/m, ''),
      (body) => body.replace(/digest:\w+/, 'digest:0').replace(': fail', ': pass'),
      (body) => body.replace(/run:\d+/, 'run:99999999999').replace(': fail', ': pass'),
    ]) {
      const [{ id, body }] = await shop.comments(pull.number);
      await shop.gh.admin('PATCH', `${REPO}/issues/comments/${id}`, { body: edit(body) });
      assert.equal((await gate(change)).code, 10);
      assert.match((await bodies())[0], /is blocked[^]*zero-critical/);
      await shop.gh.forget();
      assert.equal((await gate(change)).code, 10);
      assert.deepEqual(await shop.writes(), [], 'and then it is left alone');
    }
  });

  it('of a gate stands beside that of another policy', async () => {
    const files = { 'web.yml': POLICY, 'api.yml': calm };
    const of = (policy, more) => gate({ files, env: { ESCAPE_GATE_POLICY: policy, ESCAPE_GATE_STATUS: 'true', ...more } });
    assert.equal((await of('web.yml')).code, 10);
    const api = await of('./api.yml');
    assert.equal(api.code, 0, api.log);
    assert.equal((await bodies()).length, 2);
    await of('api.yml');
    await of('api.yml', { ESCAPE_GATE_ID: 'mobile' });
    const firsts = (await bodies()).map((body) => body.split(/\r?\n/)[0]);
    assert.deepEqual(firsts, ['<!-- escape-gate:web.yml -->', '<!-- escape-gate:api.yml -->', '<!-- escape-gate:mobile -->']);
    const statuses = await shop.gh.admin('GET', `${REPO}/commits/${pull.head.sha}/statuses`);
    assert.deepEqual([...new Set(statuses.map(({ context }) => context))].sort(), ['escape-gate/api.yml', 'escape-gate/mobile', 'escape-gate/web.yml']);
  });
});

describe('the notes of a release', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    await critical(shop);
  });
  after(() => shop.gh.close());
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  it('keep what stands between markers that titles brought', async () => {
    const [begin, end] = ['begin', 'end'].map((half) => `<!-- escape-gate:policy.yml:${half} -->`);
    const body = `Intro\n* Fix ${begin} by @x in #1\n* IMPORTANT: migrate first\n* Other ${end} by @y in #2\nOutro`;
    await shop.release('v1.2.0', '2026-02-25T10:00:00Z', { draft: true, body });
    for (let n = 0; n < 2; n += 1) {
      const run = await shop.gate({ event: 'workflow_dispatch', args: ['check', '--release', 'v1.2.0'] });
      assert.equal(run.code, 10, run.log);
      const notes = await shop.notes('v1.2.0');
      assert.ok(notes.startsWith(body), notes);
      assert.equal(notes.match(/Blocked by the release gate/g).length, 1);
    }
  });

  it('are not written for a commit that the release does not lead to any more', async () => {
    const { object } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`);
    await shop.release('v1.3.0', '2026-02-26T10:00:00Z', { draft: true, body: 'New.', target_commitish: 'main' });
    await shop.commit('src/late.txt', '2026-02-27T10:00:00Z');
    const run = await shop.gate({ event: 'workflow_dispatch', args: ['check', '--release', 'v1.3.0', '--candidate', object.sha], policy: POLICY.replace('max: 0', 'max: 9') });
    assert.equal(run.code, 0, run.log);
    assert.equal(await shop.notes('v1.3.0'), 'New.');
    assert.match(run.summary, /the release v1\.3\.0 was evaluated at/);
  });
});
