// What GitHub answered about a history, kept from run to run: the next run asks for what it does not know, and says the same.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { asNew, openWithDefects, policyOf } from './defects.mjs';

/** A report as it is printed, without when it was made and what it cost. */
const told = (text) => text.replace(/"cost": \{[^}]*\}/, '').replace(/"(evaluated-at|taken-at)": "[^"]*"/g, '');

describe('answers about a history', () => {
  let shop, history, guilty, first, folder;
  before(async () => {
    ({ shop, history, guilty, first } = await openWithDefects());
  });
  after(() => Promise.all([shop.gh.close(), history.close()]));
  beforeEach(async () => {
    await asNew(shop);
    folder = await mkdtemp(join(tmpdir(), 'answers-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    assert.deepEqual(await shop.gh.violations(), []);
  });

  const cached = () => ({ ESCAPE_GATE_CACHE: folder });
  const quick = ['--timeout', '20s', '--retry-wait', '5ms'];
  const check = (env) => shop.gate({ policy: policyOf(), args: ['check', '--format', 'json', ...quick], env });
  /** Requests about where defects came from since the last time this was asked. */
  async function asked() {
    const all = await shop.gh.exchanges();
    await shop.gh.forget();
    const lines = all.map(({ method, path, request }) => `${method} ${path} ${request?.query?.split('(')[0] ?? ''} ${JSON.stringify(request?.variables ?? '')}`);
    // The commits of the candidate itself are compared page by page.
    return lines.filter((line) => /\/(commits|compare|contents|pulls)\/|query Blame/.test(line) && !line.includes('per_page=250'));
  }
  const file = async () => join(folder, (await readdir(folder)).find((name) => name.endsWith('.answers')));

  it('are asked for once, and the report is the same to the byte', async () => {
    const fresh = await check({});
    const usual = await asked();
    assert.ok(usual.length > 10, usual.join('\n'));
    const learning = await check(cached());
    assert.deepEqual(await asked(), usual);
    const knowing = await check(cached());
    assert.deepEqual(await asked(), []);
    for (const run of [learning, knowing]) assert.deepEqual([run.code, told(run.out)], [fresh.code, told(fresh.out)], run.log);
    assert.match(knowing.out, new RegExp(guilty));
    await check({ ...cached(), ESCAPE_GATE_NO_CACHE: 'true' });
    assert.deepEqual(await asked(), usual);
  });

  it('come to the same snapshot', async () => {
    const collect = (env) => shop.gate({ policy: policyOf(), args: ['collect', ...quick], env });
    const fresh = await collect({});
    for (const _ of [1, 2]) assert.equal(told((await collect(cached())).snapshot), told(fresh.snapshot));
  });

  it('let a run that the allowance cut short go on where it ended', async () => {
    const fresh = told((await check({})).out);
    await asked();
    const steps = [];
    for (let run = 1; run < 9; run += 1) {
      await shop.gh.limit({ token: 'ghs_write', resource: 'core', remaining: 104 });
      const { out } = await check(cached());
      steps.push(...await asked());
      if (told(out) === fresh) break;
      assert.match(out, /not looked at|hour's allowance/);
      assert.ok(run < 8, out);
    }
    assert.deepEqual(steps.filter((line, at) => steps.indexOf(line) !== at), [], 'nothing was asked twice');
    // And with an allowance that is used up but for the candidate's commits the same is told.
    await shop.gh.limit({ token: 'ghs_write', resource: 'core', remaining: 5 });
    assert.equal(told((await check(cached())).out), fresh);
  });

  it('are told though the allowance runs low before them', async () => {
    const narrow = policyOf('attribution: { at-most: 1 }');
    await shop.gate({ policy: narrow, args: ['check', '--format', 'json', ...quick], env: cached() });
    await shop.gh.limit({ token: 'ghs_write', resource: 'core', remaining: 90 });
    const { report } = await check(cached()).then(({ out }) => ({ report: JSON.parse(out) }));
    assert.equal(report.defects.find(({ number }) => number === first).introduced.commit, guilty);
  });

  it('are dropped with a warning where they are damaged, and written anew', async () => {
    const fresh = told((await check(cached())).out);
    const whole = await readFile(await file(), 'utf8');
    const usual = await asked();
    const damages = {
      cut: whole.slice(0, whole.length / 2), empty: '', flipped: whole.replace('"is-ancestor":true', '"is-ancestor":frue'),
      'said otherwise': whole.replace('"is-ancestor":true', '"is-ancestor":false'),
      'of a newer version': whole.replace('"escape_gate_answers":1', '"escape_gate_answers":2'),
      'of another repository': whole.replace('acme/shop', 'acme/stop'), 'another thing': 'PK\u0003\u0004',
    };
    for (const [what, text] of Object.entries(damages)) {
      await writeFile(await file(), text);
      const run = await check(cached());
      assert.match(run.log, /warning: the answers in .* are dropped, GitHub is asked anew/, what);
      assert.equal(told(run.out), fresh, what);
      assert.deepEqual(await asked(), usual, what);
      assert.equal(await readFile(await file(), 'utf8'), whole, what);
    }
    assert.ok(!whole.includes('ghs_write'));
  });

  it('are no failures', async () => {
    await shop.gh.faults([{ method: 'POST', path: '^/graphql', operation: 'Blame', status: 200, body: { data: { repository: { object: null } } }, times: 'always' }]);
    const failed = await check(cached());
    assert.match(failed.out, /GitHub's API did not tell/);
    await shop.gh.clearFaults();
    assert.equal(told((await check(cached())).out), told((await check({})).out));
  });

  it('serve `attribute` too', async () => {
    const attribute = () => shop.gate({ args: ['attribute', `#${first}`, '--from', 'api', '--format', 'json', ...quick], env: cached() });
    const [one, other] = [await attribute(), (await asked(), await attribute())];
    assert.equal(other.code, 0, other.log);
    assert.equal(other.out, one.out);
    assert.equal(JSON.parse(other.out).origin.commit, guilty);
    assert.deepEqual(await asked(), []);
  });
});
