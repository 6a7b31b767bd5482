// Where escaped defects came from, as `check` finds it out where there is no whole clone: by the API, or by fetching the rest.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { asNew, openWithDefects, policyOf } from './defects.mjs';
import { POLICY } from './shop.mjs';

// What a policy that goes by origins asks wherever the history is: bisect results that were posted.
const COMMENTS = 1;
const WITHOUT_RULE = POLICY.replace('rules:', 'attribution: { introduced-in: [override, regressed-by, blame] }\nrules:');

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

  it('finds origins by the API, and the report says so', async () => {
    const run = await check();
    assert.match(run.log, /no clone of the repository.*GitHub is asked instead/);
    const found = origin(run, first);
    assert.deepEqual([found.commit, found.release, found.method], [guilty, 'v1.1.0', 'blame']);
    assert.match(found.evidence, /read by GitHub's API/);
    assert.equal(ruled(run).verdict, 'pass', run.out);
    assert.deepEqual(run.report.gaps, []);
    assert.equal(run.report.cost.requests, await asked());
  });

  it('comes to the same as in the clone, but for how it is known', async () => {
    const known = ({ evidence, ...rest }) => rest;
    const api = await check();
    const own = await check({ cwd: history.folder });
    for (const number of [first, second]) assert.deepEqual(known(origin(api, number)), known(origin(own, number)));
    assert.deepEqual(ruled(api), ruled(own));
    assert.match(ruled(api).notes.join(), /2 of 2/);
  });

  it('asks nothing of where a whole clone tells it', async () => {
    await check({ policy: POLICY });
    const usual = await asked();
    await shop.gh.forget();
    const run = await check({ cwd: history.folder });
    assert.equal(await asked(), usual + COMMENTS);
    assert.equal(origin(run, first).commit, guilty);
  });

  it('asks nothing more for a policy that goes by no origin, or keeps to the clone', async () => {
    await check({ policy: POLICY });
    const usual = await shop.gh.exchanges();
    assert.deepEqual(usual.filter(({ path, request }) => path.includes('/commits/') || request?.query?.includes('blame')), []);
    await shop.gh.forget();
    await check({ policy: policyOf('attribution: { history: clone }') });
    assert.equal(await asked(), usual.length + COMMENTS);
  });

  it('names who keeps to the clone and has none as a gap', async () => {
    const run = await check({ policy: policyOf('attribution: { history: clone }') });
    assert.deepEqual([run.report.gaps.map(({ area }) => area), ruled(run).verdict], [['origins'], 'unknown']);
    assert.equal(origin(run, first).commit, null);
  });

  it('asks the API for no more defects than the policy allows, the gravest first', async () => {
    const run = await check({ policy: policyOf('attribution: { at-most: 1 }') });
    assert.equal(origin(run, first).commit, guilty);
    assert.match(ruled(run).notes.join(), /1 not looked at/);
    const few = await asked();
    await shop.gh.forget();
    await check();
    assert.ok(few < await asked());
  });

  it('stops with a gap once the allowance of the hour runs low', async () => {
    await shop.gh.limit({ token: 'ghs_write', resource: 'core', remaining: 90 });
    const run = await check();
    const whats = run.report.gaps.map(({ what }) => what).join('\n');
    assert.match(whats, /1 of 2 defects were not looked at: only \d+ requests/);
    assert.equal(ruled(run).verdict, 'unknown');
    assert.match(ruled(run).notes.join(), /not looked at/);
  });

  it('tells no first release while the tag of a release is gone', async () => {
    history.git('tag', '--delete', 'v1.0.0');
    const run = await check();
    history.git('tag', 'v1.0.0', 'v3.0.0^{}');
    assert.ok(run.report.gaps.some(({ area, what }) => area === 'origins' && what.includes('no commit for the release v1.0.0')), run.out);
    assert.deepEqual([ruled(run).verdict, origin(run, first).release], ['unknown', null]);
  });

  it('gives a line in the report and no gap where no rule goes by origins', async () => {
    await shop.gh.faults([{ method: 'POST', path: '^/graphql', operation: 'Blame', status: 200, body: { data: { repository: { object: null } } }, times: 'always' }]);
    const run = await check({ policy: WITHOUT_RULE });
    assert.deepEqual(run.report.gaps, []);
    assert.ok(run.report.warnings.some((line) => line.includes("GitHub's API did not tell")), run.out);
    assert.equal(ruled(run, 'zero-critical').verdict, 'pass');
    const bound = await check();
    assert.equal(ruled(bound).verdict, 'unknown', 'a rule that goes by them is not judged');
    await shop.gh.forget();
  });

  it('asks no blame of a policy that goes by words alone', async () => {
    const run = await check({ policy: policyOf('attribution: { introduced-in: [override, regressed-by] }') });
    const blames = (await shop.gh.exchanges()).filter(({ request }) => request?.query?.includes('blame'));
    assert.deepEqual(blames, []);
    assert.equal(origin(run, first).commit, null);
  });

  it('asks GitHub where the clone is shallow, and leaves the clone as it is', async () => {
    const cwd = clone('shallow', '--depth=1');
    const run = await check({ cwd });
    assert.match(run.log, /the clone is shallow.*GitHub is asked instead/);
    assert.equal(origin(run, first).commit, guilty);
    assert.equal(history.git('-C', cwd, 'rev-parse', '--is-shallow-repository'), 'true');
  });

  it('fetches the rest of a shallow clone where the policy says so, and then asks nothing more', async () => {
    await check({ policy: POLICY });
    const usual = await asked();
    await shop.gh.forget();
    const cwd = clone('deepened', '--depth=1');
    const run = await check({ cwd, policy: policyOf('attribution: { history: deepen }') });
    assert.match(run.log, /the clone was shallow and is whole now/);
    assert.equal(origin(run, first).commit, guilty);
    assert.doesNotMatch(origin(run, first).evidence, /API/);
    assert.equal(await asked(), usual + COMMENTS);
  });

  it('asks GitHub where the rest of a shallow clone cannot be fetched', async () => {
    const cwd = clone('orphan', '--depth=1');
    history.git('-C', cwd, 'remote', 'set-url', 'origin', `file://${folder}/nowhere`);
    const run = await check({ cwd, policy: policyOf('attribution: { history: deepen }') });
    assert.match(run.log, /could not be fetched.*GitHub is asked instead/s);
    assert.equal(origin(run, first).commit, guilty);
  });

  it('asks GitHub though there is a clone where the policy says so', async () => {
    const run = await check({ cwd: history.folder, policy: policyOf('attribution: { history: api }') });
    assert.match(origin(run, first).evidence, /read by GitHub's API/);
  });
});
