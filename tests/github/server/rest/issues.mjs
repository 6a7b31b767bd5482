// Issues: what lies over the emulator's (types, fields, duplicates, locks), the limits of comments, and the events.
import { canPush } from '../accounts.mjs';
import { notFound, page, refuse, reply, invalid } from '../reply.mjs';
import { seconds } from '../clock.mjs';
import { forward } from '../forward.mjs';
import { key } from '../world.mjs';
import { allPulls, findPull } from './pull-state.mjs';
import { noteReferences } from './references.mjs';

export const COMMENT_LIMIT = 65536;

export const issues = [
  ['GET', /^\/issues$/, list],
  ['GET', /^\/issues\/events$/, allEvents],
  ['GET', /^\/issues\/(\d+)$/, get],
  ['POST', /^\/issues$/, create],
  ['PATCH', /^\/issues\/(\d+)$/, update],
  ['POST', /^\/issues\/(\d+)\/comments$/, comment],
  ['PATCH', /^\/issues\/comments\/(\d+)$/, editComment],
  ['PUT', /^\/issues\/(\d+)\/lock$/, (request, number) => lock(request, number, true)],
  ['DELETE', /^\/issues\/(\d+)\/lock$/, (request, number) => lock(request, number, false)],
  ['GET', /^\/issues\/(\d+)\/(?:events|timeline)$/, events],
];

/** An issue with what is laid over it. */
export function present({ repo, world }, raw) {
  const extra = world.extra(repo, raw.number);
  const issue = { ...raw };
  if (extra.type !== undefined) issue.type = extra.type && issueType(extra.type);
  if (extra.locked) Object.assign(issue, { locked: true, active_lock_reason: extra.lockReason ?? null });
  if (issue.state === 'closed' && extra.stateReason) issue.state_reason = extra.stateReason;
  return issue;
}

const issueType = (name) => ({ id: 1, node_id: `IT_${name}`, name, description: null, color: 'red', is_enabled: true });

async function list(request) {
  const answer = await forward(request);
  if (Array.isArray(answer.body)) answer.body = answer.body.map((issue) => present(request, issue));
  return answer;
}

async function get(request) {
  const answer = await forward(request);
  if (answer.status === 200) answer.body = present(request, answer.body);
  return answer;
}

async function create(request) {
  const { repo, world, body } = request;
  if ((body?.body?.length ?? 0) > COMMENT_LIMIT) return tooLong('Issue');
  await world.issues(repo); // the book must be open before the new issue exists, or it would be read twice
  const answer = await forward(request);
  if (answer.status !== 201) return answer;
  const issue = answer.body;
  await world.enter(repo, issue);
  if (body.type !== undefined) world.setExtra(repo, issue.number, { type: body.type });
  for (const label of issue.labels) {
    world.happen(repo, issue.number, 'labeled', request.account.login, { label: label.name, created_at: seconds(issue.created_at) });
  }
  await noteReferences(request, issue);
  answer.body = present(request, issue);
  return answer;
}

async function update(request, number) {
  const { repo, body, world } = request;
  if ((body?.body?.length ?? 0) > COMMENT_LIMIT) return tooLong('Issue');
  const answer = await forward(request);
  if (answer.status !== 200) return answer;
  if (body.type !== undefined) world.setExtra(repo, number, { type: body.type });
  // The emulator knows no "duplicate", so the reason of the last change lies over it.
  if (body.state || body.state_reason) {
    world.setExtra(repo, number, { stateReason: body.state_reason === 'duplicate' ? 'duplicate' : undefined });
  }
  await note(request, Number(number));
  await noteReferences(request, answer.body);
  answer.body = present(request, answer.body);
  return answer;
}

/** For writes below an issue that no handler of ours took (labels, assignees), and for changed labels. */
export async function afterIssueWrite(request, path, answer) {
  if (request.method === 'GET' || answer.status >= 300) return;
  const number = /^\/issues\/(\d+)\//.exec(path)?.[1];
  if (number) await note(request, Number(number));
  else if (/^\/(labels|milestones)\//.test(path)) request.world.forget(request.repo);
}

/** Compares an issue with what the book says, and records what happened. */
async function note(request, number, closer) {
  const { repo, world, account } = request;
  const before = (await world.issues(repo)).get(number);
  const after = await world.refresh(repo, number);
  if (!before) await notePull(request, number);
  if (!before || !after) return;
  noteLabels(request, number, before.labels, after.labels);
  if (before.state !== after.state) {
    const event = after.state === 'closed' ? 'closed' : 'reopened';
    const reason = world.extra(repo, number).stateReason ?? after.state_reason;
    world.happen(repo, number, event, account.login, event === 'closed' ? { closer: closer ?? null, reason } : {});
  }
}

/** The same for a pull request, of which only the labels are remembered. */
async function notePull(request, number) {
  const { repo, world } = request;
  const pull = await findPull(request, number);
  if (!pull) return;
  noteLabels(request, number, world.pullLabels.get(key(repo, number)) ?? [], pull.labels);
  world.pullLabels.set(key(repo, number), pull.labels);
}

function noteLabels({ repo, world, account }, number, before, after) {
  const names = (labels) => new Set(labels.map((label) => label.name));
  const [had, has] = [names(before), names(after)];
  for (const label of had) if (!has.has(label)) world.happen(repo, number, 'unlabeled', account.login, { label });
  for (const label of has) if (!had.has(label)) world.happen(repo, number, 'labeled', account.login, { label });
}

/** Closes an open issue as completed, on behalf of a pull request or a commit. */
export async function closeIssue(request, number, closer) {
  const { repo, upstream, world } = request;
  if ((await world.issues(repo)).get(number)?.state !== 'open') return;
  const done = { state: 'closed', state_reason: 'completed' };
  await upstream.call('PATCH', `/repos/${repo}/issues/${number}`, done, { as: request.account.login });
  world.setExtra(repo, number, { stateReason: undefined });
  await note(request, number, closer);
}

async function comment(request, number) {
  const { repo, account, body, world } = request;
  if ((body?.body?.length ?? 0) > COMMENT_LIMIT) return tooLong('IssueComment');
  const { locked } = world.extra(repo, number);
  if (locked && (account.permissions || !canPush(account))) {
    return refuse(403, 'Unable to create comment because issue is locked.');
  }
  const answer = await forward(request);
  await afterIssueWrite(request, `/issues/${number}/comments`, answer);
  return answer;
}

async function editComment(request) {
  if ((request.body?.body?.length ?? 0) > COMMENT_LIMIT) return tooLong('IssueComment');
  const answer = await forward(request);
  if (answer.status === 200) request.world.edited.set(answer.body.id, answer.body.updated_at);
  return answer;
}

const tooLong = (resource) => invalid(resource, 'body', 'custom', `body is too long (maximum is ${COMMENT_LIMIT} characters)`);

/** Laid over instead of passed on, because the emulator locks issues but not pull requests. */
async function lock({ repo, body, world }, number, locked) {
  world.setExtra(repo, number, { locked, lockReason: locked ? body?.lock_reason : undefined });
  return reply(204);
}

async function events(request, number) {
  const { repo, url, world } = request;
  if (!(await world.issues(repo)).has(Number(number))) return notFound();
  return page(url, await Promise.all(shownEvents(world, repo, Number(number)).map((entry) => shown(request, entry))));
}

/** REST has references in the timeline alone. */
const shownEvents = (world, repo, number) => world.eventsOf(repo, number).filter(({ event }) => event !== 'cross_referenced');

/** The events of all issues and pull requests, newest first, each with its issue. */
async function allEvents(request) {
  const { repo, url, world } = request;
  const pulls = (await allPulls(request)).map((pull) => asIssue(request, pull));
  const all = [...(await world.issues(repo)).values(), ...pulls].flatMap((issue) =>
    shownEvents(world, repo, issue.number).map((entry) => ({ entry, issue })));
  all.sort((a, b) => b.entry.id - a.entry.id);
  const answer = page(url, all);
  answer.body = await Promise.all(answer.body.map(async ({ entry, issue }) => ({ ...(await shown(request, entry)), issue: present(request, issue) })));
  return answer;
}

/** A pull request as it stands among issues. */
function asIssue({ repo, baseUrl }, pull) {
  const { head: _, base: __, merged_at, html_url, diff_url, patch_url, url, ...rest } = pull;
  const home = `${baseUrl}/repos/${repo}`;
  const at = `${home}/issues/${pull.number}`;
  return {
    comments: 0, assignee: null, ...rest, html_url, url: at, repository_url: home, labels_url: `${at}/labels{/name}`, comments_url: `${at}/comments`,
    events_url: `${at}/events`, pull_request: { url, html_url, diff_url, patch_url, merged_at },
  };
}

async function shown({ repo, upstream, baseUrl }, entry) {
  return {
    id: entry.id, node_id: `EV_${entry.id}`, url: `${baseUrl}/repos/${repo}/issues/events/${entry.id}`,
    actor: await upstream.read(`/users/${encodeURIComponent(entry.actor)}`), event: entry.event,
    commit_id: entry.closer?.commit ?? null, commit_url: null, created_at: entry.created_at, performed_via_github_app: null,
    ...(entry.label ? { label: { name: entry.label, color: 'ededed' } } : {}),
    ...(entry.event === 'closed' ? { state_reason: null } : {}),
  };
}
