// A pull request as it stands. The emulator freezes head and base at creation, invents the list of files, and merges
// without looking at the base branch; here they follow the branches, and files and commits come from the comparison.
import { now } from '../clock.mjs';
import { key } from '../world.mjs';
import { branchHead } from './lookup.mjs';

/** All pull requests of the repository, newest first. */
export async function allPulls(request) {
  const raw = await request.upstream.all(`/repos/${request.repo}/pulls?state=all`);
  const shown = await Promise.all(raw.map((pull) => present(request, pull)));
  return shown.sort((a, b) => b.number - a.number);
}

/** One pull request as it stands, or undefined. */
export async function findPull(request, number) {
  const raw = await request.upstream.read(`/repos/${request.repo}/pulls/${number}`);
  return raw && present(request, raw);
}

/** The emulator's pull request with head and base as they are now, or as they were when it was merged. */
export async function present({ repo, upstream, world }, raw) {
  const extra = world.extra(repo, raw.number);
  const pull = { ...raw, head: { ...raw.head }, base: { ...raw.base } };
  pull.labels = raw.labels?.map((label) => ({ ...label, description: label.description ?? '' })); // never null, unlike an issue's
  if (extra.milestone !== undefined) pull.milestone = extra.milestone;
  if (extra.locked) Object.assign(pull, { locked: true, active_lock_reason: extra.lockReason ?? null });
  const done = world.merges.get(key(repo, raw.number));
  if (done) {
    const { headSha, baseSha, ...merged } = done;
    Object.assign(pull, merged, { state: 'closed', merged: true, mergeable: null, mergeable_state: 'unknown' });
    pull.head.sha = headSha;
    pull.base.sha = baseSha;
  } else if (raw.state === 'open') {
    const headRepo = raw.head.repo?.full_name ?? repo;
    pull.head.sha = (await branchHead({ upstream }, headRepo, raw.head.ref)) ?? raw.head.sha;
    pull.base.sha = (await branchHead({ upstream }, repo, raw.base.ref)) ?? raw.base.sha;
  } else if (extra.lastHead) {
    pull.head.sha = extra.lastHead;
  }
  return pull;
}

/** What only the single read carries: how much the pull request changes. */
export async function withSizes(request, pull) {
  const files = await filesOf(request, pull);
  const sum = (name) => files.reduce((total, file) => total + file[name], 0);
  return {
    ...pull, commits: (await commitsOf(request, pull)).length, changed_files: files.length,
    additions: sum('additions'), deletions: sum('deletions'),
  };
}

export const isFromFork = (pull, repo) => Boolean(pull.head.repo && pull.head.repo.full_name !== repo);

/** The comparison of a pull request's base with its head; a fork is compared with its own copy of the base. */
export async function comparison({ repo, upstream }, pull) {
  const [where, base] = isFromFork(pull, repo) ? [pull.head.repo.full_name, pull.base.ref] : [repo, pull.base.sha];
  return upstream.read(`/repos/${where}/compare/${base}...${pull.head.sha}`);
}

export const commitsOf = async (request, pull) => (await comparison(request, pull))?.commits ?? [];
export const filesOf = async (request, pull) => (await comparison(request, pull))?.files ?? [];

/** Records a merge, for `present`. */
export function recordMerge({ repo, world }, pull, { sha, user }) {
  world.merges.set(key(repo, pull.number), {
    merged_at: now(), closed_at: now(), merged_by: user, merge_commit_sha: sha, headSha: pull.head.sha, baseSha: pull.base.sha,
  });
}
