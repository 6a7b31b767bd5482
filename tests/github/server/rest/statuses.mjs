// Commit statuses, which the emulator does not have.
import { invalid, page, refuse, reply } from '../reply.mjs';
import { now } from '../clock.mjs';
import { commitOf, loginUser } from './lookup.mjs';

const STATES = ['error', 'failure', 'pending', 'success'];

export const statuses = [
  ['POST', /^\/statuses\/(.+)$/, create],
  ['GET', /^\/commits\/(.+)\/statuses$/, list],
  ['GET', /^\/commits\/(.+)\/status$/, combined],
];

async function create(request, ref) {
  const { repo, body, world, baseUrl } = request;
  const commit = await commitOf(request, ref);
  if (!commit) return refuse(422, `No commit found for SHA: ${ref}`);
  if (!STATES.includes(body?.state)) return invalid('Status', 'state', 'custom', 'state is not included in the list');
  if ((body.description?.length ?? 0) > 140) {
    return invalid('Status', 'description', 'custom', 'description is too long (maximum is 140 characters)');
  }
  const creator = await loginUser(request);
  const id = world.nextId();
  const status = {
    url: `${baseUrl}/repos/${repo}/statuses/${commit.sha}`, avatar_url: creator.avatar_url, id, node_id: `SC_${id}`,
    state: body.state, description: body.description ?? null, target_url: body.target_url ?? null,
    context: body.context ?? 'default', created_at: now(), updated_at: now(), creator,
  };
  const at = `${repo}@${commit.sha}`;
  world.statuses.set(at, [status, ...(world.statuses.get(at) ?? [])]);
  return reply(201, status, { location: status.url });
}

async function list(request, ref) {
  const commit = await commitOf(request, ref);
  if (!commit) return refuse(422, `No commit found for SHA: ${ref}`);
  return page(request.url, of(request, commit));
}

/** One status a context, the newest; and one state for all of them. */
async function combined(request, ref) {
  const { repo, upstream, baseUrl } = request;
  const commit = await commitOf(request, ref);
  if (!commit) return refuse(422, `No commit found for SHA: ${ref}`);
  const newest = new Map();
  for (const status of of(request, commit)) if (!newest.has(status.context)) newest.set(status.context, status);
  const current = [...newest.values()].map(({ creator, ...status }) => status);
  const url = `${baseUrl}/repos/${repo}/commits/${commit.sha}`;
  return reply(200, structuredClone({
    state: overall(current.map(({ state }) => state)), statuses: current, sha: commit.sha, total_count: current.length,
    repository: await upstream.read(`/repos/${repo}`), commit_url: url, url: `${url}/status`,
  }));
}

function overall(states) {
  if (states.some((state) => state === 'error' || state === 'failure')) return 'failure';
  return states.length === 0 || states.includes('pending') ? 'pending' : 'success';
}

const of = ({ repo, world }, commit) => world.statuses.get(`${repo}@${commit.sha}`) ?? [];
