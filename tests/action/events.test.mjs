// Real payloads: what an event brings is what the program finds in its environment.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';

import {examplePayload, runGate} from './support.mjs';

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
