// Waivers that end with a release, and waivers with a follow-up that nothing but the waiver names.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openShop, REPO } from './shop.mjs';

describe('the follow-up of a waiver', () => {
  let shop;
  let bug;
  let task;

  before(async () => {
    shop = await openShop();
    ({ number: bug } = await shop.issue('Orders are lost', ['production-bug'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0'));
    ({ number: task } = await shop.issue('Move orders to the new store', [], '2026-02-20T11:00:00Z'));
  });
  after(async () => {
    assert.deepEqual(await shop.gh.violations(), []);
    await shop.gh.close();
  });

  /** Runs `check` with a waiver of the defect whose follow-up was due long ago: exit code, gaps, and the waiver's line. */
  async function check(followUp) {
    const policy = `version: 1
defects:
  escaped: { labels: [production-bug] }
rules:
  - { id: unfixed, metric: unfixed, max: 0 }
waivers:
  - { rule: unfixed, issue: ${bug}, reason: Known., approved-by: octocat, ends-with: v99.0.0, follow-up: { issue: ${followUp}, due: 2020-01-01 } }
`;
    const args = ['check', '--format', 'json', '--no-cache', '--release', 'v1.4.0', '--candidate', 'main'];
    const { code, out, log } = await shop.gate({ policy, args });
    assert.notEqual(out, '', log);
    const report = JSON.parse(out);
    return { code, gaps: report.gaps.map(({ what }) => what), warnings: report.warnings, waiver: report.exceptions[0] };
  }

  it('is open: the waiver does not count', async () => {
    const { code, gaps, waiver } = await check(task);
    assert.deepEqual([code, gaps, waiver.standing], [10, [], 'void']);
    assert.deepEqual(waiver['follow-up'], { issue: task, due: '2020-01-01', closed: false });
  });

  it('does not exist: the waiver does not count, and nothing else is in doubt', async () => {
    const { code, gaps, warnings, waiver } = await check(9999);
    assert.deepEqual([code, gaps, waiver.standing], [10, [], 'void']);
    assert.match(JSON.stringify(warnings), /issue #9999 could not be read/);
    assert.match(waiver.notes[0], /its follow-up #9999 was due on 2020-01-01 and is not in the evidence/);
  });

  it('is closed: the waiver counts', async () => {
    await shop.gh.admin('PATCH', `${REPO}/issues/${task}`, { state: 'closed' }, { now: '2026-02-21T10:00:00Z' });
    const { code, gaps, waiver } = await check(task);
    assert.deepEqual([code, gaps, waiver.standing], [0, [], 'applied']);
  });
});
