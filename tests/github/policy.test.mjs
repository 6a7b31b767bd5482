// Policies that inherit from a file of another repository, and labels that the policy names and the repository lacks.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { openShop, REPO } from './shop.mjs';

const BASE = 'version: 1\nreleases: { supported: 1 }\nrules:\n  - { id: base-rule, metric: unfixed, where: { severity: critical }, max: 0 }\n';
const QUICK = ['--timeout', '5s', '--retry-wait', '5ms'];
const own = (reference) => `version: 1
extends: ["acme/shop//policies/${reference}"]
defects:
  escaped: { labels: [production-bug] }
  caught: { labels: [bug] }
  severity: { critical: [sev/critical], major: [sev/mayor] }
rules:
  - { id: own-rule, metric: unfixed, max: 9 }
`;

describe('a policy of another repository', () => {
  let shop, sha;
  before(async () => {
    shop = await openShop();
    const put = (name, text) => shop.gh.admin('PUT', `${REPO}/contents/policies/${name}`, { message: name, content: Buffer.from(text).toString('base64'), branch: 'main' });
    await put('base.yml', BASE);
    await put('beside.yml', 'version: 1\nextends: [base.yml]\n');
    ({ commit: { sha } } = await put('escaping.yml', 'version: 1\nextends: [../../base.yml]\n'));
  });
  after(() => shop.gh.close());
  const reads = async () => (await shop.gh.log()).filter((line) => line.includes('/contents/policies/'));

  it('is read once, and its digest is in the log and in the report', async () => {
    const before = (await reads()).length;
    const run = await shop.gate({ args: ['check', ...QUICK, '--format', 'json'], policy: own(`base.yml@${sha}`) });
    assert.equal(run.code, 0, run.out + run.log);
    const digest = createHash('sha256').update(BASE).digest('hex');
    assert.match(run.log, new RegExp(`acme/shop//policies/base.yml@${sha} \\(sha256:${digest}\\)`));
    const report = JSON.parse(run.out);
    assert.deepEqual(report.inherited.files, [{ name: `acme/shop//policies/base.yml@${sha}`, digest }]);
    assert.deepEqual(report.rules.map(({ id }) => id), ['base-rule', 'own-rule']);
    assert.equal((await reads()).length - before, 1);
  });

  it('names files beside it, at the same commit and in the same repository', async () => {
    const run = await shop.gate({ args: ['policy', 'check', ...QUICK, 'policy.yml'], policy: own(`beside.yml@${sha}`) });
    assert.equal(run.code, 0, run.out + run.log);
    assert.match(run.out, /inherits from 2 policies/);
    const out = await shop.gate({ args: ['policy', 'check', ...QUICK, 'policy.yml'], policy: own(`escaping.yml@${sha}`) });
    assert.equal(out.code, 2);
    assert.match(out.out, /error\[P073\]/);
  });

  for (const [what, reference, code] of [
    ['a branch', () => 'base.yml@main', 'P071'],
    ['an abbreviated commit', () => `base.yml@${sha.slice(0, 12)}`, 'P071'],
    ['a commit that is not there', () => `base.yml@${'0'.repeat(40)}`, 'P072'],
    ['a file that is not there', () => `none.yml@${sha}`, 'P072'],
  ]) {
    it(`is refused at ${what}`, async () => {
      const run = await shop.gate({ args: ['check', ...QUICK], policy: own(reference()) });
      assert.equal(run.code, 2, run.out + run.log);
      assert.match(run.log, new RegExp(`error\\[${code}\\]`));
      assert.equal(run.out, '');
    });
  }

  it('is refused when the server cannot be reached, and the token is not shown', async () => {
    const run = await shop.gate({ args: ['check', ...QUICK], policy: own(`base.yml@${sha}`), url: 'http://127.0.0.1:9' });
    assert.equal(run.code, 2, run.out + run.log);
    assert.match(run.log, /error\[P072\]/);
    assert.doesNotMatch(run.log, /ghs_write/);
  });

  it('is checked for labels only where a repository is named', async () => {
    const args = ['policy', 'check', ...QUICK, 'policy.yml'];
    const policy = own(`base.yml@${sha}`);
    const without = await shop.gate({ args, policy, env: { ESCAPE_GATE_REPO: '' } });
    assert.equal(without.code, 0, without.out + without.log);
    assert.doesNotMatch(without.out, /sev\/mayor/);
    const named = await shop.gate({ args: [...args, '--repo', 'acme/shop'], policy });
    assert.equal(named.code, 0, named.out + named.log);
    assert.match(named.out, /no label of acme\/shop matches `sev\/mayor` of the policy; nearest: `sev\/major`/);
    const strict = await shop.gate({ args: [...args, '--repo', 'acme/shop', '--strict'], policy });
    assert.equal(strict.code, 2);
    const refused = await shop.gate({ args: [...args, '--repo', 'acme/none'], policy });
    assert.equal(refused.code, 1, refused.out + refused.log);
  });
});
