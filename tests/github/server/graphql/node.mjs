// Nodes by their id: issues, pull requests, comments, milestones and issue types.
import { allPulls } from '../rest/pull-state.mjs';
import { commentNode } from './comment.mjs';
import { deploymentNode } from './deployment.mjs';
import { notResolved } from './errors.mjs';
import { issueNode, milestone, typeNode } from './issue.mjs';
import { pullNode } from './pull.mjs';

/** The node, wherever it is; an error in its place if there is none. */
export async function nodeOf(outer, id) {
  for (const path of outer.names.values()) {
    const request = { ...outer, repo: path.replace('/repos/', '') };
    const found = await inRepository(request, id);
    if (found) return found;
  }
  throw notResolved(`a node with the global id of '${id}'`);
}

async function inRepository(request, id) {
  const { repo, upstream, world } = request;
  const [, digits] = /^\d+:IssueComment(\d+)$/.exec(Buffer.from(id, 'base64').toString()) ?? [];
  if (digits) {
    const comment = await upstream.read(`/repos/${repo}/issues/comments/${digits}`);
    return comment && commentNode(request, comment);
  }
  const deployment = world.deployments.find(({ shown }) => shown.node_id === id);
  if (deployment) return deploymentNode(deployment);
  const issue = [...(await world.issues(repo)).values()].find((one) => one.node_id === id);
  if (issue) return issueNode(request, issue);
  const type = (world.repository(repo).issueTypes ?? []).find((name) => id === `IT_${name}`);
  if (type) return { __typename: 'IssueType', ...typeNode(type) };
  const goal = (await upstream.all(`/repos/${repo}/milestones?state=all`)).find((one) => one.node_id === id);
  if (goal) return { __typename: 'Milestone', ...milestone(goal) };
  const pull = (await allPulls(request)).find((one) => one.node_id === id);
  return pull && pullNode(request, pull);
}
