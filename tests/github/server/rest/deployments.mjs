// Deployments and their statuses, which the emulator does not have.
import { notFound, page, refuse, reply } from '../reply.mjs';
import { now } from '../clock.mjs';
import { commitOf, loginUser } from './lookup.mjs';

export const deployments = [
  ['GET', /^\/deployments$/, list],
  ['POST', /^\/deployments$/, create],
  ['GET', /^\/deployments\/(\d+)\/statuses$/, listStatuses],
  ['POST', /^\/deployments\/(\d+)\/statuses$/, createStatus],
];

const FILTERS = ['sha', 'ref', 'task', 'environment'];

async function list({ repo, url, world }) {
  const wanted = (entry) => FILTERS.every((name) => {
    const value = url.searchParams.get(name);
    return !value || value === 'none' || entry.shown[name] === value;
  });
  const hits = world.deployments.filter((entry) => entry.repo === repo && wanted(entry));
  return page(url, hits.map(({ shown }) => shown));
}

async function create(request) {
  const { repo, body, world, baseUrl } = request;
  const commit = await commitOf(request, body.ref);
  if (!commit) return refuse(422, `No ref found for: ${body.ref}`);
  const id = world.nextId();
  const environment = body.environment ?? 'production';
  const url = `${baseUrl}/repos/${repo}/deployments/${id}`;
  const shown = {
    url, id, node_id: `DE_${id}`, sha: commit.sha, ref: body.ref, task: body.task ?? 'deploy', payload: body.payload ?? {},
    original_environment: environment, environment, description: body.description ?? null,
    creator: await loginUser(request), created_at: now(), updated_at: now(), statuses_url: `${url}/statuses`,
    repository_url: `${baseUrl}/repos/${repo}`, transient_environment: Boolean(body.transient_environment),
    production_environment: body.production_environment ?? environment === 'production',
  };
  world.deployments.unshift({ repo, shown, statuses: [] });
  return reply(201, shown);
}

const find = ({ repo, world }, id) => world.deployments.find((entry) => entry.repo === repo && entry.shown.id === Number(id));

async function listStatuses(request, id) {
  const entry = find(request, id);
  return entry ? page(request.url, entry.statuses) : notFound();
}

async function createStatus(request, number) {
  const { body, world } = request;
  const entry = find(request, number);
  if (!entry) return notFound();
  const id = world.nextId();
  const { shown } = entry;
  const status = {
    url: `${shown.statuses_url}/${id}`, id, node_id: `DES_${id}`, state: body.state, creator: await loginUser(request),
    description: body.description ?? '', environment: body.environment ?? shown.environment, target_url: body.target_url ?? '',
    created_at: now(), updated_at: now(), deployment_url: shown.url, repository_url: shown.repository_url,
    environment_url: body.environment_url ?? '', log_url: body.log_url ?? '',
  };
  entry.statuses.unshift(status);
  return reply(201, status, { location: status.url });
}
