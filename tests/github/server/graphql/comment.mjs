// Comments of an issue or pull request.
import { seconds } from '../clock.mjs';
import { connect, sorted } from './connection.mjs';
import { actor, association } from './simple.mjs';

export async function comments(request, number, args) {
  const list = await request.upstream.all(`/repos/${request.repo}/issues/${number}/comments`);
  const ordered = sorted(list, args.orderBy, { UPDATED_AT: (comment) => comment.updated_at });
  return connect(ordered, args, (comment) => commentNode(request, comment));
}

export function commentNode(request, comment) {
  const { world, account } = request;
  const minimized = world.minimized.has(comment.id);
  return {
    __typename: 'IssueComment', id: comment.node_id, databaseId: comment.id, fullDatabaseId: String(comment.id), body: comment.body,
    authorAssociation: association(request, comment),
    url: comment.html_url, createdAt: seconds(comment.created_at), updatedAt: seconds(comment.updated_at), author: actor(comment.user),
    lastEditedAt: seconds(world.edited.get(comment.id) ?? null),
    viewerDidAuthor: comment.user?.login === account.login, isMinimized: minimized, minimizedReason: minimized ? 'outdated' : null,
  };
}
