// The local GitHub itself: what the other tests lean on must hold.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startGitHub } from './server/start.mjs';

const REPO = '/repos/acme/shop';

describe('the local GitHub', () => {
  let gh;
  before(async () => {
    gh = await startGitHub({ seed: { repos: ['acme/shop', { owner: 'acme', name: 'secret', private: true }] } });
  });
  after(() => gh.close());
  beforeEach(() => Promise.all([gh.clearFaults(), gh.forget()]));

  /** A request as the program under test would send it. */
  const send = (method, path, body, { token = 'ghs_write', headers = {}, base = gh.url } = {}) =>
    fetch(base + path, {
      method, body: body && JSON.stringify(body),
      headers: { 'x-github-api-version': '2022-11-28', ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    });
  const query = async (text, variables, token) => (await send('POST', '/graphql', { query: text, variables }, { token })).json();

  /** A branch with one changed file, and its pull request. */
  async function openPull(branch, file, body, now) {
    const { object } = await gh.admin('GET', `${REPO}/git/ref/heads/main`);
    await gh.admin('POST', `${REPO}/git/refs`, { ref: `refs/heads/${branch}`, sha: object.sha });
    const content = Buffer.from(`${branch}\n`).toString('base64');
    await gh.admin('PUT', `${REPO}/contents/${file}`, { message: `Change ${file}`, content, branch }, { now });
    return gh.admin('POST', `${REPO}/pulls`, { title: `Change ${file}`, head: branch, base: 'main', body }, { now });
  }

  it('keeps a history: an issue, its fix, and the release that carries it', async () => {
    const issue = await gh.admin('POST', `${REPO}/issues`, { title: 'Orders are lost', labels: ['production-bug'] }, { now: '2026-01-10T10:00:00Z' });
    const pull = await openPull('fix-orders', 'src/orders.js', `Fixes #${issue.number}`, '2026-01-11T10:00:00Z');
    const { sha } = await gh.admin('PUT', `${REPO}/pulls/${pull.number}/merge`, {}, { now: '2026-01-12T10:00:00Z' });
    await gh.admin('POST', `${REPO}/releases`, { tag_name: 'v1.0.0', body: 'Notes.' }, { now: '2026-01-13T10:00:00Z' });

    const { data, errors } = await query(`query($n: Int!) { repository(owner: "acme", name: "shop") {
      issue(number: $n) {
        state stateReason(enableDuplicate: true) createdAt closedAt
        closedByPullRequestsReferences(first: 10, includeClosedPrs: true) { nodes {
          number mergeCommit { oid } files(first: 100) { totalCount nodes { path } } } }
        timelineItems(first: 10, itemTypes: [LABELED_EVENT, CLOSED_EVENT]) { nodes {
          __typename
          ... on LabeledEvent { createdAt label { name } }
          ... on ClosedEvent { createdAt closer { __typename ... on PullRequest { number } } } } } }
      release(tagName: "v1.0.0") { publishedAt tagCommit { oid committedDate } } } }`, { n: issue.number });

    assert.equal(errors, undefined);
    assert.deepEqual(data.repository.issue, {
      state: 'CLOSED', stateReason: 'COMPLETED', createdAt: '2026-01-10T10:00:00Z', closedAt: '2026-01-12T10:00:00Z',
      closedByPullRequestsReferences: { nodes: [
        { number: pull.number, mergeCommit: { oid: sha }, files: { totalCount: 1, nodes: [{ path: 'src/orders.js' }] } }] },
      timelineItems: { nodes: [
        { __typename: 'LabeledEvent', createdAt: '2026-01-10T10:00:00Z', label: { name: 'production-bug' } },
        { __typename: 'ClosedEvent', createdAt: '2026-01-12T10:00:00Z', closer: { __typename: 'PullRequest', number: pull.number } }] },
    });
    assert.deepEqual(data.repository.release, {
      publishedAt: '2026-01-13T10:00:00Z', tagCommit: { oid: sha, committedDate: '2026-01-12T10:00:00Z' },
    });
  });

  it('merges onto what happened meanwhile, and refuses a conflict', async () => {
    const first = await openPull('one', 'one.txt', '');
    const second = await openPull('two', 'two.txt', '');
    const rival = await openPull('rival', 'one.txt', '');
    await gh.admin('PUT', `${REPO}/pulls/${first.number}/merge`, { merge_method: 'squash' });
    await gh.admin('PUT', `${REPO}/pulls/${second.number}/merge`, { merge_method: 'rebase' });
    await gh.admin('GET', `${REPO}/contents/one.txt`);
    await gh.admin('GET', `${REPO}/contents/two.txt`);
    await assert.rejects(gh.admin('PUT', `${REPO}/pulls/${rival.number}/merge`, {}), /405 .*not mergeable/);
  });

  it('gives each token what it may do, and says what is missing', async () => {
    const { number } = await gh.admin('POST', `${REPO}/issues`, { title: 'Comment here' });
    const path = `${REPO}/issues/${number}/comments`;
    const written = await send('POST', path, { body: 'from the workflow' });
    assert.equal(written.status, 201);
    assert.equal((await written.json()).user.login, 'github-actions[bot]');

    const refused = await send('POST', path, { body: 'no' }, { token: 'ghs_read' });
    assert.equal(refused.status, 403);
    assert.equal((await refused.json()).message, 'Resource not accessible by integration');
    assert.equal(refused.headers.get('x-accepted-github-permissions'), 'issues=write; pull_requests=write');

    assert.equal((await send('GET', path, undefined, { token: 'nonsense' })).status, 401);
    assert.equal((await send('GET', '/repos/acme/secret', undefined, { token: 'ghp_outsider' })).status, 404);
    const tooLong = await send('POST', path, { body: 'x'.repeat(65537) });
    assert.equal(tooLong.status, 422);
    assert.match((await tooLong.json()).errors[0].message, /maximum is 65536 characters/);
  });

  it('pages comments by link, under the prefix of an Enterprise Server too', async () => {
    const { number } = await gh.admin('POST', `${REPO}/issues`, { title: 'Many comments' });
    for (let n = 0; n < 5; n += 1) await gh.admin('POST', `${REPO}/issues/${number}/comments`, { body: `comment ${n}` });
    const bodies = [];
    let next = `${gh.url}/api/v3${REPO}/issues/${number}/comments?per_page=2`;
    while (next) {
      const answer = await send('GET', '', undefined, { base: next });
      bodies.push(...(await answer.json()).map(({ body }) => body));
      next = /<([^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      if (next) assert.match(next, /\/api\/v3\/repositories\/\d+\//);
    }
    assert.deepEqual(bodies, ['comment 0', 'comment 1', 'comment 2', 'comment 3', 'comment 4']);

    const text = 'query($n: Int!, $after: String) { repository(owner: "acme", name: "shop") { issue(number: $n) { comments(first: 3, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { body viewerDidAuthor } } } } }';
    const first = (await query(text, { n: number })).data.repository.issue.comments;
    assert.deepEqual([first.totalCount, first.nodes.length, first.pageInfo.hasNextPage], [5, 3, true]);
    const second = (await query(text, { n: number, after: first.pageInfo.endCursor })).data.repository.issue.comments;
    assert.deepEqual([second.nodes.length, second.pageInfo.hasNextPage], [2, false]);
  });

  it('answers 304 to a known ETag', async () => {
    const { headers } = await send('GET', `${REPO}/releases`);
    const again = await send('GET', `${REPO}/releases`, undefined, { headers: { 'if-none-match': headers.get('etag') } });
    assert.equal(again.status, 304);
  });

  it('shows drafts only to those who may push, and never by tag', async () => {
    const draft = await gh.admin('POST', `${REPO}/releases`, { tag_name: 'v9.0.0', draft: true });
    assert.equal((await send('GET', `${REPO}/releases/tags/v9.0.0`)).status, 404);
    assert.equal((await send('GET', `${REPO}/releases/${draft.id}`, undefined, { token: 'ghs_read' })).status, 404);
    assert.equal((await send('GET', `${REPO}/releases/${draft.id}`)).status, 200);
    const published = await send('PATCH', `${REPO}/releases/${draft.id}`, { draft: false });
    assert.equal((await published.json()).tag_name, 'v9.0.0');
    assert.equal((await send('GET', `${REPO}/releases/tags/v9.0.0`)).status, 200);
  });

  it('says who labelled, closed and reopened, and what an author is to the repository', async () => {
    await gh.token({ token: 'ghp_reporter', login: 'outsider', association: 'CONTRIBUTOR' });
    const opened = '2026-03-01T10:00:00Z';
    const issue = await gh.admin('POST', `${REPO}/issues`, { title: 'Who', labels: ['bug'] }, { now: opened, token: 'ghp_reporter' });
    const at = `${REPO}/issues/${issue.number}`;
    await gh.admin('POST', `${at}/labels`, { labels: ['affects-1.1'] }, { now: '2026-03-02T10:00:00Z', token: 'ghs_write' });
    await gh.admin('DELETE', `${at}/labels/bug`, undefined, { now: '2026-03-03T10:00:00Z' });
    await gh.admin('PATCH', at, { state: 'closed', state_reason: 'not_planned' }, { now: '2026-03-04T10:00:00Z', token: 'ghs_write' });
    await gh.admin('PATCH', at, { state: 'open' }, { now: '2026-03-05T10:00:00Z' });
    const { data, errors } = await query(`query($n: Int!) { repository(owner: "acme", name: "shop") { issue(number: $n) {
      createdAt author { login } authorAssociation
      timelineItems(first: 10, itemTypes: [LABELED_EVENT, UNLABELED_EVENT, CLOSED_EVENT, REOPENED_EVENT]) { nodes {
        ... on LabeledEvent { createdAt label { name } actor { __typename login } }
        ... on UnlabeledEvent { label { name } actor { __typename login } }
        ... on ClosedEvent { stateReason closer { __typename } actor { __typename login } }
        ... on ReopenedEvent { actor { __typename login } } } } } } }`, { n: issue.number });
    assert.equal(errors, undefined);
    const admin = { __typename: 'User', login: 'acme-admin' };
    const bot = { __typename: 'Bot', login: 'github-actions' };
    assert.deepEqual(data.repository.issue, {
      createdAt: opened, author: { login: 'outsider' }, authorAssociation: 'CONTRIBUTOR',
      timelineItems: { nodes: [
        { createdAt: opened, label: { name: 'bug' }, actor: { __typename: 'User', login: 'outsider' } },
        { createdAt: '2026-03-02T10:00:00Z', label: { name: 'affects-1.1' }, actor: bot },
        { label: { name: 'bug' }, actor: admin },
        { stateReason: 'NOT_PLANNED', closer: null, actor: bot },
        { actor: admin }] },
    });
    assert.equal((await gh.admin('GET', at)).author_association, 'CONTRIBUTOR');
  });

  it('knows who refers to what, and finds pull requests by label', async () => {
    const issue = await gh.admin('POST', `${REPO}/issues`, { title: 'Referred to' });
    await gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/heads/release-1.1', sha: (await gh.admin('GET', `${REPO}/git/ref/heads/main`)).object.sha });
    const fix = await openPull('referred', 'referred.txt', `Fixes #${issue.number}`, '2026-03-01T10:00:00Z');
    const change = { message: 'Port', content: '', branch: 'port' };
    await gh.admin('POST', `${REPO}/git/refs`, { ref: 'refs/heads/port', sha: fix.base.sha });
    await gh.admin('PUT', `${REPO}/contents/port.txt`, change);
    const port = await gh.admin('POST', `${REPO}/pulls`, { title: `Port (#${fix.number})`, head: 'port', base: 'release-1.1', body: 'Later.' }, { now: '2026-03-02T10:00:00Z' });
    await gh.admin('PATCH', `${REPO}/pulls/${port.number}`, { body: `For #${issue.number}, not other/shop#${issue.number}.` }, { now: '2026-03-03T10:00:00Z' });
    await gh.admin('POST', `${REPO}/issues/${port.number}/labels`, { labels: ['release-blocker'] });
    await gh.admin('POST', `${REPO}/milestones`, { title: 'v1.1.1' });
    await gh.pull('acme/shop', port.number, { milestone: 'v1.1.1' });
    const { data, errors } = await query(`query($issue: Int!, $fix: Int!) { repository(owner: "acme", name: "shop") {
      issue(number: $issue) { timelineItems(first: 10, itemTypes: [CROSS_REFERENCED_EVENT]) { nodes { ...Reference } } }
      pullRequest(number: $fix) { timelineItems(first: 10, itemTypes: [CROSS_REFERENCED_EVENT]) { nodes { ...Reference } } }
      pullRequests(first: 10, labels: ["release-blocker"], states: [OPEN]) { nodes {
        number state title body baseRefName headRefName mergedAt mergeCommit { oid } author { login } authorAssociation milestone { title }
        labels(first: 10) { nodes { name } }
        timelineItems(first: 10, itemTypes: [LABELED_EVENT]) { nodes { ... on LabeledEvent { label { name } actor { login } } } } } }
      merged: pullRequests(first: 10, labels: ["release-blocker"], states: [MERGED]) { totalCount } } }
      fragment Reference on CrossReferencedEvent { createdAt willCloseTarget source { ... on PullRequest { number baseRefName } } }`,
    { issue: issue.number, fix: fix.number });
    assert.equal(errors, undefined);
    const source = { number: port.number, baseRefName: 'release-1.1' };
    assert.deepEqual(data.repository.issue.timelineItems.nodes, [
      { createdAt: '2026-03-01T10:00:00Z', willCloseTarget: true, source: { number: fix.number, baseRefName: 'main' } },
      { createdAt: '2026-03-03T10:00:00Z', willCloseTarget: false, source }]);
    assert.deepEqual(data.repository.pullRequest.timelineItems.nodes, [{ createdAt: '2026-03-02T10:00:00Z', willCloseTarget: false, source }]);
    assert.deepEqual(data.repository.pullRequests.nodes, [{
      number: port.number, state: 'OPEN', title: `Port (#${fix.number})`, body: `For #${issue.number}, not other/shop#${issue.number}.`,
      baseRefName: 'release-1.1', headRefName: 'port', mergedAt: null, mergeCommit: null, author: { login: 'acme-admin' }, authorAssociation: 'MEMBER',
      milestone: { title: 'v1.1.1' }, labels: { nodes: [{ name: 'release-blocker' }] },
      timelineItems: { nodes: [{ label: { name: 'release-blocker' }, actor: { login: 'acme-admin' } }] },
    }]);
    assert.equal(data.repository.merged.totalCount, 0);
  });

  it('keeps types, fields and duplicates, which only a control call can set', async () => {
    const original = await gh.admin('POST', `${REPO}/issues`, { title: 'Original' });
    const copy = await gh.admin('POST', `${REPO}/issues`, { title: 'Copy' });
    await gh.repository('acme/shop', { issueTypes: ['Bug', 'Task'] });
    await gh.issue('acme/shop', copy.number, {
      type: 'Bug', duplicateOf: original.number, stateReason: 'duplicate',
      fields: [{ name: 'Found in', kind: 'Text', value: 'v1.4.0' }, { name: 'Impact', kind: 'Number', value: 3 }],
    });
    await gh.admin('PATCH', `${REPO}/issues/${copy.number}`, { state: 'closed', state_reason: 'duplicate' });
    const { data, errors } = await query(`query { repository(owner: "acme", name: "shop") {
      issueTypes(first: 10) { nodes { name } }
      issues(first: 10, filterBy: { type: "Bug" }) { nodes {
        number state plain: stateReason stateReason(enableDuplicate: true) issueType { name } duplicateOf { number }
        issueFieldValues(first: 10) { nodes {
          ... on IssueFieldTextValue { text: value field { ... on IssueFieldCommon { name } } }
          ... on IssueFieldNumberValue { number: value field { ... on IssueFieldCommon { name } } } } }
        timelineItems(first: 10, itemTypes: [MARKED_AS_DUPLICATE_EVENT]) { nodes {
          ... on MarkedAsDuplicateEvent { canonical { ... on Issue { number } } } } } } } } }`);
    assert.equal(errors, undefined);
    assert.deepEqual(data.repository.issueTypes.nodes, [{ name: 'Bug' }, { name: 'Task' }]);
    assert.deepEqual(data.repository.issues.nodes, [{
      number: copy.number, state: 'CLOSED', plain: 'NOT_PLANNED', stateReason: 'DUPLICATE', issueType: { name: 'Bug' },
      duplicateOf: { number: original.number },
      issueFieldValues: { nodes: [{ text: 'v1.4.0', field: { name: 'Found in' } }, { number: 3, field: { name: 'Impact' } }] },
      timelineItems: { nodes: [{ canonical: { number: original.number } }] },
    }]);
  });

  it('finds nodes by id, and does not know what was hidden from the schema', async () => {
    const issue = await gh.admin('POST', `${REPO}/issues`, { title: 'A node' });
    const comment = await gh.admin('POST', `${REPO}/issues/${issue.number}/comments`, { body: 'Mine.' });
    const ids = [issue.node_id, comment.node_id, 'gone'];
    const found = await query('query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number } ... on IssueComment { viewerDidAuthor } } }', { ids });
    assert.deepEqual(found.data.nodes, [{ number: issue.number }, { viewerDidAuthor: false }, null]);
    assert.deepEqual(found.errors.map(({ type }) => type), ['NOT_FOUND']);
    const fields = async () => (await query('{ __type(name: "Issue") { fields { name } } }')).data.__type.fields.map(({ name }) => name);
    assert.ok((await fields()).includes('issueType'));
    await gh.schemaWithout(['Issue.issueType']);
    assert.ok(!(await fields()).includes('issueType'));
    await gh.schemaWithout();
    await assert.rejects(gh.schemaWithout(['Issue.nonsense']), /Issue.nonsense/);
  });

  it('refuses GraphQL as GitHub does', async () => {
    const missing = await query('query { repository(owner: "acme", name: "nothing") { id } }');
    assert.equal(missing.errors[0].type, 'NOT_FOUND');
    assert.deepEqual(missing.data, { repository: null });
    const unbounded = await query('query { repository(owner: "acme", name: "shop") { labels { totalCount } } }');
    assert.equal(unbounded.errors[0].type, 'MISSING_PAGINATION_BOUNDARIES');
    const byDefault = await query('query($n: Int = 100) { repository(owner: "acme", name: "shop") { labels(first: $n) { totalCount } } }');
    assert.equal(byDefault.errors, undefined);
    const deep = await query('query { repository(owner: "acme", name: "shop") { issues(first: 100) { nodes { labels(first: 100) { totalCount } comments(first: 100) { totalCount nodes { id } } } } pullRequests(first: 100) { nodes { closingIssuesReferences(first: 100) { nodes { labels(first: 100) { totalCount } } } } } } }');
    assert.equal(deep.errors[0].type, 'MAX_NODE_LIMIT_EXCEEDED');
    await gh.token({ token: 'ghs_poor', login: 'github-actions[bot]', permissions: { issues: 'read', metadata: 'read' } });
    await gh.limit({ token: 'ghs_poor', resource: 'graphql', remaining: 0 });
    const limited = await query('query { viewer { login } }', {}, 'ghs_poor');
    assert.equal(limited.errors[0].type, 'RATE_LIMITED');
  });

  it('lets things go wrong on demand, in order', async () => {
    await gh.faults([
      { method: 'GET', path: '/releases', status: 502, body: '<html>bad gateway</html>', headers: { 'content-type': 'text/html' } },
      { method: 'GET', path: '/releases', drop: 'before' },
      { method: 'GET', path: '/releases', drop: 'mid-body' },
      { operation: 'Slow', delayMs: 50 },
    ]);
    const first = await send('GET', `${REPO}/releases`);
    assert.deepEqual([first.status, await first.text()], [502, '<html>bad gateway</html>']);
    await assert.rejects(send('GET', `${REPO}/releases`));
    await assert.rejects(async () => (await send('GET', `${REPO}/releases`)).json());
    assert.equal((await send('GET', `${REPO}/releases`)).status, 200);
    const start = performance.now();
    await query('query Slow { viewer { login } }');
    assert.ok(performance.now() - start >= 45);
    assert.deepEqual(await gh.unusedFaults(), []);
  });

  it('knows a pull request from a fork', async () => {
    const outsider = { token: 'ghp_outsider' };
    await gh.admin('POST', `${REPO}/forks`, {}, outsider);
    const fork = '/repos/outsider/shop';
    const { object } = await gh.admin('GET', `${fork}/git/ref/heads/main`, undefined, outsider);
    await gh.admin('POST', `${fork}/git/refs`, { ref: 'refs/heads/idea', sha: object.sha }, outsider);
    const change = { message: 'Idea', content: Buffer.from('idea').toString('base64'), branch: 'idea' };
    await gh.admin('PUT', `${fork}/contents/idea.txt`, change, outsider);
    const pull = await gh.admin('POST', `${REPO}/pulls`, { title: 'Idea', head: 'outsider:idea', base: 'main' }, outsider);
    const { data, errors } = await query(`query($n: Int!) { repository(owner: "acme", name: "shop") { pullRequest(number: $n) {
      isCrossRepository headRefName files(first: 10) { nodes { path } } } } }`, { n: pull.number });
    assert.equal(errors, undefined);
    assert.deepEqual(data.repository.pullRequest, { isCrossRepository: true, headRefName: 'idea', files: { nodes: [{ path: 'idea.txt' }] } });
  });

  it('takes a write whose answer is lost', async () => {
    const { number } = await gh.admin('POST', `${REPO}/issues`, { title: 'Cut' });
    const path = `${REPO}/issues/${number}/comments`;
    await gh.faults([{ method: 'POST', path: '/comments$', status: 502, effect: true }, { method: 'POST', path: '/comments$', drop: 'mid-body' }]);
    assert.equal((await send('POST', path, { body: 'arrived' })).status, 502);
    await assert.rejects(async () => (await send('POST', path, { body: 'arrived too' })).json());
    assert.equal((await gh.admin('GET', path)).length, 2);
  });

  it('fits the contract itself', async () => {
    const { number } = await gh.admin('POST', `${REPO}/issues`, { title: 'Everything once' });
    const { id } = await gh.admin('POST', `${REPO}/issues/${number}/comments`, { body: 'x' });
    const { object: { sha } } = await gh.admin('GET', `${REPO}/git/ref/heads/main`);
    await gh.admin('PATCH', `${REPO}/issues/comments/${id}`, { body: 'y' });
    await gh.admin('POST', `${REPO}/statuses/${sha}`, { state: 'success', context: 'escape-gate' });
    await gh.admin('POST', `${REPO}/deployments`, { ref: 'main' });
    const pull = await openPull('contract', 'contract.txt', '');
    const reads = ['', '/issues?state=all', `/issues/${number}`, '/labels', '/pulls?state=all', `/pulls/${pull.number}`, `/pulls/${pull.number}/files`,
      `/pulls/${pull.number}/commits`, '/commits', '/commits/main', `/commits/${sha}/pulls`, `/commits/${sha}/status`, '/releases', '/tags',
      '/git/matching-refs/tags/', `/compare/main...contract?per_page=100&page=1`, '/contents/README.md', '/deployments'];
    for (const path of reads) await gh.admin('GET', REPO + path);
    await gh.admin('DELETE', `${REPO}/issues/comments/${id}`);
    assert.deepEqual(await gh.violations(), []);
    assert.deepEqual(await gh.log(), []); // the test's own requests are not the program's
  });

  it('catches what does not fit the contract', async () => {
    const { number } = await gh.admin('POST', `${REPO}/issues`, { title: 'Wrong use' });
    await send('POST', `${REPO}/issues/${number}/comments`, { body: 'x', colour: 'red' });
    await send('GET', `${REPO}/releases?pages=2`);
    await send('GET', '/octocat');
    await query('query { repository(owner: "acme", name: "shop") { bugs } }');
    await send('GET', `${REPO}/releases`, undefined, { headers: { 'x-github-api-version': '2026-03-10' } });
    const found = await gh.violations();
    assert.equal(found.length, 5, found.join('\n'));
    assert.match(found[0], /POST .*\/comments: request: unknown property "colour"/);
    assert.match(found[1], /query: unknown parameter "pages"/);
    assert.match(found[2], /\/octocat: not an operation of the contract/);
    assert.match(found[3], /Cannot query field "bugs" on type "Repository"/);
    assert.match(found[4], /the header x-github-api-version is 2026-03-10, not 2022-11-28/);
    assert.equal((await gh.log())[1], `GET ${REPO}/releases?pages=2 200`);
  });
});
