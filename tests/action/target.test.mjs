// `pull_request_target`: a run with the rights of the base, caused by a stranger whose head holds all that could be run.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {after, before, beforeEach, test} from 'node:test';

import {openShop, payloadOf, POLICY} from '../github/shop.mjs';
import {makeRepository, PROJECT, runKept, temporaryFolder} from './support.mjs';

const PWN = 'touch "${RUNNER_TEMP:-.}/pwned" pwned';

/** What the stranger's branch holds. Each of the scripts leaves a file `pwned`. */
const EVIL = {
  '.github/escape-gate.yml': 'version: 1\ndefects:\n  escaped: { labels: [production-bug] }\nrules:\n  - { id: anything-goes, metric: unfixed, max: 1000, level: advisory }\n',
  '.github/workflows/gate.yml': `on: pull_request_target\njobs: { gate: { runs-on: ubuntu-latest, steps: [{ run: '${PWN}' }] } }\n`,
  'action.yml': `name: evil\nruns: { using: composite, steps: [{ shell: bash, run: '${PWN}' }] }\n`,
  'action/run.sh': `${PWN}\n`,
  'bin/escape-gate': `#!/bin/sh\n${PWN}\n`,
  'git': `#!/bin/sh\n${PWN}\n`,
  '.githooks/post-checkout': `#!/bin/sh\n${PWN}\n`,
  '.gitattributes': '* filter=evil diff=evil\n',
  '.gitconfig': `[core]\n\tfsmonitor = ${PWN}\n\thooksPath = .githooks\n[filter "evil"]\n\tsmudge = ${PWN}\n`,
  'build/TEST-$(touch pwned).xml': '<testsuite name="s"><testcase name="$(touch pwned)"/></testsuite>\n',
};

let shop;
let pull;
before(async () => {
  assert.ok(process.env.ESCAPE_GATE_BIN, 'ESCAPE_GATE_BIN is not set: the full path of target/debug/escape-gate');
  shop = await openShop();
  await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
  pull = await shop.forkPull('evil', 'A change from outside $(touch pwned) `touch pwned`');
});
after(() => shop.gh.close());
beforeEach(() => shop.gh.forget());

/** A clone's remote with the base's branch and the stranger's; resolves to its folder and both commits. */
async function remote(t) {
  const repo = await makeRepository(t, {'.github/escape-gate.yml': POLICY});
  const git = (...arguments_) => execFileSync('git', ['-C', repo, '-c', 'user.name=a', '-c', 'user.email=a@b.example', ...arguments_], {
    encoding: 'utf8', env: {PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null'},
  }).trim();
  const commit = () => {
    git('add', '--all', '--force');
    git('commit', '--quiet', '--message', 'A commit.');
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch', 'main');
  const base = commit();
  git('checkout', '--quiet', '-b', 'evil');
  for (const [path, text] of Object.entries(EVIL)) {
    await mkdir(join(repo, path, '..'), {recursive: true});
    await writeFile(join(repo, path), text);
    await chmod(join(repo, path), 0o755);
  }
  const head = commit();
  git('checkout', '--quiet', 'main');
  return {repo, base, head};
}

/** Stands in for actions/checkout: a real clone, at the commit of the run unless `ref` names another. */
async function checkoutAction(t) {
  const folder = await temporaryFolder(t);
  const run = 'git clone --quiet "$REMOTE" "${folder:-.}" && git -C "${folder:-.}" checkout --quiet --detach "${ref:-$GITHUB_SHA}"';
  const action = {
    name: 'checkout', inputs: {ref: {required: false}, path: {required: false}, 'persist-credentials': {required: false}},
    runs: {using: 'composite', steps: [{shell: 'bash', run, env: {ref: '${{ inputs.ref }}', folder: '${{ inputs.path }}'}}]},
  };
  await writeFile(join(folder, 'action.yml'), JSON.stringify(action));
  return folder;
}

/** Runs the gate under pull_request_target. `head`: the folder that a careless workflow checks the head out into. */
async function runTarget(t, {head: folder, uses = './', inputs = {}} = {}) {
  const {repo, base, head} = await remote(t);
  const evil = {...pull.head, ref: '$(touch pwned)`touch pwned`;touch pwned', repo: {id: 2, full_name: 'outsider/shop', fork: true}};
  const payload = payloadOf(pull, {head: evil, base: {...pull.base, sha: base, repo: {id: 1, full_name: 'acme/shop'}}, title: '$(touch pwned)'});
  const checkout = (more) => ({uses: 'actions/checkout@v5', with: {'persist-credentials': false, ...more}});
  const workflow = {
    name: 'gate', on: 'pull_request_target',
    jobs: {
      gate: {
        'runs-on': 'ubuntu-latest',
        outputs: {verdict: '${{ steps.gate.outputs.verdict }}'},
        steps: [
          ...(folder === '.' ? [] : [checkout({})]),
          ...(folder ? [checkout({ref: head, path: folder})] : []),
          {id: 'gate', uses, with: {binary: resolve(process.env.ESCAPE_GATE_BIN), ...inputs}},
        ],
      },
    },
  };
  const run = await runKept(t, {
    repo, workflow, event: 'pull_request_target', eventPayload: payload, sha: base, secrets: {GITHUB_TOKEN: 'ghs_write'},
    env: {GITHUB_API_URL: shop.gh.url, GITHUB_GRAPHQL_URL: shop.gh.graphqlUrl, GITHUB_SERVER_URL: shop.gh.url, REMOTE: repo},
    actions: {'actions/checkout': await checkoutAction(t), 'acme/escape-gate': PROJECT},
  });
  const files = await readdir(run.machine.root, {recursive: true});
  assert.deepEqual(files.filter((file) => /(?:^|\/)pwned$/.test(file)), [], run.log);
  return run;
}

test('nothing of the head is checked out, fetched or run, and the policy is the base\'s', async (t) => {
  const run = await runTarget(t);
  assert.equal(run.outputs.verdict, 'fail', run.log);
  assert.doesNotMatch(run.log, /anything-goes/);
  const [comment] = await shop.comments(pull.number);
  assert.match(comment.body, /zero-critical/);
  const files = await readdir(run.machine.workspace, {recursive: true});
  assert.ok(!files.includes('git') && !files.includes('bin'), 'the workspace is the base');
  const asked = await shop.gh.exchanges();
  assert.ok(asked.length > 3);
  for (const {method, path, request} of asked) {
    assert.doesNotMatch(path, /outsider|\/contents\/|\/git\/|ball\/|\/archive|\/artifacts|\/actions\//, `${method} ${path}`);
    assert.doesNotMatch(JSON.stringify(request ?? ''), /\b(?:Blob|Tree|TreeEntry|tarballUrl|zipballUrl)\b/, `${method} ${path}`);
  }
});

test('a workflow that checks out the head is refused before an issue is read, and the comment says so', async (t) => {
  const run = await runTarget(t, {head: '.', uses: 'acme/escape-gate@v1'});
  assert.equal(run.status, 'failure');
  assert.equal(run.annotations.at(-1).message, 'Process completed with exit code 2.');
  assert.match(run.log, /is not the base's: its checkout is at commit/);
  await toldOnly();
});

/** No issue was read, and the newest comment says that there is no verdict. */
async function toldOnly() {
  const asked = await shop.gh.exchanges();
  assert.deepEqual(asked.filter(({request}) => /labels\(|issues\(/.test(request?.query ?? '')), []);
  assert.match((await shop.comments(pull.number)).at(-1).body, /could not evaluate/);
}

test('a head in a folder of its own lends no policy either', async (t) => {
  const run = await runTarget(t, {head: 'theirs', inputs: {policy: 'theirs/.github/escape-gate.yml'}});
  assert.equal(run.annotations.at(-1).message, 'Process completed with exit code 2.');
  assert.match(run.log, /is not the base's/);
  await toldOnly();
});
