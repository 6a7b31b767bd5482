// Checks that a commit can be released. All problems are reported at once.

import {readFileSync} from 'node:fs';
import {join} from 'node:path';

import {CHECKSUMS, namesRelease} from './checksums.mjs';
import {git, remoteTag} from './commits.mjs';

/** Branches that releases are made from: the default branch and release lines. */
const BRANCH = /^refs\/heads\/(main|\d+\.x|\d+\.\d+\.x)$/;

/** The notes of a release: its section of the changelog, without the heading; `undefined` if there is none. */
export function releaseNotes(changelog, version) {
  const lines = changelog.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (start < 0) {
    return undefined;
  }
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '));
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n').trim();
}

/**
 * Returns the plan of a release: `{tag, commit, prerelease, notes, base}`.
 * `environment` has `GITHUB_REF`, `GITHUB_SHA`, `GITHUB_SERVER_URL` and `GITHUB_REPOSITORY` as a workflow has them.
 */
export function planRelease(repository, version, environment) {
  const read = (path) => readFileSync(join(repository, path), 'utf8');
  const problems = [];
  const check = (fine, problem) => fine || problems.push(problem);
  const tag = `v${version}`;
  const manifest = read('Cargo.toml');
  const valueOf = (key) => new RegExp(`^${key} = "(.*)"$`, 'm').exec(manifest)?.[1];
  const address = `${environment.GITHUB_SERVER_URL}/${environment.GITHUB_REPOSITORY}`;
  const notes = releaseNotes(read('CHANGELOG.md'), version);

  check(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version), `version '${version}' is not understood. Write it as '0.1.0', without 'v'.`);
  check(valueOf('version') === version, `Cargo.toml has version ${valueOf('version')}, not ${version}. Commit the version first.`);
  const locked = /^name = "escape-gate"\nversion = "(.*)"$/m.exec(read('Cargo.lock'))?.[1];
  check(locked === version, `Cargo.lock has version ${locked}, not ${version}. Run 'cargo check' and commit the file: the build is locked.`);
  check(valueOf('repository') === address, `Cargo.toml has the repository ${valueOf('repository')}, not ${address}. 'cargo binstall' downloads from there.`);
  check(notes, `CHANGELOG.md has no section '## [${version}]' with text. Rename '## [Unreleased]' and commit it.`);
  check(BRANCH.test(environment.GITHUB_REF), `${environment.GITHUB_REF} is no branch for releases. Start the workflow on 'main' or on a release line such as '1.4.x'.`);
  check(!namesRelease(read(CHECKSUMS)), `${CHECKSUMS} names a release. Restore the file from before: the workflow writes it to the commit of the tag only.`);
  const commit = git(repository, ['rev-parse', 'HEAD']);
  check(commit === environment.GITHUB_SHA, `the checkout is at ${commit}, not at ${environment.GITHUB_SHA}, which the provenance would name.`);
  if (problems.length === 0 && remoteTag(repository, tag)) {
    git(repository, ['fetch', '--quiet', '--depth=2', 'origin', `refs/tags/${tag}`]);
    const parent = git(repository, ['rev-list', '--parents', '--max-count=1', 'FETCH_HEAD']).split(' ')[1];
    check(parent === commit, `tag ${tag} exists and was not made from ${commit}. Raise the version in Cargo.toml; a published tag is never moved.`);
  }
  if (problems.length) {
    throw new Error(`${tag} cannot be released:\n- ${problems.join('\n- ')}`);
  }
  return {tag, commit, prerelease: version.includes('-'), notes, base: `${address}/releases/download`};
}
