// The local GitHub's repositories by Git's own protocol: the ids, branches, tags and pull requests that its API names.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startGitHub } from './server/start.mjs';

const REPO = '/repos/acme/shop';
const run = promisify(execFile);

describe('git on the local GitHub', () => {
  let gh;
  let root;
  before(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'git-test-'));
    gh = await startGitHub({ seed: { repos: ['acme/shop', { owner: 'acme', name: 'secret', private: true }] } });
  });
  after(async () => {
    await gh.close();
    fs.rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => Promise.all([gh.clearFaults(), gh.forget(), gh.git({ filter: true })]));

  /** Git with no configuration but ours, and no way off this machine. */
  async function git(args, { cwd = root, header } = {}) {
    const settings = { 'http.proxy': '', 'protocol.allow': 'never', 'protocol.http.allow': 'always', 'credential.helper': '', ...(header ? { 'http.extraHeader': header } : {}) };
    const env = { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_COUNT: String(Object.keys(settings).length) };
    Object.entries(settings).forEach(([key, value], n) => Object.assign(env, { [`GIT_CONFIG_KEY_${n}`]: key, [`GIT_CONFIG_VALUE_${n}`]: value }));
    return (await run('git', args, { cwd, env })).stdout.trim();
  }
  let clones = 0;
  async function clone({ repo = 'acme/shop', header, filter = ['--filter=tree:0'] } = {}) {
    clones += 1;
    const folder = path.join(root, `clone-${clones}`);
    await git(['clone', '--quiet', '--bare', ...filter, `${gh.url}/${repo}.git`, folder], { header });
    return (...args) => git(args, { cwd: folder, header });
  }
  const basic = (token) => `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const head = async (branch = 'main', repo = REPO) => (await gh.admin('GET', `${repo}/git/ref/heads/${branch}`)).object.sha;
  async function commit(file, message, { branch = 'main', now, token, repo = REPO } = {}) {
    const body = { message, content: Buffer.from(`${message}\n`).toString('base64'), branch };
    return (await gh.admin('PUT', `${repo}/contents/${file}`, body, { now, token })).commit.sha;
  }
  async function openPull(branch, file) {
    await gh.admin('POST', `${REPO}/git/refs`, { ref: `refs/heads/${branch}`, sha: await head() });
    await commit(file, `Change ${file}`, { branch });
    return gh.admin('POST', `${REPO}/pulls`, { title: `Change ${file}`, head: branch, base: 'main' });
  }

  it('has the ids, messages and dates of the API', async () => {
    const sha = await commit('src/deep/orders.js', 'Keep orders\n\nFixes #1', { now: '2026-01-05T10:00:00Z' });
    const tip = await commit('übung.txt', 'Ü', { now: '2026-01-06T10:00:00Z' });
    const bare = await clone();
    assert.equal(await bare('rev-parse', 'main'), tip);
    assert.equal(await bare('log', '-1', '--format=%H %at %ct %B', sha), `${sha} 1767607200 1767607200 Keep orders\n\nFixes #1`);
    const { tree, author } = await gh.admin('GET', `${REPO}/git/commits/${sha}`);
    assert.equal(await bare('log', '-1', '--format=%T %an %ae', sha), `${tree.sha} ${author.name} ${author.email}`);
    const listed = (await gh.admin('GET', `${REPO}/commits`)).map((one) => one.sha);
    assert.deepEqual((await bare('rev-list', 'main')).split('\n'), listed);
    await bare('fsck', '--strict');
    const whole = await clone({ filter: [] });
    await whole('fsck', '--full', '--strict');
    assert.equal(await whole('show', 'main:src/deep/orders.js'), 'Keep orders\n\nFixes #1');
  });

  it('sends commits alone to a fetch that filters, and files on demand', async () => {
    await commit('one.txt', 'One');
    const bare = await clone();
    const fetched = (await gh.gitLog()).find(({ command }) => command === 'fetch');
    assert.deepEqual([fetched.filter, fetched.token, fetched.status], ['tree:0', false, 200]);
    const types = (await bare('cat-file', '--batch-check=%(objecttype)', '--batch-all-objects')).split('\n');
    assert.deepEqual([...new Set(types)], ['commit']);
    assert.equal(await bare('cat-file', 'blob', 'main:one.txt'), 'One');
  });

  it('sends everything when filters are off', async () => {
    await gh.git({ filter: false });
    const bare = await clone();
    assert.match(await bare('cat-file', '--batch-check=%(objecttype)', '--batch-all-objects'), /blob/);
  });

  it('follows pushes, merges, moved and deleted tags', async () => {
    const first = await commit('a.txt', 'A');
    await gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/tags/light', sha: first });
    const noted = await gh.admin('POST', `${REPO}/git/tags`, { tag: 'noted', message: 'Notes', object: first, type: 'commit' }, { now: '2026-02-01T00:00:00Z' });
    await gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/tags/noted', sha: noted.sha });
    const bare = await clone();
    const tags = () => bare('for-each-ref', 'refs/tags', '--format=%(refname:strip=2) %(objectname) %(*objectname)');
    assert.equal(await tags(), `light ${first} \nnoted ${noted.sha} ${first}`);

    const pull = await openPull('fix', 'b.txt');
    const { sha } = await gh.admin('PUT', `${REPO}/pulls/${pull.number}/merge`, {});
    await gh.admin('DELETE', `${REPO}/git/refs/tags/noted`);
    await gh.admin('PATCH', `${REPO}/git/refs/tags/light`, { sha, force: true });
    await bare('fetch', '--quiet', '--prune', 'origin', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*');
    assert.equal(await bare('rev-parse', 'main'), sha);
    assert.equal(await bare('log', '-1', '--format=%P', sha), `${first} ${pull.head.sha}`);
    assert.equal(await tags(), `light ${sha}`);
  });

  it('has the head of every pull request, and a test merge of the open ones', async () => {
    const open = await openPull('open', 'open.txt');
    const dropped = await openPull('dropped', 'dropped.txt');
    await gh.admin('PATCH', `${REPO}/pulls/${dropped.number}`, { state: 'closed' });
    await gh.admin('DELETE', `${REPO}/git/refs/heads/dropped`);
    const base = await commit('meanwhile.txt', 'Meanwhile');
    const refs = Object.fromEntries((await git(['ls-remote', `${gh.url}/acme/shop.git`])).split('\n').map((line) => line.split('\t').reverse()));
    assert.equal(refs[`refs/pull/${open.number}/head`], open.head.sha);
    assert.equal(refs[`refs/pull/${dropped.number}/head`], dropped.head.sha);
    assert.equal(refs[`refs/pull/${dropped.number}/merge`], undefined);
    const merge = refs[`refs/pull/${open.number}/merge`];
    assert.equal((await gh.admin('GET', `${REPO}/pulls/${open.number}`)).merge_commit_sha, merge);
    const bare = await clone();
    await bare('fetch', '--quiet', 'origin', `+refs/pull/${open.number}/*:refs/pull/${open.number}/*`);
    assert.equal(await bare('log', '-1', '--format=%P', merge), `${base} ${open.head.sha}`);
    assert.match(await bare('ls-tree', '--name-only', merge), /meanwhile\.txt\n.*open\.txt/s);
  });

  it('has the commits of a fork, on the history that they were made from', async () => {
    const outsider = { token: 'ghp_outsider' };
    const base = await head();
    await gh.admin('POST', `${REPO}/forks`, {}, outsider);
    const sha = await commit('idea.txt', 'Idea', { repo: '/repos/outsider/shop', ...outsider });
    const pull = await gh.admin('POST', `${REPO}/pulls`, { title: 'Idea', head: 'outsider:main', base: 'main' }, outsider);
    const bare = await clone();
    await bare('fetch', '--quiet', 'origin', `refs/pull/${pull.number}/head`);
    assert.equal(await bare('log', '-1', '--format=%H %P', 'FETCH_HEAD'), `${sha} ${base}`);
  });

  it('wants a token for a private repository, by Basic or Bearer, and refuses an unknown one', async () => {
    const refs = async (repo, headers) => {
      const { status, headers: sent } = await fetch(`${gh.url}/${repo}/info/refs?service=git-upload-pack`, { headers });
      return [status, sent.get('www-authenticate')];
    };
    const challenge = 'Basic realm="GitHub"';
    const of = (token) => ({ authorization: basic(token).replace(/^\S+ /, '') });
    assert.deepEqual(await refs('acme/secret.git'), [401, challenge]);
    assert.deepEqual(await refs('acme/nothing.git'), [401, challenge]);
    assert.deepEqual(await refs('acme/shop.git', of('nonsense')), [401, challenge]);
    assert.deepEqual(await refs('acme/secret.git', of('ghp_outsider')), [404, null]);
    assert.deepEqual(await refs('acme/secret.git', of('ghs_read')), [200, null]);
    assert.deepEqual(await refs('acme/secret', { authorization: 'Bearer ghs_read' }), [200, null]);
    await assert.rejects(clone({ repo: 'acme/secret' }), /could not read Username/);
    const bare = await clone({ repo: 'acme/secret', header: basic('ghs_read') });
    assert.match(await bare('log', '--format=%s'), /Initial commit/);
    const log = await gh.gitLog();
    assert.ok(log.some(({ token, status }) => token && status === 200));
    assert.doesNotMatch(JSON.stringify(log), /ghs_|ghp_|x-access|eC1hY2Nlc3M/);
    assert.deepEqual(await gh.log(), []); // what Git asks is no request of the API
  });

  it('goes wrong on demand', async () => {
    await gh.faults([{ path: '\\.git/', status: 500 }]);
    await assert.rejects(clone(), /500/);
    await gh.faults([{ path: '\\.git/', status: 403 }]);
    await assert.rejects(clone(), /403/);
    await gh.faults([{ path: '/git-upload-pack', drop: 'mid-body' }]);
    await assert.rejects(clone(), /early EOF|hung up|disconnect|transfer closed/);
    await gh.faults([{ path: '/info/refs', delayMs: 60 }]);
    const start = performance.now();
    await clone();
    assert.ok(performance.now() - start >= 55);
    assert.deepEqual(await gh.unusedFaults(), []);
  });

  it('takes no push', async () => {
    const bare = await clone();
    await assert.rejects(bare('push', `${gh.url}/acme/shop.git`, 'main:refs/heads/pushed'), /403/);
  });

  it('serves the folder of a clone', async () => {
    const folder = path.join(root, 'real');
    await git(['init', '--quiet', '-b', 'main', folder]);
    await git(['-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '--quiet', '--allow-empty', '-m', 'Real'], { cwd: folder });
    await gh.clone('acme/secret', folder);
    const bare = await clone({ repo: 'acme/secret', header: basic('ghs_write') });
    assert.equal(await bare('log', '--format=%s'), 'Real');
  });
});
