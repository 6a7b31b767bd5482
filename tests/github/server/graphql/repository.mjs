// A repository as a GraphQL node: the lists a query starts from.
import { allows, canPush } from '../accounts.mjs';
import { allPulls, findPull } from '../rest/pull-state.mjs';
import { latestOf, visible } from '../rest/releases.mjs';
import { clonedTags, commitAt, refNode, releaseNode } from './commit.mjs';
import { connect, sorted } from './connection.mjs';
import { deployments } from './deployment.mjs';
import { notResolved, typed } from './errors.mjs';
import { fieldNode, issueNode, typeNode } from './issue.mjs';
import { milestoneOrNothing, milestones } from './milestone.mjs';
import { pullNode } from './pull.mjs';
import { label } from './simple.mjs';

export async function repositoryNode(outer, { owner, name }) {
  const repo = `${owner}/${name}`;
  const { upstream, world, account } = outer;
  const { status, body } = await upstream.call('GET', `/repos/${repo}`, undefined, { as: account.login });
  if (status !== 200) throw notResolved(`a Repository with the name '${repo}'`);
  const request = { ...outer, repo: body.full_name };
  const local = world.repository(request.repo);
  return {
    __typename: 'Repository', id: body.node_id, databaseId: body.id, name: body.name, nameWithOwner: body.full_name, url: body.html_url,
    isPrivate: body.private, isArchived: Boolean(local.archived), hasIssuesEnabled: local.issues ?? true, viewerPermission: canPush(account) ? 'WRITE' : 'READ',
    issues: (args) => demand(request, 'issues=read') ?? issues(request, args),
    issue: ({ number }) => demand(request, 'issues=read') ?? issueOrNothing(request, number, 'an Issue'),
    pullRequest: ({ number }) => demand(request, 'pull_requests=read') ?? pullOrNothing(request, number, 'a PullRequest'),
    issueOrPullRequest: (args) => issueOrPull(request, args),
    pullRequests: (args) => demand(request, 'pull_requests=read') ?? pulls(request, args),
    releases: (args) => demand(request, 'contents=read') ?? releases(request, args),
    release: ({ tagName }) => release(request, (one) => one.tag_name === tagName && !one.draft),
    latestRelease: async () => {
      const all = await visible(request);
      const newest = latestOf(all);
      return newest ? releaseNode(request, newest, all) : null;
    },
    deployments: (args) => demand(request, 'deployments=read') ?? deployments(request, args),
    refs: (args) => refs(request, args),
    ref: async ({ qualifiedName }) => {
      const ref = await request.upstream.read(`/repos/${request.repo}/git/ref/${qualifiedName.replace(/^refs\//, '')}`);
      return ref ? refNode(request, ref) : null;
    },
    defaultBranchRef: async () => {
      const ref = await request.upstream.read(`/repos/${request.repo}/git/ref/heads/${body.default_branch}`);
      return ref ? refNode(request, ref) : null;
    },
    object: ({ expression, oid }) => commitAt(request, oid ?? expression),
    labels: async (args) => labels(request, args),
    milestones: (args) => demand(request, 'issues=read') ?? milestones(request, args),
    milestone: ({ number }) => demand(request, 'issues=read') ?? milestoneOrNothing(request, number),
    mergeQueue: ({ branch }) => mergeQueue(request, local.mergeQueue?.[branch]),
    issueTypes: (args) => (local.issueTypes ? connect(local.issueTypes, args, typeNode) : null),
    issueFields: (args) => connect(local.issueFields ?? [], args, fieldNode),
  };
}

/** Throws when a workflow's token lacks a permission. */
function demand({ account }, needs) {
  if (account.permissions && !allows(account.permissions, needs)) throw typed('FORBIDDEN', 'Resource not accessible by integration');
  return undefined;
}

/** The issues of a repository, or those among them that are `chosen`. */
export async function issues(request, args, chosen = () => true) {
  const filter = args.filterBy ?? {};
  const wantedLabels = (args.labels ?? filter.labels)?.map((name) => name.toLowerCase());
  const states = args.states ?? filter.states;
  const type = filter.type?.toLowerCase();
  const { repo, world } = request;
  const hits = [...(await world.issues(repo)).values()].filter((issue) =>
    // Several labels are alternatives, not a conjunction.
    chosen(issue)
    && (!wantedLabels || issue.labels.some(({ name }) => wantedLabels.includes(name.toLowerCase())))
    && (!states || states.includes(issue.state.toUpperCase()))
    && (!filter.since || issue.updated_at >= filter.since)
    && (!type || world.extra(repo, issue.number).type?.toLowerCase() === type));
  const ordered = sorted(hits, args.orderBy, {
    CREATED_AT: (issue) => issue.created_at, UPDATED_AT: (issue) => issue.updated_at, COMMENTS: (issue) => issue.comments,
  });
  return connect(ordered, args, (issue) => issueNode(request, issue));
}

async function issueOrNothing(request, number, what) {
  const issue = (await request.world.issues(request.repo)).get(number);
  if (!issue) throw notResolved(`${what} with the number of ${number}`);
  return issueNode(request, issue);
}

async function pullOrNothing(request, number, what) {
  const pull = await findPull(request, number);
  if (!pull) throw notResolved(`${what} with the number of ${number}`);
  return pullNode(request, pull);
}

async function issueOrPull(request, { number }) {
  const issue = (await request.world.issues(request.repo)).get(number);
  return issue ? issueNode(request, issue) : pullOrNothing(request, number, 'an issue or pull request');
}

/** The pull requests of a repository, or those among them that are `chosen`. */
export async function pulls(request, args, chosen = () => true) {
  const list = (await allPulls(request)).reverse();
  const wantedLabels = args.labels?.map((name) => name.toLowerCase());
  const hits = list.filter((pull) =>
    chosen(pull)
    && (!wantedLabels || pull.labels.some(({ name }) => wantedLabels.includes(name.toLowerCase())))
    && (!args.states || args.states.includes(pull.merged_at ? 'MERGED' : pull.state.toUpperCase()))
    && (!args.baseRefName || args.baseRefName === pull.base.ref)
    && (!args.headRefName || args.headRefName === pull.head.ref));
  const keys = { CREATED_AT: (pull) => pull.created_at, UPDATED_AT: (pull) => pull.updated_at, COMMENTS: (pull) => pull.comments };
  return connect(sorted(hits, args.orderBy, keys), args, (pull) => pullNode(request, pull));
}

/** The queue of a branch, which a test sets in the order of its entries; none where there is no queue. */
function mergeQueue(request, entries) {
  if (!entries) return null;
  const node = ({ number, commit }) => ({
    __typename: 'MergeQueueEntry', id: `MQE_${number}`, position: entries.findIndex((entry) => entry.number === number) + 1,
    headCommit: () => (commit ? commitAt(request, commit) : null), pullRequest: () => pullOrNothing(request, number, 'a PullRequest'),
  });
  return { __typename: 'MergeQueue', id: 'MQ_1', entries: (args) => connect(entries, args, node) };
}

async function releases(request, args) {
  const all = await visible(request);
  const ordered = sorted(all, args.orderBy, { CREATED_AT: (one) => one.created_at, NAME: (one) => one.name ?? '' });
  return connect(ordered, args, (one) => releaseNode(request, one, all));
}

async function release(request, wanted) {
  const all = await visible(request);
  const found = all.find(wanted);
  return found ? releaseNode(request, found, all) : null;
}

async function refs(request, args) {
  const clone = request.world.clones.get(request.repo);
  if (clone) return connect(await clonedTags(clone), args);
  const list = (await request.upstream.read(`/repos/${request.repo}/git/matching-refs/${args.refPrefix.replace(/^refs\//, '')}`)) ?? [];
  const hits = list.filter(({ ref }) => !args.query || ref.slice(args.refPrefix.length).includes(args.query));
  const dates = new Map();
  if (args.orderBy?.field === 'TAG_COMMIT_DATE') {
    for (const { ref } of hits) dates.set(ref, (await commitAt(request, ref))?.committedDate ?? '');
  }
  const ordered = sorted(hits, args.orderBy, { ALPHABETICAL: ({ ref }) => ref, TAG_COMMIT_DATE: ({ ref }) => dates.get(ref) });
  return connect(ordered, args, (ref) => refNode(request, ref));
}

async function labels(request, args) {
  const list = await request.upstream.all(`/repos/${request.repo}/labels`);
  const query = args.query?.toLowerCase();
  const hits = list.filter(({ name }) => !query || name.toLowerCase().includes(query));
  const ordered = sorted(hits, args.orderBy, { CREATED_AT: ({ id }) => id, NAME: ({ name }) => name });
  return connect(ordered, args, label);
}
