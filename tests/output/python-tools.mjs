// Python packages that read what the gate writes, in the versions named here. They are kept in `node_modules`.

import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const PACKAGES = ['prometheus_client==0.26.0', 'slack_sdk==3.48.0'];
const FOLDER = fileURLToPath(new URL(`node_modules/.python/${PACKAGES.join('+')}`, import.meta.url));

/** Runs a Python program of this folder with the packages, and returns what it prints. `input` goes to its standard input. */
export function python(program, input) {
  install();
  const run = spawnSync('python3', ['-B', '-I', '-c', `import sys; sys.path.insert(0, sys.argv.pop(1)); sys.stdin.reconfigure(encoding='utf-8', newline='')\n${program}`, FOLDER], {
    input, encoding: 'utf8', maxBuffer: 1 << 30, env: {...process.env, PYTHONIOENCODING: 'utf-8'},
  });
  if (run.error || run.status !== 0) {
    throw new Error(`python3 failed: ${run.error?.message ?? run.stderr.trim()}`);
  }
  return run.stdout;
}

function install() {
  if (existsSync(FOLDER)) return;
  const part = `${FOLDER}.part`;
  rmSync(part, {recursive: true, force: true});
  mkdirSync(join(FOLDER, '..'), {recursive: true});
  const pip = spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', part, ...PACKAGES], {encoding: 'utf8'});
  if (pip.error || pip.status !== 0) {
    throw new Error(`${pip.error?.message ?? pip.stderr.trim()}\nInstall Python with pip: apt-get install python3 python3-pip`);
  }
  renameSync(part, FOLDER);
}
