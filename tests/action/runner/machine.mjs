// The machine a job runs on: its folders, its environment, and the checkout of the repository.

import {execFile} from 'node:child_process';
import {cp, mkdir, mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Makes the folders of a fresh machine, laid out as on GitHub: `<work>/<name>/<name>` is the workspace.
 * `env` is what the machine's own environment holds; nothing of this process's environment leaks in.
 */
export async function createMachine({repository, payload, env}) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'workflow-')));
  const name = repository.split('/')[1];
  const machine = {
    root,
    workspace: join(root, 'work', name, name),
    temp: join(root, 'work', '_temp'),
    tools: join(root, 'tools'),
    home: join(root, 'home'),
  };
  machine.eventPath = join(machine.temp, '_github_workflow', 'event.json');
  for (const folder of [machine.workspace, machine.tools, machine.home, dirname(machine.eventPath)]) {
    await mkdir(folder, {recursive: true});
  }
  await writeFile(machine.eventPath, JSON.stringify(payload));
  machine.runner = {
    os: 'Linux',
    arch: 'X64',
    name: 'local',
    environment: 'self-hosted',
    temp: machine.temp,
    tool_cache: machine.tools,
    workspace: dirname(machine.workspace),
  };
  machine.env = {PATH: SYSTEM_PATH, HOME: machine.home, LANG: 'C.UTF-8', CI: 'true', GITHUB_ACTIONS: 'true', ...env};
  return machine;
}

/** Removes everything that the machine held. */
export async function removeMachine(machine) {
  await rm(machine.root, {recursive: true, force: true});
}

/**
 * Does what `actions/checkout` does with a folder as the remote.
 * In a Git clone only tracked and untracked files are copied, so what Git ignores stays behind.
 */
export async function checkOut(repo, target) {
  const files = await listFiles(repo);
  if (files.length === 0) {
    await cp(repo, target, {recursive: true, verbatimSymlinks: true});
    return;
  }
  for (const file of files) {
    const source = resolve(repo, file);
    await cp(source, join(target, file), {recursive: true, verbatimSymlinks: true}).catch((error) => {
      // Git still lists a tracked file that was deleted in the work tree.
      if (error.code !== 'ENOENT') {
        throw error;
      }
    });
  }
}

/** The commit that a clone is at; undefined outside a clone. */
export async function headCommit(repo) {
  return git(repo, ['rev-parse', '--verify', 'HEAD']).then((text) => text.trim(), () => undefined);
}

async function listFiles(repo) {
  const arguments_ = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  return git(repo, arguments_).then((text) => text.split('\0').filter(Boolean), () => []);
}

async function git(repo, arguments_) {
  const {stdout} = await run('git', ['-C', repo, ...arguments_], {maxBuffer: 64 * 1024 * 1024});
  return stdout;
}
