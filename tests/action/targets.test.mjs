// The script that builds the Linux targets, with stand-ins for the compiler: what it builds, reports as not built, and refuses.

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdir, readFile, readdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';

import {PROJECT, temporaryFolder} from './support.mjs';

const VERSION = /^version = "(.*)"$/m.exec(await readFile(join(PROJECT, 'Cargo.toml'), 'utf8'))[1];

/** A program that answers as the real one does to what the script tries. */
const PROGRAM = `#!/bin/bash
case "$*" in
  --version) echo "escape-gate ${VERSION}" ;;
  *hotfix-passes*) exit 0 ;;
  *critical-escape-fails* | demo) exit 10 ;;
  *unread-issues-are-unknown*) exit 3 ;;
  *) exit 1 ;;
esac
`;

/** Runs the script on a machine with `x86_64` as processor. `addable`: targets whose standard library rustup can add. */
async function build(t, args, {addable = [], program = PROGRAM, tools = ['cargo-zigbuild', 'qemu-aarch64-static']} = {}) {
  const folder = await temporaryFolder(t);
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(folder, 'program'), program, {mode: 0o755});
  const scripts = {
    rustc: `echo '${folder}/sysroot'`,
    rustup: `case " ${addable.join(' ')} " in *" $3 "*) ;; *) echo 'no' >&2; exit 1 ;; esac`,
    uname: 'echo x86_64',
    // The target is the last argument. zig's suffix is not a part of the folder.
    cargo: `echo "$*" >>'${folder}/calls'; target=\${!#}; out=$CARGO_TARGET_DIR/\${target%%.*}/release; mkdir -p "$out"; cp '${folder}/program' "$out/escape-gate"`,
    'qemu-aarch64-static': `echo emulated >>'${folder}/calls'; exec "$@"`,
    'cargo-zigbuild': '',
  };
  for (const name of ['rustc', 'rustup', 'uname', 'cargo', ...tools]) {
    await writeFile(join(bin, name), `#!/bin/bash\n${scripts[name]}\n`, {mode: 0o755});
  }
  for (const name of ['bash', 'cp', 'dirname', 'grep', 'gzip', 'head', 'mkdir', 'sed', 'tr', 'wc']) {
    await symlink(`/usr/bin/${name}`, join(bin, name));
  }
  const env = {PATH: bin, CARGO_TARGET_DIR: join(folder, 'target')};
  const out = join(folder, 'out');
  const result = await new Promise((resolve) => {
    execFile(join(PROJECT, 'tools/targets/build.sh'), ['--out', out, ...args], {env}, (error, stdout, stderr) => resolve({code: error?.code ?? 0, stdout, stderr}));
  });
  const calls = (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  return {...result, calls, built: await readdir(out).catch(() => [])};
}

const BOTH = ['x86_64-unknown-linux-musl', 'aarch64-unknown-linux-musl'];

test('both Linux targets are built with zig, tried, and named as the files of a release', async (t) => {
  const {code, stdout, stderr, calls, built} = await build(t, [], {addable: BOTH});
  assert.equal(code, 0, stderr);
  assert.deepEqual(built, [...BOTH].sort().map((target) => `escape-gate-v${VERSION}-${target}`));
  assert.deepEqual(calls.filter((call) => call !== 'emulated'), BOTH.map((target) => `zigbuild --release --locked --bin escape-gate --target ${target}`));
  assert.ok(calls.includes('emulated'), 'the program for arm64 runs under qemu');
  for (const target of BOTH) {
    assert.match(stdout, new RegExp(`^${target} +built in \\d+ s and tried: ${PROGRAM.length} bytes, \\d+ compressed$`, 'm'));
  }
});

test('a target whose standard library cannot be added is reported as not built here, and the others are built', async (t) => {
  const {code, stdout, built} = await build(t, [], {addable: BOTH.slice(0, 1)});
  assert.equal(code, 0);
  assert.match(stdout, /^aarch64-unknown-linux-musl +not built here: its standard library cannot be added\. The release workflow builds it\.$/m);
  assert.equal(built.length, 1);
});

test('a target that is named has to be built', async (t) => {
  const {code, stderr} = await build(t, BOTH, {addable: BOTH.slice(0, 1)});
  assert.equal(code, 1);
  assert.match(stderr, /aarch64-unknown-linux-musl: not built\. Run: rustup target add aarch64-unknown-linux-musl/);
});

test('if nothing can be built the script fails and names a target that needs nothing', async (t) => {
  const {code, stderr} = await build(t, []);
  assert.equal(code, 1);
  assert.match(stderr, /x86_64-unknown-linux-gnu\.2\.17 needs no added standard library/);
});

test('a version of the C library is a part of the target for zig, and not for rustup', async (t) => {
  const {code, calls, built} = await build(t, ['x86_64-unknown-linux-gnu.2.17'], {addable: ['x86_64-unknown-linux-gnu']});
  assert.equal(code, 0);
  assert.match(calls[0], /--target x86_64-unknown-linux-gnu\.2\.17$/);
  assert.deepEqual(built, [`escape-gate-v${VERSION}-x86_64-unknown-linux-gnu.2.17`]);
});

/** Programs and machines that the script must not accept. */
for (const [what, options, args, message] of [
  ['another version', {program: PROGRAM.replace(`gate ${VERSION}`, 'gate 9.9.9')}, [], /'--version' prints 'escape-gate 9\.9\.9'/],
  ['a program that passes everything', {program: PROGRAM.replace('exit 10', 'exit 0')}, [], /critical-escape-fails ends with exit code 0, not 10/],
  ['a program that cannot start', {program: '#!/no/such/shell\n'}, [], /'--version' prints ''/],
  ['a program that needs a dynamic linker', {program: `${PROGRAM}# /lib/ld-musl-x86_64.so.1\n`}, [], /not static/],
  ['a machine without zig', {tools: ['qemu-aarch64-static']}, [], /cargo-zigbuild is missing\. Run: python3 -m pip install/],
  ['a machine without qemu', {tools: ['cargo-zigbuild']}, [], /aarch64-unknown-linux-musl: .*Run: apt-get install qemu-user-static/],
]) {
  test(`refused: ${what}`, async (t) => {
    const {code, stderr} = await build(t, args, {addable: BOTH, ...options});
    assert.notEqual(code, 0);
    assert.match(stderr, message);
  });
}

test('an unknown option ends with 2', async (t) => {
  const {code, stderr} = await build(t, ['--fast']);
  assert.equal(code, 2);
  assert.match(stderr, /unknown option --fast/);
});
