// The pull requests of a commit, and the list of tags with the commits they stand for.
import { page, refuse } from '../reply.mjs';
import { commitOf } from './lookup.mjs';
import { allPulls, commitsOf } from './pull-state.mjs';

export const commits = [
  ['GET', /^\/commits\/([^/]+)\/pulls$/, pullsOf],
  ['GET', /^\/tags$/, tags],
];

async function pullsOf(request, ref) {
  const commit = await commitOf(request, ref);
  if (!commit) return refuse(422, `No commit found for SHA: ${ref}`);
  return page(request.url, await pullsWithCommit(request, commit.sha));
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
