// The ways to get the program without building it: wheel, `cargo binstall`, image, and the action. Each installs the same file.

import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import {constants} from 'node:fs';
import {access, mkdir, readFile, readdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';

import {TARGETS, programName} from '../../tools/release/targets.mjs';
import {PROJECT, temporaryFolder} from './support.mjs';

const run = promisify(execFile);
const PROGRAM = process.env.ESCAPE_GATE_BIN;
const CARGO = await readFile(join(PROJECT, 'Cargo.toml'), 'utf8');
const VERSION = /^version = "(.*)"$/m.exec(CARGO)[1];
const HOST = TARGETS.find((target) => target.startsWith(process.arch === 'arm64' ? 'aarch64' : 'x86_64') && target.includes({linux: 'linux', darwin: 'darwin'}[process.platform]));

/** Where a program is on PATH; `undefined` if it is nowhere. */
async function find(name) {
  for (const folder of process.env.PATH.split(':')) {
    const path = join(folder, name);
    if (await access(path, constants.X_OK).then(() => true, () => false)) {
      return path;
    }
  }
  return undefined;
}

/** A PATH with these tools of the machine and no others: there is no Rust in it. */
async function pathWith(folder, names) {
  const path = join(folder, 'bin');
  await mkdir(path);
  for (const name of names) {
    const found = await find(name);
    assert.ok(found, `${name} is missing: install it`);
    await symlink(found, join(path, name));
  }
  return path;
}

// ---- The wheel

/** Runs a line of Python that may use the wheel's script. */
const python = (line, ...args) => run('python3', ['-B', '-c', `import sys; sys.path.insert(0, "${PROJECT}/tools/wheel"); from build import *; ${line}`, ...args]);
const pack = async (program, target, folder, level = 9) => (await python(`print(build_wheel(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), ${level}))`, program, target, folder)).stdout.trim();

// A machine of a developer may lack Python. One of CI does not.
const python311 = await python('import ensurepip, venv').then(() => true, () => false);
const withoutPython = python311 || process.env.CI ? false : 'not tried: install Python 3.11 or newer (apt-get install python3 python3-venv)';

for (const target of TARGETS) {
  test(`the wheel for ${target} holds the program, executable, and lists every file with its digest`, {skip: withoutPython}, async (t) => {
    const folder = await temporaryFolder(t);
    const program = join(folder, programName(`v${VERSION}`, target));
    await writeFile(program, 'the program\n');
    const wheel = await pack(program, target, folder);
    const {stdout} = await run('python3', ['-c', `
import base64, csv, hashlib, io, json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
record = next(name for name in archive.namelist() if name.endswith('/RECORD'))
rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(archive.read(record).decode()))}
for name in archive.namelist():
    digest = base64.urlsafe_b64encode(hashlib.sha256(archive.read(name)).digest()).rstrip(b'=').decode()
    assert rows.pop(name) == (['', ''] if name == record else ['sha256=' + digest, str(len(archive.read(name)))]), name
assert rows == {}, rows
print(json.dumps({info.filename: oct(info.external_attr >> 16) for info in archive.infolist()}))
print(archive.read(next(name for name in archive.namelist() if name.endswith('/WHEEL'))).decode())
`, wheel]);
    const name = target.includes('windows') ? 'escape-gate.exe' : 'escape-gate';
    const modes = JSON.parse(stdout.split('\n')[0]);
    assert.equal(modes[`escape_gate-${VERSION}.data/scripts/${name}`], '0o100755');
    // The name of the file combines the tags that WHEEL lists.
    const tags = wheel.replace(/^.*-py3-none-|\.whl$/g, '').split('.').map((tag) => `Tag: py3-none-${tag}`);
    assert.deepEqual(stdout.split('\n').filter((line) => line.startsWith('Tag: ')), tags);
  });
}

test('the same program gives the same wheel', {skip: withoutPython}, async (t) => {
  const folder = await temporaryFolder(t);
  const program = join(folder, 'program');
  await writeFile(program, 'the program\n');
  const [one, two] = [await pack(program, TARGETS[0], join(folder, '1')), await pack(program, TARGETS[0], join(folder, '2'))];
  assert.ok((await readFile(one)).equals(await readFile(two)));
});

test('versions have the form of Python', {skip: withoutPython}, async () => {
  const {stdout} = await python('print([python_version(v) for v in ["0.1.0", "1.10.0-rc.2", "0.2.0-alpha.1", "0.2.0-beta.12"]])');
  assert.equal(stdout.trim(), "['0.1.0', '1.10.0rc2', '0.2.0a1', '0.2.0b12']");
  await assert.rejects(python('python_version("0.2.0-next")'), /has no form in Python: use 0\.2\.0/);
});

for (const [what, args, message] of [
  ['an unknown target', ['README.md', 'riscv64gc-unknown-linux-gnu'], /unknown target riscv64gc.*use one of x86_64-unknown-linux-musl/],
  ['a missing program', ['no-such-file', TARGETS[0]], /no-such-file: No such file/],
  ['no program', ['/dev/null', TARGETS[0]], /is empty/],
]) {
  test(`a wheel is not made from ${what}`, {skip: withoutPython}, async (t) => {
    const folder = await temporaryFolder(t);
    await assert.rejects(run('python3', ['-B', join(PROJECT, 'tools/wheel/build.py'), ...args, folder], {cwd: PROJECT}), message);
    assert.deepEqual(await readdir(folder), []);
  });
}

test('the wheel is installed without an index, and its program runs without Rust', {skip: withoutPython}, async (t) => {
  const folder = await temporaryFolder(t);
  // Without a good compression, which takes half a minute for a debug build.
  const wheel = await pack(PROGRAM, HOST, folder, 1);
  const environment = join(folder, 'environment');
  await run('python3', ['-m', 'venv', environment]);
  await run(join(environment, 'bin/pip'), ['install', '--quiet', '--no-index', '--no-deps', wheel]);
  const path = await pathWith(folder, ['env']);
  const {stdout} = await run('escape-gate', ['--version'], {env: {PATH: `${environment}/bin:${path}`}});
  assert.equal(stdout, `escape-gate ${VERSION}\n`);
  await assert.rejects(run('escape-gate', ['demo'], {env: {PATH: `${environment}/bin:${path}`}}), ({code}) => code === 10);
});

// ---- The action

test('the action installs the real program and starts it, without Rust on PATH', async (t) => {
  const folder = await temporaryFolder(t);
  const tools = ['bash', 'chmod', 'cp', 'curl', 'dirname', 'head', 'mkdir', 'mktemp', 'mv', 'node', 'rm', 'sed', 'sha256sum', 'sleep', 'tr', 'uname', 'cat'];
  const path = await pathWith(folder, tools);
  // A debug build is larger than a download may be.
  const program = join(folder, 'program');
  await writeFile(program, `#!/bin/bash\nexec '${PROGRAM}' "$@"\n`, {mode: 0o755});
  const {stderr} = await run(join(PROJECT, 'tools/release/try-install.sh'), [program], {env: {PATH: path, HOME: folder}});
  assert.match(stderr, /^cold: [\d.]+ s\nwarm: [\d.]+ s\n$/);
});

// ---- cargo binstall and cargo package

test('`cargo binstall` finds the files of a release', () => {
  const template = /^pkg-url = "(.*)"$/m.exec(CARGO)[1];
  assert.match(CARGO, /^pkg-fmt = "bin"$/m);
  const repository = /^repository = "(.*)"$/m.exec(CARGO)[1];
  for (const target of TARGETS) {
    const values = {repo: repository, name: 'escape-gate', version: VERSION, target, 'archive-suffix': target.includes('windows') ? '.exe' : ''};
    const address = template.replaceAll(/\{ ([a-z-]+) \}/g, (_, name) => values[name]);
    assert.equal(address, `${repository}/releases/download/v${VERSION}/${programName(`v${VERSION}`, target)}`);
  }
});

test('`cargo package` packs the program and its three crates, with every file that the sources embed', async (t) => {
  const folder = await temporaryFolder(t);
  await run('cargo', ['package', '--workspace', '--no-verify', '--allow-dirty', '--offline', '--quiet'], {cwd: PROJECT, env: {...process.env, CARGO_TARGET_DIR: folder}});
  const crates = (await readdir(join(folder, 'package'))).filter((name) => name.endsWith('.crate')).sort();
  assert.deepEqual(crates, ['escape-gate', 'policy-lang', 'release-history', 'test-reports'].map((name) => `${name}-${VERSION}.crate`));
  for (const crate of crates) {
    const files = execFileSync('tar', ['-tzf', join(folder, 'package', crate)], {encoding: 'utf8'}).split('\n').map((path) => path.slice(path.indexOf('/') + 1));
    const source = crate.startsWith('escape-gate') ? PROJECT : join(PROJECT, 'crates', {'release-history': 'history'}[crate.slice(0, -`-${VERSION}.crate`.length)] ?? crate.slice(0, -`-${VERSION}.crate`.length));
    for (const path of files.filter((each) => each.endsWith('.rs') && !/(^|\/)tests?(\/|\.rs$)/.test(each))) {
      // What only a test embeds may be missing.
      const program = (await readFile(join(source, path), 'utf8')).split('#[cfg(test)]')[0];
      for (const [, embedded] of program.matchAll(/include_(?:str|bytes)!\("([^"]+)"\)/g)) {
        const wanted = join(path, '..', embedded);
        assert.ok(files.includes(wanted), `${crate}: ${path} embeds ${wanted}, which is not in the package: add it to 'include' in Cargo.toml`);
      }
    }
  }
});

// ---- The image

test('the image is made from nothing, with the program and its certificates, and runs as an unprivileged user', async () => {
  const lines = (await readFile(join(PROJECT, 'tools/image/Dockerfile'), 'utf8')).split('\n').filter((line) => line && !line.startsWith('#'));
  assert.equal(lines[0], 'FROM scratch');
  assert.equal(lines.filter((line) => /^(FROM|RUN|ADD)\b/.test(line)).length, 1, 'nothing is downloaded or run');
  assert.ok(lines.includes('COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt'));
  assert.ok(lines.includes('COPY --chmod=0755 $TARGETARCH/escape-gate /escape-gate'));
  assert.ok(lines.includes('USER 65532:65532'));
  assert.ok(lines.includes('ENTRYPOINT ["/escape-gate"]'));
});

/** The folder that the image is built from, with a stand-in as both programs. */
async function imageContext(t, certificates = '-----BEGIN CERTIFICATE-----\n') {
  const folder = await temporaryFolder(t);
  const program = join(folder, 'program');
  await writeFile(program, 'the program\n');
  await writeFile(join(folder, 'roots.pem'), certificates);
  const context = join(folder, 'context');
  await run(join(PROJECT, 'tools/image/context.sh'), [program, program, context, join(folder, 'roots.pem')]);
  return context;
}

test('the folder of the image has both programs, executable', async (t) => {
  const context = await imageContext(t);
  for (const processor of ['amd64', 'arm64']) {
    await access(join(context, processor, 'escape-gate'), constants.X_OK);
  }
  await assert.rejects(imageContext(t, 'nothing\n'), /has no certificate\. Run: apt-get install ca-certificates/);
});

// Docker needs its daemon.
const builder = (await find('buildah')) ?? ((await run('docker', ['info']).then(() => true, () => false)) ? await find('docker') : undefined);
const withoutBuilder = builder ? false : 'the image was not built: no builder is installed (apt-get install buildah, or start Docker)';

test('the image is built for both processors', {skip: withoutBuilder}, async (t) => {
  const context = await imageContext(t);
  for (const processor of ['amd64', 'arm64']) {
    const args = builder.endsWith('buildah')
      ? ['--storage-driver', 'vfs', '--root', join(context, '../root'), '--runroot', join(context, '../run'), 'build', '--isolation', 'chroot', '--platform', `linux/${processor}`]
      : ['build', '--quiet', '--build-arg', `TARGETARCH=${processor}`];
    await run(builder, [...args, '--tag', `escape-gate-test:${processor}`, context]);
  }
});
