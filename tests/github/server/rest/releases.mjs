// Releases: who sees drafts, the tag that publishing creates, and the time that a release really carries.
import { canPush } from '../accounts.mjs';
import { notFound, page, reply, invalid } from '../reply.mjs';
import { forward } from '../forward.mjs';
import { commitOf } from './lookup.mjs';

export const releases = [
  ['GET', /^\/releases$/, list],
  ['POST', /^\/releases$/, create],
  ['GET', /^\/releases\/latest$/, latest],
  ['GET', /^\/releases\/tags\/(.+)$/, byTag],
  ['GET', /^\/releases\/(\d+)$/, get],
  ['PATCH', /^\/releases\/(\d+)$/, update],
];

/** All releases that the account may see, newest first. */
export async function visible(request) {
  const { repo, upstream, account } = request;
  const raw = await upstream.all(`/repos/${repo}/releases`);
  const shown = await Promise.all(raw.map((release) => present(request, release)));
  const mine = shown.filter((release) => !release.draft || canPush(account));
  return mine.sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id);
}

/** `created_at` is the date of the tagged commit, not of the release; a draft hides its tag in its address. */
async function present(request, raw) {
  const release = structuredClone(raw);
  release.immutable ??= false;
  const commit = await commitOf(request, release.draft ? release.target_commitish : release.tag_name);
  if (commit) release.created_at = commit.commit.committer.date;
  if (release.draft) release.html_url = release.html_url.replace(/\/tag\/.*$/, `/tag/untagged-${release.id}`);
  return release;
}

async function list(request) {
  return page(request.url, await visible(request));
}

async function latest(request) {
  const newest = latestOf(await visible(request));
  return newest ? reply(200, newest) : notFound();
}

export const latestOf = (list) => list
  .filter((release) => !release.draft && !release.prerelease)
  .reduce((best, release) => (best && best.published_at >= release.published_at ? best : release), undefined);

/** A draft has no tag yet, so it is never found by one. */
async function byTag(request, tag) {
  const found = (await visible(request)).find((release) => release.tag_name === tag && !release.draft);
  return found ? reply(200, found) : notFound();
}

async function get(request, id) {
  const found = (await visible(request)).find((release) => release.id === Number(id));
  return found ? reply(200, found) : notFound();
}

async function create(request) {
  const { body, repo, upstream } = request;
  const taken = (await upstream.all(`/repos/${repo}/releases`)).some((release) => release.tag_name === body?.tag_name);
  if (taken) return invalid('Release', 'tag_name', 'already_exists');
  if ((body?.body?.length ?? 0) > 125000) return invalid('Release', 'body', 'custom', 'body is too long (maximum is 125000 characters)');
  return written(request, await forward(request));
}

async function update(request) {
  if ((request.body?.body?.length ?? 0) > 125000) {
    return invalid('Release', 'body', 'custom', 'body is too long (maximum is 125000 characters)');
  }
  return written(request, await forward(request));
}

async function written(request, answer) {
  if (answer.status >= 300) return answer;
  const { repo, upstream } = request;
  const { draft, tag_name: tag, target_commitish: target } = answer.body;
  if (!draft && !(await upstream.read(`/repos/${repo}/git/ref/tags/${tag}`))) {
    const commit = await commitOf(request, target);
    await upstream.call('POST', `/repos/${repo}/git/refs`, { ref: `refs/tags/${tag}`, sha: commit?.sha });
  }
  answer.body = await present(request, answer.body);
  return answer;
}
