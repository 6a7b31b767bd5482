// A release manager with drafts and a hotfix branch: `init`, at most two edits, then hotfix releases with the right verdicts.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import YAML from 'yaml';
import { openShop, REPO } from './shop.mjs';

const POLICY_PATH = '.github/escape-gate.yml';

/** How the workflow of `init` calls the gate. */
const inputsOf = (workflow) => workflow.jobs.gate.steps.at(-1).with;

describe('a release manager with drafts and a hotfix branch', () => {
  let shop, folder, workflow, policy, late;
  const issue = async (title, found, at, ...more) => (await shop.issue(title, ['production-bug', 'sev/critical', ...more], at, `### Version\n\n${found}\n`)).number;
  /** Merges a pull request that fixes an issue. */
  const fix = async (number, branch, base, at) => {
    const pull = await shop.pull(branch, `Fixes #${number}`, at, base);
    await shop.merge(pull, at);
    return pull;
  };
  /** Runs the gate as the workflow does, for the draft of a tag. */
  const check = async (tag) => {
    const inputs = inputsOf(workflow);
    assert.deepEqual([inputs.release, inputs.publish], ['${{ inputs.release }}', true]);
    const head = await shop.gh.admin('GET', `${REPO}/git/ref/heads/hotfix/1.1`);
    return shop.gate({
      event: 'workflow_dispatch', payload: { inputs: { release: tag } }, policy, cwd: folder, args: ['check', '--verbose', '--release', tag, '--publish', '--reports', 'build/**/TEST-*.xml', '--tests-outcome', 'success'],
      env: { ESCAPE_GATE_POLICY: POLICY_PATH, GITHUB_SHA: head.object.sha, GITHUB_REF: 'refs/heads/hotfix/1.1', GITHUB_REF_NAME: 'hotfix/1.1', GITHUB_WORKSPACE: folder },
    });
  };
  const isDraft = async (tag) => (await shop.gh.admin('GET', `${REPO}/releases?per_page=100`)).find((release) => release.tag_name === tag).draft;

  before(async () => {
    shop = await openShop();
    folder = await mkdtemp(join(tmpdir(), 'hotfix-'));
    await mkdir(join(folder, 'build'));
    await writeFile(join(folder, 'pom.xml'), '<project/>\n');
    await writeFile(join(folder, 'build/TEST-a.xml'), '<testsuite name="s"><testcase name="t"/></testsuite>');
    const written = await shop.gate({ args: ['init', '--yes', '--timeout', '60s', '--preset', 'zero-critical', '--workflow', 'publish', '--owner', '@acme/release'], env: { ESCAPE_GATE_POLICY: POLICY_PATH }, cwd: folder });
    assert.equal(written.code, 0, written.log);
    // The release manager runs the commands that are printed.
    for (const [, color, description, name] of written.out.matchAll(/^ {2}gh label create --repo 'acme\/shop' --color (\w+) --description '(.*)' '(.*)'$/gm)) {
      await shop.gh.admin('POST', `${REPO}/labels`, { name, color, description });
    }
    workflow = YAML.parse(await readFile(join(folder, '.github/workflows/escape-gate.yml'), 'utf8'));
    policy = await readFile(join(folder, POLICY_PATH), 'utf8');
    // The line 1.1 goes on in a branch of its own, and main is at 1.2 already.
    const { object } = await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`);
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/heads/hotfix/1.1', sha: object.sha });
    await shop.commit('src/c.txt', '2026-03-01T10:00:00Z');
    await shop.release('v1.2.0', '2026-03-02T10:00:00Z');
  });
  after(() => Promise.all([shop.gh.close(), rm(folder, { recursive: true })]));

  it('needs no edit of the files that init writes', async () => {
    const checked = await shop.gate({ args: ['policy', 'check', '--strict'], env: { ESCAPE_GATE_POLICY: POLICY_PATH }, cwd: folder });
    assert.equal(checked.code, 0, checked.out + checked.log);
  });

  it('is stopped by a defect of the line before that is fixed on main only', async () => {
    const old = await issue('Orders are lost', 'v1.0.0', '2026-03-03T10:00:00Z');
    late = await issue('Prices are wrong', 'v1.1.0', '2026-03-03T11:00:00Z');
    await fix(old, 'fix-orders', 'hotfix/1.1', '2026-03-04T10:00:00Z');
    await fix(late, 'fix-prices', 'main', '2026-03-04T11:00:00Z');
    for (const number of [old, late]) await shop.gh.admin('PATCH', `${REPO}/issues/${number}`, { state: 'closed', state_reason: 'completed' }, { now: '2026-03-04T12:00:00Z' });
    // Of the newer line alone: no release of the older line can have it.
    await issue('The new page is empty', 'v1.2.0', '2026-03-05T10:00:00Z');
    await shop.release('v1.1.1', '2026-03-06T10:00:00Z', { draft: true, target_commitish: 'hotfix/1.1' });
    const run = await check('v1.1.1');
    assert.equal(run.code, 10, run.out + run.log);
    assert.match(run.out, new RegExp(`#${late}`), run.out);
    assert.equal(await isDraft('v1.1.1'), true);
    const names = Object.fromEntries(await Promise.all([['old', old], ['late', late]].map(async ([name, number]) => {
      const explained = await shop.gate({ args: ['explain', `#${number}`, '--release', 'v1.1.1'], env: { ESCAPE_GATE_POLICY: POLICY_PATH }, cwd: folder });
      return [name, explained.out];
    })));
    assert.match(names.old, /fixed/, names.old);
    assert.match(names.late, /affected/, names.late);
  });

  it('ships when the fix is picked to the hotfix branch', async () => {
    const picked = await shop.pull('pick-prices', `Backport of the fix. Fixes #${late}`, '2026-03-07T10:00:00Z', 'hotfix/1.1');
    await shop.merge(picked, '2026-03-07T11:00:00Z');
    const run = await check('v1.1.1');
    assert.equal(run.code, 0, run.out + run.log);
    assert.equal(await isDraft('v1.1.1'), false);
  });
});
