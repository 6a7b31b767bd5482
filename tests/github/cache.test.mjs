// Tickets kept from run to run: whatever happens in between, the next run sees it as if nothing had been kept.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, POLICY, REPO } from './shop.mjs';

const ACME = 'acme/shop';
const EVERYTHING = `${POLICY.replace('{ labels: [production-bug] }', '{ labels: [production-bug, "regression-*"], types: [Bug] }')}  - { id: record, metric: escaped, over: all, max: 3 }
  - { id: rate, metric: escape-rate, over: all, max: 50% }
  - { id: tested, metric: regression-test-coverage, over: all, min: 100%, level: advisory }
`;

/** What a run found, without its time and its cost. */
const found = (text) => {
  const { cost: _, 'evaluated-at': __, 'taken-at': ___, ...rest } = JSON.parse(text);
  return rest;
};

describe('a cache', () => {
  let shop;
  let folder;
  let hour = 0;
  /** Every change takes place hours after the one before: none is seen because it is so near. */
  const later = () => { hour += 1; return new Date(Date.UTC(2026, 2, 1, hour)).toISOString().replace('.000Z', 'Z'); };
  const cached = () => ({ ESCAPE_GATE_CACHE: folder });
  const check = (env) => shop.gate({ policy: EVERYTHING, args: ['check', '--format', 'json'], env });
  const collect = (env) => shop.gate({ policy: EVERYTHING, args: ['collect'], env });
  const patch = (number, values) => shop.gh.admin('PATCH', `${REPO}/issues/${number}`, values, { now: later() });

  /** A run with the cache finds what a run without it finds. Its log, and how many requests it took. */
  async function same(what, run = check, of = 'out') {
    await shop.gh.forget();
    const kept = await run(cached());
    const requests = (await shop.gh.log()).length;
    const fresh = await run({});
    assert.equal(kept.code, fresh.code, `${what}\n${kept.log}\n${fresh.log}`);
    assert.deepEqual(found(kept[of]), found(fresh[of]), `${what}\n${kept.log}`);
    return { log: kept.log, requests, report: found(kept[of]) };
  }

  /** The files in the folder. The clone of the commits has a folder of its own. */
  const files = async () => (await readdir(folder)).filter((name) => name !== 'history');

  /** The only one. */
  async function file() {
    const names = await files();
    assert.equal(names.length, 1, names.join());
    return join(folder, names[0]);
  }

  before(async () => {
    shop = await openShop();
    await shop.gh.admin('POST', `${REPO}/labels`, { name: 'other', color: 'ededed' });
    await shop.gh.repository(ACME, { issueTypes: ['Bug', 'Task'], issueFields: [{ name: 'Found in', kind: 'Text' }] });
  });
  after(() => shop.gh.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cache-'));
    await shop.gh.limit({ token: 'ghs_write', resource: 'graphql', remaining: 100_000 });
    await shop.gh.limit({ token: 'ghs_write', resource: 'core', remaining: 100_000 });
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    assert.deepEqual(await shop.gh.violations(), []);
  });

  it('notices every single change, and reads everything only where it must', async () => {
    const issues = [];
    for (const title of ['A', 'B', 'C', 'D']) issues.push(await shop.issue(title, ['production-bug'], later()));
    const [a, b, c, d] = issues;
    await shop.gh.admin('POST', `${REPO}/milestones`, { title: 'Soon' }, { now: later() });
    await patch(d.number, { milestone: 1 });
    await same('at first');
    const quiet = await same('nothing changed');
    assert.ok(!quiet.log.includes('not used'), quiet.log);
    const pull = await shop.pull('by-keyword', `Fixes #${b.number}`, later());
    const hand = await shop.pull('by-hand', 'Nothing to see', later());
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/heads/release-1.1', sha: hand.base.sha });
    let port;
    const cases = [
      ['relabelled', () => patch(a.number, { labels: ['bug'] })],
      ['relabelled away', () => patch(a.number, { labels: ['other'] })],
      ['labelled again', () => patch(a.number, { labels: ['production-bug', 'sev/critical'] })],
      ['closed by hand', () => patch(c.number, { state: 'closed' })],
      ['linked by hand, and not touched', () => shop.gh.link(ACME, c.number, { pulls: [hand.number], now: later() })],
      ['unlinked by hand, and not touched', () => shop.gh.link(ACME, c.number, { pulls: [], now: later() })],
      ['the keyword is taken out', () => shop.gh.admin('PATCH', `${REPO}/pulls/${pull.number}`, { body: 'No more' }, { now: later() })],
      ['a keyword is written', () => shop.gh.admin('PATCH', `${REPO}/pulls/${pull.number}`, { body: `Closes #${a.number}` }, { now: later() })],
      ['merged', () => shop.merge(pull, later())],
      ['the description of the merged fix is edited', () => shop.gh.admin('PATCH', `${REPO}/pulls/${pull.number}`, { body: `Closes #${a.number}\n\nIntroduced-in: v1.0.0` }, { now: later() })],
      ['it is edited again', () => shop.gh.admin('PATCH', `${REPO}/pulls/${pull.number}`, { body: `Closes #${a.number}\n\nIntroduced-in: v1.1.0` }, { now: later() })],
      ['a backport names the fix', async () => { port = await shop.pull('port', `Backport of #${pull.number}`, later(), 'release-1.1'); }],
      ['the backport is merged', () => shop.merge(port, later())],
      ['its description is edited', () => shop.gh.admin('PATCH', `${REPO}/pulls/${port.number}`, { body: `Port of #${pull.number}` }, { now: later() })],
      ['another names the ticket', async () => { await shop.pull('other-port', `For #${a.number}`, later(), 'release-1.1'); }],
      ['a duplicate', () => shop.gh.issue(ACME, c.number, { duplicateOf: b.number, stateReason: 'duplicate', now: later() })],
      ['of a type', () => shop.gh.issue(ACME, d.number, { type: 'Bug', now: later() })],
      ['with a field', () => shop.gh.issue(ACME, d.number, { fields: [{ name: 'Found in', kind: 'Text', value: 'v1.0.0' }], now: later() })],
      ['a new one', () => shop.issue('E', ['bug'], later())],
      ['a new one of a type alone', async () => { const e = await shop.issue('F', [], later()); await shop.gh.issue(ACME, e.number, { type: 'Bug', now: later() }); }],
    ];
    for (const [what, change] of cases) {
      await change();
      const { log, report } = await same(what, collect, 'snapshot');
      assert.ok(!log.includes('not used'), `${what}: ${log}`);
      const said = report.issues.flatMap(({ fixes }) => fixes.map(({ description }) => description ?? '')).join();
      if (what === 'it is edited again') assert.match(said, /Introduced-in: v1\.1\.0/);
      if (what === 'a backport names the fix') assert.ok(report['pull-requests'].some(({ number }) => number === port.number));
      await same(what);
    }
    const whole = [
      ['a milestone is renamed', () => shop.gh.admin('PATCH', `${REPO}/milestones/1`, { title: 'Late' }, { now: later() })],
      ['deleted', () => shop.gh.removeIssue(ACME, b.number)],
      ['a label is renamed', () => shop.gh.admin('PATCH', `${REPO}/labels/sev%2Fcritical`, { new_name: 'sev/urgent' })],
      ['it is renamed back', () => shop.gh.admin('PATCH', `${REPO}/labels/sev%2Furgent`, { new_name: 'sev/critical' })],
      ['a label is deleted', () => shop.gh.admin('DELETE', `${REPO}/labels/sev%2Fmajor`)],
    ];
    for (const [what, change] of whole) {
      await change();
      const { log } = await same(what, collect, 'snapshot');
      assert.ok(log.includes('everything is read'), `${what}: ${log}`);
      await same(`after ${what}`);
    }
    // Other labels and types are another question.
    await shop.gh.repository(ACME, { issueTypes: ['Defect', 'Task'] });
    await same('a type is renamed', collect, 'snapshot');
    await shop.gh.admin('PATCH', `${REPO}/labels/bug`, { new_name: 'regression-bug' });
    await same('a label of a list is renamed', collect, 'snapshot');
    await shop.gh.admin('PATCH', `${REPO}/labels/regression-bug`, { new_name: 'bug' });
    await shop.gh.admin('POST', `${REPO}/labels`, { name: 'sev/major', color: 'ededed' });
    await shop.gh.repository(ACME, { issueTypes: ['Bug', 'Task'] });
  });

  it('is as good as none over any history', async () => {
    let seed = 20261122;
    const random = (below) => { seed = (seed * 1103515245 + 12345) % 2 ** 31; return Math.floor((seed / 2 ** 31) * below); };
    const one = (list) => list[random(list.length)];
    const issues = [];
    const pulls = [];
    const merged = [];
    const { object } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`);
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/heads/release-1.0', sha: object.sha });
    const LABELS = ['production-bug', 'bug', 'sev/critical', 'sev/major', 'other', 'regression-v1.0.0'];
    await shop.gh.admin('POST', `${REPO}/labels`, { name: 'regression-v1.0.0', color: 'ededed' });
    const some = () => LABELS.filter(() => random(3) === 0);
    const open = async () => issues.push((await shop.issue(`Issue ${issues.length}`, some(), later(), one(['', 'Found-in: v1.0.0']))).number);
    const link = async () => pulls.push(await shop.pull(`change-${hour}`, `${one(['Fixes', 'See'])} #${one(issues)}`, later()));
    const changes = {
      open,
      link,
      relabel: () => patch(one(issues), { labels: some() }),
      close: () => patch(one(issues), { state: 'closed', state_reason: one(['completed', 'not_planned']) }),
      reopen: () => patch(one(issues), { state: 'open' }),
      retitle: () => patch(one(issues), { title: `Another title ${random(1000)}`, body: one(['', 'Found-in: v1.1.0']) }),
      duplicate: async () => {
        const number = one(issues);
        await patch(number, { state: 'closed' });
        await shop.gh.issue(ACME, number, { duplicateOf: one(issues.filter((other) => other !== number)), stateReason: 'duplicate', now: later() });
      },
      merge: async () => { const pull = pulls.shift(); if (pull) { await shop.merge(pull, later()); merged.push(pull); } },
      rewrite: async () => { if (pulls.length) await shop.gh.admin('PATCH', `${REPO}/pulls/${one(pulls).number}`, { body: `${one(['Closes', 'See'])} #${one(issues)}` }, { now: later() }); },
      drop: async () => { const pull = pulls.pop(); if (pull) await shop.gh.admin('PATCH', `${REPO}/pulls/${pull.number}`, { state: 'closed' }, { now: later() }); },
      port: async () => { if (merged.length) pulls.push(await shop.pull(`port-${hour}`, `Backport of #${one(merged).number}`, later(), 'release-1.0')); },
      connect: async () => { if (pulls.length) await shop.gh.link(ACME, one(issues), { pulls: [one(pulls).number], now: later() }); },
      type: () => shop.gh.issue(ACME, one(issues), { type: one(['Bug', 'Task', null]), now: later() }),
      fill: () => shop.gh.issue(ACME, one(issues), { fields: [{ name: 'Found in', kind: 'Text', value: one(['v1.0.0', 'v1.1.0']) }], now: later() }),
      remove: () => shop.gh.removeIssue(ACME, issues.splice(random(issues.length), 1)[0]),
      release: async () => { await shop.commit(`src/r${hour}.txt`, later()); await shop.release(`v1.2.${hour}`, later()); },
    };
    for (let n = 0; n < 8; n += 1) await open();
    const log = [];
    let used = 0;
    for (let step = 0; step < 40; step += 1) {
      const names = [one(Object.keys(changes)), ...(random(2) ? [one(Object.keys(changes))] : [])];
      for (const name of names) {
        if (issues.length < 4) await open();
        await changes[name]();
      }
      log.push(names.join('+'));
      const run = step % 2 ? [check, 'out'] : [collect, 'snapshot'];
      const { log: said } = await same(`step ${step}: ${log.slice(-4).join(', ')}`, ...run);
      used += !said.includes('everything is read');
    }
    assert.ok(used > 25, `the cache was used in ${used} steps only`);
  });

  it('holds for another policy that asks about the same labels', async () => {
    const issue = await shop.issue('Fixed with a test', ['bug'], later());
    const pull = await shop.pull('tests', `Fixes #${issue.number}`, later());
    await shop.commit('tests/fixed.txt', later(), 'tests');
    await shop.merge(pull, later());
    const tested = '  - { id: tested, metric: regression-test-coverage, over: all, min: 100% }\n';
    const other = (POLICY + tested).replace('escaped: { labels: [production-bug] }', 'escaped: { labels: [bug] }')
      .replace('caught: { labels: [bug] }', 'caught: { labels: [production-bug] }');
    const judge = (policy) => (env) => shop.gate({ policy, args: ['check', '--format', 'json'], env });
    await same('one policy', judge(POLICY + tested));
    const { log } = await same('the other', judge(other));
    assert.ok(!log.includes('everything is read'), log);
  });

  it('is dropped with a warning where it is damaged, and written anew', async () => {
    await shop.issue('Here', ['production-bug'], later());
    await same('at first');
    const whole = await readFile(await file());
    const damages = {
      cut: (bytes) => bytes.subarray(0, bytes.length / 2),
      empty: () => Buffer.alloc(0),
      flipped: (bytes) => { const copy = Buffer.from(bytes); copy[copy.length / 2 | 0] ^= 4; return copy; },
      'of another version': (bytes) => Buffer.from(String(bytes).replace(/"escape_gate_cache":\d+/, '"escape_gate_cache":0')),
      'of another repository': (bytes) => Buffer.from(String(bytes).replace('acme/shop', 'acme/stop')),
      'another thing': () => Buffer.from('PK\u0003\u0004'),
    };
    for (const [what, damage] of Object.entries(damages)) {
      await writeFile(await file(), damage(whole));
      const { log } = await same(what);
      assert.match(log, /warning: the cache .* is dropped, everything is read/, what);
      assert.ok(!(await same(`after ${what}`)).log.includes('warning: the cache'), what);
    }
  });

  it('is dropped where an issue of GitHub is missing in it, and no change says so', async () => {
    await shop.issue('Known', ['production-bug'], later());
    await same('at first');
    // As if somebody had saved a cache without this issue: nothing has happened to it since.
    await shop.issue('Kept from the cache', ['production-bug', 'sev/critical'], '2026-01-02T00:00:00Z');
    const { log } = await same('restored');
    assert.match(log, /the cache is not used, everything is read: `production-bug` has \d+ issues, and \d+ are known/);
    assert.ok(!(await same('afterwards')).log.includes('not used'));
  });

  it('is not written from a reading with a gap, and holds no token', async () => {
    await shop.gh.faults([{ operation: 'Tickets', times: 'always', status: 401, body: { message: 'Bad credentials' } }]);
    assert.equal((await check(cached())).code, 3);
    await shop.gh.clearFaults();
    assert.deepEqual(await files(), []);
    await same('once it works');
    const text = await readFile(await file(), 'utf8');
    assert.ok(text.includes('acme/shop') && !text.includes('ghs_write'));
  });

  it('gives way to a full reading where what changed cannot be read', async () => {
    await same('at first');
    const boom = { data: { repository: null }, errors: [{ type: 'INTERNAL', path: ['repository'], message: 'Boom' }] };
    for (const fault of [
      { operation: 'Probe', status: 200, body: boom },
      { operation: 'Probe', status: 200, body: { data: { repository: {}, names: [] } } },
      { method: 'GET', path: '/issues/events', status: 403, body: { message: 'Resource not accessible by integration' } },
      { method: 'GET', path: '/issues/events', status: 200, body: [{ created_at: '2026-02-01' }] },
    ]) {
      await shop.gh.faults([fault]);
      const { log } = await same(JSON.stringify(fault));
      assert.match(log, /the cache is not used, everything is read/);
      assert.deepEqual(await shop.gh.unusedFaults(), []);
    }
  });

  it('never changes a verdict where it cannot be read or written', async () => {
    await writeFile(join(folder, 'file'), '');
    const nowhere = { ESCAPE_GATE_CACHE: join(folder, 'file', 'below') };
    const [odd, fresh] = [await check(nowhere), await check({})];
    assert.deepEqual([odd.code, found(odd.out)], [fresh.code, found(fresh.out)]);
    assert.match(odd.log, /warning: the cache .* could not be written/);
  });

  it('is shared by jobs that run at once', async () => {
    await same('at first');
    await shop.issue('Meanwhile', ['production-bug'], later());
    const runs = await Promise.all(Array.from({ length: 6 }, () => check(cached())));
    const fresh = await check({});
    for (const run of runs) assert.deepEqual([run.code, found(run.out)], [fresh.code, found(fresh.out)], run.log);
    assert.ok(!(await same('afterwards')).log.includes('warning'));
    await file();
  });

  it('is kept by a runner of GitHub unless told otherwise, and elsewhere only where asked', async () => {
    const hosted = { RUNNER_TOOL_CACHE: folder, RUNNER_ENVIRONMENT: 'github-hosted' };
    const in_workflow = (env) => shop.gate({ event: 'workflow_dispatch', payload: {}, args: ['check', '--comment', 'none'], env: { ...hosted, ...env } });
    await in_workflow({ ESCAPE_GATE_NO_CACHE: 'true' });
    // Other jobs of a self-hosted runner can write to its folders, and nobody says that a runner is none.
    for (const environment of ['self-hosted', '']) await in_workflow({ RUNNER_ENVIRONMENT: environment });
    await shop.gate({ args: ['check', '--cache', ''], env: hosted });
    await shop.gate({ env: hosted });
    assert.deepEqual(await readdir(folder), []);
    await in_workflow({ ESCAPE_GATE_CACHE: '' });
    assert.deepEqual(await readdir(folder), ['escape-gate']);
  });
});
