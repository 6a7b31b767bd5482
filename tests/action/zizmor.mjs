#!/usr/bin/env node
// Runs zizmor on action.yml, on every workflow of the project, and on every workflow that people copy. It fails on a finding.
//
//   ESCAPE_GATE_BIN=target/debug/escape-gate node tests/action/zizmor.mjs
//
// zizmor is on PyPI only, so `./test` leaves this out. The script takes the program that ZIZMOR names, or one on PATH, or installs it with pip.

import {spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {otherWorkflows, ownWorkflows, pageWorkflows, proposedWorkflows} from './documents.mjs';
import {PROJECT} from './support.mjs';

const VERSION = '1.32.0';
const INSTALL = `python3 -m pip install zizmor==${VERSION}`;
const TOOLS = fileURLToPath(new URL('node_modules/.zizmor/', import.meta.url));

/** How to start zizmor: the program, and variables that it needs. */
function zizmorProgram() {
  const named = process.env.ZIZMOR ?? 'zizmor';
  if (!spawnSync(named, ['--version']).error) {
    return {program: named, env: process.env};
  }
  const installed = join(TOOLS, 'bin/zizmor');
  if (!existsSync(installed)) {
    const pip = spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', TOOLS, `zizmor==${VERSION}`], {encoding: 'utf8'});
    if (pip.error || pip.status !== 0) {
      throw new Error(`zizmor is missing and cannot be installed: ${pip.error?.message ?? pip.stderr.trim()}\nInstall it: ${INSTALL}`);
    }
  }
  return {program: installed, env: {...process.env, PYTHONPATH: TOOLS}};
}

/** Findings in a folder as `file:line: audit: description`, and the number of files that were read. */
function audit({program, env}, folder) {
  const run = spawnSync(program, ['--offline', '--no-config', '--strict-collection', '--format', 'json', folder], {encoding: 'utf8', env});
  // 11 to 14 tell the severity of the findings.
  if (run.error || ![0, 11, 12, 13, 14].includes(run.status)) {
    throw new Error(`zizmor failed: ${run.error?.message ?? run.stderr}`);
  }
  const findings = JSON.parse(run.stdout).filter(({ignored}) => !ignored).map(({ident, desc, locations}) => {
    const {symbolic, concrete} = locations.at(-1);
    return `${symbolic.key.Local.verbatim_path.replace(`${folder}/`, '')}:${concrete.location.start_point.row + 1}: ${ident}: ${desc}`;
  });
  return {findings, read: run.stderr.match(/ completed /g)?.length ?? 0};
}

/** Writes workflows, each as a file of its own, and runs `use` on their folder. */
function withWorkflows(workflows, use) {
  const folder = mkdtempSync(join(tmpdir(), 'zizmor-'));
  try {
    mkdirSync(join(folder, '.github/workflows'), {recursive: true});
    workflows.forEach(({path, source}, index) =>
      writeFileSync(join(folder, `.github/workflows/${index}-${path.replaceAll(/\W+/g, '-')}.yml`), source));
    return use(folder);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

function main() {
  const zizmor = zizmorProgram();
  const planted = {path: 'planted', source: 'name: Planted\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.head_ref }}\n'};
  const found = withWorkflows([planted], (folder) => audit(zizmor, folder)).findings;
  if (!found.some((finding) => finding.includes('template-injection'))) {
    throw new Error('zizmor does not find a planted mistake');
  }
  const workflows = [...ownWorkflows(), ...pageWorkflows(), ...otherWorkflows(), ...proposedWorkflows()];
  const {findings, read} = withWorkflows(workflows, (folder) => {
    cpSync(join(PROJECT, 'action.yml'), join(folder, 'action.yml'));
    return audit(zizmor, folder);
  });
  if (read !== workflows.length + 1) {
    throw new Error(`zizmor read ${read} of ${workflows.length + 1} files`);
  }
  process.stdout.write(`${findings.join('\n')}${findings.length ? '\n' : ''}${findings.length} findings in ${read} files\n`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
