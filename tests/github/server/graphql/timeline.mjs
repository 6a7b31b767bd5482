// What happened to an issue or pull request, as GraphQL nodes.
import { findPull } from '../rest/pull-state.mjs';
import { commitAt } from './commit.mjs';
import { connect } from './connection.mjs';
import { issueNode, stateReason } from './issue.mjs';
import { pullNode } from './pull.mjs';
import { actor } from './simple.mjs';

const KINDS = {
  labeled: 'LabeledEvent', unlabeled: 'UnlabeledEvent', closed: 'ClosedEvent', reopened: 'ReopenedEvent',
  marked_as_duplicate: 'MarkedAsDuplicateEvent', unmarked_as_duplicate: 'UnmarkedAsDuplicateEvent', cross_referenced: 'CrossReferencedEvent',
};

/** `timelineItems` of an issue or pull request. */
export function timeline(request, number, args) {
  const wanted = args.itemTypes?.map((type) => type.toLowerCase().replace(/_event$/, ''));
  const events = request.world.eventsOf(request.repo, number)
    .filter(({ event }) => KINDS[event] && (!wanted || wanted.includes(event)))
    .filter((entry) => !args.since || entry.created_at >= args.since);
  return connect(events, args, (entry) => eventNode(request, number, entry));
}

function eventNode(request, number, entry) {
  return {
    __typename: KINDS[entry.event], id: `EV_${entry.id}`, createdAt: entry.created_at,
    actor: async () => actor(await request.upstream.read(`/users/${encodeURIComponent(entry.actor)}`)),
    label: entry.label && { id: `LA_${entry.label}`, name: entry.label, color: 'ededed', description: null },
    stateReason: stateReason(entry.reason, true),
    closer: () => closer(request, entry.closer),
    canonical: () => subject(request, entry.canonical), duplicate: () => subject(request, number),
    source: () => subject(request, entry.source), target: () => subject(request, number), willCloseTarget: Boolean(entry.closes),
    isCrossRepository: false,
  };
}

/** The issue or pull request of a number. */
async function subject(request, number) {
  const issue = (await request.world.issues(request.repo)).get(number);
  if (issue) return issueNode(request, issue);
  const pull = number && (await findPull(request, number));
  return pull ? pullNode(request, pull) : null;
}

async function closer(request, by) {
  if (by?.pull) return pullNode(request, await findPull(request, by.pull));
  return by?.commit ? commitAt(request, by.commit) : null;
}
