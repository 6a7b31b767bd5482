// A deployment as a GraphQL node.
import { connect, sorted } from './connection.mjs';

const status = ({ node_id: id, state }) => ({ __typename: 'DeploymentStatus', id, state: state.toUpperCase() });

/** The deployments of a repository. */
export function deployments({ repo, world }, args) {
  const wanted = ({ shown }) => !args.environments || args.environments.includes(shown.environment);
  const hits = world.deployments.filter((entry) => entry.repo === repo && wanted(entry));
  return connect(sorted(hits, args.orderBy, { CREATED_AT: ({ shown }) => shown.created_at }), args, deploymentNode);
}

/** One deployment. It has a ref unless it was made from a commit. */
export function deploymentNode({ shown, statuses }) {
  const { node_id: id, id: databaseId, sha: commitOid, ref, environment, created_at: createdAt } = shown;
  return {
    __typename: 'Deployment', id, databaseId, commitOid, environment, createdAt,
    ref: ref === commitOid ? null : { __typename: 'Ref', name: ref.replace(/^refs\/(heads|tags)\//, '') },
    statuses: (args) => connect(statuses, args, status),
  };
}
