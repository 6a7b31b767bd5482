// Where escaped defects came from, as `check` finds it out without a whole checkout: in a clone of the server's commits.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { asNew, openWithDefects, policyOf } from './defects.mjs';
import { POLICY } from './shop.mjs';

// What a policy that goes by origins asks wherever the history is: bisect results that were posted.
const COMMENTS = 1;

describe('a check without a whole clone', () => {
  let shop, history, guilty, first, second, folder;
  before(async () => {
    ({ shop, history, guilty, first, second } = await openWithDefects());
    folder = await mkdtemp(join(tmpdir(), 'clones-'));
  });
  after(async () => {
    await Promise.all([shop.gh.close(), history.close(), rm(folder, { recursive: true })]);
  });
  beforeEach(() => asNew(shop));
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  const check = async (more) => {
    const run = await shop.gate({ args: ['check', '--format', 'json', '--timeout', '5s', '--retry-wait', '5ms'], policy: policyOf(), ...more });
    return { ...run, report: run.out ? JSON.parse(run.out) : assert.fail(run.log) };
  };
  const ruled = ({ report }, id = 'seen-soon') => report.rules.find((rule) => rule.id === id);
  const origin = ({ report }, number) => report.defects.find((defect) => defect.number === number)?.introduced;
  const asked = async () => (await shop.gh.log()).length;
  const clone = (name, ...args) => {
    const path = join(folder, name);
    history.git('clone', '--quiet', ...args, `file://${history.folder}`, path);
    return path;
  };

  it('finds origins without a checkout', async () => {
    const run = await check();
    const found = origin(run, first);
    assert.deepEqual([found.commit, found.release, found.method], [guilty, 'v1.1.0', 'blame']);
    assert.equal(ruled(run).verdict, 'pass', run.out);
    assert.deepEqual(run.report.gaps, []);
    assert.equal(run.report.cost.requests, await asked());
  });

  it('comes to the same as in the checkout', async () => {
    const server = await check();
    const own = await check({ cwd: history.folder, policy: policyOf('attribution: { history: clone }') });
    for (const number of [first, second]) assert.deepEqual(origin(server, number), origin(own, number));
    // The two runs read the policy from different folders.
    const anywhere = (run) => ({ ...ruled(run), place: ruled(run).place.line });
    assert.deepEqual(anywhere(server), anywhere(own));
    assert.match(ruled(server).notes.join(), /2 of 2/);
  });

  it('asks the API for nothing but comments', async () => {
    await check({ policy: POLICY });
    const usual = await asked();
    await shop.gh.forget();
    await check();
    assert.equal(await asked(), usual + COMMENTS);
  });

  it('names who keeps to the clone and has none as a gap', async () => {
    const run = await check({ policy: policyOf('attribution: { history: clone }') });
    assert.deepEqual([run.report.gaps.map(({ area }) => area), ruled(run).verdict], [['origins'], 'unknown']);
    assert.equal(origin(run, first).commit, null);
  });

  it('looks at no more defects than the policy allows, the gravest first', async () => {
    const run = await check({ policy: policyOf('attribution: { at-most: 1 }') });
    assert.equal(origin(run, first).commit, guilty);
    assert.match(ruled(run).notes.join(), /1 not looked at/);
  });

  it('tells no first release while the tag of a release is gone', async () => {
    history.git('tag', '--delete', 'v1.0.0');
    const run = await check();
    history.git('tag', 'v1.0.0', 'v3.0.0^{}');
    assert.ok(run.report.gaps.some(({ area, what }) => area === 'origins' && what.includes('no commit for the release v1.0.0')), run.out);
    assert.deepEqual([ruled(run).verdict, origin(run, first).release], ['unknown', null]);
  });

  it('blames nobody where the policy goes by words alone', async () => {
    const run = await check({ policy: policyOf('attribution: { introduced-in: [override, regressed-by] }') });
    assert.equal(origin(run, first).commit, null);
  });

  it('needs no whole checkout, and leaves a shallow one as it is', async () => {
    const cwd = clone('shallow', '--depth=1');
    for (const history of ['auto', 'deepen', 'api']) {
      const run = await check({ cwd, policy: policyOf(`attribution: { history: ${history} }`) });
      assert.equal(origin(run, first).commit, guilty, history);
    }
    assert.equal(history.git('-C', cwd, 'rev-parse', '--is-shallow-repository'), 'true');
  });

  it('keeps files for the next run, which reads the same', async () => {
    const env = { ESCAPE_GATE_CACHE: join(folder, 'cache') };
    const [cold, warm] = [await check({ env }), await check({ env })];
    for (const number of [first, second]) assert.deepEqual(origin(warm, number), origin(cold, number));
    assert.deepEqual(ruled(warm), ruled(cold));
  });
});
