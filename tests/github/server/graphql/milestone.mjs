// Milestones as GraphQL nodes, with the issues and pull requests in them.
import { connect, sorted } from './connection.mjs';
import { notResolved } from './errors.mjs';
import { milestone } from './issue.mjs';
import { issues, pulls } from './repository.mjs';

const all = ({ upstream, repo }) => upstream.all(`/repos/${repo}/milestones?state=all`);

export async function milestones(request, args) {
  const query = args.query?.toLowerCase();
  const hits = (await all(request)).filter(({ title, state }) =>
    (!query || title.toLowerCase().includes(query)) && (!args.states || args.states.includes(state.toUpperCase())));
  const keys = { NUMBER: ({ number }) => number, CREATED_AT: (one) => one.created_at, UPDATED_AT: (one) => one.updated_at, DUE_DATE: (one) => one.due_on ?? '' };
  return connect(sorted(hits, args.orderBy, keys), args, (one) => milestoneNode(request, one));
}

export async function milestoneOrNothing(request, number) {
  const found = (await all(request)).find((one) => one.number === number);
  if (!found) throw notResolved(`a Milestone with the number of ${number}`);
  return milestoneNode(request, found);
}

function milestoneNode(request, raw) {
  const isIn = (one) => one.milestone?.number === raw.number;
  return {
    ...milestone(raw), state: raw.state.toUpperCase(),
    issues: (args) => issues(request, args, isIn),
    pullRequests: (args) => pulls(request, args, isIn),
  };
}
