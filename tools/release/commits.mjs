// The two commits of a release. A is built; B adds the checksums of what was built, and carries the tag.

import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {CHECKSUMS} from './checksums.mjs';

/** Runs git in a repository and returns what it prints. Throws with git's own message. */
export function git(repository, args, env = {}) {
  try {
    return execFileSync('git', args, {cwd: repository, env: {...process.env, ...env}, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']}).trim();
  } catch (error) {
    throw new Error(`git ${args[0]} failed: ${(error.stderr || error.message).trim()}`);
  }
}

/** Throws unless commit B has A as its only parent and differs from it in nothing but the content of the checksums. */
export function verifyCommits(repository, built, tagged) {
  const parents = git(repository, ['rev-list', '--parents', '--max-count=1', `${tagged}^{commit}`]).split(' ').slice(1);
  const commit = git(repository, ['rev-parse', `${built}^{commit}`]);
  if (parents.join(' ') !== commit) {
    throw new Error(`${tagged} must have ${commit}, which was built, as its only parent. Its parents: ${parents.join(', ') || 'none'}.`);
  }
  const changes = git(repository, ['diff-tree', '-r', '--raw', '--no-renames', '--no-abbrev', commit, `${tagged}^{commit}`]).split('\n').filter(Boolean);
  const allowed = (change) => /^:100644 100644 [0-9a-f]+ [0-9a-f]+ M\t(.*)$/.exec(change)?.[1] === CHECKSUMS;
  const others = changes.filter((change) => !allowed(change));
  if (others.length || changes.length !== 1) {
    const found = changes.length ? changes.map((change) => change.replace(/^.* ([A-Z])\d*\t/, '$1 ')).join(', ') : 'nothing';
    throw new Error(`${tagged} may change ${CHECKSUMS} and nothing else, against ${commit}. It changes: ${found}.`);
  }
}

/**
 * Commits the checksums on top of commit A and returns commit B.
 * The same text gives the same commit: author and time are fixed, so that a second run finds what the first has pushed.
 */
export function commitChecksums(repository, built, tag, text) {
  const dirty = git(repository, ['status', '--porcelain', '--untracked-files=no']);
  if (dirty || git(repository, ['rev-parse', 'HEAD']) !== built) {
    throw new Error(`the checkout must be at ${built}, without changes${dirty ? `. It has: ${dirty}` : ''}`);
  }
  writeFileSync(join(repository, CHECKSUMS), text);
  const who = 'github-actions[bot]';
  const address = '41898282+github-actions[bot]@users.noreply.github.com';
  const when = git(repository, ['show', '--no-patch', '--format=%cI', built]);
  const identity = {
    GIT_AUTHOR_NAME: who, GIT_AUTHOR_EMAIL: address, GIT_AUTHOR_DATE: when,
    GIT_COMMITTER_NAME: who, GIT_COMMITTER_EMAIL: address, GIT_COMMITTER_DATE: when,
  };
  git(repository, ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false', 'commit', '--quiet', '--message', `chore: release ${tag}`, '--', CHECKSUMS], identity);
  const tagged = git(repository, ['rev-parse', 'HEAD']);
  verifyCommits(repository, built, tagged);
  return tagged;
}

/** The commit that a tag of the remote leads to; `undefined` if there is no such tag. */
export function remoteTag(repository, tag) {
  const lines = git(repository, ['ls-remote', 'origin', `refs/tags/${tag}`, `refs/tags/${tag}^{}`]).split('\n').filter(Boolean);
  // An annotated tag has a second line with the commit.
  return lines.at(-1)?.split('\t')[0];
}

/** Pushes a tag. A tag that leads there already is left; one that leads elsewhere is an error. */
export function pushTag(repository, tag, tagged) {
  const found = remoteTag(repository, tag);
  if (found === tagged) {
    return;
  }
  if (found) {
    throw new Error(
      `tag ${tag} leads to ${found}, not to ${tagged}. If no release was published from it, delete it (git push origin :refs/tags/${tag}) ` +
        'and run this job again. Otherwise raise the version in Cargo.toml.',
    );
  }
  git(repository, ['push', '--quiet', 'origin', `${tagged}:refs/tags/${tag}`]);
}
