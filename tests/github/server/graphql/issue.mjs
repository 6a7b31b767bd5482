// Issues as GraphQL nodes: what the tickets are read from.
import { closedIn } from '../keywords.mjs';
import { seconds } from '../clock.mjs';
import { present } from '../rest/issues.mjs';
import { allPulls, findPull } from '../rest/pull-state.mjs';
import { comments } from './comment.mjs';
import { connect } from './connection.mjs';
import { pullNode } from './pull.mjs';
import { actor, association, home, label } from './simple.mjs';
import { timeline } from './timeline.mjs';

export function issueNode(request, raw) {
  const { repo, world } = request;
  const issue = present(request, raw);
  const extra = world.extra(repo, issue.number);
  return {
    __typename: 'Issue', repository: home(request), id: issue.node_id, databaseId: issue.id, number: issue.number, title: issue.title, body: issue.body ?? '',
    url: issue.html_url, state: issue.state.toUpperCase(), closed: issue.state === 'closed', locked: Boolean(issue.locked),
    activeLockReason: null, createdAt: seconds(issue.created_at), updatedAt: seconds(issue.updated_at), closedAt: seconds(issue.closed_at),
    author: actor(issue.user), authorAssociation: association(request, issue), milestone: milestone(issue.milestone), issueType: typeNode(extra.type),
    // Without the argument, GitHub hides the newer reason behind an older one.
    stateReason: ({ enableDuplicate }) => stateReason(issue.state_reason, enableDuplicate),
    duplicateOf: async () => {
      const target = extra.duplicateOf && (await world.issues(repo)).get(extra.duplicateOf);
      return target ? issueNode(request, target) : null;
    },
    labels: (args) => connect(issue.labels, args, label),
    issueFieldValues: (args) => connect(extra.fields ?? [], args, fieldValue),
    comments: (args) => comments(request, issue.number, args),
    closedByPullRequestsReferences: async (args) => {
      const linked = await pullsClosing(request, issue.number, extra.linked);
      return connect(linked.filter(({ pull }) => args.includeClosedPrs || pull.state === 'open'), args, ({ where, pull }) => pullNode(where, pull));
    },
    timelineItems: (args) => timeline(request, issue.number, args),
  };
}

export function stateReason(value, enableDuplicate) {
  if (!value) return null;
  return value === 'duplicate' && !enableDuplicate ? 'NOT_PLANNED' : value.toUpperCase();
}

export const milestone = (one) => one && { id: one.node_id, number: one.number, title: one.title, dueOn: seconds(one.due_on) };

export const typeNode = (name) => (name ? { id: `IT_${name}`, name, description: null, isEnabled: true } : null);

/** A field without its value. `kind` is Text, Number, Date, SingleSelect or MultiSelect. */
export const fieldNode = ({ name, kind, options = [] }) => ({
  __typename: `IssueField${kind}`, id: `IF_${name}`, name, dataType: kind.replace(/(?<!^)[A-Z]/, '_$&').toUpperCase(),
  options: options.map(option),
});

const option = (name) => ({ id: `IFO_${name}`, name });

function fieldValue({ name, kind, value }) {
  const common = { __typename: `IssueField${kind}Value`, id: `IFV_${name}`, field: fieldNode({ name, kind }) };
  if (kind === 'MultiSelect') return { ...common, value: value.join(','), options: value.map(option) };
  if (kind === 'SingleSelect') return { ...common, value, name: value, optionId: `IFO_${value}` };
  return { ...common, value };
}

// Which pull requests close which issue, worked out once for a state of the pull requests.
const indexes = new WeakMap();

/** Each with the request that reads its repository. `byHand`: what a person linked, as numbers or `owner/name#number`. */
async function pullsClosing(request, number, byHand = []) {
  const { repo, upstream } = request;
  const raw = await upstream.all(`/repos/${repo}/pulls?state=all`);
  if (!indexes.has(raw)) indexes.set(raw, index(request));
  const found = (await indexes.get(raw)).get(number) ?? [];
  const others = byHand.filter((one) => !found.some((pull) => pull.number === one));
  const linked = await Promise.all(others.map(async (one) => {
    const [, other, digits] = /^(.+)#(\d+)$/.exec(one) ?? [];
    const where = other ? { ...request, repo: other } : request;
    return { where, pull: await findPull(where, digits ?? one) };
  }));
  return [...found.map((pull) => ({ where: request, pull })), ...linked];
}

async function index(request) {
  const found = new Map();
  for (const pull of (await allPulls(request)).reverse()) {
    for (const number of closedIn(`${pull.title}\n${pull.body ?? ''}`, request.repo)) {
      found.set(number, [...(found.get(number) ?? []), pull]);
    }
  }
  return found;
}
