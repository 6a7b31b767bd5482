// The download of the program: what is run, what is kept, and what is refused. The servers are on this machine.

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {PROJECT, gateWorkflow, makeRepository, runKept, temporaryFolder} from './support.mjs';

const PROGRAM = '#!/bin/sh\necho "started $0 $*"\nexit 0\n';
const OTHER = '#!/bin/sh\necho "the wrong program was run"\n';
const sum = (content) => createHash('sha256').update(content).digest('hex');
const GOOD = sum(PROGRAM);
const TARGETS = [
  ['Linux', 'X64', 'x86_64-unknown-linux-musl'], ['Linux', 'ARM64', 'aarch64-unknown-linux-musl'],
  ['macOS', 'X64', 'x86_64-apple-darwin'], ['macOS', 'ARM64', 'aarch64-apple-darwin'],
  ['Windows', 'X64', 'x86_64-pc-windows-msvc.exe'], ['Windows', 'ARM64', 'aarch64-pc-windows-msvc.exe'],
];
const FILE = `escape-gate-v0.1.0-${TARGETS[0][2]}`;

/** Answers by the first part of the path: `/good/v0.1.0/FILE` is the program. */
const answers = {
  good: (response) => response.end(PROGRAM),
  moved: (response, rest) => response.writeHead(302, {location: `/good${rest}`}).end(),
  wrong: (response) => response.end(OTHER),
  empty: (response) => response.end(),
  missing: (response) => response.writeHead(404).end('Not Found'),
  forbidden: (response) => response.writeHead(403).end('no'),
  broken: (response) => response.writeHead(501).end('no'),
  page: (response) => response.writeHead(200, {'content-type': 'text/html'}).end('<!DOCTYPE html><title>Sign in</title>'),
  proxy: (response) => response.end('\n\n<HTML><body>Blocked by your company</body></HTML>'),
  short: (response) => {
    response.writeHead(200, {'content-length': PROGRAM.length});
    response.write(PROGRAM.slice(0, 10), () => response.destroy());
  },
  large: (response) => response.writeHead(200, {'content-length': 60_000_000}).end(),
  plain: (response, rest) => response.writeHead(302, {location: `http://127.0.0.1:${ports.http}/good${rest}`}).end(),
  loop: (response, rest) => response.writeHead(302, {location: `/loop${rest}`}).end(),
  file: (response) => response.writeHead(302, {location: 'file:///etc/hostname'}).end(),
  ftp: (response) => response.writeHead(302, {location: 'ftp://127.0.0.1/x'}).end(),
  closed: (response) => response.destroy(),
};

const ports = {};
const requests = [];
const servers = [];

before(async () => {
  const tls = (name) => readFile(join(PROJECT, 'tests/github/tls', name));
  const handle = (request, response) => {
    requests.push({url: request.url, headers: request.headers});
    const [, kind, rest] = /^\/([a-z]+)(\/.*)$/.exec(request.url);
    answers[kind](response, rest);
  };
  servers.push(createServer(handle), createTlsServer({key: await tls('server.key'), cert: await tls('server.pem')}, handle));
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  [ports.http, ports.https] = servers.map((server) => server.address().port);
});
after(() => servers.forEach((server) => server.close()));

const from = (kind) => `http://127.0.0.1:${ports.http}/${kind}`;
const securely = (kind) => `https://localhost:${ports.https}/${kind}`;
const listed = (name = FILE, digest = GOOD) => `${digest}  ${name}`;

/** The text of checksums.txt. */
function checksums({version = 'v0.1.0', base = from('good'), lines = [listed()]} = {}) {
  return [version && `version ${version}`, base && `from ${base}`, ...lines].filter(Boolean).join('\n') + '\n';
}

/** A folder with the scripts, and a way to run them as the action does. The text is that of checksums.txt; `undefined`: there is no such file. */
async function makeAction(t, ...texts) {
  const text = texts.length ? texts[0] : checksums();
  const folder = await temporaryFolder(t);
  await cp(join(PROJECT, 'action'), join(folder, 'action'), {recursive: true});
  await (text === undefined ? rm(join(folder, 'action', 'checksums.txt')) : writeFile(join(folder, 'action', 'checksums.txt'), text));
  const [cache, temp] = [join(folder, 'cache'), join(folder, 'temp')];
  await mkdir(temp);
  const run = (env = {}) => new Promise((resolve) => {
    const machine = {
      PATH: process.env.PATH, HOME: folder, RUNNER_TOOL_CACHE: cache, RUNNER_TEMP: temp, RUNNER_OS: 'Linux', RUNNER_ARCH: 'X64',
      GITHUB_STEP_SUMMARY: join(folder, 'summary'), ESCAPE_GATE_TOKEN: 'ghs_secret',
      CURL_CA_BUNDLE: join(PROJECT, 'tests/github/tls/ca.pem'), ...env,
    };
    execFile('bash', [join(folder, 'action', 'run.sh')], {env: machine}, (error, stdout) => resolve({code: error?.code ?? 0, stdout}));
  });
  return {run, folder, cache, temp, kept: join(cache, 'escape-gate', 'v0.1.0', GOOD, FILE)};
}

/** Links tools of this machine in a folder, which is then a PATH without any others. */
async function offerTools(folder, names) {
  const path = join(folder, 'bin');
  await mkdir(path, {recursive: true});
  for (const name of ['bash', 'sh', 'mkdir', 'mktemp', 'cp', 'mv', 'rm', 'chmod', 'uname', 'head', 'tr', ...names]) {
    await symlink(`/usr/bin/${name}`, join(path, name)).catch((error) => assert.equal(error.code, 'EEXIST'));
  }
  return path;
}

const downloads = () => requests.filter(({url}) => url.includes('/v0.1.0/')).length;

test('the program is downloaded once, checked, kept, and started with `check`', async (t) => {
  const {run, kept} = await makeAction(t);
  const before = downloads();
  const first = await run();
  assert.match(first.stdout, /^started .* check$/m);
  assert.equal(downloads(), before + 1);
  assert.equal(await readFile(kept, 'utf8'), PROGRAM);
  const second = await run();
  assert.equal(second.stdout.trim(), `started ${kept} check`);
  assert.equal(downloads(), before + 1, 'the second job downloads nothing');
});

test('no token and nothing else about the job is sent', async (t) => {
  const {run} = await makeAction(t);
  await run();
  assert.doesNotMatch(JSON.stringify(requests), /ghs_secret|authorization/i);
});

for (const [system, machine, target] of TARGETS) {
  test(`${system} on ${machine} gets the program for ${target}`, async (t) => {
    const name = `escape-gate-v0.1.0-${target}`;
    const {run} = await makeAction(t, checksums({lines: TARGETS.map(([,, each]) => listed(`escape-gate-v0.1.0-${each}`))}));
    const {stdout} = await run({RUNNER_OS: system, RUNNER_ARCH: machine});
    assert.match(stdout, new RegExp(`started .*${name} check`));
    assert.equal(requests.at(-1).url, `/good/v0.1.0/${name}`);
  });
}

test('another version is run if its checksum is given', async (t) => {
  const {run} = await makeAction(t);
  assert.match((await run({ESCAPE_GATE_VERSION: '0.2.0', ESCAPE_GATE_CHECKSUM: GOOD.toUpperCase()})).stdout, /^started /);
  assert.equal(requests.at(-1).url, `/good/v0.2.0/${FILE.replace('0.1.0', '0.2.0')}`);
});

test('a mirror is used in place of the address of the release', async (t) => {
  const {run} = await makeAction(t, checksums({base: 'https://127.0.0.1:1'}));
  assert.match((await run({ESCAPE_GATE_DOWNLOAD_BASE_URL: `${from('good')}/`})).stdout, /^started /);
});

test('a redirect to https is followed', async (t) => {
  const {run} = await makeAction(t, checksums({base: securely('moved')}));
  assert.match((await run()).stdout, /^started /);
});

for (const [what, spoil] of [
  ['another content', (kept) => writeFile(kept, OTHER)],
  ['half of it', (kept) => writeFile(kept, PROGRAM.slice(0, 10))],
  ['no right to run it', (kept) => chmod(kept, 0o644)],
]) {
  test(`a program in the tool cache with ${what} is downloaded again`, async (t) => {
    const {run, kept} = await makeAction(t);
    await run();
    await spoil(kept);
    const {stdout} = await run();
    assert.match(stdout, /^started /);
    assert.doesNotMatch(stdout, /wrong program/);
    assert.equal(await readFile(kept, 'utf8'), PROGRAM);
  });
}

test('a link in the tool cache is not followed', async (t) => {
  const {run, kept, folder} = await makeAction(t);
  await mkdir(join(kept, '..'), {recursive: true});
  await writeFile(join(folder, 'elsewhere'), PROGRAM, {mode: 0o755});
  await symlink(join(folder, 'elsewhere'), kept);
  assert.doesNotMatch((await run()).stdout, /elsewhere/);
});

test('a tool cache that cannot be written costs a download and nothing else', async (t) => {
  const {run, folder, temp} = await makeAction(t);
  await writeFile(join(folder, 'no-folder'), '');
  assert.match((await run({RUNNER_TOOL_CACHE: join(folder, 'no-folder')})).stdout, new RegExp(`^started ${temp}`));
});

test('two jobs at once leave one whole program', async (t) => {
  const {run, kept} = await makeAction(t);
  const both = await Promise.all([run(), run()]);
  both.forEach(({stdout}) => assert.match(stdout, /^started /));
  assert.deepEqual(await readdir(join(kept, '..')), [FILE]);
});

test('settings of curl on the machine are not read', async (t) => {
  const {run, folder} = await makeAction(t, checksums({base: from('wrong')}));
  await writeFile(join(folder, '.curlrc'), `url = "${from('good')}"\n`);
  assert.equal((await run()).code, 1);
});

/** Each refusal: its name, the text of checksums.txt, the inputs, and what the message says. */
const refusals = [
  ['no release yet', () => '# none\n', {}, /no release yet: .*use 'binary:'.*binary: target/],
  ['a mirror, and no release yet', () => '# none\n', {ESCAPE_GATE_DOWNLOAD_BASE_URL: 'https://x'}, /no release yet/],
  ['a version without its checksum', () => checksums(), {ESCAPE_GATE_VERSION: 'v9.9.9'}, /version not known.*knows v0\.1\.0.*'checksum'/],
  ['a version without a checksum, and no release yet', () => '', {ESCAPE_GATE_VERSION: 'v9.9.9'}, /knows no version/],
  ['a version that is a range', () => checksums(), {ESCAPE_GATE_VERSION: '0.x'}, /version not understood.*'v0\.1\.0'/],
  ['the version `latest`', () => checksums(), {ESCAPE_GATE_VERSION: 'latest'}, /version not understood/],
  ['a version with a path', () => checksums(), {ESCAPE_GATE_VERSION: 'v1.0.0/../../x'}, /version not understood/],
  ['a version with a command', () => checksums(), {ESCAPE_GATE_VERSION: 'v1.0.0$(id)'}, /version not understood/],
  ['a checksum that is too short', () => checksums(), {ESCAPE_GATE_VERSION: '0.2.0', ESCAPE_GATE_CHECKSUM: 'abc'}, /checksum not understood.*64 hexadecimal/],
  ['a checksum with a name', () => checksums(), {ESCAPE_GATE_CHECKSUM: `${GOOD}  x`}, /checksum not understood/],
  ['a checksum against that of the release', () => checksums(), {ESCAPE_GATE_CHECKSUM: sum(OTHER)}, /checksums differ/],
  ['an action without its checksums', () => undefined, {}, /checksums not found.*no file '.*checksums\.txt'/],
  ['a line that is no checksum', () => `${checksums()}nonsense\n`, {}, /checksums not understood.*'nonsense'/],
  ['a name with a path in the checksums', () => checksums({lines: [listed('../escape-gate')]}), {}, /checksums not understood/],
  ['a checksum of another length', () => checksums({lines: [listed(FILE, 'ab12')]}), {}, /checksums not understood/],
  ['a release without this platform', () => checksums({lines: [listed(FILE.replace('x86_64', 'aarch64'))]}), {}, /version not known/],
  ['a system that is not known', () => checksums(), {RUNNER_OS: 'FreeBSD'}, /not built for this platform.*FreeBSD on X64/],
  ['a processor that is not known', () => checksums(), {RUNNER_ARCH: 'ARM'}, /not built for this platform.*Linux on ARM/],
  ['32 bits', () => checksums(), {RUNNER_ARCH: 'X86'}, /not built for this platform/],
  ['no address', () => checksums({base: ''}), {}, /address not known.*'download-base-url'/],
  ['an address over plain http', () => checksums(), {ESCAPE_GATE_DOWNLOAD_BASE_URL: 'http://mirror.example/x'}, /address refused.*https/],
  ['a host that only begins like this machine', () => checksums(), {ESCAPE_GATE_DOWNLOAD_BASE_URL: 'http://127.0.0.1.example.com/x'}, /address refused/],
  ['an address of a file', () => checksums(), {ESCAPE_GATE_DOWNLOAD_BASE_URL: 'file:///tmp'}, /address refused/],
  ['an address that is an option', () => checksums(), {ESCAPE_GATE_DOWNLOAD_BASE_URL: '--output=/tmp/x'}, /address refused/],
  ['an address with a user name', () => checksums(), {ESCAPE_GATE_DOWNLOAD_BASE_URL: 'http://127.0.0.1:80@example.com'}, /address refused/],
  ['an address with a blank', () => checksums(), {ESCAPE_GATE_DOWNLOAD_BASE_URL: 'https://example.com/a b'}, /address refused/],
  ['an address with a query', () => checksums(), {ESCAPE_GATE_DOWNLOAD_BASE_URL: 'https://example.com/?x='}, /address refused/],
  ['another content', () => checksums({base: from('wrong')}), {}, /download refused.*does not have the SHA-256/],
  ['an empty file', () => checksums({base: from('empty')}), {}, /download refused.*empty file/],
  ['a sign-in page', () => checksums({base: from('page')}), {}, /download refused.*web page/],
  ['the page of a proxy', () => checksums({base: from('proxy')}), {}, /download refused.*web page/],
  ['a file that is not there', () => checksums({base: from('missing')}), {}, /not downloaded.*no such file.*Check 'version'/],
  ['a refusal of the server', () => checksums({base: from('forbidden')}), {}, /not downloaded.*403/],
  ['a broken server', () => checksums({base: from('broken')}), {}, /not downloaded.*501/],
  ['a file that was cut short', () => checksums({base: from('short')}), {}, /not downloaded.*cut short/],
  ['a file that is too large', () => checksums({base: from('large')}), {}, /not downloaded.*larger than 50 MiB/],
  ['a connection that is closed', () => checksums({base: from('closed')}), {}, /not downloaded/],
  ['a redirect to plain http', () => checksums({base: securely('plain')}), {}, /not downloaded.*plain http/],
  ['a redirect to a file', () => checksums({base: securely('file')}), {}, /not downloaded/],
  ['a redirect to ftp', () => checksums({base: securely('ftp')}), {}, /not downloaded/],
  ['redirects without an end', () => checksums({base: securely('loop')}), {}, /not downloaded.*more than 5 times/],
  ['a certificate that nobody vouches for', () => checksums({base: securely('good')}), {CURL_CA_BUNDLE: ''}, /not downloaded.*certificate/],
  ['a server that is not there', () => checksums({base: 'http://127.0.0.1:1'}), {}, /not downloaded.*not reached/],
];

for (const [what, text, env, message] of refusals) {
  test(`refused, with the way out: ${what}`, async (t) => {
    const {run, cache, folder} = await makeAction(t, text());
    const {code, stdout} = await run(env);
    assert.equal(code, 1, stdout);
    assert.match(stdout, /^::error title=Escape Gate /);
    assert.match(decodeURIComponent(stdout.replace(/^::error title=/, '').replaceAll('::', ': ')), message);
    assert.doesNotMatch(stdout, /started|wrong program/);
    assert.deepEqual(await readdir(cache).catch(() => []), [], 'nothing is kept');
    assert.match(await readFile(join(folder, 'summary'), 'utf8'), /could not evaluate/);
  });
}

test('without curl or without a program for checksums, nothing is run', async (t) => {
  const {run, folder} = await makeAction(t);
  const path = await offerTools(folder, []);
  assert.match((await run({PATH: path})).stdout, /'curl' is not on PATH/);
  await offerTools(folder, ['curl']);
  assert.match((await run({PATH: path})).stdout, /None of 'openssl', 'sha256sum' and 'shasum' is on PATH/);
});

test('an action without its checksums takes no program from PATH', async (t) => {
  const {run, folder} = await makeAction(t, undefined);
  const path = await offerTools(folder, []);
  await writeFile(join(path, 'escape-gate'), OTHER, {mode: 0o755});
  assert.match((await run({PATH: path})).stdout, /^::error title=Escape Gate checksums not found/);
});

for (const tool of ['openssl', 'sha256sum', 'shasum']) {
  test(`\`${tool}\` alone is enough to tell the program from another file`, async (t) => {
    const {run, folder} = await makeAction(t);
    const path = await offerTools(folder, ['curl', tool, 'perl']);
    assert.match((await run({PATH: path})).stdout, /^started /);
    const spoiled = await makeAction(t, checksums({base: from('wrong')}));
    assert.match((await spoiled.run({PATH: path})).stdout, /does not have the SHA-256/);
  });
}

test('an `openssl` that does not work is passed over', async (t) => {
  const {run, folder} = await makeAction(t);
  const path = await offerTools(folder, ['curl', 'sha256sum']);
  await writeFile(join(path, 'openssl'), '#!/bin/bash\necho "Error setting digest"\n', {mode: 0o755});
  assert.match((await run({PATH: path})).stdout, /^started /);
});

test('the action downloads the program as the scripts do', async (t) => {
  const repo = await makeRepository(t, {'action/checksums.txt': checksums()});
  const run = await runKept(t, {repo, workflow: gateWorkflow({})});
  assert.equal(run.status, 'success', run.log);
  assert.match(run.log, /started .* check/);
});
