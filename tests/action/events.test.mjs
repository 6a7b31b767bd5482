// Real payloads: what an event brings is what the program finds in its environment.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {once} from 'node:events';
import {createServer} from 'node:http';
import {resolve} from 'node:path';
import {test} from 'node:test';

import {examplePayload, gateWorkflow, makeRepository, runGate, runKept} from './support.mjs';

async function environmentOf(t, event, payload, options = {}) {
  const run = await runGate(t, {options: {event, eventPayload: payload, ...options}});
  assert.equal(run.status, 'success', run.log);
  const {environment} = run.program;
  assert.equal(environment.GITHUB_EVENT_NAME, event);
  assert.deepEqual(JSON.parse(await readFile(environment.GITHUB_EVENT_PATH, 'utf8')), payload);
  return environment;
}

test('pull_request: the merge ref, both branches, the repository', async (t) => {
  const payload = examplePayload('pull_request', ({action}) => action === 'synchronize');
  const environment = await environmentOf(t, 'pull_request', payload);
  assert.equal(environment.GITHUB_REPOSITORY, payload.repository.full_name);
  assert.equal(environment.GITHUB_REF, `refs/pull/${payload.number}/merge`);
  assert.equal(environment.GITHUB_REF_NAME, `${payload.number}/merge`);
  assert.equal(environment.GITHUB_HEAD_REF, payload.pull_request.head.ref);
  assert.equal(environment.GITHUB_BASE_REF, payload.pull_request.base.ref);
  // GitHub had not computed the merge commit of this one yet.
  assert.equal(payload.pull_request.merge_commit_sha, null);
  assert.equal(environment.GITHUB_SHA, payload.pull_request.head.sha);
});

test('release: the tag', async (t) => {
  const payload = examplePayload('release', ({action}) => action === 'published');
  const environment = await environmentOf(t, 'release', payload, {sha: 'a'.repeat(40)});
  assert.equal(environment.GITHUB_REF, `refs/tags/${payload.release.tag_name}`);
  assert.equal(environment.GITHUB_REF_TYPE, 'tag');
  assert.equal(environment.GITHUB_REF_NAME, payload.release.tag_name);
  assert.equal(environment.GITHUB_SHA, 'a'.repeat(40));
});

test('push of a tag and push of a branch', async (t) => {
  const tag = examplePayload('push', ({ref}) => ref.startsWith('refs/tags/'));
  const ofTag = await environmentOf(t, 'push', tag);
  assert.equal(ofTag.GITHUB_REF_TYPE, 'tag');
  assert.equal(ofTag.GITHUB_REF_NAME, 'simple-tag');
  assert.equal(ofTag.GITHUB_HEAD_REF, '');

  const branch = examplePayload('push', ({ref}) => ref.startsWith('refs/heads/'));
  const ofBranch = await environmentOf(t, 'push', branch);
  assert.equal(ofBranch.GITHUB_REF_TYPE, 'branch');
  assert.equal(ofBranch.GITHUB_SHA, branch.after);
});

test('an Enterprise Server\'s addresses reach the program', async (t) => {
  const env = {GITHUB_API_URL: 'https://ghe.example/api/v3', GITHUB_GRAPHQL_URL: 'https://ghe.example/api/graphql', GITHUB_SERVER_URL: 'https://ghe.example'};
  const environment = await environmentOf(t, 'push', examplePayload('push'), {env});
  for (const [name, value] of Object.entries(env)) {
    assert.equal(environment[name], value);
  }
});

const POLICY = `version: 1
defects: { escaped: { labels: [production-bug] } }
rules: [{ id: none, metric: escaped, over: all, max: 0 }]
`;

/** Evidence without a candidate: the event says what is evaluated. */
const SNAPSHOT = JSON.stringify({
  schema: 2, 'taken-at': new Date().toISOString(), releases: [], issues: [], 'pull-requests': [], history: {'default-branch': 'main', branches: {}, commits: []},
});

/** Runs the action with the real program on an event. Resolves to the run, the candidate of its report, and the requests that it sent. */
async function evaluate(t, event, payload, inputs = {}) {
  assert.ok(process.env.ESCAPE_GATE_BIN, 'ESCAPE_GATE_BIN is not set: the full path of target/debug/escape-gate');
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${decodeURIComponent(request.url)}`);
    response.writeHead(404, {'content-type': 'application/json'}).end('{"message":"Not Found"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const repo = await makeRepository(t, {'.github/escape-gate.yml': POLICY, 'snapshot.json': SNAPSHOT});
  const url = `http://127.0.0.1:${server.address().port}`;
  const run = await runKept(t, {
    repo, event, eventPayload: payload,
    workflow: gateWorkflow({binary: resolve(process.env.ESCAPE_GATE_BIN), snapshot: 'snapshot.json', ...inputs}),
    secrets: {GITHUB_TOKEN: 'ghs_example'},
    env: {GITHUB_API_URL: url, GITHUB_GRAPHQL_URL: `${url}/graphql`, GITHUB_SERVER_URL: url, ESCAPE_GATE_RETRY_WAIT: '1ms'},
  });
  const {report} = run.steps.find(({id}) => id === 'gate').outputs;
  const candidate = report && JSON.parse(await readFile(report, 'utf8')).candidate;
  return {run, candidate, requests};
}

const branch = (payload) => payload.ref?.replace('refs/heads/', '') ?? payload.repository.default_branch;

/** GitHub's own payloads: the candidate, and the place that the text is written to. */
const EVENTS = [
  ['pull_request', examplePayload('pull_request', ({action}) => action === 'opened'), ({number, pull_request: {head}}) => [`#${number}`, head.sha], ({number}) => `/issues/${number}/comments`],
  ['pull_request_target', examplePayload('pull_request', ({action}) => action === 'opened'), ({number, pull_request: {head}}) => [`#${number}`, head.sha], ({number}) => `/issues/${number}/comments`],
  ['merge_group', examplePayload('merge_group'), ({merge_group: group}) => [group.head_ref.replace('refs/heads/', ''), group.head_sha]],
  ['push', examplePayload('push', ({ref}) => ref.startsWith('refs/tags/')), () => ['simple-tag'], () => '/releases/tags/simple-tag'],
  ['push', examplePayload('push', ({ref}) => ref.startsWith('refs/heads/')), (payload) => [branch(payload), payload.after]],
  ['release', examplePayload('release', ({action}) => action === 'published'), ({release}) => [release.tag_name], ({release}) => `/releases/tags/${release.tag_name}`],
  ['workflow_run', examplePayload('workflow_run', ({action}) => action === 'completed'), ({workflow_run: {head_branch: name, head_sha: sha}}) => [name, sha]],
  ['workflow_dispatch', examplePayload('workflow_dispatch'), (payload) => [branch(payload)]],
  ['repository_dispatch', examplePayload('repository_dispatch'), (payload) => [payload.repository.default_branch]],
  // A schedule brings nothing but its cron line.
  ['schedule', {schedule: '17 3 * * *'}, () => ['main']],
  ['deployment', examplePayload('deployment'), ({deployment: {ref, sha}}) => [ref, sha]],
  ['deployment_status', examplePayload('deployment_status'), ({deployment: {ref, sha}}) => [ref, sha]],
  ['issues', examplePayload('issues', ({action}) => action === 'labeled'), (payload) => [payload.repository.default_branch]],
];

for (const [event, payload, candidateOf, placeOf] of EVENTS) {
  test(`${event} (${payload.ref ?? payload.action ?? 'no action'}): what is evaluated, and where the text goes`, async (t) => {
    const {run, candidate, requests} = await evaluate(t, event, payload);
    const [name, head] = candidateOf(payload);
    assert.ok(candidate, run.log);
    assert.equal(candidate.name, name);
    if (head) assert.equal(candidate.head, head);
    const places = requests.filter((one) => /\/(?:issues|releases)\//.test(one));
    const place = placeOf?.(payload);
    assert.equal(places.some((one) => place && one.includes(place)), Boolean(place), `${requests.join('\n')}\n${run.log}`);
    if (!place) assert.deepEqual(places, []);
    assert.match(JSON.stringify(run.summaries), /Escape Gate/);
  });
}

test('an unknown event is refused with the known ones, unless the release is named', async (t) => {
  const payload = examplePayload('milestone', ({action}) => action === 'closed');
  const unknown = await evaluate(t, 'milestone', payload, {snapshot: ''});
  assert.equal(unknown.run.status, 'failure');
  assert.match(unknown.run.log, /unknown event `milestone`.*known events: pull_request, pull_request_target, merge_group, push, .*issues;.*--release/);
  const named = await evaluate(t, 'milestone', payload, {release: 'v1.0.0'});
  assert.equal(named.candidate.name, 'v1.0.0');
});
