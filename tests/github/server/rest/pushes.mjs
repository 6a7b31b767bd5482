// Commits that reach the default branch without a pull request close issues too.
import { forward } from '../forward.mjs';
import { closedIn } from '../keywords.mjs';
import { closeIssue } from './issues.mjs';
import { branchHead, defaultBranch } from './lookup.mjs';

export const pushes = [
  ['PUT', /^\/contents\/.+$/, contents],
  ['DELETE', /^\/contents\/.+$/, contents],
  ['PATCH', /^\/git\/refs\/heads\/(.+)$/, moveBranch],
];

async function contents(request) {
  const branch = request.body?.branch;
  const pushed = !branch || branch === (await defaultBranch(request));
  const answer = await forward(request);
  if (pushed && answer.status < 300) await closeBy(request, answer.body.commit);
  return answer;
}

async function moveBranch(request, branch) {
  const { repo, upstream } = request;
  const isDefault = branch === (await defaultBranch(request));
  const before = await branchHead(request, repo, branch);
  const answer = await forward(request);
  if (isDefault && answer.status === 200) {
    const range = await upstream.read(`/repos/${repo}/compare/${before}...${answer.body.object.sha}`);
    for (const { sha, commit } of range?.commits ?? []) await closeBy(request, { sha, message: commit.message });
  }
  return answer;
}

async function closeBy(request, { sha, message }) {
  for (const number of closedIn(message, request.repo)) await closeIssue(request, number, { commit: sha });
}
