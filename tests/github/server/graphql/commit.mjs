// Commits, tags, refs and releases as GraphQL nodes.
import { seconds } from '../clock.mjs';
import { latestOf } from '../rest/releases.mjs';
import { pullsWithCommit } from '../rest/commits.mjs';
import { connect } from './connection.mjs';
import { pullNode } from './pull.mjs';
import { home } from './simple.mjs';

/** The commit that `ref` stands for, or null. */
export async function commitAt(request, ref) {
  const clone = request.world.clones.get(request.repo);
  if (clone) return clonedNode(clone, ref && (await clone.commit(ref)), home(request));
  const commit = ref && (await request.upstream.read(`/repos/${request.repo}/commits/${encodeURIComponent(ref)}`));
  return commit ? commitNode(request, commit) : null;
}

/** A commit of a clone. */
function clonedNode(clone, found, repository) {
  if (!found) return null;
  const { sha, message, author, committer } = found;
  return {
    __typename: 'Commit', repository, id: `C_${sha}`, oid: sha, abbreviatedOid: sha.slice(0, 7), url: `https://github.com/commit/${sha}`, message,
    messageHeadline: message.split('\n')[0], committedDate: committer.date, authoredDate: author.date,
    associatedPullRequests: (args) => connect([], args),
  };
}

/** The tags of a clone as refs. */
export async function clonedTags(clone) {
  const tags = await clone.tags();
  return tags.map(({ name, commit }) => ({ __typename: 'Ref', id: `REF_${name}`, name, prefix: 'refs/tags/', target: () => clonedNode(clone, commit) }));
}

function commitNode(request, { sha, node_id: id, html_url: url, commit }) {
  return {
    __typename: 'Commit', repository: home(request), id, oid: sha, abbreviatedOid: sha.slice(0, 7), url, message: commit.message,
    messageHeadline: commit.message.split('\n')[0],
    committedDate: seconds(commit.committer.date), authoredDate: seconds(commit.author.date),
    associatedPullRequests: async (args) => connect(await pullsWithCommit(request, sha), args, (pull) => pullNode(request, pull)),
  };
}

export async function refNode(request, { ref, node_id: id, object }) {
  const [, prefix, name] = /^(refs\/[^/]+\/)(.+)$/.exec(ref);
  return { __typename: 'Ref', id, name, prefix, target: () => target(request, object) };
}

async function target(request, object) {
  if (object.type !== 'tag') return commitAt(request, object.sha);
  const tag = await request.upstream.read(`/repos/${request.repo}/git/tags/${object.sha}`);
  return {
    __typename: 'Tag', id: tag.node_id, oid: tag.sha, abbreviatedOid: tag.sha.slice(0, 7), name: tag.tag, message: tag.message,
    tagger: { name: tag.tagger.name, email: tag.tagger.email, date: seconds(tag.tagger.date) },
    target: () => commitAt(request, tag.object.sha),
  };
}

export function releaseNode(request, release, all) {
  return {
    __typename: 'Release', id: release.node_id, databaseId: release.id, tagName: release.tag_name, name: release.name,
    description: release.body, url: release.html_url, createdAt: seconds(release.created_at), updatedAt: seconds(release.updated_at ?? release.created_at),
    publishedAt: seconds(release.published_at), isDraft: release.draft, isPrerelease: release.prerelease,
    isLatest: latestOf(all)?.id === release.id, immutable: Boolean(release.immutable),
    tagCommit: () => (release.draft ? null : commitAt(request, release.tag_name)),
    tag: async () => {
      const ref = await request.upstream.read(`/repos/${request.repo}/git/ref/tags/${release.tag_name}`);
      return ref ? refNode(request, ref) : null;
    },
  };
}
