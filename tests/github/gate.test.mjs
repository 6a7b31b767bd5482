// The real program against the local GitHub: what a team sees on its pull requests and releases.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop, payloadOf, POLICY, REPO, REPOSITORY } from './shop.mjs';

describe('a pull request', () => {
  let shop;
  let pull;
  let critical;
  before(async () => {
    shop = await openShop();
    critical = await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
    pull = await shop.pull('feature', 'A feature.', '2026-02-21T10:00:00Z');
  });
  after(() => shop.gh.close());
  beforeEach(() => shop.gh.forget());
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  const check = (more) => shop.gate({ event: 'pull_request', payload: payloadOf(pull), ...more });

  it('gets one comment that names the critical issue, and fails', async () => {
    const run = await check();
    assert.equal(run.code, 10, run.out + run.log);
    const [comment, ...others] = await shop.comments(pull.number);
    assert.deepEqual(others, []);
    assert.equal(comment.user.login, 'github-actions[bot]');
    assert.match(comment.body, /zero-critical/);
    assert.match(comment.body, new RegExp(`/issues/${critical.number}\\b`));
    assert.equal(run.outputs.verdict, 'fail');
    assert.equal(run.outputs.critical, '1');
    assert.equal(run.outputs['comment-url'], comment.html_url);
    assert.match(run.summary, /zero-critical/);
    assert.match(run.out, /^::error /m);
    assert.deepEqual((await shop.writes()).map((line) => line.split(' ')[0]), ['POST']);
  });

  it('keeps its comment, and does not write what has not changed', async () => {
    const run = await check();
    assert.equal(run.code, 10, run.log);
    assert.equal((await shop.comments(pull.number)).length, 1);
    const writes = await shop.writes();
    assert.ok(writes.length <= 1 && writes.every((line) => line.startsWith('PATCH')), writes.join('\n'));
  });

  it('has the same comment updated when the verdict changes', async () => {
    const [{ id }] = await shop.comments(pull.number);
    await shop.gh.admin('PATCH', `${REPO}/issues/${critical.number}`, { labels: ['production-bug', 'sev/major'] }, { now: '2026-02-22T10:00:00Z' });
    const run = await check();
    assert.equal(run.code, 0, run.log);
    const comments = await shop.comments(pull.number);
    assert.deepEqual(comments.map((comment) => comment.id), [id]);
    assert.match(comments[0].body, /pass/i);
    assert.deepEqual((await shop.writes()).map((line) => line.split(' ')[0]), ['PATCH']);
    await shop.gh.admin('PATCH', `${REPO}/issues/${critical.number}`, { labels: ['production-bug', 'sev/critical'] }, { now: '2026-02-23T10:00:00Z' });
  });

  it('does not touch a comment of another gate, or of a person who copied the marker', async () => {
    const [{ body }] = await shop.comments(pull.number);
    const copy = await shop.gh.admin('POST', `${REPO}/issues/${pull.number}/comments`, { body });
    const run = await check({ args: ['check', '--id', 'nightly'] });
    assert.equal(run.code, 10, run.log);
    const comments = await shop.comments(pull.number);
    assert.equal(comments.length, 3);
    assert.equal(comments.find((comment) => comment.id === copy.id).body, body);
  });

  it('that fixes the defect passes, while the issue is still open', async () => {
    const hotfix = await shop.pull('hotfix', `Fixes #${critical.number}`, '2026-02-24T10:00:00Z');
    const run = await shop.gate({ event: 'pull_request', payload: payloadOf(hotfix) });
    assert.equal(run.code, 0, run.out + run.log);
    const [comment] = await shop.comments(hotfix.number);
    assert.match(comment.body, /pass/i);
  });

  it('of a fork keeps its verdict, and the text goes to the summary', async () => {
    const run = await check({ token: 'ghs_read' });
    assert.equal(run.code, 10, run.log);
    assert.deepEqual((await shop.writes()).filter((line) => / 20\d$/.test(line)), []);
    assert.match(run.summary, /zero-critical/);
    assert.match(run.log + run.out, /pull-requests: write|issues: write/);
    const json = await check({ token: 'ghs_read', args: ['check', '--format', 'json'] });
    assert.equal(JSON.parse(json.out).verdict, 'fail', 'standard output is one document, whatever was refused');
    assert.match(json.log, /^::warning title=Escape Gate::/m);
    assert.doesNotMatch(run.out + run.log + run.summary, /ghs_read/);
  });
});

describe('a release', () => {
  let shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.gh.close());
  beforeEach(() => shop.gh.forget());
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  it('gets a block in its notes, and the rest stays byte for byte', async () => {
    await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z');
    const draft = await shop.release('v1.2.0', '2026-02-25T10:00:00Z', { draft: true, body: 'What is new:\r\n\r\n- less  spaces \r\n' });
    const run = await shop.gate({ event: 'workflow_dispatch', env: { ESCAPE_GATE_RELEASE: 'v1.2.0' } });
    assert.equal(run.code, 10, run.out + run.log);
    const notes = await shop.notes('v1.2.0');
    assert.ok(notes.startsWith('What is new:\r\n\r\n- less  spaces \r\n'), JSON.stringify(notes));
    assert.match(notes, /\n\[Blocked by the release gate: 1 critical defect\]\(http[^)]*\/actions\/runs\/1\)\r\n/);
    assert.doesNotMatch(notes, /Orders are lost|zero-critical/, 'the public notes name no defect');
    assert.match(run.summary, /Orders are lost/, 'the summary does');
    assert.ok(run.outputs['comment-url'].includes('/releases/'), run.outputs['comment-url']);
    assert.equal(draft.draft, true);
  });

  it('has its block replaced, not repeated', async () => {
    const before = await shop.notes('v1.2.0');
    await shop.issue('Prices are wrong', ['production-bug', 'sev/critical'], '2026-02-21T10:00:00Z');
    const run = await shop.gate({ event: 'workflow_dispatch', env: { ESCAPE_GATE_RELEASE: 'v1.2.0' } });
    assert.equal(run.code, 10, run.log);
    const notes = await shop.notes('v1.2.0');
    assert.notEqual(notes, before);
    const begins = notes.match(/<!-- escape-gate:[^>]*begin -->/g) ?? [];
    assert.equal(begins.length, 1, notes);
  });

  it('that is published has its event read', async () => {
    const release = await shop.release('v1.3.0', '2026-03-01T10:00:00Z');
    const run = await shop.gate({ event: 'release', payload: { action: 'published', repository: REPOSITORY, release: { id: release.id, tag_name: 'v1.3.0', draft: false, prerelease: false } } });
    assert.equal(run.code, 10, run.out + run.log);
    assert.match(await shop.notes('v1.3.0'), /Blocked by the release gate: 2 critical defects/);
  });

  it('has the whole text or nothing in its notes if asked', async () => {
    const notes = async (text) => {
      const run = await shop.gate({ event: 'workflow_dispatch', args: ['check', '--release', 'v1.1.0', '--notes', text] });
      assert.equal(run.code, 10, run.out + run.log);
      return shop.notes('v1.1.0');
    };
    assert.equal(await notes('none'), 'Notes of v1.1.0.');
    assert.match(await notes('full'), /zero-critical[^]*Orders are lost/);
    assert.match(await notes('none'), /Blocked by the release gate/, 'what is there stays true');
    assert.doesNotMatch(await shop.notes('v1.1.0'), /Orders are lost/);
  });
});

describe('on a person\'s machine', () => {
  let shop;
  before(async () => {
    shop = await openShop();
    await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
  });
  after(() => shop.gh.close());
  beforeEach(() => Promise.all([shop.gh.forget(), shop.gh.clearFaults()]));
  afterEach(async () => assert.deepEqual(await shop.gh.violations(), []));

  it('nothing is written to GitHub', async () => {
    const run = await shop.gate();
    assert.equal(run.code, 10, run.log);
    assert.deepEqual(await shop.writes(), []);
  });

  it('a snapshot gives the verdict of the repository it was taken from', async () => {
    const collected = await shop.gate({ args: ['collect'] });
    assert.equal(collected.code, 0, collected.log);
    const snapshot = JSON.parse(collected.snapshot);
    assert.equal(snapshot.schema, 2);
    assert.equal(snapshot.issues.length, 1);
    assert.equal(snapshot.releases.length, 2);
    assert.doesNotMatch(collected.snapshot, /ghs_write/);
  });

  it('a snapshot is not judged by a policy that counts more than the one it was gathered by', async () => {
    await shop.gh.admin('POST', `${REPO}/labels`, { name: 'outage', color: 'ededed' });
    const outage = await shop.issue('Nothing loads', ['outage', 'sev/critical'], '2026-02-22T10:00:00Z');
    const { snapshot } = await shop.gate({ args: ['collect'] });
    assert.deepEqual(JSON.parse(snapshot).asked, { labels: ['bug', 'production-bug'], types: [], 'all-paths': false });
    const judge = (policy, evidence) =>
      shop.gate({ policy, token: '', files: { 'evidence.json': evidence }, args: ['check', '--snapshot', 'evidence.json', '--format', 'json'] });
    const wider = POLICY.replace('[production-bug]', '[outage, "regression-prod-{version}"]');
    const unknown = await judge(wider, snapshot);
    assert.equal(unknown.code, 3, unknown.out + unknown.log);
    assert.match(unknown.out, /gathered by a policy that does not count the labels `outage`, `regression-prod-\{version\}`/);
    const anew = await shop.gate({ policy: wider, args: ['collect'] });
    for (const [policy, evidence] of [[wider, anew.snapshot], [POLICY, snapshot]]) {
      const known = await judge(policy, evidence);
      assert.equal(known.code, 10, known.out + known.log);
    }
    await shop.gh.admin('PATCH', `${REPO}/issues/${outage.number}`, { state: 'closed', labels: [] }, { now: '2026-02-23T10:00:00Z' });
    await shop.gh.admin('DELETE', `${REPO}/labels/outage`);
  });

  it('a fixed defect passes once its fix is merged, and only where it is contained', async () => {
    const [issue] = await shop.gh.admin('GET', `${REPO}/issues?state=open`);
    const head = (await shop.gh.admin('GET', `${REPO}/git/ref/heads/main`)).object.sha;
    const hotfix = await shop.pull('hotfix', `Fixes #${issue.number}`, '2026-02-24T10:00:00Z');
    await shop.merge(hotfix, '2026-02-25T10:00:00Z');
    await shop.gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/tags/v1.1.1', sha: head });
    const without = await shop.gate({ args: ['check', '--release', 'v1.1.1'] });
    assert.equal(without.code, 10, without.out + without.log);
    const fixed = await shop.gate();
    assert.equal(fixed.code, 0, fixed.out + fixed.log);
  });

  it('an Enterprise Server is read under its own paths', async () => {
    const run = await shop.gate({ url: `${shop.gh.url}/api/v3`, graphql: `${shop.gh.url}/api/graphql` });
    assert.equal(run.code, 0, run.out + run.log);
  });

  it('an older Enterprise Server without types and fields is read as far as it goes, with a note', async () => {
    await shop.gh.schemaWithout([
      'Issue.issueType', 'Issue.issueFieldValues', 'Issue.duplicateOf', 'Issue.stateReason.enableDuplicate',
      'Repository.issueTypes', 'Repository.issueFields', 'IssueFilters.type',
    ]);
    try {
      const plain = await shop.gate({ url: `${shop.gh.url}/api/v3`, graphql: `${shop.gh.url}/api/graphql` });
      assert.equal(plain.code, 0, plain.out + plain.log);
      const policy = POLICY.replace('{ labels: [production-bug] }', '{ labels: [production-bug], types: [Bug] }');
      const typed = await shop.gate({ policy });
      assert.equal(typed.code, 0, typed.out + typed.log);
      assert.match(typed.out, /no issue types/);
    } finally {
      await shop.gh.schemaWithout();
    }
  });

  it('a refused token is a gap, and never shown', async () => {
    const run = await shop.gate({ token: 'ghs_nobody' });
    assert.equal(run.code, 3, run.out + run.log);
    assert.doesNotMatch(run.out + run.log, /ghs_nobody/);
  });

  it('a server that sends the token back does not bring it into log, report or snapshot', async () => {
    const said = 'your token ghs_write was seen';
    for (const [status, body] of [[403, { message: said }], [200, { data: null, errors: [{ type: 'INTERNAL', message: said }] }], [422, { message: said }]]) {
      await shop.gh.faults([{ method: 'POST', path: '/graphql', times: 'always', status, body }]);
      for (const args of [['check', '--format', 'json', '--verbose'], ['collect']]) {
        const run = await shop.gate({ args, event: 'workflow_dispatch', env: { ESCAPE_GATE_RETRY_WAIT: '1ms', ESCAPE_GATE_TIMEOUT: '5s' } });
        const all = run.out + run.log + run.summary + run.snapshot + JSON.stringify(run.outputs);
        assert.match(all, /\*\*\*/, `${status} ${args}: ${all}`);
        assert.doesNotMatch(all, /ghs_write/, `${status} ${args}`);
      }
      await shop.gh.clearFaults();
    }
  });

  it('an answer that is cut off is a gap', async () => {
    await shop.gh.faults([{ method: 'POST', path: '/graphql', times: 'always', status: 200, body: { data: { repository: null }, errors: [{ type: 'INTERNAL', message: 'Something went wrong' }] } }]);
    const run = await shop.gate();
    assert.equal(run.code, 3, run.out + run.log);
  });

  it('a server that stumbles once is asked again', async () => {
    await shop.gh.faults([{ method: 'POST', path: '/graphql', times: 1, status: 502, body: { message: 'Bad gateway' } }]);
    const run = await shop.gate();
    assert.equal(run.code, 0, run.out + run.log);
  });

  it('labels that do not exist are not read as zero defects', async () => {
    const policy = 'version: 1\ndefects: { escaped: { labels: [prodution-bug] } }\nrules: [{ id: none, metric: escaped, max: 0 }]\n';
    const run = await shop.gate({ policy });
    assert.equal(run.code, 3, run.out + run.log);
    assert.match(run.out, /production-bug/, 'names the label that was meant');
  });

  it('a misspelt label of escaped defects is not hidden by a right one of caught defects', async () => {
    const policy = 'version: 1\ndefects: { escaped: { labels: [prodution-bug] }, caught: { labels: [bug] } }\nrules: [{ id: none, metric: escaped, max: 0 }]\n';
    const run = await shop.gate({ policy });
    assert.equal(run.code, 3, run.out + run.log);
    assert.match(run.out, /production-bug/, 'names the label that was meant');
    const pattern = await shop.gate({ policy: policy.replace('prodution-bug', '"regression-prod-{version}"') });
    assert.equal(pattern.code, 0, `a pattern may have no label yet: ${pattern.out}`);
  });
});
