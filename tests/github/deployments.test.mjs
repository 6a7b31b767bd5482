// The change failure rate, with deployments read from the local GitHub.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, REPO } from './shop.mjs';

const POLICY = `version: 1
releases: { mature-after: 0d }
defects:
  escaped: { labels: [production-bug] }
deployments: { environment: production }
rules:
  - { id: failures, metric: change-failure-rate, max: 49% }
`;

describe('the change failure rate', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    const deploy = async (ref, now, ...states) => {
      const body = { ref, environment: 'production', required_contexts: [], auto_merge: false };
      const { id } = await shop.gh.admin('POST', `${REPO}/deployments`, body, { now });
      for (const state of states) await shop.gh.admin('POST', `${REPO}/deployments/${id}/statuses`, { state }, { now });
    };
    await deploy('v1.0.0', '2026-01-10T11:00:00Z', 'in_progress', 'success');
    // The failure is the first of more statuses than one page has.
    await deploy('v1.1.0', '2026-02-10T11:00:00Z', 'failure', ...Array.from({ length: 11 }, () => 'in_progress'), 'success');
  });
  after(() => shop.gh.close());
  beforeEach(() => shop.gh.forget());
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  const check = (more) => shop.gate({ args: ['check', '--format', 'json', '--candidate', 'main'], policy: POLICY, ...more });

  it('counts a deployment that failed before it arrived', async () => {
    const run = await check();
    assert.equal(run.code, 10, run.out + run.log);
    const [rule] = JSON.parse(run.out).rules;
    assert.equal(rule.shown, '50 % (1 of 2)');
    assert.deepEqual(rule['failed-releases'].map((one) => [one.release, one['failed-deployments']]), [['v1.1.0', 1]]);
  });

  it('does not ask for deployments without a rule that needs them', async () => {
    const run = await check({ policy: POLICY.replace('change-failure-rate', 'escaped').replace('49%', '0') });
    assert.equal(run.code, 0, run.out + run.log);
    assert.equal(JSON.parse(run.out).rules[0].value.count, 0);
  });

  it('is unknown to a token that may not read deployments, and names the permission', async () => {
    const permissions = { contents: 'read', issues: 'read', pull_requests: 'read', metadata: 'read' };
    await shop.gh.token({ token: 'ghs_undeployed', login: 'github-actions[bot]', permissions });
    const run = await check({ token: 'ghs_undeployed' });
    assert.equal(run.code, 3, run.out + run.log);
    assert.match(JSON.parse(run.out).next.join('\n'), /deployments: read/);
  });

  it('is unknown if the environment has another name', async () => {
    const run = await check({ policy: POLICY.replace('environment: production', 'environment: prod') });
    assert.equal(run.code, 3, run.out + run.log);
    assert.match(run.out, /nothing was ever deployed to it/);
  });
});
