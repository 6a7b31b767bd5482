// Pull requests: lists, single reads, commits and files.
import { notFound, page, reply } from '../reply.mjs';
import { forward } from '../forward.mjs';
import { merge, testMerge } from './merge.mjs';
import { noteReferences } from './references.mjs';
import { allPulls, commitsOf, filesOf, findPull, present, withSizes } from './pull-state.mjs';

export const pulls = [
  ['GET', /^\/pulls$/, list],
  ['POST', /^\/pulls$/, create],
  ['GET', /^\/pulls\/(\d+)$/, get],
  ['PATCH', /^\/pulls\/(\d+)$/, update],
  ['GET', /^\/pulls\/(\d+)\/commits$/, listCommits],
  ['GET', /^\/pulls\/(\d+)\/files$/, listFiles],
  ['PUT', /^\/pulls\/(\d+)\/merge$/, merge],
];

async function list(request) {
  const wanted = request.url.searchParams;
  const state = wanted.get('state') ?? 'open';
  const all = await allPulls(request);
  const hits = all.filter((pull) =>
    (state === 'all' || pull.state === state)
    && (!wanted.get('base') || pull.base.ref === wanted.get('base'))
    && (!wanted.get('head') || pull.head.label === wanted.get('head')));
  if (wanted.get('direction') === 'asc') hits.reverse();
  return page(request.url, hits);
}

async function create(request) {
  const answer = await forward(request);
  if (answer.status !== 201) return answer;
  await noteReferences(request, answer.body);
  answer.body = await present(request, answer.body);
  return answer;
}

async function get(request, number) {
  const pull = await findPull(request, number);
  if (!pull) return notFound();
  if (!pull.merged_at && !request.world.clones.has(request.repo)) pull.merge_commit_sha = await testMerge(request, pull);
  return reply(200, await withSizes(request, pull));
}

async function update(request, number) {
  const before = await findPull(request, number);
  const answer = await forward(request);
  if (answer.status !== 200) return answer;
  request.world.setExtra(request.repo, number, { lastHead: before.head.sha });
  await noteReferences(request, answer.body);
  answer.body = await withSizes(request, await present(request, answer.body));
  return answer;
}

async function listCommits(request, number) {
  const pull = await findPull(request, number);
  return pull ? page(request.url, await commitsOf(request, pull)) : notFound();
}

async function listFiles(request, number) {
  const pull = await findPull(request, number);
  return pull ? page(request.url, await filesOf(request, pull)) : notFound();
}
