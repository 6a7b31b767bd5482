// A pull request that changes the policy is evaluated by that of its base, read by the API or by git.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openShop, payloadOf, POLICY, REPO, REPOSITORY } from './shop.mjs';

const run = promisify(execFile);
const PATH = '.github/escape-gate.yml';
const WAIVER = `waivers:
  - { rule: zero-critical, reason: We ship it anyway., approved-by: octocat, expires: 2099-01-01 }
`;

describe('the policy of a base branch', () => {
  let shop;
  let folder;
  let pull;
  before(async () => {
    shop = await openShop();
    await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
  });
  after(() => shop.gh.close());
  beforeEach(() => shop.gh.forget());

  /** Puts a file on a branch of the local GitHub. */
  async function put(file, text, branch = 'main') {
    const found = await shop.gh.admin('GET', `${REPO}/contents/${file}?ref=${branch}`).catch(() => undefined);
    await shop.gh.admin('PUT', `${REPO}/contents/${file}`, { message: file, content: Buffer.from(text).toString('base64'), branch, sha: found?.sha });
  }

  let branches = 0;
  /** A pull request that changes these files; its checkout has them, and none of git. */
  async function open(files, base = 'main') {
    branches += 1;
    pull = await shop.pull(`change-${branches}`, 'A change.', '2026-02-21T10:00:00Z', base);
    for (const [file, text] of Object.entries(files)) await put(file, text, pull.head.ref);
    pull = await shop.gh.admin('GET', `${REPO}/pulls/${pull.number}`);
    folder = await mkdtemp(join(tmpdir(), 'gate-checkout-'));
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
  }
  async function check({ policy = PATH, args = ['check', '--format', 'json'], event = 'pull_request', payload = payloadOf(pull), env = {}, ...more } = {}) {
    const gate = await shop.gate({ event, payload, args, cwd: folder, env: { ESCAPE_GATE_POLICY: policy, GITHUB_WORKSPACE: folder, ...env }, ...more });
    const report = gate.out.startsWith('{') ? JSON.parse(gate.out) : undefined;
    return { ...gate, report };
  }
  const contents = async () => (await shop.gh.log()).filter((line) => line.includes('/contents/'));

  it('is not there yet: the pull request that introduces the gate decides by its own', async () => {
    await open({ [PATH]: POLICY });
    const gate = await check();
    assert.equal(gate.code, 10, gate.log);
    assert.equal(gate.report['base-policy'].state, 'absent');
    assert.match(gate.report.warnings[0], /no policy on `main` yet/);
    assert.deepEqual(await shop.gh.violations(), []);
    await put(PATH, POLICY);
  });

  it('is the same: one evaluation, and nothing is said', async () => {
    await open({ [PATH]: POLICY });
    const gate = await check();
    assert.equal(gate.code, 10, gate.log);
    assert.equal(gate.report['base-policy'], undefined);
    assert.deepEqual(gate.report.warnings.filter((one) => /policy/.test(one)), []);
    assert.deepEqual(await shop.gh.violations(), []);
  });

  for (const [what, files, verdict] of [
    ['observes only', { [PATH]: `${POLICY}mode: observe\n` }, 'fail (observed only)'],
    ['looks at other labels', { [PATH]: POLICY.replace('production-bug', 'bug') }, 'pass'],
    ['has a waiver', { [PATH]: POLICY + WAIVER }, 'warn'],
    ['has a waiver beside it', { [PATH]: POLICY, '.github/escape-gate/waivers/mine.yml': `version: 1\n${WAIVER}` }, 'warn'],
    ['extends a file that loosens it', {
      [PATH]: 'version: 1\nextends: [loose.yml]\n', '.github/loose.yml': POLICY.replace('max: 0', 'max: 9'),
    }, 'pass'],
  ]) {
    it(`decides about a pull request whose own ${what}`, async () => {
      await open(files);
      const gate = await check({ args: ['check', '--format', 'json', '--status'] });
      assert.equal(gate.code, 10, gate.out + gate.log);
      assert.equal(gate.report.verdict, 'fail');
      assert.equal(gate.report['dry-run'], false);
      const { state, note } = gate.report['base-policy'];
      assert.equal(state, 'changed');
      assert.ok(note.includes(`this pull request changes the policy: with it the verdict would be ${verdict};`), note);
      const { state: status } = await shop.gh.admin('GET', `${REPO}/commits/${pull.head.sha}/status`);
      assert.equal(status, 'failure');
      const [comment] = await shop.comments(pull.number);
      assert.match(comment.body, /this pull request changes the policy/i);
    });
  }

  it('decides in a merge queue, too', async () => {
    await open({ [PATH]: `${POLICY}mode: observe\n` });
    const payload = { action: 'checks_requested', repository: REPOSITORY, merge_group: { head_sha: pull.head.sha, base_sha: pull.base.sha, base_ref: 'refs/heads/main', head_ref: `refs/heads/gh-readonly-queue/main/pr-${pull.number}-${pull.base.sha}` } };
    const gate = await check({ event: 'merge_group', payload, env: { GITHUB_SHA: pull.head.sha } });
    assert.equal(gate.code, 10, gate.out + gate.log);
    assert.equal(gate.report['base-policy'].state, 'changed');
  });

  it('at its default path decides beside one that the workflow names', async () => {
    await open({ 'mine.yml': POLICY.replace('max: 0', 'max: 9') });
    const loose = await check({ policy: 'mine.yml' });
    assert.equal(loose.code, 10, loose.out + loose.log);
    assert.equal(loose.report['base-policy'].state, 'at-default-path');
    assert.equal(loose.report['base-policy']['other-verdict'], 'pass');
    await put(PATH, POLICY.replace('max: 0', 'max: 9'));
    await open({ 'mine.yml': POLICY });
    const strict = await check({ policy: 'mine.yml' });
    assert.equal(strict.code, 10, 'the stricter one decides, whichever it is');
    assert.equal(strict.report['base-policy']['other-verdict'], 'pass');
    await put(PATH, POLICY);
  });

  it('that cannot be read is unknown, and never the own one in its place', async () => {
    await open({ [PATH]: `${POLICY.replace('max: 0', 'max: 9')}missing: { issues: warn }\nmode: observe\n` });
    await shop.gh.faults([{ path: '/contents/', status: 403, times: 'always' }]);
    const gate = await check({ env: { ESCAPE_GATE_RETRY_WAIT: '5ms' } });
    await shop.gh.clearFaults();
    assert.equal(gate.code, 3, gate.out + gate.log);
    assert.equal(gate.report.verdict, 'unknown');
    assert.equal(gate.report['base-policy'].state, 'unread');
    assert.match(gate.report.headline, /policy of `main` decides/);
    await put(PATH, 'version: 1\nrules: [\n');
    await open({ [PATH]: POLICY.replace('max: 0', 'max: 9') });
    const broken = await check();
    await put(PATH, POLICY);
    assert.equal(broken.code, 3, broken.out + broken.log);
    assert.match(broken.report.headline, /error\[P/);
  });

  describe('in a checkout with its commit', () => {
    let base;
    let head;
    const git = async (...args) => (await run('git', args, { cwd: folder, env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' } })).stdout.trim();
    const commit = async () => {
      await git('add', '--all');
      await git('-c', 'user.name=a', '-c', 'user.email=a@b.example', 'commit', '--quiet', '--allow-empty', '--message', 'A commit.');
      return git('rev-parse', 'HEAD');
    };
    /** A clone with the base's commit, at a commit with these files in its place. */
    async function clone(files, at = {}) {
      await open({ [PATH]: POLICY, ...at });
      await git('init', '--quiet', '--initial-branch', 'main');
      base = await commit();
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), text);
      }
      head = await commit();
    }
    const payload = () => payloadOf(pull, { base: { ...pull.base, sha: base, repo: REPOSITORY } });

    it('is read by git, and a pull request that leaves it alone asks GitHub nothing more', async () => {
      await clone({ 'src/a.txt': 'a' });
      const same = await check({ payload: payload() });
      assert.equal(same.code, 10, same.out + same.log);
      assert.equal(same.report['base-policy'], undefined);
      assert.deepEqual(await contents(), []);
      await clone({ [PATH]: `${POLICY}mode: observe\n` });
      const changed = await check({ payload: payload() });
      assert.equal(changed.code, 10, changed.out + changed.log);
      assert.equal(changed.report['base-policy'].state, 'changed');
      assert.deepEqual(await contents(), []);
    });

    it('has its own CODEOWNERS', async () => {
      const policy = `${POLICY}  - { id: core, metric: unfixed, where: { team: acme/core }, max: 0 }\n`
        .replace('  severity:', '  team: { codeowners: true }\n  severity:');
      await clone({ CODEOWNERS: '* @acme/nobody\n' }, { [PATH]: policy, CODEOWNERS: '* @acme/core\n' });
      const gate = await check({ payload: payload() });
      assert.equal(gate.report['base-policy'].state, 'changed', gate.out + gate.log);
    });

    for (const [what, change] of [
      ['a waiver that a step brought in', { '.github/escape-gate/waivers/theirs.yml': `version: 1\n${WAIVER}` }],
      ['a policy that a step wrote over', { [PATH]: `${POLICY}mode: observe\n` }],
    ]) {
      it(`under pull_request_target refuses ${what}`, async () => {
        await clone({ 'src/a.txt': 'a' });
        const at = { event: 'pull_request_target', payload: payload(), env: { GITHUB_SHA: head } };
        const clean = await check(at);
        assert.equal(clean.code, 10, clean.out + clean.log);
        for (const [file, text] of Object.entries(change)) {
          await mkdir(dirname(join(folder, file)), { recursive: true });
          await writeFile(join(folder, file), text);
        }
        await shop.gh.forget();
        const gate = await check(at);
        assert.equal(gate.code, 2, gate.out + gate.log);
        assert.match(gate.log, /is not as in commit/);
        // Nothing is read by that policy; the comment says that there is no verdict.
        assert.deepEqual((await shop.gh.exchanges()).filter(({ request }) => /labels|issues\(/.test(request?.query ?? '')), []);
        assert.match((await shop.comments(pull.number)).at(-1).body, /[Cc]ould not evaluate/);
      });
    }
  });
});
