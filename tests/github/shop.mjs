// A shop with a history on the local GitHub, and the program run against it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitHub } from './server/start.mjs';

export const REPO = '/repos/acme/shop';

/** The repository as an event names it. */
export const REPOSITORY = { id: 1, full_name: 'acme/shop', fork: false };

/** What a pull_request event carries. */
export function payloadOf(pull, more) {
  const side = ({ ref, sha }) => ({ ref, sha, repo: REPOSITORY });
  const shown = { number: pull.number, head: side(pull.head), base: side(pull.base), draft: false, ...more };
  return { action: 'opened', number: pull.number, pull_request: shown, repository: REPOSITORY };
}

/** The policy of the five-minute introduction. */
export const POLICY = `version: 1
defects:
  escaped: { labels: [production-bug] }
  caught: { labels: [bug] }
  severity: { critical: [sev/critical], major: [sev/major] }
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }
`;

/** The program's path; without it no test here means anything. */
export function program() {
  const path = process.env.ESCAPE_GATE_BIN;
  assert.ok(path && existsSync(path), 'ESCAPE_GATE_BIN names no program. Run `cargo build` and set it to the full path of target/debug/escape-gate.');
  return path;
}

/** A local GitHub with acme/shop: labels, and the releases v1.0.0 and v1.1.0. */
export async function openShop(options = {}) {
  const gh = await startGitHub(options);
  const shop = new Shop(gh);
  for (const name of ['production-bug', 'bug', 'sev/critical', 'sev/major']) {
    await gh.admin('POST', `${REPO}/labels`, { name, color: 'ededed' });
  }
  await shop.commit('src/a.txt', '2026-01-05T10:00:00Z');
  await shop.release('v1.0.0', '2026-01-10T10:00:00Z');
  await shop.commit('src/b.txt', '2026-02-05T10:00:00Z');
  await shop.release('v1.1.0', '2026-02-10T10:00:00Z');
  return shop;
}

/** What a team does on GitHub. Times are RFC 3339. */
class Shop {
  constructor(gh) {
    this.gh = gh;
  }

  /** A commit on a branch; the branch is made from main where it does not exist. */
  async commit(file, now, branch = 'main', message = `Change ${file}`) {
    const content = Buffer.from(`${file} ${now}\n`).toString('base64');
    const found = await this.gh.admin('GET', `${REPO}/contents/${file}?ref=${branch}`).catch(() => undefined);
    const { commit } = await this.gh.admin('PUT', `${REPO}/contents/${file}`, { message, content, branch, sha: found?.sha }, { now });
    return commit.sha;
  }

  release(tag, now, more = {}) {
    return this.gh.admin('POST', `${REPO}/releases`, { tag_name: tag, name: tag, body: `Notes of ${tag}.`, ...more }, { now });
  }

  issue(title, labels, now, body = '') {
    return this.gh.admin('POST', `${REPO}/issues`, { title, labels, body }, { now });
  }

  /** A pull request from a new branch that changes one file. */
  async pull(branch, body, now, base = 'main') {
    const { object } = await this.gh.admin('GET', `${REPO}/git/ref/heads/${base}`);
    await this.gh.admin('POST', `${REPO}/git/refs`, { ref: `refs/heads/${branch}`, sha: object.sha });
    await this.commit(`src/${branch}.txt`, now, branch);
    return this.gh.admin('POST', `${REPO}/pulls`, { title: `Change ${branch}`, head: branch, base, body }, { now });
  }

  /** A pull request from the outsider's fork. */
  async forkPull(branch, body) {
    const outsider = { token: 'ghp_outsider' };
    const fork = '/repos/outsider/shop';
    await this.gh.admin('POST', `${REPO}/forks`, {}, outsider);
    const { object } = await this.gh.admin('GET', `${fork}/git/ref/heads/main`, undefined, outsider);
    await this.gh.admin('POST', `${fork}/git/refs`, { ref: `refs/heads/${branch}`, sha: object.sha }, outsider);
    const change = { message: body, content: Buffer.from(branch).toString('base64'), branch };
    await this.gh.admin('PUT', `${fork}/contents/${branch}.txt`, change, outsider);
    return this.gh.admin('POST', `${REPO}/pulls`, { title: body, head: `outsider:${branch}`, base: 'main' }, outsider);
  }

  merge(pull, now) {
    return this.gh.admin('PUT', `${REPO}/pulls/${pull.number}/merge`, {}, { now });
  }

  comments(number) {
    return this.gh.admin('GET', `${REPO}/issues/${number}/comments?per_page=100`);
  }

  async notes(tag) {
    const releases = await this.gh.admin('GET', `${REPO}/releases?per_page=100`);
    return releases.find((release) => release.tag_name === tag)?.body;
  }

  /** Requests that change something, as `METHOD path status`. */
  async writes() {
    return (await this.gh.log()).filter((line) => !line.startsWith('GET') && !line.includes('/graphql'));
  }

  /** Runs `escape-gate ARGS` on the policy, in the workflow that `event` describes (none: on a person's machine). `measured`: also its peak memory. `cwd`: where it runs, if not in a folder of its own. `stopWhen`: asked again and again; once it says so the program is sent SIGTERM. */
  async gate({ args = ['check'], event, payload, policy = POLICY, token = 'ghs_write', env = {}, url = this.gh.url, graphql = this.gh.graphqlUrl, files = {}, measured, cwd, stopWhen } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'gate-'));
    try {
      const path = (name) => join(folder, name);
      for (const [name, text] of Object.entries({ 'policy.yml': policy, ...files })) await writeFile(path(name), text);
      const workflow = event && {
        GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/shop', GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path('event.json'),
        GITHUB_SHA: payload?.pull_request?.head.sha ?? '0'.repeat(40), GITHUB_REF: 'refs/heads/main', GITHUB_REF_NAME: 'main',
        GITHUB_SERVER_URL: url, GITHUB_RUN_ID: '1', GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder,
        GITHUB_STEP_SUMMARY: path('summary.md'), GITHUB_OUTPUT: path('output.txt'), GITHUB_ACTOR: 'octocat',
      };
      if (workflow) {
        await Promise.all([writeFile(path('event.json'), JSON.stringify(payload ?? {})), writeFile(path('summary.md'), ''), writeFile(path('output.txt'), '')]);
      }
      const variables = {
        PATH: process.env.PATH, ESCAPE_GATE_POLICY: cwd ? path('policy.yml') : 'policy.yml', GITHUB_API_URL: url, GITHUB_GRAPHQL_URL: graphql,
        ...(token ? { GITHUB_TOKEN: token } : {}), ...(workflow ?? { ESCAPE_GATE_REPO: 'acme/shop' }), ...env,
      };
      const run = await execute(program(), args, cwd ?? folder, variables, measured, stopWhen);
      const text = (name) => (existsSync(path(name)) ? readFile(path(name), 'utf8') : '');
      return { ...run, summary: await text('summary.md'), outputs: outputsOf(await text('output.txt')), snapshot: await text('escape-gate-snapshot.json') };
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

/** Runs a program without blocking: the local GitHub answers from another process, its control calls from this one. */
function execute(program, args, cwd, env, measured, stopWhen) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd, env });
    let [out, log, memory] = ['', '', 0];
    const watch = measured && setInterval(() => { memory = peak(child.pid) ?? memory; }, 20);
    const stop = stopWhen && setInterval(() => { if (stopWhen()) child.kill('SIGTERM'); }, 5);
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { log += chunk; });
    child.on('error', failed);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      clearInterval(stop);
      done({ code, signal, out, log, memory });
    });
  });
}

/** The most memory that a running process has held, in bytes; none where the system does not tell. */
function peak(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes && Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Step outputs by name, from the heredoc blocks of GITHUB_OUTPUT. */
function outputsOf(text) {
  const outputs = {};
  const lines = text.split('\n');
  while (lines.length > 1) {
    const [name, delimiter] = lines.shift().split('<<');
    const end = lines.indexOf(delimiter);
    outputs[name] = lines.splice(0, end + 1).slice(0, -1).join('\n');
  }
  return outputs;
}
