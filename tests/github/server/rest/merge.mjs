// Merging: a three-way merge of whole files, the three methods, and the issues that a merge closes.
import { notFound, refuse, reply } from '../reply.mjs';
import { now } from '../clock.mjs';
import { closedIn } from '../keywords.mjs';
import { copyHistory } from './copy.mjs';
import { closeIssue } from './issues.mjs';
import { defaultBranch, loginUser } from './lookup.mjs';
import { comparison, findPull, isFromFork, recordMerge } from './pull-state.mjs';

/** PUT /repos/{owner}/{repo}/pulls/{number}/merge */
export async function merge(request, number) {
  const { repo, body = {} } = request;
  const pull = await findPull(request, number);
  if (!pull) return notFound();
  if (pull.state !== 'open' || pull.draft || isFromFork(pull, repo)) return refuse(405, 'Pull Request is not mergeable');
  if (body.sha && body.sha !== pull.head.sha) return refuse(409, 'Head branch was modified. Review and try the merge again.');
  const changes = await comparison(request, pull);
  if (await conflicts(request, pull, changes)) return refuse(405, 'Pull Request is not mergeable');

  const { upstream, account } = request;
  const sha = await METHODS[body.merge_method ?? 'merge'](request, pull, changes, body);
  await send(request, 'PATCH', `/git/refs/heads/${pull.base.ref}`, { sha, force: true });
  await upstream.call('PATCH', `/repos/${repo}/pulls/${number}`, { state: 'closed' }, { as: account.login });
  recordMerge(request, pull, { sha, user: await loginUser(request) });
  await closeLinked(request, pull, changes.commits);
  return reply(200, { sha, merged: true, message: 'Pull Request successfully merged' });
}

/** Whether both sides changed the same file since they parted. */
async function conflicts({ repo, upstream }, pull, changes) {
  const forked = changes.merge_base_commit.sha;
  if (forked === pull.base.sha) return false;
  const ours = (await upstream.read(`/repos/${repo}/compare/${forked}...${pull.base.sha}`))?.files ?? [];
  const touched = new Map(ours.map((file) => [file.filename, file.sha]));
  return changes.files.some((file) => touched.has(file.filename) && touched.get(file.filename) !== file.sha);
}

/**
 * The commit that merging an open pull request would make: `refs/pull/N/merge`. Null where there is none. The commits of a
 * fork are taken in for it. Its time is that of the newer side, so that asking again makes the same commit.
 */
export async function testMerge(outer, pull) {
  const { repo, upstream, world, accounts } = outer;
  const owner = repo.split('/')[0];
  const login = accounts.logins().includes(owner) ? owner : upstream.admin;
  const request = { ...outer, account: { login } };
  if (isFromFork(pull, repo)) await copyHistory(request, { from: pull.head.repo.full_name, to: repo, sha: pull.head.sha, as: login });
  if (pull.state !== 'open' || pull.base.sha === pull.head.sha) return null;
  const id = `${repo} ${pull.base.sha} ${pull.head.sha}`;
  if (!world.testMerges.has(id)) world.testMerges.set(id, await mergeForTest(request, pull));
  return world.testMerges.get(id);
}

async function mergeForTest(request, pull) {
  const changes = await comparison(request, pull);
  if (!changes?.ahead_by || (await conflicts(request, pull, changes))) return null;
  const dates = [];
  for (const sha of [pull.base.sha, pull.head.sha]) {
    dates.push((await request.upstream.read(`/repos/${request.repo}/git/commits/${sha}`)).committer.date);
  }
  const author = { name: 'GitHub', email: 'noreply@github.com', date: dates.sort().at(-1) };
  return commit(request, pull.base.sha, changes.files, `Merge ${pull.head.sha} into ${pull.base.sha}`, [pull.base.sha, pull.head.sha], author);
}

const METHODS = {
  async merge(request, pull, { files }, body) {
    const title = body.commit_title ?? `Merge pull request #${pull.number} from ${pull.head.label.replace(':', '/')}`;
    const message = `${title}\n\n${body.commit_message ?? pull.title}`;
    return commit(request, pull.base.sha, files, message, [pull.base.sha, pull.head.sha]);
  },

  async squash(request, pull, { files }, body) {
    const title = body.commit_title ?? `${pull.title} (#${pull.number})`;
    return commit(request, pull.base.sha, files, [title, body.commit_message].filter(Boolean).join('\n\n'), [pull.base.sha]);
  },

  async rebase(request, pull, { commits }) {
    let tip = pull.base.sha;
    for (const { sha, commit: { message, author } } of commits) {
      const { files } = await request.upstream.read(`/repos/${request.repo}/commits/${sha}`);
      tip = await commit(request, tip, files, message, [tip], author, await identity(request));
    }
    return tip;
  },
};

/** Who merges, for commits that keep their author. */
async function identity(request) {
  const { login, name } = await loginUser(request);
  return { name: name ?? login, email: `${login}@users.noreply.github.com`, date: now() };
}

/** Commits `files` (as a comparison lists them) on top of the tree of `onto`; by the account of the request unless an author is given. */
async function commit(request, onto, files, message, parents, author, committer = author) {
  const { commit: { tree } } = await request.upstream.read(`/repos/${request.repo}/commits/${onto}`);
  const entries = files.flatMap((file) => {
    const entry = (path, sha) => ({ path, mode: '100644', type: 'blob', sha });
    if (file.status === 'removed') return [entry(file.filename, null)];
    if (file.status === 'renamed') return [entry(file.previous_filename, null), entry(file.filename, file.sha)];
    return [entry(file.filename, file.sha)];
  });
  const { sha } = await send(request, 'POST', '/git/trees', { base_tree: tree.sha, tree: entries });
  return (await send(request, 'POST', '/git/commits', { message, tree: sha, parents, author, committer })).sha;
}

async function send({ repo, upstream, account }, method, path, body) {
  const answer = await upstream.call(method, `/repos/${repo}${path}`, body, { as: account.login });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Only a merge into the default branch closes issues. The pull request is the closer, or the commit that says so. */
async function closeLinked(request, pull, commits) {
  const { repo } = request;
  if (pull.base.ref !== (await defaultBranch(request))) return;
  for (const number of closedIn(`${pull.title}\n${pull.body ?? ''}`, repo)) {
    await closeIssue(request, number, { pull: pull.number });
  }
  for (const { sha, commit: { message } } of commits) {
    for (const number of closedIn(message, repo)) await closeIssue(request, number, { commit: sha });
  }
}
