// REST: refusals first, then what the emulator lacks, then the emulator itself.
import { canPush, check, needed } from './accounts.mjs';
import { fill } from './fill.mjs';
import { forward } from './forward.mjs';
import { notFound, refuse } from './reply.mjs';
import { collaborators } from './rest/collaborators.mjs';
import { commits } from './rest/commits.mjs';
import { deployments } from './rest/deployments.mjs';
import { forks } from './rest/forks.mjs';
import { issues, afterIssueWrite } from './rest/issues.mjs';
import { pulls } from './rest/pulls.mjs';
import { pushes } from './rest/pushes.mjs';
import { releases } from './rest/releases.mjs';
import { statuses } from './rest/statuses.mjs';

// Each: [method, pattern below /repos/{owner}/{repo}, handler(request, ...captures)]; first match wins.
const ROUTES = [...collaborators, ...statuses, ...deployments, ...forks, ...commits, ...pulls, ...issues, ...releases, ...pushes];

/** Answers `request` (see http.mjs for its fields). */
export async function rest(request) {
  const { method, path, account, world } = request;
  const refusal = check(account, method, path);
  if (refusal) return refusal;
  const [, repo, below] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path) ?? [];
  if (repo) {
    request.repo = repo;
    if (!(await seen(request))) return notFound();
    if (method !== 'GET' && world.repository(repo).archived && below) {
      return refuse(403, 'Repository was archived so is read-only.');
    }
  }
  const answer = repo && below ? await route(request, below) : await forward(request);
  const accepted = account?.permissions && needed(method, path);
  if (accepted) answer.headers['x-accepted-github-permissions'] ??= accepted;
  // What handlers return may still stand in the cache of reads.
  answer.body = fill(structuredClone(answer.body), request.baseUrl, request.accounts);
  return answer;
}

/** Whether the account can see the repository at all: a private one does not exist for strangers. */
async function seen({ repo, account, upstream }) {
  if (canPush(account) || account?.permissions) return true;
  return (await upstream.call('GET', `/repos/${repo}`, undefined, { as: account?.login ?? null })).status === 200;
}

async function route(request, below) {
  for (const [method, pattern, handler] of ROUTES) {
    const match = method === request.method && pattern.exec(below);
    if (match) return handler(request, ...match.slice(1).map(decodeURIComponent));
  }
  const answer = await forward(request);
  await afterIssueWrite(request, below, answer);
  return answer;
}
