// Issues and pull requests that block a release by their milestone alone.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openShop, REPO } from './shop.mjs';

const ACME = 'acme/shop';

/** A policy whose blockers are those of a milestone. */
const policyOf = (milestone) => `version: 1
defects:
  escaped: { labels: [production-bug] }
  blocking: [{ milestone: "${milestone}" }]
rules:
  - { id: blockers, metric: blockers, max: 0 }
`;

/** Runs `check`: exit code, numbers of the blockers that are not done, gaps and warnings. */
async function check(shop, { milestone = '{candidate}', target = '--release v1.4.0 --candidate main', env = {} } = {}) {
  const cache = env.ESCAPE_GATE_CACHE ? [] : ['--no-cache'];
  const args = ['check', '--format', 'json', ...cache, ...target.split(' ')];
  const { code, out, log } = await shop.gate({ policy: policyOf(milestone), args, env });
  assert.notEqual(out, '', log);
  const report = JSON.parse(out);
  const open = (report.blockers ?? []).filter(({ done }) => done !== true).map(({ number }) => number);
  return { code, open, log, gaps: report.gaps.map(({ what }) => what), warnings: report.warnings };
}

describe('blocking by a milestone alone', () => {
  let shop;
  let hour = 0;
  const later = () => { hour += 1; return new Date(Date.UTC(2026, 2, 1, hour)).toISOString().replace('.000Z', 'Z'); };
  const patch = (number, values) => shop.gh.admin('PATCH', `${REPO}/issues/${number}`, values, { now: later() });
  const make = (title) => shop.gh.admin('POST', `${REPO}/milestones`, { title }, { now: later() });
  const put = async (title, milestone) => {
    const { number } = await shop.issue(title, [], later());
    await patch(number, { milestone });
    return number;
  };

  before(async () => { shop = await openShop(); });
  after(async () => {
    assert.deepEqual(await shop.gh.violations(), []);
    await shop.gh.close();
  });

  it('passes while the release has no milestone', async () => {
    const { code, open, gaps, warnings } = await check(shop);
    assert.deepEqual([code, open, gaps], [0, [], []]);
    assert.deepEqual(warnings, []);
  });

  it('warns of a written milestone that the repository does not have', async () => {
    const { code, gaps, warnings } = await check(shop, { milestone: 'v1.4.0' });
    assert.deepEqual([code, gaps], [0, []]);
    assert.match(JSON.stringify(warnings), /no milestone of acme\/shop matches `v1\.4\.0` of the policy/);
  });

  let issue, pull, goal, other;
  it('waits for the open issue and the open pull request of the milestone', async () => {
    [other, goal] = [await make('v1.3.0'), await make('v1.4.0')];
    issue = await put('Not done yet', goal.number);
    await patch(await put('Done', goal.number), { state: 'closed', state_reason: 'not_planned' });
    await put('Of another release', other.number);
    await shop.issue('Of none', [], later());
    pull = await shop.pull('change', 'No words', later());
    await shop.gh.pull(ACME, pull.number, { milestone: 'v1.4.0', now: later() });
    const dropped = await shop.pull('dropped', 'No words', later());
    await shop.gh.pull(ACME, dropped.number, { milestone: 'v1.4.0', now: later() });
    await shop.gh.admin('PATCH', `${REPO}/pulls/${dropped.number}`, { state: 'closed' }, { now: later() });
    const elsewhere = await shop.pull('elsewhere', 'No words', later());
    await shop.gh.pull(ACME, elsewhere.number, { milestone: 'v1.3.0', now: later() });

    for (const milestone of ['{candidate}', 'v1.4.0', 'v1.4*']) {
      const { code, open, gaps, log } = await check(shop, { milestone });
      assert.deepEqual([code, open, gaps], [10, [issue, pull.number], []], `${milestone}\n${log}`);
    }
    const { open } = await check(shop, { milestone: '{candidate}', target: '--release v1.5.0 --candidate main' });
    assert.deepEqual(open, []);
  });

  it('takes the milestone of the line, and a closed one too', async () => {
    const line = await make('1.6.x');
    const number = await put('For the line', line.number);
    await shop.gh.admin('PATCH', `${REPO}/milestones/${line.number}`, { state: 'closed' }, { now: later() });
    const { code, open } = await check(shop, { milestone: '{line}', target: '--release v1.6.2 --candidate main' });
    assert.deepEqual([code, open], [10, [number]]);
  });

  it('asks for the release where the candidate is none', async () => {
    const { code, gaps } = await check(shop, { target: '--candidate main' });
    assert.equal(code, 3);
    assert.deepEqual(gaps, ['`defects.blocking` selects by the milestone `{candidate}`, and `main` names no release']);
    assert.equal((await check(shop, { milestone: 'v1.4.0', target: '--candidate main' })).code, 10);
  });

  it('sees in the next run what entered the milestone and what left it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'milestones-'));
    const env = { ESCAPE_GATE_CACHE: folder };
    const same = async (what, reads) => {
      const [kept, fresh] = [await check(shop, { env }), await check(shop)];
      assert.deepEqual([kept.code, kept.open, kept.gaps], [fresh.code, fresh.open, fresh.gaps], what);
      assert.equal(kept.log.includes('everything is read'), reads, `${what}\n${kept.log}`);
      return kept.open;
    };
    try {
      await same('at first', false);
      const entered = await put('A new one', goal.number);
      assert.ok((await same('a new one', false)).includes(entered));
      await patch(entered, { milestone: other.number });
      assert.ok(!(await same('it moved to another milestone', false)).includes(entered));
      await patch(entered, { milestone: goal.number });
      assert.ok((await same('it moved back', false)).includes(entered));
      await patch(entered, { milestone: null });
      assert.ok(!(await same('it left', false)).includes(entered));
      await shop.gh.admin('POST', `${REPO}/issues/${pull.number}/labels`, { labels: ['bug'] }, { now: later() });
      await same('a pull request was labelled', false);
      await shop.gh.pull(ACME, pull.number, { milestone: null, now: later() });
      assert.ok(!(await same('a pull request left', false)).includes(pull.number));
      await shop.gh.removeIssue(ACME, issue);
      assert.ok(!(await same('an issue was deleted', true)).includes(issue));
      await shop.gh.admin('PATCH', `${REPO}/milestones/${goal.number}`, { title: 'v1.4.1' }, { now: later() });
      assert.deepEqual(await same('the milestone was renamed', false), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is unknown where milestones cannot be read', async () => {
    await shop.gh.faults([{ operation: 'Milestones', times: 'always', status: 401, body: { message: 'Bad credentials' } }]);
    const { code, gaps } = await check(shop);
    await shop.gh.clearFaults();
    assert.equal(code, 3);
    assert.match(gaps.join(), /milestones could not be read/);
  });
});
