// A posted bisect result: whose word counts, and that it is found wherever origins are looked for.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { asNew, openWithDefects, policyOf } from './defects.mjs';
import { REPO } from './shop.mjs';

describe('a posted bisect result', () => {
  let shop, history, guilty, innocent, first, second;
  before(async () => {
    ({ shop, history, guilty, first, second } = await openWithDefects());
    innocent = history.git('rev-parse', 'v1.0.0^{}');
  });
  after(() => Promise.all([shop.gh.close(), history.close()]));
  beforeEach(() => asNew(shop));
  afterEach(async () => {
    for (const { id } of await shop.comments(first)) await shop.gh.admin('DELETE', `${REPO}/issues/comments/${id}`);
    assert.deepEqual(await shop.gh.violations(), []);
  });

  const quick = ['--timeout', '20s', '--retry-wait', '5ms'];
  /** As `git bisect run` ends, with the log that people paste. */
  const bisected = (commit) => `I bisected it:\n\n\`\`\`\n${commit} is the first bad commit\ncommit ${commit}\nAuthor: Ann\n\n    Add totals\n\`\`\`\n`;
  const post = (body, more = {}) => shop.gh.admin('POST', `${REPO}/issues/${first}/comments`, { body }, { now: '2026-02-22T10:00:00Z', ...more });
  const outsider = { token: 'ghp_outsider' };
  const check = async (more) => {
    const run = await shop.gate({ args: ['check', '--format', 'json', ...quick], policy: policyOf(), ...more });
    return { ...run, report: run.out ? JSON.parse(run.out) : assert.fail(run.log) };
  };
  const origin = ({ report }, number = first) => report.defects.find((defect) => defect.number === number).introduced;
  const attribute = async (...args) => {
    const run = await shop.gate({ args: ['attribute', `#${first}`, '--format', 'json', ...quick, ...args] });
    assert.equal(run.code, 0, run.log);
    return { log: run.log, record: JSON.parse(run.out) };
  };
  const comments = async () => (await shop.gh.exchanges()).filter(({ request }) => /query (Ticket)?Comments/.test(request?.query ?? ''));

  it('outweighs blame in a check, and takes one request', async () => {
    assert.equal(origin(await check()).method, 'blame');
    await post(bisected(innocent));
    await shop.gh.forget();
    for (const cwd of [undefined, history.folder]) {
      const found = origin(await check({ cwd }));
      assert.deepEqual([found.commit, found.release, found.method, found.confidence], [innocent, 'v1.0.0', 'regressed-by', 'certain']);
      assert.match(found.evidence, new RegExp(`issue #${first}, comment by acme-admin: \`${innocent} is the first bad commit\``));
    }
    assert.equal((await comments()).length, 2, 'one a run');
  });

  it('stands in a snapshot, which is judged without the comments', async () => {
    await post(bisected(innocent));
    const { snapshot } = await shop.gate({ args: ['collect', ...quick], policy: policyOf() });
    const { origins, issues } = JSON.parse(snapshot);
    assert.equal(origins.found.find(({ issue }) => issue === first).commit, innocent);
    assert.equal(issues.find(({ number }) => number === first).bisects.found[0].result.commit, innocent);
    await shop.gh.forget();
    const judged = await check({ args: ['check', '--format', 'json', '--snapshot', 'kept.json'], files: { 'kept.json': snapshot } });
    assert.equal(origin(judged).commit, innocent);
    assert.deepEqual(await shop.gh.log(), []);
  });

  it('is found by `attribute`, in the clone and without one', async () => {
    await post(bisected(innocent));
    for (const from of [['--from', 'clone', '--clone', history.folder], ['--from', 'server']]) {
      const { record } = await attribute(...from);
      assert.deepEqual([record.origin.commit, record.method, record['blame-agrees']], [innocent, 'regressed-by', false]);
      assert.match(record.evidence, /comment by acme-admin/);
    }
  });

  it('counts for the latest of those whose word counts, and the others are shown with the reason', async () => {
    await post(`# first 'bad' commit: [${guilty.slice(0, 12)}] Count the last item`, { now: '2026-02-22T10:00:00Z' });
    await post(bisected(innocent), { now: '2026-02-23T10:00:00Z' });
    await post(bisected(guilty), { now: '2026-02-24T10:00:00Z', ...outsider });
    const hidden = await post(bisected(guilty), { now: '2026-02-25T10:00:00Z' });
    await shop.gh.minimize(hidden.id);
    await post(`> ${guilty} is the first bad commit\n\nNot here.`, { now: '2026-02-26T10:00:00Z' });
    const { record } = await attribute('--from', 'server');
    assert.equal(record.origin.commit, innocent);
    const reasons = record['passed-over'].map(({ signal, because }) => `${signal.place.split(' ').at(-1)} ${because}`);
    assert.deepEqual(reasons.map((line) => line.slice(0, 30)), ['acme-admin is hidden', 'outsider was posted by somebody w'.slice(0, 30), 'acme-admin gives way to what co'.slice(0, 30)]);
  });

  it('counts for whoever reported the issue', async () => {
    const issue = await shop.gh.admin('POST', `${REPO}/issues`, { title: 'Odd' }, { now: '2026-02-21T11:00:00Z', ...outsider });
    await shop.gh.admin('PATCH', `${REPO}/issues/${issue.number}`, { labels: ['production-bug', 'sev/major'] });
    await shop.gh.admin('POST', `${REPO}/issues/${issue.number}/comments`, { body: bisected(guilty) }, outsider);
    // Nobody has fixed it yet: the word is enough.
    const found = origin(await check(), issue.number);
    assert.deepEqual([found.commit, found.release, found.method], [guilty, 'v1.1.0', 'regressed-by']);
    await shop.gh.removeIssue('acme/shop', issue.number);
  });

  it('is read anew though the ticket is kept: hiding it does not touch that', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bisect-'));
    const kept = async () => origin(await check({ env: { ESCAPE_GATE_CACHE: folder } })).commit;
    assert.equal(await kept(), guilty);
    const { id } = await post(bisected(innocent));
    assert.equal(await kept(), innocent);
    await shop.gh.minimize(id);
    assert.equal(await kept(), guilty);
    await rm(folder, { recursive: true });
  });

  it('that may be in a page that did not come is a gap, and nobody is blamed instead', async () => {
    for (let n = 0; n < 101; n += 1) await post(`Comment ${n}`);
    await shop.gh.forget();
    assert.equal(origin(await check()).method, 'blame');
    assert.equal((await comments()).length, 2, 'all pages');
    await shop.gh.faults([{ method: 'POST', path: '^/graphql', operation: 'TicketComments', status: 200, body: { data: { node: null } }, times: 'always' }]);
    for (const cwd of [undefined, history.folder]) {
      const run = await check({ cwd });
      assert.deepEqual([origin(run).commit, origin(run).method], [null, 'none']);
      assert.equal(origin(run, second).method, 'blame', 'the other one is told');
      assert.match(run.report.gaps.map(({ what }) => what).join('\n'), new RegExp(`bisect result may be in comments that could not be read, of #${first}:`));
      assert.equal(run.report.rules.find(({ id }) => id === 'seen-soon').verdict, 'unknown');
    }
    const { record } = await attribute('--from', 'server');
    assert.deepEqual([record.origin, record.nothing], [null, 'blame-failed']);
    assert.match(record.unread.join(), /the comments of the issue/);
  });

  it('is not asked for where no policy goes by it', async () => {
    for (const policy of [policyOf('attribution: { introduced-in: [override, blame] }'), undefined]) await shop.gate({ args: ['check', ...quick], policy });
    assert.deepEqual(await comments(), []);
  });

  it('is said to be unknown where the evidence was gathered without the comments', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bisect-'));
    const { snapshot } = await shop.gate({ args: ['collect', ...quick] });
    await writeFile(join(folder, 'old.json'), snapshot);
    const { log } = await attribute('--from', 'clone', '--clone', history.folder, '--snapshot', join(folder, 'old.json'));
    assert.match(log, new RegExp(`the comments of #${first} were not read`));
    await rm(folder, { recursive: true });
  });
});
