// `/_local/…`: what a test may do to the server behind GitHub's back. Never recorded, never part of the API.
import { Clone } from './clone.mjs';
import { at, standAt } from './clock.mjs';
import { schemaWithout } from './graphql/schema.mjs';

// Each: [method, pattern, handler(context, body, ...captures)]; the value returned is the answer.
const ROUTES = [
  ['POST', /^\/faults$/, ({ faults }, body) => faults.add(body)],
  ['DELETE', /^\/faults$/, ({ faults }) => faults.clear()],
  ['GET', /^\/faults$/, ({ faults }) => faults.unused()],
  ['GET', /^\/exchanges$/, ({ recorder }, _, url) => recorder.all({ admin: url.searchParams.has('admin') })],
  ['GET', /^\/git$/, ({ recorder }) => recorder.git()],
  ['DELETE', /^\/exchanges$/, ({ recorder }) => recorder.clear()],
  ['GET', /^\/violations$/, ({ recorder, contract }) => recorder.all({ admin: true }).flatMap((one) => contract.violations(one))],
  ['POST', /^\/clock$/, (_, body) => standAt(body.time)],
  ['POST', /^\/limits$/, ({ limits }, body) => limits.set(body.token, body.resource, body)],
  ['POST', /^\/git$/, (context, body) => { demand(body, ['filter']); Object.assign(context.git, body); }],
  ['POST', /^\/schema$/, (context, body) => { context.schema = schemaWithout(body.without); }],
  ['POST', /^\/tokens$/, ({ accounts }, body) => accounts.add(body)],
  ['PATCH', /^\/repos\/([^/]+\/[^/]+)$/, repository],
  ['PUT', /^\/repos\/([^/]+\/[^/]+)\/clone$/, ({ world }, { folder, merges }, _, repo) => { world.clones.set(repo, new Clone(folder, merges)); }],
  ['PATCH', /^\/repos\/([^/]+\/[^/]+)\/issues\/(\d+)$/, issue],
  ['DELETE', /^\/repos\/([^/]+\/[^/]+)\/issues\/(\d+)$/, removeIssue],
  ['PUT', /^\/repos\/([^/]+\/[^/]+)\/issues\/(\d+)\/links$/, link],
  ['PATCH', /^\/repos\/([^/]+\/[^/]+)\/pulls\/(\d+)$/, pull],
  ['POST', /^\/repos\/([^/]+\/[^/]+)\/issues$/, manyIssues],
  ['PATCH', /^\/comments\/(\d+)$/, ({ world }, body, _, id) => world.minimized[body.minimized ? 'add' : 'delete'](Number(id))],
];

/** Answers a control request, or undefined when there is no such one. */
export async function control(context, method, url, body) {
  const path = url.pathname.replace(/^\/_local/, '');
  for (const [wanted, pattern, handler] of ROUTES) {
    const match = wanted === method && pattern.exec(path);
    if (match) return { value: await handler(context, body, url, ...match.slice(1)) };
  }
  return undefined;
}

const REPOSITORY = ['archived', 'issues', 'issueTypes', 'issueFields', 'mergeQueue'];

/** { archived?: bool, issues?: bool, issueTypes?: [name], issueFields?: [{name, kind, options?}], mergeQueue?: { branch: [{number, commit}] } } */
function repository({ world }, body, _, repo) {
  demand(body, REPOSITORY);
  world.repositories.set(repo, { ...world.repository(repo), ...body });
}

const ISSUE = ['type', 'fields', 'duplicateOf', 'stateReason', 'locked', 'lockReason', 'now'];

/** { type?: name|null, fields?: [{name, kind, value}], duplicateOf?: number|null, stateReason?, locked?, now? } */
async function issue({ world, upstream }, body, _, repo, digits) {
  demand(body, ISSUE);
  const number = Number(digits);
  const { now, ...values } = body;
  await at(now, async () => {
    world.setExtra(repo, number, values);
    if (values.duplicateOf) world.happen(repo, number, 'marked_as_duplicate', upstream.admin, { canonical: values.duplicateOf });
    if (values.duplicateOf === null) world.happen(repo, number, 'unmarked_as_duplicate', upstream.admin, {});
    // An empty change still counts as one: the issue's `updated_at` moves.
    const { status } = await upstream.call('PATCH', `/repos/${repo}/issues/${number}`, {});
    if (status === 200) await world.refresh(repo, number);
  });
}

/** { milestone: title|null, now? }: the emulator gives milestones to issues only. */
async function pull({ world, upstream }, body, _, repo, number) {
  demand(body, ['milestone', 'now']);
  const all = await upstream.all(`/repos/${repo}/milestones?state=all`);
  const milestone = body.milestone && all.find(({ title }) => title === body.milestone);
  if (milestone === undefined) throw new Error(`no such milestone: ${body.milestone}`);
  world.setExtra(repo, number, { milestone });
  await at(body.now, () => upstream.call('PATCH', `/repos/${repo}/pulls/${number}`, {}));
}

/** { pulls: [number | 'owner/name#number'], now? }: the pull requests that a person linked to an issue. Neither's `updated_at` moves. */
async function link({ world, upstream }, { pulls, now }, _, repo, number) {
  const before = world.extra(repo, Number(number)).linked ?? [];
  world.setExtra(repo, Number(number), { linked: pulls });
  await at(now, () => world.happen(repo, Number(number), pulls.length < before.length ? 'disconnected' : 'connected', upstream.admin));
}

/** As if it had been deleted or transferred; GraphQL no longer finds it. REST of the emulator still does. */
async function removeIssue({ world }, _body, _url, repo, number) {
  (await world.issues(repo)).delete(Number(number));
}

/**
 * Many issues at once, straight into the book that GraphQL reads, for tests of size: REST does not know them.
 * Each: { number, title?, body?, state?, state_reason?, labels?: [name], created_at, updated_at?, closed_at? }.
 */
async function manyIssues({ world, upstream, baseUrl }, list, _, repo) {
  const [user, book] = await Promise.all([upstream.read(`/users/${upstream.admin}`), world.issues(repo)]);
  for (const one of list) {
    const { labels = [], ...given } = one;
    for (const label of labels) world.happen(repo, one.number, 'labeled', upstream.admin, { label, created_at: one.created_at });
    book.set(one.number, {
      id: 1_000_000 + one.number, node_id: `I_${one.number}`, title: `Issue ${one.number}`, body: '', state: 'open', state_reason: null,
      updated_at: one.created_at, closed_at: null, user, milestone: null, locked: false, comments: 0,
      html_url: `${baseUrl}/${repo}/issues/${one.number}`, ...links(`${baseUrl}/repos/${repo}`, one.number), ...given,
      labels: labels.map((name) => ({ node_id: `LA_${name}`, name, color: 'ededed', description: null })),
    });
  }
}

const links = (home, number) => {
  const url = `${home}/issues/${number}`;
  return { url, repository_url: home, labels_url: `${url}/labels{/name}`, comments_url: `${url}/comments`, events_url: `${url}/events`, assignee: null };
};

function demand(body, known) {
  const unknown = Object.keys(body).filter((name) => !known.includes(name));
  if (unknown.length) throw new Error(`unknown key: ${unknown.join(', ')}`);
}
