// The pull requests of a commit, the comparison of two commits, and the list of tags with the commits they stand for.
import { now } from '../clock.mjs';
import { framed, idOf, tagBytes } from '../git-objects.mjs';
import { forward } from '../forward.mjs';
import { page, refuse, reply } from '../reply.mjs';
import { commitOf } from './lookup.mjs';
import { allPulls, commitsOf, comparison, isFromFork } from './pull-state.mjs';

export const commits = [
  ['GET', /^\/commits\/([^/]+)\/pulls$/, pullsOf],
  ['GET', /^\/compare\/(.+)\.\.\.(.+)$/, compare],
  ['GET', /^\/tags$/, tags],
  ['POST', /^\/git\/tags$/, createTag],
];

async function pullsOf(request, ref) {
  const commit = await commitOf(request, ref);
  if (!commit) return refuse(422, `No commit found for SHA: ${ref}`);
  return page(request.url, await pullsWithCommit(request, commit.sha));
}

/**
 * GitHub keeps the head of every pull request, a fork's too. The emulator finds that in the fork alone, which has none of
 * the history before it: what the base branch has gained and what the pull request adds are put together.
 */
async function compare(request, base, head) {
  const answer = await forward(request);
  if (answer.status !== 404) return answer;
  const pull = (await allPulls(request)).find((one) => isFromFork(one, request.repo) && one.head.sha === head);
  const since = pull && (await request.upstream.read(`/repos/${request.repo}/compare/${base}...${pull.base.sha}`));
  if (!since) return answer;
  const added = await comparison(request, pull);
  const commits = [...since.commits, ...added.commits];
  return reply(200, {
    ...since, status: 'ahead', ahead_by: commits.length, total_commits: commits.length, commits, files: [...since.files, ...added.files],
  });
}

/** An annotated tag. The emulator invents its id; here it is the one that Git computes. */
async function createTag(request) {
  const { body, account, upstream } = request;
  const known = ['tag', 'message', 'object', 'type'].every((name) => typeof body?.[name] === 'string');
  if (!known) return forward(request);
  const { tag, message, object, type } = body;
  const tagger = { name: account.login, email: `${account.login}@users.noreply.github.com`, ...body.tagger, date: body.tagger?.date ?? now() };
  const id = idOf(framed('tag', tagBytes({ tag, message, tagger, object: { sha: object, type } })));
  return upstream.withNextId(id, () => forward(request, { ...body, tagger }));
}

/** The pull requests that brought a commit in, or that hold it. */
export async function pullsWithCommit(request, sha) {
  const hits = [];
  for (const pull of await allPulls(request)) {
    const holds = pull.merge_commit_sha === sha || pull.head.sha === sha
      || (await commitsOf(request, pull)).some((commit) => commit.sha === sha);
    if (holds) hits.push(pull);
  }
  return hits;
}

async function tags({ repo, url, upstream, baseUrl }) {
  const refs = (await upstream.read(`/repos/${repo}/git/matching-refs/tags/`)) ?? [];
  const list = await Promise.all(refs.map(async ({ ref, object }) => {
    const name = ref.replace('refs/tags/', '');
    const sha = object.type === 'tag' ? (await upstream.read(`/repos/${repo}/git/tags/${object.sha}`)).object.sha : object.sha;
    return {
      name, node_id: `REF_${name}`, commit: { sha, url: `${baseUrl}/repos/${repo}/commits/${sha}` },
      zipball_url: `${baseUrl}/repos/${repo}/zipball/refs/tags/${name}`,
      tarball_url: `${baseUrl}/repos/${repo}/tarball/refs/tags/${name}`,
    };
  }));
  return page(url, list.sort((a, b) => b.name.localeCompare(a.name, 'en', { numeric: true })));
}
