// Pull requests as GraphQL nodes. Nodes lead to each other in circles, so do these files; nothing runs while they load.
import { seconds } from '../clock.mjs';
import { closedIn } from '../keywords.mjs';
import { filesOf, isFromFork } from '../rest/pull-state.mjs';
import { comments } from './comment.mjs';
import { commitAt } from './commit.mjs';
import { connect } from './connection.mjs';
import { issueNode, milestone } from './issue.mjs';
import { actor, association, home, label } from './simple.mjs';
import { timeline } from './timeline.mjs';

const CHANGES = { added: 'ADDED', removed: 'DELETED', modified: 'MODIFIED', renamed: 'RENAMED', copied: 'COPIED', changed: 'CHANGED' };

const fileNode = ({ filename, status, additions, deletions }) =>
  ({ path: filename, changeType: CHANGES[status] ?? 'MODIFIED', additions, deletions });

export function pullNode(request, pull) {
  const { repo, world } = request;
  return {
    __typename: 'PullRequest', repository: home(request), id: pull.node_id, databaseId: pull.id, number: pull.number, title: pull.title, body: pull.body ?? '',
    url: pull.html_url, state: pull.merged_at ? 'MERGED' : pull.state.toUpperCase(), merged: Boolean(pull.merged_at),
    mergedAt: seconds(pull.merged_at), createdAt: seconds(pull.created_at), updatedAt: seconds(pull.updated_at), closedAt: seconds(pull.closed_at),
    baseRefName: pull.base.ref, baseRefOid: pull.base.sha, headRefName: pull.head.ref, headRefOid: pull.head.sha,
    isCrossRepository: isFromFork(pull, repo), isDraft: pull.draft, locked: Boolean(pull.locked), activeLockReason: null,
    author: actor(pull.user), authorAssociation: association(request, pull),
    milestone: milestone(pull.milestone),
    timelineItems: (args) => timeline(request, pull.number, args),
    labels: (args) => connect(pull.labels, args, label),
    mergeCommit: () => (pull.merged_at ? commitAt(request, world.clones.get(repo)?.merges[pull.number] ?? pull.merge_commit_sha) : null),
    files: async (args) => connect(await filesOf(request, pull), args, fileNode),
    comments: (args) => comments(request, pull.number, args),
    closingIssuesReferences: async (args) => {
      const book = await world.issues(repo);
      const closing = closedIn(`${pull.title}\n${pull.body ?? ''}`, repo).map((number) => book.get(number)).filter(Boolean);
      return connect(closing, args, (issue) => issueNode(request, issue));
    },
  };
}
