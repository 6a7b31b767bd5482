// The release: which commits may carry a tag, and in which order its steps happen. GitHub and the remote are on this machine.

import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {chmod, mkdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {test} from 'node:test';

import YAML from 'yaml';

import {checksumsText} from '../../tools/release/checksums.mjs';
import {commitChecksums, pushTag, verifyCommits} from '../../tools/release/commits.mjs';
import {planRelease, releaseNotes} from '../../tools/release/plan.mjs';
import {moveMajorTag} from '../../tools/release/publish.mjs';
import {TARGETS, programName, programsIn} from '../../tools/release/targets.mjs';
import {PROJECT, temporaryFolder} from './support.mjs';

const BASE = 'https://github.com/acme/escape-gate/releases/download';
const git = (repo, ...args) => execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], {cwd: repo, encoding: 'utf8', stdio: 'pipe'}).trim();
const sum = (content) => createHash('sha256').update(content).digest('hex');

/** A project that can be released, pushed to a bare remote. */
async function makeProject(t, {version = '0.1.0', locked = version, changelog = '# Changelog\n\n## [0.1.0] - 2026-12-01\n\n- First.\n'} = {}) {
  const folder = await temporaryFolder(t);
  const repo = join(folder, 'project');
  await mkdir(join(repo, 'action'), {recursive: true});
  const manifest = `[workspace.package]\nversion = "${version}"\nrepository = "https://github.com/acme/escape-gate"\n`;
  const lock = `[[package]]\nname = "escape-gate"\nversion = "${locked}"\n`;
  for (const [path, text] of Object.entries({'Cargo.toml': manifest, 'Cargo.lock': lock, 'CHANGELOG.md': changelog, 'action/checksums.txt': '# none\n', 'src.rs': 'one\n'})) {
    await writeFile(join(repo, path), text);
  }
  git(folder, 'init', '--quiet', '--bare', 'remote.git');
  git(repo, 'init', '--quiet', '--initial-branch=main');
  git(repo, 'add', '.');
  git(repo, 'commit', '--quiet', '-m', 'built');
  git(repo, 'remote', 'add', 'origin', join(folder, 'remote.git'));
  git(repo, 'push', '--quiet', 'origin', 'main');
  const commit = git(repo, 'rev-parse', 'HEAD');
  const environment = {GITHUB_REF: 'refs/heads/main', GITHUB_SHA: commit, GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/escape-gate'};
  return {folder, repo, commit, environment};
}

/** A folder with six small programs. */
async function makeFiles(folder, tag = 'v0.1.0') {
  const files = join(folder, 'files');
  await mkdir(files, {recursive: true});
  await Promise.all(TARGETS.map((target) => writeFile(join(files, programName(tag, target)), `program for ${target}\n`)));
  return files;
}

test('checksums.txt has the six programs that install.sh asks for', async (t) => {
  const files = await makeFiles(await temporaryFolder(t));
  const text = await checksumsText(files, 'v0.1.0', BASE);
  assert.match(text, new RegExp(`^version v0\\.1\\.0\nfrom ${BASE}$`, 'm'));
  for (const [system, machine] of ['Linux', 'macOS', 'Windows'].flatMap((each) => [[each, 'X64'], [each, 'ARM64']])) {
    const script = `die() { exit 9; }; source '${PROJECT}/action/install.sh'; platform_target`;
    const target = execFileSync('bash', ['-c', script], {env: {...process.env, RUNNER_OS: system, RUNNER_ARCH: machine}, encoding: 'utf8'});
    const name = `escape-gate-v0.1.0-${target}`;
    assert.ok(text.includes(`${sum(`program for ${target.replace('.exe', '')}\n`)}  ${name}\n`), `${name} is not in\n${text}`);
  }
});

for (const [what, change, message] of [
  ['a missing program', (files) => rm(join(files, programName('v0.1.0', TARGETS[3]))), /aarch64-apple-darwin is missing/],
  ['an empty program', (files) => writeFile(join(files, programName('v0.1.0', TARGETS[0])), ''), /x86_64-unknown-linux-musl has 0 bytes/],
  ['a program of another version', (files) => writeFile(join(files, programName('v0.0.9', TARGETS[0])), 'x'), /v0\.0\.9.* is no file of v0\.1\.0/],
]) {
  test(`a release with ${what} is refused`, async (t) => {
    const files = await makeFiles(await temporaryFolder(t));
    await change(files);
    await assert.rejects(programsIn(files, 'v0.1.0'), message);
  });
}

test('commit B has A as its parent, adds the checksums, and is the same in every run', async (t) => {
  const {repo, commit} = await makeProject(t);
  const tagged = commitChecksums(repo, commit, 'v0.1.0', 'version v0.1.0\n');
  assert.equal(git(repo, 'rev-parse', `${tagged}^`), commit);
  assert.equal(git(repo, 'diff', '--name-only', commit, tagged), 'action/checksums.txt');
  git(repo, 'checkout', '--quiet', '--detach', commit);
  assert.equal(commitChecksums(repo, commit, 'v0.1.0', 'version v0.1.0\n'), tagged);
});

/** Commits that must not carry the tag: what they do beside adding the checksums. */
const impostors = [
  ['changes a source', (repo) => writeFile(join(repo, 'src.rs'), 'two\n'), /It changes: M action\/checksums\.txt, M src\.rs/],
  ['adds a file', (repo) => writeFile(join(repo, 'action', 'more.sh'), 'x'), /A action\/more\.sh/],
  ['deletes a file', (repo) => rm(join(repo, 'src.rs')), /D src\.rs/],
  ['makes the checksums executable', (repo) => chmod(join(repo, 'action/checksums.txt'), 0o755), /M action\/checksums\.txt/],
  ['makes the checksums a link', async (repo) => {
    await rm(join(repo, 'action/checksums.txt'));
    await symlink('../src.rs', join(repo, 'action/checksums.txt'));
  }, /T action\/checksums\.txt/],
  ['moves the checksums', (repo) => git(repo, 'mv', '--force', 'action/checksums.txt', 'action/sums.txt'), /D action\/checksums\.txt/],
  ['hides a file by a name with a line break', (repo) => writeFile(join(repo, 'x\n:100644 100644 1 2 M\taction'), 'x'), /It changes/],
];
for (const [what, change, message] of impostors) {
  test(`a commit that also ${what} carries no tag`, async (t) => {
    const {repo, commit} = await makeProject(t);
    await writeFile(join(repo, 'action/checksums.txt'), 'version v0.1.0\n');
    await change(repo);
    git(repo, 'add', '--all');
    git(repo, 'commit', '--quiet', '-m', 'B');
    assert.throws(() => verifyCommits(repo, commit, 'HEAD'), message);
  });
}

test('a commit with another parent, with two parents, or without a change carries no tag', async (t) => {
  const {repo, commit} = await makeProject(t);
  const commitAll = (text) => git(repo, 'commit', '--quiet', '--allow-empty', '-am', text);
  await writeFile(join(repo, 'action/checksums.txt'), 'version v0.1.0\n');
  commitAll('B');
  const right = git(repo, 'rev-parse', 'HEAD');
  verifyCommits(repo, commit, right);
  commitAll('on top of B');
  assert.throws(() => verifyCommits(repo, commit, 'HEAD'), /as its only parent/);
  assert.throws(() => verifyCommits(repo, right, 'HEAD'), /It changes: nothing/);
  assert.throws(() => verifyCommits(repo, commit, commit), /as its only parent\. Its parents: none/);
  const merge = git(repo, 'commit-tree', `${right}^{tree}`, '-p', commit, '-p', right, '-m', 'merge');
  assert.throws(() => verifyCommits(repo, commit, merge), /as its only parent/);
});

test('a checkout with changes is not committed', async (t) => {
  const {repo, commit} = await makeProject(t);
  await writeFile(join(repo, 'src.rs'), 'two\n');
  assert.throws(() => commitChecksums(repo, commit, 'v0.1.0', 'x\n'), /without changes.*src\.rs/s);
});

test('a tag is pushed once, and never moved', async (t) => {
  const {repo, commit} = await makeProject(t);
  const tagged = commitChecksums(repo, commit, 'v0.1.0', 'version v0.1.0\n');
  pushTag(repo, 'v0.1.0', tagged);
  pushTag(repo, 'v0.1.0', tagged);
  assert.match(git(repo, 'ls-remote', 'origin', 'refs/tags/v0.1.0'), new RegExp(`^${tagged}`));
  assert.throws(() => pushTag(repo, 'v0.1.0', commit), /tag v0\.1\.0 leads to .*git push origin :refs\/tags\/v0\.1\.0.*raise the version/s);
});

test('the notes are the section of the version, as it is', () => {
  const changelog = '# C\n\n## [Unreleased]\n\n- later\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- two\n\n## [0.1.0]\n\n- one\n';
  assert.equal(releaseNotes(changelog, '0.2.0'), '### Added\n\n- two');
  assert.equal(releaseNotes(changelog, '0.1.0'), '- one');
  assert.equal(releaseNotes(changelog, '0.3.0'), undefined);
});

/** What makes a commit impossible to release. */
const obstacles = [
  ['a version with v', {version: 'v0.1.0'}, /version 'v0\.1\.0' is not understood. Write it as '0\.1\.0'/],
  ['another version', {version: '0.2.0'}, /Cargo\.toml has version 0\.1\.0, not 0\.2\.0/],
  ['a lock file from before', {project: {locked: '0.0.9'}}, /Cargo\.lock has version 0\.0\.9, not 0\.1\.0\. Run 'cargo check'/],
  ['a version without notes', {project: {changelog: '## [Unreleased]\n\n- x\n'}}, /no section '## \[0\.1\.0\]'/],
  ['a feature branch', {environment: {GITHUB_REF: 'refs/heads/feature'}}, /refs\/heads\/feature is no branch for releases/],
  ['another repository', {environment: {GITHUB_REPOSITORY: 'fork/escape-gate'}}, /not https:\/\/github\.com\/fork\/escape-gate/],
  ['another commit', {environment: {GITHUB_SHA: 'f'.repeat(40)}}, /which the provenance would name/],
  ['checksums of a release', {prepare: (repo) => writeFile(join(repo, 'action/checksums.txt'), 'version v0.0.9\n')}, /names a release/],
  ['a tag from another commit', {prepare: (repo) => git(repo, 'push', '--quiet', 'origin', 'HEAD:refs/tags/v0.1.0')}, /tag v0\.1\.0 exists and was not made from/],
];
for (const [what, {version = '0.1.0', project, environment, prepare = () => {}}, message] of obstacles) {
  test(`a plan stops at ${what}`, async (t) => {
    const made = await makeProject(t, project);
    await prepare(made.repo);
    assert.throws(() => planRelease(made.repo, version, {...made.environment, ...environment}), message);
  });
}

test('a plan names all obstacles at once', async (t) => {
  const {repo, environment} = await makeProject(t, {changelog: ''});
  assert.throws(() => planRelease(repo, '0.2.0', {...environment, GITHUB_REF: 'refs/tags/x'}), /- Cargo.*- CHANGELOG.*- refs/s);
});

for (const branch of ['main', '1.x', '1.4.x']) {
  test(`a release is made from ${branch}`, async (t) => {
    const {repo, environment, commit} = await makeProject(t);
    const plan = planRelease(repo, '0.1.0', {...environment, GITHUB_REF: `refs/heads/${branch}`});
    assert.deepEqual(plan, {tag: 'v0.1.0', commit, prerelease: false, notes: '- First.', base: BASE});
  });
}

/** GitHub as far as a release needs it. `refuse` may answer a request in its place: `[status, body]`. */
async function startGitHub(t, {releases = [], refuse = () => undefined} = {}) {
  const state = {releases, assets: [], uploads: 0, requests: [], refs: {}};
  const server = createServer(async (request, response) => {
    const content = Buffer.concat(await request.toArray());
    const {pathname, searchParams} = new URL(request.url, 'http://x');
    const path = pathname.replace('/repos/acme/escape-gate', '');
    state.requests.push(`${request.method} ${path}`);
    state.authorization = request.headers.authorization;
    const json = request.headers['content-type'] === 'application/json' ? JSON.parse(content) : undefined;
    const [status, body] = refuse(request.method, path, json) ?? answer(request.method, path, searchParams, json, content);
    response.writeHead(status, {'content-type': 'application/json'}).end(body === undefined ? '' : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = `http://127.0.0.1:${server.address().port}`;

  function answer(method, path, query, json, content) {
    const draft = state.releases.find((release) => release.draft);
    switch (`${method} ${path.replace(/\d+$/, 'N')}`) {
      case 'GET /releases': return [200, query.get('page') === '1' ? state.releases : []];
      case 'POST /releases': {
        const made = {...json, id: 7, html_url: `${address}/draft`, upload_url: `${address}/upload{?name,label}`};
        state.releases.push(made);
        return [201, made];
      }
      case 'GET /releases/7/assets': return [200, state.assets];
      case 'DELETE /releases/assets/N':
        state.assets = state.assets.filter(({id}) => !path.endsWith(`/${id}`));
        return [204, undefined];
      case 'POST /upload': {
        if (!draft) return [422, {message: 'Cannot upload assets to an immutable release.'}];
        const asset = {id: ++state.uploads, name: query.get('name'), size: content.length, state: 'uploaded', digest: `sha256:${sum(content)}`};
        if (state.assets.some(({name}) => name === asset.name)) return [422, {message: 'Validation Failed', errors: [{resource: 'ReleaseAsset', field: 'name', code: 'already_exists'}]}];
        state.assets.push(asset);
        return [201, asset];
      }
      case 'GET /git/ref/tags/v0.1.N': return [200, {object: {type: 'commit', sha: state.remoteTag()}}];
      case 'PATCH /releases/N':
        Object.assign(draft, json);
        return [200, draft];
      case 'PATCH /git/refs/tags/vN':
        if (!state.refs.v0) return [422, {message: 'Reference does not exist'}];
        state.refs.v0 = json.sha;
        return [200, {}];
      case 'POST /git/refs':
        state.refs.v0 = json.sha;
        return [201, {}];
      default: return [404, {message: 'Not Found'}];
    }
  }
  return {state, address};
}

/** Runs a step of the release as the workflow does. */
async function runStep(project, github, ...args) {
  github.state.remoteTag = () => git(project.repo, 'ls-remote', 'origin', 'refs/tags/v0.1.0').split('\t')[0];
  const env = {...process.env, ...project.environment, GITHUB_API_URL: github.address, GITHUB_TOKEN: 'ghs_secret', GITHUB_OUTPUT: join(project.folder, 'output'), GITHUB_ACTIONS: ''};
  const script = join(PROJECT, 'tools/release/run.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], {cwd: project.repo, env}, (error, stdout, stderr) => resolve({code: error?.code ?? 0, stdout, stderr}));
  });
}

test('a release: draft, checksums, tag, files, public, major tag', async (t) => {
  const project = await makeProject(t);
  const github = await startGitHub(t);
  const files = await makeFiles(project.folder);
  assert.deepEqual(await runStep(project, github, 'plan', '0.1.0'), {code: 0, stderr: '', stdout: `v0.1.0 will be built from ${project.commit}.\n`});
  assert.equal(await readFile(join(project.folder, 'output'), 'utf8'), `tag=v0.1.0\ncommit=${project.commit}\nprerelease=false\n`);
  assert.equal((await runStep(project, github, 'draft', '0.1.0')).code, 0);
  const [draft] = github.state.releases;
  assert.deepEqual([draft.draft, draft.target_commitish, draft.body], [true, project.commit, '- First.']);

  await runStep(project, github, 'checksums', '0.1.0', files);
  assert.equal((await readFile(join(files, 'SHA256SUMS'), 'utf8')).trim().split('\n').length, 6);
  const published = await runStep(project, github, 'publish', '0.1.0', files);
  assert.equal(published.code, 0, published.stderr);
  assert.match(published.stdout, /Major tag: moved/);
  assert.equal(draft.draft, false);
  assert.equal(github.state.assets.length, 7);
  const tagged = github.state.remoteTag();
  assert.equal(github.state.refs.v0, tagged);
  verifyCommits(project.repo, project.commit, tagged);
  assert.match(git(project.repo, 'show', `${tagged}:action/checksums.txt`), /^version v0\.1\.0\nfrom https:\/\/github\.com\/acme/m);
  const {requests} = github.state;
  assert.ok(requests.lastIndexOf('POST /upload') < requests.indexOf('PATCH /releases/7'), 'an immutable release takes no files');
  assert.equal(github.state.authorization, 'Bearer ghs_secret');
  assert.doesNotMatch(published.stdout + published.stderr, /ghs_secret/);
  assert.equal(git(project.repo, 'rev-parse', 'origin/main'), project.commit, 'the branch does not move');
});

test('a run that stopped half-way is repeated: the draft, the tag and uploaded files are taken over', async (t) => {
  const project = await makeProject(t);
  let broken = true;
  const github = await startGitHub(t, {refuse: (method, path) => (broken && method === 'PATCH' && path === '/releases/7' ? [502, undefined] : undefined)});
  const files = await makeFiles(project.folder);
  assert.match((await runStep(project, github, 'publish', '0.1.0', files)).stderr, /PATCH \/releases\/7 was refused with 502: no reason given/);
  broken = false;
  git(project.repo, 'checkout', '--quiet', '--detach', project.commit);
  const again = await runStep(project, github, 'publish', '0.1.0', files);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(github.state.releases.length, 1);
  assert.equal(github.state.assets.length, 6);
});

test('a run with other programs does not take over the tag of the run before', async (t) => {
  const project = await makeProject(t);
  const github = await startGitHub(t, {refuse: (method) => (method === 'PATCH' ? [502, undefined] : undefined)});
  const files = await makeFiles(project.folder);
  await runStep(project, github, 'publish', '0.1.0', files);
  const before = github.state.remoteTag();
  git(project.repo, 'checkout', '--quiet', '--detach', project.commit);
  await writeFile(join(files, programName('v0.1.0', TARGETS[0])), 'another build');
  assert.match((await runStep(project, github, 'publish', '0.1.0', files)).stderr, /delete it \(git push origin :refs\/tags\/v0\.1\.0\)/);
  assert.equal(github.state.remoteTag(), before);
});

const immutable = {message: 'Validation Failed', errors: [{resource: 'Release', code: 'custom', field: 'tag_name', message: 'tag_name was used by an immutable release'}]};
/** What GitHub may have or answer, and what the maintainer reads. */
const refusals = [
  ['the tag of a deleted immutable release', {refuse: (method, path) => (method === 'POST' && path === '/releases' ? [422, immutable] : undefined)}, /used by an immutable release.*never gives the tag.*Raise the version in Cargo\.toml above v0\.1\.0/],
  ['the tag of a deleted immutable release, at the end', {refuse: (method, path) => (method === 'PATCH' && path === '/releases/7' ? [422, immutable] : undefined)}, /Raise the version in Cargo\.toml above v0\.1\.0/],
  ['a release that a person published too early', {refuse: (method, path) => (path === '/upload' ? [422, {message: 'Cannot upload assets to an immutable release.'}] : undefined)}, /published before its files were complete\. Raise the version/],
  ['a published release', {releases: [{id: 1, tag_name: 'v0.1.0', draft: false, html_url: 'https://x/r'}]}, /v0\.1\.0 is published: https:\/\/x\/r\. Raise the version/],
  ['a draft for another commit', {releases: [{id: 1, tag_name: 'v0.1.0', draft: true, target_commitish: 'main', html_url: 'https://x/d'}]}, /another draft of v0\.1\.0, for main: https:\/\/x\/d\. Delete it/],
  ['a token without the permission', {refuse: (method) => (method === 'POST' ? [403, {message: 'Resource not accessible by integration'}] : undefined)}, /POST \/releases was refused with 403: Resource not accessible/],
  ['a file that arrives short', {refuse: (method, path) => (path === '/upload' ? [201, {name: 'x', size: 1, state: 'starter'}] : undefined)}, /arrived as 1 bytes \(starter.*Run this job again/],
  ['a ruleset that protects the major tag', {refuse: (method, path) => (path === '/git/refs/tags/v0' ? [422, {message: 'Repository rule violations found'}] : undefined)}, /v0\.1\.0 is published, but tag v0 was not moved.*bypass the ruleset.*git push --force origin [0-9a-f]{40}:refs\/tags\/v0/],
];
for (const [what, options, message] of refusals) {
  test(`publishing says what to do about ${what}`, async (t) => {
    const project = await makeProject(t);
    const github = await startGitHub(t, {...options, releases: structuredClone(options.releases ?? [])});
    const {code, stderr} = await runStep(project, github, 'publish', '0.1.0', await makeFiles(project.folder));
    assert.equal(code, 1);
    assert.match(stderr, message);
  });
}

test('nothing is published if the tag does not lead to commit B', async (t) => {
  const project = await makeProject(t);
  const github = await startGitHub(t, {refuse: (method, path) => (path === '/git/ref/tags/v0.1.0' ? [200, {object: {sha: 'e'.repeat(40)}}] : undefined)});
  const {stderr} = await runStep(project, github, 'publish', '0.1.0', await makeFiles(project.folder));
  assert.match(stderr, /Nothing was published/);
  assert.equal(github.state.releases[0].draft, true);
});

for (const [tag, others, moves] of [
  ['v0.2.0', ['v0.1.0', 'v0.2.0'], true],
  ['v0.10.0', ['v0.9.0', 'v0.10.0'], true],
  ['v0.1.1', ['v0.2.0', 'v0.1.1'], false],
  ['v1.4.1', ['v1.4.1', 'v2.0.0'], true],
  ['v0.3.0-rc.1', ['v0.2.0', 'v0.3.0-rc.1'], false],
]) {
  test(`${tag} beside ${others.join(' and ')} ${moves ? 'moves' : 'leaves'} the major tag`, async () => {
    const requests = [];
    const releases = others.map((each) => ({tag_name: each, draft: false, prerelease: each.includes('-')}));
    const github = {list: async () => releases, request: async (method, path) => requests.push(path)};
    assert.equal(await moveMajorTag(github, tag, 'b'.repeat(40)), moves);
    assert.deepEqual(requests, moves ? [`/git/refs/tags/${tag.split('.')[0]}`] : []);
  });
}

for (const args of [[], ['plan'], ['plan', ''], ['nonsense', 'x'], ['publish', '0.1.0'], ['toString', 'x']]) {
  test(`run.mjs ${args.join(' ')} prints its usage and ends with 2`, async (t) => {
    const project = await makeProject(t);
    const {code, stderr} = await runStep(project, {state: {}, address: 'http://127.0.0.1:1'}, ...args);
    assert.equal(code, 2);
    assert.match(stderr, /^Usage: /);
  });
}

// ---- The workflow

const release = YAML.parse(await readFile(join(PROJECT, '.github/workflows/release.yml'), 'utf8')).jobs;

test('a release has every target, built and tried', () => {
  for (const job of ['build', 'try']) {
    assert.deepEqual(release[job].strategy.matrix.include.map(({target}) => target), TARGETS, job);
  }
});

test('a release is published behind the tests, the gate and the provenance, without a condition of its own', () => {
  const {needs, if: condition, environment} = release.publish;
  assert.deepEqual([needs, condition, environment], [['draft', 'test', 'files', 'gate', 'attest'], undefined, 'release']);
  for (const after of ['published', 'image', 'pypi']) {
    assert.ok([release[after].needs].flat().includes('publish'), after);
  }
});

test('the jobs of a release that run code of others can write nothing', () => {
  const writing = Object.entries(release).filter(([, {permissions}]) => Object.values(permissions).includes('write')).map(([id]) => id);
  assert.deepEqual(writing, ['draft', 'gate', 'attest', 'publish', 'image', 'pypi']);
  const scripts = (id) => release[id].steps.map(({run}) => run).filter(Boolean).join('\n');
  for (const id of writing) {
    assert.doesNotMatch(scripts(id), /cargo|npm|pip|curl|apt-get/, `${id} installs something`);
  }
  // The job that signs runs no script that a commit could change.
  assert.equal(scripts('attest'), '');
});
