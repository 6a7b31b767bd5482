// A large repository: few requests, little memory, everything read.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { openShop, POLICY, REPO } from './shop.mjs';

const TICKETS = 20_000;
const RELEASES = 200;
const TEXT = 'What happened, what was expected, and how to see it again. '.repeat(25);

describe('a large repository', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    for (let n = 0; n < RELEASES; n += 1) await shop.release(`v2.0.${n}`, new Date(Date.UTC(2026, 2, 1, n)).toISOString());
    const all = Array.from({ length: TICKETS }, (_, n) => ({
      number: 10_000 + n, title: `Issue ${n} with a title as trackers have them`, body: `${TEXT}\n\nFound-in: v2.0.${n % RELEASES}`,
      labels: [n % 4 ? 'bug' : 'production-bug', 'sev/major', 'area/cart'],
      created_at: new Date(Date.UTC(2026, 2, 10) + n * 60_000).toISOString().replace('.000Z', 'Z'),
    }));
    for (let n = 0; n < TICKETS; n += 2000) await shop.gh.manyIssues('acme/shop', all.slice(n, n + 2000));
  });
  after(() => shop.gh.close());
  beforeEach(async () => {
    await shop.gh.forget();
    await shop.gh.limit({ token: 'ghs_write', resource: 'graphql', remaining: 100_000 });
  });

  it('is read completely, in a request a hundred tickets and six more, within 150 MB', async () => {
    const policy = `${POLICY}  - { id: all, metric: escaped, over: all, max: 0 }\n`;
    const run = await shop.gate({ policy, args: ['check', '--format', 'json'], measured: true });
    assert.equal(run.code, 10, run.log);
    const report = JSON.parse(run.out);
    assert.equal(report.rules.find(({ id }) => id === 'all').value.count, TICKETS / 4);
    const requests = (await shop.gh.log()).length;
    assert.ok(requests <= Math.ceil(TICKETS / 100) + 6, `${requests} requests`);
    assert.equal(report.cost.requests, requests, 'the report tells the cost');
    assert.ok(report.cost.points > 0);
    if (run.memory) assert.ok(run.memory < 150 * 1024 * 1024, `${run.memory} bytes`);
    assert.deepEqual(await shop.gh.violations(), []);
  });

  it('is read with at most eight requests when it was read before, and writes its snapshot within 150 MB', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cache-'));
    try {
      const env = { ESCAPE_GATE_CACHE: folder };
      const policy = `${POLICY}  - { id: all, metric: escaped, over: all, max: 0 }\n`;
      const first = await shop.gate({ policy, args: ['collect'], env, measured: true });
      assert.equal(first.code, 0, first.log);
      if (first.memory) assert.ok(first.memory < 150 * 1024 * 1024, `${first.memory} bytes`);
      assert.equal(JSON.parse(first.snapshot).issues.length, TICKETS);
      await shop.gh.forget();
      const second = await shop.gate({ policy, args: ['check', '--format', 'json'], env, measured: true });
      assert.equal(second.code, 10, second.log);
      assert.equal(JSON.parse(second.out).rules.find(({ id }) => id === 'all').value.count, TICKETS / 4);
      const requests = await shop.gh.log();
      assert.ok(requests.length <= 8, requests.join('\n'));
      if (second.memory) assert.ok(second.memory < 150 * 1024 * 1024, `${second.memory} bytes`);
      assert.deepEqual(await shop.gh.violations(), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has labels by the dozen read together, as they are short', async () => {
    const labels = Array.from({ length: 40 }, (_, n) => `regression-prod-v2.0.${n}`);
    for (const name of labels) await shop.gh.admin('POST', `${REPO}/labels`, { name, color: 'ededed' });
    await shop.gh.manyIssues('acme/shop', labels.map((name, n) => ({ number: 50_000 + n, labels: [name], created_at: '2026-03-10T10:00:00Z' })));
    const policy = 'version: 1\ndefects: { escaped: { labels: ["regression-prod-{version}"] } }\nrules: [{ id: all, metric: escaped, over: all, max: 0 }]\n';
    const run = await shop.gate({ policy, args: ['check', '--format', 'json'] });
    assert.equal(run.code, 10, run.log);
    assert.equal(JSON.parse(run.out).rules[0].value.count, labels.length);
    const requests = await shop.gh.log();
    assert.ok(requests.length <= Math.ceil(labels.length / 100) + 6 + 1, requests.join('\n'));
  });
});

describe('many fixes', () => {
  it('are asked once what refers to them, a hundred a request, and not again', async () => {
    const FIXES = 105;
    const shop = await openShop();
    const folder = await mkdtemp(join(tmpdir(), 'cache-'));
    try {
      const at = (n) => new Date(Date.UTC(2026, 2, 1, 0, n)).toISOString().replace('.000Z', 'Z');
      for (let n = 0; n < FIXES; n += 1) {
        const { number } = await shop.issue(`Issue ${n}`, ['production-bug'], at(n));
        await shop.merge(await shop.pull(`fix-${n}`, `Fixes #${number}`, at(n)), at(n));
      }
      // What changed shortly before the last reading is read again, and that is to be none of the fixes.
      await shop.issue('Later', ['production-bug'], '2026-04-01T00:00:00Z');
      const env = { ESCAPE_GATE_CACHE: folder };
      const asked = async () => {
        await shop.gh.forget();
        const run = await shop.gate({ args: ['collect'], env });
        assert.equal(run.code, 0, run.log);
        const fixed = JSON.parse(run.snapshot).issues.filter(({ fixes }) => fixes.length);
        const queries = (await shop.gh.exchanges()).map(({ request }) => request?.query ?? '');
        const count = (name) => queries.filter((text) => text.startsWith(`query ${name}(`)).length;
        return { fixed: fixed.length, tickets: count('Tickets'), references: count('References') };
      };
      assert.deepEqual(await asked(), { fixed: FIXES, tickets: 2, references: 2 });
      await shop.issue('Another', ['production-bug'], '2026-04-02T00:00:00Z');
      assert.deepEqual(await asked(), { fixed: FIXES, tickets: 0, references: 0 });
    } finally {
      await shop.gh.close();
      await rm(folder, { recursive: true });
    }
  });
});
