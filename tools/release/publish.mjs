// The release on GitHub: draft first, then its files, then public. Each step may be repeated after a run that stopped.

import {readFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';

import {sha256} from './checksums.mjs';
import {GitHubError} from './github.mjs';

/** Finds the draft of a plan's tag or creates it. Throws if the tag has a public release or a draft for another commit. */
export async function prepareDraft(github, {tag, commit, prerelease, notes}) {
  // Only the list shows drafts.
  const found = (await github.list('/releases')).filter((release) => release.tag_name === tag);
  const published = found.find((release) => !release.draft);
  if (published) {
    throw new Error(`${tag} is published: ${published.html_url}. Raise the version in Cargo.toml and release that.`);
  }
  const other = found.find((release) => release.target_commitish !== commit) ?? found[1];
  if (other) {
    throw new Error(`there is another draft of ${tag}, for ${other.target_commitish}: ${other.html_url}. Delete it and run this job again.`);
  }
  return found[0] ?? explain(tag, github.request('POST', '/releases', {tag_name: tag, target_commitish: commit, name: tag, body: notes, draft: true, prerelease}));
}

/** Uploads every file of a folder to a draft. A file of an earlier run is replaced. Throws if GitHub received other bytes. */
export async function uploadAssets(github, draft, folder) {
  const present = await github.list(`/releases/${draft.id}/assets`);
  const address = draft.upload_url.replace(/\{.*\}$/, '');
  for (const name of (await readdir(folder)).sort()) {
    const old = present.find((asset) => asset.name === name);
    if (old) {
      await github.request('DELETE', `/releases/assets/${old.id}`);
    }
    const path = join(folder, name);
    const content = await readFile(path);
    const asset = await explain(draft.tag_name, github.request('POST', `${address}?name=${encodeURIComponent(name)}`, content, 'application/octet-stream'));
    const digest = `sha256:${await sha256(path)}`;
    if (asset.state !== 'uploaded' || asset.size !== content.length || (asset.digest && asset.digest !== digest)) {
      throw new Error(`${name} arrived as ${asset.size} bytes (${asset.state}, ${asset.digest}), not as ${content.length} bytes (${digest}). Run this job again.`);
    }
  }
}

/** Makes a draft public. Throws if the tag does not lead to commit B. */
export async function publishDraft(github, draft, tagged) {
  const reference = await github.request('GET', `/git/ref/tags/${draft.tag_name}`);
  if (reference.object.sha !== tagged) {
    throw new Error(`tag ${draft.tag_name} leads to ${reference.object.sha}, not to ${tagged}. Nothing was published. Delete the tag and run this job again.`);
  }
  // By semantic version: a fix of an older line does not become the latest release.
  return explain(draft.tag_name, github.request('PATCH', `/releases/${draft.id}`, {draft: false, make_latest: draft.prerelease ? 'false' : 'legacy'}));
}

/** Moves the tag of the major version, such as `v0`, to commit B. Returns `false` for a pre-release and for a fix of an older line. */
export async function moveMajorTag(github, tag, tagged) {
  const tags = (await github.list('/releases')).filter((release) => !release.draft && !release.prerelease).map((release) => release.tag_name);
  const major = tag.split('.')[0];
  const highest = tags.filter((each) => /^v\d+\.\d+\.\d+$/.test(each) && each.split('.')[0] === major).sort(compareTags).at(-1);
  if (highest !== tag) {
    return false;
  }
  try {
    await github.request('PATCH', `/git/refs/tags/${major}`, {sha: tagged, force: true});
  } catch (error) {
    if (!(error instanceof GitHubError) || ![404, 422].includes(error.status) || !/does not exist|Not Found/i.test(error.message)) {
      throw new Error(`${tag} is published, but tag ${major} was not moved: ${error.message}. Let this workflow bypass the ruleset of tags, or run: git push --force origin ${tagged}:refs/tags/${major}`);
    }
    await github.request('POST', '/git/refs', {ref: `refs/tags/${major}`, sha: tagged});
  }
  return true;
}

function compareTags(left, right) {
  const numbers = (tag) => tag.slice(1).split('.').map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  const place = a.findIndex((number, index) => number !== b[index]);
  return place < 0 ? 0 : a[place] - b[place];
}

/** Adds the next step to a refusal that GitHub gives for immutable releases. */
async function explain(tag, answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitHubError && error.status === 422 && /used by an immutable release/.test(error.message)) {
      throw new Error(`${error.message}. GitHub never gives the tag of an immutable release again, even if it was deleted. Raise the version in Cargo.toml above ${tag} and release that.`);
    }
    if (error instanceof GitHubError && error.status === 422 && /immutable release/.test(error.message)) {
      throw new Error(`${error.message}. ${tag} was published before its files were complete. Raise the version in Cargo.toml and release that.`);
    }
    throw error;
  }
}
